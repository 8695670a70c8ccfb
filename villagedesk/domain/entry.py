"""Owns what reading one typed or imported entry gives: a value, problems, doubts.

Also the first cleaning every reader shares.  Must not know which field is read.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from dataclasses import dataclass

from villagedesk.domain.fields import Value
from villagedesk.errors import Doubt, Problem

#: Characters people never mean: zero-width marks, byte-order mark, direction marks from copied web pages.
INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F)))

#: What people write where there is nothing to write (domain reference 1.7: 无 is a legal answer).
NOTHING = frozenset(
    ["", "无", "没有", "暂无", "不详", "空", "未知", "-", "--", "—", "——", "/", "\\", "、", "N/A", "NULL", "#N/A"]
)


@dataclass(frozen=True, slots=True)
class Reading:
    """``value`` is None when the entry was empty or has a problem; doubts never block."""

    value: Value = None
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def refused(self) -> bool:
        return bool(self.problems)

    def at(self, field: str) -> Reading:
        """The same reading with every finding pointing to ``field``."""
        if not self.problems and not self.doubts:
            return self
        return Reading(
            self.value,
            tuple(dataclasses.replace(problem, field=field) for problem in self.problems),
            tuple(dataclasses.replace(doubt, field=field) for doubt in self.doubts),
        )


EMPTY = Reading()


def refuse(problem: Problem) -> Reading:
    """A reading without a value."""
    return Reading(None, (problem,))


def plain(text: str) -> str:
    """Half-width form without invisible marks, outer blanks and a spreadsheet's leading apostrophe.

    Only for codes, digits and dates; names and free text keep their own forms (domain reference 1.8).
    """
    if text.isascii():
        return text.strip().lstrip("'").strip()
    folded = unicodedata.normalize("NFKC", text).translate(INVISIBLE)
    return folded.strip().lstrip("'‘’`").strip()


def squeezed(text: str) -> str:
    """``plain`` without any blanks."""
    return "".join(plain(text).split())
