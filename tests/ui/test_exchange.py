"""上报 and 收件 in two windows: what a clerk hands in comes back with a receipt; a desk that worked alone joins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QFrame, QLabel

from tests.ui.driver import PASSPHRASE, PORTS, Driver
from villagedesk.app import App
from villagedesk.paths import DeskPaths
from villagedesk.services import households, joining, towns
from villagedesk.services.households import HouseholdQuery
from villagedesk.settings import Settings
from villagedesk.ui.models.table import CELL
from villagedesk.ui.pages.households.page import HouseholdsPage
from villagedesk.ui.pages.inbox.page import InboxPage
from villagedesk.ui.pages.report import ReportPage
from villagedesk.ui.widgets.places import PlaceButton
from villagedesk.ui.widgets.table import TableView


@pytest.fixture
def town(qapp: QApplication, tmp_path: Path) -> Iterator[Driver]:
    desk, _ = towns.create_town(
        DeskPaths(tmp_path / "town"),
        PORTS,
        name="青禾镇",
        division_code="999901100000",
        operator_name="王镇干",
        passphrase=PASSPHRASE,
    )
    app = App(qapp, desk.paths, PORTS, Settings())
    app.window.show()
    app.enter(desk)
    made = Driver(app)
    made.settle()
    yield made
    made.close()


def inbox_of(town: Driver) -> InboxPage:
    page = town.visit("inbox")
    assert isinstance(page, InboxPage)
    return page


def report_of(village: Driver) -> ReportPage:
    page = village.visit("report")
    assert isinstance(page, ReportPage)
    return page


def tried(town: Driver, folder: Path) -> InboxPage:
    """What lies in the folder was tried, and the words about it are on the screen."""
    inbox = inbox_of(town)
    inbox.try_folder(folder)
    town.settle()
    town.settle()
    return inbox


def joined(driver: Driver, town: Driver, tmp_path: Path) -> Path:
    """Invite the village and let its window open the invitation."""
    folder = tmp_path / "invitations"
    inbox_of(town).invite([("柳湾村", "999901100201")], folder)
    town.settle()
    report_of(driver).join(folder / "柳湾村.vdinvite")
    driver.settle()
    driver.settle()
    usb = tmp_path / "usb"
    usb.mkdir()
    return usb


def test_there_and_back(driver: Driver, town: Driver, tmp_path: Path) -> None:
    usb = joined(driver, town, tmp_path)
    report = report_of(driver)
    assert "还有 6 条没报" in report._title.text(), "three households with a person each; the village itself goes along"
    report.seal_into(usb)
    driver.settle()
    assert "8 条等镇里回执" in report._title.text()
    status = report.table.rows.data(report.table.rows.index(0, 4), CELL)
    assert status.text == "未回执"

    inbox = tried(town, usb)
    assert "导入 8 条" in inbox.panel.button.text()
    assert len(list(usb.glob("*.vdbundle"))) == 1, "a trial writes nothing"
    town.press(Qt.Key.Key_F9)
    assert "导入 8 条" in town.toast() and "1 个回执" in town.toast()
    households = town.visit("households")
    assert isinstance(households, HouseholdsPage) and households.table.rows.rowCount() == 3

    report = report_of(driver)
    report.seal_into(usb)  # the receipt lies on the same stick
    driver.settle()
    assert "镇里都收到了" in report._title.text()
    status = report.table.rows.data(report.table.rows.index(0, 4), CELL)
    assert (status.text, status.tone) == ("已回执", "ok")
    listed = driver.visit("households")
    assert isinstance(listed, HouseholdsPage)
    last = len(listed.table.rows.columns) - 1
    assert listed.table.rows.data(listed.table.rows.index(0, last), CELL).text == "已入镇库"


def test_handing_in_twice_makes_no_second_bundle(driver: Driver, town: Driver, tmp_path: Path) -> None:
    usb = joined(driver, town, tmp_path)
    for _ in range(2):
        report_of(driver).seal_into(usb)
        driver.settle()
    assert len(list(usb.glob("*.vdbundle"))) == 1
    assert "等镇里回执" in driver.toast()


def test_a_damaged_file_is_named_and_the_others_go_in(driver: Driver, town: Driver, tmp_path: Path) -> None:
    usb = joined(driver, town, tmp_path)
    report_of(driver).seal_into(usb)
    driver.settle()
    (good,) = usb.glob("*.vdbundle")
    (usb / "坏包.vdbundle").write_bytes(good.read_bytes()[:500])
    inbox = tried(town, usb)
    shown = town.words(inbox.panel)
    assert "坏包.vdbundle" in shown and "包不完整" in shown
    town.press(Qt.Key.Key_F9)
    assert "导入 8 条" in town.toast()


def test_a_folder_without_bundles_says_so(town: Driver, tmp_path: Path) -> None:
    inbox = inbox_of(town)
    (tmp_path / "empty").mkdir()
    inbox.try_folder(tmp_path / "empty")
    town.settle()
    assert "empty" in town.toast()


def test_a_desk_that_works_alone_is_told_how_to_join(driver: Driver, tmp_path: Path) -> None:
    report = report_of(driver)
    assert report._stack.currentIndex() == 1 and "邀请文件" in driver.words()
    wrong = tmp_path / "wrong.vdinvite"
    wrong.write_bytes(b"{}\n00")
    report.join(wrong)
    driver.settle()
    assert "邀请文件" in driver.toast()


# -- where to ---------------------------------------------------------------------------------------------------------


def test_another_folder_is_taken_and_the_page_keeps_the_focus(driver: Driver, town: Driver, tmp_path: Path) -> None:
    joined(driver, town, tmp_path)
    report = report_of(driver)
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        report.places.choose_folder(folder)
        driver.settle()
        assert report.places.chosen() == folder
    other = report.places.findChildren(PlaceButton)[-1]
    other.setFocus()
    report.places.choose_folder(first)
    driver.settle()
    assert report.isAncestorOf(driver.focus()) and report.places.chosen() == first
    driver.press(Qt.Key.Key_F9)
    assert len(list(first.glob("*.vdbundle"))) == 1 and not list(second.iterdir())
    assert report.isAncestorOf(driver.focus()), "and after that F9 goes on working"


def test_a_chosen_folder_stays_chosen_while_sticks_are_looked_for(driver: Driver, town: Driver, tmp_path: Path) -> None:
    usb = joined(driver, town, tmp_path)
    report = report_of(driver)
    report.seal_into(usb)
    driver.settle()
    (tmp_path / "other").mkdir()
    report.places.choose_folder(tmp_path / "other")
    report._load()
    driver.settle()
    assert report.places.chosen() == tmp_path / "other"


def test_before_the_first_bundle_the_list_says_what_belongs_there(driver: Driver, town: Driver, tmp_path: Path) -> None:
    joined(driver, town, tmp_path)
    report = report_of(driver)
    card = report._empty.parentWidget()
    assert card is not None
    title = next(each for each in card.findChildren(QLabel) if each.text() == "报过的包")
    assert title.mapTo(card, QPoint()).y() < 20 and report._empty.geometry().top() < 60
    lines = [each for each in card.findChildren(QFrame) if each.property("box") == "line" and each.isVisible()]
    assert len(lines) == 1, "no line across an empty card"


def test_a_desk_that_works_alone_is_offered_only_what_works(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    report = report_of(driver)
    assert "先接入乡镇" in report.head.subtitle.text() and "报给" not in report.head.subtitle.text()
    assert [key for key, _ in report.hints()] == ["Enter"] and driver.focus() is report._open_it
    asked: list[object] = []

    def answer(*given: object) -> tuple[list[str], str]:
        asked.append(given)
        return [], ""

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", answer)
    driver.press(Qt.Key.Key_F7)
    assert asked == [], "F7 asks for nothing here"


def test_what_is_unsent_is_named_in_the_words_of_the_clerk(driver: Driver, town: Driver, tmp_path: Path) -> None:
    joined(driver, town, tmp_path)
    shown = driver.words(report_of(driver)._unsent)
    assert "农户\n3" in shown and "家庭成员\n3" in shown
    assert "随包一起的：本村和经办人的名字、打印和导出的记录\n2" in shown


def test_a_new_desk_hands_in_once_to_be_let_in(town: Driver, qapp: QApplication, tmp_path: Path) -> None:
    inbox_of(town).invite([("柳湾村", "999901100201")], tmp_path)
    town.settle()
    desk, _ = joining.create_invited(
        DeskPaths(tmp_path / "fresh"),
        PORTS,
        invitation_file=tmp_path / "柳湾村.vdinvite",
        operator_name="李会英",
        passphrase=PASSPHRASE,
    )
    app = App(qapp, desk.paths, PORTS, Settings())
    app.window.show()
    app.enter(desk)
    fresh = Driver(app)
    assert report_of(fresh)._title.text() == "报一次，镇里就登记这台电脑"
    fresh.close()


# -- receipts ---------------------------------------------------------------------------------------------------------


def in_front(driver: Driver) -> Driver:
    """Of the two windows this one is worked in now."""
    driver.app.window.activateWindow()
    driver.settle()
    return driver


def handed_in(driver: Driver, town: Driver, usb: Path) -> None:
    """A bundle and the town's receipt for it lie in the folder."""
    report_of(driver).seal_into(usb)
    driver.settle()
    tried(town, usb)
    town.press(Qt.Key.Key_F9)


