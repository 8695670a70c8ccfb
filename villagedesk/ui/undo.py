"""Owns 撤销 and 恢复 while a desk is open: which actions can be taken back, which of them were.

Nothing is ever removed: taking back is an action of its own, so it is taken back the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from villagedesk.errors import DeskError
from villagedesk.services import households
from villagedesk.ui.jobs import Job, Jobs, Lane
from villagedesk.ui.room import Events, Notices, Toast, Words
from villagedesk.ui.widgets.question import Question

#: More records than a household has: taking so many back is asked about.
_LARGE = 60


class Undo(QObject):
    """``ask(question)``: whether the person wants it."""

    def __init__(
        self,
        jobs: Jobs,
        words: Words,
        events: Events,
        notices: Notices,
        ask: Callable[[Question], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.words = words
        self._jobs, self._events, self._notices, self._ask = jobs, events, notices, ask
        self._actions: list[bytes] = []
        self._undone: list[bytes] = []
        self._undoings: set[bytes] = set()  # taking one of these back brings back
        notices.toast.connect(self._on_toast)

    def last(self) -> None:
        """Ctrl+Z."""
        if self._actions:
            self.take_back(self._actions[-1])

    def again(self) -> None:
        """Ctrl+Y."""
        if self._undone:
            self.take_back(self._undone[-1])

    def take_back(self, action: bytes) -> None:
        """Undo an action, or bring back what was undone."""
        self._ask_and_do(action, back=action in self._undoings, apart=False)

    def take_back_apart(self, action: bytes, back: bool) -> None:
        """The same from the history, where Ctrl+Z takes it back again; ``back``: the action was an undoing itself."""
        self._ask_and_do(action, back=back, apart=True)

    def _ask_and_do(self, action: bytes, *, back: bool, apart: bool) -> None:
        """What touched much is asked about."""
        known = [stack for stack in (self._actions, self._undone) if action in stack]
        for stack in known:
            stack.remove(action)
        size = partial(households.size_of_action, action=action)
        go_on = partial(self._on_sized, action, known, back, apart)
        self._jobs.run(Lane.READ, Job(size, self, go_on, self._on_fault))

    def _on_sized(self, action: bytes, known: list[list[bytes]], back: bool, apart: bool, records: int) -> None:
        if records > _LARGE and not self._ask(self._question(records, back)):
            for stack in known:
                stack.append(action)
            return
        work = partial(households.undo, action=action)
        done = partial(self._on_undone, back, apart)
        self._jobs.run(Lane.WRITE, Job(work, self, done, self._on_fault, urgent=True))

    def _question(self, records: int, back: bool) -> Question:
        if back:
            title = self.tr("这一步动过 {n} 条记录，要整批恢复吗？").format(n=records)
            return Question(title, self.tr("恢复以后还能再撤销。"), self.tr("整批恢复"))
        title = self.tr("这一步动过 {n} 条记录，要整批撤销吗？").format(n=records)
        return Question(title, self.tr("后来又改过的留着不动。撤销以后还能恢复。"), self.tr("整批撤销"))

    def _on_undone(self, back: bool, apart: bool, done: Any) -> None:
        touched, kept = done
        if not back:
            self._undoings.add(touched.action)
        code = "undone" if kept else "done_again" if back else "undone_whole"
        text = self.words.say(code, records=len(touched.keys), kept=len(kept))
        self._notices.toast.emit(Toast(text, touched.action, again=not back and not apart))
        self._events.changed.emit(touched.kinds)

    def _on_fault(self, error: DeskError) -> None:
        self._notices.tell(self.words.fault(error), wrong=True)

    def _on_toast(self, toast: Toast) -> None:
        if toast.action:
            (self._undone if toast.again else self._actions).append(toast.action)
