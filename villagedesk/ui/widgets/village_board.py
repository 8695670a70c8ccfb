"""Owns the board of villages: a cell each, shape and date, as many as the town has.  Knows no service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from villagedesk.ui import theme
from villagedesk.ui.look import Look

_CELL_WIDTH, _CELL_HEIGHT, _GAP = 90, 60, 4
#: A longer name than this is cut, so that a town of sixty villages stays in sight.
_CELL_MOST = 150


@dataclass(frozen=True, slots=True)
class BoardCell:
    """``key`` is handed back; ``state`` names icon and tone; ``note``: the small words below."""

    key: str
    name: str
    note: str
    icon: str
    tone: str
    ground: str = ""


class VillageBoard(QWidget):
    """``chosen(key)``: a village was picked by mouse or arrows."""

    chosen = Signal(str)

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self._look = look
        self._cells: tuple[BoardCell, ...] = ()
        self._width = look.px(_CELL_WIDTH)
        self._current = -1
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_cells(self, cells: Sequence[BoardCell]) -> None:
        key = self.current()
        self._cells = tuple(cells)
        self._width = self._wide_enough()
        self._current = next((place for place, cell in enumerate(cells) if cell.key == key), -1)
        self.updateGeometry()
        self.update()

    def current(self) -> str:
        return self._cells[self._current].key if 0 <= self._current < len(self._cells) else ""

    def choose(self, key: str) -> None:
        place = next((number for number, cell in enumerate(self._cells) if cell.key == key), -1)
        self._pick(place)

    def _pick(self, place: int) -> None:
        if 0 <= place < len(self._cells):
            self._current = place
            cell = self._cells[place]
            self.setAccessibleDescription(f"{cell.name} {cell.note}")
            self.update()
            self.chosen.emit(cell.key)

    # -- geometry ------------------------------------------------------------------------------------------------

    def _wide_enough(self) -> int:
        """For the longest name beside its icon."""
        look = self._look
        metrics = QFontMetrics(look.font(theme.BODY, 600))
        longest = max((metrics.horizontalAdvance(cell.name) for cell in self._cells), default=0)
        around = look.px(9 + 7 + 4 + theme.ICON_STATUS) + 2
        return min(max(look.px(_CELL_WIDTH), longest + around), look.px(_CELL_MOST))

    def _columns(self, width: int) -> int:
        gap = self._look.px(_GAP)
        return max(1, (width + gap) // (self._width + gap))

    def heightForWidth(self, width: int) -> int:
        lines = -(-len(self._cells) // self._columns(width)) if self._cells else 0
        return lines * self._look.px(_CELL_HEIGHT + _GAP)

    def hasHeightForWidth(self) -> bool:
        return True

    def sizeHint(self) -> QSize:
        width = 7 * (self._width + self._look.px(_GAP))
        return QSize(width, self.heightForWidth(width))

    def _rect(self, place: int) -> QRect:
        columns = self._columns(self.width())
        gap, height = self._look.px(_GAP), self._look.px(_CELL_HEIGHT)
        width = (self.width() - (columns - 1) * gap) // columns
        return QRect((place % columns) * (width + gap), (place // columns) * (height + gap), width, height)

    # -- Qt ------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, cell in enumerate(self._cells):
            rect = self._rect(place)
            if rect.intersects(event.rect()):
                self._paint_cell(painter, rect, cell, place == self._current)

    def _paint_cell(self, painter: QPainter, rect: QRect, cell: BoardCell, current: bool) -> None:
        look = self._look
        ground = "accent_soft" if current else cell.ground or "surface"
        painter.setBrush(look.colour(ground))
        painter.setPen(QPen(look.colour("accent" if current else "line"), 2 if current else 1))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), look.px(5), look.px(5))
        inner = rect.adjusted(look.px(9), look.px(6), -look.px(7), -look.px(4))
        side = look.px(theme.ICON_STATUS)
        icon = look.pixmap(cell.icon, cell.tone, theme.ICON_STATUS, self.devicePixelRatioF())
        painter.drawPixmap(inner.right() - side, inner.top() + look.px(2), icon)
        painter.setFont(look.font(theme.BODY, 600 if current else 400))
        painter.setPen(look.colour("text"))
        name = inner.adjusted(0, 0, -side - look.px(4), 0)
        shown = painter.fontMetrics().elidedText(cell.name, Qt.TextElideMode.ElideRight, name.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, shown)
        painter.setFont(look.font(theme.SMALL))
        painter.setPen(look.colour(cell.tone if cell.ground else "text2"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, cell.note)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        self._pick(next((place for place in range(len(self._cells)) if self._rect(place).contains(point)), -1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._columns(self.width())
        steps = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: columns,
            Qt.Key.Key_Up: -columns,
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._pick(self._current + step if self._current >= 0 else 0)
