"""The fold against an oracle that knows what really happened (sync.md sections 1, 2, 6: I1, I3, I4, I9)."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Collection
from typing import Any

import pytest

from tests.domain.histories import History, View
from villagedesk.domain.fold import Write, fold_fact, fold_register
from villagedesk.domain.operation import DELETED, next_time

#: As many as fit; the long run of sync.md section 6 asks for a million.
HISTORIES, STEPS = 20_000, 60


def seen_by_the_fold(writes: Collection[Write]) -> View:
    folded = fold_register(writes)
    assert folded.t == max(write.t for write in writes)
    assert all(conflict.winner == folded.writers[conflict.field] for conflict in folded.conflicts)
    waiting = {(conflict.field, conflict.loser): conflict.value for conflict in folded.conflicts}
    assert len(waiting) == len(folded.conflicts)
    return View(folded.values, folded.writers, waiting)


def test_random_histories() -> None:
    """20,000 histories of 60 steps: all writes of each, shuffled and some twice, and one desk's part as it arrived."""
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    waiting = settled = voided = beside = 0
    for _ in range(HISTORIES):
        history = History(rng, STEPS)
        writes = history.writes
        if not writes:
            continue
        view = history.oracle.view(writes)
        assert seen_by_the_fold(rng.sample(writes * 2, len(writes) * 2)) == view, seed
        held = rng.choice(history.desks).held
        if held:
            assert seen_by_the_fold(held.values()) == history.oracle.view(held.values()), seed
        waiting += len(view.waiting)
        beside += sum(name == DELETED for name, _ in view.waiting)
        settled += history.settled
        voided += history.voided
    assert min(waiting, settled, voided, beside) > HISTORIES / 3, "such histories prove nothing"


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
