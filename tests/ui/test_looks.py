"""The look: contrast of every pair of colours, and every page at every size and theme with nothing cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QHeaderView,
    QLabel,
    QMainWindow,
    QPushButton,
    QScrollArea,
    QTableView,
    QWidget,
)

from tests.ui.driver import PASSPHRASE, PORTS, Driver, village_desk
from tests.ui.test_form import the_household
from villagedesk.app import App
from villagedesk.paths import DeskPaths
from villagedesk.services import desks, places, towns
from villagedesk.services.desks import Desk
from villagedesk.settings import Settings
from villagedesk.ui import theme
from villagedesk.ui.pages.roster.page import RosterPage
from villagedesk.ui.shell.sidebar import NavItem
from villagedesk.ui.shell.status_line import StatusLine
from villagedesk.ui.theme import THEMES, ThemeName

#: Text wants 4.5, marks and borders of controls 3; in high contrast what one reads wants 7 (6.2 on a selected row).
TEXT, MARK = 4.5, 3.0
PAIRS = (
    ("text", "surface", TEXT),
    ("text2", "surface", TEXT),
    ("text2", "ground", TEXT),
    ("text2", "sidebar", TEXT),
    ("text3", "surface", TEXT),
    ("text3", "sunken", TEXT),
    ("accent", "surface", TEXT),
    ("accent", "accent_soft", TEXT),
    ("on_accent", "accent", TEXT),
    ("ok", "surface", TEXT),
    ("ok", "accent_soft", TEXT),
    ("warn", "surface", TEXT),
    ("warn", "warn_soft", TEXT),
    ("err", "surface", TEXT),
    ("err", "err_soft", TEXT),
    ("err", "accent_soft", TEXT),
    ("line_strong", "surface", MARK),
    ("accent_line", "surface", MARK),
    # pairs that the pages use beside those of the table
    ("text", "ground", TEXT),
    ("text", "sidebar", TEXT),
    ("text", "accent_soft", TEXT),
    ("text", "warn_soft", TEXT),
    ("text", "err_soft", TEXT),
    ("text2", "sunken", TEXT),
    ("text2", "accent_soft", TEXT),
    ("accent", "ground", TEXT),
    ("ok", "sidebar", TEXT),
    ("warn", "sidebar", TEXT),
    ("on_accent", "accent_hover", TEXT),
    ("on_toast", "toast", TEXT),
    ("toast_link", "toast", TEXT),
)
ROSTER = "姓名,与户主关系,公民身份号码,户编号\n韩春生,户主,99990119680311001X,101\n韩雪,女,999901198001010000,101\n"
SCALES = (100, 150, 200)
SIZES = ((1280, 720), (1366, 697))


def luminance(colour: str) -> float:
    """Relative luminance of #RRGGBB (WCAG 2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_contrast(name: ThemeName, ink: str, ground: str, least: float) -> None:
    colours = THEMES[name]
    if name == "high_contrast":
        least = {"err": 6.0}.get(ink, 7.0) if least == TEXT else MARK
    assert contrast(colours.colour(ink), colours.colour(ground)) >= least


def test_contrast_is_computed_as_the_table_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast(theme.LIGHT.text, theme.LIGHT.surface) == pytest.approx(16.1, abs=0.05)
    assert contrast(theme.DARK.err, theme.DARK.err_soft) == pytest.approx(6.3, abs=0.05)


def test_every_theme_has_every_token_as_a_colour() -> None:
    for colours in THEMES.values():
        assert all(re.fullmatch("#[0-9A-F]{6}", colours.colour(token)) for token in theme.TOKENS)
    with pytest.raises(KeyError):
        theme.LIGHT.colour("style_of_the_day")


# -- every page ------------------------------------------------------------------------------------------------------


def town_desk(folder: Path) -> Desk:
    desk, _ = towns.create_town(
        DeskPaths(folder),
        PORTS,
        name="青禾镇",
        division_code="999901100000",
        operator_name="王镇干",
        passphrase=PASSPHRASE,
    )
    return desk


