"""Owns the manual behind F1: the shipped text in the language of the window."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QTextBrowser, QWidget

from villagedesk.paths import resources
from villagedesk.ui.look import Look
from villagedesk.ui.widgets.parts import button, column, row


class ManualDialog(QDialog):
    """Esc closes it."""

    def __init__(self, look: Look, language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("使用手册"))
        self.resize(look.px(820), look.px(640))
        text = QTextBrowser()
        text.setAccessibleName(self.tr("使用手册"))
        text.setMarkdown((resources() / "manual" / f"{language}.md").read_text(encoding="utf-8"))
        close = button(look, self.tr("关上"), self.accept, key="Esc")
        pad = look.px(20)
        layout = column(text, row(None, close), spacing=look.px(12), margins=(pad, pad, pad, pad))
        layout.setStretch(0, 1)
        self.setLayout(layout)
        text.setFocus()
