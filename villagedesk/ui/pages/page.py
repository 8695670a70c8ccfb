"""Owns what all pages share: head with title and actions, key hints, how a page asks to go elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from villagedesk.errors import DeskError
from villagedesk.progress import Progress
from villagedesk.ui import theme
from villagedesk.ui.jobs import Job, Lane, Work
from villagedesk.ui.room import Room, Visit
from villagedesk.ui.widgets.parts import button, label, row

Hint = tuple[str, str]
LongWork = Callable[[Progress, Any], Any]


class PageHead(QWidget):
    """Title, quiet subtitle, actions on the right; a page that was opened from another names it on the left."""

    def __init__(self, room: Room, title: str, back: tuple[str, Callable[[], object]] | None = None) -> None:
        super().__init__()
        look = room.look
        self.setFixedHeight(look.px(theme.HEADER))
        self.title = label(title, "h1")
        self.subtitle = label("", tone="text2")
        self._line = row(spacing=look.px(8))
        if back is not None:
            name, go = back
            arrow = button(look, name, go, kind="link", icon="arrow-left")
            arrow.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._line.addWidget(arrow)
            self._line.addWidget(label("/", tone="text3"))
        self._line.addWidget(self.title)
        self._line.addSpacing(look.px(4))
        self._line.addWidget(self.subtitle)
        self._line.addStretch(1)
        self.setLayout(self._line)

    def add(self, part: QWidget) -> None:
        """Put an action at the right end."""
        self._line.addWidget(part)


class Page(QWidget):
    """A page of the stack.

    ``name`` names it for ``Visit``; ``root``: the page of the sidebar it belongs to, "" = itself.
    """

    name = ""
    root = ""
    wants = Signal(object)
    hints_changed = Signal()

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.room = room
        self.setProperty("box", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look = room.look
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(look.px(theme.PAGE_MARGIN), 0, look.px(theme.PAGE_MARGIN), look.px(16))
        self.body.setSpacing(0)

    @property
    def undoes(self) -> bool:
        """Whether Ctrl+Z takes the last action back here; where one types, it belongs to the typing alone."""
        return True

    def takes_back(self) -> bool:
        """Ctrl+Z: whether the page has done it itself, because something of it stands to be undone."""
        return False

    def hints(self) -> tuple[Hint, ...]:
        """Keys of this page and what they do, for the status line."""
        return ()

    def arrive(self, what: Any) -> None:
        """Shown, perhaps with something to show."""

    def may_leave(self) -> bool:
        """Whether nothing is lost by going away now."""
        return True

    def seek(self) -> None:
        """Ctrl+F: to where one searches."""
        self.go("households")

    def state(self) -> Any:
        """What must survive when the window is drawn anew (theme, scale, language)."""
        return None

    def let_go(self) -> None:
        """The desk is about to close: give back what lies outside of it."""

    def go(self, page: str, what: Any = None) -> None:
        self.wants.emit(Visit(page, what))

    def key(self, keys: str, do: Callable[[], object]) -> None:
        """A key of this page, active while the page is shown.

        Function keys and Ctrl also work while the focus is in the sidebar; Esc and Del belong to what has the focus.
        """
        shortcut = QShortcut(QKeySequence(keys), self)
        if not keys.startswith(("F", "Ctrl")):
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda: do())

    def action(
        self, text: str, do: Callable[[], object], icon: str, keys: str = "", *, primary: bool = False
    ) -> QPushButton:
        """A button of the head together with its key."""
        made = button(self.room.look, text, do, kind="primary" if primary else "", icon=icon, key=keys)
        if keys:
            self.key(keys, partial(self._press, made))
        return made

    @staticmethod
    def _press(made: QPushButton) -> None:
        if made.isEnabled() and made.isVisible():
            made.click()

    def read(self, work: Work, done: Callable[[Any], None], key: str = "") -> None:
        """Ask on the READ lane; an error is told."""
        self.room.jobs.run(Lane.READ, Job(work, self, done, self.fail, key=key))

    def write(self, work: Work, done: Callable[[Any], None], failed: Callable[[DeskError], None] | None = None) -> None:
        """Change on the WRITE lane, before anything long that waits there."""
        self.room.jobs.run(Lane.WRITE, Job(work, self, done, failed or self.fail, urgent=True))

    def long(
        self,
        title: str,
        icon: str,
        lane: Lane,
        work: LongWork,
        done: Callable[[Any], object],
        *,
        failed: Callable[[DeskError], object] | None = None,
        stopped: Callable[[], object] | None = None,
        key: str = "",
    ) -> None:
        """Work that lasts, with a bar and 停下; ``work`` gets the progress and the lane's desk."""
        watched = self.room.notices.watch(title, icon)
        job = Job(
            partial(work, watched.progress),
            self,
            done,
            failed or self.fail,
            stopped,
            ended=watched.end,
            key=key,
            progress=watched.progress,
        )
        self.room.jobs.run(lane, job)

    def fail(self, error: DeskError) -> None:
        self.room.notices.tell(self.room.words.fault(error), wrong=True)
