"""Amounts as they stand on paper."""

from __future__ import annotations

import pytest

from villagedesk.reports.figures import area, day, land, money


@pytest.mark.parametrize(
    ("stored", "shown"),
    [(None, ""), (0, "0"), (7_800_000, "78,000"), (1_645_667, "16,456.67"), (5, "0.05"), (-120_050, "−1,200.50")],
)
def test_money(stored: int | None, shown: str) -> None:
    assert money(stored) == shown


def test_land_keeps_its_zeros_and_area_does_not() -> None:
    assert [land(amount) for amount in (None, 0, 840, 5, 12_345)] == ["", "0.00", "8.40", "0.05", "123.45"]
    assert [area(amount) for amount in (None, 0, 12_600, 12_650, 12_655, 10_000)] == [
        "",
        "0",
        "126",
        "126.5",
        "126.55",
        "100",
    ]


def test_day() -> None:
    assert day("2026-01-03") == "2026年1月3日"
    assert day(None) == ""
