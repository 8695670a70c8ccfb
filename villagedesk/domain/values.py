"""Owns the one dispatch from a field's declaration to reading, showing and writing its value.

Form, table, workbook and command line all come through here, so that the same spelling means the same everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache

from villagedesk.domain.codes import code_list
from villagedesk.domain.dates import read_date, read_month
from villagedesk.domain.entry import EMPTY, INVISIBLE, NOTHING, Reading, refuse, squeezed
from villagedesk.domain.fields import DECIMALS, Field, RecordKind, Type, Value
from villagedesk.domain.idnumber import read_id
from villagedesk.domain.ids import is_hex_id
from villagedesk.domain.masks import IdMask, mask_bank, mask_certificate, mask_id, mask_phone
from villagedesk.domain.names import LIMIT as NAME_LIMIT
from villagedesk.domain.names import read_name
from villagedesk.domain.numbers import read_amount, write_amount
from villagedesk.domain.phones import read_bank, read_phone, show_phone
from villagedesk.errors import Problem

YES, NO = "是", "否"
JOIN = "、"

_SEVERAL = re.compile(r"[、,;/|+\s]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_TRUE = frozenset(["是", "有", "对", "已", "√", "✓", "✔", "☑", "1", "Y", "YES", "TRUE", "T", "参加", "参保", "享受"])
_FALSE = frozenset(["否", "无", "没有", "不", "未", "×", "✗", "✘", "X", "0", "N", "NO", "FALSE", "F", "□", "没"])


def read_value(field: Field, text: str, today: date) -> Reading:
    """Read what was typed or imported for ``field``; findings name the field.  Empty text is unknown: None."""
    if not text:
        return EMPTY
    reader = _READERS.get(field.type)
    return (reader(field, text, today) if reader else read_amount(field, text)).at(field.name)


def show_value(field: Field, value: Value, masked: bool = False) -> str:
    """Text for the screen: numbers grouped for proofreading; ``masked``: sensitive values hidden but for a rest."""
    if value is None:
        return ""
    if masked and field.sensitive:
        return _masked(field, str(value))
    if field.type is Type.ID_NO:
        number = str(value)
        return f"{number[:6]} {number[6:14]} {number[14:]}"
    if field.type is Type.PHONE:
        return show_phone(str(value))
    if field.type is Type.BANK:
        return " ".join(re.findall(".{1,4}", str(value)))
    if field.type in DECIMALS and isinstance(value, int):
        return write_amount(field.type, value, grouping=True)
    return write_value(field, value)


def masked_values(kind: RecordKind, values: Mapping[str, Value]) -> dict[str, Value]:
    """The same values with identity numbers, certificates and accounts starred; telephones stay."""
    hidden = {field.name: field for field in kind.fields if field.sensitive and field.type is not Type.PHONE}
    return {
        name: _masked(hidden[name], value) if name in hidden and isinstance(value, str) else value
        for name, value in values.items()
    }


def write_value(field: Field, value: Value) -> str:
    """Plain text for exports; ``read_value`` reads it back to the same value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int):
        return write_amount(field.type, value)
    if isinstance(value, list):
        return JOIN.join(_code_text(field.code_list, code) for code in value)
    return _code_text(field.code_list, value) if field.type is Type.CODE else value


def clean_text(text: str) -> str:
    """Free text: canonical composition, no invisible or control characters, no outer blanks."""
    if text.isascii() and text.isalnum():
        return text
    lines = text.translate(INVISIBLE).replace("\r\n", "\n").replace("\r", "\n").replace("\u3000", " ")
    return unicodedata.normalize("NFC", _CONTROL.sub("", lines)).strip()


def _read_text(field: Field, text: str, today: date) -> Reading:
    cleaned = clean_text(text)
    if len(cleaned) > field.limit > 0:
        return refuse(Problem("", "text_too_long", {"count": len(cleaned), "most": field.limit}))
    return Reading(cleaned or None)


def _read_code(field: Field, text: str, today: date) -> Reading:
    code = match_code(field.code_list, text)
    if code is not None:
        return Reading(code)
    if squeezed(text) in NOTHING:
        return EMPTY
    return refuse(_unknown_code(field, text))


def _read_codes(field: Field, text: str, today: date) -> Reading:
    whole = match_code(field.code_list, text)
    if whole is not None:
        return Reading([whole])
    if squeezed(text) in NOTHING:
        return EMPTY
    codes: list[str] = []
    for part in _SEVERAL.split(unicodedata.normalize("NFKC", text).strip()):
        code = match_code(field.code_list, part) if part else None
        if part and code is None:
            return refuse(_unknown_code(field, part))
        if code is not None and code not in codes:
            codes.append(code)
    if len(codes) > field.limit > 0:
        return refuse(Problem("", "codes_too_many", {"count": len(codes), "most": field.limit}))
    return Reading(codes or None)


def _read_flag(field: Field, text: str, today: date) -> Reading:
    typed = squeezed(text).upper()
    if typed in _TRUE:
        return Reading(True)
    if typed in _FALSE:
        return Reading(False)
    if typed in NOTHING:
        return EMPTY
    if typed.startswith(("未", "不", "没", "无", "非", "否")):
        return Reading(False)
    if typed.startswith(("已", "是", "有", "参加", "享受")):
        return Reading(True)
    return refuse(Problem("", "flag_unknown", {"typed": text.strip()}))


def _read_year(field: Field, text: str, today: date) -> Reading:
    whole = read_date(text, today)
    return Reading(int(str(whole.value)[:4])) if whole.value is not None else read_amount(field, text)


def _read_ref(field: Field, text: str, today: date) -> Reading:
    typed = text.strip().lower()
    return Reading(typed) if is_hex_id(typed) else refuse(Problem("", "ref_unknown", {"typed": text.strip()}))


_READERS: Mapping[Type, Callable[[Field, str, date], Reading]] = {
    Type.TEXT: _read_text,
    Type.NAME: lambda field, text, today: read_name(text, field.limit or NAME_LIMIT),
    Type.ID_NO: lambda field, text, today: read_id(text, today),
    Type.PHONE: lambda field, text, today: read_phone(text),
    Type.BANK: lambda field, text, today: read_bank(text),
    Type.CODE: _read_code,
    Type.CODES: _read_codes,
    Type.DATE: lambda field, text, today: read_date(text, today),
    Type.MONTH: lambda field, text, today: read_month(text, today),
    Type.YEAR: _read_year,
    Type.FLAG: _read_flag,
    Type.REF: _read_ref,
}


@lru_cache(maxsize=4096)
def match_code(list_name: str, text: str) -> str | None:
    """The code that ``text`` means in that list; remembered, because a roster repeats a few spellings."""
    return code_list(list_name).match(text)


@lru_cache(maxsize=4096)
def _code_text(list_name: str, code: str) -> str:
    """The shortest name that is read back as ``code``."""
    known = code_list(list_name)
    for text in (known.short_of(code), known.name_of(code)):
        if known.match(text) == code:
            return text
    return code


def _unknown_code(field: Field, text: str) -> Problem:
    known = code_list(field.code_list)
    shown = known.quick or tuple(entry.code for entry in known.codes)
    options = JOIN.join(known.short_of(code) for code in shown[:8]) + ("……" if len(known.codes) > 8 else "")
    return Problem("", "code_unknown", {"typed": text.strip(), "options": options})


def _masked(field: Field, value: str) -> str:
    if field.type is Type.ID_NO:
        return mask_id(value, IdMask.SCREEN)
    if field.type is Type.PHONE:
        return mask_phone(value)
    return mask_bank(value) if field.type is Type.BANK else mask_certificate(value)
