"""Owns the status line: key hints of the page on the left, reassurance on the right.  Never an error of a field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from villagedesk.ui import theme
from villagedesk.ui.look import Look
from villagedesk.ui.widgets.parts import clear, icon_label, label, row

Word = tuple[str, str, str]


class StatusLine(QFrame):
    """``set_hints``: (key, word); ``set_words``: (icon, tone, text)."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setProperty("box", "status")
        self.setFixedHeight(look.px(theme.STATUS_LINE))
        self._hints: list[QWidget] = []
        self._taken = 0
        self._left, self._right = QHBoxLayout(), QHBoxLayout()
        for part in (self._left, self._right):
            part.setSpacing(look.px(8))
        line = QHBoxLayout(self)
        line.setContentsMargins(look.px(16), 0, look.px(24), 0)
        line.addLayout(self._left)
        line.addStretch(1)
        line.addLayout(self._right)

    def set_hints(self, hints: Sequence[tuple[str, str]]) -> None:
        clear(self._left)
        self._hints = []
        for key, word in hints:
            cap = label(key, "keycap")
            cap.setFixedHeight(self._look.px(theme.KEYCAP))
            _keep_whole(cap)
            said = label(word, "small", "text2")
            _keep_whole(said)
            hint = QWidget()
            hint.setLayout(row(cap, said, self._look.px(6), spacing=self._look.px(8)))
            self._hints.append(hint)
            self._left.addWidget(hint)
        self._fit()

    def _fit(self) -> None:
        """Hints that find no room are left out from the end; the reassurance stays."""
        room = self.width() - self._taken - self._look.px(56)
        for hint in self._hints:
            room -= hint.sizeHint().width() + self._look.px(8)
            hint.setVisible(room >= 0)

    def minimumSizeHint(self) -> QSize:
        """Hints must never make the window wider."""
        return QSize(0, self._look.px(theme.STATUS_LINE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def set_words(self, words: Sequence[Word]) -> None:
        clear(self._right)
        self._taken = 0  # the layout does not count what it will show only after this call
        for icon, tone, text in words:
            picture, said = icon_label(self._look, icon, tone), label(text, "small", tone)
            _keep_whole(said)
            for part in (picture, said):
                self._right.addWidget(part)
                self._taken += part.sizeHint().width() + self._look.px(8)
            self._right.addSpacing(self._look.px(6))
            self._taken += self._look.px(14)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()


def _keep_whole(words: QWidget) -> None:
    """As wide as its words under the style sheet, which is not asked before the first showing otherwise."""
    words.ensurePolished()
    words.setMinimumWidth(words.sizeHint().width())
