"""The roster of the national layout, in at the command line: dry run, import, import again, undo, bad files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_main_way import Shell
from villagedesk.cli.main import run

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "rosters" / "roster-national-layout.xlsx"


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", "a long enough passphrase")
    return Shell(monkeypatch, capsys)


def test_import_again_and_undo(shell: Shell, tmp_path: Path) -> None:
    shell("--desk", tmp_path, "desk", "init", "--role", "village", "--name", "柳湾村")
    trial = shell("--desk", tmp_path, "roster", "import", SAMPLE, "--dry-run")
    assert trial["action"] is None and shell("--desk", tmp_path, "household", "list")["households"] == 0
    done = shell("--desk", tmp_path, "roster", "import", SAMPLE)
    assert {**done, "action": None, "dry_run": True} == trial
    assert done["rows"] == 502 and done["households"] == {"added": 180, "updated": 0, "unchanged": 0}
    errors = [problem for problem in done["problems"] if problem["level"] == "error"]
    assert len(errors) >= 8 and all(problem["message"] != problem["code"] for problem in done["problems"])
    page = shell("--desk", tmp_path, "household", "list")
    assert (page["households"], page["people"]) == (180, 494)
    again = shell("--desk", tmp_path, "roster", "import", SAMPLE)
    assert again["households"] == {"added": 0, "updated": 0, "unchanged": 180}
    assert shell("--desk", tmp_path, "desk", "info")["unsent"] == 2 + 180 + 494 + _places(shell, tmp_path)
    shell("--desk", tmp_path, "undo", done["action"])
    assert shell("--desk", tmp_path, "household", "list")["households"] == 0


def _places(shell: Shell, desk: Path) -> int:
    """Groups that the roster named and nobody knew."""
    assert run(["--desk", str(desk), "dump", "villager_group"], shell.ports) == 0
    return shell.capsys.readouterr().out.count("villager_group")


def test_not_a_workbook(shell: Shell, tmp_path: Path) -> None:
    shell("--desk", tmp_path / "d", "desk", "init", "--role", "village", "--name", "柳湾村")
    broken = tmp_path / "名单(1)(2).xlsx"
    broken.write_bytes(b"PK not a workbook")
    refused = shell("--desk", tmp_path / "d", "roster", "import", broken, code=1)
    assert refused["error"]["code"] == "roster_not_workbook"
    (tmp_path / "empty.csv").write_text("")
    nothing = shell("--desk", tmp_path / "d", "roster", "import", tmp_path / "empty.csv", code=1)
    assert nothing["error"]["code"] == "roster_empty"
