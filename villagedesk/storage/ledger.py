"""Owns the one way into the store: append own operations, take in others', keep every derived table in step.

Everything happens in one transaction; after COMMIT the save survives any kill (invariant I2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from villagedesk.domain.catalogue import BY_NAME, SCHEMA
from villagedesk.domain.fields import Value
from villagedesk.domain.fold import Write
from villagedesk.domain.ids import LogId, is_hex_id
from villagedesk.domain.operation import (
    DELETED,
    SALT_BYTES,
    Header,
    Operation,
    decode_payload,
    encode_payload,
    next_operation,
    next_time,
)
from villagedesk.errors import DeskError
from villagedesk.ports import Ports
from villagedesk.storage.cards import Cards
from villagedesk.storage.database import Store
from villagedesk.storage.journal import REDACT, Head, Journal, Span, Verdict
from villagedesk.storage.projections import Projections, RecordKey, counts, fold_operations, write_of


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


def places_of(histories: Mapping[RecordKey, Sequence[Write]]) -> set[tuple[int, bytes]]:
    """(scope number, household) of every card that these records stand on or ever stood on."""
    places: set[tuple[int, bytes]] = set()
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

    def append(self, log: LogId, changes: Iterable[Change], by: bytes, action: bytes) -> Touched:
        """One user action: one operation a change, all or none; changes that change nothing write nothing."""
        try:
            with self.store.transaction():
                return self._append(log, changes, by, action)
        except BaseException:
            self.journal.forget_numbers()
            raise

    def _append(self, log: LogId, changes: Iterable[Change], by: bytes, action: bytes) -> Touched:
        head = self.journal.head(log)
        n, end = head.n, head.hash
        scope = self.journal.scope_no(log.scope)
        now = self.ports.clock.now_ms()
        written: list[tuple[Operation, Verdict]] = []
        histories: dict[RecordKey, list[Write]] = {}
        fresh: set[RecordKey] = set()
        for change in changes:
            key = RecordKey(scope, change.kind, change.record)
            if key in histories:
                raise ValueError("one action writes a record once")
            before = self.journal.of_record(change.record, log.scope)
            operation = self._operation(log, n + 1, end, change, by, action, now, before)
            if operation is None:
                continue
            n, end = n + 1, operation.hash
            written.append((operation, Verdict.FOLDED))
            histories[key] = [
                write_of(op) for op, verdict in before if counts(op, verdict) and op.header.kind == key.kind
            ]
            histories[key].append(write_of(operation))
            if not before:
                fresh.add(key)
        self.journal.insert(written)
        self.journal.set_head(Head(log, n, end))
        self.projections.put(histories, fresh)
        self.cards.refresh_places(places_of(histories))
        return Touched(action, tuple(sorted(histories)), len(written), frozenset(key.kind for key in histories))

    def _operation(
        self,
        log: LogId,
        n: int,
        end: bytes,
        change: Change,
        by: bytes,
        action: bytes,
        now: int,
        history: Sequence[tuple[Operation, Verdict]],
    ) -> Operation | None:
        """The next operation on a record with this history; None when nothing changes."""
        if not history:
            changed, was, known = dict(change.changed), {}, 0
        else:
            kind = BY_NAME[change.kind]
            folded = fold_operations(kind, history)
            known = max(operation.header.t for operation, _ in history)
            values, writers = (folded.values, folded.writers) if folded else ({}, {})
            changed = {
                name: value for name, value in change.changed.items() if name not in values or values[name] != value
            }
            seen = writers if change.seen is None else {**writers, **change.seen}
            names = writers if changed.get(DELETED) is True else changed
            was = {name: seen[name] for name in names if name in seen}
        if not changed and not change.resolved:
            return None
        payload = encode_payload(self.ports.entropy.take(SALT_BYTES), now, changed, was, change.resolved)
        header = Header(n, change.kind, change.record, next_time(now, known), by, action, SCHEMA)
        return next_operation(end, log, header, payload)

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
            (replace(op, payload=None), Verdict.REDACTED)
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
        orders = [Change(REDACT, record, {"op": target.hex()}) for target in targets]
        try:
            with self.store.transaction():
                head = self.journal.head(log)
                n, end, now = head.n, head.hash, self.ports.clock.now_ms()
                known = max((op.header.t for op, _ in self.journal.of_record(record, log.scope)), default=0)
                written: list[Operation] = []
                for order in orders:
                    payload = encode_payload(self.ports.entropy.take(SALT_BYTES), now, order.changed, {})
                    header = Header(n + 1, REDACT, record, next_time(now, known), by, action, SCHEMA)
                    written.append(next_operation(end, log, header, payload))
                    n, end, known = n + 1, written[-1].hash, header.t
                self.journal.insert((op, Verdict.FOLDED) for op in written)
                self.journal.set_head(Head(log, n, end))
                touched = self.erase(written)
                self.cards.refresh(touched)
        except BaseException:
            self.journal.forget_numbers()
            raise
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

    def undo(self, log: LogId, action: bytes, by: bytes, new_action: bytes) -> tuple[Touched, list[tuple[str, bytes]]]:
        """Write a compensating action; also returns the (field, record) pairs that later edits keep as they are."""
        done = [op for op, verdict in self.journal.of_action(action) if verdict is Verdict.FOLDED]
        if not done:
            raise DeskError("action_unknown")
        changes: list[Change] = []
        kept: list[tuple[str, bytes]] = []
        for operation in done:
            change, later = self._compensation(operation, log.scope)
            kept += [(name, operation.header.record) for name in later]
            if change is not None:
                changes.append(change)
        return self.append(log, changes, by, new_action), kept

    def _compensation(self, operation: Operation, scope: bytes) -> tuple[Change | None, list[str]]:
        kind = BY_NAME.get(operation.header.kind)
        if kind is None or kind.record_class != "register" or operation.payload is None or operation.log.scope != scope:
            return None, []
        history = self.journal.of_record(operation.header.record, scope)
        now = fold_operations(kind, history)
        before = fold_operations(kind, [entry for entry in history if entry[0].hash != operation.hash])
        assert now is not None
        mine = [name for name in write_of(operation).changed if now.writers.get(name) == operation.id.hex()]
        later = [name for name in write_of(operation).changed if name not in mine]
        earlier = before.values if before else {}
        if before is None:
            untouched = not later and all(writer == operation.id.hex() for writer in now.writers.values())
            restored: dict[str, Value] = {DELETED: True} if untouched else {}
            return Change(kind.name, operation.header.record, restored) if restored else None, later or list(mine)
        restored = {name: earlier.get(name, False if name == DELETED else None) for name in mine}
        return (Change(kind.name, operation.header.record, restored) if restored else None), later

    def state_hash(self, scope: bytes) -> bytes:
        """What a receipt says about a scope's records: equal heads must give equal state hashes; kept in step."""
        return self.projections.states.kept(self.journal.scope_no(scope))

    def whole_state_hash(self, scope: bytes) -> bytes:
        """The same, computed from the tables alone."""
        return self.projections.states.whole(self.journal.scope_no(scope))
