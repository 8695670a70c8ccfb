"""Owns what a page shows beside its content: the empty state that teaches, and the banner under the head."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from villagedesk.ui import theme
from villagedesk.ui.look import Look
from villagedesk.ui.widgets.parts import column, frame, icon_label, label, mark, row, set_icon


class Empty(QWidget):
    """What belongs here, and the button that makes the first one."""

    def __init__(self, look: Look, icon: str, title: str, text: str, buttons: Sequence[QPushButton]) -> None:
        super().__init__()
        words = label(text, tone="text2", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words.setFixedWidth(look.px(620))
        line = row(None, *buttons, None, spacing=look.px(12))
        self.setLayout(
            column(
                None,
                row(None, icon_label(look, icon, "accent", theme.ICON_EMPTY), None),
                look.px(12),
                row(None, label(title, "h1"), None),
                row(None, words, None),
                look.px(16),
                line,
                None,
                spacing=look.px(6),
            )
        )


class Banner(QWidget):
    """One line under the head about something outside the page; hidden until it has something to say."""

    def __init__(self, look: Look, buttons: Sequence[QPushButton] = ()) -> None:
        super().__init__()
        self._look = look
        self._icon, self._text = label(), label("", wrap=True)
        line = row(self._icon, self._text, *buttons, spacing=look.px(12))
        line.setContentsMargins(look.px(16), look.px(8), look.px(16), look.px(8))
        line.setStretch(1, 1)
        self._box = frame("info")
        self._box.setLayout(line)
        self._box.setMinimumHeight(look.px(46))
        self.setLayout(column(self._box, margins=(0, 0, 0, look.px(theme.CARD_GAP))))
        self.hide()

    def tell(self, text: str, icon: str, box: str = "info", tone: str = "accent") -> None:
        """``box``: info, warn or err."""
        mark(self._box, box=box)
        set_icon(self._icon, self._look, icon, tone, theme.ICON_BUTTON)
        self._text.setText(text)
        self.show()


def card() -> QFrame:
    """A white sheet with a hairline around it."""
    return frame("card")
