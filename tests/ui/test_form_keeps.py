"""What the household form never loses: other drawings, drafts, pasted cells, a save that is a save."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.ui.driver import Driver
from tests.ui.test_form import HUSBAND, WIFE, ask, new_form, the_household, type_household
from villagedesk.domain.household_entry import TypedMember
from villagedesk.errors import EnvironmentFault
from villagedesk.services import history, households
from villagedesk.services.households import HouseholdQuery
from villagedesk.ui.pages.form.page import FormPage
from villagedesk.ui.pages.households.page import HouseholdsPage
from villagedesk.ui.widgets.field import TextLine


def open_cell(form: FormPage) -> TextLine:
    return next(editor for editor in form.people.grid.viewport().findChildren(TextLine) if editor.isVisible())


def test_another_scale_goes_on_where_one_typed(driver: Driver) -> None:
    new_form(driver)
    driver.enter("赵六")
    driver.type("1990000")
    driver.app._scale(1)
    driver.settle()
    driver.type("2222")
    form = driver.page
    assert isinstance(form, FormPage)
    assert form.basics.fields["phone"].value() == "19900002222" and form.people.head_texts["name"] == "赵六"


def test_another_scale_in_the_middle_of_a_cell(driver: Driver) -> None:
    form = new_form(driver)
    driver.enter("赵六")
    form.people.stand_at(1, "name")
    driver.type("赵")
    driver.app._scale(1)
    driver.settle()
    driver.type("七")
    driver.press(Qt.Key.Key_Return)
    form = driver.page
    assert isinstance(form, FormPage)
    assert [line.texts["name"] for line in form.people.lines] == ["赵六", "赵七"]


def test_a_draft_is_kept_while_somebody_types_on(driver: Driver) -> None:
    form = new_form(driver)
    driver.enter("赵六")
    begun = form._latest.remainingTime()
    driver.type("199")
    assert form._latest.isActive() and form._latest.remainingTime() <= begun, "typing on does not put it off"
    form.people.stand_at(1, "name")
    driver.type("赵七")
    form._latest.timeout.emit()
    driver.settle()
    (draft,) = ask(driver, households.open_drafts)
    assert [member["texts"]["name"] for member in draft.document["members"]] == ["赵六", "赵七"]
    assert open_cell(form).text() == "赵七", "the cell is still being typed"


def test_a_second_new_household_beside_a_draft(driver: Driver) -> None:
    for name in ("赵六", "钱七"):
        form = new_form(driver)
        assert form.people.lines == ()
        driver.enter(name)
        driver.press(Qt.Key.Key_Escape)
    kept = {draft.document["members"][0]["texts"]["name"] for draft in ask(driver, households.open_drafts)}
    assert kept == {"赵六", "钱七"}


def test_esc_in_a_cell_takes_the_typing_back_and_then_leaves(driver: Driver) -> None:
    form = new_form(driver)
    driver.enter("赵六")
    form.people.stand_at(0, "name")
    driver.type("错")
    driver.press(Qt.Key.Key_Escape)
    assert driver.page is form and open_cell(form).text() == "赵六" and open_cell(form).hasFocus()
    driver.press(Qt.Key.Key_Escape)
    assert driver.page.name == "households"


def test_the_first_mistake_on_the_sheet_gets_the_focus(driver: Driver) -> None:
    form = new_form(driver)
    driver.enter("赵六")
    form.basics.fields["collected_on"].set_value("2026-13-01")
    form._texts["collected_on"] = "2026-13-01"
    form.basics.fields["head.id_no"].setFocus()
    driver.enter("999901195602290014")
    driver.press(Qt.Key.Key_F9)
    assert form.basics.fields["head.id_no"].editor.hasFocus()


def test_the_reason_for_no_number_stands_where_it_was_typed(driver: Driver) -> None:
    found = next(entry for entry in ask(driver, households.all_households) if not entry.members[0].member.id_no)
    form = driver.visit("form", found.id)
    assert isinstance(form, FormPage)
    assert form.people.lines[0].texts["id_no"] == "未上户"
    driver.press(Qt.Key.Key_F9)
    driver.settle()
    again = ask(driver, lambda desk: households.read_household(desk, found.id))
    assert again.members[0].member.id_missing_reason == "未上户"
    steps = ask(driver, lambda desk: history.record_history(desk, found.members[0].id))
    assert len(steps) == 1, "nothing was changed by looking"


def test_row_numbers_of_two_digits_are_painted(driver: Driver) -> None:
    form = new_form(driver)
    form.people.set_lines([TypedMember(texts={"name": "王" + "一二三四五六七八九十百千"[n]}) for n in range(12)])
    driver.settle()
    grid = form.people.grid

    def ink(line: int) -> int:
        rect = grid.visualRect(grid.model().index(line, 0)).adjusted(2, 2, -2, -3)
        image = grid.viewport().grab(rect).toImage()
        ground = image.pixel(1, 1)
        return sum(image.pixel(x, y) != ground for x in range(image.width()) for y in range(image.height()))

    assert ink(10) > ink(0) > 0


def test_cells_from_a_workbook_become_people(driver: Driver) -> None:
    form = new_form(driver)
    form.people.stand_at(0, "name")
    QApplication.clipboard().setText(f"王大明\t{HUSBAND}\n王小明\t\n李四\t{WIFE}\n")
    driver.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [line.texts["name"] for line in form.people.lines] == ["王大明", "王小明", "李四"]
    numbers = ["".join(line.texts.get("id_no", "").split()) for line in form.people.lines]
    assert numbers == [HUSBAND, "", WIFE] and form.people.grid.place() == (2, "name")
    QApplication.clipboard().clear()


def test_an_empty_line_among_pasted_ones_is_nobody(driver: Driver) -> None:
    form = new_form(driver)
    form.people.stand_at(0, "name")
    QApplication.clipboard().setText("张一\n\n王三\n")
    driver.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [line.texts["name"] for line in form.people.lines] == ["张一", "王三"]
    QApplication.clipboard().clear()


def test_another_drawing_while_a_household_is_read_still_shows_it(driver: Driver) -> None:
    file = the_household(driver, "张建国")
    driver.app.frame.visit("form", file.id)
    driver.app._redraw()
    driver.settle()
    form = driver.page
    assert isinstance(form, FormPage) and form.people.head_texts["name"] == "张建国"


def test_a_card_that_cannot_be_written_makes_no_saved_household_look_unsaved(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = new_form(driver)
    type_household(driver)
    form._keep_draft()
    driver.settle()

    def refuse(*_: object) -> None:
        raise EnvironmentFault("store_read_only")

    monkeypatch.setattr("villagedesk.services.desks.write_card", refuse)
    driver.press(Qt.Key.Key_F9)
    driver.settle()
    assert isinstance(driver.page, HouseholdsPage)
    assert ask(driver, lambda desk: households.list_page(desk, HouseholdQuery(text="李志强"))).households == 1


def test_saving_out_of_a_field_that_is_tidied_leaves_no_draft(driver: Driver) -> None:
    form = new_form(driver)
    driver.enter("周一一")
    form.basics.fields["head.id_no"].setFocus()
    driver.type(HUSBAND)
    driver.press(Qt.Key.Key_F9)
    driver.settle()
    assert driver.page.name == "households" and ask(driver, households.open_drafts) == []
    assert not form._dirty and not form._timer.isActive() and not form._latest.isActive()
    assert "还没保存" not in driver.words(driver.app.frame.status)


def test_f6_after_a_name_adds_another_person(driver: Driver) -> None:
    form = new_form(driver)
    form.people.stand_at(0, "name")
    for name in ("abc", "def", "ghi"):
        driver.press(Qt.Key.Key_F6)
        driver.type(name)
    driver.press(Qt.Key.Key_Return)
    assert [line.texts["name"] for line in form.people.lines] == ["abc", "def", "ghi"]


def test_several_scales_at_once_go_on_where_one_typed(driver: Driver) -> None:
    new_form(driver)
    driver.enter("赵新户")
    driver.type("139001")
    for _ in range(3):
        driver.app._scale(1)
    driver.settle()
    driver.type("77")
    form = driver.page
    assert isinstance(form, FormPage)
    assert (form.basics.fields["phone"].value(), form.people.head_texts["name"]) == ("13900177", "赵新户")
