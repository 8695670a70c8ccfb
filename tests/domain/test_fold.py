"""The fold against an oracle that knows what really happened (sync.md sections 1, 2, 6: I1, I3, I4, I9).

The oracle never looks at ``was``: it watches every clerk of a simulated history and notes which write each one had
before their eyes when they typed.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from villagedesk.domain.fold import Write, fold_fact, fold_register
from villagedesk.domain.operation import DELETED, next_time

HISTORIES = 20_000
FIELDS = ("name", "phone", "address")
YEAR_MS = 365 * 86_400_000


@dataclass
class Truth:
    """What the oracle noted: the write shown to each author, per (write, field)."""

    shown: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def conflicts(self, writes: list[Write]) -> set[tuple[str, str]]:
        """(field, write) pairs that lost without anybody having had them before their eyes."""
        lost = set()
        for name in {name for write in writes for name in write.changed}:
            on_field = [write for write in writes if name in write.changed]
            winner = max(on_field, key=lambda write: (write.t, write.device, write.hash))
            looked_at = {self.shown[write.op, name] for write in on_field}
            lost |= {
                (name, write.op)
                for write in on_field
                if write.op not in looked_at and write.changed[name] != winner.changed[name]
            }
        return lost

    def values(self, writes: list[Write]) -> dict[str, Any]:
        ordered = sorted(writes, key=lambda write: (write.t, write.device, write.hash))
        return {name: value for write in ordered for name, value in write.changed.items()}


def simulate(rng: random.Random, steps: int) -> tuple[list[Write], Truth]:
    """Five village desks and a town edit one record; parcels arrive late, twice, in part, or from a restored desk."""
    replicas: list[dict[str, Write]] = [{} for _ in range(6)]
    clocks = [rng.randrange(-10 * YEAR_MS, 10 * YEAR_MS) + 50 * YEAR_MS for _ in replicas]
    backups = [dict(replica) for replica in replicas]
    everything: list[Write] = []
    truth = Truth()
    for step in range(steps):
        at = rng.randrange(6)
        event = rng.random()
        if event < 0.45:
            write = edit(rng, replicas[at], at, clocks[at] + step * 1000, len(everything), truth)
            replicas[at][write.op] = write
            everything.append(write)
        elif event < 0.9:
            parcel = [write for write in replicas[at].values() if rng.random() < 0.8]
            rng.shuffle(parcel)
            replicas[rng.randrange(6)].update({write.op: write for write in parcel})
        elif event < 0.95:
            backups[at] = dict(replicas[at])
        else:
            replicas[at] = dict(backups[at])
    return everything, truth


def edit(rng: random.Random, replica: dict[str, Write], at: int, now: int, count: int, truth: Truth) -> Write:
    folded = fold_register(replica.values())
    visible = truth.values(list(replica.values()))
    names = rng.sample(FIELDS, rng.randrange(1, 3))
    digest = hashlib.sha256(f"{count}".encode()).digest()
    write = Write(
        next_time(now, folded.t),
        bytes([at]),
        digest,
        digest[:16].hex(),
        {name: rng.randrange(3) for name in names},
        {name: folded.writers[name] for name in names if name in folded.writers},
        (),
    )
    by_value = sorted(replica.values(), key=lambda known: (known.t, known.device, known.hash))
    for name in names:
        before_the_eyes = [known for known in by_value if name in known.changed]
        truth.shown[write.op, name] = before_the_eyes[-1].op if before_the_eyes else None
        assert not before_the_eyes or before_the_eyes[-1].changed[name] == visible[name]
    return write


def test_random_histories() -> None:
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    flagged = 0
    for _ in range(HISTORIES):
        writes, truth = simulate(rng, 24)
        mixed = writes + rng.choices(writes, k=3) if writes else []
        rng.shuffle(mixed)
        folded = fold_register(mixed)
        assert dict(folded.values) == truth.values(writes), seed
        conflicts = {(conflict.field, conflict.loser) for conflict in folded.conflicts}
        assert conflicts == truth.conflicts(writes), seed
        flagged += len(conflicts)
    assert flagged > HISTORIES / 10, "histories without conflicts prove nothing"


def write(op: str, t: int, changed: dict[str, Any], was: dict[str, str] | None = None, resolved: tuple = ()) -> Write:
    digest = hashlib.sha256(op.encode()).digest()
    return Write(t, b"d", digest, op, changed, was or {}, resolved)


def test_same_value_twice_is_no_conflict() -> None:
    assert fold_register([write("a", 1, {"name": "王"}), write("b", 2, {"name": "王"})]).conflicts == ()


def test_a_conflict_stays_until_it_is_resolved() -> None:
    both = [write("a", 1, {"name": "王"}), write("b", 2, {"name": "汪"})]
    (conflict,) = fold_register(both).conflicts
    assert (conflict.id, conflict.value, conflict.winner) == ("a.name", "王", "b")
    later = write("c", 3, {"name": "旺"}, {"name": "b"})
    assert [entry.id for entry in fold_register([*both, later]).conflicts] == ["a.name"]
    settled = write("d", 4, {"name": "王"}, {"name": "c"}, ("a.name",))
    folded = fold_register([*both, later, settled])
    assert folded.conflicts == () and folded.values["name"] == "王"


def test_a_deletion_beside_an_unseen_edit_stays_visible() -> None:
    made = write("a", 1, {"name": "王", "phone": "1"})
    deletion = write("b", 3, {DELETED: True}, {"name": "a", "phone": "a"})
    assert fold_register([made, deletion]).conflicts == ()
    unseen = write("c", 2, {"phone": "2"}, {"phone": "a"})
    folded = fold_register([made, deletion, unseen])
    assert folded.deleted
    assert [entry.id for entry in folded.conflicts] == [f"c.{DELETED}"]
    confirmed = write("e", 5, {DELETED: True}, {DELETED: "b", "name": "a", "phone": "c"})
    assert fold_register([made, deletion, unseen, confirmed]).conflicts == ()


def test_a_fact_is_written_once() -> None:
    folded = fold_fact([write("b", 2, {"count": 9}), write("a", 1, {"count": 1})])
    assert folded.values == {"count": 1} and folded.writers == {"count": "a"}


@pytest.mark.parametrize("now, known, expected", [(10, 5, 10), (5, 10, 11), (5, 5, 6)])
def test_clock_per_record(now: int, known: int, expected: int) -> None:
    assert next_time(now, known) == expected
