"""The figures the project claims: benchmarks on invented petitions, and on real ones if here."""

import csv
import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from folk import RULES

from benchmarks import categories, danger, duplicates, estates, hearing, masking
from benchmarks.petitions import read
from workflows.danger.danger import Danger
from workflows.danger.text import spell
from workflows.petition.hearing.meaning import Meaning

ROOT = Path(__file__).parents[2]
REAL = Path(os.environ.get("HAITANG_PETITIONS") or ROOT.parent / "shared/data/petitions.csv")
LABELS = ROOT / "tests/data/categories.csv"
DANGER = ROOT / "tests/data/danger.csv"
DANGER_FRESH = ROOT / "tests/data/danger_fresh.csv"
HEARING = ROOT / "tests/data/hearing_held.csv"
FRESH = ROOT / "tests/data/categories_fresh.csv"
real = pytest.mark.skipif(not REAL.is_file(), reason="needs the petitions: HAITANG_PETITIONS")

ROWS = [
    ("1", "春晓小区垃圾没人收", "垃圾桶满了一个星期，很臭。"),
    ("2", "A2区春晓小区的垃圾没人收", "垃圾桶满了，臭味很大，请来收。"),
    ("3", "春晓小区电梯停了", "老人下不来楼。"),
    ("4", "秋实花园垃圾没人收", "垃圾桶满了一个星期，很臭。"),
    ("5", "投诉秋实花园开发商", "开发商一直不办房产证。"),
]


def written(path: Path, rows: Iterable[tuple[str, ...]], *head: str) -> Path:
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([head, *rows])
    return path


@pytest.fixture
def petitions(tmp_path: Path) -> Path:
    rows = [(n, f"A{n}", f"2026/3/{n} 8:00:00", title, text) for n, title, text in ROWS]
    return written(tmp_path / "petitions.csv", rows, "id", "user", "time", "title", "text")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("投诉A2区春晓花园物业", {"春晓花园"}),
        ("暮雨街道春晓小区的路灯", {"春晓"}),
        ("住在秋实苑，附近有幼儿园", {"秋实苑"}),
        ("请政府管一管我们小区", set()),
    ],
)
def test_an_estates_name_is_known_by_how_it_is_written(text: str, names: set[str]):
    assert estates.names_in(text) == names


def test_a_petition_belongs_to_the_estate_its_title_names(petitions: Path):
    found = read(petitions)
    names = estates.known_names(found)
    assert [estates.estate_of(p, names) for p in found] == ["春晓"] * 3 + ["秋实花园"] * 2


def test_the_same_matter_counts_at_one_estate_alone(petitions: Path):
    filed = duplicates.replay(read(petitions), RULES)
    [group] = duplicates.groups(filed, duplicates.gather(filed, RULES))
    assert (group.name, group.size, group.found, group.joined) == ("春晓 · 垃圾", 2, 1, 1)
    assert duplicates.elsewhere(filed) == (0, 0.2)
    assert duplicates.other_matters(filed) == (0, 1)


def test_a_report_tells_no_word_of_a_petition(petitions: Path, capsys: pytest.CaptureFixture[str]):
    labels = written(
        petitions.with_name("labels.csv"), [("3", "电梯"), ("5", "outside")], "id", "label"
    )
    assert duplicates.main([str(petitions)]) == categories.main([str(petitions), str(labels)]) == 0
    said = capsys.readouterr().out
    assert "labelled: 2" in said and "没人收" not in said and "老人" not in said


def test_a_label_that_is_no_category_is_told(petitions: Path):
    labels = written(petitions.with_name("labels.csv"), [("3", "电梯坏了")], "id", "label")
    with pytest.raises(KeyError):
        categories.judge(petitions, labels, RULES)


def test_right_and_wrong_suggestions_are_counted(petitions: Path):
    rows = [("1", "环境卫生"), ("3", "停车"), ("5", "outside"), ("4", "outside")]
    labels = written(petitions.with_name("labels.csv"), rows, "id", "label")
    judged = categories.judge(petitions, labels, RULES)
    own, outside = categories.in_scope(judged), categories.outside(judged)
    assert categories.share(own, lambda j: j.is_among_both).value == 0.5
    assert categories.share(outside, lambda j: j.is_sent_elsewhere).value == 0.5


# on the real ones


@real
@pytest.mark.parametrize("labels", [LABELS, FRESH], ids=["labelled", "fresh"])
def test_categories_hold_what_is_promised(labels: Path):
    judged = categories.judge(REAL, labels, RULES)
    own, outside = categories.in_scope(judged), categories.outside(judged)
    assert categories.share(own, lambda j: j.is_among_both).value >= 0.85
    assert categories.share(outside, lambda j: j.is_sent_elsewhere).value >= 0.70
    assert categories.share(own, lambda j: j.is_sent_elsewhere).value <= 0.10


@pytest.mark.parametrize("path", [DANGER, DANGER_FRESH], ids=["learnt", "fresh"])
def test_danger_is_heard_as_promised(path: Path):
    judged = danger.judge(danger.read_labelled(path), RULES.danger)
    assert danger.recall(judged).value >= 0.95
    assert danger.named(judged).value >= 0.90
    assert danger.false_alarms(judged).value <= 0.05


def test_the_fresh_were_not_learnt_from():
    fresh, learnt = (
        {spell(text, RULES.danger.letters) for text, _ in danger.read_labelled(path)}
        for path in (DANGER_FRESH, DANGER)
    )
    assert len(fresh) >= 300 and not fresh & learnt


