"""Owns the search keys of a person: what a clerk may type to find them (domain reference section 11).

Every key is meant for a prefix search, so the suffixes of a name are keys too.  The reading table is loaded on first
use; it must not be imported at start.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import islice, product

from villagedesk.domain.entry import INVISIBLE
from villagedesk.domain.surnames import compound_surnames, surname_readings

_PER_CHARACTER = 4
_PER_NAME = 24
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_IGNORED = dict.fromkeys(map(ord, "·•‧・．∙⋅･'’‘` \u3000\u00a0\t"))
_DROP: Mapping[int, int | None] = {**_HALF_WIDTH, **INVISIBLE, **_IGNORED}


def normalise_query(text: str) -> str:
    """What was typed into the search box, in the form the keys have."""
    if text.isascii():
        return "".join(text.lower().split()).replace("'", "")
    return unicodedata.normalize("NFC", text).translate(_DROP).lower()


def search_keys(name: str | None, id_no: str | None, phone: str | None, household_no: str | None) -> tuple[str, ...]:
    """Keys of one person, each once: name and suffixes, pinyin and initials in every reading, last four of the
    number, phone tail and phone, household number and its last part.
    """
    keys = list(name_keys(name)) if name else []
    if id_no:
        keys.append(id_no[-4:].lower())
    if phone and phone.isdigit():
        keys += (phone[-4:], phone)
    if household_no:
        number = normalise_query(household_no)
        keys.append(number)
        _, dash, tail = number.rpartition("-")
        if dash and tail:
            keys.append(tail)
    return tuple(dict.fromkeys(keys))


@lru_cache(maxsize=65536)
def name_keys(name: str) -> tuple[str, ...]:
    """Keys of a name alone: its suffixes, full pinyin, initials."""
    plain = normalise_query(name)
    keys = [plain[start:] for start in range(len(plain))]
    if not plain.isascii():
        spellings = _spellings(plain)
        keys += ["".join(spelling) for spelling in spellings]
        keys += ["".join([syllable[:1] for syllable in spelling]) for spelling in spellings]
    return tuple(dict.fromkeys(filter(None, keys)))


@lru_cache(maxsize=65536)
def sort_key(name: str) -> str:
    """The name's likeliest pinyin, syllable by syllable as in a dictionary (胡 before 黄), then the name itself."""
    plain = normalise_query(name)
    if not plain:
        return "\uffff"
    return " ".join(_spellings(plain)[0]) + "  " + plain


def _spellings(name: str) -> list[tuple[str, ...]]:
    """Syllable sequences of a name, likeliest first, at most ``_PER_NAME``."""
    choices = [_readings(char) for char in name]
    choices[0] = _surname_choices(name[0])
    spellings: list[tuple[str, ...]] = []
    if name[:2] in compound_surnames():
        rest = list(_likeliest(choices[2:]))
        spellings = [(*surname, *given) for surname in _compound(name[:2]) for given in rest]
    spellings += _likeliest(choices)
    return list(dict.fromkeys(spellings))[:_PER_NAME]


def _likeliest(choices: list[tuple[str, ...]]) -> Iterable[tuple[str, ...]]:
    """All combinations when they are few; else the usual reading and every single departure from it."""
    size = 1
    for readings in choices:
        size *= len(readings)
    if size <= _PER_NAME:
        return product(*choices)
    usual = tuple(readings[0] for readings in choices)
    departures = (
        (*usual[:place], reading, *usual[place + 1 :])
        for place, readings in enumerate(choices)
        for reading in readings[1:]
    )
    return islice((usual, *departures), _PER_NAME)


@cache
def _surname_choices(char: str) -> tuple[str, ...]:
    """Readings of a single surname: those of the surname table first, then the general ones."""
    return tuple(dict.fromkeys((*surname_readings().get(char, ()), *_readings(char))))[: _PER_CHARACTER + 1]


@cache
def _compound(surname: str) -> tuple[tuple[str, ...], ...]:
    """The table's readings of a compound surname, cut into the syllables of its two characters."""
    first, second = (_all_readings(char) for char in surname)
    return tuple(
        (reading[:cut], reading[cut:])
        for reading in surname_readings()[surname]
        for cut in range(1, len(reading))
        if reading[:cut] in first and reading[cut:] in second
    )


def _readings(char: str) -> tuple[str, ...]:
    return _all_readings(char)[:_PER_CHARACTER]


@cache
def _all_readings(char: str) -> tuple[str, ...]:
    """Readings without tones, ü as v; a character outside the table reads as itself when it is a letter."""
    spoken = character_table().get(ord(char))
    if spoken is None:
        return (char,) if char.isascii() else ("",)
    return tuple(dict.fromkeys(_toneless(reading) for reading in spoken.split(",")))


def _toneless(reading: str) -> str:
    plain = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(char for char in plain if char.isascii())


@cache
def character_table() -> Mapping[int, str]:
    """Readings by code point, with tones, separated by commas; the usual one first."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # 45 MB of phrases that no name needs
    from pypinyin.pinyin_dict import pinyin_dict  # a twentieth of a second: not before it is needed

    table: Mapping[int, str] = pinyin_dict
    return table
