"""Owns walking through all pages of a window without a person: pictures for people, a look for the self-check."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from villagedesk.services import households
from villagedesk.services.households import HouseholdQuery
from villagedesk.ui.jobs import Job, Lane
from villagedesk.ui.shell.window import Frame

_QUIET_MS, _CALM_ROUNDS = 150, 3
_MOST_SECONDS = 20.0


def settle(busy: Callable[[], bool]) -> None:
    """Let jobs end and their results be painted."""
    quiet_since = begun = time.monotonic()
    calm = 0  # what a last slot asked to be laid out comes in a round of its own
    while time.monotonic() - begun < _MOST_SECONDS:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        calm += 1
        if busy():
            quiet_since, calm = time.monotonic(), 0
        elif time.monotonic() - quiet_since > _QUIET_MS / 1000 and calm > _CALM_ROUNDS:
            return


def picture_door(window: QWidget, busy: Callable[[], bool], path: Path) -> Path:
    """What is shown before a desk is open."""
    path.parent.mkdir(parents=True, exist_ok=True)
    settle(busy)
    window.grab().save(str(path))
    return path


def picture_pages(window: QWidget, frame: Frame, folder: Path, name: str, roster: Path | None) -> list[Path]:
    """Every page with something on it, as ``<page>-<name>.png``; ``roster``: a workbook to preview."""
    folder.mkdir(parents=True, exist_ok=True)
    first, disputed = (_first(frame, HouseholdQuery(conflicts=conflicts)) for conflicts in (False, True))
    made = []
    village = frame.room.profile.role == "village"
    visits: list[tuple[str, object]] = [("households", None), ("grids", None)]
    visits += [("report" if village else "inbox", None), ("settings", None)]
    if first is not None:
        visits += [("form", first), ("history", first), ("preview", [first]), ("export", HouseholdQuery())]
    if disputed is not None:
        visits.append(("conflicts", disputed))
    if roster is not None:
        visits.append(("roster", roster))
    for page, what in visits:
        frame.visit(page, what)
        settle(lambda: frame.room.jobs.busy)
        path = folder / f"{page}-{name}.png"
        window.grab().save(str(path))
        made.append(path)
    return made


def _first(frame: Frame, query: HouseholdQuery) -> bytes | None:
    """The first household that a query finds."""
    found: list[bytes] = []

    def note(page: households.Page) -> None:
        found.extend(row.card.id for row in page.rows)

    work = partial(households.list_page, query=query, limit=1)
    frame.room.jobs.run(Lane.READ, Job(work, frame, note))
    settle(lambda: frame.room.jobs.busy)
    return found[0] if found else None


def is_painted(window: QWidget, frame: Frame) -> bool:
    """Whether the first page shows more than a plain ground."""
    settle(lambda: frame.room.jobs.busy)
    image: QImage = window.grab().toImage()
    seen = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    return len(seen) > 20
