"""Row 14 of the performance table: typing and saving at a town desk while it takes in 1,000 bundles.

The real window (offscreen), the real lanes: the import runs as the 收件 page runs it, meanwhile a key is typed into the
search box every 80 ms (each keystroke searches) and a household is saved every 400 ms.  Base: the same typing and
saving in the same window just before the import.

    python -m benchmarks.bench_typing [--bundles 1000] [--operations 40]

``stall``: how much later than due a 5 ms timer of the event loop fires, in milliseconds; ``save``: from handing the
save to the WRITE lane until its answer is back in the window.  Not measured: a real display.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest

import villagedesk.app as roof
from benchmarks.bench_import import PASSPHRASE, PORTS, VILLAGES, Entry, bundle_file, enrolled_town
from villagedesk.paths import DeskPaths
from villagedesk.services import desks, households, intake
from villagedesk.services.households import Edit
from villagedesk.settings import Settings
from villagedesk.ui.jobs import Job, Lane

TICK_MS, KEY_MS, SAVE_MS = 5, 80, 400
LETTERS = "zhangjianguo"


def prepare(folder: Path, bundles: int, operations: int) -> list[Path]:
    """A town desk, 61 enrolled devices, and their bundles of members in households."""
    town, villages, trust = enrolled_town(folder, True)
    households.save(town, [Edit("household", None, {"household_no": "001", "address": "一组1号"})])
    desks.close(town)
    files = []
    for number in range(bundles):
        entries = [Entry(0, number * operations + place, 1) for place in range(operations)]
        path = folder / "usb" / f"{number:05d}.vdbundle"
        files.append(bundle_file(path, villages[number % VILLAGES], entries, trust))
    return files


class Clerk:
    """Types and saves by timers, and notes how long the window and the saves took."""

    def __init__(self, app: roof.App, household: bytes) -> None:
        self.app, self.household = app, household
        self.stalls: list[float] = []
        self.saves: list[float] = []
        self._typed = self._saved = 0
        self._due = time.perf_counter()
        self._timers = [
            self._timer(TICK_MS, self._tick),
            self._timer(KEY_MS, self._key),
            self._timer(SAVE_MS, self._save),
        ]

    def _timer(self, ms: int, do: Any) -> QTimer:
        timer = QTimer(self.app)
        timer.setInterval(ms)
        timer.timeout.connect(do)
        return timer

    def begin(self) -> None:
        self.stalls, self.saves = [], []
        self._due = time.perf_counter() + TICK_MS / 1000
        for timer in self._timers:
            timer.start()

    def end(self) -> None:
        for timer in self._timers:
            timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.stalls.append(max(0.0, (now - self._due) * 1000))
        self._due = now + TICK_MS / 1000

    def _key(self) -> None:
        search = self.app.frame.page.search  # type: ignore[attr-defined] # the first page is the list
        if self._typed % len(LETTERS) == 0:
            search.clear()
        QTest.keyClick(search, LETTERS[self._typed % len(LETTERS)])
        self._typed += 1

    def _save(self) -> None:
        self._saved += 1
        edit = Edit("household", self.household, {"address": f"一组{self._saved}号"})
        begun = time.perf_counter()

        def done(_result: object) -> None:
            self.saves.append((time.perf_counter() - begun) * 1000)

        self.app.frame.room.jobs.run(
            Lane.WRITE, Job(lambda desk: households.save(desk, [edit]), self.app, done, urgent=True)
        )


def until(app: Any, condition: Any) -> None:
    while not condition():
        app.processEvents()
        time.sleep(0.0005)


def share(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def tell(title: str, clerk: Clerk) -> None:
    for what, values, part in (("stall", clerk.stalls, 0.99), ("save", clerk.saves, 0.95)):
        told = f"p50 {statistics.median(values):6.1f}  p{part * 100:.0f} {share(values, part):6.1f}"
        print(f"  {title:<16} {what:<6} {told}  most {max(values):6.1f} ms  ({len(values)})")


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundles", type=int, default=1000)
    parser.add_argument("--operations", type=int, default=40)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        files = prepare(folder, given.bundles, given.operations)
        paths = DeskPaths(folder / "town")
        application = roof.make_application(["bench"])
        app = roof.App(application, paths, PORTS, Settings())
        desk = desks.unlock(paths, PORTS, PASSPHRASE)
        ((household, *_),) = desk.store.rows("SELECT id FROM household")
        app.window.show()
        app.enter(desk)
        until(application, lambda: not app.busy)
        clerk = Clerk(app, bytes(household))
        print(f"bundles={given.bundles} operations={given.operations} each")
        begun = time.perf_counter()
        clerk.begin()
        until(application, lambda: time.perf_counter() - begun > 10)
        clerk.end()
        until(application, lambda: not app.busy)
        tell("before", clerk)
        ended: list[intake.Intake] = []
        work = partial(_take_in, files, folder / "back")
        begun = time.perf_counter()
        clerk.begin()
        app.frame.page.long("take in", "inbox", Lane.WRITE, work, ended.append)
        until(application, lambda: bool(ended))
        clerk.end()
        spent = time.perf_counter() - begun
        until(application, lambda: not app.busy)
        assert {taken.status for taken in ended[0].bundles} == {"accepted"}
        tell("while taking in", clerk)
        print(f"  taken in {given.bundles * given.operations:,} operations in {spent:.1f} s")
        app.window.close()


def _take_in(files: list[Path], receipts: Path, progress: Any, desk: Any) -> intake.Intake:
    return intake.import_files(desk, files, progress)


if __name__ == "__main__":
    main()
