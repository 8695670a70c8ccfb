"""Owns the dialogs about one person: the fields that have no column in the grid, and how a person leaves the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QPushButton, QScrollArea, QWidget

from villagedesk.domain.fields import Value
from villagedesk.domain.household_entry import TypedMember, text_of
from villagedesk.domain.records.member import MEMBER
from villagedesk.domain.values import read_value
from villagedesk.ui import theme
from villagedesk.ui.models.members import GRID
from villagedesk.ui.pages.form.fields import code_options, make_field, to_editor
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.field import Field
from villagedesk.ui.widgets.parts import button, column, label, row

_HIDDEN = frozenset({"household", "seq", "sex", "birth_date", *GRID})


class MemberDialog(QDialog):
    """Every field of a person that the grid does not show.  Enter goes on, F9 or the button takes it over."""

    def __init__(self, room: Room, member: TypedMember, today: date, parent: QWidget) -> None:
        super().__init__(parent)
        self._member = member
        self._today = today
        look = room.look
        name = member.texts.get("name", "")
        self.setWindowTitle(name)
        self.resize(look.px(860), look.px(600))
        names = [field.name for field in MEMBER.fields if field.name not in _HIDDEN]
        body = QWidget()
        grid = QGridLayout(body)
        grid.setHorizontalSpacing(look.px(16))
        grid.setVerticalSpacing(look.px(8))
        self.fields: dict[str, Field] = {}
        for place, field_name in enumerate(names):
            field = make_field(room, MEMBER, field_name, label_width=104)
            field.set_value(to_editor(MEMBER.by_name[field_name], member.texts.get(field_name, "")))
            field.committed.connect(partial(self._on_committed, room, field_name))
            field.entered.connect(partial(self._on_entered, names, place))
            grid.addWidget(field, place // 2, place % 2)
            self.fields[field_name] = field
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        self._take = button(look, self.tr("好了"), self.accept, kind="primary", key="F9")
        self._take.setShortcut("F9")
        back = button(look, self.tr("取消"), self.reject, key="Esc")
        pad = look.px(20)
        title = label(self.tr("{name} 的其他信息").format(name=name), "h2")
        layout = column(title, scroll, row(None, back, self._take, spacing=look.px(12)), spacing=look.px(12))
        layout.setContentsMargins(pad, pad, pad, pad)
        self.setLayout(layout)
        self.fields[names[0]].setFocus()

    def member(self) -> TypedMember:
        """The person with what was typed here."""
        texts = dict(self._member.texts)
        for name, field in self.fields.items():
            if field.value() or texts.get(name):
                texts[name] = field.value()
        return replace(self._member, texts=texts)

    def _on_committed(self, room: Room, name: str) -> None:
        field, declared = self.fields[name], MEMBER.by_name[name]
        reading = read_value(declared, field.value(), self._today)
        wrong = reading.problems[0] if reading.problems else None
        field.complain(room.words.say(wrong.code, **wrong.params) if wrong else "")
        if reading.value is not None:
            field.set_value(to_editor(declared, text_of(MEMBER, declared, reading.value)))

    def _on_entered(self, names: list[str], place: int) -> None:
        if place + 1 < len(names):
            self.fields[names[place + 1]].setFocus()
        else:
            self._take.setFocus()


class LeavingDialog(QDialog):
    """Why a saved person is taken off the form.  The harmless button has the focus."""

    def __init__(self, room: Room, name: str, today: date, parent: QWidget) -> None:
        super().__init__(parent)
        look = room.look
        self.choice: Mapping[str, Value] | None = None
        self.setWindowTitle(self.tr("减人"))
        self.setFixedWidth(look.px(theme.DIALOG))
        self._today = today
        self.reason = Field(look, room.words.label("member", "reason_out"), options=code_options("reason_out"))
        self.day = make_field(room, MEMBER, "valid_to")
        self.day.set_value(today.isoformat())
        title = label(self.tr("{name} 怎么不在这户了？").format(name=name), "h2", wrap=True)
        note = label(self.tr("离户的人留在历史里，花名册上不再有他。录错的人才作废。"), tone="text2", wrap=True)
        self._leave = button(look, self.tr("记为离户"), self._on_leave, kind="primary")
        mistake = button(look, self.tr("录错了，作废"), self._on_mistake, kind="danger")
        back: QPushButton = button(look, self.tr("不动"), self.reject, key="Esc")
        pad = look.px(24)
        buttons = row(mistake, None, back, self._leave, spacing=look.px(12))
        layout = column(title, note, self.reason, self.day, buttons, spacing=look.px(12))
        layout.setContentsMargins(pad, pad, pad, pad)
        self.setLayout(layout)
        back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_leave(self) -> None:
        reading = read_value(MEMBER.by_name["valid_to"], self.day.value(), self._today)
        self.reason.complain("" if self.reason.value() else self.tr("请选离开的原因"))
        self.day.complain("" if reading.value else self.tr("请填离开日期，如 20261123"))
        if self.reason.value() and reading.value:
            self.choice = {"valid_to": reading.value, "reason_out": self.reason.value()}
            self.accept()

    def _on_mistake(self) -> None:
        self.choice = None
        self.accept()
