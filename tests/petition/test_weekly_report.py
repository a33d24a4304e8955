"""The week's summary: what is counted, and how few hide among the others."""

from workflows.petition.lists.weekly_report import Matter, sum_up

GRID = "友新街道/南环一/1网格"
OTHER = "友新街道/南环一/2网格"


def matter(category: str = "电梯", place: str = f"{GRID}/3幢", **more: bool) -> Matter:
    return Matter(category=category, place=place, **more)


def solved(category: str = "电梯", place: str = f"{GRID}/3幢", **more: bool) -> Matter:
    return matter(category, place, is_solved=True, **more)


def test_the_rate_is_of_what_was_answered_or_is_late_and_counts():
    told, late = matter(is_told=True), matter(is_told=True, is_breached=True)
    out, new = matter(is_breached=True, is_scored=False), matter()
    week = sum_up([told, told, late, out, new], [], 2, "其他")
    assert (week.filed, week.on_time, week.late, week.waiting) == (5, 2, 1, 2)


def test_fewer_than_three_of_a_category_are_among_the_others():
    many, few = [matter()] * 3, [matter("噪音")] * 2 + [matter("绿化")]
    week = sum_up([*many, *few], [], 0, "其他")
    assert week.categories == (("电梯", 3), ("其他", 3))


def test_the_real_others_and_the_folded_are_one():
    week = sum_up([matter("其他")] * 4 + [matter("噪音")], [], 0, "其他")
    assert week.categories == (("其他", 5),)


def test_what_was_solved_is_named_once_a_grid_and_rare_ones_not_at_all():
    rare = solved("邻里矛盾", f"{OTHER}/5幢")
    week = sum_up([], [*[solved()] * 3, rare], 0, "其他")
    assert week.solved == (("电梯", GRID), ("其他", OTHER))


def test_rare_means_rare_in_that_grid():
    here, there = [solved()] * 3, [solved(place=f"{OTHER}/5幢")] * 2
    assert sum_up([], [*here, *there], 0, "其他").solved == (("电梯", GRID), ("其他", OTHER))


def test_who_wants_no_word_of_it_and_what_is_not_solved_is_not_listed():
    week = sum_up([], [solved(is_listed=False), matter()], 0, "其他")
    assert (week.closed, week.solved) == (2, ())


def test_five_are_listed_at_the_most():
    many = [solved(place=f"友新街道/南环一/{n}网格/1幢") for n in range(9)]
    assert len(sum_up([], many, 0, "其他").solved) == 5
