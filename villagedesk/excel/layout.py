"""Owns where in a sheet the people are: headers of one to three rows under titles, and which rows are data.

Copes with title rows, merged cells, repeated headers, blank rows, totals, notes and signature lines.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from villagedesk.domain.roster import group_number
from villagedesk.excel.cells import Cell, cell_text
from villagedesk.excel.columns import normal, recognise, roster_words, squeeze
from villagedesk.excel.reader import Sheet

_SEARCHED = 40
_DEPTHS = (1, 2, 3)
_DATA = re.compile(r"\d{6,}")
_STEMS = "甲乙丙丁戊己庚辛壬癸ABCDEFGHIJ"
_GROUP_ENDS = ("组", "队", "社")
_PEOPLE = frozenset(("member.name", "head.name"))

RowKind = Literal["data", "blank", "title", "header", "total", "note"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: 0-based place, heading as written, target (see columns.py)."""

    index: int
    heading: str
    target: str


@dataclass(frozen=True, slots=True)
class Table:
    """``header``: 0-based first header row; ``depth`` of it; data stand in rows ``first`` to ``last`` (exclusive)."""

    header: int
    depth: int
    columns: tuple[Column, ...]
    first: int
    last: int

    def place(self, target: str) -> int | None:
        """Column index of a target."""
        return next((column.index for column in self.columns if column.target == target), None)


def fill_merged(sheet: Sheet) -> None:
    """Write the value of every merged region into all its cells.

    Regions of a sound workbook do not overlap: work stops where they would cover more than the sheet has.
    """
    left_over = sum(map(len, sheet.rows))
    for (top, left), (bottom, right) in sheet.merged:
        left_over -= (min(bottom, len(sheet.rows)) - top + 1) * (right - left + 1)
        if left_over < 0:
            return
        if top >= len(sheet.rows) or left >= len(sheet.rows[top]):
            continue
        value = sheet.rows[top][left]
        for row in sheet.rows[top : bottom + 1]:
            for place in range(left, min(right + 1, len(row))):
                row[place] = value


def find_tables(sheet: Sheet, mapping: Mapping[str, str] | None) -> list[Table]:
    """The tables of a sheet whose merged cells are filled; none when no header is recognised."""
    first = _find_header(sheet.rows, 0, _SEARCHED, mapping)
    if first is None:
        return []
    tables = []
    header, depth, columns = first
    while True:
        start = header + depth
        following = _next_header(sheet.rows, start, columns, mapping)
        last = following[0] if following else len(sheet.rows)
        tables.append(Table(header, depth, columns, start, last))
        if following is None:
            return tables
        header, depth, columns = following


def kind_of(row: list[Cell], table: Table, name_place: int) -> RowKind:
    """What a row below a header is."""
    name = cell_text(row[name_place]).strip() if name_place < len(row) else ""
    texts = [text for cell in row if (text := cell_text(cell).strip())]
    if not texts:
        return "blank"
    words = roster_words()
    first = squeeze(texts[0])
    if any(squeeze(text).startswith(words.totals) for text in texts[:2]):
        return "total"
    if first.startswith(words.notes) or squeeze(name).startswith(words.notes):
        return "note"
    if len(set(texts)) == 1 and (not name or len(first) > 8 or _says_group(first)):
        if not _has_data(row, table):
            return "blank"
        return "title" if len(first) < 40 else "note"
    if _counts_columns(texts):
        return "header"
    if not name and not _speaks_of_person(row, table):
        return "note" if _has_data(row, table) else "blank"
    return "data"


def group_between(row: list[Cell]) -> str | None:
    """The villager group that a line between the people names for those below it (一组, 第3村民小组)."""
    texts = {text for cell in row if (text := cell_text(cell).strip())}
    only = texts.pop() if len(texts) == 1 else ""
    return only if _says_group(only) else None


def _says_group(text: str) -> bool:
    return text[-1:] in _GROUP_ENDS and group_number(text) is not None


def _counts_columns(texts: list[str]) -> bool:
    """The line of column numbers (1 2 3 …, 甲 乙 1 2 …) that stands below the headings of official forms."""
    numbers = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 4]
    others = [text for text in texts if not text.isdigit()]
    running = all(after == before + 1 for before, after in itertools.pairwise(numbers))
    return len(numbers) > 2 and numbers[0] < 3 and running and all(len(text) == 1 and text in _STEMS for text in others)


