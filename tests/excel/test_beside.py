"""Two tables side by side in one sheet: everyone of both is read, or it is said that one is not."""

from __future__ import annotations

from pathlib import Path

from tests.excel.sheets import found, lines, number, people, read, workbook

HEAD, WIFE, OTHER, SON = (
    number(b, s) for b, s in (("19630412", 11), ("19640203", 22), ("19700101", 33), ("19990909", 15))
)
HEADER = ["序号", "姓名", "身份证号", "与户主关系"]
CHEN, LI, WANG = ["1", "陈守田", HEAD, "户主"], ["2", "李秀兰", WIFE, "妻"], ["3", "王建国", OTHER, "户主"]
SMALL = ["4", "王宝", SON, "子"]
TRUTH = [("陈守田", HEAD, "02", 0), ("李秀兰", WIFE, "12", 0), ("王建国", OTHER, "02", 1), ("王宝", SON, "20", 1)]


def test_two_tables_beside_each_other_are_read_one_after_the_other(tmp_path: Path) -> None:
    """A blank column between them, a remark behind the right one, a total on the left beside a person on the right."""
    rows = [
        [*HEADER, "", *HEADER, "备注"],
        [*CHEN, "", *WANG, ""],
        [*LI, "", *SMALL, "在外"],
        ["合计", "2人", "", "", "", "", "", "", "", ""],
        ["", "", "", "", "", "5", "孙丽", "", "", ""],
    ]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert people(reading)[:4] == TRUTH and reading.rows[4].member["name"] == "孙丽"
    assert [row.origin for row in reading.rows] == [
        ("名单", n, c) for n, c in ((2, "B"), (3, "B"), (2, "G"), (3, "G"), (5, "G"))
    ]
    assert reading.rows[3].member["note"] == "在外"
    assert found(reading) == [] and lines(reading) == [(1, "header"), (4, "total")]
    assert [[target for *_, target in table.columns][1] for table in reading.tables] == ["member.name"] * 2


def test_three_tables_with_titles_and_groups_over_all(tmp_path: Path) -> None:
    header, width = HEADER[1:], 9
    rows = [["柳湾村名单", *[""] * (width - 1)], header * 3, ["三组", *[""] * (width - 1)]]
    rows += [[*CHEN[1:], *WANG[1:], "孙丽", "", "户主"], [*LI[1:], *SMALL[1:], "", "", ""]]
    rows += [header * 3, ["钱强", "", "户主", *[""] * 6]]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}, [(0, 0, 0, width - 1), (2, 0, 2, width - 1)]))
    assert people(reading) == [*TRUTH, ("孙丽", None, "02", 2), ("钱强", None, "02", 3)]
    assert {row.places.get("villager_group") for row in reading.rows} == {"三组"}
    assert found(reading) == []


def test_a_damaged_cell_on_the_right_has_its_own_address(tmp_path: Path) -> None:
    rows = [HEADER * 2, [*CHEN, *WANG[:2], OTHER[:15] + "000", "户主"]]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert found(reading) == [("G2", "id_excel_precision")]
    assert [row.stays_out for row in reading.rows] == [False, True]


def test_a_second_column_of_names_that_is_not_read_is_said_at_the_first_person(tmp_path: Path) -> None:
    """A guardian's name and number, or a table with other headings: nobody of it may be lost without a word."""
    rows = [[*HEADER, "姓名", "证件号码"], [*CHEN, "王建国", OTHER], [*LI, "", ""]]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert people(reading) == TRUTH[:2]
    said = [(p.row, p.column, p.level, p.params) for p in reading.problems if p.code == "table_beside"]
    assert said == [(2, "", "warning", {"column": "E"})]


def test_one_heading_twice_is_no_second_table(tmp_path: Path) -> None:
    rows = [[*HEADER, "联系电话", "姓名"], [*CHEN, "", "陈守田"]]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert people(reading) == TRUTH[:1] and [code for _, code in found(reading)] == ["column_unknown"]
