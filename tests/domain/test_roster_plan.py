"""What importing rows would change: who is matched with whom, what stays out, what is never erased."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from villagedesk.domain.fields import Value
from villagedesk.domain.idnumber import check_character
from villagedesk.domain.roster import ERROR, CellProblem, Known, RosterPlan, RosterRow, group_number
from villagedesk.domain.roster_plan import plan_import
from villagedesk.domain.roster_village import own_rows

TODAY = date(2026, 11, 23)
LETTERS = {"name": "A", "id_no": "B", "relation": "C", "phone": "D", "sex": "E"}
AT_07: Mapping[str, Value] = {"household_no": "07"}


def number(born: str, sequence: int) -> str:
    digits = f"999901{born}{sequence:03d}"
    return digits + check_character(digits)


A, B, C = number("19630412", 11), number("19640203", 22), number("19900101", 33)


def row(
    line: int,
    name: str,
    relation: str | None = "02",
    id_no: str | None = None,
    key: str | None = "k",
    member: Mapping[str, Value] | None = None,
    household: Mapping[str, Value] | None = None,
    **more: object,
) -> RosterRow:
    values = {"name": name, "relation": relation, "id_no": id_no, **(member or {})}
    given = {field: value for field, value in values.items() if value is not None}
    return RosterRow("名单", line, key, given, household or {}, letters=LETTERS, **more)  # type: ignore[arg-type]


def home(place: int, **values: Value) -> Known:
    return Known(f"{place:032x}", values)


def person(place: int, household: int, name: str, relation: str, id_no: str | None = None, **values: Value) -> Known:
    fields = {"household": f"{household:032x}", "name": name, "relation": relation, "id_no": id_no, **values}
    return Known(f"{place:032x}", {field: value for field, value in fields.items() if value is not None})


CHEN = [home(1, household_no="07")], [person(2, 1, "陈守田", "02", A), person(3, 1, "李秀兰", "12", B)]


def plan(rows: list[RosterRow], known: tuple[list[Known], list[Known]] = ([], []), **more: object) -> RosterPlan:
    return plan_import(rows, *known, TODAY, **more)  # type: ignore[arg-type]


def codes(made: RosterPlan) -> list[tuple[str, str]]:
    return [(f"{problem.column}{problem.row}", problem.code) for problem in made.problems]


def written(made: RosterPlan) -> list[tuple[str, str, dict[str, Value]]]:
    return [(change.kind, change.record[-2:], dict(change.values)) for change in made.changes]


def test_new_people_of_two_households() -> None:
    made = plan([row(2, "陈守田", id_no=A), row(3, "李秀兰", "12", B), row(4, "王建国", id_no=C, key="l")])
    assert made.counts["households"]["added"] == 2 and made.counts["members"]["added"] == 3
    assert [change.kind for change in made.changes] == ["household"] * 2 + ["member"] * 3
    homes = [change.record for change in made.changes[:2]]
    assert [change.values["household"] for change in made.changes[2:]] == [homes[0], homes[0], homes[1]]
    assert made.rows_in == 3 and made.rows_out == 0 and not made.problems


def test_the_same_again_changes_nothing_and_an_edit_only_what_differs() -> None:
    rows = [row(2, "陈守田", id_no=A, household=AT_07), row(3, "李秀兰", "12", B)]
    assert plan(rows, CHEN).changes == () and plan(rows, CHEN).counts["members"]["unchanged"] == 2
    edited = [rows[0], row(3, "李秀兰", "12", B, member={"ethnic": "03"})]
    assert written(plan(edited, CHEN)) == [("member", "03", {"ethnic": "03"})]


def test_new_people_keep_the_order_of_the_file() -> None:
    made = plan([row(2, "甲", id_no=A), row(3, "乙", "12", B), row(4, "丙", "20", C, member={"seq": 9})])
    assert [change.values["seq"] for change in made.changes if change.kind == "member"] == [1, 2, 9]
    known = CHEN[0], [person(2, 1, "陈守田", "02", A, seq=5), person(3, 1, "李秀兰", "12", B)]
    later = plan([row(2, "陈守田", id_no=A), row(3, "陈宝", "20", C)], known)
    assert written(later)[0][2]["seq"] == 6


def test_blank_cells_erase_nothing() -> None:
    known = CHEN[0], [person(2, 1, "陈守田", "02", A, phone="13900000001")]
    assert plan([row(2, "陈守田", None, A)], known).changes == ()


@pytest.mark.parametrize("given", [None, A])
def test_a_head_without_a_number_is_found_by_name(given: str | None) -> None:
    """No household number and no ID number: the second import of the same list must not double the household."""
    known = [home(1)], [person(2, 1, "陈守田", "02", id_missing_reason="未办"), person(3, 1, "李秀兰", "12")]
    made = plan([row(2, "陈守田", id_no=given), row(3, "李秀兰", "12")], known)
    assert made.counts["households"]["added"] == 0 and made.counts["members"]["added"] == 0
    changed = [] if given is None else [("member", "02", {"id_no": A, "id_missing_reason": None})]
    assert written(made) == changed


def test_another_head_of_that_name_is_another_household() -> None:
    known = [home(1)], [person(2, 1, "陈守田", "02", A), person(3, 1, "李秀兰", "12", B)]
    assert plan([row(2, "陈守田", id_no=C)], known).counts["households"]["added"] == 1
    assert plan([row(2, "陈守田"), row(3, "孙丽", "12")], known).counts["households"]["added"] == 1


def test_two_heads_of_one_name_cannot_be_told_apart() -> None:
    known = [home(1), home(9)], [person(2, 1, "陈守田", "02"), person(3, 9, "陈守田", "02")]
    made = plan([row(2, "陈守田")], known)
    assert codes(made) == [("A2", "household_ambiguous")] and not made.changes and made.rows_out == 1


def test_a_number_of_another_list_does_not_mix_two_households() -> None:
    """The department counts 07 too: another head and nobody of ours, so the number is not used."""
    made = plan([row(2, "王建国", id_no=C, household=AT_07)], CHEN)
    assert codes(made) == [("2", "household_no_taken")]
    assert written(made)[0] == ("household", ":1", {})
    newborn = plan([row(2, "陈小宝", "20", C, household=AT_07)], CHEN)
    assert codes(newborn) == [] and newborn.counts["households"]["added"] == 0


def test_the_record_that_our_export_named_decides() -> None:
    """Name and number may both be edited, one at a time; a row typed over with somebody else is somebody else."""
    known = [home(1)], [person(2, 1, "陈守田", "02", A), person(3, 1, "李秀兰", "12")]
    own = {"record": f"{3:032x}", "home_record": f"{1:032x}"}
    assert written(plan([row(2, "李秀英", "12", **own)], known)) == [("member", "03", {"name": "李秀英"})]
    assert written(plan([row(2, "李秀兰", "12", B, **own)], known)) == [("member", "03", {"id_no": B})]
    over = {"record": f"{2:032x}", "home_record": f"{1:032x}"}
    assert plan([row(2, "孙丽", "30", C, **over)], known).counts["members"] == {
        "added": 1,
        "updated": 0,
        "unchanged": 0,
    }


def test_starred_values_are_compared_and_never_taken() -> None:
    known = CHEN[0], [person(2, 1, "陈守田", "02", A, phone="13900000001"), person(3, 1, "李秀兰", "12", B)]
    stars = {"id_no": f"{A[:3]}***********{A[-4:]}", "phone": "139****0001"}
    assert plan([row(2, "陈守田", masked=stars, member={"sex": "1"}, household=AT_07)], known).changes == ()
    wrong = plan([row(2, "陈守田", masked={"phone": "139****0002"}, household=AT_07)], known)
    assert codes(wrong) == [("D2", "masked_differs")] and wrong.changes == ()
    unknown = plan([row(2, "李秀兰", "12", masked={"phone": "139****0002"}, household=AT_07)], known)
    assert codes(unknown) == [("D2", "phone_masked")]
    sex = plan([row(2, "陈守田", masked=stars, member={"sex": "2"}, household=AT_07)], known)
    assert codes(sex) == [("E2", "sex_differs_from_id")] and sex.changes == ()


def test_a_name_with_a_hole_stays_out_but_still_says_whose_household_it_is() -> None:
    """The head's row is refused; his wife, known without a number, is found in his household all the same."""
    known = [home(1, household_no="07")], [person(2, 1, "陈守田", "02"), person(3, 1, "李秀兰", "12")]
    holed = CellProblem("名单", 2, "A", "name_masked", ERROR)
    head = row(2, "", masked={"name": "陈*田"}, household=AT_07, problems=(holed,))
    wife = row(3, "李秀兰", "12", member={"ethnic": "03"}, household=AT_07)
    made = plan([head, wife], known)
    assert written(made) == [("member", "03", {"ethnic": "03"})]
    assert (made.rows_in, made.rows_out) == (1, 1)


