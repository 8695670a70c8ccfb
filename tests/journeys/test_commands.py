"""The commands of exchange and care as a script drives them: JSON out, exit codes 0 done, 1 refused, 3 environment."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.services.practice import PORTS
from villagedesk.cli.main import run


class Shell:
    """A script."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *arguments: str | Path, stdin: object = None, code: int = 0) -> Any:
        self.monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(stdin)))
        assert run(["--lang", "en", *map(str, arguments), "--json"], PORTS) == code
        out, _ = self.capsys.readouterr()
        return json.loads(out.splitlines()[0]) if out.strip() else None


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", "a long enough passphrase")
    return Shell(monkeypatch, capsys)


@pytest.fixture
def places(shell: Shell, tmp_path: Path) -> tuple[Path, Path]:
    """A town and a village with one household."""
    town, village = tmp_path / "town", tmp_path / "village"
    shell("--desk", town, "desk", "init", "--role", "town", "--name", "青禾镇")
    shell("--desk", town, "town", "invite", "--village", "柳湾村", "-o", tmp_path / "lw.vdinvite")
    shell("--desk", village, "desk", "init", "--role", "village", "--invitation", tmp_path / "lw.vdinvite")
    member = {"name": "张建国", "relation": "02", "id_no": "999901195602290013"}
    shell("--desk", village, "household", "add", stdin={"household_no": "001", "members": [member]})
    return town, village


def test_rounds_through_a_folder(shell: Shell, places: tuple[Path, Path], tmp_path: Path) -> None:
    town, village = places
    refused = shell("--desk", village, "sync", code=1)
    assert refused["error"]["code"] == "sync_folder_unknown"
    missing = shell("--desk", village, "sync", "--folder", tmp_path / "stick", code=3)
    assert missing["error"]["code"] == "file_missing"
    (tmp_path / "stick").mkdir()
    sent = shell("--desk", village, "sync", "--folder", tmp_path / "stick")
    assert (len(sent["sent"]), sent["ops"], sent["waiting"]) == (1, 4, 4)
    taken = shell("--desk", town, "sync", "--folder", tmp_path / "stick")
    assert taken["taken"][0]["folded"] == 4 and len(taken["sent"]) == 1 and taken["errors"] == []
    back = shell("--desk", village, "sync")
    assert (back["waiting"], len(back["taken"]), back["sent"]) == (0, 1, [])
    assert shell("--desk", village, "desk", "info")["unacknowledged"] == 0


def test_a_folder_of_bundles_and_an_empty_one(shell: Shell, places: tuple[Path, Path], tmp_path: Path) -> None:
    town, village = places
    for _ in range(2):
        shell("--desk", village, "bundle", "export", "-o", tmp_path / "usb")
    done = shell("--desk", town, "bundle", "import", tmp_path / "usb", "--receipts", tmp_path / "back")
    assert [entry["status"] for entry in done["bundles"]] == ["accepted", "accepted"]
    assert set(done["bundles"][0]) == {"file", "status", "code", "ops", "folded", "forbidden", "unknown"}
    (tmp_path / "empty").mkdir()
    assert shell("--desk", town, "bundle", "import", tmp_path / "empty", code=1)["error"]["code"] == "no_bundles_here"


def test_rehearsal_erasure_incidents(shell: Shell, places: tuple[Path, Path]) -> None:
    _, village = places
    assert shell("--desk", village, "desk", "rehearse", code=3)["error"]["code"] == "no_backup_yet"
    shell("--desk", village, "desk", "backup")
    assert shell("--desk", village, "desk", "rehearse")["operations"] == 4
    (member,) = shell("--desk", village, "dump", "member")["records"]
    record = member["id"]
    assert shell("--desk", village, "desk", "redact", record, "--yes") == {"operations": 1}
    assert shell("--desk", village, "dump", "member")["records"] == []
    noted = [entry["values"]["event"] for entry in shell("--desk", village, "dump", "audit")["records"]]
    assert "redacted" in noted
    assert shell("--desk", village, "desk", "redact", record, "--yes", code=1)["error"]["code"] == "record_unknown"
    assert shell("--desk", village, "desk", "redact", "not hex", "--yes", code=1)["error"]["code"] == "id_wrong"
    assert shell("--desk", village, "desk", "incidents") == {"incidents": []}
    assert shell("--desk", village, "desk", "verify")["same"] is True
