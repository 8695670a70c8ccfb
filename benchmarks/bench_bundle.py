"""Row 3 of the performance table: bytes per changed record in a sealed bundle.

Base: the same rows (20 columns) as JSON lines and as a plain SQLite file, zstd level 3, neither signed nor encrypted,
without history; all made from the same records in one run.  Ours: what ``bundle export`` writes, everything included.

    python -m benchmarks.bench_bundle [--records 100000]

``new``: first writes; ``edits``: one changed field a record (the usual day); ``rewrites``: all twenty fields again.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import tempfile
import time
from pathlib import Path

import zstandard

from benchmarks.bench_import import COLUMNS, PORTS, Village, person, record_id
from villagedesk.domain.catalogue import SCHEMA
from villagedesk.domain.operation import SALT_BYTES, Header, Operation, encode_payload, next_operation
from villagedesk.sync.bundle import seal
from villagedesk.sync.contents import Contents, sign_segment
from villagedesk.sync.identity import Identity

SCOPE = b"s" * 16


def operations(records: int, what: str) -> list[Operation]:
    """As the ledger writes them: real salts, ``was`` where something is replaced."""
    village, rng = Village(SCOPE, False), random.Random(7)
    made: list[Operation] = []
    end, action = village.end, b""
    for number in range(records):
        full = person(number, 2)
        changed = {"phone": full["phone"]} if what == "edits" else full
        was = {} if what == "new" else dict.fromkeys(changed, rng.randbytes(16).hex())
        now = 1_700_000_000_000 + number * 1000
        payload = encode_payload(rng.randbytes(SALT_BYTES), now, changed, was)
        if what == "edits" or number % 800 == 0:  # an edit is an action of its own, an import of 800 rows is one
            action = now.to_bytes(6, "big") + rng.randbytes(10)
        header = Header(number + 1, "member", record_id(number), now, SCOPE, action, SCHEMA)
        made.append(next_operation(end, village.log, header, payload))
        end = made[-1].hash
    return made


def sealed_bytes(made: list[Operation], sender: Identity) -> int:
    """Size of the bundle files, 20,000 operations each."""
    total = 0
    for start in range(0, len(made), 20_000):
        part = tuple(made[start : start + 20_000])
        segment = sign_segment(sender, part[0].log, start + 1, start + len(part), b"p" * 32, part[-1].hash)
        contents = Contents(bytes(16), ((segment, part),))
        total += len(seal(contents, sender, "", SCOPE, [sender.recipient, sender.recipient], 1, "bench"))
    return total


def bases(records: int, folder: Path) -> dict[str, int]:
    """The same rows in the peers' clothes."""
    rows = [(record_id(n).hex(), *person(n, 2).values(), 1_700_000_000_000 + n) for n in range(records)]
    lines = "".join(json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False) + "\n" for row in rows)
    database = sqlite3.connect(folder / "rows.db")
    database.execute(f"CREATE TABLE member ({', '.join(COLUMNS)})")
    database.executemany(f"INSERT INTO member VALUES ({','.join('?' * len(COLUMNS))})", rows)
    database.commit()
    database.close()
    pack = zstandard.ZstdCompressor(level=3).compress
    return {
        "JSON lines + zstd": len(pack(lines.encode())),
        "SQLite + zstd": len(pack((folder / "rows.db").read_bytes())),
    }


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    records = parser.parse_args().records
    sender = Identity.make(PORTS)
    with tempfile.TemporaryDirectory() as made:
        base = bases(records, Path(made))
    print(f"records={records}")
    for name, size in base.items():
        print(f"  base {name:18} {size / records:7.1f} bytes a record")
    least = min(base.values())
    for what in ("new", "edits", "rewrites"):
        wall = time.perf_counter()
        size = sealed_bytes(operations(records, what), sender)
        wall = time.perf_counter() - wall
        print(f"  ours {what:18} {size / records:7.1f} bytes a record  ratio {size / least:5.2f}  ({wall:.1f} s)")


if __name__ == "__main__":
    main()
