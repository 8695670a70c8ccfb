"""Owns what is asked of the list of households: the one search box, the filters, and what was understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from villagedesk.domain.codes import code_list
from villagedesk.services.households import HouseholdQuery
from villagedesk.services.households import Page as HouseholdPage
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.choice import Choice, Option
from villagedesk.ui.widgets.field import SearchLine
from villagedesk.ui.widgets.parts import button, column, icon_label, label, row

#: Stands among the types: households that are no more.
_VOIDED = "voided"


class QueryBar(QWidget):
    """``changed``: something else is asked; ``entered``: Enter in the search box; ``below``: the arrow down there."""

    changed = Signal()
    entered = Signal()
    below = Signal()

    def __init__(self, room: Room) -> None:
        super().__init__()
        look, town = room.look, room.profile.role == "town"
        self._only_conflicts = False
        self._kept: Mapping[str, str] = {}
        self.search = SearchLine(look, self.tr("查找农户"))
        self.search.setPlaceholderText(self.tr("姓名、拼音首字母、证件后四位"))
        self.search.setMinimumWidth(look.px(262))
        self.search.textChanged.connect(lambda _: self.changed.emit())
        self.search.entered.connect(self.entered)
        self._everything = {
            "village": self.tr("全部村"),
            "grid": self.tr("全部网格"),
            "villager_group": self.tr("全部组"),
            "household_type": self.tr("全部类型"),
        }
        self.filters = {kind: Choice(look, title, [("", title)]) for kind, title in self._everything.items()}
        self.filters["village"].setVisible(town)
        self.filters["villager_group"].setVisible(not town)
        types = [(code.code, code.name) for code in code_list("household_type").codes]
        self._offer("household_type", [*types, (_VOIDED, self.tr("已作废"))])
        for choice in self.filters.values():
            choice.setFixedWidth(look.px(124))
            choice.currentIndexChanged.connect(lambda _: self.changed.emit())
        self._found = label("", tone="text2")
        self._clear = button(look, self.tr("清空"), self.clear, kind="link")
        self._understood = label("", "small", "text2")
        self._hint = QWidget()
        self._hint.setLayout(row(icon_label(look, "keyboard", "text2"), self._understood, None, spacing=look.px(6)))
        tools = row(self.search, *self.filters.values(), None, self._found, self._clear, spacing=look.px(8))
        tools.setStretch(0, 1)
        self.setLayout(column(tools, self._hint, spacing=look.px(8)))

    def _offer(self, kind: str, options: Sequence[Option]) -> None:
        self.filters[kind].set_options([("", self._everything[kind]), *options])

    # -- what is asked -------------------------------------------------------------------------------------------

    def query(self) -> HouseholdQuery:
        chosen = {kind: choice.value() for kind, choice in self.filters.items()}
        grid, _, micro_grid = chosen["grid"].partition(":")
        voided = chosen["household_type"] == _VOIDED
        return HouseholdQuery(
            text=self.search.text(),
            grid=grid,
            micro_grid=micro_grid,
            villager_group=chosen["villager_group"],
            household_type="" if voided else chosen["household_type"],
            scope=bytes.fromhex(chosen["village"]) if chosen["village"] else None,
            conflicts=self._only_conflicts,
            voided=voided,
        )

    @property
    def asks(self) -> bool:
        """Whether anything narrows the list."""
        return self.query() != HouseholdQuery()

    def ask_voided(self) -> None:
        """Households that are no more."""
        self.filters["household_type"].set_value(_VOIDED)

    def ask_conflicts(self) -> None:
        """Only households with a conflict."""
        self._only_conflicts = True
        self.changed.emit()

    def clear(self) -> None:
        """Everybody again."""
        again, self._only_conflicts = self._only_conflicts, False
        for choice in self.filters.values():
            choice.setCurrentIndex(0)
        self.search.clear()
        self.search.forget_typing()
        self.search.setFocus()
        if again:
            self.changed.emit()

    def conflicts_are_gone(self) -> None:
        """There is none any more to ask for."""
        if self._only_conflicts:
            self._only_conflicts = False
            self.changed.emit()

    def seek(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self.below.emit()
            return
        super().keyPressEvent(event)

    # -- what is offered and found -------------------------------------------------------------------------------

    def offer_places(self, options: Mapping[str, Sequence[Option]]) -> bool:
        """Places to narrow by, micro grids below their grids; whether a filter of an earlier drawing came back."""
        grids = [each for grid in options["grid"] for each in (grid, *_inside(grid[0], options["micro_grid"]))]
        for kind in ("village", "villager_group"):
            self._offer(kind, options[kind])
        self._offer("grid", grids)
        kept, self._kept = self._kept, {}
        for kind, value in kept.items():
            self.filters[kind].set_value(value)
        return any(kept.values())

    def tell(self, page: HouseholdPage) -> None:
        """How many were found, and what the box made of the letters while something is typed."""
        text = self.search.text().strip()
        self._found.setText(self.tr("{n} 户").format(n=f"{page.households:,}") if self.asks else "")
        self._clear.setVisible(self.asks)
        self._hint.setVisible(bool(text))
        names = self.tr("、").join(filter(None, (entry.match or entry.card.head for entry in page.rows[:3])))
        more = self.tr("……") if page.households > len(page.rows[:3]) else ""
        if not page.households:
            self._understood.setText(self.tr("没找到。可输姓名、拼音首字母、证件后四位、电话尾号、户编号"))
        else:
            shape = self.tr("拼音") if text.isascii() and text.isalpha() else self.tr("查找")
            told = self.tr("{shape} {text}：{names}").format(shape=shape, text=text, names=names + more)
            self._understood.setText(told)

    # -- another drawing -----------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        filters = {kind: choice.value() for kind, choice in self.filters.items()}
        return {"text": self.search.text(), "filters": filters, "conflicts": self._only_conflicts}

    def go_on(self, state: Mapping[str, Any]) -> None:
        """As an earlier drawing was left; the filters follow when their places are known."""
        self._only_conflicts, self._kept = state["conflicts"], state["filters"]
        self.search.setText(state["text"])


def _inside(grid: str, micro_grids: Sequence[Option]) -> list[Option]:
    """The micro grids of a grid, to stand below it."""
    return [(value, f"　{name}") for value, name in micro_grids if value.partition(":")[0] == grid]
