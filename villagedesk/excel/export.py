"""Owns our own roster layout: one person a row in the order of the paper (domain reference 3.2), read back unchanged.

The headings are ours (resources/codes/roster-columns.json), so that every one is recognised again.  Two hidden columns
at the end name the records, so that an edited export updates and never duplicates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from villagedesk.domain.codes import code_list
from villagedesk.domain.fields import Field, Type, Value, Values
from villagedesk.domain.idnumber import sex_of
from villagedesk.domain.masks import IdMask, mask_bank, mask_certificate, mask_id
from villagedesk.domain.records.household import HOUSEHOLD
from villagedesk.domain.records.member import MEMBER
from villagedesk.domain.values import write_value
from villagedesk.excel.columns import roster_words
from villagedesk.excel.writer import Column, write_table
from villagedesk.ports import Files

#: The order that people expect (domain reference 3.2); the other fields follow in the order of their declaration.
_FIRST = (
    ("household", "household_no"),
    ("place", "villager_group"),
    ("place", "grid"),
    ("place", "micro_grid"),
    *(
        ("member", name)
        for name in (
            "name",
            "sex",
            "id_no",
            "disability_cert",
            "relation",
            "ethnic",
            "education",
            "student_status",
            "health",
            "labour",
            "work_status",
            "work_months",
            "low_income",
            "medical_insurance",
            "pension_insurance",
            "serious_illness_insurance",
            "phone",
        )
    ),
)
_PLACES = ("villager_group", "grid", "micro_grid")
_DIGITS = frozenset((Type.ID_NO, Type.PHONE, Type.BANK))
_WIDTHS: Mapping[Type, int] = {Type.ID_NO: 21, Type.BANK: 22, Type.PHONE: 14, Type.DATE: 12, Type.NAME: 11}
_LONG = frozenset(("address", "actual_address", "needs", "note", "work_place"))


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One person with the household; ``places``: names by kind; ids are hex."""

    household_id: str
    household: Values
    member_id: str
    member: Values
    places: Mapping[str, str]


def write_roster(path: Path, title: str, rows: Iterable[ExportRow], count: int, full_ids: bool, files: Files) -> None:
    """Write the roster of ``count`` people; without ``full_ids`` ID numbers, certificates and accounts are masked."""
    layout = _layout()
    writers = [_writer(kind, name, full_ids) for kind, name in layout]
    personal = [(place, writers[place]) for place, (kind, _) in enumerate(layout) if kind == "member"]
    shared = [(place, writers[place]) for place, (kind, _) in enumerate(layout) if kind != "member"]

    def lines() -> Iterator[list[str]]:
        before, home = "", [""] * len(layout)
        for row in rows:
            if row.household_id != before:
                before = row.household_id
                for place, write in shared:
                    home[place] = write(row)
            line = [*home, row.member_id, row.household_id]
            for place, write in personal:
                line[place] = write(row)
            yield line

    write_table(path, title, _columns(), lines(), count, files)


def write_template(path: Path, title: str, files: Files) -> None:
    """The same columns with nobody in them."""
    write_table(path, title, _columns()[:-2], (), 1, files)


Writer = Callable[[ExportRow], str]


@cache
def _layout() -> tuple[tuple[str, str], ...]:
    """(kind, field) of every column."""
    left_out = {("member", "household"), *(("household", name) for name in _PLACES)}
    own = [("household", field.name) for field in HOUSEHOLD.fields]
    people = [("member", field.name) for field in MEMBER.fields]
    rest = [entry for entry in (*people, *own) if entry not in _FIRST and entry not in left_out]
    return (*_FIRST, *rest)


def _columns() -> list[Column]:
    headings = roster_words().headings
    columns = []
    for kind, name in _layout():
        field = None if kind == "place" else _field(kind, name)
        heading = headings[f"{kind}.{name}"]
        width = 30 if name in _LONG else _WIDTHS.get(field.type, 0) if field else 12
        columns.append(Column(heading, max(width, 2 * len(heading) + 1), field is not None and field.type in _DIGITS))
    ends = (Column(headings[f"own.{kind}"], 34, hidden=True) for kind in ("member", "household"))
    return [*columns, *ends]


def _field(kind: str, name: str) -> Field:
    return (MEMBER if kind == "member" else HOUSEHOLD).by_name[name]


def _writer(kind: str, name: str, full_ids: bool) -> Writer:
    if kind == "place":
        return lambda row: row.places.get(name, "")
    field = _field(kind, name)
    if kind == "member" and name == "sex":
        return lambda row: _sex(row.member)
    show = _shown(field, full_ids)
    if kind == "member":
        return lambda row: show(row.member.get(name))
    return lambda row: show(row.household.get(name))


def _shown(field: Field, full_ids: bool) -> Callable[[Value], str]:
    """How a value of the field is written; texts of code lists are looked up once."""
    masks: dict[Type, Callable[[str], str]] = {
        Type.ID_NO: lambda text: mask_id(text, IdMask.INTERNAL),
        Type.BANK: mask_bank,
        Type.TEXT: mask_certificate,
    }
    if field.sensitive and not full_ids and field.type in masks:
        mask = masks[field.type]
        return lambda value: mask(str(value)) if value is not None else ""
    if field.type in (Type.CODE, Type.FLAG):
        known: dict[Value, str] = {None: ""}
        return lambda value: known[value] if value in known else known.setdefault(value, write_value(field, value))
    if field.type in (Type.TEXT, Type.NAME, Type.ID_NO, Type.PHONE, Type.BANK, Type.DATE, Type.MONTH):
        return lambda value: value if isinstance(value, str) else ""
    return lambda value: write_value(field, value)


def _sex(member: Values) -> str:
    """From the number where there is one: stored only where there is none."""
    value = sex_of(member.get("id_no")) or member.get("sex")  # type: ignore[arg-type]
    return code_list("sex").short_of(value) if isinstance(value, str) else ""
