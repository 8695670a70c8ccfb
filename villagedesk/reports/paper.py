"""Owns the sheet of paper: measures, line weights, type roles, and the pen that draws on one page.

Must not know what a sheet says.  All places are mm from the top left of the page, sizes of type and weights of lines
in points (paper rules, sections 1 to 3).  No grey anywhere: it is gone after one copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal

from villagedesk.reports.fonts import MEDIUM, SANS, SERIF, TITLE, Chain, drawable
from villagedesk.reports.typeset import LEADING, Line, fit, line

MM = 72 / 25.4
HEIGHT = 297.0
LEFT, RIGHT, TOP = 25.0, 195.0, 38.0  # portrait block; 25 mm binding strip on the left
CENTRE = (LEFT + RIGHT) / 2
FOOT = 287.5

FRAME, SECTION, GRID = 1.5, 1.0, 0.7  # nothing thinner than 0.7 pt survives copying

Align = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Role:
    """How a kind of text is set: ``floor`` is the smallest size it is shrunk to before it wraps."""

    chain: Chain
    size: float
    floor: float = 8.5


HEADING = Role(TITLE, 22, 14)
PLACE = Role(SERIF, 10)
VALUE = Role(SERIF, 10.5)
COLUMN_VALUE = Role(SERIF, 10)
HEAD_NAME = Role(SERIF, 12)
NAME = Role(SERIF, 11)
LABEL = Role(SANS, 9.5)
SMALL_LABEL = Role(SANS, 9)
COLUMN_HEAD = Role(MEDIUM, 9.5)
OPTION = Role(SANS, 10)
NUMBER = Role(SANS, 10.5)
CODE = Role(MEDIUM, 10.5)
NOTE = Role(SANS, 8.5)
FOOTER = Role(SANS, 7.5, 6)


@dataclass(frozen=True, slots=True)
class Printed:
    """Footer of every page: when (local time), by whom, and a free note at the right."""

    at: datetime
    by: str
    note: str = ""


class Pen:
    """Collects the drawing of one page or of one shared part."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []
        self._marks: list[str] = ["0 J"]
        self._weight = 0.0

    def content(self) -> str:
        """The drawing as PDF operators."""
        return "\n".join(self._marks)

    def form(self, name: str) -> None:
        """Draw a shared part."""
        self._marks.append(f"/{name} Do")

    def put(self, x: float, baseline: float, what: Line, size: float, align: Align = "left") -> float:
        """Show a set line; returns its right end in mm."""
        width = what.width * size / MM
        start = x - (0 if align == "left" else width if align == "right" else width / 2)
        self._marks.append(_shown_at(start, baseline, what, size))
        self.shown.extend(what.shown)
        return start + width

    def text(self, x: float, baseline: float, text: str, role: Role, align: Align = "left") -> float:
        """Show a text that is known to fit (words of the form itself)."""
        return self.put(x, baseline, line(role.chain, text), role.size, align)

    def cell(
        self,
        box: tuple[float, float, float, float],
        text: str,
        role: Role,
        align: Align = "centre",
        *,
        groups: tuple[int, ...] = (),
        wrap_first: bool = False,
    ) -> None:
        """Show a value inside ``box`` (left, top, right, bottom), centred in height, whatever its length."""
        if text:
            operators, shown = _placed(box, text, role, align, groups, wrap_first)
            self._marks.append(operators)
            self.shown.extend(shown)

    def _set_weight(self, weight: float) -> None:
        if weight != self._weight:
            self._weight = weight
            self._marks.append(f"{weight:g} w")

    def across(self, y: float, left: float = LEFT, right: float = RIGHT, weight: float = GRID) -> None:
        """A horizontal line."""
        self._set_weight(weight)
        at = (HEIGHT - y) * MM
        self._marks.append(f"{left * MM:.2f} {at:.2f} m {right * MM:.2f} {at:.2f} l S")

    def down(self, x: float, top: float, bottom: float, weight: float = GRID) -> None:
        """A vertical line."""
        self._set_weight(weight)
        at = x * MM
        self._marks.append(f"{at:.2f} {(HEIGHT - top) * MM:.2f} m {at:.2f} {(HEIGHT - bottom) * MM:.2f} l S")

    def frame(self, left: float, top: float, right: float, bottom: float, weight: float = GRID) -> None:
        """A rectangle."""
        self._set_weight(weight)
        self._marks.append(
            f"{left * MM:.2f} {(HEIGHT - bottom) * MM:.2f} {(right - left) * MM:.2f} {(bottom - top) * MM:.2f} re S"
        )

    def stroke(self, points: tuple[tuple[float, float], ...], weight: float) -> None:
        """A line through ``points``."""
        self._set_weight(weight)
        path = [f"{x * MM:.2f} {(HEIGHT - y) * MM:.2f}" for x, y in points]
        self._marks.append(f"{path[0]} m " + " ".join(f"{point} l" for point in path[1:]) + " S")

    def raw(self, operators: str) -> None:
        """Operators made elsewhere (marks.py)."""
        self._marks.append(operators)


