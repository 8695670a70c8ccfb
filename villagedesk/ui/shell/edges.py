"""Owns what the edges of the frame tell: counts in the sidebar, the reassurance in the status line."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject, QTimer

from villagedesk.services import closing
from villagedesk.services.closing import Reassurance
from villagedesk.ui.jobs import Job, Lane
from villagedesk.ui.room import Room
from villagedesk.ui.shell.status_line import Word
from villagedesk.ui.shell.window import Frame

_MINUTE_MS = 60_000


class Edges(QObject):
    """Lives as long as its frame."""

    def __init__(self, room: Room, frame: Frame) -> None:
        super().__init__(frame)
        self._room, self._frame = room, frame
        self._seen: Reassurance | None = None
        room.events.changed.connect(self._load)
        room.jobs.writing.connect(self._on_writing)
        self._minute = QTimer(self)
        self._minute.timeout.connect(self._load)
        self._minute.start(_MINUTE_MS)
        self._writing = self._unsaved = False
        room.notices.unsaved.connect(self._on_unsaved)
        self._load()

    def _load(self, _kinds: object = None) -> None:
        self._room.jobs.run(Lane.READ, Job(closing.reassurance, self, self._on_seen, key="edges"))

    def _on_seen(self, seen: Reassurance) -> None:
        self._seen = seen
        self._frame.sidebar.set_count("report", seen.unsent)
        self._frame.sidebar.set_count("inbox", seen.waiting)
        self._tell()

    def _on_writing(self, writing: bool) -> None:
        self._writing = writing
        self._tell()

    def _on_unsaved(self, unsaved: bool) -> None:
        if unsaved != self._unsaved:
            self._unsaved = unsaved
            self._tell()

    def _tell(self) -> None:
        words: list[Word] = []
        if self._seen is not None:
            words.append(self._backup(self._seen))
        if self._writing:
            words.append(("save", "text2", self.tr("正在保存")))
        elif self._unsaved:
            words.append(("pencil", "warn", self.tr("这张表还没保存")))
        else:
            words.append(("circle-check", "ok", self.tr("全部已保存")))
        self._frame.set_words(words)

    def _backup(self, seen: Reassurance) -> Word:
        if not seen.backed_up:
            return "hard-drive", "warn", self.tr("还没有备份，关窗口时自动备")
        moment = datetime.fromtimestamp(seen.backed_up / 1000)
        today = moment.date() == datetime.now().date()
        when = self.tr("今天 {t}").format(t=moment.strftime("%H:%M")) if today else moment.strftime("%m-%d %H:%M")
        return "hard-drive", "text2", self.tr("备份 {t}").format(t=when)
