"""Owns the frame: sidebar, stack of pages, notices, status line, undo.  It stays a frame: pages are handed in.

The frame is drawn anew when theme, scale or language change; what a page holds goes along through ``state``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QMainWindow, QScrollArea, QVBoxLayout, QWidget

from villagedesk.ui import theme
from villagedesk.ui.look import Look
from villagedesk.ui.pages.page import Page
from villagedesk.ui.room import Room, Toast, Visit, Watched
from villagedesk.ui.shell.dock import ProgressDock
from villagedesk.ui.shell.sidebar import NavEntry, Sidebar
from villagedesk.ui.shell.status_line import StatusLine, Word
from villagedesk.ui.shell.toast import ToastBox
from villagedesk.ui.widgets.parts import column, row
from villagedesk.ui.widgets.question import Question, confirm
from villagedesk.ui.widgets.stack import PageStack

MakePage = Callable[[Room], Page]
#: What a desktop draws around a window: its borders and its title bar.
_AROUND = QSize(16, 48)


class Frame(QWidget):
    """Everything inside the window for one look.  ``undo(action)`` and ``scale(step)`` go up to the window."""

    undo = Signal(bytes)
    undo_last = Signal()
    redo_last = Signal()

    def __init__(
        self,
        room: Room,
        entries: Sequence[NavEntry],
        makers: Mapping[str, MakePage],
        drops: Mapping[str, str],
        *,
        rail: bool,
    ) -> None:
        """``drops``: which page takes a dropped file, by the ending of its name."""
        super().__init__()
        self._drops = drops
        self.setAcceptDrops(True)
        self.room = room
        look = room.look
        self._makers = dict(makers)
        self._pages: dict[str, Page] = {}
        self._stack = PageStack()
        place = f"{room.profile.town_name}·" if room.profile.role == "village" else ""
        level = self.tr("村级") if room.profile.role == "village" else self.tr("镇级·收件台")
        self.sidebar = Sidebar(look, room.profile.name, place + level, entries, rail=rail)
        self.sidebar.chosen.connect(self.visit)
        self.status = StatusLine(look)
        self._dock = ProgressDock(look, room.words)
        middle = QWidget()
        middle.setProperty("box", "ground")
        room_for_page = QScrollArea()
        room_for_page.setWidgetResizable(True)
        room_for_page.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        room_for_page.setWidget(self._stack)
        self._toast = ToastBox(look, self, room_for_page)
        self._toast.undo.connect(self.undo)
        middle.setLayout(column(room_for_page, self._dock, spacing=0))
        upper = row(self.sidebar, middle, spacing=0)
        upper.setStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(upper, 1)
        layout.addWidget(self.status)
        room.notices.toast.connect(self._on_toast)
        room.notices.long_job.connect(self._on_long_job)
        for keys, do in (
            ("Ctrl+Z", self._on_undo_key),
            ("Ctrl+Y", self.redo_last.emit),
            ("Ctrl+F", self._on_find),
            ("Ctrl+L", room.notices.lock.emit),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(do)

    @property
    def page(self) -> Page:
        current = self._stack.currentWidget()
        assert isinstance(current, Page)
        return current

    @property
    def pages(self) -> Mapping[str, Page]:
        return self._pages

    def visit(self, name: str, what: Any = None) -> None:
        """Show a page, making it at the first visit; a page that may not be left stays."""
        if self._pages and not self.page.may_leave():
            self.sidebar.set_current(self.page.root or self.page.name)
            return
        page = self._pages.get(name)
        if page is None:
            page = self._pages[name] = self._makers[name](self.room)
            page.wants.connect(self._on_wants)
            page.hints_changed.connect(self._on_hints)
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        self._stack.updateGeometry()
        self.sidebar.set_current(page.root or name)
        self.status.set_hints(page.hints())
        page.setFocus()
        page.arrive(what)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        urls = event.mimeData().urls()
        if len(urls) == 1 and Path(urls[0].toLocalFile()).suffix.lower() in self._drops:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        file = Path(event.mimeData().urls()[0].toLocalFile())
        self.visit(self._drops[file.suffix.lower()], file)

    def set_words(self, words: Sequence[Word]) -> None:
        self.status.set_words(words)

    def _on_wants(self, visit: Visit) -> None:
        self.visit(visit.page, visit.what)

    def _on_hints(self) -> None:
        self.status.set_hints(self.page.hints())

    def _on_undo_key(self) -> None:
        if self.page.undoes and not self.page.takes_back():
            self.undo_last.emit()

    def _on_find(self) -> None:
        self.page.seek()

    def _on_toast(self, toast: Toast) -> None:
        self._toast.show_toast(toast)

    def _on_long_job(self, watched: Watched) -> None:
        self._dock.watch(watched)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._toast.place()


class MainWindow(QMainWindow):
    """The top-level window; holds one ``Frame`` at a time.  ``closing``: about to close, everything may still run."""

    closing = Signal()
    rail_changed = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setWindowTitle(title)
        self._look = Look()
        #: Asked before closing, before the page.
        self.may_close: Callable[[], bool] = lambda: True

    def set_frame(self, frame: QWidget, look: Look) -> None:
        """Show a frame; the old one is let go."""
        self._look = look
        self.setCentralWidget(frame)

    @property
    def wants_rail(self) -> bool:
        """Whether the sidebar should be a rail: little logical room is left."""
        return self.rail_at(self._look.percent)

    def rail_at(self, percent: int) -> bool:
        return self.width() * 100 / percent < theme.RAIL_BELOW

    def fit_screen(self) -> None:
        """On a screen without room for the window and its title bar: all of the screen."""
        room = self.screen().availableSize() - _AROUND
        if room.expandedTo(self.size()) != room:
            self.resize(self.size().boundedTo(room))
            self.showMaximized()

    def tell(self, text: str) -> None:
        """A sentence in a box of its own."""
        confirm(self, self._look, Question(self.windowTitle(), text))

    def ask(self, question: Question) -> bool:
        return confirm(self, self._look, question)

    def ask_folder(self, title: str, start: str) -> str:
        """A folder chosen by the person, "" when none was."""
        return QFileDialog.getExistingDirectory(self, title, start)

    def resizeEvent(self, event: QResizeEvent) -> None:
        before = event.oldSize().width() * 100 / self._look.percent < theme.RAIL_BELOW
        super().resizeEvent(event)
        if event.oldSize().isValid() and before != self.wants_rail:
            self.rail_changed.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        frame = self.centralWidget()
        page = frame.page if isinstance(frame, Frame) and frame.pages else None
        if not self.may_close() or (page is not None and not page.may_leave()):
            event.ignore()
            return
        self.closing.emit()
        super().closeEvent(event)
