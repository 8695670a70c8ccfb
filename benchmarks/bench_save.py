"""Row 11 of the performance table: one record saved, durable: operation, projection, card, draft cleared, one commit.

Base: p50 of one 4 KB append + ``fsync`` to a file in the same folder, alternating with the saves in the same run.
Beside it the design's own least: one small row in a plain SQLite WAL database with ``synchronous=FULL``.

    python -m benchmarks.bench_save [--saves 400] [--folder DIR]

Prints p50 and p95 of wall milliseconds, CPU of the saves, and the ratio of medians.  ``--folder`` must lie on the disk
that is meant, not in memory.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.bench_import import PASSPHRASE, PORTS, person
from villagedesk.paths import DeskPaths
from villagedesk.services import desks, households
from villagedesk.services.desks import Desk
from villagedesk.services.households import Edit

HOUSEHOLDS = 600


def filled(folder: Path) -> tuple[Desk, list[bytes]]:
    """A village desk of the usual size; returns its members' ids."""
    desk, _ = desks.create_village(
        DeskPaths(folder),
        PORTS,
        name="柳湾村",
        town_name="青禾镇",
        division_code="",
        operator_name="李会英",
        passphrase=PASSPHRASE,
    )
    members: list[bytes] = []
    for number in range(HOUSEHOLDS):
        edits = [Edit("household", None, {"household_no": f"{number:03d}", "phone": "13800000000"})]
        edits += [Edit("member", None, {**person(number * 4 + place, 1), "household": ""}) for place in range(3)]
        members += households.save(desk, edits)[1][1:]
    return desk, members


def timed(job: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU milliseconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    job()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def measure(folder: Path, saves: int) -> dict[str, list[tuple[float, float]]]:
    """Alternate the three."""
    desk, members = filled(folder / "desk")
    handle = os.open(folder / "base.bin", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    plain = sqlite3.connect(folder / "plain.db", isolation_level=None)
    plain.execute("PRAGMA journal_mode=WAL")
    plain.execute("PRAGMA synchronous=FULL")
    plain.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT)")
    rng = random.Random(1)
    block = rng.randbytes(4096)

    def fsync() -> None:
        os.write(handle, block)
        os.fsync(handle)

    def save() -> None:
        member = rng.choice(members)
        households.save(desk, [Edit("member", member, {"phone": f"138{rng.randrange(10**8):08d}"})])

    def save_with_draft() -> None:
        member = rng.choice(members)
        key = f"member:{member.hex()}"
        households.keep_draft(desk, key, {"note": "half"})
        households.save(desk, [Edit("member", member, {"note": str(rng.random())})])
        households.drop_draft(desk, key)

    jobs = {
        "fsync": fsync,
        "plain WAL row": lambda: plain.execute("INSERT INTO row (text) VALUES ('x')"),
        "save": save,
        "draft, save, draft cleared": save_with_draft,
    }
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in jobs}
    for _ in range(saves):
        for name, job in jobs.items():
            taken[name].append(timed(job))
    os.close(handle)
    plain.close()
    desks.close(desk)
    return taken


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--saves", type=int, default=400)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as made:
        taken = measure(Path(made), arguments.saves)
    base = statistics.median(wall for wall, _ in taken["fsync"])
    print(f"saves={arguments.saves} households={HOUSEHOLDS}")
    for name, pairs in taken.items():
        walls = sorted(wall for wall, _ in pairs)
        half, late = statistics.median(walls), walls[int(len(walls) * 0.95)]
        cpu = statistics.median(cpu for _, cpu in pairs)
        print(
            f"  {name:27} p50 {half:7.3f} ms  p95 {late:7.3f} ms  cpu {cpu:6.3f} ms  ratio to fsync {half / base:6.2f}"
        )


if __name__ == "__main__":
    main()
