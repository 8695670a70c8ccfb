"""Owns the card 基本情况: the head of household and the household's own facts, in the order of the paper form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout

from villagedesk.domain.household_entry import Placed, text_of
from villagedesk.domain.records.household import HOUSEHOLD
from villagedesk.domain.records.member import MEMBER
from villagedesk.domain.values import read_value, show_value
from villagedesk.ui import theme
from villagedesk.ui.pages.form.fields import make_field, to_editor
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.choice import Option
from villagedesk.ui.widgets.field import Field, TextLine
from villagedesk.ui.widgets.parts import column, label, row

#: Field, columns it takes of three; the head's own fields stand for the first line of the grid.
_LAYOUT = (
    ("head.name", 1),
    ("phone", 1),
    ("household_type", 1),
    ("head.id_no", 2),
    ("collected_on", 1),
    ("micro_grid", 1),
    ("villager_group", 1),
    ("residence_status", 1),
    ("address", 2),
    ("household_no", 1),
)
_NUMBER = "head.id_no"
#: Those of them that are the head's own.
HEAD_FIELDS = frozenset(name for name, _ in _LAYOUT if name.startswith("head."))


class Basics(QFrame):
    """``changed(name, text)``: a field of the household; ``head_changed(name, text)``: of the head; ``finished``:
    Enter in the last field."""

    changed = Signal(str, str)
    head_changed = Signal(str, str)
    finished = Signal()

    def __init__(self, room: Room, today: date, columns: int) -> None:
        super().__init__()
        self._room = room
        self._today = today
        self.setProperty("box", "card")
        look = room.look
        self.fields: dict[str, Field] = {}
        self._grids: dict[str, str] = {}
        self._number = ""
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.px(16))
        grid.setVerticalSpacing(look.px(8))
        for number in range(columns):
            grid.setColumnStretch(number, 1)
        line = place = 0
        for name, width in _LAYOUT:
            span = min(width, columns)
            if place + span > columns:
                line, place = line + 1, 0
            grid.addWidget(self._field(name), line, place, 1, span)
            place += span
        note = label(self.tr("性别、出生日期由身份号码自动得出"), "small", "text2")
        pad = look.px(theme.CARD_PAD)
        title = row(label(self.tr("基本情况"), "h2"), None, note)
        self.setLayout(column(title, grid, spacing=look.px(10), margins=(pad, look.px(10), look.px(20), look.px(12))))

    def _field(self, name: str) -> Field:
        kind, plain = (MEMBER, name[5:]) if name.startswith("head.") else (HOUSEHOLD, name)
        field = make_field(self._room, kind, plain)
        if name == "head.name":
            field = Field(self._room.look, self.tr("户主姓名"))
        elif name == "head.id_no":
            field = Field(self._room.look, self.tr("身份号码"))
        elif name == "micro_grid":
            field = Field(self._room.look, self.tr("网格"), options=[])
        elif name == "household_no":
            field = Field(self._room.look, self.tr("户编号"), hint=self.tr("自动"))
        field.edited.connect(lambda: self._on_edited(name))
        field.committed.connect(lambda: self._on_committed(name))
        field.entered.connect(lambda: self._on_entered(name))
        if name == _NUMBER and isinstance(field.editor, TextLine):
            field.editor.arrived.connect(lambda: field.set_value(self._number))
        self.fields[name] = field
        return field

    def _show_number(self) -> None:
        """The number in full only while it is typed or to be mended."""
        field, declared = self.fields[_NUMBER], MEMBER.by_name["id_no"]
        reading = read_value(declared, self._number, self._today)
        hidden = reading.value is not None and not field.editor.hasFocus()
        field.set_value(show_value(declared, reading.value, masked=True) if hidden else self._number)

    # -- values ------------------------------------------------------------------------------------------------

    def show_texts(self, texts: Mapping[str, str], head: Mapping[str, str]) -> None:
        """``head``: texts of the first line of the grid."""
        for name, field in self.fields.items():
            if name == _NUMBER:
                self._number = head.get("id_no", "")
                self._show_number()
            elif name.startswith("head."):
                field.set_value(head.get(name[5:], ""))
            elif name == "micro_grid":
                field.set_value(texts.get("micro_grid") or _grid_value(texts.get("grid", "")))
            else:
                field.set_value(to_editor(HOUSEHOLD.by_name[name], texts.get(name, "")))

    def set_places(self, grids: Sequence[Option], micro_grids: Sequence[Option], groups: Sequence[Option]) -> None:
        """``micro_grids``: values ``grid:micro grid``."""
        self._grids = {value.partition(":")[2]: value.partition(":")[0] for value, _ in micro_grids}
        named = dict(grids)
        options = [
            (value.partition(":")[2], f"{named.get(value.partition(':')[0], '')}·{text}") for value, text in micro_grids
        ]
        covered = {value.partition(":")[0] for value, _ in micro_grids}
        options += [(_grid_value(value), text) for value, text in grids if value not in covered]
        self.fields["micro_grid"].set_options(options)
        self.fields["villager_group"].set_options(groups)

    def _on_edited(self, name: str) -> None:
        text = self.fields[name].value()
        if name == _NUMBER:
            self._number = text
        if name.startswith("head."):
            self.head_changed.emit(name[5:], text)
        elif name == "micro_grid":
            micro, grid = ("", text[5:]) if text.startswith("grid:") else (text, self._grids.get(text, ""))
            self.changed.emit("micro_grid", micro)
            self.changed.emit("grid", grid)
        else:
            self.changed.emit(name, text)

    def _on_committed(self, name: str) -> None:
        """Show what was understood the usual way: groups in numbers, dates in one spelling."""
        if name == "micro_grid":
            return
        kind, plain = (MEMBER, name[5:]) if name.startswith("head.") else (HOUSEHOLD, name)
        declared, field = kind.by_name[plain], self.fields[name]
        reading = read_value(declared, field.value(), self._today)
        if reading.value is not None:
            usual = text_of(kind, declared, reading.value)
            if to_editor(declared, usual) != field.value():
                field.set_value(to_editor(declared, usual))
                self._on_edited(name)
        if name == _NUMBER:
            self._show_number()

    def show_head(self, texts: Mapping[str, str]) -> None:
        """The first line of the grid was changed there."""
        for name in ("name", "id_no"):
            if not self.fields[f"head.{name}"].editor.hasFocus():
                self.fields[f"head.{name}"].set_value(texts.get(name, ""))
        if not self.fields[_NUMBER].editor.hasFocus():
            self._number = texts.get("id_no", "")
            self._show_number()

    def _on_entered(self, name: str) -> None:
        names = [entry for entry, _ in _LAYOUT]
        place = names.index(name) + 1
        if place < len(names):
            self.fields[names[place]].setFocus()
        else:
            self.finished.emit()

    # -- findings ------------------------------------------------------------------------------------------------

    def show_findings(self, findings: Sequence[Placed]) -> None:
        """Problems and doubts below their fields; of the head of household only problems."""
        texts: dict[str, tuple[str, bool]] = {}
        for placed in findings:
            finding = placed.finding
            name = finding.field if placed.member < 0 else f"head.{finding.field}"
            if placed.member > 0 or name not in self.fields:
                continue
            if placed.blocks or (name not in texts and placed.member < 0):
                texts[name] = (self._room.words.say(finding.code, **finding.params), not placed.blocks)
        for name, field in self.fields.items():
            text, doubt = texts.get(name, ("", False))
            field.complain(text, doubt=doubt)


def _grid_value(grid: str) -> str:
    return f"grid:{grid}" if grid else ""
