"""The main job on the command line, as a script would drive it: JSON in and out, exit codes, one sentence an error."""

from __future__ import annotations

import hashlib
import io
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from villagedesk.cli.main import run
from villagedesk.domain.household_rules import check_household
from villagedesk.domain.practice import invent_household
from villagedesk.domain.records.household import HOUSEHOLD as HOUSEHOLD_KIND
from villagedesk.domain.records.member import MEMBER
from villagedesk.errors import Problem
from villagedesk.ports import Ports

HOUSEHOLD = {
    "household_no": "001",
    "phone": "13800001234",
    "members": [
        {"name": "张建国", "relation": "02", "id_no": "999901195602290013"},
        {"name": "仇秀兰", "relation": "10", "id_no": "999901200002290021"},
    ],
}


class QuickPassphrases:
    """age's scrypt takes seconds by design; tests of the command line need only right or wrong."""

    def lock(self, secret: bytes, passphrase: str) -> bytes:
        return hashlib.sha256(passphrase.encode()).digest() + secret

    def unlock(self, sealed: bytes, passphrase: str) -> bytes | None:
        return sealed[32:] if sealed[:32] == hashlib.sha256(passphrase.encode()).digest() else None


class Shell:
    """A person at a prompt."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys
        self.ports = Ports(passphrases=QuickPassphrases())
        self.err = ""

    def __call__(self, *arguments: str | Path, stdin: object = None, code: int = 0) -> Any:
        self.monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(stdin)))
        assert run(["--lang", "zh_CN", *map(str, arguments), "--json"], self.ports) == code
        out, self.err = self.capsys.readouterr()
        return json.loads(out) if out.strip() else None


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", "a long enough passphrase")
    return Shell(monkeypatch, capsys)


def test_main_way(shell: Shell, tmp_path: Path) -> None:
    town, village, usb, back = (tmp_path / name for name in ("town", "village", "usb", "back"))
    shell("--desk", town, "desk", "init", "--role", "town", "--name", "青禾镇")
    shell("--desk", town, "town", "invite", "--village", "柳湾村", "-o", tmp_path / "lw.vdinvite")
    made = shell("--desk", village, "desk", "init", "--role", "village", "--invitation", tmp_path / "lw.vdinvite")
    assert made["name"] == "柳湾村" and made["recovery_key"].startswith("AGE-SECRET-KEY-1")
    shell("--desk", village, "household", "add", stdin=HOUSEHOLD)
    for find in ("zjg", "zhangjianguo", "建国", "0013", "1234", "qxl", "001"):
        (row,) = shell("--desk", village, "household", "list", "--find", find)["rows"]
        assert (row["head"], row["status"]) == ("张建国", "unsent"), find
    assert shell("--desk", village, "household", "list", "--find", "zjx")["rows"] == []
    exported = shell("--desk", village, "bundle", "export", "-o", usb)
    assert exported["ops"] == 5
    taken = shell("--desk", town, "bundle", "import", *exported["files"], "--receipts", back)
    assert taken["bundles"] == [
        {
            "file": Path(exported["files"][0]).name,
            "status": "accepted",
            "code": None,
            "ops": 5,
            "folded": 5,
            "forbidden": 0,
            "unknown": 0,
        }
    ]
    shell("--desk", village, "bundle", "import", taken["receipt"])
    (row,) = shell("--desk", village, "household", "list")["rows"]
    assert row["status"] == "received"
    assert shell("--desk", village, "desk", "verify")["same"] is True


def test_change_history_and_undo(shell: Shell, tmp_path: Path) -> None:
    shell("--desk", tmp_path, "desk", "init", "--role", "village", "--name", "柳湾村")
    household = shell("--desk", tmp_path, "household", "add", stdin=HOUSEHOLD)["id"]
    done = shell("--desk", tmp_path, "household", "set", "001", stdin={"phone": "13900009999"})
    entries = shell("--desk", tmp_path, "history", household)["entries"]
    assert entries[0]["changes"] == {"phone": ["13800001234", "13900009999"]}
    shell("--desk", tmp_path, "undo", done["action"])
    assert shell("--desk", tmp_path, "household", "show", "001")["phone"] == "13800001234"
    voided = shell("--desk", tmp_path, "household", "void", "001")
    assert shell("--desk", tmp_path, "household", "list")["households"] == 0
    shell("--desk", tmp_path, "undo", voided["action"])
    assert shell("--desk", tmp_path, "household", "list")["people"] == 2


def test_errors_are_one_sentence_with_a_code(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shell("--desk", tmp_path, "desk", "info", code=3)["error"]["code"] == "no_desk_here"
    shell("--desk", tmp_path, "desk", "init", "--role", "village", "--name", "柳湾村")
    assert shell("--desk", tmp_path, "household", "show", "777", code=1)["error"]["code"] == "household_unknown"
    assert shell.err == "找不到户编号 777。\n"
    wrong = shell("--desk", tmp_path, "household", "add", stdin={"colour": "red"}, code=1)
    assert wrong["error"]["code"] == "field_unknown"
    assert shell("--desk", tmp_path, "bundle", "export", "-o", tmp_path, code=1)["error"]["code"] == "no_town_yet"
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", "not the right passphrase")
    assert shell("--desk", tmp_path, "desk", "info", code=3)["error"]["code"] == "passphrase_wrong"
    assert run(["no-such-command"], shell.ports) == 2


def test_backup_and_restore(shell: Shell, tmp_path: Path) -> None:
    shell("--desk", tmp_path, "desk", "init", "--role", "village", "--name", "柳湾村")
    shell("--desk", tmp_path, "household", "add", stdin=HOUSEHOLD)
    made = shell("--desk", tmp_path, "desk", "backup")
    shell("--desk", tmp_path, "household", "void", "001")
    aside = shell("--desk", tmp_path, "desk", "restore", made["file"])["set_aside"]
    assert Path(aside).exists()
    assert shell("--desk", tmp_path, "household", "list")["households"] == 1
    broken = tmp_path / "broken.vdbackup"
    data = bytearray(Path(made["file"]).read_bytes())
    data[len(data) // 2] ^= 1
    broken.write_bytes(data)
    assert shell("--desk", tmp_path, "desk", "restore", broken, code=3)["error"]["code"] in (
        "backup_damaged",
        "store_damaged",
    )
    assert shell("--desk", tmp_path, "household", "list")["households"] == 1


def test_forms(shell: Shell, tmp_path: Path) -> None:
    shell("--desk", tmp_path, "desk", "init", "--role", "village", "--name", "柳湾村", "--town", "青禾镇")
    shell("--desk", tmp_path, "household", "add", stdin=HOUSEHOLD)
    made = shell("--desk", tmp_path, "form", "household", "--household", "001", "-o", tmp_path / "one.pdf")
    assert (made["forms"], made["pages"], made["missing"]) == (1, 1, [])
    assert Path(made["file"]).read_bytes().startswith(b"%PDF-")
    blank = shell("--desk", tmp_path, "form", "household", "--blank", "3", "-o", tmp_path / "blank.pdf")
    assert blank["pages"] == 3
    nothing = shell("--desk", tmp_path, "form", "household", "-o", tmp_path / "none.pdf", code=1)
    assert nothing["error"]["code"] == "nothing_to_print" and not (tmp_path / "none.pdf").exists()
    unknown = shell("--desk", tmp_path, "form", "household", "--grid", "9", "-o", tmp_path / "n.pdf", code=1)
    assert unknown["error"]["code"] == "grid_unknown"


def test_what_is_typed_is_read_and_refused_like_anywhere_else(shell: Shell, tmp_path: Path) -> None:
    shell("--desk", tmp_path, "desk", "init", "--role", "village", "--name", "柳湾村")
    person = {"name": "王 明", "relation": "户主", "ethnic": "汉", "id_no": "９９９９０１１９５６０２２９００１３"}
    shell("--desk", tmp_path, "household", "add", stdin={"household_no": "7", "farmland": "8.4", "members": [person]})
    shown = shell("--desk", tmp_path, "household", "show", "7")
    assert shown["farmland"] == 840
    (member,) = shown["members"]
    assert (member["name"], member["relation"], member["ethnic"]) == ("王明", "02", "01")
    assert member["id_no"] == "999901**********13", "numbers are starred"
    assert shell("--desk", tmp_path, "household", "show", "7", "--full-ids", code=1)["error"]["code"]
    whole = shell("--desk", tmp_path, "household", "show", "7", "--full-ids", "--purpose", "核对")
    assert whole["members"][0]["id_no"] == "999901195602290013"
    (noted,) = shell("--desk", tmp_path, "dump", "audit")["records"]
    assert (noted["values"]["event"], noted["values"]["purpose"]) == ("full_ids_shown", "核对")
    for wrong in (
        {"id_no": "1.10105E+17"},
        {"id_no": "110105194912310000"},
        {"relation": "10"},
        {"seq": "x"},
        {"sex": 1},
    ):
        document = {"household_no": "8", "members": [{**person, **wrong}]}
        refused = shell("--desk", tmp_path, "household", "add", stdin=document, code=1)
        assert refused["error"]["code"] == "input_refused", wrong
        assert len(shell.err) > 10
    assert shell("--desk", tmp_path, "household", "list")["households"] == 1


def test_demo_ends_with_receipts_for_everything(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    done = shell("demo", "--dir", folder, "--villages", "2", "--households", "5", "--headless")
    assert done["households"] == 10 and Path(done["forms"]).exists()
    assert done["received"] > done["households"] + done["people"] and done["waiting"] == 0
    assert shell("demo", "--dir", folder, code=1)["error"]["code"] == "demo_folder_taken"


def test_invented_people_break_no_rule(shell: Shell, tmp_path: Path) -> None:
    rng = random.Random(7)
    for number in range(300):
        made = invent_household(rng, number)
        members = [MEMBER.make(member) for member in made.members]
        findings = check_household(HOUSEHOLD_KIND.make(made.household), members, date(2026, 11, 24))
        assert [finding for finding in findings if isinstance(finding, Problem)] == []
        assert all(member.id_no.startswith("9999") for member in members)
