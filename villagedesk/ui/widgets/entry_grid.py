"""Owns typing into a grid: the cell in focus is always a field, Enter goes on, arrows change the line.

Knows no service; the model says which cells may be typed into.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from villagedesk.ui import theme
from villagedesk.ui.look import Look
from villagedesk.ui.models.members import GRID, MembersModel
from villagedesk.ui.models.table import CELL, Cell
from villagedesk.ui.widgets.field import TextLine

Index = QModelIndex | QPersistentModelIndex
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_RIGHT = frozenset({"age", ""})
#: Beside the running number, which has a narrow column.
_NUMBER_PAD = 6


def _is_table(text: str) -> bool:
    """Whether a text is more than one cell."""
    return "\t" in text or "\n" in text.strip()


class EntryDelegate(QStyledItemDelegate):
    """Paints cells with vertical lines and gives the cell in focus its editor.  ``moved(editor key)``: go on;
    ``pasted(text)``: several cells from a workbook."""

    moved = Signal(int)
    typed = Signal(str)
    pasted = Signal(str)

    def __init__(self, look: Look, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self._look, self._grid = look, parent
        self._font = look.font()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell = index.data(CELL)
        if not isinstance(cell, Cell):
            return
        look = self._look
        rect = QRect(option.rect)  # type: ignore[attr-defined] # PySide's stubs lack the field
        painter.save()
        painter.fillRect(rect, look.colour(cell.ground or "surface"))
        if cell.underline:
            painter.fillRect(rect.left(), rect.bottom() - 2, rect.width(), 2, look.colour(cell.underline))
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight(), rect.bottomRight())
        pad = look.px(theme.CELL_PAD if GRID[index.column()] else _NUMBER_PAD)
        inner = rect.adjusted(pad, 0, -pad, 0)
        painter.setFont(self._font)
        painter.setPen(look.colour(cell.tone))
        shown = painter.fontMetrics().elidedText(cell.text, Qt.TextElideMode.ElideRight, inner.width())
        side = Qt.AlignmentFlag.AlignRight if GRID[index.column()] in _RIGHT else Qt.AlignmentFlag.AlignLeft
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        made = TextLine(str(index.data(Qt.ItemDataRole.AccessibleTextRole) or ""))
        made.setParent(parent)
        made.setProperty("cell", "true")
        made.textEdited.connect(self.typed)
        return made

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, TextLine) and not editor.isModified():
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        if isinstance(editor, TextLine) and isinstance(model, MembersModel) and editor.isModified():
            model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(QRect(option.rect).adjusted(-1, 0, 0, 0))  # type: ignore[attr-defined]

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or not isinstance(editor, TextLine):
            return super().eventFilter(editor, event)
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.setAccepted(editor.isModified())  # in an untouched cell Esc is the page's
            return True
        if event.type() == QEvent.Type.KeyPress:
            moves = (*_ENTER, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Up, Qt.Key.Key_Down)
            if event.key() in moves and not editor.composing:
                self.commitData.emit(editor)
                self.moved.emit(int(event.key()))
                return True
            if event.matches(QKeySequence.StandardKey.Paste) and _is_table(QGuiApplication.clipboard().text()):
                self.pasted.emit(QGuiApplication.clipboard().text())
                return True
            if event.key() == Qt.Key.Key_Escape and editor.isModified():
                editor.setModified(False)
                self.setEditorData(editor, self._grid.currentIndex())
                self.typed.emit(editor.text())
                return True
            return False
        return super().eventFilter(editor, event)


#: The column of names, and how much wider it gets where there is room: long names come before empty cells.
_NAME, _NAME_GROWS = 1, 80


class EntryGrid(QTableView):
    """``cell(line, field)``: the focus stands there; ``past_end``: Enter in the blank line; ``typing(text)``."""

    cell = Signal(int, str)
    past_end = Signal()
    before_start = Signal()
    typing = Signal(str)

    def __init__(self, look: Look, members: MembersModel, widths: Sequence[int], name: str) -> None:
        super().__init__()
        self._look = look
        self._widths = tuple(widths)
        self._members = members
        self.setModel(members)
        self.setProperty("grid", "entry")
        self.setAccessibleName(name)
        self._delegate = EntryDelegate(look, self)
        self._delegate.moved.connect(self._on_moved)
        self._delegate.typed.connect(self.typing)
        self._delegate.pasted.connect(self._on_pasted)
        self.setItemDelegate(self._delegate)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.CurrentChanged | triggers.SelectedClicked | triggers.AnyKeyPressed | triggers.DoubleClicked
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(look.px(theme.ROW_MEMBER))
        head = self.horizontalHeader()
        head.setFixedHeight(look.px(theme.TABLE_HEAD - 2))
        head.setSectionsClickable(False)
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setMinimumSectionSize(1)
        self.selectionModel().currentChanged.connect(self._on_current)
        for signal in (members.rowsInserted, members.rowsRemoved, members.modelReset):
            signal.connect(self._fit)
        self._fit()

    def focus_cell(self, line: int, name: str) -> None:
        """Stand in a cell and type there."""
        index = self._members.index(line, GRID.index(name))
        self.setFocus()
        if index != self.currentIndex():
            self.setCurrentIndex(index)
        elif self._editor() is None:
            self.edit(index)

    def place(self) -> tuple[int, str]:
        index = self.currentIndex()
        return (index.row(), GRID[index.column()]) if index.isValid() else (-1, "")

    def put(self, text: str) -> None:
        """Write into the cell in focus (the option strip) and go on."""
        index = self.currentIndex()
        if index.isValid():
            self._close_editor()
            self._members.setData(index, text)
            self._step(1)

    @property
    def open_text(self) -> str | None:
        """What stands in the open cell and was not taken over yet; None when nothing was typed there."""
        editor = self._editor()
        return editor.text() if isinstance(editor, TextLine) and editor.isModified() else None

    def typing_place(self) -> int:
        """Where the typing goes on in the open cell."""
        editor = self._editor()
        return editor.cursorPosition() if isinstance(editor, TextLine) else 0

    def go_on_at(self, cursor: int) -> None:
        """Go on typing in the open cell behind ``cursor``, instead of overwriting it."""
        editor = self._editor()
        if isinstance(editor, TextLine):
            editor.deselect()
            editor.setCursorPosition(cursor)

    def commit(self) -> None:
        """Take over what stands in the open cell."""
        editor = self._editor()
        if editor is not None:
            self._delegate.commitData.emit(editor)

    def _editor(self) -> QWidget | None:
        return next((child for child in self.viewport().findChildren(TextLine) if child.isVisible()), None)

    def _close_editor(self) -> None:
        editor = self._editor()
        if isinstance(editor, TextLine):
            editor.setModified(False)
            self._delegate.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def _on_pasted(self, text: str) -> None:
        """Cells copied from a workbook go into the cells here, as they would there."""
        self._close_editor()
        line, column = self.currentIndex().row(), self.currentIndex().column()
        rows = [row.split("\t") for row in text.splitlines() if row.strip()]
        for down, cells in enumerate(rows):
            for right, cell in enumerate(cells):
                if self._members.editable(line + down, column + right) and cell.strip():
                    self._members.setData(self._members.index(line + down, column + right), cell.strip())
        self.focus_cell(line + len(rows) - 1, GRID[column])

    def _on_moved(self, key: int) -> None:
        line, column = self.currentIndex().row(), self.currentIndex().column()
        if key in (int(Qt.Key.Key_Up), int(Qt.Key.Key_Down)):
            step = -1 if key == int(Qt.Key.Key_Up) else 1
            if self._members.editable(line + step, column):
                self.setCurrentIndex(self._members.index(line + step, column))
            elif line + step < 0:
                self.before_start.emit()
            return
        blank = self._members.member(line).blank
        if blank and key in (int(found) for found in _ENTER):
            self.past_end.emit()
        else:
            self._step(-1 if key == int(Qt.Key.Key_Backtab) else 1)

    def _step(self, step: int) -> None:
        """To the next or the previous cell that can be typed into."""
        width, height = len(GRID), self._members.rowCount()
        place = self.currentIndex().row() * width + self.currentIndex().column()
        while 0 <= place + step < width * height:
            place += step
            if self._members.editable(place // width, place % width):
                self.setCurrentIndex(self._members.index(place // width, place % width))
                return
        if step < 0:
            self.before_start.emit()
        else:
            self.past_end.emit()

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        self._members.set_current(current.row() if current.isValid() else -1)
        self.scrollTo(current)
        if current.isValid():
            self.cell.emit(current.row(), GRID[current.column()])

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        current = self.currentIndex()
        if not self._members.editable(current.row(), current.column()):
            self.setCurrentIndex(self._members.index(max(0, current.row()), 1))
        elif self._editor() is None and event.reason() != Qt.FocusReason.OtherFocusReason:
            self.edit(self.currentIndex())

    def _fit(self) -> None:
        """As high as its lines: the page scrolls, not the grid."""
        height = self.horizontalHeader().height() + self._members.rowCount() * self._look.px(theme.ROW_MEMBER) + 1
        wide = sum(self._look.px(width) for width in self._widths) > self.width()
        self.setFixedHeight(height + (self.horizontalScrollBar().sizeHint().height() if wide else 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fixed = sum(self._look.px(width) for width in self._widths)
        rest = max(0, self.viewport().width() - fixed)
        wider = {_NAME: min(rest, self._look.px(_NAME_GROWS))}
        wider[len(self._widths) - 1] = rest - wider[_NAME]
        for column, width in enumerate(self._widths):
            self.setColumnWidth(column, self._look.px(width) + wider.get(column, 0))
        self._fit()
