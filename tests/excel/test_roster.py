"""Rosters as departments send them: the shipped sample against counts taken by hand, and layouts built here."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from villagedesk.domain.idnumber import check_character
from villagedesk.domain.roster import Known
from villagedesk.domain.roster_plan import plan_import
from villagedesk.excel.roster import RosterReading, read_roster
from villagedesk.progress import Progress

TODAY = date(2026, 11, 23)
SAMPLE = Path(__file__).parents[1] / "data" / "rosters" / "roster-national-layout.xlsx"


def number(born: str, sequence: int) -> str:
    digits = f"999901{born}{sequence:03d}"
    return digits + check_character(digits)


HEAD, WIFE, OTHER = number("19630412", 11), number("19640203", 22), number("19700101", 33)
TRUTH = [("陈守田", HEAD, "02", 0), ("李秀兰", WIFE, "12", 0), ("王建国", OTHER, "02", 1)]


def read(path: Path) -> RosterReading:
    return read_roster(path, None, TODAY, Progress())


def workbook(path: Path, rows: list[list[str]], merged: list[tuple[int, int, int, int]] = []) -> Path:  # noqa: B006
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("名单")
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(place, column, text)
        for top, left, bottom, right in merged:
            sheet.merge_range(top, left, bottom, right, rows[top][left])
    return path


def people(reading: RosterReading) -> list[tuple[object, object, object, int]]:
    keys = list(dict.fromkeys(row.household_key for row in reading.rows))
    return [
        (row.member["name"], row.member.get("id_no"), row.member.get("relation"), keys.index(row.household_key))
        for row in reading.rows
    ]


def test_the_sample_gives_every_person_and_names_every_damaged_number() -> None:
    cells = CalamineWorkbook.from_path(str(SAMPLE)).get_sheet_by_index(0).to_python()
    damaged = {place for place, row in enumerate(cells, 1) if place > 1 and not _stands(str(row[9]))}
    reading = read(SAMPLE)
    assert len(reading.rows) == len(cells) - 1
    assert {problem.row for problem in reading.problems if problem.level == "error"} == damaged
    assert all(problem.column == "J" for problem in reading.problems)
    plan = plan_import(reading.rows, [], [], TODAY)
    assert plan.counts["households"]["added"] == len({row[6] for row in cells[1:]})
    assert (plan.rows_in, plan.rows_out) == (len(reading.rows) - len(damaged), len(damaged))


def _stands(text: str) -> bool:
    """GB 11643-1999 without the code judged."""
    if not re.fullmatch(r"\d{17}[\dX]", text):
        return False
    values = [int(char) if char != "X" else 10 for char in text]
    return sum(value * pow(2, 17 - place, 11) for place, value in enumerate(values)) % 11 == 1


PLAIN = [["陈守田", HEAD, "户主"], ["李秀兰", WIFE, "妻"], ["王建国", OTHER, "户主"]]
NUMBERED = [["1", *PLAIN[0]], ["", *PLAIN[1]], ["2", *PLAIN[2]]]
LAYOUTS: dict[str, tuple[list[list[str]], list[tuple[int, int, int, int]]]] = {
    "plain": ([["姓 名", "身份证号码", "与户主关系"], *PLAIN], []),
    "titles": ([["柳河村农户名单", "", ""], ["单位:柳河村", "", ""], ["姓名", "证件号码", "关系"], *PLAIN], []),
    "ends": (
        [["姓名", "身份证号", "与户主关系"], *PLAIN, ["", "", ""], ["合计", "3人", ""], ["填表人:某某", "", ""]],
        [],
    ),
    "repeated header": (
        [["姓名", "身份证号", "关系"], *PLAIN[:2], ["姓名", "身份证号", "关系"], PLAIN[2]],
        [],
    ),
    "two-row header": (
        [["户号", "家庭成员", "", ""], ["", "姓名", "身份证号", "与户主关系"], *NUMBERED],
        [(0, 1, 0, 3), (0, 0, 1, 0)],
    ),
    "merged households": ([["户编号", "姓名", "身份证号", "与户主关系"], *NUMBERED], [(1, 0, 2, 0)]),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts(name: str, tmp_path: Path) -> None:
    reading = read(workbook(tmp_path / "名单.xlsx", *LAYOUTS[name]))
    assert people(reading) == TRUTH
    assert reading.problems == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_separated_text(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes("\r\n".join(",".join(row) for row in LAYOUTS["plain"][0]).encode(encoding))
    assert people(read(path)) == TRUTH


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_is_no_part_of_the_first_heading(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    text = "\r\n".join(",".join(row) for row in [["姓名", "身份证号", "关系"], *PLAIN])
    path.write_bytes(f"\ufeff{text}".encode(encoding))
    reading = read(path)
    assert people(reading) == TRUTH and reading.tables[0].columns[0] == ("A", "姓名", "member.name")


def test_importing_again_plans_nothing_and_an_edit_updates(tmp_path: Path) -> None:
    first = plan_import(read(workbook(tmp_path / "a.xlsx", *LAYOUTS["plain"])).rows, [], [], TODAY)
    ids = {change.record: f"{place:032x}" for place, change in enumerate(first.changes)}
    homes = [Known(ids[c.record], c.values) for c in first.changes if c.kind == "household"]
    members = [
        Known(ids[c.record], {**c.values, "household": ids[str(c.values["household"])]})
        for c in first.changes
        if c.kind == "member"
    ]
    assert (len(homes), len(members)) == (2, 3)
    again = plan_import(read(tmp_path / "a.xlsx").rows, homes, members, TODAY)
    assert (again.changes, again.problems) == ((), ())
    edited = [["姓名", "身份证号", "关系", "民族"], *([*row, ""] for row in PLAIN)]
    edited[2][3] = "回族"
    change = plan_import(read(workbook(tmp_path / "b.xlsx", edited)).rows, homes, members, TODAY).changes
    assert [(c.record, dict(c.values)) for c in change] == [(members[1].id, {"ethnic": "03"})]
