"""A department's list of last year beside what the village knows by now."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.excel.sheets import workbook
from tests.services.test_roster import HEAD, WIFE, desk, take_in
from villagedesk.services import households
from villagedesk.services.desks import Desk
from villagedesk.services.households import Edit
from villagedesk.storage import households as stored

__all__ = ["desk"]


@pytest.mark.parametrize(
    "rows",
    [
        [["户主姓名", "姓名", "关系"], ["甲一", "甲二", "妻"], ["甲一", "甲三", "子"]],
        [["姓名", "关系"], ["甲一", "户主"], ["甲二", "妻"], ["甲三", "子"]],
        [["户号", "姓名", "关系"], ["1", "甲一", "户主"], ["1", "甲二", "妻"], ["1", "甲三", "子"]],
        [["姓名", "关系", "身份证号"], ["甲一", "户主", HEAD], ["甲二", "妻", WIFE], ["甲三", "子", ""]],
        [["户主姓名", "户主身份证号", "姓名", "关系"], ["甲一", HEAD, "甲二", "妻"], ["甲一", HEAD, "甲三", "子"]],
    ],
)
def test_an_old_list_brings_nobody_back_who_died(desk: Desk, tmp_path: Path, rows: list[list[str]]) -> None:
    """The widow followed as head; the department's list is last year's."""
    path = workbook(tmp_path / "a.xlsx", {"名单": rows})
    take_in(desk, path)
    ids = {entry.values["name"]: entry.id for entry in stored.records(desk.store, "member")}
    left = {"valid_to": "2026-06-01", "reason_out": "1"}
    households.save(desk, [Edit("member", ids["甲一"], left), Edit("member", ids["甲二"], {"relation": "02"})])
    seen, operations = take_in(desk, path)
    assert operations == 0 and "person_has_left" in {problem.code for problem in seen.problems}
    assert {entry.values["name"]: entry.values["relation"] for entry in stored.records(desk.store, "member")} == {
        "甲一": "02",
        "甲二": "02",
        "甲三": "20",
    }
