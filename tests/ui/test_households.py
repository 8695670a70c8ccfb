"""The 农户 page: list, the one search box, void and undo, drafts after a kill."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.ui.driver import PORTS, Driver
from villagedesk.app import App
from villagedesk.services import desks, households
from villagedesk.services.desks import Desk
from villagedesk.ui.pages.form.page import FormPage
from villagedesk.ui.pages.households.page import HouseholdsPage


def page_of(driver: Driver) -> HouseholdsPage:
    page = driver.visit("households")
    assert isinstance(page, HouseholdsPage)
    return page


def heads(page: HouseholdsPage) -> list[str]:
    rows = page.table.rows
    return [str(rows.data(rows.index(number, 0))) for number in range(rows.rowCount())]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("zjg", ["张建国"]),
        ("qjg", ["仇建国"]),
        ("cjg", ["仇建国"]),
        ("zhangjian", ["张建国"]),
        ("建国", ["仇建国", "张建国"]),
        ("0013", ["张建国"]),
        ("003", ["阿依古丽·买买提"]),
        ("古丽", ["阿依古丽·买买提"]),
        ("查无此人", []),
    ],
)
def test_the_one_search_box(driver: Driver, typed: str, found: list[str]) -> None:
    page = page_of(driver)
    driver.type(typed)
    driver.settle()
    assert sorted(heads(page)) == sorted(found)


def test_a_search_says_who_is_meant_where_it_is_not_the_head(driver: Driver) -> None:
    form = driver.visit("form")
    assert isinstance(form, FormPage)
    for line, (name, relation) in enumerate((("胡春梅", "02"), ("周既白", "11"))):
        for field, text in (("name", name), ("id_no", "未上户"), ("sex", "2"), ("relation", relation)):
            form.people.members.set_text(line, field, text)
    driver.press(Qt.Key.Key_F9)
    page = page_of(driver)
    page.search.setFocus()
    driver.type("zjb")
    driver.settle()
    assert heads(page) == ["胡春梅 周既白"]


def test_down_from_the_search_box_and_enter_open_the_form(driver: Driver) -> None:
    page_of(driver)
    driver.type("zjg")
    driver.settle()
    driver.press(Qt.Key.Key_Return)
    driver.press(Qt.Key.Key_Return)
    assert isinstance(driver.page, FormPage)
    assert driver.page.head.title.text() == "张建国"


def test_void_and_undo(driver: Driver) -> None:
    page = page_of(driver)
    page.table.setFocus()
    page.table.choose(0)
    first = heads(page)[0]
    driver.void()
    assert first not in heads(page) and first in driver.toast()
    driver.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert first in heads(page)


def test_numbers_are_masked_in_list_and_panel(driver: Driver) -> None:
    page = page_of(driver)
    page.table.choose(1)
    driver.settle()
    shown = driver.words() + "".join(
        str(page.table.rows.data(page.table.rows.index(row, column)))
        for row in range(page.table.rows.rowCount())
        for column in range(page.table.rows.columnCount())
    )
    assert "199****0001" in shown
    assert "19900000001" not in shown and "999901195602290013" not in shown


def test_a_draft_survives_a_kill(driver: Driver, desk: Desk) -> None:
    form = driver.visit("form")
    assert isinstance(form, FormPage)
    driver.enter("刘𬭎")
    driver.enter("19912345678")
    form._keep_draft()
    driver.settle()
    copy = desk.paths.root.with_name("after-the-kill")
    assert driver.app.is_open
    import shutil

    shutil.copytree(desk.paths.root, copy)  # what a power cut leaves on the disk
    (copy / "desk.lock").unlink()
    revived = desks.unlock(type(desk.paths)(copy), PORTS, "a long enough passphrase")
    (draft,) = households.open_drafts(revived)
    assert draft.document["members"][0]["texts"]["name"] == "刘𬭎"
    app = App(driver.app._application, revived.paths, PORTS, driver.app.settings)
    app.window.show()
    app.enter(revived)
    second = Driver(app)
    second.settle()
    assert isinstance(second.page, HouseholdsPage)
    assert "刘𬭎" in second.words(second.page._drafts) and second.page._drafts.isVisible()
    second.page._drafts.resume_newest()
    second.settle()
    assert isinstance(second.page, FormPage)
    assert second.page.basics.fields["head.name"].value() == "刘𬭎"
    assert second.page.basics.fields["phone"].value() == "199 1234 5678"
    second.close()


def test_an_empty_desk_teaches(driver: Driver) -> None:
    page = page_of(driver)
    for _ in range(3):
        page.table.setFocus()
        page.table.choose(0)
        driver.void()
    assert page._stack.currentIndex() == 1
    assert "还没有农户" in driver.words()


def test_undo_can_be_taken_back(driver: Driver) -> None:
    page = page_of(driver)
    page.table.setFocus()
    page.table.choose(0)
    first = heads(page)[0]
    driver.void()
    driver.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    driver.settle()
    assert first in heads(page)
    driver.press(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    driver.settle()
    assert first not in heads(page)
    driver.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    driver.settle()
    assert first in heads(page)


def test_ctrl_z_in_a_touched_form_is_for_typing_alone(driver: Driver) -> None:
    page = page_of(driver)
    page.table.setFocus()
    page.table.choose(0)
    driver.void()
    form = driver.visit("form")
    assert isinstance(form, FormPage)
    driver.enter("刘明")
    driver.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(heads(page_of(driver))) == 2


def test_ctrl_z_in_an_untouched_new_form_is_the_desks(driver: Driver) -> None:
    page = page_of(driver)
    page.table.setFocus()
    page.table.choose(0)
    driver.void()
    driver.visit("form")
    driver.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(heads(page_of(driver))) == 3


def test_old_searches_do_not_stand_before_the_undo(driver: Driver) -> None:
    page = page_of(driver)
    driver.type("zjg")
    page.search.selectAll()
    driver.type("q")
    page.search.clear()
    driver.settle()
    page.table.setFocus()
    page.table.choose(0)
    driver.void()
    again = driver.visit("households")
    assert isinstance(again, HouseholdsPage) and again.search.hasFocus()
    driver.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert again.search.text() == "" and len(heads(page_of(driver))) == 3


def test_a_draft_is_not_thrown_away_by_one_press(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    driver.visit("form")
    driver.enter("刘明")
    page = driver.visit("households")
    assert isinstance(page, HouseholdsPage) and page._drafts.isVisible()
    answers = iter([False, True])
    monkeypatch.setattr("villagedesk.ui.pages.households.drafts.confirm", lambda *_: next(answers))
    page._drafts._on_drop()
    driver.settle()
    assert page._drafts.isVisible()
    page._drafts._on_drop()
    driver.settle()
    assert not page._drafts.isVisible()
