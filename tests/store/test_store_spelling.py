"""What the columns hold, word for word: rows that an earlier version wrote are read for ever."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from msgspec import convert

from workflows.core.engine.clocks import Clock
from workflows.core.engine.subject import Event
from workflows.core.talk.dialogs import Batch, Burst, Dialog, Leave, Tail
from workflows.core.talk.forms import Form
from workflows.core.talk.messages import Attachment, Button, Incoming, Kind
from workflows.core.talk.needs import CHECKED, DUE, PHOTOS
from workflows.core.talk.needs import PHOTO as PHOTO_OF_WORK
from workflows.core.talk.tap import Tap
from workflows.petition.intake.draft import Draft, Origin, Part, Step, draft_body
from workflows.petition.intake.kept import draft_of
from workflows.petition.lifecycle import STEPS
from workflows.petition.model import Exclusion, Extension
from workflows.petition.needs import NEEDS
from workflows.petition.words import Action, ClockName, State
from workflows.store.reading import UnreadableError
from workflows.store.unit import codec

ROOT = Path(__file__).parent.parent
AT = datetime(2026, 11, 24, 1, tzinfo=UTC)
LATER = AT.replace(microsecond=123456)
LOCAL = datetime(2026, 11, 24, 9, 0, 0, 500, timezone(timedelta(hours=8)))
PHOTO = Attachment(kind="photo", file_id="AgAC")

DRAFT = Draft(
    id="0123456789ab", step=Step.PREVIEW, place="街道/社区/1网格", origin=Origin.SAID,
    parts=(Part(message_id=7, text="坏了", at=AT), Part(message_id=8, text="x", at=LATER)),
    attachments=(PHOTO,), candidates=("a", "b"), category="充电设施",
)  # fmt: skip
FORM = Form(
    ticket_id=1001, action=Action.PROPOSE, category="c", needs=("text", "due"), asked_at=LATER,
    others=(1, 2),
)  # fmt: skip
for need, kept in ((DUE, LOCAL), (PHOTOS, (PHOTO,)), (CHECKED, ("a",))):
    FORM = FORM.having(need, kept)
DIALOG = Dialog(
    person_id=1, draft=draft_body(DRAFT), form=FORM,
    station="s", tail=Tail(album="a", ticket_id=1, action=Action.ADD),
    burst=Burst(since=AT, count=3), leave=Leave(person_id=2, asked_at=AT),
    batch=Batch(ticket_id=3, chosen=(1, 2)),
)  # fmt: skip
DIALOG_WRITTEN = """
{"batch":{"chosen":[1,2],"ticket_id":3},"burst":{"count":3,"since":"2026-11-24T01:00:00Z"},
"draft":{"attachments":[{"file_id":"AgAC","kind":"photo"}],"candidates":["a","b"],
"category":"充电设施","has_consent":false,"id":"0123456789ab","is_category_chosen":false,
"on_behalf":"","origin":"said","parts":[{"at":"2026-11-24T01:00:00Z","message_id":7,
"text":"坏了"},{"at":"2026-11-24T01:00:00.123456Z","message_id":8,"text":"x"}],
"place":"街道/社区/1网格","step":"preview","urgent":false},"form":{"action":"propose",
"asked_at":"2026-11-24T01:00:00.123456Z","category":"c","checked":["a"],"contact":"",
"due":"2026-11-24T09:00:00.000500+08:00","from_board":false,"grid":"","into":null,
"needs":["text","due"],"others":[1,2],"partner":"","photos":[{"file_id":"AgAC","kind":"photo"}],
"rating":null,"solved":"","text":"","ticket_id":1001,"to":null,"where":""},
"leave":{"asked_at":"2026-11-24T01:00:00Z","person_id":2},"person_id":1,"station":"s",
"tail":{"action":"add","album":"a","ticket_id":1}}
"""
CLOCKS = {
    ClockName.RESPONSE: Clock(
        started=AT, due=LATER, paused=LOCAL, fired=("50", "due"), late_at=AT + timedelta(days=1)
    ),
    ClockName.PLAN: Clock(started=AT, due=LATER),
}
CLOCKS_WRITTEN = """
{"plan":{"due":"2026-11-24T01:00:00.123456Z","fired":[],"late_at":null,"paused":null,
"started":"2026-11-24T01:00:00Z"},"response":{"due":"2026-11-24T01:00:00.123456Z",
"fired":["50","due"],"late_at":"2026-11-25T01:00:00Z","paused":"2026-11-24T09:00:00.000500+08:00",
"started":"2026-11-24T01:00:00Z"}}
"""
INCOMING = Incoming(
    update_id=1,
    kind=Kind.LOCATION,
    at=AT,
    position=(31.3, 120.0),
    attachment=PHOTO,
    text="在这",
    tap=Tap(kind="decision", subject=1001, verb="approve", args=("0a1b2c3d",)),
)
INCOMING_WRITTEN = """
{"album":"","at":"2026-11-24T01:00:00Z","attachment":{"file_id":"AgAC","kind":"photo"},
"callback_id":"","chat_id":0,"command":"","is_for_us":false,"is_private":true,"kind":"location","message_id":0,
"name":"","other_chat":0,"person_id":0,"position":[31.3,120.0],"press":"q:approve:1001:0a1b2c3d","reply_to":0,
"text":"在这","topic":null,"update_id":1}
"""
BUTTONS = (
    (
        Button(
            tap=Tap(kind="council", subject=12, verb="second"),
            label="l",
            values={"n": 3, "deep": [1, {"a": None}]},
        ),
    ),
    (Button(label="m", url="https://x"),),
)
BUTTONS_WRITTEN = """
[[{"label":"l","press":"council:12:second","url":"","values":{"deep":[1,{"a":null}],"n":3}}],
[{"label":"m","press":"","url":"https://x","values":{}}]]
"""
WRITTEN: list[tuple[Any, Any, str]] = [
    (Dialog(person_id=1), Dialog, '{"person_id":1,"draft":null,"gone":"a field of yesterday"}'),
    (CLOCKS, dict[ClockName, Clock], CLOCKS_WRITTEN),
    (Extension(reason="r", due=AT), Extension, '{"due":"2026-11-24T01:00:00Z","reason":"r"}'),
    (Exclusion(reason="r", by=1), Exclusion, '{"approved_by":null,"by":1,"reason":"r"}'),
    ((PHOTO,), tuple[Attachment, ...], '[{"file_id":"AgAC","kind":"photo"}]'),
]


DIALOGS = (ROOT / "data" / "dialogs.jsonl").read_text("utf-8").splitlines()


def _said(body: dict[str, Any]) -> dict[str, Any]:
    """A form's JSON without what is empty, and without what the version before did not write."""
    return {name: value for name, value in body.items() if value and name != "kind"}


