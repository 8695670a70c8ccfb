"""Owns looking at printed pages: one below the other, drawn when they come into sight.  Knows no service.

``wanted(number, width)`` asks for a picture; ``put`` brings it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea

from villagedesk.ui.look import Look

_KEPT = 12
ZOOMS = (60, 80, 100, 125, 150, 200)


class PageView(QAbstractScrollArea):
    """``at_page(number)``: the page in the middle, from 0."""

    wanted = Signal(int, int)
    at_page = Signal(int)

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self._look = look
        self._zoom = 100
        self._sizes: tuple[tuple[float, float], ...] = ()
        self._images: OrderedDict[tuple[int, int], QImage] = OrderedDict()
        self._asked: set[tuple[int, int]] = set()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def show_pages(self, sizes: Sequence[tuple[float, float]]) -> None:
        """``sizes`` in points."""
        self._sizes = tuple(sizes)
        self._images.clear()
        self._asked.clear()
        self._lay_out()
        self.verticalScrollBar().setValue(0)

    def put(self, number: int, width: int, image: QImage) -> None:
        self._asked.discard((number, width))
        self._images[number, width] = image
        while len(self._images) > _KEPT:
            self._images.popitem(last=False)
        self.viewport().update()

    @property
    def zoom(self) -> int:
        return self._zoom

    def set_zoom(self, percent: int) -> None:
        """100 = the page as wide as the view allows, at most 96 dpi."""
        self._zoom = percent
        self._asked.clear()
        self._lay_out()

    def step_zoom(self, step: int) -> None:
        place = min(max(0, ZOOMS.index(self._zoom) + step), len(ZOOMS) - 1)
        self.set_zoom(ZOOMS[place])

    def go_to(self, number: int) -> None:
        if self._sizes:
            self.verticalScrollBar().setValue(self._rect(min(max(0, number), len(self._sizes) - 1)).top() - self._gap)

    # -- geometry ------------------------------------------------------------------------------------------------

    @property
    def _gap(self) -> int:
        return self._look.px(16)

    def _width(self, number: int) -> int:
        natural = self._sizes[number][0] * 96 / 72
        fitting = min(natural, self.viewport().width() - 2 * self._gap)
        return max(50, round(fitting * self._zoom / 100))

    def _height(self, number: int) -> int:
        return round(self._width(number) * self._sizes[number][1] / self._sizes[number][0])

    def _rect(self, number: int) -> QRect:
        """In document coordinates.  Pages of one print are of one size, so the place is a product."""
        height = self._height(0) if self._sizes else 0
        width = self._width(number)
        left = max(self._gap, (self.viewport().width() - width) // 2)
        return QRect(left, self._gap + number * (height + self._gap), width, self._height(number))

    def _lay_out(self) -> None:
        total = self._rect(len(self._sizes) - 1).bottom() + self._gap if self._sizes else 0
        self.verticalScrollBar().setRange(0, max(0, total - self.viewport().height()))
        self.verticalScrollBar().setPageStep(self.viewport().height())
        self.verticalScrollBar().setSingleStep(self._look.px(40))
        wide = max((self._width(number) for number in range(min(1, len(self._sizes)))), default=0) + 2 * self._gap
        self.horizontalScrollBar().setRange(0, max(0, wide - self.viewport().width()))
        self.viewport().update()

    def _visible(self) -> range:
        if not self._sizes:
            return range(0)
        pitch = self._height(0) + self._gap
        top = self.verticalScrollBar().value()
        first = max(0, (top - self._gap) // pitch)
        last = min(len(self._sizes) - 1, (top + self.viewport().height()) // pitch)
        return range(first, last + 1)

    def _on_scrolled(self) -> None:
        self.viewport().update()
        if self._sizes:
            pitch = self._height(0) + self._gap
            middle = (self.verticalScrollBar().value() + self.viewport().height() // 2) // pitch
            self.at_page.emit(min(middle, len(self._sizes) - 1))

    # -- Qt ------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._look.colour("ground"))
        ratio = self.devicePixelRatioF()
        for number in self._visible():
            rect = self._rect(number).translated(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
            painter.fillRect(rect, Qt.GlobalColor.white)
            width = round(rect.width() * ratio)
            image = self._images.get((number, width))
            if image is not None:
                painter.drawImage(rect, image)
            elif (number, width) not in self._asked:
                self._asked.add((number, width))
                self.wanted.emit(number, width)
            painter.setPen(self._look.colour("line_strong"))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        steps = {
            Qt.Key.Key_Down: bar.singleStep(),
            Qt.Key.Key_Up: -bar.singleStep(),
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_PageUp: -bar.pageStep(),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            bar.setValue(bar.value() + step)
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            bar.setValue(0 if event.key() == Qt.Key.Key_Home else bar.maximum())
        else:
            super().keyPressEvent(event)
