"""Row 10: a list of one million rows: first paint, jump to the end, jumps to random places, memory.

    ours   our TableView over our TableModel, pages of 200 rows fetched when they are looked at
    list   a QTableView over a model that holds every row in memory (base of the jumps)
    qsql   a QTableView over QSqlTableModel, which fetches on to the end (base of the first paint)

All three read the same plain SQLite file of twelve columns; ours asks for a page by row number through the primary key.
Each run is a process of its own, methods alternate.  Not measured: the product's own query and the way between threads.

    python benchmarks/bench_table.py [--rounds 5] [--rows 1000000]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
METHODS = ("list", "qsql", "ours")
TITLES = ("编号", "村", "户", "姓名", "电话", "住址", "人口", "分", "年月", "合计", "备注", "时间")
QUERY = "SELECT * FROM household"
JUMPS = 60


def make_file(path: Path, rows: int) -> None:
    rng = random.Random(5)
    columns = "id INTEGER PRIMARY KEY, village, no, name, phone, address, people, score, month, total, remark, at"
    with sqlite3.connect(path) as base:
        base.execute(f"CREATE TABLE household({columns})")
        people = (
            (
                *(number + 1, number % 61, number // 61, "张" + rng.choice("建国秀英志强桂兰")),
                *(f"199{rng.randrange(10**8):08d}", f"青山镇{number % 61}村", number % 8, number % 100),
                *(202401 + number % 12, number % 55, "", number),
            )
            for number in range(rows)
        )
        base.executemany(f"INSERT INTO household VALUES({','.join('?' * 12)})", people)


def rss() -> float:
    """MB of this process that lie in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def view_of(method: str, file: Path) -> Any:
    """A shown-to-be view of a method with its model."""
    if method == "ours":
        return our_view(file)
    from PySide6.QtWidgets import QHeaderView, QTableView

    view = QTableView()
    view.verticalHeader().setDefaultSectionSize(36)
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.setModel(list_model(file, view) if method == "list" else sql_model(file, view))
    return view


def our_view(file: Path) -> Any:
    from PySide6.QtWidgets import QApplication

    from villagedesk.ui.look import Look
    from villagedesk.ui.models.table import PAGE, Cell, Column, Row
    from villagedesk.ui.widgets.table import TableView

    base, look = sqlite3.connect(file), Look()
    QApplication.setStyle("Fusion")

    def page(offset: int) -> list[Row]:
        found = base.execute(f"{QUERY} WHERE id>? ORDER BY id LIMIT ?", (offset, PAGE))
        return [Row(entry[0], tuple(Cell(str(value)) for value in entry)) for entry in found]

    view = TableView(look, [Column(title, 96) for title in TITLES], "一百万户")
    view.rows.page_wanted.connect(lambda offset: view.rows.put_page(offset, page(offset)))
    (count,) = base.execute("SELECT count(*) FROM household").fetchone()
    view.rows.reset(count, page(0))
    return view


def list_model(file: Path, parent: Any) -> Any:
    from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt

    class Everything(QAbstractTableModel):
        rows = sqlite3.connect(file).execute(f"{QUERY} ORDER BY id").fetchall()

        def rowCount(self, parent: Any = QModelIndex()) -> int:  # noqa: B008
            return len(self.rows)

        def columnCount(self, parent: Any = QModelIndex()) -> int:  # noqa: B008
            return len(TITLES)

        def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
            return self.rows[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None

    return Everything(parent)


def sql_model(file: Path, parent: Any) -> Any:
    from PySide6.QtCore import Qt
    from PySide6.QtSql import QSqlDatabase, QSqlTableModel

    base = QSqlDatabase.addDatabase("QSQLITE")
    base.setDatabaseName(str(file))
    base.open()
    model = QSqlTableModel(parent, base)
    model.setTable("household")
    model.setSort(0, Qt.SortOrder.AscendingOrder)
    model.select()
    return model


def load(method: str) -> None:
    """What a method imports belongs to the start of a program (row 9), not to its first table."""
    if method == "ours":
        from villagedesk.ui.look import load_fonts
        from villagedesk.ui.widgets import table

        assert table
        load_fonts()
    elif method == "qsql":
        from PySide6 import QtSql

        assert QtSql


def once(method: str, file: Path) -> dict[str, float]:
    """Times in ms, memory in MB above the bare application."""
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QApplication

    class Paints(QObject):
        seen = False

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            self.seen = self.seen or event.type() == QEvent.Type.Paint
            return False

    application = QApplication([])
    bare = rss()
    load(method)
    begun = time.perf_counter()
    view = view_of(method, file)
    paints = Paints()
    view.viewport().installEventFilter(paints)

    def painted(since: float) -> float:
        view.viewport().update()
        while not paints.seen:
            application.processEvents()
        application.processEvents()  # a page that came while painting is painted too
        paints.seen = False
        return (time.perf_counter() - since) * 1000

    view.resize(1200, 700)
    view.show()
    first = painted(begun)
    begun = time.perf_counter()
    model = view.model()
    while method == "qsql" and model.canFetchMore():
        model.fetchMore()
    view.scrollToBottom()
    end = painted(begun)
    rng, jumps = random.Random(5), []
    for _ in range(JUMPS):
        begun = time.perf_counter()
        view.verticalScrollBar().setValue(rng.randrange(view.verticalScrollBar().maximum()))
        jumps.append(painted(begun))
    return {"first": first, "end": end, "jump": statistics.median(jumps), "worst": max(jumps), "memory": rss() - bare}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--child", choices=METHODS)
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(once(given.child, given.file)), flush=True)
        os._exit(0)
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "PYTHONPATH": str(ROOT)}
    runs: dict[str, list[dict[str, float]]] = {method: [] for method in METHODS}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.db"
        make_file(file, given.rows)
        for _ in range(given.rounds):
            for method in METHODS:
                command = [sys.executable, __file__, "--child", method, "--file", str(file)]
                done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
                if done.returncode:
                    raise SystemExit(done.stderr)
                runs[method].append(json.loads(done.stdout.strip().splitlines()[-1]))
    report(runs, given.rows)


def report(runs: dict[str, list[dict[str, float]]], rows: int) -> None:
    found = {
        method: {name: statistics.median(run[name] for run in kept) for name in kept[0]}
        for method, kept in runs.items()
    }
    print(f"{rows:,} rows, {len(runs['ours'])} rounds, medians: ms, MB above the bare application")
    for method, numbers in found.items():
        print(f"  {method:<5}" + "  ".join(f"{name} {number:8.1f}" for name, number in numbers.items()))
    ours, listed, sql = found["ours"], found["list"], found["qsql"]
    print(f"  first paint {ours['first'] / sql['first']:.2f} x qsql")
    print(f"  to the end {ours['end'] / listed['end']:.2f} x list, jump {ours['jump'] / listed['jump']:.2f} x list")


if __name__ == "__main__":
    main()
