"""Owns the joining of the window's parts: application, fonts, entrance, session.  The first roof.

Before the first paint nothing is imported that the unlock page does not need; the store and what stands above it are
loaded while the passphrase is being typed.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QLibraryInfo, QObject, QTimer, QtMsgType, QTranslator, Slot, qInstallMessageHandler
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from villagedesk.errors import DeskError
from villagedesk.logs import DeskLog, mark_offered, pending_crash_reports, write_crash_report
from villagedesk.paths import DeskPaths, resources
from villagedesk.ports import Ports
from villagedesk.settings import Settings, load_settings, save_settings
from villagedesk.ui import theme
from villagedesk.ui.entrance import Entrance
from villagedesk.ui.look import Look, load_fonts, load_rare_font
from villagedesk.ui.room import Words
from villagedesk.ui.shell.opening import Opening
from villagedesk.ui.shell.window import Frame, MainWindow
from villagedesk.ui.widgets.parts import ask

if TYPE_CHECKING:
    from villagedesk.services.desks import Desk
    from villagedesk.ui.session import Dress, Session

FIRST_SIZE = (1366, 768)
_LOAD_AHEAD_MS, _LOAD_REST_MS = 100, 400
#: What unlocking needs and the unlock page does not; loaded beside the typing of the passphrase.
_NEXT, _PAGES = "villagedesk.services.closing", "villagedesk.ui.session"
_REHEARSE_AFTER_MS = 60_000
_PICTURED = ("light", "dark")


def make_application(arguments: list[str]) -> QApplication:
    """The one QApplication, in Fusion style with the shipped fonts."""
    application = QApplication(arguments)
    application.setApplicationName("VillageDesk")
    application.setStyle("Fusion")
    load_fonts()
    return application


class App(QObject):
    """The program with a window on one desk folder."""

    def __init__(self, application: QApplication, paths: DeskPaths, ports: Ports, settings: Settings) -> None:
        super().__init__()
        self._application = application
        self._paths, self._ports = paths, ports
        self.settings = settings
        self._log = DeskLog(paths, ports)
        self._translators: list[QTranslator] = []
        self._session: Session | None = None
        self._joins = False
        self._opening = Opening(self)
        self._opening.bug.connect(self._on_bug)
        self._apply_settings()
        self.window = MainWindow(self._words.say("product"))
        self.window.resize(*FIRST_SIZE)
        self.window.closing.connect(self._on_closing)
        self.window.may_close = lambda: self._session is None or self._session.may_close()
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
        QTimer.singleShot(_LOAD_AHEAD_MS, self._load_ahead)
        QTimer.singleShot(_LOAD_REST_MS, self._load_rest)

    def _load_ahead(self) -> None:
        """The store's modules, beside the window."""
        threading.Thread(target=import_module, args=(_NEXT,), daemon=True).start()

    def _load_rest(self) -> None:
        """The first page and the face for rare characters, in the window's own thread as Qt wants it."""
        import_module(_PAGES)
        load_rare_font()

    def _show_door(self) -> None:
        self.entrance.show_door(self._look, self._words)

    def _on_opened(self, desk: Desk, page: str) -> None:
        self.enter(desk)
        if page or self._joins:
            self.frame.visit(page or "report")
        if self._joins and self._session is not None:
            self._session.tell(self._words.say("joined", town=desk.profile.town_name))
        self._joins = False

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
        """Show the pages of an unlocked desk."""
        from villagedesk.ui.session import Session

        session = Session(desk, self.window, self._dress(), self._on_closed, self)
        self._session = session
        session.bug.connect(self._on_bug)
        session.notices.reopen.connect(self._reopen)
        session.notices.lock.connect(self.lock)
        session.notices.settings.connect(self._on_settings)
        session.warn()
        self._log.note("opened", role=desk.profile.role)
        self._idle.start(self.settings.idle_minutes * 60_000)
        reports = pending_crash_reports(self._paths)
        if reports:
            session.tell_of_reports(reports, self._paths.logs)
            for report in reports:
                mark_offered(self._ports.files, report)
        QTimer.singleShot(_REHEARSE_AFTER_MS, session, session.rehearse)

    def _dress(self) -> Dress:
        from villagedesk.ui.session import Dress

        return Dress(self._look, self._words, self.settings)

    @Slot()
    def _redraw(self) -> None:
        if self._session is not None:
            if not self._session.postpones(self._redress):
                self._session.draw(self._dress())
        elif not self._opening.busy:
            self._show_door()

    @property
    def frame(self) -> Frame:
        """What the window shows while a desk is open."""
        assert self._session is not None
        return self._session.frame

    @property
    def busy(self) -> bool:
        """Whether anything runs beside the window."""
        return self._opening.busy or (self._session is not None and self._session.jobs.busy)

    @property
    def is_open(self) -> bool:
        """Whether a desk is unlocked."""
        return self._session is not None

    def show_theme(self, name: str) -> None:
        """Another theme for this run; nothing is kept."""
        self.settings = replace(self.settings, theme=name)
        self._redress()

    def _redress(self) -> None:
        if self._session is None or not self._session.postpones(self._redress):
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
        if self._session is None or any(getattr(before, name) != getattr(settings, name) for name in seen):
            self._redress()
        else:
            self._session.keep(self._dress())

    def _on_settings(self, changes: dict[str, Any]) -> None:
        self.change_settings(replace(self.settings, **changes))

    def _show_manual(self) -> None:
        from villagedesk.ui.shell.manual import ManualDialog

        ask(ManualDialog(self._look, self._words.language, self.window))

    def _scale(self, step: int) -> None:
        scales = theme.SCALES
        place = scales.index(self.settings.scale) if self.settings.scale in scales else scales.index(100)
        wanted = scales[min(max(0, place + step), len(scales) - 1)] if step else 100
        if wanted != self.settings.scale:
            self.change_settings(replace(self.settings, scale=wanted))

    # -- what went wrong ---------------------------------------------------------------------------------------------

    def _on_fault(self, error: DeskError) -> None:
        if self._session is not None:
            self._session.tell_fault(error)

    # -- leaving ------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._session is not None and event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress):
            self._idle.start()
        return False

    def _on_idle(self) -> None:
        if self._session is not None and not self._session.jobs.busy:
            self.lock()

    def lock(self) -> None:
        """Close the desk and ask for the passphrase again; what was being typed stays as a draft."""
        if self._session is not None and self._session.may_close() and self.frame.page.may_leave():
            self._leave()
            self._show_door()

    def _reopen(self) -> None:
        """Open the same desk again without asking: its profile changed."""
        if self._session is not None and not self._session.postpones(self._reopen, "joined_later"):
            desk, self._joins = self._session.desk, True
            self._leave()
            self.entrance.open_again(desk, self._show_door)

    def _leave(self) -> None:
        self._idle.stop()
        session, self._session = self._session, None
        if session is not None:
            session.end()

    def _on_closed(self, code: str) -> None:
        self._log.note("closed", backup=code)

    def _on_closing(self) -> None:
        self._application.removeEventFilter(self)
        for translator in self._translators:
            self._application.removeTranslator(translator)
        self._opening.wait()
        self.window.hide()
        self.entrance.leave()
        self._leave()
        self._application.quit()

    def _on_bug(self, error: BaseException) -> None:
        write_crash_report(self._paths, self._ports, error)
        self._on_fault(DeskError("bug"))


