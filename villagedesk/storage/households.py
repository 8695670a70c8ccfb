"""Owns what lists, the search box and the household form read: pages of cards, one household with its people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from villagedesk.domain import readings
from villagedesk.domain.catalogue import BY_NAME
from villagedesk.domain.fields import RecordKind
from villagedesk.domain.records.household import HOUSEHOLD
from villagedesk.domain.records.member import MEMBER
from villagedesk.storage.database import Store
from villagedesk.storage.journal import Journal
from villagedesk.storage.projections import from_column
from villagedesk.storage.schema import column_names

#: How many households a search may name before the list says "more".
SEARCH_LIMIT = 500
#: People are counted for a search that finds no more households than this: a keystroke must stay under 1 ms.
FEW = 50
_FEW_SINCE = 1000


@dataclass(frozen=True, slots=True)
class HouseholdQuery:
    """``text``: what stands in the search box; the others are hex ids or codes, "" = all; ``scope`` None = all;
    ``groups``: any of these 村民小组 (a town has one of each number in every village), () = all; ``conflicts``: only
    those with a conflict; ``voided``: those that are 已作废 instead, which only ``scope`` narrows."""

    text: str = ""
    grid: str = ""
    villager_group: str = ""
    household_type: str = ""
    scope: bytes | None = None
    groups: tuple[bytes, ...] = ()
    micro_grid: str = ""
    conflicts: bool = False
    voided: bool = False


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as the projections hold it: ``values`` by field name, ``extra`` from newer versions, open conflicts."""

    scope: int
    id: bytes
    values: Mapping[str, Any]
    extra: str
    deleted: bool
    conflicts: int


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """One row of the list."""

    scope: int
    id: bytes
    head: str
    registered: int
    resident: int
    conflicts: int
    household_no: str
    phone: str
    household_type: str
    address: str
    villager_group: bytes | None
    grid: bytes | None


_CARD = (
    "SELECT card.scope, card.id, card.head, card.registered, card.resident, card.conflicts, "
    "household.household_no, household.phone, household.household_type, household.address, household.villager_group, "
    "household.grid FROM "
)
_JOINS = "JOIN household ON household._scope=card.scope AND household.id=card.id"
#: What a search finds, in the order of its keys: the range is read from its beginning and no further than asked, and
#: the joins follow it (CROSS JOIN fixes their order), so that a page costs what its rows cost.
_HITS = "(SELECT DISTINCT scope, id FROM search_key WHERE key>=? AND key<? LIMIT ? OFFSET ?) AS hit "
_HIT_CARDS = f"{_HITS} CROSS JOIN card ON card.scope=hit.scope AND card.id=hit.id CROSS "


def _where(query: HouseholdQuery) -> tuple[str, list[Any]]:
    parts, parameters = ["1"], list[Any]()
    for column in ("grid", "micro_grid", "villager_group"):
        chosen = getattr(query, column)
        if chosen:
            parts.append(f"household.{column}=?")
            parameters.append(bytes.fromhex(chosen))
    if query.groups:
        parts.append(f"household.villager_group IN ({','.join('?' * len(query.groups))})")
        parameters += query.groups
    if query.conflicts:
        parts.append("card.conflicts>0")
    if query.household_type:
        parts.append("household.household_type=?")
        parameters.append(query.household_type)
    if query.scope is not None:
        parts.append("card.scope=(SELECT no FROM scope WHERE id=?)")
        parameters.append(query.scope)
    text = readings.normalise_query(query.text)
    if text:
        parts.append("(card.scope, card.id) IN (SELECT scope, id FROM search_key WHERE key>=? AND key<? LIMIT ?)")
        parameters += [text, text + "\U0010ffff", SEARCH_LIMIT]
    return " AND ".join(parts), parameters


def _text_alone(query: HouseholdQuery) -> str:
    """The normalised text of a search that nothing else narrows, "" for any other query."""
    alone = replace(query, text="") == HouseholdQuery()
    return readings.normalise_query(query.text) if alone else ""


def count_households(store: Store, query: HouseholdQuery) -> tuple[int, int]:
    """Households and registered people that a query finds; people 0 where a search by text finds more than ``FEW``."""
    text = _text_alone(query)
    if text:
        window = (text, text + "\U0010ffff", SEARCH_LIMIT, 0)
        counted = store.row(f"SELECT count(*) FROM {_HITS}", window)
        assert counted is not None
        if counted[0] > FEW:
            return int(counted[0]), 0
        tables = f"{_HITS} CROSS JOIN card ON card.scope=hit.scope AND card.id=hit.id"
        found = store.row(f"SELECT count(*), total(card.registered) FROM {tables}", window)
    else:
        where, parameters = _where(query)
        found = store.row(
            "SELECT count(*), total(card.registered) FROM card "
            f"JOIN household ON household._scope=card.scope AND household.id=card.id WHERE {where}",
            tuple(parameters),
        )
    assert found is not None
    return int(found[0]), int(found[1])


