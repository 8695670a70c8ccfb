"""Owns writing a table of texts as a workbook or as separated text.  Every cell is a text cell: nothing is calculated.

A workbook is written row by row, so memory stays flat; the file appears under its name only when it is whole.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import escape

from villagedesk.errors import EnvironmentFault
from villagedesk.excel.cells import column_letter
from villagedesk.ports import Files

_SHEET = "xl/worksheets/sheet1.xml"
_SAMPLE = "x"
_ROWS_AT_ONCE = 500
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CODED = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)")
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


def write_table(
    path: Path, title: str, columns: Sequence[Column], rows: Iterable[Sequence[str]], count: int, files: Files
) -> None:
    """A workbook, or separated text (UTF-8 with BOM) where the name ends in .csv; raises ``EnvironmentFault``."""
    if path.suffix.lower() == ".csv":
        write_text(path, columns, rows, files)
    else:
        write_workbook(path, title, columns, rows, count, files)


def write_workbook(
    path: Path, title: str, columns: Sequence[Column], rows: Iterable[Sequence[str]], count: int, files: Files
) -> None:
    """One sheet: frozen header row, filter over ``count`` rows, widths; ``title`` names the sheet."""

    def fill(out: BinaryIO) -> None:
        frame = _frame(title, columns, count)
        with zipfile.ZipFile(frame) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as book:
            for part in made.infolist():
                if part.filename != _SHEET:
                    book.writestr(part.filename, made.read(part))
                    continue
                before, sample, after = _cut(made.read(part).decode())
                with book.open(part.filename, "w") as stream:
                    stream.write(before.encode())
                    for lines in written_rows(rows, _styles(sample)):
                        stream.write(lines)
                    stream.write(after.encode())

    files.write(path, fill, _is_whole)


def _frame(title: str, columns: Sequence[Column], count: int) -> io.BytesIO:
    """The workbook with its header and one sample row: everything but the people."""
    import xlsxwriter

    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"constant_memory": True, "in_memory": True})
    sheet = book.add_worksheet(title[:_SHEET_NAME])
    head = book.add_format({"bold": True, "bg_color": "#E8EEE9", "border": 1, "text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": _TEXT_FORMAT})
    for place, column in enumerate(columns):
        options = {"hidden": True} if column.hidden else {}
        sheet.set_column(place, place, column.width, text if column.digits else None, options)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, count, len(columns) - 1)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.heading, head)
    for place, column in enumerate(columns):
        sheet.write_string(1, place, _SAMPLE, text if column.digits else None)
    book.close()
    data.seek(0)
    return data


def _cut(sheet: str) -> tuple[str, str, str]:
    """The sheet around its sample row; the used range is not told, readers find it."""
    start = sheet.index('<row r="2"')
    end = sheet.index("</sheetData>")
    before = re.sub(r"<dimension [^>]*/>", "", sheet[:start])
    return before, sheet[start:end], sheet[end:]


def _styles(sample: str) -> list[str]:
    """The style attribute of every column, as the frame's own writer numbered it."""
    return re.findall(r'<c r="[A-Z]+2"((?: s="\d+")?) ', sample)


def written_rows(rows: Iterable[Sequence[str]], styles: Sequence[str]) -> Iterator[bytes]:
    """Rows of text cells from the second on ([ECMA-376] 18.3.1.53 inline strings), some hundreds at a time.

    Written here because the library's own cell by cell way takes most of an export's time.
    """
    cells = [(f'<c r="{column_letter(place)}', f'"{style} t="inlineStr"><is><t') for place, style in enumerate(styles)]
    lines: list[str] = []
    for number, row in enumerate(rows, 2):
        lines.append(f'<row r="{number}">')
        for (begin, middle), text in zip(cells, row, strict=True):
            if text:
                body = f">{text}" if text.isalnum() else _escaped(text)
                lines.append(f"{begin}{number}{middle}{body}</t></is></c>")
        lines.append("</row>")
        if number % _ROWS_AT_ONCE == 0:
            yield "".join(lines).encode("utf-8", "replace")
            lines.clear()
    yield "".join(lines).encode("utf-8", "replace")


@lru_cache(maxsize=4096)
def _escaped(text: str) -> str:
    """What stands behind ``<t``: mark-up escaped, blanks kept, code-like texts (_x0041_) not decoded by readers."""
    plain = _CONTROL.sub("", text)
    if "_x" in plain:
        plain = _CODED.sub("_x005F_x", plain)
    space = ' xml:space="preserve"' if plain != plain.strip() or "\n" in plain else ""
    return f"{space}>{escape(plain)}"


def write_text(path: Path, columns: Sequence[Column], rows: Iterable[Sequence[str]], files: Files) -> None:
    """UTF-8 with BOM, so that a spreadsheet reads rare characters; cells that would be calculated get an apostrophe."""

    written = 0

    def fill(out: BinaryIO) -> None:
        nonlocal written
        stream = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
        lines = csv.writer(stream)
        lines.writerow([column.heading for column in columns])
        for row in rows:
            lines.writerow([guarded(cell) for cell in row])
        stream.detach()
        written = out.tell()

    def verify(part: Path) -> None:
        if part.stat().st_size != written:
            raise EnvironmentFault("written_file_differs", file=path.name)

    files.write(path, fill, verify)


def guarded(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would calculate."""
    return f"'{cell}" if cell and unicodedata.normalize("NFKC", cell[0])[:1] in _FORMULA else cell


def _is_whole(path: Path) -> None:
    """A workbook cut short has no directory at its end."""
    if not zipfile.is_zipfile(path):
        raise EnvironmentFault("written_file_differs", file=path.name)
