"""The village in numbers against counts made by hand; nobody's name or number stands in the workbook."""

from __future__ import annotations

from pathlib import Path

import pandas
import pytest

from villagedesk.errors import DeskError
from villagedesk.excel.summary import age_group
from villagedesk.progress import Progress
from villagedesk.services import households
from villagedesk.services.desks import Desk
from villagedesk.services.households import Edit
from villagedesk.services.summary import write_numbers


def add(desk: Desk, kind: str, people: list[tuple[str, str, str]]) -> None:
    edits = [Edit("household", None, {"household_type": kind})]
    for name, id_no, work in people:
        edits.append(Edit("member", None, {"household": "", "name": name, "id_no": id_no, "work_status": work}))
    households.save(desk, edits)


def sheet(path: Path, name: str) -> dict[str, dict[str, int]]:
    """Row label → column → count."""
    table = pandas.read_excel(path, sheet_name=name, engine="calamine", dtype=object)
    return {
        str(row[table.columns[0]]): {str(column): row[column] for column in table.columns[1:]}
        for _, row in table.iterrows()
    }


def test_counts(village: Desk, tmp_path: Path) -> None:
    add(village, "1", [("张建国", "999901195602290013", "1"), ("孙丽娟", "999901198611020027", "5")])
    add(village, "3", [("仇和", "999901200002290021", "4")])
    target = tmp_path / "统计.xlsx"
    done = write_numbers(village, target, Progress())
    assert (done.households, done.people) == (2, 3)
    by_grid = sheet(target, "按网格")
    assert by_grid["柳湾村"] == {"网格": "未填", "户数": 2, "人数": 3, "外出": 2, "男": 1, "女": 2, "60岁以上": 1}
    assert by_grid["合计"]["人数"] == 3
    assert sheet(target, "户类型")["监测对象"] == {"户数": 1, "人数": 1}
    ages = sheet(target, "年龄和性别")
    assert ages["18–59岁"]["人数"] == 2 and ages["60–79岁"]["男"] == 1
    everything = "".join(map(str, pandas.read_excel(target, sheet_name=None, engine="calamine").values()))
    assert "张建国" not in everything and "999901" not in everything


def test_nobody_to_count_is_said(village: Desk, tmp_path: Path) -> None:
    with pytest.raises(DeskError, match="roster_nothing_to_export"):
        write_numbers(village, tmp_path / "x.xlsx", Progress())


GROUPS = {0: "0–5岁", 15: "6–15岁", 17: "16–17岁", 59: "18–59岁", 60: "60–79岁", 101: "80岁以上", None: "未填"}


@pytest.mark.parametrize(("age", "name"), list(GROUPS.items()))
def test_age_groups(age: int | None, name: str) -> None:
    assert age_group(age) == name
