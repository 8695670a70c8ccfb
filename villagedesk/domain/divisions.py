"""Owns looking up a place in the list of all administrative divisions of China (domain reference 1.2, edition 2022).

The list stays one block of bytes, sorted by code, and is searched as it is: 665,276 objects would not fit into a small
laptop.  A code of 2, 4, 6, 9 or 12 digits is a province, city, county, town or village; every parent's code is the
beginning of its children's.  Must not know where the list lies.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from villagedesk.domain.division_names import Letters, pieces_of, plain_word, without_office

LENGTHS = (2, 4, 6, 9, 12)
TOWN, VILLAGE = 9, 12

#: Levels that exist in codes only; nobody says them, so they are stepped over.
_PLACEHOLDERS = frozenset(("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"))
#: A search stops looking after so many hits: who typed one character will type a second one.
_ENOUGH = 2000
#: Instead of a length: anything that places lie in.
_REGION = -1
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Division:
    """``code``: 2, 4, 6, 9 or 12 digits; ``name`` as the list has it (柳湾村委会)."""

    code: str
    name: str

    @property
    def short_name(self) -> str:
        """The place rather than its committee: 柳湾村委会 → 柳湾村."""
        return without_office(self.name)

    @property
    def division_code(self) -> str:
        """The 12-digit code, filled with zeros behind (1.2)."""
        return self.code.ljust(VILLAGE, "0")


@dataclass(frozen=True, slots=True)
class DivisionPath:
    """A place and what it lies in, from the province down; levels that nobody says are left out."""

    steps: tuple[Division, ...]

    @property
    def place(self) -> Division:
        return self.steps[-1]

    @property
    def text(self) -> str:
        """All names, for a list of matches."""
        return " ".join(step.name for step in self.steps)

    @property
    def town(self) -> Division | None:
        return next((step for step in self.steps if len(step.code) == TOWN), None)


class Divisions:
    """The whole list.  ``data``: UTF-8 lines ``code,name`` sorted by code, with or without a head line."""

    def __init__(self, data: bytes) -> None:
        lines = data if data.endswith(b"\n") else data + b"\n"
        # every line stands between two line ends, the first one too: the head line leaves its own behind
        self._data = lines[lines.find(b"\n") :] if lines.startswith(b"code,") else b"\n" + lines

    def __len__(self) -> int:
        return self._data.count(b"\n") - 1

    def children(self, code: str = "") -> tuple[Division, ...]:
        """What one chooses from below ``code`` ("" = provinces), in code order; () below a village.

        Levels that exist in codes only are stepped over: below 北京市 stand its districts, below 湖北省 仙桃市 stands
        beside the cities, below 东莞市 its towns.
        """
        found: list[Division] = []
        for child in self._below(code):
            if self._is_placeholder(child):
                found += self.children(child.code)
            else:
                found.append(child)
        return tuple(found)

    def path(self, code: str) -> DivisionPath | None:
        """The place with exactly this code (zeros behind are ignored) and what it lies in; None where there is none."""
        code = self._cut(code)
        steps = [self._exact(code[:length]) for length in LENGTHS if length <= len(code)]
        if not steps or steps[-1] is None or steps[-1].code != code:
            return None
        known = [step for step in steps if step is not None]
        kept = [step for step in known[:-1] if not self._is_placeholder(step)]
        return DivisionPath((*kept, known[-1]))

    def search(self, text: str, limit: int = 50, length: int = 0) -> tuple[DivisionPath, ...]:
        """Places by part of their name, by larger place and name (青禾镇 柳湾), the same in letters, or by code.

        ``length``: only codes of so many digits, 0 = all.
        """
        words = [plain_word(word) for word in unicodedata.normalize("NFKC", text).split()]
        words = [word for word in words if word]
        if not words:
            return ()
        if len(words) == 1 and words[0].isdigit():
            codes = self._with_code(words[0], length)
        elif "".join(words).isascii():
            letters = [word.lower() for word in words]
            codes = self._lettered(letters, length) or self._lettered(["".join(letters)], length)
        else:
            codes = self._named(words, length) or self._named(pieces_of("".join(words)), length)
        paths = (self.path(code) for code in codes)
        known = (path for path in paths if path is not None and not self._is_placeholder(path.place))
        return tuple(islice(known, limit))

    # -- the block of bytes ---------------------------------------------------------------------------------------

    def _seek(self, code: str) -> int:
        """Where the first line begins whose code is not smaller."""
        data, wanted = self._data, code.encode()
        low, high = 0, len(data) - 1
        while low < high:
            start = data.rfind(b"\n", 0, (low + high) // 2 + 1) + 1
            if data[start : data.find(b",", start)] < wanted:
                low = data.find(b"\n", start)
            else:
                high = start - 1
        return low + 1

    def _range(self, code: str) -> tuple[int, int]:
        """Where ``code`` and everything below it stands, line ends on both sides included."""
        return self._seek(code) - 1, self._seek(code + ":")

    def _line(self, start: int) -> Division:
        code, _, name = self._data[start : self._data.find(b"\n", start)].decode().partition(",")
        return Division(code, name)

    def _exact(self, code: str) -> Division | None:
        start = self._seek(code)
        found = self._line(start) if start < len(self._data) else None
        return found if found is not None and found.code == code else None

    def _below(self, code: str) -> Iterator[Division]:
        length = next((length for length in LENGTHS if length > len(code)), 0)
        start = self._seek(code.ljust(length, "0")) if length else len(self._data)
        while start < len(self._data):
            child = self._line(start)
            if not child.code.startswith(code):
                return
            yield child
            start = self._seek(child.code + ":")

    def _is_placeholder(self, division: Division) -> bool:
        """A level of codes: 市辖区 and the like, or a county that is the whole of the city it lies in (东莞市)."""
        if len(division.code) == LENGTHS[1]:
            return division.name in _PLACEHOLDERS
        if len(division.code) != LENGTHS[2]:
            return False
        city = self._exact(division.code[:4])
        return city is not None and city.name == division.name

    def _cut(self, code: str) -> str:
        """A code without the zeros that only fill it up to 12 digits (one village has a code that ends in six)."""
        if len(code) != VILLAGE or self._exact(code) is not None:
            return code
        return next(code[:length] for length in LENGTHS if not code[length:].strip("0"))

    def _with_code(self, digits: str, length: int) -> list[str]:
        start, end = self._range(self._cut(digits))
        lines = self._data[start + 1 : end].split(b"\n", _ENOUGH)
        codes = [line[: line.find(b",")].decode() for line in lines if line]
        return [code for code in codes if length in (0, len(code))]

    def _named(self, words: list[str], length: int) -> list[str]:
        """Codes of places called like the last word within places that are called like the words before it."""
        ranges = [(0, len(self._data))]
        for word in words[:-1]:
            regions = (hit.code for hit in self._hits(f",{word}", ranges))
            ranges = [self._range(code) for code in _outermost(regions)]
        begin = [hit for hit in self._hits(f",{words[-1]}", ranges) if length in (0, len(hit.code))]
        known = {hit.code for hit in begin}
        inside = [
            hit for hit in self._hits(words[-1], ranges) if hit.code not in known and length in (0, len(hit.code))
        ]
        return [hit.code for hits in (begin, inside) for hit in sorted(hits, key=_closeness)]

    def _hits(self, needle: str, ranges: Iterable[tuple[int, int]]) -> Iterator[Division]:
        data, wanted = self._data, needle.encode()
        left = _ENOUGH
        for start, end in ranges:
            place = data.find(wanted, start, end)
            while place >= 0 and left:
                yield self._line(data.rfind(b"\n", 0, place) + 1)
                left -= 1
                place = data.find(wanted, data.find(b"\n", place), end)

    def _lettered(self, words: Sequence[str], length: int) -> list[str]:
        """Codes of places with these letters, the last word within places with the letters of those before it."""
        within: tuple[str, ...] = ("",)
        for word in words[:-1]:
            spellings = (self._initials, self._spelled)
            regions = [code for text in spellings for code in self._with_letters(text, word, _REGION, within)]
            within = tuple(_outermost(regions))
        found = self._with_letters(self._initials, words[-1], length, within)
        return found or self._with_letters(self._spelled, words[-1], length, within)

    def _with_letters(self, text: str, letters: str, length: int, within: tuple[str, ...]) -> list[str]:
        found: list[tuple[int, str]] = []
        place = text.find(f",{letters}")
        while place >= 0 and len(found) < _ENOUGH:
            code = text[text.rfind("\n", 0, place) + 1 : place]
            end = text.find("\n", place)
            fits = len(code) < VILLAGE if length == _REGION else length in (0, len(code))
            if fits and code.startswith(within):
                found.append((end - place, code))
            place = text.find(f",{letters}", end)
        return [code for _, code in sorted(found)]

    @cached_property
    def _initials(self) -> str:
        """The list with every character as the first letter of its usual reading; made when first asked for."""
        return self._spell(Letters(whole=False))

    @cached_property
    def _spelled(self) -> str:
        """The list in full pinyin; made when letters were typed that are nobody's initials."""
        return self._spell(Letters(whole=True))

    def _spell(self, spell: Letters) -> str:
        start = 0
        parts: list[str] = []
        while start < len(self._data):  # piece by piece: the whole text would take four bytes a character
            end = self._data.find(b"\n", start + _PIECE) + 1 or len(self._data)
            parts.append(spell(self._data[start:end].decode()))
            start = end
        return "".join(parts)


def _closeness(hit: Division) -> tuple[int, str]:
    return len(hit.short_name), hit.code


def _outermost(codes: Iterable[str]) -> list[str]:
    """Without those that lie inside another one."""
    kept: list[str] = []
    for code in sorted(codes):
        if not (kept and code.startswith(kept[-1])):
            kept.append(code)
    return kept
