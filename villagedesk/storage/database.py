"""Owns the encrypted file: opening, pragmas, transactions, and what SQLite's result codes mean (sync.md section 5).

The only module that looks at SQLite result codes.  SQLite 3.7.0–3.51.2 can corrupt a WAL database that two
connections use, which is what a desk does: older engines are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from villagedesk.errors import DeskError, EnvironmentFault
from villagedesk.ports import Files
from villagedesk.storage import engine

#: Version of the store's own tables; a newer one is refused with a sentence.
FORMAT = 2
_LEAST_SQLITE = (3, 51, 3)

#: How many values one query is asked for.
_BATCH = 400

_SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA mmap_size=0",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA busy_timeout=10000",
    "PRAGMA wal_autocheckpoint=2000",
    "PRAGMA cache_size=-65536",
)

_CODES = {
    5: "store_busy",
    6: "store_busy",
    8: "store_read_only",
    10: "disk_failing",
    11: "store_damaged",
    13: "disk_full",
    14: "store_unopenable",
    23: "store_read_only",
    26: "passphrase_wrong",
}


def fault_of(error: Exception) -> DeskError | None:
    """The known error behind a database exception, or None when it is a bug."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        text = str(error)
        for hint, name in (
            ("file is not a database", "passphrase_wrong"),
            ("disk is full", "disk_full"),
            ("database is locked", "store_busy"),
            ("readonly", "store_read_only"),
            ("unable to open", "store_unopenable"),
            ("malformed", "store_damaged"),
            ("disk I/O error", "disk_failing"),
        ):
            if hint in text:
                return EnvironmentFault(name)
        return None
    known = _CODES.get(code & 0xFF)
    return EnvironmentFault(known) if known else None


@contextmanager
def named_faults() -> Iterator[None]:
    """Turn known database errors into ``EnvironmentFault``; bugs pass through."""
    try:
        yield
    except engine.Error as error:
        fault = fault_of(error)
        if fault is None:
            raise
        raise fault from error


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def open_database(path: Path, key: bytes, *, read_only: bool = False) -> engine.Connection:
    """A connection in autocommit mode, keyed with the raw 32-byte data key; raises ``EnvironmentFault``."""
    if _version(engine.SQLITE_VERSION) < _LEAST_SQLITE:
        raise EnvironmentFault("sqlite_too_old", version=engine.SQLITE_VERSION)
    with named_faults():
        connection = engine.connect(str(path), isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA cipher_log_level=NONE")  # what is wrong is said in a sentence
            connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            for statement in _SETTINGS:
                connection.execute(statement)
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > FORMAT:
                raise EnvironmentFault("store_newer", version=version)
            if read_only:
                connection.execute("PRAGMA query_only=ON")
        except BaseException:
            connection.close()
            raise
    return connection


def remove_database(path: Path, files: Files) -> None:
    """The file and what the engine lays beside it; raises ``EnvironmentFault``."""
    for suffix in ("", "-wal", "-shm"):
        files.remove(path.with_name(path.name + suffix))


class Store:
    """One connection to a desk's store.  Not shared between threads at the same time: every lane opens its own."""

    def __init__(self, connection: engine.Connection) -> None:
        self.connection = connection

    def rows(self, sql: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with named_faults():
            found: list[tuple[Any, ...]] = self.connection.execute(sql, parameters).fetchall()
        return found

    def stream(self, sql: str, parameters: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query one by one, for results that need not fit into memory."""
        with named_faults():
            yield from self.connection.execute(sql, parameters)

    def row(self, sql: str, parameters: tuple[Any, ...] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        with named_faults():
            found: tuple[Any, ...] | None = self.connection.execute(sql, parameters).fetchone()
        return found

    def among(self, sql: str, values: Sequence[Any], *parameters: Any) -> Iterator[tuple[Any, ...]]:
        """The rows of a query that ends in the column that shall be one of ``values``, a batch of them at a time."""
        for start in range(0, len(values), _BATCH):
            part = values[start : start + _BATCH]
            yield from self.rows(f"{sql} IN ({','.join('?' * len(part))})", (*parameters, *part))

    def many(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """One statement for every row, inside a transaction; none is prepared where there is no row."""
        if rows:
            with named_faults():
                self.connection.executemany(sql, rows)

    def write(self, sql: str, parameters: tuple[Any, ...] = ()) -> None:
        """One statement; commits by itself unless a transaction is open."""
        with named_faults():
            self.connection.execute(sql, parameters)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything or nothing; after COMMIT it survives a power cut."""
        with named_faults():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    @property
    def in_transaction(self) -> bool:
        return bool(self.connection.in_transaction)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Inside a transaction: everything since here or nothing."""
        with named_faults():
            self.connection.execute("SAVEPOINT part")
            try:
                yield
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK TO part")
                    self.connection.execute("RELEASE part")
                raise
            self.connection.execute("RELEASE part")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads inside see one state."""
        with named_faults():
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                self.connection.execute("ROLLBACK")

    def settle(self) -> None:
        """Late changes go from the log into the file; closing does that too, but does not say when it could not."""
        with named_faults():
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        with named_faults():
            self.connection.close()