def village_pages(driver: Driver, folder: Path) -> Iterator[str]:
    """Every page of a village desk with something on it, in turn."""
    driver.visit("grids")
    yield "grids, empty"
    driver.write(
        lambda desk: places.save_place(desk, "grid", None, {"name": "柳湾第一网格", "code": "999901100201001"})
    )
    key = the_household(driver, "张建国").id
    roster = folder / "花名册.csv"
    roster.write_text(ROSTER, "utf-8")
    for name, what in (
        ("households", key),
        ("grids", None),
        ("form", None),
        ("form", key),
        ("history", key),
        ("preview", [key]),
        ("export", None),
        ("report", None),
        ("settings", None),
        ("roster", None),
    ):
        driver.visit(name, what)
        yield name if what is None else f"{name}, filled"
    page = driver.page
    assert isinstance(page, RosterPage)
    page.open_file(roster)
    driver.settle()
    yield "roster, read"


def town_pages(driver: Driver, folder: Path) -> Iterator[str]:
    """Every page that a town desk has beside those."""
    for name in ("inbox", "households", "settings"):
        driver.visit(name)
        yield f"town {name}"
    driver.write(lambda desk: towns.invite(desk, "柳湾村", "999901100201", folder / "柳湾村.vdinvite"))
    driver.visit("households")
    driver.visit("inbox")
    yield "town inbox, filled"


def seen(root: QWidget) -> Iterator[QWidget]:
    """Every widget a person can see at this moment, the parts of scrolled content too."""
    for widget in root.findChildren(QWidget):
        if widget.isVisibleTo(root) and widget.width() > 0:
            yield widget


def cut(root: QWidget) -> list[str]:
    """Words that do not fit where they stand."""
    found = []
    for widget in seen(root):
        if isinstance(widget, NavItem):
            words = widget.fontMetrics().horizontalAdvance(widget.text())
            wants = 0 if widget.toolTip() else widget._look.px(72) + words  # a rail says it in the tool tip
        elif isinstance(widget, QPushButton | QLabel) and widget.text().strip():
            wants = 0 if isinstance(widget, QLabel) and widget.wordWrap() else widget.sizeHint().width()
        else:
            continue
        if widget.width() < wants:
            name = " ".join(widget.text().split())[:24]
            found.append(f"{type(widget).__name__} “{name}” {widget.width()} < {wants}")
    return found + [
        words for table in root.findChildren(QTableView) if table.isVisibleTo(root) for words in heads(table)
    ]


def heads(table: QTableView) -> Iterator[str]:
    """Titles of columns that do not fit."""
    header: QHeaderView = table.horizontalHeader()
    for column in range(header.count()):
        title = str(table.model().headerData(column, Qt.Orientation.Horizontal) or "")
        if (
            title
            and not header.isSectionHidden(column)
            and header.fontMetrics().horizontalAdvance(title) > header.sectionSize(column)
        ):
            yield f"column “{title}” {header.sectionSize(column)}"


def outside(root: QWidget) -> list[str]:
    """Parts that stick out of their parent to the right or left; what scrolls may stick out below."""
    found = []
    for widget in seen(root):
        parent = widget.parentWidget()
        if parent is None or isinstance(parent, QAbstractScrollArea) or isinstance(parent.parentWidget(), QScrollArea):
            continue
        if isinstance(parent.parentWidget(), QAbstractScrollArea):
            continue
        if widget.geometry().left() < 0 or widget.geometry().right() > parent.rect().right():
            found.append(f"{type(widget).__name__} {widget.accessibleName()} {widget.geometry()} in {parent.rect()}")
    return found


def in_window(window: QMainWindow, part: QWidget) -> bool:
    """From its beginning on; a page wider than the window is scrolled sideways."""
    place = QRect(part.mapTo(window, QPoint(0, 0)), QSize(1, part.height()))
    return window.rect().contains(place)


