"""Owns where a household's values go on its sheet (domain reference 3.2, 3.3).

Must not know the lines of the sheet (household_shape.py).  What is unknown stays empty, to be filled by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from villagedesk.domain.codes import code_list
from villagedesk.domain.records.household import Household, net_income, net_income_per_head
from villagedesk.domain.records.member import HEAD, Member
from villagedesk.reports import figures, marks
from villagedesk.reports.household_shape import (
    COLUMNS,
    EDGES,
    GRADE_GAP,
    GRADES,
    HOUSEHOLD_TYPES,
    INCOME,
    LAND_LINES,
    NARROW,
    POWER,
    RESIDENCE,
    STRUCTURES,
    TOILETS,
    WATERS,
    WIDE,
    Shape,
    title,
)
from villagedesk.reports.paper import (
    COLUMN_VALUE,
    HEAD_NAME,
    MM,
    NAME,
    NUMBER,
    OPTION,
    PLACE,
    TOP,
    VALUE,
    Pen,
    Role,
)
from villagedesk.reports.typeset import LEADING, filled

#: The sheet has fewer boxes than the code lists have entries: which box stands for which code.
TICKED: Mapping[str, Mapping[str, int]] = {
    "household_type": {"1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "9": 5},
    "residence_status": {"1": 0, "2": 1, "3": 2, "4": 3},
    "house_structure": {"1": 3, "2": 0, "3": 1, "4": 2, "5": 3, "6": 3, "7": 3, "8": 3},
    "house_grade": {"A": 0, "B": 1, "C": 2, "D": 3},
    "toilet_type": {"1": 0, "2": 1, "3": 2, "4": 3, "5": 3},  # 公厕: the household itself has none
    "water_source": {"1": 0, "2": 1, "3": 1, "4": 2, "5": 2, "6": 2, "7": 2},
}

_ID_GROUPS = (6, 8, 4)
_PHONE_GROUPS = (3, 4, 4)
_WISHES = (47.3, 193.2)


@dataclass(frozen=True, slots=True)
class HouseholdSheet:
    """One household as printed: names of places, the record's id (16 bytes), household and current members in order."""

    town_name: str
    village_name: str
    grid_name: str
    micro_grid_name: str
    group_name: str
    household_no: str
    record: bytes
    household: Household
    members: tuple[Member, ...]


def head_name(sheet: HouseholdSheet) -> str:
    """Name of the member whose relation is 户主; "" when there is none."""
    return next((member.name or "" for member in sheet.members if member.relation == HEAD), "")


def sex_of(member: Member) -> str:
    """Short name of the recorded sex, else of the one in the identity number: 17th digit odd 男 (reference 1.1)."""
    number = member.id_no or ""
    code = member.sex
    if code is None and len(number) == 18 and number[16].isdigit():
        code = "1" if int(number[16]) % 2 else "2"
    return code_list("sex").short_of(code)


def count(flags: list[bool | None]) -> str:
    """How many are true; "" when one is unknown, so that nobody signs a guessed number."""
    return "" if not flags or None in flags else str(sum(flag is True for flag in flags))


def masthead(pen: Pen, sheet: HouseholdSheet, title_text: str) -> None:
    """Title, place line, date of collection."""
    title(pen, title_text)
    places = (sheet.town_name, sheet.village_name, sheet.grid_name, sheet.micro_grid_name, sheet.group_name)
    pen.cell((25, 31.0, 94.5, 37.6), " ".join(place for place in places if place), PLACE, "left")
    date = figures.day(sheet.household.collected_on)
    if date:
        pen.text(96.8, 35.6, f"采集日期 {date}", PLACE)
    else:
        pen.text(96.8, 35.6, "采集日期", PLACE)
        for x, word in ((122, "年"), (131, "月"), (140, "日")):
            pen.text(x, 35.6, word, PLACE)


def first_values(pen: Pen, sheet: HouseholdSheet, shape: Shape) -> None:
    """Everything of page 1 but the member rows."""
    household = sheet.household
    y = [TOP + shape.head * number for number in range(5)]
    pen.cell((47, y[0], 78, y[1]), head_name(sheet), HEAD_NAME, "left")
    phone = household.phone or ""
    mobile = len(phone) == 11 and phone.startswith("1")
    pen.cell((100.9, y[0], 129, y[1]), phone, NUMBER, "left", groups=_PHONE_GROUPS if mobile else ())
    pen.cell((152, y[0], 194, y[1]), sheet.household_no, OPTION, "left")
    pen.cell((47, y[1], 129, y[2]), household.address or "", VALUE, "left")
    _on_line(pen, 158.9, 167.2, y[1] + 6.8, count([member.registered for member in sheet.members]))
    _on_line(pen, 179.9, 188.2, y[1] + 6.8, count([member.resident for member in sheet.members]))
    _ticked(pen, "household_type", household.household_type, EDGES["type"], (y[2] + y[3]) / 2, HOUSEHOLD_TYPES, WIDE)
    _on_line(pen, 167.4, 185.7, y[2] + 6.7, household.household_type_note or "")
    _ticked(pen, "residence_status", household.residence_status, EDGES["type"], (y[3] + y[4]) / 2, RESIDENCE, WIDE)
    _housing(pen, household, shape.housing)
    land = (
        household.farmland,
        household.leased_out,
        household.leased_in,
        household.forest,
        household.orchard,
        household.pond,
    )
    for (left, right), amount in zip(LAND_LINES, land, strict=True):
        _on_line(pen, left, right, shape.land + 6.5, figures.land(amount))
    _income(pen, household, len(sheet.members), shape.income + 6.5, shape.wishes)
    pen.cell((103.8, shape.signing + 5.5, 127, shape.signing + 12), household.collector or "", VALUE, "left")


