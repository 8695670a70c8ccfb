"""Owns which heads are taken from the columns that only name a household's head.

Nobody is made twice: who stands among the members already is that member, also in another household.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from villagedesk.domain.records.member import HEAD
from villagedesk.domain.roster import Origin, RosterRow
from villagedesk.domain.roster_known import fits_mask


def with_heads(
    rows: Sequence[RosterRow], offered: Mapping[Origin, RosterRow]
) -> tuple[list[RosterRow], list[RosterRow]]:
    """The rows, each household with the head that is named for it; and rows that only name a member once more.

    ``offered``: heads named beside a member, by the origin of that member's row.
    """
    if not offered and not any(row.from_head for row in rows):
        return list(rows), []
    homes: dict[str | None, list[RosterRow]] = defaultdict(list)
    for row in rows:
        homes[row.household_key].append(row)
    numbers = {row.member["id_no"] for row in rows if not row.from_head and "id_no" in row.member}
    before: dict[Origin, RosterRow] = {}
    instead: dict[Origin, RosterRow] = {}
    again: dict[Origin, RosterRow] = {}
    for key, home in homes.items():
        people: list[RosterRow] = [row for row in home if not row.from_head]
        for row in home:
            same = next((other for other in people if _is_same(other, row)), None) if row.from_head else None
            if same is not None:
                again[row.origin] = row
                instead[same.origin] = _joined(instead.get(same.origin, same), row)
            elif row.from_head:
                people.append(row)
        if key is None or any(row.member.get("relation") == HEAD for row in people):
            continue
        beside = next((row for row in home if row.origin in offered), None)
        if beside is None:
            continue
        head = offered[beside.origin]
        if head.member.get("id_no") not in numbers and not any(_is_same(row, head) for row in people):
            # its household was perhaps renamed since
            before[home[0].origin] = head._replace(household_key=key, household=beside.household)
    kept: list[RosterRow] = []
    for row in rows:
        if row.origin in before:
            kept.append(before[row.origin])
        if row.origin not in again:
            kept.append(instead.get(row.origin, row))
    return kept, list(again.values())


def _is_same(row: RosterRow, head: RosterRow) -> bool:
    """Whether two rows of one household speak of one person: by number, else by name, hidden characters left open."""
    numbers = row.member.get("id_no"), head.member.get("id_no")
    if all(numbers):
        return numbers[0] == numbers[1]
    if "name" in row.masked:
        return fits_mask(head.head_name, row.masked["name"])
    return row.member.get("name") is not None and row.member.get("name") == head.head_name


def _joined(row: RosterRow, head: RosterRow) -> RosterRow:
    """A member with what only the row said that names him as head; findings at those two cells are nothing new."""
    named = (head.letters.get("name"), head.letters.get("id_no"))
    return row._replace(
        member={**head.member, **row.member},
        household={**head.household, **row.household},
        places={**head.places, **row.places},
        problems=(*row.problems, *(problem for problem in head.problems if problem.column not in named)),
    )
