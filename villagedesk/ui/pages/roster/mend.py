"""Owns the panel beside the preview: what is wrong in the chosen row, mending it right here, and what else waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from villagedesk.domain.roster import ERROR, CellProblem
from villagedesk.ui.pages.roster.rows import RowId
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.field import TextLine
from villagedesk.ui.widgets.parts import button, clear, column, hairline, icon_label, label, mark, row

_WIDTH = 300
_LISTED = 40


class MendPanel(QFrame):
    """``mended(problem, text)``: the cell's text was put right; ``leave(row)``: in or out; ``jump(row)``."""

    mended = Signal(object, str)
    leave = Signal(object)
    jump = Signal(object)

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self.editor: TextLine | None = None
        look = room.look
        self.setProperty("box", "card")
        self.setFixedWidth(look.px(_WIDTH))
        pad = look.px(16)
        self._top = QVBoxLayout()
        self._top.setSpacing(look.px(8))
        self._listing = QVBoxLayout()
        self._listing.setSpacing(look.px(2))
        waiting = QWidget()
        waiting.setLayout(column(self._listing, None))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(waiting)
        undo = row(
            icon_label(look, "undo-2", "text2"), label(self.tr("导入后可以整批撤销"), "small", "text2"), None, spacing=6
        )
        layout = column(
            self._top, hairline(), scroll, hairline(), undo, spacing=look.px(10), margins=(pad, pad, pad, look.px(12))
        )
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def show_row(
        self, key: RowId, problems: Sequence[CellProblem], texts: Mapping[tuple[str, int, str], str], left_out: bool
    ) -> None:
        """One row of the clerk's sheet and everything found in it."""
        clear(self._top)
        self.editor = None
        look = self._room.look
        sheet, number = key
        first = problems[0] if problems else None
        cell = self.tr("{c}{r} 格").format(c=first.column, r=number) if first and first.column else ""
        title = row(label(self.tr("第 {n} 行").format(n=number), "h2"), label(cell, tone="text2"), None)
        self._top.addLayout(title)
        self._top.addWidget(label(sheet, "small", "text3"))
        if first is None:
            self._top.addWidget(label(self.tr("这一行没有问题。"), tone="text2"))
        for problem in problems:
            self._top.addLayout(self._finding(problem))
        if first is not None and first.column:
            self._top.addLayout(self._editor(first, texts))
        leave = button(
            look,
            self.tr("这行还是要导") if left_out else self.tr("这行先不导"),
            partial(self.leave.emit, key),
            size="compact",
        )
        if first is not None and first.column:
            fix = button(look, self.tr("改好了"), self._on_fixed, icon="check", size="compact")
            self._top.addLayout(row(fix, leave, None, spacing=look.px(8)))
        else:
            self._top.addLayout(row(leave, None))

    def _finding(self, problem: CellProblem) -> QVBoxLayout:
        tone = "err" if problem.level == ERROR else "warn"
        icon = "circle-x" if problem.level == ERROR else "triangle-alert"
        text = label(self._room.words.say(problem.code, **problem.params), tone=tone, wrap=True)
        line = row(icon_label(self._room.look, icon, tone), text, spacing=self._room.look.px(6))
        line.setStretch(1, 1)
        return column(line)

    def _editor(self, problem: CellProblem, texts: Mapping[tuple[str, int, str], str]) -> QVBoxLayout:
        self.editor = TextLine(self.tr("改这一格"))
        self.editor.setText(texts.get((problem.sheet, problem.row, problem.column), ""))
        mark(self.editor, state="error" if problem.level == ERROR else "doubt")
        self.editor.entered.connect(self._on_fixed)
        self._problem = problem
        return column(self.editor)

    def _on_fixed(self) -> None:
        if self.editor is not None:
            self.mended.emit(self._problem, self.editor.text())

    def show_waiting(self, waiting: Sequence[tuple[RowId, str]], count: int) -> None:
        """Rows that still have to be mended."""
        clear(self._listing)
        self._listing.addLayout(
            row(label(self.tr("要改的"), "strong"), label(f"{count:,}", "small", "text2"), None, spacing=8)
        )
        for key, text in waiting[:_LISTED]:
            line = button(self._room.look, f"{key[1]}　{text}", partial(self.jump.emit, key), kind="link")
            self._listing.addLayout(row(line, None))
        if count > _LISTED:
            self._listing.addWidget(label(self.tr("还有 {n} 行").format(n=count - _LISTED), "small", "text3"))
