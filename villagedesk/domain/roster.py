"""Owns what a roster says and what importing it would change, as values.  The matching itself is ``roster_plan.py``.

Must not know files or the store.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple

from villagedesk.domain.fields import Value, Values

Level = Literal["error", "warning"]
ERROR: Level = "error"
WARNING: Level = "warning"

#: Household fields that name a place.
PLACE_KINDS = ("villager_group", "grid", "micro_grid")

_NOTHING: Mapping[str, str] = MappingProxyType({})
_DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")}
_TENS = "一二三四五六七八九"
_GROUP = re.compile(rf"第?(\d{{1,2}}|[{_TENS}]?十[{_TENS}]?|[{_TENS}])(?:村民)?(?:小组|组|队|社)?$")


#: Sheet, row as numbered in it, and letter of the column in which a person's name stands.
Origin = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class CellProblem:
    """Something found in one cell; ``row`` as numbered in the sheet, ``column`` its letter or "".

    ``error``: the person stays out; ``warning``: taken in, perhaps without this cell.
    """

    sheet: str
    row: int
    column: str
    code: str
    level: Level
    params: Mapping[str, object] = field(default_factory=dict)


class RosterRow(NamedTuple):
    """One person of a roster.  ``household_key`` is equal for people of one household (None = not said).

    ``member``, ``household``: only what the row gives; ``places``: place kind → text; ``masked``, ``home_masked``:
    field → starred text; ``letters``: field → column letter; ``head_id``: a sound number or None; ``record``,
    ``home_record``: hex ids that our own export wrote, "" where there are none; ``from_head``: taken from the columns
    that name the household's head, beside or without a member in that row.
    """

    sheet: str
    row: int
    household_key: str | None
    member: Mapping[str, Value]
    household: Mapping[str, Value] = _NOTHING
    places: Mapping[str, str] = _NOTHING
    head_name: str | None = None
    head_id: str | None = None
    masked: Mapping[str, str] = _NOTHING
    home_masked: Mapping[str, str] = _NOTHING
    problems: tuple[CellProblem, ...] = ()
    letters: Mapping[str, str] = _NOTHING
    record: str = ""
    home_record: str = ""
    from_head: bool = False

    @property
    def origin(self) -> Origin:
        """Where the person's name stands; one row may hold several people."""
        return self.sheet, self.row, self.letters.get("name", "")

    @property
    def stays_out(self) -> bool:
        """Whether an error keeps this person out."""
        return any(problem.level == ERROR for problem in self.problems)

    def at(self, name: str, code: str, level: Level = ERROR, **params: object) -> CellProblem:
        """A problem at the cell of a field of this row; "household.phone" is the household's where both have one."""
        letter = self.letters.get(name) or self.letters.get(name.removeprefix("household."), "")
        return CellProblem(self.sheet, self.row, letter, code, level, params)


@dataclass(frozen=True, slots=True)
class Known:
    """A record already in the store; ``id`` is its hex id, and members name their household's hex id."""

    id: str
    values: Values


@dataclass(frozen=True, slots=True)
class Change:
    """One record to add (``record`` starts with "+") or change; ``values``: only what differs; ``rows``: its origin."""

    kind: str
    record: str
    values: Mapping[str, Value]
    rows: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place nobody knows yet; ``key`` ("+kind:n") stands in the household values that name it.

    ``grid``: of a micro-grid, the id or key of its grid.
    """

    kind: str
    key: str
    text: str
    grid: str = ""


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """``counts``: "households", "members" → added, updated, unchanged; ``rows_in`` and ``rows_out``: persons."""

    changes: tuple[Change, ...]
    places: tuple[NewPlace, ...]
    problems: tuple[CellProblem, ...]
    counts: Mapping[str, Mapping[str, int]]
    rows_in: int
    rows_out: int


def group_number(text: str) -> int | None:
    """Number of a villager group (3组, 第三村民小组, 十二社), or None when it has a name of its own."""
    found = _GROUP.match("".join(text.split()))
    if found is None:
        return None
    digits = found[1]
    if digits.isdigit():
        return int(digits)
    tens, ten, ones = digits.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)
