"""Owns the row of a projection table: which place of which record it is, and how a value becomes a column and back.

Must not know the store or the fold's history.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from villagedesk.domain.fields import Field, RecordKind, Type
from villagedesk.domain.fold import Folded
from villagedesk.domain.ids import is_hex_id
from villagedesk.domain.operation import DELETED


class RecordKey(NamedTuple):
    """A record's place: the same id written in another scope is another record, so no scope can touch it."""

    scope: int
    kind: str
    record: bytes


_TEXT = frozenset({Type.TEXT, Type.NAME, Type.ID_NO, Type.PHONE, Type.BANK, Type.CODE, Type.DATE, Type.MONTH})
_WHOLE = frozenset({Type.YEAR, Type.COUNT, Type.MU, Type.SQM, Type.KM, Type.MONEY})


def fits(field: Field, value: Any) -> bool:
    """Whether a value from the wire has the field's type; one that has not is kept in ``_extra``, never dropped."""
    if value is None:
        return True
    if field.type in _TEXT:
        return type(value) is str
    if field.type in _WHOLE:
        return type(value) is int
    if field.type is Type.FLAG:
        return type(value) is bool
    if field.type is Type.REF:
        return type(value) is str and is_hex_id(value)
    return type(value) is list and all(type(entry) is str for entry in value)


def to_column(field: Field, value: Any) -> Any:
    """A fitting value as the column holds it: REF as 16 bytes, FLAG as 0/1, CODES as JSON."""
    if value is None:
        return None
    if field.type is Type.REF:
        return bytes.fromhex(value)
    if field.type is Type.FLAG:
        return int(value)
    if field.type is Type.CODES:
        return json.dumps(value, ensure_ascii=False)
    return value


def from_column(field: Field, stored: Any) -> Any:
    """The value behind a column."""
    if stored is None:
        return None
    if field.type is Type.REF:
        return bytes(stored).hex()
    if field.type is Type.FLAG:
        return bool(stored)
    if field.type is Type.CODES:
        return json.loads(stored)
    return stored


_PLAIN: Mapping[Type, type] = {**dict.fromkeys(_TEXT, str), **dict.fromkeys(_WHOLE, int), Type.FLAG: bool}


class _Column(NamedTuple):
    """Where a field stands; ``plain``: the Python type that fits as it is, None = ask ``fits`` and ``to_column``."""

    place: int
    field: Field | None
    plain: type | None


_NOWHERE = _Column(0, None, None)


@cache
def row_plan(kind: RecordKind) -> Mapping[str, _Column]:
    """The columns of a kind by field name; made once."""
    return {field.name: _Column(place + 2, field, _PLAIN.get(field.type)) for place, field in enumerate(kind.fields)}


def make_row(plan: Mapping[str, _Column], key: RecordKey, folded: Folded) -> tuple[Any, ...]:
    """A record as its row (``schema.column_names``); values that do not fit their column go to ``_extra``."""
    row: list[Any] = [None] * (len(plan) + 6)
    extra: dict[str, Any] = {}
    for name, value in folded.values.items():
        place, field, plain = plan.get(name, _NOWHERE)
        if field is not None and (type(value) is plain or value is None):
            row[place] = int(value) if value is True or value is False else value
        elif field is not None and fits(field, value):
            row[place] = to_column(field, value)
        elif name != DELETED:
            extra[name] = value
    row[0], row[1] = key.scope, key.record
    row[-4] = json.dumps(extra, ensure_ascii=False, sort_keys=True) if extra else None
    row[-3:] = int(folded.deleted), folded.t, len(folded.conflicts)
    return tuple(row)
