"""Owns the 冲突 page: one field, two values, who wrote which; 1 or 2 chooses, Enter settles and shows the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QStackedLayout, QWidget

from villagedesk.domain.catalogue import BY_NAME
from villagedesk.domain.operation import DELETED
from villagedesk.domain.values import show_value
from villagedesk.services import conflicts, households
from villagedesk.services.conflicts import OpenConflict, Side
from villagedesk.ui import theme
from villagedesk.ui.look import Look
from villagedesk.ui.models.table import Cell, Column, Row
from villagedesk.ui.pages.page import Hint, Page, PageHead
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.parts import button, column, frame, icon_label, label, row, set_icon
from villagedesk.ui.widgets.states import Empty
from villagedesk.ui.widgets.table import TableView

_LIST = 250
_CARD_HEIGHT = 160


class ValueCard(QPushButton):
    """One of the two values as a radio button: value largest, then who and when."""

    def __init__(self, look: Look, number: int) -> None:
        super().__init__()
        self._look = look
        self.setProperty("kind", "place")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(look.px(_CARD_HEIGHT))
        cap, self._place, self._mark = label(str(number), "keycap"), label("", "strong"), label()
        self._value, self._who = label("", "display", wrap=True), label("", "small", "text2")
        for part in (cap, self._place, self._mark, self._value, self._who):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        top = row(cap, self._place, None, self._mark, spacing=look.px(10))
        pad = look.px(18)
        self.setLayout(column(top, self._value, None, self._who, spacing=look.px(8), margins=(pad, pad, pad, pad)))
        self.toggled.connect(self._on_toggled)

    def show_side(self, text: str, side: Side) -> None:
        self._place.setText(side.desk)
        self._value.setText(text)
        moment = datetime.fromtimestamp(side.at / 1000).strftime("%Y-%m-%d %H:%M")
        self._who.setText("·".join(filter(None, (side.by, moment))))
        self.setAccessibleName(f"{side.desk} {text} {side.by}")
        self._on_toggled(self.isChecked())

    def _on_toggled(self, on: bool) -> None:
        set_icon(self._mark, self._look, "circle-check" if on else "circle", "accent" if on else "text3", 20)


class ConflictsPage(Page):
    """冲突.  Arrives with the id of a household whose conflicts come first, or None."""

    name = "conflicts"
    root = "households"
    settled = Signal()

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self._first = b""
        self._places: Mapping[str, str] = {}
        self._current: OpenConflict | None = None
        self.head = PageHead(room, self.tr("冲突"), (self.tr("农户"), self._leave))
        self.body.addWidget(self.head)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._work())
        done = button(room.look, self.tr("返回农户"), self._leave, kind="primary", size="big")
        text = self.tr("没选上的值都留在历史里，随时能换回来。")
        self._stack.addWidget(Empty(room.look, "circle-check", self.tr("没有冲突了"), text, [done]))
        self.body.addLayout(self._stack, 1)
        self.key("Esc", self._leave)
        self.key("1", lambda: self._cards[0].setChecked(True))
        self.key("2", lambda: self._cards[1].setChecked(True))
        self.key("Return", self._settle)
        self.key("Enter", self._settle)
        room.events.changed.connect(self._on_changed)

    def _work(self) -> QWidget:
        look = self.room.look
        self.table = TableView(look, (Column(self.tr("待选"), 110), Column("")), self.tr("待选的冲突"))
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(lambda _: self._settle())
        listing: QFrame = frame("card")
        listing.setFixedWidth(look.px(_LIST))
        listing.setLayout(column(self.table, margins=(1, 1, 1, 1)))
        self._whose, self._what = label("", "h1"), label("", tone="text2")
        self._count = label("", tone="text2")
        self._cards = (ValueCard(look, 1), ValueCard(look, 2))
        cards = row(*self._cards, spacing=look.px(16))
        note = row(
            icon_label(look, "history", "text2"),
            label(self.tr("没选的也留在历史里，随时能换回来"), "small", "text2"),
            None,
            button(look, self.tr("先放着"), self._leave, key="Esc"),
            button(look, self.tr("用选中的"), self._settle, kind="primary", icon="check", key="Enter"),
            spacing=look.px(10),
        )
        right = column(
            row(self._whose, None, self._count), self._what, look.px(8), cards, None, note, spacing=look.px(8)
        )
        work = QWidget()
        line = row(listing, right, spacing=look.px(theme.GUTTER))
        line.setStretch(1, 1)
        work.setLayout(line)
        return work

    def hints(self) -> tuple[Hint, ...]:
        return (
            ("1", self.tr("左边")),
            ("2", self.tr("右边")),
            ("Enter", self.tr("确定并看下一处")),
            ("Esc", self.tr("先放着")),
            ("Ctrl Z", self.tr("撤销")),
        )

    def arrive(self, what: Any) -> None:
        if isinstance(what, bytes):
            self._first = what
        self.read(households.place_options, self._on_places, key="places")
        self.read(conflicts.waiting, self._on_waiting, key="conflicts")

    def state(self) -> Any:
        return self._first

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if self.isVisible() and kinds & {"household", "member", "bundle"}:
            self.read(conflicts.waiting, self._on_waiting, key="conflicts")

    def _on_places(self, options: dict[str, list[tuple[str, str]]]) -> None:
        self._places = {key.rpartition(":")[2]: name for found in options.values() for key, name in found}

    def _on_waiting(self, found: list[OpenConflict]) -> None:
        ordered = sorted(found, key=lambda conflict: conflict.household != self._first)
        self._stack.setCurrentIndex(0 if ordered else 1)
        self.head.subtitle.setText(self.tr("两边改了同一格，要人来选") if ordered else "")
        rows = [
            Row(
                each,
                (Cell(each.whose, strong=True), Cell(self._field(each), "text2")),
                f"{each.whose} {self._field(each)}",
            )
            for each in ordered
        ]
        self.table.show_rows(rows)
        self.table.choose(0)
        self.table.setFocus()

    def _row(self, conflict: OpenConflict) -> Row:
        field = self._field(conflict)
        cells = (Cell(conflict.whose, strong=True), Cell(field, "text2"))
        return Row(conflict, cells, f"{conflict.whose} {field}")

    def _field(self, conflict: OpenConflict) -> str:
        if conflict.field == DELETED:
            return self.tr("作废")
        return self.room.words.label(conflict.kind, conflict.field)

    def _on_chosen(self, conflict: OpenConflict | None) -> None:
        self._current = conflict
        if conflict is None:
            return
        self._whose.setText(conflict.whose)
        self._what.setText(self.tr("{field} 两边填得不一样，请选一个").format(field=self._field(conflict)))
        place, total = self.table.currentIndex().row() + 1, self.table.rows.rowCount()
        self._count.setText(self.tr("第 {a} 处，共 {b} 处").format(a=place, b=total))
        for card, side in zip(self._cards, (conflict.shown, conflict.other), strict=True):
            card.show_side(self._shown(conflict, side.value), side)
        self._cards[0].setChecked(True)

    def _shown(self, conflict: OpenConflict, value: Any) -> str:
        if conflict.field == DELETED:
            return self.tr("作废") if value else self.tr("保留")
        declared = BY_NAME[conflict.kind].by_name.get(conflict.field)
        if value is None:
            return self.tr("空")
        if declared is None:
            return str(value)
        return self._places.get(str(value), "") or show_value(declared, value, masked=True)

    def _settle(self) -> None:
        conflict = self._current
        if conflict is None:
            return
        chosen = conflict.shown if self._cards[0].isChecked() else conflict.other
        self.write(partial(conflicts.settle, conflict=conflict, value=chosen.value), self._on_settled)

    def _on_settled(self, touched: Any) -> None:
        self.room.notices.tell(self.tr("选好了"), touched.action)
        self.room.events.changed.emit(touched.kinds)
        self.settled.emit()

    def _leave(self) -> None:
        self.go("households", self._first or None)
