"""Owns the unchanging part of the household sheet: lines, labels, boxes (paper rules, section 8, sheet 1).

Must not know records.  Drawn once per print run and shared by all pages; household_values.py writes into it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from villagedesk.reports.fonts import SANS
from villagedesk.reports.marks import boxes, signatures
from villagedesk.reports.paper import (
    CENTRE,
    COLUMN_HEAD,
    FRAME,
    HEADING,
    LABEL,
    LEFT,
    MM,
    PLACE,
    RIGHT,
    SECTION,
    SMALL_LABEL,
    TOP,
    Pen,
    middle,
)
from villagedesk.reports.typeset import line, spread_to

ROWS = 8  # member rows of a page; page 1 never has more or fewer
TITLE_END = "农户基本信息采集表"
COLUMNS = (25.0, 33.0, 53.0, 61.0, 103.0, 116.0, 131.5, 147.0, 163.0, 178.0, 195.0)
INCOME = (45.0, 67.0, 89.0, 109.0, 129.0, 151.0, 173.0, 195.0)
HOUSEHOLD_TYPES = ("一般户", "脱贫户", "监测对象", "低保户", "特困供养户", "其他")
RESIDENCE = ("人在户在", "人在户不在", "户在人不在", "空挂户")
STRUCTURES = ("砖混", "砖木", "土木", "其他")
GRADES = ("A", "B", "C", "D")
TOILETS = ("水冲", "卫生旱厕", "旱厕", "无")
WATERS = ("自来水", "井水", "其他")
POWER = ("是", "否")
#: Left edge of the first box of each group of options.
EDGES = {"type": 47.5, "structure": 55.4, "grade": 160.0, "toilet": 55.4, "water": 120.8, "power": 173.0}
WIDE, NARROW, GRADE_GAP = 4.5, 1.6, 1.7
LAND_LINES = ((54.5, 67.8), (82.7, 95.0), (107.6, 119.8), (129.8, 142.0), (150.8, 163.0), (171.8, 184.0))

_HEADS = (
    "序号",
    "姓名",
    "性别",
    "公民身份号码",
    "与户主\n关系",
    "民族",
    "文化\n程度",
    "健康\n状况",
    "劳动\n能力",
    "务工\n状况",
)
_INCOME_HEADS = ("工资性", "生产经营性", "财产性", "转移性", "生产经营支出", "纯收入", "人均纯收入")


@dataclass(frozen=True, slots=True)
class Shape:
    """Heights of a first page, mm: three rows of the head, then one member row, the note below, the wishes."""

    name: str
    head: float
    columns: float
    row: float
    note: float
    needs: float

    @property
    def members(self) -> float:
        """Top of the member rows."""
        return TOP + 4 * self.head + self.columns

    @property
    def noted(self) -> float:
        return self.members + ROWS * self.row

    @property
    def housing(self) -> float:
        return self.noted + self.note

    @property
    def land(self) -> float:
        return self.housing + 18

    @property
    def income(self) -> float:
        return self.land + 9

    @property
    def wishes(self) -> float:
        return self.income + 15.5

    @property
    def statement(self) -> float:
        return self.wishes + self.needs

    @property
    def signing(self) -> float:
        return self.statement + 7.5

    @property
    def bottom(self) -> float:
        return self.signing + 33


WHOLE = Shape("whole", 9.5, 10.5, 10.5, 0, 18)
CONTINUED = Shape("continued", 9.5, 10.5, 10.0, 6.5, 13)


def label(pen: Pen, top: float, bottom: float, text: str, left: float = LEFT, right: float = 45.0) -> None:
    """A label in its cell; two or three characters are drawn apart to the width of four."""
    if len(text) in (2, 3) and left == LEFT:
        pen.put((left + right) / 2, middle(top, bottom, LABEL.size), spread_to(SANS, text, 4), LABEL.size, "centre")
    else:
        pen.cell((left, top, right, bottom), text, LABEL, wrap_first=True)


def head(pen: Pen, row: float) -> None:
    """Who, where, which kind of household; rows of ``row`` mm."""
    y = [TOP + row * number for number in range(5)]
    for number in (1, 2, 3):
        pen.across(y[number])
    for edge, bottom in ((45, y[4]), (79, y[1]), (99, y[1]), (130, y[2]), (150, y[2])):
        pen.down(edge, TOP, bottom)
    label(pen, y[0], y[1], "户主姓名")
    label(pen, y[0], y[1], "联系电话", 79, 99)
    label(pen, y[0], y[1], "户编号", 130, 150)
    label(pen, y[1], y[2], "户籍地址")
    label(pen, y[1], y[2], "家庭人口", 130, 150)
    label(pen, y[2], y[3], "户类型")
    label(pen, y[3], y[4], "人户状态")
    base = middle(y[1], y[2], 9)
    for x, word in ((152, "户籍"), (167.8, "人"), (173, "常住"), (188.6, "人")):
        pen.text(x, base, word, SMALL_LABEL)
    pen.across(y[1] + 6.8, 158.9, 167.2)
    pen.across(y[1] + 6.8, 179.9, 188.2)
    boxes(pen, EDGES["type"], (y[2] + y[3]) / 2, HOUSEHOLD_TYPES, WIDE)
    pen.across(y[2] + 6.7, 167.4, 185.7)
    boxes(pen, EDGES["type"], (y[3] + y[4]) / 2, RESIDENCE, WIDE)


def column_heads(pen: Pen, top: float, bottom: float) -> None:
    """Heads of the member table."""
    for (left, right), text in zip(pairwise(COLUMNS), _HEADS, strict=True):
        # heads of four characters stand on two lines even where one would do
        inset = max(0.0, (right - left - 13.2) / 2) if "\n" in text else 0.0
        pen.cell((left + inset, top, right - inset, bottom), text, COLUMN_HEAD, wrap_first="\n" in text)


def member_grid(pen: Pen, top: float, first: float, row: float) -> None:
    """Lines of the member table: heads from ``top``, rows from ``first``."""
    for number in range(1, ROWS + 1):
        pen.across(first + number * row)
    for x in COLUMNS[1:-1]:
        pen.down(x, top, first + ROWS * row)


def household_block(pen: Pen, housing: float, land: float, income: float, wishes: float, bottom: float) -> None:
    """住房, 土地, 上年收入, 需求意见."""
    pen.down(45, housing, bottom)
    pen.across(housing + 9, 45)
    for y in (land, income, wishes):
        pen.across(y)
    label(pen, housing, land, "住房")
    label(pen, land, income, "土地")
    pen.cell((LEFT, income, 45, wishes), "上年收入\n（元）", LABEL, wrap_first=True)
    label(pen, wishes, bottom, "需求意见")
    _housing(pen, housing)
    base = middle(land, income, 9)
    land_words = ("耕地", "亩(流转出", "/ 流转入", ")", "林地", "园地", "水面", "亩")
    for x, word in zip((47.3, 68.4, 95.6, 120.0, 122.8, 143.8, 164.8, 184.6), land_words, strict=True):
        pen.text(x, base, word, SMALL_LABEL)
    for left, right in LAND_LINES:
        pen.across(land + 6.5, left, right)
    pen.across(income + 6.5, 45)
    for (left, right), text in zip(pairwise(INCOME), _INCOME_HEADS, strict=True):
        pen.cell((left, income, right, income + 6.5), text, SMALL_LABEL)
        if right != RIGHT:
            pen.down(right, income, wishes)


def _housing(pen: Pen, top: float) -> None:
    first, second = top + 4.5, top + 13.5
    for x, y, word in (
        (47.3, first, "结构"),
        (108.0, first, "面积"),
        (124.8, first, "㎡"),
        (130.1, first, "建成"),
        (147.5, first, "年"),
        (152.6, first, "危房"),
        (47.3, second, "厕所"),
        (112.6, second, "饮水"),
        (165.0, second, "通电"),
    ):
        pen.text(x, middle(y, y, 9), word, SMALL_LABEL)
    pen.across(top + 6.5, 115, 124.2)
    pen.across(top + 6.5, 137.2, 146.9)
    boxes(pen, EDGES["structure"], first, STRUCTURES, NARROW)
    boxes(pen, EDGES["grade"], first, GRADES, GRADE_GAP)
    boxes(pen, EDGES["toilet"], second, TOILETS, NARROW)
    boxes(pen, EDGES["water"], second, WATERS, NARROW)
    boxes(pen, EDGES["power"], second, POWER, 1.8)


@cache
def first_page(shape: Shape) -> Pen:
    """Everything on page 1 that is the same for all households of that shape."""
    pen = Pen()
    pen.text(RIGHT, 35.6, "单位：人、亩、元", PLACE, "right")
    head(pen, shape.head)
    top = shape.members - shape.columns
    column_heads(pen, top, shape.members)
    member_grid(pen, top, shape.members, shape.row)
    household_block(pen, shape.housing, shape.land, shape.income, shape.wishes, shape.statement)
    for y in (top, shape.members, shape.housing, shape.statement):
        pen.across(y, weight=SECTION)
    pen.across(shape.signing)
    pen.text(27.4, middle(shape.statement, shape.signing, 10), "以上信息经本户核对，情况属实。", PLACE)
    signatures(pen, shape.signing, shape.bottom)
    pen.frame(LEFT, TOP, RIGHT, shape.bottom, FRAME)
    for number in range(ROWS):
        y = shape.members + number * shape.row
        pen.cell((25, y, 33, y + shape.row), str(number + 1), PLACE)
    return pen


@cache
def next_page(members: bool, wishes: bool) -> Pen:
    """A 续页: ``members`` with eight more rows, ``wishes`` with room for the rest of 需求意见."""
    pen = Pen()
    pen.text(RIGHT, 35.6, "单位：人、亩、元", PLACE, "right")
    for x in (45, 79, 99, 130, 150):
        pen.down(x, TOP, 47)
    label(pen, TOP, 47, "户主姓名")
    label(pen, TOP, 47, "家庭人口", 79, 99)
    label(pen, TOP, 47, "户编号", 130, 150)
    y: float = 47
    if members:
        pen.across(47)
        column_heads(pen, 47, 57.4)
        member_grid(pen, 47, 57.4, 10)
        pen.across(57.4, weight=SECTION)
        y = 137.4
    if wishes:
        pen.across(y, weight=SECTION)
        pen.down(45, y, y + WISHES_MORE)
        label(pen, y, y + WISHES_MORE, "需求意见")
        y += WISHES_MORE
    pen.across(y, weight=SECTION)
    pen.across(y + 7.5)
    signatures(pen, y + 7.5, y + 40.5)
    pen.frame(LEFT, TOP, RIGHT, y + 40.5, FRAME)
    return pen


WISHES_MORE = 80.0


def title(pen: Pen, text: str) -> None:
    """The title, centred on the block; a long place name makes it smaller, so that it never runs into the code."""
    set_title = line(HEADING.chain, text, (), 45)
    size = HEADING.size
    while size > 9 and set_title.width * size > 124 * MM:
        size -= 0.5
    pen.put(CENTRE, 28, set_title, size, "centre")
