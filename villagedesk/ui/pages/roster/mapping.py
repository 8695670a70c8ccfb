"""Owns the dialog that says which column of a roster is which field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QGridLayout, QScrollArea, QWidget

from villagedesk.services import roster
from villagedesk.services.roster import TableColumns
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.choice import Choice
from villagedesk.ui.widgets.parts import button, column, label, row

_KINDS = frozenset({"member", "household", "place"})


class MappingDialog(QDialog):
    """``mapping()``: heading → target for every column that was changed here."""

    def __init__(self, room: Room, tables: Sequence[TableColumns], parent: QWidget) -> None:
        super().__init__(parent)
        look = room.look
        self.setWindowTitle(self.tr("列对应"))
        self.resize(look.px(620), look.px(560))
        options = [(roster.IGNORED, self.tr("不导入"))]
        named = [target for target in roster.column_targets() if target.partition(".")[0] in _KINDS]
        options += [(target, self._name(room, target)) for target in named]
        body = QWidget()
        grid = QGridLayout(body)
        grid.setHorizontalSpacing(look.px(16))
        self._choices: dict[str, tuple[str, Choice]] = {}
        line = 0
        for table in tables:
            grid.addWidget(label(table.sheet, "small", "text2"), line, 0, 1, 3)
            line += 1
            for letter, heading, target in table.columns:
                if not heading or heading in self._choices:
                    continue
                choice = Choice(look, heading, options)
                choice.set_value(target or roster.IGNORED)
                self._choices[heading] = (target, choice)
                grid.addWidget(label(letter, tone="text3"), line, 0)
                grid.addWidget(label(heading), line, 1)
                grid.addWidget(choice, line, 2)
                line += 1
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(2, look.px(240))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        take = button(look, self.tr("照这样读"), self.accept, kind="primary")
        back = button(look, self.tr("取消"), self.reject, key="Esc")
        pad = look.px(20)
        note = label(self.tr("左边是表里的列，右边是这里的栏目。"), tone="text2")
        parts = (label(self.tr("哪一列是什么？"), "h2"), note, scroll, row(None, back, take, spacing=look.px(12)))
        layout = column(*parts, spacing=look.px(10), margins=(pad, pad, pad, pad))
        layout.setStretch(2, 1)
        self.setLayout(layout)

    @staticmethod
    def _name(room: Room, target: str) -> str:
        kind, _, field = target.partition(".")
        if kind == "place":
            return room.words.say(field)
        name = room.words.label(kind, field)
        return f"{room.words.say('household')}·{name}" if kind == "household" else name

    def mapping(self) -> dict[str, str]:
        return {
            heading: choice.value()
            for heading, (before, choice) in self._choices.items()
            if choice.value() != (before or roster.IGNORED)
        }
