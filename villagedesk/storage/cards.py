"""Owns what lists and the search box read: one card a household and its search keys, kept in step with the records.

Derived like the projections: may be cleared and made anew at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from villagedesk.domain import readings
from villagedesk.domain.ids import is_hex_id
from villagedesk.domain.operation import decode_payload
from villagedesk.domain.records.member import HEAD
from villagedesk.storage.database import Store
from villagedesk.storage.journal import Journal
from villagedesk.storage.projections import RecordKey

#: Households whose cards are made in one go: their keys are sorted together, so that a page is written once.
_BATCH = 1000

_COLUMNS = "head, sort, registered, resident, conflicts, keys"

#: (scope number, household)
Place = tuple[int, bytes]


class _Card(NamedTuple):
    """A row of the list; ``keys``: what the household is found by, sorted, one a line."""

    head: str
    sort: str
    registered: int
    resident: int
    conflicts: int
    keys: str


class _Home(NamedTuple):
    """A household as its card needs it."""

    id: bytes
    number: str | None
    phone: str | None
    conflicts: int


class _Person(NamedTuple):
    """A member as the card needs them; ``valid_to`` None = has not left."""

    id: bytes
    name: str | None
    id_no: str | None
    phone: str | None
    relation: str | None
    seq: int | None
    resident: int | None
    registered: int | None
    conflicts: int
    valid_to: str | None


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

    def refresh_places(self, places: Iterable[Place]) -> None:
        """The same for (scope number, household) pairs."""
        for scope, group in groupby(sorted(places), key=lambda place: place[0]):
            households = [household for _, household in group]
            for start in range(0, len(households), _BATCH):
                self._refresh(scope, households[start : start + _BATCH])

    def _households(self, keys: Iterable[RecordKey]) -> set[Place]:
        """Households named by the records, now or in any earlier operation (a member may have moved out)."""
        found: set[Place] = set()
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

    def _refresh(self, scope: int, households: Sequence[bytes]) -> None:
        """Cards and keys of households in one scope; only what changed is written."""
        homes = [
            _Home(*row)
            for row in self.store.among(
                "SELECT id, household_no, phone, _conflicts FROM household WHERE _scope=? AND _del=0 AND id",
                households,
                scope,
            )
        ]
        people: dict[bytes, list[_Person]] = {home.id: [] for home in homes}
        for household, *values in self.store.among(
            "SELECT household, id, name, id_no, phone, relation, seq, resident, registered, _conflicts, valid_to "
            "FROM member WHERE _scope=? AND _del=0 AND household",
            list(people),
            scope,
        ):
            people[household].append(_Person(*values))
        before = {
            household: _Card(*card)
            for household, *card in self.store.among(
                f"SELECT id, {_COLUMNS} FROM card WHERE scope=? AND id", households, scope
            )
        }
        cards = {home.id: _card(home, people[home.id]) for home in homes}
        self._put_cards(scope, before, cards)
        self._put_keys(scope, before, cards)

    def _put_cards(self, scope: int, before: Mapping[bytes, _Card], cards: Mapping[bytes, _Card]) -> None:
        """Write columns that changed alone: every page touched costs encryption at the commit."""
        held = [
            (before[household], card, (scope, household)) for household, card in cards.items() if household in before
        ]
        many = self.store.many
        many("DELETE FROM card WHERE scope=? AND id=?", [(scope, id) for id in before if id not in cards])
        many(
            "UPDATE card SET head=?, sort=? WHERE scope=? AND id=?",
            [(*card[:2], *place) for former, card, place in held if former[:2] != card[:2]],
        )
        many(
            "UPDATE card SET registered=?, resident=?, conflicts=?, keys=? WHERE scope=? AND id=?",
            [(*card[2:], *place) for former, card, place in held if former[2:] != card[2:]],
        )
        many(
            f"INSERT INTO card (scope, id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(scope, household, *card) for household, card in cards.items() if household not in before],
        )

    def _put_keys(self, scope: int, before: Mapping[bytes, _Card], cards: Mapping[bytes, _Card]) -> None:
        """In the order of the table, so that each of its pages is met once."""
        gone: list[tuple[str, int, bytes]] = []
        new: list[tuple[str, int, bytes]] = []
        for household in before.keys() | cards.keys():
            held, wanted = (_lines(side.get(household)) for side in (before, cards))
            gone += [(key, scope, household) for key in held - wanted]
            new += [(key, scope, household) for key in wanted - held]
        self.store.many("DELETE FROM search_key WHERE key=? AND scope=? AND id=?", sorted(gone, key=itemgetter(0)))
        self.store.many("INSERT INTO search_key (key, scope, id) VALUES (?, ?, ?)", sorted(new, key=itemgetter(0)))


def _lines(card: _Card | None) -> set[str]:
    return set(card.keys.split("\n")) if card is not None and card.keys else set()


def _card(home: _Home, people: Sequence[_Person]) -> _Card:
    """Who left is counted for conflicts alone, and no longer looked for here."""
    present = [person for person in people if person.valid_to is None]
    heads = [person for person in present if person.relation == HEAD]
    head = (min(heads, key=_form_order).name or "") if heads else ""
    return _Card(
        head,
        readings.sort_key(head),
        sum(person.registered != 0 for person in present),
        sum(person.resident != 0 for person in present),
        home.conflicts + sum(person.conflicts for person in people),
        "\n".join(sorted(_keys(home, present))),
    )


def _form_order(person: _Person) -> tuple[bool, int, bytes]:
    return person.seq is not None, person.seq or 0, person.id


def _keys(home: _Home, people: Sequence[_Person]) -> set[str]:
    """What the household is found by."""
    keys = set(readings.search_keys(None, None, home.phone, home.number))
    for person in people:
        keys.update(readings.search_keys(person.name, person.id_no, person.phone, None))
    return keys
