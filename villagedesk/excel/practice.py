"""Owns the practice town's roster workbook: invented people in the layout of a department, with faults planted.

Title lines, a two-row merged header, merged households, a header repeated further down, a total, a note and a line for
signatures: what arrives in a village office.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from villagedesk.domain.fields import RecordKind, Value
from villagedesk.domain.idnumber import sex_of
from villagedesk.domain.practice import InventedHousehold
from villagedesk.domain.records.household import HOUSEHOLD
from villagedesk.domain.records.member import MEMBER
from villagedesk.domain.values import write_value
from villagedesk.ports import Files, write_bytes

#: Heading and (kind, field) of every column; an empty kind is the running number.
_COLUMNS = (
    ("序号", "", ""),
    ("户编号", "household", "household_no"),
    ("村民小组", "place", "villager_group"),
    ("网格", "place", "grid"),
    ("微网格", "place", "micro_grid"),
    ("姓名", "member", "name"),
    ("性别", "member", "sex"),
    ("公民身份号码", "member", "id_no"),
    ("与户主关系", "member", "relation"),
    ("民族", "member", "ethnic"),
    ("文化程度", "member", "education"),
    ("健康状况", "member", "health"),
    ("劳动能力", "member", "labour"),
    ("务工状况", "member", "work_status"),
    ("户联系电话", "household", "phone"),
    ("户籍地址", "household", "address"),
    ("户类型", "household", "household_type"),
    ("人户状态", "household", "residence_status"),
    ("住房面积", "household", "house_area"),
    ("房屋结构", "household", "house_structure"),
    ("耕地面积(亩)", "household", "farmland"),
    ("工资性收入", "household", "wage_income"),
    ("收入年度", "household", "income_year"),
)
_PEOPLE = (5, 13)  # first and last column under 家庭成员
_ID, _SEX, _RELATION = 7, 6, 8
_REPEAT_EVERY = 60  # households between two headers
_BETWEEN_FAULTS = 17

#: What goes wrong with a number on its way through a spreadsheet; texts become what the cell then holds.
_FAULTS: tuple[Callable[[str], str | float], ...] = (
    float,
    lambda number: f"{float(number[:17] + '0'):.5E}",
    lambda number: number[:6] + number[8:17],
    lambda number: "".join(chr(0xFEE0 + ord(char)) for char in number),
    lambda number: f"{number[:6]} {number[6:14]} {number[14:]}",
    lambda number: number[:17] + "0123456789X0"["0123456789X".index(number[17]) + 1],
    lambda number: number[:15] + "000",
    lambda number: number[:11],
)


@dataclass(frozen=True, slots=True)
class PracticeHousehold:
    """A household and the names of the places it lies in, by kind."""

    made: InventedHousehold
    places: Mapping[str, str]


def write_practice_roster(path: Path, title: str, homes: Sequence[PracticeHousehold], files: Files) -> int:
    """Write the workbook; returns how many faults were planted (full width and blanks are read all the same)."""
    data = io.BytesIO()
    sheet = _Sheet(data, title)
    sheet.head()
    for place, home in enumerate(homes):
        if place and place % _REPEAT_EVERY == 0:
            sheet.header()
        sheet.household(home)
    sheet.end()
    write_bytes(files, path, data.getvalue())
    return sheet.planted


class _Sheet:
    """The sheet as it grows downwards."""

    def __init__(self, out: io.BytesIO, title: str) -> None:
        import xlsxwriter

        self._book: Any = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
        self._sheet: Any = self._book.add_worksheet("花名册")
        self._title = title
        self._bold = self._book.add_format({"bold": True, "align": "center", "valign": "vcenter", "border": 1})
        self._cell = self._book.add_format({"border": 1, "valign": "vcenter", "num_format": 49})
        self._number = self._book.add_format({"border": 1})
        self._row = 0
        self._people = 0
        self._homes = 0
        self.planted = 0

    def head(self) -> None:
        last = len(_COLUMNS) - 1
        self._sheet.merge_range(0, 0, 0, last, self._title, self._bold)
        self._sheet.write_string(1, 0, "填报单位:镇综合办")
        self._sheet.write_string(1, last - 2, "填报日期:2026年11月")
        self._sheet.set_column(_ID, _ID, 21)
        self._row = 2
        self.header()

    def header(self) -> None:
        first, last = _PEOPLE
        self._sheet.merge_range(self._row, first, self._row, last, "家庭成员", self._bold)
        for place, (heading, _, _) in enumerate(_COLUMNS):
            if first <= place <= last:
                self._sheet.write_string(self._row + 1, place, heading, self._bold)
            else:
                self._sheet.merge_range(self._row, place, self._row + 1, place, heading, self._bold)
        self._row += 2

    def household(self, home: PracticeHousehold) -> None:
        self._homes += 1
        last = self._row + len(home.made.members) - 1
        for place, (_, kind, name) in enumerate(_COLUMNS):
            if kind not in ("household", "place"):
                continue
            values = home.made.household if kind == "household" else home.places
            text = _text(HOUSEHOLD, name, values.get(name)) if kind == "household" else str(values.get(name, ""))
            if last > self._row:
                self._sheet.merge_range(self._row, place, last, place, text, self._cell)
            else:
                self._sheet.write_string(self._row, place, text, self._cell)
        for member in home.made.members:
            self._person(member)

    def _person(self, member: Mapping[str, Value]) -> None:
        self._people += 1
        self._sheet.write_number(self._row, 0, self._people, self._number)
        for place, (_, kind, name) in enumerate(_COLUMNS):
            if kind == "member":
                self._put(place, _text(MEMBER, name, _value(member, name)))
        if self._people % _BETWEEN_FAULTS == 0:
            self._plant(str(member["id_no"]))
        self._row += 1

    def _put(self, place: int, cell: str | float) -> None:
        if isinstance(cell, str):
            self._sheet.write_string(self._row, place, cell, self._cell)
        else:
            self._sheet.write_number(self._row, place, cell, self._number)

    def _plant(self, number: str) -> None:
        """The next fault in turn; after the damages of the number: the wrong sex, a relation nobody knows."""
        turn = self.planted % (len(_FAULTS) + 2)
        self.planted += 1
        if turn < len(_FAULTS):
            usable = number if number.isdigit() or turn != 0 else number[:17] + "0"
            self._put(_ID, _FAULTS[turn](usable))
        elif turn == len(_FAULTS):
            self._put(_SEX, "女" if sex_of(number) == "1" else "男")
        else:
            self._put(_RELATION, "户内人")

    def end(self) -> None:
        self._sheet.write_string(self._row, 0, "合计")
        self._sheet.write_string(self._row, 1, f"{self._homes}户")
        self._sheet.write_string(self._row, _PEOPLE[0], f"{self._people}人")
        self._sheet.write_string(self._row + 1, 0, "注:本表人员均为虚构,仅供练习。")
        self._sheet.write_string(self._row + 2, 0, "填表人:")
        self._sheet.write_string(self._row + 2, _PEOPLE[0], "审核人:")
        self._sheet.write_string(self._row + 2, _PEOPLE[1], "负责人(盖章):")
        self._book.close()


def _value(member: Mapping[str, Value], name: str) -> Value:
    return sex_of(str(member["id_no"])) if name == "sex" else member.get(name)


def _text(kind: RecordKind, name: str, value: Value) -> str:
    return write_value(kind.by_name[name], value)
