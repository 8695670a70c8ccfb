"""Row 9: cold start until the first painted page, and from an accepted passphrase until a painted list with data.

Base: a bare PySide6 window in a process of its own, measured in the same run, alternating.  Every number is from a
fresh process: wall from just before it is started, CPU of that process.  The unlock itself (scrypt) is left out.

    python benchmarks/bench_start.py [--pairs 7] [--households 600]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

#: Nobody types a passphrase faster; meanwhile the program loads what the list needs.
TYPING_S = 3.0
PASSPHRASE = "a long enough passphrase"
ROOT = Path(__file__).resolve().parents[1]
Numbers = dict[str, float]


class QuickPassphrases:
    """scrypt takes seconds by design and is no part of this row."""

    def lock(self, secret: bytes, passphrase: str) -> bytes:
        return hashlib.sha256(passphrase.encode()).digest() + secret

    def unlock(self, sealed: bytes, passphrase: str) -> bytes | None:
        return sealed[32:] if sealed[:32] == hashlib.sha256(passphrase.encode()).digest() else None


def tell(**numbers: float) -> None:
    print(json.dumps(numbers), flush=True)


def now(begun: float) -> tuple[float, float]:
    """Wall ms since ``begun`` and CPU ms of this process."""
    return (time.monotonic() - begun) * 1000, time.process_time() * 1000


def painted(widget: Any) -> Any:
    """Watches a widget; ``done`` after its first paint."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Painted(QObject):
        done = False

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and not self.done:
                QTimer.singleShot(0, self._after)
            return False

        def _after(self) -> None:
            self.done = True

    watcher = Painted(widget)
    widget.installEventFilter(watcher)
    return watcher


def bare(begun: float) -> None:
    """The base: one label in a main window, Fusion style."""
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

    application = QApplication([])
    application.setStyle("Fusion")
    window = QMainWindow()
    label = QLabel("柳湾村")
    window.setCentralWidget(label)
    window.resize(1366, 768)
    watcher = painted(label)
    window.show()
    while not watcher.done:
        application.processEvents()
    wall, cpu = now(begun)
    tell(wall=wall, cpu=cpu)


def ours(begun: float, folder: Path) -> None:
    """The unlock page painted; then, the desk being open, the list of households painted."""
    import villagedesk.app as roof
    from villagedesk.paths import DeskPaths
    from villagedesk.ports import Ports
    from villagedesk.settings import load_settings

    ports, paths = Ports(passphrases=QuickPassphrases()), DeskPaths(folder)
    application = roof.make_application(["villagedesk"])
    app = roof.App(application, paths, ports, load_settings(ports.files, paths.settings))
    app.start()
    door = painted(app.window.centralWidget())
    while not door.done:
        application.processEvents()
    wall, cpu = now(begun)
    while time.monotonic() - begun < TYPING_S:  # what is loaded beside it does not count, as it does not for a person
        application.processEvents()
    from villagedesk.services import desks

    desk = desks.unlock(paths, ports, PASSPHRASE)
    accepted, spent = time.monotonic(), time.process_time()
    app.enter(desk)
    table = app.frame.page.table  # type: ignore[attr-defined] # the first page is the list
    while not table.rows.rowCount():
        application.processEvents()
    listed = painted(table.viewport())
    table.viewport().update()
    while not listed.done:
        application.processEvents()
    list_wall, list_cpu = now(accepted)
    tell(wall=wall, cpu=cpu, list_wall=list_wall, list_cpu=list_cpu - spent * 1000)


