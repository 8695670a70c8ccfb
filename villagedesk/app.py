"""Owns the joining of the window's parts: application, fonts, unlock, lanes, frame.  The first roof.

Before the first paint nothing is imported that a first page does not need.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QLibraryInfo, QObject, QTimer, QTranslator, Slot
from PySide6.QtWidgets import QApplication

from villagedesk.errors import DeskError
from villagedesk.paths import DeskPaths, resources
from villagedesk.ports import Ports
from villagedesk.services import desks, households
from villagedesk.services.desks import Desk
from villagedesk.ui.jobs import Door, Job, Jobs, Lane
from villagedesk.ui.look import Look, load_fonts, load_rare_font
from villagedesk.ui.pages.catalogue import HOME, entries, makers
from villagedesk.ui.pages.first_run.page import FirstRunPage
from villagedesk.ui.pages.unlock import UnlockPage
from villagedesk.ui.room import Events, Notices, Room, Toast, Words
from villagedesk.ui.shell.opening import Opening
from villagedesk.ui.shell.window import Frame, MainWindow

FIRST_SIZE = (1366, 768)
IDLE_MINUTES = 10


def make_application(arguments: list[str]) -> QApplication:
    """The one QApplication, in Fusion style with the shipped fonts."""
    application = QApplication(arguments)
    application.setApplicationName("VillageDesk")
    application.setStyle("Fusion")
    load_fonts()
    return application


@dataclass
class _Open:
    """What lives while a desk is unlocked."""

    desk: Desk
    jobs: Jobs
    events: Events = field(default_factory=Events)
    notices: Notices = field(default_factory=Notices)
    actions: list[bytes] = field(default_factory=list)


class App(QObject):
    """The program with a window on one desk folder."""

    def __init__(
        self, application: QApplication, paths: DeskPaths, ports: Ports, look: Look, language: str, title: str
    ) -> None:
        super().__init__()
        self._application = application
        self._paths, self._ports = paths, ports
        self._look, self._words = look, Words(language)
        self._translators: list[QTranslator] = []
        self._open: _Open | None = None
        self._frame: Frame | None = None
        self._opening = Opening(self)
        self._opening.bug.connect(self._on_bug)
        self.window = MainWindow(title)
        self.window.resize(*FIRST_SIZE)
        self.window.closing.connect(self._on_closing)
        self.window.rail_changed.connect(self._redraw)
        self._idle = QTimer(self)
        self._idle.setInterval(IDLE_MINUTES * 60_000)
        self._idle.timeout.connect(self._on_idle)
        application.installEventFilter(self)
        self._apply_look()

    # -- before the desk is open -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Show the first page."""
        self._show_unlock()
        self.window.show()
        QTimer.singleShot(400, load_rare_font)

    def _show_unlock(self) -> None:
        card = desks.read_card(self._paths, self._ports)
        if card is None:
            first = FirstRunPage(self._look, self._words, self._paths, self._ports, self._opening)
            first.made.connect(self._on_made)
            self.window.set_frame(first, self._look.percent)
            return
        page = UnlockPage(self._look, self._words, card, self._ports.clock.now_ms)
        page.given.connect(partial(self._unlock, page))
        page.recovery.connect(partial(self._recover, page))
        self.window.set_frame(page, self._look.percent)

    def _on_made(self, desk: Desk, page: str) -> None:
        self.enter(desk)
        if page and self._frame is not None:
            self._frame.visit(page)

    def _unlock(self, page: UnlockPage, passphrase: str) -> None:
        work = partial(desks.unlock, self._paths, self._ports, passphrase)
        self._opening.run(work, self.enter, page.fail)

    def _recover(self, page: UnlockPage, secret: str, passphrase: str) -> None:
        work = partial(desks.unlock_with_recovery, self._paths, self._ports, secret, passphrase)
        self._opening.run(work, self.enter, page.fail)

    # -- the open desk ----------------------------------------------------------------------------------------------

    def enter(self, desk: Desk) -> None:
        """Open the lanes of an unlocked desk and show its pages."""
        doors = {
            Lane.WRITE: Door(lambda: desk, desks.close),
            Lane.READ: Door(partial(desk.sibling, read_only=True), _close_sibling),
            Lane.BULK: Door(partial(desk.sibling, read_only=True), _close_sibling),
        }
        jobs = Jobs(doors, self)
        jobs.bug.connect(self._on_bug)
        self._open = _Open(desk, jobs)
        self._open.notices.toast.connect(self._on_toast)
        self._open.notices.reopen.connect(self._reopen)
        self._open.events.changed.connect(self._on_changed)
        self._draw(HOME, None)
        self._idle.start()

    def _draw(self, page: str, what: Any) -> None:
        opened = self._open
        assert opened is not None
        room = Room(self._look, opened.jobs, self._words, opened.events, opened.notices, opened.desk.profile)
        rail = self.window.rail_at(self._look.percent)
        frame = Frame(room, entries(opened.desk.profile.role), makers(), rail=rail)
        frame.undo.connect(self._undo)
        frame.undo_last.connect(self._undo_last)
        self._frame = frame
        self.window.set_frame(frame, self._look.percent)
        frame.visit(page, what)

    @Slot()
    def _redraw(self) -> None:
        """Draw the frame anew; the page shown takes its state along."""
        if self._frame is None:
            self._show_unlock()
            return
        page = self._frame.page
        self._draw(page.name, page.state())

    def _apply_look(self) -> None:
        for translator in self._translators:
            self._application.removeTranslator(translator)
        self._translators = _translators(self._words.language)
        for translator in self._translators:
            self._application.installTranslator(translator)
        self._application.setFont(self._look.font())
        self._application.setPalette(self._look.palette())
        self._application.setStyleSheet(self._look.sheet())

    def change_look(self, look: Look, language: str | None = None) -> None:
        """Another theme, scale or language: everything is drawn anew."""
        self._look = look
        self._words = Words(language or self._words.language)
        self._apply_look()
        self._redraw()

    # -- undo ---------------------------------------------------------------------------------------------------------

    def _on_toast(self, toast: Toast) -> None:
        if toast.action and self._open is not None:
            self._open.actions.append(toast.action)

    def _undo_last(self) -> None:
        if self._open is not None and self._open.actions:
            self._undo(self._open.actions.pop())

    def _undo(self, action: bytes) -> None:
        opened = self._open
        if opened is None:
            return
        opened.actions = [other for other in opened.actions if other != action]
        work = partial(households.undo, action=action)
        opened.jobs.run(Lane.WRITE, Job(work, self, self._on_undone, self._on_fault, urgent=True))

    def _on_undone(self, done: Any) -> None:
        touched, kept = done
        opened = self._open
        if opened is None:
            return
        text = self._words.say("undone", records=len(touched.keys), kept=len(kept))
        opened.notices.toast.emit(Toast(text))
        opened.events.changed.emit(touched.kinds)

    def _on_fault(self, error: DeskError) -> None:
        if self._open is not None:
            self._open.notices.tell(self._words.fault(error), wrong=True)

    def _on_changed(self, _kinds: object) -> None:
        """Counts and words at the edges of the frame."""

    # -- leaving ------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._open is not None and event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress):
            self._idle.start()
        return False

    def _on_idle(self) -> None:
        if self._frame is not None and self._frame.page.may_leave():
            self.lock()

    def lock(self) -> None:
        """Close the desk and ask for the passphrase again."""
        self._leave()
        self._show_unlock()

    def _reopen(self) -> None:
        """Open the same desk again without asking: its profile changed."""
        if self._open is None:
            return
        desk, self._frame = self._open.desk, None
        self._open.jobs.close()
        self._open = None
        self._opening.run(partial(desks.open_again, desk), self.enter, self._on_lost)

    def _on_lost(self, _error: DeskError) -> None:
        self._show_unlock()

    def _leave(self) -> None:
        self._idle.stop()
        opened, self._open, self._frame = self._open, None, None
        if opened is not None:
            opened.jobs.close()

    def _on_closing(self) -> None:
        self._opening.wait()
        self._leave()

    def _on_bug(self, error: BaseException) -> None:
        raise error


def _close_sibling(desk: Desk) -> None:
    desk.store.close()


def _translators(language: str) -> list[QTranslator]:
    """Qt's own words and ours; Chinese is the language of our source texts."""
    found = []
    qt = QTranslator()
    if qt.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        found.append(qt)
    own = QTranslator()
    if language != "zh_CN" and own.load(str(resources() / "i18n" / f"villagedesk_{language}.qm")):
        found.append(own)
    return found


def run_window(paths: DeskPaths, ports: Ports, language: str, enter: Callable[[App], None] | None = None) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    application = make_application(["villagedesk"])
    app = App(application, paths, ports, Look(), language, Words(language).say("product"))
    app.start()
    if enter is not None:
        enter(app)
    return application.exec()
