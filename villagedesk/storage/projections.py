"""Owns the visible tables: refolding touched records and writing one row each (sync.md section 2).

One code path for own and foreign operations: after inserting operations, ``refold`` the touched records.  ``rebuild``
does the same for everything and must give byte-equal tables (invariant I1).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from villagedesk.domain.catalogue import BY_NAME, KINDS
from villagedesk.domain.fields import Field, RecordKind, Type
from villagedesk.domain.fold import Folded, Write, fold_fact, fold_register
from villagedesk.domain.ids import is_hex_id
from villagedesk.domain.operation import DELETED, Operation, decode_payload
from villagedesk.storage.database import Store
from villagedesk.storage.journal import Journal, Verdict
from villagedesk.storage.schema import column_names


class RecordKey(NamedTuple):
    """A record's place: the same id written in another scope is another record, so no scope can touch it."""

    scope: int
    kind: str
    record: bytes


_TEXT = frozenset({Type.TEXT, Type.NAME, Type.ID_NO, Type.PHONE, Type.BANK, Type.CODE, Type.DATE, Type.MONTH})
_WHOLE = frozenset({Type.YEAR, Type.COUNT, Type.MU, Type.SQM, Type.KM, Type.MONEY})


def fits(field: Field, value: Any) -> bool:
    """Whether a value from the wire has the field's type; one that has not is kept in ``_extra``, never dropped."""
    if value is None:
        return True
    if field.type in _TEXT:
        return type(value) is str
    if field.type in _WHOLE:
        return type(value) is int
    if field.type is Type.FLAG:
        return type(value) is bool
    if field.type is Type.REF:
        return type(value) is str and is_hex_id(value)
    return type(value) is list and all(type(entry) is str for entry in value)


def to_column(field: Field, value: Any) -> Any:
    """A fitting value as the column holds it: REF as 16 bytes, FLAG as 0/1, CODES as JSON."""
    if value is None:
        return None
    if field.type is Type.REF:
        return bytes.fromhex(value)
    if field.type is Type.FLAG:
        return int(value)
    if field.type is Type.CODES:
        return json.dumps(value, ensure_ascii=False)
    return value


def from_column(field: Field, stored: Any) -> Any:
    """The value behind a column."""
    if stored is None:
        return None
    if field.type is Type.REF:
        return bytes(stored).hex()
    if field.type is Type.FLAG:
        return bool(stored)
    if field.type is Type.CODES:
        return json.loads(stored)
    return stored


def write_of(operation: Operation) -> Write:
    """The operation as the fold sees it; it must not be redacted."""
    assert operation.payload is not None
    payload = decode_payload(operation.payload)
    return Write(
        operation.header.t,
        operation.log.device,
        operation.hash,
        operation.id.hex(),
        payload["set"],
        payload.get("was", {}),
        payload.get("res", ()),
    )


def fold_operations(kind: RecordKind, operations: Iterable[tuple[Operation, Verdict]]) -> Folded | None:
    """Fold what counts; None when nothing does."""
    writes = [write_of(op) for op, verdict in operations if verdict is Verdict.FOLDED and op.payload is not None]
    if not writes:
        return None
    return fold_register(writes) if kind.record_class == "register" else fold_fact(writes)


class Projections:
    """The visible tables of one store."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self.store = store
        self.journal = journal

    def folded(self, kind: RecordKind, record: bytes, scope: bytes) -> Folded | None:
        """The record as its operations make it, straight from the journal."""
        own = [(op, verdict) for op, verdict in self.journal.of_record(record, scope) if op.header.kind == kind.name]
        return fold_operations(kind, own)

    def refold(self, keys: Iterable[RecordKey]) -> None:
        """Bring the rows of these records up to date (inside a transaction)."""
        scopes = self.journal.scopes()
        for key in sorted(set(keys)):
            kind = BY_NAME.get(key.kind)
            if kind is not None:
                self._put(kind, key, self.folded(kind, key.record, scopes[key.scope]))

    def put_new(self, kind: RecordKind, key: RecordKey, write: Write) -> None:
        """The fast way for a record's first operation; must equal ``refold`` (three-way test)."""
        self._put(kind, key, Folded(write.changed, {}, (), write.t))

    def _put(self, kind: RecordKind, key: RecordKey, folded: Folded | None) -> None:
        where = (key.scope, key.record)
        self.store.write("DELETE FROM conflict WHERE scope=? AND rec=? AND kind=?", (*where, kind.name))
        if folded is None:
            self.store.write(f'DELETE FROM "{kind.name}" WHERE _scope=? AND id=?', where)
            return
        columns = column_names(kind)
        marks = ", ".join("?" * len(columns))
        self.store.connection.execute(
            f'INSERT OR REPLACE INTO "{kind.name}" ({", ".join(columns)}) VALUES ({marks})',
            _row(kind, key, folded),
        )
        for conflict in folded.conflicts:
            self.store.write(
                "INSERT INTO conflict (scope, kind, rec, field, winner, loser, value) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    key.scope,
                    kind.name,
                    key.record,
                    conflict.field,
                    conflict.winner,
                    conflict.loser,
                    json.dumps(conflict.value, ensure_ascii=False, sort_keys=True),
                ),
            )

    def rebuild(self) -> list[RecordKey]:
        """Drop and refold everything from the operations (inside a transaction); returns all keys."""
        for kind in KINDS:
            self.store.write(f'DELETE FROM "{kind.name}"')
        self.store.write("DELETE FROM conflict")
        keys = [
            RecordKey(int(scope), str(kind), bytes(record))
            for scope, kind, record in self.store.rows(
                "SELECT DISTINCT log.scope, op.kind, op.rec FROM op JOIN log ON log.no=op.log"
            )
        ]
        self.refold(keys)
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


def _row(kind: RecordKind, key: RecordKey, folded: Folded) -> tuple[Any, ...]:
    extra = {
        name: value
        for name, value in folded.values.items()
        if name != DELETED and (name not in kind.by_name or not fits(kind.by_name[name], value))
    }
    return (
        key.scope,
        key.record,
        *(None if field.name in extra else to_column(field, folded.values.get(field.name)) for field in kind.fields),
        json.dumps(extra, ensure_ascii=False, sort_keys=True) if extra else None,
        int(folded.deleted),
        folded.t,
        len(folded.conflicts),
    )


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
