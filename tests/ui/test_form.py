"""The household form by keyboard alone: order of keys, digits, errors beside the field, saving, leaving."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from tests.ui.driver import Driver
from villagedesk.services import history, households
from villagedesk.services.households import Edit, HouseholdFile, HouseholdQuery
from villagedesk.ui.jobs import Job, Lane
from villagedesk.ui.pages.form.member_dialog import LeavingDialog
from villagedesk.ui.pages.form.options import CodeDialog
from villagedesk.ui.pages.form.page import FormPage
from villagedesk.ui.pages.households.page import HouseholdsPage

HUSBAND, WIFE = "999901198507150315", "999901198611020027"


def ask(driver: Driver, work: Any) -> Any:
    """A question to the store, on the READ lane like every other."""
    answers: list[Any] = []
    driver.app.frame.room.jobs.run(Lane.READ, Job(work, driver.app, answers.append))
    driver.settle()
    return answers[0]


def the_household(driver: Driver, head: str) -> HouseholdFile:
    page = ask(driver, lambda desk: households.list_page(desk, HouseholdQuery(text=head)))
    assert page.households == 1
    file: HouseholdFile = ask(driver, lambda desk: households.read_household(desk, page.rows[0].card.id))
    return file


def new_form(driver: Driver) -> FormPage:
    page = driver.visit("form")
    assert isinstance(page, FormPage)
    return page


def type_household(driver: Driver) -> None:
    """A couple, from the first field to the blank line, with Enter only."""
    driver.enter("李志强")
    driver.enter("１９９　１２３４　５６７８")
    driver.type("3")  # 户类型 by digit goes on by itself
    driver.enter(HUSBAND)
    driver.enter("2026.11.23")
    for _ in range(3):
        driver.enter()  # 网格 村民小组 人户状态
    driver.enter("青禾镇柳湾村三组17号")
    driver.enter()  # 户编号: by itself
    driver.enter()  # 关系: 02 户主 already
    driver.enter()  # 民族: 汉 already
    for code in ("70", "1", "2", "5"):
        driver.enter(code)
    driver.enter("孙丽娟")
    driver.enter(WIFE)
    for code in ("12", "", "60", "1", "2", "1"):
        driver.enter(code)


def test_a_household_by_keyboard_alone(driver: Driver) -> None:
    page = new_form(driver)
    type_household(driver)
    assert page.people.grid.place() == (2, "name")
    driver.enter()
    driver.press(Qt.Key.Key_F10)
    assert "李志强" in driver.toast()
    assert page.basics.fields["head.name"].value() == ""  # the next household can be typed at once
    file = the_household(driver, "李志强")
    assert file.household.phone == "19912345678"
    assert file.household.household_type == "3"
    assert file.household.collected_on == "2026-11-23"
    assert file.household.household_no == "004"
    husband, wife = (entry.member for entry in file.members)
    assert (husband.id_no, husband.relation, husband.education) == (HUSBAND, "02", "70")
    assert (wife.name, wife.id_no, wife.relation, wife.ethnic) == ("孙丽娟", WIFE, "12", "01")
    assert husband.sex is None and husband.birth_date is None, "what the number says is not stored beside it"


def test_a_wrong_number_is_named_and_nothing_is_written(driver: Driver) -> None:
    page = new_form(driver)
    driver.enter("陈秀兰")
    driver.enter()
    driver.type("1")
    driver.enter("999901196302300024")
    message = page.basics.fields["head.id_no"]._message.text()
    assert "1963-02-30" in message and page.basics.fields["head.id_no"]._below.isVisible()
    driver.press(Qt.Key.Key_F9)
    assert page is driver.page and "要改" in driver.toast()
    assert ask(driver, lambda desk: households.list_page(desk, HouseholdQuery())).households == 3


def test_saving_an_empty_form_says_what_is_missing(driver: Driver) -> None:
    page = new_form(driver)
    driver.enter("陈秀兰")
    assert not page.people._doubts.isVisible(), "gaps are not remarked while one is still typing"
    driver.press(Qt.Key.Key_F9)
    assert page is driver.page
    assert page.basics.fields["head.id_no"]._below.isVisible()


def test_a_number_of_somebody_else_is_refused_and_named(driver: Driver) -> None:
    page = new_form(driver)
    driver.enter("张重名")
    driver.enter()
    driver.type("1")
    driver.enter("999901195602290013")
    driver.press(Qt.Key.Key_F9)
    assert page is driver.page
    assert "张建国" in page.basics.fields["head.id_no"]._message.text()


def test_words_in_the_numbers_place_are_the_reason_for_none(driver: Driver) -> None:
    new_form(driver)
    driver.enter("王小宝")
    driver.enter()
    driver.type("1")
    driver.enter("新生儿未上户")
    driver.press(Qt.Key.Key_F9)
    assert isinstance(driver.page, HouseholdsPage)
    (entry,) = the_household(driver, "王小宝").members
    assert (entry.member.id_no, entry.member.id_missing_reason) == (None, "新生儿未上户")


def test_enter_while_composing_commits_and_does_not_jump(driver: Driver) -> None:
    page = new_form(driver)
    name = page.basics.fields["head.name"].editor
    composing = QInputMethodEvent("chou", [])
    QApplication.sendEvent(name, composing)
    driver.key(Qt.Key.Key_Return)
    assert driver.focus() is name
    done = QInputMethodEvent()
    done.setCommitString("仇")
    QApplication.sendEvent(name, done)
    driver.key(Qt.Key.Key_Return)
    assert driver.focus() is page.basics.fields["phone"].editor
    assert page.basics.fields["head.name"].value() == "仇"


def test_only_changed_fields_are_written(driver: Driver) -> None:
    file = the_household(driver, "张建国")
    page = driver.visit("form", file.id)
    assert isinstance(page, FormPage)
    page.people.stand_at(0, "education")
    driver.enter("80")
    driver.press(Qt.Key.Key_F9)
    entries = ask(driver, lambda desk: history.household_history(desk, file.id))
    newest = [entry for _, _, entry in entries if entry.action == entries[0][2].action]
    assert [change for entry in newest for change in entry.changes] == [("education", None, "80")]


def test_saving_without_a_change_writes_nothing(driver: Driver) -> None:
    file = the_household(driver, "张建国")
    before = ask(driver, lambda desk: desk.store.rows("SELECT count(*) FROM op"))
    driver.visit("form", file.id)
    driver.press(Qt.Key.Key_F9)
    assert ask(driver, lambda desk: desk.store.rows("SELECT count(*) FROM op")) == before
    assert "没有改动" in driver.toast()


def test_f3_takes_the_value_of_the_household_before(driver: Driver) -> None:
    page = new_form(driver)
    type_household(driver)
    driver.press(Qt.Key.Key_F10)
    page.basics.fields["address"].setFocus()
    driver.press(Qt.Key.Key_F3)
    assert page.basics.fields["address"].value() == "青禾镇柳湾村三组17号"
    assert driver.focus() is page.basics.fields["household_no"].editor


def test_leaving_keeps_a_draft_and_saving_drops_it(driver: Driver) -> None:
    new_form(driver)
    driver.enter("周未完")
    driver.press(Qt.Key.Key_Escape)
    assert isinstance(driver.page, HouseholdsPage) and driver.page._drafts.isVisible()
    driver.page._drafts.resume_newest()
    driver.settle()
    page = driver.page
    assert isinstance(page, FormPage) and page.basics.fields["head.name"].value() == "周未完"
    page.basics.fields["head.id_no"].setFocus()
    driver.enter("未上户")
    driver.press(Qt.Key.Key_F9)
    assert ask(driver, households.open_drafts) == []


@pytest.mark.parametrize("leaves", [True, False])
def test_a_person_leaves_or_was_a_mistake(driver: Driver, leaves: bool) -> None:
    new_form(driver)
    type_household(driver)
    driver.press(Qt.Key.Key_F9)
    file = the_household(driver, "李志强")
    page = driver.visit("form", file.id)
    assert isinstance(page, FormPage)
    page.people.stand_at(1, "name")

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, LeavingDialog)
        dialog.reason.set_value("2")
        if leaves:
            dialog._on_leave()
        else:
            dialog._on_mistake()

    QTimer.singleShot(0, answer)
    driver.press(Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert len(page.people.lines) == 1
    driver.press(Qt.Key.Key_F9)
    after = the_household(driver, "李志强")
    assert [entry.member.name for entry in after.present] == ["李志强"]
    assert len(after.members) == (2 if leaves else 1)


def test_a_change_of_theme_keeps_what_was_typed(driver: Driver) -> None:
    new_form(driver)
    driver.enter("周小雨")
    driver.press(Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    page = driver.page
    assert isinstance(page, FormPage)
    assert page.room.look.percent == 110 and page.basics.fields["head.name"].value() == "周小雨"


def test_enter_on_the_button_saves(driver: Driver) -> None:
    form = driver.visit("form")
    assert isinstance(form, FormPage)
    form._saver.setFocus()
    assert driver.focus() is form._saver and not form._tried
    driver.press(Qt.Key.Key_Return)
    assert form._tried


def test_the_list_of_codes_stands_at_the_one_that_holds(driver: Driver) -> None:
    form = driver.visit("form")
    assert isinstance(form, FormPage)
    dialog = CodeDialog(form.room.look, "与户主关系", "relation", form, "10")
    assert dialog.code() == "10"
    dialog.reject()


def test_a_household_that_came_without_a_head_can_be_mended(driver: Driver) -> None:
    """A roster may bring one; who gets a new telephone need not find the head first."""
    person = {"household": "", "seq": 1, "name": "孔三", "relation": "20", "id_missing_reason": "未上户", "sex": "1"}
    edits = [Edit("household", None, {"household_no": "090"}), Edit("member", None, person)]
    home = driver.write(lambda desk: households.save(desk, edits))[1][0]
    page = driver.visit("form", home)
    assert isinstance(page, FormPage)
    page.basics.fields["phone"].setFocus()
    driver.enter("19900000005")
    driver.press(Qt.Key.Key_F9)
    assert ask(driver, lambda desk: households.read_household(desk, home)).household.phone == "19900000005"
