"""Dates as people write them (domain reference section 11)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk.domain.dates import read_date, read_month

TODAY = date(2026, 11, 23)
SPELLINGS = ("%Y%m%d", "%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y-%m-%d 00:00:00", " %Y . %m . %d ")


@given(st.dates(date(1850, 1, 1), date(2100, 12, 31)), st.sampled_from(SPELLINGS))
def test_every_spelling_of_every_day(day: date, spelling: str) -> None:
    assert read_date(day.strftime(spelling), TODAY).value == day.isoformat()


@given(st.dates(date(1926, 11, 24), TODAY))
def test_two_digit_years_lie_in_the_past_hundred(day: date) -> None:
    if day.year != 1926:
        assert read_date(day.strftime("%y-%m-%d"), TODAY).value == day.isoformat()


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("26-11-23", "2026-11-23", None),
        ("85.6.15", "1985-06-15", None),
        ("２０２６年１月５号", "2026-01-05", None),
        ("850615", "1985-06-15", None),
        ("", None, None),
        ("不详", None, None),
        ("1963-02-30", None, "date_impossible"),
        ("20261301", None, "date_impossible"),
        ("202611", None, "date_incomplete"),
        ("2026年11月", None, "date_incomplete"),
        ("1985", None, "date_incomplete"),
        ("45000", None, "date_serial"),
        ("0001-01-01", None, "date_year"),
        ("12/30/2026", None, "date_unreadable"),
        ("去年", None, "date_unreadable"),
    ],
)
def test_cases(typed: str, value: str | None, code: str | None) -> None:
    reading = read_date(typed, TODAY)
    assert reading.value == value
    assert [problem.code for problem in reading.problems] == ([code] if code else [])


@pytest.mark.parametrize("typed", ["202611", "2026-11", "2026.11", "2026年11月", "26-11", "20261123", "2026-11-23"])
def test_months(typed: str) -> None:
    assert read_month(typed, TODAY).value == "2026-11"


def test_impossible_month() -> None:
    assert [problem.code for problem in read_month("2026-13", TODAY).problems] == ["date_impossible"]
    assert read_month("", TODAY).value is None
