"""Owns the sidebar: whose desk this is, the pages, how much waits on each.  A rail of icons where space is short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from villagedesk.ui import theme
from villagedesk.ui.look import Look, logo
from villagedesk.ui.widgets.parts import column, label, row


@dataclass(frozen=True, slots=True)
class NavEntry:
    """``page`` is the name of the page; ``icon`` a Lucide name."""

    page: str
    text: str
    icon: str


class NavItem(QAbstractButton):
    """One page in the sidebar: icon, word, quiet count."""

    def __init__(self, look: Look, entry: NavEntry, rail: bool) -> None:
        super().__init__()
        self._look = look
        self._entry = entry
        self._rail = rail
        self._count = 0
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(look.px(theme.NAV_ITEM))
        self.setText(entry.text)
        self.setToolTip(entry.text if rail else "")
        self.set_count(0)

    def set_count(self, count: int) -> None:
        self._count = count
        self.setAccessibleName(f"{self._entry.text} {count}" if count else self._entry.text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self._look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(look.px(8), 1, self.width() - 2 * look.px(8), self.height() - 2)
        chosen = self.isChecked()
        if chosen or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            ground = QColor(look.colour("surface"))
            ground.setAlphaF(1.0 if chosen else 0.5)
            painter.setBrush(ground)
            painter.drawRoundedRect(box, look.px(6), look.px(6))
        if chosen:
            painter.setBrush(look.colour("accent"))
            painter.drawRoundedRect(
                QRectF(look.px(8), box.top() + look.px(8), look.px(3), box.height() - look.px(16)), 2, 2
            )
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(look.colour("text"))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), look.px(6), look.px(6))
        token = "accent" if chosen else "text"
        self._words(painter, token, chosen)
        painter.end()

    def _words(self, painter: QPainter, token: str, chosen: bool) -> None:
        look = self._look
        side = look.px(theme.ICON_NAV)
        pixmap = look.pixmap(self._entry.icon, token, theme.ICON_NAV, self.devicePixelRatioF())
        left = (self.width() - side) // 2 if self._rail else look.px(22)
        painter.drawPixmap(left, (self.height() - side) // 2, pixmap)
        if self._rail:
            return
        painter.setFont(look.font(theme.BODY, 600 if chosen else 400))
        painter.setPen(look.colour(token))
        area = self.rect().adjusted(look.px(52), 0, -look.px(20), 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._entry.text)
        if self._count:
            painter.setFont(look.font(theme.SMALL))
            painter.setPen(look.colour("text2"))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{self._count:,}")


class Sidebar(QWidget):
    """``chosen(page)``: somebody went to a page."""

    chosen = Signal(str)

    def __init__(self, look: Look, title: str, subtitle: str, entries: Sequence[NavEntry], *, rail: bool) -> None:
        super().__init__()
        self.setProperty("box", "sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(look.px(theme.RAIL if rail else theme.SIDEBAR))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, look.px(6))
        layout.setSpacing(0)
        layout.addWidget(self._head(look, title, subtitle, rail))
        self._items: dict[str, NavItem] = {}
        for number, entry in enumerate(entries):
            if number == len(entries) - 1:
                layout.addStretch(1)
            item = NavItem(look, entry, rail)
            item.clicked.connect(self._on_clicked)
            self._items[entry.page] = item
            layout.addWidget(item)

    @staticmethod
    def _head(look: Look, title: str, subtitle: str, rail: bool) -> QWidget:
        head = QWidget()
        head.setFixedHeight(look.px(66))
        mark = label()
        mark.setPixmap(logo(look, 34, 2.0))
        mark.setFixedSize(look.px(34), look.px(34))
        if rail:
            head.setLayout(row(None, mark, None))
            return head
        names = column(None, label(title, "strong"), label(subtitle, "small", "text2"), None, spacing=0)
        head.setLayout(row(mark, names, None, spacing=look.px(10), margins=(look.px(16), 0, 0, 0)))
        return head

    def set_current(self, page: str) -> None:
        if page in self._items:
            self._items[page].setChecked(True)

    def set_count(self, page: str, count: int) -> None:
        if page in self._items:
            self._items[page].set_count(count)

    def _on_clicked(self) -> None:
        sender = self.sender()
        for page, item in self._items.items():
            if item is sender:
                self.chosen.emit(page)
