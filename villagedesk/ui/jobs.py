"""Owns the three lanes on which everything slow runs: WRITE, READ, BULK, one thread and one desk connection each.

Work is a function of the lane's desk.  Results come back to the GUI thread through one signal to one slot and are given
to the callbacks of the caller, unless the caller is gone by then.  Knows no page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from heapq import heappop, heappush
from itertools import count
from threading import Condition
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QThread, Signal, Slot

from villagedesk.errors import Cancelled, DeskError
from villagedesk.progress import Progress

Work = Callable[[Any], Any]


@dataclass(frozen=True)
class Door:
    """How a lane comes to its desk and leaves it, both on the lane's own thread.

    ``held``: the desk is open already, so it must be closed even when no job ever came.
    """

    open: Callable[[], Any]
    close: Callable[[Any], None]
    held: bool = False


class Lane(Enum):
    """WRITE holds the only writable connection; READ serves lists and searches; BULK reads for long jobs."""

    WRITE = "write"
    READ = "read"
    BULK = "bulk"


@dataclass(frozen=True, eq=False)
class Job:
    """One piece of work; ``owner``: the widget it is for.  ``key``: a newer job with the same key replaces a waiting
    one (results while typing); ``broken``: it ended in a bug, which ``Jobs.bug`` tells; ``ended``: it is over, however
    and whether or not its owner is still there."""

    work: Work
    owner: QObject
    done: Callable[[Any], object]
    failed: Callable[[DeskError], object] | None = None
    cancelled: Callable[[], object] | None = None
    replaced: Callable[[], object] | None = None
    broken: Callable[[], object] | None = None
    ended: Callable[[], object] | None = None
    key: str = ""
    urgent: bool = False
    progress: Progress = field(default_factory=Progress)


class _Thread(QThread):
    """Takes jobs from a queue, urgent ones first; a job whose desk cannot be made fails like its work would."""

    finished_job = Signal(object, object, object)

    def __init__(self, lane: Lane, door: Door) -> None:
        super().__init__()
        self.setObjectName(lane.value)
        self._door = door
        self._waiting: list[tuple[int, int, Job]] = []
        self._numbers = count()
        self._condition = Condition()
        self._ending = False

    def submit(self, job: Job) -> list[Job]:
        """Queue a job; returns waiting jobs that it replaces."""
        with self._condition:
            replaced = [entry for entry in self._waiting if job.key and entry[2].key == job.key]
            for entry in replaced:
                self._waiting.remove(entry)
            self._waiting.sort()
            heappush(self._waiting, (0 if job.urgent else 1, next(self._numbers), job))
            self._condition.notify()
        return [entry[2] for entry in replaced]

    def end(self) -> None:
        """Finish the running job, drop the waiting ones that only read, stop."""
        with self._condition:
            self._ending = True
            self._condition.notify()

    def run(self) -> None:
        desk = None
        try:
            while (job := self._next()) is not None:
                try:
                    if desk is None:
                        desk = self._door.open()
                except BaseException as caught:  # a bug must reach the GUI thread, not kill the lane
                    self.finished_job.emit(job, None, caught)
                else:
                    self._do(job, desk)
                del job
        finally:
            if desk is None and self._door.held:
                desk = self._door.open()
            if desk is not None:
                self._door.close(desk)

    def _do(self, job: Job, desk: Any) -> None:
        job.progress.others = _Others(self, desk)
        result: Any = None
        error: BaseException | None = None
        try:
            result = job.work(desk)
        except BaseException as caught:  # a bug in work must reach the GUI thread, not kill the lane
            error = caught
        self.finished_job.emit(job, result, error)

    def urgent(self) -> bool:
        """Whether something waits that should not wait for the end of a long job."""
        with self._condition:
            return bool(self._waiting) and min(self._waiting)[2].urgent

    def do_urgent(self, desk: Any) -> None:
        """Inside a long job, where it lets others: a save does not wait for sixty bundles."""
        while self.urgent():
            with self._condition:
                job = heappop(self._waiting)[2]
            self._do(job, desk)

    def _next(self) -> Job | None:
        with self._condition:
            while not self._waiting and not self._ending:
                self._condition.wait()
            if not self._waiting:
                return None
            return heappop(self._waiting)[2]


class _Others:
    """What waits on a lane, as the long job that holds it sees it."""

    def __init__(self, thread: _Thread, desk: Any) -> None:
        self._thread, self._desk = thread, desk

    def waiting(self) -> bool:
        return self._thread.urgent()

    def serve(self) -> None:
        self._thread.do_urgent(self._desk)


class Jobs(QObject):
    """The lanes of one unlocked desk.

    ``bug`` is emitted with an exception that nobody expected; ``writing``: whether changes wait to be on disk.
    """

    bug = Signal(object)
    writing = Signal(bool)

    def __init__(self, doors: Mapping[Lane, Door], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running = 0
        self._writes: set[Job] = set()
        self._threads = {lane: _Thread(lane, door) for lane, door in doors.items()}
        for thread in self._threads.values():
            thread.finished_job.connect(self._on_finished)
            thread.start()

    @property
    def busy(self) -> bool:
        return self._running > 0

    def run(self, lane: Lane, job: Job) -> Job:
        """Queue a job; its callbacks run on the GUI thread."""
        self._running += 1
        if lane is Lane.WRITE:
            self._writes.add(job)
            self.writing.emit(True)
        for old in self._threads[lane].submit(job):
            self._running -= 1
            self._writes.discard(old)
            if old.ended is not None:
                old.ended()
            if old.replaced is not None and shiboken6.isValid(old.owner):
                old.replaced()
        return job

    @Slot(object, object, object)
    def _on_finished(self, job: Job, result: Any, error: BaseException | None) -> None:
        self._running -= 1
        if job in self._writes:
            self._writes.discard(job)
            self.writing.emit(bool(self._writes))
        if job.ended is not None:
            job.ended()
        alive = shiboken6.isValid(job.owner)
        if error is None:
            if alive:
                job.done(result)
        elif isinstance(error, Cancelled):
            if alive and job.cancelled is not None:
                job.cancelled()
        elif isinstance(error, DeskError) and alive and job.failed is not None:
            job.failed(error)
        else:
            if alive and job.broken is not None:
                job.broken()
            self.bug.emit(error)

    def close(self) -> None:
        """Wait for what is queued and end the threads; each closes its own connection."""
        for thread in self._threads.values():
            thread.end()
        for thread in self._threads.values():
            thread.wait()
