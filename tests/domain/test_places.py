"""Rules over places and responsibilities (domain reference 1.3 and 2)."""

from __future__ import annotations

from typing import Any

import pytest

from villagedesk.domain.codes import code_list
from villagedesk.domain.fields import RecordKind
from villagedesk.domain.places import (
    TARGETS,
    Known,
    check_place,
    check_responsibility,
    next_grid_code,
    next_group_number,
    next_micro_grid_code,
)
from villagedesk.domain.records.place import GRID, MICRO_GRID, VILLAGER_GROUP, Grid, MicroGrid, VillagerGroup
from villagedesk.domain.records.responsibility import Responsibility
from villagedesk.errors import Doubt

VILLAGE = "999901100201"
HOME = Known("grid", b"\1" * 16, Grid(code=VILLAGE + "001", name="第一网格"))
MICRO = Known("micro_grid", b"\2" * 16, MicroGrid(grid=HOME.id.hex(), code=VILLAGE + "00101", name="一号"))
GROUP = Known("villager_group", b"\3" * 16, VillagerGroup(number=1, name="一组"))
KNOWN = [HOME, MICRO, GROUP]


@pytest.mark.parametrize(
    ("codes", "wanted"),
    [
        ([], "001"),
        (["001", "007", None, "", "x"], "008"),
        (["0011", "01", "abc", "00a"], "001"),
        (["999"], "001"),
        (["001", "002", "999"], "003"),
        ([f"{number:03d}" for number in range(1, 1000)], ""),
    ],
)
def test_next_grid_code(codes: list[str | None], wanted: str) -> None:
    used = [code if not code else VILLAGE + code for code in codes]
    assert next_grid_code(VILLAGE, used) == (VILLAGE + wanted if wanted else "")


def test_no_code_is_proposed_without_a_village_or_grid_code() -> None:
    assert next_grid_code("", []) == next_grid_code("9999", []) == next_grid_code("99990110020x", []) == ""
    assert next_micro_grid_code("", []) == ""
    assert next_micro_grid_code("G7", ["G705", "G8", "G7x1"]) == "G706"
    assert next_group_number([]) == 1 and next_group_number([3, None, 1]) == 4


def found(kind: RecordKind, record: Any, own: bytes = b"") -> list[tuple[str, str, bool]]:
    return [(each.field, each.code, isinstance(each, Doubt)) for each in check_place(kind, own, record, KNOWN)]


@pytest.mark.parametrize(
    ("kind", "record", "wanted"),
    [
        (GRID, Grid(code=VILLAGE + "002", name="第二网格"), []),
        (GRID, Grid(), [("code", "required", False), ("name", "required", False)]),
        (GRID, Grid(code="", name=""), [("code", "required", False), ("name", "required", False)]),
        (GRID, Grid(code=VILLAGE + "001", name="第三网格"), [("code", "place_code_twice", False)]),
        (GRID, Grid(code=VILLAGE + "00101", name="第三网格"), [("code", "place_code_twice", False)]),
        (GRID, Grid(code="A-7", name="第一网格"), [("name", "place_name_twice", True)]),
        (GRID, Grid(code="网格 1", name="甲"), [("code", "place_code_characters", False)]),
        (
            GRID,
            Grid(code="G1", name="甲", valid_from="2026-02-01", valid_to="2026-01-31"),
            [("valid_to", "place_dates_reversed", False)],
        ),
        (GRID, Grid(code="G1", name="甲", valid_from="2026-02-01", valid_to="2026-02-01"), []),
        (MICRO_GRID, MicroGrid(grid=HOME.id.hex(), code=VILLAGE + "00102", name="二号"), []),
        (MICRO_GRID, MicroGrid(grid=HOME.id.hex(), code=VILLAGE + "00102", name="第一网格"), []),
        (MICRO_GRID, MicroGrid(code="1", name="二号"), [("grid", "required", False)]),
        (MICRO_GRID, MicroGrid(grid="77" * 16, code="1", name="二号"), [("grid", "ref_unknown", False)]),
        (MICRO_GRID, MicroGrid(grid=MICRO.id.hex(), code="1", name="二号"), [("grid", "ref_unknown", False)]),
        (
            MICRO_GRID,
            MicroGrid(grid=HOME.id.hex(), code="X1", name="二号"),
            [("code", "micro_grid_code_elsewhere", True)],
        ),
        (VILLAGER_GROUP, VillagerGroup(number=2, name="二组"), []),
        (VILLAGER_GROUP, VillagerGroup(number=1, name="东头"), [("number", "group_number_twice", False)]),
        (VILLAGER_GROUP, VillagerGroup(number=5, name="一组"), [("name", "place_name_twice", True)]),
        (VILLAGER_GROUP, VillagerGroup(name=None), [("name", "required", False)]),
    ],
)
def test_places(kind: RecordKind, record: Any, wanted: list[tuple[str, str, bool]]) -> None:
    assert found(kind, record) == wanted


