"""Owns the history of a household and its people: who changed what, when, at which desk, and 撤销 of a step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from villagedesk.domain.catalogue import BY_NAME
from villagedesk.domain.operation import DELETED
from villagedesk.domain.values import show_value
from villagedesk.services import desks, history, households
from villagedesk.services.desks import Desk
from villagedesk.services.history import Step
from villagedesk.ui import theme
from villagedesk.ui.models.table import Cell, Column, Row
from villagedesk.ui.pages.page import Hint, Page, PageHead
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.parts import button, clear, column, frame, hairline, label, row
from villagedesk.ui.widgets.table import TableView

_NAMED = 4
_MARK = 6
#: So many fields filled at once for the first time are named without their values.
_FIRST = 2
Found = tuple[str, list[Step], Mapping[str, str]]


class HistoryPage(Page):
    """历史.  Arrives with the id of a household."""

    name = "history"
    root = "households"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        look = room.look
        self._key = b""
        self._places: Mapping[str, str] = {}
        self._devices: Mapping[str, str] = {}
        self.head = PageHead(room, self.tr("历史"), (self.tr("农户"), self._leave))
        self.head.add(button(look, self.tr("返回"), self._leave, key="Esc"))
        self.body.addWidget(self.head)
        columns = (
            Column(self.tr("时间"), 150),
            Column(self.tr("谁"), 124),
            Column(self.tr("电脑"), 100),
            Column(self.tr("改了什么")),
        )
        self.table = TableView(look, columns, self.tr("历史"))
        self.table.chosen.connect(self._on_chosen)
        sheet = frame("card")
        sheet.setLayout(column(self.table, margins=(1, 1, 1, 1)))
        line = row(sheet, self._side(), spacing=look.px(theme.GUTTER))
        line.setStretch(0, 1)
        self.body.addLayout(line, 1)
        self.key("Esc", self._leave)
        room.events.changed.connect(self._on_changed)

    def _side(self) -> QFrame:
        look = self.room.look
        side = frame("card")
        side.setFixedWidth(look.px(theme.DETAIL_PANEL + 60))
        content = QWidget()
        self._content = QVBoxLayout(content)
        pad = look.px(theme.CARD_PAD)
        self._content.setContentsMargins(pad, pad, pad, pad)
        self._content.setSpacing(look.px(6))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(content)
        self._undo = button(look, self.tr("撤销这一步"), self._on_undo, icon="undo-2")
        note = label(self.tr("撤销也记在历史里，之后改过的栏目不动。"), "small", "text2", wrap=True)
        foot = column(note, row(self._undo, None), spacing=look.px(8), margins=(pad, look.px(8), pad, pad))
        layout = column(scroll, hairline(), foot, spacing=0)
        layout.setStretch(0, 1)
        side.setLayout(layout)
        return side

    def hints(self) -> tuple[Hint, ...]:
        return (("↑ ↓", self.tr("选一步")), ("Ctrl Z", self.tr("撤销这一步")), ("Esc", self.tr("返回")))

    def arrive(self, what: Any) -> None:
        if isinstance(what, bytes):
            self._key = what
        self.read(households.place_options, self._on_places, key="places")
        self.read(partial(_steps, self._key), self._on_steps, key="history")

    def state(self) -> Any:
        return self._key

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if self._key and self.isVisible() and kinds & {"household", "member"}:
            self.arrive(None)

    def _on_places(self, options: dict[str, list[tuple[str, str]]]) -> None:
        self._places = {key.rpartition(":")[2]: name for found in options.values() for key, name in found}

    def _on_steps(self, found: Found) -> None:
        head, steps, self._devices = found
        self.head.subtitle.setText(head)
        self.table.show_rows([Row(step, self._cells(step)) for step in steps])
        self.table.choose(0)
        self.table.setFocus()

    def _cells(self, step: Step) -> tuple[Cell, ...]:
        moment = datetime.fromtimestamp(step.at / 1000).strftime("%Y-%m-%d %H:%M")
        device = self._devices.get(step.device, step.device)
        return (
            Cell(moment),
            Cell(step.by or "—", "text2"),
            Cell(device or self.tr("本机"), "text2"),
            Cell(self._summary(step), icon="" if step.origin == "typed" else "undo-2"),
        )

    def _summary(self, step: Step) -> str:
        parts = []
        for kind, who, entry in step.parts[:_NAMED]:
            made = len(entry.changes) > _FIRST and all(before is None for _, before, _ in entry.changes)
            names = [
                self._label(kind, change[0]) if made else self._brief(kind, *change)
                for change in entry.changes
                if change[0] not in ("household", "seq")
            ]
            more = self.tr(" 等 {n} 项").format(n=len(names)) if len(names) > _NAMED else ""
            what = self.tr("、").join(names[:_NAMED]) + more
            parts.append(self.tr("{who}：{what}").format(who=who or self.tr("本户"), what=what))
        more = self.tr("，共 {n} 处").format(n=len(step.parts)) if len(step.parts) > _NAMED else ""
        forms = {"typed": "{what}", "undone": self.tr("撤销 {what}"), "again": self.tr("恢复 {what}")}
        if step.wide and step.origin == "typed":
            forms["typed"] = self.tr("花名册导入 {what}") if step.made else self.tr("花名册更新 {what}")
        return forms[step.origin].format(what=self.tr("；").join(parts) + more)

    def _brief(self, kind: str, name: str, before: Any, after: Any) -> str:
        """A field, from what to what."""
        title = self._label(kind, name)
        if name == DELETED:
            return title if after else self.tr("不再作废")
        old, new = self._shown(kind, name, before), self._shown(kind, name, after)
        return self.tr("{field} {old} → {new}").format(field=title, old=old, new=new)

    def _label(self, kind: str, name: str) -> str:
        return self.tr("作废") if name == DELETED else self.room.words.label(kind, name)

    def _on_chosen(self, step: Step | None) -> None:
        clear(self._content)
        self._undo.setEnabled(step is not None)
        if step is None:
            return
        for kind, who, entry in step.parts:
            self._content.addWidget(label(who or self.tr("本户"), "strong"))
            for name, before, after in entry.changes:
                if name not in ("household", "seq"):
                    self._content.addWidget(self._change(kind, name, before, after))
            self._content.addSpacing(self.room.look.px(6))
        self._content.addStretch(1)

    def _change(self, kind: str, name: str, before: Any, after: Any) -> QWidget:
        title = label(self._label(kind, name), tone="text2", wrap=True)
        title.setFixedWidth(self.room.look.px(100))
        old, new = self._shown(kind, name, before), self._shown(kind, name, after)
        value = label(new if before is None else f"{old} → {new}", wrap=True)
        box = QWidget()
        line = row(title, value, spacing=self.room.look.px(8))
        line.setStretch(1, 1)
        box.setLayout(line)
        return box

    def _shown(self, kind: str, name: str, value: Any) -> str:
        if name == DELETED:
            return self.tr("是") if value else self.tr("否")
        declared = BY_NAME[kind].by_name.get(name)
        if value is None or value == "":
            return self.tr("空")
        if declared is None:
            return str(value)
        return self._places.get(str(value), "") or show_value(declared, value, masked=True)

    def takes_back(self) -> bool:
        """The step chosen, never something of another household."""
        self._on_undo()
        return True

    def _on_undo(self) -> None:
        step = self.table.current_key()
        if isinstance(step, Step):
            self.room.notices.take_back.emit(step.action, step.origin == "undone")

    def _leave(self) -> None:
        self.go("households", self._key)


def _steps(key: bytes, desk: Desk) -> Found:
    file = households.read_household(desk, key)
    head = next((entry.member.name or "" for entry in file.present if entry.member.relation == "02"), "")
    title = f"{head} {file.household.household_no or ''}".strip()
    return title, history.household_steps(desk, key), _devices(desk)


def _devices(desk: Desk) -> Mapping[str, str]:
    """Beginning of a computer's mark → where it stands; "" = here."""
    trust = desks.known_trust(desk)
    villages = dict(households.place_options(desk)["village"])
    named: dict[str, str] = {}
    for device, (known, _) in (trust.devices if trust is not None else {}).items():
        place = next((villages[scope.hex()] for scope in known.scopes if scope.hex() in villages), "")
        named[device.hex()[:_MARK]] = desk.profile.town_name if known.town else place or device.hex()[:_MARK]
    return named | {device.hex()[:_MARK]: "" for device in desks.own_devices(desk)}
