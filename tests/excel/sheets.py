"""Workbooks and rosters for tests, cell by cell.  All people are invented (prefix 9999xx)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter

from villagedesk.domain.idnumber import check_character
from villagedesk.excel.columns import read_mapping
from villagedesk.excel.roster import RosterReading, read_roster
from villagedesk.progress import Progress

TODAY = date(2026, 11, 23)

Cells = Sequence[str | float]
Merge = tuple[int, int, int, int]


def number(born: str, sequence: int) -> str:
    """A sound ID number of nobody."""
    digits = f"999901{born}{sequence:03d}"
    return digits + check_character(digits)


def workbook(
    path: Path,
    sheets: Mapping[str, Sequence[Cells]],
    merged: Sequence[Merge] = (),
    hidden: Sequence[int] = (),
    at: tuple[int, int] = (0, 0),
) -> Path:
    """Sheets by name.  ``merged``: top, left, bottom, right in every sheet; ``at``: where the first cell stands."""
    down, right = at
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows, down):
                for column, cell in enumerate(cells, right):
                    if isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    else:
                        sheet.write_number(row, column, cell)
            for top, left, bottom, end in merged:
                sheet.merge_range(top, left, bottom, end, rows[top - down][left - right])
            for column in hidden:
                sheet.set_column(column, column, None, None, {"hidden": True})
    return path


def read(path: Path, mapping: Mapping[str, str] | None = None) -> RosterReading:
    """The roster in a file, on a fixed day."""
    return read_roster(path, read_mapping(mapping) if mapping else None, TODAY, Progress())


def people(reading: RosterReading) -> list[tuple[object, object, object, int]]:
    """(name, number, relation, running number of the household)."""
    keys = list(dict.fromkeys(row.household_key for row in reading.rows))
    return [
        (row.member.get("name"), row.member.get("id_no"), row.member.get("relation"), keys.index(row.household_key))
        for row in reading.rows
    ]


def found(reading: RosterReading) -> list[tuple[str, str]]:
    """Findings as ("J12", code), in the order of the file."""
    return [(f"{problem.column}{problem.row}", problem.code) for problem in reading.problems]


def lines(reading: RosterReading) -> list[tuple[int, str]]:
    """Lines that are no people, with what they were taken for."""
    return [(line.row, line.kind) for line in reading.skipped]
