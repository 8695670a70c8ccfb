"""Amounts: written as people write them, stored whole, rounded half up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk.domain.fields import Field, Type
from villagedesk.domain.numbers import format_hundredths, format_scaled, format_wan, read_amount, write_amount

MONEY = Field("wage_income", Type.MONEY, limit=10**12)
LAND = Field("farmland", Type.MU, limit=10**8)
AREA = Field("house_area", Type.SQM, limit=10**8)
MONTHS = Field("work_months", Type.COUNT, limit=12)
DISTANCE = Field("road_distance", Type.KM, limit=10**5)
YEAR = Field("house_built", Type.YEAR, limit=2100, least=1800)


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (MONEY, "3.5万", 3_500_000),
        (MONEY, "３．５万元", 3_500_000),
        (MONEY, "1,234.50", 123_450),
        (MONEY, "１，２３４．５元", 123_450),
        (MONEY, "¥12元5角", 1_250),
        (MONEY, "3万5千元", None),
        (MONEY, "0.125", 13),
        (MONEY, "0.124", 12),
        (MONEY, "1 200 元", 120_000),
        (MONEY, "0.30000000000000004", 30),
        (LAND, "3亩5分", 350),
        (LAND, "5分", 50),
        (LAND, "2亩3分4厘", 234),
        (LAND, "4.225", 423),
        (AREA, "96m²", 9_600),
        (AREA, "96.5平方米", 9_650),
        (MONTHS, "12个月", 12),
        (MONTHS, "3.0", 3),
        (DISTANCE, "500米", 5),
        (DISTANCE, "2.25", 23),
        (YEAR, "1998年", 1998),
    ],
)
def test_written_forms(field: Field, typed: str, value: int | None) -> None:
    expected = 3_500_000 if value is None else value
    reading = read_amount(field, typed)
    assert (reading.value, reading.problems) == (expected, ())


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        (MONEY, "3万5", "number_unreadable"),
        (MONEY, "1,5", "number_unreadable"),
        (MONEY, "12,34.5", "number_unreadable"),
        (MONEY, "三百", "number_unreadable"),
        (MONEY, "1e5", "number_unreadable"),
        (MONEY, "5角3元", "number_unreadable"),
        (MONEY, "9" * 60, "number_unreadable"),
        (MONEY, "-3", "number_too_small"),
        (MONTHS, "13", "number_too_large"),
        (MONTHS, "3.5", "number_not_whole"),
        (YEAR, "98", "number_too_small"),
        (DISTANCE, "3里", "number_unreadable"),
    ],
)
def test_refusals(field: Field, typed: str, code: str) -> None:
    reading = read_amount(field, typed)
    assert reading.value is None
    assert [(problem.field, problem.code) for problem in reading.problems] == [(field.name, code)]


@pytest.mark.parametrize("typed", ["", "  ", "无", "—", "/"])
def test_nothing_is_unknown_not_zero(typed: str) -> None:
    assert read_amount(MONEY, typed).value is None
    assert not read_amount(MONEY, typed).refused


@given(st.decimals(min_value=0, max_value=10**9, places=6))
def test_rounding_agrees_with_decimal(number: Decimal) -> None:
    expected = int((number * 100).quantize(Decimal(1), ROUND_HALF_UP))
    assert read_amount(MONEY, f"{number:f}").value == expected


@given(st.integers(-(10**12), 10**12), st.integers(0, 2))
def test_format_agrees_with_decimal(value: int, places: int) -> None:
    exact = (Decimal(value) / 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert format_hundredths(value, places) == f"{exact if exact else abs(exact):f}"


@given(st.sampled_from([MONEY, LAND, AREA, DISTANCE, MONTHS]), st.data())
def test_round_trip(field: Field, data: st.DataObject) -> None:
    value = data.draw(st.integers(0, field.limit))
    assert read_amount(field, write_amount(field.type, value)).value == value
    assert read_amount(field, write_amount(field.type, value, grouping=True)).value == value


def test_formats() -> None:
    assert format_hundredths(None) == ""
    assert format_hundredths(420) == "4.20"
    assert format_hundredths(-5) == "-0.05"
    assert format_hundredths(123_456_789, grouping=True) == "1,234,567.89"
    assert format_wan(3_500_000) == "3.50"
    assert format_scaled(23, 1, 1) == "2.3"
