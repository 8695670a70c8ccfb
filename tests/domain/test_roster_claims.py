"""A known household and a known person are claimed once by a file, whatever names it repeats (domain reference 1.8)."""

from __future__ import annotations

from datetime import date

from villagedesk.domain.roster import Known, RosterRow
from villagedesk.domain.roster_plan import plan_import

TODAY = date(2026, 11, 25)
HOME, HEAD_RECORD = "01" * 16, "02" * 16
NUMBERS = ("999901195602290013", "99990119680311001X", "99990119700101002X")


def head_row(row: int, household: str, id_no: str) -> RosterRow:
    member = {"name": "张三", "relation": "02", "id_no": id_no}
    return RosterRow("表", row, household, member, {"household_no": household})


def test_several_heads_of_one_name_claim_the_known_one_once() -> None:
    known_home = Known(HOME, {"household_no": "001"})
    known_head = Known(HEAD_RECORD, {"name": "张三", "relation": "02", "household": HOME, "id_no": None})
    rows = [head_row(2 + place, f"10{place}", number) for place, number in enumerate(NUMBERS)]
    plan = plan_import(rows, [known_home], [known_head], TODAY)
    records = [change.record for change in plan.changes]
    assert len(records) == len(set(records)), "one action writes a record once"
    assert plan.rows_in == 1 and plan.rows_out == 2
    assert [problem.code for problem in plan.problems if problem.level == "error"] == ["household_ambiguous"] * 2


def test_the_heads_phone_is_the_households_where_it_has_none() -> None:
    row = RosterRow("表", 2, "101", {"name": "李四", "relation": "02", "id_no": NUMBERS[0], "phone": "19900000001"})
    plan = plan_import([row], [], [], TODAY)
    home = next(change for change in plan.changes if change.kind == "household")
    assert home.values["phone"] == "19900000001"
    known_home = Known(HOME, {"phone": "19900000009"})
    known_head = Known(HEAD_RECORD, {"name": "李四", "relation": "02", "household": HOME, "id_no": NUMBERS[0]})
    again = plan_import([row], [known_home], [known_head], TODAY)
    assert [change.kind for change in again.changes] == ["member"], "a phone that is known already stays"
