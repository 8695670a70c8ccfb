"""The lanes: order, threads, what becomes of results, errors and waiting work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from villagedesk.errors import DeskError
from villagedesk.progress import Progress
from villagedesk.ui.jobs import Door, Job, Jobs, Lane

_MS = 5000


class Desks:
    """Stands where desks are opened: counts, and knows the thread each was opened and closed on."""

    def __init__(self) -> None:
        self.events: list[tuple[str, str, int]] = []

    def door(self, name: str, *, held: bool = False) -> Door:
        return Door(lambda: self._note("open", name), lambda _desk: self._note("close", name), held)

    def _note(self, what: str, name: str) -> str:
        self.events.append((what, name, threading.get_ident()))
        return name

    def of(self, what: str) -> list[str]:
        return [name for done, name, _ in self.events if done == what]


@pytest.fixture
def desks() -> Desks:
    return Desks()


@pytest.fixture
def jobs(qapp: QApplication, desks: Desks) -> Iterator[Jobs]:
    made = Jobs({lane: desks.door(lane.value, held=lane is Lane.WRITE) for lane in Lane})
    yield made
    made.close()


@pytest.fixture
def owner(qapp: QApplication) -> QObject:
    return QObject()


class Gate:
    """Work that waits until it is let go on."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.reached = threading.Event()

    def work(self, _desk: Any) -> str:
        self.reached.set()
        assert self.open.wait(10)
        return "gate"


def quiet(qtbot: QtBot, jobs: Jobs) -> None:
    qtbot.waitUntil(lambda: not jobs.busy, timeout=_MS)


def noting(listing: list[str], word: str) -> Callable[[Any], str]:
    def work(_desk: Any) -> str:
        listing.append(word)
        return word

    return work


def raising(error: BaseException) -> Callable[[Any], Any]:
    def work(_desk: Any) -> Any:
        raise error

    return work


def nothing(_result: Any) -> None:
    """Nobody asks for the result."""


def test_work_runs_on_its_lane_and_its_result_comes_to_the_gui_thread(
    qtbot: QtBot, jobs: Jobs, owner: QObject, desks: Desks
) -> None:
    seen: list[tuple[str, str, int]] = []
    gui = threading.get_ident()
    places: dict[str, int] = {}
    for lane in Lane:

        def work(desk: Any) -> str:
            places[desk] = threading.get_ident()
            return str(desk)

        def done(result: Any, lane: Lane = lane) -> None:
            seen.append((lane.value, result, threading.get_ident()))

        jobs.run(lane, Job(work, owner, done))
    quiet(qtbot, jobs)
    assert sorted(seen) == sorted((lane.value, lane.value, gui) for lane in Lane)
    assert len({gui, *places.values()}) == 4, "each lane has a thread of its own"
    assert {name: place for what, name, place in desks.events if what == "open"} == places


def test_a_lane_opens_its_desk_once(qtbot: QtBot, jobs: Jobs, owner: QObject, desks: Desks) -> None:
    for _ in range(3):
        jobs.run(Lane.READ, Job(nothing, owner, nothing))
    quiet(qtbot, jobs)
    assert desks.of("open") == ["read"]


def test_urgent_work_goes_first_and_else_first_come_first_served(qtbot: QtBot, jobs: Jobs, owner: QObject) -> None:
    gate, order = Gate(), []
    jobs.run(Lane.WRITE, Job(gate.work, owner, nothing))
    assert gate.reached.wait(5)
    for word, urgent in (("a", False), ("b", False), ("c", True), ("d", False), ("e", True)):
        jobs.run(Lane.WRITE, Job(noting(order, word), owner, nothing, urgent=urgent))
    gate.open.set()
    quiet(qtbot, jobs)
    assert order == ["c", "e", "a", "b", "d"]


def test_a_newer_question_replaces_one_that_still_waits(qtbot: QtBot, jobs: Jobs, owner: QObject) -> None:
    gate, worked, answered = Gate(), [], []
    jobs.run(Lane.READ, Job(gate.work, owner, answered.append, key="list"))
    assert gate.reached.wait(5)
    for word, key in (("z", "list"), ("other", "edges"), ("zj", "list"), ("zjg", "list"), ("free", ""), ("free", "")):
        jobs.run(Lane.READ, Job(noting(worked, word), owner, answered.append, key=key))
    gate.open.set()
    quiet(qtbot, jobs)
    assert worked == ["other", "zjg", "free", "free"]
    assert answered == ["gate", *worked], "what already ran is answered; what was replaced is not"


def test_a_question_of_another_lane_is_not_replaced(qtbot: QtBot, jobs: Jobs, owner: QObject) -> None:
    gate, answered = Gate(), []
    for lane in (Lane.READ, Lane.BULK):
        jobs.run(lane, Job(gate.work, owner, nothing))
        jobs.run(lane, Job(noting([], lane.value), owner, answered.append, key="same"))
    gate.open.set()
    quiet(qtbot, jobs)
    assert sorted(answered) == ["bulk", "read"]


def test_nobody_is_told_whose_widget_is_gone(qtbot: QtBot, jobs: Jobs) -> None:
    gate, told, bugs = Gate(), [], []
    jobs.bug.connect(bugs.append)
    owner = QObject()
    jobs.run(Lane.READ, Job(gate.work, owner, told.append))
    owner.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gate.open.set()
    quiet(qtbot, jobs)
    assert told == [] and bugs == []


def test_a_known_error_is_told_to_its_owner(qtbot: QtBot, jobs: Jobs, owner: QObject) -> None:
    told: list[Any] = []
    error = DeskError("disk_full")
    jobs.run(Lane.WRITE, Job(raising(error), owner, told.append, lambda found: told.append(found)))
    quiet(qtbot, jobs)
    assert told == [error]


