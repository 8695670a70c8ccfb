"""Row 13 of the performance table: online backup, verified.

Base: the backup API of the same SQLCipher build copying the same store without any check; ours: ``desks.back_up`` =
copy, every page's authentication code, quick check, heads and states compared, rename.  Alternating, medians.

    python -m benchmarks.bench_backup [--people 20000] [--runs 5]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.bench_import import PASSPHRASE, PORTS, person
from villagedesk.paths import DeskPaths
from villagedesk.services import desks
from villagedesk.services.desks import Desk
from villagedesk.storage import engine
from villagedesk.storage.ledger import Change


def filled(folder: Path, people: int) -> Desk:
    """A village desk with that many people."""
    desk, _ = desks.create_village(
        DeskPaths(folder),
        PORTS,
        name="柳湾村",
        town_name="青禾镇",
        division_code="",
        operator_name="李会英",
        passphrase=PASSPHRASE,
    )
    for start in range(0, people, 5000):
        changes = [Change("member", desk.new_id(), person(number, 1)) for number in range(start, start + 5000)]
        desk.ledger.append(desk.log(), changes, desk.operator, desk.new_id())
    desk.store.write("PRAGMA wal_checkpoint(TRUNCATE)")
    return desk


def bare(desk: Desk, target: Path) -> None:
    """The backup API alone."""
    copy = engine.connect(str(target), isolation_level=None)
    copy.execute(f"PRAGMA key=\"x'{desk.key.hex()}'\"")
    desk.store.connection.backup(copy)
    copy.close()


def timed(job: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    job()
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    taken: dict[str, list[tuple[float, float]]] = {"backup API": [], "ours": []}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        desk = filled(folder / "desk", arguments.people)
        size = desk.paths.store.stat().st_size / 1e6
        for run in range(arguments.runs):
            taken["backup API"].append(timed(lambda run=run: bare(desk, folder / f"bare{run}.db")))  # type: ignore[misc]
            taken["ours"].append(timed(lambda run=run: desks.back_up(desk, folder / f"ours{run}")))  # type: ignore[misc]
        desks.close(desk)
    print(f"people={arguments.people} store={size:.1f} MB runs={arguments.runs}")
    medians = {}
    for name, pairs in taken.items():
        medians[name] = [statistics.median(column) for column in zip(*pairs, strict=True)]
        wall, cpu = medians[name]
        print(f"  {name:10} wall {wall * 1000:8.1f} ms  cpu {cpu * 1000:8.1f} ms  {size / wall:7.1f} MB/s")
    for index, key in enumerate(("wall", "cpu")):
        print(f"  ratio ours/backup API by {key}: {medians['ours'][index] / medians['backup API'][index]:.2f}")


if __name__ == "__main__":
    main()
