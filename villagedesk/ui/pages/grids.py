"""Owns the 网格 page: grids with their micro grids, villager groups, and who answers for each."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtWidgets import QDialog, QFrame, QStackedLayout, QVBoxLayout, QWidget

from villagedesk.domain.catalogue import BY_NAME
from villagedesk.domain.codes import code_list
from villagedesk.domain.fields import Value
from villagedesk.domain.household_entry import typed_texts
from villagedesk.domain.values import read_value
from villagedesk.errors import DeskError, Refused
from villagedesk.services import place_tree, places, responsibilities
from villagedesk.services.desks import Desk
from villagedesk.services.households import today
from villagedesk.services.place_tree import Count, GridNode, GroupNode, MicroGridNode, PlaceTree
from villagedesk.services.responsibilities import ResponsibilityEntry
from villagedesk.ui import theme
from villagedesk.ui.models.table import Cell, Column, Row
from villagedesk.ui.pages.form.fields import code_options, make_field, to_editor
from villagedesk.ui.pages.page import Hint, Page, PageHead
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.field import Field
from villagedesk.ui.widgets.parts import ask, button, clear, column, frame, hairline, label, row
from villagedesk.ui.widgets.states import Empty
from villagedesk.ui.widgets.table import TableView

Node = GridNode | MicroGridNode | GroupNode
_FIELDS = {
    "grid": ("name", "code", "external_code"),
    "micro_grid": ("name", "code", "external_code"),
    "villager_group": ("number", "name", "natural_village"),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A row of the list: kind of place and its node."""

    kind: str
    node: Node


