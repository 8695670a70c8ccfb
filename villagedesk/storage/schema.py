"""Owns the tables (sync.md section 2): operations and what is derived from them.

No UNIQUE and no foreign key decides which data survive: duplicates and orphans are views.  Projection tables follow
the declarations in ``domain.catalogue``; a new field is a new column, never a changed one.
"""

from __future__ import annotations

from villagedesk.domain.catalogue import KINDS
from villagedesk.domain.fields import RecordKind, Type
from villagedesk.storage import engine
from villagedesk.storage.database import FORMAT, Store, named_faults

_COLUMN_TYPES: dict[Type, type] = {
    Type.COUNT: int,
    Type.YEAR: int,
    Type.MU: int,
    Type.SQM: int,
    Type.KM: int,
    Type.MONEY: int,
    Type.FLAG: int,
    Type.REF: bytes,
}


def _create_operations(database: engine.Database) -> None:
    database.table("scope").create({"no": int, "id": bytes}, pk="no")
    database.table("log").create({"no": int, "device": bytes, "scope": int, "head": int, "hash": bytes}, pk="no")
    database.table("op").create(
        {
            "seq": int,
            "log": int,
            "n": int,
            "hash": bytes,
            "kind": str,
            "rec": bytes,
            "t": int,
            "by": bytes,
            "act": bytes,
            "schema": int,
            "payload": bytes,
            "phash": bytes,
            "verdict": int,
        },
        pk="seq",
    )
    database.table("op").create_index(["log", "n"], index_name="op_log")
    database.table("op").create_index(["rec"], index_name="op_rec")
    database.table("op").create_index(["act"], index_name="op_act")


def _create_derived(database: engine.Database) -> None:
    database.table("conflict").create(
        {"scope": int, "kind": str, "rec": bytes, "field": str, "winner": str, "loser": str, "value": str}
    )
    database.table("conflict").create_index(["rec"], index_name="conflict_rec")
    database.table("card").create(
        {
            "scope": int,
            "id": bytes,
            "head": str,
            "sort": str,
            "registered": int,
            "resident": int,
            "conflicts": int,
        },
        pk=("scope", "id"),
    )
    database.table("card").create_index(["scope", "sort"], index_name="card_sort")
    database.execute(
        "CREATE TABLE search_key (key TEXT, scope INTEGER, id BLOB, PRIMARY KEY (key, scope, id)) WITHOUT ROWID"
    )
    database.table("search_key").create_index(["id"], index_name="search_key_id")


def _create_exchange(database: engine.Database) -> None:
    database.table("bundle_seen").create(
        {"id": bytes, "device": bytes, "direction": str, "at": int, "file": str, "ops": int, "report": str}, pk="id"
    )
    database.table("peer_head").create(
        {"log": int, "n": int, "hash": bytes, "state_hash": bytes, "schema": int, "at": int}, pk="log"
    )
    database.table("sent_head").create({"log": int, "n": int, "at": int, "bundle": bytes}, pk="log")
    database.table("segment").create(
        {"log": int, "start": int, "stop": int, "prev": bytes, "head": bytes, "sig": bytes}
    )
    database.table("segment").create_index(["log", "start"], index_name="segment_log")
    database.table("trust").create({"name": str, "document": bytes}, pk="name")
    database.table("draft").create({"key": str, "document": str, "at": int}, pk="key")
    database.table("fact").create({"name": str, "value": str}, pk="name")


def _create_sums_and_incidents(database: engine.Database) -> None:
    """``scope.state``: sum of the hashes of its records, NULL = unknown; ``fork``: positions written twice."""
    database.table("scope").add_column("state", bytes)
    database.table("redaction").create({"scope": int, "rec": bytes, "op": bytes}, pk=("scope", "rec", "op"))
    database.table("fork").create({"log": int, "n": int}, pk=("log", "n"))
    database.table("incident").create({"no": int, "at": int, "code": str, "detail": str}, pk="no")


def _keep_keys_on_cards(database: engine.Database) -> None:
    """``card.keys`` tells what stands in ``search_key``, which needs no second index for that any more."""
    database.table("card").add_column("keys", str)
    held = "SELECT group_concat(key, char(10) ORDER BY key) FROM search_key WHERE id=card.id AND scope=card.scope"
    database.execute(f"UPDATE card SET keys=coalesce(({held}), '')")
    database.execute("DROP INDEX search_key_id")


_STEPS = (_create_operations, _create_derived, _create_exchange, _create_sums_and_incidents, _keep_keys_on_cards)


def create_tables(store: Store) -> None:
    """Bring an empty or older store to this program's tables; safe to call at every opening."""
    with named_faults():
        database = engine.Database(store.connection)
        migrations = engine.Migrations("villagedesk")
        for step in _STEPS:
            migrations(name=step.__name__)(step)
        migrations.apply(database)
        for kind in KINDS:
            _bring_projection(database, kind)
        if store.row("PRAGMA user_version") != (FORMAT,):
            store.write(f"PRAGMA user_version={FORMAT}")


def column_names(kind: RecordKind) -> tuple[str, ...]:
    """Columns of a kind's projection, in table order."""
    return ("_scope", "id", *(field.name for field in kind.fields), "_extra", "_del", "_t", "_conflicts")


def _bring_projection(database: engine.Database, kind: RecordKind) -> None:
    table = database.table(kind.name)
    wanted = {field.name: _COLUMN_TYPES.get(field.type, str) for field in kind.fields}
    if not table.exists():
        table.create(
            {"_scope": int, "id": bytes, **wanted, "_extra": str, "_del": int, "_t": int, "_conflicts": int},
            pk=("_scope", "id"),
        )
        for field in kind.fields:
            if field.type is Type.REF and field.required:
                table.create_index([field.name], index_name=f"{kind.name}_{field.name}")
        if "id_no" in wanted:
            table.create_index(["id_no"], index_name=f"{kind.name}_id_no")
        return
    held = table.columns_dict
    for name, column_type in wanted.items():
        if name not in held:
            table.add_column(name, column_type)
