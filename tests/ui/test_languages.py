"""The two languages of the window: nothing untranslated, nothing cut out of its place, Qt's own words too."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QTableView,
    QWidget,
)

from tests.ui.driver import PASSPHRASE, PEOPLE, PORTS, Driver, village_desk
from villagedesk.app import App
from villagedesk.domain.catalogue import KINDS
from villagedesk.domain.codes import code_list, code_list_names
from villagedesk.domain.values import NO, YES
from villagedesk.paths import DeskPaths, resources
from villagedesk.sentences import texts
from villagedesk.services import desks, towns
from villagedesk.services.households import HouseholdQuery
from villagedesk.settings import Settings
from villagedesk.ui.models.table import CELL, Cell
from villagedesk.ui.pages.catalogue import makers
from villagedesk.ui.pages.households.page import HouseholdsPage

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / "villagedesk" / "app.py", *sorted((ROOT / "villagedesk" / "ui").rglob("*.py"))]
TRANSLATION = resources() / "i18n" / "villagedesk_en.ts"
COMPILED = TRANSLATION.with_suffix(".qm")

HAN = re.compile(r"[\u3400-\u9fff·]+")
#: What an English text must not hold: characters of Chinese writing, full-width forms, quotes the font draws wide.
WIDE = re.compile(r"[\u3001-\u303f\uff01-\uff60“”]")
#: A text of the sources that has to be translated; a blank as wide as a character is only room.
CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff01-\uff60]|……")
PLACES = re.compile(r"{\w+}|%n|\bF\d+\b|Ctrl")
#: What a clerk reads on the keyboard, and names that are the same everywhere.
LATIN = {"Ctrl", "Enter", "PgDn", "PgUp", "English", "VillageDesk", "vdinvite", "xlsx"}
#: Parts of the sources that are data: values of the forms, the name of the other language.
DATA = {"02 户主", "汉", "中文", "村"}
PLACE_NAMES = {"柳湾村", "柳湾", "青禾镇"}
OPERATORS = {"李会英", "王镇干"}


@dataclass(frozen=True)
class Message:
    context: str
    source: str
    forms: tuple[str, ...]
    finished: bool
    numbered: bool


def messages(path: Path) -> dict[tuple[str, str], Message]:
    found = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        name = context.findtext("name") or ""
        for entry in context.iter("message"):
            source, translation = entry.findtext("source") or "", entry.find("translation")
            assert translation is not None
            forms = tuple(form.text or "" for form in translation.iter("numerusform")) or (translation.text or "",)
            numbered = entry.get("numerus") == "yes"
            found[name, source] = Message(name, source, forms, translation.get("type") is None, numbered)
    return found


@cache
def committed() -> dict[tuple[str, str], Message]:
    return messages(TRANSLATION)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Message]:
    """What the tool finds in the sources now."""
    target = tmp_path_factory.mktemp("lupdate") / "now.ts"
    tool = Path(sys.executable).with_name("pyside6-lupdate")
    command = [str(tool), "-locations", "none", *map(str, SOURCES), "-ts", str(target)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return messages(target)


# -- the file of translations ---------------------------------------------------------------------------------------


def test_the_translation_knows_every_text_and_no_other(extracted: dict[tuple[str, str], Message]) -> None:
    told = "run ./villagedesk.sh translate, then translate what is unfinished"
    assert set(extracted) - set(committed()) == set(), told
    assert set(committed()) - set(extracted) == set(), told


def test_every_text_is_translated() -> None:
    assert len(committed()) > 300
    left = [key for key, message in committed().items() if not message.finished or not all(message.forms)]
    assert not left
    assert all(len(message.forms) == 2 for message in committed().values() if message.numbered)


def test_places_and_keys_stay_and_no_chinese_is_left() -> None:
    for message in committed().values():
        for form in message.forms:
            assert set(PLACES.findall(form)) == set(PLACES.findall(message.source)), message
            assert not WIDE.search(form), message
            assert set(HAN.findall(form)) <= {"新生儿未上户"}, message  # an example of what is typed
            assert form.startswith(" ") <= message.source.startswith((" ", "…")), message


def test_the_compiled_file_says_the_same() -> None:
    translator = QTranslator()
    assert translator.load(str(COMPILED))
    for message in committed().values():
        for count, form in enumerate(message.forms, start=1):
            said = translator.translate(message.context, message.source, None, count if message.numbered else -1)
            assert said == form, message


# -- the sources -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Text:
    """A Chinese text in a source; ``context``: the class whose ``tr`` takes it, "" when none does."""

    where: str
    context: str
    text: str


def _sources_texts(path: Path) -> Iterator[Text]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    taken: dict[ast.AST, str] = {}
    for outer in ast.walk(tree):
        if isinstance(outer, ast.ClassDef):
            taken |= {node.args[0]: outer.name for node in ast.walk(outer) if _is_call(node, "tr")}
    taken |= {node.args[1]: node.args[0].value for node in ast.walk(tree) if _is_call(node, "translate")}
    said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node in said:
            continue
        if CHINESE.search(node.value):
            yield Text(f"{path.relative_to(ROOT)}:{node.lineno}", taken.get(node, ""), node.value)


def _is_call(node: ast.AST, name: str) -> bool:
    if not isinstance(node, ast.Call):
        return False
    return name == (node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", ""))


def test_every_chinese_text_of_the_window_goes_through_tr() -> None:
    """A text outside tr, in an f-string or behind another name of ``translate`` is one the tool cannot see."""
    found = [text for path in SOURCES for text in _sources_texts(path) if text.text not in DATA]
    assert len(found) > 300
    assert not [text for text in found if (text.context, text.text) not in committed()]


def test_sentences_have_the_same_places_and_their_own_punctuation() -> None:
    chinese, english = texts("zh_CN"), texts("en")
    for code, text in chinese.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english[code])), code
        assert not re.search(r"[\u4e00-\u9fff”}][,;?!(]|[\u4e00-\u9fff”]:", text), text
        assert not WIDE.search(english[code].replace("〔", "").replace("〕", "")), english[code]


# -- the window -------------------------------------------------------------------------------------------------------


def seen_texts(window: QWidget) -> set[str]:
    """Everything a person or a screen reader meets."""
    found: set[str] = {window.windowTitle()}
    for widget in window.findChildren(QWidget):
        found |= {widget.toolTip(), widget.accessibleName()}
        if isinstance(widget, QLabel | QAbstractButton):
            found.add(widget.text())
        elif isinstance(widget, QLineEdit):
            found.add(widget.placeholderText())
        elif isinstance(widget, QComboBox):
            found |= {widget.itemText(row) for row in range(widget.count())}
        elif isinstance(widget, QTableView) and widget.model() is not None:
            found |= set(_table_texts(widget))
    return found - {""}


def _table_texts(view: QTableView) -> Iterator[str]:
    model = view.model()
    for column in range(model.columnCount()):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(model.rowCount()):
            cell = model.index(row, column).data(CELL)
            yield cell.text if isinstance(cell, Cell) else ""


def known_data() -> set[str]:
    """Runs of Chinese characters that are data: code lists, titles of paper forms, invented people and places."""
    lists = [code_list(name) for name in code_list_names()]
    names = {text for known in lists for entry in known.codes for text in (entry.name, known.short_of(entry.code))}
    names |= {form for kind in KINDS for field in kind.fields for form in field.forms}
    people = {name for _, name, _ in PEOPLE} | OPERATORS | PLACE_NAMES
    return (
        {run for name in names | {YES, NO} for run in HAN.findall(name)} | people | {"中文", "·", "未上户", "青禾镇·"}
    )


def every_page(driver: Driver, visits: dict[str, object]) -> set[str]:
    found: set[str] = set()
    for name in makers():
        if name in visits:
            driver.visit(name, visits[name])
            assert driver.page.name == name
        found |= seen_texts(driver.app.window)
    return found


def chinese_left(found: set[str]) -> list[str]:
    known = known_data() | {"新生儿未上户"}
    return sorted(text for text in found if set(HAN.findall(text)) - known or WIDE.search(text))


def english_left(found: set[str]) -> list[str]:
    """Words of more than three letters that are neither keys nor codes."""
    known = LATIN | {entry.code for name in code_list_names() for entry in code_list(name).codes}
    return sorted(text for text in found if set(re.findall(r"(?<![\w.])[A-Za-z]{4,}(?!\w)", text)) - known)


LEFT = {"zh_CN": english_left, "en": chinese_left}
SETTINGS = [Settings(language="zh_CN"), Settings(language="en")]


@pytest.mark.parametrize("driver", SETTINGS, ids=["zh_CN", "en"], indirect=True)
def test_pages_of_a_village_speak_one_language(driver: Driver) -> None:
    households = driver.visit("households")
    assert isinstance(households, HouseholdsPage)
    key = households.table.current_key()
    visits: dict[str, object] = dict.fromkeys(makers()) | {"form": key, "history": key, "preview": [key]}
    del visits["inbox"]
    visits["export"] = HouseholdQuery()
    found = every_page(driver, visits)
    assert len(found) > 150
    assert LEFT[driver.app.settings.language](found) == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_pages_of_a_town_speak_one_language(qapp: QApplication, tmp_path: Path, language: str) -> None:
    desk, _ = towns.create_town(
        DeskPaths(tmp_path / "town"),
        PORTS,
        name="青禾镇",
        division_code="999901100000",
        operator_name="王镇干",
        passphrase=PASSPHRASE,
    )
    app = App(qapp, desk.paths, PORTS, Settings(language=language))
    app.window.show()
    app.enter(desk)
    driver = Driver(app)
    driver.settle()
    found = every_page(driver, dict.fromkeys(("households", "grids", "inbox", "settings", "export", "conflicts")))
    driver.close()
    assert len(found) > 60
    assert LEFT[language](found) == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_doors_speak_one_language(qapp: QApplication, tmp_path: Path, language: str) -> None:
    desks.close(village_desk(tmp_path / "village"))
    for folder in ("village", "nothing"):
        app = App(qapp, DeskPaths(tmp_path / folder), PORTS, Settings(language=language))
        app.start()
        driver = Driver(app)
        driver.settle()
        found = seen_texts(app.window)
        driver.close()
        assert len(found) > 8
        assert LEFT[language](found) == []


# -- Qt's own words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("driver", SETTINGS[:1], indirect=True)
def test_qt_speaks_chinese(driver: Driver) -> None:
    box = QMessageBox()
    answers = [box.addButton(each) for each in (QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No)]
    assert [answer.text()[0] for answer in answers] == ["是", "否"]
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert buttons.buttons()[0].text() == "取消"
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    assert "查找范围：" in seen_texts(dialog)


def test_chinese_counts_need_no_file(qapp: QApplication) -> None:
    assert QCoreApplication.translate("nowhere", "%n 天", "", 3) == "3 天"
    assert QObject().tr("%n 天", "", 0) == "0 天"


@pytest.mark.parametrize("driver", SETTINGS[1:], indirect=True)
def test_english_counts_one_and_many(driver: Driver) -> None:
    said = [QCoreApplication.translate("ReportPage", "%n 天", "", count) for count in (1, 2)]
    assert said == ["1 day", "2 days"]
