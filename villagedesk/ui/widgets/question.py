"""Owns questions before something that undo cannot mend alone: one title, what it touches, two answers in verbs.

The harmless answer has the focus and is what Esc gives.  Knows no page.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QWidget

from villagedesk.ui import theme
from villagedesk.ui.look import Look
from villagedesk.ui.widgets.parts import ask, button, column, icon_label, label, row


class Question(NamedTuple):
    """``title``: the question, with the name in it; ``text``: what else it touches; ``act``: the verb that does it."""

    title: str
    text: str
    act: str = ""


class QuestionDialog(QDialog):
    """One question; without ``act`` a sentence that only wants to be read."""

    def __init__(self, look: Look, question: Question, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(question.title)
        self.setFixedWidth(look.px(theme.DIALOG))
        words = self.tr("不，先不动") if question.act else self.tr("知道了")
        self.stay = button(look, words, self.reject, key="Esc")
        self.act = button(look, question.act, self.accept, kind="danger", key="F10")
        self.act.setVisible(bool(question.act))
        icon = icon_label(look, "triangle-alert", "warn", theme.ICON_NAV)
        title = row(icon, label(question.title, "h2", wrap=True), spacing=look.px(12))
        title.setStretch(1, 1)
        title.setAlignment(icon, Qt.AlignmentFlag.AlignTop)
        answers = row(None, self.stay, self.act, spacing=look.px(8))
        layout = column(title, label(question.text, tone="text2", wrap=True), answers, spacing=look.px(16))
        layout.setContentsMargins(*(look.px(24),) * 4)
        self.setLayout(layout)
        if question.act:
            QShortcut(QKeySequence("F10"), self).activated.connect(self.accept)
        self.stay.setFocus(Qt.FocusReason.OtherFocusReason)


def confirm(parent: QWidget, look: Look, question: Question) -> bool:
    """Whether the act was chosen."""
    return ask(QuestionDialog(look, question, parent))
