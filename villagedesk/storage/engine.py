"""Owns the way SQLCipher and sqlite-utils are brought together; the only module that imports either by name.

sqlite-utils prefers a module called ``pysqlite3`` where it finds one: giving it sqlcipher3 under that name makes its
error handling catch the cipher's exceptions.  It also imports pandas when it can (over a second): hidden meanwhile.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import sqlcipher3
from sqlcipher3 import dbapi2

_SLOW: tuple[str, ...] = ("pandas", "numpy")


def _load_sqlite_utils() -> None:
    if "sqlite_utils" in sys.modules:
        return
    sys.modules.setdefault("pysqlite3", sqlcipher3)
    sys.modules.setdefault("pysqlite3.dbapi2", dbapi2)
    hidden = [(name, sys.modules.pop(name)) for name in _SLOW if name in sys.modules]
    for name in _SLOW:
        sys.modules[name] = None  # type: ignore[assignment] # "None" is Python's own way to say: not importable
    try:
        import sqlite_utils  # noqa: F401
    finally:
        for name in _SLOW:
            del sys.modules[name]
        sys.modules.update(hidden)


if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations


def __getattr__(name: str) -> Any:
    """``Database`` and ``Migrations`` come when a store is opened, not when the window starts."""
    if name not in ("Database", "Migrations"):
        raise AttributeError(name)
    _load_sqlite_utils()
    return getattr(sys.modules["sqlite_utils"], name)


Connection = dbapi2.Connection
Error = dbapi2.Error
DatabaseError = dbapi2.DatabaseError
OperationalError = dbapi2.OperationalError
connect = dbapi2.connect
# Without an adapter the driver asks every None and every blob for a method that neither has: 1.8 µs a value, most of
# what a row cost.  Both of these give back what they are given.
dbapi2.register_adapter(type(None), {}.get)
dbapi2.register_adapter(bytes, bytes)
SQLITE_VERSION: str = dbapi2.sqlite_version

__all__ = [
    "SQLITE_VERSION",
    "Connection",
    "Database",
    "DatabaseError",
    "Error",
    "Migrations",
    "OperationalError",
    "connect",
]
