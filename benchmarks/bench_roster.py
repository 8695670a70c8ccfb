"""Rows 6 and 7 of the performance table: a roster of 36,000 people × 25 columns in and out.

In: base = python-calamine reading the same workbook into Python rows, nothing else.  Ours is shown in two steps: read,
validated and planned (`read`), and the same then written into the encrypted store as one action (`import`).
Out: base = xlsxwriter with constant_memory writing ready rows of 25 text columns.  Ours (`export`) reads the store,
formats, masks nothing, writes all columns of our layout (of which as many are filled) and checks the file.  As the
layout is wider and hidden ids go along, `wide` writes exactly the cells of our export with the base's writer.

Every run in a fresh process, methods alternating; medians, CPU seconds, peak memory, ratios to the base.

    python -m benchmarks.bench_roster [--rows 36000] [--runs 5]

Not measured: unlocking (scrypt is slow by design), the window, .csv and .xls.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HEADINGS = [
    "户编号",
    "村民小组",
    "网格",
    "姓名",
    "公民身份号码",
    "与户主关系",
    "民族",
    "文化程度",
    "健康状况",
    "劳动能力",
    "务工状况",
    "务工月数",
    "是否低保",
    "医疗保险",
    "养老保险",
    "联系电话",
    "户联系电话",
    "户籍地址",
    "户类型",
    "人户状态",
    "住房面积",
    "房屋结构",
    "耕地",
    "工资性收入",
    "收入年度",
]
SECRET = "a long enough passphrase"


class QuickPassphrases:
    """Unlocking is not what is measured."""

    def lock(self, secret: bytes, passphrase: str) -> bytes:
        return hashlib.sha256(passphrase.encode()).digest() + secret

    def unlock(self, sealed: bytes, passphrase: str) -> bytes | None:
        return sealed[32:] if sealed[:32] == hashlib.sha256(passphrase.encode()).digest() else None


def invented(rows: int) -> Iterator[list[str]]:
    """Rows of invented people, 25 texts each."""
    from villagedesk.domain.practice import invent_household
    from villagedesk.domain.records.household import HOUSEHOLD
    from villagedesk.domain.records.member import MEMBER
    from villagedesk.domain.values import write_value

    rng = random.Random(7)
    number = made = 0
    while made < rows:
        number += 1
        invented = invent_household(rng, number)
        home = {name: write_value(HOUSEHOLD.by_name[name], value) for name, value in invented.household.items()}
        for member in invented.members[: rows - made]:
            made += 1
            own = {name: write_value(MEMBER.by_name[name], value) for name, value in member.items()}
            yield [
                f"{number:05d}",
                f"{number % 12 + 1}组",
                f"第{number % 5 + 1}网格",
                *(own[name] for name in ("name", "id_no", "relation", "ethnic", "education", "health", "labour")),
                own["work_status"],
                str(rng.randrange(13)),
                rng.choice("是否"),
                "是",
                "否",
                f"199{rng.randrange(10**8):08d}",
                *(home[name] for name in ("phone", "address", "household_type", "residence_status", "house_area")),
                *(home[name] for name in ("house_structure", "farmland", "wage_income", "income_year")),
            ]


def write_plain(path: Path, rows: list[list[str]]) -> None:
    """The base of row 7: what a script would write."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("名单")
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(place, column, cell)
    book.close()


def calamine(folder: Path) -> int:
    """The base of row 6."""
    from python_calamine import CalamineWorkbook

    return len(CalamineWorkbook.from_path(str(folder / "roster.xlsx")).get_sheet_by_index(0).to_python())


def _timed(work: Callable[[], int]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    count = work()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "rows": count}


def one(method: str, folder: Path) -> dict[str, float]:
    """Run one method in this process; opening the desk and preparing rows is not timed."""
    if method == "calamine":
        return _timed(lambda: calamine(folder))
    if method in ("plain", "wide"):
        rows = json.loads((folder / f"{method}.json").read_text(encoding="utf-8"))

        def write() -> int:
            write_plain(folder / "out.xlsx", rows)
            return len(rows)

        return _timed(write)
    return _ours(method, folder)


