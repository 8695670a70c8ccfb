"""The quick way of folding a record that nobody edited twice at once equals the way for any set of writes."""

from __future__ import annotations

import random

from villagedesk.domain.fold import Write, _fold_branched, _fold_straight, fold_register

HISTORIES = 3000


def history(rng: random.Random) -> list[Write]:
    """Writes that mostly see what is there, over few fields."""
    writes: list[Write] = []
    writers: dict[str, str] = {}
    for n in range(rng.randrange(1, 6)):
        op = f"{n:032x}"
        changed = {name: rng.choice((None, "a", "b")) for name in rng.sample(("x", "y", "z"), rng.randrange(1, 4))}
        if rng.random() < 0.05:
            changed["_del"] = rng.choice((True, False))  # type: ignore[assignment] # a deletion's mark
        was = {name: writers[name] for name in changed if name in writers and rng.random() < 0.95}
        resolved = [f"{op}.x"] if rng.random() < 0.03 else []
        t = n if rng.random() < 0.95 else rng.randrange(6)
        writes.append(Write(t, b"d", op.encode(), op, changed, was, resolved))
        writers.update(dict.fromkeys(changed, op))
    rng.shuffle(writes)
    return writes


def test_straight_equals_branched() -> None:
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    straight = 0
    for _ in range(HISTORIES):
        writes = history(rng)
        ordered = sorted(writes, key=lambda write: write[:3])
        quick, oracle = _fold_straight(ordered), _fold_branched(ordered)
        assert fold_register(writes) == oracle, seed
        straight += quick is not None
    assert HISTORIES / 4 < straight < HISTORIES, "both ways must be walked"
