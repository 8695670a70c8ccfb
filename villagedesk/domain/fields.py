"""Owns how a field of a record kind is declared: once, and read by form, table, workbook, paper, bundle and rules.

Must not know how any of those readers work.  Values on the wire and in the store are ``str``, ``int``, ``bool``,
``list[str]`` or ``None`` (unknown); never floats:

===========  =====================================================================
type         value
===========  =====================================================================
TEXT, NAME   str, normalised (domain reference 1.8)
ID_NO        str, 18 characters, upper case (GB 11643-1999)
PHONE, BANK  str of digits (1.7)
CODE         str, a code of ``code_list``; CODES: list of such codes
DATE         str ``YYYY-MM-DD``; MONTH ``YYYY-MM``
YEAR, COUNT  int
MU           int, hundredths of a 亩 (section 11); SQM hundredths of m²; KM tenths of km
MONEY        int, 分 (hundredths of a yuan)
FLAG         bool
REF          str, 32 hex digits: the id of a record of kind ``target``
===========  =====================================================================
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, Literal

Value = str | int | bool | list[str] | None
Values = Mapping[str, Value]

_FIELD = "villagedesk"


class Type(Enum):
    """What a field holds; see the table above."""

    TEXT = "text"
    NAME = "name"
    ID_NO = "id_no"
    PHONE = "phone"
    BANK = "bank"
    CODE = "code"
    CODES = "codes"
    DATE = "date"
    MONTH = "month"
    YEAR = "year"
    COUNT = "count"
    MU = "mu"
    SQM = "sqm"
    KM = "km"
    MONEY = "money"
    FLAG = "flag"
    REF = "ref"


#: Decimal places behind an integer value.
DECIMALS: Mapping[Type, int] = {Type.MU: 2, Type.SQM: 2, Type.KM: 1, Type.MONEY: 2}


@dataclass(frozen=True, slots=True)
class Field:
    """One declared field.

    ``forms`` names the official forms that ask for it (domain reference 3.2), so that the window can say why it is
    asked; ``sensitive`` fields are masked on screen and in exports; ``limit`` counts code points of text, list entries
    of CODES, or is the largest integer.
    """

    name: str
    type: Type
    required: bool = False
    sensitive: bool = False
    code_list: str = ""
    target: str = ""
    limit: int = 0
    least: int = 0
    forms: tuple[str, ...] = ()
    since: int = 1


def declare(
    type: Type,
    *,
    required: bool = False,
    sensitive: bool = False,
    code_list: str = "",
    target: str = "",
    limit: int = 0,
    least: int = 0,
    forms: tuple[str, ...] = (),
    since: int = 1,
) -> Any:
    """A dataclass field that carries its declaration; every field starts unknown (None)."""
    return dataclasses.field(
        default=None,
        metadata={
            _FIELD: Field(
                name="",
                type=type,
                required=required,
                sensitive=sensitive,
                code_list=code_list,
                target=target,
                limit=limit or _LIMITS.get(type, 0),
                least=least,
                forms=forms,
                since=since,
            )
        },
    )


_LIMITS: Mapping[Type, int] = {
    Type.TEXT: 200,
    Type.NAME: 50,
    Type.CODES: 8,
    Type.COUNT: 999,
    Type.YEAR: 2100,
    Type.MU: 100_000_000,
    Type.SQM: 100_000_000,
    Type.KM: 100_000,
    Type.MONEY: 10**12,
}

KindClass = Literal["register", "fact", "publication", "link"]


@dataclass(frozen=True)
class RecordKind:
    """A kind of record: its name on every floor, how it folds (sync.md section 2), and its fields in form order."""

    name: str
    record_class: KindClass
    record: type[Any]
    town_only: bool = False

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return tuple(
            dataclasses.replace(entry.metadata[_FIELD], name=entry.name)
            for entry in dataclasses.fields(self.record)
            if _FIELD in entry.metadata
        )

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}

    def make(self, values: Values) -> Any:
        """The record with known fields taken from ``values``; unknown names are left to ``_extra``."""
        return self.record(**{name: values[name] for name in self.by_name if name in values})

    def values(self, record: Any) -> dict[str, Value]:
        """Field values of a record, unknown ones as None."""
        return {field.name: getattr(record, field.name) for field in self.fields}
