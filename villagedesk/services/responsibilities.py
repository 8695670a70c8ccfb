"""Owns who answers for which place or household: list, add, change, end, void.  No SQL, no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from villagedesk.domain.catalogue import BY_NAME
from villagedesk.domain.codes import code_list
from villagedesk.domain.fields import Value
from villagedesk.domain.places import Known, check_responsibility, is_in_force
from villagedesk.domain.records.responsibility import RESPONSIBILITY, Responsibility
from villagedesk.errors import DeskError, Finding, Problem, Refused
from villagedesk.services import households
from villagedesk.services.desks import Desk
from villagedesk.services.households import Edit, today
from villagedesk.storage.households import record, records
from villagedesk.storage.ledger import Touched

#: Kinds of records somebody can answer for.
TARGET_KINDS = ("town", "village", "villager_group", "grid", "micro_grid", "household")


@dataclass(frozen=True, slots=True)
class ResponsibilityEntry:
    """A person's dated role; ``in_force``: holds today."""

    id: bytes
    scope: bytes
    record: Responsibility
    in_force: bool


def responsibilities(
    desk: Desk, scope: bytes | None = None, *, everything: bool = False
) -> tuple[ResponsibilityEntry, ...]:
    """Those in force today, in the order of roles and names; ``everything``: ended and future ones too."""
    roles = {entry.code: place for place, entry in enumerate(code_list("role").codes)}
    scopes, day = desk.ledger.journal.scopes(), today(desk).isoformat()
    found = []
    for entry in records(desk.store, "responsibility", scope):
        made: Responsibility = RESPONSIBILITY.make(entry.values)
        found.append(ResponsibilityEntry(entry.id, scopes[entry.scope], made, is_in_force(made, day)))
    wanted = [entry for entry in found if everything or entry.in_force]

    def order(entry: ResponsibilityEntry) -> tuple[int, str, str, bytes]:
        own = entry.record
        return roles.get(own.role or "", len(roles)), own.person_name or "", own.valid_from or "", entry.id

    return tuple(sorted(wanted, key=order))


def check(desk: Desk, own: bytes | None, values: Mapping[str, Value]) -> list[Finding]:
    """Findings for a responsibility as its form holds it; ``own`` None = a new one."""
    known = [Known("responsibility", entry.id, entry.record) for entry in responsibilities(desk, everything=True)]
    made: Responsibility = RESPONSIBILITY.make(values)
    return check_responsibility(own or b"", made, known, _is_there(desk, made), today(desk).isoformat())


def _is_there(desk: Desk, made: Responsibility) -> bool:
    if made.target_kind not in TARGET_KINDS or not made.target:
        return False
    found = record(desk.store, BY_NAME[made.target_kind], bytes.fromhex(made.target))
    return found is not None and not found.deleted


def save_responsibility(
    desk: Desk, own: bytes | None, changed: Mapping[str, Value], scope: bytes | None = None
) -> tuple[Touched, bytes]:
    """Add a responsibility (``own`` None) or change one; a new one belongs to the village of its target.

    Raises ``Refused`` with every problem, ``DeskError`` ``record_unknown``.
    """
    values: dict[str, Value] = dict(changed)
    if own is not None:
        found = record(desk.store, RESPONSIBILITY, own)
        if found is None or found.deleted:
            raise DeskError("record_unknown")
        values = {**found.values, **changed}
    problems = [finding for finding in check(desk, own, values) if isinstance(finding, Problem)]
    if problems:
        raise Refused("responsibility", problems)
    home = scope or (_scope_of_target(desk, RESPONSIBILITY.make(values)) if own is None else None)
    touched, ids = households.save(desk, [Edit("responsibility", own, changed)], home)
    return touched, ids[0]


def _scope_of_target(desk: Desk, made: Responsibility) -> bytes | None:
    found = record(desk.store, BY_NAME[made.target_kind or ""], bytes.fromhex(made.target or ""))
    return desk.ledger.journal.scopes()[found.scope] if found else None


def end_responsibility(desk: Desk, own: bytes, day: date | None = None) -> Touched:
    """It no longer holds from ``day`` (today unless told); its history stays."""
    return save_responsibility(desk, own, {"valid_to": (day or today(desk)).isoformat()})[0]


def void_responsibility(desk: Desk, own: bytes) -> Touched:
    """作废 an entry made by mistake."""
    return households.save(desk, [Edit("responsibility", own, void=True)])[0]
