"""Owns the one way into the store: append own operations, take in others', keep every derived table in step.

Everything happens in one transaction; after COMMIT the save survives any kill (invariant I2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

from villagedesk.domain.catalogue import BY_NAME, SCHEMA
from villagedesk.domain.fields import Value
from villagedesk.domain.fold import Write
from villagedesk.domain.ids import LogId, is_hex_id
from villagedesk.domain.operation import (
    DELETED,
    MAX_FIELDS,
    SALT_BYTES,
    Header,
    Operation,
    decode_payload,
    encode_payload,
    next_operation,
    next_time,
)
from villagedesk.ports import Ports
from villagedesk.storage.cards import Cards, Place
from villagedesk.storage.database import Store
from villagedesk.storage.journal import REDACT, Head, Journal, Span, Verdict
from villagedesk.storage.projections import Projections, RecordKey, counts, fold_operations, write_of

#: Changes of one action that are written at once: memory stays flat.
_BATCH = 4000
_TWICE = "one action writes a record once"


@dataclass(frozen=True, slots=True)
class Change:
    """What one record shall become: only changed fields stand in ``changed``.

    ``seen``: per field the operation (hex) whose value the clerk saw; None = what the store holds now.
    ``resolved``: ids of conflicts that this change settles.
    """

    kind: str
    record: bytes
    changed: Mapping[str, Value]
    seen: Mapping[str, str] | None = None
    resolved: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Touched:
    """Which records an operation set touched, by kind; what every view decides its reload by."""

    action: bytes
    keys: tuple[RecordKey, ...] = ()
    operations: int = 0
    kinds: frozenset[str] = field(default_factory=frozenset)


@dataclass(slots=True)
class _Pen:
    """The end of a log while one action is written to it; ``now``: wall ms."""

    log: LogId
    by: bytes
    action: bytes
    now: int
    n: int
    end: bytes

    def write(self, kind: str, record: bytes, t: int, payload: bytes) -> Operation:
        """The next operation of the log."""
        header = Header(self.n + 1, kind, record, t, self.by, self.action, SCHEMA)
        operation = next_operation(self.end, self.log, header, payload)
        self.n, self.end = self.n + 1, operation.hash
        return operation


def places_of(histories: Mapping[RecordKey, Sequence[Write]]) -> set[Place]:
    """(scope number, household) of every card that these records stand on or ever stood on."""
    places: set[Place] = set()
    for key, writes in histories.items():
        if key.kind == "household":
            places.add((key.scope, key.record))
        elif key.kind == "member":
            homes = (write.changed.get("household") for write in writes)
            places |= {(key.scope, bytes.fromhex(home)) for home in homes if isinstance(home, str) and is_hex_id(home)}
    return places


class Ledger:
    """Operations and everything derived from them in one store."""

    def __init__(self, store: Store, ports: Ports) -> None:
        self.store = store
        self.ports = ports
        self.journal = Journal(store)
        self.projections = Projections(store, self.journal)
        self.cards = Cards(store, self.journal)

    @contextmanager
    def _all_or_none(self) -> Iterator[None]:
        try:
            with self.store.transaction():
                yield
        except BaseException:
            self.journal.forget_numbers()
            raise

    def _pen(self, log: LogId, by: bytes, action: bytes) -> _Pen:
        head = self.journal.head(log)
        return _Pen(log, by, action, self.ports.clock.now_ms(), head.n, head.hash)

    def append(self, log: LogId, changes: Iterable[Change], by: bytes, action: bytes) -> Touched:
        """One user action: one operation a change, all or none; changes that change nothing write nothing."""
        touched: set[RecordKey] = set()
        places: set[Place] = set()
        waiting = iter(changes)
        with self._all_or_none():
            pen = self._pen(log, by, action)
            while part := list(islice(waiting, _BATCH)):
                histories = self._write(pen, part)
                if touched & histories.keys():
                    raise ValueError(_TWICE)
                touched |= histories.keys()
                places |= places_of(histories)
            if touched:
                self.journal.set_head(Head(log, pen.n, pen.end))
            self.cards.refresh_places(places)
        return Touched(action, tuple(sorted(touched)), len(touched), frozenset(key.kind for key in touched))

    def _write(self, pen: _Pen, changes: Sequence[Change]) -> dict[RecordKey, list[Write]]:
        """Store and fold what these changes make; returns the whole histories of the records written."""
        scope = self.journal.scope_no(pen.log.scope)
        held: dict[bytes, list[tuple[Operation, Verdict]]] = {change.record: [] for change in changes}
        for operation, verdict in self.journal.of_records(sorted(held)):
            if operation.log.scope == pen.log.scope:
                held[operation.header.record].append((operation, verdict))
        written: list[tuple[Operation, Verdict]] = []
        histories: dict[RecordKey, list[Write]] = {}
        for change in changes:
            key, before = RecordKey(scope, change.kind, change.record), held[change.record]
            if key in histories:
                raise ValueError(_TWICE)
            made = self._operation(pen, change, before)
            if made is not None:
                written.append((made, Verdict.FOLDED))
                own = [op for op, verdict in before if counts(op, verdict) and op.header.kind == key.kind]
                histories[key] = [write_of(op) for op in (*own, made)]
        self.journal.insert(written)
        self.projections.put(histories, {key for key in histories if not held[key.record]})
        return histories

    def _operation(self, pen: _Pen, change: Change, history: Sequence[tuple[Operation, Verdict]]) -> Operation | None:
        """The next operation on a record with this history; None when nothing changes."""
        changed, was, known = dict(change.changed), {}, 0
        if history:
            folded = fold_operations(BY_NAME[change.kind], history)
            known = max(operation.header.t for operation, _ in history)
            values, writers = (folded.values, folded.writers) if folded else ({}, {})
            changed = {name: value for name, value in changed.items() if name not in values or values[name] != value}
            seen = writers if change.seen is None else {**writers, **change.seen}
            # what a newer version's record has beyond the limit is not named: then a human is asked once too often
            names = list(writers)[:MAX_FIELDS] if changed.get(DELETED) is True else changed
            was = {name: seen[name] for name in names if name in seen}
        if not changed and not change.resolved:
            return None
        payload = encode_payload(self.ports.entropy.take(SALT_BYTES), pen.now, changed, was, change.resolved)
        return pen.write(change.kind, change.record, next_time(pen.now, known), payload)

    def take_in(
        self, operations: Sequence[tuple[Operation, Verdict]], spans: Mapping[LogId, Sequence[Span]] | None = None
    ) -> Touched:
        """Store foreign operations that are not held yet and refold what they touch (inside a transaction).

        ``spans``: by log, ranges that are now held whole and whose chains were checked.
        """
        operations = self._without_erased(operations)
        keys = [self.projections.key_of(op) for op, _ in operations]
        touched = set(keys)
        histories = self.projections.earlier(touched)
        fresh = touched - histories.keys()
        for key, (operation, verdict) in zip(keys, operations, strict=True):
            writes = histories.setdefault(key, [])
            if counts(operation, verdict):
                writes.append(write_of(operation))
        self.journal.insert(operations)
        for log in sorted({op.log for op, _ in operations}):
            self.journal.advance(log, (spans or {}).get(log, ()))
        self.projections.put(histories, fresh)
        self.cards.refresh_places(places_of(histories))
        orders = [op for op, verdict in operations if op.header.kind == REDACT and verdict is Verdict.FOLDED]
        erased = self.erase(orders) if orders else set()
        self.cards.refresh(erased)
        touched |= erased
        return Touched(b"", tuple(sorted(touched)), len(operations), frozenset(key.kind for key in touched))

    def _without_erased(self, operations: Sequence[tuple[Operation, Verdict]]) -> Sequence[tuple[Operation, Verdict]]:
        """An order to erase also meets what arrives after it."""
        orders = self.journal.redactions()
        if not orders:
            return operations
        return [
            (op._replace(payload=None), Verdict.REDACTED)
            if op.header.kind != REDACT and (self.journal.scope_no(op.log.scope), op.header.record, op.id) in orders
            else (op, verdict)
            for op, verdict in operations
        ]

    def erase(self, redactions: Iterable[Operation]) -> set[RecordKey]:
        """Carry out redactions (inside a transaction); returns the records that lost a payload, already refolded."""
        touched: set[RecordKey] = set()
        for order in redactions:
            target = write_of(order).changed.get("op") if order.payload is not None else None
            if isinstance(target, str) and is_hex_id(target):
                place = (order.header.record, order.log.scope)
                homes = self._homes(*place)
                if self.journal.redact(*place, bytes.fromhex(target)):
                    held = [op for op, _ in self.journal.of_record(*place) if op.header.kind != REDACT]
                    touched |= {self.projections.key_of(op) for op in held} | homes
        self.projections.refold(touched)
        return touched

    def _homes(self, record: bytes, scope: bytes) -> set[RecordKey]:
        """Households a member was ever written into; their cards show the name that must go."""
        named = [
            decode_payload(op.payload)["set"].get("household")
            for op, _ in self.journal.of_record(record, scope)
            if op.header.kind == "member" and op.payload is not None
        ]
        number = self.journal.scope_no(scope)
        return {
            RecordKey(number, "household", bytes.fromhex(home))
            for home in named
            if isinstance(home, str) and is_hex_id(home)
        }

    def redact(self, log: LogId, record: bytes, targets: Sequence[bytes], by: bytes, action: bytes) -> Touched:
        """Order the erasure of operations of one record and carry it out: one redaction each, one action."""
        with self._all_or_none():
            pen = self._pen(log, by, action)
            known = max((op.header.t for op, _ in self.journal.of_record(record, log.scope)), default=0)
            written: list[Operation] = []
            for target in targets:
                payload = encode_payload(self.ports.entropy.take(SALT_BYTES), pen.now, {"op": target.hex()}, {})
                known = next_time(pen.now, known)
                written.append(pen.write(REDACT, record, known, payload))
            self.journal.insert((op, Verdict.FOLDED) for op in written)
            self.journal.set_head(Head(log, pen.n, pen.end))
            touched = self.erase(written)
            self.cards.refresh(touched)
        return Touched(action, tuple(sorted(touched)), len(written), frozenset(key.kind for key in touched))

    def refold_all(self, places: Iterable[tuple[bytes, str, bytes]]) -> None:
        """After verdicts changed: bring (scope, kind, record) up to date, obey orders to erase (in a transaction)."""
        keys = {RecordKey(self.journal.scope_no(scope), kind, record) for scope, kind, record in places}
        orders = [
            op
            for op, verdict in self.journal.of_records(sorted({key.record for key in keys if key.kind == REDACT}))
            if verdict is Verdict.FOLDED and op.header.kind == REDACT
        ]
        self.projections.refold(keys)
        self.cards.refresh(keys | self.erase(orders))

    def rebuild(self) -> None:
        """Throw all derived tables away and fold anew."""
        with self.store.transaction():
            self.fold_everything()

    def fold_everything(self) -> None:
        """The same inside a transaction."""
        self.cards.clear()
        self.cards.refresh(key for key in self.projections.rebuild() if key.kind == "household")

    def state_hash(self, scope: bytes) -> bytes:
        """What a receipt says about a scope's records: equal heads must give equal state hashes; kept in step."""
        return self.projections.states.kept(self.journal.scope_no(scope))

    def whole_state_hash(self, scope: bytes) -> bytes:
        """The same, computed from the tables alone."""
        return self.projections.states.whole(self.journal.scope_no(scope))
