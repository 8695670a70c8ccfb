"""One dispatch for every reader: round trips of every declared field, and the spellings of codes and flags."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from villagedesk.domain.catalogue import KINDS
from villagedesk.domain.codes import code_list
from villagedesk.domain.fields import Field, Type, Value
from villagedesk.domain.idnumber import check_character
from villagedesk.domain.records.household import HOUSEHOLD
from villagedesk.domain.records.member import MEMBER
from villagedesk.domain.values import clean_text, read_value, show_value, write_value

TODAY = date(2026, 11, 23)
FIELDS = [field for kind in KINDS for field in kind.fields]
LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn"])


def numbers_of(day: date, rest: int) -> str:
    digits = f"9999{rest % 100:02d}{day:%Y%m%d}{rest // 100:03d}"
    return digits + check_character(digits)


def values_of(field: Field) -> st.SearchStrategy[Value]:
    codes = [entry.code for entry in code_list(field.code_list).codes] if field.code_list else [""]
    born = st.dates(date(1907, 1, 1), TODAY)
    by_type: dict[Type, st.SearchStrategy[Value]] = {
        # composing may lengthen a text (U+FB2A becomes two characters)
        Type.TEXT: st.text(LETTERS, max_size=field.limit or 20)
        .map(clean_text)
        .filter(lambda text: 0 < len(text) <= (field.limit or 20)),
        Type.NAME: st.lists(st.text("王明欧阳𠅤䶮", min_size=1, max_size=9), min_size=1, max_size=3).map("·".join),
        Type.ID_NO: st.builds(numbers_of, born, st.integers(0, 99_999)),
        Type.PHONE: st.from_regex(r"1[3-9][0-9]{9}|0[0-9]{2,3}[0-9]{7,8}", fullmatch=True),
        Type.BANK: st.from_regex(r"[1-9][0-9]{15,17}1", fullmatch=True),
        Type.CODE: st.sampled_from(codes),
        Type.CODES: st.lists(st.sampled_from(codes), min_size=1, max_size=field.limit, unique=True),
        Type.DATE: st.dates(date(1850, 1, 1), date(2100, 1, 1)).map(date.isoformat),
        Type.MONTH: st.dates(date(1850, 1, 1), date(2100, 1, 1)).map(lambda day: day.isoformat()[:7]),
        Type.FLAG: st.booleans(),
        Type.REF: st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
    }
    return by_type.get(field.type, st.integers(field.least, field.limit))


@settings(max_examples=25)
@given(st.data())
@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_what_is_written_is_read_back(field: Field, data: st.DataObject) -> None:
    value = data.draw(values_of(field))
    reading = read_value(field, write_value(field, value), TODAY)
    assert (reading.value, reading.problems) == (value, ())


@given(st.text(max_size=40), st.sampled_from(FIELDS))
def test_anything_may_be_typed(text: str, field: Field) -> None:
    reading = read_value(field, text, TODAY)
    assert reading.value is None or not reading.problems
    assert all(finding.field == field.name for finding in (*reading.problems, *reading.doubts))
    if reading.value is not None:
        assert read_value(field, write_value(field, reading.value), TODAY).value == reading.value


def of_member(name: str) -> Field:
    return MEMBER.by_name[name]


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("sex", "男", "1"),
        ("sex", "女性", "2"),
        ("relation", "之子", "20"),
        ("relation", "儿 媳", "38"),
        ("relation", "02户主", "02"),
        ("relation", "2", "02"),
        ("ethnic", "汉", "01"),
        ("ethnic", "1", "01"),
        ("ethnic", "01", "01"),
        ("ethnic", "毛难族", "36"),
        ("education", "文盲或半文盲", "90"),
        ("political", "党员", "01"),
        ("health", "患有大病", "3"),
        ("medical_insurance", "是", True),
        ("medical_insurance", "未参保", False),
        ("medical_insurance", "已参加", True),
        ("medical_insurance", "√", True),
        ("medical_insurance", "×", False),
        ("medical_insurance", "无", False),
        ("medical_insurance", "—", None),
        ("care_flags", "独居、党员", ["1", "7"]),
        ("care_flags", "独居,独居 党员", ["1", "7"]),
        ("ethnic", "不详", None),
        ("note", " 外出\u200b务工\x00 ", "外出务工"),
    ],
)
def test_spellings(name: str, typed: str, value: Value) -> None:
    reading = read_value(of_member(name), typed, TODAY)
    assert (reading.value, reading.problems) == (value, ())


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("relation", "邻居", "code_unknown"),
        ("care_flags", "独居、什么", "code_unknown"),
        ("medical_insurance", "也许", "flag_unknown"),
        ("note", "字" * 201, "text_too_long"),
        ("household", "三组", "ref_unknown"),
    ],
)
def test_refusals(name: str, typed: str, code: str) -> None:
    reading = read_value(of_member(name), typed, TODAY)
    assert [(problem.field, problem.code) for problem in reading.problems] == [(name, code)]


def test_too_many_codes() -> None:
    reading = read_value(HOUSEHOLD.by_name["cause_others"], "因病、因残、因学", TODAY)
    assert [problem.code for problem in reading.problems] == ["codes_too_many"]


def test_year_out_of_a_date() -> None:
    assert read_value(HOUSEHOLD.by_name["house_built"], "1998-05-01", TODAY).value == 1998


@pytest.mark.parametrize(
    ("field", "value", "open_text", "masked_text"),
    [
        (of_member("id_no"), "999901198506151236", "999901 19850615 1236", "999901**********36"),
        (of_member("phone"), "13800001234", "138 0000 1234", "138****1234"),
        (of_member("bank_account"), "6217000000000001234", "6217 0000 0000 0001 234", "6217***********1234"),
        (of_member("disability_cert"), "99990119850615123642", "99990119850615123642", "999" + "*" * 17),
        (of_member("name"), "王明", "王明", "王明"),
        (HOUSEHOLD.by_name["wage_income"], 123_456_789, "1,234,567.89", "1,234,567.89"),
        (HOUSEHOLD.by_name["farmland"], 420, "4.20", "4.20"),
        (of_member("relation"), "38", "儿媳", "儿媳"),
        (of_member("phone"), None, "", ""),
    ],
)
def test_shown(field: Field, value: Value, open_text: str, masked_text: str) -> None:
    assert show_value(field, value) == open_text
    assert show_value(field, value, masked=True) == masked_text
