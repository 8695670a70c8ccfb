"""Owns masking for screens, public notices and internal rosters (domain reference 9.3).  Lengths are kept."""

from __future__ import annotations

from enum import Enum

from villagedesk.domain.surnames import surname_length

STAR = "*"


class IdMask(Enum):
    """Characters kept at the front and at the end of a number."""

    INTERNAL = (3, 4)  # 3 + 11 + 4: internal rosters
    BIRTH_HIDDEN = (6, 4)  # 6 + 8 + 4: weak in a village, where everybody has the same first six
    NOTICE = (2, 3)  # 2 + 13 + 3: public notices, when a number must be there at all
    SCREEN = (6, 2)  # 6 + 10 + 2: lists on screen


def mask_id(id_no: str | None, rule: IdMask = IdMask.INTERNAL) -> str:
    """Masked number, same length; None → ""."""
    return _middle(id_no or "", *rule.value)


def mask_phone(phone: str | None) -> str:
    """138****1234; a fixed line keeps its last four only; 无 stays."""
    digits = phone or ""
    if not digits.isdigit():
        return digits
    return _middle(digits, 3, 4) if len(digits) == 11 and digits.startswith("1") else _middle(digits, 0, 4)


def mask_bank(account: str | None) -> str:
    """First and last four kept."""
    return _middle(account or "", 4, 4)


def mask_certificate(number: str | None) -> str:
    """残疾人证: holder's number masked like an identity number, category and grade hidden (health data)."""
    return _middle(number or "", 3, 0)


def mask_name(name: str | None) -> str:
    """王*明, 王*, 欧阳**, 阿***·***."""
    text = name or ""
    if "·" in text:
        return text[:1] + "".join("·" if char == "·" else STAR for char in text[1:])
    kept = surname_length(text)
    if kept == 1 and len(text) > 2:
        return text[0] + STAR * (len(text) - 2) + text[-1]
    return text[:kept] + STAR * max(len(text) - kept, 0)


def _middle(text: str, head: int, tail: int) -> str:
    hidden = len(text) - head - tail
    if hidden <= 0:
        return STAR * len(text)
    return text[:head] + STAR * hidden + (text[-tail:] if tail else "")
