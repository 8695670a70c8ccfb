"""Owns the village's 上报 page: what is unsent, where it goes, and which bundle has its receipt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QFrame, QStackedLayout, QWidget

from villagedesk.errors import DeskError
from villagedesk.services import joining, report
from villagedesk.services.folder_sync import Round
from villagedesk.services.intake import Intake, Taken
from villagedesk.services.report import BundleRow, ReportPageData
from villagedesk.ui import theme
from villagedesk.ui.jobs import Lane
from villagedesk.ui.models.table import Cell, Column, Row
from villagedesk.ui.pages import rounds
from villagedesk.ui.pages.page import Hint, LongWork, Page, PageHead
from villagedesk.ui.pages.remarks import remarks
from villagedesk.ui.pages.unsent import Unsent
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.parts import (
    button,
    column,
    frame,
    hairline,
    icon_label,
    label,
    mark,
    row,
    set_icon,
)
from villagedesk.ui.widgets.places import PlaceChooser
from villagedesk.ui.widgets.question import Question, confirm
from villagedesk.ui.widgets.states import Empty
from villagedesk.ui.widgets.table import TableView

_LEFT = 436
_POLL_MS = 3000
_DAY_MS = 86_400_000
_TOUCHED = frozenset(
    {"household", "member", "bundle", "grid", "micro_grid", "villager_group", "responsibility", "audit"}
)


class ReportPage(Page):
    """上报."""

    name = "report"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self._data: ReportPageData | None = None
        self._held = False
        self.head = PageHead(room, self.tr("上报"))
        self._other = button(room.look, self.tr("换一份邀请文件"), self._choose_invitation, kind="link")
        self.head.add(self._other)
        self._again = self.action(self.tr("全部重报"), self._report_all, "refresh-cw")
        self.head.add(self._again)
        self.body.addWidget(self.head)
        self._stack = QStackedLayout()
        work = QWidget()
        line = row(self._act(), self._made(), spacing=room.look.px(theme.GUTTER))
        line.setStretch(1, 1)
        work.setLayout(line)
        self._stack.addWidget(work)
        self._stack.addWidget(self._alone())
        self.body.addLayout(self._stack, 1)
        self.key("F9", self._seal)
        self.key("F7", self._read_receipts)
        self._poll = QTimer(self)
        self._poll.setInterval(_POLL_MS)
        self._poll.timeout.connect(self._load)
        room.events.changed.connect(self._on_changed)

    # -- building ------------------------------------------------------------------------------------------------

    def _act(self) -> QFrame:
        look = self.room.look
        sheet = frame("card")
        sheet.setFixedWidth(look.px(_LEFT))
        self._title, self._last = label("", "h1", wrap=True), label("", tone="text2")
        self._unsent = Unsent(look)
        self.places = PlaceChooser(look)
        self._seal_button = button(
            look, self.tr("生成上报包"), self._seal, kind="primary", icon="package", key="F9", size="big"
        )
        lock = row(
            icon_label(look, "lock", "text2"),
            label(self.tr("加密后写入，只有{town}能打开").format(town=self.room.profile.town_name), "small", "text2"),
            None,
            spacing=look.px(6),
        )
        receipts = row(
            icon_label(look, "inbox", "text", theme.ICON_BUTTON),
            label(self.tr("镇里给的回执也在这里？")),
            None,
            button(look, self.tr("读回执"), self._read_receipts, kind="link", key="F7"),
            spacing=look.px(8),
        )
        pad = look.px(20)
        parts = (
            self._title,
            self._last,
            look.px(6),
            self._unsent,
            look.px(10),
            label(self.tr("放到哪里"), tone="text2"),
            self.places,
            look.px(4),
            self._seal_button,
            lock,
            None,
            hairline(),
            look.px(4),
            receipts,
        )
        sheet.setLayout(column(*parts, spacing=look.px(6), margins=(pad, pad, pad, look.px(14))))
        return sheet

    def _made(self) -> QFrame:
        look = self.room.look
        sheet = frame("card")
        columns = (
            Column(self.tr("时间"), 118),
            Column(self.tr("包号"), 76),
            Column(self.tr("条数"), 76, "right"),
            Column(self.tr("去向"), 112),
            Column(self.tr("回执"), 0),
        )
        self.table = TableView(look, columns, self.tr("报过的包"))
        self.table.chosen.connect(self._on_chosen)
        title = row(
            label(self.tr("报过的包"), "h2"), None, margins=(look.px(16), look.px(10), look.px(16), look.px(10))
        )
        self._note = QWidget()
        self._note_icon, self._note_title, self._note_text = (
            label(),
            label("", "strong"),
            label("", tone="text2", wrap=True),
        )
        note = column(row(self._note_icon, self._note_title, None), self._note_text, spacing=look.px(6))
        note.setContentsMargins(look.px(16), look.px(12), look.px(16), look.px(14))
        self._note.setLayout(note)
        self._empty = label(
            self.tr("还没有报过。生成的每个包都列在这里，收到镇里回执就打勾。"), tone="text3", wrap=True
        )
        self._empty.setContentsMargins(look.px(16), look.px(16), look.px(16), look.px(16))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._note_line = hairline()
        parts = (title, hairline(), self._empty, self.table, self._note_line, self._note)
        layout = column(*parts, spacing=0, margins=(1, 1, 1, 1))
        layout.setStretch(2, 1)
        layout.setStretch(3, 1)
        sheet.setLayout(layout)
        return sheet

    def _alone(self) -> QWidget:
        """A desk that works alone: the town's invitation opens the way."""
        look = self.room.look
        text = self.tr("镇里会给一个邀请文件（.vdinvite）。打开它，这台电脑就能向镇里上报；以前录的都算数。")
        self._open_it = button(
            look, self.tr("打开邀请文件"), self._choose_invitation, kind="primary", icon="folder-open", size="big"
        )
        return Empty(look, "send", self.tr("还没有接入镇里"), text, [self._open_it])

    @property
    def _has_town(self) -> bool:
        return self._data.status.has_town if self._data is not None else bool(self.room.profile.town)

    def hints(self) -> tuple[Hint, ...]:
        if not self._has_town:
            return (("Enter", self.tr("打开邀请文件")),)
        return (("F9", self.tr("生成上报包")), ("F7", self.tr("读回执")), ("↑ ↓", self.tr("选包")))

    # -- loading -------------------------------------------------------------------------------------------------

    def arrive(self, what: Any) -> None:
        self._load()
        self._poll.start()
        self._show_town()
        (self._seal_button if self._has_town else self._open_it).setFocus()

    def _show_town(self) -> None:
        """Where the page hands in to; a desk that works alone is shown the way in instead."""
        self._stack.setCurrentIndex(0 if self._has_town else 1)
        self._again.setVisible(self._has_town)
        town = self.tr("报给 {town}").format(town=self.room.profile.town_name)
        self.head.subtitle.setText(town if self._has_town else self.tr("先接入乡镇，才能上报"))
        self.hints_changed.emit()

    def _load(self) -> None:
        if self.isVisible() or self._data is None:
            self.read(report.report_page, self._on_data, key="report")
        else:
            self._poll.stop()

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if kinds & _TOUCHED:
            self.read(report.report_page, self._on_data, key="report")

    def _on_data(self, data: ReportPageData) -> None:
        before, self._data = self._data, data
        if before is None or before.status.has_town != data.status.has_town:
            self._show_town()
        self.places.set_places([(drive.path, drive.name, drive.free) for drive in data.drives], data.folder)
        if before is not None and (before.rows, before.status) == (data.rows, data.status):
            return
        self._title.setText(self._state(data))
        self._other.setVisible(data.status.has_town and not data.status.enrolled)
        self._last.setText(self._when_last(data.rows))
        self._unsent.show_counts(data.status.unsent)
        self._show_rows(data.rows)

    def _state(self, data: ReportPageData) -> str:
        """What the clerk has to hand in; what the program notes by itself goes along and is no reason to."""
        status = data.status
        count = status.typed
        if count:
            return self.tr("还有 {n} 条没报给镇里").format(n=f"{count:,}")
        if status.unacknowledged:
            return self.tr("都报了，{n} 条等镇里回执").format(n=f"{status.unacknowledged:,}")
        if not status.enrolled:
            return self.tr("报一次，镇里就登记这台电脑")
        return self.tr("都报了，镇里都收到了")

    def _when_last(self, rows: Sequence[BundleRow]) -> str:
        if not rows:
            return self.tr("还没有报过")
        return self.tr("上次上报 {t}").format(t=datetime.fromtimestamp(rows[0].at / 1000).strftime("%m-%d %H:%M"))

    def _show_rows(self, rows: Sequence[BundleRow]) -> None:
        chosen = self.table.current_key()
        self.table.show_rows([Row(entry, self._cells(entry)) for entry in rows])
        self._empty.setVisible(not rows)
        self.table.setVisible(bool(rows))
        self.table.choose(next((place for place, entry in enumerate(rows) if chosen and entry.file == chosen.file), 0))
        for part in (self._note_line, self._note):
            part.setVisible(bool(rows))

    def _cells(self, entry: BundleRow) -> tuple[Cell, ...]:
        if entry.received:
            when = datetime.fromtimestamp(entry.received / 1000).strftime("%m-%d %H:%M")
            state = Cell(self.tr("已回执"), "ok", "circle-check", when)
        else:
            days = max(0, (int(datetime.now().timestamp() * 1000) - entry.at) // _DAY_MS)
            waiting = self.tr("%n 天", "", int(days)) if days else self.tr("今天报的")
            state = Cell(self.tr("未回执"), "warn", "clock", waiting, "warn")
        made = datetime.fromtimestamp(entry.at / 1000).strftime("%m-%d %H:%M")
        kind, name = entry.to
        where = self.tr("U 盘 {name}").format(name=name) if kind == "usb" else name
        return Cell(made), Cell(entry.number, "text2"), Cell(f"{entry.operations:,}"), Cell(where, "text2"), state

    def _on_chosen(self, entry: BundleRow | None) -> None:
        if entry is None:
            return
        received = bool(entry.received)
        set_icon(
            self._note_icon, self.room.look, "circle-check" if received else "clock", "ok" if received else "warn", 18
        )
        title = self.tr("包 {n} 已入镇库") if received else self.tr("包 {n} 还没有回执")
        self._note_title.setText(title.format(n=entry.number))
        if received:
            text = self.tr("镇里签了回执，这个包里的 {n} 条都已入库。文件：{file}")
        else:
            text = self.tr("文件 {file} 交到镇里以后，把镇里给的回执文件读进来。丢了就再生成一次，不会重复。")
        self._note_text.setText(text.format(n=entry.operations, file=entry.file))
        mark(self._note_title, tone="")

    # -- acts ----------------------------------------------------------------------------------------------------

    def _seal(self) -> None:
        folder = self.places.chosen()
        if self._data is None or not self._data.status.has_town:
            return
        if folder is None:
            folder = self.places.ask_folder()
        if folder is not None:
            self.seal_into(folder)

    def seal_into(self, folder: Path) -> None:
        """Write what is unsent into a folder and read what waits there for this desk."""
        self._exchange(self.tr("正在生成上报包"), "package", partial(rounds.sync, folder), self._on_round)

    def _report_all(self) -> None:
        folder = self.places.chosen() or self.places.ask_folder()
        if folder is None:
            return
        self._exchange(self.tr("正在全部重报"), "package", partial(rounds.report_all, folder), self._on_exported)

    def _exchange(self, title: str, icon: str, work: LongWork, done: Callable[[Any], None]) -> None:
        """One at a time; whatever comes of it, the page shows the new state and keeps the focus it had."""
        self._held = self.isAncestorOf(self.window().focusWidget())
        self._seal_button.setEnabled(False)
        self.long(
            title, icon, Lane.WRITE, work, partial(self._settle, done), failed=self._on_failed, stopped=self._settle
        )

    def _settle(self, done: Callable[[Any], None] | None = None, result: Any = None) -> None:
        self._ready()
        if done is not None:
            done(result)
        self.room.events.changed.emit(frozenset({"bundle"}))

    def _ready(self) -> None:
        self._seal_button.setEnabled(True)
        if self._held and self.isVisible():
            self._seal_button.setFocus()

    def _on_failed(self, error: DeskError) -> None:
        self._ready()
        self.fail(error)

    def _on_round(self, done: Round) -> None:
        parts = []
        if done.sent:
            parts.append(self.tr("已写入 {f} 个包（{n} 笔改动）").format(n=f"{done.operations:,}", f=len(done.sent)))
        if done.taken:
            parts.append(self.tr("读了 {n} 个回执").format(n=len(done.taken)))
        if not parts:
            parts.append(
                self.room.words.say("nothing_to_hand_in") if not done.waiting else self.tr("包已在那里，等镇里回执")
            )
        if done.errors:
            parts.append(self.tr("{n} 个文件没收").format(n=len(done.errors)))
        self.room.notices.tell(self.tr("，").join(parts), wrong=bool(done.errors) and not done.sent)

    def _on_exported(self, made: Any) -> None:
        self.room.notices.tell(
            self.tr("全部重报：{n} 条，{f} 个包").format(n=f"{made.operations:,}", f=len(made.files))
        )

    def _read_receipts(self) -> None:
        """F7: whatever waits for this desk in the place chosen; a file is asked for only where nothing does."""
        folder = self.places.chosen()
        if not self._has_town:
            return
        if folder is None:
            self._choose_receipts(Path.home())
            return
        work = partial(rounds.take_from, folder)
        self._exchange(self.tr("正在读回执"), "inbox", work, partial(self._on_looked, folder))

    def _on_looked(self, folder: Path, found: tuple[Intake, int]) -> None:
        done, known = found
        if done.bundles:
            self._on_taken(done)
        elif known:
            self.room.notices.tell(self.tr("这里的 {n} 个回执都读过了").format(n=known))
        elif self.isVisible():
            self.room.notices.tell(self.tr("“{f}”里没有给本村的回执").format(f=folder.name or str(folder)))
            self._choose_receipts(folder)

    def _choose_receipts(self, start: Path) -> None:
        kinds = self.tr("回执文件 ({kinds})").format(kinds="*.vdbundle")
        files, _ = QFileDialog.getOpenFileNames(self, self.tr("读回执"), str(start), kinds)
        if files:
            self.read_receipts([Path(file) for file in files])

    def read_receipts(self, files: Sequence[Path]) -> None:
        """Take in the town's answer."""
        self._exchange(self.tr("正在读回执"), "inbox", partial(rounds.take, files), self._on_taken)

    def _on_taken(self, done: Intake) -> None:
        wrong = [taken for taken in done.bundles if taken.code]
        good = [taken for taken in done.bundles if not taken.code]
        told = [self.tr("读了 {n} 个回执").format(n=len(good))] if good else []
        odd = [self._why(taken) for taken in wrong] + remarks(self.room.words, done.bundles)
        if told or odd:
            self.room.notices.tell(self.tr("；").join([*told, *odd[:1]]), wrong=bool(odd))

    def _why(self, taken: Taken) -> str:
        return self.tr("{file}：{why}").format(file=taken.file, why=self.room.words.say(taken.code, file=taken.file))

    def _choose_invitation(self) -> None:
        kinds = self.tr("邀请文件 ({kinds})").format(kinds="*.vdinvite")
        start = str(self.places.chosen() or Path.home())
        file, _ = QFileDialog.getOpenFileName(self, self.tr("打开邀请文件"), start, kinds)
        if file:
            self.join(Path(file))

    def join(self, invitation: Path) -> None:
        """Join the town that wrote this invitation."""
        self.read(partial(joining.invited_place, file=invitation), partial(self._on_invitation, invitation))

    def _on_invitation(self, file: Path, theirs: tuple[str, str]) -> None:
        """An invitation for another village, or from another town, is asked about."""
        profile = self.room.profile
        ours = (profile.town_name, profile.name)
        shown = {"theirs": "".join(theirs), "ours": "".join(ours)}
        title = self.tr("这份邀请是给“{theirs}”的，这里是“{ours}”").format(**shown)
        text = self.tr("接入以后就向发邀请的镇上报。用别村的邀请，镇里会把这台电脑当成那个村。")
        same = theirs[1] == ours[1] and ours[0] in ("", theirs[0])
        if same or confirm(self, self.room.look, Question(title, text, self.tr("还是接入"))):
            self.write(partial(joining.join_town, invitation_file=file), lambda _: self.room.notices.reopen.emit())
