"""Random histories on real SQLCipher replicas: incremental = rebuild = oracle (sync.md 6: I1, I3, I4, I9)."""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.domain.histories import Desk, History, Lost
from villagedesk.domain.fold import Write
from villagedesk.domain.ids import LogId
from villagedesk.ports import Ports
from villagedesk.storage.database import Store, open_database
from villagedesk.storage.journal import Span, Verdict
from villagedesk.storage.ledger import Change, Ledger
from villagedesk.storage.schema import create_tables
from villagedesk.storage.undoing import undo

DESKS, HISTORIES, STEPS = 6, 1000, 60
#: Two halves, for two cores.
HALVES = (1, 2)
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
    store.rows("PRAGMA locking_mode=EXCLUSIVE")  # nobody else looks; a third quicker
    return Ledger(store, Ports(clock=clock))


def deliver(source: Ledger, target: Ledger, log: LogId, upto: int) -> None:
    after = target.journal.head(log).n
    operations = [(operation, Verdict.FOLDED) for operation in source.journal.range(log, after, upto)]
    held = target.journal.held(log, after + 1, upto)
    fresh = [(op, verdict) for op, verdict in operations if op.hash not in held.get(op.header.n, ())]
    with target.store.transaction():
        target.take_in(fresh)


class RealHistory(History):
    """The same on real stores, one scope a history; besides, single operations are erased for good.

    ``bare``: by desk, what it holds without a payload; ``orders``: the operation that each order erases; ``late``:
    how often an operation came whole to where its order was already.
    """

    fields = ("phone", "address", "colour_of_a_newer_version")

    def __init__(self, rng: random.Random, ledgers: list[Ledger], clock: SettableClock, number: int) -> None:
        self.scope, self.record = number.to_bytes(16, "big"), (number + 2**32).to_bytes(16, "big")
        self.clock, self.orders, self.late = clock, dict[str, str](), 0
        self.ledgers = {bytes([place]): ledger for place, ledger in enumerate(ledgers)}
        self.bare: dict[bytes, set[str]] = {device: set() for device in self.ledgers}
        super().__init__(rng, STEPS)

    def log(self, desk: Desk) -> LogId:
        return LogId(desk.device * 16, self.scope)

    def counted(self, desk: Desk) -> list[Write]:
        bare = self.bare[desk.device]
        return [write for op, write in desk.held.items() if op not in bare and op not in self.orders]

    def go_back(self, desk: Desk, other: Desk | None) -> None:
        """Restored desks go on as new ones (tests/services); here one operation is erased instead."""
        if desk.held:
            target = self.rng.choice(list(desk.held))
            self.clock.now = desk.clock
            before = self.time(desk)
            ids = [bytes.fromhex(target)]
            self.ledgers[desk.device].redact(self.log(desk), self.record, ids, b"b" * 16, b"e" * 16)
            order = self._noted(desk, {}, before)
            desk.held[order.op], self.orders[order.op] = order, target
            self.writes.append(order)
            self._obey(desk)
            for other in self.rng.sample(self.desks, 2):
                self.hand_over(desk, other, [order])

    def _obey(self, desk: Desk) -> None:
        """Orders reach what is held and what comes later, but no other order."""
        targets = {self.orders[op] for op in desk.held if op in self.orders}
        self.bare[desk.device] |= targets & desk.held.keys() - self.orders.keys()

    def _noted(self, desk: Desk, changed: Mapping[str, Any], t: int) -> Write:
        """What was just written there, as the oracle keeps it."""
        made, _ = self.ledgers[desk.device].journal.of_record(self.record, self.scope)[-1]
        assert made.header.t == t, "the clock is kept per record"
        return Write(t, desk.device, made.hash, made.id.hex(), changed, {}, ())

    def make(
        self, desk: Desk, changed: Mapping[str, Any], settled: Collection[Lost], page: Mapping[str, str]
    ) -> Write | None:
        shown = self.oracle.shown(self.counted(desk))
        new = {name: v for name, v in changed.items() if name not in shown or shown[name].changed[name] != v}
        self.clock.now = desk.clock
        change = Change("household", self.record, changed, resolved=[f"{op}.{name}" for name, op in settled])
        before = self.time(desk)
        done = self.ledgers[desk.device].append(self.log(desk), [change], b"b" * 16, self.rng.randbytes(16))
        assert done.operations == bool(new or settled), "what changes nothing writes nothing"
        return self._noted(desk, new, before) if done.operations else None

    def hand_over(self, source: Desk, target: Desk, parcel: Sequence[Write]) -> None:
        """The operations as the source holds them, gaps and all; those that the target has are not taken again."""
        wanted = {write.op for write in parcel} - target.held.keys()
        if not wanted:
            return
        found = self.ledgers[source.device].journal.of_record(self.record, self.scope)
        fresh = {op.id.hex(): (op, verdict) for op, verdict in found if op.id.hex() in wanted}
        ordered = {self.orders[op] for op in target.held if op in self.orders}
        self.late += len(ordered & fresh.keys() - self.bare[source.device])
        ledger = self.ledgers[target.device]
        with ledger.store.transaction():
            ledger.take_in([fresh[write.op] for write in parcel if write.op in fresh])
        target.held.update((write.op, write) for write in parcel)
        self.bare[target.device] |= self.bare[source.device] & wanted
        self._obey(target)

    def check(self, desk: Desk) -> None:
        """Incremental = oracle, in the row of the record and in the list of what waits."""
        store, counted = self.ledgers[desk.device].store, self.counted(desk)
        view = self.oracle.view(counted)
        rows = store.rows(
            "SELECT phone, address, _extra, _del, _t, _conflicts FROM household WHERE id=?", (self.record,)
        )
        extra = {name: value for name, value in view.values.items() if name.startswith("colour")}
        wanted = (
            view.values.get("phone"),
            view.values.get("address"),
            json.dumps(extra) if extra else None,
            int(view.values.get("_del") is True),
            max((write.t for write in counted), default=0),
            len(view.waiting),
        )
        assert rows == ([wanted] if counted else [])
        listed = store.rows("SELECT field, loser, winner, value FROM conflict WHERE rec=?", (self.record,))
        waiting = [(name, op, view.writers[name], json.dumps(value)) for (name, op), value in view.waiting.items()]
        assert sorted(listed) == sorted(waiting)

    def finish(self) -> int:
        """Everybody's part, then everything to everybody; how many values waited in the parts."""
        waited = 0
        for desk in self.desks:
            self.check(desk)
            waited += len(self.oracle.view(self.counted(desk)).waiting)
        town, *villages = self.desks
        for source, target in [(desk, town) for desk in villages] + [(town, desk) for desk in villages]:
            self.hand_over(source, target, self.rng.sample(list(source.held.values()), len(source.held)))
        for desk in self.desks:
            self.check(desk)
        states = {ledger.state_hash(self.scope) for ledger in self.ledgers.values()}
        assert states == {self.rng.choice(list(self.ledgers.values())).whole_state_hash(self.scope)}
        return waited