@pytest.mark.parametrize("written", [DIALOG_WRITTEN, *DIALOGS])
def test_a_dialog_is_kept_in_the_words_of_ever(written: str):
    """An open form of every need, a draft: read as the version before wrote them, and the other
    way round.
    """
    before = codec.decode(written)
    dialog = codec.dialog_from(before)
    now = json.loads(codec.encode(codec.dialog_body(dialog)))
    form, its = now.pop("form"), before.pop("form")
    assert (now["tail"] or {}).pop("at", None) is None  # passed over by the version before
    assert now == before
    assert _said(form or {}) == _said(its or {})


def test_a_form_is_read_with_its_answers():
    assert codec.dialog_from(codec.decode(DIALOG_WRITTEN)).form.kept(DUE) == LOCAL
    form = codec.dialog_from(codec.decode(DIALOGS[-2])).form
    kept = {need.name: form.kept(need) for need in NEEDS if need.name in form.answers}
    assert kept == {
        "text": "请人来修", "where": "请找物业", "due": AT + timedelta(days=3), "to": 12,
        "into": 1002, "rating": 2, "grid": "友新街道/南环一/2网格", "partner": "物业公司",
        "solved": "partly", "contact": "0512-65001234", "checked": ("看线路",), "photos": (PHOTO,),
    }  # fmt: skip
    assert form.action in set(Action) and form.others == (1002, 1003)