class GridsPage(Page):
    """网格."""

    name = "grids"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        look = room.look
        self._chosen: Chosen | None = None
        self.head = PageHead(room, self.tr("网格"))
        self.head.add(self.action(self.tr("加小组"), partial(self._new, "villager_group"), "users", "F4"))
        self.head.add(self.action(self.tr("加微网格"), partial(self._new, "micro_grid"), "circle-plus", "F3"))
        self.head.add(self.action(self.tr("加网格"), partial(self._new, "grid"), "plus", "F2", primary=True))
        self.body.addWidget(self.head)
        columns = (
            Column(self.tr("名称"), 200),
            Column(self.tr("编码"), 170),
            Column(self.tr("户"), 100, "right"),
            Column(self.tr("人"), 80, "right"),
            Column(self.tr("负责人")),
        )
        self.table = TableView(look, columns, self.tr("网格和小组"))
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._edit)
        sheet = frame("card")
        sheet.setLayout(column(self.table, margins=(1, 1, 1, 1)))
        work = QWidget()
        line = row(sheet, self._side(), spacing=look.px(theme.GUTTER))
        line.setStretch(0, 1)
        work.setLayout(line)
        self._stack = QStackedLayout()
        self._stack.addWidget(work)
        self._stack.addWidget(self._empty())
        self.body.addLayout(self._stack, 1)
        self.key("Del", self._void)
        room.events.changed.connect(self._on_changed)

    def _side(self) -> QFrame:
        look = self.room.look
        side = frame("card")
        side.setFixedWidth(look.px(theme.DETAIL_PANEL))
        self._title, self._note = label("", "h1", wrap=True), label("", tone="text2", wrap=True)
        self._people = QVBoxLayout()
        self._people.setSpacing(look.px(6))
        pad = look.px(theme.CARD_PAD)
        edit = button(look, self.tr("修改"), lambda: self._edit(self._chosen), icon="pencil")
        answer = button(look, self.tr("加负责人"), self._answer, icon="user-plus")
        parts = (
            self._title,
            self._note,
            hairline(),
            label(self.tr("谁负责"), "strong"),
            self._people,
            None,
            row(edit, answer, None, spacing=look.px(8)),
        )
        side.setLayout(column(*parts, spacing=look.px(8), margins=(pad, pad, pad, pad)))
        return side

    def _empty(self) -> QWidget:
        look = self.room.look
        text = self.tr("村里一般一个网格，下面分几个微网格，每个管三五十户。导入花名册时写了网格的会自动建好。")
        first = button(
            look, self.tr("建第一个网格"), partial(self._new, "grid"), kind="primary", icon="plus", key="F2", size="big"
        )
        return Empty(look, "map", self.tr("还没有网格"), text, [first])

    def hints(self) -> tuple[Hint, ...]:
        return (
            ("F2", self.tr("加网格")),
            ("F3", self.tr("加微网格")),
            ("F4", self.tr("加小组")),
            ("Enter", self.tr("修改")),
            ("Del", self.tr("作废")),
        )

    # -- loading -------------------------------------------------------------------------------------------------

    def arrive(self, what: Any) -> None:
        self.read(place_tree.read_places, self._on_tree, key="places")
        self.table.setFocus()

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if kinds & {"grid", "micro_grid", "villager_group", "responsibility", "household"} and self.isVisible():
            self.read(place_tree.read_places, self._on_tree, key="places")

    def _on_tree(self, tree: PlaceTree) -> None:
        rows = []
        for grid in tree.grids:
            rows.append(self._row("grid", grid, grid.record.name or "", grid.record.code or "", grid.chiefs))
            for micro in grid.micro_grids:
                title = f"　{micro.record.name or ''}"
                rows.append(self._row("micro_grid", micro, title, micro.record.code or "", micro.chiefs))
        for group in tree.groups:
            chiefs = tuple(entry.record.person_name or "" for entry in group.responsible)
            rows.append(self._row("villager_group", group, group.record.name or "", self.tr("村民小组"), chiefs))
        self._stack.setCurrentIndex(0 if rows else 1)
        counts = self.tr("{g} 个网格 · {s} 个小组 · {h} 户").format(
            g=len(tree.grids), s=len(tree.groups), h=f"{tree.whole.households:,}"
        )
        loose = tree.without_grid.households
        self.head.subtitle.setText(counts + (self.tr("，{n} 户没分网格").format(n=loose) if loose else ""))
        wanted = self._chosen.node.id if self._chosen else None
        self.table.show_rows(rows)
        place = next((number for number, entry in enumerate(rows) if entry.key.node.id == wanted), 0)
        self.table.choose(place)

    def _row(self, kind: str, node: Node, title: str, code: str, chiefs: Sequence[str]) -> Row:
        count: Count = node.count
        cells = (
            Cell(title, strong=kind == "grid"),
            Cell(code, "text2"),
            Cell(f"{count.households:,}"),
            Cell(f"{count.people:,}"),
            Cell(self.tr("、").join(chiefs) or "—", "text" if chiefs else "text3"),
        )
        return Row(Chosen(kind, node), cells)

    def _on_chosen(self, chosen: Chosen | None) -> None:
        self._chosen = chosen
        clear(self._people)
        if chosen is None:
            return
        node = chosen.node
        self._title.setText(node.record.name or "")
        self._note.setText(self.tr("{h} 户 {p} 人").format(h=node.count.households, p=node.count.people))
        for entry in node.responsible:
            self._people.addLayout(self._person(entry))
        if not node.responsible:
            self._people.addWidget(label(self.tr("还没有写谁负责"), tone="text3"))

    def _person(self, entry: ResponsibilityEntry) -> QVBoxLayout:
        role = code_list("role").short_of(entry.record.role)
        since = entry.record.valid_from or ""
        end = button(self.room.look, self.tr("卸任"), partial(self._end, entry.id), kind="link")
        line = row(
            label(entry.record.person_name or ""), label(role, tone="text2"), None, label(since, "small", "text2"), end
        )
        return column(line)

    # -- changing ------------------------------------------------------------------------------------------------

    def _new(self, kind: str) -> None:
        grid = ""
        if kind == "micro_grid":
            node = self._chosen.node if self._chosen else None
            grid = (
                node.id.hex()
                if isinstance(node, GridNode)
                else getattr(getattr(node, "record", None), "grid", "") or ""
            )
            if not grid:
                self.room.notices.tell(self.tr("先选一个网格，再加微网格"), wrong=True)
                return
        self.read(partial(places.propose, kind=kind, grid=grid), partial(self._ask, kind, None))

    def _edit(self, chosen: Chosen | None) -> None:
        if chosen is not None:
            values = BY_NAME[chosen.kind].values(chosen.node.record)
            self._ask(chosen.kind, chosen.node.id, values)

    def _ask(self, kind: str, place: bytes | None, values: dict[str, Value]) -> None:
        dialog = PlaceDialog(self.room, kind, values, self)
        if ask(dialog):
            given = {**({"grid": values["grid"]} if kind == "micro_grid" and place is None else {}), **dialog.typed()}
            self.write(partial(_save_place, kind, place, given), self._on_saved, partial(self._on_refused, kind))

    def _on_saved(self, touched: Any) -> None:
        self.room.notices.tell(self.room.words.say("saved"), touched.action if touched.operations else b"")
        self.room.events.changed.emit(touched.kinds)

    def _on_refused(self, kind: str, error: DeskError) -> None:
        if isinstance(error, Refused) and error.findings:
            first = error.findings[0]
            field = self.room.words.label(kind, first.field)
            text = self.room.words.say(first.code, **first.params)
            self.room.notices.tell(self.tr("{field}：{text}").format(field=field, text=text), wrong=True)
        else:
            self.fail(error)

    def _void(self) -> None:
        if self._chosen is not None:
            self.write(partial(places.void_place, kind=self._chosen.kind, place=self._chosen.node.id), self._on_voided)

    def _on_voided(self, touched: Any) -> None:
        self.room.notices.tell(self.room.words.say("voided"), touched.action)
        self.room.events.changed.emit(touched.kinds)

    def _answer(self) -> None:
        if self._chosen is None:
            return
        dialog = AnswerDialog(self.room, self._chosen.kind, self)
        if ask(dialog):
            given = {**dialog.typed(), "target_kind": self._chosen.kind, "target": self._chosen.node.id.hex()}
            self.write(partial(_save_answer, given), self._on_saved, partial(self._on_refused, "responsibility"))

    def _end(self, own: bytes) -> None:
        self.write(partial(responsibilities.end_responsibility, own=own), self._on_saved)


