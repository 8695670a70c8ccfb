"""Lines that are no people: headers repeated with all their rows, titles, totals, notes, signatures in many cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.excel.sheets import Merge, found, lines, number, people, read, workbook

HEAD, WIFE, OTHER, SON = (
    number(b, s) for b, s in (("19630412", 11), ("19640203", 22), ("19700101", 33), ("19990909", 15))
)
CHEN, LI, WANG = ["陈守田", "男", HEAD, "户主"], ["李秀兰", "女", WIFE, "妻"], ["王建国", "男", OTHER, "户主"]
TRUTH = [("陈守田", HEAD, "02", 0), ("李秀兰", WIFE, "12", 0), ("王建国", OTHER, "02", 1)]
TITLE = ["柳湾村花名册", "", "", "", "", ""]

#: The header's rows, and the regions merged in them.
HEADERS: dict[str, tuple[list[list[str]], list[Merge]]] = {
    "one row": ([["序号", "姓名", "性别", "身份证号", "与户主关系", "备注"]], []),
    "two rows": (
        [["序号", "家庭成员情况", "", "", "", "备注"], ["", "姓名", "性别", "身份证号", "与户主关系", ""]],
        [(0, 0, 1, 0), (0, 1, 0, 4), (0, 5, 1, 5)],
    ),
    "two rows, nothing merged": (
        [["序号", "家庭成员情况", "", "", "", "备注"], ["", "姓名", "性别", "身份证号", "与户主关系", ""]],
        [],
    ),
    "two rows, group over a part": (
        [["序号", "基本情况", "", "证件", "", "备注"], ["", "姓名", "性别", "身份证号", "与户主关系", ""]],
        [(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 0, 4), (0, 5, 1, 5)],
    ),
    "three rows": (
        [
            ["序号", "农户信息", "", "", "", "备注"],
            ["", "家庭成员情况", "", "证件情况", "", ""],
            ["", "姓名", "性别", "身份证号", "与户主关系", ""],
        ],
        [(0, 0, 2, 0), (0, 1, 0, 4), (1, 1, 1, 2), (1, 3, 1, 4), (0, 5, 2, 5)],
    ),
}


def shifted(merged: list[Merge], down: int) -> list[Merge]:
    return [(top + down, left, bottom + down, right) for top, left, bottom, right in merged]


@pytest.mark.parametrize("titles", ["none", "merged", "one cell", "several texts"])
@pytest.mark.parametrize("name", HEADERS)
def test_a_header_repeated_at_every_page(name: str, titles: str, tmp_path: Path) -> None:
    """Twice, with the title above it each time: nobody is invented, nobody lost, every line is named."""
    header, regions = HEADERS[name]
    title = {"none": [], "several texts": [["柳湾村花名册", "", "", "单位:人", "", ""]]}.get(titles, [TITLE])
    rows: list[list[str]] = []
    merged: list[Merge] = []
    for page, person in enumerate((CHEN, LI, WANG), 1):
        if titles == "merged":
            merged.append((len(rows), 0, len(rows), 5))
        rows += title
        merged += shifted(regions, len(rows))
        rows += [*header, [str(page), *person, ""]]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}, merged))
    assert people(reading) == TRUTH
    assert found(reading) == []
    known = {row.row for row in reading.rows} | {row for row, _ in lines(reading)}
    assert known >= set(range(len(title) + len(header), len(rows) + 1))


@pytest.mark.parametrize("name", ["two rows, nothing merged", "three rows"])
def test_a_header_repeated_in_separated_text(name: str, tmp_path: Path) -> None:
    header, _ = HEADERS[name]
    rows = [TITLE, *header, ["1", *CHEN, ""], TITLE, *header, ["2", *LI, ""], TITLE, *header, ["3", *WANG, ""]]
    (tmp_path / "a.csv").write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    reading = read(tmp_path / "a.csv")
    assert people(reading) == TRUTH and found(reading) == []


def test_what_the_group_heading_says_holds_below_the_repeated_header_too(tmp_path: Path) -> None:
    """户主 above 姓名 makes it the head's name: below the second header as below the first."""
    header = [["户主", "", "家庭成员", "", ""], ["姓名", "电话", "姓名", "身份证号", "关系"]]
    rows = [*header, ["陈守田", "无", "陈守田", HEAD, "户主"], ["陈守田", "无", "李秀兰", WIFE, "妻"]]
    rows += [*header, ["王建国", "无", "王建国", OTHER, "户主"]]
    merged = [(0, 0, 0, 1), (0, 2, 0, 4)]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}, merged + shifted(merged, 4)))
    assert people(reading) == TRUTH
    assert [row.head_name for row in reading.rows] == ["陈守田", "陈守田", "王建国"]
    assert lines(reading) == [(1, "header"), (2, "header"), (5, "header"), (6, "header")]


