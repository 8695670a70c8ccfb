"""Owns the faces a sheet is set in: opened once per process and only when needed, which face has which character.

Must not know pages.  A character is drawn from the first face of its chain that has it; one that no face has is drawn
as 〔U+XXXX〕 and reported by ``missing_characters``, never dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

from villagedesk.paths import resources

Chain = tuple[str, ...]

#: Rare names come from HanaMinB, a Ming face that sits unnoticed between serif characters (paper rules, section 2).
TITLE: Chain = ("title", "serif", "hana", "sans")
SERIF: Chain = ("serif", "hana", "sans")
SANS: Chain = ("sans", "hana", "serif")
MEDIUM: Chain = ("medium", "hana", "serif")

FILES = {
    "title": "NotoSerifSC-Bold-GB2312.ttf",
    "serif": "NotoSerifSC-Medium.ttf",
    "sans": "NotoSansSC-Regular.ttf",
    "medium": "NotoSansSC-Medium.ttf",
    "hana": "HanaMinB.ttf",
}

_ASTRAL_FIRST, _ASTRAL_LAST = 0xD800, 0xF8FF  # surrogates and private use: numbers no printable BMP character needs


class Face:
    """One font file; characters are numbered by code point, beyond U+FFFF by free 16-bit numbers as met."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._astral: dict[int, int] = {}

    @cached_property
    def file(self) -> Any:
        """The parsed font.  Raises ``EnvironmentFault`` ``font_unreadable``."""
        from villagedesk.reports.fontfile import open_font  # reportlab comes with the first face, not at start

        return open_font(resources() / "fonts" / FILES[self.key])

    def has(self, code: int) -> bool:
        return code in self.file.charToGlyph and self.number(code) is not None

    def advance(self, code: int) -> float:
        """Width in thousandths of an em."""
        width: float = self.file.charWidths.get(code, self.file.defaultWidth)
        return width

    def number(self, code: int) -> int | None:
        """The 16-bit number that stands for the character in a page; None when all are taken."""
        if code < 0x10000:
            return None if _ASTRAL_FIRST <= code <= _ASTRAL_LAST else code
        number = self._astral.get(code)
        if number is None and len(self._astral) <= _ASTRAL_LAST - _ASTRAL_FIRST:
            number = self._astral[code] = _ASTRAL_FIRST + len(self._astral)
        return number

    def hex(self, text: str) -> str:
        """Text as the hexadecimal string a page shows; every character must be one this face has."""
        if text.isascii() or max(text) < "\U00010000":
            return text.encode("utf-16-be").hex()
        return "".join(f"{self.number(ord(character)):04x}" for character in text)


@cache
def face(key: str) -> Face:
    """The face of that name in ``FILES``."""
    return Face(key)


@lru_cache(maxsize=20_000)
def _face_of(chain: Chain, character: str) -> str:
    return next((key for key in chain if face(key).has(ord(character))), "")


def spelled(character: str) -> str:
    """How a character without a glyph is written: 〔U+323AF〕."""
    return f"〔U+{ord(character):04X}〕"


def drawable(chain: Chain, text: str) -> str:
    """``text`` with every character that has no glyph written out; line feeds stay."""
    return "".join(
        character if character.isspace() or _face_of(chain, character) else spelled(character) for character in text
    )


def runs(chain: Chain, text: str) -> list[tuple[str, str]]:
    """Pieces of ``text`` with the face each is set in; equal neighbours are joined."""
    found: list[tuple[str, str]] = []
    for character in text:
        key = _face_of(chain, character)
        piece = character
        if not key:
            key, piece = chain[0] if chain[0] != "title" else "serif", spelled(character)
        if found and found[-1][0] == key:
            found[-1] = (key, found[-1][1] + piece)
        else:
            found.append((key, piece))
    return found


@dataclass(frozen=True, slots=True)
class Missing:
    """A character no shipped face can draw, and the texts it stands in (shown to the user, never logged)."""

    character: str
    code_point: str
    texts: tuple[str, ...]


def missing_characters(texts: Iterable[str]) -> tuple[Missing, ...]:
    """Characters of ``texts`` (values as printed) that would come out as 〔U+XXXX〕, in order of appearance."""
    found: dict[str, dict[str, None]] = {}
    for text in texts:
        for character in text:
            if not character.isspace() and not _face_of(SERIF, character):
                found.setdefault(character, {})[text] = None
    return tuple(Missing(character, f"U+{ord(character):04X}", tuple(where)) for character, where in found.items())
