"""What a message can be, and in what situation it was said: values, nothing else."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from workflows.petition.words import State


class Meaning(StrEnum):
    """What a message is."""

    PETITION = "petition"  # something new, or more of what is in the making
    ADDITION = "addition"
    ANSWER = "answer"
    FOLLOWUP = "followup"  # 怎么还没人来
    SOLVED = "solved"  # 已经好了，不用来了
    UNHAPPY = "unhappy"  # 不满意，拖了一个星期才来
    UNSOLVED = "unsolved"  # 没修好，又坏了
    OBJECTION = "objection"  # 凭什么不受理，不是一回事
    REPORT = "report"  # of who has it in hand
    NUMBER = "number"
    BUTTON = "button"  # typed instead of tapped
    GREETING = "greeting"
    THANKS = "thanks"
    HUMAN = "human"  # asks for somebody to talk to
    NOTHING = "nothing"  # a button's word where there is no such button


class Matter(Struct, frozen=True, kw_only=True):
    """A subject that a message may be about; `is_work` when it is in this person's hands."""

    id: int
    state: State
    text: str
    is_work: bool = False
    wants_reason: bool = False  # it was rated poorly, and nobody knows why
    wants_rating: bool = False  # it was closed in silence, and can still be rated


class Situation(Struct, frozen=True, kw_only=True):
    """What was said, with what, and to what: all that decides what it is.

    `matters` are what is open or ended lately, the newest first. `asked` is the action whose
    question is open, `asked_about` of which; `step` is where a petition in the making stands, which
    `is_aged` when nobody has touched it for long; `is_cut` when this is the rest of its last
    message. `just` was dealt with a moment ago. A `replied`
    or `number` of 0 is none, a number of -1 one that is nobody's here.
    """

    text: str = ""
    has_file: bool = False
    has_position: bool = False
    matters: tuple[Matter, ...] = ()
    replied: int = 0
    number: int = 0
    is_number_alone: bool = False
    asked: str = ""
    asked_about: int = 0
    step: str = ""
    is_aged: bool = False
    just: int = 0
    is_cut: bool = False
    is_danger: bool = False

    def matter(self, number: int) -> Matter | None:
        """The matter of a number."""
        return next((m for m in self.matters if m.id == number), None)


class Guess(Struct, frozen=True):
    """One thing that it can be: of which matter (0: of none), and which button was meant."""

    meaning: Meaning
    about: int = 0
    verb: str = ""


class Understood(Struct, frozen=True):
    """What it is. More than one guess: nobody is sure, and it is asked."""

    guesses: tuple[Guess, ...]

    @property
    def is_sure(self) -> bool:
        """Whether there is nothing to ask."""
        return len(self.guesses) == 1

    @property
    def first(self) -> Guess:
        """What it is, or is likeliest to be."""
        return self.guesses[0]


def sure(meaning: Meaning, about: int = 0, verb: str = "") -> Understood:
    """It is this."""
    return Understood((Guess(meaning, about, verb),))