@pytest.mark.parametrize("is_merged", [True, False])
def test_another_header_of_two_rows_further_down(is_merged: bool, tmp_path: Path) -> None:
    """A second table in the sheet, its columns elsewhere and its group headings worded otherwise."""
    rows = [*HEADERS["two rows"][0], ["1", *CHEN, ""], ["2", *LI, ""]]
    rows += [["序号", "户内人员信息", "", "", "", "说明事项", "备注"]]
    rows += [["", "姓名", "身份证号", "与户主关系", "性别", "", ""], ["1", "王建国", OTHER, "户主", "男", "", "低保"]]
    second = [(4, 1, 4, 4), (4, 0, 5, 0), (4, 6, 5, 6)]
    merged = [*HEADERS["two rows"][1], *second] if is_merged else []
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}, merged))
    assert people(reading) == TRUTH
    assert reading.rows[2].member["note"] == "低保"


def test_a_person_right_above_a_repeated_header_is_not_lost(tmp_path: Path) -> None:
    """Without a number, and with the words of headings in other columns."""
    header = ["姓名", "小名", "关系", "户类型", "身份证号"]
    rows = [header, ["陈守田", "守田", "户主", "", HEAD], ["李秀兰", "李秀兰", "妻", "", ""], header[:3]]
    rows += [["王建国", "", "户主", "", OTHER], ["赵强", "赵强", "户主", "低保", ""], header]
    rows.append(["孙丽", "", "户主", "", SON])
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert [row.member["name"] for row in reading.rows] == ["陈守田", "李秀兰", "王建国", "赵强", "孙丽"]


TOTALS = [
    ["合计", "", "", "", "", ""],
    ["合计：", "12户", "", "45人", "", ""],
    ["", "小计", "", "3人", "", ""],
    ["", "", "", "共计：", "45人", ""],
    ["", "", "", "", "", "总计12户45人"],
    ["三组小计", "3人", "男2人", "", "", ""],
    ["", "全村合计", "男20", "45人", "", ""],
    ["柳湾村", "", "", "合计", "", "45"],
    ["合", "计", "", "45人", "", ""],
    ["共12户45人", "", "", "", "", ""],
    ["", "3人", "", "小计", "", ""],
    ["本页共3人", "", "", "", "", ""],
]
NOTES = [
    ["村支书：张三", "", "村主任：李四", "", "", ""],
    ["", "村支书：张三", "", "村主任：李四", "", ""],
    ["填表人：张三", "", "审核人：李四", "", "日期：2026年11月23日", ""],
    ["", "填表人:张三", "", "审核人:李四", "", "2026年11月23日"],
    ["", "", "支部书记：张三", "", "会计：李四", ""],
    ["包村领导:", "张三", "", "村会计:", "李四", ""],
    ["村支书签字：", "", "", "", "", ""],
    ["", "柳湾村村民委员会（盖章）", "", "2026年11月23日", "", ""],
    ["", "柳湾村村民委员会", "", "2026年11月23日", "", ""],
    ["青禾镇人民政府", "", "", "", "2026年11月", ""],
    ["填表人：张三", "填表人：张三", "联系电话：", "13900000001", "", ""],
    ["第1页", "", "", "共3页", "", ""],
    ["第 2 页，共 3 页", "", "", "", "", ""],
]


@pytest.mark.parametrize("line", TOTALS + NOTES, ids=lambda line: "|".join(line))
@pytest.mark.parametrize("has_numbers", [True, False])
def test_totals_and_signatures_over_many_cells_are_nobody(line: list[str], has_numbers: bool, tmp_path: Path) -> None:
    header = ["序号", "姓名", "性别", "身份证号" if has_numbers else "民族", "与户主关系", "备注"]
    rows = [header, ["1", *CHEN, ""], line, ["2", *LI, ""]]
    if not has_numbers:
        rows[1][3] = rows[3][3] = "汉"
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert [row.member["name"] for row in reading.rows] == ["陈守田", "李秀兰"]
    assert lines(reading) == [(1, "header"), (3, "total" if line in TOTALS else "note")]


@pytest.mark.parametrize("line", TOTALS + NOTES, ids=lambda line: "|".join(line))
def test_they_are_nobody_where_the_names_stand_first(line: list[str], tmp_path: Path) -> None:
    rows = [["姓名", "性别", "身份证号", "与户主关系", "联系电话", "备注"], [*CHEN, "", ""], line, [*LI, "", ""]]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert [row.member["name"] for row in reading.rows] == ["陈守田", "李秀兰"]


def test_people_whose_cells_sound_like_totals_or_notes_are_not_lost(tmp_path: Path) -> None:
    """A number, or a relation in its place, makes the line a person; so does a name beside a remark about a sum."""
    rows = [
        ["序号", "姓名", "性别", "身份证号", "与户主关系", "备注"],
        ["1", "小计生", "男", SON, "户主", ""],
        ["2", "刘表", "", "", "", "缴费合计3人"],
        ["合计", "陈守田", "男", HEAD, "户主", ""],
        ["3", "说明", "", "9.99901E+17", "", ""],
        ["4", "总：李", "", "", "妻", "(盖章)"],
        ["5", "王建国", "", "999***********0333", "", "村支书：张三"],
    ]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert [row.row for row in reading.rows] == [2, 3, 4, 5, 6, 7]
