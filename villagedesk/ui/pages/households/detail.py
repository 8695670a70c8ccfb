"""Owns the panel beside the list: one household at a glance, read only, numbers masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from villagedesk.domain.codes import code_list
from villagedesk.domain.household_entry import age_on
from villagedesk.domain.household_rules import born_on
from villagedesk.domain.masks import mask_phone
from villagedesk.domain.numbers import format_hundredths
from villagedesk.domain.records.household import Household, net_income_per_head
from villagedesk.services.history import Step
from villagedesk.services.households import HouseholdFile
from villagedesk.ui import theme
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.parts import button, clear, column, hairline, label, row

_RECENT = 4
#: A longer name gets a line of its own, or several.
_SHORT_NAME = 8


class HouseholdDetail(QFrame):
    """``edit``, ``print_form``, ``see_history``, ``bring_back``: the buttons below; ``settle``: its conflicts are to be
    looked at."""

    edit = Signal()
    settle = Signal()
    print_form = Signal()
    see_history = Signal()
    bring_back = Signal()

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        look = room.look
        self.setProperty("box", "card")
        self.setFixedWidth(look.px(theme.DETAIL_PANEL))
        content = QWidget()
        self._content = QVBoxLayout(content)
        pad = look.px(theme.CARD_PAD)
        self._content.setContentsMargins(pad, pad, pad, look.px(8))
        self._content.setSpacing(look.px(6))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        buttons = row(
            button(look, self.tr("修改"), self.edit.emit, icon="pencil"),
            button(look, self.tr("打印"), self.print_form.emit, icon="printer"),
            button(look, self.tr("历史"), self.see_history.emit, icon="history"),
            None,
            spacing=look.px(8),
            margins=(pad, look.px(8), pad, look.px(14)),
        )
        self._buttons, self._back = QWidget(), QWidget()
        self._buttons.setLayout(buttons)
        back = button(look, self.tr("恢复这一户"), self.bring_back.emit, icon="undo-2")
        self._back.setLayout(row(back, None, margins=(pad, look.px(8), pad, look.px(14))))
        outer = column(scroll, self._buttons, self._back, spacing=0)
        outer.setStretch(0, 1)
        self.setLayout(outer)
        self.empty()

    def empty(self) -> None:
        """Nobody chosen."""
        clear(self._content)
        self._buttons.hide()
        self._back.hide()
        self._content.addStretch(1)
        self._content.addWidget(label(self.tr("选一户，这里看详情"), tone="text3"))
        self._content.addStretch(1)

    def show_file(
        self,
        file: HouseholdFile,
        places: Mapping[str, str],
        recent: Sequence[Step],
        today: date,
        *,
        voided: bool = False,
    ) -> None:
        """``places``: hex id → name; ``voided``: it is 已作废, so that it can only be brought back."""
        clear(self._content)
        look, home = self._room.look, file.household
        self._content.addLayout(self._title(file))
        spots = [places.get(str(getattr(home, name) or ""), "") for name in ("grid", "micro_grid", "villager_group")]
        if self._room.profile.role == "town":
            spots.insert(0, places.get(file.scope.hex(), ""))
        self._content.addWidget(label("·".join(filter(None, spots)) or self.tr("还没分网格和组"), tone="text2"))
        if file.conflicts:
            text = self.tr("有 %n 处冲突，去选", "", file.conflicts)
            self._content.addLayout(row(button(look, text, self.settle.emit, kind="link", icon="git-compare"), None))
        self._content.addSpacing(look.px(6))
        self._content.addWidget(hairline())
        self._content.addSpacing(look.px(6))
        for name, text in self._facts(home, len(file.present)):
            self._content.addLayout(self._fact(name, text))
        self._content.addSpacing(look.px(8))
        self._people(file, today)
        self._content.addSpacing(look.px(8))
        self._recent(recent)
        self._content.addStretch(1)
        self._buttons.setVisible(not voided)
        self._back.setVisible(voided)

    def _title(self, file: HouseholdFile) -> QVBoxLayout:
        home = file.household
        head = next((entry.member.name for entry in file.present if entry.member.relation == "02"), None)
        kind = label(code_list("household_type").name_of(home.household_type), "tag") if home.household_type else None
        number = label(home.household_no or "", "small", "text2")
        text = head or self.tr("没有户主")
        if len(text) <= _SHORT_NAME:
            parts = [label(text, "h1"), kind] if kind is not None else [label(text, "h1")]
            return column(row(*parts, None, number, spacing=self._room.look.px(8)))
        below = [kind, None, number] if kind is not None else [None, number]
        return column(label(text, "h1", wrap=True), row(*below, spacing=self._room.look.px(8)))

    def _facts(self, home: Household, people: int) -> list[tuple[str, str]]:
        structure = code_list("house_structure").short_of(home.house_structure)
        area = f"{format_hundredths(home.house_area).removesuffix('.00')} m²" if home.house_area is not None else ""
        built = self.tr("{year} 年").format(year=home.house_built) if home.house_built else ""
        land = self.tr("{n} 亩").format(n=format_hundredths(home.farmland)) if home.farmland is not None else ""
        out = self.tr("流转出 {n}").format(n=format_hundredths(home.leased_out)) if home.leased_out else ""
        per_head = net_income_per_head(home, people)
        net = format_hundredths(per_head, grouping=True) if per_head is not None else ""
        income = self.tr("{n} 元").format(n=net) if net else ""
        year = f"({home.income_year})" if income and home.income_year else ""
        return [
            (self.tr("电话"), mask_phone(home.phone) if home.phone else "—"),
            (self.tr("住址"), home.address or "—"),
            (self.tr("住房"), "·".join(filter(None, (f"{structure} {area}".strip(), built))) or "—"),
            (self.tr("耕地"), "·".join(filter(None, (land, out))) or "—"),
            (self.tr("人均纯收入"), f"{income} {year}".strip() or "—"),
        ]

    def _fact(self, name: str, text: str) -> QVBoxLayout:
        title = label(name, tone="text2")
        title.setFixedWidth(self._room.look.px(80))
        value = label(text, wrap=True)
        line = row(title, value, spacing=self._room.look.px(6))
        line.setStretch(1, 1)
        return column(line)

    def _people(self, file: HouseholdFile, today: date) -> None:
        look = self._room.look
        known = [
            (self.tr("户籍 {n}"), [entry.member.registered for entry in file.present]),
            (self.tr("常住 {n}"), [entry.member.resident for entry in file.present]),
        ]
        told = [text.format(n=sum(map(bool, said))) for text, said in known if any(one is not None for one in said)]
        counts = label(" · ".join(told), "small", "text2")
        self._content.addLayout(row(label(self.tr("家庭成员"), "strong"), counts, None, spacing=look.px(8)))
        for entry in file.present:
            member = entry.member
            born = born_on(member)
            age = self.tr("{n} 岁").format(n=age_on(born, today)) if born else ""
            name, relation, years = label(member.name or ""), QLabel(), label(age, tone="text2")
            relation = label(code_list("relation").short_of(member.relation), tone="text2")
            name.setWordWrap(True)
            name.setFixedWidth(look.px(112))
            relation.setFixedWidth(look.px(62))
            status = code_list("work_status").short_of(member.work_status)
            self._content.addLayout(row(name, relation, years, None, label(status, "small", "text2"), spacing=0))
            self._content.addWidget(hairline())

    def _recent(self, recent: Sequence[Step]) -> None:
        look = self._room.look
        self._content.addWidget(label(self.tr("最近"), "strong"))
        for step in recent[:_RECENT]:
            day = label(datetime.fromtimestamp(step.at / 1000).strftime("%m-%d %H:%M"), "small", "text2")
            day.setFixedWidth(look.px(88))
            words = (
                self.tr("{what}·{name}").format(what=self._what(step), name=step.by) if step.by else self._what(step)
            )
            self._content.addLayout(row(day, label(words, tone="text2"), None, spacing=look.px(8)))

    def _what(self, step: Step) -> str:
        """What kind of step it was, in a word or two."""
        if step.origin != "typed":
            return self.tr("撤销") if step.origin == "undone" else self.tr("恢复")
        if step.made:
            return self.tr("花名册导入") if step.wide else self.tr("建档")
        return self.tr("花名册更新") if step.wide else self.tr("信息更新")
