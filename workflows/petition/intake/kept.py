"""A petition in the making as its person's dialog keeps it: nobody else can read it."""

from __future__ import annotations

from msgspec import ValidationError
from msgspec.structs import replace

from workflows.core.talk.dialogs import Dialog
from workflows.petition.intake.draft import Draft, draft_body, draft_from
from workflows.store.reading import UnreadableError


def draft_of(dialog: Dialog) -> Draft | None:
    """What a person is in the middle of. Raises UnreadableError."""
    try:
        return draft_from(dialog.draft) if dialog.draft else None
    except ValidationError as error:
        raise UnreadableError("dialog", dialog.person_id, str(error)) from error


def with_draft(dialog: Dialog, draft: Draft | None) -> Dialog:
    """The dialog with this in the making, or with nothing."""
    return replace(dialog, draft=draft_body(draft) if draft else None)
