"""Owns adding, changing and voiding villager groups, grids and micro grids.  No SQL, no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from villagedesk.domain.catalogue import BY_NAME
from villagedesk.domain.fields import Value
from villagedesk.domain.places import Known, check_place, next_grid_code, next_group_number, next_micro_grid_code
from villagedesk.domain.records.place import GRID, MICRO_GRID, VILLAGER_GROUP
from villagedesk.errors import DeskError, Finding, Problem, Refused
from villagedesk.services import households
from villagedesk.services.desks import Desk
from villagedesk.services.households import Edit
from villagedesk.services.place_tree import PlaceTree as PlaceTree
from villagedesk.services.place_tree import read_counts
from villagedesk.services.place_tree import read_places as read_places
from villagedesk.services.responsibilities import responsibilities
from villagedesk.storage.households import StoredRecord, record, records
from villagedesk.storage.ledger import Touched

_KINDS = (GRID, MICRO_GRID, VILLAGER_GROUP)


def propose(desk: Desk, kind: str, grid: str = "", scope: bytes | None = None) -> dict[str, Value]:
    """What a new place's form starts with: the next free code or number (1.3).  ``grid``: hex id, for a micro grid."""
    wanted = scope or desk.scope
    if kind == VILLAGER_GROUP.name:
        number = next_group_number(entry.values.get("number") for entry in records(desk.store, kind, wanted))
        return {"number": number, "name": f"{number}组"}
    codes = [entry.values.get("code") for entry in records(desk.store, kind, wanted)]
    if kind == GRID.name:
        code = next_grid_code(_village_code(desk, wanted), codes)
        return {"code": code or None}
    home = record(desk.store, GRID, bytes.fromhex(grid)) if grid else None
    code = next_micro_grid_code(str(home.values.get("code") or "") if home else "", codes)
    return {"grid": grid or None, "code": code or None}


def _village_code(desk: Desk, scope: bytes) -> str:
    found = next((entry for entry in records(desk.store, "village", scope) if entry.id == scope), None)
    stored = str(found.values.get("division_code") or "") if found else ""
    return stored or (desk.profile.division_code if scope == desk.scope else "")


def check(desk: Desk, kind: str, place: bytes | None, values: Mapping[str, Value]) -> list[Finding]:
    """Findings for a place as its form holds it; ``place`` None = a new one."""
    known = [
        Known(each.name, entry.id, each.make(entry.values))
        for each in _KINDS
        for entry in records(desk.store, each.name)
    ]
    return check_place(BY_NAME[kind], place or b"", BY_NAME[kind].make(values), known)


def save_place(
    desk: Desk, kind: str, place: bytes | None, changed: Mapping[str, Value], scope: bytes | None = None
) -> tuple[Touched, bytes]:
    """Add a place (``place`` None) or change one: only changed fields stand in ``changed``.

    ``scope``: the village a new one belongs to; unless told a micro grid belongs to its grid's, others to the desk's
    own.  Raises ``Refused`` with every problem,
    ``DeskError`` ``record_unknown``.
    """
    values: dict[str, Any] = {**dict(_living(desk, kind, place).values), **changed} if place else dict(changed)
    problems = [finding for finding in check(desk, kind, place, values) if isinstance(finding, Problem)]
    if problems:
        raise Refused(kind, problems)
    home = scope if place or scope else _home(desk, changed)
    touched, ids = households.save(desk, [Edit(kind, place, changed)], home)
    return touched, ids[0]


def _home(desk: Desk, changed: Mapping[str, Value]) -> bytes | None:
    """The scope of the grid that a micro grid lies in."""
    grid = changed.get("grid")
    found = record(desk.store, GRID, bytes.fromhex(grid)) if isinstance(grid, str) else None
    return desk.ledger.journal.scopes()[found.scope] if found else None


def void_place(desk: Desk, kind: str, place: bytes) -> Touched:
    """作废 an empty place; what answers for it goes with it.

    Raises ``DeskError`` ``place_in_use`` (households or micro grids still lie in it), ``record_unknown``.
    """
    scope = desk.ledger.journal.scopes()[_living(desk, kind, place).scope]
    own = place.hex()
    inside = read_counts(desk, scope).of(kind, own).households
    micro = [entry for entry in records(desk.store, "micro_grid", scope) if entry.values.get("grid") == own]
    if inside or micro:
        raise DeskError("place_in_use", households=inside, micro_grids=len(micro))
    answering = [entry for entry in responsibilities(desk, scope, everything=True) if entry.record.target == own]
    edits = [Edit(kind, place, void=True), *(Edit("responsibility", entry.id, void=True) for entry in answering)]
    return households.save(desk, edits)[0]


def find_place(desk: Desk, kind: str, name: str) -> bytes:
    """The place of that kind with this code, group number or name; raises ``DeskError`` ``place_unknown``."""
    found = [entry for entry in records(desk.store, kind) if name in _names(entry)]
    if not found:
        raise DeskError("place_unknown", typed=name)
    if len(found) > 1:
        raise DeskError("place_ambiguous", typed=name)
    return found[0].id


def _names(entry: StoredRecord) -> tuple[str, ...]:
    given = (entry.values.get(column) for column in ("code", "number", "name"))
    return tuple(str(value) for value in given if value is not None)


def _living(desk: Desk, kind: str, place: bytes) -> StoredRecord:
    found = record(desk.store, BY_NAME[kind], place)
    if found is None or found.deleted:
        raise DeskError("record_unknown")
    return found
