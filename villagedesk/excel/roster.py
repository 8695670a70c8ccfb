"""Owns how a department's roster file becomes rows of persons with their households and every finding at its cell.

Nothing is lost silently: a row is either given back, with or without an error, or listed as skipped with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from villagedesk.domain.records.member import HEAD
from villagedesk.domain.roster import WARNING, CellProblem, Origin, RosterRow, group_number
from villagedesk.domain.values import JOIN
from villagedesk.errors import DeskError
from villagedesk.excel.cells import Cell, cell_text, column_index, column_letter
from villagedesk.excel.columns import IGNORED, normal
from villagedesk.excel.heads import with_heads
from villagedesk.excel.households import HouseholdRuns
from villagedesk.excel.layout import Table, as_flags, fill_merged, find_tables
from villagedesk.excel.lines import RowKind, group_between, kind_of, repeats
from villagedesk.excel.localnumbers import without_local_numbers
from villagedesk.excel.reader import Sheet, read_sheets
from villagedesk.excel.rows import RowReader
from villagedesk.ports import Files, SystemFiles
from villagedesk.progress import Progress

_STEP = 2000
#: A line with fewer texts is no person's.
_LEAST_TEXTS = 3
_SEARCHED = 40

#: A cell: sheet, row as numbered in the sheet, column letter.
Place = tuple[str, int, str]


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


@dataclass(frozen=True, slots=True)
class RosterReading:
    """``rows`` in the order of the file; ``skipped`` leaves blank rows out; ``remarks``: findings about no person.

    ``cells``: what stands in each cell with a finding, by (sheet, row, column letter).
    """

    rows: tuple[RosterRow, ...]
    tables: tuple[TableColumns, ...]
    skipped: tuple[Skipped, ...]
    remarks: tuple[CellProblem, ...] = ()
    cells: Mapping[Place, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[CellProblem, ...]:
        return (*self.remarks, *(problem for row in self.rows for problem in row.problems))


class UnclearColumns(DeskError):
    """``tables``: how the columns were understood, for a person to say it better."""

    def __init__(self, code: str, tables: tuple[TableColumns, ...], file: str) -> None:
        super().__init__(code, file=file)
        self.tables = tables


def read_roster(
    path: Path,
    mapping: Mapping[str, str] | None,
    today: date,
    progress: Progress,
    files: Files | None = None,
    corrections: Mapping[Place, str] | None = None,
) -> RosterReading:
    """Read any department's roster (.xlsx, .xls, separated text).

    ``mapping``: normalised heading → target, from ``columns.read_mapping``; ``corrections``: texts that stand for what
    the cells hold, the file itself is never touched.  Raises ``DeskError``: those of
    ``reader.read_sheets``, roster_empty, roster_no_name_column, roster_no_id_column, roster_no_people.
    """
    sheets = read_sheets(path, files or SystemFiles(), progress)
    if not any(cell != "" for sheet in sheets for row in sheet.rows for cell in row):
        raise DeskError("roster_empty", file=path.name)
    total = sum(len(sheet.rows) for sheet in sheets)
    reader = _RosterReader(mapping, today, lambda done: progress.report(done, total, "step_reading_rows"))
    for sheet in sheets:
        _correct(sheet, corrections or {})
        reader.read(sheet)
    if not reader.tables:
        misnamed = any(sheet.misnamed for sheet in sheets)
        if misnamed:
            raise DeskError("roster_not_workbook", file=path.name)
        raise UnclearColumns("roster_no_name_column", tuple(filter(None, map(_guessed, sheets))), path.name)
    if not any(_identifies(table) for table in reader.tables):
        raise UnclearColumns("roster_no_id_column", tuple(reader.tables), path.name)
    reading = reader.done()
    if not reading.rows:
        raise DeskError("roster_no_people", file=path.name)
    return replace(reading, cells=_texts_at(sheets, reading.problems))


def _correct(sheet: Sheet, corrections: Mapping[Place, str]) -> None:
    """Put mended texts in the place of what the file holds."""
    for (name, row, letter), text in corrections.items():
        if name == sheet.name and 0 < row <= len(sheet.rows):
            cells, column = sheet.rows[row - 1], column_index(letter)
            cells += [""] * (column + 1 - len(cells))
            cells[column] = text


def _texts_at(sheets: Iterable[Sheet], problems: Iterable[CellProblem]) -> dict[Place, str]:
    """What the cells with a finding hold."""
    by_name = {sheet.name: sheet.rows for sheet in sheets}
    found: dict[Place, str] = {}
    for problem in problems:
        rows = by_name.get(problem.sheet, [])
        if problem.column and 0 < problem.row <= len(rows):
            cells, column = rows[problem.row - 1], column_index(problem.column)
            found[problem.sheet, problem.row, problem.column] = cell_text(cells[column]) if column < len(cells) else ""
    return found


class _RosterReader:
    """Reads sheet after sheet of one file."""

    def __init__(self, mapping: Mapping[str, str] | None, today: date, report: Callable[[int], None]) -> None:
        self.tables: list[TableColumns] = []
        self._mapping = mapping
        self._today = today
        self._report = report
        self._rows: list[RosterRow] = []
        self._skipped: list[Skipped] = []
        self._restarted: set[str] = set()
        self._without_numbers: dict[str, RosterRow] = {}
        self._heads: dict[Origin, RosterRow] = {}
        self._headed: set[tuple[str, str]] = set()
        self._unread: list[tuple[str, int]] = []

    def read(self, sheet: Sheet) -> None:
        """All tables of one sheet."""
        fill_merged(sheet)
        runs = HouseholdRuns(sheet.name, by_relation=False)
        group = sheet.name if sheet.name.endswith(("组", "队", "社")) and group_number(sheet.name) is not None else None
        tables = [as_flags(sheet, table) for table in find_tables(sheet, self._mapping)]
        if not tables and (lines := _lines_of_people(sheet)):
            self._unread.append((sheet.name, lines))
        for table in tables:
            self.tables.append(_columns_of(sheet, table))
            if table.span is None or table.span[0] == 0:
                headers = range(table.header, table.first)
                self._skipped += [Skipped(sheet.name, place + 1, "header") for place in headers]
            reader = RowReader(sheet.name, table, self._today, group)
            runs.by_relation = reader.by_relation
            self._read_table(sheet, table, reader, runs)
            group = reader.group
        if runs.restarted:
            self._restarted.add(sheet.name)

    def _read_table(self, sheet: Sheet, table: Table, reader: RowReader, runs: HouseholdRuns) -> None:
        before = len(self._rows)
        for place in range(table.first, table.last):
            cells = table.within(sheet.rows[place])
            if not reader.plainly_a_person(cells):
                name_place = reader.name_place_of(cells)
                kind = kind_of(cells, table, name_place)
                if name_place != reader.name_place and kind == "data" and repeats(cells, sheet.rows[place - 1]):
                    kind = "note"  # a spare line of a merged household
                if kind == "title":
                    reader.group = group_between(cells) or reader.group
                if kind != "data":
                    if kind != "blank":
                        self._skipped.append(Skipped(sheet.name, place + 1, kind))
                    continue
            row = reader.read(cells, place + 1, runs)
            self._rows.append(row)
            self._note_head(row, reader, cells)
            if len(self._rows) % _STEP == 0:
                self._report(len(self._rows))
        beside = table.unread_beside()
        if len(self._rows) > before and beside is not None:
            first, column = self._rows[before], column_letter(beside.index)
            said = CellProblem(first.sheet, first.row, "", "table_beside", WARNING, {"column": column})
            self._rows[before] = first._replace(problems=(*first.problems, said))
        if len(self._rows) > before and not reader.has_numbers:
            self._without_numbers.setdefault(sheet.name, self._rows[before])

    def _note_head(self, row: RosterRow, reader: RowReader, cells: list[Cell]) -> None:
        """Who could be the head of a household that has not shown one yet."""
        home = (row.sheet, row.household_key or "")
        if row.household_key is None or home in self._headed:
            return
        if row.member.get("relation") == HEAD:
            self._headed.add(home)
        elif (head := reader.head_of(cells, row)) is not None:
            self._headed.add(home)
            self._heads[row.origin] = head

    def done(self) -> RosterReading:
        """Everything read."""
        rows, local = without_local_numbers(self._rows, self._restarted)
        rows, repeated = with_heads(rows, self._heads)
        skipped = (*self._skipped, *(Skipped(row.sheet, row.row, "note") for row in repeated))
        chosen = self._mapping or {}
        remarks = [
            CellProblem(table.sheet, table.row, letter, "column_unknown", WARNING, {"heading": heading})
            for table in self.tables
            for letter, heading, target in table.columns
            if not target and chosen.get(normal(heading)) != IGNORED
        ]
        # said once for the sheet, at its first person, where the preview shows it
        numberless = (
            CellProblem(row.sheet, row.row, "", "id_column_missing", WARNING) for row in self._without_numbers.values()
        )
        # said at the first person of the file, where the preview shows it
        unread: list[CellProblem] = []
        if rows and self._unread:
            told = {"sheet": JOIN.join(name for name, _ in self._unread), "rows": sum(n for _, n in self._unread)}
            unread.append(CellProblem(rows[0].sheet, rows[0].row, "", "sheet_not_read", WARNING, told))
        return RosterReading(tuple(rows), tuple(self.tables), skipped, (*unread, *numberless, *remarks, *local))


def _lines_of_people(sheet: Sheet) -> int:
    """How many lines of a sheet could be people: with several texts, as no page of instructions has."""
    lines = [row for row in sheet.rows if sum(cell_text(cell).strip() != "" for cell in row) >= _LEAST_TEXTS]
    return len(lines) if len(lines) > 1 else 0


def _guessed(sheet: Sheet) -> TableColumns | None:
    """The first line that may be headings, for a person to say what they mean: several texts, none of them a number."""
    for place, row in enumerate(sheet.rows[:_SEARCHED]):
        texts = [(column, text) for column, cell in enumerate(row) if (text := cell_text(cell).strip())]
        if len(texts) >= _LEAST_TEXTS and not any(any(map(str.isdigit, text)) for _, text in texts):
            return TableColumns(sheet.name, place + 1, tuple((column_letter(at), text, "") for at, text in texts))
    return None


def _columns_of(sheet: Sheet, table: Table) -> TableColumns:
    named = tuple((column_letter(column.index), column.heading, column.target) for column in table.columns)
    return TableColumns(sheet.name, table.header + 1, named)


def _identifies(table: TableColumns) -> bool:
    """Whether a row can be told from another: by number, or by its place in a household."""
    targets = {target for _, _, target in table.columns}
    return bool(targets & {"member.id_no", "head.id_no", "member.relation", "household.household_no", "head.name"})
