"""Owns the joining of the window's parts: application, fonts, unlock, lanes, frame.  The first roof.

Before the first paint nothing is imported that a first page does not need.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QLibraryInfo, QObject, QTimer, QtMsgType, QTranslator, Slot, qInstallMessageHandler
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from villagedesk.errors import DeskError
from villagedesk.logs import DeskLog, mark_offered, pending_crash_reports, write_crash_report
from villagedesk.paths import DeskPaths, resources
from villagedesk.ports import Ports
from villagedesk.services import closing, desks
from villagedesk.services.desks import Desk
from villagedesk.settings import Settings, load_settings, save_settings
from villagedesk.ui import theme
from villagedesk.ui.entrance import Entrance
from villagedesk.ui.jobs import Door, Job, Jobs, Lane
from villagedesk.ui.look import Look, load_fonts, load_rare_font
from villagedesk.ui.pages.catalogue import HOME, entries, makers
from villagedesk.ui.room import Events, Notices, Room, Words
from villagedesk.ui.shell.edges import Edges
from villagedesk.ui.shell.manual import ManualDialog
from villagedesk.ui.shell.opening import Opening
from villagedesk.ui.shell.window import Frame, MainWindow
from villagedesk.ui.tour import is_painted, picture_pages
from villagedesk.ui.undo import Undo
from villagedesk.ui.widgets.parts import ask

FIRST_SIZE = (1366, 768)
_RARE_FONT_MS = 400
_REHEARSE_AFTER_MS = 60_000


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
    events: Events
    notices: Notices
    undo: Undo


class App(QObject):
    """The program with a window on one desk folder."""

    def __init__(self, application: QApplication, paths: DeskPaths, ports: Ports, settings: Settings) -> None:
        super().__init__()
        self._application = application
        self._paths, self._ports = paths, ports
        self.settings = settings
        self._log = DeskLog(paths, ports)
        self._translators: list[QTranslator] = []
        self._open: _Open | None = None
        self._frame: Frame | None = None
        self._opening = Opening(self)
        self._opening.bug.connect(self._on_bug)
        self._apply_settings()
        self.window = MainWindow(self._words.say("product"))
        self.window.resize(*FIRST_SIZE)
        self.window.closing.connect(self._on_closing)
        self.window.rail_changed.connect(self._redraw)
        for keys, step in (("Ctrl++", 1), ("Ctrl+=", 1), ("Ctrl+-", -1)):
            QShortcut(QKeySequence(keys), self.window).activated.connect(partial(self._scale, step))
        QShortcut(QKeySequence("Ctrl+0"), self.window).activated.connect(partial(self._scale, 0))
        QShortcut(QKeySequence("F1"), self.window).activated.connect(self._show_manual)
        self.entrance = self._make_entrance()
        self._idle = QTimer(self)
        self._idle.timeout.connect(self._on_idle)
        application.installEventFilter(self)

    # -- before the desk is open -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Show the first page."""
        self._show_door()
        self.window.show()
        QTimer.singleShot(_RARE_FONT_MS, load_rare_font)

    def _show_door(self) -> None:
        self.entrance.show_door(self._look, self._words)

    def _on_opened(self, desk: Desk, page: str) -> None:
        self.enter(desk)
        if page and self._frame is not None:
            self._frame.visit(page)

    def _go_elsewhere(self, folder: str) -> None:
        """To the desk of another folder on the same machine."""
        self._paths = DeskPaths(Path(folder))
        self._log = DeskLog(self._paths, self._ports)
        self.entrance = self._make_entrance()
        self.change_settings(load_settings(self._ports.files, self._paths.settings))

    def _make_entrance(self) -> Entrance:
        made = Entrance(self.window, self._paths, self._ports, self._opening)
        made.opened.connect(self._on_opened)
        made.elsewhere.connect(self._go_elsewhere)
        return made

    # -- the open desk ----------------------------------------------------------------------------------------------

    def enter(self, desk: Desk) -> None:
        """Open the lanes of an unlocked desk and show its pages."""
        doors = {
            Lane.WRITE: Door(lambda: desk, self._close_desk, held=True),
            Lane.READ: Door(partial(desk.sibling, read_only=True), _close_sibling),
            Lane.BULK: Door(partial(desk.sibling, read_only=True), _close_sibling),
        }
        jobs = Jobs(doors, self)
        jobs.bug.connect(self._on_bug)
        events, notices = Events(), Notices()
        undo = Undo(jobs, self._words, events, notices, self.window.ask, self)
        self._open = _Open(desk, jobs, events, notices, undo)
        notices.reopen.connect(self._reopen)
        notices.lock.connect(self.lock)
        notices.settings.connect(self._on_settings)
        self._log.note("opened", role=desk.profile.role)
        self._draw(HOME, None)
        self._idle.start(self.settings.idle_minutes * 60_000)
        self._offer_crash_reports(notices)
        QTimer.singleShot(_REHEARSE_AFTER_MS, self._rehearse)

    def _offer_crash_reports(self, notices: Notices) -> None:
        """Once, at the next start: where the reports lie that hold no personal data."""
        reports = pending_crash_reports(self._paths)
        if reports:
            notices.tell(self._words.say("crash_reports", count=len(reports), folder=self._paths.logs))
            for report in reports:
                mark_offered(self._ports.files, report)

    @Slot()
    def _rehearse(self) -> None:
        """The backup proves itself, quietly; only a failure is told."""
        if self._open is not None:
            job = Job(closing.rehearse_if_due, self, self._on_rehearsed, self._on_fault)
            self._open.jobs.run(Lane.BULK, job)

    def _on_rehearsed(self, done: bool) -> None:
        if done and self._open is not None:
            self._open.events.changed.emit(frozenset({"backup"}))

    def _draw(self, page: str, what: Any) -> None:
        opened = self._open
        assert opened is not None
        profile = opened.desk.profile
        room = Room(
            self._look, opened.jobs, self._words, opened.events, opened.notices, profile, self.settings, self._ports
        )
        frame = Frame(room, entries(profile.role), makers(), rail=self.window.rail_at(self._look.percent))
        opened.undo.words = self._words
        frame.undo.connect(opened.undo.take_back)
        frame.undo_last.connect(opened.undo.last)
        frame.redo_last.connect(opened.undo.again)
        Edges(room, frame)
        self._frame = frame
        self.window.set_frame(frame, self._look.percent)
        frame.visit(page, what)

    @Slot()
    def _redraw(self) -> None:
        """Draw the frame anew; the page shown takes its state along."""
        if self._frame is not None:
            page = self._frame.page
            self._draw(page.name, page.state())
        elif self._open is None and not self._opening.busy:
            self._show_door()

    @property
    def frame(self) -> Frame:
        """What the window shows while a desk is open."""
        assert self._frame is not None
        return self._frame

    def show_theme(self, name: str) -> None:
        """Another theme for this run; nothing is kept."""
        self.settings = replace(self.settings, theme=name)
        self._apply_settings()
        self._redraw()

    # -- settings -----------------------------------------------------------------------------------------------------

    def _apply_settings(self) -> None:
        name: theme.ThemeName = next((known for known in theme.THEMES if known == self.settings.theme), "light")
        self._words = Words(self.settings.language)
        latin = self.settings.language != "zh_CN"
        labels = theme.LABEL_COLUMN_LATIN if latin else theme.LABEL_COLUMN
        self._look = Look(name, self.settings.scale, labels)
        for translator in self._translators:
            self._application.removeTranslator(translator)
        self._translators = _translators(self._words.language)
        for translator in self._translators:
            self._application.installTranslator(translator)
        self._application.setFont(self._look.font())
        self._application.setPalette(self._look.palette())
        self._application.setStyleSheet(self._look.sheet())

    def change_settings(self, settings: Settings) -> None:
        """Keep other settings; what is seen of them is drawn anew."""
        before, self.settings = self.settings, settings
        if self._paths.root.exists():
            try:
                save_settings(self._ports.files, self._paths.settings, settings)
            except DeskError as error:
                self._on_fault(error)
        if self._idle.isActive():
            self._idle.start(settings.idle_minutes * 60_000)
        seen = ("theme", "scale", "language")
        if self._frame is None or any(getattr(before, name) != getattr(settings, name) for name in seen):
            self._apply_settings()
            self._redraw()

    def _on_settings(self, changes: dict[str, Any]) -> None:
        self.change_settings(replace(self.settings, **changes))

    def _show_manual(self) -> None:
        ask(ManualDialog(self._look, self._words.language, self.window))

    def _scale(self, step: int) -> None:
        scales = theme.SCALES
        place = scales.index(self.settings.scale) if self.settings.scale in scales else scales.index(100)
        wanted = scales[min(max(0, place + step), len(scales) - 1)] if step else 100
        if wanted != self.settings.scale:
            self.change_settings(replace(self.settings, scale=wanted))

    # -- what went wrong ---------------------------------------------------------------------------------------------

    def _on_fault(self, error: DeskError) -> None:
        if self._open is not None:
            self._open.notices.tell(self._words.fault(error), wrong=True)

    # -- leaving ------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._open is not None and event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress):
            self._idle.start()
        return False

    def _on_idle(self) -> None:
        if self._open is not None and not self._open.jobs.busy:
            self.lock()

    def lock(self) -> None:
        """Close the desk and ask for the passphrase again; what was being typed stays as a draft."""
        if self._frame is not None and self._frame.page.may_leave():
            self._leave()
            self._show_door()

    def _reopen(self) -> None:
        """Open the same desk again without asking: its profile changed."""
        if self._open is not None:
            desk = self._open.desk
            self._leave()
            self._opening.run(partial(desks.open_again, desk), self.enter, lambda _error: self._show_door())

    def _leave(self) -> None:
        self._idle.stop()
        opened, self._open, self._frame = self._open, None, None
        if opened is not None:
            opened.jobs.close()
            opened.undo.deleteLater()

    def _close_desk(self, desk: Desk) -> None:
        """On the WRITE lane, when it ends."""
        second = self.settings.second_backup_folder
        failed = closing.leave(desk, Path(second) if second else None)
        self._log.note("closed", backup=failed.code if failed else "fine")

    def _on_closing(self) -> None:
        self._application.removeEventFilter(self)
        for translator in self._translators:
            self._application.removeTranslator(translator)
        self._opening.wait()
        self.window.hide()
        self._leave()
        self._application.quit()

    def _on_bug(self, error: BaseException) -> None:
        write_crash_report(self._paths, self._ports, error)
        self._on_fault(DeskError("bug"))


