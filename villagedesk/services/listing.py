"""Owns the list of households as pages and searches see it: rows, why each was found, how far each was handed in.

No SQL, no Qt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from villagedesk.domain import readings
from villagedesk.domain.roster import group_number
from villagedesk.services.bundles import exchange_of, own_logs
from villagedesk.services.desks import Desk
from villagedesk.storage import households
from villagedesk.storage.households import HouseholdCard, HouseholdQuery

#: So many rows of a search say who was meant.
_EXPLAINED = 50


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """One row of the 农户 list.  ``status``: conflict, unsent, sent (no receipt yet), received (已入镇库), voided;
    ``village``: name of the village it lies in; ``match``: who is meant by a search, where it is not the head."""

    card: HouseholdCard
    status: str
    village: str = ""
    match: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """``households`` and ``people``: found by the query in all; ``rows``: this page.

    ``people`` is 0 while a search by text finds many: it must answer between two keystrokes.  ``place``: where the
    household that was asked for stands in the list, -1 where it does not.
    """

    households: int
    people: int
    rows: tuple[HouseholdRow, ...]
    place: int = -1


def list_page(
    desk: Desk, query: HouseholdQuery, offset: int = 0, limit: int = 200, wanted: bytes | None = None
) -> Page:
    """One page of households, with counts over the whole query.  ``wanted``: a household whose place is asked for."""
    if query.voided:
        return _voided_page(desk, query, offset, limit)
    query = with_group(desk, query)
    total, people = households.count_households(desk.store, query)
    rows = households.page_of_households(desk.store, query, offset, limit)
    marks = _Marks(desk, rows)
    names = {entry.scope: str(entry.values.get("name") or "") for entry in households.records(desk.store, "village")}
    meant = _meant(desk, query.text, rows[:_EXPLAINED]) if query.text.strip() else {}
    found = (
        HouseholdRow(card, marks.status(card), names.get(card.scope, ""), meant.get((card.scope, card.id), ""))
        for card in rows
    )
    place = next((offset + number for number, card in enumerate(rows) if card.id == wanted), -1)
    if wanted is not None and place < 0 and not query.text.strip():
        place = households.place_among(desk.store, query, wanted)
    return Page(total, people, tuple(found), place)


def _voided_page(desk: Desk, query: HouseholdQuery, offset: int, limit: int) -> Page:
    cards = households.voided_households(desk.store, query.scope)
    names = {entry.scope: str(entry.values.get("name") or "") for entry in households.records(desk.store, "village")}
    shown = (HouseholdRow(card, "voided", names.get(card.scope, "")) for card in cards[offset : offset + limit])
    return Page(len(cards), 0, tuple(shown))


def with_group(desk: Desk, query: HouseholdQuery) -> HouseholdQuery:
    """三组 or 3组 in the search box means everybody of that 村民小组, where there is one."""
    text = query.text.strip()
    if not text.endswith("组"):
        return query
    number = group_number(text)
    known = households.records(desk.store, "villager_group", query.scope)
    groups = tuple(
        entry.id
        for entry in known
        if entry.values.get("name") == text or (number is not None and entry.values.get("number") == number)
    )
    return replace(query, text="", groups=groups) if groups else query


def _meant(desk: Desk, text: str, cards: Sequence[HouseholdCard]) -> dict[tuple[int, bytes], str]:
    """Why a household was found, where its head is not the one: the first person whose name answers to the text."""
    wanted = readings.normalise_query(text)

    def answers(name: str) -> bool:
        return any(key.startswith(wanted) for key in readings.name_keys(name)) if name else False

    people = households.names_in(desk.store, cards)
    return {
        (card.scope, card.id): next(filter(answers, people.get((card.scope, card.id), ())), "")
        for card in cards
        if not answers(card.head)
    }


class _Marks:
    """How far the own logs were sent and acknowledged, read once a page.

    A record is 已入镇库 once a receipt covers every operation this desk wrote on it, whatever the town wrote since.
    """

    def __init__(self, desk: Desk, cards: Sequence[HouseholdCard]) -> None:
        exchange, journal = exchange_of(desk), desk.ledger.journal
        logs = {journal.find_no(log): log for log, _ in own_logs(desk) if journal.find_no(log)}
        self._sent = {no: exchange.sent(log) for no, log in logs.items()}
        self._covered = {no: exchange.acknowledged(log) for no, log in logs.items()}
        self._scope = journal.scope_no(desk.scope) if logs else 0
        own = [card.id for card in cards if card.scope == self._scope]
        self._written = households.written_after(desk.store, own, self._scope, self._covered)

    def status(self, card: HouseholdCard) -> str:
        if card.conflicts:
            return "conflict"
        written = self._written.get(card.id, ()) if card.scope == self._scope else ()
        if not written:
            return "received"
        return "sent" if all(n <= self._sent[no] for no, n in written) else "unsent"
