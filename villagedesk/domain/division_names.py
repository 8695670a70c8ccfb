"""Owns how places of the divisions list are called: offices in official names, larger places run together, initials.

Must not know the list itself.
"""

from __future__ import annotations

import unicodedata

from villagedesk.domain.readings import character_table

_OFFICES = (
    ("村村民委员会", "村"),
    ("村村委会", "村"),
    ("村民委员会", "村"),
    ("村委会", "村"),
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("街道办事处", "街道"),
)
_UNITS = frozenset("省市县区旗盟州镇乡村")
#: Readings in place names where the usual reading of the character is another one.
_IN_PLACES = {"重": "chong", "厦": "xia"}


def without_office(name: str) -> str:
    """The place rather than its committee: 柳湾村委会 → 柳湾村."""
    for office, place in _OFFICES:
        if name.endswith(office):
            return name.removesuffix(office) + place
    return name


def plain_word(word: str) -> str:
    """A typed name as it can stand in the list."""
    return without_office(word.strip("·.。、,"))


def pieces_of(text: str) -> list[str]:
    """青禾镇柳湾村 → 青禾镇, 柳湾村: cut behind every unit that has a name before it."""
    pieces = [""]
    for char in text:
        if char in _UNITS and not pieces[-1] and len(pieces) > 1:  # 新乡 市: the unit's own sign was in the name
            pieces[-2] += char
            continue
        pieces[-1] += char
        if char in _UNITS and len(pieces[-1]) > 1:
            pieces.append("")
    return [piece for piece in pieces if piece]


class Letters:
    """Names to the usual readings, first letters (柳湾村委会 → lwc) or ``whole`` (liuwancun); offices are not typed."""

    def __init__(self, *, whole: bool) -> None:
        self._readings = character_table()
        self._whole = whole
        self._letters: dict[int, str] = {}

    def __call__(self, text: str) -> str:
        for office, place in _OFFICES:
            text = text.replace(office + "\n", place + "\n")
        for char in set(text):
            self._letters.setdefault(ord(char), self._letter(char))
        return text.translate(self._letters)

    def _letter(self, char: str) -> str:
        reading = self._readings.get(ord(char))
        plain = unicodedata.normalize("NFD", reading.split(",")[0]) if reading else char.lower()
        spoken = "".join(letter for letter in plain if letter.isascii()) if reading else plain
        spoken = _IN_PLACES.get(char, spoken)
        return spoken if self._whole or not reading else spoken[:1]
