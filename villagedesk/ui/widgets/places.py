"""Owns choosing where a bundle goes or comes from: sticks and a folder as radio buttons.  Knows no service."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFileDialog, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from villagedesk.ui.look import Look
from villagedesk.ui.widgets.parts import clear, column, label, row, set_icon

Stick = tuple[Path, str, int]
_GIGA = 10**9


class PlaceButton(QPushButton):
    """One place: icon, name, what is known of it, and whether it is chosen."""

    def __init__(self, look: Look, icon: str, title: str, note: str) -> None:
        super().__init__()
        self._look = look
        self.setProperty("kind", "place")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{title} {note}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(look.px(58))
        picture, self._state = label(), label()
        set_icon(picture, look, icon, "accent", 20)
        words = column(None, label(title), label(note, "small", "text2"), None, spacing=look.px(2))
        for child in (picture, self._state):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setLayout(
            row(picture, words, None, self._state, spacing=look.px(14), margins=(look.px(16), 0, look.px(14), 0))
        )
        self.toggled.connect(self._on_toggled)
        self._on_toggled(False)

    def _on_toggled(self, on: bool) -> None:
        set_icon(self._state, self._look, "circle-check" if on else "circle", "accent" if on else "text3", 18)

    def is_an_act(self) -> None:
        """Not a place to choose but a way to one: without the ring of a choice."""
        self._state.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The place chosen has a frame already; with the focus it is the frame that every button has then."""
        super().paintEvent(event)
        if self.hasFocus() and self.isChecked():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._look.colour("text"), 2))
            round_by = self._look.px(5)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), round_by, round_by)

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(300), self._look.px(58))


class PlaceChooser(QWidget):
    """``changed``: another place was chosen, or a stick came or went.  The focus stays here when it was here."""

    changed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._buttons: dict[Path, PlaceButton] = {}
        self._folder: Path | None = None
        self._picked: Path | None = None
        self._sticks: tuple[Stick, ...] = ()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(look.px(8))

    def chosen(self) -> Path | None:
        return next((path for path, made in self._buttons.items() if made.isChecked()), None)

    def set_places(self, sticks: Sequence[Stick], folder: Path | None) -> None:
        """A stick that is plugged in is the natural choice; the folder stays beside it.

        A folder that the person picked here stands before ``folder``.
        """
        folder = self._picked or folder or self._folder
        if tuple(sticks) == self._sticks and folder == self._folder and self._box.count():
            return
        before, fresh = self.chosen(), {stick[0] for stick in sticks} - {stick[0] for stick in self._sticks}
        self._sticks, self._folder = tuple(sticks), folder
        self._draw(next(iter(fresh), before))

    def choose_folder(self, folder: Path) -> None:
        """Put a folder beside the sticks and choose it."""
        self._picked = self._folder = folder
        self._draw(folder)

    def _draw(self, wanted: Path | None) -> None:
        """Every place anew, with ``wanted`` chosen where it is there."""
        held = self.isAncestorOf(self.window().focusWidget())
        clear(self._box)
        self._buttons = {}
        for path, name, free in self._sticks:
            note = self.tr("剩 {n} GB").format(n=f"{free / _GIGA:.1f}") if free else ""
            self._add(path, "usb", self.tr("U 盘 {name}").format(name=name), note)
        if self._folder is not None and self._folder not in self._buttons:
            self._add(self._folder, "folder", self.tr("文件夹"), str(self._folder))
        title = self.tr("选别的文件夹") if self._buttons else self.tr("选一个文件夹")
        other = PlaceButton(self._look, "folder-open", title, self.tr("发微信或放共享文件夹时用"))
        other.setCheckable(False)
        other.is_an_act()
        other.clicked.connect(lambda _: self.ask_folder())
        self._box.addWidget(other)
        chosen = self._buttons.get(wanted) if wanted is not None else None
        chosen = chosen or next(iter(self._buttons.values()), None)
        if chosen is not None:
            chosen.setChecked(True)
        if held:
            (chosen or other).show()
            (chosen or other).setFocus()
        self.changed.emit()

    def _add(self, path: Path, icon: str, title: str, note: str) -> None:
        made = PlaceButton(self._look, icon, title, note)
        made.clicked.connect(lambda _: self.changed.emit())
        self._buttons[path] = made
        self._box.addWidget(made)

    def ask_folder(self) -> Path | None:
        """Let the person choose a folder, which then is the place chosen; None where none was."""
        start = str(self.chosen() or self._folder or Path.home())
        chosen = QFileDialog.getExistingDirectory(self, self.tr("选文件夹"), start)
        if chosen:
            self.choose_folder(Path(chosen))
        return Path(chosen) if chosen else None
