"""Rosters as departments lay them out: who is read, which lines are no people, where each finding stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.excel.oldbooks import xls
from tests.excel.sheets import found, lines, number, people, read, workbook

HEAD, WIFE, OTHER, SON = (
    number(b, s) for b, s in (("19630412", 11), ("19640203", 22), ("19700101", 33), ("19990909", 15))
)
CHEN, LI, WANG = ("陈守田", HEAD, "02"), ("李秀兰", WIFE, "12"), ("王建国", OTHER, "02")
TRUTH = [(*CHEN, 0), (*LI, 0), (*WANG, 1)]


def test_a_merged_group_column_reaches_every_household_below(tmp_path: Path) -> None:
    """Civil affairs office: groups merged over many households; nothing else says the second household's group."""
    rows = [
        ["组别", "户主姓名", "姓名", "证件号码", "关系", "住址"],
        ["三组", "陈守田", "陈守田", HEAD, "户主", "三组5号"],
        ["", "", "李秀兰", WIFE, "妻", ""],
        ["", "王建国", "王建国", OTHER, "户主", "三组9号"],
    ]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}, [(1, 0, 3, 0), (1, 1, 2, 1), (1, 5, 2, 5)]))
    assert people(reading) == TRUTH
    assert [row.places for row in reading.rows] == [{"villager_group": "三组"}] * 3
    assert [row.household.get("address") for row in reading.rows] == ["三组5号", "三组5号", "三组9号"]
    assert found(reading) == []


def test_a_spare_line_inside_a_merged_household_is_nobody(tmp_path: Path) -> None:
    rows = [["户号", "住址", "姓名", "身份证号", "关系"], ["1", "三组", *CHEN[:2], "户主"], ["", "", *LI[:2], "妻"]]
    rows += [[""] * 5, ["2", "四组", *WANG[:2], "户主"]]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}, [(1, 0, 3, 0), (1, 1, 3, 1)]))
    assert people(reading) == TRUTH
    assert found(reading) == []


def test_the_bureau_of_land_titles_three_header_rows_and_numbered_columns(tmp_path: Path) -> None:
    """Header on row 8 under titles; head's columns under a merged heading; column numbers; totals; signatures."""
    rows = [
        ["青禾镇土地确权登记表", *[""] * 7],
        *[[""] * 8 for _ in range(5)],
        ["填报单位:柳湾村", *[""] * 7],
        ["序号", "承包方", "", "", "家庭成员", "", "", "备注"],
        ["", "姓名", "证件号码", "合同面积", "姓名", "证件号码", "与承包方代表关系", ""],
        ["1", "2", "3", "4", "5", "6", "7", "8"],
        ["1", "陈守田", HEAD, "3.5", *CHEN[:2], "户主", ""],
        ["", "", "", "", *LI[:2], "妻", "外嫁"],
        ["2", "王建国", OTHER, "0.8亩", *WANG[:2], "本人", ""],
        ["合计", "2户", "", "4.3", "3人", "", "", ""],
        ["制表人:某某", "", "", "审核人:", "", "", "日期:2026.11.23", ""],
    ]
    merged = [(0, 0, 0, 7), (7, 1, 7, 3), (7, 4, 7, 6), (7, 0, 8, 0), (7, 7, 8, 7), (10, 1, 11, 1), (10, 2, 11, 2)]
    reading = read(workbook(tmp_path / "a.xlsx", {"sheet": rows}, merged))
    assert people(reading) == TRUTH
    assert [row.household.get("farmland") for row in reading.rows] == [350, None, 80]
    assert reading.rows[1].member["note"] == "外嫁"
    assert lines(reading) == [(8, "header"), (9, "header"), (10, "header"), (14, "total"), (15, "note")]
    assert found(reading) == []


def test_heads_alone_imply_the_households(tmp_path: Path) -> None:
    """No household number: a row of a head begins a household; ages and counts are not imported."""
    rows = [
        ["与户主关系", "年龄", "身份证号码", "姓 名", "性别", "民族", "村民小组"],
        ["户主", 63.0, HEAD, "陈 守 田", "男", "汉", "1组"],
        ["妻", 62.0, WIFE, "李秀兰", "女", "1", "1组"],
        ["户主", 56.0, OTHER, "王建国", "男", "01", "2组"],
    ]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert people(reading) == TRUTH
    assert {row.member["ethnic"] for row in reading.rows} == {"01"}
    assert found(reading) == []


