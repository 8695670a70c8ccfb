"""Owns the roster import page: drop a department's workbook, see every doubtful cell, mend or leave out, import."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QStackedLayout, QWidget

from villagedesk.domain.roster import CellProblem
from villagedesk.errors import DeskError
from villagedesk.services import roster, roster_export
from villagedesk.services.roster import RosterPreview, UnclearColumns
from villagedesk.ui.jobs import Lane
from villagedesk.ui.pages.page import Hint, Page, PageHead
from villagedesk.ui.pages.roster.account import Account
from villagedesk.ui.pages.roster.bench import Bench
from villagedesk.ui.pages.roster.decisions import Decisions, keep
from villagedesk.ui.pages.roster.files import Files
from villagedesk.ui.pages.roster.mapping import MappingDialog
from villagedesk.ui.pages.roster.rows import Lines, RowId
from villagedesk.ui.pages.roster.shorts import Shorts
from villagedesk.ui.pages.roster.work import Seen, apply, keep_mapping, preview
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.parts import ask, button
from villagedesk.ui.widgets.question import Question, confirm
from villagedesk.ui.widgets.states import Banner, Empty


class RosterPage(Page):
    """导入预览."""

    name = "roster"
    root = "households"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        look = room.look
        self._shorts, self._account, self._files = Shorts(room.words), Account(), Files(self)
        self._file: Path | None = None
        self._mark = self._refused = ""
        self._decided = Decisions()
        self._seen: RosterPreview | None = None
        self._lines: Lines | None = None
        self.head = PageHead(room, self.tr("导入花名册"), (self.tr("农户"), self._leave))
        self._other = button(look, self.tr("换一个文件"), self._choose, icon="folder-open", key="F6")
        self._take = self.action(self.tr("导入"), self._apply, "check", "F10", primary=True)
        for part in (button(look, self.tr("取消"), self._leave, key="Esc"), self._other, self._take):
            self.head.add(part)
        self.body.addWidget(self.head)
        self._list = button(look, self.tr("导出问题清单"), self._save_list, kind="link")
        self._banner = Banner(look, (self._list,))
        self.body.addWidget(self._banner)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._empty())
        self._stack.addWidget(self._work())
        self.body.addLayout(self._stack, 1)
        self.key("Esc", self._step_back)
        self.key("F6", self._choose)
        self.key("F5", lambda: self.bench.next_problem())
        self.key("Del", lambda: self.bench.leave_current())

    # -- building ------------------------------------------------------------------------------------------------

    def _empty(self) -> QWidget:
        look = self.room.look
        text = self.tr(
            "派出所、民政、农业……给的表都行：xlsx、xls、csv。标题行、合并格、两行表头都认得。先预览，看清楚再导入。"
        )
        self._first = button(
            look, self.tr("选一个文件"), self._choose, kind="primary", icon="file-spreadsheet", key="F6", size="big"
        )
        blank = button(look, self.tr("要一张空表"), self._template, icon="file-down", size="big")
        return Empty(look, "file-spreadsheet", self.tr("把花名册拖进来"), text, [self._first, blank])

    def _work(self) -> QWidget:
        self.bench = Bench(self.room)
        self.sheet, self.panel = self.bench.sheet, self.bench.panel
        self.filter, self.table = self.bench.filter, self.bench.table
        self.sheet.remap.connect(self._remap)
        self.panel.restore.connect(self._restore)
        self.bench.mended.connect(lambda problem, text: self._decide(self._mended(problem, text)))
        self.bench.leave.connect(self._toggle_out)
        return self.bench

    def hints(self) -> tuple[Hint, ...]:
        choose, back = ("F6", self.tr("选文件")), ("Esc", self.tr("取消"))
        if self._seen is None:
            return choose, back
        take = (("F10", self.tr("导入")),) if self._take.isEnabled() else ()
        mend = (("F5", self.tr("下一处问题")), ("Enter", self.tr("改这格")), ("Del", self.tr("这行先不导")))
        return choose, *mend, *take, back

    # -- the file ------------------------------------------------------------------------------------------------

    def arrive(self, what: Any) -> None:
        """``what``: a path, the state of an earlier drawing, or None: what was begun goes on."""
        if isinstance(what, dict):
            self._file, self._decided, self._refused = what["file"], what["decided"], what["refused"]
        if isinstance(what, Path):
            self.open_file(what)
        elif self._file is not None and self._decided.count:
            self._read(self._decided)
        else:
            self._start(self._refused)

    def state(self) -> Any:
        self._take_typed()
        return {"file": self._file, "decided": self._decided, "refused": self._refused}

    def may_leave(self) -> bool:
        """Nothing is asked: what was mended stays with the desk until it is imported or put back."""
        self._take_typed()
        if self._decided.count:
            self.room.notices.tell(self.tr("改的 {n} 处留着，再来接着改").format(n=self._decided.count))
        return True

    def _start(self, refused: str = "") -> None:
        """No file.  ``refused``: why the last one cannot be read, told until another is chosen."""
        self._file = self._seen = self._lines = None
        self._refused = refused
        self._mark, self._decided = "", Decisions()
        self.bench.forget()
        self.head.subtitle.setText("")
        self._list.hide()
        self._banner.tell(refused, "circle-x", "err", "err")
        self._banner.setVisible(bool(refused))
        self._other.hide()
        self._take.setText(self.tr(" 导入  F10"))
        self._take.setEnabled(False)
        self._stack.setCurrentIndex(0)
        self._first.setFocus()
        self.hints_changed.emit()

    def _choose(self) -> None:
        if (file := self._files.choose(self, self._file)) is not None:
            self.open_file(file)

    def open_file(self, file: Path) -> None:
        """Read a workbook and show what importing it would do; nothing is written."""
        self._take_typed()
        self._start()
        self._file = file
        self._files.note(file)
        self._read(None)

    def _read(self, decided: Decisions | None) -> None:
        """``decided`` None: what was decided about this file before."""
        if self._file is None:
            return
        work = partial(preview, self._file, decided, self.room.words, self._shorts)
        self.long(
            self.tr("正在读花名册"),
            "file-spreadsheet",
            Lane.BULK,
            work,
            partial(self._on_seen, decided is None),
            failed=self._on_failed,
            stopped=self._on_stopped,
            key="preview",
        )

    def _on_failed(self, error: DeskError) -> None:
        file = self._file
        self._start(self.room.words.fault(error))
        self.fail(error)
        if file is not None and isinstance(error, UnclearColumns):
            self._ask_columns(file, error)

    def _ask_columns(self, file: Path, error: UnclearColumns) -> None:
        """Which column is which, before anything could be read."""
        dialog = MappingDialog(self.room, error.tables, self)
        if ask(dialog) and dialog.mapping():
            self.write(partial(keep_mapping, file, dialog.mapping()), lambda _: self.open_file(file))

    def _on_stopped(self) -> None:
        if self._seen is None:
            self._start()

    def _on_seen(self, first: bool, found: Seen) -> None:
        self._seen, self._lines, self._mark, self._decided = found
        self._stack.setCurrentIndex(1)
        self._other.show()
        if self._file is not None:
            self.head.subtitle.setText(self._file.name)
        self._tell()
        self.bench.show_preview(self._seen, self._lines, self._decided.mending)
        if first and self._decided.count:
            self.room.notices.tell(self.tr("上次改的 {n} 处还在，接着改").format(n=self._decided.count))

    def _tell(self) -> None:
        assert self._seen is not None and self._lines is not None
        seen, lines = self._seen, self._lines
        self._take.setText(self._account.button(lines))
        self._take.setEnabled(lines.changing > 0)
        self.sheet.tell(lines, self._account.columns(seen))
        self._list.setVisible(bool(seen.problems))
        self._banner.tell(*self._account.told(lines))
        waiting = [lines.rows[place].key for place in lines.wrong[:60]]
        named = [(key, self._shorts.of(lines.problems[key][0])) for key in waiting]
        self.panel.show_waiting(named, len(lines.wrong))
        self.panel.show_decided(self._decided.count)
        self.hints_changed.emit()

    # -- mending -------------------------------------------------------------------------------------------------

    def _step_back(self) -> None:
        """Esc: out of the field first, as it was; then out of the page."""
        if not self.bench.step_back():
            self._leave()

    def _decide(self, decided: Decisions) -> None:
        """Keep what is decided and see what would come of it."""
        self._decided = decided
        self.write(partial(keep, self._mark, decided), lambda _: None)
        self._read(decided)

    def _mended(self, problem: CellProblem, text: str) -> Decisions:
        mending = self._decided.mending
        cells = {**mending.cells, (problem.sheet, problem.row, problem.column): text}
        return replace(self._decided, mending=replace(mending, cells=cells))

    def _take_typed(self) -> None:
        """Going away now: what was typed into the field counts too."""
        typed = self.panel.typed()
        if typed is not None and self._seen is not None:
            self._decided = self._mended(*typed)
            self.write(partial(keep, self._mark, self._decided), lambda _: None)

    def _toggle_out(self, key: RowId) -> None:
        mending = self._decided.mending
        self._decide(replace(self._decided, mending=replace(mending, left_out=mending.left_out ^ {key[:2]})))

    def _restore(self) -> None:
        title = self.tr("改过的 {n} 处都不要了？").format(n=self._decided.count)
        question = Question(title, self.tr("照原表重新读。在这里改过的找不回来。"), self.tr("全部还原"))
        if confirm(self, self.room.look, question):
            self._decide(Decisions())

    def _remap(self) -> None:
        dialog = MappingDialog(self.room, self._seen.tables, self) if self._seen is not None else None
        if dialog is not None and ask(dialog) and dialog.mapping():
            mapping = {**self._decided.mapping, **dialog.mapping()}
            self._decide(replace(self._decided, mapping=mapping))

    # -- out -----------------------------------------------------------------------------------------------------

    def _apply(self) -> None:
        if self._seen is None or self._lines is None:
            return
        if self.bench.take_typed():  # what would come of it was not seen yet
            return
        self._take.setEnabled(False)
        self.long(
            self.tr("正在导入"),
            "file-spreadsheet",
            Lane.WRITE,
            partial(apply, self._seen, "" if self._lines.wrong or self._lines.out else self._mark),
            partial(self._on_applied, self._seen, self._mark, self._account.done(self._seen, self._lines)),
            failed=self._on_not_applied,
            stopped=self._on_storing_stopped,
        )

    def _on_not_applied(self, error: DeskError) -> None:
        self._take.setEnabled(self._seen is not None)
        self.fail(error)

    def _on_storing_stopped(self) -> None:
        self._take.setEnabled(self._seen is not None)
        self.room.notices.tell(self.tr("停下了，什么都没有导入"))

    def _on_applied(self, seen: RosterPreview, mark: str, text: str, touched: Any) -> None:
        """``seen`` comes along: by now the page may show another workbook or none."""
        self.room.notices.tell(text, touched.action if touched.operations else b"")
        self.room.events.changed.emit(touched.kinds | {"household"})
        here = self._seen is seen
        if here or self._mark == mark:
            self._start()
        if here:
            self.go("households")

    def _save_list(self) -> None:
        if self._seen is None:
            return
        file = self._files.target(self, self.tr("导出问题清单"), self.tr("花名册问题清单.xlsx"))
        if file is not None:
            words = self.room.words
            work = partial(roster.save_problems, previewed=self._seen, target=file, language=words.language)
            self.read(work, lambda _: self._on_saved(file))

    def _template(self) -> None:
        file = self._files.target(self, self.tr("要一张空表"), self.tr("花名册.xlsx"))
        if file is not None:
            self.read(partial(roster_export.template, target=file), lambda _: self._on_saved(file))

    def _on_saved(self, file: Path) -> None:
        self.room.notices.tell(self.tr("已存为 {f}").format(f=file.name))

    def _leave(self) -> None:
        self.go("households")