def test_every_need_has_an_open_form_among_the_recorded():
    asked = {name for line in DIALOGS if (form := codec.decode(line)["form"])
             for name in form["needs"]}  # fmt: skip
    assert asked == {need.name for step in STEPS for need in step.needs} | {PHOTO_OF_WORK.name}


def test_no_need_is_named_as_a_forms_own_field():
    assert not {need.name for need in NEEDS} & set(Form.__struct_fields__)


def test_a_draft_is_read():
    draft = draft_of(codec.dialog_from(codec.decode(DIALOGS[-1])))
    assert draft and (draft.step, draft.text) == (Step.PREVIEW, "坏了\n还在冒烟")
    assert draft_of(DIALOG) == DRAFT


def test_a_draft_of_a_later_version_is_unreadable():
    body = codec.decode(DIALOGS[-1])
    body["draft"]["step"] = "dreaming"
    with pytest.raises(UnreadableError, match="dialog 91"):
        draft_of(codec.dialog_from(body))


@pytest.mark.parametrize(("value", "kind", "written"), WRITTEN)
def test_what_an_earlier_version_wrote_is_read(value: object, kind: Any, written: str):
    assert convert(codec.decode(written), kind) == value


@pytest.mark.parametrize(("value", "kind", "written"), [w for w in WRITTEN if "gone" not in w[2]])
def test_what_is_written_says_the_same_in_the_same_words(value: object, kind: Any, written: str):
    """Both ways: the version before reads it too."""
    assert json.loads(codec.encode(value)) == json.loads(written)


def test_an_update_is_kept_in_the_words_of_ever():
    """A tap is its text: the version before reads it too, and what that wrote is read."""
    kept = json.loads(codec.encode(codec.incoming_body(INCOMING)))
    assert kept == json.loads(INCOMING_WRITTEN)
    assert codec.incoming_from(kept) == INCOMING


def test_a_keyboard_is_kept_in_the_words_of_ever():
    kept = json.loads(codec.encode(codec.buttons_body(BUTTONS)))
    assert kept == json.loads(BUTTONS_WRITTEN)
    assert codec.buttons_from(kept) == BUTTONS


def test_the_hash_of_an_event_is_what_it_was():
    data = {"text": "请充电公司\n来换“新桩”/", "due": "2026-11-27T01:00:00+00:00", "late": 1e-07,
            "far": 1e16, "photos": 2, "checked": ["甲"], "heard": None}  # fmt: skip
    event = Event(
        ticket_id=1001, action=Action.PROPOSE, actor=11, at=AT.replace(microsecond=250000),
        source=State.INSPECTED, target=State.PROPOSED, data=data,
    )  # fmt: skip
    row = codec.event_row(event, 1, codec.GENESIS)
    assert row["digest"] == "a3bd857e8dd07062d1bcf623e42056df56267a4a3cd312f8137c26c448f31fef"
    assert row["hash"] == "73a1c22565a2c7d11906ee36096d4d792e8c05e407d5e7db8756731ae34c2418"
    kept = codec.decode(codec.encode(row["data"]))
    assert codec.is_chain([row | {"data": kept}])


@pytest.mark.parametrize("raw", ['{"a":[NaN]}', '{"a":"\\ud83d"}', '{"a":1e999}'])
def test_what_only_a_dead_letter_holds_is_read(raw: str):
    """An update that nobody could read was kept as it came."""
    assert set(codec.decode(raw)) == {"a"}


def test_any_update_can_be_kept_as_a_dead_letter():
    raw = {"update_id": 10**40, "position": [float("nan"), float("inf")], "deep": [[[]]]}
    assert codec.decode(codec.encode(raw)) == raw | {"position": [None, None]}


def test_what_was_no_update_of_ours_is_refused():
    with pytest.raises(ValueError, match="kind"):
        codec.incoming_from({"update_id": 1, "kind": "dance", "at": "2026-11-24T01:00:00Z"})
