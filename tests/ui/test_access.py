"""Nobody needs a mouse or sharp eyes: names for a screen reader, Tab reaches everything, focus is seen, keys act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QWidget,
)

from tests.ui.driver import Driver, village_desk
from tests.ui.test_doors import started
from tests.ui.test_exchange import joined, report_of
from tests.ui.test_looks import entered, seen, town_desk, town_pages, village_pages
from villagedesk.domain.household_entry import TypedMember
from villagedesk.services import desks
from villagedesk.services.desks import Desk
from villagedesk.settings import Settings
from villagedesk.ui.pages.first_run.page import FirstRunPage
from villagedesk.ui.pages.form.member_dialog import LeavingDialog, MemberDialog
from villagedesk.ui.pages.form.options import CodeDialog
from villagedesk.ui.pages.form.page import FormPage
from villagedesk.ui.pages.grids import AnswerDialog, PlaceDialog
from villagedesk.ui.pages.inbox.invite import InviteDialog
from villagedesk.ui.pages.settings import PassphraseDialog
from villagedesk.ui.pages.unlock import UnlockPage
from villagedesk.ui.room import Room
from villagedesk.ui.shell.sidebar import NavItem, Sidebar
from villagedesk.ui.widgets.choice import Chips
from villagedesk.ui.widgets.places import PlaceButton
from villagedesk.ui.widgets.village_board import VillageBoard

SIZE = (1366, 768)
_MOST = 200
#: Where Tab cannot pass the members' grid yet.
NOT_WALKED = ("form",)
#: Not framed by the focus yet: lists, sheets and what scrolls.
UNFRAMED = (QAbstractScrollArea, VillageBoard)

DIALOGS: dict[str, Callable[[Room, QWidget], QDialog]] = {
    "place": lambda room, parent: PlaceDialog(room, "micro_grid", {"name": "东一"}, parent),
    "answer": lambda room, parent: AnswerDialog(room, "grid", parent),
    "passphrase": PassphraseDialog,
    "member": lambda room, parent: MemberDialog(room, TypedMember(b"1", {"name": "李"}), date(2026, 11, 25), parent),
    "leaving": lambda room, parent: LeavingDialog(room, "李", date(2026, 11, 25), parent),
    "codes": lambda room, parent: CodeDialog(room.look, "与户主关系", "relation", parent),
    "invite": lambda room, parent: InviteDialog(room, [("柳湾村", "999901100201")], parent),
}


def controls(root: QWidget) -> Iterator[QWidget]:
    """What a person can act on."""
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractScrollArea, VillageBoard, Chips)
    for widget in seen(root):
        inner = isinstance(widget.parentWidget(), QComboBox | QHeaderView)
        inner |= isinstance(widget.parentWidget(), QLineEdit) and not widget.toolTip()  # a picture in a field
        plain = isinstance(widget, QScrollArea | QScrollBar | QHeaderView)
        if isinstance(widget, kinds) and not plain and not inner and widget.objectName() != "qt_spinbox_lineedit":
            yield widget


def shown_name(widget: QWidget) -> str:
    return f"{type(widget).__name__} “{widget.accessibleName()}” {getattr(widget, 'text', str)()!r:.30}"


def nameless(root: QWidget) -> list[str]:
    return [
        f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
        for widget in controls(root)
        if not widget.accessibleName().strip() and not str(getattr(widget, "text", str)()).strip()
    ]


def chain(start: QWidget, step: Callable[[], QWidget]) -> list[QWidget]:
    """Every widget that Tab comes by until it is back where it began."""
    found: list[QWidget] = []
    widget = start
    for _ in range(_MOST):
        widget = step()
        if widget in found:
            break
        found.append(widget)
    return found


def tabbed(driver: Driver) -> list[QWidget]:
    """Walk with Tab from where the focus stands."""

    def step() -> QWidget:
        driver.key(Qt.Key.Key_Tab)
        return driver.focus()

    return chain(driver.focus(), step)


def keys_of(root: QWidget) -> set[str]:
    """Keys that act while that part is shown."""
    found = {shortcut.key().toString() for shortcut in root.findChildren(QShortcut)}
    return found | {button.shortcut().toString() for button in root.findChildren(QAbstractButton)} - {""}


def has_key(widget: QWidget, keys: set[str]) -> bool:
    """A button whose own text names the key that presses it."""
    words = str(getattr(widget, "text", str)()).split()
    return bool(words) and words[-1] in keys | {"Enter"}


def unreachable(driver: Driver) -> list[str]:
    """Enabled controls of the page that neither Tab nor a key of the page reaches."""
    page = driver.page
    reached = tabbed(driver)
    near = set(reached) | {found for widget in reached for found in widget.findChildren(QWidget)}
    keys = keys_of(page) | keys_of(driver.app.window)
    chips = {chip for widget in near for chip in siblings(widget)}
    return [
        shown_name(widget)
        for widget in controls(driver.app.frame)
        if widget.isEnabled() and widget not in near and widget not in chips and not has_key(widget, keys)
        if not isinstance(widget, Chips)
    ]


def siblings(widget: QWidget) -> list[QWidget]:
    """Digits choose among numbered buttons and arrows among pages: one of them in reach is all of them."""
    parent = widget.parentWidget()
    return parent.findChildren(QAbstractButton) if isinstance(parent, Chips | Sidebar) else []


def without_reasons(found: list[str], driver: Driver) -> list[str]:
    """Leave out what a key does as well: the way back (Esc) and the strip of codes (typing the code)."""
    keys = keys_of(driver.page)
    kept = []
    for name in found:
        back = "“农户”" in name and "Esc" in keys
        strip = isinstance(driver.page, FormPage) and "QPushButton" in name and any(char.isdigit() for char in name)
        if not back and not strip:
            kept.append(name)
    return kept


def blind_focus(driver: Driver) -> list[str]:
    """Controls that look the same with the focus and without."""
    found, images = [], {}
    for widget in tabbed(driver):
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        images[widget] = widget.grab().toImage()
    driver.app.frame.sidebar.findChildren(NavItem)[0].setFocus(Qt.FocusReason.TabFocusReason)
    for widget, image in images.items():
        if not isinstance(widget, UNFRAMED) and not widget.hasFocus() and widget.grab().toImage() == image:
            found.append(shown_name(widget))
    return found


def desk_of(role: str, folder: Path) -> Desk:
    return village_desk(folder / "desk") if role == "village" else town_desk(folder / "desk")


def test_every_control_of_a_village_is_named_and_reached_without_a_mouse(qapp: QApplication, tmp_path: Path) -> None:
    check_all(entered(qapp, desk_of("village", tmp_path), Settings(), SIZE), village_pages, tmp_path)


def test_every_control_of_a_town_is_named_and_reached_without_a_mouse(qapp: QApplication, tmp_path: Path) -> None:
    check_all(entered(qapp, desk_of("town", tmp_path), Settings(), SIZE), town_pages, tmp_path)


def check_all(driver: Driver, pages: Callable[[Driver, Path], Iterator[str]], folder: Path) -> None:
    wrong: dict[str, list[str]] = {}
    for name in pages(driver, folder):
        found = [f"no name: {widget}" for widget in nameless(driver.app.frame)]
        found += [f"no such key: {key}" for key in dead_hints(driver)]
        if driver.page.name not in NOT_WALKED:
            found += [f"not reached: {widget}" for widget in without_reasons(unreachable(driver), driver)]
            found += [f"focus unseen: {widget}" for widget in blind_focus(driver)]
        wrong |= {name: found} if found else {}
    driver.close()
    assert wrong == {}


def test_handing_in_by_keys_alone(driver: Driver, qapp: QApplication, tmp_path: Path) -> None:
    town = entered(qapp, desk_of("town", tmp_path), Settings(), SIZE)
    usb = joined(driver, town, tmp_path)
    town.close()
    report = report_of(driver)
    report.places.choose_folder(usb)
    driver.settle()
    assert nameless(report) == [] and dead_hints(driver) == []
    assert without_reasons(unreachable(driver), driver) == [] and blind_focus(driver) == []
    (place,) = (found for found in report.places.findChildren(PlaceButton) if found.isChecked())
    assert str(usb) in place.accessibleName()


def dead_hints(driver: Driver) -> list[str]:
    """Keys that the status line names and no shortcut answers to; what the list itself understands is left out."""
    keys = keys_of(driver.page) | keys_of(driver.app.window)
    own = {"Enter", "↑ ↓", "PgDn", "PgUp"}
    names = [
        key.replace("−", "-").replace(" ", "+").replace("++", "+") for key, _ in driver.page.hints() if key not in own
    ]
    return [key for key in names if key not in keys and key.replace("Ctrl+", "Ctrl++", 1) not in keys]


def test_arrows_go_from_page_to_page_in_the_sidebar(driver: Driver) -> None:
    items = driver.app.frame.sidebar.findChildren(NavItem)
    items[0].setFocus()
    visited = []
    for _ in items[1:]:
        driver.press(Qt.Key.Key_Down)
        visited.append(driver.page.name)
    assert visited == ["grids", "report", "settings"]
    assert driver.focus() is items[-1], "the page does not take the focus away from who is walking by"


@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_by_keys_alone(driver: Driver, name: str) -> None:
    dialog = DIALOGS[name](driver.app.frame.room, driver.page)
    dialog.open()
    driver.settle()
    try:
        assert dialog.isAncestorOf(driver.focus()), "the focus stands in the dialog from the start"
        assert nameless(dialog) == [] and dialog.windowTitle()
        reached = set(tabbed(driver))
        near = reached | {found for widget in reached for found in widget.findChildren(QWidget)}
        missed = [widget for widget in controls(dialog) if widget.isEnabled() and widget not in near]
        assert [shown_name(widget) for widget in missed] == []
        assert all(dialog.isAncestorOf(widget) for widget in reached), "Tab stays in the dialog"
        driver.press(Qt.Key.Key_Escape)
        assert not dialog.isVisible()
    finally:
        dialog.close()
        dialog.deleteLater()
        driver.settle()


def test_leaving_a_form_needs_no_answer_and_the_harmless_button_has_the_focus(driver: Driver) -> None:
    dialog = DIALOGS["leaving"](driver.app.frame.room, driver.page)
    dialog.open()
    driver.settle()
    focus = driver.focus()
    assert isinstance(focus, QPushButton) and "不动" in focus.text()
    driver.press(Qt.Key.Key_Escape)
    dialog.deleteLater()
    driver.settle()


def test_the_door_by_keys_alone(qapp: QApplication, tmp_path: Path) -> None:
    desks.close(village_desk(tmp_path / "desk"))
    driver = started(qapp, tmp_path / "desk")
    page = driver.app.window.centralWidget()
    assert isinstance(page, UnlockPage)
    reached = set(tabbed(driver))
    buttons = [found for found in page.findChildren(QPushButton) if found.isVisible()]
    missed = [shown_name(found) for found in (page.passphrase, *buttons) if found not in reached]
    driver.close()
    assert missed == []


def test_the_first_run_by_keys_alone(qapp: QApplication, tmp_path: Path) -> None:
    driver = started(qapp, tmp_path / "new")
    page = driver.app.window.centralWidget()
    assert isinstance(page, FirstRunPage)
    reached = set(tabbed(driver))
    missed = [shown_name(found) for found in controls(page) if found.isEnabled() and found not in reached]
    driver.close()
    assert missed == []
