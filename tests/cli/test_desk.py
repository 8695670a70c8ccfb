"""The desk's own affairs on the command line: keys, joining, lost computers, conflicts, and what is refused."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_main_way import HOUSEHOLD, Shell, shell
from tests.ui.driver import PASSPHRASE
from villagedesk.cli.main import run
from villagedesk.paths import DeskPaths
from villagedesk.services import desks, households
from villagedesk.services.households import Edit

__all__ = ["shell"]
NEW = "another long passphrase"


@pytest.fixture
def village(shell: Shell, tmp_path: Path) -> Path:
    folder = tmp_path / "village"
    shell("--desk", folder, "desk", "init", "--role", "village", "--name", "柳湾村")
    shell("--desk", folder, "household", "add", stdin=HOUSEHOLD)
    return folder


def file_with(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_passphrase_and_recovery_key(shell: Shell, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    first = shell("--desk", desk, "desk", "init", "--role", "town", "--name", "青禾镇")["recovery_key"]
    new = file_with(tmp_path / "new", NEW + "\n")
    shell("--desk", desk, "desk", "passphrase", "--new-file", new)
    assert shell("--desk", desk, "desk", "info", code=3)["error"]["code"] == "passphrase_wrong"
    renewed = shell("--desk", desk, "--passphrase-file", new, "desk", "recovery-key")["recovery_key"]
    old, good = file_with(tmp_path / "old", first), file_with(tmp_path / "good", " ".join(renewed))
    assert shell("--desk", desk, "desk", "recover", "--recovery-file", old, code=3)["error"]["code"] == "recovery_wrong"
    shell("--desk", desk, "desk", "recover", "--recovery-file", good)
    assert shell("--desk", desk, "desk", "info")["role"] == "town"


def test_a_passphrase_file_that_is_no_text(shell: Shell, village: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "口令.bin"
    wrong.write_bytes(b"\xff\xfe\x00")
    error = shell("--desk", village, "--passphrase-file", wrong, "desk", "info", code=3)["error"]
    assert error["code"] == "file_no_text" and "口令.bin" in error["message"]


def test_a_village_that_worked_alone_joins_and_later_loses_its_computer(
    shell: Shell, village: Path, tmp_path: Path
) -> None:
    town, usb = tmp_path / "town", tmp_path / "usb"
    shell("--desk", town, "desk", "init", "--role", "town", "--name", "青禾镇")
    shell("--desk", town, "town", "invite", "--village", "柳湾村", "-o", tmp_path / "a.vdinvite")
    assert shell("--desk", village, "desk", "join", tmp_path / "a.vdinvite")["town_name"] == "青禾镇"
    exported = shell("--desk", village, "bundle", "export", "-o", usb)
    shell("--desk", town, "bundle", "import", usb)
    assert exported["ops"] and shell("--desk", town, "desk", "info")["households"] == 1
    again = ("--desk", town, "town", "replace-machine", "-o", tmp_path / "b.vdinvite")
    assert shell(*again, "--village", "无此村", "--yes", code=1)["error"]["code"] == "village_unknown"
    shell(*again, "--village", "柳湾村", "--yes")
    made = shell(
        "--desk", tmp_path / "fresh", "desk", "init", "--role", "village", "--invitation", tmp_path / "b.vdinvite"
    )
    assert made["name"] == "柳湾村"


def test_a_conflict_is_listed_and_settled(shell: Shell, tmp_path: Path) -> None:
    town, village, back = tmp_path / "town", tmp_path / "village", tmp_path / "back"
    shell("--desk", town, "desk", "init", "--role", "town", "--name", "青禾镇")
    shell("--desk", town, "town", "invite", "--village", "柳湾村", "-o", tmp_path / "a.vdinvite")
    shell("--desk", village, "desk", "init", "--role", "village", "--invitation", tmp_path / "a.vdinvite")
    shell("--desk", village, "household", "add", stdin=HOUSEHOLD)
    shell("--desk", village, "bundle", "export", "-o", tmp_path / "usb")
    shell("--desk", town, "bundle", "import", tmp_path / "usb", "--receipts", back)
    shell("--desk", village, "bundle", "import", back)
    for desk, address in ((village, "一组1号"), (town, "一组2号")):
        shell("--desk", desk, "household", "set", "001", stdin={"address": address})
    news = shell("--desk", town, "bundle", "import", tmp_path / "usb", "--receipts", tmp_path / "news")["receipts"]
    shell("--desk", village, "bundle", "import", *news)
    (found,) = shell("--desk", village, "conflict", "list")["conflicts"]
    assert {found["shown"]["value"], found["other"]["value"]} == {"一组1号", "一组2号"}
    assert shell("--desk", village, "conflict", "settle", "0", "--keep", "other", code=1)["error"]["code"]
    shell("--desk", village, "conflict", "settle", found["id"], "--keep", "other")
    assert shell("--desk", village, "conflict", "list")["conflicts"] == []
    assert shell("--desk", village, "household", "show", "001")["address"] == found["other"]["value"]


@pytest.mark.parametrize(
    "change, code",
    [
        ({"members": [{"name": "钱二", "relation": "02", "id_missing_reason": "未上户", "sex": "1"}]}, "two_heads"),
        ({"members": [{"name": "钱二", "relation": "12", "id_no": "999901195602290013"}]}, "id_twice"),
        ({"members": [{"id": "zz", "name": "x"}]}, "id_wrong"),
        ({"members": [{"id": "0" * 32, "name": "x"}]}, "record_unknown"),
        ({"members": {"name": "x"}}, "json_wrong"),
        ({"members": ["x"]}, "json_wrong"),
    ],
)
def test_a_change_that_breaks_a_rule_is_refused(shell: Shell, village: Path, change: Any, code: str) -> None:
    before = shell("--desk", village, "household", "show", "001")
    error = shell("--desk", village, "household", "set", "001", stdin=change, code=1)["error"]
    assert error["code"] in (code, "input_refused") and error["message"]
    assert shell("--desk", village, "household", "show", "001") == before


def test_a_number_of_another_household_needs_a_reason(shell: Shell, village: Path) -> None:
    person = {"name": "李四", "relation": "02", "id_no": "999901195602290013"}
    home = {"household_no": "002", "members": [person]}
    message = shell("--desk", village, "household", "add", stdin=home, code=1)["error"]["message"]
    assert "张建国" in message
    shell(
        "--desk", village, "household", "add", stdin={**home, "members": [{**person, "id_shared_reason": "双重户口"}]}
    )


def test_group_and_exact_number_in_the_search(shell: Shell, village: Path) -> None:
    group = shell("--desk", village, "group", "add", stdin={"number": 3, "name": "三组"})["id"]
    person = {"name": "阿明", "relation": "02", "id_missing_reason": "未上户", "sex": "1"}
    home = {"household_no": "0010", "villager_group": group, "members": [person]}
    shell("--desk", village, "household", "add", stdin=home)
    numbers = {
        find: [row["household_no"] for row in shell("--desk", village, "household", "list", "--find", find)["rows"]]
        for find in ("001", "3组", "三组", "四组")
    }
    assert numbers["001"] == ["001", "0010"], "阿 would stand first by pinyin"
    assert numbers["3组"] == numbers["三组"] == ["0010"] and numbers["四组"] == []


def test_one_number_in_two_households_is_not_guessed(shell: Shell, village: Path) -> None:
    person = {"name": "李四", "relation": "02", "id_missing_reason": "无", "sex": "1"}
    used = {"household_no": "001", "members": [person]}
    assert "001" in shell("--desk", village, "household", "add", stdin=used, code=1)["error"]["message"]
    made = shell("--desk", village, "household", "add", stdin={"household_no": "002", "members": [person]})
    assert shell("--desk", village, "household", "set", "002", stdin={"household_no": "001"}, code=1)["error"]
    desk = desks.unlock(DeskPaths(village), shell.ports, PASSPHRASE)
    households.save(desk, [Edit("household", bytes.fromhex(made["id"]), {"household_no": "001"})])  # as two desks may
    desks.close(desk)
    assert shell("--desk", village, "household", "show", "001", code=1)["error"]["code"] == "number_ambiguous"
    assert shell("--desk", village, "household", "show", made["id"])["members"][0]["name"] == "李四"
    shell("--desk", village, "household", "set", made["id"], stdin={"phone": "19900000003"})  # what stands there stays


def test_one_rejected_file_among_good_ones_is_told_by_the_exit_code(shell: Shell, tmp_path: Path) -> None:
    town, village, usb = tmp_path / "town", tmp_path / "village", tmp_path / "usb"
    shell("--desk", town, "desk", "init", "--role", "town", "--name", "青禾镇")
    shell("--desk", town, "town", "invite", "--village", "柳湾村", "-o", tmp_path / "a.vdinvite")
    shell("--desk", village, "desk", "init", "--role", "village", "--invitation", tmp_path / "a.vdinvite")
    shell("--desk", village, "bundle", "export", "-o", usb)
    (usb / "x.vdbundle").write_bytes(b"nothing")
    taken = shell("--desk", town, "bundle", "import", usb, code=1)
    assert sorted(entry["status"] for entry in taken["bundles"]) == ["accepted", "rejected"]


def test_small_refusals(shell: Shell, village: Path, tmp_path: Path) -> None:
    assert shell("--desk", village, "dump", "nokind", code=1)["error"]["code"] == "kind_unknown"
    assert shell("--desk", village, "roster", "export", tmp_path / "x.txt", code=1)["error"]["code"] == "roster_suffix"
    assert not (tmp_path / "x.txt").exists()
    assert shell("--desk", village, "history", "zz", code=1)["error"]["code"] == "id_wrong"
    assert shell("--desk", village, "history", "0" * 32, code=1)["error"]["code"] == "record_unknown"


class ClosedPipe(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_a_reader_that_went_away_is_no_bug(shell: Shell, village: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", ClosedPipe())
    assert run(["--desk", str(village), "household", "list"], shell.ports) == 0
    sys.stdout.close()
    assert not list(village.glob("**/crash*"))


def test_a_restore_with_a_weak_new_passphrase_changes_nothing(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = tmp_path / "desk"
    key = shell("--desk", desk, "desk", "init", "--role", "village", "--name", "柳湾村")["recovery_key"]
    backup = shell("--desk", desk, "desk", "backup")["file"]
    shell("--desk", desk, "household", "add", stdin=HOUSEHOLD)
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", "short")
    restore = ("desk", "restore", backup, "--recovery-file", file_with(tmp_path / "key", key))
    assert shell("--desk", desk, *restore, code=3)["error"]["code"] == "passphrase_weak"
    fresh = tmp_path / "fresh"
    assert shell("--desk", fresh, *restore, code=3)["error"]["code"] == "passphrase_weak"
    assert not (fresh / "desk.db").exists() and not (fresh / "slots").exists()
    monkeypatch.undo()
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", PASSPHRASE)
    assert shell("--desk", desk, "desk", "info")["households"] == 1 and not list(desk.glob("set-aside-*"))
    shell("--desk", desk, "desk", "restore", backup)
    assert shell("--desk", desk, "desk", "info")["households"] == 0
    assert [entry["values"]["event"] for entry in shell("--desk", desk, "dump", "audit")["records"]] == ["restored"]
    assert shell("--desk", desk, "desk", "restore", "nosuch", code=3)["error"]["params"] == {"file": "nosuch"}


def test_a_damaged_store_is_not_called_a_wrong_passphrase(shell: Shell, village: Path) -> None:
    store = village / "desk.db"
    data = bytearray(store.read_bytes())
    data[:200] = bytes(200)
    store.write_bytes(data)
    assert shell("--desk", village, "desk", "info", code=3)["error"]["code"] == "store_damaged"


def test_a_round_with_a_refused_file_is_told_by_the_exit_code(shell: Shell, tmp_path: Path) -> None:
    town, village, usb = tmp_path / "town", tmp_path / "village", tmp_path / "usb"
    shell("--desk", town, "desk", "init", "--role", "town", "--name", "青禾镇")
    for name in ("甲村", "乙村"):
        shell("--desk", town, "town", "invite", "--village", name, "-o", tmp_path / f"{name}.vdinvite")
        desk = ("--desk", tmp_path / name)
        shell(*desk, "desk", "init", "--role", "village", "--invitation", tmp_path / f"{name}.vdinvite")
        shell(*desk, "bundle", "export", "-o", usb)
    assert shell("--desk", town, "sync", "--folder", usb)["errors"] == []
    village = tmp_path / "甲村"
    taken = shell("--desk", village, "bundle", "import", usb)["bundles"]
    assert [entry["status"] for entry in taken] == ["accepted"], "what lies there for others is passed over"
    (usb / "x.vdbundle").write_bytes(b"nothing")
    assert shell("--desk", village, "sync", "--folder", usb, code=1)["errors"] == [
        {"file": "x.vdbundle", "code": "bundle_foreign"}
    ]


def test_wrong_words_are_one_document_too(shell: Shell, village: Path, tmp_path: Path) -> None:
    assert shell("--desk", village, "household", "show", code=2)["error"]["code"] == "usage"
    town = ("desk", "init", "--role", "town", "--name", "镇", "--invitation", tmp_path / "x")
    assert shell("--desk", tmp_path / "new", *town, code=2)["error"]["code"] == "usage"
    document = shell("--desk", village, "dump", "member")
    assert len(document["records"]) == 2 and document["state_hash"]


def test_a_place_that_is_no_folder_is_named(shell: Shell, village: Path, tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    form = ("form", "household", "--all", "-o", tmp_path / "plain" / "a.pdf")
    error = shell("--desk", village, *form, code=3)["error"]
    assert error["code"] == "place_unwritable" and "plain" in error["message"]


def test_history_in_words_says_when_who_and_what(
    shell: Shell, village: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = shell("--desk", village, "household", "show", "001")["id"]
    shell("--desk", village, "household", "set", "001", stdin={"address": "三组 7 号"})
    assert run(["--desk", str(village), "--lang", "zh_CN", "history", home], shell.ports) == 0
    told = capsys.readouterr().out
    assert "户籍地址: " in told and "→ 三组 7 号" in told and "20" in told.splitlines()[0]
