"""Owns walking through all pages of a window without a person: pictures for people, a look for the self-check."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QEventLoop
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from villagedesk.services import households
from villagedesk.ui.jobs import Job, Lane
from villagedesk.ui.shell.window import Frame

_QUIET_MS = 150
_MOST_SECONDS = 20.0


def settle(frame: Frame) -> None:
    """Let jobs end and their results be painted."""
    quiet_since = begun = time.monotonic()
    while time.monotonic() - quiet_since < _QUIET_MS / 1000 and time.monotonic() - begun < _MOST_SECONDS:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if frame.room.jobs.busy:
            quiet_since = time.monotonic()


def picture_pages(window: QWidget, frame: Frame, folder: Path, name: str) -> list[Path]:
    """Every page with something on it, as ``<page>-<name>.png``."""
    folder.mkdir(parents=True, exist_ok=True)
    first: list[bytes] = []

    def note(page: households.Page) -> None:
        first.extend(row.card.id for row in page.rows)

    query = households.HouseholdQuery()
    frame.room.jobs.run(Lane.READ, Job(lambda desk: households.list_page(desk, query, 0, 1), frame, note))
    settle(frame)
    made = []
    village = frame.room.profile.role == "village"
    visits: list[tuple[str, object]] = [("households", None), ("grids", None)]
    visits += [("report" if village else "inbox", None), ("settings", None)]
    if first:
        visits += [("form", first[0]), ("history", first[0]), ("preview", [first[0]])]
    for page, what in visits:
        frame.visit(page, what)
        settle(frame)
        path = folder / f"{page}-{name}.png"
        window.grab().save(str(path))
        made.append(path)
    return made


def is_painted(window: QWidget, frame: Frame) -> bool:
    """Whether the first page shows more than a plain ground."""
    settle(frame)
    image: QImage = window.grab().toImage()
    seen = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    return len(seen) > 20
