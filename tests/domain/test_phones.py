"""Phones and bank accounts (domain reference 1.7)."""

from __future__ import annotations

import pytest

from villagedesk.domain.phones import luhn, read_bank, read_phone, show_phone


@pytest.mark.parametrize(
    ("typed", "value", "codes"),
    [
        ("13800001234", "13800001234", []),
        ("138 0000 1234", "13800001234", []),
        ("１３８-0000-1234", "13800001234", []),
        ("+86 13800001234", "13800001234", []),
        ("0371-1234567", "03711234567", []),
        ("(010)12345678", "01012345678", []),
        ("无", "无", []),
        ("没有", "无", []),
        ("/", None, []),
        ("", None, []),
        ("13800001234/13900001111", "13800001234", ["phone_second"]),
        ("13800001234、", "13800001234", []),
        ("19900221", None, ["phone_length"]),
        ("6223344", None, ["phone_no_area"]),
        ("23800001234", None, ["phone_unknown"]),
        ("1.38E+10", None, ["phone_scientific"]),
        ("138****1234", None, ["phone_masked"]),
        ("张三", None, ["phone_character"]),
    ],
)
def test_phones(typed: str, value: str | None, codes: list[str]) -> None:
    reading = read_phone(typed)
    assert reading.value == value
    assert [finding.code for finding in (*reading.problems, *reading.doubts)] == codes


@pytest.mark.parametrize(
    ("typed", "value", "codes"),
    [
        ("6217 0000 0000 0001 234", "6217000000000001234", []),
        ("6217000000000001235", "6217000000000001235", ["bank_luhn"]),
        ("12345678901", "12345678901", ["bank_length"]),
        ("6.21700E+18", None, ["bank_scientific"]),
        ("6217***********1234", None, ["bank_masked"]),
        ("621700000000123000", None, ["bank_excel_precision"]),
        ("信用社", None, ["bank_character"]),
        ("无", None, []),
    ],
)
def test_banks(typed: str, value: str | None, codes: list[str]) -> None:
    reading = read_bank(typed)
    assert reading.value == value
    assert [finding.code for finding in (*reading.problems, *reading.doubts)] == codes


def test_luhn_knows_the_published_example() -> None:
    assert luhn("79927398713")
    assert not any(luhn("7992739871" + digit) for digit in "012456789")


def test_shown_in_groups() -> None:
    assert show_phone("13800001234") == "138 0000 1234"
    assert show_phone("03711234567") == "03711234567"
