"""Rules over a household: one clean household, and one departure at a time."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import pytest

from villagedesk.domain.household_rules import check_household
from villagedesk.domain.idnumber import check_character
from villagedesk.domain.records.household import Household
from villagedesk.domain.records.member import Member
from villagedesk.errors import Doubt, Problem
from villagedesk.sentences import LANGUAGES, sentence

TODAY = date(2026, 11, 23)


def number(born: str, sequence: int) -> str:
    digits = f"999901{born}{sequence:03d}"
    return digits + check_character(digits)


HEAD = Member(name="陈守田", id_no=number("19630412", 11), relation="02")
WIFE = Member(name="李秀兰", id_no=number("19640203", 22), relation="12")
SON = Member(name="陈志强", id_no=number("19880912", 33), relation="20")
WIFE_OF_SON = Member(name="孙丽娟", id_no=number("19890612", 44), relation="38")
GRANDSON = Member(name="陈思源", id_no=number("20120101", 55), relation="41")
FAMILY = [HEAD, WIFE, SON, WIFE_OF_SON, GRANDSON]


def found(members: list[Member], **household: Any) -> list[tuple[str, str, Any]]:
    findings = check_household(Household(**household), members, TODAY)
    for finding in findings:
        for language in LANGUAGES:
            words = sentence(finding.code, finding.params, language)
            assert words != finding.code, finding.code
            assert "{" not in words
    return [(finding.field, finding.code, finding.params.get("index")) for finding in findings]


def changed(place: int, **values: Any) -> list[Member]:
    return [dataclasses.replace(m, **values) if index == place else m for index, m in enumerate(FAMILY)]


def test_a_plain_family_has_no_findings() -> None:
    assert found(FAMILY, farmland=500, paddy=200, dry_land=300, leased_out=500) == []


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (changed(1, name=None), [("name", "required", 1)]),
        (changed(2, relation=None), [("relation", "required", 2)]),
        (FAMILY[1:], [("relation", "no_head", None)]),
        ([], [("relation", "no_head", None)]),
        (changed(2, relation="02"), [("relation", "two_heads", 2)]),
        (changed(0, sex="2"), [("sex", "sex_differs_from_id", 0)]),
        (changed(0, birth_date="1963-04-13"), [("birth_date", "birth_differs_from_id", 0)]),
        (changed(4, id_no=None), [("id_no", "id_missing_reason_needed", 4)]),
        (
            changed(4, id_no=None, birth_date="2026-12-01", id_missing_reason="新生儿"),
            [("birth_date", "birth_future", 4)],
        ),
        (
            changed(2, valid_from="2020-01-01", valid_to="2019-01-01", reason_out="2"),
            [("valid_to", "membership_reversed", 2)],
        ),
        (changed(1, disability_cert="123"), [("disability_cert", "certificate_unreadable", 1)]),
    ],
)
def test_problems(members: list[Member], expected: list[tuple[str, str, int | None]]) -> None:
    assert found(members) == expected
    assert all(isinstance(finding, Problem) for finding in check_household(Household(), members, TODAY))


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (changed(4, id_missing_reason="新生儿"), [("id_missing_reason", "id_missing_reason_needless", 4)]),
        (changed(4, name="陈志强"), [("name", "name_twice", 2), ("name", "name_twice", 4)]),
        (changed(2, relation="30"), [("relation", "relation_sex", 2)]),
        (changed(1, relation="01"), [("relation", "relation_self", 1)]),
        (changed(3, relation="10"), [("relation", "two_spouses", 3)]),
        (changed(1, id_no=number("19640203", 21), relation="10"), [("relation", "spouse_same_sex", 1)]),
        (changed(2, id_no=number("19760912", 33)), [("relation", "generation_gap", 2)]),
        (changed(4, id_no=number("20010101", 55)), [("relation", "generation_gap", 4)]),
        (changed(3, relation="52"), [("relation", "generation_gap", 3)]),
        (changed(2, valid_to="2020-01-01"), [("reason_out", "reason_out_missing", 2)]),
        (changed(2, valid_from="1980-01-01"), [("valid_from", "joined_before_birth", 2)]),
        (
            changed(1, disability_cert=number("19630412", 11) + "42"),
            [("disability_cert", "certificate_other_person", 1)],
        ),
        (
            [dataclasses.replace(m, valid_to="2020-01-01", reason_out="1") for m in FAMILY],
            [("", "household_empty", None)],
        ),
    ],
)
def test_doubts(members: list[Member], expected: list[tuple[str, str, int | None]]) -> None:
    assert found(members) == expected
    assert all(isinstance(finding, Doubt) for finding in check_household(Household(), members, TODAY))


def test_the_same_number_twice() -> None:
    members = [*FAMILY, dataclasses.replace(GRANDSON, name="陈思远")]
    assert found(members) == [("id_no", "id_twice_in_household", 5)]
    members[5] = dataclasses.replace(members[5], id_shared_reason="重号,派出所已证明")
    assert found(members) == []


@pytest.mark.parametrize(
    ("household", "expected"),
    [
        ({"farmland": 500, "paddy": 200, "dry_land": 200}, "land_sum"),
        ({"farmland": 500, "paddy": 600}, "land_sum"),
        ({"farmland": 500, "leased_out": 501}, "leased_out_too_much"),
        ({"wage_income": 100, "business_cost": 200, "income_year": 2025}, "income_negative"),
        ({"wage_income": 100}, "income_year_missing"),
        ({"cause_main": "illness", "cause_others": ["illness"]}, "cause_twice"),
        ({"house_built": 2027}, "year_future"),
        ({"collected_on": "2026-11-24"}, "collected_future"),
    ],
)
def test_household_fields(household: dict[str, Any], expected: str) -> None:
    assert [code for _, code, _ in found(FAMILY, **household)] == [expected]


def test_step_children_may_be_any_age_and_problems_come_first() -> None:
    assert found(changed(2, id_no=number("19600912", 33), relation="27")) == []
    findings = check_household(Household(), changed(2, relation="30", sex="2"), TODAY)
    assert [type(finding) for finding in findings] == [Problem, Doubt]
