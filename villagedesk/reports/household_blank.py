"""Owns the blank household form, to be filled by hand (paper rules, section 4: not the filled form emptied).

Must not know records.  Two half-rows for each of six members, options as boxes, 18 boxes for each identity number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import BinaryIO

from villagedesk.domain.shortcode import short_code
from villagedesk.progress import Progress
from villagedesk.reports.fonts import SANS
from villagedesk.reports.household import SHEET, STEP, PrintedForms
from villagedesk.reports.household_shape import TITLE_END, head, household_block, title
from villagedesk.reports.marks import boxes, record_mark, signatures
from villagedesk.reports.paper import (
    COLUMN_HEAD,
    FRAME,
    LEFT,
    NAME,
    OPTION,
    PLACE,
    RIGHT,
    SECTION,
    SMALL_LABEL,
    TOP,
    Pen,
    Printed,
    Role,
    footer,
    middle,
)
from villagedesk.reports.pdf import PdfFile

PEOPLE = 6
_HALF = 8.4
_HEADS_TOP = 74.0
_FIRST = 80.3
_COLUMNS = (
    (25, 33, "序号"),
    (33, 59, "姓名"),
    (59, 78, "性别"),
    (78, 156, "公民身份号码"),
    (156, 174, "与户主关系"),
    (174, 195, "联系电话"),
)
_ID_BOX = 4.0
_ID_STARTS = ((79.9, 6), (105.0, 8), (138.1, 4))
_TINY = Role(SANS, 8)
_HINT = f"无人口变动时不必重填，只改变化项。超过 {PEOPLE} 人用第二张。"


@dataclass(frozen=True, slots=True)
class BlankHead:
    """What is printed in the head of blank forms; empty names become lines to write on.

    ``records``: ids reserved for the households to come, one per copy; without them there is no code to print.
    """

    town_name: str
    village_name: str = ""
    grid_name: str = ""
    micro_grid_name: str = ""
    group_name: str = ""
    records: tuple[bytes, ...] = ()


def print_blank_forms(
    blank: BlankHead, count: int, out: BinaryIO, printed: Printed, progress: Progress
) -> PrintedForms:
    """Write ``count`` blank forms of one page each to ``out``.  Raises ``Cancelled``, ``EnvironmentFault``."""
    file = PdfFile(out)
    static = _page(blank.town_name, blank.village_name, blank.grid_name, blank.micro_grid_name, blank.group_name)
    file.form("blank", static.content(), static.shown)
    for number in range(count):
        pen = Pen()
        pen.form("blank")
        if number < len(blank.records):
            record_mark(pen, SHEET, short_code(blank.records[number]), 1)
        footer(pen, printed, 1, 1, _HINT)
        file.page(pen.content(), pen.shown)
        progress.report(number + 1, count, STEP)
    file.close(TITLE_END, printed.at)
    return PrintedForms(count, file.pages)


@cache
def _page(town: str, village: str, grid: str, micro_grid: str, group: str) -> Pen:
    pen = Pen()
    title(pen, town + TITLE_END)
    _places(pen, town, ((village, 15, "村"), (grid, 6, "网格"), (micro_grid, 6, "微网格"), (group, 6, "组")))
    head(pen, 9)
    _members(pen)
    housing = _FIRST + 2 * _HALF * PEOPLE
    wishes = housing + 42.5
    statement, signing = wishes + 12, wishes + 19.5
    household_block(pen, housing, housing + 18, housing + 27, wishes, statement)
    for y in (_HEADS_TOP, _FIRST, housing, statement):
        pen.across(y, weight=SECTION)
    pen.across(signing)
    pen.text(27.4, middle(statement, signing, 10), "以上信息经本户核对，情况属实。", PLACE)
    signatures(pen, signing, signing + 33)
    pen.frame(LEFT, TOP, RIGHT, signing + 33, FRAME)
    return pen


def _places(pen: Pen, town: str, parts: tuple[tuple[str, float, str], ...]) -> None:
    """Known names printed, unknown ones a line with the word behind it."""
    written = [town, *(name for name, _, _ in parts)]
    if all(written):
        pen.cell((25, 31.0, 108, 37.6), " ".join(written), PLACE, "left")
    else:
        x = pen.text(LEFT, 35.6, town, OPTION)
        for name, width, word in parts:
            if name:
                x = pen.text(x + 1.2, 35.6, name, OPTION)
            else:
                pen.across(36.4, x, x + width)
                x = pen.text(x + width, 35.6, word, OPTION)
    for x, word in ((111, "采集日期"), (133, "年"), (141.3, "月"), (149.6, "日")):
        pen.text(x, 35.6, word, OPTION)
    pen.text(RIGHT, 35.6, "单位：人、亩、元", PLACE, "right")


def _members(pen: Pen) -> None:
    for left, right, word in _COLUMNS:
        pen.cell((left, _HEADS_TOP, right, _FIRST), word, COLUMN_HEAD)
        if right != RIGHT:
            pen.down(right, _HEADS_TOP, _FIRST)
    for number in range(PEOPLE):
        top = _FIRST + 2 * _HALF * number
        pen.cell((25, top, 33, top + 2 * _HALF), str(number + 1), NAME)
        pen.down(33, top, top + 2 * _HALF)
        _first_half(pen, top)
        _second_half(pen, top + _HALF)
        if number + 1 < PEOPLE:
            pen.across(top + 2 * _HALF)


def _first_half(pen: Pen, top: float) -> None:
    pen.across(top + _HALF, 33)
    for x in (59, 78, 156, 174):
        pen.down(x, top, top + _HALF)
    boxes(pen, 59.8, top + _HALF / 2, ("男", "女"), 1.6, SMALL_LABEL)
    for left, count in _ID_STARTS:
        pen.frame(left, top + 1, left + count * _ID_BOX, top + 7.4)
        for place in range(1, count):
            pen.down(left + place * _ID_BOX, top + 1, top + 7.4)


def _second_half(pen: Pen, top: float) -> None:
    base = middle(top, top + _HALF, _TINY.size)
    for x in (52, 75, 131, 166.5):
        pen.down(x, top, top + _HALF)
    for x, word in ((34.2, "民族"), (53, "文化"), (75.7, "健康"), (132, "劳力"), (167.4, "务工地")):
        pen.text(x, base, word, _TINY)
    boxes(pen, 82.3, top + _HALF / 2, ("健康", "慢病", "大病", "残疾"), 1.6, SMALL_LABEL)
    boxes(pen, 138.8, top + _HALF / 2, ("有", "弱", "无"), 1.6, SMALL_LABEL)