def _ours(method: str, folder: Path) -> dict[str, float]:
    from villagedesk.paths import DeskPaths
    from villagedesk.ports import Ports
    from villagedesk.progress import Progress
    from villagedesk.services import desks, roster, roster_export

    source = folder / ("full" if method == "export" else "empty")
    place = folder / "run"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(source, place)
    desk = desks.unlock(DeskPaths(place), Ports(passphrases=QuickPassphrases()), SECRET)

    def read() -> int:
        return roster.preview(desk, folder / "roster.xlsx", None, Progress()).plan.rows_in

    def take_in() -> int:
        seen = roster.preview(desk, folder / "roster.xlsx", None, Progress())
        roster.apply(desk, seen, Progress())
        return seen.plan.rows_in

    def export() -> int:
        return roster_export.export(desk, folder / "out.xlsx", Progress(), True, "benchmark").people

    result = _timed({"read": read, "import": take_in, "export": export}[method])
    desks.close(desk)
    return result


def prepare(folder: Path, rows: int) -> None:
    """The workbook, an empty desk, a full one, and the cells of our export."""
    from python_calamine import CalamineWorkbook

    from villagedesk.paths import DeskPaths
    from villagedesk.ports import Ports
    from villagedesk.progress import Progress
    from villagedesk.services import desks, roster, roster_export

    cells = [HEADINGS, *invented(rows)]
    (folder / "plain.json").write_text(json.dumps(cells, ensure_ascii=False), encoding="utf-8")
    write_plain(folder / "roster.xlsx", cells)
    ports = Ports(passphrases=QuickPassphrases())
    names = {"name": "柳湾村", "town_name": "青禾镇", "division_code": "999901100201"}
    desk, _ = desks.create_village(
        DeskPaths(folder / "empty"), ports, **names, operator_name="李会英", passphrase=SECRET
    )
    desks.close(desk)
    shutil.copytree(folder / "empty", folder / "full")
    desk = desks.unlock(DeskPaths(folder / "full"), ports, SECRET)
    roster.apply(desk, roster.preview(desk, folder / "roster.xlsx", None, Progress()), Progress())
    roster_export.export(desk, folder / "wide.xlsx", Progress(), True, "benchmark")
    desks.close(desk)
    written = CalamineWorkbook.from_path(str(folder / "wide.xlsx")).get_sheet_by_index(0).to_python()
    (folder / "wide.json").write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")


def compare(title: str, methods: tuple[str, ...], folder: Path, runs: int) -> None:
    """Alternate the methods; the first is the base."""
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in methods}
    for _ in range(runs):
        for name in methods:
            command = [sys.executable, "-m", "benchmarks.bench_roster", "--one", name, "--folder", str(folder)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            taken[name].append(json.loads(done.stdout))
    base = {key: statistics.median(run[key] for run in taken[methods[0]]) for key in ("wall", "cpu")}
    print(f"{title}: runs={runs}, base {methods[0]}")
    for name, results in taken.items():
        median = {key: statistics.median(run[key] for run in results) for key in results[0]}
        print(
            f"  {name:9} wall {median['wall']:7.2f} s  cpu {median['cpu']:7.2f} s  peak {median['mb']:6.0f} MB"
            f"  rows {median['rows']:7.0f}  ratio wall {median['wall'] / base['wall']:5.2f}"
            f"  cpu {median['cpu'] / base['cpu']:5.2f}"
        )


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=36_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--one")
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    if arguments.one:
        result = one(arguments.one, arguments.folder)
        status = Path("/proc/self/status").read_text().splitlines()
        peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
        print(json.dumps({**result, "mb": int(peak) / 1024}))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, arguments.rows)
        print(f"{arguments.rows} people, {len(HEADINGS)} columns")
        compare("row 6, roster in", ("calamine", "read", "import"), folder, arguments.runs)
        compare("row 7, roster out", ("plain", "wide", "export"), folder, arguments.runs)


if __name__ == "__main__":
    main()