def derived(ledger: Ledger) -> list[list[tuple[object, ...]]]:
    names = ("household", "card", "search_key", "conflict")
    return [sorted(ledger.store.rows(f"SELECT * FROM {name}"), key=repr) for name in names]


@pytest.mark.parametrize("half", HALVES)
def test_random_histories_on_real_stores(tmp_path: Path, half: int) -> None:
    """1,000 histories of 60 steps on six SQLCipher stores: incremental = rebuild = oracle, in every desk's part too."""
    seed = random.SystemRandom().randrange(2**32)
    print("half", half, "seed", seed)
    rng = random.Random(seed)
    clock = SettableClock()
    ledgers = [replica(tmp_path, f"{index}.db", clock) for index in range(DESKS)]
    waited = settled = late = 0
    for number in range(HISTORIES // len(HALVES)):
        history = RealHistory(rng, ledgers, clock, number)
        waited += history.finish()
        settled += history.settled
        late += history.late
    assert min(waited, settled) > HISTORIES / 20 and late, "such histories prove nothing"
    for ledger in ledgers:
        before = derived(ledger)
        assert before[0] and before[1] and before[3]
        ledger.rebuild()
        assert derived(ledger) == before, "incremental = rebuild, row by row"
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


def test_where_only_a_tail_is_held_undo_takes_nothing_away(tmp_path: Path) -> None:
    whole, tail = (replica(tmp_path, name, SettableClock()) for name in ("a.db", "b.db"))
    mine, record, by = LogId(b"1" * 16, SCOPE), b"r" * 16, b"b" * 16
    whole.append(mine, [Change("household", record, {"phone": "1", "address": "x"})], by, b"1" * 16)
    whole.append(mine, [Change("household", record, {"phone": "2", "note": "n"})], by, b"2" * 16)
    with tail.store.transaction():
        tail.take_in([(op, Verdict.FOLDED) for op in whole.journal.range(mine, 1, 2)])
    _, kept = undo(tail, LogId(b"2" * 16, SCOPE), b"2" * 16, by, b"u" * 16)
    assert kept == [("phone", record)], "what was before it is not known here"
    assert tail.store.rows("SELECT phone, note, _del FROM household") == [("2", None, 0)]
    _, kept = undo(whole, mine, b"2" * 16, by, b"u" * 16)
    assert kept == [] and whole.store.rows("SELECT phone, note FROM household") == [("1", None)]


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
