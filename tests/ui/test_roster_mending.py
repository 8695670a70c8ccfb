"""Mending on the roster import page: cell after cell, what stays, what is put back, where the focus goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.ui.driver import Driver
from tests.ui.test_roster import ALSO_GOOD, CUT, cell, doubtful, mend, opened
from villagedesk.ui.pages.households.page import HouseholdsPage


@pytest.fixture
def doubtful_file(tmp_path: Path) -> Path:
    return doubtful(tmp_path)


def test_a_doubted_cell_is_shown_as_it_is_and_enter_changes_nothing(driver: Driver, doubtful_file: Path) -> None:
    page = opened(driver, doubtful_file)
    driver.press(Qt.Key.Key_Return)
    assert page.panel.editor is driver.focus() and page.panel.editor.text() == "一组"
    driver.press(Qt.Key.Key_Return)
    assert page.table.currentIndex().row() == 1, "on to the next finding"
    assert page.panel.editor is driver.focus() and page.panel.editor.text() == "妻"
    driver.press(Qt.Key.Key_Return)
    assert page.table.currentIndex().row() == 1, "a second cell of the row"
    assert page.panel.editor is driver.focus() and page.panel.editor.text() == "二组"
    driver.press(Qt.Key.Key_Return)
    assert page.panel.editor.text() == CUT
    driver.press(Qt.Key.Key_Return)
    assert page.table.hasFocus() and page._decided.count == 0
    assert [cell(page, row, 5).text for row in range(3)] == ["一组", "二组", "一组"]


def test_escape_leaves_the_field_before_the_page(driver: Driver, doubtful_file: Path) -> None:
    page = opened(driver, doubtful_file)
    driver.press(Qt.Key.Key_F5)
    mend(driver, page, "999")
    driver.press(Qt.Key.Key_Escape)
    assert driver.page is page and page.table.hasFocus()
    assert page.panel.editor is not None and page.panel.editor.text() == CUT and page._decided.count == 0
    driver.press(Qt.Key.Key_Escape)
    assert isinstance(driver.page, HouseholdsPage)


def test_mends_stay_until_they_are_imported(driver: Driver, doubtful_file: Path) -> None:
    page = opened(driver, doubtful_file)
    driver.press(Qt.Key.Key_F5)
    mend(driver, page, "999901198001010024")
    driver.press(Qt.Key.Key_Return)
    page.table.choose(0)
    mend(driver, page, "san")  # not confirmed: the telephone rings
    driver.app.frame.visit("grids")
    driver.settle()
    assert "改的 2 处留着" in driver.toast()
    page = driver.visit("roster")  # type: ignore[assignment] # the page of that name
    assert [cell(page, 2, 4).underline, cell(page, 0, 5).text] == ["", "san"], "back on the page it goes on"
    driver.app.show_theme("dark")
    driver.settle()
    driver.visit("grids")
    driver.app.show_theme("light")
    driver.settle()
    page = opened(driver, doubtful_file)
    assert cell(page, 0, 5).text == "san" and "上次改的 2 处还在" in driver.toast(), "and so it does in a new window"
    driver.press(Qt.Key.Key_F10)
    page = opened(driver, doubtful_file)
    assert page._decided.count == 0, "what is imported is no mend any more"


def test_mends_can_all_be_put_back(driver: Driver, doubtful_file: Path) -> None:
    page = opened(driver, doubtful_file)
    driver.press(Qt.Key.Key_F5)
    mend(driver, page, "999901198001010024")
    driver.press(Qt.Key.Key_Return)
    driver.answer(lambda box: box.act.click())
    page.panel.restore.emit()
    driver.settle()
    assert cell(page, 2, 4).text == CUT and page._decided.count == 0
    assert opened(driver, doubtful_file)._decided.count == 0


def test_a_cell_typed_in_counts_when_another_row_is_clicked(driver: Driver, doubtful_file: Path) -> None:
    page = opened(driver, doubtful_file)
    driver.press(Qt.Key.Key_F5)
    mend(driver, page, "999901198001010024")
    page.table.choose(0)
    driver.settle()
    assert page.table.currentIndex().row() == 0 and cell(page, 2, 4).underline == ""


def test_f10_over_a_cell_being_mended_shows_first_what_comes_of_it(driver: Driver, doubtful_file: Path) -> None:
    page = opened(driver, doubtful_file)
    driver.press(Qt.Key.Key_F5)
    mend(driver, page, "999901198001010024")
    driver.press(Qt.Key.Key_F10)
    assert driver.page is page and "导入 3 人" in page._take.text()
    driver.press(Qt.Key.Key_F10)
    assert isinstance(driver.page, HouseholdsPage)


def test_mends_stay_with_a_file_of_which_something_is_left(driver: Driver, doubtful_file: Path) -> None:
    page = opened(driver, doubtful_file)
    driver.press(Qt.Key.Key_Return)
    mend(driver, page, "san")
    driver.press(Qt.Key.Key_Return)
    driver.press(Qt.Key.Key_F10)
    page = opened(driver, doubtful_file)
    assert page._decided.count == 1 and cell(page, 0, 7).text == "和已有的一样", "nothing goes back to the file's text"


# -- whose turn it is -------------------------------------------------------------------------------------------------

SEVERAL = f"""姓名,与户主关系,公民身份号码,性别,户编号
韩春生,户主,{CUT},女,101
徐桂芝,对象,{ALSO_GOOD},男,101
韩雪,女,{CUT},女,101
"""


@pytest.fixture
def several_file(tmp_path: Path) -> Path:
    """A number cut in the first and the last row; an unknown relation and the wrong sex in one row."""
    path = tmp_path / "几处.csv"
    path.write_text(SEVERAL, encoding="gb18030")
    return path


def test_a_mend_that_is_still_wrong_stays_in_the_field(driver: Driver, several_file: Path) -> None:
    page = opened(driver, several_file)
    driver.press(Qt.Key.Key_Return)
    mend(driver, page, "999901198001010021")
    driver.press(Qt.Key.Key_Return)
    editor = page.panel.editor
    assert editor is not None and editor is driver.focus() and editor.selectedText() == "999901198001010021"
    driver.type("999901198001010024")
    assert page.table.currentIndex().row() == 0 and editor.text() == "999901198001010024", "typed over, in its place"
    driver.press(Qt.Key.Key_Return)
    assert cell(page, 0, 4).underline == "" and page.table.currentIndex().row() == 1, "a good one moves on"
    assert page.panel.editor is driver.focus() and page.panel.editor.text() == "对象"


def test_each_cell_of_a_row_with_a_finding_has_its_turn(driver: Driver, several_file: Path) -> None:
    page = opened(driver, several_file)
    page.table.choose(1)
    mend(driver, page, "妻")
    driver.press(Qt.Key.Key_Return)
    assert page.panel.editor is driver.focus() and page.panel.editor.text() == "男", "the next cell of the row"
    assert "D3" in driver.words(page.panel)
    driver.type("女")
    driver.press(Qt.Key.Key_Return)
    assert page.table.currentIndex().row() == 2 and cell(page, 1, 3).text == "妻"
    assert page.panel.editor is driver.focus() and page.panel.editor.text() == CUT


def test_cells_passed_with_enter_come_again_with_f5(driver: Driver, several_file: Path) -> None:
    page = opened(driver, several_file)
    page.table.choose(1)
    driver.press(Qt.Key.Key_Return)
    seen = []
    for _ in range(3):
        assert page.panel.editor is driver.focus()
        seen.append(page.panel.editor.text())
        driver.press(Qt.Key.Key_Return)
    assert seen == ["对象", "男", CUT] and page.table.hasFocus() and page._decided.count == 0
    page.table.choose(0)
    driver.press(Qt.Key.Key_F5)
    assert page.panel.editor is driver.focus() and page.panel.editor.text() == "对象"


def test_among_the_wrong_rows_a_mended_one_gives_way_to_the_next(driver: Driver, several_file: Path) -> None:
    page = opened(driver, several_file)
    page.filter.set_value("wrong")
    page.bench.show_rows()
    page.table.choose(1)
    for text in ("妻", "女"):
        mend(driver, page, text)
        driver.press(Qt.Key.Key_Return)
    assert page.table.rows.rowCount() == 2 and page.table.current_key() == ("几处", 4, "A")
    assert page.panel.editor is driver.focus() and page.panel.editor.text() == CUT


def test_the_field_has_the_focus_at_once(driver: Driver, several_file: Path) -> None:
    """Keys typed before the window is painted again belong to it, not to the sidebar."""
    page = opened(driver, several_file)
    driver.focus()
    page.bench.next_problem()
    assert page.panel.editor is not None and QApplication.focusWidget() is page.panel.editor
