"""The two models under Qt's own model tester, and the rules of their cells."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from villagedesk.domain.household_entry import Placed, TypedMember
from villagedesk.errors import Doubt, Problem
from villagedesk.ui import theme
from villagedesk.ui.look import Look
from villagedesk.ui.models.members import GRID, MembersModel
from villagedesk.ui.models.table import BLANK, CELL, PAGE, Cell, Column, Row, TableModel
from villagedesk.ui.widgets.village_board import BoardCell, VillageBoard

TODAY = date(2026, 11, 25)
COLUMNS = (Column("户主", 100), Column("人口", 58, "right"), Column("性别", 40, "centre"), Column("住址"))
TITLES = {"name": "姓名", "id_no": "身份号码", "age": "年龄"}
HUSBAND, MASKED = "999901198507150315", "999901**********15"
DISPLAY, ALIGN = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.TextAlignmentRole
SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def rows(count: int, first: int = 0) -> list[Row]:
    return [
        Row(
            number, (Cell(f"第{number}户", strong=True), Cell("3"), Cell("男"), Cell("三组", sub="17号")), f"户{number}"
        )
        for number in range(first, first + count)
    ]


def at(model: MembersModel, line: int, name: str) -> QModelIndex:
    return model.index(line, GRID.index(name))


def cell(model: MembersModel, line: int, name: str) -> Cell:
    found = model.data(at(model, line, name), CELL)
    assert isinstance(found, Cell)
    return found


@pytest.fixture
def table(qtmodeltester: ModelTester, qapp: object) -> TableModel:
    return TableModel(COLUMNS)


@pytest.fixture
def members(qapp: object) -> MembersModel:
    return MembersModel(TITLES, TODAY)


# -- lists ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 3, PAGE, PAGE + 1])
def test_rows_given_at_once(table: TableModel, qtmodeltester: ModelTester, count: int) -> None:
    qtmodeltester.check(table)
    table.set_rows(rows(count))
    assert table.rowCount() == count and table.columnCount() == len(COLUMNS)
    qtmodeltester.check(table)


def test_rows_page_by_page_with_pages_missing(table: TableModel, qtmodeltester: ModelTester) -> None:
    table.reset(5 * PAGE + 7, rows(PAGE))
    qtmodeltester.check(table)
    table.put_page(3 * PAGE, rows(PAGE, 3 * PAGE))
    table.put_page(5 * PAGE, rows(7, 5 * PAGE))
    qtmodeltester.check(table)
    assert table.data(table.index(3 * PAGE + 4, 0)) == f"第{3 * PAGE + 4}户"
    assert table.data(table.index(2 * PAGE, 0)) == "" and table.data(table.index(2 * PAGE, 0), CELL) is BLANK
    table.reset(2, rows(2))
    qtmodeltester.check(table)
    assert table.data(table.index(1, 0)) == "第1户"


def test_a_page_is_asked_for_once(table: TableModel, qtbot: QtBot) -> None:
    asked: list[int] = []
    table.page_wanted.connect(asked.append)
    table.reset(4 * PAGE, rows(PAGE))
    for number in (0, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE - 1, 3 * PAGE + 5, PAGE):
        table.row_at(number)
    assert asked == [PAGE, 3 * PAGE]
    table.reset(4 * PAGE, rows(PAGE))
    table.row_at(PAGE)
    assert asked == [PAGE, 3 * PAGE, PAGE], "what was asked before a new query was another list"
    assert table.row_at(-1) is None and table.row_at(4 * PAGE) is None


def test_a_page_that_came_is_shown_at_once(table: TableModel, qtbot: QtBot) -> None:
    changed: list[tuple[int, int, int, int]] = []
    table.dataChanged.connect(
        lambda first, last, _roles: changed.append((first.row(), first.column(), last.row(), last.column()))
    )
    table.reset(PAGE + 20, rows(PAGE))
    table.put_page(PAGE, rows(20, PAGE))
    assert changed == [(PAGE, 0, PAGE + 19, len(COLUMNS) - 1)]
    assert table.place_of(PAGE + 3) == PAGE + 3 and table.place_of(5000) == -1


def test_a_page_shorter_than_it_was_leaves_blank_rows(table: TableModel) -> None:
    table.reset(2 * PAGE, rows(PAGE))
    table.put_page(PAGE, rows(3, PAGE))  # somebody voided households meanwhile
    assert table.row_at(PAGE + 2) is not None and table.row_at(PAGE + 3) is None
    assert table.data(table.index(PAGE + 3, 0), CELL) is BLANK


def test_what_a_cell_says(table: TableModel) -> None:
    table.set_rows(rows(1))
    first, last = table.index(0, 0), table.index(0, 3)
    assert table.data(first, CELL) == Cell("第0户", strong=True)
    assert table.data(first, DISPLAY) == "第0户" and table.data(last, DISPLAY) == "三组 17号"
    assert table.data(first, SPOKEN) == "户0", "the first cell speaks for its row"
    assert table.data(last, SPOKEN) == "三组 17号"
    assert table.data(first, Qt.ItemDataRole.DecorationRole) is None and table.data(QModelIndex()) is None


def test_a_head_stands_over_its_column(table: TableModel) -> None:
    across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    assert [table.headerData(number, across) for number in range(4)] == ["户主", "人口", "性别", "住址"]
    assert table.headerData(1, across, ALIGN) & Qt.AlignmentFlag.AlignRight
    assert table.headerData(2, across, ALIGN) == Qt.AlignmentFlag.AlignCenter
    assert table.headerData(0, down) is None and table.headerData(9, across) is None


# -- the members' grid -----------------------------------------------------------------------------------------------


def test_members_through_typing_inserting_and_removing(members: MembersModel) -> None:
    counts: list[int] = []
    for signal in (members.rowsInserted, members.rowsRemoved):
        signal.connect(lambda *_: counts.append(members.rowCount()))
    for line, name in enumerate(("李志强", "孙丽娟", "李晨")):
        members.set_text(line, "name", name)
    assert members.rowCount() == 4 and [line.texts["name"] for line in members.lines] == ["李志强", "孙丽娟", "李晨"]
    members.remove(1)
    assert counts == [2, 3, 4, 3]
    assert members.setData(at(members, 1, "id_no"), HUSBAND)
    members.set_lines([TypedMember(b"1", {"name": "王"}), TypedMember(b"2", {"name": "赵"})])
    members.set_member(0, TypedMember(b"1", {"name": "王二"}))
    assert members.rowCount() == 3 and counts == [2, 3, 4, 3]
    assert members.text(0, "name") == "王二" and members.text(7, "name") == ""


def test_the_first_person_is_the_head_and_everybody_is_han(members: MembersModel) -> None:
    members.set_text(0, "name", "李志强")
    members.set_text(1, "name", "孙丽娟")
    assert members.lines[0].texts == {"ethnic": "汉", "relation": "02 户主", "name": "李志强"}
    assert members.lines[1].texts == {"ethnic": "汉", "name": "孙丽娟"}


def test_a_default_never_writes_over_what_was_typed(members: MembersModel) -> None:
    members.set_text(0, "ethnic", "回")
    assert members.lines[0].texts["ethnic"] == "回"


def test_blanks_make_no_person(members: MembersModel) -> None:
    members.set_text(0, "name", "  ")
    assert members.rowCount() == 1 and members.lines == ()


def test_an_edit_is_told_once(members: MembersModel) -> None:
    told: list[tuple[int, str]] = []
    members.edited.connect(lambda line, name: told.append((line, name)))
    members.set_text(0, "name", "李志强")
    members.set_text(0, "name", "李志强")
    assert told == [(0, "name")]


def test_numbers_are_masked_outside_the_line_being_typed(members: MembersModel) -> None:
    members.set_lines([TypedMember(b"1", {"name": "李志强", "id_no": HUSBAND})])
    assert cell(members, 0, "id_no").text == MASKED and HUSBAND not in members.data(at(members, 0, "id_no"), SPOKEN)
    members.set_current(0)
    assert cell(members, 0, "id_no").text == HUSBAND
    members.set_current(1)
    assert cell(members, 0, "id_no").text == MASKED
    members.set_findings([Placed(0, Problem("id_no", "id_check_digit"))])
    assert cell(members, 0, "id_no").text == HUSBAND, "a wrong number is shown to be mended"


def test_sex_and_age_are_typed_only_where_no_number_says_them(members: MembersModel) -> None:
    members.set_lines([TypedMember(b"1", {"id_no": HUSBAND}), TypedMember(b"2", {"id_no": "未上户"})])
    columns = {name: GRID.index(name) for name in ("sex", "age", "name", "")}
    assert not members.editable(0, columns["sex"]) and not members.editable(0, columns["age"])
    assert members.editable(1, columns["sex"]) and members.editable(1, columns["age"])
    assert not members.editable(2, columns["sex"]), "the blank line begins with a name"
    assert not members.editable(0, columns[""]) and not members.editable(3, columns["name"])
    assert members.flags(at(members, 1, "sex")) & Qt.ItemFlag.ItemIsEditable
    assert not members.flags(at(members, 0, "sex")) & Qt.ItemFlag.ItemIsEditable
    assert (cell(members, 0, "sex").text, cell(members, 0, "age").text) == ("男", "41")
    assert cell(members, 0, "sex").ground == "sunken" and cell(members, 1, "sex").ground == ""


def test_age_is_typed_as_a_birth_date(members: MembersModel) -> None:
    members.set_lines([TypedMember(b"1", {"name": "王小宝", "id_no": "未上户"})])
    assert members.setData(at(members, 0, "age"), "20240305")
    assert members.text(0, "birth_date") == "2024-03-05"
    assert members.data(at(members, 0, "age"), Qt.ItemDataRole.EditRole) == "2024-03-05"
    assert cell(members, 0, "age").text == "2"


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [("relation", "12", "12 妻"), ("ethnic", "回族", "回"), ("name", " 李 志强 ", "李志强"), ("relation", "??", "??")],
)
def test_what_reads_well_is_kept_the_usual_way(members: MembersModel, name: str, typed: str, kept: str) -> None:
    members.setData(at(members, 0, name), typed)
    assert members.text(0, name) == kept


def test_findings_stand_where_they_are_mended_and_a_problem_outweighs_a_doubt(members: MembersModel) -> None:
    members.set_lines([TypedMember(b"1", {"name": "李", "id_no": "未上户"})])
    members.set_findings(
        [
            Placed(-1, Problem("address", "required")),
            Placed(0, Doubt("birth_date", "head_too_young")),
            Placed(0, Doubt("phone", "unlikely")),
            Placed(0, Problem("id_missing_reason", "required")),
            Placed(0, Doubt("id_no", "unlikely")),
        ]
    )
    marked = {name: cell(members, 0, name).underline for name in GRID if cell(members, 0, name).underline}
    assert marked == {"age": "warn", "name": "warn", "id_no": "err"}
    wrong, doubtful = cell(members, 0, "id_no"), cell(members, 0, "age")
    assert (wrong.tone, wrong.ground) == ("err", "err_soft")
    assert doubtful.tone != "warn" and doubtful.ground == "warn_soft"
    members.set_findings([])
    assert not any(cell(members, 0, name).underline for name in GRID)


def test_the_head_of_the_grid(members: MembersModel) -> None:
    across = Qt.Orientation.Horizontal
    assert members.headerData(GRID.index("name"), across) == "姓名"
    assert members.headerData(GRID.index("age"), across, ALIGN) & Qt.AlignmentFlag.AlignRight
    assert members.headerData(99, across) is None and members.headerData(0, Qt.Orientation.Vertical) is None
    assert members.data(at(members, 0, "name"), SPOKEN) == "姓名"


def test_the_board_gives_the_longest_name_its_room(qapp: QApplication) -> None:
    look = Look()
    board = VillageBoard(look, "各村到件")
    board.resize(720, 600)
    widths = []
    for name in ("柳湾", "长头圪垯", "一个很长很长很长的村名"):
        board.set_cells([BoardCell("a", name, "未到", "circle-dashed", "text2")] * 3)
        widths.append(board._rect(0).width())
    needed = QFontMetrics(look.font(theme.BODY, 600)).horizontalAdvance("长头圪垯")
    assert widths[1] >= needed + 30 and widths[2] <= 240 and board._columns(720) >= 4
