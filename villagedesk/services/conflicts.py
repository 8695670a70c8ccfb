"""Owns settling what two desks changed without seeing each other: both values, who wrote them, and the choice.

A choice is an ordinary action: it travels to the other desks, stands in the history and can be undone.  No SQL, no Qt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from villagedesk.domain.catalogue import BY_NAME
from villagedesk.domain.operation import DELETED, Operation, decode_payload
from villagedesk.domain.records.member import HEAD
from villagedesk.errors import DeskError
from villagedesk.services.desks import Desk, known_trust, own_devices
from villagedesk.services.households import went_with
from villagedesk.storage import households
from villagedesk.storage.conflicts import StoredConflict, open_conflicts
from villagedesk.storage.ledger import Change, Touched


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two values: what, who typed it, at which desk, when (wall ms)."""

    value: Any
    by: str
    desk: str
    at: int


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A field that waits for a human.  ``shown`` is what everybody sees meanwhile; ``household``: where it belongs;
    ``whose``: name of the person or head of household."""

    kind: str
    record: bytes
    field: str
    id: str
    household: bytes
    whose: str
    shown: Side
    other: Side


def waiting(desk: Desk) -> list[OpenConflict]:
    """Everything that waits, of every record this desk holds."""
    found = open_conflicts(desk.store)
    if not found:
        return []
    names = {entry.id: str(entry.values.get("name") or "") for entry in households.records(desk.store, "operator")}
    teller = _Teller(desk, names)
    return [entry for entry in map(teller.tell, found) if entry is not None]


class _Teller:
    """Looks up who wrote what, reading each record's operations once."""

    def __init__(self, desk: Desk, names: Mapping[bytes, str]) -> None:
        self._desk, self._names = desk, names
        self._scopes = desk.ledger.journal.scopes()
        self._trust, self._own = known_trust(desk), own_devices(desk)
        self._operations: dict[tuple[int, bytes], dict[str, Operation]] = {}

    def tell(self, stored: StoredConflict) -> OpenConflict | None:
        operations = self._of(stored)
        winner, loser = operations.get(stored.winner), operations.get(stored.loser)
        kind = BY_NAME.get(stored.kind)
        if winner is None or loser is None or kind is None:
            return None
        record = households.record(self._desk.store, kind, stored.record)
        values: Mapping[str, Any] = record.values if record else {}
        home = stored.record if stored.kind != "member" else bytes.fromhex(str(values.get("household") or ""))
        value = record.deleted if record is not None and stored.field == DELETED else values.get(stored.field)
        shown = self._side(winner, value)
        other = self._side(loser, stored.value)
        whose = str(values.get("name") or "") or self._head_of(home)
        return OpenConflict(
            stored.kind, stored.record, stored.field, f"{stored.loser}.{stored.field}", home, whose, shown, other
        )

    def _of(self, stored: StoredConflict) -> dict[str, Operation]:
        key = (stored.scope, stored.record)
        if key not in self._operations:
            found = self._desk.ledger.journal.of_record(stored.record, self._scopes[stored.scope])
            self._operations[key] = {operation.id.hex(): operation for operation, _ in found}
        return self._operations[key]

    def _side(self, operation: Operation, value: Any) -> Side:
        at = int(decode_payload(operation.payload)["at"]) if operation.payload is not None else 0
        return Side(value, self._names.get(operation.header.by, ""), self._desk_of(operation), at)

    def _desk_of(self, operation: Operation) -> str:
        """The place the desk belongs to; a device nobody knows by its first characters."""
        device, profile = operation.log.device, self._desk.profile
        if device in self._own:
            return profile.name
        authority = self._trust.authority(device) if self._trust else None
        if authority is not None and authority.town:
            return profile.town_name
        place = households.record(self._desk.store, BY_NAME["village"], operation.log.scope)
        return str(place.values.get("name") or "") if place else device.hex()[:6]

    def _head_of(self, home: bytes) -> str:
        found = households.record(self._desk.store, BY_NAME["household"], home)
        people = households.members_of(self._desk.store, found) if found else []
        return next((str(one.values.get("name") or "") for one in people if one.values.get("relation") == HEAD), "")


def settle(desk: Desk, conflict: OpenConflict, value: Any) -> Touched:
    """Keep ``value`` (either side's or a third); the conflict is gone, both values stay in the history.

    Raises ``DeskError`` ``record_unknown``.
    """
    kind = BY_NAME[conflict.kind]
    found = households.record(desk.store, kind, conflict.record)
    if found is None:
        raise DeskError("record_unknown")
    scope = desk.ledger.journal.scopes()[found.scope]
    changed = {} if value == conflict.shown.value else {conflict.field: value}
    changes = [Change(conflict.kind, conflict.record, changed, resolved=_same_field(desk, conflict))]
    if changed.get(DELETED) is False and conflict.kind == "household":  # it stays, and so do its people
        changes += [Change("member", person, {DELETED: False}) for person in went_with(desk, found)]
    return desk.ledger.append(desk.log(scope), changes, desk.operator, desk.new_id())


def _same_field(desk: Desk, conflict: OpenConflict) -> Sequence[str]:
    """All conflicts of that field: who chose a value chose it against every other one."""
    return [
        f"{stored.loser}.{stored.field}"
        for stored in open_conflicts(desk.store)
        if (stored.record, stored.kind, stored.field) == (conflict.record, conflict.kind, conflict.field)
    ]
