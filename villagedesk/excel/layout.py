"""Owns where in a sheet the tables are: headers of one to three rows under titles, repeated or changed further down.

What each line below a header is, ``lines.py`` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from villagedesk.excel.cells import Cell, cell_text
from villagedesk.excel.columns import normal, recognise, roster_words, squeeze
from villagedesk.excel.reader import Sheet

_SEARCHED = 40
_DEPTHS = (1, 2, 3)
_DATA = re.compile(r"\d{6,}")
#: What a column of ticks holds; see ``as_flags``.
_TICKS = frozenset(("是", "否", "√", "✓", "×", "✗", "X", "0", "1", "Y", "N", "户主", "非户主"))
_PEOPLE = frozenset(("member.name", "head.name"))
_OF_PEOPLE = frozenset(("member.id_no", "member.relation", "head.id_no"))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: 0-based place, heading as written, target (see columns.py).

    ``again``: the target it would have, had not a column before it got that one.
    """

    index: int
    heading: str
    target: str
    again: str = ""


class Header(NamedTuple):
    """``top``: 0-based first row; ``depth``: how many rows."""

    top: int
    depth: int
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """``header``: 0-based first header row; data stand in rows ``first`` to ``last`` (exclusive).

    ``titles``: the lines above the first header of the sheet, as ``line_key`` gives them: they may be repeated with it.
    ``span``: first column and the one behind the last, where other tables stand beside this one.
    """

    header: int
    columns: tuple[Column, ...]
    first: int
    last: int
    titles: frozenset[tuple[str, ...]] = frozenset()
    span: tuple[int, int] | None = None

    def place(self, target: str) -> int | None:
        """Column index of a target."""
        return next((column.index for column in self.columns if column.target == target), None)

    def within(self, row: list[Cell]) -> list[Cell]:
        """A row with nothing in it but this table's cells, all at their places."""
        if self.span is None:
            return row
        first, end = self.span
        return [cell if first <= place < end else "" for place, cell in enumerate(row)]

    def unread_beside(self) -> Column | None:
        """Where another table seems to begin that is not read: a second column of names, with more of people."""
        again = {column.again for column in self.columns}
        if not again & _OF_PEOPLE:
            return None
        return next((column for column in self.columns if column.again in _PEOPLE), None)


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
    header = _find_header(sheet.rows, mapping)
    if header is None:
        return []
    titles = frozenset(key for row in sheet.rows[: header.top] if (key := line_key(row)))
    tables = []
    while True:
        start = header.top + header.depth
        following = _next_header(sheet.rows, start, header, mapping)
        last = following.top if following else len(sheet.rows)
        for columns, span in _side_by_side(header.columns):
            tables.append(Table(header.top, columns, start, last, titles, span))
        if following is None:
            return tables
        header = following


def as_flags(sheet: Sheet, table: Table) -> Table:
    """A column 户主 that holds nothing but yes, no and ticks says who is head instead of naming him."""
    place = table.place("head.name")
    if place is None:
        return table
    rows = sheet.rows[table.first : table.last]
    texts = {squeeze(cell_text(row[place])).upper() for row in rows if place < len(row)} - {""}
    if not texts or not texts <= _TICKS:
        return table
    flagged = (
        replace(column, target="head.flag") if column.target == "head.name" else column for column in table.columns
    )
    return replace(table, columns=tuple(flagged))


def _side_by_side(columns: tuple[Column, ...]) -> list[tuple[tuple[Column, ...], tuple[int, int] | None]]:
    """The tables under one header, with their spans: several where all headings of the left one are repeated."""
    headings = [normal(column.heading) for column in columns]
    name = next(place for place, column in enumerate(columns) if column.target in _PEOPLE)
    width = headings.index(headings[name], name + 1) - name if headings.count(headings[name]) > 1 else 0
    first = columns[:width]
    if not {column.target for column in first} & _OF_PEOPLE or headings[:width] != headings[width : 2 * width]:
        return [(columns, None)]
    count = 2
    while headings[:width] == headings[count * width : (count + 1) * width]:
        count += 1
    found: list[tuple[tuple[Column, ...], tuple[int, int] | None]] = []
    for number in range(count):
        own = columns[number * width : (number + 1) * width]
        part = tuple(replace(column, target=known.target, again="") for known, column in zip(first, own, strict=True))
        is_last = number == count - 1
        part += columns[count * width :] if is_last else ()  # what stands behind the last one is its own
        start = part[0].index if number else 0
        found.append((part, (start, part[-1].index + 1 if is_last else columns[(number + 1) * width].index)))
    return found