def test_heads_named_and_left_blank_below(tmp_path: Path) -> None:
    rows = [["户主", "家庭成员", "身份证号", "户主关系"], ["陈守田", *CHEN[:2], "户主"], ["", *LI[:2], "配偶"]]
    rows += [["姓名", "", "", ""], ["王建国", *WANG[:2], "户主"]]
    rows[3] = ["户主", "家庭成员", "身份证号", "户主关系"]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert [entry[3] for entry in people(reading)] == [0, 0, 1]
    assert lines(reading) == [(1, "header"), (4, "header")]


def test_a_list_of_heads(tmp_path: Path) -> None:
    """No person column at all: everyone is a head."""
    rows = [
        ["序号", "户主姓名", "户主身份证号码", "户主电话"],
        ["1", "陈守田", HEAD, "13900000001"],
        ["2", "王建国", OTHER, "无"],
    ]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert people(reading) == [(*CHEN, 0), (*WANG, 1)]
    assert reading.rows[0].household == {"phone": "13900000001"}


def test_sheets_by_group_with_numbers_that_start_again(tmp_path: Path) -> None:
    """Each sheet counts its households from 1: the numbers keep them apart and are not stored, and that is said."""
    head = ["户号", "姓名", "身份证号", "关系"]
    sheets = {
        "一组": [head, ["1", *CHEN[:2], "户主"], ["1", *LI[:2], "妻"]],
        "二组": [head, ["1", *WANG[:2], "户主"], ["2", "赵强", SON, "户主"]],
    }
    reading = read(workbook(tmp_path / "a.xlsx", sheets))
    assert people(reading) == [*TRUTH, ("赵强", SON, "02", 2)]
    assert [row.places["villager_group"] for row in reading.rows] == ["一组", "一组", "二组", "二组"]
    assert not any("household_no" in row.household for row in reading.rows)
    assert [(p.sheet, p.column, p.row, p.code) for p in reading.problems] == [
        ("一组", "A", 2, "household_no_local"),
        ("二组", "A", 2, "household_no_local"),
    ]


def test_numbers_that_start_again_below_a_group_line(tmp_path: Path) -> None:
    """One sheet; lines name the groups; the numbers begin at 1 in each."""
    rows = [["户号", "姓名", "身份证号", "关系"], ["一组", "", "", ""], ["1", *CHEN[:2], "户主"], ["", *LI[:2], "妻"]]
    rows += [["2", "赵强", SON, "户主"], ["二组", "", "", ""], ["1", *WANG[:2], "户主"]]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}, [(1, 0, 1, 3), (5, 0, 5, 3)]))
    assert people(reading) == [(*CHEN, 0), (*LI, 0), ("赵强", SON, "02", 1), (*WANG, 2)]
    assert [row.places["villager_group"] for row in reading.rows] == ["一组", "一组", "一组", "二组"]
    assert found(reading) == [("A3", "household_no_local")]
    assert lines(reading) == [(1, "header"), (2, "title"), (6, "title")]


def test_one_household_in_two_sheets_stays_one(tmp_path: Path) -> None:
    """A second sheet about people of the first uses the same numbers and means the same households."""
    people_sheet = [["户编号", "姓名", "身份证号", "关系"], ["07", *CHEN[:2], "户主"], ["07", *LI[:2], "妻"]]
    aid = [["户编号", "姓名", "与户主关系", "是否低保"], ["07", "李秀兰", "妻", "是"]]
    reading = read(workbook(tmp_path / "a.xlsx", {"人口": people_sheet, "低保": aid}))
    assert {row.household_key for row in reading.rows} == {"no:07"}
    assert reading.rows[2].household == {"household_no": "07"}


def test_a_head_number_that_was_damaged_does_not_join_households(tmp_path: Path) -> None:
    """Damaged and starred head numbers are alike for many households; the head's name keeps them apart."""
    rows = [
        ["户主姓名", "户主身份证号", "姓名", "与户主关系"],
        ["陈守田", "9.99901E+17", "陈守田", "户主"],
        ["王建国", "9.99901E+17", "王建国", "户主"],
        ["赵强", "999***********0015", "赵强", "户主"],
        ["孙丽", "999***********0015", "孙丽", "户主"],
    ]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert [entry[3] for entry in people(reading)] == [0, 1, 2, 3]


