"""Owns the printed household form: filled forms page by page into a stream, one household after the other.

Must not know the store.  Full identity numbers are printed: the caller writes the audit record ``forms_printed``.
Page 1 never changes its shape; members 9 and up, and wishes too long for their cell, go to 续页 that are signed again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from villagedesk.domain.shortcode import short_code
from villagedesk.progress import Progress
from villagedesk.reports.household_shape import (
    CONTINUED,
    ROWS,
    TITLE_END,
    WHOLE,
    WISHES_MORE,
    Shape,
    first_page,
    next_page,
)
from villagedesk.reports.household_values import (
    HouseholdSheet,
    first_values,
    head_name,
    masthead,
    member_row,
    split_wishes,
    wishes,
)
from villagedesk.reports.marks import record_mark
from villagedesk.reports.paper import COLUMN_HEAD, NAME, OPTION, PLACE, VALUE, Pen, Printed, footer, middle
from villagedesk.reports.pdf import PdfFile

SHEET = "HH"
STEP = "printing_forms"


@dataclass(frozen=True, slots=True)
class PrintedForms:
    """What was written: households (or blank copies) and pages."""

    forms: int
    pages: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """How one household is spread over pages: member pages after the first, and the rest of the wishes."""

    shape: Shape
    size: float
    lines: list[str]
    rest: str
    more: int

    @property
    def pages(self) -> int:
        return 1 + self.more


def print_household_forms(
    sheets: Iterable[HouseholdSheet], total: int, out: BinaryIO, printed: Printed, progress: Progress
) -> PrintedForms:
    """Write one form per household to ``out`` (need not be seekable); memory does not grow with their number.

    ``total``: how many sheets will come, for the progress bar.  Raises ``Cancelled``; ``EnvironmentFault``
    ``font_unreadable`` when a shipped font is damaged.  What was written before is then no whole file.
    """
    file = PdfFile(out)
    forms = 0
    for sheet in sheets:
        _print_one(file, sheet, printed)
        forms += 1
        progress.report(forms, total, STEP)
    file.close(TITLE_END, printed.at)
    return PrintedForms(forms, file.pages)


def _plan(sheet: HouseholdSheet) -> _Plan:
    text = sheet.household.needs or ""
    member_pages = -(-max(len(sheet.members) - ROWS, 0) // ROWS)
    shape = CONTINUED if member_pages else WHOLE
    size, lines, rest = split_wishes(text, shape.needs)
    if rest and not member_pages:
        shape = CONTINUED  # the note that there is a 续页 needs its line
        size, lines, rest = split_wishes(text, shape.needs)
    return _Plan(shape, size, lines, rest, max(member_pages, 1 if rest else 0))


def _print_one(file: PdfFile, sheet: HouseholdSheet, printed: Printed) -> None:
    plan = _plan(sheet)
    code = short_code(sheet.record)
    _first(file, sheet, plan, code, printed)
    for page in range(2, plan.pages + 1):
        _next(file, sheet, plan, code, printed, page)


def _first(file: PdfFile, sheet: HouseholdSheet, plan: _Plan, code: str, printed: Printed) -> None:
    shape = plan.shape
    static = first_page(shape)
    file.form(shape.name, static.content(), static.shown)
    pen = Pen()
    pen.form(shape.name)
    masthead(pen, sheet, sheet.town_name + TITLE_END)
    record_mark(pen, SHEET, code, 1, sheet.household_no)
    first_values(pen, sheet, shape)
    for number, member in enumerate(sheet.members[:ROWS]):
        top = shape.members + number * shape.row
        member_row(pen, member, top, top + shape.row)
    if plan.more:
        pen.cell((26, shape.noted, 194, shape.housing), _continues(len(sheet.members), plan), COLUMN_HEAD)
    wishes(pen, plan.lines, plan.size, shape.wishes)
    footer(pen, printed, 1, plan.pages)
    file.page(pen.content(), pen.shown)


def _continues(people: int, plan: _Plan) -> str:
    where = "第 2 页" if plan.pages == 2 else f"第 2 至 {plan.pages} 页"
    parts = []
    if people > ROWS:
        parts.append(f"第 {_span(ROWS + 1, people)} 人见续页（{where}）")
    if plan.rest:
        parts.append(f"需求意见未完部分见续页（第 {plan.pages} 页）")
    return f"本户共 {people} 人，" + "，".join(parts) + "。"


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} 至 {last}"


def _next(file: PdfFile, sheet: HouseholdSheet, plan: _Plan, code: str, printed: Printed, page: int) -> None:
    first = ROWS * (page - 1)
    members = sheet.members[first : first + ROWS]
    with_wishes = page == plan.pages and bool(plan.rest)
    static = next_page(bool(members), with_wishes)
    name = f"next{int(bool(members))}{int(with_wishes)}"
    file.form(name, static.content(), static.shown)
    pen = Pen()
    pen.form(name)
    masthead(pen, sheet, f"{sheet.town_name}{TITLE_END}（续）")
    record_mark(pen, SHEET, code, page, sheet.household_no)
    pen.cell((47, 38, 78, 47), head_name(sheet), NAME, "left")
    pen.text(100.9, middle(38, 47, 10.5), f"共 {len(sheet.members)} 人", VALUE)
    pen.cell((152, 38, 194, 47), sheet.household_no, OPTION, "left")
    y = 47.0
    if members:
        y = 57.4
        for number in range(ROWS):
            pen.cell((25, y, 33, y + 10), str(first + number + 1), PLACE)
            if number < len(members):
                member_row(pen, members[number], y, y + 10)
            y += 10
    if with_wishes:
        size, lines, _ = split_wishes(plan.rest, WISHES_MORE)
        wishes(pen, lines, size, y)
        y += WISHES_MORE
    pen.text(27.4, middle(y, y + 7.5, 10), _statement(first, len(members), plan, page), PLACE)
    footer(pen, printed, page, plan.pages)
    file.page(pen.content(), pen.shown)


def _statement(first: int, rows: int, plan: _Plan, page: int) -> str:
    what = f"续页第 {_span(first + 1, first + rows)} 人信息" if rows else "续页所填内容"
    end = "以下空白。" if page == plan.pages else f"后接第 {page + 1} 页。"
    return f"{what}经本户核对，情况属实。{end}"
