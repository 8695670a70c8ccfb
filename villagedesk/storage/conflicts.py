"""Owns reading the open conflicts that the fold derived: which field, whose value is shown, whose waits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from villagedesk.storage.database import Store


@dataclass(frozen=True, slots=True)
class StoredConflict:
    """``winner``, ``loser``: ids (hex) of the operations; ``value``: what the loser wrote."""

    scope: int
    kind: str
    record: bytes
    field: str
    winner: str
    loser: str
    value: Any


def open_conflicts(store: Store) -> list[StoredConflict]:
    """All of them, those of one record together."""
    found = store.rows(
        "SELECT scope, kind, rec, field, winner, loser, value FROM conflict ORDER BY scope, rec, field, loser"
    )
    return [
        StoredConflict(int(scope), str(kind), bytes(record), str(field), str(winner), str(loser), json.loads(value))
        for scope, kind, record, field, winner, loser, value in found
    ]
