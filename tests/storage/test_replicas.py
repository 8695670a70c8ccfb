"""Random histories on real SQLCipher replicas: incremental = rebuild = every replica (sync.md 6: I1, I3, I4)."""

from __future__ import annotations

import random
from pathlib import Path

from villagedesk.domain.ids import LogId
from villagedesk.ports import Ports
from villagedesk.storage.database import Store, open_database
from villagedesk.storage.journal import Span, Verdict
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
    assert {ledger.whole_state_hash(SCOPE) for ledger in ledgers} == states, "kept in step = computed from the tables"
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


def test_an_edit_names_what_its_author_saw(tmp_path: Path) -> None:
    clock = SettableClock()
    first, second = (replica(tmp_path, name, clock) for name in ("a.db", "b.db"))
    mine, theirs = LogId(b"1" * 16, SCOPE), LogId(b"2" * 16, SCOPE)
    record, by, action = b"r" * 16, b"b" * 16, b"a" * 16
    for phone in ("1", "2", "3"):
        first.append(mine, [Change("household", record, {"phone": phone})], by, action)
    assert first.store.rows("SELECT phone, _conflicts FROM household") == [("3", 0)]
    deliver(first, second, mine, 2)
    clock.now = 5
    second.append(theirs, [Change("household", record, {"phone": "4"})], by, action)
    deliver(second, first, theirs, 1)
    assert first.store.rows("SELECT phone, _conflicts FROM household") == [("4", 1)]
    ((loser, value),) = first.store.rows("SELECT loser, value FROM conflict")
    assert value == '"3"'
    settle = Change("household", record, {"phone": "3"}, resolved=(f"{loser}.phone",))
    first.append(mine, [settle], by, action)
    assert first.store.rows("SELECT phone, _conflicts FROM household") == [("3", 0)]
    deliver(first, second, mine, 4)
    assert second.state_hash(SCOPE) == first.state_hash(SCOPE)


def test_a_head_follows_its_own_chain_only(tmp_path: Path) -> None:
    first, second, third = (replica(tmp_path, name, SettableClock()) for name in ("a.db", "b.db", "c.db"))
    log, record = LogId(b"1" * 16, SCOPE), b"r" * 16
    for ledger, phones in ((first, "12"), (second, "345")):
        for phone in phones:
            ledger.append(log, [Change("household", record, {"phone": phone})], b"b" * 16, b"a" * 16)
    deliver(first, third, log, 1)
    branch = [(op, Verdict.FOLDED) for op in second.journal.range(log, 1, 3)]
    held = second.journal.hash_at(log, 1), second.journal.hash_at(log, 3)
    assert held[0] is not None and held[1] is not None
    with third.store.transaction():
        third.take_in(branch, {log: [Span(2, 3, *held)]})
    assert third.journal.head(log) == (log, 1, first.journal.hash_at(log, 1)), "2 and 3 continue another 1"
    with third.store.transaction():
        third.take_in([(op, Verdict.FOLDED) for op in first.journal.range(log, 1, 2)])
    assert third.journal.head(log) == first.journal.head(log)


def test_the_state_hash_tells_everything_that_is_shown(tmp_path: Path) -> None:
    ledger, other = (replica(tmp_path, name, SettableClock()) for name in ("a.db", "b.db"))
    mine, theirs, record, by = LogId(b"1" * 16, SCOPE), LogId(b"2" * 16, SCOPE), b"r" * 16, b"b" * 16
    seen = {ledger.state_hash(SCOPE)}

    def a_new_state() -> bool:
        state = ledger.state_hash(SCOPE)
        new = state not in seen and state == ledger.whole_state_hash(SCOPE)
        seen.add(state)
        return new

    ledger.append(mine, [Change("household", record, {"phone": "1"})], by, b"1" * 16)
    assert a_new_state(), "a record"
    rows = ledger.store.rows("SELECT _t, _conflicts, _del FROM household")
    ledger.append(mine, [Change("household", record, {"_del": True})], by, b"2" * 16)
    assert a_new_state(), "a deletion"
    ledger.store.write("UPDATE household SET _t=?, _conflicts=?, _del=?", rows[0])
    assert ledger.whole_state_hash(SCOPE) in seen and ledger.whole_state_hash(SCOPE) != ledger.state_hash(SCOPE)
    ledger.rebuild()
    other.append(theirs, [Change("household", record, {"phone": "1", "of_a_newer_version": 7})], by, b"3" * 16)
    deliver(other, ledger, theirs, 1)
    assert a_new_state(), "an unknown field, a conflict"