def test_a_sheet_without_numbers_is_not_told_so_at_every_person() -> None:
    letters = {name: letter for name, letter in LETTERS.items() if name != "id_no"}
    made = plan([row(2, "陈守田")._replace(letters=letters)], missing_reason="没有号码")
    assert codes(made) == [] and written(made)[-1][2]["id_missing_reason"] == "没有号码"


def test_new_people_with_starred_numbers_stay_out() -> None:
    made = plan([row(2, "孙丽", masked={"id_no": "999***********0012"})])
    assert codes(made) == [("B2", "id_masked")] and made.counts["households"]["added"] == 0


def test_what_a_row_with_an_error_says_of_the_household_is_kept() -> None:
    bad = CellProblem("名单", 2, "B", "id_checksum", ERROR)
    rows = [row(2, "陈守田", household={"phone": "13900000001"}, problems=(bad,)), row(3, "李秀兰", "12", B)]
    made = plan(rows)
    assert written(made)[0][2] == {"phone": "13900000001"}
    assert made.rows_out == 1 and codes(made) == [("C3", "household_head_waits")]


def test_a_head_whose_row_stays_out_is_named_by_its_row() -> None:
    """Refused when read, or only by the plan; where nobody is head that is said as before."""
    bad = CellProblem("名单", 2, "B", "id_checksum", ERROR)
    for head in (row(2, "陈守田", problems=(bad,)), row(2, "陈守田", masked={"id_no": "999***********0012"})):
        made = plan([head, row(3, "李秀兰", "12", B), row(4, "陈宝", "20", C)])
        waits = [(p.row, p.column, p.level, p.params) for p in made.problems if p.code == "household_head_waits"]
        assert waits == [(3, "C", "warning", {"row": 2})] and made.rows_in == 2
    assert codes(plan([row(3, "李秀兰", "12", B)])) == [("C3", "household_no_head")]


