"""Heads who stand only in the columns 户主姓名 and 户主身份证号: made from there, said so, and nobody twice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.excel.sheets import TODAY, Cells, Merge, found, lines, number, people, read, workbook
from villagedesk.domain.roster_plan import plan_import
from villagedesk.excel.roster import RosterReading

HEAD, WIFE, ALONE, SON = (
    number(b, s) for b, s in (("19630412", 11), ("19640203", 22), ("19500101", 33), ("19990909", 15))
)
HEADER = ["序号", "户主姓名", "户主身份证号", "家庭成员姓名", "身份证号", "与户主关系"]
FAMILY = [("陈守田", HEAD, "02", 0), ("李秀兰", WIFE, "12", 0), ("陈宝", SON, "20", 0)]
TRUTH = [*FAMILY, ("孔三", ALONE, "02", 1)]


def sheet(tmp_path: Path, *rows: Cells, header: Cells = HEADER, merged: Sequence[Merge] = ()) -> RosterReading:
    return read(workbook(tmp_path / "a.xlsx", {"名单": [header, *rows]}, merged))


def test_heads_that_are_not_repeated_among_the_members_are_people(tmp_path: Path) -> None:
    """Beside their first member, and alone in the household of one."""
    reading = sheet(
        tmp_path,
        ["1", "陈守田", HEAD, "李秀兰", WIFE, "妻"],
        ["", "", "", "陈宝", SON, "子"],
        ["2", "孔三", ALONE, "", "", ""],
    )
    assert people(reading) == TRUTH
    assert found(reading) == [("B2", "head_from_columns"), ("B4", "head_from_columns")]
    assert {problem.level for problem in reading.problems} == {"warning"}
    assert lines(reading) == [(1, "header")]
    plan = plan_import(reading.rows, [], [], TODAY)
    assert (plan.rows_in, plan.rows_out, plan.counts["households"]["added"], plan.problems) == (4, 0, 2, ())
    assert [change.values["seq"] for change in plan.changes if change.kind == "member"] == [1, 2, 3, 1]


def test_only_a_single_person_is_not_repeated(tmp_path: Path) -> None:
    reading = sheet(
        tmp_path,
        ["1", "陈守田", HEAD, "陈守田", HEAD, "户主"],
        ["", "陈守田", HEAD, "李秀兰", WIFE, "妻"],
        ["", "陈守田", HEAD, "陈宝", SON, "子"],
        ["2", "孔三", ALONE, "无", "—", ""],
    )
    assert people(reading) == TRUTH and found(reading) == [("B5", "head_from_columns")]


def test_a_head_whose_own_number_is_blank_has_the_one_of_the_heads_column(tmp_path: Path) -> None:
    reading = sheet(
        tmp_path,
        ["1", "陈守田", HEAD, "陈守田", "", "户主"],
        ["", "", "", "李秀兰", WIFE, "妻"],
        ["", "", "", "陈宝", SON, "子"],
        ["2", "孔三", ALONE, "孔三", "", ""],
    )
    assert people(reading) == TRUTH and found(reading) == []
    assert plan_import(reading.rows, [], [], TODAY).problems == ()
    damaged = sheet(tmp_path, ["1", "陈守田", HEAD[:15] + "000", "陈守田", "", "户主"])
    assert found(damaged) == [("C2", "id_excel_precision")] and damaged.rows[0].stays_out


def test_a_heads_row_on_the_left_above_the_members(tmp_path: Path) -> None:
    """The members stand below him, his household's values and telephone beside him."""
    header = [*HEADER, "家庭住址", "联系电话"]
    reading = sheet(
        tmp_path,
        ["1", "陈守田", HEAD, "", "", "", "三组5号", "13900000001"],
        ["", "", "", "李秀兰", WIFE, "妻", "", ""],
        ["", "", "", "陈宝", SON, "子", "", ""],
        ["2", "孔三", ALONE, "", "", "", "", ""],
        header=header,
    )
    assert people(reading) == TRUTH
    assert reading.rows[0].household == {"address": "三组5号"} and reading.rows[0].member["phone"] == "13900000001"


def test_a_head_named_alone_and_again_among_the_members_is_one_person(tmp_path: Path) -> None:
    header = [*HEADER, "家庭住址"]
    reading = sheet(
        tmp_path,
        ["1", "陈守田", HEAD, "", "", "", "三组5号"],
        ["", "", "", "陈守田", "", "", ""],
        ["", "", "", "李秀兰", WIFE, "妻", ""],
        header=header,
    )
    assert people(reading) == FAMILY[:2]
    assert reading.rows[0].household == {"address": "三组5号"} and lines(reading) == [(1, "header"), (2, "note")]
    assert found(reading) == []


