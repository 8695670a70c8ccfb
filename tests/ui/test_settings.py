"""The 设置 page: what is kept in settings.json, the passphrase, backups made, rehearsed and verified, locking."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QPushButton

from tests.ui.driver import PASSPHRASE, PORTS, Driver
from villagedesk.errors import DeskError
from villagedesk.services import desks
from villagedesk.services.desks import Desk
from villagedesk.settings import Settings, load_settings
from villagedesk.ui.pages.first_run.key_steps import RecoveryDialog
from villagedesk.ui.pages.settings import PassphraseDialog, SettingsPage
from villagedesk.ui.pages.unlock import UnlockPage

NEW_PASSPHRASE = "村口 槐树 三月 开花"


def page_of(driver: Driver) -> SettingsPage:
    page = driver.visit("settings")
    assert isinstance(page, SettingsPage)
    return page


def kept(desk: Desk) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(desk.paths.settings.read_text("utf-8"))
    return found


def click(driver: Driver, word: str) -> None:
    next(found for found in driver.page.findChildren(QPushButton) if word in found.text()).click()
    driver.settle()


@pytest.mark.parametrize("theme", ["dark", "high_contrast"])
def test_a_theme_is_worn_at_once_and_kept(driver: Driver, desk: Desk, theme: str) -> None:
    page = page_of(driver)
    chip = next(chip for chip, value in page.theme.editor._values.items() if value == theme)  # type: ignore[union-attr]
    chip.click()
    driver.settle()
    assert isinstance(driver.page, SettingsPage), "one stays where one is"
    look = driver.page.room.look
    assert look.name == theme and driver.page.theme.value() == theme
    assert QApplication.palette().window().color() == look.colour("ground")
    assert kept(desk)["theme"] == theme
    assert load_settings(PORTS.files, desk.paths.settings) == Settings(theme=theme)


def test_a_scale_by_choice_and_by_keys(driver: Driver, desk: Desk) -> None:
    page = page_of(driver)
    page.scale.editor.setCurrentIndex(page.scale.editor.findData("150"))  # type: ignore[union-attr]
    driver.settle()
    assert driver.page.room.look.percent == 150 and kept(desk)["scale"] == 150
    control = Qt.KeyboardModifier.ControlModifier
    driver.press(Qt.Key.Key_Plus, control)
    assert kept(desk)["scale"] == 175
    for _ in range(3):
        driver.press(Qt.Key.Key_Minus, control)
    assert kept(desk)["scale"] == 110
    driver.press(Qt.Key.Key_0, control)
    assert kept(desk)["scale"] == 100 and QApplication.font().pixelSize() == 15


def test_a_scale_ends_at_both_ends(driver: Driver) -> None:
    for key, end in ((Qt.Key.Key_Plus, 200), (Qt.Key.Key_Minus, 80)):
        for _ in range(9):
            driver.press(key, Qt.KeyboardModifier.ControlModifier)
        assert driver.app.settings.scale == end


def test_english_and_back(driver: Driver, desk: Desk) -> None:
    page = page_of(driver)
    page.language.editor.choose_number(2)  # type: ignore[union-attr]
    driver.settle()
    assert kept(desk)["language"] == "en" and driver.page.room.words.language == "en"
    assert isinstance(driver.page, SettingsPage)
    driver.page.language.editor.choose_number(1)  # type: ignore[union-attr]
    driver.settle()
    assert kept(desk)["language"] == "zh_CN" and "设置" in driver.words()


def test_idle_minutes_are_kept_and_begin_at_once(driver: Driver, desk: Desk) -> None:
    page = page_of(driver)
    page.idle.editor.setCurrentIndex(page.idle.editor.findData("5"))  # type: ignore[union-attr]
    driver.settle()
    assert kept(desk)["idle_minutes"] == 5
    assert driver.app._idle.isActive() and driver.app._idle.interval() == 5 * 60_000
    assert driver.page is page, "nothing is drawn anew for that"


def test_a_key_begins_the_idle_time_anew(driver: Driver) -> None:
    driver.visit("households")
    driver.app._idle.stop()
    driver.type("z")
    assert driver.app._idle.isActive()


def test_locking_asks_for_the_passphrase(driver: Driver) -> None:
    page_of(driver)
    driver.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    page = driver.app.window.centralWidget()
    assert isinstance(page, UnlockPage) and not driver.app.is_open
    driver.type(PASSPHRASE)
    driver.press(Qt.Key.Key_Return)
    assert driver.app.is_open


# -- the passphrase ----------------------------------------------------------------------------------------------------


def by_typing(driver: Driver, *texts: str) -> Callable[[PassphraseDialog], None]:
    def act(_dialog: PassphraseDialog) -> None:
        for text in texts:
            driver.enter(text)

    return act


def change_passphrase(driver: Driver, act: Callable[[PassphraseDialog], None]) -> None:
    page_of(driver)
    seen = driver.answer(act)
    click(driver, "改口令")
    assert seen == ["改口令"]


def opens(desk: Desk, passphrase: str) -> bool:
    try:
        desks.close(desks.unlock(desk.paths, PORTS, passphrase))
    except DeskError as error:
        assert error.code == "passphrase_wrong"
        return False
    return True


def test_another_passphrase(driver: Driver, desk: Desk) -> None:
    change_passphrase(driver, by_typing(driver, PASSPHRASE, NEW_PASSPHRASE, NEW_PASSPHRASE))
    assert "口令改好了" in driver.toast()
    driver.app.window.close()
    assert opens(desk, NEW_PASSPHRASE) and not opens(desk, PASSPHRASE)


@pytest.mark.parametrize(
    "typed", [("wrong passphrase", NEW_PASSPHRASE, NEW_PASSPHRASE), (PASSPHRASE, "too short", "too short")]
)
def test_a_passphrase_that_is_not_taken(driver: Driver, desk: Desk, typed: tuple[str, str, str]) -> None:
    change_passphrase(driver, by_typing(driver, *typed))
    assert driver.app.frame._toast._wrong.isVisible()
    driver.app.window.close()
    assert opens(desk, PASSPHRASE)


def test_two_new_ones_must_agree(driver: Driver, desk: Desk) -> None:
    said: list[str] = []

    def act(dialog: PassphraseDialog) -> None:
        by_typing(driver, PASSPHRASE, NEW_PASSPHRASE, "something else entirely")(dialog)
        said.append(dialog.again._message.text())
        dialog.reject()

    change_passphrase(driver, act)
    assert "不一样" in said[0]
    driver.app.window.close()
    assert opens(desk, PASSPHRASE)


def test_no_passphrase_is_shown(driver: Driver) -> None:
    shown: list[str] = []

    def act(dialog: PassphraseDialog) -> None:
        by_typing(driver, PASSPHRASE)(dialog)
        shown.append(dialog.old.editor.displayText())  # type: ignore[union-attr]
        dialog.reject()

    change_passphrase(driver, act)
    assert shown and PASSPHRASE not in shown[0]


def test_another_recovery_key(driver: Driver, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: (PASSPHRASE, True))
    shown: list[str] = []

    def keep(dialog: RecoveryDialog) -> bool:
        shown.append("".join(dialog.step._lines.text().split()))
        dialog.reject()
        assert not dialog.result(), "it is shown only this once"
        return True

    monkeypatch.setattr("villagedesk.ui.pages.settings.ask", keep)
    page_of(driver)
    click(driver, "换恢复密钥")
    assert "以前的作废" in driver.toast() and shown[0].startswith("AGE-SECRET-KEY-1")
    driver.app.window.close()
    opened = desks.unlock_with_recovery(desk.paths, PORTS, shown[0], NEW_PASSPHRASE)
    desks.close(opened)
    assert opens(desk, NEW_PASSPHRASE)


def test_no_other_recovery_key_without_the_passphrase(
    driver: Driver, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (desk.paths.slots / "recovery.age").read_bytes()
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("wrong passphrase here", True))
    page_of(driver)
    click(driver, "换恢复密钥")
    assert "口令不对" in driver.toast()
    assert (desk.paths.slots / "recovery.age").read_bytes() == before


# -- backups -----------------------------------------------------------------------------------------------------------


def test_backup_rehearsal_and_verification(driver: Driver, desk: Desk) -> None:
    page = page_of(driver)
    assert "还没有" in page._last.text()
    click(driver, "现在备份")
    assert len(list(desk.paths.backups.glob("*.vdbackup"))) == 1 and "已核对" in driver.toast()
    assert "还没有" not in page._last.text() and "还没有" in page._rehearsed.text()
    click(driver, "恢复演练")
    assert "演练成功" in driver.toast() and "还没有" not in page._rehearsed.text()
    click(driver, "全面核对")
    assert not driver.app.frame._toast._wrong.isVisible()
    number = driver.write(lambda own: own.store.rows("SELECT count(*) FROM op"))[0][0]
    assert str(number) in driver.toast()
    assert not driver.app.frame._dock.isVisible()


def test_a_rehearsal_without_a_backup_is_told(driver: Driver) -> None:
    page_of(driver)
    click(driver, "恢复演练")
    assert driver.app.frame._toast._wrong.isVisible() and "备份" in driver.toast()
    assert not driver.app.frame._dock.isVisible()


def test_a_damaged_backup_is_told(driver: Driver, desk: Desk) -> None:
    page_of(driver)
    click(driver, "现在备份")
    (made,) = desk.paths.backups.glob("*.vdbackup")
    data = bytearray(made.read_bytes())
    data[len(data) // 2] ^= 1
    made.write_bytes(data)
    click(driver, "恢复演练")
    assert driver.app.frame._toast._wrong.isVisible()
    assert "还没有" in driver.page._rehearsed.text()  # type: ignore[attr-defined]


def test_a_second_place_gets_the_backup_at_closing(
    driver: Driver, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = tmp_path / "usb"
    second.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(second))
    page_of(driver)
    click(driver, "选第二备份处")
    assert kept(desk)["second_backup_folder"] == str(second) and str(second) in driver.words()
    driver.app.window.close()
    assert len(list(second.rglob("*.vdbackup"))) == len(list(desk.paths.backups.glob("*.vdbackup"))) == 1


def test_what_this_desk_is(driver: Driver) -> None:
    page_of(driver)
    shown = driver.words()
    assert "柳湾村" in shown and "青禾镇" in shown and "999901100201" in shown


def test_what_a_newer_program_wrote_is_kept(driver: Driver, desk: Desk) -> None:
    driver.app.change_settings(Settings(others={"from_the_future": 7}))
    page = page_of(driver)
    page.idle.set_value("30")
    page.idle.committed.emit()
    driver.settle()
    assert kept(desk)["from_the_future"] == 7


def test_a_second_place_gets_each_backup(
    driver: Driver, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = tmp_path / "usb"
    second.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(second))
    page_of(driver)
    click(driver, "选第二备份处")
    assert kept(desk)["second_backup_folder"] == str(second)
    click(driver, "现在备份")
    assert len(list(second.rglob("*.vdbackup"))) == len(list(desk.paths.backups.glob("*.vdbackup"))) == 1


def test_one_setting_does_not_take_another_back(
    driver: Driver, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    page = page_of(driver)
    click(driver, "选第二备份处")
    page.idle.editor.setCurrentIndex(page.idle.editor.findData("5"))  # type: ignore[union-attr]
    driver.settle()
    assert kept(desk)["second_backup_folder"] == str(tmp_path) and kept(desk)["idle_minutes"] == 5
    page.theme.editor.choose_number(2)  # type: ignore[union-attr]
    driver.settle()
    assert kept(desk)["second_backup_folder"] == str(tmp_path) and kept(desk)["idle_minutes"] == 5
