"""The roster import page: a department's workbook in, cells mended, rows left out, imported as one action, undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.ui.driver import Driver
from tests.ui.test_form import ask
from villagedesk.services import households
from villagedesk.services.households import HouseholdQuery
from villagedesk.ui.models.table import CELL, Cell
from villagedesk.ui.pages.households.page import HouseholdsPage
from villagedesk.ui.pages.roster.page import RosterPage

GOOD, ALSO_GOOD, CUT = "99990119680311001X", "99990119700101002X", "999901198001010000"
ROSTER = f"""柳湾村二组花名册
序号,姓名,与户主关系,公民身份号码,户编号
1,韩春生,户主,{GOOD},101
2,徐桂芝,妻,{ALSO_GOOD},101
3,韩雪,女,{CUT},101
合计,3人,,,
"""


@pytest.fixture
def roster_file(tmp_path: Path) -> Path:
    path = tmp_path / "名单(1).csv"
    path.write_text(ROSTER, encoding="gb18030")
    return path


def opened(driver: Driver, path: Path) -> RosterPage:
    page = driver.visit("roster")
    assert isinstance(page, RosterPage)
    page.open_file(path)
    driver.settle()
    return page


def cell(page: RosterPage, row: int, column: int) -> Cell:
    found = page.table.rows.data(page.table.rows.index(row, column), CELL)
    assert isinstance(found, Cell)
    return found


def test_the_damaged_number_is_shown_at_its_cell_and_stays_out(driver: Driver, roster_file: Path) -> None:
    page = opened(driver, roster_file)
    assert page.table.rows.rowCount() == 3
    assert "导入 2 人" in page._take.text()
    assert page._banner.isVisible() and "1 行要改" in driver.words(page._banner)
    wrong = cell(page, 2, 4)
    assert (wrong.text, wrong.underline) == (CUT, "err")
    assert "000" in cell(page, 2, 7).text
    assert cell(page, 0, 4).text == "999901**********1X", "sound numbers are masked"


def test_f5_goes_to_the_problem_and_enter_mends_it(driver: Driver, roster_file: Path) -> None:
    page = opened(driver, roster_file)
    driver.press(Qt.Key.Key_F5)
    assert page.panel.editor is driver.focus() and page.panel.editor.text() == CUT
    page.panel.editor.selectAll()
    driver.type("999901198001010024")
    driver.press(Qt.Key.Key_Return)
    assert "导入 3 人" in page._take.text() and not cell(page, 2, 4).underline


def test_a_row_left_out_stays_out_and_can_come_back(driver: Driver, roster_file: Path) -> None:
    page = opened(driver, roster_file)
    page.table.setFocus()
    page.table.choose(1)
    driver.press(Qt.Key.Key_Delete)
    assert "导入 1 人" in page._take.text() and cell(page, 1, 2).struck
    page.table.setFocus()
    driver.press(Qt.Key.Key_Delete)
    assert "导入 2 人" in page._take.text()


def test_an_import_is_one_action_and_is_undone_whole(driver: Driver, roster_file: Path) -> None:
    opened(driver, roster_file)
    driver.press(Qt.Key.Key_F10)
    assert isinstance(driver.page, HouseholdsPage)
    assert ask(driver, lambda desk: households.list_page(desk, HouseholdQuery())).households == 4
    driver.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert ask(driver, lambda desk: households.list_page(desk, HouseholdQuery())).households == 3


def test_an_import_ends_well_when_the_page_was_left(driver: Driver, roster_file: Path) -> None:
    page = opened(driver, roster_file)
    page._apply()
    driver.app.frame.visit("grids")
    driver.app.frame.visit("roster")
    driver.settle()
    assert driver.page is page and "新增 1 户" in driver.toast(), "it is told, and nobody is led away"
    assert ask(driver, lambda desk: households.list_page(desk, HouseholdQuery())).households == 4


def test_importing_again_changes_nothing(driver: Driver, roster_file: Path) -> None:
    for _ in range(2):
        opened(driver, roster_file)
        driver.press(Qt.Key.Key_F10)
    assert "没有改动" in driver.toast()


def test_what_is_no_workbook_is_refused_in_a_sentence(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "照片.xlsx"
    path.write_bytes(b"\x89PNG not a workbook at all")
    page = opened(driver, path)
    assert "照片.xlsx" in driver.toast()
    assert page._stack.currentIndex() == 0 and not page._take.isEnabled()


def test_export_by_the_window_comes_back_unchanged(driver: Driver, tmp_path: Path) -> None:
    page = driver.visit("export")
    target = tmp_path / "花名册.xlsx"
    page.export_to(target)  # type: ignore[attr-defined] # the page of that name
    driver.settle()
    assert "3 户" in driver.toast()
    opened(driver, target)
    driver.press(Qt.Key.Key_F10)
    assert "没有改动" in driver.toast()


def test_full_numbers_need_a_purpose(driver: Driver) -> None:
    page = driver.visit("export")
    page.full.setChecked(True)  # type: ignore[attr-defined]
    driver.press(Qt.Key.Key_F9)
    assert "用途" in page.purpose._message.text()  # type: ignore[attr-defined]
