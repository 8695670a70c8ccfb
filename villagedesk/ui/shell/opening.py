"""Owns work before a desk is unlocked: one worker thread without a desk, for slow things of the first pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from villagedesk.errors import DeskError


class _Runner(QThread):
    finished_work = Signal(object, object)

    def __init__(self, work: Callable[[], Any], parent: QObject) -> None:
        super().__init__(parent)
        self._work = work

    def run(self) -> None:
        result: Any = None
        error: BaseException | None = None
        try:
            result = self._work()
        except BaseException as caught:  # handed to the GUI thread, which knows what to say
            error = caught
        self.finished_work.emit(result, error)


class Opening(QObject):
    """One thing at a time; ``bug``: an exception that nobody expected, which also fails the work."""

    bug = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._done: Callable[[Any], None] = print
        self._failed: Callable[[DeskError], None] = print
        self._runner: _Runner | None = None

    @property
    def busy(self) -> bool:
        return self._runner is not None

    def run(self, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[DeskError], None]) -> bool:
        """Start ``work`` on its thread; False when something is still under way."""
        if self._runner is not None:
            return False
        self._done, self._failed = done, failed
        self._runner = _Runner(work, self)
        self._runner.finished_work.connect(self._on_finished)
        self._runner.start()
        return True

    @Slot(object, object)
    def _on_finished(self, result: Any, error: BaseException | None) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.wait()
            runner.deleteLater()
        if error is None:
            self._done(result)
        elif isinstance(error, DeskError):
            self._failed(error)
        else:
            self.bug.emit(error)
            self._failed(DeskError("bug"))

    def wait(self) -> None:
        """Until what runs has ended; its result is dropped when the window goes."""
        if self._runner is not None:
            self._runner.wait()
