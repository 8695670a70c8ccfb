"""First run, unlocking and locking: how a desk begins and opens."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.ui.driver import PASSPHRASE, PORTS, Driver, village_desk
from villagedesk.app import App
from villagedesk.errors import DeskError
from villagedesk.paths import DeskPaths
from villagedesk.services import care, desks
from villagedesk.settings import Settings
from villagedesk.ui.pages.first_run.page import FirstRunPage
from villagedesk.ui.pages.households.page import HouseholdsPage
from villagedesk.ui.pages.unlock import UnlockPage
from villagedesk.ui.shell.window import MainWindow


def started(qapp: QApplication, folder: Path) -> Driver:
    app = App(qapp, DeskPaths(folder), PORTS, Settings())
    app.start()
    driver = Driver(app)
    driver.settle()
    return driver


def test_first_run_by_typing_the_name(qapp: QApplication, tmp_path: Path) -> None:
    driver = started(qapp, tmp_path / "new")
    page = driver.app.window.centralWidget()
    assert isinstance(page, FirstRunPage)
    driver.type("鸡笼山")
    page.place._pause.setInterval(0)
    page.place._pause.start()
    driver.settle()
    driver.settle()
    assert page.place.matches.count() > 0
    driver.press(Qt.Key.Key_Return)
    driver.enter("李会英")
    driver.enter("short")
    assert "口令太弱" in page.keys.first._message.text() and page.keys.first.editor.hasFocus(), "at once"
    page.keys.first.set_value("")
    driver.enter("111111111111")
    assert "同一个字" in page.keys.first._message.text() and not page.keys._next.isEnabled()
    page.keys.first.set_value("")
    driver.enter(PASSPHRASE)
    driver.enter("another long passphrase")
    assert "不一样" in page.keys.second._message.text()
    page.keys.second.set_value("")
    driver.type(PASSPHRASE)
    driver.press(Qt.Key.Key_Return)
    key = "".join(page.recovery._lines.text().split())
    assert key.startswith("AGE-SECRET-KEY-1") and not page.recovery._next.isEnabled()
    page.recovery._sure.setChecked(True)
    page.recovery._next.click()
    page._finish(False)
    driver.settle()
    assert isinstance(driver.page, HouseholdsPage)
    paths, profile = driver.app._paths, driver.app.frame.room.profile
    driver.close()
    assert profile.name.startswith("鸡笼山") and len(profile.division_code) == 12
    assert profile.town_name
    again = desks.unlock_with_recovery(paths, PORTS, key, "a new long passphrase")
    assert again.profile == profile
    desks.close(again)


def at_the_key(qapp: QApplication, folder: Path) -> tuple[Driver, FirstRunPage]:
    driver = started(qapp, folder)
    page = driver.app.window.centralWidget()
    assert isinstance(page, FirstRunPage)
    page.place.search.setText("无名村")
    page.place._on_typed()
    driver.enter("李会英")
    driver.enter(PASSPHRASE)
    driver.type(PASSPHRASE)
    driver.press(Qt.Key.Key_Return)
    assert page._stack.currentIndex() == 2
    return driver, page


def test_another_scale_keeps_the_recovery_key_and_everything_before_it(qapp: QApplication, tmp_path: Path) -> None:
    driver, page = at_the_key(qapp, tmp_path / "new")
    key = page.recovery._lines.text()
    driver.app._scale(1)
    driver.settle()
    again = driver.app.window.centralWidget()
    assert isinstance(again, FirstRunPage) and again is not page
    assert again.recovery._lines.text() == key and again._stack.currentIndex() == 2
    driver.press(Qt.Key.Key_Return)
    assert again._stack.currentIndex() == 2, "not before it is ticked"
    again.recovery._sure.setChecked(True)
    driver.press(Qt.Key.Key_Return)
    assert again._stack.currentIndex() == 3
    again._finish(False)
    driver.settle()
    assert isinstance(driver.page, HouseholdsPage) and driver.app.frame.room.profile.name == "无名村"
    driver.close()


def test_another_scale_keeps_what_was_typed_at_the_passphrase(qapp: QApplication, tmp_path: Path) -> None:
    driver = started(qapp, tmp_path / "new")
    page = driver.app.window.centralWidget()
    assert isinstance(page, FirstRunPage)
    page.place.search.setText("无名村")
    page.place._on_typed()
    driver.enter("李会英")
    driver.type(PASSPHRASE)
    driver.app._scale(1)
    driver.settle()
    again = driver.app.window.centralWidget()
    assert isinstance(again, FirstRunPage) and again._stack.currentIndex() == 1
    assert (again.keys.operator.value(), again.keys.first.value()) == ("李会英", PASSPHRASE)
    assert again._choice.name == "无名村"
    driver.type(" x")
    assert again.keys.first.value() == PASSPHRASE + " x", "the next key goes on and overwrites nothing"
    driver.close()


def test_once_the_desk_is_made_no_other_way_is_offered(qapp: QApplication, tmp_path: Path) -> None:
    driver, page = at_the_key(qapp, tmp_path / "new")
    assert not page._others.isVisible()
    driver.press(Qt.Key.Key_Escape)
    assert page._stack.currentIndex() == 2
    driver.close()


def test_a_recovery_key_never_written_down_is_spoken_of(qapp: QApplication, tmp_path: Path) -> None:
    driver, _ = at_the_key(qapp, tmp_path / "new")
    driver.close()
    again = started(qapp, tmp_path / "new")
    again.type(PASSPHRASE)
    again.press(Qt.Key.Key_Return)
    again.settle()
    assert "恢复密钥上次没有抄完" in again.words(again.app.window)
    again.close()


def test_nothing_found_is_nothing_chosen(qapp: QApplication, tmp_path: Path) -> None:
    driver = started(qapp, tmp_path / "new")
    page = driver.app.window.centralWidget()
    assert isinstance(page, FirstRunPage)
    for text, chosen in (("鸡笼山", True), ("查无此村村村", False)):
        page.place.search.setText(text)
        page.place._look_up()
        driver.settle()
        assert (page.place._path is not None) is chosen and page.place._next.isEnabled() is chosen
    page.place._columns[0].setCurrentRow(3)
    assert page.place.matches.currentRow() == -1, "one choice at a time"
    driver.close()


def test_level_by_level(qapp: QApplication, tmp_path: Path) -> None:
    driver = started(qapp, tmp_path / "new")
    page = driver.app.window.centralWidget()
    assert isinstance(page, FirstRunPage)
    for listing in page.place._columns[:5]:
        if listing.count():
            listing.setCurrentRow(0)
    assert page.place._next.isEnabled()
    page.place.take()
    assert page._choice.code.startswith("11") and page._choice.name
    driver.close()


def test_a_town_desk_is_made_at_the_level_of_towns(qapp: QApplication, tmp_path: Path) -> None:
    driver = started(qapp, tmp_path / "new")
    page = driver.app.window.centralWidget()
    assert isinstance(page, FirstRunPage)
    page.place._on_role()
    driver.type("周庄镇")
    page.place._look_up()
    driver.settle()
    page.place.take()
    assert page._choice.town and page._choice.name.endswith("周庄镇")
    driver.close()


def test_an_invitation_that_is_none_is_refused_in_a_sentence(qapp: QApplication, tmp_path: Path) -> None:
    driver = started(qapp, tmp_path / "new")
    page = driver.app.window.centralWidget()
    assert isinstance(page, FirstRunPage)
    wrong = tmp_path / "x.vdinvite"
    wrong.write_bytes(b"not an invitation")
    page.open_invitation(wrong)
    driver.settle()
    assert "邀请文件" in page.place._note.text()
    driver.close()


def test_wrong_then_right_passphrase(qapp: QApplication, tmp_path: Path) -> None:
    desks.close(village_desk(tmp_path / "desk"))
    driver = started(qapp, tmp_path / "desk")
    page = driver.app.window.centralWidget()
    assert isinstance(page, UnlockPage)
    assert "柳湾村" in driver.words(page) and "青禾镇" in driver.words(page)
    driver.type("WRONG")
    assert "大写锁定" in page._notice.text()
    driver.press(Qt.Key.Key_Return)
    assert "口令不对" in page._notice.text()
    driver.type(PASSPHRASE)
    driver.press(Qt.Key.Key_Return)
    assert isinstance(driver.page, HouseholdsPage)
    driver.close()


def test_a_second_instance_is_told_so(qapp: QApplication, tmp_path: Path) -> None:
    first = village_desk(tmp_path / "desk")
    driver = started(qapp, tmp_path / "desk")
    page = driver.app.window.centralWidget()
    assert isinstance(page, UnlockPage)
    driver.type(PASSPHRASE)
    driver.press(Qt.Key.Key_Return)
    assert "已经打开" in page._notice.text()
    driver.close()
    desks.close(first)


def test_the_recovery_key_opens_with_blanks_between_its_groups(qapp: QApplication, tmp_path: Path) -> None:
    desk, secret = desks.create_village(
        DeskPaths(tmp_path / "desk"),
        PORTS,
        name="柳湾村",
        town_name="青禾镇",
        division_code="",
        operator_name="李会英",
        passphrase=PASSPHRASE,
    )
    desks.close(desk)
    driver = started(qapp, tmp_path / "desk")
    page = driver.app.window.centralWidget()
    assert isinstance(page, UnlockPage)
    page._on_forgot()
    driver.type(" ".join(secret[place : place + 4] for place in range(0, len(secret), 4)))
    driver.enter()
    driver.type("a new long passphrase")
    driver.press(Qt.Key.Key_Return)
    assert isinstance(driver.page, HouseholdsPage)
    driver.close()
    desks.close(desks.unlock(DeskPaths(tmp_path / "desk"), PORTS, "a new long passphrase"))


def test_an_idle_desk_locks_itself_and_keeps_the_draft(driver: Driver) -> None:
    driver.visit("form")
    driver.enter("周未完")
    driver.app._on_idle()
    page = driver.app.window.centralWidget()
    assert isinstance(page, UnlockPage)
    driver.settle()
    driver.type(PASSPHRASE)
    driver.press(Qt.Key.Key_Return)
    assert isinstance(driver.page, HouseholdsPage)
    assert "周未完" in driver.words(driver.page._drafts)


def test_closing_makes_a_verified_backup(driver: Driver, desk: desks.Desk) -> None:
    driver.app.window.close()
    assert len(list(desk.paths.backups.glob("*.vdbackup"))) == 1


@pytest.mark.parametrize("number", range(2))
def test_closing_again_without_a_change_makes_none(driver: Driver, desk: desks.Desk, number: int) -> None:
    driver.app.window.close()
    for _ in range(number):
        desks.close(desks.unlock(desk.paths, PORTS, PASSPHRASE))
    assert len(list(desk.paths.backups.glob("*.vdbackup"))) == 1


def test_a_backup_opens_on_another_machine_with_the_recovery_key(qapp: QApplication, tmp_path: Path) -> None:
    desk, secret = desks.create_village(
        DeskPaths(tmp_path / "old"),
        PORTS,
        name="柳湾村",
        town_name="青禾镇",
        division_code="",
        operator_name="李会英",
        passphrase=PASSPHRASE,
    )
    backup = desks.back_up(desk, tmp_path / "stick")
    desks.close(desk)
    driver = started(qapp, tmp_path / "another-machine")
    driver.app.entrance.restore(backup.path, "a new long passphrase", secret)
    driver.settle()
    assert isinstance(driver.page, HouseholdsPage)
    assert driver.app.frame.room.profile.name == "柳湾村"
    driver.close()
    desks.close(desks.unlock(DeskPaths(tmp_path / "another-machine"), PORTS, "a new long passphrase"))


def test_a_wrong_passphrase_for_a_backup_leaves_nothing_changed(tmp_path: Path) -> None:
    desk = village_desk(tmp_path / "desk")
    backup = desks.back_up(desk, tmp_path / "stick")
    desks.close(desk)
    before = desk.paths.store.read_bytes()
    with pytest.raises(DeskError, match="passphrase_wrong"):
        care.restore(desk.paths, PORTS, backup.path, "not the passphrase")
    assert desk.paths.store.read_bytes() == before


def test_a_small_screen_is_filled(qapp: QApplication) -> None:
    window = MainWindow("")
    window.resize(1366, 768)
    window.show()
    assert window.screen().availableSize().width() < 1366, "what the offscreen platform has"
    window.fit_screen()
    assert window.isMaximized() and window.height() <= window.screen().availableSize().height()
    window.showNormal()
    window.resize(400, 300)
    window.fit_screen()
    assert not window.isMaximized()
    window.close()