#: (scale, window): the narrow ends of what office machines have.
HELD = [(100, (1366, 697)), (150, (1280, 720)), (150, (1366, 697)), (200, (1366, 697))]


def entered(qapp: QApplication, desk: Desk, settings: Settings, size: tuple[int, int]) -> Driver:
    app = App(qapp, desk.paths, PORTS, settings)
    app.window.resize(*size)
    app.window.show()
    app.enter(desk)
    driver = Driver(app)
    driver.settle()
    return driver


def faults(driver: Driver, size: tuple[int, int]) -> list[str]:
    """What is wrong with the page shown."""
    app, page = driver.app, driver.page
    found = [*cut(app.frame), *outside(app.frame)]
    window = (app.window.width(), app.window.height())
    if window != size:
        found.append(f"the window grew to {window}")
    head: QWidget | None = getattr(page, "head", None) or getattr(page, "_head", None)
    found += [type(part).__name__ for part in (head, app.frame.status) if part and not in_window(app.window, part)]
    return found


@pytest.mark.parametrize(("scale", "size"), HELD)
@pytest.mark.parametrize("role", ["village", "town"])
def test_nothing_is_cut(qapp: QApplication, tmp_path: Path, role: str, scale: int, size: tuple[int, int]) -> None:
    desk = village_desk(tmp_path / "desk") if role == "village" else town_desk(tmp_path / "desk")
    driver = entered(qapp, desk, Settings(scale=scale), size)
    pages = village_pages if role == "village" else town_pages
    found: dict[str, list[str]] = {}
    for name in pages(driver, tmp_path):
        found[name] = faults(driver, size)
    driver.close()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("name", ["dark", "high_contrast"])
@pytest.mark.parametrize("scale", SCALES)
def test_every_page_in_every_theme(qapp: QApplication, tmp_path: Path, name: str, scale: int) -> None:
    """Any warning of Qt fails the test; every page wears the theme's ground."""
    driver = entered(qapp, village_desk(tmp_path / "desk"), Settings(theme=name, scale=scale), (1366, 697))
    ground = driver.app.frame.room.look.colour("ground").rgb()
    bare = []
    for page in village_pages(driver, tmp_path):
        image = driver.app.window.grab().toImage()
        place = driver.page.mapTo(driver.app.window, QPoint(4, driver.page.height() // 2))
        bare += [page] if image.pixel(place) != ground else []
    driver.close()
    assert bare == []


@pytest.mark.parametrize(("scale", "rail"), [(100, False), (110, False), (125, True), (150, True), (200, True)])
def test_the_sidebar_becomes_a_rail_where_space_is_short(
    qapp: QApplication, tmp_path: Path, scale: int, rail: bool
) -> None:
    driver = entered(qapp, village_desk(tmp_path / "desk"), Settings(scale=scale), (1366, 697))
    look, sidebar = driver.app.frame.room.look, driver.app.frame.sidebar
    assert sidebar.width() == look.px(theme.RAIL if rail else theme.SIDEBAR)
    items = sidebar.findChildren(NavItem)
    assert all(item.accessibleName() for item in items) and all(bool(item.toolTip()) is rail for item in items)
    driver.close()


@pytest.mark.parametrize(("scale", "size"), HELD)
def test_the_doors_never_make_the_window_grow(
    qapp: QApplication, tmp_path: Path, scale: int, size: tuple[int, int]
) -> None:
    """First run and unlock page: on a small screen they are scrolled, the foot stays in sight."""
    for folder in (tmp_path / "new", tmp_path / "desk"):
        if folder.name == "desk":
            desks.close(village_desk(folder))
        app = App(qapp, DeskPaths(folder), PORTS, Settings(scale=scale))
        app.window.resize(*size)
        app.start()
        driver = Driver(app)
        driver.settle()
        assert (app.window.width(), app.window.height()) == size, folder.name
        status = app.window.centralWidget().findChild(StatusLine)
        assert isinstance(status, StatusLine) and in_window(app.window, status)
        driver.close()