def test_the_same_number_twice_in_the_file() -> None:
    made = plan([row(2, "陈守田", id_no=A), row(9, "陈守天", id_no=A, key="l")])
    assert codes(made) == [("B9", "id_twice_in_file")]
    assert made.problems[0].params == {"sheet": "名单", "row": 2}


def test_people_elsewhere_and_people_who_left_stay_out() -> None:
    known = [home(1), home(9, household_no="9")], [*CHEN[1], person(4, 9, "孙丽", "02", C)]
    assert codes(plan([row(2, "陈守田", id_no=A), row(3, "孙丽", "30", C)], known)) == [
        ("B3", "person_in_other_household")
    ]
    gone = CHEN[0], [person(2, 1, "陈守田", "02", A, valid_to="2026-01-01"), person(3, 1, "李秀兰", "02", B)]
    assert codes(plan([row(2, "陈守田", None, A, household=AT_07)], gone)) == [("A2", "person_has_left")]
    later = CHEN[0], [person(2, 1, "陈守田", "02", A, valid_to="2026-12-31")]
    assert plan([row(2, "陈守田", id_no=A)], later).problems == ()


def test_who_left_and_is_listed_as_known_is_unchanged() -> None:
    """An edited export of our own lists them too (domain reference 3.1: changes are recorded, not overwritten)."""
    gone: dict[str, Value] = {"valid_to": "2026-01-01", "reason_out": "1"}
    known = CHEN[0], [*CHEN[1], person(4, 1, "陈小宝", "20", C, **gone)]
    stars = {"id_no": f"{C[:3]}***********{C[-4:]}"}
    record = {"record": f"{4:032x}", "home_record": f"{1:032x}"}
    rows = [row(2, "陈守田", id_no=A, household=AT_07), row(3, "李秀兰", "12", B, household=AT_07)]
    for listed in (
        row(4, "陈小宝", "20", C, member=gone, household=AT_07),
        row(4, "陈小宝", "20", member={**gone, "sex": "1"}, household=AT_07, masked=stars, **record),
    ):
        made = plan([*rows, listed], known)
        assert codes(made) == [] and made.changes == ()
        assert made.counts["members"] == {"added": 0, "updated": 0, "unchanged": 3} and made.rows_out == 0
        alone = plan([listed], known)
        assert codes(alone) == [] and alone.counts["members"]["unchanged"] == 1
    for edited in ({"valid_to": "2026-01-02", "reason_out": "1"}, {**gone, "reason_out": "2"}, {"reason_out": "1"}):
        made = plan([*rows, row(4, "陈小宝", "20", C, member=edited, household=AT_07)], known)
        assert codes(made) == [("A4", "person_has_left")] and made.rows_out == 1


