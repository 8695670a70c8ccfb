"""上报 and 收件 in two windows: what a clerk hands in comes back with a receipt; a desk that worked alone joins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.ui.driver import PASSPHRASE, PORTS, Driver
from villagedesk.app import App
from villagedesk.paths import DeskPaths
from villagedesk.services import towns
from villagedesk.settings import Settings
from villagedesk.ui.models.table import CELL
from villagedesk.ui.pages.households.page import HouseholdsPage
from villagedesk.ui.pages.inbox.page import InboxPage
from villagedesk.ui.pages.report import ReportPage


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
    assert "还有 8 条没报" in report._title.text()
    report.seal_into(usb)
    driver.settle()
    assert "8 条等镇里回执" in report._title.text()
    status = report.table.rows.data(report.table.rows.index(0, 3), CELL)
    assert status.text == "未回执"

    inbox = inbox_of(town)
    inbox.try_folder(usb)
    town.settle()
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
    status = report.table.rows.data(report.table.rows.index(0, 3), CELL)
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
    inbox = inbox_of(town)
    inbox.try_folder(usb)
    town.settle()
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
