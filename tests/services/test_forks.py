"""A copied or restored folder: a fork costs a message, never data (sync.md section 3)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

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
from villagedesk.storage.ledger import Change
from villagedesk.sync.contents import Ack, Contents

KEPT_COPIES = 50
#: Towns in which these happen; more copies of one town only make more devices.
HISTORIES = 5


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


def note_household(desk: Desk, number: int) -> None:
    """One operation."""
    change = Change("household", desk.new_id(), {"household_no": f"{number:03d}"})
    desk.ledger.append(desk.log(), [change], desk.operator, desk.new_id())


class Machines:
    """On which machine each folder lies; what is done with a desk is done there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: dict[Path, str] = {}
        self.here = ""
        monkeypatch.setattr(desks, "machine_fingerprint", lambda: self.here)

    def sit_at(self, root: Path) -> None:
        self.here = self.names.setdefault(root, "the first")

    def unlock(self, root: Path) -> Desk:
        self.sit_at(root)
        return desks.unlock(DeskPaths(root), PORTS, PASSPHRASE)

    def close(self, desk: Desk) -> None:
        self.sit_at(desk.paths.root)
        desks.close(desk)

    def copied(self, desk: Desk, root: Path, machine: str) -> tuple[Desk, Desk]:
        """The desk opened again, and its copy."""
        self.close(desk)
        shutil.copytree(desk.paths.root, root)
        self.names[root] = machine or self.names[desk.paths.root]
        return self.unlock(desk.paths.root), self.unlock(root)


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_folder_copied_after_any_operation_loses_nothing(
    elsewhere: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both folders go on and hand in what they wrote; then one of the two, in turn, is never seen again.

    25 times each.  On one machine both write under one key until the town says so; elsewhere the copy is a new desk
    from its start.
    """
    machines = Machines(monkeypatch)
    k = written = 0
    for history in range(HISTORIES):
        folder = tmp_path / str(history)
        machines.sit_at(folder / "town")
        town = made_town(folder / "town")
        village = invited(folder, town, "柳湾村")
        begun, forks = written, 0
        for _ in range(KEPT_COPIES // 2 // HISTORIES):
            k += 1
            device = village.identity.device
            pair = machines.copied(village, folder / f"copy{k}", f"machine {k}" if elsewhere else "")
            assert [desk.identity.device == device for desk in pair] == [True, not elsewhere]
            wrote = (k % 3, (k + 1 + k // 3) % 3)
            for desk, count in zip(pair, wrote, strict=True):
                for _ in range(count):
                    written += 1
                    note_household(desk, written)
            order = pair if k % 4 < 2 else pair[::-1]
            split = 0
            for desk in order:
                machines.sit_at(desk.paths.root)
                split += sum(taken.forks for taken in hand_in(desk, town, folder / f"usb{k}").bundles)
            assert bool(split) == (all(wrote) and not elsewhere)
            forks += bool(split)
            village, lost = order[k % 2], order[1 - k % 2]
            answers = bundles.export_returns(town, folder / f"back{k}", frozenset({village.scope}), Progress())
            intake.import_files(village, answers, Progress())
            machines.close(lost)
            machines.close(village)
            village = machines.unlock(village.paths.root)
        for _ in range(2):
            exchange(village, town, folder / "last")
        expected = [f"{number:03d}" for number in range(begun + 1, written + 1)]
        for desk in (town, village):
            assert sorted(row[0] for row in desk.store.rows("SELECT household_no FROM household")) == expected
            assert care.verify(desk, Progress()).sound
        assert village.ledger.state_hash(village.scope) == town.ledger.state_hash(village.scope)
        assert bundles.report_status(village).unacknowledged == 0
        assert [entry.code for entry in care.incidents(town)] == ["fork_found"] * forks
        machines.close(village)
        machines.close(town)


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
