"""Owns counting what lies in places: households and registered people by grid, micro grid and villager group."""

from __future__ import annotations

from dataclasses import dataclass

from villagedesk.storage.database import Store


@dataclass(frozen=True, slots=True)
class Counted:
    """Households that name the same places, with their registered people; ids as hex, "" = none named."""

    scope: int
    grid: str
    micro_grid: str
    villager_group: str
    households: int
    people: int


def count_by_place(store: Store, scope: bytes | None = None) -> list[Counted]:
    """Counts of one scope or all, one entry for each combination of places that occurs."""
    where, parameters = ("", ()) if scope is None else ("WHERE card.scope=(SELECT no FROM scope WHERE id=?) ", (scope,))
    found = store.rows(
        "SELECT card.scope, hex(household.grid), hex(household.micro_grid), hex(household.villager_group), "
        "count(*), total(card.registered) FROM card "
        "JOIN household ON household._scope=card.scope AND household.id=card.id "
        f"{where}GROUP BY 1, 2, 3, 4",
        parameters,
    )
    return [
        Counted(int(row[0]), str(row[1]).lower(), str(row[2]).lower(), str(row[3]).lower(), int(row[4]), int(row[5]))
        for row in found
    ]
