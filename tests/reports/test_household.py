"""The printed household form: what was entered can be read from the paper, whatever the household looks like."""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2
import pytest

from tests.reports.households import HOUSE, PRINTED, member, page_texts, people, printed, raw_texts, sheet
from villagedesk.domain.codes import code_list
from villagedesk.domain.records.household import Household
from villagedesk.errors import Cancelled
from villagedesk.progress import Progress
from villagedesk.reports.household import print_household_forms
from villagedesk.reports.household_values import TICKED, count

RARE = [
    item["char"]
    for item in json.loads((Path(__file__).parents[1] / "data" / "name-test-characters.json").read_text("utf-8"))[
        "items"
    ]
]
NAMES = [f"张{character}" for character in RARE] + ["阿依古丽·买买提", "欧阳小满", "仇𠅤"]


@pytest.mark.parametrize("start", range(0, len(NAMES), 8))
def test_every_name_comes_back_out(start: int) -> None:
    names = NAMES[start : start + 8]
    data, _ = printed(sheet(tuple(member(name, number) for number, name in enumerate(names))))
    text = page_texts(data)[0]
    for name in names:
        assert name in text
    assert "〔U+" not in text


def test_values_of_the_first_page() -> None:
    data, result = printed(sheet(people(6)))
    assert (result.forms, result.pages) == (1, 1)
    text = page_texts(data)[0].replace(" ", "")
    for expected in (
        "青石镇农户基本信息采集表",
        "青石镇柳河村第3网格02微网格3组",
        "采集日期2026年11月23日",
        "13800001234",
        "999901-03-02-017",
        "青石镇柳河村3组27号",
        "8.403.000.001.202.500.00",
        "1262009",
        "78,000",
        "98,740",
        "16,456.67",
        "老人轮椅损坏，申请残联辅具更换；长子有意返乡办果树育苗。",
        "何欣",
        "县内务工10月",
        "长期慢性病",
        "普通劳力",
        "打印2026-11-2316:05·周晓兰",
        "第1页共1页",
    ):
        assert expected in text, expected


def test_identity_numbers_come_out_whole() -> None:
    family = people(8)
    data, _ = printed(sheet(family))
    text = page_texts(data)[0]
    for person in family:
        assert person.id_no is not None
        assert person.id_no in text


def test_sex_comes_from_the_record_else_from_the_number() -> None:
    rows = (
        member("甲甲甲", 0, id_no="999905198803054673"),
        member("乙乙乙", 1, id_no="99990819650823126X"),
        member("丙丙丙", 2, id_no="999902196304122514", sex="2"),
        member("丁丁丁", 3, id_no=None, id_missing_reason="新生儿未上户"),
    )
    data, _ = printed(sheet(rows))
    text = page_texts(data)[0].replace(" ", "")
    assert "甲甲甲男999905198803054673" in text
    assert "乙乙乙女99990819650823126X" in text
    assert "丙丙丙女999902196304122514" in text
    assert "丁丁丁新生儿未上户" in text


@pytest.mark.parametrize(("number_of", "pages"), [(0, 1), (8, 1), (9, 2), (14, 2), (16, 2), (17, 3), (30, 4)])
def test_large_households_go_on_signed_pages(number_of: int, pages: int) -> None:
    data, result = printed(sheet(people(number_of)))
    texts = [text.replace(" ", "") for text in page_texts(data)]
    assert result.pages == len(texts) == pages
    for number, text in enumerate(texts, 1):
        assert f"第{number}页共{pages}页" in text
        assert "户主签字" in text
        assert ("以下空白" in text) == (number == pages > 1)
        assert ("农户基本信息采集表（续）" in text) == (number > 1)
    everyone = "".join(texts)
    for person in people(number_of):
        assert person.name is not None
        assert person.name in everyone
    if pages > 1:
        assert f"本户共{number_of}人" in texts[0]


def test_fourteen_people_say_where_the_rest_is() -> None:
    texts = [text.replace(" ", "") for text in page_texts(printed(sheet(people(14)))[0])]
    assert "本户共14人，第9至14人见续页（第2页）。" in texts[0]
    assert "续页第9至14人信息经本户核对，情况属实。以下空白。" in texts[1]


def test_a_household_of_which_nothing_is_known() -> None:
    data, result = printed(sheet((), Household()))
    text = page_texts(data)[0]
    assert result.pages == 1
    assert "None" not in text
    assert "户主姓名" in text


def test_unknown_counts_stay_empty() -> None:
    assert count([True, False, True]) == "2"
    assert count([True, None]) == count([]) == ""


def test_long_wishes_are_printed_whole() -> None:
    needs = "".join(f"第{number}项，盼修通到户道路；" for number in range(45))[:500]
    data, result = printed(sheet(people(3), Household(needs=needs)))
    texts = [text.replace(" ", "") for text in page_texts(data)]
    assert result.pages == 2
    assert "需求意见未完部分见续页（第2页）" in texts[0]
    assert any(needs[:cut] in texts[0] and needs[cut:] in texts[1] for cut in range(50, 500))


def test_the_longest_names_are_not_cut() -> None:
    longest = "阿卜杜拉赫曼·伊卜拉欣·穆罕默德·依明江·买买提" * 3
    data, _ = printed(sheet((member(longest[:50], 0), member("〇" * 25, 1))))
    text = page_texts(data)[0]
    assert longest[:50] in text
    assert "〇" * 25 in text


def test_every_sample_name_is_copied_as_it_was_entered() -> None:
    """As head and as an ordinary member, whose narrow cell takes long names in two lines."""
    sample = json.loads((Path(__file__).parents[1] / "data" / "name-test-characters.json").read_text("utf-8"))
    names = [
        *sample["sample_names"],
        *(f"王{item['char']}" for item in sample["items"]),
        "买买提·阿不都热合曼·吐尔逊江",
    ]
    for start in range(0, len(names), 6):
        some = names[start : start + 6]
        data, _ = printed(sheet(tuple(member(name, number) for number, name in enumerate(some))))
        copied = "\n".join(raw_texts(data))
        assert [name for name in some if name not in copied] == []
    wanted, _ = printed(
        sheet(people(1), Household(address="青石镇柳河村三组二十七号东头第二家院里" * 3, needs="修路，" * 40))
    )
    assert "青石镇柳河村三组二十七号东头第二家院里" * 3 in "\n".join(raw_texts(wanted))


def test_a_character_no_face_has_is_spelled() -> None:
    data, _ = printed(sheet((member("张\U000323af", 0),)))
    assert "张〔U+323AF〕" in page_texts(data)[0]


@pytest.mark.parametrize("list_name", sorted(TICKED))
def test_every_code_has_its_box(list_name: str) -> None:
    assert set(TICKED[list_name]) == {entry.code for entry in code_list(list_name).codes}


def test_properties_name_nobody() -> None:
    data, _ = printed(sheet(people(2)))
    document = pypdfium2.PdfDocument(data)
    properties = document.get_metadata_dict()
    document.close()
    assert properties["Title"] == "农户基本信息采集表"
    assert not any(word in str(properties) for word in ("张", "周晓兰", "青石", "999"))


def test_cancelling_stops_at_the_next_form(tmp_path: Path) -> None:
    progress = Progress()
    seen: list[int] = []

    def watch(done: int, total: int, step: str) -> None:
        seen.append(done)
        progress.cancel()

    progress.watch = watch
    with (tmp_path / "forms.pdf").open("wb") as out, pytest.raises(Cancelled):
        print_household_forms([sheet(people(1), HOUSE)] * 5, 5, out, PRINTED, progress)
    assert seen == [1]