def _shown_at(x: float, baseline: float, what: Line, size: float) -> str:
    pieces = " ".join(f"/{key} {size:g} Tf{operand}" for key, operand in what.pieces)
    return f"BT {x * MM:.2f} {(HEIGHT - baseline) * MM:.2f} Td {pieces} ET"


def _copied_as(text: str) -> str:
    """Begins a span that is copied as one text, however many lines it takes (ISO 32000-1, 14.9.4)."""
    return f"/Span <</ActualText <{(chr(0xFEFF) + text).encode('utf-16-be').hex().upper()}>>> BDC"


@lru_cache(maxsize=2048)
def _placed(
    box: tuple[float, float, float, float],
    text: str,
    role: Role,
    align: Align,
    groups: tuple[int, ...],
    wrap_first: bool,
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Operators and characters of a value in its cell; most values of a village are the same few words."""
    left, top, right, bottom = box
    width, height = (right - left) * MM, (bottom - top) * MM
    single = line(role.chain, text, groups) if "\n" not in text else None
    if single and single.width * role.size <= width:
        size, lines = role.size, [single]
    else:
        size, parts = fit(role.chain, text, role.size, role.floor, width, height, wrap_first)
        lines = [line(role.chain, part) for part in parts]
    step = size * LEADING / MM
    baseline = middle(top, bottom, size) - step * (len(lines) - 1) / 2
    operators = []
    for number, what in enumerate(lines):
        spare = (width - what.width * size) / MM
        x = left + (0 if align == "left" else spare if align == "right" else spare / 2)
        operators.append(_shown_at(x, baseline + number * step, what, size))
    if len(lines) > 1:
        operators = [_copied_as(drawable(role.chain, text).replace("\n", "")), *operators, "EMC"]
    return "\n".join(operators), tuple(shown for what in lines for shown in what.shown)


def middle(top: float, bottom: float, size: float) -> float:
    """Baseline at which a line of ``size`` pt looks centred between two heights."""
    return (top + bottom) / 2 + 0.36 * size / MM


def footer(pen: Pen, printed: Printed, page: int, pages: int, left: str = "") -> None:
    """Print time and person (or ``left``), page of pages, free note."""
    stamp = left or f"打印 {printed.at:%Y-%m-%d %H:%M} · {printed.by}"
    pen.cell((LEFT, FOOT - 3.4, CENTRE - 14, FOOT + 1.2), stamp, FOOTER, "left")
    pen.text(CENTRE, FOOT, f"第 {page} 页 共 {pages} 页", SMALL_LABEL, "centre")
    pen.cell((CENTRE + 14, FOOT - 3.4, RIGHT, FOOT + 1.2), printed.note, FOOTER, "right")
