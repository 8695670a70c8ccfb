"""Owns how lists look and move: one delegate paints every cell, one view holds the rules of the look.

No widget stands in a cell.  Knows no service.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from villagedesk.ui import theme
from villagedesk.ui.look import Look
from villagedesk.ui.models.table import ALIGNMENTS, CELL, Cell, Column, Row, TableModel

Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """Paints a ``Cell``: ground, selection, icon, text, small words, underline, hairline."""

    def __init__(self, look: Look, columns: Sequence[Column], parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._columns = tuple(columns)
        self._fonts = {
            (size, strong): look.font(size, 600 if strong else 400)
            for size in (theme.BODY, theme.SMALL)
            for strong in (False, True)
        }

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell = index.data(CELL)
        if not isinstance(cell, Cell):
            return
        painter.save()
        rect, selected = self._rect(option), self._selected(option)
        self._ground(painter, rect, cell, selected, index)
        self._content(painter, rect, cell, index.column())
        painter.restore()

    @staticmethod
    def _rect(option: Any) -> QRect:
        return QRect(option.rect)

    @staticmethod
    def _selected(option: Any) -> bool:
        return bool(option.state & QStyle.StateFlag.State_Selected)

    def _ground(self, painter: QPainter, rect: QRect, cell: Cell, selected: bool, index: Index) -> None:
        look = self._look
        if cell.ground or selected:
            painter.fillRect(rect, look.colour(cell.ground or "accent_soft"))
        if cell.underline:
            painter.fillRect(rect.left(), rect.bottom() - 2, rect.width(), 2, look.colour(cell.underline))
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if selected and index.column() == 0:
            painter.fillRect(rect.left(), rect.top(), look.px(3), rect.height(), look.colour("accent"))
        if selected and look.name == "high_contrast":
            painter.setPen(QPen(look.colour("accent"), 2))
            painter.drawLine(rect.topLeft(), rect.topRight())
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _content(self, painter: QPainter, rect: QRect, cell: Cell, column: int) -> None:
        look, pad = self._look, self._look.px(theme.CELL_PAD)
        inner = rect.adjusted(pad, 0, -pad, 0)
        if cell.icon:
            size = look.px(theme.ICON_STATUS)
            ratio = painter.device().devicePixelRatioF()
            pixmap = look.pixmap(cell.icon, cell.tone, theme.ICON_STATUS, ratio)
            painter.drawPixmap(inner.left(), inner.center().y() - size // 2 + 1, pixmap)
            inner.setLeft(inner.left() + size + look.px(6))
        font = QFont(self._fonts[theme.BODY, cell.strong])
        font.setStrikeOut(cell.struck)
        painter.setFont(font)
        painter.setPen(look.colour("text3" if cell.struck else cell.tone))
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(cell.text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, ALIGNMENTS[self._columns[column].align], shown)
        if cell.sub:
            small = self._fonts[theme.SMALL, False]
            painter.setFont(small)
            painter.setPen(look.colour(cell.sub_tone))
            rest = inner.adjusted(metrics.horizontalAdvance(shown) + (look.px(8) if shown else 0), 0, 0, 0)
            words = QFontMetrics(small).elidedText(cell.sub, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)


#: A column that takes what is left is never narrower; the list is scrolled sideways instead.
_LEAST_FREE = 80
#: So much is left to it before others grow.
_WORTH_FREE = 160


class TableView(QTableView):
    """A list of whole rows.  ``opened(key)``: Enter or double click; ``chosen(key)``: the current row or None."""

    opened = Signal(object)
    chosen = Signal(object)

    def __init__(self, look: Look, columns: Sequence[Column], name: str, row_height: int = theme.ROW_LIST) -> None:
        super().__init__()
        self._look = look
        self.rows = TableModel(columns, self)
        self.setModel(self.rows)
        self.setItemDelegate(CellDelegate(look, columns, self))
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(look.px(row_height))
        self.verticalHeader().setMinimumSectionSize(1)
        head = self.horizontalHeader()
        head.setFixedHeight(look.px(theme.TABLE_HEAD))
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setMinimumSectionSize(1)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.rows.modelReset.connect(self._on_reset)

    def current_key(self) -> Any:
        """Key of the current row, None where there is none."""
        found = self.rows.row_at(self.currentIndex().row()) if self.currentIndex().isValid() else None
        return found.key if found else None

    def show_rows(self, rows: Sequence[Row]) -> None:
        self.rows.set_rows(rows)

    def choose(self, number: int) -> None:
        """Make a row the current one, if it is there."""
        if 0 <= number < self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(number, 0))
            self.scrollTo(self.rows.index(number, 0))

    def choose_key(self, key: Any) -> bool:
        number = self.rows.place_of(key)
        self.choose(number)
        return number >= 0

    def visible_range(self) -> tuple[int, int]:
        """First and last row number seen (0-based); (0, -1) when nothing is."""
        first = self.rowAt(0)
        if first < 0:
            return 0, -1
        last = self.rowAt(self.viewport().height() - 1)
        return first, last if last >= 0 else self.rows.rowCount() - 1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.current_key() is not None:
                self.opened.emit(self.current_key())
            return
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.choose(0 if event.key() == Qt.Key.Key_Home else self.rows.rowCount() - 1)
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if self.indexAt(event.position().toPoint()).isValid() and self.current_key() is not None:
            self.opened.emit(self.current_key())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        room = self.viewport().width()
        shown = self._shown(room)
        free = [column for column in shown if not column.width]
        left = max(0, room - sum(self._look.px(column.width) for column in shown))
        for number, column in enumerate(self.rows.columns):
            width = self._look.px(column.width or _LEAST_FREE)
            if column.most and column in shown:
                more = max(0, min(self._look.px(column.most) - width, left - len(free) * self._look.px(_WORTH_FREE)))
                width, left = width + more, left - more
            if not column.width and free:
                width = max(width, left // len(free))
            elif column is shown[-1] and not free:
                width += max(0, left)
            self.setColumnHidden(number, column not in shown)
            self.setColumnWidth(number, width)

    def _shown(self, room: int) -> list[Column]:
        """The columns that there is room for, or those that are never left out."""
        shown = list(self.rows.columns)
        for spare in sorted((column for column in shown if column.spare), key=lambda column: column.spare):
            if sum(self._look.px(column.width or _LEAST_FREE) for column in shown) > room:
                shown.remove(spare)
        return shown

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        found = self.rows.row_at(current.row()) if current.isValid() else None
        self.chosen.emit(found.key if found else None)

    def _on_reset(self) -> None:
        self.chosen.emit(None)
