"""Owns amounts: how people write them, how they are stored (whole numbers of the smallest unit), how they are shown.

Money is kept in 分, land in hundredths of a 亩, distance in tenths of a km (fields.py).  No float ever touches an
amount; rounding is always 四舍五入, half away from zero (domain reference section 11).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from villagedesk.domain.entry import EMPTY, NOTHING, Reading, refuse, squeezed
from villagedesk.domain.fields import DECIMALS, Field, Type
from villagedesk.errors import Problem

_MULTIPLIERS: Mapping[str, int] = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}

#: Written unit → power of ten of the field's main unit.  分 is a tenth of a 亩 but a hundredth of a yuan.
_UNITS: Mapping[Type, Mapping[str, int]] = {
    Type.MONEY: {"元": 0, "圆": 0, "块": 0, "块钱": 0, "元整": 0, "角": -1, "毛": -1, "分": -2},
    Type.MU: {"亩": 0, "分": -1, "分地": -1, "厘": -2},
    Type.SQM: {"平方米": 0, "平方": 0, "平米": 0, "平": 0},
    Type.KM: {"公里": 0, "km": 0, "米": -3, "m": -3},
    Type.COUNT: dict.fromkeys(("人", "口", "口人", "月", "个月", "个", "户", "岁", "年", "次", "天"), 0),
    Type.YEAR: {"年": 0, "年度": 0},
}

_NUMBER = r"(\d+(?:\.\d+)?|\.\d+)"
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)")
_PART = re.compile(_NUMBER + r"([十百千万亿]*)([^\d.十百千万亿]*)")
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d*)?$")


def format_scaled(value: int | None, decimals: int, places: int, grouping: bool = False) -> str:
    """``value`` in units of 10^-decimals, written with ``places`` digits behind the point, half up; None → ""."""
    if value is None:
        return ""
    size = _shift(abs(value), places - decimals)
    whole, part = divmod(size, 10**places)
    sign = "-" if value < 0 and size else ""
    head = f"{whole:,}" if grouping else str(whole)
    return f"{sign}{head}.{part:0{places}d}" if places else f"{sign}{head}"


def format_hundredths(value: int | None, places: int = 2, grouping: bool = False) -> str:
    """Hundredths (分, 0.01 亩, 0.01 m²) as text: 420 → "4.20"; None → ""."""
    return format_scaled(value, 2, places, grouping)


def format_wan(value: int | None, places: int = 2) -> str:
    """分 as 万元 (reports: two decimals, domain reference section 11): 3_500_000 → "3.50"."""
    return format_scaled(value, 6, places)


def read_amount(field: Field, text: str) -> Reading:
    """Read a number as people write it ("3.5万", "1,234.50元", "3亩5分", full-width); value: int of the smallest unit.

    Problems: number_unreadable, number_not_whole (counts), number_too_small, number_too_large.
    """
    typed = squeezed(text)
    if typed in NOTHING:
        return EMPTY
    decimals = DECIMALS.get(field.type, 0)
    exact = _exact(typed, decimals) if _PLAIN.match(typed) else _spoken(typed, decimals, _UNITS.get(field.type, {}))
    if exact is None:
        return refuse(Problem(field.name, "number_unreadable", {"typed": text.strip()}))
    value, rounded = exact
    if rounded and not decimals:
        return refuse(Problem(field.name, "number_not_whole", {"typed": text.strip()}))
    if value < field.least:
        return refuse(Problem(field.name, "number_too_small", {"least": write_amount(field.type, field.least)}))
    if field.limit and value > field.limit:
        return refuse(Problem(field.name, "number_too_large", {"most": write_amount(field.type, field.limit)}))
    return Reading(value)


def write_amount(type: Type, value: int, grouping: bool = False) -> str:
    """Plain text that ``read_amount`` reads back."""
    decimals = DECIMALS.get(type, 0)
    return format_scaled(value, decimals, decimals, grouping)


def _shift(size: int, places: int) -> int:
    """``size`` × 10^places, half up."""
    if places >= 0:
        return int(size * 10**places)
    unit = int(10**-places)
    return (2 * size + unit) // (2 * unit)


def _exact(number: str, decimals: int, power: int = 0) -> tuple[int, bool] | None:
    """A decimal text × 10^power in units of 10^-decimals, half up, and whether digits were dropped."""
    sign = -1 if number.startswith("-") else 1
    whole, _, part = number.lstrip("+-").partition(".")
    if len(whole) + len(part) > 40:
        return None
    part = part.rstrip("0")
    shift = decimals + power - len(part)
    size = int((whole + part) or "0")
    value = _shift(size, shift)
    dropped = shift < 0 and value * int(10**-shift) != size
    return sign * value, dropped


def _spoken(typed: str, decimals: int, units: Mapping[str, int]) -> tuple[int, bool] | None:
    """Numbers with currency signs, thousands separators, 万 and units, largest unit first."""
    sign = -1 if typed[:1] in "-−－负" else 1
    body = typed.lstrip("+-−负").lstrip("¥￥$约").replace("，", ",").replace("m2", "平").replace("千米", "公里")
    if "," in body:
        if not _GROUPED.match(body):
            return None
        body = body.replace(",", "")
    total, rounded, last, end = 0, False, 99, 0
    for found in _PART.finditer(body):
        number, multiplier, unit = found.groups()
        power = _power(multiplier, unit, units)
        if found.start() != end or power is None or power >= last or (last < 99 and not unit):
            return None
        exact = _exact(number, decimals, power)
        if exact is None:
            return None
        total, rounded, last, end = total + exact[0], rounded or exact[1], power, found.end()
    return (sign * total, rounded) if end and end == len(body) else None


def _power(multiplier: str, unit: str, units: Mapping[str, int]) -> int | None:
    base = 0 if not unit else units.get(unit.lower())
    return None if base is None else base + sum(_MULTIPLIERS[char] for char in multiplier)
