"""Equal operations, different records: alarm, rebuild, incident (sync.md section 3)."""

from __future__ import annotations

from pathlib import Path

from tests.services.practice import add_household, hand_in
from villagedesk.progress import Progress
from villagedesk.services import bundles, care, intake
from villagedesk.services.desks import Desk


def break_records(desk: Desk) -> None:
    """What a bug in the fold would do: records are gone although their operations are there."""
    desk.store.write("DELETE FROM household")
    desk.store.write("UPDATE scope SET state=NULL")


def test_a_broken_village_is_told_by_the_receipt_and_mends_itself(village: Desk, town: Desk, tmp_path: Path) -> None:
    add_household(village, "001", "张建国")
    done = hand_in(village, town, tmp_path)
    break_records(village)
    (taken,) = intake.import_files(village, done.receipts, Progress()).bundles
    assert (taken.state_differs, taken.rebuilt, taken.healed) == (True, True, True)
    assert village.store.rows("SELECT household_no FROM household") == [("001",)]
    assert village.ledger.state_hash(village.scope) == town.ledger.state_hash(village.scope)
    (incident,) = care.incidents(village)
    assert (incident.code, incident.detail["healed"]) == ("state_differs", True)


def test_a_broken_town_is_told_by_the_next_bundle(village: Desk, town: Desk, tmp_path: Path) -> None:
    add_household(village, "001", "张建国")
    intake.import_files(village, hand_in(village, town, tmp_path).receipts, Progress())
    break_records(town)
    add_household(village, "002", "仇和")
    (taken,) = hand_in(village, town, tmp_path).bundles
    assert (taken.state_differs, taken.healed) == (True, True)
    assert len(town.store.rows("SELECT 1 FROM household")) == 2


def test_what_a_rebuild_cannot_mend_is_said_and_not_tried_again(village: Desk, town: Desk, tmp_path: Path) -> None:
    add_household(village, "001", "张建国")
    hand_in(village, town, tmp_path)
    break_records(town)
    for number, rebuilt in ((1, True), (2, False)):
        folder = tmp_path / f"back{number}"
        files = bundles.export_returns(town, folder, frozenset({village.scope}), Progress())
        (taken,) = intake.import_files(village, files, Progress()).bundles
        assert (taken.state_differs, taken.rebuilt, taken.healed) == (True, rebuilt, False)
    assert len(care.incidents(village)) == 1
    assert village.store.rows("SELECT household_no FROM household") == [("001",)]


def test_different_operations_are_no_alarm(village: Desk, town: Desk, tmp_path: Path) -> None:
    add_household(village, "001", "张建国")
    done = hand_in(village, town, tmp_path)
    add_household(village, "002", "仇和")
    (taken,) = intake.import_files(village, done.receipts, Progress()).bundles
    assert not taken.state_differs and care.incidents(village) == []
    assert bundles.report_status(village).unsent_total == 2


def test_a_receipt_for_a_head_that_never_was_proves_nothing(village: Desk, town: Desk, tmp_path: Path) -> None:
    add_household(village, "001", "张建国")
    done = hand_in(village, town, tmp_path)
    village.store.write("UPDATE op SET hash=zeroblob(32) WHERE n=4 AND log=(SELECT log FROM op WHERE n=4)")
    intake.import_files(village, done.receipts, Progress())
    assert bundles.report_status(village).acknowledged < 4
