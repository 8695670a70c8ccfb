"""Owns small named values of a desk inside the encrypted store: its role, names, keys, trust list, exchange state."""

from __future__ import annotations

import json
from typing import Any

from villagedesk.storage.database import Store


def put_fact(store: Store, name: str, value: Any) -> None:
    """Keep a JSON value under a name."""
    store.write(
        "INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)", (name, json.dumps(value, ensure_ascii=False))
    )


def fact(store: Store, name: str) -> Any:
    """The value, or None."""
    found = store.row("SELECT value FROM fact WHERE name=?", (name,))
    return None if found is None else json.loads(found[0])


def put_trust(store: Store, document: bytes) -> None:
    store.write("INSERT OR REPLACE INTO trust (name, document) VALUES ('list', ?)", (document,))


def trust_document(store: Store) -> bytes | None:
    """The newest trust list as signed bytes."""
    found = store.row("SELECT document FROM trust WHERE name='list'")
    return bytes(found[0]) if found else None


def put_incident(store: Store, at: int, code: str, detail: dict[str, Any]) -> None:
    """Keep what people must hear of: ``code`` selects the sentence; ids, counts and codes only."""
    store.write("INSERT INTO incident (at, code, detail) VALUES (?, ?, ?)", (at, code, json.dumps(detail)))


def incidents(store: Store, limit: int) -> list[tuple[int, str, dict[str, Any]]]:
    """(wall ms, code, detail), newest first."""
    found = store.rows("SELECT at, code, detail FROM incident ORDER BY no DESC LIMIT ?", (limit,))
    return [(int(at), str(code), json.loads(detail)) for at, code, detail in found]
