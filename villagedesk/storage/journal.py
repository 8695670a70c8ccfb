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


#: The kind of operation that erases another one; the record is the erased operation's.
REDACT = "redact"


class Head(NamedTuple):
    """The contiguous end of a log: every operation 1…n is here, ``hash`` is h_n."""

    log: LogId
    n: int
    hash: bytes


class Span(NamedTuple):
    """Operations ``start`` … ``stop`` of one log in one chain from ``prev`` to ``head``."""

    start: int
    stop: int
    prev: bytes
    head: bytes


_COLUMNS = "log, n, hash, kind, rec, t, by, act, schema, payload, phash, verdict"


class Journal:
    """The operations in one store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._logs: dict[LogId, int] = {}
        self._by_no: dict[int, LogId] = {}
        self._scopes: dict[bytes, int] = {}

    def scope_no(self, scope: bytes) -> int:
        """The small number a scope has in this store; made on first sight."""
        if scope not in self._scopes:
            found = self.store.row("SELECT no FROM scope WHERE id=?", (scope,))
            if found is None:
                self.store.write("INSERT INTO scope (id, state) VALUES (?, zeroblob(32))", (scope,))
                found = self.store.row("SELECT no FROM scope WHERE id=?", (scope,))
            assert found is not None
            self._scopes[scope] = int(found[0])
        return self._scopes[scope]

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

    def find_no(self, log: LogId) -> int:
        """As ``log_no``, but 0 for a log never seen here: who only reads must not write."""
        if log not in self._logs:
            found = self.store.row(
                "SELECT log.no FROM log JOIN scope ON scope.no=log.scope WHERE log.device=? AND scope.id=?",
                (log.device, log.scope),
            )
            if found is None:
                return 0
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
        self._scopes.clear()

    def head(self, log: LogId) -> Head:
        """The contiguous head; n = 0 and h_0 for an empty log."""
        found = self.store.row("SELECT head, hash FROM log WHERE no=?", (self.find_no(log),))
        return Head(log, int(found[0]), bytes(found[1])) if found else Head(log, 0, first_hash(log))

    def heads(self) -> list[Head]:
        """Heads of all logs, in a fixed order."""
        found = self.store.rows(
            "SELECT log.device, scope.id, log.head, log.hash FROM log JOIN scope ON scope.no=log.scope"
        )
        return sorted(Head(LogId(bytes(d), bytes(s)), int(n), bytes(h)) for d, s, n, h in found)

    def highest(self, log: LogId) -> int:
        """The greatest n held, contiguous or not."""
        found = self.store.row("SELECT max(n) FROM op WHERE log=?", (self.find_no(log),))
        return int(found[0] or 0) if found else 0

    def insert(self, operations: Iterable[tuple[Operation, Verdict]]) -> None:
        """Store operations (inside a transaction); the caller has made sure that none is held already."""
        numbers = self.log_no
        rows = (
            (
                numbers(op.log),
                *(op.header[0], op.hash, *op.header[1:]),
                op.payload,
                op.phash if op.payload is None else None,
                int(verdict),
            )
            for op, verdict in operations
        )
        self.store.connection.executemany(
            f"INSERT INTO op ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
        )

    def advance(self, log: LogId, spans: Iterable[Span] = ()) -> Head:
        """Move the contiguous head over what is now held without a gap (inside a transaction).

        ``spans`` are held whole and their chains were checked: the head may jump to their ends.
        """
        head = self.head(log)
        n, end = head.n, head.hash
        for span in sorted(spans):
            if span.start == n + 1 and span.prev == end:
                n, end = span.stop, span.head
        for operation in self.range(log, n, 2**53):
            if operation.header.n > n + 1:
                break
            if operation.header.n == n + 1 and _continues(end, operation):
                n, end = n + 1, operation.hash
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

    def home(self, record: bytes) -> bytes | None:
        """The scope a record lives in: where it was first heard of.  None for one never seen.

        Honest desks never make one id twice; whoever writes a neighbour's id in his own scope makes a record of his
        own, which must not stand before the neighbour's.
        """
        found = self.store.row(
            "SELECT scope.id FROM op JOIN log ON log.no=op.log JOIN scope ON scope.no=log.scope "
            "WHERE op.rec=? ORDER BY op.seq LIMIT 1",
            (record,),
        )
        return bytes(found[0]) if found else None

    def of_action(self, action: bytes) -> list[tuple[Operation, Verdict]]:
        """All operations of one user action, in the order they were stored."""
        found = self.store.rows(f"SELECT {_COLUMNS} FROM op WHERE act=? ORDER BY seq", (action,))
        return [self._operation(row) for row in found]

    def reach(self, action: bytes, most: int = -1) -> int:
        """How many records an action touched, counted up to ``most``."""
        counted = "SELECT count(*) FROM (SELECT DISTINCT rec FROM op WHERE act=? LIMIT ?)"
        found = self.store.row(counted, (action, most))
        assert found is not None
        return int(found[0])

    def range(self, log: LogId, after: int, upto: int) -> Iterator[Operation]:
        """Operations after < n ≤ upto of a log in order of n, a page at a time."""
        number = self.find_no(log)
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

    def span(self, log: LogId, start: int, stop: int, prev: bytes, head: bytes) -> list[Operation]:
        """The operations ``start`` … ``stop`` of the branch that leads from ``prev`` to ``head``."""
        held = list(self.range(log, start - 1, stop))
        if len(held) == stop - start + 1:
            return held
        chosen: list[Operation] = []
        for operation in reversed(held):
            if operation.header.n == stop - len(chosen) and operation.hash == head:
                chosen.append(operation)
                below = (op for op in held if op.header.n == operation.header.n - 1)
                head = next((op.hash for op in below if _continues(op.hash, operation)), prev)
        return chosen[::-1]

    def held(self, log: LogId, start: int, stop: int) -> dict[int, set[bytes]]:
        """Hashes held for start ≤ n ≤ stop; two hashes under one n are a fork."""
        found: dict[int, set[bytes]] = {}
        for n, hash_ in self.store.rows(
            "SELECT n, hash FROM op WHERE log=? AND n BETWEEN ? AND ?", (self.find_no(log), start, stop)
        ):
            found.setdefault(int(n), set()).add(bytes(hash_))
        return found

    def at(self, log: LogId, n: int, hash_: bytes) -> Operation | None:
        """The operation with that hash at place n, None when it is not held."""
        held = self.store.rows(f"SELECT {_COLUMNS} FROM op WHERE log=? AND n=?", (self.find_no(log), n))
        return next((op for op, _ in map(self._operation, held) if op.hash == hash_), None)

    def hash_at(self, log: LogId, n: int) -> bytes | None:
        """h_n when held (h_0 for n = 0)."""
        if n == 0:
            return first_hash(log)
        found = self.store.row("SELECT hash FROM op WHERE log=? AND n=? ORDER BY seq", (self.find_no(log), n))
        return bytes(found[0]) if found else None

    def of_records(self, records: Sequence[bytes]) -> Iterator[tuple[Operation, Verdict]]:
        """All operations of many records in all scopes."""
        return map(self._operation, self.store.among(f"SELECT {_COLUMNS} FROM op WHERE rec", records))

    def judged(self) -> Iterator[tuple[int, Header, LogId, Verdict]]:
        """Every operation's place in the store, header and verdict; payloads are not read."""
        columns = "seq, log, n, kind, rec, t, by, act, schema, verdict"
        for seq, log, n, kind, rec, t, by, act, schema, verdict in self.store.stream(f"SELECT {columns} FROM op"):
            header = Header(int(n), str(kind), bytes(rec), int(t), bytes(by), bytes(act), int(schema))
            yield int(seq), header, self.log_of(int(log)), Verdict(verdict)

    def set_verdict(self, seq: int, verdict: Verdict) -> None:
        self.store.write("UPDATE op SET verdict=? WHERE seq=?", (int(verdict), seq))

    def redactions(self) -> set[tuple[int, bytes, bytes]]:
        """(scope number, record, operation id) of everything that was ever ordered to be erased."""
        found = self.store.rows("SELECT scope, rec, op FROM redaction")
        return {(int(scope), bytes(rec), bytes(op)) for scope, rec, op in found}

    def redact(self, record: bytes, scope: bytes, op_id: bytes) -> bool:
        """Overwrite a payload with nothing, keeping its hash so that the chain still verifies (PIPL art. 47).

        The order is remembered, so that it also meets an operation that arrives later.  A redaction itself stays
        readable: it must go on meeting its target.  True when a payload was erased.
        """
        place = (self.scope_no(scope), record, op_id)
        self.store.write("INSERT OR IGNORE INTO redaction (scope, rec, op) VALUES (?, ?, ?)", place)
        for operation, _ in self.of_record(record, scope):
            if operation.id == op_id and operation.payload is not None and operation.header.kind != REDACT:
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
