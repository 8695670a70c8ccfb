"""Owns the contract between a long job and whoever watches it.  Knows neither Qt nor the job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Protocol

from villagedesk.errors import Cancelled

Watcher = Callable[[int, int, str], None]


def _unwatched(done: int, total: int, step: str) -> None:
    """Nobody watches."""


class Others(Protocol):
    """Whoever else wants the lane that a long job holds."""

    def waiting(self) -> bool:
        """Whether something urgent waits."""

    def serve(self) -> None:
        """Do it now."""


class _Nobody:
    def waiting(self) -> bool:
        return False

    def serve(self) -> None:
        """There is nothing to do."""


@dataclass(slots=True)
class Progress:
    """Counts work and carries the wish to stop.

    ``watch(done, total, step)``: counts of items and the key of a text; called on the job's own thread.  ``others``:
    set by whoever runs the job; a job that can be interrupted ends what it has open when they wait, and serves them.
    """

    watch: Watcher = _unwatched
    others: Others = field(default_factory=_Nobody)
    _stop: Event = field(default_factory=Event)

    def cancel(self) -> None:
        """Ask the job to stop at its next ``check``.  Safe from any thread."""
        self._stop.set()

    def check(self) -> None:
        """Raise ``Cancelled`` when someone asked to stop."""
        if self._stop.is_set():
            raise Cancelled

    def report(self, done: int, total: int, step: str) -> None:
        """Tell the watcher, then ``check``."""
        self.watch(done, total, step)
        self.check()
