"""Owns dates as people write them (domain reference section 11).  Stored as ISO text.

A bare serial number is never taken for a date: only the workbook reader knows whether a cell was one.
"""

from __future__ import annotations

import re
from datetime import date

from villagedesk.domain.entry import EMPTY, NOTHING, Reading, refuse, squeezed
from villagedesk.errors import Problem

_EARLIEST, _LATEST = 1850, 2100
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_PARTS = re.compile(r"(\d{4}|\d{2})[-./年、/](\d{1,2})[-./月、/](\d{1,2})[日号]?")
_PACKED = re.compile(r"(\d{4})(\d\d)(\d\d)|(\d\d)(\d\d)(\d\d)")
_MONTH = re.compile(r"(\d{4}|\d{2})[-./年、/](\d{1,2})月?|(\d{4})(\d\d)")
_TIME = re.compile(r"(?<=\d)[T\s]+\d{1,2}:\d\d(:\d\d(\.\d+)?)?$")
_DASHES = str.maketrans("—–－。", "---.")


def is_date(text: str) -> bool:
    """Whether a stored text is a date as this program writes it; a foreign desk may hold any text in its place."""
    if _ISO.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def read_date(text: str, today: date) -> Reading:
    """Read 20261123, 2026.11.23, 2026/11/23, 26-11-23, 2026年11月23日; value: ISO.

    Two-digit years lie in the hundred years up to ``today``.  Problems: date_impossible, date_incomplete,
    date_serial, date_year, date_unreadable.
    """
    typed = _TIME.sub("", text.strip())
    found = _ISO.fullmatch(typed)
    if found is None:
        typed = squeezed(typed).translate(_DASHES)
        if typed in NOTHING:
            return EMPTY
        found = _PARTS.fullmatch(typed) or _PACKED.fullmatch(typed)
    if found is None or (len(typed) == 6 and typed.isdigit() and _is_month(typed)):
        return refuse(_not_a_date(typed, text.strip()))
    year, month, day = (part for part in found.groups() if part is not None)
    return _checked(_full_year(year, today), int(month), int(day))


def read_month(text: str, today: date) -> Reading:
    """Read 202611, 2026-11, 2026年11月, or a whole date; value: YYYY-MM."""
    typed = squeezed(_TIME.sub("", text.strip())).translate(_DASHES)
    if typed in NOTHING:
        return EMPTY
    found = _MONTH.fullmatch(typed)
    if found is None:
        whole = read_date(text, today)
        return whole if whole.refused else Reading(str(whole.value)[:7])
    year, month = (part for part in found.groups() if part is not None)
    reading = _checked(_full_year(year, today), int(month), 1)
    return reading if reading.refused else Reading(str(reading.value)[:7])


def _full_year(digits: str, today: date) -> int:
    if len(digits) == 4:
        return int(digits)
    century = today.year // 100 * 100
    return int(digits) + (century if int(digits) <= today.year % 100 else century - 100)


def _checked(year: int, month: int, day: int) -> Reading:
    shown = f"{year:04d}-{month:02d}-{day:02d}"
    if not _EARLIEST <= year <= _LATEST:
        return refuse(Problem("", "date_year", {"date": shown}))
    try:
        return Reading(date(year, month, day).isoformat())
    except ValueError:
        return refuse(Problem("", "date_impossible", {"date": shown}))


def _is_month(digits: str) -> bool:
    """202611 is a month, not 20-26-11."""
    return _EARLIEST <= int(digits[:4]) <= _LATEST and 1 <= int(digits[4:]) <= 12


def _not_a_date(typed: str, shown: str) -> Problem:
    if _MONTH.fullmatch(typed) or re.fullmatch(r"\d{4}年?", typed):
        return Problem("", "date_incomplete", {"typed": shown})
    if re.fullmatch(r"[2-6]\d{4}(\.\d+)?", typed):
        return Problem("", "date_serial", {"typed": shown})
    return Problem("", "date_unreadable", {"typed": shown})
