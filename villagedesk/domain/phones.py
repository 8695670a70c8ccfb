"""Owns telephone and bank account numbers (domain reference 1.7).  Digits only are stored; 无 is a legal answer."""

from __future__ import annotations

import re

from villagedesk.domain.entry import EMPTY, NOTHING, Reading, refuse, squeezed
from villagedesk.domain.idnumber import looks_masked
from villagedesk.errors import Doubt, Problem

#: Somebody was asked and has none: an answer, unlike an empty field.
NO_PHONE = "无"
_NONE_AT_ALL = frozenset((NO_PHONE, "没有"))
_MOBILE = re.compile(r"1[3-9]\d{9}")
_FIXED = re.compile(r"0\d{2,3}\d{7,8}")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_SEVERAL = re.compile(r"[/、,，;；|或]")
_PUNCTUATION = str.maketrans("", "", "-—–_()[]·.+")


def read_phone(text: str) -> Reading:
    """Read a mobile (11 digits) or fixed line (area code first); value: digits, or ``NO_PHONE``.

    Problems: phone_scientific, phone_masked, phone_character, phone_no_area, phone_length, phone_unknown.
    Doubt: phone_second (only the first of several is kept).
    """
    typed = squeezed(text)
    if _MOBILE.fullmatch(typed):
        return Reading(typed)
    if typed in _NONE_AT_ALL:
        return Reading(NO_PHONE)
    if typed in NOTHING:
        return EMPTY
    first, *others = [part for part in _SEVERAL.split(typed) if part] or [typed]
    problem = _damage(first)
    if problem is not None:
        return refuse(problem)
    digits = _without_country(first.translate(_PUNCTUATION))
    if not digits.isdigit():
        return refuse(Problem("", "phone_character", {"typed": text.strip()}))
    if not _MOBILE.fullmatch(digits) and not _FIXED.fullmatch(digits):
        return refuse(_wrong_shape(digits))
    return Reading(digits, (), (Doubt("", "phone_second", {"kept": digits}),) if others else ())


def read_bank(text: str) -> Reading:
    """Read a subsidy card or account number (一卡通 16–19 digits, Luhn as a doubt); value: digits.

    Problems: bank_scientific, bank_masked, bank_character, bank_excel_precision.  Doubts: bank_length, bank_luhn.
    """
    typed = squeezed(text)
    if typed in NOTHING:
        return EMPTY
    if _SCIENTIFIC.fullmatch(typed):
        return refuse(Problem("", "bank_scientific"))
    if looks_masked(typed):
        return refuse(Problem("", "bank_masked"))
    digits = typed.translate(_PUNCTUATION)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 30:
        return refuse(Problem("", "bank_character", {"typed": text.strip()}))
    right = luhn(digits)
    if len(digits) >= 16 and digits.endswith("000") and not right:
        return refuse(Problem("", "bank_excel_precision"))
    if not 16 <= len(digits) <= 19:
        return Reading(digits, (), (Doubt("", "bank_length", {"count": len(digits)}),))
    return Reading(digits, (), () if right else (Doubt("", "bank_luhn"),))


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others (ISO/IEC 7812-1)."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + position % 2)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def show_phone(phone: str) -> str:
    """Grouped 3-4-4 for proofreading; a fixed line stays as it is."""
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}" if _MOBILE.fullmatch(phone) else phone


def _damage(typed: str) -> Problem | None:
    if _SCIENTIFIC.fullmatch(typed):
        return Problem("", "phone_scientific")
    if looks_masked(typed):
        return Problem("", "phone_masked")
    return None


def _without_country(digits: str) -> str:
    for prefix in ("0086", "86"):
        if digits.startswith(prefix) and _MOBILE.fullmatch(digits[len(prefix) :]):
            return digits[len(prefix) :]
    return digits


def _wrong_shape(digits: str) -> Problem:
    if len(digits) in (7, 8) and not digits.startswith(("0", "1")):
        return Problem("", "phone_no_area", {"count": len(digits)})
    if len(digits) != 11:
        return Problem("", "phone_length", {"count": len(digits)})
    return Problem("", "phone_unknown", {"prefix": digits[:3]})
