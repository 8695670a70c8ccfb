"""Owns how a department's roster file becomes rows of persons with their households and every finding at its cell.

Nothing is lost silently: a row is either given back, with or without an error, or listed as skipped with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from villagedesk.domain.roster import CellProblem, RosterRow, group_number
from villagedesk.errors import DeskError
from villagedesk.excel.cells import column_letter
from villagedesk.excel.households import HouseholdRuns
from villagedesk.excel.layout import RowKind, Table, fill_merged, find_tables, kind_of
from villagedesk.excel.reader import Sheet, read_sheets
from villagedesk.excel.rows import RowReader
from villagedesk.ports import Files, SystemFiles
from villagedesk.progress import Progress

_STEP = 2000


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that holds no person, with what it was taken for."""

    sheet: str
    row: int
    kind: RowKind


@dataclass(frozen=True, slots=True)
class TableColumns:
    """The columns of one table: ``row`` of its (first) header row; each column's letter, heading and target."""

    sheet: str
    row: int
    columns: tuple[tuple[str, str, str], ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headings that are not imported because nobody knows them."""
        return tuple(heading for _, heading, target in self.columns if not target)


@dataclass(frozen=True, slots=True)
class RosterReading:
    """``rows`` in the order of the file; ``skipped`` leaves blank rows out."""

    rows: tuple[RosterRow, ...]
    tables: tuple[TableColumns, ...]
    skipped: tuple[Skipped, ...]

    @property
    def problems(self) -> tuple[CellProblem, ...]:
        return tuple(problem for row in self.rows for problem in row.problems)


def read_roster(
    path: Path,
    mapping: Mapping[str, str] | None,
    today: date,
    progress: Progress,
    files: Files | None = None,
) -> RosterReading:
    """Read any department's roster (.xlsx, .xls, separated text).

    ``mapping``: normalised heading → target, from ``columns.read_mapping``.  Raises ``DeskError``: those of
    ``reader.read_sheets``, roster_empty, roster_no_name_column, roster_no_id_column.
    """
    sheets = read_sheets(path, files or SystemFiles(), progress)
    if not any(cell != "" for sheet in sheets for row in sheet.rows for cell in row):
        raise DeskError("roster_empty", file=path.name)
    rows: list[RosterRow] = []
    skipped: list[Skipped] = []
    seen: list[TableColumns] = []
    total = sum(len(sheet.rows) for sheet in sheets)
    for sheet in sheets:
        fill_merged(sheet)
        tables = find_tables(sheet, mapping)
        seen += [_columns_of(sheet, table) for table in tables]
        _read_sheet(sheet, tables, today, rows, skipped, lambda done: progress.report(done, total, "step_reading_rows"))
    if not seen:
        raise DeskError("roster_no_name_column", file=path.name)
    if not any(_identifies(table) for table in seen):
        raise DeskError("roster_no_id_column", file=path.name)
    return RosterReading(tuple(_without_local_numbers(rows)), tuple(seen), tuple(skipped))


def _read_sheet(
    sheet: Sheet,
    tables: list[Table],
    today: date,
    rows: list[RosterRow],
    skipped: list[Skipped],
    report: Callable[[int], None],
) -> None:
    runs: HouseholdRuns | None = None
    group = sheet.name if sheet.name[-1:] in "组队社" and group_number(sheet.name) is not None else None
    for table in tables:
        skipped += [Skipped(sheet.name, place + 1, "header") for place in range(table.header, table.first)]
        reader = RowReader(sheet.name, table, today, group)
        runs = runs or HouseholdRuns(sheet.name, reader.by_number, reader.by_head, reader.by_relation)
        for place in range(table.first, table.last):
            cells = sheet.rows[place]
            if not reader.plainly_a_person(cells):
                kind = kind_of(cells, table, reader.name_place)
                if kind != "data":
                    if kind != "blank":
                        skipped.append(Skipped(sheet.name, place + 1, kind))
                    continue
            rows.append(reader.read(cells, place + 1, runs))
            if len(rows) % _STEP == 0:
                report(len(rows))


def _columns_of(sheet: Sheet, table: Table) -> TableColumns:
    named = tuple((column_letter(column.index), column.heading, column.target) for column in table.columns)
    return TableColumns(sheet.name, table.header + 1, named)


def _identifies(table: TableColumns) -> bool:
    """Whether a row can be told from another: by number, or by its place in a household."""
    targets = {target for _, _, target in table.columns}
    return bool(targets & {"member.id_no", "head.id_no", "member.relation", "household.household_no", "head.name"})


def _without_local_numbers(rows: list[RosterRow]) -> list[RosterRow]:
    """Household numbers that start again in another sheet only count households there; they are not kept."""
    sheets: dict[object, set[str]] = defaultdict(set)
    for row in rows:
        sheets[row.household.get("household_no")].add(row.sheet)
    local = {number for number, names in sheets.items() if number is not None and len(names) > 1}
    if not local:
        return rows
    return [
        replace(
            row,
            household_key=f"{row.sheet}:{row.household_key}",
            household={name: value for name, value in row.household.items() if name != "household_no"},
        )
        if row.household.get("household_no") in local
        else row
        for row in rows
    ]
