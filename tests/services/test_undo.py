"""Taking an action back: whole where nobody built on it, and what stays is whole too (sync.md section 2)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.services.practice import add_household, made_town
from villagedesk.domain.records.member import MEMBER
from villagedesk.errors import DeskError
from villagedesk.services import care, desks, households
from villagedesk.services.desks import Desk
from villagedesk.storage import households as stored
from villagedesk.storage.ledger import Change


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = made_town(tmp_path / "desk")
    yield made
    desks.close(made)


class Import:
    """One action as an import makes it: a grid, two households in it, their people."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.action = desk, desk.new_id()
        self.grid, self.homes, self.people = (
            desk.new_id(),
            [desk.new_id(), desk.new_id()],
            [desk.new_id(), desk.new_id()],
        )
        changes = [Change("grid", self.grid, {"code": "01", "name": "甲网格"})]
        for home, person, name in zip(self.homes, self.people, ("钱一", "孙二"), strict=True):
            changes.append(Change("household", home, {"household_no": name, "grid": self.grid.hex()}))
            changes.append(Change("member", person, {"household": home.hex(), "name": name, "relation": "02"}))
        desk.ledger.append(desk.log(), changes, desk.operator, self.action)

    def change(self, kind: str, record: bytes, **changed: Any) -> bytes:
        action = self.desk.new_id()
        self.desk.ledger.append(self.desk.log(), [Change(kind, record, changed)], self.desk.operator, action)
        return action

    def undo(self) -> set[tuple[str, bytes]]:
        return set(households.undo(self.desk, self.action)[1])

    def alive(self) -> set[bytes]:
        kinds = ("grid", "household", "member")
        return {entry.id for kind in kinds for entry in stored.records(self.desk.store, kind)}


def test_an_import_nobody_touched_goes_whole(desk: Desk) -> None:
    made = Import(desk)
    assert made.undo() == set() and made.alive() == set()
    assert made.undo() == set(), "what is gone is not listed again"


def test_a_corrected_household_stays_whole_with_its_people_and_its_grid(desk: Desk) -> None:
    made = Import(desk)
    made.change("household", made.homes[0], phone="13800000000")
    kept = made.undo()
    assert made.alive() == {made.grid, made.homes[0], made.people[0]}
    home = households.read_household(desk, made.homes[0])
    assert (home.household.household_no, home.household.phone) == ("钱一", "13800000000")
    assert [entry.member.name for entry in home.members] == ["钱一"]
    assert kept == {("phone", made.homes[0]), ("_del", made.people[0]), ("_del", made.grid)}


def test_a_corrected_member_keeps_the_household(desk: Desk) -> None:
    made = Import(desk)
    made.change("member", made.people[1], name="孙二娃")
    assert ("name", made.people[1]) in made.undo()
    assert made.alive() == {made.grid, made.homes[1], made.people[1]}


def test_what_others_refer_to_stays(desk: Desk) -> None:
    made = Import(desk)
    _, newcomer = add_household(desk, "9", "李三")
    made.change("member", newcomer, household=made.homes[0].hex())
    made.undo()
    assert {made.homes[0], made.people[0], newcomer} <= made.alive() and made.homes[1] not in made.alive()


def test_a_change_taken_back_first_hinders_nothing(desk: Desk) -> None:
    made = Import(desk)
    later = made.change("household", made.homes[0], phone="13800000000")
    households.undo(desk, later)
    assert made.undo() == set() and made.alive() == set()


def test_a_changed_field_goes_back_and_a_later_one_is_listed(desk: Desk) -> None:
    home, _ = add_household(desk, "1", "赵一")
    action = desk.new_id()
    changed = {"phone": "13811111111", "address": "一组1号"}
    desk.ledger.append(desk.log(), [Change("household", home, changed)], desk.operator, action)
    later = [Change("household", home, {"phone": "13822222222"})]
    desk.ledger.append(desk.log(), later, desk.operator, desk.new_id())
    _, kept = households.undo(desk, action)
    now = households.read_household(desk, home).household
    assert (now.phone, now.address, kept) == ("13822222222", None, [("phone", home)])


def test_an_undo_is_taken_back_like_anything_else(desk: Desk) -> None:
    made = Import(desk)
    touched, _ = households.undo(desk, made.action)
    households.undo(desk, touched.action)
    assert made.alive() == {made.grid, *made.homes, *made.people}


def test_an_unknown_action_is_refused(desk: Desk) -> None:
    with pytest.raises(DeskError, match="action_unknown"):
        households.undo(desk, desk.new_id())


def test_what_only_a_field_put_back_refers_to_goes_too(desk: Desk) -> None:
    home, person = add_household(desk, "1", "赵一")
    grid, other, action = desk.new_id(), desk.new_id(), desk.new_id()
    changes = [
        Change("grid", grid, {"code": "01", "name": "甲网格"}),
        Change("household", home, {"grid": grid.hex()}),
        Change("household", other, {"household_no": "2"}),
        Change("member", person, {"household": other.hex()}),
    ]
    desk.ledger.append(desk.log(), changes, desk.operator, action)
    assert households.undo(desk, action)[1] == []
    assert {entry.id for kind in ("grid", "household") for entry in stored.records(desk.store, kind)} == {home}
    assert [entry.id for entry in households.read_household(desk, home).members] == [person]


def test_a_change_behind_an_erased_beginning_is_no_beginning(desk: Desk) -> None:
    home, action = desk.new_id(), desk.new_id()
    desk.ledger.append(desk.log(), [Change("household", home, {"household_no": "1"})], desk.operator, desk.new_id())
    desk.ledger.append(desk.log(), [Change("household", home, {"phone": "13800000000"})], desk.operator, action)
    first = desk.ledger.journal.of_record(home, desk.scope)[0][0]
    care.redact(desk, home, first.id)
    households.undo(desk, action)
    assert households.read_household(desk, home).household.phone is None
    assert [entry.id for entry in stored.records(desk.store, "household")] == [home]


def test_who_was_gone_before_is_not_listed_as_kept(desk: Desk) -> None:
    made = Import(desk)
    made.change("member", made.people[0], _del=True)
    made.change("household", made.homes[0], phone="13800000000")
    assert ("_del", made.people[0]) not in made.undo()


def test_nobody_is_put_back_into_a_household_that_is_no_more(desk: Desk) -> None:
    made = Import(desk)
    by_hand, _ = add_household(desk, "007", "李四")
    moved = made.change("member", made.people[0], household=by_hand.hex())
    made.undo()
    assert made.people[0] in made.alive() and made.homes[0] not in made.alive()
    kept = set(households.undo(desk, moved)[1])
    assert ("household", made.people[0]) in kept
    person = stored.record(desk.store, MEMBER, made.people[0])
    assert person is not None and person.values["household"] == by_hand.hex()
