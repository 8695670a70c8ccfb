"""Owns the members' grid as a model: one line a person, one blank line at the end.  Knows no service.

Cells hold what was typed; a cell that reads well is shown the usual way (19630214 → with its groups, 38 → 38 儿媳).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from villagedesk.domain.household_entry import Placed, TypedMember, derived, has_number, text_of
from villagedesk.domain.records.member import MEMBER
from villagedesk.domain.values import read_value, show_value
from villagedesk.ui.models.table import CELL, Cell

Index = QModelIndex | QPersistentModelIndex

#: Columns of the grid in the order of the paper (domain reference 3.2); "" = the running number, "age" is derived.
GRID = ("", "name", "id_no", "sex", "age", "relation", "ethnic", "education", "health", "labour", "work_status")
_DERIVED = frozenset({"sex", "age"})
_RIGHT = frozenset({"age", ""})
FIRST_RELATION = "02 户主"
DEFAULT_ETHNIC = "汉"


@dataclass(frozen=True, slots=True)
class Place:
    """A cell by line and field."""

    line: int
    field: str


class MembersModel(QAbstractTableModel):
    """``edited(line, field)``: a cell was changed by the person."""

    edited = Signal(int, str)

    def __init__(self, titles: Mapping[str, str], today: date, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles = titles
        self._today = today
        self._lines: list[TypedMember] = [TypedMember()]
        self._marks: dict[Place, str] = {}
        self._current = -1

    # -- what it holds -------------------------------------------------------------------------------------------

    @property
    def lines(self) -> tuple[TypedMember, ...]:
        """All lines without the blank one at the end."""
        return tuple(self._lines[:-1])

    def set_lines(self, lines: Sequence[TypedMember]) -> None:
        self.beginResetModel()
        self._lines = [*lines, TypedMember()]
        self._marks = {}
        self.endResetModel()

    def text(self, line: int, name: str) -> str:
        return self._lines[line].texts.get(name, "") if line < len(self._lines) else ""

    def member(self, line: int) -> TypedMember:
        return self._lines[line]

    def set_text(self, line: int, name: str, text: str) -> None:
        """Put a text into a cell; the last line becomes a person as soon as something stands in it."""
        if self.text(line, name) == text:
            return
        texts = {**self._lines[line].texts, name: text}
        if line == len(self._lines) - 1 and text.strip():
            texts = self._with_defaults(line, texts)
            self.beginInsertRows(QModelIndex(), len(self._lines), len(self._lines))
            self._lines.append(TypedMember())
            self.endInsertRows()
        self._lines[line] = replace(self._lines[line], texts=texts)
        self._refresh(line)
        self.edited.emit(line, name)

    @staticmethod
    def _with_defaults(line: int, texts: dict[str, str]) -> dict[str, str]:
        """The first person is the head of household, and nearly everybody is Han (domain reference 1.4)."""
        defaults = {"ethnic": DEFAULT_ETHNIC}
        if line == 0:
            defaults["relation"] = FIRST_RELATION
        return {**defaults, **texts}

    def set_member(self, line: int, member: TypedMember) -> None:
        """Replace a whole line (the member dialog)."""
        self._lines[line] = member
        self._refresh(line)
        self.edited.emit(line, "")

    def remove(self, line: int) -> None:
        self.beginRemoveRows(QModelIndex(), line, line)
        del self._lines[line]
        self.endRemoveRows()
        self.edited.emit(line, "")

    def set_findings(self, findings: Sequence[Placed]) -> None:
        """Cells with a problem or a doubt."""
        marks: dict[Place, str] = {}
        for placed in findings:
            if placed.member >= 0:
                place = Place(placed.member, _column_of(placed.finding.field))
                if placed.blocks or place not in marks:
                    marks[place] = "err" if placed.blocks else "warn"
        self._marks = marks
        self._refresh(0, len(self._lines) - 1)

    def set_current(self, line: int) -> None:
        """The line being typed shows its number in full."""
        before, self._current = self._current, line
        for number in (before, line):
            if 0 <= number < len(self._lines):
                self._refresh(number)

    def _refresh(self, first: int, last: int | None = None) -> None:
        end = first if last is None else last
        self.dataChanged.emit(self.index(first, 0), self.index(end, len(GRID) - 1))

    # -- Qt ------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 # Qt's own default
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(GRID)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if self.editable(index.row(), index.column()) else flags

    def editable(self, line: int, column: int) -> bool:
        """Sex and age are typed only where no number says them."""
        if not 0 <= line < len(self._lines) or not 0 < column < len(GRID):
            return False
        member = self._lines[line]
        return GRID[column] not in _DERIVED or not (member.blank or has_number(member))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line, name = index.row(), GRID[index.column()]
        if role == Qt.ItemDataRole.EditRole:
            return self.text(line, "birth_date" if name == "age" else name)
        if role == CELL:
            return self._cell(line, name)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(line, name).text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            title, text = self._titles.get(name, ""), self._cell(line, name).text
            return title if text == title else f"{title} {text}"
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        name = GRID[index.column()]
        name = "birth_date" if name == "age" else name
        self.set_text(index.row(), name, self._usual(name, str(value)))
        return True

    def _usual(self, name: str, text: str) -> str:
        declared = MEMBER.by_name[name]
        reading = read_value(declared, text, self._today)
        return text.strip() if reading.value is None else text_of(MEMBER, declared, reading.value)

    def _cell(self, line: int, name: str) -> Cell:
        member = self._lines[line]
        if not name:
            return Cell(str(line + 1), "text3", ground="sunken")
        if name in _DERIVED:
            sex, age = derived(member, self._today)
            text = (
                sex if name == "sex" else (age or member.texts.get("birth_date", "") or ("" if member.blank else "—"))
            )
            ground = "sunken" if member.blank or has_number(member) else ""
            return self._marked(line, name, Cell(text, "text2" if ground else "text", ground=ground))
        if line == len(self._lines) - 1 and name == "name":
            return Cell(self._titles["name"], "text3")
        return self._marked(line, name, Cell(self._shown(line, name), "text"))

    def _shown(self, line: int, name: str) -> str:
        """Numbers are masked in every line but the one being typed or mended."""
        text = self.text(line, name)
        if name != "id_no" or line == self._current or self._marks.get(Place(line, name)) == "err":
            return text
        declared = MEMBER.by_name[name]
        value = read_value(declared, text, self._today).value
        return text if value is None else show_value(declared, value, masked=True)

    def _marked(self, line: int, name: str, cell: Cell) -> Cell:
        state = self._marks.get(Place(line, name))
        if state is None:
            return cell
        return replace(cell, tone=state if state == "err" else cell.tone, ground=f"{state}_soft", underline=state)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(GRID):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles.get(GRID[section], "")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if GRID[section] in _RIGHT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


def _column_of(name: str) -> str:
    """Findings on fields without a column of their own stand where the person can mend them."""
    if name in GRID:
        return name
    return {"birth_date": "age", "id_missing_reason": "id_no", "id_shared_reason": "id_no"}.get(name, "name")
