"""The practice town: the whole main job on invented people, with what went wrong in the roster on purpose."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from tests.cli.test_main_way import QuickPassphrases, Shell
from villagedesk.errors import DeskError
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports
from villagedesk.progress import Progress
from villagedesk.services import demo, desks, households
from villagedesk.services.households import HouseholdQuery
from villagedesk.storage import households as stored


def test_the_whole_main_job(tmp_path: Path) -> None:
    ports, folder = Ports(passphrases=QuickPassphrases()), tmp_path / "town"
    said: list[tuple[str, dict[str, object]]] = []
    done = demo.run_demo(folder, ports, 2, 70, lambda code, **params: said.append((code, params)), Progress())
    assert (done.villages, done.households) == (2, 140) and done.planted >= 20 and done.problems >= done.planted / 2
    for path in done.rosters:
        cells = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        texts = [str(cell) for row in cells for cell in row]
        assert texts.count("公民身份号码") == 2 and "合计" in texts
        numbers = [text for text in texts if re.fullmatch(r"[0-9]{17}[0-9X]", text)]
        assert numbers and all(number.startswith("9999") for number in numbers)
    village = desks.unlock(DeskPaths(folder / "village-01"), ports, demo.PASSPHRASE)
    town = desks.unlock(DeskPaths(folder / "town"), ports, demo.PASSPHRASE)
    try:
        page = households.list_page(village, HouseholdQuery(), limit=500)
        assert (page.households, {row.status for row in page.rows}) == (70, {"received", "conflict"})
        assert sum(row.status == "conflict" for row in page.rows) == done.conflicts == 1
        assert households.list_page(town, HouseholdQuery()).households == 140
        homes = [entry.values for entry in stored.records(village.store, "household")]
        assert all(home["grid"] and home["micro_grid"] and home["villager_group"] for home in homes)
        assert len({home["micro_grid"] for home in homes}) == 6
        assert {"2", "3"} <= {home["household_type"] for home in homes}
        left = [
            entry.values["reason_out"] for entry in stored.records(village.store, "member") if entry.values["valid_to"]
        ]
        assert len(left) >= 2
    finally:
        desks.close(village)
        desks.close(town)
    assert len(pypdfium2.PdfDocument(folder / "form-one.pdf")) == 1
    assert len(pypdfium2.PdfDocument(done.forms)) >= 70
    codes = [code for code, _ in said]
    order = ["demo_town", "demo_roster", "demo_preview", "demo_imported", "demo_corrected", "demo_form_one"]
    order += ["demo_form_grid", "demo_bundle", "demo_took_in", "demo_received", "demo_conflict"]
    assert [code for code in dict.fromkeys(codes) if code in order] == order


def test_at_the_prompt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shell = Shell(monkeypatch, capsys)
    made = shell("demo", "--dir", tmp_path / "t", "--villages", "1", "--households", "5", "--headless")
    keys = {"folder", "forms", "households", "passphrase", "people", "received", "villages"}
    assert keys <= made.keys() and made["villages"] == 1 and json.dumps(made)
    assert all(Path(path).exists() for path in (made["forms"], *made["rosters"]))
    refused = shell("demo", "--dir", tmp_path / "t", "--headless", code=1)
    assert refused["error"]["code"] == "demo_folder_taken"


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("mine")
    with pytest.raises(DeskError):
        demo.run_demo(tmp_path, Ports(), 1, 1, lambda code, **params: None, Progress())
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_the_reports_town_has_357_micro_grids() -> None:
    assert sum(demo.micro_grids(index) for index in range(61)) == 357
