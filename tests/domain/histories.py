"""Random histories of one record, and what sync.md section 2 says must be seen of it.

Five village desks and a town edit, void, bring back and settle; parcels arrive late, twice, in part, in any order; a
desk is restored from a backup or copied with its key; clocks are ten years wrong and jump.  What a clerk saw is noted
by ``Oracle``, which reads neither ``was`` nor ``res`` and never asks the fold.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from villagedesk.domain.fold import Write
from villagedesk.domain.operation import DELETED

DESKS = 6
FIELDS = ("name", "phone", "address")
VALUES = (None, "a", "b", "c")
YEAR_MS = 365 * 86_400_000

#: (field, id of the write that lost in it)
Lost = tuple[str, str]


class Seen(NamedTuple):
    """What stood before a clerk when a write was made: by field the write shown, and what was settled knowingly."""

    page: Mapping[str, str]
    settled: Collection[Lost]


class View(NamedTuple):
    """A record as everybody must see it: values, who wrote them, (field, loser) → value that waits for a human."""

    values: Mapping[str, Any]
    writers: Mapping[str, str]
    waiting: Mapping[Lost, Any]


class Oracle:
    """Notes what the clerks saw; says what a set of writes must look like."""

    def __init__(self) -> None:
        self.seen: dict[str, Seen] = {}

    def shown(self, writes: Collection[Write]) -> dict[str, Write]:
        """Per field the last write in the order of (t, device, hash)."""
        last: dict[str, Write] = {}
        for write in writes:
            for name in write.changed:
                other = last.get(name)
                if other is None or (write.t, write.device, write.hash) > (other.t, other.device, other.hash):
                    last[name] = write
        return last

    def view(self, writes: Collection[Write]) -> View:
        """Nothing is dropped in silence: whatever lost and stood before nobody who wrote over it waits."""
        shown = self.shown(writes)
        known: set[Lost] = set()
        for write in writes:
            seen = self.seen[write.op]
            known.update((name, seen.page[name]) for name in write.changed if name in seen.page)
            known.update(seen.settled)
        waiting: dict[Lost, Any] = {}
        for write in writes:
            for name, value in write.changed.items():
                if value != shown[name].changed[name] and (name, write.op) not in known:
                    waiting[name, write.op] = value
        if DELETED in shown and shown[DELETED].changed[DELETED] is True:
            waiting.update(self._edits_beside(shown[DELETED], writes, known))
        values = {name: write.changed[name] for name, write in shown.items()}
        return View(values, {name: write.op for name, write in shown.items()}, waiting)

    def _edits_beside(self, void: Write, writes: Collection[Write], known: Collection[Lost]) -> dict[Lost, Any]:
        """A deletion against an edit that its clerk had not before the eyes stays visible until a human decides."""
        page = self.seen[void.op].page
        return {
            (DELETED, write.op): False
            for write in writes
            for name in write.changed
            if name != DELETED
            and page.get(name) != write.op
            and (name, write.op) not in known
            and (DELETED, write.op) not in known
        }


class Desk:
    """One replica: what it holds, its key and its clock."""

    def __init__(self, device: int, clock: int) -> None:
        self.device = bytes([device])
        self.clock = clock
        self.held: dict[str, Write] = {}
        self.backup: dict[str, Write] = {}


class History:
    """One random history; ``writes`` are all that were ever made.

    ``fields`` are what is edited.  Real replicas take the place of these by ``make``, ``hand_over`` and ``go_back``.
    """

    fields: tuple[str, ...] = FIELDS

    def __init__(self, rng: random.Random, steps: int) -> None:
        self.rng, self.oracle = rng, Oracle()
        self.desks = [Desk(number, self._clock()) for number in range(DESKS)]
        self.writes: list[Write] = []
        self.settled = self.voided = 0
        for _ in range(steps):
            self._step()

    def _clock(self) -> int:
        """Ten years around some day, or that day exactly: two desks then write in the same millisecond."""
        return 50 * YEAR_MS + (self.rng.randrange(-10 * YEAR_MS, 10 * YEAR_MS) if self.rng.random() < 0.7 else 0)

    def _step(self) -> None:
        event, desk = self.rng.random(), self.rng.choice(self.desks)
        if event < 0.36:
            self._edit(desk)
        elif event < 0.42:
            self._void(desk)
        elif event < 0.5:
            self._settle(desk)
        elif event < 0.9:
            self._deliver(desk, self.rng.choice(self.desks))
        elif event < 0.93:
            desk.clock = self._clock()
        elif event < 0.96:
            desk.backup = dict(desk.held)
        else:
            self.go_back(desk, None if event < 0.98 else self.rng.choice(self.desks))

    def counted(self, desk: Desk) -> Collection[Write]:
        """What has a say at that desk."""
        return desk.held.values()

    def go_back(self, desk: Desk, other: Desk | None) -> None:
        """Restored from its backup, or copied from another desk, key and all."""
        if other is None:
            desk.held = dict(desk.backup)
        else:
            desk.held, desk.device = dict(other.held), other.device

    def _deliver(self, source: Desk, target: Desk) -> None:
        """Three quarters of what is held, in some order."""
        chance = self.rng.getrandbits(len(source.held) + 1) | self.rng.getrandbits(len(source.held) + 1)
        parcel = [write for place, write in enumerate(source.held.values()) if chance >> place & 1]
        if chance & 2:
            parcel.reverse()
        self.hand_over(source, target, parcel)

    def hand_over(self, source: Desk, target: Desk, parcel: Sequence[Write]) -> None:
        target.held.update((write.op, write) for write in parcel)

    def _write(self, desk: Desk, changed: Mapping[str, Any], settled: Collection[Lost] = ()) -> None:
        page = {name: write.op for name, write in self.oracle.shown(self.counted(desk)).items()}
        write = self.make(desk, changed, settled, page)
        if write is not None:
            self.oracle.seen[write.op] = Seen(page, settled)
            desk.held[write.op] = write
            self.writes.append(write)
            desk.clock += self.rng.randrange(2000)

    def time(self, desk: Desk) -> int:
        """The hybrid clock kept per record."""
        return max(desk.clock, 1 + max((known.t for known in desk.held.values()), default=0))

    def make(
        self, desk: Desk, changed: Mapping[str, Any], settled: Collection[Lost], page: Mapping[str, str]
    ) -> Write | None:
        """The write as that desk's program would make it; None when it writes nothing."""
        digest = hashlib.sha256(b"%d" % len(self.writes)).digest()
        names = page if changed.get(DELETED) is True else changed
        was = {name: page[name] for name in names if name in page}
        resolved = [f"{op}.{name}" for name, op in settled]
        return Write(self.time(desk), desk.device, digest, digest[:16].hex(), changed, was, resolved)

    def _edit(self, desk: Desk) -> None:
        names = self.rng.sample(self.fields, self.rng.choice((1, 1, 2, 3)))
        self._write(desk, {name: self.rng.choice(VALUES) for name in names})

    def _void(self, desk: Desk) -> None:
        """作废, or bring back what is void."""
        shown = self.oracle.shown(self.counted(desk)).get(DELETED)
        gone = shown is not None and shown.changed[DELETED] is True
        self._write(desk, {DELETED: not gone if self.rng.random() < 0.9 else gone})
        self.voided += 1

    def _settle(self, desk: Desk) -> None:
        """A human decides one field: for what is shown, for what lost, or for a third value."""
        view = self.oracle.view(self.counted(desk))
        if not view.waiting:
            return
        name = self.rng.choice([field for field, _ in view.waiting])
        losers = [(field, op) for field, op in view.waiting if field == name]
        third = VALUES if name != DELETED else ()
        chosen = self.rng.choice([view.values[name], *(view.waiting[lost] for lost in losers), *third[:1]])
        self._write(desk, {} if chosen == view.values[name] else {name: chosen}, losers)
        self.settled += 1
