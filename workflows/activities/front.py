"""What stands in front on an activity's card, state by state, the likeliest first; see core `front`."""

from __future__ import annotations

from typing import Final

from workflows.activities.words import Action, State

A, S = Action, State
STEPS: Final = "steps"
CALENDAR: Final = "calendar"
SHEET: Final = "sheet"
LIST: Final = "list"
CODE: Final = "code"
MY_CODE: Final = "my_code"
WALL: Final = "wall"

FRONT: dict[State, tuple[str, ...]] = {
    S.DRAFT: (A.PLAN, A.SUBMIT, A.RETIME, A.RELOCATE, A.RESIZE, A.CANCEL),
    S.REVIEW: (A.APPROVE, A.SEND_BACK, A.RETIME, STEPS),
    S.ANNOUNCED: (A.TAKE, A.JOIN, A.FAMILY, A.HELP, A.LEAVE, CALENDAR, A.OPEN, LIST, A.PAPER),
    S.RUNNING: (A.HERE, MY_CODE, CODE, LIST, A.HEAR, A.PHOTO, A.CLOSE, STEPS),
    S.ENDED: (A.RATE, A.SUM_UP, LIST, A.HEAR, A.PHOTO, WALL, STEPS),
    S.SUMMED: (A.RATE, A.PHOTO, WALL, STEPS),
}
