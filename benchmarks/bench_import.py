"""Rows 1 and 2 of the performance table: taking in bundles of operations with 20 fields each, and the memory for it.

Base: plain SQLite ``ATTACH`` + ``INSERT … SELECT … ON CONFLICT`` of the same records, 20 columns, three indexes, no
history, no encryption.  Ours: files → header, signature, decryption, decompression, chains, verdicts, journal with
history, fold, projections, state hashes, read back, commit, in the real town desk (SQLCipher).  Same run, methods
alternating, each run in a fresh process with its own copy of the prepared store; medians, CPU seconds, peak memory.

    python -m benchmarks.bench_import [--ops 100000] [--runs 5] [--receipts] [--homes]

The store holds 0.6 × ops records before; half of the operations are newer versions of those (one in ten of them
stale: it must lose), half are new records.  61 villages, one bundle each (more when over 20,000 operations).
``--receipts``: the town also writes its return bundles.  ``--homes``: every person belongs to a household, so that
cards are looked at too.  ``--interleaved``: all villages wrote at the same time, so that neighbouring ids belong to
different villages (else a bundle is in key order, as time-ordered ids make it).  Not measured: making the bundles.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from villagedesk.domain.catalogue import SCHEMA
from villagedesk.domain.ids import LogId
from villagedesk.domain.operation import Header, encode_payload, first_hash, next_operation
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports
from villagedesk.progress import Progress
from villagedesk.services import desks, intake, towns
from villagedesk.services.desks import Desk
from villagedesk.storage.facts import put_trust
from villagedesk.sync.bundle import seal
from villagedesk.sync.certificate import issue, read_certificate
from villagedesk.sync.contents import Ack, Contents, sign_segment
from villagedesk.sync.identity import Identity
from villagedesk.sync.trust import TrustList, encode_trust

PASSPHRASE = "benchmark passphrase"
PER_BUNDLE = 20_000
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰"


class PlainSlot:
    """The passphrase is not what is measured."""

    def lock(self, secret: bytes, passphrase: str) -> bytes:
        return secret

    def unlock(self, sealed: bytes, passphrase: str) -> bytes | None:
        return sealed


PORTS = Ports(passphrases=PlainSlot())


COLUMNS = [
    "id",
    "seq",
    "name",
    "id_no",
    "relation",
    "ethnic",
    "education",
    "health",
    "labour",
    "work_status",
    "work_months",
    "registered",
    "resident",
    "phone",
    "work_place",
    "nickname",
    "hukou_book_no",
    "national_person_no",
    "political",
    "marital",
    "note",
    "t",
]
VILLAGES = 61
SEED_SHARE = 0.6


def person(number: int, revision: int) -> dict[str, Any]:
    """Twenty fields of an invented member."""
    rng = random.Random(number * 31 + revision)
    return {
        "seq": number % 9,
        "name": f"张{rng.choice(GIVEN)}{rng.choice(GIVEN)}",
        "id_no": f"999901{rng.randrange(1940, 2020)}0412{number % 1000:03d}X",
        "relation": rng.choice(("02", "10", "20", "30")),
        "ethnic": "01",
        "education": rng.choice(("10", "40", "70")),
        "health": rng.choice("1234"),
        "labour": rng.choice("123"),
        "work_status": rng.choice("123"),
        "work_months": rng.randrange(13),
        "registered": True,
        "resident": rng.random() < 0.7,
        "phone": f"138{rng.randrange(10**8):08d}",
        "work_place": rng.choice(("", "县城", "省城建筑工地", "镇上砖厂")),
        "nickname": rng.choice(("", "小宝", "老三")),
        "hukou_book_no": f"{number:09d}",
        "national_person_no": f"{number * 7:012d}",
        "political": rng.choice(("01", "13")),
        "marital": rng.choice(("10", "20")),
        "note": rng.choice(("", "", "院内有杂物", "厨房整洁", "柴草乱堆，已提醒整改")),
    }


def record_id(number: int) -> bytes:
    """A time-ordered id, as UUIDv7 makes them."""
    noise = random.Random(number).randbytes(8)
    return (1_700_000_000_000 + number * 37).to_bytes(6, "big") + b"\x70\x01" + noise


class Entry(NamedTuple):
    """One operation to come: whose, on which record, which version of it."""

    village: int
    number: int
    revision: int


def numbers(count: int, interleaved: bool, first: int = 0) -> list[tuple[int, int]]:
    """(village, number) of records; a village's ids follow each other unless all villages wrote at the same time."""
    if interleaved:
        return [(number % VILLAGES, first + number) for number in range(count)]
    per = -(-count // VILLAGES)
    return [(index // per, index // per * 1_000_000 + first + index % per) for index in range(count)]


def seeds(ops: int, interleaved: bool) -> list[Entry]:
    """What the store holds before."""
    return [Entry(village, number, 1) for village, number in numbers(int(ops * SEED_SHARE), interleaved)]


def news(ops: int, interleaved: bool) -> list[Entry]:
    """What comes in, in the order of ids: updates (every tenth stale), then new records."""
    held = int(ops * SEED_SHARE)
    updates = [Entry(v, n, 0 if n % 10 == 0 else 2) for v, n in numbers(held, interleaved)][: ops // 2]
    return updates + [Entry(v, n, 2) for v, n in numbers(ops - len(updates), interleaved, 500_000)]


class Village:
    """One village device that writes members."""

    def __init__(self, scope: bytes, homes: bool) -> None:
        self.identity, self.scope, self.homes = Identity.make(PORTS), scope, homes
        self.log = LogId(self.identity.device, scope)
        self.n, self.end = 0, first_hash(self.log)
        self.written: dict[int, str] = {}

    def contents(self, entries: list[Entry]) -> Contents:
        start, prev, operations = self.n + 1, self.end, []
        for _, number, revision in entries:
            changed = person(number, max(revision, 1))  # a stale one says what is held: it must lose, not conflict
            if self.homes:
                changed["household"] = record_id(10**9 + number // 4).hex()
            earlier = self.written.get(number)
            was = dict.fromkeys(changed, earlier) if earlier else {}
            payload = encode_payload(b"\0" * 12, 5, changed, was)
            t = 1_700_000_000_000 + number * 10 + revision * 5_000_000
            header = Header(self.n + 1, "member", record_id(number), t, self.scope, self.scope, SCHEMA)
            operations.append(next_operation(self.end, self.log, header, payload))
            self.n, self.end = self.n + 1, operations[-1].hash
            self.written[number] = operations[-1].id.hex()
        segment = sign_segment(self.identity, self.log, start, self.n, prev, self.end)
        held = Ack(self.log, self.n, self.end, (), b"", SCHEMA)  # so that its own work is not sent back
        return Contents(random.Random(self.end).randbytes(16), ((segment, tuple(operations)),), (held,))


def enrolled_town(folder: Path, homes: bool) -> tuple[Desk, list[Village], TrustList]:
    """A town desk and its villages' devices, which it knows."""
    town, _ = towns.create_town(
        DeskPaths(folder / "town"),
        PORTS,
        name="青禾镇",
        division_code="",
        operator_name="王镇干",
        passphrase=PASSPHRASE,
    )
    trust, ca = towns.trust_of(town), towns.authority(town)
    assert trust is not None
    villages = [Village(town.new_id(), homes) for _ in range(VILLAGES)]
    devices = dict(trust.devices)
    for village in villages:
        text = issue(ca, village.identity.public, 2, False, frozenset({village.scope}))
        authority = read_certificate(text, ca.public)
        assert authority is not None
        devices[village.identity.device] = (authority, village.identity.recipient)
    trust = replace(trust, version=2, devices=devices)
    put_trust(town.store, encode_trust(trust, ca))
    return town, villages, trust


def bundle_file(path: Path, village: Village, entries: list[Entry], trust: TrustList) -> Path:
    """These entries sealed by their village."""
    certificate = trust.devices[village.identity.device][0].text
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(
        seal(village.contents(entries), village.identity, certificate, trust.town, trust.recipients, 1, "b")
    )
    return path


def prepare_ours(folder: Path, ops: int, homes: bool, interleaved: bool) -> None:
    """A town desk that holds the seeds, and the bundles that come in."""
    town, villages, trust = enrolled_town(folder, homes)
    for name, entries in (("seed", seeds(ops, interleaved)), ("news", news(ops, interleaved))):
        files = []
        for index, village in enumerate(villages):
            own = [entry for entry in entries if entry.village == index]
            for start in range(0, len(own), PER_BUNDLE):
                path = folder / name / f"{index:02d}-{start:07d}.vdbundle"
                files.append(bundle_file(path, village, own[start : start + PER_BUNDLE], trust))
        if name == "seed":
            done = intake.import_files(town, files, Progress())
            assert {taken.status for taken in done.bundles} == {"accepted"}
    desks.close(town)


def prepare_base(folder: Path, ops: int, interleaved: bool) -> None:
    """The same records as rows: a store with three indexes and a database that comes in."""
    columns = ", ".join(f"{name} {'BLOB PRIMARY KEY NOT NULL' if name == 'id' else ''}" for name in COLUMNS)
    for name, entries in (("store", seeds(ops, interleaved)), ("news", news(ops, interleaved))):
        database = sqlite3.connect(folder / f"{name}.db")
        database.execute(f"CREATE TABLE member ({columns})")
        rows = (
            (record_id(number), *person(number, revision).values(), 1_700_000_000_000 + revision * 5_000_000)
            for _, number, revision in sorted(entries, key=lambda entry: entry.number)
        )
        database.executemany(f"INSERT INTO member VALUES ({','.join('?' * len(COLUMNS))})", rows)
        if name == "store":
            for index, name_ in enumerate(("id_no", "phone", "t")):
                database.execute(f"CREATE INDEX i{index} ON member ({name_})")
        database.commit()
        database.close()


def run_base(folder: Path, scratch: Path, receipts: bool) -> int:
    """One set statement."""
    database = sqlite3.connect(scratch / "store.db")
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("ATTACH ? AS news", (str(folder / "news.db"),))
    sets = ", ".join(f"{name}=excluded.{name}" for name in COLUMNS if name != "id")
    database.execute(
        f"INSERT INTO member SELECT * FROM news.member WHERE true "
        f"ON CONFLICT (id) DO UPDATE SET {sets} WHERE excluded.t > member.t"
    )
    database.commit()
    count = database.execute("SELECT count(*) FROM member").fetchone()[0]
    database.close()
    return int(count)


def run_ours(folder: Path, scratch: Path, receipts: bool) -> int:
    """The town desk's own intake."""
    town = desks.unlock(DeskPaths(scratch / "town"), PORTS, PASSPHRASE)
    files = sorted((folder / "news").iterdir())
    back = scratch / "back" if receipts else None
    done = intake.import_files(town, files, Progress(), receipts=back)
    assert {taken.status for taken in done.bundles} == {"accepted"}
    count = town.store.rows("SELECT count(*) FROM member")[0][0]
    desks.close(town)
    return int(count)


METHODS: dict[str, Callable[[Path, Path, bool], int]] = {"base": run_base, "ours": run_ours}


def one(method: str, folder: Path, receipts: bool) -> None:
    """Run one method in this process on a copy of the store and print what it took."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        if method == "ours":
            shutil.copytree(folder / "town", Path(scratch) / "town")
        else:
            shutil.copyfile(folder / "store.db", Path(scratch) / "store.db")
        wall, cpu = time.perf_counter(), time.process_time()
        count = METHODS[method](folder, Path(scratch), receipts)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(line.split()[1] for line in lines if line.startswith("VmHWM"))
    print(json.dumps({"wall": wall, "cpu": cpu, "mb": int(peak) / 1024, "count": count}))


def compare(folder: Path, ops: int, runs: int, receipts: bool) -> None:
    """Alternate the methods and print medians and the ratio."""
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in METHODS}
    for _ in range(runs):
        for name in METHODS:
            command = [sys.executable, "-m", "benchmarks.bench_import", "--one", name, "--folder", str(folder)]
            command += ["--receipts"] if receipts else []
            taken[name].append(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
    medians = {}
    size = sum(path.stat().st_size for path in (folder / "news").iterdir())
    print(f"ops={ops} runs={runs} receipts={receipts} bundles={len(list((folder / 'news').iterdir()))}")
    for name, results in taken.items():
        medians[name] = {key: statistics.median(result[key] for result in results) for key in results[0]}
        wall, cpu, mb = (medians[name][key] for key in ("wall", "cpu", "mb"))
        print(f"  {name:5} wall {wall:8.3f} s  cpu {cpu:8.3f} s  {wall / ops * 1e6:6.1f} us/op  peak {mb:6.1f} MB")
    assert medians["base"]["count"] == medians["ours"]["count"], "both must end with the same records"
    for key in ("wall", "cpu"):
        print(f"  ratio ours/base by {key}: {medians['ours'][key] / medians['base'][key]:.2f}")
    print(f"  bundles: {size / ops:.1f} bytes an operation")


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ops", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--receipts", action="store_true")
    parser.add_argument("--homes", action="store_true")
    parser.add_argument("--interleaved", action="store_true")
    parser.add_argument("--one", choices=sorted(METHODS))
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    if arguments.one:
        one(arguments.one, arguments.folder, arguments.receipts)
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as made:
        folder = Path(made)
        prepare_ours(folder, arguments.ops, arguments.homes, arguments.interleaved)
        prepare_base(folder, arguments.ops, arguments.interleaved)
        compare(folder, arguments.ops, arguments.runs, arguments.receipts)


if __name__ == "__main__":
    main()