def test_addresses_hold_beside_hidden_columns_and_away_from_the_corner(tmp_path: Path) -> None:
    rows = [
        ["内部码", "姓名", "身份证号", "关系"],
        ["x", "陈守田", HEAD[:17] + "9", "户主"],
        ["y", "李秀兰", WIFE, "对象"],
    ]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}, hidden=[4], at=(6, 3)))
    assert found(reading) == [("D7", "column_unknown"), ("F8", "id_checksum"), ("G9", "code_unknown")]


def test_every_damage_to_a_number_at_its_cell(tmp_path: Path) -> None:
    """As numbers, scientific, 15 digits, full width, blanks inside, lost zeros, wrong last character, words."""
    wide = HEAD.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})
    cells: list[str | float] = [
        float(HEAD[:17] + "0"),
        "1.10105E+17",
        "999901630412001",
        wide,
        f"{WIFE[:6]} {WIFE[6:14]} {WIFE[14:]}",
        HEAD[:15] + "000",
        OTHER[:17] + ("1" if OTHER[17] != "1" else "2"),
        "未办理",
        "999***********0113",
    ]
    names = ["陈一", "陈二", "陈三", "陈四", "陈五", "陈六", "陈七", "陈八", "陈九"]
    rows = [["姓名", "身份证号", "关系"], *([name, cell, "户主"] for name, cell in zip(names, cells, strict=True))]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert found(reading) == [
        ("B2", "id_excel_precision"),
        ("B3", "id_excel_scientific"),
        ("B4", "id_from_15"),
        ("B7", "id_excel_precision"),
        ("B8", "id_checksum"),
        ("B9", "id_words"),
    ]
    given = [row.member.get("id_no") for row in reading.rows]
    assert given[2] == number("19630412", 1) and given[3:5] == [HEAD, WIFE]
    assert given[:2] + given[5:] == [None] * 6
    assert reading.rows[8].masked == {"id_no": "999***********0113"}
    assert reading.rows[7].member["id_missing_reason"] == "未办理"


def test_a_number_kept_as_a_figure_is_damaged_even_where_its_check_passes(tmp_path: Path) -> None:
    """One in eleven such numbers ends in zeros that satisfy the check character; it is still not the person's."""
    days = (f"1963{month:02d}{day:02d}" for month in range(1, 13) for day in range(1, 29))
    whole = next(passing for day in days if (passing := number(day, 0)).endswith("0000"))
    rows = [
        ["姓名", "身份证号", "关系", "银行账号", "户口簿号"],
        ["陈一", float(whole), "户主", 6222000000000000000.0, 1e16],
    ]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert found(reading) == [
        ("B2", "id_excel_precision"),
        ("D2", "bank_excel_precision"),
        ("E2", "text_excel_precision"),
    ]
    assert "hukou_book_no" not in reading.rows[0].member


def test_sex_and_birth_date_are_held_against_the_number(tmp_path: Path) -> None:
    rows = [
        ["姓名", "性别", "出生年月", "身份证号", "关系"],
        ["陈守田", "男", "1963年4月", HEAD, "户主"],
        ["李秀兰", "男", "1964-02-03", WIFE, "妻"],
        ["王建国", "男", "1970.02", OTHER, "父"],
    ]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert found(reading) == [("B3", "sex_differs_from_id"), ("C4", "birth_differs_from_id")]
    assert "sex" not in reading.rows[0].member and "birth_date" not in reading.rows[0].member


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_separated_text(encoding: str, mark: str, tmp_path: Path) -> None:
    """Rare characters, guarded cells, line numbers as a spreadsheet shows them."""
    rows = [
        ["柳湾村名单"],
        [],
        ["姓名", "身份证号", "关系"],
        ["𬭎䶮", f'="{HEAD}"', "户主"],
        ["李秀兰", f"'{WIFE}", "小姑"],
    ]
    path = tmp_path / "名单.csv"
    path.write_bytes("\r\n".join(mark.join(row) for row in rows).encode(encoding))
    reading = read(path)
    assert people(reading) == [("𬭎䶮", HEAD, "02", 0), ("李秀兰", WIFE, None, 0)]
    assert found(reading) == [("C5", "code_unknown")]


def test_an_old_workbook(tmp_path: Path) -> None:
    path = tmp_path / "名单.xls"
    rows = [
        ["户号", "姓名", "身份证号", "关系"],
        [1.0, *CHEN[:2], "户主"],
        ["", *LI[:2], "妻"],
        [2.0, *WANG[:2], "户主"],
    ]
    path.write_bytes(xls(rows, [(1, 0, 2, 0)]))
    reading = read(path)
    assert people(reading) == TRUTH
    assert reading.rows[1].household == {"household_no": "1"}