def line_key(row: list[Cell]) -> tuple[str, ...]:
    """What a line says and where, the same for every repetition of it; () when it is blank."""
    texts = [squeeze(cell_text(cell)) for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _find_header(rows: list[list[Cell]], mapping: Mapping[str, str] | None) -> Header | None:
    for place in range(min(_SEARCHED, len(rows))):
        found = _header_at(rows, place, mapping)
        if found is not None:
            return _without_title(rows, found, mapping)
    return None


def _header_at(rows: list[list[Cell]], place: int, mapping: Mapping[str, str] | None) -> Header | None:
    """The header that starts in this row; a line of one text is a title, not a header."""
    if len({text for cell in rows[place] if (text := cell_text(cell).strip())}) < 2:
        return None
    best: Header | None = None
    best_score = 1
    for depth in _DEPTHS:
        lines = [[cell_text(cell).strip() for cell in row] for row in rows[place : place + depth]]
        if len(lines) < depth or (depth > 1 and any(_DATA.search(text) for text in lines[-1])):
            break
        columns = _columns(lines, mapping)
        score = len({column.target for column in columns if column.target})
        names = [column.index for column in columns if column.target in _PEOPLE]
        # one heading more may be chance in a person's row, but not under a heading 姓名 that is merged into it
        doubtful = best is not None and not any(_repeats(lines, index) for index in names)
        if names and score > best_score + doubtful:
            best, best_score = Header(place, depth, columns), score
    return best


def _repeats(lines: list[list[str]], index: int) -> bool:
    """Whether the last line says the same in a column as the one above."""
    texts = [line[index] if index < len(line) else "" for line in lines[-2:]]
    return len(set(texts)) < len(texts) and texts[0] != ""


def _without_title(rows: list[list[Cell]], found: Header, mapping: Mapping[str, str] | None) -> Header:
    """The header without upper lines that change no column's meaning: titles of several texts."""
    meant = [(column.index, column.target) for column in found.columns]
    top, depth, columns = found
    while depth > 1:
        lower = _columns([[cell_text(cell).strip() for cell in row] for row in rows[top + 1 : top + depth]], mapping)
        if [(column.index, column.target) for column in lower] != meant:
            break
        top, depth, columns = top + 1, depth - 1, lower
    return Header(top, depth, columns)


def _columns(lines: list[list[str]], mapping: Mapping[str, str] | None) -> tuple[Column, ...]:
    """Headings from several header rows: the lowest text, read under the text above it."""
    columns, used = [], set()
    for place in range(max(map(len, lines))):
        parts = [text for text in dict.fromkeys(_stack(lines, place)) if text]
        if not parts:
            continue
        target = recognise(parts[-1], parts[-2] if len(parts) > 1 else "", mapping, parts[:-2])
        if not target:
            upper = (recognise(parts[at], "", mapping, parts[:at]) for at in range(len(parts) - 2, -1, -1))
            target = next(filter(None, upper), "")
        again = target if target in used and not target.startswith("ignore.") else ""
        target = "" if again else target
        used.add(target)
        columns.append(Column(place, " ".join(" ".join(parts).split()), target, again))
    return tuple(columns)


def _stack(lines: list[list[str]], place: int) -> Iterator[str]:
    """The texts above each other in one column; an upper row without merging reaches to the right over blanks."""
    for depth, line in enumerate(lines):
        text = line[place] if place < len(line) else ""
        below = any(place < len(lower) and lower[place] for lower in lines[depth + 1 :])
        if not text and below:
            text = next((line[left] for left in range(min(place, len(line)) - 1, -1, -1) if line[left]), "")
        yield text


def _next_header(rows: list[list[Cell]], start: int, known: Header, mapping: Mapping[str, str] | None) -> Header | None:
    """The header below ``known``: the same repeated, or another that has headings where the people's names stand."""
    name_columns = [column for column in known.columns if column.target in _PEOPLE]
    headings = roster_words().targets.keys() | {normal(column.heading.split()[-1]) for column in name_columns}
    places = [column.index for column in name_columns]
    keys = [line_key(row) for row in rows[known.top : known.top + known.depth]]
    mark = next(place for place, text in enumerate(keys[0]) if text)
    first = rows[known.top][mark]
    for place in range(start, len(rows)):
        row = rows[place]
        if mark < len(row) and row[mark] == first and [line_key(r) for r in rows[place : place + len(keys)]] == keys:
            return known._replace(top=place)
        cells = [cell for index in places if index < len(row) and isinstance(cell := row[index], str) and cell]
        if any(normal(cell) in headings for cell in cells):
            found = _under_group_headings(rows, start, place, known, mapping) or _header_at(rows, place, mapping)
            if found is not None:
                return _without_title(rows, found, mapping)
    return None


def _under_group_headings(
    rows: list[list[Cell]], start: int, place: int, known: Header, mapping: Mapping[str, str] | None
) -> Header | None:
    """The header whose lowest row is ``place``, with the group headings above it; None where none stand there."""
    top = place
    while top > max(start, place - _DEPTHS[-1] + 1) and _are_group_headings(rows[top - 1], rows[top], known):
        top -= 1
    found = _header_at(rows, top, mapping) if top < place else None
    return found if found is not None and found.top + found.depth > place else None


def _are_group_headings(row: list[Cell], below: list[Cell], known: Header) -> bool:
    """Whether a line right above headings is their upper part and no person.

    A group heading reaches over the names and the column beside them, or headings of their own stand over blanks (two:
    one such word may also be a person's 户主 or 常住).
    """
    texts = [cell_text(cell).strip() for cell in row]
    if any(_DATA.search(text) for text in texts):
        return False
    under = [cell_text(cell).strip() for cell in below] + [""] * (len(texts) - len(below))
    names = {column.index for column in known.columns if column.target in _PEOPLE}
    beside = {place + step for place in names for step in (-1, 1)} - names
    group = {texts[place] for place in names if place < len(texts)} - {""}
    if any(texts[place] in group for place in beside if 0 <= place < len(texts)):
        return True
    over_blanks = {normal(text) for text, lower in zip(texts, under, strict=False) if text and not lower}
    return len(over_blanks & roster_words().targets.keys()) > 1
