"""Owns the status line: key hints of the page on the left, reassurance on the right.  Never an error of a field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout

from villagedesk.ui import theme
from villagedesk.ui.look import Look
from villagedesk.ui.widgets.parts import clear, icon_label, label

Word = tuple[str, str, str]


class StatusLine(QFrame):
    """``set_hints``: (key, word); ``set_words``: (icon, tone, text)."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setProperty("box", "status")
        self.setFixedHeight(look.px(theme.STATUS_LINE))
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
        for key, word in hints:
            cap = label(key, "keycap")
            cap.setFixedHeight(self._look.px(theme.KEYCAP))
            self._left.addWidget(cap)
            self._left.addWidget(label(word, "small", "text2"))
            self._left.addSpacing(self._look.px(6))

    def set_words(self, words: Sequence[Word]) -> None:
        clear(self._right)
        for icon, tone, text in words:
            self._right.addWidget(icon_label(self._look, icon, tone))
            self._right.addWidget(label(text, "small", tone))
            self._right.addSpacing(self._look.px(6))
