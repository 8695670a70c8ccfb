"""Rehearsal, restore, safe places (sync.md section 5)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.practice import PASSPHRASE, PORTS, add_household, invited
from villagedesk.errors import DeskError, EnvironmentFault
from villagedesk.paths import DeskPaths
from villagedesk.progress import Progress
from villagedesk.services import bundles, care, desks
from villagedesk.services.desks import Desk
from villagedesk.storage import place


def test_a_rehearsal_brings_the_newest_backup_to_life(village: Desk) -> None:
    with pytest.raises(EnvironmentFault, match="no_backup_yet"):
        care.rehearse(village)
    assert care.last_rehearsal(village) is None
    add_household(village, "001", "张建国")
    made = desks.back_up(village)
    add_household(village, "002", "仇和")
    before = sorted(path.name for path in village.paths.root.rglob("*"))
    done = care.rehearse(village)
    assert (done.file, done.operations) == (made.path.name, 4) and care.last_rehearsal(village) == done
    assert sorted(path.name for path in village.paths.root.rglob("*")) == before
    data = bytearray(made.path.read_bytes())
    data[len(data) // 2] ^= 1
    made.path.write_bytes(data)
    with pytest.raises(EnvironmentFault):
        care.rehearse(village)
    assert care.last_rehearsal(village) == done, "only success is remembered"


def test_a_backup_of_another_life_is_no_backup(village: Desk) -> None:
    add_household(village, "001", "张建国")
    desks.back_up(village)
    village.store.write("UPDATE op SET hash=zeroblob(32) WHERE n=4")
    with pytest.raises(EnvironmentFault, match="backup_damaged"):
        care.rehearse(village)


def test_a_restore_keeps_the_former_store_and_takes_a_new_key(village: Desk) -> None:
    add_household(village, "001", "张建国")
    made = desks.back_up(village)
    add_household(village, "002", "仇和")
    paths, device = village.paths, village.identity.device
    desks.close(village)
    aside = care.restore(paths, PORTS, made.path, PASSPHRASE)
    restored = desks.unlock(paths, PORTS, PASSPHRASE)
    assert restored.store.rows("SELECT household_no FROM household") == [("001",)]
    assert restored.identity.device != device
    desks.close(restored)
    assert aside is not None and aside.is_file()
    aside.replace(paths.store)
    former = desks.unlock(paths, PORTS, PASSPHRASE)
    assert len(former.store.rows("SELECT 1 FROM household")) == 2
    desks.close(former)


def test_a_refused_restore_changes_nothing(village: Desk) -> None:
    add_household(village, "001", "张建国")
    made = desks.back_up(village)
    made.path.write_bytes(made.path.read_bytes()[:-4096])
    paths = village.paths
    desks.close(village)
    before = paths.store.read_bytes()
    with pytest.raises(EnvironmentFault):
        care.restore(paths, PORTS, made.path, PASSPHRASE)
    assert paths.store.read_bytes() == before and not list(paths.root.glob("set-aside*"))


@pytest.mark.parametrize("what", ["no backup", "another desk's"])
def test_a_refused_restore_leaves_the_desk_the_same_device(
    what: str, village: Desk, town: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = village.paths.root / "wrong.vdbackup"
    wrong.write_bytes(bytes(range(256)) * 64 if what == "no backup" else desks.back_up(town).path.read_bytes())
    paths, device = village.paths, village.identity.device
    desks.close(village)
    with pytest.raises(EnvironmentFault, match="backup_foreign"):
        care.restore(paths, PORTS, wrong, PASSPHRASE)
    again = desks.unlock(paths, PORTS, PASSPHRASE)
    assert again.identity.device == device
    desks.close(again)
    assert capfd.readouterr().err == "", "the engine writes nothing of its own"


def test_slots_of_a_refused_backup_do_not_meet_the_next_attempt(village: Desk, tmp_path: Path) -> None:
    add_household(village, "001", "张建国")
    made = desks.back_up(village)
    fresh = DeskPaths(tmp_path / "fresh")
    bad = made.path.with_name("bad.vdbackup")
    bad.write_bytes(b"no backup at all" * 512)
    with pytest.raises(EnvironmentFault, match="backup_foreign"):
        care.restore(fresh, PORTS, bad, PASSPHRASE)
    assert not fresh.slots.exists()
    care.restore(fresh, PORTS, made.path, PASSPHRASE)
    desks.close(desks.unlock(fresh, PORTS, PASSPHRASE))


MOUNTS = """\
/dev/sda2 / ext4 rw 0 0
server:/share /mnt/share nfs4 rw 0 0
//nas/cun /mnt/with\\040blank cifs rw 0 0
/dev/sdb1 /mnt/share/inner ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "found"),
    [
        ("/home/li", "ext4"),
        ("/mnt/share/desk", "nfs4"),
        ("/mnt/shared", "ext4"),
        ("/mnt/with blank/desk", "cifs"),
        ("/mnt/share/inner/desk", "ext4"),
    ],
)
def test_the_innermost_mount_decides(folder: str, found: str) -> None:
    assert place.mount_type(Path(folder), MOUNTS) == found


