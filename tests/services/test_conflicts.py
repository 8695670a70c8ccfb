"""Two desks change one field unseen by each other; a human settles it, the choice reaches both (sync.md 1.4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.practice import add_household, hand_in
from villagedesk.progress import Progress
from villagedesk.services import conflicts, history, households, intake
from villagedesk.services.conflicts import OpenConflict
from villagedesk.services.desks import Desk
from villagedesk.services.households import Edit


def phone_of(desk: Desk, household: bytes) -> str | None:
    return households.read_household(desk, household).household.phone


@pytest.fixture
def disputed(village: Desk, town: Desk, tmp_path: Path) -> bytes:
    """A household whose phone village and town changed at once; both desks know of both."""
    household, _ = add_household(village, "001", "张建国")
    intake.import_files(village, hand_in(village, town, tmp_path).receipts, Progress())
    households.save(town, [Edit("household", household, {"phone": "13900000001"})])
    households.save(village, [Edit("household", household, {"phone": "13900000002"})])
    intake.import_files(village, hand_in(village, town, tmp_path).receipts, Progress())
    return household


def the_one(desk: Desk) -> OpenConflict:
    (found,) = conflicts.waiting(desk)
    return found


def test_both_values_are_shown_with_who_and_where(village: Desk, town: Desk, disputed: bytes) -> None:
    for desk in (village, town):
        found = the_one(desk)
        assert (found.household, found.field, found.whose) == (disputed, "phone", "张建国")
        sides = {(side.desk, side.by, side.value) for side in (found.shown, found.other)}
        assert sides == {("青禾镇", "王镇干", "13900000001"), ("柳湾村", "李会英", "13900000002")}
        assert found.shown.value == phone_of(desk, disputed)


@pytest.mark.parametrize("choice", ["shown", "other", "third"])
def test_a_choice_settles_it_at_both_desks(
    village: Desk, town: Desk, disputed: bytes, tmp_path: Path, choice: str
) -> None:
    found = the_one(village)
    value = {"shown": found.shown.value, "other": found.other.value, "third": "13900000003"}[choice]
    conflicts.settle(village, found, value)
    assert conflicts.waiting(village) == [] and phone_of(village, disputed) == value
    hand_in(village, town, tmp_path)
    assert conflicts.waiting(town) == [] and phone_of(town, disputed) == value
    assert village.ledger.state_hash(village.scope) == town.ledger.state_hash(village.scope)


def test_the_value_not_chosen_stays_in_the_history(village: Desk, disputed: bytes) -> None:
    found = the_one(village)
    conflicts.settle(village, found, found.other.value)
    written = {new for entry in history.record_history(village, disputed) for _, _, new in entry.changes}
    assert {"13900000001", "13900000002"} <= written


def test_nothing_waits_where_nobody_disagreed(village: Desk) -> None:
    add_household(village, "001", "张建国")
    assert conflicts.waiting(village) == []


def test_who_voids_a_disputed_household_disputes_nothing_new(village: Desk, disputed: bytes) -> None:
    households.void_household(village, disputed)
    assert {found.field for found in conflicts.waiting(village)} == {"phone"}
    households.restore_household(village, disputed)
    assert the_one(village).field == "phone"


def test_a_void_against_an_edit_shows_both_and_can_be_kept_alive(village: Desk, town: Desk, tmp_path: Path) -> None:
    household, _ = add_household(village, "001", "张建国")
    intake.import_files(village, hand_in(village, town, tmp_path).receipts, Progress())
    households.void_household(village, household)
    households.save(town, [Edit("household", household, {"address": "三组 7 号"})])
    intake.import_files(village, hand_in(village, town, tmp_path).receipts, Progress())
    found = next(found for found in conflicts.waiting(village) if found.field == "_del")
    assert (found.shown.value, found.other.value, found.whose) == (True, False, "张建国")
    conflicts.settle(village, found, False)
    file = households.read_household(village, household)
    assert [entry.member.name for entry in file.present] == ["张建国"] and conflicts.waiting(village) == []
