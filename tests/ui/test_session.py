"""What lives while a desk is unlocked: long jobs, other looks, closing."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QProgressBar

from tests.ui.driver import Driver
from villagedesk.progress import Progress
from villagedesk.ui.jobs import Lane
from villagedesk.ui.pages.settings import SettingsPage
from villagedesk.ui.widgets.question import Question


class Work:
    """A long job that goes on until it is let end or told to stop."""

    def __init__(self, driver: Driver) -> None:
        self.go_on, self.begun, self.ends = threading.Event(), threading.Event(), list[str]()
        driver.app.frame.page.long(
            "正在导入", "inbox", Lane.WRITE, self._work, self._on_done, stopped=lambda: self.ends.append("stopped")
        )
        assert self.begun.wait(5)

    def _work(self, progress: Progress, _desk: Any) -> None:
        self.begun.set()
        while not self.go_on.wait(0.01):
            progress.check()

    def _on_done(self, _result: None) -> None:
        self.ends.append("done")


def spin() -> None:
    for _ in range(20):
        QApplication.processEvents()


def test_another_look_waits_for_the_end_of_a_long_job(driver: Driver) -> None:
    page = driver.visit("settings")
    assert isinstance(page, SettingsPage)
    work, frame = Work(driver), driver.app.frame
    driver.app.show_theme("dark")
    spin()
    assert driver.app.frame is frame, "its page hears how it ends"
    assert frame.findChild(QProgressBar).isVisible() and "做完了再换样子" in driver.words(frame)
    work.go_on.set()
    driver.settle()
    assert work.ends == ["done"] and driver.app.frame is not frame
    assert driver.app.frame.room.look.name == "dark"


def test_closing_at_work_asks_and_stops(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    work, window = Work(driver), driver.app.window
    asked: list[Question] = []
    monkeypatch.setattr(window, "ask", lambda question: asked.append(question) or len(asked) > 1)
    window.close()
    assert window.isVisible() and not work.ends and "正在导入" in asked[0].title
    window.close()
    assert not window.isVisible() and not driver.app.is_open


def test_locking_at_work_asks_too(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work(driver)
    monkeypatch.setattr(driver.app.window, "ask", lambda _question: False)
    driver.app.lock()
    assert driver.app.is_open and not work.ends
    work.go_on.set()
    driver.settle()
    driver.app.lock()
    assert not driver.app.is_open


def test_a_theme_and_a_narrow_window_during_work_are_both_remembered(driver: Driver) -> None:
    work = Work(driver)
    driver.app.show_theme("dark")
    driver.app.window.rail_changed.emit()
    work.go_on.set()
    driver.settle()
    assert driver.app.frame.room.look.name == "dark"


def test_staying_keeps_the_word_that_the_form_is_not_saved(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    driver.visit("form")
    driver.enter("赵六")
    work = Work(driver)
    monkeypatch.setattr(driver.app.window, "ask", lambda _question: False)
    driver.app.window.close()
    work.go_on.set()
    driver.settle()
    assert "这张表还没保存" in driver.words(driver.app.frame.status)
