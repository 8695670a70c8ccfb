"""The roster import page: a department's workbook in, cells mended, rows left out, imported as one action, undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QPushButton

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
    page.table.choose(2)
    driver.settle()
    assert page.table.rows.rowCount() == 3
    assert "导入 2 人" in page._take.text()
    assert page._banner.isVisible() and "1 行要改" in driver.words(page._banner)
    wrong = cell(page, 2, 4)
    assert (wrong.text, wrong.underline) == (CUT, "err")
    assert cell(page, 2, 7).text == "号码末三位被截断" and "000" in driver.words(page.panel)
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


def test_importing_again_is_seen_to_change_nothing(driver: Driver, roster_file: Path) -> None:
    page = opened(driver, roster_file)
    assert "新增 2 人" in driver.words(page._banner) and cell(page, 0, 7).text == "可以导入"
    driver.press(Qt.Key.Key_F10)
    page = opened(driver, roster_file)
    assert "和已有的都一样" in driver.words(page._banner) and cell(page, 0, 7).text == "和已有的一样"
    assert not page._take.isEnabled() and "F10" not in dict(page.hints())
    roster_file.write_text(ROSTER.replace("妻", "女"), encoding="gb18030")
    page = opened(driver, roster_file)
    assert "更新 1 人，和已有的一样 1 人" in driver.words(page._banner)
    assert [cell(page, row, 7).text for row in (0, 1)] == ["和已有的一样", "会更新"]
    assert "导入 1 人" in page._take.text()


def test_what_is_no_workbook_is_refused_in_a_sentence(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "照片.xlsx"
    path.write_bytes(b"\x89PNG not a workbook at all")
    page = opened(driver, path)
    assert "照片.xlsx" in driver.toast()
    assert page._stack.currentIndex() == 0 and not page._take.isEnabled()


def test_why_a_file_was_refused_stays_until_another_is_chosen(
    driver: Driver, tmp_path: Path, roster_file: Path
) -> None:
    path = tmp_path / "照片.xlsx"
    path.write_bytes(b"\x89PNG not a workbook at all")
    page = opened(driver, path)
    assert page._banner.isVisible() and "照片.xlsx" in driver.words(page._banner) and not page._list.isVisible()
    driver.visit("households")
    page = driver.visit("roster")  # type: ignore[assignment] # the page of that name
    assert "照片.xlsx" in driver.words(page._banner)
    driver.app.show_theme("dark")
    driver.settle()
    assert driver.page is not page and "照片.xlsx" in driver.words()
    page = opened(driver, roster_file)
    assert "照片.xlsx" not in driver.words(page._banner) and page._list.isVisible()
    driver.press(Qt.Key.Key_F10)
    page = driver.visit("roster")  # type: ignore[assignment]
    assert not page._banner.isVisible()


def test_export_by_the_window_comes_back_unchanged(driver: Driver, tmp_path: Path) -> None:
    page = driver.visit("export")
    target = tmp_path / "花名册.xlsx"
    page.export_to(target)  # type: ignore[attr-defined] # the page of that name
    driver.settle()
    assert "3 户" in driver.toast()
    back = opened(driver, target)
    assert "和已有的都一样" in driver.words(back._banner) and not back._take.isEnabled()


def test_full_numbers_need_a_purpose(driver: Driver) -> None:
    page = driver.visit("export")
    page.full.setChecked(True)  # type: ignore[attr-defined]
    driver.press(Qt.Key.Key_F9)
    assert "用途" in page.purpose._message.text()  # type: ignore[attr-defined]


# -- the page -------------------------------------------------------------------------------------------------------

DOUBTFUL = f"""姓名,与户主关系,公民身份号码,户编号,组
韩春生,户主,{GOOD},101,一组
徐桂芝,妻,{ALSO_GOOD},102,二组
韩雪,女,{CUT},101,一组
"""


def doubtful(folder: Path) -> Path:
    """Groups nobody knows yet, a household without a head, a cut number."""
    path = folder / "疑点.csv"
    path.write_text(DOUBTFUL, encoding="gb18030")
    return path


@pytest.fixture
def doubtful_file(tmp_path: Path) -> Path:
    return doubtful(tmp_path)


def mend(driver: Driver, page: RosterPage, text: str) -> None:
    driver.settle()
    assert page.panel.editor is not None
    page.panel.editor.setFocus()
    page.panel.editor.selectAll()
    driver.type(text)


def test_before_a_file_enter_chooses_one(driver: Driver, monkeypatch: pytest.MonkeyPatch, roster_file: Path) -> None:
    asked: list[tuple[str, str]] = []

    def answer(_parent: object, _title: str, start: str, kinds: str) -> tuple[str, str]:
        asked.append((start, kinds))
        return str(roster_file), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)
    page = driver.visit("roster")
    assert isinstance(page, RosterPage)
    assert driver.focus() is page._first and not page._other.isVisible()
    assert [key for key, _ in page.hints()] == ["F6", "Esc"]
    driver.press(Qt.Key.Key_Return)
    assert page._file == roster_file and page._other.isVisible()
    driver.press(Qt.Key.Key_F6)
    assert asked[0][1].startswith("花名册 (*.xlsx *.xls *.csv") and asked[1][0] == str(roster_file.parent)
    driver.visit("households")
    driver.visit("roster")
    driver.press(Qt.Key.Key_F6)
    assert asked[2][0] == str(roster_file.parent), "the folder of last time"


def test_home_and_end_go_to_the_ends_of_the_list(driver: Driver, roster_file: Path) -> None:
    page = opened(driver, roster_file)
    driver.press(Qt.Key.Key_End)
    assert page.table.currentIndex().row() == 2
    driver.press(Qt.Key.Key_Home)
    assert page.table.currentIndex().row() == 0


def test_the_result_has_room_for_its_short_name(driver: Driver, doubtful_file: Path) -> None:
    for width in (1366, 1024):
        driver.app.window.resize(width, 768)
        page = opened(driver, doubtful_file)
        right = page.table.columnViewportPosition(7) + page.table.columnWidth(7)
        assert right <= page.table.viewport().width(), "seen without scrolling sideways"
        metrics = page.table.fontMetrics()
        widest = max(metrics.horizontalAdvance(cell(page, row, 7).text) for row in range(3))
        assert page.table.columnWidth(7) >= widest + page.room.look.px(46)


def test_the_word_after_an_import_offers_to_undo_it(driver: Driver, roster_file: Path) -> None:
    told: list[object] = []
    driver.app.frame.room.notices.toast.connect(told.append)
    opened(driver, roster_file)
    driver.press(Qt.Key.Key_F10)
    assert len(told) == 1 and "新增 1 户" in driver.toast() and driver.app.frame._toast._undo.isVisible()


def test_a_roster_dropped_anywhere_is_read(driver: Driver, roster_file: Path) -> None:
    frame = driver.app.frame
    assert frame.page.name == "households"
    data = QMimeData()
    for name, taken in ((roster_file, True), (roster_file.with_suffix(".pdf"), False)):
        data.setUrls([QUrl.fromLocalFile(str(name))])
        spot, none = QPoint(400, 300), Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(spot, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
        enter.ignore()
        frame.dragEnterEvent(enter)
        assert enter.isAccepted() is taken
    data.setUrls([QUrl.fromLocalFile(str(roster_file))])
    frame.dropEvent(QDropEvent(spot, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none))
    driver.settle()
    assert isinstance(driver.page, RosterPage) and driver.page._file == roster_file


def test_f5_stays_among_the_rows_that_are_shown(driver: Driver) -> None:
    (sample,) = (Path(__file__).parents[1] / "data" / "rosters").glob("*.xlsx")
    page = opened(driver, sample)
    assert page._lines is not None
    for which in ("wrong", "doubtful"):
        page.filter.set_value(which)
        page.bench.show_rows()
        keys = {row.key for row in page._lines.of(which)}
        page.table.setFocus()
        driver.press(Qt.Key.Key_F5)
        assert keys and page.filter.value() == which and page.table.current_key() in keys


# -- several people in one row ----------------------------------------------------------------------------------------

HEADS = f"""序号,户主姓名,户主身份证号,家庭成员姓名,身份证号,与户主关系
1,韩春生,{CUT},徐桂芝,{ALSO_GOOD},妻
2,孔三,{GOOD},,,
"""


def test_a_head_beside_a_member_has_a_line_of_his_own(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "户主.csv"
    path.write_text(HEADS, encoding="gb18030")
    page = opened(driver, path)
    assert [cell(page, row, 2).text for row in range(3)] == ["韩春生", "徐桂芝", "孔三"]
    assert [cell(page, row, 0).text for row in range(3)] == ["2", "2", "3"]
    assert [cell(page, row, 7).text for row in range(3)] == ["号码末三位被截断", "户主第 2 行待改", "户主取自户主栏"]
    assert page._lines is not None and (len(page._lines.wrong), page._lines.fresh) == (1, 2)
    driver.press(Qt.Key.Key_F5)
    assert page.table.currentIndex().row() == 0
    mend(driver, page, "999901198001010024")
    driver.press(Qt.Key.Key_Return)
    assert "导入 3 人" in page._take.text() and cell(page, 1, 7).text == "可以导入"
    page.table.choose(1)
    page.table.setFocus()
    driver.press(Qt.Key.Key_Delete)
    assert [cell(page, row, 2).struck for row in range(3)] == [True, True, False], "a row of the sheet stays out whole"


# -- the list and the words -------------------------------------------------------------------------------------------


def test_one_filter_always_stays_chosen(driver: Driver, doubtful_file: Path) -> None:
    page = opened(driver, doubtful_file)
    chips = page.filter.findChildren(QPushButton)
    for chip, value in ((chips[0], "all"), (chips[1], "wrong"), (chips[1], "wrong")):
        chip.click()
        assert (page.filter.value(), [other.isChecked() for other in chips].count(True)) == (value, 1)


def test_a_finding_in_a_column_that_is_not_shown_underlines_the_name(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "性别.csv"
    rows = [
        "姓名,与户主关系,公民身份号码,性别,民族",
        f"韩春生,户主,{GOOD},女,汉族",
        f"徐桂芝,妻,{ALSO_GOOD},女,汉族（回）",
    ]
    path.write_text("\n".join(rows), encoding="gb18030")
    page = opened(driver, path)
    assert [cell(page, row, 2).underline for row in range(2)] == ["err", "warn"]
    assert [cell(page, row, 4).underline for row in range(2)] == ["", ""]


def test_the_word_after_an_import_says_how_many_rows_stayed_out(driver: Driver, roster_file: Path) -> None:
    page = opened(driver, roster_file)
    page.table.choose(1)
    page.table.setFocus()
    driver.press(Qt.Key.Key_Delete)
    driver.press(Qt.Key.Key_F10)
    assert "导入 1 人" in driver.toast() and "2 行没导" in driver.toast()
    page = opened(driver, roster_file)
    page.filter.set_value("all")
    assert cell(page, 1, 2).struck and cell(page, 2, 4).underline == "err", "the page still has them"
