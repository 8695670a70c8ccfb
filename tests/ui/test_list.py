"""The list of 农户: where one stands, what is void, conflicts, micro grids, what has no room."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt

from tests.ui.driver import Driver
from tests.ui.test_form import ask, the_household
from tests.ui.test_households import heads, page_of
from villagedesk.domain.ids import LogId
from villagedesk.services import households
from villagedesk.services.desks import Desk
from villagedesk.services.households import Edit, HouseholdQuery
from villagedesk.storage.ledger import Change, Ledger
from villagedesk.storage.schema import create_tables
from villagedesk.ui.pages.form.page import FormPage
from villagedesk.ui.pages.history import HistoryPage
from villagedesk.ui.pages.households.page import HouseholdsPage


def many(desk: Desk, count: int) -> list[bytes]:
    ids = []
    for number in range(count):
        person = {"household": "", "seq": 1, "name": f"周{chr(0x4E00 + number)}", "relation": "02", "sex": "1"}
        person["id_missing_reason"] = "未上户"
        edits = [Edit("household", None, {"household_no": f"m{number:03d}"}), Edit("member", None, person)]
        ids.append(households.save(desk, edits)[1][0])
    return ids


def test_after_a_save_one_stands_on_the_household_that_was_saved(driver: Driver) -> None:
    driver.write(partial(many, count=4))
    page = page_of(driver)
    driver.type("z")
    driver.settle()
    for _ in range(4):
        driver.press(Qt.Key.Key_Down)
        key = page.table.current_key()
        driver.press(Qt.Key.Key_Return)
        assert isinstance(driver.page, FormPage)
        driver.page.basics.fields["address"].setFocus()
        driver.type("三组")
        driver.press(Qt.Key.Key_F9)
        assert driver.page is page and page.table.current_key() == key and page.search.text() == "z"
        page.table.setFocus()


def test_far_down_the_list_too(driver: Driver) -> None:
    driver.write(partial(many, count=260))
    card = driver.write(lambda desk: households.list_page(desk, HouseholdQuery(), 230, 1)).rows[0].card
    driver.visit("form", card.id)
    page = driver.visit("households", card.id)
    assert isinstance(page, HouseholdsPage)
    driver.settle()
    assert page.table.current_key() == card.id and page.table.currentIndex().row() == 230
    assert card.household_no in driver.words(page.detail)


def test_a_household_is_voided_after_a_question_and_found_again(driver: Driver) -> None:
    page = page_of(driver)
    page.table.setFocus()
    page.table.choose(1)
    name = heads(page)[1]
    asked = driver.answer(lambda dialog: dialog.stay.click())
    driver.press(Qt.Key.Key_Delete)
    assert asked == [f"作废 {name} 这一户？"] and name in heads(page), "no is no"
    driver.void()
    driver.app.lock()
    driver.settle()
    driver.type("a long enough passphrase")
    driver.press(Qt.Key.Key_Return)
    page = page_of(driver)
    assert name not in heads(page)
    page.bar.filters["household_type"].set_value("voided")
    driver.settle()
    assert heads(page) == [name] and "已作废" in str(page.table.rows.data(page.table.rows.index(0, 7)))
    page.table.setFocus()
    driver.press(Qt.Key.Key_Return)
    page.bar.clear()
    driver.settle()
    assert name in heads(page)
    people = the_household(driver, name).members
    assert [entry.member.name for entry in people] == [name], "the people came back too"


def test_what_was_voided_before_does_not_come_back(driver: Driver) -> None:
    file = the_household(driver, "张建国")
    child = {"household": file.id.hex(), "seq": 2, "name": "误录", "relation": "20"}
    (person,) = driver.write(lambda desk: households.save(desk, [Edit("member", None, child)]))[1]
    driver.write(lambda desk: households.save(desk, [Edit("member", person, void=True)]))
    driver.write(partial(households.void_household, household_id=file.id))
    driver.write(partial(households.restore_household, household_id=file.id))
    assert [entry.member.name for entry in the_household(driver, "张建国").members] == ["张建国"]


def test_when_all_are_void_they_can_still_be_seen(driver: Driver) -> None:
    for file in ask(driver, households.all_households):
        driver.write(partial(households.void_household, household_id=file.id))
    page = page_of(driver)
    page.arrive(None)
    driver.settle()
    assert page._stack.currentIndex() == 1 and page._gone.isVisibleTo(page)
    page._gone.click()
    driver.settle()
    assert len(heads(page)) == 3


def dispute(desk: Desk) -> None:
    """The town changed a telephone that was changed here as well."""
    file = next(file for file in households.all_households(desk) if file.household.household_no == "001")
    (made, _), *_ = desk.ledger.journal.of_record(file.id, desk.scope)
    other = Ledger(desk.store, desk.ports)
    create_tables(other.store)
    households.save(desk, [Edit("household", file.id, {"phone": "19900000002"})])
    log = LogId(b"t" * 16, desk.scope)
    change = Change("household", file.id, {"phone": "19900000003"}, seen={"phone": made.id.hex()})
    other.append(log, [change], desk.operator, desk.new_id())


def test_conflicts_are_counted_and_lead_to_their_households(driver: Driver) -> None:
    page = page_of(driver)
    assert not page._conflicts.isVisibleTo(page)
    driver.write(dispute)
    driver.app.frame.room.events.changed.emit(frozenset({"household"}))
    driver.settle()
    assert page._conflicts.text().strip() == "1 户有冲突"
    page._conflicts.click()
    driver.settle()
    assert heads(page) == ["张建国"]
    driver.press(Qt.Key.Key_F7)
    assert driver.page.name == "conflicts"


def test_history_has_a_key_also_where_the_panel_has_no_room(driver: Driver) -> None:
    driver.app.window.resize(1100, 700)
    page = page_of(driver)
    driver.settle()
    assert not page.detail.isVisible()
    page.table.setFocus()
    page.table.choose(0)
    driver.press(Qt.Key.Key_F4)
    assert isinstance(driver.page, HistoryPage)


def places(desk: Desk) -> tuple[str, str]:
    (grid,) = households.save(desk, [Edit("grid", None, {"code": "01", "name": "第一网格"})])[1]
    (micro,) = households.save(
        desk, [Edit("micro_grid", None, {"grid": grid.hex(), "code": "02", "name": "02微网格"})]
    )[1]
    file = next(file for file in households.all_households(desk) if file.household.household_no == "002")
    households.save(desk, [Edit("household", file.id, {"grid": grid.hex(), "micro_grid": micro.hex()})])
    return grid.hex(), micro.hex()


def test_a_micro_grid_narrows_the_list_and_the_print(driver: Driver) -> None:
    grid, micro = driver.write(places)
    page = page_of(driver)
    page.bar.filters["grid"].set_value(f"{grid}:{micro}")
    driver.settle()
    assert heads(page) == ["仇建国"]
    assert page.bar.query() == HouseholdQuery(grid=grid, micro_grid=micro)
    page._print_all()
    driver.settle()
    assert driver.page.name == "preview" and "1 户" in driver.words()


@pytest.mark.parametrize("text", ["zjg", "建国"])
def test_what_was_asked_survives_another_look(driver: Driver, text: str) -> None:
    grid, micro = driver.write(places)
    page = page_of(driver)
    page.bar.filters["grid"].set_value(f"{grid}:{micro}")
    driver.type(text)
    driver.settle()
    asked = page.bar.query()
    driver.app.show_theme("dark")
    driver.settle()
    again = driver.page
    assert isinstance(again, HouseholdsPage) and again is not page and again.bar.query() == asked


def test_undoing_a_wide_step_in_the_history_is_asked_about(driver: Driver) -> None:
    file = the_household(driver, "张建国")

    def wide(desk: Desk) -> None:
        edits = [Edit("household", file.id, {"address": "旧址"})]
        edits += [Edit("household", None, {"household_no": f"w{number}"}) for number in range(80)]
        households.save(desk, edits)

    driver.write(wide)
    page = driver.visit("history", file.id)
    assert isinstance(page, HistoryPage)
    assert "花名册更新" in str(page.table.rows.data(page.table.rows.index(0, 3)))
    asked = driver.answer(lambda dialog: dialog.stay.click())
    page._undo.click()
    driver.settle()
    assert asked == ["这一步动过 81 条记录，要整批撤销吗？"]
    assert the_household(driver, "张建国").household.address == "旧址"
    driver.answer(lambda dialog: dialog.act.click())
    page._undo.click()
    driver.settle()
    assert the_household(driver, "张建国").household.address is None and "已撤销 81 条" in driver.toast()
    assert "撤销" in str(page.table.rows.data(page.table.rows.index(0, 3)))


def test_what_was_entered_anew_is_not_brought_back_beside_it(driver: Driver) -> None:
    file = the_household(driver, "张建国")
    driver.write(partial(households.void_household, household_id=file.id))
    again = {"household": "", "seq": 1, "name": "张建国", "relation": "02", "id_no": "999901195602290013"}
    driver.write(lambda desk: households.save(desk, [Edit("household", None, {}), Edit("member", None, again)]))
    page = page_of(driver)
    page.bar.ask_voided()
    driver.settle()
    page.table.setFocus()
    driver.press(Qt.Key.Key_Return)
    assert "张建国" in driver.toast() and len(heads(page)) == 1
