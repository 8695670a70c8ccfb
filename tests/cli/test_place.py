"""Places and responsibilities on the command line: JSON in and out, codes and names instead of ids."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from villagedesk.cli.main import run
from villagedesk.ports import Ports

VILLAGE = "999901100201"
HEAD = {"name": "张建国", "relation": "02", "id_no": "999901195602290013"}


class QuickPassphrases:
    """age's scrypt takes seconds by design; tests of the command line need only right or wrong."""

    def lock(self, secret: bytes, passphrase: str) -> bytes:
        return hashlib.sha256(passphrase.encode()).digest() + secret

    def unlock(self, sealed: bytes, passphrase: str) -> bytes | None:
        return sealed[32:] if sealed[:32] == hashlib.sha256(passphrase.encode()).digest() else None


class Shell:
    """A person at a prompt, on one village desk."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.monkeypatch, self.capsys = folder, monkeypatch, capsys
        self.out = self.err = ""
        self("desk", "init", "--role", "village", "--name", "柳湾村", "--division", VILLAGE)

    def __call__(self, *arguments: str, stdin: object = None, code: int = 0) -> Any:
        text = self.read(*arguments, "--json", stdin=stdin, code=code)
        return json.loads(text) if text.strip() else None

    def read(self, *arguments: str, stdin: object = None, code: int = 0) -> str:
        self.monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(stdin)))
        ports = Ports(passphrases=QuickPassphrases())
        assert run(["--lang", "zh_CN", "--desk", str(self.folder), *arguments], ports) == code
        self.out, self.err = self.capsys.readouterr()
        return self.out


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", "a long enough passphrase")
    return Shell(tmp_path, monkeypatch, capsys)


def test_grids(shell: Shell) -> None:
    made = shell("grid", "add", stdin={"name": "第一网格"})
    assert made["code"] == VILLAGE + "001"
    micro = shell("grid", "add", stdin={"grid": "第一网格", "name": "东头"})
    assert micro["code"] == VILLAGE + "00101"
    shell("household", "add", stdin={"household_no": "001", "grid": made["id"], "members": [HEAD]})
    (grid,) = shell("grid", "list")["grids"]
    assert (grid["name"], grid["households"], grid["chiefs"]) == ("第一网格", 1, [])
    assert [node["code"] for node in grid["micro_grids"]] == [VILLAGE + "00101"]
    shell("grid", "set", VILLAGE + "00101", stdin={"name": "西头", "grid": VILLAGE + "001"})
    assert shell.read("grid", "list").splitlines()[1].split("\t")[:2] == [f"  {VILLAGE}00101", "西头"]
    refused = shell("grid", "void", VILLAGE + "001", code=1)
    assert refused["error"]["code"] == "place_in_use" and shell.err == "里面还有 1 户、1 个微网格，请先移走再作废。\n"
    done = shell("grid", "void", "西头")
    assert shell("grid", "list")["grids"][0]["micro_grids"] == []
    shell("undo", done["action"])
    assert len(shell("grid", "list")["grids"][0]["micro_grids"]) == 1


def test_refusals_are_one_sentence(shell: Shell) -> None:
    shell("grid", "add", stdin={"name": "第一网格"})
    twice = shell("grid", "add", stdin={"name": "第二网格", "code": VILLAGE + "001"}, code=1)
    assert twice["error"]["code"] == "input_refused"
    assert shell.err == f"网格编码: 编码 {VILLAGE}001 已用于“第一网格”，请换一个\n"
    assert shell("grid", "set", "第九网格", stdin={}, code=1)["error"]["code"] == "place_unknown"
    assert shell("grid", "add", stdin={"colour": "red"}, code=1)["error"]["code"] == "field_unknown"
    assert shell("grid", "add", stdin=[1], code=1)["error"]["code"] == "json_wrong"
    assert shell("responsibility", "end", "nonsense", code=1)["error"]["code"] == "record_unknown"


def test_groups(shell: Shell) -> None:
    assert shell("group", "add", stdin={})["number"] == 1
    assert shell("group", "add", stdin={"number": 4, "natural_village": "石桥"})["number"] == 4
    assert shell("group", "add", stdin={"name": "东头组"})["number"] == 5
    names = [group["name"] for group in shell("group", "list")["groups"]]
    assert names == ["1组", "4组", "东头组"]
    assert shell.read("group", "list").splitlines()[1].startswith("4\t4组\t0 户\t0 人")


def test_responsibilities(shell: Shell) -> None:
    shell("grid", "add", stdin={"name": "第一网格"})
    shell("household", "add", stdin={"household_no": "001", "members": [HEAD]})
    chief = {"person_name": "李会英", "role": "网格长", "grid": VILLAGE + "001", "valid_from": "20260101"}
    made = shell("responsibility", "add", stdin=chief)
    shell("responsibility", "add", stdin={"person_name": "赵三", "role": "party_contact", "household": "001"})
    shell("responsibility", "add", stdin={"person_name": "钱四", "role": "secretary", "village": True})
    assert shell("grid", "list")["grids"][0]["chiefs"] == ["李会英"]
    rows = shell("responsibility", "list")["responsibilities"]
    assert [row["person_name"] for row in rows] == ["李会英", "赵三", "钱四"]
    assert shell.read("responsibility", "list").splitlines()[0].split("\t")[1:] == [
        "网格长",
        "李会英",
        "第一网格",
        "2026-01-01–",
    ]
    for wrong, code in (
        ({"person_name": "甲", "role": "网格长"}, "target_missing"),
        ({"person_name": "甲", "role": "网格长", "grid": VILLAGE + "001", "village": True}, "target_missing"),
        ({"person_name": "甲", "role": "网格长", "household": "001"}, "input_refused"),
        ({"person_name": "甲", "role": "网格长", "grid": "9"}, "place_unknown"),
    ):
        assert shell("responsibility", "add", stdin=wrong, code=1)["error"]["code"] == code
    shell("responsibility", "end", made["id"], "--on", "2026-02-01")
    assert len(shell("responsibility", "list")["responsibilities"]) == 2
    (ended,) = [row for row in shell("responsibility", "list", "--all")["responsibilities"] if not row["in_force"]]
    assert (ended["id"], ended["valid_to"]) == (made["id"], "2026-02-01")
