"""Owns exporting the roster and its empty form, with the note that full numbers went out.  No SQL, no Qt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from villagedesk.domain.roster import PLACE_KINDS
from villagedesk.errors import DeskError
from villagedesk.excel.export import ExportRow, write_roster, write_template
from villagedesk.progress import Progress
from villagedesk.sentences import sentence
from villagedesk.services import audits
from villagedesk.services.desks import Desk
from villagedesk.services.households import today
from villagedesk.storage import households
from villagedesk.storage.households import StoredRecord

_STEP = 500
_TITLE = "roster_people_title"


@dataclass(frozen=True, slots=True)
class RosterExported:
    """``masked``: ID numbers, certificates and accounts are starred."""

    path: Path
    households: int
    people: int
    masked: bool


def export(
    desk: Desk, target: Path, progress: Progress, full_ids: bool = False, purpose: str = "", grid: str = ""
) -> RosterExported:
    """Write everyone who belongs to a household today; ``grid``: hex id, "" = all.

    An audit note is kept with every export.  Raises ``DeskError``: roster_purpose_needed, roster_nothing_to_export,
    roster_suffix.
    """
    if target.suffix.lower() not in (".xlsx", ".csv"):
        raise DeskError("roster_suffix", file=target.name)
    if full_ids:
        audits.require_purpose(purpose)
    homes = [
        home for home in households.records(desk.store, "household") if not grid or home.values.get("grid") == grid
    ]
    people = _people(desk)
    homes = [home for home in homes if people.get((home.scope, home.id.hex()))]
    if not homes:
        raise DeskError("roster_nothing_to_export")
    homes.sort(key=lambda home: (home.scope, str(home.values.get("household_no") or "\uffff"), home.id))
    count = sum(len(people[home.scope, home.id.hex()]) for home in homes)
    title = sentence(_TITLE, {})
    write_roster(target, title, _rows(desk, homes, people, progress), count, full_ids, desk.ports.files)
    audits.note(desk, "full_ids_exported" if full_ids else "roster_exported", count, purpose)
    return RosterExported(target, len(homes), count, not full_ids)


def template(desk: Desk, target: Path) -> None:
    """An empty workbook of our own columns, to be filled and imported."""
    write_template(target, sentence(_TITLE, {}), desk.ports.files)


People = dict[tuple[int, str], list[StoredRecord]]


def _people(desk: Desk) -> People:
    """Who belongs to which household today, heads' order first."""
    day = today(desk).isoformat()
    found: People = defaultdict(list)
    for person in households.records(desk.store, "member"):
        left = person.values.get("valid_to")
        if left is None or left > day:
            found[person.scope, str(person.values.get("household") or "")].append(person)
    for people in found.values():
        people.sort(key=lambda person: (person.values.get("seq") or 999, person.values.get("relation") != "02"))
    return found


def _rows(desk: Desk, homes: list[StoredRecord], people: People, progress: Progress) -> Iterator[ExportRow]:
    names = {
        (kind, entry.id.hex()): str(entry.values.get("name") or "")
        for kind in PLACE_KINDS
        for entry in households.records(desk.store, kind)
    }
    for number, home in enumerate(homes, 1):
        if number % _STEP == 0:
            progress.report(number, len(homes), "roster_step_writing")
        key = home.id.hex()
        places = {kind: names.get((kind, str(home.values.get(kind) or "")), "") for kind in PLACE_KINDS}
        for person in people[home.scope, key]:
            yield ExportRow(key, home.values, person.id.hex(), person.values, places)
