"""Owns the picture of a village's places for the window: grids with micro grids, groups, counts, who answers for them.

No SQL, no Qt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from villagedesk.domain.records.place import GRID, MICRO_GRID, VILLAGER_GROUP, Grid, MicroGrid, VillagerGroup
from villagedesk.services.desks import Desk
from villagedesk.services.responsibilities import ResponsibilityEntry, responsibilities
from villagedesk.storage.households import StoredRecord, records
from villagedesk.storage.places import Counted, count_by_place

_CHIEFS = ("grid_chief", "micro_grid_chief")


@dataclass(frozen=True, slots=True)
class Count:
    """``people``: registered ones."""

    households: int = 0
    people: int = 0


@dataclass(frozen=True, slots=True)
class MicroGridNode:
    """微网格 with who answers for it today; ``chiefs``: names of its 微网格长."""

    id: bytes
    scope: bytes
    record: MicroGrid
    count: Count
    responsible: tuple[ResponsibilityEntry, ...] = ()

    @property
    def chiefs(self) -> tuple[str, ...]:
        return _chiefs(self.responsible)


@dataclass(frozen=True, slots=True)
class GridNode:
    """网格; ``count`` includes its micro grids, ``loose``: households of the grid that name no micro grid."""

    id: bytes
    scope: bytes
    record: Grid
    count: Count
    loose: Count
    micro_grids: tuple[MicroGridNode, ...] = ()
    responsible: tuple[ResponsibilityEntry, ...] = ()

    @property
    def chiefs(self) -> tuple[str, ...]:
        return _chiefs(self.responsible)


@dataclass(frozen=True, slots=True)
class GroupNode:
    """村民小组."""

    id: bytes
    scope: bytes
    record: VillagerGroup
    count: Count
    responsible: tuple[ResponsibilityEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceTree:
    """Everything in the order of codes and numbers; ``without_grid``: households that lie in no grid known here."""

    grids: tuple[GridNode, ...]
    groups: tuple[GroupNode, ...]
    without_grid: Count
    whole: Count
    villages: Mapping[bytes, str] = field(default_factory=dict)


def _chiefs(responsible: Iterable[ResponsibilityEntry]) -> tuple[str, ...]:
    return tuple(entry.record.person_name or "" for entry in responsible if entry.record.role in _CHIEFS)


def read_places(desk: Desk, scope: bytes | None = None) -> PlaceTree:
    """The places of one village or of all this desk holds; ``villages``: names by scope, for a town's list."""
    counts = read_counts(desk, scope)
    answers: dict[str, list[ResponsibilityEntry]] = {}
    for entry in responsibilities(desk):
        answers.setdefault(entry.record.target or "", []).append(entry)
    nodes = _Nodes(desk, answers)
    micro = [nodes.micro_grid(found, counts) for found in _ordered(records(desk.store, "micro_grid", scope))]
    names = {found.scope: str(found.values.get("name") or "") for found in records(desk.store, "village")}
    return PlaceTree(
        tuple(nodes.grid(found, counts, micro) for found in _ordered(records(desk.store, "grid", scope))),
        tuple(nodes.group(found, counts) for found in _ordered(records(desk.store, "villager_group", scope))),
        counts.outside({found.id.hex() for found in records(desk.store, "grid", scope)}),
        counts.whole,
        {nodes.scopes[number]: name for number, name in names.items()},
    )


def read_counts(desk: Desk, scope: bytes | None = None) -> PlaceCounts:
    """Households and people by place, of one village or all."""
    return PlaceCounts(count_by_place(desk.store, scope), records(desk.store, "micro_grid", scope))


def _ordered(found: Sequence[StoredRecord]) -> list[StoredRecord]:
    def place(entry: StoredRecord) -> tuple[int, int, str, str]:
        number = entry.values.get("number")
        code, name = str(entry.values.get("code") or ""), str(entry.values.get("name") or "")
        return entry.scope, number if isinstance(number, int) else 0, code, name

    return sorted(found, key=place)


class PlaceCounts:
    """Sums over the combinations of places that households name; a micro grid says which grid it lies in."""

    def __init__(self, counted: Sequence[Counted], micro_grids: Sequence[StoredRecord]) -> None:
        home = {entry.id.hex(): str(entry.values.get("grid") or "") for entry in micro_grids}
        self._households: Counter[tuple[str, str]] = Counter()
        self._people: Counter[tuple[str, str]] = Counter()
        for each in counted:
            grid = home.get(each.micro_grid) or each.grid
            keys = [("grid", grid), ("micro_grid", each.micro_grid), ("villager_group", each.villager_group), ("", "")]
            if each.micro_grid not in home:
                keys.append(("loose", grid))
            for key in keys:
                self._households[key] += each.households
                self._people[key] += each.people

    def of(self, kind: str, place: str) -> Count:
        return Count(self._households[kind, place], self._people[kind, place])

    @property
    def whole(self) -> Count:
        return self.of("", "")

    def outside(self, grids: set[str]) -> Count:
        """Households that name no grid, or one that is gone."""
        lost = [place for kind, place in self._households if kind == "grid" and place not in grids]
        return Count(sum(self._households["grid", p] for p in lost), sum(self._people["grid", p] for p in lost))


class _Nodes:
    """Makes the typed entries of the tree."""

    def __init__(self, desk: Desk, answers: Mapping[str, list[ResponsibilityEntry]]) -> None:
        self.scopes = desk.ledger.journal.scopes()
        self._answers = answers

    def _responsible(self, found: StoredRecord) -> tuple[ResponsibilityEntry, ...]:
        return tuple(self._answers.get(found.id.hex(), ()))

    def micro_grid(self, found: StoredRecord, counts: PlaceCounts) -> MicroGridNode:
        made: MicroGrid = MICRO_GRID.make(found.values)
        count = counts.of("micro_grid", found.id.hex())
        return MicroGridNode(found.id, self.scopes[found.scope], made, count, self._responsible(found))

    def grid(self, found: StoredRecord, counts: PlaceCounts, micro: Sequence[MicroGridNode]) -> GridNode:
        own, scope = found.id.hex(), self.scopes[found.scope]
        inside = tuple(node for node in micro if node.record.grid == own and node.scope == scope)
        count, loose = counts.of("grid", own), counts.of("loose", own)
        return GridNode(found.id, scope, GRID.make(found.values), count, loose, inside, self._responsible(found))

    def group(self, found: StoredRecord, counts: PlaceCounts) -> GroupNode:
        made: VillagerGroup = VILLAGER_GROUP.make(found.values)
        count = counts.of("villager_group", found.id.hex())
        return GroupNode(found.id, self.scopes[found.scope], made, count, self._responsible(found))
