"""Owns the rules over places and responsibilities: codes and their proposals, dates, who may be what where.

Sources: grid codes 1.3 of the domain reference (a proposal, editable), roles and targets section 2.  Problems block the
save, doubts never do.  Must not know the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from villagedesk.domain.fields import RecordKind
from villagedesk.domain.records.place import GRID, MICRO_GRID, VILLAGER_GROUP
from villagedesk.domain.records.responsibility import RESPONSIBILITY, Responsibility
from villagedesk.errors import Doubt, Finding, Problem

GRID_DIGITS, MICRO_GRID_DIGITS = 3, 2
_VILLAGE_DIGITS = 12

#: What a role is a role towards (section 2); a role that is not listed may stand anywhere.
TARGETS: Mapping[str, tuple[str, ...]] = {
    "grid_chief": ("grid",),
    "full_time_grid_worker": ("grid",),
    "part_time_grid_worker": ("grid",),
    "grid_guide": ("grid",),
    "micro_grid_chief": ("micro_grid",),
    "party_member_household": ("micro_grid", "grid", "villager_group", "household"),
    "party_contact": ("household", "micro_grid"),
    "villager_representative": ("villager_group", "micro_grid", "household"),
    "town_liaison": ("village", "grid"),
    "secretary": ("village",),
    "village_cadre": ("village", "villager_group", "grid"),
    "resident_team": ("village",),
    "points_committee": ("village",),
    "town_leader": ("town", "village"),
}
#: Roles that one place has one person for.
_ONE_PERSON = frozenset(("grid_chief", "micro_grid_chief", "secretary"))


@dataclass(frozen=True, slots=True)
class Known:
    """A record that is there already: its kind, id and values as an object of that kind."""

    kind: str
    id: bytes
    record: Any


def next_grid_code(village_code: str, codes: Iterable[str | None]) -> str:
    """Village code + 3 digits, one above the highest in use; "" where the village has no 12-digit code (1.3)."""
    if len(village_code) != _VILLAGE_DIGITS or not village_code.isdecimal():
        return ""
    return _next_code(village_code, codes, GRID_DIGITS)


def next_micro_grid_code(grid_code: str, codes: Iterable[str | None]) -> str:
    """Grid code + 2 digits, one above the highest in use; "" where the grid has no code (1.3)."""
    return _next_code(grid_code, codes, MICRO_GRID_DIGITS) if grid_code else ""


def _next_code(prefix: str, codes: Iterable[str | None], digits: int) -> str:
    """Numbers are not used twice while a free one is left above; when 999 is taken the first gap below is."""
    used = {
        int(code[len(prefix) :])
        for code in codes
        if code and code.startswith(prefix) and len(code) == len(prefix) + digits and code[len(prefix) :].isdecimal()
    }
    most = 10**digits - 1
    ahead = max(used, default=0) + 1
    number = ahead if ahead <= most else next((gap for gap in range(1, most) if gap not in used), 0)
    return f"{prefix}{number:0{digits}d}" if number else ""


def next_group_number(numbers: Iterable[int | None]) -> int:
    """One above the highest group number in use."""
    return max((number for number in numbers if number is not None), default=0) + 1


def check_place(kind: RecordKind, own: bytes, record: Any, known: Sequence[Known]) -> list[Finding]:
    """Findings for one place of kind grid, micro_grid or villager_group; ``known``: all of these kinds, itself too."""
    others = [other for other in known if other.id != own]
    rules = {GRID.name: _check_grid, MICRO_GRID.name: _check_grid, VILLAGER_GROUP.name: _check_group}
    return [*_required(kind, record), *_dates(record), *rules[kind.name](kind, record, others)]


def _required(kind: RecordKind, record: Any) -> Iterator[Finding]:
    for field in kind.fields:
        if field.required and getattr(record, field.name) in (None, ""):
            yield Problem(field.name, "required", {"name": ""})


def _dates(record: Any) -> Iterator[Finding]:
    begin, end = getattr(record, "valid_from", None), getattr(record, "valid_to", None)
    if begin and end and end < begin:
        yield Problem("valid_to", "place_dates_reversed", {"from_date": begin, "to_date": end})


def _check_grid(kind: RecordKind, record: Any, others: Sequence[Known]) -> Iterator[Finding]:
    code, name = record.code or "", record.name
    if code and not (code.isascii() and code.replace("-", "").isalnum()):
        yield Problem("code", "place_code_characters", {"typed": code})
    for other in others:
        if other.kind in (GRID.name, MICRO_GRID.name) and code and other.record.code == code:
            yield Problem("code", "place_code_twice", {"code": code, "name": other.record.name or ""})
        if other.kind == kind.name and name and other.record.name == name:
            yield Doubt("name", "place_name_twice", {"name": name})
    if kind is MICRO_GRID and record.grid:
        home = next((other for other in others if other.kind == GRID.name and other.id.hex() == record.grid), None)
        if home is None:
            yield Problem("grid", "ref_unknown", {"typed": ""})
        elif home.record.code and code and not code.startswith(home.record.code):
            yield Doubt("code", "micro_grid_code_elsewhere", {"code": code, "grid": home.record.code})


def _check_group(kind: RecordKind, record: Any, others: Sequence[Known]) -> Iterator[Finding]:
    for other in others:
        if other.kind != kind.name:
            continue
        if record.number is not None and other.record.number == record.number:
            yield Problem("number", "group_number_twice", {"number": record.number, "name": other.record.name or ""})
        if record.name and other.record.name == record.name:
            yield Doubt("name", "place_name_twice", {"name": record.name})


def is_in_force(record: Responsibility, today: str) -> bool:
    """Whether the responsibility holds on that ISO day."""
    return (record.valid_from or "") <= today and (record.valid_to is None or record.valid_to > today)


def check_responsibility(
    own: bytes, record: Responsibility, known: Sequence[Known], target_there: bool, today: str
) -> list[Finding]:
    """Findings for one responsibility; ``known``: all of them; ``target_there``: its target is a living record."""
    return [
        *_required(RESPONSIBILITY, record),
        *_dates(record),
        *_target(record, target_there),
        *_rivals(own, record, known, today),
    ]


def _target(record: Responsibility, there: bool) -> Iterator[Finding]:
    if not record.target or not record.target_kind:
        yield Problem("target", "required", {"name": ""})
    elif not there:
        yield Problem("target", "ref_unknown", {"typed": ""})
    elif record.target_kind not in TARGETS.get(record.role or "", (record.target_kind,)):
        yield Problem("role", "role_not_here", {})


def _rivals(own: bytes, record: Responsibility, known: Sequence[Known], today: str) -> Iterator[Finding]:
    """Others with the same role at the same target at the same time."""
    if record.valid_to is not None and record.valid_to <= today:
        return
    for other in known:
        rival = other.record
        same = other.id != own and (rival.role, rival.target) == (record.role, record.target)
        if not same or not is_in_force(rival, max(today, record.valid_from or "")):
            continue
        if rival.person_name == record.person_name:
            yield Problem("person_name", "responsibility_twice", {"name": rival.person_name or ""})
        elif record.role in _ONE_PERSON:
            yield Doubt("person_name", "role_held_already", {"name": rival.person_name or ""})
