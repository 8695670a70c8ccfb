"""A person in front of the window: types, presses keys, waits until the lanes are quiet, looks."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget

from villagedesk.app import App
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports
from villagedesk.services import desks, households
from villagedesk.services.desks import Desk
from villagedesk.services.households import Edit
from villagedesk.ui.jobs import Job, Lane
from villagedesk.ui.pages.page import Page

PASSPHRASE = "a long enough passphrase"
_MOST_SECONDS = 20.0
_QUIET_SECONDS = 0.05
_CALM_ROUNDS = 3
_PATIENCE_MS = 3000


class QuickPassphrases:
    """age's scrypt takes seconds by design; the window only needs right or wrong."""

    def lock(self, secret: bytes, passphrase: str) -> bytes:
        return hashlib.sha256(passphrase.encode()).digest() + secret

    def unlock(self, sealed: bytes, passphrase: str) -> bytes | None:
        return sealed[32:] if sealed[:32] == hashlib.sha256(passphrase.encode()).digest() else None


PORTS = Ports(passphrases=QuickPassphrases())

PEOPLE = (
    ("001", "张建国", "999901195602290013"),
    ("002", "仇建国", "999901200002290021"),
    ("003", "阿依古丽·买买提", ""),
)


def village_desk(folder: Path, name: str = "柳湾村") -> Desk:
    """A village desk that works alone, with three households of one person each."""
    desk, _ = desks.create_village(
        DeskPaths(folder),
        PORTS,
        name=name,
        town_name="青禾镇",
        division_code="999901100201",
        operator_name="李会英",
        passphrase=PASSPHRASE,
    )
    for number, head, id_no in PEOPLE:
        person = {"household": "", "seq": 1, "name": head, "relation": "02"}
        person |= {"id_no": id_no} if id_no else {"id_missing_reason": "未上户", "sex": "2"}
        home = {"household_no": number, "phone": "19900000001", "household_type": "1"}
        households.save(desk, [Edit("household", None, home), Edit("member", None, person)])
    return desk


class Driver:
    """One window."""

    def __init__(self, app: App) -> None:
        self.app = app

    @property
    def page(self) -> Page:
        return self.app.frame.page

    def settle(self) -> None:
        """Until no job runs and nothing is left to paint."""
        begun = quiet = time.monotonic()
        calm = 0  # what a last slot asked to be laid out comes in a round of its own
        while time.monotonic() - quiet < _QUIET_SECONDS or calm < _CALM_ROUNDS:
            calm += 1
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            if self.app.busy:
                quiet, calm = time.monotonic(), 0
            assert time.monotonic() - begun < _MOST_SECONDS, "the lanes never became quiet"

    def visit(self, name: str, what: Any = None) -> Page:
        self.app.frame.visit(name, what)
        self.settle()
        return self.page

    def focus(self) -> QWidget:
        widget = QApplication.focusWidget()
        if widget is None:
            self.app.window.activateWindow()
            self.settle()
            widget = QApplication.focusWidget()
        assert widget is not None, "nothing has the focus"
        return widget

    def type(self, text: str) -> None:
        """Letters and digits as keys, everything else as an input method commits it."""
        for char in text:
            if char.isascii():
                QTest.keyClick(self.focus(), char)
            else:
                event = QInputMethodEvent()
                event.setCommitString(char)
                QApplication.sendEvent(self.focus(), event)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focus(), key, modifier)

    def enter(self, text: str = "") -> None:
        """Type and go on."""
        self.type(text)
        self.key(Qt.Key.Key_Return)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key that starts something; waits for its end."""
        self.key(key, modifier)
        self.settle()

    def toast(self) -> str:
        """The words at the bottom, "" when none are shown."""
        box = self.app.frame._toast
        return box._text.text() if box.isVisible() else ""

    def words(self, widget: QWidget | None = None) -> str:
        """Every label that can be seen."""
        where = widget or self.page
        return "\n".join(label.text() for label in where.findChildren(QLabel) if label.isVisibleTo(where))

    def write(self, work: Callable[[Desk], Any]) -> Any:
        """Change something behind the window's back, on the lane that may."""
        answers: list[Any] = []
        self.app.frame.room.jobs.run(Lane.WRITE, Job(work, self.app, answers.append))
        self.settle()
        assert answers, "the change failed"
        return answers[0]

    def answer(self, act: Callable[[Any], object]) -> list[str]:
        """Let ``act`` have the next dialog that opens; returns the list its title is put into."""
        seen: list[str] = []
        timer = QTimer(self.app)

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, QDialog) or not dialog.isActiveWindow():
                return
            timer.stop()
            seen.append(dialog.windowTitle())
            QTimer.singleShot(_PATIENCE_MS, dialog, dialog.reject)  # one that nobody closed must not hang the run
            act(dialog)

        timer.timeout.connect(look)
        timer.start(5)
        QTimer.singleShot(_PATIENCE_MS * 2, timer, timer.deleteLater)  # also one that nothing was asked of
        return seen

    def void(self) -> None:
        """Del on the household chosen, and yes."""
        asked = self.answer(lambda dialog: dialog.act.click())
        self.press(Qt.Key.Key_Delete)
        assert asked and "作废" in asked[0]
        self.settle()

    def close(self) -> None:
        self.settle()
        self.app.window.close()
        self.app.window.deleteLater()
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
