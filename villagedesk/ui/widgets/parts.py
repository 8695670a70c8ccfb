"""Owns the small parts every page is made of: labels, buttons, cards, rows.  Knows no service and no page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from villagedesk.ui import theme
from villagedesk.ui.look import Look

Kind = Literal["", "primary", "danger", "link", "toast", "chip", "place", "option", "fold"]
Size = Literal["", "big", "compact"]

_ICON_TOKENS = {"primary": "on_accent", "danger": "err", "link": "accent", "toast": "on_toast"}


def mark(widget: QWidget, **properties: object) -> None:
    """Set what the style sheet asks for and have it applied at once."""
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def label(text: str = "", role: str = "", tone: str = "", *, wrap: bool = False) -> QLabel:
    """A label that says what it is; plain text only, because names come from outside."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    return made


def button(
    look: Look,
    text: str,
    clicked: Callable[[], object] | None = None,
    *,
    kind: Kind = "",
    icon: str = "",
    key: str = "",
    size: Size = "",
) -> QPushButton:
    """A button in the words of the clerk; ``key`` stands behind the word (新增 F2)."""
    words = f"{text}  {key}" if key else text
    made = QPushButton(f" {words}" if icon else words)
    made.setProperty("kind", kind)
    made.setProperty("extent", size)
    made.setAccessibleName(text)
    made.setAutoDefault(True)  # Enter presses it, outside of dialogs too
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if icon:
        made.setIcon(look.icon(icon, _ICON_TOKENS.get(kind, "text")))
        made.setIconSize(look.icon_size())
    if clicked is not None:
        made.clicked.connect(lambda *_: clicked())
    return made


def icon_label(look: Look, icon: str, tone: str, size: int = theme.ICON_STATUS) -> QLabel:
    """An icon as a picture; a word always stands beside it."""
    made = QLabel()
    set_icon(made, look, icon, tone, size)
    return made


def set_icon(target: QLabel, look: Look, icon: str, tone: str, size: int = theme.ICON_STATUS) -> None:
    target.setPixmap(look.pixmap(icon, tone, size, target.devicePixelRatioF()))
    target.setFixedSize(look.px(size), look.px(size))


def frame(box: str) -> QFrame:
    """A frame of the style sheet: card, info, warn, err, plain, line, status, toast."""
    made = QFrame()
    made.setProperty("box", box)
    return made


def hairline() -> QFrame:
    made = frame("line")
    made.setFixedHeight(1)
    return made


Part = QWidget | QLayout | int | None
Box = TypeVar("Box", bound=QBoxLayout)


def row(*parts: Part, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Side by side; an int is a gap, None a stretch."""
    return _fill(QHBoxLayout(), parts, spacing, margins)


def column(*parts: Part, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """One below the other; an int is a gap, None a stretch."""
    return _fill(QVBoxLayout(), parts, spacing, margins)


def _fill(layout: Box, parts: tuple[Part, ...], spacing: int, margins: tuple[int, int, int, int]) -> Box:
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)
    return layout


def scrolled(inside: QLayout) -> QScrollArea:
    """What may be scrolled where a small screen or a large scale leaves less room than it needs."""
    holder = QWidget()
    holder.setLayout(inside)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(holder)
    return area


def ask(dialog: QDialog) -> bool:
    """Show a dialog until it is answered; whether it was accepted.  Afterwards it is let go and the window is back."""
    accepted = bool(dialog.exec())
    parent = dialog.parentWidget()
    dialog.deleteLater()
    if isinstance(parent, QWidget):
        parent.window().activateWindow()
    return accepted


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
