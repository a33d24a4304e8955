"""People, roles, invitations and dialogs, in the store."""

import asyncio

import pytest
from folk import (
    ADMIN,
    BUILDING,
    CHEN,
    COMMITTEE,
    COMMUNITY,
    DAY,
    ELSEWHERE,
    GRID,
    HERE,
    HOUR,
    LEAD,
    LI,
    NOW,
    OTHER_GRID,
    RULES,
    STREET,
    STREETMAN,
    SUN,
    WANG,
    person,
    said,
)
from msgspec.structs import replace
from shelf import hire, meet, role, rows

from workflows.core.people import Membership, Person, Role
from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.forms import Form
from workflows.core.talk.messages import Attachment
from workflows.petition.intake.draft import Draft, hear, new_draft
from workflows.petition.intake.kept import draft_of, with_draft
from workflows.petition.words import Action
from workflows.store import ConflictError, Store
from workflows.store import tables as t
from workflows.store.roster import applications, memberships
from workflows.store.unit import codec

PIONEER = role(Role.PIONEER, GRID, "电梯", "停车")


async def test_a_person_comes_back_as_he_was(store: Store):
    somebody = replace(
        CHEN, name="陈\u200b师傅 <b>😀", on_duty=False, consented_at=NOW, last_place=BUILDING
    )
    await hire(store, somebody)
    assert await meet(store, CHEN.id) == somebody
    assert await meet(store, 404) is None


async def test_a_person_with_a_big_id_comes_back(store: Store):  # F37
    big = replace(CHEN, id=2**53)
    await hire(store, big)
    assert await meet(store, 2**53) == big


async def test_a_role_is_granted_with_its_categories_and_only_once(store: Store):
    for _ in range(2):
        async with store.begin(NOW) as tx:
            known = await tx.person(WANG.id) or Person(id=WANG.id, name="王琴")
            granted = await tx.grant(known, PIONEER, ADMIN.id)
            assert granted.memberships == (PIONEER,)
    found = await meet(store, WANG.id)
    assert found and found.memberships == (PIONEER,)
    (row,) = await rows(store, t.memberships)
    assert (row["since"], row["granted_by"]) == (NOW, ADMIN.id)


async def test_roles_end_inside_a_scope_and_the_past_stays_on_record(store: Store):  # F51
    both = person(9, "甲", (Role.PIONEER, BUILDING), (Role.LEAD, OTHER_GRID))
    await hire(store, both)
    async with store.begin(NOW + DAY) as tx:
        known = await tx.person(9)
        assert known
        await tx.end_roles(known, GRID)
        assert await tx.person(9) == replace(both, memberships=both.memberships[1:])
    found = await meet(store, 9)
    assert found and found.memberships == (role(Role.LEAD, OTHER_GRID),)
    assert [r["until"] for r in await rows(store, t.memberships)] == [NOW + DAY, None]


async def test_one_role_of_several_can_end(store: Store):
    both = person(9, "甲", (Role.PIONEER, GRID), (Role.LEAD, GRID))
    await hire(store, both)
    async with store.begin(NOW) as tx:
        known = await tx.person(9)
        assert known
        await tx.end_roles(known, GRID, Role.PIONEER)
    found = await meet(store, 9)
    assert found and found.memberships == (role(Role.LEAD, GRID),)


async def test_a_role_can_be_granted_again_after_it_ended(store: Store):
    await hire(store, LI)
    async with store.begin(NOW) as tx:
        known = await tx.person(LI.id)
        assert known
        await tx.grant(await tx.end_roles(known, ""), LI.memberships[0], None)
    assert await meet(store, LI.id) == LI


# who is around


async def test_the_staff_of_a_place_are_its_own_and_who_is_above(store: Store):  # F50
    await hire(store, *HERE, *ELSEWHERE)
    async with store.read(NOW) as tx:
        found = {p.id for p in await tx.staff(BUILDING)}
        everywhere = {p.id for p in await tx.staff("")}
    assert found == {p.id for p in (WANG, LI, SUN, LEAD, COMMITTEE, STREETMAN, ADMIN)}
    assert everywhere == {ADMIN.id}


async def test_the_pioneer_of_the_next_building_belongs_to_the_grids_staff(store: Store):
    await hire(store, WANG, person(15, "邻", (Role.PIONEER, f"{GRID}东/1幢")))
    async with store.read(NOW) as tx:
        assert [p.id for p in await tx.staff(f"{GRID}/1幢")] == [WANG.id]


async def test_the_roster_inside_a_place(store: Store):  # F50
    await hire(store, *HERE, *ELSEWHERE)
    async with store.read(NOW) as tx:
        inside = {p.id for p in await tx.staff_inside(GRID)}
        community = {p.id for p in await tx.staff_inside(COMMUNITY)}
        street = {p.id for p in await tx.staff_inside(STREET)}
    assert inside == {WANG.id, LI.id, SUN.id, LEAD.id}
    assert community == inside | {COMMITTEE.id, 61, 62}
    assert street == community | {STREETMAN.id, 63}


async def test_who_left_is_no_staff(store: Store):  # F51
    await hire(store, WANG, LI)
    async with store.begin(NOW) as tx:
        known = await tx.person(WANG.id)
        assert known
        await tx.end_roles(known, GRID)
        assert [p.id for p in await tx.staff(BUILDING)] == [LI.id]