@pytest.mark.parametrize("cell", ["1.10105E+17", HEAD[:15] + "000", "999***********0113"])
def test_a_damaged_number_of_a_head_is_named_at_its_cell(cell: str, tmp_path: Path) -> None:
    reading = sheet(tmp_path, ["1", "陈守田", cell, "李秀兰", WIFE, "妻"], ["2", "孔三", cell, "", "", ""])
    plan = plan_import(reading.rows, [], [], TODAY)
    errors = [f"{p.column}{p.row}" for p in (*reading.problems, *plan.problems) if p.level == "error"]
    assert errors == ["C2", "C3"] and (len(reading.rows), plan.rows_in) == (3, 1)
    assert [(p.row, p.params) for p in plan.problems if p.code == "household_head_waits"] == [(2, {"row": 2})]


def test_a_head_without_any_number_is_still_somebody(tmp_path: Path) -> None:
    header = ["户主姓名", "家庭成员姓名", "身份证号", "与户主关系"]
    reading = sheet(tmp_path, ["陈守田", "李秀兰", WIFE, "妻"], ["孔三", "", "", ""], header=header)
    assert [entry[::2] for entry in people(reading)] == [("陈守田", "02"), ("李秀兰", "12"), ("孔三", "02")]
    assert [entry[3] for entry in people(reading)] == [0, 0, 1]


def test_two_single_heads_of_one_name_are_two(tmp_path: Path) -> None:
    header = ["序号", "户主姓名", "家庭成员姓名", "身份证号", "与户主关系"]
    reading = sheet(tmp_path, ["1", "孔三", "", "", ""], ["2", "孔三", "", "", ""], header=header)
    assert [(entry[0], entry[3]) for entry in people(reading)] == [("孔三", 0), ("孔三", 1)]


@pytest.mark.parametrize(
    "row", [["1", "陈守田", HEAD, "陈守田", HEAD, "户主"], ["1", "陈守田", HEAD, "李秀兰", WIFE, "妻"]]
)
def test_a_spare_line_of_a_merged_household_is_nobody(row: list[str], tmp_path: Path) -> None:
    reading = sheet(tmp_path, row, ["", "", "", "", "", ""], merged=[(1, column, 2, column) for column in range(3)])
    assert {(entry[0], entry[3]) for entry in people(reading)} == {("陈守田", 0), (row[3], 0)}


def test_a_head_whose_own_row_is_damaged_is_not_made_a_second_time(tmp_path: Path) -> None:
    reading = sheet(
        tmp_path,
        ["1", "陈守田", HEAD, "陈*田", HEAD, ""],
        ["", "", "", "李秀兰", WIFE, "妻"],
        ["2", "孔三", ALONE, "孔三", ALONE[:15] + "000", "户主"],
    )
    assert len(reading.rows) == 3 and not any(row.from_head for row in reading.rows)


def test_a_head_who_is_a_member_of_another_household_is_not_made(tmp_path: Path) -> None:
    """The column still names the father whose household the son left; the father's own row must stay the one."""
    header = ["户编号", *HEADER[1:]]
    reading = sheet(
        tmp_path,
        ["8", "陈守田", HEAD, "陈宝", SON, "子"],
        ["7", "陈守田", HEAD, "陈守田", HEAD, "户主"],
        header=header,
    )
    assert [entry[::3] for entry in people(reading)] == [("陈宝", 0), ("陈守田", 1)] and found(reading) == []


def test_households_counted_anew_in_every_sheet_have_their_own_heads(tmp_path: Path) -> None:
    header = ["户号", *HEADER[1:]]
    sheets = {
        "一组": [header, ["1", "陈守田", HEAD, "李秀兰", WIFE, "妻"]],
        "二组": [header, ["1", "孔三", ALONE, "孔宝", SON, "子"]],
    }
    reading = read(workbook(tmp_path / "a.xlsx", sheets))
    assert [(entry[0], entry[3]) for entry in people(reading)] == [
        ("陈守田", 0),
        ("李秀兰", 0),
        ("孔三", 1),
        ("孔宝", 1),
    ]
    assert not any("household_no" in row.household for row in reading.rows)


@pytest.mark.parametrize(
    "line", [["一组"] * 6, ["", "一组"], ["", "以上人员均已核对"], ["合计", "2户"], ["", "村主任：某某"]]
)
def test_lines_of_the_heads_column_that_are_nobody(line: list[str], tmp_path: Path) -> None:
    reading = sheet(tmp_path, ["1", "陈守田", HEAD, "李秀兰", WIFE, "妻"], line)
    assert [entry[0] for entry in people(reading)] == ["陈守田", "李秀兰"] and len(lines(reading)) == 2
