"""Owns what lists and the search box read: one card a household and its search keys, kept in step with the records.

Derived like the projections: may be cleared and made anew at any time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from villagedesk.domain import readings
from villagedesk.domain.ids import is_hex_id
from villagedesk.domain.operation import decode_payload
from villagedesk.domain.records.member import HEAD
from villagedesk.storage.database import Store
from villagedesk.storage.journal import Journal
from villagedesk.storage.projections import RecordKey


class Cards:
    """Cards and search keys of one store."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self.store = store
        self.journal = journal

    def clear(self) -> None:
        self.store.write("DELETE FROM card")
        self.store.write("DELETE FROM search_key")

    def refresh(self, keys: Iterable[RecordKey]) -> None:
        """Bring the cards of all households that these records belong to up to date (inside a transaction)."""
        self.refresh_places(self._households(keys))

    def refresh_places(self, places: Iterable[tuple[int, bytes]]) -> None:
        """The same for (scope number, household) pairs."""
        for scope, household in sorted(places):
            self._refresh_one(scope, household)

    def _households(self, keys: Iterable[RecordKey]) -> set[tuple[int, bytes]]:
        """Households named by the records, now or in any earlier operation (a member may have moved out)."""
        found: set[tuple[int, bytes]] = set()
        for key in keys:
            if key.kind == "household":
                found.add((key.scope, key.record))
            elif key.kind == "member":
                found |= {(key.scope, household) for household in self._homes(key)}
        return found

    def _homes(self, key: RecordKey) -> set[bytes]:
        homes = set()
        for (payload,) in self.store.rows(
            "SELECT payload FROM op WHERE rec=? AND kind='member' AND payload IS NOT NULL", (key.record,)
        ):
            home = decode_payload(bytes(payload))["set"].get("household")
            if isinstance(home, str) and is_hex_id(home):
                homes.add(bytes.fromhex(home))
        return homes

    def _refresh_one(self, scope: int, household: bytes) -> None:
        where = (scope, household)
        own = self.store.row(
            "SELECT household_no, phone, _conflicts, _del FROM household WHERE _scope=? AND id=?", where
        )
        if own is None or own[3]:
            self.store.write("DELETE FROM card WHERE scope=? AND id=?", where)
            self._put_keys(where, set())
            return
        members = self.store.rows(
            "SELECT id, name, id_no, phone, relation, resident, registered, _conflicts, valid_to FROM member "
            "WHERE household=? AND _scope=? AND _del=0 ORDER BY seq, id",
            (household, scope),
        )
        present = [member for member in members if member[8] is None]
        head = next((str(member[1] or "") for member in present if member[4] == HEAD), "")
        card = (
            head,
            readings.sort_key(head),
            sum(1 for member in present if member[6] != 0),
            sum(1 for member in present if member[5] != 0),
            int(own[2] or 0) + sum(int(member[7] or 0) for member in members),
            self._top([household, *(bytes(member[0]) for member in members)], scope),
        )
        self._put_card(where, card)
        keys = set(readings.search_keys(None, None, own[1], own[0]))
        for member in present:
            keys.update(readings.search_keys(member[1], member[2], member[3], None))
        self._put_keys(where, keys)

    def _put_card(self, where: tuple[int, bytes], card: tuple[Any, ...]) -> None:
        """Only what changed is written: every page touched costs encryption at the commit."""
        before = self.store.row(
            'SELECT head, sort, registered, resident, conflicts, "top" FROM card WHERE scope=? AND id=?', where
        )
        if before is None:
            self.store.write(
                'INSERT INTO card (scope, id, head, sort, registered, resident, conflicts, "top") '
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*where, *card),
            )
            return
        if before[:2] != card[:2]:
            self.store.write("UPDATE card SET head=?, sort=? WHERE scope=? AND id=?", (*card[:2], *where))
        if before[2:] != card[2:]:
            self.store.write(
                'UPDATE card SET registered=?, resident=?, conflicts=?, "top"=? WHERE scope=? AND id=?',
                (*card[2:], *where),
            )

    def _put_keys(self, where: tuple[int, bytes], keys: set[str]) -> None:
        scope, household = where
        held = self.store.rows("SELECT key FROM search_key WHERE id=? AND scope=?", (household, scope))
        before = {str(key) for (key,) in held}
        execute = self.store.connection.executemany
        execute(
            "DELETE FROM search_key WHERE key=? AND scope=? AND id=?",
            [(key, *where) for key in sorted(before - keys)],
        )
        execute(
            "INSERT INTO search_key (key, scope, id) VALUES (?, ?, ?)", [(key, *where) for key in sorted(keys - before)]
        )

    def _top(self, records: list[bytes], scope: int) -> int:
        """The storage order of the newest operation on the household or its people."""
        marks = ",".join("?" * len(records))
        found = self.store.row(
            f"SELECT max(op.seq) FROM op JOIN log ON log.no=op.log WHERE op.rec IN ({marks}) AND log.scope=?",
            (*records, scope),
        )
        return int(found[0] or 0) if found else 0