def _on_qt_message(_kind: QtMsgType, _context: object, text: str) -> None:
    """Qt's own remarks go to stderr, but for one that the offscreen platform makes about every window."""
    if "propagateSizeHints" not in text:
        sys.stderr.write(text + "\n")


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


def _app(paths: DeskPaths, ports: Ports, language: str | None) -> App:
    qInstallMessageHandler(_on_qt_message)
    application = QApplication.instance() or make_application(["villagedesk"])
    assert isinstance(application, QApplication)
    settings = load_settings(ports.files, paths.settings)
    if language is not None:
        settings = replace(settings, language=language)
    return App(application, paths, ports, settings)


def run_window(paths: DeskPaths, ports: Ports, language: str | None, passphrase: str | None = None) -> int:
    """Open the window and stay until it is closed; returns the exit code.

    ``language``: asked for this once, None = as kept in the settings; ``passphrase``: opens the desk without asking.
    """
    app = _app(paths, ports, language)
    app.start()
    app.window.fit_screen()
    if passphrase is not None:
        app.entrance.unlock_with(passphrase)
    return QApplication.exec()


def take_pictures(paths: DeskPaths, ports: Ports, language: str | None, passphrase: str, folder: Path) -> list[Path]:
    """Save a picture of every page of a desk, light and dark; raises ``EnvironmentFault`` for a wrong passphrase."""
    app = _app(paths, ports, language)
    load_rare_font()
    app.start()
    app.enter(desks.unlock(paths, ports, passphrase))
    try:
        made: list[Path] = []
        for name in ("light", "dark"):
            app.show_theme(name)
            made += picture_pages(app.window, app.frame, folder, name)
        return made
    finally:
        app.window.close()


def paints(desk: Desk) -> bool:
    """Open the window on an unlocked desk and look whether its first page is painted; closes the desk."""
    app = _app(desk.paths, desk.ports, None)
    app.enter(desk)
    try:
        return is_painted(app.window, app.frame)
    finally:
        app.window.close()
