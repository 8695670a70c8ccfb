"""Owns how a person's name is cleaned (domain reference 1.8: GB 18030, middle dot U+00B7, rare characters).

Canonical composition only: compatibility folding would change Han characters of real names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from villagedesk.domain.entry import INVISIBLE, NOTHING, Reading, refuse
from villagedesk.errors import Doubt, Problem

DOT = "·"

#: A name field holds at least this many characters (民委发〔2016〕33号).
LIMIT = 50

_HAN = "\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff?□*"
_HALF_WIDTH_LETTERS = {code: code - 0xFEE0 for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_DOTS = "·•‧・．.∙⋅･●▪᛫˙"
_CLEANED = {**INVISIBLE, **_HALF_WIDTH_LETTERS}
_BETWEEN = re.compile(rf"(?<=[{_HAN}])\s*[{_DOTS}]\s*(?=[{_HAN}])")
_GAP = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_SIMPLE = re.compile("[\u4e00-\u9fff]{2,4}")
_LOST = frozenset("?？□■\ufffd〓")
_HIDDEN = frozenset("*＊")
_BRACKETS = frozenset("()（）[]【】<>《》")
_REMARK = re.compile(r"[(（\[【<《].*?[)）\]】>》]")
#: Marks behind a letter of a foreign name: O'Brien, Jean-Pierre, J. Smith.
_FOREIGN = frozenset("'’-‐‑.")
#: Marks with a finding of their own.
_TOLD = _LOST | _HIDDEN | _BRACKETS
_HAN_LETTER = re.compile(f"[{_HAN}]")
_LETTER = re.compile(rf"[{_HAN}A-Za-z\u00c0-\u024f\u0400-\u04ff\u0600-\u06ff\u0f00-\u0fff\u1800-\u18af]")


def clean_name(text: str) -> str:
    """Blanks inside 王 明 removed, dots between Han made U+00B7, invisible marks and outer blanks gone."""
    if _SIMPLE.fullmatch(text):
        return text
    name = unicodedata.normalize("NFC", text).translate(_CLEANED).strip().strip("'‘’`").strip()
    name = _BETWEEN.sub(DOT, name)
    name = _GAP.sub("", name)
    return " ".join(name.split())


def read_name(text: str, limit: int = LIMIT) -> Reading:
    """Read a name.

    Problems: name_two_lines, name_too_long, name_unreadable, name_lost_character, name_masked, name_digits,
    name_private_use, name_dot, name_punctuation.  Doubts: name_brackets, name_one_character.
    """
    if _SIMPLE.fullmatch(text):
        return Reading(text)
    name = clean_name(text)
    if name in NOTHING:
        return Reading()
    if sum(len(part) > 1 for part in map(clean_name, text.splitlines())) > 1:
        return refuse(Problem("", "name_two_lines", {"typed": " / ".join(map(clean_name, text.splitlines()))}))
    if len(name) > limit:
        return refuse(Problem("", "name_too_long", {"count": len(name), "most": limit}))
    if not _LETTER.search(name):
        return refuse(Problem("", "name_unreadable", {"typed": name}))
    problems = tuple(_rejections(name))
    if problems:
        return Reading(None, problems)
    return Reading(name, (), tuple(_doubts(name)))


def _doubts(name: str) -> Iterator[Doubt]:
    if len(name) == 1:
        yield Doubt("", "name_one_character", {"typed": name})
    if not _BRACKETS.isdisjoint(name):
        yield Doubt("", "name_brackets", {"typed": name})


def _rejections(name: str) -> Iterator[Problem]:
    """What no name of a certificate holds: such a text is damaged, and storing it would lose the real name."""
    for code, signs in (("name_lost_character", _LOST), ("name_masked", _HIDDEN)):
        sign = next((char for char in name if char in signs), None)
        if sign is not None:
            yield Problem("", code, {"typed": sign, "position": name.index(sign) + 1})
    if any(char.isdigit() for char in name):
        yield Problem("", "name_digits", {"typed": name})
    private = next((char for char in name if unicodedata.category(char) == "Co"), None)
    if private is not None:
        yield Problem("", "name_private_use", {"position": name.index(private) + 1, "point": f"U+{ord(private):04X}"})
    marks = tuple(_stray_marks(name))
    if any(mark in _DOTS for mark in marks):
        yield Problem("", "name_dot", {"typed": name})
    sign = next((mark for mark in marks if mark not in _DOTS), None)
    if sign is not None:
        yield Problem("", "name_punctuation", {"typed": sign, "position": name.index(sign) + 1})


def _stray_marks(name: str) -> Iterator[str]:
    """Marks that join nothing.  What stands in brackets is a remark, doubted as a whole."""
    plain = _REMARK.sub("", name)
    for place, char in enumerate(plain):
        if _LETTER.match(char) or char in _TOLD or unicodedata.category(char)[0] not in "PS":
            continue
        before, behind = plain[place - 1 : place], plain[place + 1 : place + 2]
        after_letter = bool(_LETTER.match(before))
        foreign = after_letter and not _HAN_LETTER.match(before)
        joins = char in _DOTS and after_letter and bool(_LETTER.match(behind))
        if not joins and not (foreign and char in _FOREIGN):
            yield char