def test_both_hear_and_spare_no_less_than_the_signs_and_name_more_than_the_ear():
    labelled = danger.read_labelled(DANGER_FRESH)
    signs, ear, both = (danger.judge(labelled, one) for one in danger.judges(RULES.danger).values())
    assert danger.recall(both).value >= danger.recall(signs).value
    assert danger.false_alarms(both).value <= danger.false_alarms(signs).value
    assert danger.named(both).value >= danger.named(ear).value


def test_the_list_of_dangers_has_both_sides_and_every_kind():
    judged = danger.judge(danger.read_labelled(DANGER), RULES.danger)
    assert len({one.text for one in judged}) == len(judged) >= 300
    assert sum(one.kind is None for one in judged) >= 150
    assert {one.kind for one in judged} == {None, *Danger}


@real
def test_few_real_petitions_are_taken_for_danger():
    """Long complaints most of them; some tell of a past fire or fight without a date."""
    heard = [danger.find(petition.text, RULES.danger) for petition in read(REAL)]
    assert sum(map(bool, heard)) / len(heard) < 0.02


def test_the_report_of_dangers_shows_what_was_judged_wrongly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    rows = [("着火了", "fire"), ("路灯坏了", ""), ("路灯坏了，真热", "gas")]
    path = written(tmp_path / "danger.csv", rows, "text", "kind")
    assert danger.main([str(path), "--show"]) == 0
    said = capsys.readouterr().out
    assert "sentences: 3" in said and "1/2" in said and said.endswith("gas: 路灯坏了，真热\n")
    assert [line[:4] for line in said.splitlines()[-4:-1]] == ["sign", "ear ", "both"]


@real
def test_duplicates_hold_what_is_promised():
    filed = duplicates.replay(read(REAL), RULES)
    large = [g for g in duplicates.groups(filed, duplicates.gather(filed, RULES)) if g.size >= 4]
    assert sum(g.found for g in large) / sum(g.later for g in large) >= 0.85
    assert all(g.found / g.later >= 0.85 for g in large if g.size >= 10)
    assert duplicates.elsewhere(filed)[0] < 0.03


def test_two_hundred_are_labelled_by_their_number_in_the_file():
    with LABELS.open(encoding="utf-8") as lines:
        labelled = list(csv.DictReader(lines))
    assert len({row["id"] for row in labelled}) == 200
    assert {row["label"] for row in labelled} <= {*RULES.categories, categories.OUTSIDE}


@real
def test_the_labelled_were_chosen_by_a_rule_and_the_fresh_are_others():
    with REAL.open(encoding="utf-8-sig", newline="") as lines:
        ids = [row["id"] for row in csv.DictReader(lines)]
    every = [ids[i * len(ids) // 200] for i in range(200)]
    others = [number for number in ids if number not in set(every)]
    for path, chosen in ((LABELS, every), (FRESH, others[2::3][::5])):
        assert [line.split(",")[0] for line in path.read_text("utf-8").split()[1:]] == chosen


def test_the_masking_report_tells_figures_and_only_when_asked_the_texts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    rows = [("我是张三，灯坏了", "张三"), ("灯坏了", ""), ("昨天大壮又来了", "大壮")]
    labels = str(written(tmp_path / "labels.csv", rows, "text", "hidden"))
    assert masking.main([labels]) == 0
    assert capsys.readouterr().out == (
        "labels.csv: hidden: 1/2 50.0%, harmless and changed: 0/1 0.0%\n"
    )
    masking.main([labels, "--show"])
    assert "昨天大壮又来了" in capsys.readouterr().out


def test_a_piece_that_its_text_lacks_is_told(tmp_path: Path):
    labels = written(tmp_path / "labels.csv", [("灯坏了", "张三")], "text", "hidden")
    with pytest.raises(ValueError, match="张三"):
        masking.judge(labels, RULES.private)


def test_what_a_message_is_is_heard_as_promised():
    """Of what was held out: right or asked, seldom wrong without a question."""
    judged = hearing.judge(hearing.read_labelled(HEARING, RULES), RULES.hearing)
    assert hearing.right(judged).value + hearing.asked(judged).value >= 0.95
    assert hearing.wrong(judged).value <= 0.01


TAUGHT = ["strict", "last", "final", "unseen", "unseen_second", "unseen_third", "unseen_fourth",
          "unseen_fifth", "unseen_sixth", "unseen_seventh"]  # fmt: skip


@pytest.mark.parametrize("name", TAUGHT)
def test_what_lists_have_taught_stays_known(name: str):
    judged = heard(name)
    assert hearing.right(judged).value + hearing.asked(judged).value >= 0.95
    assert hearing.wrong(judged).value <= 0.025


def test_of_all_that_lists_have_taught_hardly_anything_is_wrong_in_silence():
    assert hearing.wrong([j for name in TAUGHT for j in heard(name)]).value <= 0.01


def heard(name: str) -> list[hearing.Judged]:
    file = HEARING.with_name(f"hearing_{name}.csv")
    return hearing.judge(hearing.read_labelled(file, RULES), RULES.hearing)


def test_a_clear_petition_is_seldom_asked_about():
    plain = [
        j for name in TAUGHT for j in heard(name)
        if j.said.meaning.meaning is Meaning.PETITION and not j.said.may_ask
    ]  # fmt: skip
    assert sum(not j.found.is_sure for j in plain) / len(plain) <= 0.10


def test_a_first_message_that_says_something_is_asked_nothing():
    """It is a petition, or courtesy."""
    files = (HEARING, HEARING.with_name("hearing.csv"), HEARING.with_name("hearing_fresh.csv"))
    judged = [
        j for f in files for j in hearing.judge(hearing.read_labelled(f, RULES), RULES.hearing)
    ]
    first = [j for j in judged if not (j.said.at.matters or j.said.at.is_aged)]
    assert first and all(j.found.is_sure for j in first)