def test_one_head_a_household() -> None:
    made = plan([row(2, "陈守田", id_no=A), row(3, "李秀兰", "02", B)])
    assert codes(made) == [("C3", "two_heads_in_file")] and made.rows_in == 1
    other = plan([row(2, "孙丽", "02", C, household=AT_07), row(3, "李秀兰", "12", B)], CHEN)
    assert codes(other) == [("C2", "two_heads_in_file")]
    changed = plan([row(2, "陈守田", "51", A), row(3, "李秀兰", "02", B)], CHEN)
    assert codes(changed) == [] and len(changed.changes) == 2


def test_new_people_need_a_relation_and_numbers_may_miss() -> None:
    made = plan([row(2, "陈守田", id_no=A), row(3, "李秀兰", None, B), row(4, "陈宝", "20")], missing_reason="没有号码")
    assert codes(made) == [("C3", "relation_missing"), ("B4", "id_missing")]
    assert written(made)[-1][2]["id_missing_reason"] == "没有号码"


def test_two_people_of_one_name_in_a_household() -> None:
    known = CHEN[0], [person(2, 1, "陈守田", "02", A), person(3, 1, "陈宝", "20"), person(4, 1, "陈宝", "20")]
    rows = [row(2, "陈守田", id_no=A), row(3, "陈宝", "20")]
    assert codes(plan(rows, known)) == [("A3", "name_ambiguous")]
    told = CHEN[0], [person(2, 1, "陈守田", "02", A), person(3, 1, "陈宝", "20"), person(4, 1, "陈宝", "41")]
    assert plan([rows[0], row(3, "陈宝", "41", member={"ethnic": "01"})], told).changes[0].record[-2:] == "04"


def test_lists_of_persons_without_households() -> None:
    made = plan([row(2, "陈守田", None, A, None, {"low_income": True}), row(3, "孙丽", None, C, None)], CHEN)
    assert codes(made) == [("A3", "roster_household_unknown")]
    assert written(made) == [("member", "02", {"low_income": True})]
    stars = row(2, "李秀兰", None, None, None, {"low_income": True}, masked={"id_no": f"{B[:3]}{'*' * 11}{B[-4:]}"})
    assert written(plan([stars], CHEN)) == [("member", "03", {"low_income": True})]


