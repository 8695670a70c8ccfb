"""Owns the 导出 page: the roster as a workbook for departments, numbers masked unless a purpose is written."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog

from villagedesk.progress import Progress
from villagedesk.services import households, roster_export, summary
from villagedesk.services.desks import Desk
from villagedesk.services.households import HouseholdQuery
from villagedesk.ui.jobs import Lane
from villagedesk.ui.pages.page import Hint, Page, PageHead
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.choice import Tick
from villagedesk.ui.widgets.field import Field
from villagedesk.ui.widgets.parts import button, column, frame, label, row

_LABEL = 110


class ExportPage(Page):
    """导出花名册."""

    name = "export"
    root = "households"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        look = room.look
        self.head = PageHead(room, self.tr("导出花名册"), (self.tr("农户"), self._leave))
        self.head.add(button(look, self.tr("返回"), self._leave, key="Esc"))
        self.head.add(self.action(self.tr("导出统计表"), self._choose_numbers, "file-spreadsheet", "F8"))
        self._take = self.action(self.tr("导出"), self._choose, "file-down", "F9", primary=True)
        self.head.add(self._take)
        self.body.addWidget(self.head)
        self.grid = Field(look, self.tr("哪个网格"), options=[], label_width=_LABEL)
        self.full = Tick(look, self.tr("要完整的身份号码、账号"))
        self.full.toggled.connect(self._on_full)
        self.purpose = Field(look, self.tr("用途"), hint=self.tr("如：报县医保局参保核对"), label_width=_LABEL)
        note = label(
            self.tr(
                "每人一行，按户排好。号码、电话、账号都存成文本，表格软件不会弄坏。改过再导回来，会更新，不会重复。"
            ),
            tone="text2",
            wrap=True,
        )
        warn = label(
            self.tr("不勾时号码只留前三位和后四位。勾了要写用途，谁在什么时候导出会记下来。"),
            "small",
            "text2",
            wrap=True,
        )
        card = frame("card")
        card.setMaximumWidth(look.px(720))
        pad = look.px(24)
        parts = (note, self.grid, row(look.px(_LABEL + 10), self.full, None, spacing=0), self.purpose, warn)
        card.setLayout(column(*parts, spacing=look.px(12), margins=(pad, pad, pad, pad)))
        self.body.addWidget(card)
        self.body.addStretch(1)
        self.key("Esc", self._leave)
        self._on_full(False)

    def hints(self) -> tuple[Hint, ...]:
        return (("F9", self.tr("导出")), ("F8", self.tr("导出统计表")), ("Esc", self.tr("返回")))

    def arrive(self, what: Any) -> None:
        """``what``: the query of the list, whose grid is taken over."""
        self._wanted = what.grid if isinstance(what, HouseholdQuery) else ""
        self.read(households.place_options, self._on_places, key="places")
        self.grid.setFocus()

    def _on_places(self, options: dict[str, list[tuple[str, str]]]) -> None:
        self.grid.set_options(options["grid"], self.tr("全部网格"))
        self.grid.set_value(self._wanted)

    def _on_full(self, on: bool) -> None:
        self.purpose.setVisible(on)
        if on:
            self.purpose.setFocus()

    def _choose(self) -> None:
        if self.full.isChecked() and not self.purpose.value().strip():
            self.purpose.complain(self.tr("要完整号码，请写用途"))
            self.purpose.setFocus()
            return
        self.purpose.complain("")
        suggested = str(Path.home() / self.tr("花名册.xlsx"))
        file, _ = QFileDialog.getSaveFileName(self, self.tr("导出花名册"), suggested, "Excel (*.xlsx);;CSV (*.csv)")
        if file:
            self.export_to(Path(file))

    def export_to(self, file: Path) -> None:
        """Write the workbook."""
        work = partial(_export, file, self.full.isChecked(), self.purpose.value(), self.grid.value())
        self.long(self.tr("正在导出花名册"), "file-spreadsheet", Lane.WRITE, work, self._on_done)

    def _choose_numbers(self) -> None:
        suggested = str(Path.home() / self.tr("村情统计表.xlsx"))
        file, _ = QFileDialog.getSaveFileName(self, self.tr("导出统计表"), suggested, "Excel (*.xlsx)")
        if file:
            self.numbers_to(Path(file))

    def numbers_to(self, file: Path) -> None:
        """Write the village in numbers; nobody is named in it."""
        self.long(self.tr("正在统计"), "file-spreadsheet", Lane.BULK, partial(_numbers, file), self._on_done)

    def _on_done(self, done: Any) -> None:
        text = self.tr("已导出 {h} 户 {p} 人：{f}").format(h=done.households, p=done.people, f=done.path.name)
        self.room.notices.tell(text)
        self.room.events.changed.emit(frozenset({"audit"}))

    def _leave(self) -> None:
        self.go("households")


def _numbers(file: Path, progress: Progress, desk: Desk) -> Any:
    return summary.write_numbers(desk, file, progress)


def _export(file: Path, full: bool, purpose: str, grid: str, progress: Progress, desk: Desk) -> Any:
    return roster_export.export(desk, file, progress, full, purpose if full else "", grid)
