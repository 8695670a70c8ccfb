"""Owns the state hash: one number a scope that says whether two stores show the same records (sync.md section 3).

The state is the sum modulo 2^256 of the SHA-256 of every record's row, so it can be kept in step record by record and
has no order.  It tells honest stores apart; what was written by whom is proved by heads and signatures, not by it.
``whole`` computes it from the tables alone: the oracle, and what a verification compares with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from villagedesk.domain.catalogue import KINDS
from villagedesk.domain.fields import RecordKind
from villagedesk.storage.database import Store
from villagedesk.storage.schema import column_names

_MODULUS = 2**256
_ZERO = bytes(32)
_encode = msgspec.json.Encoder().encode


def row_hash(kind: str, row: Iterable[Any]) -> int:
    """The number of one projection row; its first column, the scope's number in this store, is left out."""
    return int.from_bytes(hashlib.sha256(_encode((kind, tuple(row)[1:]))).digest(), "big")


class States:
    """The kept sums of all scopes in one store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def clear(self) -> None:
        """Nothing is shown any more (inside a transaction)."""
        self.store.write("UPDATE scope SET state=?", (_ZERO,))

    def add(self, scope: int, delta: int) -> None:
        """Rows came (+) or went (-); an unknown sum stays unknown until it is asked for."""
        found = self.store.row("SELECT state FROM scope WHERE no=?", (scope,))
        if found is not None and found[0] is not None:
            total = (int.from_bytes(bytes(found[0]), "big") + delta) % _MODULUS
            self.store.write("UPDATE scope SET state=? WHERE no=?", (total.to_bytes(32, "big"), scope))

    def kept(self, scope: int) -> bytes:
        """The state hash of a scope from its kept sum."""
        found = self.store.row("SELECT state FROM scope WHERE no=?", (scope,))
        if found is None or found[0] is None:
            return self.whole(scope)
        return _closed(bytes(found[0]))

    def whole(self, scope: int) -> bytes:
        """The state hash of a scope computed from every row."""
        total = sum(row_hash(kind.name, row) for kind in KINDS for row in self._rows(kind, scope))
        return _closed((total % _MODULUS).to_bytes(32, "big"))

    def _rows(self, kind: RecordKind, scope: int) -> Iterator[tuple[Any, ...]]:
        return self.store.stream(f'SELECT {", ".join(column_names(kind))} FROM "{kind.name}" WHERE _scope=?', (scope,))


def _closed(total: bytes) -> bytes:
    return hashlib.sha256(b"VD-state-v2\0" + total).digest()
