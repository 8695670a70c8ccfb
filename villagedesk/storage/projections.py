"""Owns the visible tables: refolding touched records and writing one row each (sync.md section 2).

One code path for own and foreign operations: after inserting operations, ``refold`` the touched records.  ``rebuild``
does the same for everything and must give byte-equal tables (invariant I1).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from itertools import compress, groupby
from operator import itemgetter, ne
from typing import Any

from villagedesk.domain.catalogue import BY_NAME, KINDS
from villagedesk.domain.fields import RecordKind
from villagedesk.domain.fold import Folded, Write, fold_fact, fold_register
from villagedesk.domain.ids import ID_BYTES
from villagedesk.domain.operation import Operation, decode_payload, seen_of
from villagedesk.storage.database import Store
from villagedesk.storage.journal import Journal, Verdict
from villagedesk.storage.rows import RecordKey as RecordKey
from villagedesk.storage.rows import fits as fits
from villagedesk.storage.rows import from_column as from_column
from villagedesk.storage.rows import make_row, row_plan
from villagedesk.storage.rows import to_column as to_column
from villagedesk.storage.schema import column_names
from villagedesk.storage.state import States, row_hash

#: Records that a rebuild folds in one go.
_REBUILD_BATCH = 5000


def _by_kind(key: RecordKey) -> tuple[str, int, bytes]:
    return key.kind, key.scope, key.record


def _kind(key: RecordKey) -> str:
    return key.kind


#: (scope number, record id) of a row.
_Place = tuple[int, bytes]


def write_of(operation: Operation) -> Write:
    """The operation as the fold sees it; it must not be redacted."""
    assert operation.payload is not None
    return _write(operation.header.t, operation.log.device, operation.hash, operation.payload)


def _write(t: int, device: bytes, hash_: bytes, payload_bytes: bytes) -> Write:
    payload = decode_payload(payload_bytes)
    return Write(
        t,
        device,
        hash_,
        hash_[:ID_BYTES].hex(),
        payload["set"],
        seen_of(payload),
        payload.get("res", ()),
    )


def counts(operation: Operation, verdict: Verdict) -> bool:
    """Whether an operation has a say in what its record looks like."""
    return verdict is Verdict.FOLDED and operation.payload is not None


def fold_operations(kind: RecordKind, operations: Iterable[tuple[Operation, Verdict]]) -> Folded | None:
    """Fold what counts; None when nothing does."""
    return fold_writes(kind, [write_of(op) for op, verdict in operations if counts(op, verdict)])


def fold_writes(kind: RecordKind, writes: Sequence[Write]) -> Folded | None:
    """The same for operations read before."""
    if not writes:
        return None
    return fold_register(writes) if kind.record_class == "register" else fold_fact(writes)


class Projections:
    """The visible tables of one store."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self.store = store
        self.journal = journal
        self.states = States(store)

    def folded(self, kind: RecordKind, record: bytes, scope: bytes) -> Folded | None:
        """The record as its operations make it, straight from the journal."""
        own = [(op, verdict) for op, verdict in self.journal.of_record(record, scope) if op.header.kind == kind.name]
        return fold_operations(kind, own)

    def refold(self, keys: Iterable[RecordKey]) -> None:
        """Bring the rows of these records up to date (inside a transaction)."""
        wanted = set(keys)
        self.put({**{key: [] for key in wanted}, **self.earlier(wanted)})

    def earlier(self, wanted: Set[RecordKey]) -> dict[RecordKey, list[Write]]:
        """What counts of the operations held; a record with operations that do not count has an empty list."""
        found: dict[RecordKey, list[Write]] = {}
        records = sorted({key.record for key in wanted})
        for log, kind, record, t, hash_, payload, verdict in self.store.among(
            "SELECT log, kind, rec, t, hash, payload, verdict FROM op WHERE rec", records
        ):
            written_in = self.journal.log_of(log)
            key = RecordKey(self.journal.scope_no(written_in.scope), kind, record)
            if key in wanted:
                writes = found.setdefault(key, [])
                if verdict == Verdict.FOLDED and payload is not None:
                    writes.append(_write(t, written_in.device, hash_, payload))
        return found

    def key_of(self, operation: Operation) -> RecordKey:
        """The record that an operation writes."""
        header = operation.header
        return RecordKey(self.journal.scope_no(operation.log.scope), header.kind, header.record)

    def put(self, histories: Mapping[RecordKey, Sequence[Write]], fresh: Container[RecordKey] = frozenset()) -> None:
        """Write the rows that whole histories make; ``fresh`` records have no row yet."""
        changes: Counter[int] = Counter()
        for kind_name, keys in groupby(sorted(histories, key=_by_kind), key=_kind):
            kind = BY_NAME.get(kind_name)
            if kind is not None:
                folded = [(key, fold_writes(kind, histories[key])) for key in keys]
                former = self._forget(kind, [key for key, _ in folded if key not in fresh], changes)
                self._put_rows(kind, folded, former, changes)
        for scope, delta in changes.items():
            self.states.add(scope, delta)

    def _put_rows(
        self,
        kind: RecordKind,
        folded: Sequence[tuple[RecordKey, Folded | None]],
        former: Mapping[_Place, tuple[Any, ...]],
        changes: Counter[int],
    ) -> None:
        """Insert new rows, set only columns that changed in any of the others (few indexes move), remove the rest."""
        plan, columns = row_plan(kind), column_names(kind)
        added: list[tuple[Any, ...]] = []
        mended: list[tuple[Any, ...]] = []
        different: set[int] = set()
        places = range(len(columns))
        gone: list[_Place] = []
        for key, record in folded:
            place = (key.scope, key.record)
            before = former.get(place)
            if record is None:
                gone.append(place)
                continue
            row = make_row(plan, key, record)
            changes[key.scope] += row_hash(kind.name, row)
            if before is None:
                added.append(row)
            elif row != before:
                mended.append(row)
                different.update(compress(places, map(ne, row, before)))
            if record.conflicts:
                self._put_conflicts(kind, key, record)
        many = self.store.many
        many(f'INSERT INTO "{kind.name}" ({", ".join(columns)}) VALUES ({", ".join("?" * len(columns))})', added)
        if mended:
            chosen = sorted(different)
            sets = ", ".join(f"{columns[index]}=?" for index in chosen)
            values = itemgetter(*chosen, 0, 1)
            many(f'UPDATE "{kind.name}" SET {sets} WHERE _scope=? AND id=?', list(map(values, mended)))
        many(f'DELETE FROM "{kind.name}" WHERE _scope=? AND id=?', gone)

    def _forget(
        self, kind: RecordKind, keys: Sequence[RecordKey], changes: Counter[int]
    ) -> dict[_Place, tuple[Any, ...]]:
        """Take rows out of the state, and their conflicts away; returns the rows as they stand."""
        former: dict[_Place, tuple[Any, ...]] = {}
        select = f'SELECT {", ".join(column_names(kind))} FROM "{kind.name}" WHERE _scope=? AND id'
        places = sorted((key.scope, key.record) for key in keys)
        for scope, group in groupby(places, key=lambda place: place[0]):
            for row in self.store.among(select, [record for _, record in group], scope):
                former[scope, row[1]] = row
                changes[scope] -= row_hash(kind.name, row)
                if row[-1]:
                    where = (scope, row[1], kind.name)
                    self.store.write("DELETE FROM conflict WHERE scope=? AND rec=? AND kind=?", where)
        return former

    def _put_conflicts(self, kind: RecordKind, key: RecordKey, folded: Folded) -> None:
        self.store.many(
            "INSERT INTO conflict (scope, kind, rec, field, winner, loser, value) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    key.scope,
                    kind.name,
                    key.record,
                    conflict.field,
                    conflict.winner,
                    conflict.loser,
                    json.dumps(conflict.value, ensure_ascii=False, sort_keys=True),
                )
                for conflict in folded.conflicts
            ],
        )

    def rebuild(self) -> list[RecordKey]:
        """Drop and refold everything from the operations (inside a transaction); returns all keys."""
        for kind in KINDS:
            self.store.write(f'DELETE FROM "{kind.name}"')
        self.store.write("DELETE FROM conflict")
        self.states.clear()
        keys = [
            RecordKey(int(scope), str(kind), bytes(record))
            for scope, kind, record in self.store.rows(
                "SELECT DISTINCT log.scope, op.kind, op.rec FROM op JOIN log ON log.no=op.log"
            )
        ]
        keys.sort(key=lambda key: key.record)
        for start in range(0, len(keys), _REBUILD_BATCH):
            self.refold(keys[start : start + _REBUILD_BATCH])
        return keys

    def canonical(self, scope: int, kinds: Iterable[str] = ()) -> Iterator[dict[str, Any]]:
        """Every record of a scope as a plain document, in one fixed order; the base of ``dump`` and state hashes."""
        wanted = set(kinds)
        for kind in sorted(KINDS, key=lambda kind: kind.name):
            if wanted and kind.name not in wanted:
                continue
            columns = column_names(kind)
            for row in self.store.rows(
                f'SELECT {", ".join(columns)} FROM "{kind.name}" WHERE _scope=? ORDER BY id', (scope,)
            ):
                yield document(kind, dict(zip(columns, row, strict=True)))


def document(kind: RecordKind, row: Mapping[str, Any]) -> dict[str, Any]:
    """A projection row as a plain document: known values, unknown ones, deletion, open conflicts."""
    values = {field.name: from_column(field, row[field.name]) for field in kind.fields if row[field.name] is not None}
    if row["_extra"]:
        values.update(json.loads(row["_extra"]))
    return {
        "kind": kind.name,
        "id": bytes(row["id"]).hex(),
        "values": values,
        "deleted": bool(row["_del"]),
        "conflicts": int(row["_conflicts"]),
    }
