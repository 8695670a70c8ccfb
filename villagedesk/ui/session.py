"""Owns what lives while a desk is unlocked: lanes, events, notices, undo, and the frame with its pages.

Loaded after the first paint, while the passphrase is being typed: it brings the store and everything above it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from villagedesk.errors import DeskError
from villagedesk.services import closing, desks
from villagedesk.services.desks import Desk
from villagedesk.settings import Settings
from villagedesk.ui.jobs import Door, Job, Jobs, Lane
from villagedesk.ui.look import Look
from villagedesk.ui.pages.catalogue import HOME, entries, makers
from villagedesk.ui.pages.drops import drops
from villagedesk.ui.room import Events, Notices, Room, Watched, Words
from villagedesk.ui.shell.edges import Edges
from villagedesk.ui.shell.window import Frame, MainWindow
from villagedesk.ui.undo import Undo
from villagedesk.ui.widgets.question import Question


@dataclass(frozen=True)
class Dress:
    """How the frame is drawn, and the settings its pages show."""

    look: Look
    words: Words
    settings: Settings


class Session(QObject):
    """``bug``: an exception that nobody expected; ``closed(code)``: the desk is closed, "fine" or why its backup
    failed, told on the lane that closed it."""

    bug = Signal(object)

    def __init__(
        self, desk: Desk, window: MainWindow, dress: Dress, closed: Callable[[str], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self._window, self._dress, self._closed = window, dress, closed
        doors = {
            Lane.WRITE: Door(lambda: desk, self._close_desk, held=True),
            Lane.READ: Door(partial(desk.sibling, read_only=True), _close_sibling),
            Lane.BULK: Door(partial(desk.sibling, read_only=True), _close_sibling),
        }
        self.jobs = Jobs(doors, self)
        self.jobs.bug.connect(self.bug)
        self.events, self.notices = Events(self), Notices(self)  # never destroyed on a lane
        self._working: list[Watched] = []
        self._after_work: list[Callable[[], None]] = []
        self.notices.long_job.connect(self._on_long_job)
        self.undo = Undo(self.jobs, dress.words, self.events, self.notices, window.ask, self)
        self.notices.take_back.connect(self.undo.take_back_apart)
        self.frame = self._drawn(HOME, None)

    # -- long jobs ------------------------------------------------------------------------------------------------

    def _on_long_job(self, watched: Watched) -> None:
        self._working.append(watched)
        watched.ended.connect(partial(self._on_work_ended, watched))

    def _on_work_ended(self, watched: Watched) -> None:
        self._working.remove(watched)
        if not self._working:
            waiting, self._after_work = self._after_work, []
            for then in waiting:
                QTimer.singleShot(0, self, then)

    def postpones(self, drawing: Callable[[], None], word: str = "drawn_later") -> bool:
        """Whether a drawing waits for the end of a long job, whose page must be there to say how it ended.

        ``word``: the sentence that says so.
        """
        if self._working:
            self._after_work = [waiting for waiting in self._after_work if waiting != drawing] + [drawing]
            self.notices.tell(self._dress.words.say(word, title=self._working[-1].title))
        return bool(self._working)

    def may_close(self) -> bool:
        """A long job is not left behind a closed window: it is stopped, or the window stays."""
        if self._working:
            title = self.tr("{work}，现在停下吗？").format(work=self._working[-1].title)
            text = self.tr("这件事还没做完。停下以后，做完的部分留着，没做的以后再做。")
            if not self._window.ask(Question(title, text, self.tr("停下"))):
                return False
            for watched in self._working:
                watched.progress.cancel()
        return True

    # -- the frame -------------------------------------------------------------------------------------------------

    def draw(self, dress: Dress) -> None:
        """Draw the frame anew; the page shown takes its state along."""
        self._dress = dress
        name, state = self.frame.page.name, self.frame.page.state()
        self._let_go()
        self.frame = self._drawn(name, state)

    def _let_go(self) -> None:
        for page in self.frame.pages.values():
            page.let_go()

    def keep(self, dress: Dress) -> None:
        """Other settings, of which nothing is seen."""
        self._dress = dress

    def _drawn(self, page: str, what: Any) -> Frame:
        dress, profile = self._dress, self.desk.profile
        room = Room(
            dress.look,
            self.jobs,
            dress.words,
            self.events,
            self.notices,
            profile,
            dress.settings,
            self.desk.ports,
        )
        rail = self._window.rail_at(dress.look.percent)
        frame = Frame(room, entries(profile.role), makers(), drops(profile.role), rail=rail)
        self.undo.words = dress.words
        frame.undo.connect(self.undo.take_back)
        frame.undo_last.connect(self.undo.last)
        frame.redo_last.connect(self.undo.again)
        Edges(room, frame)
        self._window.set_frame(frame, dress.look)
        frame.visit(page, what)
        return frame

    def warn(self) -> None:
        """What must be said first: the recovery key was never written down."""
        self.jobs.run(Lane.READ, Job(desks.recovery_is_kept, self, self._on_recovery, self.tell_fault))

    def _on_recovery(self, kept: bool) -> None:
        if not kept:
            self.notices.tell(self._dress.words.say("recovery_not_kept"), wrong=True)

    def tell_of_reports(self, reports: Sequence[Path], folder: Path) -> None:
        """Once, at the next start: where the crash reports lie that hold no personal data."""
        self.notices.tell(self._dress.words.say("crash_reports", count=len(reports), folder=folder))

    def tell(self, text: str) -> None:
        self.notices.tell(text)

    def tell_fault(self, error: DeskError) -> None:
        self.notices.tell(self._dress.words.fault(error), wrong=True)

    def rehearse(self) -> None:
        """The backup proves itself, quietly; only a failure is told."""
        self.jobs.run(Lane.BULK, Job(closing.rehearse_if_due, self, self._on_rehearsed, self.tell_fault))

    def _on_rehearsed(self, done: bool) -> None:
        if done:
            self.events.changed.emit(frozenset({"backup"}))

    def end(self) -> None:
        """Let the lanes end; the last thing the first of them does is to close the desk."""
        self._let_go()
        self.jobs.close()
        self.undo.deleteLater()
        self.deleteLater()

    def _close_desk(self, desk: Desk) -> None:
        """On the WRITE lane, when it ends."""
        second = self._dress.settings.second_backup_folder
        failed = closing.leave(desk, Path(second) if second else None)
        self._closed(failed.code if failed else "fine")


def _close_sibling(desk: Desk) -> None:
    desk.store.close()
