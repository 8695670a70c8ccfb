"""What a start may load, and the flaw of one Qt release that would end a busy program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Each costs a tenth of a second or more; they come with the first sheet, workbook, name or page picture.
SLOW = (
    *("pandas", "numpy", "reportlab", "PIL", "segno", "fontTools"),
    *("xlsxwriter", "python_calamine", "openpyxl", "pypinyin", "pypdfium2"),
)
WINDOW_SLOW = (*SLOW, "PySide6.QtNetwork", "PySide6.QtQml")

HELP = "from villagedesk.cli.main import run; assert run(['--help']) == 0"
COMMAND_HELP = "from villagedesk.cli.main import run; assert run(['household', 'list', '--help']) == 0"
WINDOW = "import villagedesk.app"


def loaded(statement: str) -> set[str]:
    """Modules a fresh interpreter holds after that statement."""
    code = f"import sys, json\n{statement}\nprint('\\n' + json.dumps(sorted(sys.modules)))"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("statement", [HELP, COMMAND_HELP])
def test_the_command_line_starts_light_and_without_qt(statement: str) -> None:
    modules = loaded(statement)
    assert "villagedesk.cli.main" in modules
    assert modules & {*SLOW, "PySide6", "shiboken6"} == set()


def test_the_window_starts_light() -> None:
    modules = loaded(WINDOW)
    assert "PySide6.QtWidgets" in modules
    assert modules & set(WINDOW_SLOW) == set()


LOOP = """
from PySide6.QtGui import QFont, QGuiApplication
application = QGuiApplication([])
before = sys.getrefcount(None)
for _ in range(1000):
    QFont().setPixelSize(12)
lost = before - sys.getrefcount(None)
assert abs(lost) < 100, lost
"""


def test_qt_keeps_the_count_of_none() -> None:
    """PySide6 6.12 on CPython 3.11 loses one reference to None with every call that returns nothing."""
    assert "PySide6.QtGui" in loaded(LOOP)
