"""Owns the 农户 page: the paged list, the one search box, filters, and the panel beside it."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedLayout, QWidget

from villagedesk.domain.codes import code_list
from villagedesk.domain.masks import mask_phone
from villagedesk.errors import DeskError
from villagedesk.services import history, households
from villagedesk.services.desks import Desk
from villagedesk.services.households import HouseholdQuery, HouseholdRow
from villagedesk.services.households import Page as HouseholdPage
from villagedesk.ui import theme
from villagedesk.ui.models.table import PAGE, Cell, Column, Row
from villagedesk.ui.pages.households.detail import HouseholdDetail
from villagedesk.ui.pages.households.drafts import DraftBanner
from villagedesk.ui.pages.households.status import status_cell
from villagedesk.ui.pages.page import Hint, Page, PageHead
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.choice import Choice
from villagedesk.ui.widgets.field import SearchLine
from villagedesk.ui.widgets.parts import button, column, frame, hairline, icon_label, label, row
from villagedesk.ui.widgets.states import Empty
from villagedesk.ui.widgets.table import TableView

_ORDINARY = "1"


class HouseholdsPage(Page):
    """农户."""

    name = "households"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self._places: dict[str, str] = {}
        self._wanted: bytes | None = None
        self._chosen: dict[str, str] = {}
        self._town = room.profile.role == "town"
        self._head = PageHead(room, self.tr("农户"))
        self._add_actions()
        self.body.addWidget(self._head)
        self._drafts = DraftBanner(room.look)
        self._drafts.resume.connect(partial(self.go, "form"))
        self._drafts.drop.connect(self._drop_draft)
        self.body.addWidget(self._drafts)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._list_side())
        self._stack.addWidget(self._empty())
        self.body.addLayout(self._stack, 1)
        self.key("F8", self._print_chosen)
        self.key("Del", self._void)
        room.events.changed.connect(self._on_changed)

    # -- building ------------------------------------------------------------------------------------------------

    def _add_actions(self) -> None:
        head = self._head
        if not self._town:
            head.add(self.action(self.tr("导入"), lambda: self.go("roster"), "file-spreadsheet"))
        head.add(self.action(self.tr("导出"), lambda: self.go("export", self._query()), "archive"))
        head.add(self.action(self.tr("打印"), self._print_all, "printer"))
        if not self._town:
            head.add(self.action(self.tr("新增"), self._new, "plus", "F2", primary=True))

    def _list_side(self) -> QWidget:
        look, room = self.room.look, self.room
        self.search = SearchLine(look, self.tr("查找农户"))
        self.search.setPlaceholderText(self.tr("姓名、拼音首字母、证件后四位"))
        self.search.setMinimumWidth(look.px(262))
        self.search.textChanged.connect(lambda _: self._load(keep=False))
        self.search.entered.connect(self._to_list)
        self.key("Esc", self._clear_query)
        self.filters = {
            kind: Choice(look, title, [("", title)])
            for kind, title in (
                ("village", self.tr("全部村")),
                ("grid", self.tr("全部网格")),
                ("villager_group", self.tr("全部组")),
                ("household_type", self.tr("全部类型")),
            )
        }
        self.filters["village"].setVisible(self._town)
        self.filters["villager_group"].setVisible(not self._town)
        types = [(code.code, code.name) for code in code_list("household_type").codes]
        self.filters["household_type"].set_options([("", self.tr("全部类型")), *types])
        for choice in self.filters.values():
            choice.setFixedWidth(look.px(124))
            choice.currentIndexChanged.connect(lambda _: self._load(keep=False))
        self._found = label("", tone="text2")
        self._clear = button(look, self.tr("清空"), self._clear_query, kind="link")
        self._understood = label("", "small", "text2")
        self._hint = QWidget()
        self._hint.setLayout(row(icon_label(look, "keyboard", "text2"), self._understood, None, spacing=look.px(6)))
        tools = row(self.search, *self.filters.values(), None, self._found, self._clear, spacing=look.px(8))
        tools.setStretch(0, 1)
        self.table = TableView(look, self._columns(), self.tr("农户列表"))
        self.table.opened.connect(self._edit)
        self.table.chosen.connect(self._on_chosen)
        self.table.rows.page_wanted.connect(self._load_page)
        self.table.verticalScrollBar().valueChanged.connect(lambda _: self._count_shown())
        self._shown = label("", "small", "text2")
        order = label(self.tr("按户主拼音排序"), "small", "text2")
        foot = row(self._shown, None, order, margins=(look.px(16), look.px(8), look.px(16), look.px(8)))
        sheet = frame("card")
        sheet.setLayout(column(self.table, hairline(), foot, spacing=0, margins=(1, 1, 1, 0)))
        sheet.layout().setStretch(0, 1)  # type: ignore[union-attr] # set just above
        left = column(tools, self._hint, sheet, spacing=look.px(8))
        left.setStretch(2, 1)
        self.detail = HouseholdDetail(room)
        self.detail.edit.connect(lambda: self._edit(self.table.current_key()))
        self.detail.print_form.connect(self._print_chosen)
        self.detail.settle.connect(lambda: self.go("conflicts", self.table.current_key()))
        self.detail.see_history.connect(lambda: self.go("history", self.table.current_key()))
        self.detail.setVisible(not self._folded())
        side = QWidget()
        layout = row(left, self.detail, spacing=look.px(theme.GUTTER))
        layout.setStretch(0, 1)
        side.setLayout(layout)
        return side

    def _columns(self) -> tuple[Column, ...]:
        place = self.tr("村") if self._town else self.tr("组")
        return (
            Column(self.tr("户主"), 128),
            Column(place, 92 if self._town else 76),
            Column(self.tr("人口"), 52, "right"),
            Column(self.tr("户类型"), 88),
            Column(self.tr("电话"), 120),
            Column(self.tr("户编号"), 78, spare=2),
            Column(self.tr("住址"), spare=1),
            Column(self.tr("上报状态"), 150),
        )

    def _empty(self) -> QWidget:
        look = self.room.look
        if self._town:
            text = self.tr("各村的数据从上报包里来。收到包以后，到“收件”里导入。")
            self._first = self._button_to_inbox()
            return Empty(look, "house", self.tr("还没有农户"), text, [self._first])
        text = self.tr("派出所或别的部门给的花名册可以直接导入，重名、错号都会标出来。也可以一户一户录。")
        bring = button(
            look, self.tr("导入花名册"), lambda: self.go("roster"), kind="primary", icon="file-spreadsheet", size="big"
        )
        first = button(look, self.tr("录第一户"), self._new, icon="plus", key="F2", size="big")
        self._first = bring
        return Empty(look, "house", self.tr("还没有农户"), text, [bring, first])

    def _button_to_inbox(self) -> Any:
        return button(
            self.room.look, self.tr("去收件"), lambda: self.go("inbox"), kind="primary", icon="inbox", size="big"
        )

    def _folded(self) -> bool:
        return self.window().width() * 100 / self.room.look.percent < theme.FOLD_DETAIL_BELOW

    # -- life ----------------------------------------------------------------------------------------------------

    def hints(self) -> tuple[Hint, ...]:
        new = () if self._town else (("F2", self.tr("新增")),)
        return (
            *new,
            ("Enter", self.tr("修改")),
            ("F8", self.tr("打印")),
            ("Del", self.tr("作废")),
            ("Ctrl F", self.tr("查找")),
            ("Ctrl Z", self.tr("撤销")),
            ("F1", self.tr("帮助")),
        )

    def arrive(self, what: Any) -> None:
        """``what``: id of a household to stand on, or the state of an earlier drawing."""
        if isinstance(what, bytes):
            self._wanted = what
        elif isinstance(what, dict):
            self.search.setText(what["text"])
            self._wanted, self._chosen = what["key"], what["filters"]
        self._refresh()
        self.read(households.open_drafts, self._drafts.show_drafts)
        self.search.forget_typing()
        (self.search if self._stack.currentIndex() == 0 else self._first).setFocus()

    def state(self) -> Any:
        filters = {kind: choice.value() for kind, choice in self.filters.items()}
        return {"text": self.search.text(), "key": self.table.current_key(), "filters": filters}

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if kinds & {"household", "member", "grid", "micro_grid", "villager_group", "village", "bundle"}:
            self._refresh()

    def _refresh(self) -> None:
        self.read(households.place_options, self._on_places, key="places")
        self.read(households.totals, self._on_totals, key="totals")
        self._load(keep=True)

    def _on_totals(self, totals: tuple[int, int]) -> None:
        homes, people = totals
        self._head.subtitle.setText(self.tr("{h} 户 {p} 人").format(h=f"{homes:,}", p=f"{people:,}"))

    def _drop_draft(self, key: str) -> None:
        self.write(partial(households.drop_draft, key=key), lambda _: self.arrive(None))

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.detail.setVisible(not self._folded())

    # -- loading -------------------------------------------------------------------------------------------------

    def _query(self) -> HouseholdQuery:
        village = self.filters["village"].value()
        return HouseholdQuery(
            text=self.search.text(),
            grid=self.filters["grid"].value(),
            villager_group=self.filters["villager_group"].value(),
            household_type=self.filters["household_type"].value(),
            scope=bytes.fromhex(village) if village else None,
        )

    def _load(self, *, keep: bool) -> None:
        if keep and self._wanted is None:
            self._wanted = self.table.current_key()
        if not keep:
            self._wanted = None
        query = self._query()
        self.read(partial(households.list_page, query=query, limit=PAGE), self._on_page, key="list")

    def _load_page(self, offset: int) -> None:
        query = self._query()
        work = partial(households.list_page, query=query, offset=offset, limit=PAGE)
        self.read(work, lambda page: self.table.rows.put_page(offset, self._rows(page)))

    def _on_page(self, page: HouseholdPage) -> None:
        query = self._query()
        asked = bool(query.text or query.grid or query.villager_group or query.household_type or query.scope)
        shown = 0 if page.households or asked else 1
        if shown != self._stack.currentIndex():
            self._stack.setCurrentIndex(shown)
            if self.isVisible():
                (self._first if shown else self.search).setFocus()
        self.table.rows.reset(page.households, self._rows(page))
        self._found.setText(self.tr("{n} 户").format(n=f"{page.households:,}") if asked else "")
        self._clear.setVisible(asked)
        self._tell_understood(page)
        if not self.table.choose_key(self._wanted):
            self.table.choose(0)
        self._wanted = None
        self._count_shown()

    def _tell_understood(self, page: HouseholdPage) -> None:
        """What the search box made of the letters; only while something is typed."""
        text = self.search.text().strip()
        names = self.tr("、").join(filter(None, (entry.match or entry.card.head for entry in page.rows[:3])))
        more = self.tr("……") if page.households > len(page.rows[:3]) else ""
        self._hint.setVisible(bool(text))
        if not page.households:
            self._understood.setText(self.tr("没找到。可输姓名、拼音首字母、证件后四位、电话尾号、户编号"))
        else:
            shape = self.tr("拼音") if text.isascii() and text.isalpha() else self.tr("查找")
            self._understood.setText(
                self.tr("{shape} {text}：{names}").format(shape=shape, text=text, names=names + more)
            )

    def _rows(self, page: HouseholdPage) -> list[Row]:
        return [self._row(entry) for entry in page.rows]

    def _row(self, entry: HouseholdRow) -> Row:
        card = entry.card
        place = entry.village if self._town else self._places.get((card.villager_group or b"").hex(), "")
        kind = code_list("household_type").name_of(card.household_type)
        special = card.household_type not in ("", _ORDINARY)
        cells = (
            Cell(card.head or self.tr("没有户主"), "text" if card.head else "err", sub=entry.match, strong=True),
            Cell(place, "text2"),
            Cell(str(card.registered)),
            Cell(kind, "accent" if special else "text"),
            Cell(mask_phone(card.phone) if card.phone else "—", "text2"),
            Cell(card.household_no, "text2"),
            Cell(card.address, "text2"),
            status_cell(self.room.words, entry.status),
        )
        return Row(card.id, cells, f"{card.head} {place} {kind} {cells[-1].text}")

    def _on_places(self, options: dict[str, list[tuple[str, str]]]) -> None:
        self._places = {key.rpartition(":")[2]: name for entries in options.values() for key, name in entries}
        everything = {
            "village": self.tr("全部村"),
            "grid": self.tr("全部网格"),
            "villager_group": self.tr("全部组"),
        }
        for kind, title in everything.items():
            self.filters[kind].set_options([("", title), *options[kind]])
        chosen, self._chosen, wanted = self._chosen, {}, self._wanted
        for kind, value in chosen.items():
            self.filters[kind].set_value(value)
            self._wanted = wanted

    def _count_shown(self) -> None:
        first, last = self.table.visible_range()
        total = self.table.rows.rowCount()
        text = self.tr("第 {a}–{b} 户，共 {n} 户").format(a=first + 1, b=last + 1, n=f"{total:,}") if total else ""
        self._shown.setText(text)

    # -- the chosen household ------------------------------------------------------------------------------------

    def _on_chosen(self, key: bytes | None) -> None:
        if key is None:
            self.detail.empty()
            return
        self.read(partial(_glance, key), self._on_glance, key="glance")

    def _on_glance(self, seen: Any) -> None:
        file, recent, today = seen
        if file is not None and file.id == self.table.current_key():
            self.detail.show_file(file, self._places, recent, today)

    def _edit(self, key: bytes | None) -> None:
        if key is not None:
            self.go("form", key)

    def _new(self) -> None:
        self.go("form", None)

    def _print_chosen(self) -> None:
        key = self.table.current_key()
        if key is not None:
            self.go("preview", [key])

    def _print_all(self) -> None:
        self.go("preview", self._query())

    def _void(self) -> None:
        key = self.table.current_key()
        if key is not None and not self.search.hasFocus():
            self.write(partial(_void, key), self._on_voided)

    def _on_voided(self, done: Any) -> None:
        touched, head = done
        text = self.tr("已作废 {name} 这一户").format(name=head)
        self.room.notices.tell(text, touched.action)
        self.room.events.changed.emit(touched.kinds)

    # -- keys ----------------------------------------------------------------------------------------------------

    def seek(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _to_list(self) -> None:
        if self.table.rows.rowCount():
            self.table.setFocus()
            self.table.choose(max(0, self.table.currentIndex().row()))

    def _clear_query(self) -> None:
        for choice in self.filters.values():
            choice.setCurrentIndex(0)
        self.search.clear()
        self.search.forget_typing()
        self.search.setFocus()


def _glance(key: bytes, desk: Desk) -> Any:
    try:
        return (
            households.read_household(desk, key),
            history.household_steps(desk, key),
            households.today(desk),
        )
    except DeskError:
        return None, [], households.today(desk)


def _void(key: bytes, desk: Desk) -> Any:
    file = households.read_household(desk, key)
    head = next((entry.member.name for entry in file.present if entry.member.relation == "02"), "")
    return households.void_household(desk, key), head