def test_household_values_that_differ_are_said_at_their_cell() -> None:
    letters = {**LETTERS, "household.phone": "Q"}
    rows = [
        row(2, "陈守田", id_no=A, household={"phone": "1"})._replace(letters=letters),
        row(3, "李秀兰", "12", B, household={"phone": "2"})._replace(letters=letters),
    ]
    made = plan(rows)
    assert codes(made) == [("Q3", "household_values_differ")] and written(made)[0][2] == {"phone": "1"}


def test_places_are_found_by_number_code_or_name_and_new_ones_are_said_once() -> None:
    places = {
        "villager_group": [Known("a" * 32, {"name": "三组", "number": 3})],
        "grid": [Known("b" * 32, {"name": "第一网格", "code": "001"}), Known("c" * 32, {"name": "第二网格"})],
        "micro_grid": [
            Known("d" * 32, {"name": "01", "grid": "b" * 32}),
            Known("e" * 32, {"name": "01", "grid": "c" * 32}),
            Known("f" * 32, {"name": "02", "grid": "c" * 32}),
        ],
    }

    def named(line: int, name: str, **texts: str) -> RosterRow:
        return row(line, name, key=str(line))._replace(places=texts)

    rows = [
        named(2, "甲", villager_group="第3村民小组", grid="001", micro_grid="01"),
        named(3, "乙", grid="第 二网格", micro_grid="01"),
        named(4, "丙", micro_grid="02"),
        named(5, "丁", micro_grid="01"),
        named(6, "戊", villager_group="柳河", grid="第三网格", micro_grid="03"),
        named(7, "己", villager_group="柳 河"),
    ]
    made = plan(rows, existing_places=places)
    homes = [dict(change.values) for change in made.changes if change.kind == "household"]
    assert homes[0] == {"villager_group": "a" * 32, "grid": "b" * 32, "micro_grid": "d" * 32}
    assert homes[1]["micro_grid"] == "e" * 32 and homes[2]["micro_grid"] == "f" * 32 and homes[3] == {}
    assert homes[5]["villager_group"] == homes[4]["villager_group"]
    assert [(place.kind, place.text) for place in made.places] == [
        ("villager_group", "柳河"),
        ("grid", "第三网格"),
        ("micro_grid", "03"),
    ]
    assert made.places[2].grid == made.places[1].key
    remarks = [problem for problem in made.problems if problem.code in ("place_new", "micro_grid_without_grid")]
    assert [(problem.row, problem.params["place"]) for problem in remarks] == [
        (5, "01"),
        (6, "柳河"),
        (6, "第三网格"),
        (6, "03"),
    ]


def test_the_grid_of_a_new_micro_grid_is_made_with_it() -> None:
    """The household keeps the grid named first; the micro-grid named below lies in another new one."""
    rows = [row(2, "甲", places={"grid": "甲网格"}), row(3, "乙", "12", places={"grid": "乙网格", "micro_grid": "01"})]
    made = plan(rows)
    assert [place.text for place in made.places] == ["甲网格", "乙网格", "01"]
    assert ("2", "household_values_differ") not in codes(made) and ("3", "household_values_differ") in codes(made)


@pytest.mark.parametrize(
    ("villages", "kept", "said"),
    [
        (["柳湾村", "柳湾村委会", ""], [0, 1, 2], []),
        (["柳湾村", "东岭村", ""], [0, 2], ["other_village"]),
        (["东岭村", "东岭村", ""], [0, 1, 2], ["village_differs"]),
        (["", "", ""], [0, 1, 2], []),
    ],
)
def test_rows_of_other_villages(villages: list[str], kept: list[int], said: list[str]) -> None:
    rows = [row(line, "某某")._replace(places={"village": text} if text else {}) for line, text in enumerate(villages)]
    own, problems = own_rows(rows, "柳湾村")
    assert [entry.row for entry in own] == kept and [problem.code for problem in problems] == said


@pytest.mark.parametrize(
    ("text", "found"),
    [("3组", 3), ("第三村民小组", 3), ("十二社", 12), ("二十组", 20), ("二十一队", 21), ("十组", 10), ("柳河", None)],
)
def test_group_numbers(text: str, found: int | None) -> None:
    assert group_number(text) == found
