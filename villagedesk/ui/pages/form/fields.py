"""Owns making the form field of a declaration: its kind of editor, its options, its label, which paper asks for it."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from villagedesk.domain.codes import code_list
from villagedesk.domain.fields import Field as Declared
from villagedesk.domain.fields import RecordKind, Type
from villagedesk.domain.values import NO, YES, match_code
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.choice import Option
from villagedesk.ui.widgets.field import Field

_BLOCK_FROM = 200


class Stand(NamedTuple):
    """Where somebody types: a cell (``line`` ≥ 0) or a field, and the place in its text."""

    line: int
    field: str
    cursor: int


def code_options(name: str, *, numbered: bool = True) -> list[Option]:
    """Codes offered in the order people expect, the short list first; only digits are shown, because they are typed."""
    known = code_list(name)
    rest = [entry.code for entry in known.codes if entry.code not in known.quick]

    def shown(code: str) -> str:
        return f"{code} {known.short_of(code)}" if numbered and code.isdigit() else known.short_of(code)

    return [(code, shown(code)) for code in (*known.quick, *rest)]


def make_field(room: Room, kind: RecordKind, name: str, *, chips: int = 0, label_width: int = 0) -> Field:
    """``chips``: so many codes as numbered buttons instead of a combo box."""
    declared = kind.by_name[name]
    options = _options(declared)
    if chips and options is not None:
        options = [(code, code_list(declared.code_list).short_of(code)) for code, _ in options[:chips]]
    made = Field(
        room.look,
        room.words.label(kind.name, name),
        options=options,
        chips=bool(chips),
        block=declared.type is Type.TEXT and declared.limit >= _BLOCK_FROM,
        hint=_hint(declared),
        label_width=label_width,
    )
    if declared.forms:
        made.setToolTip(
            room.words.say("asked_by", forms=QCoreApplication.translate("Fields", "、").join(declared.forms))
        )
    return made


def _options(declared: Declared) -> list[Option] | None:
    if declared.type is Type.CODE:
        return code_options(declared.code_list)
    if declared.type is Type.FLAG:
        return [(YES, f"1 {YES}"), (NO, f"2 {NO}")]
    return [] if declared.type is Type.REF else None


def _hint(declared: Declared) -> str:
    if declared.type is Type.CODES:
        known = code_list(declared.code_list)
        return QCoreApplication.translate("Fields", "、").join(known.short_of(code) for code in known.quick[:5])
    units = {
        Type.MU: QCoreApplication.translate("Fields", "亩"),
        Type.MONEY: QCoreApplication.translate("Fields", "元"),
        Type.SQM: "m²",
        Type.KM: "km",
    }
    return units.get(declared.type, "")


def to_editor(declared: Declared, text: str) -> str:
    """A typed text as the editor of that field shows it: combo boxes know codes, not words."""
    if declared.type is Type.CODE and text:
        return match_code(declared.code_list, text) or text
    return text