def _speaks_of_person(row: list[Cell], table: Table) -> bool:
    """Whether a row without a name says anything else of a person (merged household columns do not)."""
    own = {column.index for column in table.columns if column.target.startswith("member.")}
    own = own or {column.index for column in table.columns if column.target.startswith("head.")}
    return any(cell_text(row[place]).strip() for place in own if place < len(row))


def _has_data(row: list[Cell], table: Table) -> bool:
    """Whether anything stands there but numbers of a column that is not imported (a line numbered in advance)."""
    ignored = {column.index for column in table.columns if column.target.startswith("ignore.")}
    texts = ((place, cell_text(cell).strip()) for place, cell in enumerate(row))
    return any(text and not (place in ignored and text.isdigit()) for place, text in texts)


def _find_header(
    rows: list[list[Cell]], start: int, count: int, mapping: Mapping[str, str] | None
) -> tuple[int, int, tuple[Column, ...]] | None:
    for place in range(start, min(start + count, len(rows))):
        found = _header_at(rows, place, mapping)
        if found is not None:
            return _without_title(rows, place, found, mapping)
    return None


def _header_at(
    rows: list[list[Cell]], place: int, mapping: Mapping[str, str] | None
) -> tuple[int, tuple[Column, ...]] | None:
    """Depth and columns of the header that starts in this row; a line of one text is a title, not a header."""
    if len({text for cell in rows[place] if (text := cell_text(cell).strip())}) < 2:
        return None
    best: tuple[int, tuple[Column, ...]] | None = None
    best_score = 1
    for depth in _DEPTHS:
        lines = [[cell_text(cell).strip() for cell in row] for row in rows[place : place + depth]]
        if len(lines) < depth or (depth > 1 and any(_DATA.search(text) for text in lines[-1])):
            break
        columns = _columns(lines, mapping)
        score = len({column.target for column in columns if column.target})
        people = _PEOPLE & {column.target for column in columns}
        if people and score > best_score + (1 if best else 0):
            best, best_score = (depth, columns), score
    return best


def _without_title(
    rows: list[list[Cell]], place: int, found: tuple[int, tuple[Column, ...]], mapping: Mapping[str, str] | None
) -> tuple[int, int, tuple[Column, ...]]:
    """The header without upper lines that change no column's meaning: titles of several texts."""
    depth, columns = found
    meant = [(column.index, column.target) for column in columns]
    while depth > 1:
        lower = _columns(
            [[cell_text(cell).strip() for cell in row] for row in rows[place + 1 : place + depth]], mapping
        )
        if [(column.index, column.target) for column in lower] != meant:
            break
        place, depth, columns = place + 1, depth - 1, lower
    return place, depth, columns


def _columns(lines: list[list[str]], mapping: Mapping[str, str] | None) -> tuple[Column, ...]:
    """Headings from several header rows: the lowest text, read under the text above it."""
    columns, used = [], set()
    for place in range(max(map(len, lines))):
        parts = [text for text in dict.fromkeys(_stack(lines, place)) if text]
        if not parts:
            continue
        target = recognise(parts[-1], parts[-2] if len(parts) > 1 else "", mapping)
        if not target:
            target = next((found for part in reversed(parts[:-1]) if (found := recognise(part, "", mapping))), "")
        if target in used and not target.startswith("ignore."):
            target = ""
        used.add(target)
        columns.append(Column(place, " ".join(" ".join(parts).split()), target))
    return tuple(columns)


def _stack(lines: list[list[str]], place: int) -> Iterator[str]:
    """The texts above each other in one column; an upper row without merging reaches to the right over blanks."""
    for depth, line in enumerate(lines):
        text = line[place] if place < len(line) else ""
        below = any(place < len(lower) and lower[place] for lower in lines[depth + 1 :])
        if not text and below:
            text = next((line[left] for left in range(min(place, len(line)) - 1, -1, -1) if line[left]), "")
        yield text


def _next_header(
    rows: list[list[Cell]], start: int, columns: tuple[Column, ...], mapping: Mapping[str, str] | None
) -> tuple[int, int, tuple[Column, ...]] | None:
    """A repeated or changed header further down: a row that has headings where the people's names stand."""
    name_columns = [column for column in columns if column.target in _PEOPLE]
    headings = roster_words().targets.keys() | {normal(column.heading.split()[-1]) for column in name_columns}
    place_of_name = name_columns[0].index
    for place in range(start, len(rows)):
        row = rows[place]
        cell = row[place_of_name] if place_of_name < len(row) else ""
        if isinstance(cell, str) and cell and normal(cell) in headings:
            found = _header_at(rows, place, mapping)
            if found is not None:
                return _without_title(rows, place, found, mapping)
    return None
