"""Owns importing a department's roster: read, plan against what is known, apply as one action.  No SQL, no Qt."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from villagedesk.domain.fields import Value
from villagedesk.domain.roster import (
    PLACE_KINDS,
    CellProblem,
    Known,
    NewPlace,
    RosterPlan,
    RosterRow,
    group_number,
)
from villagedesk.domain.roster_plan import plan_import
from villagedesk.domain.roster_village import own_rows
from villagedesk.errors import DeskError
from villagedesk.excel.columns import IGNORED as IGNORED
from villagedesk.excel.columns import read_mapping, roster_words, targets
from villagedesk.excel.problems import write_problems
from villagedesk.excel.roster import Place, RosterReading, Skipped, read_roster
from villagedesk.excel.roster import TableColumns as TableColumns
from villagedesk.excel.roster import UnclearColumns as UnclearColumns
from villagedesk.progress import Progress
from villagedesk.services.desks import Desk
from villagedesk.services.households import today
from villagedesk.storage import households
from villagedesk.storage.ledger import Change, Touched

_COUNT_EVERY = 500
#: Said of a whole sheet, though it stands at the first person.
_OF_SHEET = frozenset(("id_column_missing",))
_REFERENCES = frozenset(("household", *PLACE_KINDS))


@dataclass(frozen=True, slots=True)
class RosterPreview:
    """What an import would do; nothing is written.  ``rows``: persons read; ``problems``: in the order of the file.

    ``tables``, ``skipped``: how columns were understood, and which lines are no people; ``people``: every person read;
    ``cells``: what stands in the cells with a finding.
    """

    rows: int
    plan: RosterPlan
    problems: tuple[CellProblem, ...]
    tables: tuple[TableColumns, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    people: tuple[RosterRow, ...] = ()
    cells: Mapping[Place, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mending:
    """What the clerk decided in the preview: texts instead of what cells hold, and (sheet, row) to leave out."""

    cells: Mapping[Place, str] = field(default_factory=dict)
    left_out: frozenset[tuple[str, int]] = frozenset()


def preview(
    desk: Desk, path: Path, mapping: Mapping[str, str] | None, progress: Progress, mending: Mending | None = None
) -> RosterPreview:
    """Read a workbook and plan its import into this desk's scope.

    Raises ``DeskError``: ``only_village`` (households belong to a village's scope, never to the town's),
    ``roster_not_workbook``, ``roster_empty``, ``roster_no_name_column``, ``roster_no_people`` …
    ``UnclearColumns`` where people were found, but nothing that tells one from another.
    """
    if desk.profile.role == "town":
        raise DeskError("only_village")
    chosen = read_mapping(mapping) if mapping else None
    decided = mending or Mending()
    reading = read_roster(path, chosen, today(desk), progress, desk.ports.files, decided.cells)
    wanted = [row for row in reading.rows if (row.sheet, row.row) not in decided.left_out]
    own, remarks = own_rows(wanted, desk.profile.name)
    plan = plan_import(
        own,
        _known(desk, "household"),
        _known(desk, "member"),
        today(desk),
        {kind: _known(desk, kind) for kind in PLACE_KINDS},
        roster_words().id_missing_reason,
    )
    return RosterPreview(
        len(reading.rows),
        replace(plan, rows_out=len(reading.rows) - plan.rows_in),
        _in_order(reading, (*reading.remarks, *remarks, *_of_rows(own), *plan.problems)),
        reading.tables,
        reading.skipped,
        reading.rows,
        reading.cells,
    )


def _known(desk: Desk, kind: str) -> list[Known]:
    return [Known(entry.id.hex(), entry.values) for entry in households.records(desk.store, kind, desk.scope)]


def _of_rows(rows: Iterable[RosterRow]) -> Iterable[CellProblem]:
    return (problem for row in rows for problem in row.problems)


def _in_order(reading: RosterReading, problems: Iterable[CellProblem]) -> tuple[CellProblem, ...]:
    """Each finding once, sheet by sheet, downwards and to the right; what is said of a whole sheet stands first."""
    sheets = {name: place for place, name in enumerate(dict.fromkeys(table.sheet for table in reading.tables))}
    found = {(p.sheet, p.row, p.column, p.code): p for p in problems}

    def place(p: CellProblem) -> tuple[int, bool, int, int, str, str]:
        return sheets.get(p.sheet, 0), p.code not in _OF_SHEET, p.row, len(p.column), p.column, p.code

    return tuple(sorted(found.values(), key=place))


def apply(desk: Desk, previewed: RosterPreview, progress: Progress) -> Touched:
    """Write a previewed import as one action, which can be undone whole; raises ``DeskError`` ``roster_nothing``.

    Where everything is known already nothing is written (``operations`` 0); new households without a 户编号 get one.
    Stopped on the way, nothing is written either.
    """
    plan = previewed.plan
    if not plan.rows_in:
        raise DeskError("roster_nothing")
    if not plan.changes:
        return Touched(b"")
    keys = [place.key for place in plan.places] + [change.record for change in plan.changes]
    ids = {key: desk.new_id().hex() for key in keys if key.startswith("+")}
    changes = [Change(place.kind, bytes.fromhex(ids[place.key]), _place(place, ids)) for place in plan.places]
    numbers = _Numbers(desk, plan)
    for change in plan.changes:
        values = dict(change.values)
        for name in _REFERENCES & values.keys():
            values[name] = ids.get(str(values[name]), values[name])
        if change.kind == "household" and change.record in ids and not values.get("household_no"):
            values["household_no"] = numbers.next(change.values.get("villager_group"))
        changes.append(Change(change.kind, bytes.fromhex(ids.get(change.record, change.record)), values))
    gc.freeze()  # the collector would look through the whole list of people again and again
    try:
        return desk.ledger.append(desk.log(), _counted(changes, progress), desk.operator, desk.new_id())
    finally:
        gc.unfreeze()


def _counted(changes: Sequence[Change], progress: Progress) -> Iterator[Change]:
    for place, change in enumerate(changes):
        if place % _COUNT_EVERY == 0:
            progress.report(place, len(changes), "roster_step_storing")
        yield change


class _Numbers:
    """户编号 for new households that the roster gives none: group number and running number, as the form does."""

    def __init__(self, desk: Desk, plan: RosterPlan) -> None:
        self._store = desk.store
        self._groups: dict[Value, object] = {
            known.id: known.values.get("number") for known in _known(desk, "villager_group")
        }
        self._groups |= {place.key: group_number(place.text) for place in plan.places if place.kind == "villager_group"}
        self._given = {change.values.get("household_no") for change in plan.changes}
        self._last: dict[str, int] = {}

    def next(self, group: Value) -> str:
        """A number nobody has and this import does not give."""
        number = self._groups.get(group) if isinstance(group, str) else None
        prefix = f"{number:02d}-" if isinstance(number, int) else ""
        last = self._last.get(prefix)
        if last is None:
            last = households.highest_number(self._store, prefix)
        last += 1
        while f"{prefix}{last:03d}" in self._given:
            last += 1
        self._last[prefix] = last
        return f"{prefix}{last:03d}"


def _place(place: NewPlace, ids: Mapping[str, str]) -> dict[str, Value]:
    if place.kind == "villager_group":
        return {"name": place.text, "number": group_number(place.text)}
    values: dict[str, Value] = {"name": place.text, "code": place.text}
    return {**values, "grid": ids.get(place.grid, place.grid)} if place.grid else values


def save_problems(desk: Desk, previewed: RosterPreview, target: Path, language: str = "zh_CN") -> None:
    """The findings as a workbook that the clerk sends back to the department."""
    headings = {(table.sheet, letter): heading for table in previewed.tables for letter, heading, _ in table.columns}
    write_problems(target, previewed.problems, headings, language, desk.ports.files)


def column_targets() -> tuple[str, ...]:
    """What a column can be mapped to (``kind.field``), for the dialog that maps them."""
    return targets()
