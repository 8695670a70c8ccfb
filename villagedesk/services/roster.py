"""Owns importing a department's roster: read, plan against what is known, apply as one action.  No SQL, no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from villagedesk.domain.fields import Value
from villagedesk.domain.roster import PLACE_KINDS, CellProblem, Known, NewPlace, RosterPlan, group_number
from villagedesk.domain.roster_plan import plan_import
from villagedesk.errors import DeskError
from villagedesk.excel.columns import read_mapping, roster_words
from villagedesk.excel.roster import read_roster
from villagedesk.progress import Progress
from villagedesk.services.desks import Desk
from villagedesk.services.households import today
from villagedesk.storage import households
from villagedesk.storage.ledger import Change, Touched


@dataclass(frozen=True, slots=True)
class RosterPreview:
    """What an import would do; nothing is written.  ``rows``: persons read; ``problems``: in the order of the sheet."""

    rows: int
    plan: RosterPlan
    problems: tuple[CellProblem, ...]


def preview(desk: Desk, path: Path, mapping: Mapping[str, str] | None, progress: Progress) -> RosterPreview:
    """Read a workbook and plan its import into this desk's scope.

    Raises ``DeskError``: ``roster_not_workbook``, ``roster_empty``, ``roster_no_name_column`` …
    """
    chosen = read_mapping(mapping) if mapping else None
    reading = read_roster(path, chosen, today(desk), progress, desk.ports.files)
    plan = plan_import(
        reading.rows,
        _known(desk, "household"),
        _known(desk, "member"),
        today(desk),
        {kind: _known(desk, kind) for kind in PLACE_KINDS},
        roster_words().id_missing_reason,
    )
    found = {
        (problem.sheet, problem.row, problem.column, problem.code): problem
        for problem in (*reading.problems, *plan.problems)
    }
    return RosterPreview(len(reading.rows), plan, tuple(found[key] for key in sorted(found)))


def _known(desk: Desk, kind: str) -> list[Known]:
    return [Known(entry.id.hex(), entry.values) for entry in households.records(desk.store, kind, desk.scope)]


def apply(desk: Desk, previewed: RosterPreview) -> Touched:
    """Write a previewed import as one action, which can be undone whole; raises ``DeskError`` ``roster_nothing``."""
    plan = previewed.plan
    if not plan.rows_in:
        raise DeskError("roster_nothing")
    keys = [place.key for place in plan.places] + [change.record for change in plan.changes]
    ids = {key: desk.new_id().hex() for key in keys if key.startswith("+")}
    changes = [Change(place.kind, bytes.fromhex(ids[place.key]), _place(place)) for place in plan.places]
    for change in plan.changes:
        values = {name: _filled(value, ids) for name, value in change.values.items()}
        changes.append(Change(change.kind, bytes.fromhex(ids.get(change.record, change.record)), values))
    return desk.ledger.append(desk.log(), changes, desk.operator, desk.new_id())


def _filled(value: Value, ids: Mapping[str, str]) -> Value:
    """A value that names a record of this very import gets the id made for it."""
    return ids.get(value, value) if isinstance(value, str) else value


def _place(place: NewPlace) -> dict[str, Value]:
    if place.kind == "villager_group":
        return {"name": place.text, "number": group_number(place.text)}
    return {"name": place.text, "code": place.text}
