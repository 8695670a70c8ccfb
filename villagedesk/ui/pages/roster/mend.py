"""Owns the panel beside the preview: what is wrong in the chosen row, mending it right here, and what else waits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from villagedesk.domain.roster import ERROR, CellProblem
from villagedesk.ui.pages.roster.rows import RowId
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.field import TextLine
from villagedesk.ui.widgets.parts import button, clear, column, hairline, icon_label, label, mark, row, scrolled

_WIDTH = 300
_LISTED = 40
_NUMBER = 44
#: A cell and the text it holds or should hold.
Mended = tuple[CellProblem, str]


class MendPanel(QFrame):
    """``mended(problem, text)``: the cell's text was put right; ``passed``: it stays as it is; ``leave(row)``: in or
    out; ``jump(row)``; ``restore``: all mends are to go."""

    mended = Signal(object, str)
    passed = Signal()
    restore = Signal()
    leave = Signal(object)
    jump = Signal(object)

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self.editor: TextLine | None = None
        self._before = ""
        look = room.look
        self.setProperty("box", "card")
        self.setFixedWidth(look.px(_WIDTH))
        pad = look.px(16)
        self._top = QVBoxLayout()
        self._top.setSpacing(look.px(8))
        self._listing = QGridLayout()
        self._listing.setSpacing(look.px(2))
        self._listing.setHorizontalSpacing(look.px(8))
        self._listing.setColumnMinimumWidth(0, look.px(_NUMBER))
        self._listing.setColumnStretch(1, 1)
        self._waiting = label("", "small", "text2")
        waiting = QWidget()
        title = row(label(self.tr("要改的"), "strong"), self._waiting, None, spacing=look.px(8))
        waiting.setLayout(column(title, self._listing, None, spacing=look.px(4)))
        self._scroll = scrolled(column(self._top, hairline(), waiting, None, spacing=look.px(10)))
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        undo = row(
            icon_label(look, "undo-2", "text2"), label(self.tr("导入后可以整批撤销"), "small", "text2"), None, spacing=6
        )
        parts = (self._scroll, hairline(), self._kept(), undo)
        layout = column(*parts, spacing=look.px(10), margins=(pad, pad, pad, look.px(12)))
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def _kept(self) -> QWidget:
        look = self._room.look
        self._decided = label("", "small", "text2")
        back = button(look, self.tr("全部还原"), self.restore.emit, kind="link")
        self._decisions = QWidget()
        self._decisions.setLayout(
            row(icon_label(look, "pencil", "text2"), self._decided, None, back, spacing=look.px(6))
        )
        self._decisions.hide()
        return self._decisions

    def show_decided(self, count: int) -> None:
        """How much was decided and is not imported yet."""
        self._decisions.setVisible(count > 0)
        self._decided.setText(self.tr("改了 {n} 处，离开也留着").format(n=count))

    def show_row(self, key: RowId, problems: Sequence[CellProblem], cell: Mended | None, left_out: bool) -> None:
        """One row of the clerk's sheet and everything found in it.

        ``cell``: the one to mend, right below its finding, and what it holds.
        """
        clear(self._top)
        self.editor = None
        look = self._room.look
        sheet, number, _ = key
        first = problems[0] if problems else None
        place = self.tr("{c}{r} 格").format(c=cell[0].column, r=number) if cell else ""
        title = row(label(self.tr("第 {n} 行").format(n=number), "h2"), label(place, tone="text2"), None)
        self._top.addLayout(title)
        self._top.addWidget(label(sheet, "small", "text3"))
        if first is None:
            self._top.addWidget(label(self.tr("这一行没有问题。"), tone="text2"))
        for problem in problems:
            self._top.addLayout(self._finding(problem))
            if cell is not None and problem is cell[0]:
                self._top.addLayout(self._editor(*cell))
        leave = button(
            look,
            self.tr("这行还是要导") if left_out else self.tr("这行先不导"),
            partial(self.leave.emit, key),
            size="compact",
        )
        if cell is not None:
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

    def _editor(self, problem: CellProblem, text: str) -> QVBoxLayout:
        self.editor = TextLine(self.tr("改这一格"))
        self.editor.setText(text)
        mark(self.editor, state="error" if problem.level == ERROR else "doubt")
        self.editor.entered.connect(self._on_fixed)
        self._problem, self._before = problem, text
        return column(self.editor)

    def show_editor(self) -> None:
        """A row with many findings is scrolled to the field."""
        if self.editor is not None:
            self._top.activate()
            self._scroll.ensureWidgetVisible(self.editor)

    def forget(self) -> None:
        """Another file: nothing of this one is left to mend."""
        self.editor = None
        clear(self._top)

    def typed(self) -> Mended | None:
        """What was typed and not confirmed yet."""
        if self.editor is None or self.editor.text() == self._before:
            return None
        return self._problem, self.editor.text()

    def put_back(self) -> None:
        """The cell's text as it was."""
        if self.editor is not None:
            self.editor.setText(self._before)

    def _on_fixed(self) -> None:
        """Enter: a text that was not touched stays, and so does its cell."""
        typed = self.typed()
        if typed is None:
            self.passed.emit()
        else:
            self._before = typed[1]
            self.mended.emit(*typed)

    def show_waiting(self, waiting: Sequence[tuple[RowId, str]], count: int) -> None:
        """Rows that still have to be mended."""
        clear(self._listing)
        self._waiting.setText(f"{count:,}")
        for line, (key, text) in enumerate(waiting[:_LISTED]):
            number = label(str(key[1]), tone="text2")
            number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            go = button(self._room.look, text, partial(self.jump.emit, key), kind="link")
            go.setAccessibleName(self.tr("第 {n} 行：{text}").format(n=key[1], text=text))
            self._listing.addWidget(number, line, 0)
            self._listing.addWidget(go, line, 1, Qt.AlignmentFlag.AlignLeft)
        if count > _LISTED:
            rest = label(self.tr("还有 {n} 行").format(n=count - _LISTED), "small", "text3")
            self._listing.addWidget(rest, _LISTED, 1)
