"""The roster of the national layout, in at the command line: dry run, import, import again, undo, bad files."""

from __future__ import annotations

import json
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


def test_out_and_back_at_the_prompt(shell: Shell, tmp_path: Path) -> None:
    """Export, template, list of problems, a clerk's own headings; full numbers only with a purpose."""
    desk = ("--desk", tmp_path / "d")
    shell(*desk, "desk", "init", "--role", "village", "--name", "柳湾村")
    done = shell(*desk, "roster", "import", SAMPLE, "--problems", tmp_path / "p.xlsx", "--dry-run")
    assert (tmp_path / "p.xlsx").stat().st_size > 1000 and done["skipped"] == [
        {"kind": "header", "row": 1, "sheet": done["problems"][0]["sheet"]}
    ]
    assert shell(*desk, "roster", "export", tmp_path / "x.xlsx", code=1)["error"]["code"] == "roster_nothing_to_export"
    shell(*desk, "roster", "import", SAMPLE)
    refused = shell(*desk, "roster", "export", tmp_path / "x.xlsx", "--full-ids", code=1)
    assert refused["error"]["code"] == "roster_purpose_needed"
    made = shell(*desk, "roster", "export", tmp_path / "x.xlsx")
    assert (made["households"], made["people"], made["masked"]) == (180, 494, True)
    again = shell(*desk, "roster", "import", tmp_path / "x.xlsx")
    assert again["action"] is None and again["members"] == {"added": 0, "updated": 0, "unchanged": 494}
    assert (
        shell(*desk, "roster", "export", tmp_path / "y.csv", "--grid", "001", code=1)["error"]["code"] == "grid_unknown"
    )
    shell(*desk, "roster", "template", tmp_path / "t.xlsx")
    refused = shell(*desk, "roster", "import", tmp_path / "t.xlsx", code=1)
    assert refused["error"]["code"] == "roster_no_people"


def test_a_clerks_own_headings(shell: Shell, tmp_path: Path) -> None:
    desk = ("--desk", tmp_path / "d")
    shell(*desk, "desk", "init", "--role", "village", "--name", "柳湾村")
    (tmp_path / "a.csv").write_text("谁,门\n陈守田,07\n", encoding="utf-8")
    unknown = shell(*desk, "roster", "import", tmp_path / "a.csv", code=1)
    assert unknown["error"]["code"] == "roster_no_name_column"
    for document, code in (
        ("[]", "json_wrong"),
        ("{", "json_wrong"),
        ('{"谁": "member.nome"}', "roster_target_unknown"),
    ):
        (tmp_path / "map.json").write_text(document, encoding="utf-8")
        refused = shell(*desk, "roster", "import", tmp_path / "a.csv", "--map", tmp_path / "map.json", code=1)
        assert refused["error"]["code"] == code
    chosen = {"谁": "head.name", "门": "household.household_no"}
    (tmp_path / "map.json").write_text(json.dumps(chosen), encoding="utf-8")
    done = shell(*desk, "roster", "import", tmp_path / "a.csv", "--map", tmp_path / "map.json")
    assert done["members"]["added"] == 1


def test_a_town_desk_takes_no_roster_in(shell: Shell, tmp_path: Path) -> None:
    """Its own scope is no village's: what was imported there would belong to nobody."""
    shell("--desk", tmp_path, "desk", "init", "--role", "town", "--name", "青禾镇")
    assert shell("--desk", tmp_path, "roster", "import", SAMPLE, code=1)["error"]["code"] == "only_village"
