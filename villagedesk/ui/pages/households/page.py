"""Owns the 农户 page: the paged list, the one search box, filters, and the panel beside it."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QStackedLayout, QWidget

from villagedesk.domain.codes import code_list
from villagedesk.domain.masks import mask_phone
from villagedesk.errors import DeskError
from villagedesk.services import history, households
from villagedesk.services.desks import Desk
from villagedesk.services.households import HouseholdFile, HouseholdRow, Totals, Touched
from villagedesk.services.households import Page as HouseholdPage
from villagedesk.ui import theme
from villagedesk.ui.models.table import PAGE, Cell, Column, Row
from villagedesk.ui.pages.households.detail import HouseholdDetail
from villagedesk.ui.pages.households.drafts import DraftBanner
from villagedesk.ui.pages.households.querybar import QueryBar
from villagedesk.ui.pages.households.status import status_cell
from villagedesk.ui.pages.page import Hint, Page, PageHead
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.parts import button, column, frame, hairline, label, row
from villagedesk.ui.widgets.question import Question, confirm
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
        self._loads = 0
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
        for keys, do in (
            ("F4", self._see_history),
            ("F5", self._drafts.resume_newest),
            ("F7", self._settle),
            ("F8", self._print_chosen),
            ("Del", self._void),
        ):
            self.key(keys, do)
        room.events.changed.connect(self._on_changed)

    # -- building ------------------------------------------------------------------------------------------------

    def _add_actions(self) -> None:
        head = self._head
        self._conflicts = button(self.room.look, "", self._show_conflicts, kind="link", icon="git-compare")
        self._conflicts.hide()
        head.add(self._conflicts)
        if not self._town:
            head.add(self.action(self.tr("导入"), lambda: self.go("roster"), "file-spreadsheet"))
        head.add(self.action(self.tr("导出"), lambda: self.go("export", self.bar.query()), "archive"))
        head.add(self.action(self.tr("打印"), self._print_all, "printer"))
        if not self._town:
            head.add(self.action(self.tr("新增"), self._new, "plus", "F2", primary=True))

    def _list_side(self) -> QWidget:
        look, room = self.room.look, self.room
        self.bar = QueryBar(room)
        self.search = self.bar.search
        self.bar.changed.connect(lambda: self._load(keep=False))
        self.bar.entered.connect(self._to_list)
        self.bar.below.connect(self._into_list)
        self.key("Esc", self.bar.clear)
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
        left = column(self.bar, sheet, spacing=look.px(8))
        left.setStretch(1, 1)
        self.detail = HouseholdDetail(room)
        self.detail.edit.connect(lambda: self._edit(self.table.current_key()))
        self.detail.print_form.connect(self._print_chosen)
        self.detail.settle.connect(self._settle)
        self.detail.see_history.connect(self._see_history)
        self.detail.bring_back.connect(self._bring_back)
        self.detail.setVisible(not self._folded())
        side = QWidget()
        layout = row(left, self.detail, spacing=look.px(theme.GUTTER))
        layout.setStretch(0, 1)
        side.setLayout(layout)
        return side

    def _columns(self) -> tuple[Column, ...]:
        place = self.tr("村") if self._town else self.tr("组")
        return (
            Column(self.tr("户主"), 150, most=220),
            Column(place, 92 if self._town else 68),
            Column(self.tr("人口"), 52, "right"),
            Column(self.tr("户类型"), 88),
            Column(self.tr("电话"), 116),
            Column(self.tr("户编号"), 78, spare=2),
            Column(self.tr("住址"), spare=1),
            Column(self.tr("上报状态"), 130),
        )

    def _empty(self) -> QWidget:
        look = self.room.look
        self._gone = button(look, self.tr("看已作废的"), self._show_voided, kind="link")
        self._gone.hide()
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
        return Empty(look, "house", self.tr("还没有农户"), text, [bring, first, self._gone])

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
            ("F4", self.tr("历史")),
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
            self.bar.go_on(what)
            self._wanted = what["key"]
        self._refresh()
        self.read(households.open_drafts, self._drafts.show_drafts, key="drafts")
        self.search.forget_typing()
        (self.search if self._stack.currentIndex() == 0 else self._first).setFocus()

    def state(self) -> Any:
        return {**self.bar.state(), "key": self.table.current_key()}

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if kinds & {"household", "member", "grid", "micro_grid", "villager_group", "village", "bundle"}:
            self._refresh()

        if "draft" in kinds:
            self.read(households.open_drafts, self._drafts.show_drafts, key="drafts")

    def _refresh(self) -> None:
        self.read(households.place_options, self._on_places, key="places")
        self.read(households.totals, self._on_totals, key="totals")
        self._load(keep=True)

    def _on_totals(self, totals: Totals) -> None:
        counts = self.tr("{h} 户 {p} 人").format(h=f"{totals.households:,}", p=f"{totals.people:,}")
        self._head.subtitle.setText(counts)
        self._conflicts.setText(" " + self.tr("%n 户有冲突", "", totals.conflicts))
        self._conflicts.setVisible(totals.conflicts > 0)
        self._gone.setVisible(totals.voided > 0)
        if not totals.conflicts:
            self.bar.conflicts_are_gone()

    def _show_voided(self) -> None:
        self.bar.ask_voided()
        self.table.setFocus()

    def _show_conflicts(self) -> None:
        self.bar.ask_conflicts()
        self.table.setFocus()

    def _drop_draft(self, key: str) -> None:
        self.write(partial(households.drop_draft, key=key), self._on_dropped)

    def _on_dropped(self, _done: Any) -> None:
        self.room.notices.tell(self.tr("草稿丢掉了"))
        self.arrive(None)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.detail.setVisible(not self._folded())

    # -- loading -------------------------------------------------------------------------------------------------

    def _load(self, *, keep: bool) -> None:
        self._wanted = (self._wanted or self.table.current_key()) if keep else None
        query, self._loads = self.bar.query(), self._loads + 1
        work = partial(households.list_page, query=query, limit=PAGE, wanted=self._wanted)
        self.read(work, partial(self._on_page, self._loads), key="list")

    def _load_page(self, offset: int) -> None:
        work = partial(households.list_page, query=self.bar.query(), offset=offset, limit=PAGE)
        self.read(work, partial(self._on_later_page, offset))

    def _on_later_page(self, offset: int, page: HouseholdPage) -> None:
        self.table.rows.put_page(offset, self._rows(page))
        if offset <= self.table.currentIndex().row() < offset + PAGE:
            self._on_chosen(self.table.current_key())

    def _on_page(self, load: int, page: HouseholdPage) -> None:
        """``load``: which one this answers; the household to stand on is kept until the last one is answered."""
        shown = 0 if page.households or self.bar.asks else 1
        if shown != self._stack.currentIndex():
            self._stack.setCurrentIndex(shown)
            if self.isVisible():
                (self._first if shown else self.search).setFocus()
        self.table.rows.reset(page.households, self._rows(page))
        self.bar.tell(page)
        if not self.table.choose_key(self._wanted):
            self.table.choose(max(page.place, 0))
        if load == self._loads:
            self._wanted = None
        self._count_shown()

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
        wanted = self._wanted
        if self.bar.offer_places(options):
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
            self.detail.show_file(file, self._places, recent, today, voided=self.bar.query().voided)

    def _edit(self, key: bytes | None) -> None:
        if self.bar.query().voided:
            self._bring_back()
        elif key is not None:
            self.go("form", key)

    def _see_history(self) -> None:
        if self.table.current_key() is not None:
            self.go("history", self.table.current_key())

    def _settle(self) -> None:
        """To the conflicts of the household chosen."""
        if self.table.current_key() is not None:
            self.go("conflicts", self.table.current_key())

    def _bring_back(self) -> None:
        """A household that is 已作废 lives again, with its people."""
        key = self.table.current_key()
        if key is not None and self.bar.query().voided:
            self.write(partial(households.restore_household, household_id=key), partial(self._on_back, key))

    def _on_back(self, key: bytes, touched: Touched) -> None:
        """It stands among the others again, and the list stands on it."""
        self.bar.clear()
        self._wanted = key
        self.room.notices.tell(self.tr("已恢复这一户"), touched.action)
        self.room.events.changed.emit(touched.kinds)

    def _new(self) -> None:
        self.go("form", None)

    def _print_chosen(self) -> None:
        key = self.table.current_key()
        if key is not None and not self.bar.query().voided:
            self.go("preview", [key])

    def _print_all(self) -> None:
        self.go("preview", self.bar.query())

    def _void(self) -> None:
        key = self.table.current_key()
        if key is not None and not self.search.hasFocus() and not self.bar.query().voided:
            self.read(partial(households.read_household, household_id=key), self._ask_void)

    def _ask_void(self, file: HouseholdFile) -> None:
        head = _head_of(file) or self.tr("没有户主的这户")
        title = self.tr("作废 {name} 这一户？").format(name=head)
        text = self.tr(
            "家庭成员 %n 人跟着停用。档案不会消失，在“全部类型”里选“已作废”能找回来。", "", len(file.present)
        )
        if confirm(self, self.room.look, Question(title, text, self.tr("作废"))):
            self.write(partial(households.void_household, household_id=file.id), partial(self._on_voided, head))

    def _on_voided(self, head: str, touched: Touched) -> None:
        row = self.table.currentIndex().row()
        after = self.table.rows.row_at(row + 1) or self.table.rows.row_at(row - 1)
        self._wanted = after.key if after is not None else None
        text = self.tr("已作废 {name} 这一户").format(name=head)
        self.room.notices.tell(text, touched.action)
        self.room.events.changed.emit(touched.kinds)

    # -- keys ----------------------------------------------------------------------------------------------------

    def seek(self) -> None:
        self.bar.seek()

    def _into_list(self) -> None:
        if self.table.rows.rowCount():
            self.table.setFocus()
            self.table.choose(max(0, self.table.currentIndex().row()))

    def _to_list(self) -> None:
        """Into the list; the only one found is opened at once."""
        self._into_list()
        if self.table.rows.rowCount() == 1 and self.search.text().strip():
            self._edit(self.table.current_key())


def _head_of(file: HouseholdFile) -> str:
    return next((entry.member.name or "" for entry in file.present if entry.member.relation == "02"), "")


def _glance(key: bytes, desk: Desk) -> Any:
    try:
        file = households.read_household(desk, key)
        return file, history.household_steps(desk, key), households.today(desk)
    except DeskError:
        return None, [], households.today(desk)
