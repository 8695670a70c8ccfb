"""Rounds through a folder: both ways, nothing twice, nothing lost (sync.md section 4, transports)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.services.practice import PASSPHRASE, PORTS, add_household, invited
from villagedesk.errors import Cancelled, DeskError, EnvironmentFault
from villagedesk.paths import DeskPaths
from villagedesk.progress import Progress
from villagedesk.services import bundles, desks, intake
from villagedesk.services.desks import Desk
from villagedesk.services.folder_sync import Round, last_folder, sync_folder


def a_round(desk: Desk, folder: Path) -> Round:
    folder.mkdir(exist_ok=True)
    return sync_folder(desk, folder, Progress())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_there_and_back_until_nothing_waits(village: Desk, town: Desk, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    add_household(village, "001", "张建国")
    sent = a_round(village, stick)
    assert (len(sent.sent), sent.operations, sent.waiting) == (1, 4, 4)
    at_town = a_round(town, stick)
    assert ([taken.folded for taken in at_town.taken], len(at_town.sent), at_town.errors) == ([4], 1, ())
    back = a_round(village, stick)
    assert (len(back.taken), back.sent, back.waiting) == (1, (), 0)
    assert bundles.report_status(village).acknowledged == 4 and last_folder(village) == stick.absolute()


def test_a_round_again_does_nothing(village: Desk, town: Desk, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    add_household(village, "001", "张建国")
    for _ in range(3):
        for desk in (village, town):
            a_round(desk, stick)
    before = names(stick)
    assert len(before) == 2, "one there, one back"
    for desk in (village, town, village):
        assert a_round(desk, stick) in (Round(), Round(waiting=0))
    assert names(stick) == before


def test_what_lies_there_unacknowledged_is_not_written_again(village: Desk, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    add_household(village, "001", "张建国")
    (first,) = a_round(village, stick).sent
    assert a_round(village, stick).sent == ()
    add_household(village, "002", "仇和")
    second = a_round(village, stick)
    assert second.operations == 2 and a_round(village, stick).sent == (), "only what does not lie there"
    first.write_bytes(first.read_bytes()[:-1])
    assert a_round(village, stick).operations == 4 + 2, "a damaged copy is no copy"
    assert a_round(village, tmp_path / "other").operations == 6, "another stick is empty"


def test_names_do_not_matter_and_rubbish_is_named(village: Desk, town: Desk, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    add_household(village, "001", "张建国")
    (path,) = a_round(village, stick).sent
    a_round(town, stick)
    shutil.copyfile(path, stick / "copy of copy.vdbundle")
    (stick / "cut.vdbundle").write_bytes(path.read_bytes()[:-5])
    (stick / "photo.vdbundle").write_bytes(b"PK\3\4")
    (stick / "notes.txt").write_text("not ours")
    again = a_round(town, stick)
    assert (again.taken, again.sent) == ((), ())
    assert again.errors == (("photo.vdbundle", "bundle_foreign"),)
    add_household(village, "002", "仇和")
    fresh = bundles.export(village, tmp_path / "usb", Progress()).files[0].read_bytes()
    (stick / "cut.vdbundle").write_bytes(fresh[:-5])
    assert a_round(town, stick).errors == (("cut.vdbundle", "bundle_cut"), ("photo.vdbundle", "bundle_foreign"))
    (stick / "cut.vdbundle").write_bytes(fresh)
    assert [taken.folded for taken in a_round(town, stick).taken] == [2], "mended: taken at the next round"


def test_a_village_takes_only_its_own_answer(village: Desk, town: Desk, tmp_path: Path) -> None:
    share = tmp_path / "share"
    neighbour = invited(tmp_path, town, "南坡村", "neighbour")
    for desk in (village, neighbour, town):
        a_round(desk, share)
    for desk in (village, neighbour):
        done = a_round(desk, share)
        assert (len(done.taken), done.errors, done.waiting) == (1, (), 0)
    desks.close(neighbour)


def test_the_town_answers_again_when_it_has_something_new_to_say(village: Desk, town: Desk, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    household, _ = add_household(village, "001", "张建国")
    for desk in (village, town, village):
        a_round(desk, stick)
    from villagedesk.services.households import Edit, save

    save(town, [Edit("household", household, {"phone": "13900000000"})])
    assert len(a_round(town, stick).sent) == 1 and a_round(town, stick).sent == ()
    assert [taken.folded for taken in a_round(village, stick).taken] == [1]
    assert village.store.rows("SELECT phone FROM household") == [("13900000000",)]


def test_a_lost_answer_is_written_again(village: Desk, town: Desk, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    a_round(village, stick)
    (answer,) = a_round(town, stick).sent
    answer.unlink()
    assert len(a_round(town, stick).sent) == 1


def test_a_stopped_round_goes_on_where_it_was(village: Desk, town: Desk, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    a_round(village, stick)
    stopping = Progress(lambda done, total, step: stopping.cancel())
    with pytest.raises(Cancelled):
        sync_folder(town, stick, stopping)
    assert len(a_round(town, stick).taken) == 1


def test_no_town_no_folder(tmp_path: Path, village: Desk) -> None:
    alone, _ = desks.create_village(
        DeskPaths(tmp_path / "alone"),
        PORTS,
        name="东岭村",
        town_name="青禾镇",
        division_code="",
        operator_name="周某",
        passphrase=PASSPHRASE,
    )
    with pytest.raises(DeskError, match="no_town_yet"):
        a_round(alone, tmp_path / "stick")
    desks.close(alone)
    (tmp_path / "file").write_text("")
    for nowhere in (tmp_path / "file", tmp_path / "not plugged in"):
        with pytest.raises(EnvironmentFault, match="file_missing"):
            sync_folder(village, nowhere, Progress())
    assert not (tmp_path / "not plugged in").exists()


def test_folders_stand_for_the_bundles_in_them(village: Desk, tmp_path: Path) -> None:
    add_household(village, "001", "张建国")
    for _ in range(2):
        bundles.export(village, tmp_path / "usb", Progress())
    inside = sorted((tmp_path / "usb").iterdir())
    (tmp_path / "usb" / "notes.txt").write_text("")
    assert intake.files_in([tmp_path / "usb", inside[0]]) == inside
    (tmp_path / "empty").mkdir()
    with pytest.raises(DeskError, match="no_bundles_here"):
        intake.files_in([tmp_path / "empty"])