def test_a_known_error_nobody_expected_is_a_bug(qtbot: QtBot, jobs: Jobs, owner: QObject) -> None:
    bugs: list[Any] = []
    jobs.bug.connect(bugs.append)
    error = DeskError("disk_full")
    jobs.run(Lane.READ, Job(raising(error), owner, nothing))
    quiet(qtbot, jobs)
    assert bugs == [error]


def test_work_that_was_stopped_is_told_so(qtbot: QtBot, jobs: Jobs, owner: QObject) -> None:
    gate, told, progress = Gate(), [], Progress()

    def work(desk: Any) -> None:
        gate.work(desk)
        progress.check()

    job = Job(work, owner, lambda _: told.append("done"), None, lambda: told.append("stopped"), progress=progress)
    assert jobs.run(Lane.BULK, job) is job
    assert gate.reached.wait(5)
    job.progress.cancel()
    gate.open.set()
    quiet(qtbot, jobs)
    assert told == ["stopped"]


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt(), SystemExit(3)])
def test_a_bug_is_told_and_the_lane_lives_on(qtbot: QtBot, jobs: Jobs, owner: QObject, error: BaseException) -> None:
    bugs: list[Any] = []
    told: list[Any] = []
    jobs.bug.connect(bugs.append)
    jobs.run(Lane.WRITE, Job(raising(error), owner, told.append, told.append))
    jobs.run(Lane.WRITE, Job(lambda _desk: "alive", owner, told.append))
    quiet(qtbot, jobs)
    assert bugs == [error] and told == ["alive"]


def test_a_desk_that_cannot_be_opened_fails_the_work_and_is_tried_again(qtbot: QtBot, owner: QObject) -> None:
    tries: list[int] = []
    closed: list[Any] = []

    def opening() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise DeskError("disk_full")
        return "desk"

    jobs, told = Jobs({Lane.READ: Door(opening, closed.append)}), list[Any]()
    for _ in range(2):
        jobs.run(Lane.READ, Job(str, owner, told.append, lambda error: told.append(error.code)))
    quiet(qtbot, jobs)
    jobs.close()
    assert told == ["disk_full", "desk"] and closed == ["desk"]


def test_closing_waits_for_queued_writes_and_closes_each_desk_on_its_thread(
    qapp: QApplication, desks: Desks, owner: QObject
) -> None:
    jobs = Jobs({lane: desks.door(lane.value, held=lane is Lane.WRITE) for lane in Lane})
    gate, written = Gate(), []
    jobs.run(Lane.WRITE, Job(gate.work, owner, nothing))
    for word in ("first", "second"):
        jobs.run(Lane.WRITE, Job(noting(written, word), owner, nothing))
    jobs.run(Lane.READ, Job(nothing, owner, nothing))
    assert gate.reached.wait(5)
    threading.Timer(0.05, gate.open.set).start()
    jobs.close()
    assert written == ["first", "second"]
    assert sorted(desks.of("close")) == ["read", "write"], "a lane that never opened a desk closes none"
    where = {(what, name): place for what, name, place in desks.events}
    assert where["close", "write"] == where["open", "write"] != threading.get_ident()


def test_a_held_desk_is_closed_even_when_nothing_was_asked(qapp: QApplication, desks: Desks) -> None:
    jobs = Jobs({lane: desks.door(lane.value, held=lane is Lane.WRITE) for lane in Lane})
    jobs.close()
    assert desks.of("close") == ["write"]


def test_what_waits_to_be_on_disk_is_shown(qtbot: QtBot, jobs: Jobs, owner: QObject) -> None:
    told: list[bool] = []
    jobs.writing.connect(told.append)
    gate = Gate()
    jobs.run(Lane.READ, Job(nothing, owner, nothing))
    quiet(qtbot, jobs)
    assert told == [], "reading is not saving"
    for work in (gate.work, nothing, nothing):
        jobs.run(Lane.WRITE, Job(work, owner, nothing, key="draft"))
        assert gate.reached.wait(5)
    assert told[-1] is True
    gate.open.set()
    quiet(qtbot, jobs)
    assert told[-1] is False and told.count(False) == 1, "all is saved only when the last write is"


def test_a_failed_write_does_not_wait_for_ever(qtbot: QtBot, jobs: Jobs, owner: QObject) -> None:
    told: list[bool] = []
    jobs.writing.connect(told.append)
    jobs.run(Lane.WRITE, Job(raising(DeskError("disk_full")), owner, nothing, nothing))
    quiet(qtbot, jobs)
    assert told == [True, False]


def test_what_is_urgent_goes_between_the_parts_of_a_long_job(jobs: Jobs, owner: QObject, qtbot: QtBot) -> None:
    order: list[str] = []
    gate, progress = Gate(), Progress()

    def long(_desk: Any) -> None:
        order.append("first part")
        gate.reached.set()
        gate.open.wait(5)
        assert progress.others.waiting()
        progress.others.serve()
        assert not progress.others.waiting()
        order.append("second part")

    def note(what: str) -> Callable[[Any], None]:
        return lambda _desk: order.append(what)

    done: list[str] = []
    jobs.run(Lane.WRITE, Job(long, owner, lambda _: done.append("long"), progress=progress))
    assert gate.reached.wait(5)
    jobs.run(Lane.WRITE, Job(note("later"), owner, lambda _: done.append("later")))
    for what in ("save", "another save"):
        jobs.run(Lane.WRITE, Job(note(what), owner, lambda _: done.append("save"), urgent=True))
    gate.open.set()
    qtbot.waitUntil(lambda: not jobs.busy, timeout=_MS)
    assert order == ["first part", "save", "another save", "second part", "later"]
    assert done == ["save", "save", "long", "later"]
