"""Owns the town's 收件 page: all villages at a glance, a trial run of a whole stick, import and receipts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QFrame, QScrollArea, QStackedLayout, QWidget

from villagedesk.domain.division_names import without_office
from villagedesk.progress import Progress
from villagedesk.services import divisions, report, towns
from villagedesk.services.desks import Desk
from villagedesk.services.intake import Intake
from villagedesk.services.report import InboxData, Tried
from villagedesk.services.towns import VillageRow
from villagedesk.ui import theme
from villagedesk.ui.jobs import Job, Lane
from villagedesk.ui.pages.inbox.invite import InviteDialog, Village
from villagedesk.ui.pages.inbox.trial import TrialPanel
from villagedesk.ui.pages.page import Hint, Page, PageHead
from villagedesk.ui.pages.remarks import remarks
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.parts import ask, button, column, frame, icon_label, label, row
from villagedesk.ui.widgets.question import Question, confirm
from villagedesk.ui.widgets.states import Banner, Empty
from villagedesk.ui.widgets.village_board import BoardCell, VillageBoard

_POLL_MS = 3000
_EVERYTHING = frozenset({"household", "member", "grid", "micro_grid", "villager_group", "village", "bundle"})


class InboxPage(Page):
    """收件."""

    name = "inbox"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self._data: InboxData | None = None
        self._tried: list[Tried] = []
        self._folder: Path | None = None
        self._known_drives: frozenset[Path] = frozenset()
        self.head = PageHead(room, self.tr("收件"))
        self.head.add(self.action(self.tr("邀请村"), self._invite, "user-plus"))
        self.head.add(self.action(self.tr("选文件夹"), self._choose_folder, "folder-open", "F6"))
        self.head.add(self.action(self.tr("全部试算"), self._try_again, "refresh-cw", "F5"))
        self.body.addWidget(self.head)
        look = room.look
        self._banner = Banner(look, (button(look, self.tr("试算"), self._try_drive, kind="link"),))
        self.body.addWidget(self._banner)
        self._stack = QStackedLayout()
        work = QWidget()
        self.panel = TrialPanel(room)
        self.panel.take.connect(self._take)
        self.panel.replace.connect(self._ask_replace)
        line = row(self._board_card(), self.panel, spacing=look.px(theme.GUTTER))
        line.setStretch(0, 1)
        work.setLayout(line)
        self._stack.addWidget(work)
        self._stack.addWidget(self._empty())
        self.body.addLayout(self._stack, 1)
        self.key("F9", self._take)
        self._poll = QTimer(self)
        self._poll.setInterval(_POLL_MS)
        self._poll.timeout.connect(self._load)
        room.events.changed.connect(self._on_changed)

    # -- building ------------------------------------------------------------------------------------------------

    def _board_card(self) -> QFrame:
        look = self.room.look
        self._arrived, self._missing = label("", "small", "text2"), label("", "small", "text2")
        received, missing = icon_label(look, "circle-check", "ok"), icon_label(look, "circle-dashed", "text2")
        legend = row(received, self._arrived, look.px(8), missing, self._missing, spacing=look.px(4))
        title = row(label(self.tr("各村到件"), "h2"), None, legend)
        self.board = VillageBoard(look, self.tr("各村到件"))
        self.board.chosen.connect(lambda _: self._show_chosen())
        inner = QWidget()
        inner.setLayout(column(self.board, None))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        card = frame("card")
        pad = look.px(theme.CARD_PAD)
        layout = column(title, scroll, spacing=look.px(10), margins=(pad, look.px(12), pad, look.px(8)))
        layout.setStretch(1, 1)
        card.setLayout(layout)
        return card

    def _empty(self) -> QWidget:
        look = self.room.look
        text = self.tr("先给每个村写一个邀请文件。村里用它把电脑接进来，第一次上报就登记好了。")
        invite = button(look, self.tr("邀请村"), self._invite, kind="primary", icon="user-plus", size="big")
        return Empty(look, "inbox", self.tr("还没有邀请过村"), text, [invite])

    def hints(self) -> tuple[Hint, ...]:
        take = (("F9", self.tr("导入")),) if self._count() else ()
        return (("F6", self.tr("选文件夹")), ("F5", self.tr("全部试算")), *take, ("↑ ↓", self.tr("选村")))

    # -- loading -------------------------------------------------------------------------------------------------

    def arrive(self, what: Any) -> None:
        self._load()
        self._poll.start()
        self.board.setFocus()

    def _load(self) -> None:
        if self.isVisible() or self._data is None:
            self.read(report.inbox_page, self._on_data, key="inbox")
        else:
            self._poll.stop()

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if "bundle" in kinds:
            self._load()

    def _on_data(self, data: InboxData) -> None:
        before, self._data = self._data, data
        self._folder = self._folder or data.folder
        fresh = {drive.path for drive in data.drives} - self._known_drives
        self._known_drives = frozenset(drive.path for drive in data.drives)
        if fresh:
            drive = next(entry for entry in data.drives if entry.path in fresh)
            self._drive = drive.path
            self._banner.tell(self.tr("U 盘 {name} 已插入").format(name=drive.name), "usb")
        elif not data.drives:
            self._banner.hide()
        if before is None or before.villages != data.villages:
            self._stack.setCurrentIndex(0 if data.villages else 1)
            self._draw_board()
            self._show_chosen()

    def _draw_board(self) -> None:
        if self._data is None:
            return
        cells = [self._cell(village) for village in self._data.villages]
        self.board.set_cells(cells)
        arrived = sum(1 for village in self._data.villages if village.received)
        counts = self.tr("{n} 个村 · 到件 {a}").format(n=len(cells), a=arrived)
        pending = sum(1 for village in self._villages() if any(entry.useful for entry in self._of(village.scope.hex())))
        more = self.tr(" · 待导入 {p}").format(p=pending) if pending else ""
        self.head.subtitle.setText(counts + more)
        waiting = len(cells) - arrived
        self._arrived.setText(self.tr("已收 {n}").format(n=arrived))
        self._missing.setText(self.tr("未到 {n}").format(n=waiting))

    def _cell(self, village: VillageRow) -> BoardCell:
        key = village.scope.hex()
        place = without_office(village.name)
        name = place.removesuffix("村") if len(place) > 3 else place
        tried = self._of(key)
        if any(entry.taken.forbidden or entry.taken.forks for entry in tried):
            return BoardCell(key, name, self.tr("有隔离"), "circle-x", "err", "err_soft")
        if any(entry.useful for entry in tried):
            return BoardCell(key, name, self.tr("待导入"), "circle-dot", "accent", "accent_soft")
        if village.received and not village.joined:
            return BoardCell(key, name, self.tr("等新电脑"), "clock", "warn")
        if village.received:
            day = datetime.fromtimestamp(village.received / 1000).strftime("%m-%d")
            return BoardCell(key, name, day, "circle-check", "ok")
        note = self.tr("未到") if village.joined else self.tr("未接入")
        return BoardCell(key, name, note, "circle-dashed", "text2")

    def _of(self, key: str) -> list[Tried]:
        return [entry for entry in self._tried if key in self._keys(entry)]

    def _keys(self, entry: Tried) -> list[str]:
        """The villages on the board a file is about: a desk that worked alone is known by its invitation."""
        about = entry.taken.scopes | {entry.taken.invited}
        return [village.scope.hex() for village in self._villages() if village.scope in about]

    def _joining(self) -> frozenset[Path]:
        """Files whose computer asks to be let in."""
        known = {village.scope for village in self._villages() if village.joined}
        return frozenset(entry.path for entry in self._tried if entry.useful and not entry.taken.scopes & known)

    # -- trial ---------------------------------------------------------------------------------------------------

    def _choose_folder(self) -> None:
        start = str(self._folder or Path.home())
        chosen = QFileDialog.getExistingDirectory(self, self.tr("选放上报包的文件夹"), start)
        if chosen:
            self.try_folder(Path(chosen))

    def _try_drive(self) -> None:
        self._banner.hide()
        self.try_folder(self._drive)

    def _try_again(self) -> None:
        if self._folder is None:
            self._choose_folder()
        else:
            self.try_folder(self._folder)

    def try_folder(self, folder: Path) -> None:
        """Run every bundle of a folder on trial."""
        self._folder = folder
        self.long(self.tr("正在试算"), "inbox", Lane.WRITE, partial(_try, folder), self._on_tried)

    def _on_tried(self, tried: list[Tried]) -> None:
        self._tried = tried
        self._draw_board()
        useful = next((entry for entry in tried if entry.useful), None)
        if useful is not None and not self._of(self.board.current()):
            self.board.choose(next(iter(self._keys(useful)), ""))
        self._show_chosen()

    def _show_chosen(self) -> None:
        """The village picked on the board; without one, everything tried."""
        village = self._chosen()
        self.panel.offer(self._count(), village is not None, village is not None and village.joined)
        self.hints_changed.emit()
        tried = self._of(village.scope.hex()) if village else self._tried
        strays = self._strays()
        if tried:
            title = village.name if village else self.tr("全部文件")
            self.panel.show_trial(title, [*tried, *(strays if village else ())], self._joining())
        elif strays:
            self.panel.show_trial(self.tr("没能收的文件"), strays, frozenset())
        elif village is not None and self._tried:
            self.panel.show_nothing(village.name, self.tr("这次没有这个村的包。"))
        elif village is not None:
            self.panel.show_nothing(village.name, self._known_of(village))
        else:
            text = self.tr("插上 U 盘，或选村里上报包所在的文件夹。先试算，看清楚再导入，试算不写任何数据。")
            self.panel.show_nothing(self.tr("等着收件"), text)

    def _strays(self) -> list[Tried]:
        """Files that could not be read at all belong to no village; they are named everywhere."""
        return [entry for entry in self._tried if entry.taken.code and not entry.taken.scopes]

    def _count(self) -> int:
        return sum(entry.taken.folded for entry in self._tried if entry.useful)

    def _chosen(self) -> VillageRow | None:
        return next((row for row in self._villages() if row.scope.hex() == self.board.current()), None)

    def _villages(self) -> Sequence[VillageRow]:
        return self._data.villages if self._data else ()

    def _known_of(self, village: VillageRow) -> str:
        if village.received and not village.joined:
            return self.tr("换了电脑：新的邀请文件交给村里了吗？新电脑报一次就接上。")
        if village.received:
            moment = datetime.fromtimestamp(village.received / 1000).strftime("%Y-%m-%d %H:%M")
            return self.tr("上次收件 {t}").format(t=moment)
        if village.joined:
            return self.tr("已接入，还没有收过包。")
        return self.tr("还没有接入：邀请文件交给村里了吗？")

    # -- taking in -------------------------------------------------------------------------------------------------

    def _take(self) -> None:
        files = [entry.path for entry in self._tried if entry.useful]
        if files and self._folder is not None:
            work = partial(_take_in, files, self._folder)
            self.long(self.tr("正在导入"), "inbox", Lane.WRITE, work, self._on_taken)

    def _on_taken(self, done: Intake) -> None:
        self._tried = [entry for entry in self._tried if not entry.useful and entry.taken.code]
        folded = sum(taken.folded for taken in done.bundles)
        text = self.tr("导入 {n} 条，写了 {r} 个回执，放在同一个文件夹里")
        odd = remarks(self.room.words, done.bundles)
        told = [text.format(n=f"{folded:,}", r=len(done.receipts)), *odd]
        if self._tried:
            told.append(self.tr("%n 个文件没收，右边写着", "", len(self._tried)))
        self.room.notices.tell(self.tr("；").join(told), wrong=bool(odd))
        self.room.events.changed.emit(_EVERYTHING)
        self._data = None
        self._load()

    # -- invitations -----------------------------------------------------------------------------------------------

    def _invite(self) -> None:
        self.room.jobs.run(Lane.READ, Job(_villages_of_town, self, self._on_offered))

    def _on_offered(self, offered: list[Village]) -> None:
        known = {village.name for village in self._villages() if village.joined}
        dialog = InviteDialog(self.room, [entry for entry in offered if entry[0] not in known], self, known)
        if ask(dialog) and dialog.folder is not None:
            self.invite(dialog.chosen(), dialog.folder)

    def invite(self, villages: Sequence[Village], folder: Path) -> None:
        """Write an invitation file for each village."""
        work = partial(_invite, villages, folder)
        self.long(self.tr("正在写邀请文件"), "user-plus", Lane.WRITE, work, self._on_invited)

    def _on_invited(self, count: int) -> None:
        self.room.notices.tell(self.tr("写了 {n} 个邀请文件，请当面交给村里").format(n=count))
        self._data = None
        self._load()

    # -- a computer that was lost ----------------------------------------------------------------------------------

    def _ask_replace(self) -> None:
        """村里换电脑: asked about, because it cannot be taken back."""
        village = self._chosen()
        if village is None or not village.joined:
            return
        title = self.tr("{village}换电脑，不用原来的了？").format(village=village.name)
        text = self.tr("原来的电脑以后交来的不再算数，已经交来的照样算。这一步不能反悔。接着写新的邀请文件。")
        if confirm(self, self.room.look, Question(title, text, self.tr("换电脑"))):
            start = str(self._folder or Path.home())
            folder = QFileDialog.getExistingDirectory(self, self.tr("邀请文件放到哪里"), start)
            if folder:
                self.replace_machine(village, Path(folder))

    def replace_machine(self, village: VillageRow, folder: Path) -> None:
        """Shut the village's computer out and write an invitation for another one."""
        target = folder / f"{village.name}.vdinvite"
        work = partial(towns.replace_machine, scope=village.scope, target=target)
        self.write(work, lambda _: self._on_replaced(target))

    def _on_replaced(self, target: Path) -> None:
        text = self.tr("新的邀请文件：{file}，请当面交给村里")
        self.room.notices.tell(text.format(file=target))
        self.board.setFocus()
        self._tried = []
        self._data = None
        self.room.events.changed.emit(_EVERYTHING)


def _try(folder: Path, progress: Progress, desk: Desk) -> list[Tried]:
    return report.try_folder(desk, [folder], progress)


def _take_in(files: Sequence[Path], receipts: Path, progress: Progress, desk: Desk) -> Intake:
    return report.take_folder(desk, files, receipts, progress)


def _villages_of_town(desk: Desk) -> list[Village]:
    code = desk.profile.division_code
    if not code:
        return []
    return [(village.short_name, village.code) for village in divisions.load_divisions().children(code[:9])]


def _invite(villages: Sequence[Village], folder: Path, progress: Progress, desk: Desk) -> int:
    for place, (name, code) in enumerate(villages):
        progress.report(place, len(villages), "inviting")
        towns.invite(desk, name, code, folder / f"{name}.vdinvite")
    return len(villages)
