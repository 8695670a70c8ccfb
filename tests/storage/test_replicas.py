"""Random histories on real SQLCipher replicas: incremental = rebuild = every replica (sync.md section 6, I1, I3, I4)."""

from __future__ import annotations

import random
from pathlib import Path

from villagedesk.domain.ids import LogId
from villagedesk.ports import Ports
from villagedesk.storage.database import Store, open_database
from villagedesk.storage.journal import Verdict
from villagedesk.storage.ledger import Change, Ledger
from villagedesk.storage.schema import create_tables

HISTORIES = 1000
SCOPE = b"S" * 16
KEY = b"k" * 32


class SettableClock:
    """A wall clock that a test moves, backwards too."""

    def __init__(self) -> None:
        self.now = 0

    def now_ms(self) -> int:
        return self.now


def replica(folder: Path, name: str, clock: SettableClock) -> Ledger:
    store = Store(open_database(folder / name, KEY))
    create_tables(store)
    store.write("PRAGMA synchronous=OFF")  # this test is about equality, not about durability
    return Ledger(store, Ports(clock=clock))


def deliver(source: Ledger, target: Ledger, log: LogId, upto: int) -> None:
    after = target.journal.head(log).n
    operations = [(operation, Verdict.FOLDED) for operation in source.journal.range(log, after, upto)]
    held = target.journal.held(log, after + 1, upto)
    fresh = [(op, verdict) for op, verdict in operations if op.hash not in held.get(op.header.n, ())]
    with target.store.transaction():
        target.take_in(fresh)


def tables(ledger: Ledger) -> list[list[tuple[object, ...]]]:
    names = ("household", "card", "search_key", "conflict")
    return [ledger.store.rows(f"SELECT * FROM {name} ORDER BY 1, 2, 3") for name in names]


def test_three_desks_agree_whatever_the_order(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    clock = SettableClock()
    ledgers = [replica(tmp_path, f"{index}.db", clock) for index in range(3)]
    logs = [LogId(bytes([index]) * 16, SCOPE) for index in range(3)]
    for number in range(HISTORIES):
        record = number.to_bytes(16, "big")
        for _ in range(rng.randrange(2, 7)):
            at = rng.randrange(3)
            clock.now = rng.randrange(0, 2**41)
            if rng.random() < 0.6:
                fields = rng.sample(("phone", "address", "needs"), rng.randrange(1, 3))
                change = {name: str(rng.randrange(3)) for name in fields}
                edit = Change("household", record, {"_del": True} if rng.random() < 0.05 else change)
                ledgers[at].append(logs[at], [edit], b"b" * 16, rng.randbytes(16))
            else:
                author = rng.randrange(3)
                head = ledgers[author].journal.head(logs[author]).n
                deliver(ledgers[author], ledgers[at], logs[author], rng.randrange(head + 1))
    for target in ledgers:
        for author, log in enumerate(logs):
            deliver(ledgers[author], target, log, ledgers[author].journal.head(log).n)
    states = {ledger.state_hash(SCOPE) for ledger in ledgers}
    assert len(states) == 1, seed
    conflicts = [ledger.store.rows("SELECT rec, field, loser FROM conflict ORDER BY 1, 2, 3") for ledger in ledgers]
    assert conflicts[0] and conflicts[0] == conflicts[1] == conflicts[2], seed
    before = {
        table: ledgers[0].store.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in ("household", "card")
    }
    ledgers[0].rebuild()
    for table, rows in before.items():
        assert ledgers[0].store.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3") == rows, seed
    assert ledgers[0].state_hash(SCOPE) in states, seed
    for ledger in ledgers:
        ledger.store.close()
