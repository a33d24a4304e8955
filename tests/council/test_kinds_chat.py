"""What is about one kind of subject finds no subject of another kind."""

from itertools import permutations

import pytest
from chatting import Crew
from msgspec.structs import replace
from post import rows
from trials import REGISTERED

from bot.telegram.tap_codec import encode
from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.forms import Form
from workflows.core.talk.tap import Tap
from workflows.registry import WORKFLOWS
from workflows.store import tables as t

UNKNOWN = Tap(kind="petition", subject=9999, verb="accept")
PAIRS = list(permutations([one.kind for one in WORKFLOWS], 2))


async def subjects(crew: Crew) -> dict[str, int]:
    """One of each kind, by its kind."""
    found = {"petition": (await crew.file()).id}
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        for trial in REGISTERED[1:]:
            found[trial.flow.kind] = number = await tx.next_id()
            tx.put(replace(trial.sample.fresh[0], id=number, version=1), ())
    return found


@pytest.mark.parametrize(("kind", "other"), PAIRS)
async def test_a_tap_on_a_subject_of_another_kind_is_refused(crew: Crew, kind: str, other: str):
    number = (await subjects(crew))[other]
    flow = WORKFLOWS.named(kind).flow
    said = set[str]()
    for verb in flow.by_name:
        said.add(await crew.lead.press(encode(Tap(kind=kind, subject=number, verb=verb))))
    assert said == {await crew.lead.press(encode(UNKNOWN))}
    assert await letters(crew) == 0


async def letters(crew: Crew) -> int:
    return len(await rows(crew.stage, t.dead_letters))


@pytest.mark.parametrize(("kind", "other"), PAIRS)
async def test_an_answer_about_one_of_another_kind_ends_its_form(crew: Crew, kind: str, other: str):
    number = (await subjects(crew))[other]
    workflow = WORKFLOWS.named(kind)
    need = next(iter(workflow.asking.forms.needs))
    form = Form(
        kind=kind, ticket_id=number, action=next(iter(workflow.flow.by_name)), needs=(need,)
    )
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        tx.put_dialog(replace(Dialog(person_id=crew.lead.id), form=replace(form, asked_at=tx.now)))
    await crew.lead.say("好的")
    assert await letters(crew) == 0