async def test_the_staff_is_seen_with_this_unit_of_works_changes(store: Store):
    await hire(store, WANG)
    async with store.begin(NOW) as tx:
        tx.put_person(replace(WANG, on_duty=False))
        (found,) = await tx.staff(BUILDING)
        assert not found.on_duty


# invitations


async def invite(store: Store, token: str = "h" * 64) -> None:
    async with store.begin(NOW) as tx:
        await tx.invite(token, PIONEER, LEAD.id, NOW + RULES.invitation_lasts)


async def redeem(
    store: Store, token: str = "h" * 64, who: int = 9, after: int = 0
) -> tuple[Membership, int | None] | None:
    async with store.begin(NOW + after * HOUR) as tx:
        return await tx.redeem(token, who)


async def test_an_invitation_is_used_up_by_the_first(store: Store):  # F49
    await invite(store)
    assert await redeem(store, who=9) == (PIONEER, LEAD.id)
    assert await redeem(store, who=10) is None
    assert await redeem(store, who=9) is None
    (row,) = await rows(store, t.invitations)
    assert (row["used_by"], row["used_at"]) == (9, NOW)


@pytest.mark.parametrize(("hours", "valid"), [(7 * 24 - 1, True), (7 * 24, False), (999, False)])
async def test_an_invitation_expires(store: Store, hours: int, valid: bool):  # F49
    await invite(store)
    assert (await redeem(store, after=hours) is not None) == valid


async def test_an_invented_invitation_is_none(store: Store):  # F49
    await invite(store)
    assert await redeem(store, "0" * 64) is None


async def test_two_taps_on_one_invitation_have_one_winner(store: Store, twin: Store):  # F49
    await invite(store)
    found = await asyncio.gather(redeem(store, who=9), redeem(twin, who=10))
    assert sorted(one is None for one in found) == [False, True]


# dialogs

DRAFT = hear(
    new_draft("d1", CHEN, RULES, "nanhuan-east"),
    said("3幢 10017\n2026-01-01 true null", attachment=Attachment(kind="photo", file_id="f")),
    RULES,
)
FORM = Form(
    ticket_id=1001,
    action=Action.PROPOSE,
    needs=("due", "note_or_photo"),
    answers={
        "text": "x", "due": "2026-03-02T01:00:00Z", "to": 2**40,
        "photos": [{"kind": "photo", "file_id": "f"}],
    },
)  # fmt: skip


@pytest.mark.parametrize(
    "dialog",
    [
        Dialog(person_id=1),
        with_draft(Dialog(person_id=1, form=FORM, station="nanhuan-east"), DRAFT),
        with_draft(Dialog(person_id=1), Draft(id="d", candidates=(GRID, BUILDING), on_behalf="张")),
    ],
    ids=["empty", "full", "asking"],
)
async def test_a_dialog_comes_back_as_it_was(store: Store, dialog: Dialog):
    async with store.begin(NOW) as tx:
        tx.put_dialog(dialog)
    async with store.read(NOW) as tx:
        found = await tx.dialog(1)
    assert codec.encode(codec.dialog_body(found)) == codec.encode(codec.dialog_body(dialog))
    assert draft_of(found) == draft_of(dialog)


async def test_who_never_spoke_has_an_empty_dialog(store: Store):
    async with store.read(NOW) as tx:
        assert await tx.dialog(404) == Dialog(person_id=404)


async def test_the_last_dialog_counts(store: Store):
    for station in ("a", "b"):
        async with store.begin(NOW) as tx:
            tx.put_dialog(Dialog(person_id=1, station=station))
    async with store.read(NOW) as tx:
        assert (await tx.dialog(1)).station == "b"
    assert len(await rows(store, t.dialogs)) == 1


# changing a role


async def test_a_role_that_ended_meanwhile_is_not_changed(store: Store):
    await hire(store, WANG)
    old = WANG.memberships[0]
    elsewhere = replace(old, place=OTHER_GRID)
    for who, expected in ((LEAD.id, (elsewhere,)), (COMMITTEE.id, None)):
        async with store.begin(NOW) as tx:
            known = await tx.person(WANG.id)
            assert known
            changed = await memberships.change(tx, known, old, elsewhere, who)
            assert (changed.memberships if changed else None) == expected
    assert [r["granted_by"] for r in await rows(store, t.memberships)] == [None, LEAD.id]


async def test_just_the_role_named_ends_and_not_those_inside_its_place(store: Store):
    both = person(9, "甲", (Role.PIONEER, GRID), (Role.PIONEER, BUILDING))
    await hire(store, both)
    async with store.begin(NOW) as tx:
        known = await tx.person(9)
        assert known
        await memberships.change(tx, known, both.memberships[0], None, LEAD.id)
    found = await meet(store, 9)
    assert found and found.memberships == (role(Role.PIONEER, BUILDING),)


async def test_one_wish_a_person_is_decided_once(store: Store):
    await hire(store, CHEN)
    async with store.begin(NOW) as tx:
        number = await tx.do(applications.ask, CHEN.id, role(Role.PIONEER, GRID), NOW)
    with pytest.raises(ConflictError):
        async with store.begin(NOW) as tx:
            await tx.do(applications.ask, CHEN.id, role(Role.PIONEER, BUILDING), NOW)
    async with store.begin(NOW) as tx:
        said = [
            await tx.do(applications.decide, number, by, tx.now, is_granted=by == LEAD.id)
            for by in (LEAD.id, COMMITTEE.id)
        ]
        found = await tx.ask(applications.get, number)
    assert said == [True, False]
    assert found and (found.decided_by, found.is_granted) == (LEAD.id, True)