def make_desk(folder: Path, households: int) -> None:
    """A village of invented people, about three to a household."""
    from villagedesk.paths import DeskPaths
    from villagedesk.ports import Ports
    from villagedesk.services import desks
    from villagedesk.services import households as service
    from villagedesk.services.households import Edit

    desk, _ = desks.create_village(
        DeskPaths(folder),
        Ports(passphrases=QuickPassphrases()),
        name="柳湾村",
        town_name="青禾镇",
        division_code="999901100201",
        operator_name="李会英",
        passphrase=PASSPHRASE,
    )
    surnames, given = "赵钱孙李周吴郑王仇单", "建国秀英志强桂兰晓明"
    for number in range(households):
        home = {"household_no": f"{number:03d}", "household_type": "1", "address": f"柳湾村{number % 9 + 1}组"}
        edits = [Edit("household", None, home)]
        for seq in range(1 + number % 5):
            name = surnames[number % 10] + given[(number * 7 + seq) % 10] + given[(number + seq) % 10]
            person = {"household": "", "seq": seq + 1, "name": name, "relation": "02" if seq == 0 else "12"}
            edits.append(Edit("member", None, {**person, "id_missing_reason": "未上户", "sex": str(1 + seq % 2)}))
        service.save(desk, edits)
    desks.close(desk)


def once(kind: str, folder: Path, environment: dict[str, str]) -> Numbers:
    begun = time.monotonic()
    command = [sys.executable, __file__, "--child", kind, "--begun", repr(begun), "--folder", str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode not in (0, -6):
        raise SystemExit(done.stderr)
    numbers: Numbers = json.loads(done.stdout.strip().splitlines()[-1])
    return numbers


def median(runs: list[Numbers], name: str) -> float:
    return statistics.median(run[name] for run in runs)


def measure(platform: str, folder: Path, pairs: int, environment: dict[str, str]) -> None:
    runs: dict[str, list[Numbers]] = {"bare": [], "ours": []}
    for kind in runs:
        once(kind, folder, environment)  # the first reads the disk and compiles
    for _ in range(pairs):
        for kind, kept in runs.items():
            kept.append(once(kind, folder, environment))
    base = {name: median(runs["bare"], name) for name in ("wall", "cpu")}
    door = {name: median(runs["ours"], name) for name in ("wall", "cpu")}
    listed = {name: median(runs["ours"], f"list_{name}") for name in ("wall", "cpu")}
    both = {name: door[name] + listed[name] for name in door}
    print(f"{platform}, {pairs} pairs, medians in ms and as ratio to the bare window")
    for title, found in (
        ("bare window", base),
        ("unlock page painted", door),
        ("accepted → list", listed),
        ("both", both),
    ):
        ratios = ", ".join(f"{found[name] / base[name]:.2f} x {name}" for name in found)
        print(f"  {title:<20} wall {found['wall']:5.0f}  cpu {found['cpu']:5.0f}   {ratios}")


def platforms() -> list[tuple[str, dict[str, str], subprocess.Popen[str] | None]]:
    """offscreen always; xcb on the display that is there or on a virtual one."""
    base = {**os.environ, "PYTHONPATH": str(ROOT)}
    base.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its modules compiled
    found: list[tuple[str, dict[str, str], subprocess.Popen[str] | None]] = [
        ("offscreen", {**base, "QT_QPA_PLATFORM": "offscreen"}, None)
    ]
    if os.environ.get("DISPLAY"):
        found.append(("xcb", {**base, "QT_QPA_PLATFORM": "xcb"}, None))
    elif shutil.which("Xvfb"):
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1366x768x24"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert server.stdout is not None
        display = f":{server.stdout.readline().strip()}"
        found.append(("xcb on Xvfb", {**base, "QT_QPA_PLATFORM": "xcb", "DISPLAY": display}, server))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--households", type=int, default=600)
    parser.add_argument("--child", choices=("bare", "ours"))
    parser.add_argument("--begun", type=float, default=0.0)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.child == "bare":
        bare(given.begun)
        os._exit(0)
    if given.child == "ours":
        ours(given.begun, given.folder)
        os._exit(0)
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        make_desk(Path(folder) / "desk", given.households)
        for name, environment, server in platforms():
            try:
                measure(name, Path(folder) / "desk", given.pairs, environment)
            except SystemExit as error:
                print(f"{name}: not measured\n{error}")
            finally:
                if server is not None:
                    server.terminate()


if __name__ == "__main__":
    main()
