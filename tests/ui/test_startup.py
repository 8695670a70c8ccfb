"""What is loaded when the first pages are painted: nothing that a person does not need yet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.ui.driver import PASSPHRASE, village_desk
from villagedesk.services import desks

ROOT = Path(__file__).resolve().parents[2]
#: Each costs a tenth of a second or more, and comes with the first sheet, workbook or page picture.
SLOW = ("pandas", "numpy", "reportlab", "PIL", "openpyxl", "xlsxwriter", "python_calamine", "pypdfium2", "segno")

#: A window in a process of its own, which tells what it holds after each first paint.
SCRIPT = """
import hashlib, json, sys, time
from pathlib import Path
from PySide6.QtCore import QEvent, QEventLoop, QObject
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication
import villagedesk.app as roof
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports
from villagedesk.settings import Settings


class Quick:
    def lock(self, secret, passphrase):
        return hashlib.sha256(passphrase.encode()).digest() + secret

    def unlock(self, sealed, passphrase):
        return sealed[32:] if sealed[:32] == hashlib.sha256(passphrase.encode()).digest() else None


class Painted(QObject):
    done = False

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.done = True
        return False


def until(condition):
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < 30
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)


def held():
    families = sum("HanaMin" in family for family in QFontDatabase.families())
    return {"modules": sorted(sys.modules), "rare": families}


told = {}
ports, paths = Ports(passphrases=Quick()), DeskPaths(Path(sys.argv[1]))
app = roof.App(roof.make_application(["x"]), paths, ports, Settings())
app.start()
painted = Painted()
app.window.centralWidget().installEventFilter(painted)
until(lambda: painted.done)
told["door"] = held()
until(lambda: not app._opening.busy)
app.entrance.unlock_with(sys.argv[2])
until(lambda: app.is_open and not app.busy)
seen = Painted()
table = app.frame.page.table
table.viewport().installEventFilter(seen)
table.viewport().update()
until(lambda: seen.done and table.rows.rowCount() == 3)
told["list"] = held()
until(lambda: held()["rare"])
told["later"] = held()
app.window.close()
print("\\n" + json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("start") / "desk"
    desks.close(village_desk(folder))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SCRIPT, str(folder), PASSPHRASE]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("page", ["door", "list"])
def test_nothing_slow_is_loaded_at_the_first_paint(told: dict[str, Any], page: str) -> None:
    modules = set(told[page]["modules"])
    assert "PySide6.QtWidgets" in modules and "villagedesk.ui.pages.unlock" in modules
    assert sorted(modules & set(SLOW)) == []


def test_the_store_is_loaded_after_the_first_paint(told: dict[str, Any]) -> None:
    above = ("villagedesk.storage", "villagedesk.sync", "villagedesk.domain", "cryptography", "sqlcipher3", "pyrage")
    assert [name for name in told["door"]["modules"] if name.startswith(above)] == []
    assert "villagedesk.storage.ledger" in told["list"]["modules"]


def test_pages_are_loaded_when_they_are_visited(told: dict[str, Any]) -> None:
    loaded = {name for name in told["list"]["modules"] if name.startswith("villagedesk.ui.pages.")}
    assert "villagedesk.ui.pages.households.page" in loaded
    assert not any(name.rpartition(".")[2] in ("preview", "grids", "report", "settings") for name in loaded)
    assert not any(".roster" in name or ".inbox" in name or ".form" in name for name in loaded)


def test_the_face_for_rare_characters_comes_after_the_first_paint(told: dict[str, Any]) -> None:
    assert told["door"]["rare"] == 0 and told["later"]["rare"] > 0
