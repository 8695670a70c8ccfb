"""Owns drafts: half-filled forms kept in the encrypted store until they are saved or thrown away (section 5)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from villagedesk.storage.database import Store


@dataclass(frozen=True, slots=True)
class Draft:
    """``key`` names the form (``household:<id>`` or ``household:new:<token>``); ``at``: wall ms of what is kept."""

    key: str
    document: Mapping[str, Any]
    at: int


def put_draft(store: Store, key: str, document: Mapping[str, Any], at: int) -> None:
    store.write(
        "INSERT OR REPLACE INTO draft (key, document, at) VALUES (?, ?, ?)",
        (key, json.dumps(document, ensure_ascii=False), at),
    )


def drop_draft(store: Store, key: str) -> None:
    store.write("DELETE FROM draft WHERE key=?", (key,))


def drafts(store: Store) -> list[Draft]:
    """All drafts, newest first."""
    return [
        Draft(str(key), json.loads(document), int(at))
        for key, document, at in store.rows("SELECT key, document, at FROM draft ORDER BY at DESC")
    ]


def count_drafts(store: Store) -> int:
    """Half-filled household forms; what else waits (a roster being mended) is no form."""
    found = store.row("SELECT count(*) FROM draft WHERE key LIKE 'household:%'")
    assert found is not None
    return int(found[0])