def _on_qt_message(_kind: QtMsgType, _context: object, text: str) -> None:
    """Qt's own remarks go to stderr, but for one that the offscreen platform makes about every window."""
    if "propagateSizeHints" not in text:
        sys.stderr.write(text + "\n")


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


def _is_busy(app: App) -> bool:
    return app.busy


def take_pictures(
    paths: DeskPaths, ports: Ports, language: str | None, passphrase: str, folder: Path, roster: Path | None = None
) -> list[Path]:
    """Save a picture of every page of a desk, light and dark; raises ``EnvironmentFault`` for a wrong passphrase.

    ``roster``: the workbook that the import page shows.
    """
    from villagedesk.services import desks
    from villagedesk.ui.tour import picture_door, picture_pages

    made: list[Path] = []
    with TemporaryDirectory() as nowhere:  # where no desk lives
        for name, root in (("first-run", DeskPaths(Path(nowhere))), ("unlock", paths)):
            app = _app(root, ports, language)
            app.start()
            for look in _PICTURED:
                app.show_theme(look)
                made.append(picture_door(app.window, partial(_is_busy, app), folder / f"{name}-{look}.png"))
            app.window.close()
    app = _app(paths, ports, language)
    load_rare_font()
    app.start()
    app.enter(desks.unlock(paths, ports, passphrase))
    try:
        for look in _PICTURED:
            app.show_theme(look)
            made += picture_pages(app.window, app.frame, folder, look, roster)
        return made
    finally:
        app.window.close()


def paints(desk: Desk) -> bool:
    """Open the window on an unlocked desk and look whether its first page is painted; closes the desk."""
    from villagedesk.ui.tour import is_painted

    app = _app(desk.paths, desk.ports, None)
    app.enter(desk)
    try:
        return is_painted(app.window, app.frame)
    finally:
        app.window.close()
