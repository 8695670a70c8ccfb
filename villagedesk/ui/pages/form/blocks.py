"""Owns the folded blocks below the grid: housing and land, last year's income, and the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QWidget

from villagedesk.domain.codes import code_list
from villagedesk.domain.household_entry import Placed, text_of
from villagedesk.domain.numbers import format_hundredths
from villagedesk.domain.records.household import HOUSEHOLD, Household, net_income, net_income_per_head
from villagedesk.domain.values import read_value
from villagedesk.ui.look import Look
from villagedesk.ui.pages.form.fields import make_field, to_editor
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.field import Field
from villagedesk.ui.widgets.parts import column, label, row, set_icon

HOUSING = (
    "house_structure",
    "house_area",
    "house_built",
    "house_grade",
    "toilet",
    "water",
    "power",
    "farmland",
    "leased_out",
    "leased_in",
    "paddy",
    "dry_land",
    "forest",
    "orchard",
    "pond",
)
INCOME = (
    "income_year",
    "wage_income",
    "business_income",
    "property_income",
    "transfer_income",
    "business_cost",
)
MORE = (
    "needs",
    "actual_address",
    "household_type_note",
    "collector",
    "cause_main",
    "cause_others",
    "identification_standard",
    "national_household_no",
    "bank_name",
    "bank_account",
    "fuels",
    "road",
    "road_distance",
    "broadcast",
    "relocated",
    "family_planning",
    "military_family",
    "honour_plate",
    "certified_land",
    "land_contract_no",
    "vehicle",
    "farm_machine",
    "business_entity",
    "commercial_house",
    "note",
)
_WIDE = frozenset({"needs", "note"})
BLOCKS = (HOUSING, INCOME, MORE)


class FoldHead(QPushButton):
    """Title of a block and, in quiet words, what it holds."""

    def __init__(self, look: Look, title: str) -> None:
        super().__init__()
        self._look = look
        self._title = title
        self.setProperty("kind", "fold")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._arrow, self._words = label(), label("", tone="text2")
        parts = (self._arrow, label(title, "strong"), self._words)
        for part in parts:
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setLayout(row(*parts, None, spacing=look.px(8), margins=(look.px(12), 0, look.px(12), 0)))
        self.show_open(False)

    def show_open(self, is_open: bool) -> None:
        self.setChecked(is_open)
        set_icon(self._arrow, self._look, "chevron-down" if is_open else "chevron-right", "text2")

    def summarise(self, text: str) -> None:
        self._words.setText(text)
        self.setAccessibleName(f"{self._title} {text}")


class Blocks(QFrame):
    """``changed(name, text)``: a field of the household; ``finished``: Enter in the last field of a block."""

    changed = Signal(str, str)
    finished = Signal()

    def __init__(self, room: Room, today: date, columns: int) -> None:
        super().__init__()
        self._room = room
        self._today = today
        self.setProperty("box", "card")
        self.fields: dict[str, Field] = {}
        self._heads: list[FoldHead] = []
        self._bodies: list[QWidget] = []
        titles = (self.tr("住房与土地"), self.tr("上年收入"), self.tr("其他"))
        for title, names in zip(titles, BLOCKS, strict=True):
            self._heads.append(self._head(title))
            self._bodies.append(self._body(names, columns))
        self._net = label("", tone="text2")
        look = room.look
        line = row(*self._heads, spacing=0)
        for place in range(len(self._heads)):
            line.setStretch(place, 1)
        self.setLayout(column(line, *self._bodies, spacing=0, margins=(look.px(4),) * 4))
        income = self._bodies[1].layout()
        assert isinstance(income, QGridLayout)
        income.addWidget(self._net, income.rowCount(), 0, 1, columns)
        self.open_block(-1)

    def _head(self, title: str) -> FoldHead:
        look = self._room.look
        head = FoldHead(look, title)
        place = len(self._heads)
        head.clicked.connect(lambda on: self.open_block(place if on else -1))
        return head

    def _body(self, names: Sequence[str], columns: int) -> QWidget:
        body = QWidget()
        grid = QGridLayout(body)
        look = self._room.look
        grid.setContentsMargins(look.px(12), look.px(8), look.px(16), look.px(12))
        grid.setHorizontalSpacing(look.px(16))
        grid.setVerticalSpacing(look.px(8))
        line = place = 0
        for name in names:
            span = columns if name in _WIDE else 1
            if place + span > columns:
                line, place = line + 1, 0
            grid.addWidget(self._field(name, names), line, place, 1, span)
            place += span
        for number in range(columns):
            grid.setColumnStretch(number, 1)
        return body

    def _field(self, name: str, names: Sequence[str]) -> Field:
        field = make_field(self._room, HOUSEHOLD, name)
        field.edited.connect(lambda: self.changed.emit(name, field.value()))
        field.committed.connect(lambda: self._on_committed(name))
        place = names.index(name) + 1
        after: Callable[[], object] = (
            (lambda: self.fields[names[place]].setFocus()) if place < len(names) else self.finished.emit
        )
        field.entered.connect(lambda: after())
        self.fields[name] = field
        return field

    def open_block(self, number: int) -> None:
        """Unfold one block (-1 = none)."""
        for place, (head, body) in enumerate(zip(self._heads, self._bodies, strict=True)):
            shown = place == number
            head.show_open(shown)
            body.setVisible(shown)
        if number >= 0:
            self.fields[BLOCKS[number][0]].setFocus()

    def show_field(self, name: str) -> bool:
        """Unfold the block of a field and stand there."""
        for number, names in enumerate(BLOCKS):
            if name in names:
                self.open_block(number)
                self.fields[name].setFocus()
                return True
        return False

    def show_texts(self, texts: Mapping[str, str]) -> None:
        for name, field in self.fields.items():
            field.set_value(to_editor(HOUSEHOLD.by_name[name], texts.get(name, "")))

    def summarise(self, household: Household, people: int) -> None:
        """What a folded block holds, in one line."""
        structure = code_list("house_structure").short_of(household.house_structure)
        area = f" {format_hundredths(household.house_area).removesuffix('.00')} m²" if household.house_area else ""
        land = self.tr("耕地 {n} 亩").format(n=format_hundredths(household.farmland)) if household.farmland else ""
        housing = "·".join(filter(None, (f"{structure}{area}".strip(), land)))
        net, per_head = net_income(household), net_income_per_head(household, people)
        income = ""
        if net is not None and per_head is not None:
            income = self.tr("人均纯收入 {n} 元").format(n=format_hundredths(per_head, grouping=True))
            whole = self.tr("纯收入 {n} 元").format(n=format_hundredths(net, grouping=True))
            self._net.setText(self.tr("{whole}，{a_head}").format(whole=whole, a_head=income))
        else:
            self._net.setText("")
        filled = sum(1 for name in MORE if getattr(household, name) is not None)
        more = self.tr("已填 {n} 项").format(n=filled) if filled else ""
        for head, text in zip(self._heads, (housing, income, more), strict=True):
            head.summarise(text or self.tr("未填"))

    def _on_committed(self, name: str) -> None:
        declared, field = HOUSEHOLD.by_name[name], self.fields[name]
        reading = read_value(declared, field.value(), self._today)
        if reading.value is not None:
            usual = to_editor(declared, text_of(HOUSEHOLD, declared, reading.value))
            if usual != field.value():
                field.set_value(usual)
                self.changed.emit(name, usual)

    def show_findings(self, findings: Sequence[Placed]) -> None:
        texts: dict[str, tuple[str, bool]] = {}
        for placed in findings:
            name = placed.finding.field
            if placed.member < 0 and name in self.fields and (placed.blocks or name not in texts):
                texts[name] = (self._room.words.say(placed.finding.code, **placed.finding.params), not placed.blocks)
        for name, field in self.fields.items():
            text, doubt = texts.get(name, ("", False))
            field.complain(text, doubt=doubt)