def test_a_heading_of_ones_own_by_map(tmp_path: Path) -> None:
    rows = [["谁", "号", "是户主的"], ["陈守田", HEAD, "户主"]]
    path = workbook(tmp_path / "a.xlsx", {"名单": rows})
    chosen = {"谁": "member.name", "号": "member.id_no", "是户主的": "member.relation"}
    assert people(read(path, chosen)) == [TRUTH[0]]
    odd = workbook(tmp_path / "b.xlsx", {"名单": [["姓名", "身份证号", "关系", "暗号"], [*CHEN[:2], "户主", "x"]]})
    assert found(read(odd)) == [("D1", "column_unknown")]
    assert found(read(odd, {"暗号": "-"})) == []


def test_lines_below_the_people_are_nobody(tmp_path: Path) -> None:
    rows = [["序号", "姓名", "身份证号", "关系", "联系电话"], ["1", *CHEN[:2], "户主", ""], ["2", "", "", "", ""]]
    rows += [["", "", "", "", ""], ["", "小计", "1人", "", ""], ["注:以上已核对", "", "", "", ""]]
    rows += [["", "", "", "", "2026年11月23日"], ["柳湾村村民委员会", "", "", "", ""]]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert people(reading) == [TRUTH[0]]
    assert lines(reading) == [(1, "header"), (5, "total"), (6, "note"), (7, "title"), (8, "note")]


def test_a_nameless_row_with_a_number_is_named_not_lost(tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "关系"], ["", HEAD, "户主"], ["单位", WIFE, "妻"], ["小计生", SON, "子"]]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert ("A2", "name_missing") in found(reading)
    assert [row.row for row in reading.rows][:2] == [2, 3]


def test_a_title_of_several_texts_is_no_part_of_the_header(tmp_path: Path) -> None:
    """Neither its words (户主花名册) nor its row may be taken for the header's."""
    rows = [["柳湾村户主花名册", "", "单位:人", ""], ["姓名", "身份证号", "关系", "暗号"]]
    rows += [[*CHEN[:2], "户主", ""], [*LI[:2], "妻", ""], [*WANG[:2], "户主", ""]]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert people(reading) == TRUTH
    assert found(reading) == [("D2", "column_unknown")] and lines(reading) == [(2, "header")]


def test_a_household_text_repeated_below_is_remarked_once(tmp_path: Path) -> None:
    rows = [["户号", "姓名", "身份证号", "关系", "户联系电话", "开户银行"], ["1", *CHEN[:2], "户主", "123", "农行"]]
    rows.append(["1", *LI[:2], "妻", "123", ""])
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert found(reading) == [("E2", "phone_length")]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        *(("爱人", "10"), ("老伴", "10"), ("儿", "20"), ("闺女", "30"), ("媳", "38"), ("大儿媳", "38")),
        *(("兄弟", "70"), ("侄", "93"), ("外甥", "95"), ("婿", "28")),
    ],
)
def test_the_usual_words_for_a_relation(word: str, code: str, tmp_path: Path) -> None:
    """A word that does not say the sex is the general code of its group (domain reference 1.5)."""
    rows = [["姓名", "身份证号", "称谓"], [*CHEN[:2], "户主"], ["赵强", SON, word]]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert people(reading)[1][2] == code and found(reading) == []


def test_words_of_no_single_code_are_named_and_not_guessed(tmp_path: Path) -> None:
    """小孩 says neither sex nor generation, 汉族（回） two groups; 半文盲, 学龄前 are 其他 (reference 1.6)."""
    rows = [["姓名", "身份证号", "称谓", "民族", "文化程度"], [*CHEN[:2], "户主", "汉族（回）", "半文盲"]]
    rows += [["赵强", SON, "小孩", "回", "学龄前"]]
    reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert [row.member.get("ethnic") for row in reading.rows] == [None, "03"]
    assert [row.member.get("education") for row in reading.rows] == ["90", "90"]
    said = [(f"{p.column}{p.row}", p.code, p.level, p.params["typed"]) for p in reading.problems]
    assert said == [("D2", "code_unknown", "warning", "汉族（回）"), ("C3", "code_unknown", "error", "小孩")]
