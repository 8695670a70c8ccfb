"""Owns the card 家庭成员: the grid, the doubt below it, the strip of codes, and the dialogs about one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QFrame

from villagedesk.domain.codes import code_list
from villagedesk.domain.fields import Type, Value
from villagedesk.domain.household_entry import Placed, TypedMember, text_of
from villagedesk.domain.records.member import MEMBER
from villagedesk.domain.values import match_code
from villagedesk.ui.models.members import GRID, MembersModel
from villagedesk.ui.pages.form.basics import HEAD_FIELDS
from villagedesk.ui.pages.form.member_dialog import LeavingDialog, MemberDialog
from villagedesk.ui.pages.form.options import CodeDialog, OptionStrip
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.entry_grid import EntryGrid
from villagedesk.ui.widgets.parts import ask, button, column, frame, hairline, icon_label, label, mark, row

_WIDTHS = (34, 92, 186, 50, 50, 120, 78, 92, 120, 112, 120)
_WIDTHS_NARROW = (30, 84, 178, 44, 46, 94, 56, 76, 84, 84, 74)

#: Why a person left the form: what is written about them, or None = 作废.
Gone = tuple[bytes, Mapping[str, Value] | None]


class People(QFrame):
    """``edited(line, field)``; ``standing(rect)``: the cell in focus in this card's coordinates; ``past_end`` and
    ``before_start``: Enter beyond the grid; ``accepted``: a doubt was looked at; ``typing``: a cell is being typed."""

    edited = Signal(int, str)
    standing = Signal(QRect)
    past_end = Signal()
    before_start = Signal()
    accepted = Signal()
    typing = Signal()

    def __init__(self, room: Room, today: date, *, narrow: bool) -> None:
        super().__init__()
        self._room, self._today = room, today
        self._fine: set[tuple[int, str]] = set()
        self._doubt: tuple[int, str] = (-1, "")
        self.gone: list[Gone] = []
        self.setProperty("box", "card")
        titles = {name: room.words.label("member", name) for name in GRID if name in MEMBER.by_name}
        titles["age"], titles["id_no"] = self.tr("年龄"), self.tr("身份号码")
        self.members = MembersModel(titles, today, self)
        self.members.edited.connect(self.edited)
        self.grid = EntryGrid(room.look, self.members, _WIDTHS_NARROW if narrow else _WIDTHS, self.tr("家庭成员"))
        self.grid.cell.connect(self._on_cell)
        self.grid.typing.connect(self._on_typing)
        self.grid.past_end.connect(self.past_end)
        self.grid.before_start.connect(self.before_start)
        self._strip = OptionStrip(room)
        self._strip.picked.connect(self.grid.put)
        self._strip.all_wanted.connect(self.all_codes)
        parts = (self._title(), hairline(), self.grid, self._doubt_line(), self._strip)
        self.setLayout(column(*parts, spacing=0, margins=(1, 1, 1, 1)))

    def _title(self) -> QFrame:
        look = self._room.look
        self._count = label("", "small", "text2")
        more = button(look, self.tr("更多信息"), self.more, kind="link", icon="sliders-horizontal", key="F7")
        add = button(look, self.tr("加一人"), self.add, kind="link", icon="user-plus", key="F6")
        head = frame("plain")
        parts = (label(self.tr("家庭成员"), "h2"), self._count, None, more, add)
        head.setLayout(row(*parts, spacing=look.px(8), margins=(look.px(16), look.px(8), look.px(16), look.px(8))))
        return head

    def _doubt_line(self) -> QFrame:
        look = self._room.look
        self._doubts = frame("doubts")
        self._doubt_icon = icon_label(look, "triangle-alert", "warn")
        self._doubt_text = label("", "small", wrap=True)
        self._doubt_fine = button(look, self.tr("已核对无误"), self._accept, kind="link")
        line = row(self._doubt_icon, self._doubt_text, self._doubt_fine, spacing=look.px(8))
        line.setContentsMargins(look.px(15), look.px(4), look.px(15), look.px(4))
        line.setStretch(1, 1)
        self._doubts.setLayout(line)
        self._doubts.hide()
        return self._doubts

    # -- what it holds -------------------------------------------------------------------------------------------

    @property
    def lines(self) -> tuple[TypedMember, ...]:
        return self.members.lines

    @property
    def lines_so_far(self) -> tuple[TypedMember, ...]:
        """The lines with what stands in the open cell: a power cut does not wait for Enter."""
        open_text, (line, name) = self.grid.open_text, self.grid.place()
        if open_text is None or line < 0:
            return self.lines
        lines = [*self.lines, *([TypedMember()] if line == len(self.lines) else [])]
        name = "birth_date" if name == "age" else name
        lines[line] = replace(lines[line], texts={**lines[line].texts, name: open_text})
        return tuple(lines)

    @property
    def head_texts(self) -> Mapping[str, str]:
        """Texts of the first line, which the card above shows as the head of household."""
        return self.lines[0].texts if self.lines else {}

    def set_lines(self, lines: Sequence[TypedMember]) -> None:
        self.gone, self._fine = [], set()
        self.members.set_lines(lines)
        self._strip.show_field("")

    def show_findings(self, findings: Sequence[Placed], people: int) -> None:
        """Mark cells and tell the first thing to look at: what blocks before what is only doubtful."""
        shown = [
            placed
            for placed in findings
            if placed.member >= 0 and (placed.blocks or (placed.member, placed.finding.code) not in self._fine)
        ]
        self.members.set_findings(shown)
        blocking = sum(placed.blocks for placed in shown)
        count = self.tr("{n} 人").format(n=people)
        mend = self.tr("%n 处要改", "", blocking)
        self._count.setText(f"{count} · {mend}" if blocking else count)
        told = sorted((placed for placed in shown if not _told_above(placed)), key=_urgency)
        self._doubts.setVisible(bool(told))
        if told:
            self._tell(told[0])

    def _tell(self, placed: Placed) -> None:
        name = self.members.text(placed.member, "name")
        say = self._room.words.say(placed.finding.code, **placed.finding.params)
        if placed.finding.code == "required":
            say = self.tr("{field}{text}").format(
                field=self._room.words.label("member", placed.finding.field), text=say
            )
        self._doubt = (placed.member, placed.finding.code)
        where = self.tr("第 {n} 行 {name}：{text}").format(n=placed.member + 1, name=name, text=say)
        self._doubt_text.setText(where if placed.blocks else self.tr("疑点  {text}。不影响保存。").format(text=where))
        self._doubt_fine.setVisible(not placed.blocks)
        mark(self._doubts, box="wrong" if placed.blocks else "doubts")
        self._doubt_icon.setPixmap(
            self._room.look.pixmap(
                "circle-x" if placed.blocks else "triangle-alert",
                "err" if placed.blocks else "warn",
                16,
                self.devicePixelRatioF(),
            )
        )

    def _accept(self) -> None:
        self._fine.add(self._doubt)
        self.accepted.emit()

    # -- moving --------------------------------------------------------------------------------------------------

    def stand_at(self, line: int, name: str) -> None:
        """Focus a cell; a field without a column of its own stands at the name."""
        at = min(line, len(self.lines))
        known = name in GRID and self.members.editable(at, GRID.index(name))
        self.grid.focus_cell(at, name if known else "name")

    def go_on_from_above(self) -> None:
        """Where typing goes on after the card above."""
        self.stand_at(0, "relation" if self.lines else "name")

    def _on_cell(self, _line: int, name: str) -> None:
        self._strip.show_field(name)
        rect = self.grid.visualRect(self.grid.currentIndex())
        self.standing.emit(QRect(self.grid.viewport().mapTo(self, rect.topLeft()), rect.size()))

    def _on_typing(self, text: str) -> None:
        self._strip.show_field(self.grid.place()[1], text)
        self.typing.emit()

    # -- one person ----------------------------------------------------------------------------------------------

    def add(self) -> None:
        self.grid.commit()
        self.stand_at(len(self.lines), "name")

    def all_codes(self) -> None:
        """F4: every code of the cell in focus."""
        name = self.grid.place()[1]
        declared = MEMBER.by_name.get(name)
        if declared is None or declared.type is not Type.CODE:
            return
        title = self._room.words.label("member", name)
        self.grid.commit()
        now = match_code(declared.code_list, self.members.text(self.grid.place()[0], name)) or ""
        dialog = CodeDialog(self._room.look, title, declared.code_list, self, now)
        if ask(dialog) and dialog.code() in code_list(declared.code_list).by_code:
            self.grid.put(text_of(MEMBER, declared, dialog.code()))

    def more(self) -> None:
        """F7: the fields without a column."""
        line = self.grid.place()[0]
        if 0 <= line < len(self.lines):
            self.grid.commit()
            dialog = MemberDialog(self._room, self.members.member(line), self._today, self)
            if ask(dialog):
                self.members.set_member(line, dialog.member())

    def remove(self) -> None:
        """Take a person off the form; of a saved one it is asked why."""
        line = self.grid.place()[0]
        if not 0 <= line < len(self.lines):
            return
        member = self.members.member(line)
        if member.id:
            dialog = LeavingDialog(self._room, member.texts.get("name", ""), self._today, self)
            if not ask(dialog):
                return
            self.gone.append((member.id, dialog.choice))
        self.members.remove(line)
        self.stand_at(line, "name")


def _told_above(placed: Placed) -> bool:
    """The card above shows the head's own fields and what is wrong with them."""
    return placed.blocks and placed.member == 0 and f"head.{placed.finding.field}" in HEAD_FIELDS


def _urgency(placed: Placed) -> tuple[bool, int]:
    return not placed.blocks, placed.member
