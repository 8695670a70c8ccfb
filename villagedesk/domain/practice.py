"""Owns invented people for the practice town: consistent families with numbers that can belong to nobody.

Numbers carry the unassigned prefix 9999xx (domain reference 1.1).  Randomness comes from the caller.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from villagedesk.domain.fields import Value
from villagedesk.domain.idnumber import check_character

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗仇单翟曾解覃"
_GIVEN = (
    "建国",
    "秀兰",
    "志强",
    "桂英",
    "海燕",
    "国平",
    "玉芬",
    "思琪",
    "子轩",
    "雨桐",
    "喆",
    "䶮",
    "𬭎",
    "磊",
    "春梅",
)
_DOTTED = ("阿卜杜拉·买买提", "阿依古丽·买买提")
_YEAR = 2026


@dataclass(frozen=True, slots=True)
class InventedHousehold:
    """Field values of a household and of its people, the head first."""

    household: Mapping[str, Value]
    members: tuple[Mapping[str, Value], ...]


def invent_household(rng: random.Random, number: int) -> InventedHousehold:
    """The household with 户编号 ``number``; the same generator state gives the same people."""
    surname = rng.choice(_SURNAMES)
    born = rng.randrange(1948, 1985)
    people = [_person(rng, surname, born, "1", "02"), _person(rng, rng.choice(_SURNAMES), born + 2, "2", "12")]
    for _ in range(rng.randrange(3)):
        sex = rng.choice("12")
        people.append(_person(rng, surname, born + rng.randrange(22, 30), sex, "20" if sex == "1" else "30"))
    household: dict[str, Value] = {
        "household_no": f"{number:03d}",
        "phone": f"199{rng.randrange(10**8):08d}",
        "address": f"{rng.randrange(1, 7)}组{rng.randrange(1, 99)}号",
        "household_type": rng.choice("11111234"),
        "residence_status": rng.choice("1113"),
        "house_structure": "2",
        "house_area": rng.randrange(60, 200) * 100,
        "farmland": rng.randrange(0, 1200),
        "wage_income": rng.randrange(0, 90_000) * 100,
        "income_year": _YEAR - 1,
    }
    return InventedHousehold(household, tuple({**person, "seq": seq} for seq, person in enumerate(people, start=1)))


def _person(rng: random.Random, surname: str, born: int, sex: str, relation: str) -> dict[str, Value]:
    name = rng.choice(_DOTTED) if rng.random() < 0.02 else surname + rng.choice(_GIVEN)
    order = rng.randrange(100) * 10 + (1 if sex == "1" else 2)
    body = f"9999{rng.randrange(1, 10):02d}{born}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}{order % 1000:03d}"
    return {
        "name": name,
        "relation": relation,
        "id_no": body + check_character(body),
        "ethnic": "05" if "·" in name else "01",
        "education": rng.choice(("80", "70", "60", "30")),
        "health": rng.choice("1112"),
        "labour": "2",
        "work_status": rng.choice("1345"),
    }
