"""Owns the contract between a long job and whoever watches it.  Knows neither Qt nor the job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from villagedesk.errors import Cancelled

Watcher = Callable[[int, int, str], None]


def _unwatched(done: int, total: int, step: str) -> None:
    """Nobody watches."""


@dataclass(slots=True)
class Progress:
    """Counts work and carries the wish to stop.

    ``watch(done, total, step)``: counts of items and the key of a text; called on the job's own thread.
    """

    watch: Watcher = _unwatched
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
