"""Search keys: every way a clerk looks for a person finds them by prefix."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk.domain.readings import normalise_query, search_keys, sort_key
from villagedesk.domain.surnames import surname_readings


def finds(query: str, name: str) -> bool:
    keys = search_keys(name, "99990119850615123X", "13800001234", "03-017")
    return any(key.startswith(normalise_query(query)) for key in keys)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("qjg", "仇建国"),
        ("sxx", "单雄信"),
        ("ly", "刘䶮"),
        ("zjg", "张建国"),
        ("zjg", "翟建国"),
        ("djg", "翟建国"),
        ("moqi", "万俟明"),
        ("mqm", "万俟明"),
        ("wansiming", "万俟明"),
        ("yuchi", "尉迟恭"),
        ("ycg", "尉迟恭"),
        ("chanyu", "单于明"),
        ("cym", "单于明"),
        ("zss", "长孙胜"),
        ("lvbu", "吕布"),
        ("zengxingle", "曾行乐"),
        ("wh", "王𬭎"),
        ("wanghong", "王𬭎"),
        ("abdlmmt", "阿卜杜拉·买买提"),
        ("买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉•买", "阿卜杜拉·买买提"),
        ("建国", "张建国"),
        ("Zhang Jian", "张建国"),
        ("ZJG", "张建国"),
        ("ｚｊｇ", "张建国"),
        ("123x", "张建国"),
        ("１２３Ｘ", "张建国"),
        ("1234", "张建国"),
        ("138 0000", "张建国"),
        ("03-017", "张建国"),
        ("017", "张建国"),
    ],
)
def test_found(query: str, name: str) -> None:
    assert finds(query, name)


@pytest.mark.parametrize(("query", "name"), [("zjg", "王明"), ("0017", "张建国"), ("省", "张建国")])
def test_not_found(query: str, name: str) -> None:
    assert not finds(query, name)


def test_every_surname_is_found_by_every_reading() -> None:
    for surname, readings in surname_readings().items():
        for reading in readings:
            assert finds(f"{reading}wei", surname + "伟"), (surname, reading)


@given(st.text(alphabet="单仇长行乐重万俟尉迟阿·𠅤b ", max_size=30))
def test_keys_are_few_and_distinct(name: str) -> None:
    keys = search_keys(name, None, None, None)
    assert len(set(keys)) == len(keys) <= len(name) + 48
    assert all(keys)


def test_nothing_gives_nothing() -> None:
    assert search_keys(None, None, None, None) == ()


def test_the_reading_table_is_loaded_late() -> None:
    code = (
        "import sys, villagedesk.domain.readings as readings\n"
        "assert 'pypinyin' not in sys.modules\n"
        "readings.search_keys('张三', '', '', '')\n"
        "assert 'pypinyin' in sys.modules and 'pypinyin.phrases_dict' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_the_list_stands_in_the_order_of_a_dictionary() -> None:
    names = ["黄海燕", "胡春梅", "胡桂英", "花木兰", "", "安"]
    assert sorted(names, key=sort_key) == ["安", "胡春梅", "胡桂英", "花木兰", "黄海燕", ""]
