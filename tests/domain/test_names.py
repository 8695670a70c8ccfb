"""Names: blanks, dots, rare characters, hints (domain reference 1.8)."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk.domain.entry import Reading
from villagedesk.domain.names import clean_name, read_name
from villagedesk.domain.practice import invent_household
from villagedesk.domain.records.member import MEMBER
from villagedesk.domain.records.responsibility import RESPONSIBILITY
from villagedesk.domain.values import read_value
from villagedesk.sentences import LANGUAGES, sentence

RAW = json.loads((Path(__file__).parents[1] / "data" / "name-test-characters.json").read_text(encoding="utf-8"))


def rejected() -> Iterator[str]:
    """The signs of ``reject_with_hint``; its words stand for many of them."""
    for entry in RAW["name_rules"]["reject_with_hint"]:
        if entry == "digits":
            yield from "0189０９"
        elif entry.startswith("private-use"):
            yield from "\ue000\ue863\uf8ff"
        else:
            assert len(entry) == 1, f"an entry this test does not know: {entry}"
            yield entry


REJECTED = list(rejected())


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
    ("typed", "code", "params"),
    [
        ("王?", "name_lost_character", {"typed": "?", "position": 2}),
        ("？明", "name_lost_character", {"typed": "？", "position": 1}),
        ("王 □", "name_lost_character", {"typed": "□", "position": 2}),
        ("王*明", "name_masked", {"typed": "*", "position": 2}),
        ("张三2", "name_digits", {"typed": "张三2"}),
        ("张三２", "name_digits", {"typed": "张三２"}),
        ("\ue863明", "name_private_use", {"position": 1, "point": "U+E863"}),
    ],
)
def test_damaged_names_are_refused_with_the_mend(typed: str, code: str, params: dict[str, object]) -> None:
    reading = read_name(typed)
    assert reading.value is None and reading.doubts == ()
    assert [(problem.code, problem.params) for problem in reading.problems] == [(code, params)]


def test_everything_damaged_in_a_name_is_said_at_once() -> None:
    assert [problem.code for problem in read_name("?*1").problems] == [
        "name_lost_character",
        "name_masked",
        "name_digits",
    ]


@pytest.mark.parametrize("sign", REJECTED)
def test_what_the_reference_rejects_is_rejected_wherever_a_name_is_read(sign: str) -> None:
    """``reject_with_hint``, in every place of a name; the form and the command line read through ``read_value``."""
    for typed in (f"{sign}明", f"张{sign}", f"张{sign}明", f"阿卜杜拉·买{sign}提", sign):
        for field in (MEMBER.by_name["name"], RESPONSIBILITY.by_name["person_name"]):
            reading = read_value(field, typed, date(2026, 11, 23))
            assert reading.value is None and reading.problems, typed
            for problem in reading.problems:
                assert problem.field == field.name
                for language in LANGUAGES:
                    assert sentence(problem.code, problem.params, language) != problem.code


def test_names_the_reference_accepts_stay_accepted() -> None:
    for name in RAW["sample_names"]:
        assert read_name(name) == Reading(name)
    for mark in RAW["middle_dot"]["normalise_from"]:
        assert read_name(f"阿卜杜拉{mark['char']}买买提") == Reading("阿卜杜拉·买买提")
    for name in ("Mary Smith", "王三三", "李一", "〇九", "𬭎䶮"):
        assert read_name(name) == Reading(name)


@pytest.mark.parametrize("name", ["王", "A", "𬭎", " 王 "])
def test_one_character_is_doubted(name: str) -> None:
    """``min_chars`` counts code points; a real name may be that short, so that it is no error."""
    assert RAW["name_rules"]["min_chars"] == 2 and RAW["name_rules"]["count_rule"].startswith("count code points")
    reading = read_name(name)
    assert reading.value == name.strip() and [doubt.code for doubt in reading.doubts] == ["name_one_character"]


@pytest.mark.parametrize("name", ["王·", "·王", "王··明", "阿卜杜拉··买买提", "阿卜杜拉·买买提·", "王•", "王.", "王 ·"])
def test_a_dot_stands_singly_between_letters(name: str) -> None:
    reading = read_name(name)
    assert reading.value is None and [problem.code for problem in reading.problems] == ["name_dot"]


@pytest.mark.parametrize(
    "name", ["王,明", "王明、李四", "王/明", "王-明", "王明,", "王：明", "王_明", "王+明", "王'明"]
)
def test_punctuation_is_no_part_of_a_name(name: str) -> None:
    reading = read_name(name)
    assert reading.value is None and [problem.code for problem in reading.problems] == ["name_punctuation"]


@pytest.mark.parametrize(
    "name", ["J. Smith", "O'Brien", "Jean-Pierre Martin", "Жан Поль", "扎西བཀྲ་ཤིས", "J.R.Smith", "M. K."]
)
def test_marks_inside_foreign_names_stay(name: str) -> None:
    assert read_name(name) == Reading(name)


def test_invented_people_have_sound_names() -> None:
    rng = random.Random(7)
    names = [str(member["name"]) for number in range(400) for member in invent_household(rng, number).members]
    assert [name for name in names if read_name(name) != Reading(name)] == []


def test_a_remark_in_brackets_may_hold_anything_but_digits() -> None:
    reading = read_name("张三（户主，已故）")
    assert reading.problems == () and [doubt.code for doubt in reading.doubts] == ["name_brackets"]


def test_brackets_are_only_a_doubt() -> None:
    reading = read_name("张三(户主)")
    assert reading.value == "张三(户主)" and [doubt.code for doubt in reading.doubts] == ["name_brackets"]


def test_length_counts_characters_not_units() -> None:
    assert read_name("𠅤" * 50).value == "𠅤" * 50
    assert [problem.code for problem in read_name("𠅤" * 51).problems] == ["name_too_long"]
    assert [problem.code for problem in read_name("123").problems] == ["name_unreadable"]


@given(st.text(alphabet="王明阿𠅤䶮·•. \u3000aB", max_size=12))
def test_cleaning_twice_changes_nothing(typed: str) -> None:
    assert clean_name(clean_name(typed)) == clean_name(typed)
