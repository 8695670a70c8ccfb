"""Owns the resident identity number (GB 11643-1999, domain reference 1.1) and the disability certificate built on it.

Nothing is ever corrected by guessing: damage is named so that the clerk can compare with the certificate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from operator import mul

from villagedesk.domain.entry import EMPTY, NOTHING, Reading, refuse, squeezed
from villagedesk.errors import Doubt, Problem

LENGTH = 18
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"

#: Unassigned address prefix: numbers of invented people (domain reference 1.1, demo data).
DEMO_PREFIX = "9999"

#: First two digits of GB/T 2260 address codes, and 81–83 of residence permits.
_PROVINCES = frozenset(
    str(number)
    for part in ((11, 16), (21, 24), (31, 38), (41, 47), (50, 55), (61, 66), (71, 72), (81, 84), (91, 92))
    for number in range(*part)
)
_OLD_AGE = 120
_LOOKALIKES = str.maketrans({"x": "X", "×": "X", "Х": "X", "х": "X", "-": "", "–": "", "—": "", "_": "", ".": ""})
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d{1,3}$")
_ZEROED = re.compile(r"\d{14,15}000$")
_CERTIFICATE = re.compile(r"(\d{17}[\dX])([1-7])([1-4])(B\d{1,2})?$")
_MASKED = re.compile(r"[*＊＃#•●]{3,}|[xX]{4,}")


@dataclass(frozen=True, slots=True)
class Certificate:
    """残疾人证: number of its holder, category 1 视力 … 7 多重, grade 1 (heaviest) … 4, re-issue "B1" or ""."""

    id_no: str
    category: str
    grade: str
    issue: str


def check_character(digits: str) -> str:
    """Check character over the first 17 digits (ISO 7064 MOD 11-2)."""
    return CHECK_CHARACTERS[sum(map(mul, WEIGHTS, map(int, digits[:17]))) % 11]


def well_formed(id_no: str) -> bool:
    """Whether ``id_no`` is a stored number: 17 digits and the right check character."""
    return len(id_no) == LENGTH and id_no.isascii() and id_no[:17].isdigit() and id_no[17] == check_character(id_no)


def birth_of(id_no: str | None) -> str | None:
    """Birth date ISO of a stored number, None where there is none."""
    if id_no is None or len(id_no) != LENGTH or not id_no[6:14].isdigit():
        return None
    return f"{id_no[6:10]}-{id_no[10:12]}-{id_no[12:14]}"


def sex_of(id_no: str | None) -> str | None:
    """Sex code of a stored number: "1" 男 (odd sequence), "2" 女, None where there is none."""
    if id_no is None or len(id_no) != LENGTH or not id_no[16].isdigit():
        return None
    return "1" if int(id_no[16]) % 2 else "2"


def read_certificate(text: str) -> Certificate | None:
    """The parts of a disability certificate number, or None when ``text`` is not one."""
    found = _CERTIFICATE.match(squeezed(text).upper())
    if found is None or not well_formed(found[1]):
        return None
    return Certificate(found[1], found[2], found[3], found[4] or "")


def looks_masked(text: str) -> bool:
    """Whether the number was masked on the way (999***********1236): never a value."""
    return _MASKED.search(text) is not None


def read_id(text: str, today: date) -> Reading:
    """Read a number as typed or imported; value: 18 characters, upper case.

    Problems: id_excel_scientific, id_masked, id_words, id_character, id_length, id_excel_precision, id_birth_date,
    id_birth_future, id_checksum, id_checksum_swapped.  Doubts: id_from_15, id_15_over_hundred, id_very_old,
    id_address, id_is_certificate.
    """
    typed = squeezed(text)
    if len(typed) == LENGTH and typed.isdigit() and _fine(typed, today):
        return Reading(typed)
    if typed in NOTHING:
        return EMPTY
    if _SCIENTIFIC.match(typed):
        return refuse(Problem("", "id_excel_scientific"))
    if looks_masked(typed):
        return refuse(Problem("", "id_masked"))
    number = typed.translate(_LOOKALIKES).upper()
    if not any(char.isdigit() for char in number):
        return refuse(Problem("", "id_words", {"typed": text.strip()}))
    certificate = read_certificate(number)
    if certificate is not None:
        doubt = Doubt("", "id_is_certificate", {"category": certificate.category, "grade": certificate.grade})
        reading = _read_18(certificate.id_no, today)
        return Reading(reading.value, reading.problems, (*reading.doubts, doubt))
    wrong = _wrong_character(number)
    if wrong is not None:
        return refuse(wrong)
    if len(number) == 15:
        return _read_15(number, today)
    if len(number) != LENGTH:
        return refuse(Problem("", "id_length", {"count": len(number)}))
    return _read_18(number, today)


def _fine(number: str, today: date) -> bool:
    """The quick way for the usual case: nothing to remark."""
    if number[17] != check_character(number) or not (number[:2] in _PROVINCES or number.startswith(DEMO_PREFIX)):
        return False
    born = _date(number[6:14])
    return born is not None and born <= today and today.year - born.year < _OLD_AGE


def _wrong_character(number: str) -> Problem | None:
    for position, char in enumerate(number, 1):
        if not (char.isascii() and char.isdigit()) and not (char == "X" and position == LENGTH == len(number)):
            return Problem("", "id_character", {"position": position, "typed": char})
    return None


def _read_15(number: str, today: date) -> Reading:
    longer = f"{number[:6]}19{number[6:]}"
    reading = _read_18(longer + check_character(longer), today)
    if reading.refused:
        return Reading(None, tuple(_in_15(problem) for problem in reading.problems))
    doubts = [*reading.doubts, Doubt("", "id_from_15", {"proposed": reading.value})]
    if number[12:] >= "996":
        doubts.append(Doubt("", "id_15_over_hundred", {"year": "18" + number[6:8]}))
    return Reading(reading.value, (), tuple(doubts))


def _in_15(problem: Problem) -> Problem:
    """A finding about the birth date of the longer number: in the shorter one it stands at 7 to 12."""
    dated = problem.params.get("last") == 14
    return Problem(problem.field, problem.code, {**problem.params, "last": 12}) if dated else problem


def _read_18(number: str, today: date) -> Reading:
    expected = check_character(number)
    if number[17] != expected and _ZEROED.match(number):
        return refuse(Problem("", "id_excel_precision"))
    born = _date(number[6:14])
    if born is None:
        shown = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        return refuse(Problem("", "id_birth_date", {"date": shown, "first": 7, "last": 14}))
    if born > today:
        return refuse(Problem("", "id_birth_future", {"date": born.isoformat(), "first": 7, "last": 14}))
    if number[17] != expected:
        return refuse(_checksum_problem(number, expected))
    doubts = []
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if age > _OLD_AGE:
        doubts.append(Doubt("", "id_very_old", {"age": age}))
    if number[:2] not in _PROVINCES and not number.startswith(DEMO_PREFIX):
        doubts.append(Doubt("", "id_address", {"prefix": number[:6]}))
    return Reading(number, (), tuple(doubts))


def _checksum_problem(number: str, expected: str) -> Problem:
    """Names the last character, and a pair of neighbours when only their order can be wrong."""
    params: dict[str, object] = {"typed": number[17], "expected": expected}
    pairs = [
        position
        for position in range(6, 16)
        if number[position] != number[position + 1]
        and check_character(_swapped(number, position)) == number[17]
        and _date(_swapped(number, position)[6:14]) is not None
    ]
    if len(pairs) == 1:
        return Problem("", "id_checksum_swapped", {**params, "first": pairs[0] + 1, "second": pairs[0] + 2})
    return Problem("", "id_checksum", params)


def _swapped(number: str, position: int) -> str:
    return number[:position] + number[position + 1] + number[position] + number[position + 2 :]


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
