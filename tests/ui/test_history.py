"""The 历史 page: every step with its old and new value, masked; a step is undone without touching later ones."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt

from tests.ui.driver import Driver
from tests.ui.test_form import ask, the_household
from villagedesk.services import history, households
from villagedesk.services.households import Edit
from villagedesk.ui.pages.history import HistoryPage
from villagedesk.ui.pages.households.page import HouseholdsPage

NEW_ID = "999901195602290021"


def change(driver: Driver, household: bytes, **values: str) -> None:
    driver.write(partial(households.save, edits=[Edit("household", household, values)]))


def opened(driver: Driver, household: bytes) -> HistoryPage:
    page = driver.visit("history", household)
    assert isinstance(page, HistoryPage)
    return page


def lines(page: HistoryPage) -> list[str]:
    rows = page.table.rows
    return [str(rows.data(rows.index(number, 3))) for number in range(rows.rowCount())]


@pytest.fixture
def home(driver: Driver) -> bytes:
    """张建国 moved, then got another telephone."""
    home = the_household(driver, "张建国").id
    change(driver, home, address="一组3号")
    change(driver, home, address="二组8号", phone="19900000002")
    return home


def test_steps_newest_first_with_who_and_what(driver: Driver, home: bytes) -> None:
    page = opened(driver, home)
    assert page.head.subtitle.text() == "张建国 001"
    newest, older, first = lines(page)
    assert "联系电话" in newest and "户籍地址" in newest
    assert "户籍地址" in older and "联系电话" not in older
    assert "张建国" in first and "本户" in first, "household and people of one action are one step"
    assert page.table.rows.data(page.table.rows.index(0, 1)) == "李会英"


def test_old_and_new_value_of_the_chosen_step_masked(driver: Driver, home: bytes) -> None:
    page = opened(driver, home)
    shown = driver.words()
    assert "一组3号 → 二组8号" in shown and "199****0001 → 199****0002" in shown
    assert "19900000002" not in shown
    driver.press(Qt.Key.Key_Down)
    assert "二组8号" not in driver.words() and "一组3号" in driver.words()
    driver.press(Qt.Key.Key_Down)
    shown = driver.words()
    assert "999901**********13" in shown and "999901195602290013" not in shown
    assert page.table.currentIndex().row() == 2


def test_a_changed_number_is_masked_before_and_after(driver: Driver, home: bytes) -> None:
    person = the_household(driver, "张建国").members[0].id
    driver.write(partial(households.save, edits=[Edit("member", person, {"id_no": NEW_ID})]))
    opened(driver, home)
    shown = driver.words()
    assert "999901**********13 → 999901**********21" in shown
    assert NEW_ID not in shown


def test_undoing_a_step_is_a_step(driver: Driver, home: bytes) -> None:
    page = opened(driver, home)
    page._undo.click()
    driver.settle()
    file = the_household(driver, "张建国")
    assert (file.household.address, file.household.phone) == ("一组3号", "19900000001")
    assert len(lines(page)) == 4 and "二组8号 → 一组3号" in driver.words()
    page._undo.click()
    driver.settle()
    assert the_household(driver, "张建国").household.address == "二组8号", "an undo is undone like anything else"


def test_a_step_says_from_what_to_what_and_whether_it_took_something_back(driver: Driver, home: bytes) -> None:
    page = opened(driver, home)
    assert "户籍地址 一组3号 → 二组8号" in lines(page)[0] and "199****0002" in lines(page)[0]
    assert lines(page)[1] == "本户：户籍地址 空 → 一组3号"
    for word in ("撤销", "恢复", "撤销"):
        page._undo.click()
        driver.settle()
        assert lines(page)[0].startswith(word), lines(page)
    assert "二组8号 → 一组3号" in lines(page)[0] and not lines(page)[3].startswith(("撤销", "恢复"))


def test_the_computer_is_named(driver: Driver, home: bytes) -> None:
    page = opened(driver, home)
    assert {page.table.rows.data(page.table.rows.index(row, 2)) for row in range(3)} == {"本机"}


def test_what_was_changed_later_stays(driver: Driver, home: bytes) -> None:
    page = opened(driver, home)
    page.table.choose(1)
    driver.settle()
    page._undo.click()
    driver.settle()
    assert the_household(driver, "张建国").household.address == "二组8号"
    assert "1" in driver.toast()


def test_ctrl_z_takes_back_what_was_undone_here(driver: Driver, home: bytes) -> None:
    page = opened(driver, home)
    page._undo.click()
    driver.settle()
    page.table.setFocus()
    driver.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert the_household(driver, "张建国").household.phone == "19900000002"


def test_a_change_by_another_page_shows_at_once(driver: Driver, home: bytes) -> None:
    page = opened(driver, home)
    change(driver, home, address="三组1号")
    driver.app.frame.room.events.changed.emit(frozenset({"household"}))
    driver.settle()
    assert len(lines(page)) == 4


def test_escape_goes_back_to_the_household(driver: Driver, home: bytes) -> None:
    opened(driver, home)
    driver.press(Qt.Key.Key_Escape)
    assert isinstance(driver.page, HouseholdsPage)
    assert driver.page.table.current_key() == home


def test_another_theme_keeps_the_household(driver: Driver, home: bytes) -> None:
    opened(driver, home)
    driver.app.show_theme("dark")
    driver.settle()
    page = driver.page
    assert isinstance(page, HistoryPage) and page.head.subtitle.text() == "张建国 001" and len(lines(page)) == 3


def test_a_voided_household_keeps_its_history(driver: Driver, home: bytes) -> None:
    driver.write(partial(households.void_household, household_id=home))
    assert ask(driver, lambda desk: len(history.household_history(desk, home))) > 3


def test_ctrl_z_in_the_history_is_about_this_household(driver: Driver, home: bytes) -> None:
    other = the_household(driver, "仇建国").id
    change(driver, other, phone="19900000009")
    page = opened(driver, home)
    page.table.choose(1)
    page.table.setFocus()
    driver.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert the_household(driver, "仇建国").household.phone == "19900000009"
    assert the_household(driver, "张建国").household.address == "二组8号", "written later, so it stays"
