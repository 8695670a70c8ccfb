"""Cards and search keys, written for many households at once, against the plain way: one household after another."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from villagedesk.domain import readings
from villagedesk.domain.ids import LogId
from villagedesk.ports import Ports
from villagedesk.storage import cards, database, ledger
from villagedesk.storage.database import Store, open_database
from villagedesk.storage.ledger import Change, Ledger
from villagedesk.storage.schema import create_tables

KEY = b"k" * 32
LOGS = [LogId(b"d" * 16, scope * 16) for scope in (b"S", b"T")]
NAMES = ("仇秀兰", "单国平", "欧阳英", "", "Tom", None)
VALUES: dict[str, tuple[Any, ...]] = {
    "household": ("phone", "household_no"),
    "member": ("name", "id_no", "phone", "relation", "seq", "resident", "registered", "valid_to", "household"),
}


def new_ledger(path: Path) -> Ledger:
    store = Store(open_database(path, KEY))
    create_tables(store)
    store.write("PRAGMA synchronous=OFF")  # this test is about equality, not about durability
    return Ledger(store, Ports())


def some(rng: random.Random, name: str) -> Any:
    choices: dict[str, tuple[Any, ...]] = {
        "name": NAMES,
        "id_no": ("999901195602290013", "99990120010101002X", None),
        "relation": ("02", "02", "10"),
        "seq": (None, 0, 1),
        "valid_to": (None, None, "2024-01-01"),
        "household": tuple(home(number).hex() for number in range(9)),
        "household_no": ("01-003", "7", None),
    }
    return rng.choice(
        choices.get(name, (True, False, None) if name in ("resident", "registered") else ("1380000", None))
    )


def home(number: int) -> bytes:
    return b"h" * 15 + bytes([number])


def edit(rng: random.Random) -> Change:
    kind = rng.choice(("household", "member", "member", "member"))
    record = home(rng.randrange(8)) if kind == "household" else b"p" * 15 + bytes([rng.randrange(20)])
    if rng.random() < 0.1:
        return Change(kind, record, {"_del": rng.random() < 0.7})
    return Change(kind, record, {name: some(rng, name) for name in rng.sample(VALUES[kind], 2)})


def tables(store: Store) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    columns = "scope, id, head, sort, registered, resident, conflicts"
    shown = store.rows(f"SELECT {columns} FROM card ORDER BY scope, id")
    return shown, store.rows("SELECT scope, id, key FROM search_key ORDER BY 1, 2, 3")


def plainly(store: Store) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The oracle: what the records say, one household after another."""
    shown, keys = [], set()
    for scope, household, number, phone, conflicts in store.rows(
        "SELECT _scope, id, household_no, phone, _conflicts FROM household WHERE _del=0 ORDER BY _scope, id"
    ):
        people = store.rows(
            "SELECT id, name, id_no, phone, relation, resident, registered, _conflicts FROM member "
            "WHERE household=? AND _scope=? AND _del=0 AND valid_to IS NULL ORDER BY seq, id",
            (household, scope),
        )
        left = store.rows(
            "SELECT id, _conflicts FROM member WHERE household=? AND _scope=? AND _del=0 AND valid_to IS NOT NULL",
            (household, scope),
        )
        head = next((person[1] or "" for person in people if person[4] == "02"), "")
        registered, resident = (sum(person[place] != 0 for person in people) for place in (6, 5))
        conflicts += sum(person[7] for person in people) + sum(row[1] for row in left)
        shown.append((scope, household, head, readings.sort_key(head), registered, resident, conflicts))
        own = set(readings.search_keys(None, None, phone, number))
        own.update(*(readings.search_keys(person[1], person[2], person[3], None) for person in people))
        keys |= {(scope, household, key) for key in own}
    return shown, sorted(keys)


def test_cards_of_many_households_at_once_are_those_of_each_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (cards, ledger, database):  # so that every query and every action is cut somewhere
        monkeypatch.setattr(module, "_BATCH", 3)
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    desk = new_ledger(tmp_path / "a.db")
    for step in range(250):
        changes = {(change.kind, change.record): change for change in (edit(rng) for _ in range(rng.randrange(1, 9)))}
        desk.append(rng.choice(LOGS), changes.values(), b"b" * 16, step.to_bytes(16, "big"))
        assert tables(desk.store) == plainly(desk.store), (seed, step)
    whole = desk.store.rows("SELECT * FROM card ORDER BY scope, id")
    desk.rebuild()
    assert desk.store.rows("SELECT * FROM card ORDER BY scope, id") == whole
    assert tables(desk.store) == plainly(desk.store), seed


def test_an_action_cut_in_two_is_still_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "_BATCH", 2)
    desk = new_ledger(tmp_path / "a.db")
    changes = [Change("household", home(number), {"phone": str(place)}) for place, number in enumerate((0, 1, 2, 0))]
    with pytest.raises(ValueError, match="once"):
        desk.append(LOGS[0], changes, b"b" * 16, b"a" * 16)
    assert desk.store.rows("SELECT count(*) FROM op") == [(0,)]
    done = desk.append(LOGS[0], changes[:3], b"b" * 16, b"a" * 16)
    assert (done.operations, len(done.keys), desk.journal.head(LOGS[0]).n) == (3, 3, 3)
    assert len(desk.journal.of_action(b"a" * 16)) == 3


def test_a_store_of_the_former_program_gets_its_keys_onto_the_cards(tmp_path: Path) -> None:
    desk = new_ledger(tmp_path / "a.db")
    made = [
        Change("household", home(0), {"household_no": "01-003"}),
        Change("household", home(1), {}),
        Change("member", b"p" * 16, {"household": home(0).hex(), "name": "仇秀兰", "phone": "13800000000"}),
    ]
    desk.append(LOGS[0], made, b"b" * 16, b"a" * 16)
    now = desk.store.rows("SELECT * FROM card ORDER BY id")
    desk.store.write("ALTER TABLE card DROP COLUMN keys")
    desk.store.write("CREATE INDEX search_key_id ON search_key (id)")
    desk.store.write("DELETE FROM _sqlite_migrations WHERE name='_keep_keys_on_cards'")
    create_tables(desk.store)
    assert desk.store.rows("SELECT * FROM card ORDER BY id") == now
    assert desk.store.rows("SELECT count(*) FROM sqlite_master WHERE name='search_key_id'") == [(0,)]
    desk.append(LOGS[0], [Change("member", b"p" * 16, {"name": "单国平"})], b"b" * 16, b"c" * 16)
    assert tables(desk.store) == plainly(desk.store)


def test_of_two_heads_the_first_of_the_form_is_shown(tmp_path: Path) -> None:
    desk = new_ledger(tmp_path / "a.db")
    head = {"household": home(0).hex(), "relation": "02"}
    people = [
        Change("member", bytes([place]) * 16, {**head, "name": name, "seq": seq})
        for place, (name, seq) in enumerate((("仇秀兰", 1), ("单国平", 0), ("欧阳英", None)))
    ]
    desk.append(LOGS[0], [Change("household", home(0), {"phone": "1"}), *people], b"b" * 16, b"a" * 16)
    assert desk.store.rows("SELECT head FROM card") == [("欧阳英",)]
    assert tables(desk.store) == plainly(desk.store)
