"""The 网格 page: grids, micro grids, groups and who answers for them, added by dialogs, refused, voided, taught."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from tests.ui.driver import Driver
from tests.ui.test_form import ask
from villagedesk.services import households, place_tree
from villagedesk.services.households import Edit, HouseholdQuery
from villagedesk.ui.pages.grids import AnswerDialog, GridsPage, PlaceDialog


def page_of(driver: Driver) -> GridsPage:
    page = driver.visit("grids")
    assert isinstance(page, GridsPage)
    return page


def listed(page: GridsPage, column: int = 0) -> list[str]:
    rows = page.table.rows
    return [str(rows.data(rows.index(number, column))).strip("　") for number in range(rows.rowCount())]


def add(driver: Driver, key: Qt.Key, **texts: str) -> list[str]:
    """Press the key, fill the dialog, save with F9."""

    def fill(dialog: Any) -> None:
        for name, text in texts.items():
            dialog.fields[name].set_value(text)
        QTest.keyClick(dialog, Qt.Key.Key_F9)

    seen = driver.answer(fill)
    driver.press(key)
    driver.settle()
    return seen


@pytest.fixture
def page(driver: Driver) -> GridsPage:
    return page_of(driver)


def test_an_empty_page_teaches_and_makes_the_first(driver: Driver, page: GridsPage) -> None:
    assert page._stack.currentIndex() == 1 and "还没有网格" in driver.words()
    assert "3 户没分网格" in page.head.subtitle.text()
    assert add(driver, Qt.Key.Key_F2, name="柳湾第一网格") == ["网格"]
    assert page._stack.currentIndex() == 0 and listed(page) == ["柳湾第一网格"]
    assert driver.toast()


def test_a_grid_gets_the_next_code_by_itself(driver: Driver, page: GridsPage) -> None:
    for name in ("东片", "西片"):
        add(driver, Qt.Key.Key_F2, name=name)
    assert listed(page, 1) == ["999901100201001", "999901100201002"]


def test_enter_goes_through_the_dialog_and_saves(driver: Driver, page: GridsPage) -> None:
    def by_keys(dialog: PlaceDialog) -> None:
        assert dialog.fields["name"].editor.hasFocus()
        driver.enter("东片")
        driver.enter()
        driver.enter()

    seen = driver.answer(by_keys)
    driver.press(Qt.Key.Key_F2)
    assert seen and listed(page) == ["东片"]


def test_a_micro_grid_lies_in_the_chosen_grid(driver: Driver, page: GridsPage) -> None:
    for name in ("东片", "西片"):
        add(driver, Qt.Key.Key_F2, name=name)
    page.table.choose(1)
    assert add(driver, Qt.Key.Key_F3, name="西一") == ["微网格"]
    add(driver, Qt.Key.Key_F3, name="西二")
    assert listed(page) == ["东片", "西片", "西一", "西二"]
    assert listed(page, 1)[2:] == ["99990110020100201", "99990110020100202"]
    page.table.choose(2)
    add(driver, Qt.Key.Key_F3, name="西三")
    assert listed(page)[-1] == "西三", "beside a chosen micro grid, in the same grid"


def test_a_micro_grid_needs_a_grid(driver: Driver, page: GridsPage) -> None:
    add(driver, Qt.Key.Key_F4, number="1", name="一组")
    driver.press(Qt.Key.Key_F3)
    assert "先选一个网格" in driver.toast()


def test_groups_are_numbered(driver: Driver, page: GridsPage) -> None:
    seen = [add(driver, Qt.Key.Key_F4), add(driver, Qt.Key.Key_F4)]
    assert seen == [["村民小组"], ["村民小组"]]
    assert listed(page) == ["1组", "2组"]


@pytest.mark.parametrize(
    ("key", "field", "twice"),
    [(Qt.Key.Key_F2, "code", "999901100201001"), (Qt.Key.Key_F4, "number", "1")],
)
def test_a_duplicate_is_refused_in_words(driver: Driver, page: GridsPage, key: Qt.Key, field: str, twice: str) -> None:
    add(driver, key, name="东片")
    add(driver, key, **{"name": "西片", field: twice})
    assert listed(page) == ["东片"]
    assert driver.app.frame._toast._wrong.isVisible() and "东片" in driver.toast()


def test_a_place_without_a_name_is_refused(driver: Driver, page: GridsPage) -> None:
    add(driver, Qt.Key.Key_F2, name="")
    assert driver.app.frame._toast._wrong.isVisible() and page.table.rows.rowCount() == 0


def test_escape_leaves_everything_as_it_was(driver: Driver, page: GridsPage) -> None:
    def away(dialog: PlaceDialog) -> None:
        dialog.fields["name"].set_value("东片")
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    assert driver.answer(away) == []
    driver.press(Qt.Key.Key_F2)
    assert ask(driver, place_tree.read_places).grids == ()


def test_enter_changes_a_place_and_keeps_what_is_not_shown(driver: Driver, page: GridsPage) -> None:
    add(driver, Qt.Key.Key_F2, name="东片")

    def rename(dialog: PlaceDialog) -> None:
        assert dialog.fields["name"].value() == "东片" and dialog.fields["code"].value() == "999901100201001"
        dialog.fields["name"].set_value("东北片")
        dialog.accept()

    seen = driver.answer(rename)
    page.table.setFocus()
    driver.press(Qt.Key.Key_Return)
    assert seen == ["网格"] and listed(page) == ["东北片"] and listed(page, 1) == ["999901100201001"]


def test_somebody_answers_for_a_grid_and_stops(driver: Driver, page: GridsPage) -> None:
    add(driver, Qt.Key.Key_F2, name="东片")

    def name_one(dialog: AnswerDialog) -> None:
        assert dialog.fields["role"].value() == "grid_chief"
        dialog.fields["person_name"].set_value("王大山")
        dialog.fields["phone"].set_value("19900000009")
        dialog.fields["valid_from"].set_value("20260301")
        dialog.accept()

    seen = driver.answer(name_one)
    page._answer()
    driver.settle()
    assert seen and listed(page, 4) == ["王大山"]
    shown = driver.words()
    assert "王大山" in shown and "2026-03-01" in shown and "19900000009" not in shown
    next(button for button in page.findChildren(QPushButton) if "卸任" in button.text()).click()
    driver.settle()
    assert listed(page, 4) == ["—"] and "还没有写谁负责" in driver.words()


@pytest.mark.parametrize("wrong", [{"person_name": ""}, {"valid_from": "20261399"}, {"phone": "12"}])
def test_a_wrong_answer_is_named_by_its_field(driver: Driver, page: GridsPage, wrong: dict[str, str]) -> None:
    add(driver, Qt.Key.Key_F2, name="东片")

    def fill(dialog: AnswerDialog) -> None:
        for name, text in {"person_name": "王大山", **wrong}.items():
            dialog.fields[name].set_value(text)
        dialog.accept()

    driver.answer(fill)
    page._answer()
    driver.settle()
    label = driver.app.frame.room.words.label("responsibility", next(iter(wrong)))
    assert driver.app.frame._toast._wrong.isVisible() and label in driver.toast()
    assert listed(page, 4) == ["—"]


def test_void_and_undo(driver: Driver, page: GridsPage) -> None:
    add(driver, Qt.Key.Key_F2, name="东片")
    page.table.setFocus()
    driver.press(Qt.Key.Key_Delete)
    assert page._stack.currentIndex() == 1
    driver.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert listed(page) == ["东片"]


def test_a_grid_with_micro_grids_is_not_voided(driver: Driver, page: GridsPage) -> None:
    add(driver, Qt.Key.Key_F2, name="东片")
    add(driver, Qt.Key.Key_F3, name="东一")
    page.table.choose(0)
    page.table.setFocus()
    driver.press(Qt.Key.Key_Delete)
    assert driver.app.frame._toast._wrong.isVisible() and listed(page) == ["东片", "东一"]


def test_households_of_a_grid_are_counted(driver: Driver, page: GridsPage) -> None:
    add(driver, Qt.Key.Key_F2, name="东片")
    grid = ask(driver, place_tree.read_places).grids[0].id.hex()
    first = ask(driver, lambda desk: households.list_page(desk, HouseholdQuery())).rows[0].card.id
    driver.write(lambda desk: households.save(desk, [Edit("household", first, {"grid": grid})]))
    driver.app.frame.room.events.changed.emit(frozenset({"household"}))
    driver.settle()
    assert (listed(page, 2), listed(page, 3)) == (["1"], ["1"])
    assert "1 个网格" in page.head.subtitle.text() and "2 户没分网格" in page.head.subtitle.text()
    assert any("1 户 1 人" in label.text() for label in page.findChildren(QLabel))
