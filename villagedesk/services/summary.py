"""Owns the village in numbers: who is counted how, written as a workbook.  No SQL, no Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from villagedesk.domain.codes import code_list
from villagedesk.domain.household_entry import age_on
from villagedesk.domain.household_rules import born_on, is_current, sex_code
from villagedesk.domain.records.household import HOUSEHOLD, Household
from villagedesk.domain.records.member import MEMBER, Member
from villagedesk.errors import DeskError
from villagedesk.excel.summary import Person, summarise, write_summary
from villagedesk.progress import Progress
from villagedesk.services.desks import Desk
from villagedesk.services.households import today
from villagedesk.storage import households

#: 务工状况 of people who work outside of the town.
_AWAY = frozenset({"3", "4", "5"})


@dataclass(frozen=True, slots=True)
class Summarised:
    """How much was counted."""

    path: Path
    households: int
    people: int


def write_numbers(desk: Desk, target: Path, progress: Progress) -> Summarised:
    """Count everyone who belongs to a household today; raises ``DeskError`` ``roster_nothing_to_export``."""
    people = list(_people(desk, progress))
    if not people:
        raise DeskError("roster_nothing_to_export")
    write_summary(target, summarise(people), desk.ports.files)
    return Summarised(target, len({person.home for person in people}), len(people))


def _people(desk: Desk, progress: Progress) -> Iterator[Person]:
    day = today(desk)
    places = {
        entry.id.hex(): str(entry.values.get("name") or "")
        for kind in ("grid", "villager_group")
        for entry in households.records(desk.store, kind)
    }
    villages = {entry.scope: str(entry.values.get("name") or "") for entry in households.records(desk.store, "village")}
    homes = {(home.scope, home.id.hex()): home for home in households.records(desk.store, "household")}
    members = households.records(desk.store, "member")
    for number, entry in enumerate(members):
        if not number % 1000:
            progress.report(number, len(members), "counting")
        member: Member = MEMBER.make(entry.values)
        home = homes.get((entry.scope, member.household or ""))
        if home is None or not is_current(member, day):
            continue
        household: Household = HOUSEHOLD.make(home.values)
        born = born_on(member)
        yield Person(
            home.id.hex(),
            villages.get(entry.scope, ""),
            places.get(household.grid or "", ""),
            places.get(household.villager_group or "", ""),
            code_list("household_type").name_of(household.household_type),
            code_list("sex").short_of(sex_code(member)),
            age_on(born, day) if born else None,
            code_list("education").short_of(member.education),
            code_list("health").short_of(member.health),
            code_list("labour").short_of(member.labour),
            code_list("work_status").short_of(member.work_status),
            code_list("political").short_of(member.political),
            member.work_status in _AWAY,
        )