def page_of_households(store: Store, query: HouseholdQuery, offset: int, limit: int) -> list[HouseholdCard]:
    """Cards in the order of the head's pinyin; a search gives the closest keys first, each page in that order.

    What was typed in full (a 户编号) stands before what only begins with it.
    """
    text = _text_alone(query)
    if text:
        window = (text, text + "\U0010ffff", max(0, min(limit, SEARCH_LIMIT - offset)), offset)
        found = store.rows(f"{_CARD}{_HIT_CARDS}{_JOINS} ORDER BY card.sort, card.scope, card.id", window)
    else:
        where, parameters = _where(query)
        found = store.rows(
            f"{_CARD}card {_JOINS} WHERE {where} ORDER BY card.sort, card.scope, card.id LIMIT ? OFFSET ?",
            (*parameters, limit, offset),
        )
    cards = [
        HouseholdCard(
            int(row[0]),
            bytes(row[1]),
            str(row[2]),
            int(row[3]),
            int(row[4]),
            int(row[5]),
            row[6] or "",
            row[7] or "",
            row[8] or "",
            row[9] or "",
            row[10],
            row[11],
        )
        for row in found
    ]
    if text:
        exact = set(store.rows("SELECT scope, id FROM search_key WHERE key=? LIMIT ?", (text, SEARCH_LIMIT)))
        cards.sort(key=lambda card: (card.scope, card.id) not in exact)
    return cards


def place_among(store: Store, query: HouseholdQuery, household: bytes) -> int:
    """How many cards stand before a household's in the list of a query without text; -1 where it is not in it."""
    where, parameters = _where(query)
    found = store.row(
        f"SELECT card.sort, card.scope FROM card {_JOINS} WHERE {where} AND card.id=? LIMIT 1", (*parameters, household)
    )
    if found is None:
        return -1
    before = store.row(
        f"SELECT count(*) FROM card {_JOINS} WHERE {where} AND (card.sort, card.scope, card.id)<(?, ?, ?)",
        (*parameters, *found, household),
    )
    assert before is not None
    return int(before[0])


def count_voided(store: Store) -> int:
    found = store.row("SELECT count(*) FROM household WHERE _del=1")
    assert found is not None
    return int(found[0])


def voided_households(store: Store, scope: bytes | None) -> list[HouseholdCard]:
    """Households that are 已作废, in the order of their numbers; the head is who was it last."""
    found = [
        entry for entry in _records(store, HOUSEHOLD, "_del=1", ()) if scope in (None, _scope_id(store, entry.scope))
    ]
    heads: dict[tuple[int, bytes], str] = {}
    homes = [entry.id for entry in found]
    for number, home, name in store.among(
        "SELECT _scope, household, name FROM member WHERE relation='02' AND household", homes
    ):
        heads[int(number), bytes(home)] = str(name or "")
    cards = []
    for entry in found:
        values = entry.values
        group, grid = values.get("villager_group"), values.get("grid")
        cards.append(
            HouseholdCard(
                entry.scope,
                entry.id,
                heads.get((entry.scope, entry.id), ""),
                0,
                0,
                0,
                str(values.get("household_no") or ""),
                str(values.get("phone") or ""),
                str(values.get("household_type") or ""),
                str(values.get("address") or ""),
                bytes.fromhex(group) if group else None,
                bytes.fromhex(grid) if grid else None,
            )
        )
    return sorted(cards, key=lambda card: (card.household_no, card.id))


def voided_members(store: Store, household: bytes, scope: int) -> list[bytes]:
    """People of a household who are 已作废."""
    found = store.rows("SELECT id FROM member WHERE household=? AND _scope=? AND _del=1", (household, scope))
    return [bytes(person) for (person,) in found]