def test_a_desk_on_a_share_is_refused_and_bundles_and_backups_are_not(
    village: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share, mounts = tmp_path / "share", tmp_path / "mounts"
    share.mkdir()
    mounts.write_text(f"/dev/sda2 / ext4 rw 0 0\nnas:/cun {share} nfs4 rw 0 0\n")
    monkeypatch.setattr(place, "MOUNTS", mounts)
    with pytest.raises(EnvironmentFault, match="desk_on_network"):
        invited_into(share, village)
    assert list(share.iterdir()) == []
    assert bundles.export(village, share / "out", Progress()).files
    assert desks.back_up(village, share / "backups").path.is_file()
    mounts.write_text(f"nas:/cun {tmp_path} nfs4 rw 0 0\n")
    paths = village.paths
    desks.close(village)
    with pytest.raises(EnvironmentFault, match="desk_on_network"):
        desks.unlock(paths, PORTS, PASSPHRASE)


def invited_into(folder: Path, village: Desk) -> Desk:
    made, _ = desks.create_village(
        DeskPaths(folder / "desk"),
        PORTS,
        name="东岭村",
        town_name="青禾镇",
        division_code="",
        operator_name="周某",
        passphrase=PASSPHRASE,
    )
    return made


def test_a_desk_on_a_stick_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Linux shows it: the partition's folder lies in the disk's folder, which says removable."""
    import os

    device = tmp_path.stat().st_dev
    disk = tmp_path / "sys" / "sdb"
    (disk / "sdb1").mkdir(parents=True)
    (disk / "removable").write_text("1\n")
    numbers = tmp_path / "numbers"
    numbers.mkdir()
    (numbers / f"{os.major(device)}:{os.minor(device)}").symlink_to(disk / "sdb1")
    monkeypatch.setattr(place, "DEVICES", numbers)
    with pytest.raises(EnvironmentFault, match="desk_on_stick"):
        place.refuse_unsafe_place(tmp_path / "not yet made")
    (disk / "removable").write_text("0\n")
    place.refuse_unsafe_place(tmp_path / "not yet made")


def test_a_full_disk_at_closing_still_lets_the_next_program_in(tmp_path: Path, town: Desk) -> None:
    desk = invited(tmp_path, town, "柳湾村")
    desk.paths.anchor.unlink()
    desk.paths.anchor.mkdir()
    with pytest.raises(EnvironmentFault):
        desks.close(desk)
    desk.paths.anchor.rmdir()
    desks.close(desks.unlock(desk.paths, PORTS, PASSPHRASE))


def test_where_a_store_was_lost_no_new_desk_takes_its_key_slots(village: Desk) -> None:
    desks.back_up(village)
    paths = village.paths
    desks.close(village)
    slot = (paths.slots / "desk.age").read_bytes()
    paths.store.unlink()
    with pytest.raises(DeskError, match="desk_exists"):
        desks.create_village(
            paths, PORTS, name="村", town_name="", division_code="", operator_name="某", passphrase=PASSPHRASE
        )
    assert (paths.slots / "desk.age").read_bytes() == slot
    (backup,) = paths.backups.glob("*.vdbackup")
    care.restore(paths, PORTS, backup, PASSPHRASE)
    desks.close(desks.unlock(paths, PORTS, PASSPHRASE))
