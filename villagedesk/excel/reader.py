"""Owns how a department's file becomes sheets of cells: .xlsx and .xls workbooks, separated text in any usual encoding.

Bounds everything before it is unpacked: a file from outside must not fill the memory.  Knows nothing of rosters.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from villagedesk.errors import DeskError
from villagedesk.excel.cells import Cell
from villagedesk.excel.locks import is_locked
from villagedesk.excel.package import check_package
from villagedesk.ports import Files
from villagedesk.progress import Progress

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MAX_FILE = 64 << 20
MAX_ROWS = 199_999
MAX_COLUMNS = 702  # A … ZZ
MAX_CELLS = 12_000_000
MAX_SHEETS = 200

_OLE = b"\xd0\xcf\x11\xe0"
_WORKBOOKS = frozenset((".xlsx", ".xlsm", ".xls", ".et"))
Merged = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows[i][j]`` is the cell in row i + 1, column j of the clerk's sheet; ``merged``: first and last corner.

    ``misnamed``: text in a file whose name says workbook.  Many systems write tables so, but it may be anything.
    """

    name: str
    rows: list[list[Cell]]
    merged: tuple[Merged, ...] = ()
    misnamed: bool = False


def read_sheets(path: Path, files: Files, progress: Progress) -> list[Sheet]:
    """All visible sheets with something in them.

    Raises ``DeskError``: roster_not_workbook, roster_password, roster_too_large, roster_encoding; ``EnvironmentFault``
    when the file cannot be read.
    """
    data = files.read(path, MAX_FILE)
    if data.startswith(b"PK"):
        check_package(data, path.name, 10 * MAX_SHEETS, progress)
        return _read_workbook(data, path, progress)
    if data.startswith(_OLE):
        if is_locked(data):
            raise DeskError("roster_password", file=path.name)
        return _read_workbook(data, path, progress)
    return [Sheet(path.stem, _read_text(data, path, progress), misnamed=_says_workbook(path))]


def _says_workbook(path: Path) -> bool:
    return path.suffix.lower() in _WORKBOOKS


def _read_workbook(data: bytes, path: Path, progress: Progress) -> list[Sheet]:
    import python_calamine as calamine

    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            names = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.typ == calamine.SheetTypeEnum.WorkSheet and sheet.visible == calamine.SheetVisibleEnum.Visible
            ]
            if len(names) > MAX_SHEETS:
                raise DeskError("roster_too_large", file=path.name)
            return list(_sheets(book, names, path, progress))
    except calamine.PasswordError as error:
        raise DeskError("roster_password", file=path.name) from error
    except calamine.CalamineError as error:
        raise DeskError("roster_not_workbook", file=path.name) from error


def _sheets(book: CalamineWorkbook, names: list[str], path: Path, progress: Progress) -> Iterator[Sheet]:
    cells = 0
    for place, name in enumerate(names):
        progress.report(place, len(names), "step_reading_sheets")
        sheet = book.get_sheet_by_name(name)
        down, right = sheet.end or (-1, -1)
        cells += (down + 1) * (right + 1)
        if down >= MAX_ROWS or right >= MAX_COLUMNS or cells > MAX_CELLS:
            raise DeskError("roster_too_large", file=path.name)
        rows = sheet.to_python(skip_empty_area=False)
        if rows:
            yield Sheet(name, rows, tuple(sheet.merged_cell_ranges or ()))


def _read_text(data: bytes, path: Path, progress: Progress) -> list[list[Cell]]:
    text = _decode(data, path)
    if text.lstrip()[:1] in ("<", "{", "%"):
        raise DeskError("roster_not_workbook", file=path.name)
    rows: list[list[Cell]] = []
    cells = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for row in reader:
            cells += len(row)
            # rows keep their line numbers of a spreadsheet: one per record, blank ones too
            rows.append([_unguarded(cell) for cell in row])
            if len(rows) > MAX_ROWS or len(row) > MAX_COLUMNS or cells > MAX_CELLS:
                raise DeskError("roster_too_large", file=path.name)
            if len(rows) % 5000 == 0:
                progress.check()
    except csv.Error as error:
        raise DeskError("roster_not_workbook", file=path.name) from error
    return rows


def _decode(data: bytes, path: Path) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data:
        raise DeskError("roster_not_workbook", file=path.name)
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            # a byte-order mark is no part of the first heading, in any encoding
            return data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    raise DeskError("roster_not_workbook" if _says_workbook(path) else "roster_encoding", file=path.name)


def _delimiter(text: str) -> str:
    head = text[:20_000]
    return max((",", "\t", ";"), key=head.count)


def _unguarded(cell: str) -> str:
    """Without what keeps a spreadsheet from calculating: a leading apostrophe, or ="…" around a number."""
    if cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1]
    return cell[1:] if cell.startswith("'") else cell
