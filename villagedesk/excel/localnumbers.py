"""Owns telling household numbers that name a household from those that only count within one sheet or group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from villagedesk.domain.roster import WARNING, CellProblem, RosterRow


def without_local_numbers(rows: Sequence[RosterRow], restarted: set[str]) -> tuple[list[RosterRow], list[CellProblem]]:
    """Rows whose counting numbers only keep households apart and are not stored; one remark for each sheet.

    Counting: in a sheet of ``restarted``, or where two sheets give one number to different people.
    """
    local = restarted | _counting_sheets(rows)
    if not local:
        return list(rows), []
    first: dict[str, RosterRow] = {}
    for row in rows:
        if row.sheet in local and "household_no" in row.household:
            first.setdefault(row.sheet, row)
    remarks = [row.at("household.household_no", "household_no_local", WARNING) for row in first.values()]
    return [_renamed(row) if row.sheet in local else row for row in rows], remarks


def _renamed(row: RosterRow) -> RosterRow:
    household = {name: value for name, value in row.household.items() if name != "household_no"}
    key = row.household_key
    own = None if key is None else key if key.startswith(row.sheet) else f"{row.sheet}:{key}"
    return row._replace(household_key=own, household=household)


def _counting_sheets(rows: Sequence[RosterRow]) -> set[str]:
    if len({row.sheet for row in rows}) < 2:
        return set()
    people: dict[object, dict[str, set[object]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        number = row.household.get("household_no")
        if number is not None:
            people[number][row.sheet].update(_signs(row))
    counting: set[str] = set()
    for sheets in people.values():
        if len(sheets) > 1 and not set.intersection(*sheets.values()):
            counting |= sheets.keys()
    return counting


def _signs(row: RosterRow) -> Iterator[object]:
    """What tells that two sheets speak of one household: a person or the head of both."""
    yield from (sign for sign in (row.member.get("id_no"), row.member.get("name"), row.head_name) if sign)
