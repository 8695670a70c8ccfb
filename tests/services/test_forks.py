"""A copied or restored folder: a fork costs a message, never data (sync.md section 3)."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.services.practice import (
    PASSPHRASE,
    PORTS,
    add_household,
    hand_in,
    invited,
    made_town,
    raw_segment,
    sealed_by,
)
from villagedesk.domain.ids import LogId
from villagedesk.paths import DeskPaths
from villagedesk.progress import Progress
from villagedesk.services import bundles, care, desks, intake
from villagedesk.services.desks import Desk
from villagedesk.sync.contents import Ack, Contents

KEPT_COPIES = 50


def reopened(desk: Desk) -> Desk:
    desks.close(desk)
    return desks.unlock(desk.paths, PORTS, PASSPHRASE)


def exchange(desk: Desk, town: Desk, folder: Path) -> None:
    """There and back; the town answers although nothing may be new."""
    for taken in hand_in(desk, town, folder).bundles:
        assert (taken.status, taken.code) == ("accepted", "")
    answers = bundles.export_returns(town, folder / "answers", frozenset({desk.scope}), Progress())
    codes = [taken.code for taken in intake.import_files(desk, answers, Progress()).bundles]
    assert "" in codes and set(codes) <= {"", "bundle_not_for_us"}, "answers to other desks are closed to this one"


def test_two_copies_of_one_folder_both_arrive_whole(village: Desk, town: Desk, tmp_path: Path) -> None:
    add_household(village, "001", "张建国")
    exchange(village, town, tmp_path)
    desks.close(village)
    shutil.copytree(village.paths.root, tmp_path / "copy")
    first, second = (desks.unlock(DeskPaths(tmp_path / name), PORTS, PASSPHRASE) for name in ("village", "copy"))
    assert first.identity == second.identity, "one machine, one anchor: nothing tells the copy yet"
    add_household(first, "002", "仇和")
    add_household(second, "003", "单雄信")
    add_household(second, "004", "尉迟恭")
    exchange(first, town, tmp_path)
    done = hand_in(second, town, tmp_path)
    assert done.bundles[0].forks == 2
    for desk in (first, second):
        assert intake.import_files(desk, done.receipts, Progress()).bundles[0].renews
    assert [entry.code for entry in care.incidents(town)] == ["fork_found"]
    assert len(town.store.rows("SELECT 1 FROM household")) == 4, "both branches count"
    first, second = reopened(first), reopened(second)
    assert len({village.identity.device, first.identity.device, second.identity.device}) == 3
    add_household(first, "005", "秦叔宝")
    add_household(second, "006", "程咬金")
    for desk in (first, second, first, second):
        exchange(desk, town, tmp_path)
    for desk in (first, second):
        status = bundles.report_status(desk)
        assert (status.unsent_total, status.unacknowledged, status.enrolled) == (0, 0, True)
        assert len(desk.store.rows("SELECT 1 FROM household")) == 6
        assert desk.ledger.state_hash(desk.scope) == town.ledger.state_hash(desk.scope)
        assert care.verify(desk, Progress()).sound
    assert care.verify(town, Progress()).sound
    desks.close(first)
    desks.close(second)


def test_a_store_put_back_at_any_operation_loses_nothing(tmp_path: Path) -> None:
    """The desk works, hands in now and then; somebody puts an older store back after every k-th operation."""
    town = made_town(tmp_path / "town")
    village = invited(tmp_path, town, "柳湾村")
    written = 0
    for k in range(1, KEPT_COPIES + 1):
        old = tmp_path / "old.db"
        village.store.write("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(village.paths.store, old)
        for _ in range(k % 3):
            written += 1
            add_household(village, f"{written:03d}", "张建国")
        if k % 2:
            exchange(village, town, tmp_path)
        handed_in = k % 2 == 1
        if not handed_in:
            bundles.export(village, tmp_path / "late", Progress())
        desks.close(village)
        old.replace(village.paths.store)
        village = desks.unlock(village.paths, PORTS, PASSPHRASE)
    intake.import_files(town, sorted((tmp_path / "late").iterdir()), Progress())
    for _ in range(2):
        exchange(village, town, tmp_path)
    numbers = {row[0] for row in town.store.rows("SELECT household_no FROM household")}
    assert numbers == {f"{number:03d}" for number in range(1, written + 1)}
    assert len(village.store.rows("SELECT 1 FROM household")) == written
    assert village.ledger.state_hash(village.scope) == town.ledger.state_hash(village.scope)
    assert bundles.report_status(village).unacknowledged == 0
    assert care.incidents(town) == [], "every restored desk went on under a key of its own"
    desks.close(village)
    desks.close(town)


def test_a_range_that_continues_nothing_is_spoken_of(village: Desk, town: Desk, tmp_path: Path) -> None:
    """Signed by its own device, behind what the town holds, from another past: kept, and an incident at once."""
    add_household(village, "001", "张建国")
    hand_in(village, town, tmp_path)
    head = town.ledger.journal.head(village.log())
    elsewhere = head._replace(hash=b"\1" * 32)
    part = raw_segment(
        village.identity, village.log(), [("household", village.new_id(), {"household_no": "9"})], elsewhere
    )
    path = sealed_by(village, Contents(village.new_id(), (part,)), tmp_path)
    (taken,) = intake.import_files(town, [path], Progress()).bundles
    assert (taken.status, taken.forks) == ("accepted", 1)
    (incident,) = care.incidents(town)
    assert (incident.code, incident.detail["n"]) == ("fork_found", head.n)
    again = sealed_by(village, Contents(village.new_id(), (part,)), tmp_path)
    assert intake.import_files(town, [again], Progress()).bundles[0].forks == 0, "it was spoken of"
    assert len(care.incidents(town)) == 1


def test_many_lines_that_say_nothing_are_refused(village: Desk, town: Desk, tmp_path: Path) -> None:
    hand_in(village, town, tmp_path)
    acks = tuple(Ack(LogId(b"d" * 16, n.to_bytes(16, "big")), 1, b"h" * 32, (), b"", 1) for n in range(10_000))
    path = sealed_by(village, Contents(village.new_id(), acks=acks), tmp_path)
    assert intake.import_files(town, [path], Progress()).bundles[0].code == "bundle_content"
