"""Owns the dialogs for the files of the import page; they begin where the last file was while the program runs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from villagedesk.ui.pages.drops import ROSTERS


class Files(QObject):
    """Asks for a workbook to read or a place to write one."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._last: Path | None = None

    def note(self, file: Path) -> None:
        """The next dialog begins beside this file."""
        self._last = file.parent

    def choose(self, parent: QWidget, shown: Path | None) -> Path | None:
        """``shown``: the file that is open now."""
        kinds = self.tr("花名册 ({kinds})").format(kinds=" ".join(f"*{ending}" for ending in ROSTERS))
        start = shown.parent if shown is not None else self._start()
        file, _ = QFileDialog.getOpenFileName(parent, self.tr("选花名册"), str(start), kinds)
        return Path(file) if file else None

    def target(self, parent: QWidget, title: str, name: str) -> Path | None:
        """Where to write a workbook; ``name``: what it could be called."""
        kinds = self.tr("表格 ({kinds})").format(kinds="*.xlsx")
        file, _ = QFileDialog.getSaveFileName(parent, title, str(self._start() / name), kinds)
        if not file:
            return None
        self.note(Path(file))
        return Path(file)

    def _start(self) -> Path:
        return self._last or Path.home()
