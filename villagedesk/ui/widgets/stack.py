"""Owns the stack of pages: as small as the page shown.  Knows no page."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget


class PageStack(QStackedWidget):
    """A page with less room than it needs is scrolled; the window never grows for it, nor for the others."""

    def minimumSizeHint(self) -> QSize:
        return self.currentWidget().minimumSizeHint() if self.count() else super().minimumSizeHint()

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()
