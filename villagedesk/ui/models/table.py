"""Owns the table model of every list: rows of painted cells, given at once or page by page.  Knows no service.

A row that has not arrived yet shows blank cells; ``page_wanted`` asks for the page it lies in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

PAGE = 200
CELL = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows.  ``tone``: token of the text; ``icon``: Lucide name before it; ``sub``: small words behind;
    ``strong``: weight 600; ``ground``: token of the cell's ground; ``underline``: token of a 2 px line below;
    ``struck``: struck through."""

    text: str = ""
    tone: str = "text"
    icon: str = ""
    sub: str = ""
    sub_tone: str = "text2"
    strong: bool = False
    ground: str = ""
    underline: str = ""
    struck: bool = False


BLANK = Cell()


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in pixels at 100 %, 0 = takes what is left; ``align``: left, right or centre.

    ``spare``: 0 = always shown; the others are left out where room is scarce, 1 first; ``most``: how wide it may grow
    where there is room, before what takes the rest.
    """

    title: str
    width: int = 0
    align: Literal["left", "right", "centre"] = "left"
    spare: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """``key`` is handed back by the selection; ``spoken``: what a screen reader says of the row."""

    key: Any
    cells: tuple[Cell, ...]
    spoken: str = ""


class TableModel(QAbstractTableModel):
    """Rows of cells.  ``page_wanted(offset)``: rows from there were looked at and are not here."""

    page_wanted = Signal(int)

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._pages: dict[int, tuple[Row, ...]] = {}
        self._asked: set[int] = set()
        self._count = 0

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Everything at once."""
        self.reset(len(rows), rows)

    def reset(self, count: int, first: Sequence[Row]) -> None:
        """``count`` rows, of which the first (any number of whole pages or all) are here."""
        self.beginResetModel()
        self._count = count
        self._pages = {start // PAGE: tuple(first[start : start + PAGE]) for start in range(0, len(first), PAGE)}
        self._asked = set(self._pages)
        self.endResetModel()

    def put_page(self, offset: int, rows: Sequence[Row]) -> None:
        """Rows that were asked for."""
        self._pages[offset // PAGE] = tuple(rows)
        if rows:
            last = min(self._count, offset + len(rows)) - 1
            self.dataChanged.emit(self.index(offset, 0), self.index(last, len(self.columns) - 1))

    def row_at(self, number: int) -> Row | None:
        """The row, or None while it is not here; asks for its page."""
        if not 0 <= number < self._count:
            return None
        page = self._pages.get(number // PAGE)
        if page is None:
            self._ask(number // PAGE)
            return None
        place = number % PAGE
        return page[place] if place < len(page) else None

    def place_of(self, key: Any) -> int:
        """Row number of a key among the rows that are here, or -1."""
        for number, page in sorted(self._pages.items()):
            for place, found in enumerate(page):
                if found.key == key:
                    return number * PAGE + place
        return -1

    def _ask(self, page: int) -> None:
        if page not in self._asked:
            self._asked.add(page)
            self.page_wanted.emit(page * PAGE)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 # Qt's own default
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in (CELL, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        found = self.row_at(index.row())
        if found is None:
            return BLANK if role == CELL else ""
        cell = found.cells[index.column()]
        if role == CELL:
            return cell
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0 and found.spoken:
            return found.spoken
        return f"{cell.text} {cell.sub}".strip()

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return ALIGNMENTS[column.align]
        return None


ALIGNMENTS = {
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    "centre": Qt.AlignmentFlag.AlignCenter,
}
