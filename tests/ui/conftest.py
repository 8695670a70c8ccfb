"""The one application of all window tests, and a window on a practice desk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog

from tests.ui.driver import PORTS, Driver, village_desk
from villagedesk.app import App, make_application
from villagedesk.services.desks import Desk
from villagedesk.settings import Settings
from villagedesk.ui.look import load_rare_font

_PATIENCE_MS = 8000


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    application = make_application(["villagedesk-tests"])
    load_rare_font()
    return application


@pytest.fixture(autouse=True)
def no_dialog_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that a test does not expect is turned down, so that the run goes on and the test fails."""
    wait = QDialog.exec

    def patient(dialog: QDialog) -> int:
        QTimer.singleShot(_PATIENCE_MS, dialog, dialog.reject)
        return wait(dialog)

    monkeypatch.setattr(QDialog, "exec", patient)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A village desk with three households; the window that enters it closes it."""
    return village_desk(tmp_path / "village")


@pytest.fixture
def driver(qapp: QApplication, desk: Desk, request: pytest.FixtureRequest) -> Iterator[Driver]:
    """A person in front of the open desk.  Parametrise indirectly with ``Settings`` for another look."""
    settings = getattr(request, "param", Settings())
    app = App(qapp, desk.paths, PORTS, settings)
    app.window.show()
    app.enter(desk)
    made = Driver(app)
    made.settle()
    yield made
    made.close()
