"""The words of a language by which a text names people, read from its private.toml."""

from __future__ import annotations

from msgspec import Struct

Words = tuple[str, ...]


class Names(Struct, frozen=True, kw_only=True):
    """How people are named. Text is a set of characters, `Words` are words."""

    surnames: str = ""
    compound: Words = ()
    plain: str = ""
    not_given: str = ""
    often_given: str = ""
    doubtful: str = ""
    doubled: str = ""
    sounds: str = ""
    short_foreign: Words = ()
    rarely_given: str = ""
    links: Words = ()
    between: Words = ()
    callers: Words = ()
    calls: Words = ()
    named: Words = ()
    not_called: Words = ()
    lists: Words = ()
    list_links: Words = ()
    latin: Words = ()
    not_latin: Words = ()
    before_name: Words = ()
    clues: Words = ()
    parents: Words = ()
    not_children: Words = ()
    places: Words = ()
    owning: str = ""
    speaks: Words = ()
    familiar: str = ""
    prefixes: Words = ()
    introductions: Words = ()
    forms: Words = ()
    roles: Words = ()
    titles: Words = ()
    short_titles: Words = ()
    not_titles: Words = ()
    behind: Words = ()
    end: Words = ()
    at_start: Words = ()
    reached: Words = ()
    at_home: Words = ()
    counted: str = ""
    families: Words = ()
    family: Words = ()
    before_family: str = ""
    not_families: Words = ()
    rooms: Words = ()
    surname_words: Words = ()
    given_words: Words = ()
    not_surname_before: str = ""
    not_surname_behind: str = ""
    words: Words = ()
    endings: Words = ()
    not_nicknames: Words = ()


class Accounts(Struct, frozen=True, kw_only=True):
    """How people say where else they can be reached."""

    labels: Words = ()
    fillers: Words = ()
    nicknames: Words = ()
    nickname_labels: Words = ()
    nickname_words: Words = ()
    nickname_links: Words = ()
    not_nicknames: Words = ()
    bearers: Words = ()
    platforms: Words = ()
    platform_fillers: Words = ()
    letters: str = ""
    not_nickname_behind: str = ""
    harmless: Words = ()
    ends: Words = ()
    spelled_dot: Words = ()
    at: Words = ()
    dot: Words = ()


class Numbers(Struct, frozen=True, kw_only=True):
    """How numbers are said, and which of them are nobody's."""

    digits: Words = ()
    last: Words = ()
    plates: str = ""
    plate_ends: str = ""
    plate_labels: Words = ()
    plate_links: Words = ()
    plate_starts: Words = ()
    plate_words: Words = ()
    plate_rests: Words = ()
    births: Words = ()
    birth_links: Words = ()
    year: Words = ()
    month: Words = ()
    day: Words = ()
    tens: str = ""
    at_flats: Words = ()
    buildings: str = ""
    before_buildings: str = ""
    rooms: Words = ()
    halls: str = ""
    counts: str = ""
    units: Words = ()
    before: Words = ()
    measures: Words = ()
    streets: str = ""
    street_ends: Words = ()
    hotlines: Words = ()


class PrivateWords(Struct, frozen=True, kw_only=True):
    """All of them."""

    names: Names = Names()
    accounts: Accounts = Accounts()
    numbers: Numbers = Numbers()
