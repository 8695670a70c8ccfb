"""Odd headings, ticks, spare sheets and double cells: nobody vanishes without a word, nobody is two people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.excel.sheets import found, number, people, read, workbook
from villagedesk.excel.roster import UnclearColumns

HEAD, WIFE, ALONE = (number(b, s) for b, s in (("19630412", 11), ("19640203", 22), ("19500101", 33)))
COUPLE = [("陈守田", HEAD, "02", 0), ("李秀兰", WIFE, "12", 0)]


def test_the_heads_columns_are_his_also_two_headings_higher(tmp_path: Path) -> None:
    header = [
        ["组别", "户主基本情况", "", "", "家庭成员情况", "", "", ""],
        ["", "姓名", "证件", "", "姓名", "与户主关系", "证件", ""],
        ["", "", "类型", "号码", "", "", "类型", "号码"],
    ]
    rows = [["一组", "陈守田", "身份证", HEAD, "李秀兰", "妻", "身份证", WIFE]]
    merged = [
        (0, 1, 0, 3),
        (0, 4, 0, 7),
        (1, 2, 1, 3),
        (1, 6, 1, 7),
        (0, 0, 2, 0),
        (1, 1, 2, 1),
        (1, 4, 2, 4),
        (1, 5, 2, 5),
    ]
    assert people(read(workbook(tmp_path / "a.xlsx", {"名单": [*header, *rows]}, merged))) == COUPLE


def test_a_sheet_without_headings_beside_a_read_one_is_named(tmp_path: Path) -> None:
    header = ["户号", "姓名", "与户主关系", "身份证号"]
    sheets = {
        "一组": [header, ["1", "陈守田", "户主", HEAD]],
        "二组": [["甲", "乙", "丙", "丁"], ["2", "李秀兰", "户主", WIFE]],
        "三组": [["3", "孔三", "户主", ALONE], ["4", "孔四", "户主", ALONE]],
        "填表说明": [["请按户填写"], ["一人一行"], ["号码填全"]],
    }
    reading = read(workbook(tmp_path / "a.xlsx", sheets))
    assert len(reading.rows) == 1
    (problem,) = [problem for problem in reading.problems if problem.code == "sheet_not_read"]
    assert problem.params == {"sheet": "二组、三组", "rows": 4} and (problem.sheet, problem.row) == ("一组", 2)


@pytest.mark.parametrize("ticks", [("是", "否"), ("√", ""), ("1", "0")])
def test_a_column_of_ticks_names_no_head(tmp_path: Path, ticks: tuple[str, str]) -> None:
    yes, no = ticks
    rows = [
        ["序号", "户主", "姓名", "身份证号", "与户主关系"],
        ["1", yes, "陈守田", HEAD, ""],
        ["2", no, "李秀兰", WIFE, "妻"],
        ["3", yes, "孔三", ALONE, ""],
    ]
    assert people(read(workbook(tmp_path / "a.xlsx", {"名单": rows}))) == [*COUPLE, ("孔三", ALONE, "02", 1)]


def test_two_people_in_one_cell_are_not_melted(tmp_path: Path) -> None:
    header = ["户号", "姓名", "与户主关系", "身份证号"]
    rows = [header, ["1", "陈守田", "户主", HEAD], ["1", "禹二\n禹三", "子", ""], ["2", "王\n五", "户主", ALONE]]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert ("B3", "name_two_lines") in found(reading)
    assert [row.member.get("name") for row in reading.rows] == ["陈守田", None, "王五"]


@pytest.mark.parametrize("text", ["以下空白", "（以下空白）", "以下无正文", "联系人", "空户"])
def test_words_at_the_end_of_a_list_are_nobody(tmp_path: Path, text: str) -> None:
    rows = [["户号", "户主姓名", "户主身份证号"], ["1", "陈守田", HEAD], ["", text, ""]]
    assert [row.member.get("name") for row in read(workbook(tmp_path / "a.xlsx", {"名单": rows})).rows] == ["陈守田"]


def test_headings_nobody_knows_are_handed_to_a_person(tmp_path: Path) -> None:
    rows = [["编码", "人名", "号", "说明"], ["1", "陈守田", HEAD, ""], ["2", "李秀兰", WIFE, ""]]
    path = workbook(tmp_path / "a.xlsx", {"名单": rows})
    with pytest.raises(UnclearColumns) as refused:
        read(path)
    (table,) = refused.value.tables
    assert [heading for _, heading, _ in table.columns] == rows[0] and refused.value.code == "roster_no_name_column"
    mapping = {"人名": "member.name", "号": "member.id_no"}
    assert [row.member["id_no"] for row in read(path, mapping).rows] == [HEAD, WIFE]