def written_after(
    store: Store, households: Sequence[bytes], scope: int, after: Mapping[int, int]
) -> dict[bytes, list[tuple[int, int]]]:
    """By household: log and n of operations on it or on anyone in it, those gone included.

    ``after``: by log (number), the n behind which they count.  Where few were written since, the log is read; else the
    records' own operations.
    """
    home_of = {household: household for household in households}
    for home, member in store.among("SELECT household, id FROM member WHERE _scope=? AND household", households, scope):
        home_of[bytes(member)] = bytes(home)
    found: dict[bytes, list[tuple[int, int]]] = {}
    for log, n in after.items():
        since = "SELECT rec, n FROM op INDEXED BY op_log WHERE log=? AND n>? LIMIT ?"
        rows = store.rows(since, (log, n, _FEW_SINCE + 1))
        if len(rows) > _FEW_SINCE:
            of_records = "SELECT rec, n FROM op INDEXED BY op_rec WHERE log=? AND n>? AND rec"
            rows = list(store.among(of_records, list(home_of), log, n))
        for record_id, place in rows:
            home = home_of.get(bytes(record_id))
            if home is not None:
                found.setdefault(home, []).append((log, int(place)))
    return found


def names_in(store: Store, cards: Sequence[HouseholdCard]) -> dict[tuple[int, bytes], list[str]]:
    """Names of those who belong to these households, by (scope, household)."""
    found: dict[tuple[int, bytes], list[str]] = {}
    marks = ",".join("?" * len(cards))
    for scope, home, name in store.rows(
        f"SELECT _scope, household, name FROM member WHERE household IN ({marks}) AND _del=0 AND valid_to IS NULL "
        "ORDER BY seq, id",
        tuple(card.id for card in cards),
    ):
        found.setdefault((int(scope), bytes(home)), []).append(name or "")
    return found


def record(store: Store, kind: RecordKind, record_id: bytes) -> StoredRecord | None:
    """One record by its id alone, from the scope it lives in (``Journal.home``)."""
    found = _records(store, kind, "id=?", (record_id,))
    if len(found) > 1:
        home = Journal(store).home(record_id)
        return next(entry for entry in found if _scope_id(store, entry.scope) == home)
    return found[0] if found else None


def records(store: Store, kind_name: str, scope: bytes | None = None) -> list[StoredRecord]:
    """All records of a kind that were not deleted, of one scope or all."""
    kind = BY_NAME[kind_name]
    if scope is None:
        return _records(store, kind, "_del=0", ())
    return _records(store, kind, "_del=0 AND _scope=(SELECT no FROM scope WHERE id=?)", (scope,))


def members_of(store: Store, household: StoredRecord) -> list[StoredRecord]:
    """People of a household in form order, those who left included; of one that is 作废 those who went with it too."""
    where = "household=? AND _scope=?" + ("" if household.deleted else " AND _del=0")
    found = _records(store, MEMBER, where, (household.id, household.scope))
    return sorted(found, key=lambda member: (member.values.get("seq") or 999, member.id))


def households_numbered(store: Store, number: str, scope: bytes | None = None) -> list[StoredRecord]:
    """Households with this 户编号 (duplicates are possible and shown)."""
    found = _records(store, HOUSEHOLD, "household_no=? AND _del=0", (number,))
    return [entry for entry in found if scope is None or _scope_id(store, entry.scope) == scope]


def people_with_id(store: Store, id_no: str) -> list[tuple[str, str, bytes]]:
    """(name, 户编号, id) of everyone who has this number and has not left."""
    found = store.rows(
        "SELECT member.name, household.household_no, member.id FROM member "
        "LEFT JOIN household ON household._scope=member._scope AND household.id=member.household "
        "WHERE member.id_no=? AND member._del=0 AND member.valid_to IS NULL",
        (id_no,),
    )
    return [(name or "", number or "", bytes(person)) for name, number, person in found]


def highest_number(store: Store, prefix: str) -> int:
    """The greatest running number behind ``prefix`` among all 户编号, 0 where there is none."""
    found = store.rows("SELECT household_no FROM household WHERE household_no LIKE ? || '%'", (prefix,))
    tails = [number[len(prefix) :] for (number,) in found if number]
    return max((int(tail) for tail in tails if tail.isascii() and tail.isdigit()), default=0)


def _scope_id(store: Store, number: int) -> bytes:
    found = store.row("SELECT id FROM scope WHERE no=?", (number,))
    return bytes(found[0]) if found else b""


def _records(store: Store, kind: RecordKind, where: str, parameters: Sequence[Any]) -> list[StoredRecord]:
    columns = column_names(kind)
    found = store.rows(
        f'SELECT {", ".join(columns)} FROM "{kind.name}" WHERE {where} ORDER BY _scope, id', tuple(parameters)
    )
    made = []
    for row in found:
        named = dict(zip(columns, row, strict=True))
        values = {field.name: from_column(field, named[field.name]) for field in kind.fields}
        made.append(
            StoredRecord(
                int(named["_scope"]),
                bytes(named["id"]),
                values,
                named["_extra"] or "",
                bool(named["_del"]),
                int(named["_conflicts"]),
            )
        )
    return made
