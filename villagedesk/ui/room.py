"""Owns what every page is handed: look, lanes, words, events, notices.  Small and frozen; no page reaches further.

``Changes`` say which kinds of record a job touched; every page decides alone whether to load anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from villagedesk.errors import DeskError, Refused
from villagedesk.ports import Ports
from villagedesk.progress import Progress
from villagedesk.sentences import label, sentence
from villagedesk.services.profile import Profile
from villagedesk.settings import Settings
from villagedesk.ui.jobs import Jobs
from villagedesk.ui.look import Look


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences for codes and labels for fields, in the language of the window."""

    language: str = "zh_CN"

    def say(self, code: str, /, **params: object) -> str:
        return sentence(code, params, self.language)

    def label(self, kind: str, field: str) -> str:
        return label(kind, field, self.language)

    def fault(self, error: DeskError) -> str:
        """One sentence for a known error; a refusal names its first reason."""
        if isinstance(error, Refused) and error.findings:
            first = error.findings[0]
            return self.say(first.code, **first.params)
        return self.say(error.code, **{"file": "", **error.params})


@dataclass(frozen=True, slots=True)
class Visit:
    """Where to go: the name of a page and what to show there."""

    page: str
    what: Any = None


class Events(QObject):
    """``changed``: kinds of record (names) that a finished job touched."""

    changed = Signal(object)


@dataclass(frozen=True, slots=True)
class Toast:
    """A word after something was done; ``action``: what 撤销 undoes, b"" = nothing to undo; ``wrong``: an error;
    ``again``: it was undone, so the button brings it back."""

    text: str
    action: bytes = b""
    wrong: bool = False
    again: bool = False


class Watched(QObject):
    """A long job as the window sees it; its counts cross from the job's thread through a signal."""

    counted = Signal(int, int, str)
    ended = Signal()

    def __init__(self, title: str, icon: str, parent: QObject) -> None:
        super().__init__(parent)
        self.title = title
        self.icon = icon
        self.progress = Progress(self._tell)

    def _tell(self, done: int, total: int, step: str) -> None:
        self.counted.emit(done, total, step)

    def end(self) -> None:
        """Done, failed or stopped: the bar goes."""
        self.ended.emit()
        self.deleteLater()


class Notices(QObject):
    """What a page tells the person or the program outside of itself.

    ``reopen``: the desk's profile changed; ``lock``: ask for the passphrase; ``settings``: these are wanted
    otherwise, by name; ``unsaved``: whether a form holds what was not saved yet; ``take_back``: an action is to be
    undone, and whether it was an undoing itself.
    """

    toast = Signal(object)
    long_job = Signal(object)
    reopen = Signal()
    lock = Signal()
    settings = Signal(object)
    unsaved = Signal(bool)
    take_back = Signal(bytes, bool)

    def tell(self, text: str, action: bytes = b"", *, wrong: bool = False) -> None:
        self.toast.emit(Toast(text, action, wrong))

    def watch(self, title: str, icon: str) -> Watched:
        """Show a bar for a job that lasts; hand its ``progress`` to the service and ``end`` it."""
        watched = Watched(title, icon, self)
        self.long_job.emit(watched)
        return watched


@dataclass(frozen=True)
class Room:
    """Handed to every page."""

    look: Look
    jobs: Jobs
    words: Words
    events: Events
    notices: Notices
    profile: Profile
    settings: Settings
    ports: Ports
