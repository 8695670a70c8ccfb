"""The whole way through two windows and files: invited, imported, mended, found, corrected, printed, received.

Nothing is replaced but the passphrase's slow door.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.ui.driver import PASSPHRASE, Driver
from tests.ui.test_doors import started
from tests.ui.test_form import ask, the_household
from tests.ui.test_looks import entered, town_desk
from tests.ui.test_preview import texts_in
from villagedesk.services import households
from villagedesk.services.households import HouseholdQuery
from villagedesk.settings import Settings
from villagedesk.ui.models.table import CELL
from villagedesk.ui.pages.first_run.page import FirstRunPage
from villagedesk.ui.pages.form.page import FormPage
from villagedesk.ui.pages.households.page import HouseholdsPage
from villagedesk.ui.pages.inbox.page import InboxPage
from villagedesk.ui.pages.preview import PreviewPage
from villagedesk.ui.pages.report import ReportPage
from villagedesk.ui.pages.roster.page import RosterPage

#: As a department sends it: a title, blanks, a number cut by a spreadsheet, a date that never was, a line for totals.
ROSTER = """柳湾村人口花名册,,,,,
序号,姓名,与户主关系,公民身份号码,户编号,联系电话
1,韩春生,户主,99990119680311001X,101,19900000011
2,徐桂芝,妻,99990119700101002X,101,
3,韩 雪,女,999901198001010000,101,
4,刘䶮,户主,999901196302300024,102,19900000012
5,仇和,户主,999901195602290013,103,１９９０００００１３３
6,阿依古丽·买买提,妻,未上户,103,
合计,6人,,,,
"""
MENDED = "999901198001010024"


def invited_village(qapp: QApplication, invitation: Path, folder: Path) -> Driver:
    """First run by the town's file; ends on the page of rosters."""
    driver = started(qapp, folder)
    first = driver.app.window.centralWidget()
    assert isinstance(first, FirstRunPage)
    first.open_invitation(invitation)
    driver.settle()
    for text in ("李会英", PASSPHRASE, PASSPHRASE):
        driver.enter(text)
    driver.settle()
    first.recovery._sure.setChecked(True)
    first.recovery._next.click()
    driver.press(Qt.Key.Key_Space)
    return driver


def bring_roster(driver: Driver, file: Path) -> None:
    """Mend one number by keys, leave the other row out, import the rest."""
    page = driver.page
    assert isinstance(page, RosterPage)
    page.open_file(file)
    driver.settle()
    assert page.table.rows.rowCount() == 6 and "导入 4 人" in page._take.text()
    driver.press(Qt.Key.Key_F5)
    assert page.panel.editor is driver.focus()
    page.panel.editor.selectAll()
    driver.type(MENDED)
    driver.press(Qt.Key.Key_Return)
    page.table.choose(3)
    page.table.setFocus()
    driver.press(Qt.Key.Key_Delete)
    driver.press(Qt.Key.Key_F10)
    assert "导入 5 人" in driver.toast()


def correct(driver: Driver) -> bytes:
    """Find 仇和 by his initials, give the household an address, save."""
    page = driver.page
    assert isinstance(page, HouseholdsPage) and page.table.rows.rowCount() == 2
    page.search.setFocus()
    driver.type("qh")
    driver.settle()
    assert page.table.rows.rowCount() == 1 and page.table.rows.data(page.table.rows.index(0, 0)) == "仇和"
    driver.press(Qt.Key.Key_Return)
    driver.press(Qt.Key.Key_Return)
    form = driver.page
    assert isinstance(form, FormPage)
    form.basics.fields["address"].setFocus()
    driver.enter("青禾镇柳湾村二组8号")
    driver.press(Qt.Key.Key_F9)
    assert "已保存 仇和" in driver.toast()
    return the_household(driver, "仇和").id


def print_form(driver: Driver, key: bytes, target: Path) -> None:
    page = driver.visit("preview", [key])
    assert isinstance(page, PreviewPage) and page._set is not None and not page._set[0].missing
    page.keep(target)
    driver.settle()
    text = "".join("".join(texts_in(target)).split())
    assert all(words in text for words in ("仇和", "阿依古丽·买买提", "青禾镇柳湾村二组8号", "999901195602290013"))


def report_of(driver: Driver) -> ReportPage:
    page = driver.visit("report")
    assert isinstance(page, ReportPage)
    return page


def statuses(driver: Driver) -> set[str]:
    page = driver.visit("households")
    assert isinstance(page, HouseholdsPage)
    rows = page.table.rows
    last = len(rows.columns) - 1
    return {rows.data(rows.index(number, last), CELL).text for number in range(rows.rowCount())}


def test_the_whole_way(qapp: QApplication, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    town = entered(qapp, town_desk(tmp_path / "town"), Settings(), (1366, 768))
    inbox = town.visit("inbox")
    assert isinstance(inbox, InboxPage)
    inbox.invite([("柳湾村", "999901100201")], usb)
    town.settle()

    village = invited_village(qapp, usb / "柳湾村.vdinvite", tmp_path / "village")
    assert village.app.frame.room.profile.town_name == "青禾镇"
    roster = tmp_path / "派出所花名册.csv"
    roster.write_text(ROSTER, encoding="gb18030")
    bring_roster(village, roster)
    key = correct(village)
    print_form(village, key, tmp_path / "表.pdf")

    assert statuses(village) == {"未上报"}
    report_of(village).seal_into(usb)
    village.settle()
    assert statuses(village) == {"已导出未回执"}
    (bundle,) = usb.glob("*.vdbundle")
    assert "仇和".encode() not in bundle.read_bytes()

    inbox.try_folder(usb)
    town.settle()
    town.press(Qt.Key.Key_F9)
    assert "1 个回执" in town.toast()
    assert the_household(town, "仇和").household.address == "青禾镇柳湾村二组8号"
    assert ask(town, lambda desk: households.list_page(desk, HouseholdQuery())).people == 5

    report_of(village).seal_into(usb)
    village.settle()
    assert statuses(village) == {"已入镇库"}
    village.close()
    town.close()
