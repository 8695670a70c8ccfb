"""Owns the row of a projection table: which place of which record it is, and how a value becomes a column and back.

Must not know the store or the fold's history.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from itertools import compress, count
from operator import contains, not_
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


class RowPlan(NamedTuple):
    """The fields of a kind in the order of their columns; ``plain``: by field, the types of values that stand in the
    column as they are (any other is asked for by ``fits`` and ``to_column``); ``flags``: where truth becomes 0 or 1."""

    fields: tuple[Field, ...]
    names: tuple[str, ...]
    known: frozenset[str]
    plain: tuple[frozenset[type], ...]
    flags: tuple[int, ...]


@cache
def row_plan(kind: RecordKind) -> RowPlan:
    """The plan of a kind; made once."""
    names = tuple(field.name for field in kind.fields)
    plain = tuple(
        frozenset({type(None), _PLAIN[field.type]} if field.type in _PLAIN else {type(None)}) for field in kind.fields
    )
    flags = tuple(place for place, field in enumerate(kind.fields) if field.type is Type.FLAG)
    return RowPlan(kind.fields, names, frozenset({*names, DELETED}), plain, flags)


def make_row(plan: RowPlan, key: RecordKey, folded: Folded) -> tuple[Any, ...]:
    """A record as its row (``schema.column_names``); values that do not fit their column go to ``_extra``."""
    values = folded.values
    cells: list[Any] = list(map(values.get, plan.names))
    extra = {} if plan.known.issuperset(values) else {name: values[name] for name in values.keys() - plan.known}
    for place in compress(count(), map(not_, map(contains, plan.plain, map(type, cells)))):
        field, value = plan.fields[place], cells[place]
        if fits(field, value):
            cells[place] = to_column(field, value)
        else:
            cells[place], extra[field.name] = None, value
    for place in plan.flags:
        if cells[place] is not None:
            cells[place] = int(cells[place])
    unknown = json.dumps(extra, ensure_ascii=False, sort_keys=True) if extra else None
    return (key.scope, key.record, *cells, unknown, int(folded.deleted), folded.t, len(folded.conflicts))
