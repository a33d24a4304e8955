"""What a name looks like, for every pattern that looks for one."""

from __future__ import annotations

from workflows.masking.parts import HAN, SIGN, any_of, one_of
from workflows.masking.words import Names


def behind(n: Names) -> str:
    """What shows that a name is over."""
    return rf"(?={SIGN}|{any_of(n.behind)}|{one_of(n.not_given)})"


def surname(n: Names, which: str) -> str:
    """A surname that is not the end of a longer word."""
    return f"(?:{any_of(n.compound)}|{one_of(which)}{_no_ending(n)})"


def _no_ending(n: Names) -> str:
    """A look behind has one length, so that words of each length have one of their own."""
    lengths = sorted({len(word) for word in n.endings if word})
    ends = (any_of(word for word in n.endings if len(word) == length) for length in lengths)
    return "".join(f"(?<!{end})" for end in ends)


def no_word(n: Names) -> str:
    """No word that only begins like a name; the surname is looked for first, which is quick."""
    first = n.surnames + "".join(name[0] for name in n.compound)
    return rf"(?={one_of(first)})(?!{any_of(n.words)})"


def given(n: Names) -> str:
    """A character that a given name may have."""
    return rf"(?:(?!{one_of(n.not_given)}){HAN})"


def no_place(n: Names) -> str:
    """Neither a street nor a shop that is called after somebody."""
    return rf"(?!{given(n)}{{0,2}}?{any_of(n.places)})"


def name(n: Names, which: str = "") -> str:
    """Surname and given name, and no word that only begins like one."""
    single = rf"(?!{one_of(n.rarely_given)}){given(n)}"
    names = rf"(?:{given(n)}{given(n)}|{single})"
    return rf"{no_word(n)}{surname(n, which or n.surnames)}{no_place(n)}{names}"


def sure(n: Names, most: int = 2) -> str:
    """A name of characters that are mostly found in names, so that less must stand beside it."""
    typical = rf"{one_of(n.often_given)}{{{most}}}"
    return rf"{no_word(n)}{surname(n, n.plain)}{no_place(n)}{typical}"


def expected(n: Names) -> str:
    """Surname and given name though they begin like a word, where a name is due: "叶子涵"."""
    over = rf"(?={SIGN}|{any_of(n.behind)})"
    return rf"{surname(n, n.plain)}{no_place(n)}{given(n)}{one_of(n.often_given)}{over}"


def likely(n: Names) -> str:
    """A name of which one character is mostly found in names, and which is seen to be over."""
    often, any_given = one_of(n.often_given), given(n)
    first = rf"(?!{one_of(n.doubtful)}){no_word(n)}{surname(n, n.plain)}{no_place(n)}"
    return rf"{first}(?:{any_given}{often}|{often}{any_given})(?={SIGN}|{any_of(n.behind)})"


def doubled(n: Names) -> str:
    """What a child is called at home."""
    return any_of(character * 2 for character in n.doubled)


def foreign(n: Names) -> str:
    """A name that is written by its sound: of these characters alone, or with a dot inside."""
    sound, over = one_of(n.sounds), rf"(?={SIGN}|{any_of(n.behind)})(?!{one_of(n.owning)})"
    known = rf"{any_of(n.short_foreign)}{sound}{{0,6}}"
    return rf"(?:{HAN}{{1,8}}[·•]{HAN}{{1,8}}|{sound}{{3,10}}|{known}){over}"


def parent(n: Names) -> str:
    """A parent who is called after a child."""
    child = rf"(?!{any_of((*n.not_children, *n.roles))}){given(n)}{{2}}"
    return rf"{child}{any_of(n.parents)}"


def nick(n: Names, which: str = "") -> str:
    """A surname behind "老" or "小"."""
    return rf"(?!{any_of(n.not_nicknames)}){any_of(n.prefixes)}{surname(n, which or n.plain)}"


def members(n: Names) -> str:
    """More names behind a first one."""
    between = rf" ?{any_of(n.between)} ?"
    return rf"(?:{between}(?:{name(n)}|{nick(n)})(?={SIGN}|{any_of(n.behind)})){{0,12}}"


def loose(n: Names) -> str:
    """Whatever stands behind a label and a colon, up to the next sign."""
    latin = r"[a-z]{2,20}(?: [a-z]{2,20})?"
    return rf"(?!{one_of(n.not_given)})(?:[\u4e00-\u9fff·]{{2,5}}|{latin})(?={SIGN})"
