"""Owns the operations on disk: appending one's own, taking in others', reading them back, heads and gaps.

Knows the bytes of operations and their chain; must not know what a record looks like (``projections.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple

from villagedesk.domain.ids import LogId
from villagedesk.domain.operation import Header, Operation, chain, first_hash, payload_hash
from villagedesk.storage.database import Store


class Verdict(IntEnum):
    """What became of an operation: FOLDED counts, the others are kept and shown but do not."""

    FOLDED = 0
    FORBIDDEN = 1
    UNKNOWN = 2
    REDACTED = 3


class Head(NamedTuple):
    """The contiguous end of a log: every operation 1…n is here, ``hash`` is h_n."""

    log: LogId
    n: int
    hash: bytes


_COLUMNS = "log, n, hash, kind, rec, t, by, act, schema, payload, phash, verdict"


class Journal:
    """The operations in one store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._logs: dict[LogId, int] = {}
        self._by_no: dict[int, LogId] = {}

    def scope_no(self, scope: bytes) -> int:
        """The small number a scope has in this store; made on first sight."""
        found = self.store.row("SELECT no FROM scope WHERE id=?", (scope,))
        if found is None:
            self.store.write("INSERT INTO scope (id) VALUES (?)", (scope,))
            found = self.store.row("SELECT no FROM scope WHERE id=?", (scope,))
        assert found is not None
        return int(found[0])

    def scopes(self) -> dict[int, bytes]:
        """All scopes by their number in this store."""
        return {int(no): bytes(scope) for no, scope in self.store.rows("SELECT no, id FROM scope")}

    def log_no(self, log: LogId) -> int:
        """The small number a log has in this store; made on first sight."""
        if log not in self._logs:
            scope = self.scope_no(log.scope)
            where = (log.device, scope)
            found = self.store.row("SELECT no FROM log WHERE device=? AND scope=?", where)
            if found is None:
                self.store.write(
                    "INSERT INTO log (device, scope, head, hash) VALUES (?, ?, 0, ?)", (*where, first_hash(log))
                )
                found = self.store.row("SELECT no FROM log WHERE device=? AND scope=?", where)
            assert found is not None
            self._logs[log] = int(found[0])
            self._by_no[int(found[0])] = log
        return self._logs[log]

    def log_of(self, no: int) -> LogId:
        """The log with that number."""
        if no not in self._by_no:
            found = self.store.row(
                "SELECT log.device, scope.id FROM log JOIN scope ON scope.no=log.scope WHERE log.no=?", (no,)
            )
            if found is None:
                raise KeyError(no)
            self._by_no[no] = LogId(bytes(found[0]), bytes(found[1]))
        return self._by_no[no]

    def forget_numbers(self) -> None:
        """After a rolled-back transaction: numbers made in it never existed."""
        self._logs.clear()
        self._by_no.clear()

    def head(self, log: LogId) -> Head:
        """The contiguous head; n = 0 and h_0 for an empty log."""
        found = self.store.row("SELECT head, hash FROM log WHERE no=?", (self.log_no(log),))
        assert found is not None
        return Head(log, int(found[0]), bytes(found[1]))

    def heads(self) -> list[Head]:
        """Heads of all logs, in a fixed order."""
        found = self.store.rows(
            "SELECT log.device, scope.id, log.head, log.hash FROM log JOIN scope ON scope.no=log.scope"
        )
        return sorted(Head(LogId(bytes(d), bytes(s)), int(n), bytes(h)) for d, s, n, h in found)

    def highest(self, log: LogId) -> int:
        """The greatest n held, contiguous or not."""
        found = self.store.row("SELECT max(n) FROM op WHERE log=?", (self.log_no(log),))
        return int(found[0] or 0) if found else 0

    def insert(self, operations: Iterable[tuple[Operation, Verdict]]) -> None:
        """Store operations (inside a transaction); the caller has made sure that none is held already."""
        rows = (
            (
                self.log_no(op.log),
                op.header.n,
                op.hash,
                op.header.kind,
                op.header.record,
                op.header.t,
                op.header.by,
                op.header.act,
                op.header.schema,
                op.payload,
                op.phash if op.payload is None else None,
                int(verdict),
            )
            for op, verdict in operations
        )
        self.store.connection.executemany(
            f"INSERT INTO op ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
        )

    def advance(self, log: LogId) -> Head:
        """Move the contiguous head over what is now held without a gap (inside a transaction)."""
        head = self.head(log)
        n, end = head.n, head.hash
        while True:
            links = self.store.rows(f"SELECT {_COLUMNS} FROM op WHERE log=? AND n=?", (self.log_no(log), n + 1))
            following = next((op.hash for op, _ in map(self._operation, links) if _continues(end, op)), None)
            if following is None:
                break
            n, end = n + 1, following
        self.set_head(Head(log, n, end))
        return Head(log, n, end)

    def set_head(self, head: Head) -> None:
        self.store.write("UPDATE log SET head=?, hash=? WHERE no=?", (head.n, head.hash, self.log_no(head.log)))

    def _operation(self, row: Sequence[object]) -> tuple[Operation, Verdict]:
        log, n, hash_, kind, rec, t, by, act, schema, payload, phash, verdict = row
        header = Header(int(n), str(kind), bytes(rec), int(t), bytes(by), bytes(act), int(schema))  # type: ignore[call-overload]
        body = None if payload is None else bytes(payload)  # type: ignore[call-overload]
        held_hash = payload_hash(body) if body is not None else bytes(phash)  # type: ignore[call-overload]
        operation = Operation(self.log_of(int(log)), header, body, held_hash, bytes(hash_))  # type: ignore[call-overload]
        return operation, Verdict(verdict)  # type: ignore[arg-type]

    def of_record(self, record: bytes, scope: bytes) -> list[tuple[Operation, Verdict]]:
        """All operations of a record in one scope, in the order they were stored."""
        found = self.store.rows(
            f"SELECT {', '.join('op.' + name for name in _COLUMNS.split(', '))} FROM op "
            "JOIN log ON log.no=op.log JOIN scope ON scope.no=log.scope "
            "WHERE op.rec=? AND scope.id=? ORDER BY op.seq",
            (record, scope),
        )
        return [self._operation(row) for row in found]

    def of_action(self, action: bytes) -> list[tuple[Operation, Verdict]]:
        """All operations of one user action, in the order they were stored."""
        found = self.store.rows(f"SELECT {_COLUMNS} FROM op WHERE act=? ORDER BY seq", (action,))
        return [self._operation(row) for row in found]

    def range(self, log: LogId, after: int, upto: int) -> Iterator[Operation]:
        """Operations after < n ≤ upto of a log in order of n, a page at a time."""
        number = self.log_no(log)
        while after < upto:
            page = self.store.rows(
                f"SELECT {_COLUMNS} FROM op WHERE log=? AND n>? AND n<=? ORDER BY n, seq LIMIT 1000",
                (number, after, upto),
            )
            if not page:
                return
            for row in page:
                yield self._operation(row)[0]
            after = int(page[-1][1])

    def held(self, log: LogId, start: int, stop: int) -> dict[int, set[bytes]]:
        """Hashes held for start ≤ n ≤ stop; two hashes under one n are a fork."""
        found: dict[int, set[bytes]] = {}
        for n, hash_ in self.store.rows(
            "SELECT n, hash FROM op WHERE log=? AND n BETWEEN ? AND ?", (self.log_no(log), start, stop)
        ):
            found.setdefault(int(n), set()).add(bytes(hash_))
        return found

    def hash_at(self, log: LogId, n: int) -> bytes | None:
        """h_n when held (h_0 for n = 0)."""
        if n == 0:
            return first_hash(log)
        found = self.store.row("SELECT hash FROM op WHERE log=? AND n=? ORDER BY seq", (self.log_no(log), n))
        return bytes(found[0]) if found else None

    def redact(self, record: bytes, scope: bytes, op_id: bytes) -> bool:
        """Overwrite a payload with nothing, keeping its hash so that the chain still verifies (PIPL art. 47)."""
        for operation, _ in self.of_record(record, scope):
            if operation.id == op_id and operation.payload is not None:
                self.store.write(
                    "UPDATE op SET payload=NULL, phash=?, verdict=? WHERE log=? AND n=? AND hash=?",
                    (
                        operation.phash,
                        int(Verdict.REDACTED),
                        self.log_no(operation.log),
                        operation.header.n,
                        operation.hash,
                    ),
                )
                return True
        return False


def _continues(previous: bytes, operation: Operation) -> bool:
    return chain(previous, operation.header.encode(), operation.phash) == operation.hash