def test_receipts_are_read_from_the_chosen_place(driver: Driver, town: Driver, tmp_path: Path) -> None:
    usb = joined(driver, town, tmp_path)
    handed_in(driver, town, usb)
    report = report_of(in_front(driver))
    report.places.choose_folder(usb)
    driver.press(Qt.Key.Key_F7)
    assert driver.toast() == "读了 1 个回执" and "镇里都收到了" in report._title.text()
    assert len(list(usb.glob("*.vdbundle"))) == 2, "reading hands nothing in"
    driver.press(Qt.Key.Key_F7)
    assert driver.toast() == "这里的 1 个回执都读过了"


def test_a_file_is_asked_for_where_no_receipt_lies(
    driver: Driver, town: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usb = joined(driver, town, tmp_path)
    handed_in(driver, town, usb)
    (tmp_path / "empty").mkdir()
    report = report_of(in_front(driver))
    asked: list[tuple[str, str]] = []

    def answer(_parent: object, _title: str, start: str, kinds: str) -> tuple[list[str], str]:
        asked.append((start, kinds))
        return [str(file) for file in usb.glob("*.vdbundle") if "0001" in file.name and file != sent], ""

    sent = usb / report.table.current_key().file
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", answer)
    report.places.choose_folder(tmp_path / "empty")
    driver.press(Qt.Key.Key_F7)
    driver.settle()
    assert asked == [(str(tmp_path / "empty"), "回执文件 (*.vdbundle)")]
    assert driver.toast() == "读了 1 个回执"


# -- the board ---------------------------------------------------------------------------------------------------------


def test_a_village_that_asks_to_be_let_in_is_named_at_the_trial(driver: Driver, town: Driver, tmp_path: Path) -> None:
    usb = joined(driver, town, tmp_path)  # it worked alone, so its scope is not the invitation's
    report_of(driver).seal_into(usb)
    driver.settle()
    inbox = inbox_of(town)
    assert inbox.board._cells[0].note == "未接入"
    tried(town, usb)
    assert inbox.board._cells[0].note == "待导入" and "待导入 1" in inbox.head.subtitle.text()
    shown = town.words(inbox.panel)
    assert "柳湾村" in shown and "带着邀请文件来的" in shown and "签名与登记的电脑一致" not in shown
    town.press(Qt.Key.Key_F9)
    assert inbox.board._cells[0].icon == "circle-check"


def test_two_that_have_not_joined_are_not_taken_for_one_another(driver: Driver, town: Driver, tmp_path: Path) -> None:
    inbox_of(town).invite([("石桥村", "999901100202")], tmp_path)
    town.settle()
    usb = joined(driver, town, tmp_path)
    report_of(driver).seal_into(usb)
    driver.settle()
    inbox = tried(town, usb)
    assert {cell.name: cell.note for cell in inbox.board._cells} == {"柳湾村": "待导入", "石桥村": "未接入"}
    assert "柳湾村" in town.words(inbox.panel) and "带着邀请文件来的" in town.words(inbox.panel)


def test_a_lost_computer_is_shut_out_and_another_invited(driver: Driver, town: Driver, tmp_path: Path) -> None:
    usb = joined(driver, town, tmp_path)
    inbox = inbox_of(town)
    inbox.board.choose(inbox.board._cells[0].key)
    assert not inbox.panel.other.isEnabled(), "nobody has joined yet"
    handed_in(driver, town, usb)
    inbox = inbox_of(town)
    inbox.board.choose(inbox.board._cells[0].key)
    assert inbox.panel.other.isEnabled()
    questions = town.answer(lambda box: box.stay.click())
    inbox.panel.other.click()
    town.settle()
    assert questions == ["柳湾村换电脑，不用原来的了？"] and not (usb / "柳湾村.vdinvite").exists(), "no is no"
    village = inbox._chosen()
    assert village is not None
    inbox.replace_machine(village, usb)
    town.settle()
    assert str(usb / "柳湾村.vdinvite") in town.toast() and (usb / "柳湾村.vdinvite").exists()
    assert inbox.board._cells[0].note == "等新电脑" and not inbox.panel.other.isEnabled()


def test_the_history_at_the_town_names_the_village(driver: Driver, town: Driver, tmp_path: Path) -> None:
    handed_in(driver, town, joined(driver, town, tmp_path))
    rows = town.write(lambda desk: households.list_page(desk, HouseholdQuery()).rows)
    table = town.visit("history", rows[0].card.id).findChild(TableView)
    assert isinstance(table, TableView) and table.rows.data(table.rows.index(0, 2)) == "柳湾村"


def test_what_was_refused_stays_named_after_the_import(driver: Driver, town: Driver, tmp_path: Path) -> None:
    usb = joined(driver, town, tmp_path)
    report_of(driver).seal_into(usb)
    driver.settle()
    (good,) = usb.glob("*.vdbundle")
    (usb / "VD-cut.vdbundle").write_bytes(good.read_bytes()[:-9])
    inbox = tried(town, usb)
    town.press(Qt.Key.Key_F9)
    assert "1 个文件没收" in town.toast()
    inbox.board.choose("")
    town.settle()
    told = town.words(inbox.panel)
    inbox.board.choose(inbox.board._cells[0].key)
    town.settle()
    assert "VD-cut.vdbundle" in town.words(inbox.panel), "also beside a village"
    assert "VD-cut.vdbundle" in told and "还没导入" not in told and not inbox.panel.button.isVisible()


def test_a_village_that_joined_is_not_invited_again(driver: Driver, town: Driver, tmp_path: Path) -> None:
    inbox_of(town).invite([("柳湾村", "999901100201")], tmp_path / "lost")
    town.settle()
    usb = joined(driver, town, tmp_path)
    assert len(inbox_of(town).board._cells) == 1, "a lost invitation is written anew, the village stays one"
    handed_in(driver, town, usb)
    inbox = inbox_of(town)
    inbox.invite([("柳湾村", "999901100201")], tmp_path / "again")
    town.settle()
    assert "已经接入" in town.toast() and len(inbox.board._cells) == 1
    assert not (tmp_path / "again" / "柳湾村.vdinvite").exists()
