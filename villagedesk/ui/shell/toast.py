"""Owns the word after something was done: dark, bottom centre, eight seconds, 撤销 where something can be undone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QWidget

from villagedesk.ui import theme
from villagedesk.ui.look import Look
from villagedesk.ui.room import Toast
from villagedesk.ui.widgets.parts import button, icon_label, label, row


class ToastBox(QFrame):
    """``undo(action)``: 撤销 was pressed."""

    undo = Signal(bytes)

    def __init__(self, look: Look, parent: QWidget, ground: QWidget) -> None:
        """``ground``: the part of ``parent`` over whose lower edge it stands."""
        super().__init__(parent)
        self._look = look
        self._frame, self._ground = parent, ground
        self._action = b""
        self.setProperty("box", "toast")
        self._done = icon_label(look, "check", "on_toast", theme.ICON_BUTTON)
        self._wrong = icon_label(look, "triangle-alert", "on_toast", theme.ICON_BUTTON)
        self._text = label("", tone="on_toast")
        self._undo = button(look, self.tr("撤销"), self._on_undo, kind="toast", key="Ctrl Z")
        self._redo = button(look, self.tr("恢复"), self._on_undo, kind="toast", key="Ctrl Y")
        line = row(self._done, self._wrong, self._text, look.px(16), self._undo, self._redo, spacing=look.px(8))
        line.setContentsMargins(look.px(18), look.px(8), look.px(18), look.px(8))
        self.setLayout(line)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()
        ground.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The bar of a long job comes and goes below the ground."""
        if watched is self._ground and event.type() == QEvent.Type.Resize:
            self.place()
        return False

    def show_toast(self, toast: Toast) -> None:
        self._action = toast.action
        self._text.setText(toast.text)
        self._done.setVisible(not toast.wrong)
        self._wrong.setVisible(toast.wrong)
        self._undo.setVisible(bool(toast.action) and not toast.again)
        self._redo.setVisible(bool(toast.action) and toast.again)
        self.setAccessibleName(toast.text)
        self.adjustSize()
        self.place()
        self.show()
        self.raise_()
        self._timer.start(theme.TOAST_SECONDS * 1000)

    def place(self) -> None:
        """Bottom centre of the page, above the bar of a long job and the key hints."""
        room = self._ground.rect()
        corner = self._ground.mapTo(self._frame, room.bottomLeft())
        left = corner.x() + (room.width() - self.width()) // 2
        self.move(max(0, min(left, self._frame.width() - self.width())), corner.y() - self.height() - self._look.px(8))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click takes it away from what it covers."""
        super().mousePressEvent(event)
        self.hide()

    def _on_undo(self) -> None:
        self.hide()
        if self._action:
            self.undo.emit(self._action)
