"""Owns the fold: what a record looks like, as a pure function of the *set* of its operations (sync.md section 2).

Per field the write with the greatest (t, device, hash) wins.  A write that no other write claims to have replaced
(through ``was`` or a resolved conflict) is a *head*; every head that differs from the winner is a conflict, kept
restorable until a human resolves it.  Arrival order, duplicates and gaps cannot matter: a set has none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from villagedesk.domain.operation import DELETED


class Write(NamedTuple):
    """One operation as the fold sees it; ids are hex.  Tuple order is the fold's order."""

    t: int
    device: bytes
    hash: bytes
    op: str
    changed: Mapping[str, Any]
    was: Mapping[str, str]
    resolved: Sequence[str]


_place = itemgetter(slice(3))


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two writes of one field that did not see each other (or a deletion against an edit: field ``_del``)."""

    field: str
    winner: str
    loser: str
    value: Any

    @property
    def id(self) -> str:
        return f"{self.loser}.{self.field}"


@dataclass(frozen=True, slots=True)
class Folded:
    """A record: field values, the operation that wrote each, open conflicts, the highest time known."""

    values: Mapping[str, Any]
    writers: Mapping[str, str]
    conflicts: tuple[Conflict, ...]
    t: int

    @property
    def deleted(self) -> bool:
        return self.values.get(DELETED) is True


def fold_register(writes: Collection[Write]) -> Folded:
    """Fold a register record; ``writes`` are its authorised, unredacted operations in any order, each once or twice."""
    if len(writes) == 1:
        (only,) = writes
        return Folded(only.changed, dict.fromkeys(only.changed, only.op), (), only.t)
    ordered = _in_order(writes)
    return _fold_straight(ordered) or _fold_branched(ordered)


def _in_order(writes: Collection[Write]) -> list[Write]:
    return sorted({write.hash: write for write in writes}.values(), key=_place)


def _fold_straight(ordered: Sequence[Write]) -> Folded | None:
    """The usual case, quickly: every write saw the one before it.  None when any did not, or something is deleted."""
    values: dict[str, Any] = {}
    writers: dict[str, str] = {}
    for write in ordered:
        if write.resolved or DELETED in write.changed:
            return None
        was = write.was
        if was != writers:
            for field in write.changed:
                if field in writers and was.get(field) != writers[field]:
                    return None
        values.update(write.changed)
        writers.update(dict.fromkeys(write.changed, write.op))
    return Folded(values, writers, (), ordered[-1].t) if ordered else None


def _fold_branched(ordered: Sequence[Write]) -> Folded:
    """Any set of writes; the oracle of the quick case."""
    winners: dict[str, Write] = {}
    writers_of: dict[str, list[Write]] = {}
    replaced: set[tuple[str, str]] = set()
    for write in ordered:
        for field in write.changed:
            winners[field] = write
            writers_of.setdefault(field, []).append(write)
            seen = write.was.get(field)
            if seen is not None:
                replaced.add((field, seen))
        for entry in write.resolved:
            op, _, field = entry.partition(".")
            replaced.add((field, op))
    values = {field: winner.changed[field] for field, winner in winners.items()}
    conflicts = [
        Conflict(field, winner.op, write.op, write.changed[field])
        for field, winner in winners.items()
        if len(writers_of[field]) > 1
        for write in writers_of[field]
        if write.op != winner.op and (field, write.op) not in replaced and write.changed[field] != values[field]
    ]
    if values.get(DELETED) is True:
        conflicts += _edits_beside_deletion(winners, writers_of, replaced)
    conflicts.sort(key=lambda conflict: (conflict.field, conflict.loser))
    writers = {field: winner.op for field, winner in winners.items()}
    return Folded(values, writers, tuple(conflicts), ordered[-1].t if ordered else 0)


def _edits_beside_deletion(
    winners: Mapping[str, Write], writers_of: Mapping[str, list[Write]], replaced: set[tuple[str, str]]
) -> list[Conflict]:
    """Writes the deletion had not seen: its ``was`` names every field the clerk saw when deleting."""
    deletion = winners[DELETED]
    losers: dict[str, Conflict] = {}
    for field, writes in writers_of.items():
        if field == DELETED:
            continue
        for write in writes:
            known = write.op in (deletion.op, deletion.was.get(field))
            if not known and (field, write.op) not in replaced and (DELETED, write.op) not in replaced:
                losers[write.op] = Conflict(DELETED, deletion.op, write.op, False)
    return list(losers.values())


def fold_fact(writes: Collection[Write]) -> Folded:
    """Fold a fact: written once.  The first write counts; a correction is another fact."""
    ordered = _in_order(writes)
    if not ordered:
        return Folded({}, {}, (), 0)
    first = ordered[0]
    return Folded(first.changed, dict.fromkeys(first.changed, first.op), (), ordered[-1].t)