class _FieldsDialog(QDialog):
    """A few fields under a question; Enter goes on and at the end takes them over."""

    def __init__(self, room: Room, title: str, fields: dict[str, Field], parent: QWidget) -> None:
        super().__init__(parent)
        look = room.look
        self.setWindowTitle(title)
        self.setFixedWidth(look.px(theme.DIALOG))
        self.fields = fields
        take = button(look, self.tr("保存"), self.accept, kind="primary", key="F9")
        take.setShortcut("F9")
        back = button(look, self.tr("取消"), self.reject, key="Esc")
        pad = look.px(24)
        layout = column(
            label(title, "h2"), *fields.values(), row(None, back, take, spacing=look.px(12)), spacing=look.px(12)
        )
        layout.setContentsMargins(pad, pad, pad, pad)
        self.setLayout(layout)
        order = list(fields.values())
        for field, following in itertools.pairwise(order):
            field.entered.connect(following.setFocus)
        order[-1].entered.connect(self.accept)
        order[0].setFocus()

    def typed(self) -> dict[str, str]:
        """What stands in the fields, as typed."""
        return {name: field.value() for name, field in self.fields.items()}


class PlaceDialog(_FieldsDialog):
    """Name and code of a place."""

    def __init__(self, room: Room, kind: str, values: dict[str, Value], parent: QWidget) -> None:
        declared = BY_NAME[kind]
        texts = typed_texts(declared, declared.make(values))
        fields = {name: make_field(room, declared, name) for name in _FIELDS[kind]}
        for name, field in fields.items():
            field.set_value(to_editor(declared.by_name[name], texts.get(name, "")))
        super().__init__(room, room.words.say(kind), fields, parent)


class AnswerDialog(_FieldsDialog):
    """Who answers for a place, in which role, since when."""

    def __init__(self, room: Room, kind: str, parent: QWidget) -> None:
        declared = BY_NAME["responsibility"]
        fields = {name: make_field(room, declared, name) for name in ("person_name", "phone", "valid_from")}
        role = Field(
            room.look, room.words.label("responsibility", "role"), options=code_options("role", numbered=False)
        )
        role.set_value("grid_chief" if kind == "grid" else "micro_grid_chief" if kind == "micro_grid" else "")
        super().__init__(room, room.words.say("who_answers"), {"role": role, **fields}, parent)
        fields["person_name"].setFocus()


def _save_place(kind: str, place: bytes | None, typed: dict[str, Any], desk: Desk) -> Any:
    return places.save_place(desk, kind, place, _read(kind, typed, desk))[0]


def _save_answer(typed: dict[str, Any], desk: Desk) -> Any:
    return responsibilities.save_responsibility(desk, None, _read("responsibility", typed, desk))[0]


def _read(kind: str, typed: dict[str, Any], desk: Desk) -> dict[str, Value]:
    """Typed texts as values; raises ``Refused`` with the first thing that cannot be read."""
    values: dict[str, Value] = {}
    for name, text in typed.items():
        reading = read_value(BY_NAME[kind].by_name[name], str(text or ""), today(desk))
        if reading.problems:
            raise Refused(kind, reading.problems)
        values[name] = reading.value
    return values