def test_a_save_that_changes_nothing_writes_nothing(tmp_path: Path) -> None:
    ledger = replica(tmp_path, "a.db", SettableClock())
    log, change = LogId(b"1" * 16, SCOPE), Change("household", b"r" * 16, {"phone": "1"})
    assert ledger.append(log, [change], b"b" * 16, b"a" * 16).operations == 1
    assert ledger.append(log, [change], b"b" * 16, b"a" * 16).operations == 0


def test_a_redaction_erases_the_payload_and_keeps_the_chain(tmp_path: Path) -> None:
    clock = SettableClock()
    ledger, other = (replica(tmp_path, name, clock) for name in ("a.db", "b.db"))
    log, record = LogId(b"1" * 16, SCOPE), b"r" * 16
    ledger.append(log, [Change("household", record, {"note": "wrong photo"})], b"b" * 16, b"a" * 16)
    ((operation, _),) = ledger.journal.of_record(record, SCOPE)
    deliver(ledger, other, log, 1)
    touched = ledger.redact(log, record, [operation.id], b"b" * 16, b"e" * 16)
    assert touched.kinds == {"household"} and touched.operations == 1
    deliver(ledger, other, log, 2)
    for desk in (ledger, other):
        (erased, verdict), (order, _) = desk.journal.of_record(record, SCOPE)
        assert erased.payload is None and verdict is Verdict.REDACTED and order.header.kind == "redact"
        assert (erased.phash, erased.hash) == (operation.phash, operation.hash)
        assert desk.store.rows("SELECT * FROM household") == []
        assert desk.state_hash(SCOPE) == desk.whole_state_hash(SCOPE) == ledger.state_hash(SCOPE)
        desk.rebuild()
        assert desk.store.rows("SELECT * FROM household") == []


def test_a_redaction_meets_what_arrives_after_it(tmp_path: Path) -> None:
    ledger, late = (replica(tmp_path, name, SettableClock()) for name in ("a.db", "b.db"))
    mine, theirs, record = LogId(b"1" * 16, SCOPE), LogId(b"2" * 16, SCOPE), b"r" * 16
    ledger.append(mine, [Change("household", record, {"note": "wrong photo"})], b"b" * 16, b"a" * 16)
    ((operation, _),) = ledger.journal.of_record(record, SCOPE)
    whole = [(operation, Verdict.FOLDED)]
    ledger.redact(theirs, record, [operation.id], b"b" * 16, b"e" * 16)
    deliver(ledger, late, theirs, 1)
    with late.store.transaction():
        late.take_in(whole)
    assert late.store.rows("SELECT count(*) FROM op WHERE payload IS NULL") == [(1,)]
    assert late.store.rows("SELECT * FROM household") == []
    assert late.state_hash(SCOPE) == ledger.state_hash(SCOPE)


def test_an_order_to_erase_reaches_no_other_scope_and_no_other_order(tmp_path: Path) -> None:
    ledger = replica(tmp_path, "a.db", SettableClock())
    record, by = b"r" * 16, b"b" * 16
    home, foreign = LogId(b"1" * 16, SCOPE), LogId(b"1" * 16, b"T" * 16)
    ledger.append(home, [Change("household", record, {"note": "stays"})], by, b"a" * 16)
    ((operation, _),) = ledger.journal.of_record(record, SCOPE)
    ledger.redact(foreign, record, [operation.id], by, b"e" * 16)
    assert ledger.store.rows("SELECT note FROM household") == [("stays",)]
    ((order, _),) = ledger.journal.of_record(record, b"T" * 16)
    ledger.redact(foreign, record, [order.id], by, b"f" * 16)
    assert ledger.store.rows("SELECT count(*) FROM op WHERE payload IS NULL") == [(0,)]


def test_a_member_who_moves_leaves_one_card_and_enters_the_other(tmp_path: Path) -> None:
    ledger = replica(tmp_path, "a.db", SettableClock())
    log, by = LogId(b"1" * 16, SCOPE), b"b" * 16
    first, second, person = b"f" * 16, b"s" * 16, b"p" * 16
    made = [
        Change("household", first, {"household_no": "001"}),
        Change("household", second, {"household_no": "002"}),
        Change("member", person, {"household": first.hex(), "name": "仇秀兰", "relation": "02"}),
    ]
    ledger.append(log, made, by, b"1" * 16)
    heads = "SELECT head FROM card ORDER BY id"
    assert ledger.store.rows(heads) == [("仇秀兰",), ("",)]
    ledger.append(log, [Change("member", person, {"household": second.hex()})], by, b"2" * 16)
    assert ledger.store.rows(heads) == [("",), ("仇秀兰",)]
    assert ledger.store.rows("SELECT id FROM search_key WHERE key='qxl'") == [(second,)]
