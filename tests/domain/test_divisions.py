"""Choosing a place from the shipped list of divisions: columns, names, initials, codes (domain reference 1.2)."""

from __future__ import annotations

import random

import pytest

from villagedesk.domain.division_names import pieces_of, without_office
from villagedesk.domain.divisions import Divisions
from villagedesk.services.divisions import load_divisions

SMALL = "code,name\n11,甲省\n1101,市辖区\n110101,乙区\n110101100,丙镇\n110101100200,丁村委会\n12,戊省".encode()


@pytest.fixture(scope="module")
def china() -> Divisions:
    return load_divisions()


def names(china: Divisions, code: str = "") -> list[str]:
    return [child.name for child in china.children(code)]


def found(china: Divisions, text: str, **options: int) -> list[str]:
    return [path.text for path in china.search(text, **options)]


def test_the_whole_list_is_there(china: Divisions) -> None:
    assert len(china) == 665_276
    provinces = names(china)
    assert len(provinces) == 31 and provinces[0] == "北京市" and provinces[-1] == "新疆维吾尔自治区"


def test_columns_down_to_a_village(china: Divisions) -> None:
    code, way = "", []
    for name in ("河北省", "石家庄市", "长安区", "建北街道"):
        (code,) = [child.code for child in china.children(code) if child.name == name]
        way.append(len(code))
    assert way == [2, 4, 6, 9]
    villages = china.children(code)
    assert villages and all(len(village.code) == 12 and village.code.startswith(code) for village in villages)
    assert china.children(villages[0].code) == ()


def test_levels_that_nobody_says_are_stepped_over(china: Divisions) -> None:
    assert names(china, "11")[:2] == ["东城区", "西城区"], "市辖区 of a municipality"
    assert len(names(china, "50")) == 38, "重庆: 市辖区 and 县"
    assert {"武汉市", "仙桃市", "神农架林区"} <= set(names(china, "42")), "省直辖县级行政区划"
    assert {"乌鲁木齐市", "石河子市"} <= set(names(china, "65")), "自治区直辖县级行政区划"
    assert "长安镇" in names(china, "4419"), "a city without counties"
    way = china.path("429004000000")
    assert way is not None and way.text == "湖北省 仙桃市"
    assert found(china, "110101001001") == ["北京市 东城区 东华门街道 多福巷社区居委会"]


def test_path(china: Divisions) -> None:
    way = china.path("110101001001")
    assert way is not None and way.town is not None
    assert (way.place.short_name, way.place.division_code) == ("多福巷社区", "110101001001")
    assert (way.town.name, way.town.division_code) == ("东华门街道", "110101001000")
    padded = china.path("110101001000")
    assert padded is not None and padded.place == way.town
    odd = china.path("350527000000")
    assert odd is not None and odd.place.code == "350527000000", "a village whose own code ends in zeros"
    for code in ("", "99", "110101001999", "1", "110101001001001", "x", "四"):
        assert china.path(code) is None, code


def test_search_by_name_finds_exact_names_first(china: Divisions) -> None:
    towns = found(china, "周庄镇", length=9)
    assert "江苏省 无锡市 江阴市 周庄镇" in towns and towns[-1].endswith("北周庄镇")
    assert len(found(china, "张庄")) == 50 and len(found(china, "张庄", limit=7)) == 7
    first = china.search("张庄村")[0].place
    assert first.short_name == "张庄村"
    assert found(china, "张庄村委会") == found(china, "张庄村民委员会") == found(china, "张庄村")
    assert "多福巷社区居委会" in found(china, "福巷社区居委会")[0], "from the middle"
    assert all(path.place.name.startswith("张") for path in china.search("张")), "a single character"
    lengths = [
        len(path.place.short_name) for path in china.search("周庄", limit=999) if path.place.name.startswith("周庄")
    ]
    assert lengths == sorted(lengths) and lengths[0] < lengths[-1]


def test_larger_place_and_name_in_any_spelling(china: Divisions) -> None:
    wanted = ["江苏省 无锡市 江阴市 周庄镇 鸡笼山村村委会"]
    for text in (
        "周庄镇 鸡笼山",
        "江阴 鸡笼山村",
        "江苏省 无锡市 鸡笼山村",
        "周庄镇鸡笼山村",
        "　周庄　鸡笼山 ",
        "江阴市周庄镇鸡笼山村委会",
    ):
        assert found(china, text) == wanted, text
    assert found(china, "新乡市卫辉市")[0] == "河南省 新乡市 卫辉市", "a unit's sign inside a name"
    assert found(china, "周庄镇 天安门") == []


def test_search_by_initials_and_code(china: Divisions) -> None:
    assert found(china, "bj")[0] == "北京市" and found(china, "cqs", length=2) == ["重庆市"]
    assert found(china, "SJZS")[0] == "河北省 石家庄市"
    assert found(china, "dfxsq", length=12)[:1] == ["北京市 东城区 东华门街道 多福巷社区居委会"]
    assert found(china, "sfxc")[0].endswith("三房巷村村委会"), "the office is not typed"
    assert found(china, "441900000000")[:2] == ["广东省 东莞市", "广东省 东莞市 东城街道"]
    assert found(china, "110101001")[0] == "北京市 东城区 东华门街道"
    assert [len(path.place.code) for path in china.search("110101001", length=12)] == [12] * 10


@pytest.mark.parametrize(
    "text", ["", " ", ",", "\n", "\n11", ",北", "zzzzzzzz", "😀", "9" * 40, "\x00", "北京\n天津", "1,北"]
)
def test_odd_input_finds_little_and_breaks_nothing(china: Divisions, text: str) -> None:
    assert all("\n" not in path.text and path.place.code.isdigit() for path in china.search(text))


def test_every_place_is_found_again(china: Divisions) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    for _ in range(200):
        code = ""
        while below := china.children(code):
            code = rng.choice(below).code
        way = china.path(code)
        assert way is not None and way.place.code == code and len(code) == 12
        assert code in {child.code for child in china.children(way.steps[-2].code)}
        assert china.search(code)[0] == way


def test_a_list_with_or_without_head_and_last_line_end() -> None:
    for data in (SMALL, SMALL + b"\n", SMALL.partition(b"\n")[2]):
        small = Divisions(data)
        assert len(small) == 6 and names(small) == ["甲省", "戊省"] and names(small, "11") == ["乙区"]
        assert found(small, "戊") == ["戊省"] and found(small, "甲省 丁村") == ["甲省 乙区 丙镇 丁村委会"]


def test_names() -> None:
    assert without_office("村村村委会") == "村村" and without_office("柳湾居委会") == "柳湾居委会"
    assert pieces_of("青禾镇柳湾村") == ["青禾镇", "柳湾村"] and pieces_of("村") == ["村"] and pieces_of("") == []


@pytest.mark.parametrize(
    ("typed", "place"),
    [("jilongshan", "鸡笼山"), ("liuwan", "柳湾"), ("chongqing", "重庆"), ("XiaMen", "厦门")],
)
def test_full_pinyin(china: Divisions, typed: str, place: str) -> None:
    assert any(place in text for text in found(china, typed, limit=400))


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("xigu liuwan", "西谷乡 柳湾"),
        ("xian yanta", "西安市 雁塔区"),
        ("xgx lw", "西谷乡 柳湾"),
        ("qxx xigu liuwan", "西谷乡 柳湾"),
    ],
)
def test_letters_of_the_place_above_narrow_those_of_the_place(china: Divisions, typed: str, place: str) -> None:
    above, below = place.split()
    assert any(above in text and below in text.split(above)[-1] for text in found(china, typed, limit=12))
