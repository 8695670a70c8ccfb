"""Names: blanks, dots, rare characters, hints (domain reference 1.8)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk.domain.names import clean_name, read_name

RAW = json.loads((Path(__file__).parents[1] / "data" / "name-test-characters.json").read_text(encoding="utf-8"))


def test_every_rare_character_survives() -> None:
    for entry in RAW["items"]:
        name = "王" + entry["char"]
        reading = read_name(name)
        assert (reading.value, reading.doubts, reading.problems) == (name, (), ())


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("王 明", "王明"),
        ("王\u3000明", "王明"),
        (" 王\u00a0明\u200b", "王明"),
        ("'王明", "王明"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉 ・ 买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉.买买提", "阿卜杜拉·买买提"),
        ("刘 䶮", "刘䶮"),
        ("仇 𠅤", "仇𠅤"),
        ("Mary  Smith", "Mary Smith"),
        ("J.Smith", "J.Smith"),
        ("ＡＢ", "AB"),
        ("无", None),
        ("", None),
    ],
)
def test_cleaning(typed: str, name: str | None) -> None:
    reading = read_name(typed)
    assert (reading.value, reading.problems) == (name, ())


@pytest.mark.parametrize(
    ("typed", "doubt"),
    [
        ("王?", "name_lost_character"),
        ("王□", "name_lost_character"),
        ("王*明", "name_lost_character"),
        ("张三2", "name_digits"),
        ("\ue863明", "name_private_use"),
        ("张三(户主)", "name_brackets"),
    ],
)
def test_hints_never_block(typed: str, doubt: str) -> None:
    reading = read_name(typed)
    assert reading.value == typed
    assert [entry.code for entry in reading.doubts] == [doubt]


def test_length_counts_characters_not_units() -> None:
    assert read_name("𠅤" * 50).value == "𠅤" * 50
    assert [problem.code for problem in read_name("𠅤" * 51).problems] == ["name_too_long"]
    assert [problem.code for problem in read_name("123").problems] == ["name_unreadable"]


@given(st.text(alphabet="王明阿𠅤䶮·•. \u3000aB", max_size=12))
def test_cleaning_twice_changes_nothing(typed: str) -> None:
    assert clean_name(clean_name(typed)) == clean_name(typed)
