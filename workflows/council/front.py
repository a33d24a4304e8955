"""What stands in front on a topic's card, state by state, the likeliest first; see core `front`."""

from __future__ import annotations

from typing import Final

from workflows.council.words import Action, State

A, S = Action, State
STEPS: Final = "steps"
TEXT: Final = "text"

FRONT: dict[State, tuple[str, ...]] = {
    S.RAISED: (A.SECOND, A.WITHDRAW, A.DISMISS, STEPS, TEXT),
    S.SECONDED: (A.JOIN, A.SUMMON, A.WITHDRAW, A.DISMISS, STEPS, TEXT),
    S.CALLED: (A.JOIN, A.OPEN, A.SUMMON, A.WITHDRAW, A.DISMISS, STEPS, TEXT),
    S.VOTING: (A.VOTE, A.CLOSE, STEPS, TEXT),
}