def test_a_place_does_not_collide_with_itself() -> None:
    assert found(GRID, HOME.record, HOME.id) == found(MICRO_GRID, MICRO.record, MICRO.id) == []
    assert found(VILLAGER_GROUP, GROUP.record, GROUP.id) == []


TODAY = "2026-05-01"
CHIEF = Responsibility(person_name="李会英", role="grid_chief", target_kind="grid", target="01" * 16)


def rivals(record: Responsibility, *known: Responsibility, there: bool = True) -> list[tuple[str, str, bool]]:
    entries = [Known("responsibility", bytes([place + 1]), each) for place, each in enumerate(known)]
    result = check_responsibility(b"", record, entries, there, TODAY)
    return [(each.field, each.code, isinstance(each, Doubt)) for each in result]


def make(**changed: str | None) -> Responsibility:
    own = {name: getattr(CHIEF, name) for name in ("person_name", "role", "target_kind", "target")}
    return Responsibility(**{**own, **changed})  # type: ignore[arg-type]


def test_responsibilities() -> None:
    assert rivals(CHIEF) == []
    assert rivals(CHIEF, there=False) == [("target", "ref_unknown", False)]
    assert rivals(make(target=None)) == rivals(make(target_kind=None)) == [("target", "required", False)]
    assert rivals(make(person_name=None, role=None)) == [
        ("person_name", "required", False),
        ("role", "required", False),
    ]
    assert rivals(make(target_kind="household")) == [("role", "role_not_here", False)]
    assert rivals(make(role="of_a_newer_version", target_kind="household")) == []
    reversed_dates = make(valid_from="2026-06-02", valid_to="2026-06-01")
    assert rivals(reversed_dates) == [("valid_to", "place_dates_reversed", False)]


def test_two_people_for_what_one_does() -> None:
    other = make(person_name="王二")
    assert rivals(CHIEF, CHIEF) == [("person_name", "responsibility_twice", False)]
    assert rivals(other, CHIEF) == [("person_name", "role_held_already", True)]
    assert rivals(make(role="full_time_grid_worker", person_name="王二"), make(role="full_time_grid_worker")) == []
    assert rivals(other, make(valid_to=TODAY)) == [], "ended today"
    assert rivals(other, make(valid_to="2026-05-02")) == [("person_name", "role_held_already", True)]
    assert rivals(other, make(valid_from="2026-06-01")) == [], "begins later"
    assert rivals(make(person_name="王二", valid_from="2026-06-01"), make(valid_to="2026-06-01")) == [], "follows it"
    assert rivals(make(valid_to=TODAY), CHIEF) == [], "history may repeat"
    assert rivals(make(person_name="王二", target="02" * 16), CHIEF) == [], "another grid"


def test_every_role_says_where_it_stands() -> None:
    assert set(TARGETS) == {entry.code for entry in code_list("role").codes}
