"""Owns what was done to a record and to a household: who changed what, when, at which desk, and what undid what.

No SQL, no Qt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from villagedesk.domain.operation import DELETED, decode_payload
from villagedesk.errors import DeskError
from villagedesk.services.desks import Desk
from villagedesk.services.households import read_household
from villagedesk.storage import households

#: ``undone``: the step only put back what stood there before another one; ``again``: it put back what was undone.
Origin = Literal["typed", "undone", "again"]
#: What a step changed: record and field → (before, after).
Reach = dict[tuple[str, str, str], tuple[Any, Any]]
#: Kind of record, whose name it holds, what was done to it.
Part = tuple[str, str, "HistoryEntry"]
#: An action on more records than a household has came from a workbook.
_WIDE = 60


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One operation on a record: when (wall ms), by whom, at which desk, which fields from what to what."""

    operation: str
    action: bytes
    at: int
    by: str
    device: str
    changes: tuple[tuple[str, Any, Any], ...]
    verdict: str


@dataclass(frozen=True, slots=True)
class Step:
    """One user action on a household: everything it changed here.

    ``made``: the household began with it; ``wide``: it touched many households at once.
    """

    action: bytes
    at: int
    by: str
    device: str
    parts: tuple[Part, ...]
    origin: Origin = "typed"
    made: bool = False
    wide: bool = False


def record_history(desk: Desk, record_id: bytes) -> list[HistoryEntry]:
    """All operations on a record in the scope it lives in, newest first; raises ``DeskError`` ``record_unknown``."""
    names = {entry.id: str(entry.values.get("name") or "") for entry in households.records(desk.store, "operator")}
    scope = desk.ledger.journal.home(record_id)
    if scope is None:
        raise DeskError("record_unknown")
    entries: list[HistoryEntry] = []
    before: dict[str, Any] = {}
    for operation, verdict in desk.ledger.journal.of_record(record_id, scope):
        redacted: dict[str, Any] = {"set": {}, "at": 0}
        payload = redacted if operation.payload is None else decode_payload(operation.payload)
        changes = tuple((name, before.get(name), value) for name, value in payload["set"].items())
        before.update(payload["set"])
        entries.append(
            HistoryEntry(
                operation.id.hex(),
                operation.header.act,
                int(payload["at"]),
                names.get(operation.header.by, ""),
                operation.log.device.hex()[:6],
                changes,
                verdict.name.lower(),
            )
        )
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def kind_of(desk: Desk, record_id: bytes) -> str:
    """The kind of a record; raises ``DeskError`` ``record_unknown``."""
    scope = desk.ledger.journal.home(record_id)
    if scope is None:
        raise DeskError("record_unknown")
    return desk.ledger.journal.of_record(record_id, scope)[0][0].header.kind


def household_history(desk: Desk, household_id: bytes) -> list[Part]:
    """History of a household and everyone ever in it, newest first."""
    file = read_household(desk, household_id)
    found = [("household", "", entry) for entry in record_history(desk, file.id)]
    for person in file.members:
        found += [("member", person.member.name or "", entry) for entry in record_history(desk, person.id)]
    return sorted(found, key=lambda each: each[2].at, reverse=True)


def household_steps(desk: Desk, household_id: bytes) -> list[Step]:
    """The same by user action, newest first."""
    actions: dict[bytes, list[Part]] = {}
    for part in household_history(desk, household_id):
        actions.setdefault(part[2].action, []).append(part)
    steps: list[Step] = []
    before: list[tuple[Reach, Origin]] = []
    for action, parts in reversed(actions.items()):
        reach = _reach(parts)
        undone = next((origin for earlier, origin in reversed(before) if _takes_back(reach, earlier)), None)
        origin: Origin = "typed" if undone is None else "again" if undone == "undone" else "undone"
        wide = desk.ledger.journal.reach(action, _WIDE + 1) > _WIDE
        if wide and undone is None and (gone := _voids(parts)) is not None:
            origin = "undone" if gone else "again"
        entry, made = parts[0][2], not before and any(kind == "household" for kind, *_ in parts)
        before.append((reach, origin))
        steps.append(Step(action, entry.at, entry.by, entry.device, tuple(parts), origin, made, wide))
    return steps[::-1]


def _voids(parts: Sequence[Part]) -> bool | None:
    """Whether a step did nothing but void (True) or bring back (False); so many at once, an import was undone."""
    done = {value for *_, entry in parts for name, _, value in entry.changes if name == DELETED}
    alone = all(name == DELETED for *_, entry in parts for name, *_ in entry.changes)
    return done.pop() is True if alone and len(done) == 1 else None


def _reach(parts: Sequence[Part]) -> Reach:
    return {(kind, who, name): (old, new) for kind, who, entry in parts for name, old, new in entry.changes}


def _takes_back(step: Reach, earlier: Reach) -> bool:
    """Whether everything a step wrote stood there before the earlier one, which wrote what the step found."""
    return bool(step) and all(old != new and earlier.get(place) == (new, old) for place, (old, new) in step.items())
