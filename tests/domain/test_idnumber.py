"""Identity numbers against the vectors of the domain reference (1.1)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk.domain.idnumber import (
    birth_of,
    check_character,
    looks_masked,
    read_certificate,
    read_id,
    sex_of,
    well_formed,
)

TODAY = date(2026, 11, 23)
RAW = json.loads((Path(__file__).parents[1] / "data" / "id-number-test-vectors.json").read_text(encoding="utf-8"))
VECTORS: list[dict[str, Any]] = RAW["vectors"]
SEXES = {"M": "1", "F": "2"}


def test_all_vectors_are_here() -> None:
    assert len(VECTORS) == 18


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["input"]))
def test_vectors(vector: dict[str, Any]) -> None:
    reading = read_id(vector["input"], TODAY)
    assert (not reading.refused) == vector["valid"]
    if not vector["valid"]:
        assert reading.value is None
        assert [problem.code for problem in reading.problems] == [f"id_{vector['error']}"]
        if "expected_last" in vector:
            assert reading.problems[0].params["expected"] == vector["expected_last"]
        return
    value = str(reading.value)
    assert value == vector.get("id_no", vector.get("normalised", vector["input"]))
    assert birth_of(value) == vector.get("birth", birth_of(value))
    assert sex_of(value) == (SEXES[vector["sex"]] if "sex" in vector else sex_of(value))


def codes(text: str) -> list[str]:
    reading = read_id(text, TODAY)
    return [finding.code for finding in (*reading.problems, *reading.doubts)]


def oracle(number: str) -> str:
    """ISO 7064 pure system MOD 11-2, by its recursive form instead of weights."""
    rest = 0
    for digit in number[:17]:
        rest = (rest + int(digit)) * 2 % 11
    value = (12 - rest) % 11
    return "X" if value == 10 else str(value)


@given(st.text(alphabet="0123456789", min_size=17, max_size=17))
def test_check_character_against_the_recursive_form(digits: str) -> None:
    assert check_character(digits) == oracle(digits)


@given(st.dates(date(1907, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 99))
def test_every_regular_number_is_read(born: date, sequence: int, county: int) -> None:
    digits = f"9999{county:02d}{born:%Y%m%d}{sequence:03d}"
    number = digits + oracle(digits)
    reading = read_id(number, TODAY)
    assert (reading.value, reading.problems, reading.doubts) == (number, (), ())
    assert birth_of(number) == born.isoformat()
    assert sex_of(number) == ("1" if sequence % 2 else "2")


@given(st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_is_refused(position: int, step: int) -> None:
    good = "999901198506151236"
    wrong = good[:position] + str((int(good[position]) + step) % 10) + good[position + 1 :]
    assert read_id(wrong, TODAY).refused


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("440524188001010014", ["id_very_old"]),
        ("110105491231002", ["id_from_15"]),
        ("110105071231996", ["id_from_15", "id_15_over_hundred"]),
        ("99990119850615123642", ["id_is_certificate"]),
        ("99990119850615123642B1", ["id_is_certificate"]),
        ("77010519491231002?", ["id_address"]),
        ("999***********1236", ["id_masked"]),
        ("999901********1236", ["id_masked"]),
        ("未上户口", ["id_words"]),
        ("9999O1198506151236", ["id_character"]),
        ("99990119850615123", ["id_length"]),
        ("9999011985061512366", ["id_length"]),
        ("1.10105194912310E+17", ["id_excel_scientific"]),
        ("999901202612310013", ["id_birth_future"]),
        ("无", []),
        ("", []),
        ("999901 19850615 1236", []),
        ("81000019800101001?", []),
    ],
)
def test_named_cases(typed: str, expected: list[str]) -> None:
    if typed.endswith("?"):
        typed = typed[:17] + oracle(typed)
    assert codes(typed) == expected


def test_positions_to_compare() -> None:
    born = read_id("999901196302300024", TODAY).problems[0]
    assert dict(born.params) == {"date": "1963-02-30", "first": 7, "last": 14}
    assert read_id("9999O1198506151236", TODAY).problems[0].params == {"position": 5, "typed": "O"}
    swapped = read_id("999901198506152136", TODAY).problems[0]
    assert swapped.code == "id_checksum_swapped"
    assert (swapped.params["first"], swapped.params["second"]) == (15, 16)


def test_certificate_parts() -> None:
    certificate = read_certificate("99990119850615123642B2")
    assert certificate is not None
    assert (certificate.id_no, certificate.category, certificate.grade, certificate.issue) == (
        "999901198506151236",
        "4",
        "2",
        "B2",
    )
    assert read_certificate("99990119850615123682") is None
    assert read_certificate("99990119850615123742") is None


def test_damaged_numbers_have_no_birth() -> None:
    assert birth_of(None) is None
    assert birth_of("123") is None
    assert sex_of("") is None
    assert not well_formed("99990119850615123")
    assert looks_masked("999***********1236")
    assert not looks_masked("999901198506151236")