def _on_line(pen: Pen, left: float, right: float, y: float, text: str) -> None:
    pen.cell((left, y - 4.7, right, y + 0.7), text, VALUE)


def _ticked(
    pen: Pen, list_name: str, code: str | None, x: float, middle: float, words: tuple[str, ...], gap: float
) -> None:
    """A code this version does not know ticks no box."""
    place = TICKED[list_name].get(code or "")
    if place is not None:
        marks.tick(pen, marks.options(x, words, gap)[place], middle)


def _housing(pen: Pen, household: Household, top: float) -> None:
    first, second = top + 4.5, top + 13.5
    _ticked(pen, "house_structure", household.house_structure, EDGES["structure"], first, STRUCTURES, NARROW)
    _ticked(pen, "house_grade", household.house_grade, EDGES["grade"], first, GRADES, GRADE_GAP)
    _ticked(pen, "toilet_type", household.toilet, EDGES["toilet"], second, TOILETS, NARROW)
    _ticked(pen, "water_source", household.water, EDGES["water"], second, WATERS, NARROW)
    _on_line(pen, 115, 124.2, top + 6.5, figures.area(household.house_area))
    _on_line(pen, 137.2, 146.9, top + 6.5, str(household.house_built or ""))
    if household.power is not None:
        marks.tick(pen, marks.options(EDGES["power"], POWER, 1.8)[0 if household.power else 1], second)


def _income(pen: Pen, household: Household, people: int, top: float, bottom: float) -> None:
    amounts = (
        household.wage_income,
        household.business_income,
        household.property_income,
        household.transfer_income,
        household.business_cost,
        net_income(household),
        net_income_per_head(household, people),
    )
    for (left, right), amount in zip(pairwise(INCOME), amounts, strict=True):
        pen.cell((left + 1, top, right - 1.8, bottom), figures.money(amount), NUMBER, "right")


def member_row(pen: Pen, member: Member, top: float, bottom: float) -> None:
    """One row of the member table, without its number."""
    number = member.id_no or member.id_missing_reason or ""
    whole = member.id_no is not None and len(member.id_no) == 18
    edges = list(pairwise(COLUMNS))[1:]

    def put(column: int, text: str, role: Role = COLUMN_VALUE) -> None:
        left, right = edges[column]
        pen.cell((left + 0.5, top, right - 0.5, bottom), text, role, wrap_first=True)

    put(0, member.name or "", NAME)
    put(1, sex_of(member))
    if whole:
        pen.cell((61.5, top, 102.5, bottom), number, NUMBER, groups=_ID_GROUPS)
    else:
        put(2, number, NUMBER if member.id_no else VALUE)
    put(3, code_list("relation").short_of(member.relation))
    put(4, code_list("ethnic").short_of(member.ethnic))
    put(5, code_list("education").short_of(member.education))
    put(6, code_list("health").short_of(member.health))
    put(7, code_list("labour").short_of(member.labour))
    months = f"\n{member.work_months}月" if member.work_months else ""
    put(8, code_list("work_status").short_of(member.work_status) + months)


def split_wishes(text: str, height: float) -> tuple[float, list[str], str]:
    """Size and lines of 需求意见 that stand in a cell of ``height`` mm, and the rest for a 续页."""
    width = (_WISHES[1] - _WISHES[0]) * MM
    size, lines, room = VALUE.size, [text], 1
    while True:
        lines = filled(VALUE.chain, text, width / size)
        room = max(1, int((height - 1.5) * MM / (size * LEADING * 1.08)))
        if len(lines) <= room or size <= VALUE.floor:
            break
        size -= 0.5
    if len(lines) <= room:
        return size, lines, ""
    kept = lines[:room]
    used = 0
    for part in kept:  # blanks and line feeds at the breaks are not in the lines
        used = text.index(part, used) + len(part)
    return size, kept, text[used:].lstrip()


def wishes(pen: Pen, lines: list[str], size: float, top: float) -> None:
    """Lines of 需求意见 from ``top`` mm."""
    step = size * LEADING * 1.08 / MM
    start = top + (1.5 if size == VALUE.size else 0.8)  # a full cell begins higher, or its last line meets the frame
    for number, text in enumerate(lines):
        if text:
            pen.cell(
                (_WISHES[0], start + number * step, _WISHES[1] + 1, start + (number + 1) * step),
                text,
                Role(VALUE.chain, size, size - 1),
                "left",
            )
