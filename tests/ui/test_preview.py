"""The print preview: what is shown, what stands in the PDF, what is named first, what leaves the desk and is noted."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter

from tests.ui.driver import Driver
from tests.ui.test_form import ask, the_household
from villagedesk.services import households
from villagedesk.services.households import Edit, HouseholdQuery
from villagedesk.ui.pages import preview
from villagedesk.ui.pages.households.page import HouseholdsPage
from villagedesk.ui.pages.preview import PreviewPage

NAMES = json.loads((Path(__file__).parents[1] / "data" / "name-test-characters.json").read_text("utf-8"))
NO_FONT_HAS = "\U00031350"


def add_household(driver: Driver, number: str, name: str) -> bytes:
    person = {"household": "", "seq": 1, "name": name, "relation": "02", "id_missing_reason": "未上户", "sex": "1"}
    home = {"household_no": number, "household_type": "1", "address": "青禾镇柳湾村"}
    edits = [Edit("household", None, home), Edit("member", None, person)]
    made: bytes = driver.write(partial(households.save, edits=edits))[1][0]
    return made


def opened(driver: Driver, what: Any) -> PreviewPage:
    page = driver.visit("preview", what)
    assert isinstance(page, PreviewPage)
    return page


def texts_in(data: bytes | Path) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    texts = []
    for page in document:
        held = page.get_textpage()
        texts.append(held.get_text_range())
        held.close()
        page.close()
    document.close()
    return texts


def notes(driver: Driver) -> list[tuple[str, int]]:
    rows = ask(driver, lambda desk: desk.store.rows("SELECT event, count FROM audit ORDER BY event, count"))
    return [(str(event), int(count)) for event, count in rows if event == "forms_printed"]


def pdf_printer(target: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    printer.setPageLayout(preview._layout())
    printer.setFullPage(True)
    printer.setResolution(72)
    return printer


def dock_words(driver: Driver) -> str:
    dock = driver.app.frame._dock
    return dock._title.text() if dock.isVisible() else ""


def test_pages_are_drawn_when_they_come_into_sight(driver: Driver) -> None:
    page = opened(driver, HouseholdQuery())
    assert page._set is not None
    sheets, pages = page._set
    assert (sheets.forms, len(pages)) == (3, sheets.pages) and len(pages) >= 3
    assert page._counts.text() == "3 户" and page._where.text() == f"第 1 页，共 {len(pages)} 页"
    (number, width), image = next(iter(page.view._images.items()))
    assert number == 0 and image.width() == width
    seen = {image.pixel(x, y) for x in range(0, width, 3) for y in range(0, image.height(), 3)}
    assert len(seen) > 10, "the picture is not a blank sheet"
    driver.press(Qt.Key.Key_End)
    assert page._where.text() == f"第 {len(pages)} 页，共 {len(pages)} 页"
    assert len(pages) - 1 in {drawn for drawn, _ in page.view._images}
    assert dock_words(driver) == ""


def test_plus_and_minus_change_the_size(driver: Driver) -> None:
    page = opened(driver, [the_household(driver, "张建国").id])
    width = page.view._width(0)
    driver.press(Qt.Key.Key_Plus)
    assert page.view.zoom == 125 and page.view._width(0) > width
    for _ in range(9):
        driver.press(Qt.Key.Key_Minus)
    assert page.view.zoom == 60 and page.view._width(0) < width


def test_another_size_keeps_the_page_in_view(driver: Driver) -> None:
    page = opened(driver, HouseholdQuery())
    page.view.go_to(1)
    driver.settle()
    middle = page.view.viewport().rect().center().y()
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Minus, Qt.Key.Key_Minus):
        driver.press(key)
        seen = page.view._rect(1).translated(0, -page.view.verticalScrollBar().value())
        assert seen.top() <= middle <= seen.bottom() and page._where.text().startswith("第 2 页")


def test_what_is_printed_is_what_was_entered(driver: Driver) -> None:
    for number, name in enumerate(NAMES["sample_names"], 100):
        add_household(driver, str(number), name)
    page = opened(driver, HouseholdQuery())
    assert page._set is not None
    sheets, _ = page._set
    assert sheets.forms == len(NAMES["sample_names"]) + 3 and sheets.missing == ()
    text = "".join(texts_in(sheets.data))
    assert [name for name in NAMES["sample_names"] if name not in text] == []
    assert "999901195602290013" in text.replace(" ", ""), "paper for an authority carries the whole number"


def test_every_rare_character_is_printed(driver: Driver) -> None:
    chars = [entry["char"] for entry in NAMES["items"]]
    keys = [add_household(driver, str(200 + place), f"王{char}") for place, char in enumerate(chars)]
    page = opened(driver, keys)
    assert page._set is not None and page._set[0].missing == ()
    text = "".join(texts_in(page._set[0].data))
    assert [char for char in chars if f"王{char}" not in text] == []


def test_a_character_no_font_has_is_named_before_printing(driver: Driver) -> None:
    key = add_household(driver, "300", f"王{NO_FONT_HAS}")
    opened(driver, [key])
    shown = driver.words()
    assert "字库里没有的字" in shown and "U+31350" in shown and f"王{NO_FONT_HAS}" in shown
    opened(driver, [the_household(driver, "张建国").id])
    assert "字库里没有的字" not in driver.words()


def test_keeping_writes_the_file_and_a_note(driver: Driver, tmp_path: Path) -> None:
    page = opened(driver, HouseholdQuery())
    assert page._set is not None and notes(driver) == []
    target = tmp_path / "表.pdf"
    page.keep(target)
    driver.settle()
    assert target.read_bytes() == page._set[0].data and "表.pdf" in driver.toast()
    assert notes(driver) == [("forms_printed", 3)]


@pytest.mark.parametrize("place", ["a file/表.pdf", "a folder"])
def test_a_place_that_cannot_be_written_is_told(driver: Driver, tmp_path: Path, place: str) -> None:
    (tmp_path / "a file").write_text("x")
    (tmp_path / "a folder").mkdir()
    page = opened(driver, HouseholdQuery())
    page.keep(tmp_path / place)
    driver.settle()
    assert driver.app.frame._toast._wrong.isVisible() and page._keep.isEnabled()
    assert notes(driver) == []


def test_a_printer_gets_every_page(driver: Driver, tmp_path: Path) -> None:
    page = opened(driver, HouseholdQuery())
    assert page._set is not None
    target = tmp_path / "printed.pdf"
    page.print_on(pdf_printer(target))
    driver.settle()
    assert len(pypdfium2.PdfDocument(target)) == len(page._set[1])
    assert f"{len(page._set[1])} 页" in driver.toast() and notes(driver) == [("forms_printed", 3)]
    assert dock_words(driver) == ""


def test_only_the_pages_that_were_chosen(driver: Driver, tmp_path: Path) -> None:
    page = opened(driver, HouseholdQuery())
    printer = pdf_printer(tmp_path / "printed.pdf")
    printer.setFromTo(2, 3)
    page.print_on(printer)
    driver.settle()
    assert len(pypdfium2.PdfDocument(tmp_path / "printed.pdf")) == 2 and "2 页" in driver.toast()


def test_the_printed_page_is_the_page_in_its_true_size(driver: Driver, tmp_path: Path) -> None:
    page = opened(driver, [the_household(driver, "张建国").id])
    page.print_on(pdf_printer(tmp_path / "printed.pdf"))
    driver.settle()
    assert page._set is not None
    printed = pypdfium2.PdfDocument(tmp_path / "printed.pdf")
    width, height = printed.get_page_size(0)
    assert (width, height) == pytest.approx(page._set[1].sizes[0], abs=1.0)
    ours, theirs = page._set[1].image(0, 300), printed[0].render(scale=300 / width, grayscale=True).to_numpy()
    spots = [(x, y) for x in range(2, 298) for y in range(2, 418) if ours.pixelColor(x, y).lightness() < 128]
    same = sum(int(theirs[y - 1 : y + 2, x - 1 : x + 2].min()) < 160 for x, y in spots)
    assert spots and same > 0.7 * len(spots)


def test_a_printer_that_refuses_is_told(driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing(preview.QPainter):
        def begin(self, _device: Any) -> bool:
            return False

    monkeypatch.setattr(preview, "QPainter", Refusing)
    page = opened(driver, [the_household(driver, "张建国").id])
    page.print_on(pdf_printer(tmp_path / "printed.pdf"))
    driver.settle()
    assert driver.app.frame._toast._wrong.isVisible() and dock_words(driver) == "" and notes(driver) == []


def test_stopping_the_typesetting_leaves_nothing(driver: Driver) -> None:
    for number in range(30):
        add_household(driver, str(400 + number), f"王{number}")
    watched: list[Any] = []
    driver.app.frame.room.notices.long_job.connect(watched.append)
    driver.app.frame.visit("preview", HouseholdQuery())
    watched[0].progress.cancel()
    driver.settle()
    assert isinstance(driver.page, HouseholdsPage) and dock_words(driver) == ""
    assert driver.app.frame.pages["preview"]._set is None and notes(driver) == []


def test_stopped_printing_keeps_no_note(driver: Driver, tmp_path: Path) -> None:
    page = opened(driver, HouseholdQuery())
    watched: list[Any] = []
    driver.app.frame.room.notices.long_job.connect(watched.append)
    page.print_on(pdf_printer(tmp_path / "printed.pdf"))
    watched[0].progress.cancel()
    driver.settle()
    assert notes(driver) == [] and dock_words(driver) == "" and driver.toast().startswith("停下了")


def test_blank_forms_hold_nobodys_data_and_need_no_note(driver: Driver, tmp_path: Path) -> None:
    page = opened(driver, 4)
    assert page._set is not None and page._counts.text() == "空白表 4 张"
    assert page._set[0].forms == 4 and page._set[0].missing == ()
    assert "张建国" not in "".join(texts_in(page._set[0].data))
    page.keep(tmp_path / "空白.pdf")
    driver.settle()
    assert len(texts_in(tmp_path / "空白.pdf")) == page._set[0].pages and notes(driver) == []


def test_ten_blank_forms_from_the_side(driver: Driver) -> None:
    page = opened(driver, [the_household(driver, "张建国").id])
    page._blanks()
    driver.settle()
    assert page._counts.text() == "空白表 10 张"
    driver.press(Qt.Key.Key_Escape)
    assert isinstance(driver.page, HouseholdsPage)


def test_nothing_to_print_is_told(driver: Driver) -> None:
    driver.visit("preview", HouseholdQuery(text="查无此人"))
    driver.settle()
    assert isinstance(driver.page, HouseholdsPage) and driver.app.frame._toast._wrong.isVisible()


def test_too_many_for_a_preview_is_told(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "MOST", 2)
    driver.visit("preview", HouseholdQuery())
    driver.settle()
    assert isinstance(driver.page, HouseholdsPage) and "2" in driver.toast()


def test_another_theme_keeps_what_was_to_be_printed(driver: Driver) -> None:
    opened(driver, 2)
    driver.app.show_theme("high_contrast")
    driver.settle()
    page = driver.page
    assert isinstance(page, PreviewPage) and page._counts.text() == "空白表 2 张"


def test_escape_goes_back_to_the_household(driver: Driver) -> None:
    key = the_household(driver, "阿依古丽").id
    opened(driver, [key])
    driver.press(Qt.Key.Key_Escape)
    assert isinstance(driver.page, HouseholdsPage) and driver.page.table.current_key() == key
