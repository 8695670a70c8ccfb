"""Owns writing a table of texts as a workbook or as separated text.  Every cell is a text cell: nothing is calculated.

A workbook is written row by row, so memory stays flat; the file appears under its name only when it is whole.
"""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from villagedesk.errors import EnvironmentFault
from villagedesk.ports import Files

#: First characters that would make a spreadsheet calculate (sync.md section 5), also full-width.
_FORMULA = frozenset("=+-@\t\r")
_SHEET_NAME = 31
#: Number of the built-in format "@".
_TEXT_FORMAT = 49


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in characters; ``digits``: ID, phone and bank columns, kept as text also when a clerk types there."""

    heading: str
    width: int
    digits: bool = False
    hidden: bool = False


def write_table(path: Path, title: str, columns: Sequence[Column], rows: Iterable[Sequence[str]], files: Files) -> None:
    """A workbook, or separated text (UTF-8 with BOM) where the name ends in .csv; raises ``EnvironmentFault``."""
    if path.suffix.lower() == ".csv":
        write_text(path, columns, rows, files)
    else:
        write_workbook(path, title, columns, rows, files)


def write_workbook(
    path: Path, title: str, columns: Sequence[Column], rows: Iterable[Sequence[str]], files: Files
) -> None:
    """One sheet: frozen header row, filter, widths; ``title`` names the sheet."""

    def fill(out: BinaryIO) -> None:
        import xlsxwriter

        book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False})
        sheet = book.add_worksheet(title[:_SHEET_NAME])
        head = book.add_format({"bold": True, "bg_color": "#E8EEE9", "border": 1, "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": _TEXT_FORMAT})
        for place, column in enumerate(columns):
            options = {"hidden": True} if column.hidden else {}
            sheet.set_column(place, place, column.width, text if column.digits else None, options)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.heading, head)
        formats = [text if column.digits else None for column in columns]
        write = sheet.write_string
        last = 0
        for last, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if cell:
                    write(last, place, cell, formats[place])
        sheet.autofilter(0, 0, last, len(columns) - 1)
        book.close()

    files.write(path, fill, _is_whole)


def write_text(path: Path, columns: Sequence[Column], rows: Iterable[Sequence[str]], files: Files) -> None:
    """UTF-8 with BOM, so that a spreadsheet reads rare characters; cells that would be calculated get an apostrophe."""

    def fill(out: BinaryIO) -> None:
        stream = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
        lines = csv.writer(stream)
        lines.writerow([column.heading for column in columns])
        for row in rows:
            lines.writerow([guarded(cell) for cell in row])
        stream.detach()

    files.write(path, fill, lambda part: None)


def guarded(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would calculate."""
    return f"'{cell}" if cell and unicodedata.normalize("NFKC", cell[0])[:1] in _FORMULA else cell


def _is_whole(path: Path) -> None:
    """A workbook cut short has no directory at its end."""
    if not zipfile.is_zipfile(path):
        raise EnvironmentFault("written_file_differs", file=path.name)
