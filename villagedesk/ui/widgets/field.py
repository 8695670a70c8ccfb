"""Owns one field of a form: label, editor, and below it what is wrong and how to mend it.  Knows no service.

All editors answer to the same four names: ``text`` (what was typed), ``set_text``, ``edited`` and ``entered``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from villagedesk.ui import theme
from villagedesk.ui.look import Look
from villagedesk.ui.widgets.choice import Chips, Choice, Option
from villagedesk.ui.widgets.parts import icon_label, label, mark, row


class TextLine(QLineEdit):
    """A line whose Enter goes on, but not while an input method is composing; ``arrived`` and ``left``: the focus."""

    entered = Signal()
    arrived = Signal()
    left = Signal()

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._composing = False

    @property
    def composing(self) -> bool:
        """Whether an input method has not committed yet."""
        return self._composing

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z undoes typing while there is some to undo; else it is the desk's, which undoes what was saved."""
        undo = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo)
        if undo and event.type() == QEvent.Type.ShortcutOverride and not self.isUndoAvailable():
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self._composing:
                self.entered.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.arrived.emit()
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.setCursorPosition(0)  # a long text shows its beginning
        self.left.emit()

    def forget_typing(self) -> None:
        """Nothing typed here before can be undone any more: Ctrl+Z is the desk's."""
        blocker = QSignalBlocker(self)
        self.setText(self.text())
        blocker.unblock()


class SearchLine(TextLine):
    """A line to search in: with the glass at its left, as large as everything else."""

    def __init__(self, look: Look, name: str = "") -> None:
        super().__init__(name)
        self._look = look
        self.setTextMargins(look.px(theme.ICON_STATUS + 8), 0, 0, 0)

    def event(self, event: QEvent) -> bool:
        """What was searched for is not worth undoing: Ctrl+Z is the desk's."""
        undo = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo)
        if undo and event.type() == QEvent.Type.ShortcutOverride:
            event.ignore()
            return False
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        size = self._look.px(theme.ICON_STATUS)
        glass = self._look.pixmap("search", "text2", theme.ICON_STATUS, self.devicePixelRatioF())
        QPainter(self).drawPixmap(self._look.px(10), (self.height() - size) // 2, glass)


class TextBlock(QPlainTextEdit):
    """Several lines; Ctrl+Enter goes on."""

    entered = Signal()
    left = Signal()

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setFixedHeight(look.px(76))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.entered.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class Editor(Protocol):
    """What a form needs of any editor."""

    def value(self) -> str: ...

    def set_value(self, value: str) -> None: ...


class Field(QWidget):
    """Label left, editor, error line below.  ``edited(text)``: the value changed; ``committed``: the person moved on;
    ``entered``: Enter."""

    edited = Signal()
    committed = Signal()
    entered = Signal()

    def __init__(
        self,
        look: Look,
        title: str,
        *,
        options: Sequence[Option] | None = None,
        chips: bool = False,
        block: bool = False,
        hint: str = "",
        label_width: int = 0,
    ) -> None:
        super().__init__()
        self._look = look
        self._title = label(title, tone="text2")
        self._title.setFixedWidth(look.px(max(label_width, look.labels)))
        self._title.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._title.setMinimumHeight(look.px(theme.FIELD))
        self.editor = self._make(look, title, options, chips, block)
        if hint and isinstance(self.editor, QLineEdit | QPlainTextEdit):
            self.editor.setPlaceholderText(hint)
        self._icon, self._message = icon_label(look, "circle-x", "err"), label("", "small", "err", wrap=True)
        self._below = QWidget()
        self._below.setLayout(row(self._icon, self._message, spacing=look.px(4)))
        self._below.layout().setStretch(1, 1)  # type: ignore[union-attr] # set just above
        self._below.hide()
        inner = QVBoxLayout()
        inner.setSpacing(look.px(3))
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.editor)
        inner.addWidget(self._below)
        inner.addStretch(1)
        line = row(self._title, inner, spacing=look.px(theme.LABEL_GAP))
        line.setAlignment(self._title, Qt.AlignmentFlag.AlignTop)
        line.setStretch(1, 1)
        self.setLayout(line)
        self.setFocusProxy(self.editor)

    def _make(
        self, look: Look, title: str, options: Sequence[Option] | None, chips: bool, block: bool
    ) -> TextLine | TextBlock | Choice | Chips:
        if options is not None and chips:
            made_chips = Chips(look, title, options)
            made_chips.changed.connect(self._on_picked)
            made_chips.entered.connect(self.entered)
            return made_chips
        if options is not None:
            choice = Choice(look, title, [("", ""), *options])
            choice.currentIndexChanged.connect(self._on_picked)
            choice.entered.connect(self.entered)
            return choice
        if block:
            lines = TextBlock(look, title)
            lines.textChanged.connect(self.edited)
            lines.left.connect(self.committed)
            lines.entered.connect(self.entered)
            return lines
        line = TextLine(title)
        line.textEdited.connect(self._on_text)
        line.left.connect(self.committed)
        line.entered.connect(self.entered)
        return line

    def _on_text(self, _text: str) -> None:
        self.edited.emit()

    def _on_picked(self, *_: object) -> None:
        self.edited.emit()
        self.committed.emit()

    def value(self) -> str:
        """What stands in the field, as typed or as the chosen code."""
        if isinstance(self.editor, QLineEdit):
            return self.editor.text()
        if isinstance(self.editor, QPlainTextEdit):
            return self.editor.toPlainText()
        return self.editor.value()

    def set_value(self, text: str) -> None:
        """Show a value without any signal."""
        if text == self.value():
            return
        blocker: QSignalBlocker = QSignalBlocker(_object(self.editor))
        if isinstance(self.editor, QLineEdit):
            self.editor.setText(text)
            self.editor.setCursorPosition(0)
        elif isinstance(self.editor, QPlainTextEdit):
            self.editor.setPlainText(text)
        else:
            self.editor.set_value(text)
        blocker.unblock()

    def typing_place(self) -> int:
        """Where in its text somebody types."""
        return self.editor.cursorPosition() if isinstance(self.editor, QLineEdit) else 0

    def go_on_at(self, cursor: int) -> None:
        """Take the focus and go on typing there, instead of overwriting."""
        self.setFocus()
        if isinstance(self.editor, QLineEdit):
            self.editor.deselect()
            self.editor.setCursorPosition(cursor)

    def set_options(self, options: Sequence[Option], nothing: str = "") -> None:
        """New options of a combo box, behind the one for nothing chosen."""
        if isinstance(self.editor, Choice):
            self.editor.set_options([("", nothing), *options])

    def complain(self, text: str, *, doubt: bool = False) -> None:
        """Say below the field what is wrong; "" takes it away."""
        state = ("doubt" if doubt else "error") if text else ""
        mark(self.editor, state=state)
        mark(self._title, tone="err" if state == "error" else "text2")
        self._message.setText(text)
        mark(self._message, tone="warn" if doubt else "err")
        self._icon.setPixmap(
            self._look.pixmap(
                "triangle-alert" if doubt else "circle-x",
                "warn" if doubt else "err",
                theme.ICON_STATUS,
                self.devicePixelRatioF(),
            )
        )
        self._below.setVisible(bool(text))
        self.editor.setAccessibleDescription(text)


def _object(editor: QObject) -> QObject:
    return editor
