"""Owns the roster import page: drop a department's workbook, see every doubtful cell, mend or leave out, import."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QStackedLayout, QWidget

from villagedesk.domain.roster import CellProblem
from villagedesk.errors import DeskError
from villagedesk.progress import Progress
from villagedesk.services import roster, roster_export
from villagedesk.services.desks import Desk
from villagedesk.services.roster import Mending, RosterPreview
from villagedesk.ui import theme
from villagedesk.ui.jobs import Lane
from villagedesk.ui.models.table import Column
from villagedesk.ui.pages.page import Hint, Page, PageHead
from villagedesk.ui.pages.roster.mapping import MappingDialog
from villagedesk.ui.pages.roster.mend import MendPanel
from villagedesk.ui.pages.roster.rows import Lines, RowId, lines_of
from villagedesk.ui.room import Room, Words
from villagedesk.ui.widgets.choice import Chips
from villagedesk.ui.widgets.parts import ask, button, column, frame, hairline, label, row
from villagedesk.ui.widgets.states import Banner, Empty
from villagedesk.ui.widgets.table import TableView

_KINDS = "(*.xlsx *.xls *.csv *.txt)"
_ENDINGS = (".xlsx", ".xls", ".csv", ".txt")
Seen = tuple[RosterPreview, Lines]

#: Width of what is said of a row in the list of rows to mend.
_FIRST_WORDS = 200


class RosterPage(Page):
    """导入预览."""

    name = "roster"
    root = "households"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        look = room.look
        self._file: Path | None = None
        self._mapping: dict[str, str] = {}
        self._mending = Mending()
        self._seen: RosterPreview | None = None
        self._lines: Lines | None = None
        self._keep: RowId | None = None
        self.setAcceptDrops(True)
        self.head = PageHead(room, self.tr("导入花名册"), (self.tr("农户"), self._leave))
        self._other = self.action(self.tr("换一个文件"), self._choose, "folder-open", "F6")
        self._take = self.action(self.tr("导入"), self._apply, "check", "F10", primary=True)
        for part in (button(look, self.tr("取消"), self._leave, key="Esc"), self._other, self._take):
            self.head.add(part)
        self.body.addWidget(self.head)
        self._banner = Banner(look, (button(look, self.tr("导出问题清单"), self._save_list, kind="link"),))
        self.body.addWidget(self._banner)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._empty())
        self._stack.addWidget(self._work())
        self.body.addLayout(self._stack, 1)
        self.key("Esc", self._leave)
        self.key("F5", self._next_problem)
        self.key("Del", self._leave_current)

    # -- building ------------------------------------------------------------------------------------------------

    def _empty(self) -> QWidget:
        look = self.room.look
        text = self.tr(
            "派出所、民政、农业……给的表都行：xlsx、xls、csv。标题行、合并格、两行表头都认得。先预览，看清楚再导入。"
        )
        choose = button(
            look, self.tr("选一个文件"), self._choose, kind="primary", icon="file-spreadsheet", key="F6", size="big"
        )
        blank = button(look, self.tr("要一张空表"), self._template, icon="file-down", size="big")
        return Empty(look, "file-spreadsheet", self.tr("把花名册拖进来"), text, [choose, blank])

    def _work(self) -> QWidget:
        look = self.room.look
        self.filter = Chips(
            look,
            self.tr("看哪些行"),
            [
                ("all", self.tr("全部")),
                ("wrong", self.tr("要改")),
                ("doubtful", self.tr("疑点")),
                ("out", self.tr("不导")),
            ],
        )
        self.filter.set_value("all")
        self.filter.changed.connect(lambda _: self._show_rows())
        self._columns_note = label("", "small", "text2")
        remap = button(look, self.tr("改列对应"), self._remap, kind="link")
        tools = row(self.filter, None, self._columns_note, remap, spacing=look.px(8))
        tools.setContentsMargins(look.px(12), look.px(8), look.px(12), look.px(8))
        columns = (
            Column(self.tr("原表行"), 62, "right"),
            Column(self.tr("户主"), 78),
            Column(self.tr("姓名"), 80),
            Column(self.tr("与户主关系"), 88),
            Column(self.tr("公民身份号码"), 178),
            Column(self.tr("组"), 54),
            Column(self.tr("电话"), 116),
            Column(self.tr("结果")),
        )
        self.table = TableView(look, columns, self.tr("花名册各行"), theme.ROW_IMPORT)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(lambda _: self._to_editor())
        sheet: QFrame = frame("card")
        layout = column(tools, hairline(), self.table, spacing=0, margins=(1, 1, 1, 1))
        layout.setStretch(2, 1)
        sheet.setLayout(layout)
        self.panel = MendPanel(self.room)
        self.panel.mended.connect(self._on_mended)
        self.panel.leave.connect(self._toggle_out)
        self.panel.jump.connect(self._jump)
        work = QWidget()
        line = row(sheet, self.panel, spacing=look.px(theme.GUTTER))
        line.setStretch(0, 1)
        work.setLayout(line)
        return work

    def hints(self) -> tuple[Hint, ...]:
        return (
            ("F6", self.tr("选文件")),
            ("F5", self.tr("下一处问题")),
            ("Enter", self.tr("改这格")),
            ("Del", self.tr("这行先不导")),
            ("F10", self.tr("导入")),
            ("Esc", self.tr("取消")),
        )

    # -- the file ------------------------------------------------------------------------------------------------

    def arrive(self, what: Any) -> None:
        """``what``: a path, the state of an earlier drawing, or None."""
        if isinstance(what, dict):
            self._mapping, self._mending = what["mapping"], what["mending"]
            self._file = what["file"]
            if self._file is not None:
                self._read()
                return
        self._start()
        if isinstance(what, Path):
            self.open_file(what)

    def state(self) -> Any:
        return {"file": self._file, "mapping": self._mapping, "mending": self._mending}

    def _start(self) -> None:
        self._file, self._seen, self._lines = None, None, None
        self._mapping, self._mending = {}, Mending()
        self.head.subtitle.setText("")
        self._banner.hide()
        self._take.setEnabled(False)
        self._stack.setCurrentIndex(0)

    def _choose(self) -> None:
        start = str(self._file.parent if self._file else Path.home())
        file, _ = QFileDialog.getOpenFileName(self, self.tr("选花名册"), start, _KINDS)
        if file:
            self.open_file(Path(file))

    def open_file(self, file: Path) -> None:
        """Read a workbook and show what importing it would do; nothing is written."""
        self._start()
        self._file = file
        self._read()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        urls = event.mimeData().urls()
        if len(urls) == 1 and urls[0].toLocalFile().lower().endswith(_ENDINGS):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.open_file(Path(event.mimeData().urls()[0].toLocalFile()))

    def _read(self) -> None:
        if self._file is None:
            return
        work = partial(_preview, self._file, dict(self._mapping), self._mending, self.room.words)
        self.long(
            self.tr("正在读花名册"),
            "file-spreadsheet",
            Lane.BULK,
            work,
            self._on_seen,
            failed=self._on_failed,
            stopped=self._on_stopped,
            key="preview",
        )

    def _on_failed(self, error: DeskError) -> None:
        self._start()
        self.fail(error)

    def _on_stopped(self) -> None:
        if self._seen is None:
            self._start()

    def _on_seen(self, found: Seen) -> None:
        self._seen, self._lines = found
        self._stack.setCurrentIndex(1)
        if self._file is not None:
            self.head.subtitle.setText(self._file.name)
        self._tell()
        self._show_rows()
        self.table.setFocus()

    def _tell(self) -> None:
        assert self._seen is not None and self._lines is not None
        seen, lines = self._seen, self._lines
        rows_in = seen.plan.rows_in
        self._take.setText(self.tr(" 导入 {n} 人  F10").format(n=f"{rows_in:,}"))
        self._take.setEnabled(rows_in > 0)
        counts = {
            "all": len(lines.rows),
            "wrong": len(lines.wrong),
            "doubtful": len(lines.doubtful),
            "out": len(lines.out),
        }
        self.filter.set_counts(counts)
        known = sum(1 for table in seen.tables for _, heading, target in table.columns if heading and target)
        total = sum(1 for table in seen.tables for _, heading, _ in table.columns if heading)
        left = len(seen.skipped)
        note = self.tr("列已对上 {a} / {b}").format(a=known, b=total)
        self._columns_note.setText(note + (self.tr("，跳过标题、合计等 {n} 行").format(n=left) if left else ""))
        if lines.wrong:
            text = self.tr("{a} 行里有 {b} 行要改，改之前不会导入这 {b} 行；其余 {c} 行可以先导。")
            shown = text.format(a=f"{len(lines.rows):,}", b=f"{len(lines.wrong):,}", c=f"{rows_in:,}")
            self._banner.tell(shown, "triangle-alert", "warn", "warn")
        elif lines.doubtful:
            text = self.tr("没有要改的。{n} 行有疑点，可以先导，以后核对。").format(n=f"{len(lines.doubtful):,}")
            self._banner.tell(text, "triangle-alert", "warn", "warn")
        else:
            self._banner.hide()
        waiting = [(lines.rows[place].key, self._first_words(lines.rows[place].key)) for place in lines.wrong[:60]]
        self.panel.show_waiting(waiting, len(lines.wrong))

    def _first_words(self, key: RowId) -> str:
        assert self._lines is not None
        problem = self._lines.problems[key][0]
        text = self.room.words.say(problem.code, **problem.params)
        first = text.split(self.tr("，"))[0]
        return self.fontMetrics().elidedText(first, Qt.TextElideMode.ElideRight, self.room.look.px(_FIRST_WORDS))

    def _show_rows(self) -> None:
        if self._lines is None:
            return
        keep = self._keep or self.table.current_key()
        self.table.show_rows(self._lines.of(self.filter.value() or "all"))
        self._keep = None
        if not self.table.choose_key(keep):
            self.table.choose(0)

    # -- mending -------------------------------------------------------------------------------------------------

    def _on_chosen(self, key: RowId | None) -> None:
        if key is None or self._lines is None or self._seen is None:
            return
        problems = self._lines.problems.get(key, ())
        self.panel.show_row(key, problems, self._seen.cells, key in self._mending.left_out)

    def _to_editor(self) -> None:
        if self.panel.editor is not None:
            self.panel.editor.setFocus()
            self.panel.editor.selectAll()

    def _on_mended(self, problem: CellProblem, text: str) -> None:
        self._keep = (problem.sheet, problem.row)
        cells = {**self._mending.cells, (problem.sheet, problem.row, problem.column): text}
        self._mending = replace(self._mending, cells=cells)
        self._read()

    def _toggle_out(self, key: RowId) -> None:
        self._keep = key
        self._mending = replace(self._mending, left_out=self._mending.left_out ^ {key})
        self._read()

    def _leave_current(self) -> None:
        key = self.table.current_key()
        if key is not None and self.table.hasFocus():
            self._toggle_out(key)

    def _jump(self, key: RowId) -> None:
        if self._lines is None:
            return
        self.filter.set_value("all")
        self._keep = key
        self._show_rows()
        self._to_editor()

    def _next_problem(self) -> None:
        """F5: the next row below that has to be mended, else the first."""
        if self._lines is None or not self._lines.wrong:
            return
        keys = [self._lines.rows[place].key for place in self._lines.wrong]
        places = {found.key: place for place, found in enumerate(self._lines.rows)}
        current = places.get(self.table.current_key(), -1)
        self._jump(next((key for key in keys if places[key] > current), keys[0]))

    def _remap(self) -> None:
        if self._seen is not None:
            dialog = MappingDialog(self.room, self._seen, self)
            if ask(dialog) and dialog.mapping():
                self._mapping.update(dialog.mapping())
                self._read()

    # -- out -----------------------------------------------------------------------------------------------------

    def _apply(self) -> None:
        if self._seen is None:
            return
        self._take.setEnabled(False)
        work = partial(_apply, self._seen)
        title = self.tr("正在导入")
        self.long(
            title,
            "file-spreadsheet",
            Lane.WRITE,
            work,
            partial(self._on_applied, self._seen),
            failed=self._on_not_applied,
            stopped=self._on_storing_stopped,
        )

    def _on_not_applied(self, error: DeskError) -> None:
        self._take.setEnabled(self._seen is not None)
        self.fail(error)

    def _on_storing_stopped(self) -> None:
        self._take.setEnabled(self._seen is not None)
        self.room.notices.tell(self.tr("停下了，什么都没有导入"))

    def _on_applied(self, seen: RosterPreview, touched: Any) -> None:
        """``seen`` comes along: by now the page may show another workbook or none."""
        counts = seen.plan.counts["households"]
        text = self.tr("导入 {n} 人：新增 {a} 户，更新 {u} 户").format(
            n=f"{seen.plan.rows_in:,}", a=counts["added"], u=counts["updated"]
        )
        if not touched.operations:
            text = self.tr("和已有的一样，没有改动")
        self.room.notices.tell(text, touched.action if touched.operations else b"")
        self.room.events.changed.emit(touched.kinds | {"household"})
        if self._seen is seen:
            self._start()
            self.go("households")

    def _save_list(self) -> None:
        if self._seen is None:
            return
        file, _ = QFileDialog.getSaveFileName(
            self, self.tr("导出问题清单"), str(Path.home() / self.tr("花名册问题清单.xlsx")), "(*.xlsx)"
        )
        if file:
            work = partial(
                roster.save_problems, previewed=self._seen, target=Path(file), language=self.room.words.language
            )
            self.read(work, lambda _: self.room.notices.tell(self.tr("已存为 {f}").format(f=Path(file).name)))

    def _template(self) -> None:
        file, _ = QFileDialog.getSaveFileName(
            self, self.tr("要一张空表"), str(Path.home() / self.tr("花名册.xlsx")), "(*.xlsx)"
        )
        if file:
            done = partial(self.room.notices.tell, self.tr("已存为 {f}").format(f=Path(file).name))
            self.read(partial(roster_export.template, target=Path(file)), lambda _: done())

    def _leave(self) -> None:
        self.go("households")


def _preview(
    file: Path, mapping: dict[str, str], mending: Mending, words: Words, progress: Progress, desk: Desk
) -> Seen:
    """On the BULK lane."""
    seen = roster.preview(desk, file, mapping or None, progress, mending)
    return seen, lines_of(seen, mending, words)


def _apply(seen: RosterPreview, progress: Progress, desk: Desk) -> Any:
    return roster.apply(desk, seen, progress)
