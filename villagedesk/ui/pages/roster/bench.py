"""Owns the work on a previewed roster: the list and the panel beside it, and which cell is mended next.

What is decided there the page keeps and reads again; ``show`` brings what came of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from villagedesk.domain.roster import CellProblem
from villagedesk.services.roster import Mending, RosterPreview
from villagedesk.ui import theme
from villagedesk.ui.pages.roster.mend import MendPanel
from villagedesk.ui.pages.roster.rows import Lines, RowId, text_at
from villagedesk.ui.pages.roster.sheet import Sheet
from villagedesk.ui.pages.roster.turn import Entered, Turn
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.parts import row


class Bench(QWidget):
    """``mended(problem, text)``: a cell's text was put right; ``leave(row)``: in or out."""

    mended = Signal(object, str)
    leave = Signal(object)

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._seen: RosterPreview | None = None
        self._lines: Lines | None = None
        self._mending = Mending()
        self._keep: RowId | None = None
        self._turn = Turn()
        self.sheet = Sheet(room.look)
        self.filter, self.table = self.sheet.filter, self.sheet.table
        self.filter.changed.connect(lambda _: self.show_rows())
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(lambda _: self._to_editor())
        self.panel = MendPanel(room)
        self.panel.mended.connect(self._on_mended)
        self.panel.passed.connect(lambda: self._next_cell(self._turn.letter, self._below()))
        self.panel.leave.connect(self._on_left)
        self.panel.jump.connect(self._jump)
        line = row(self.sheet, self.panel, spacing=room.look.px(theme.GUTTER))
        line.setStretch(0, 1)
        self.setLayout(line)

    def forget(self) -> None:
        """Another file: nothing of this one is left to mend."""
        self._seen = self._lines = self._keep = None
        self._turn = Turn()
        self.panel.forget()

    def show_preview(self, seen: RosterPreview, lines: Lines, mending: Mending) -> None:
        """The rows as they are now.

        A cell that is still wrong keeps the focus, its text chosen; one put right gives it to the next.
        """
        self._seen, self._lines, self._mending = seen, lines, mending
        self.show_rows()
        entered, self._turn.entered = self._turn.entered, None
        if entered is None:
            self.table.setFocus()
        elif self.table.current_key() != entered.row:  # put right, it is no longer among the rows that are shown
            self._next_row(entered.below)
        elif entered.is_wrong(lines.problems.get(entered.row, ())):
            self._to_editor()
        else:
            self._next_cell(entered.letter, entered.below)

    def show_rows(self) -> None:
        """The rows of the chosen sort."""
        if self._lines is None:
            return
        keep = self._keep or self.table.current_key()
        self.table.show_rows(self.sheet.shown(self._lines))
        self._keep = None
        if not self.table.choose_key(keep):
            self.table.choose(0)

    def take_typed(self) -> bool:
        """What was typed and not confirmed yet is confirmed; False where nothing was."""
        typed = self.panel.typed()
        if typed is not None:
            self._on_mended(*typed)
        return typed is not None

    def step_back(self) -> bool:
        """Out of the field, its text as it was; False where nobody is in it."""
        if self.panel.editor is None or not self.panel.editor.hasFocus():
            return False
        self.panel.put_back()
        self.table.setFocus()
        return True

    def leave_current(self) -> None:
        key = self.table.current_key()
        if key is not None and self.table.hasFocus():
            self._on_left(key)

    def next_problem(self) -> None:
        """The next row below that has to be mended (or is doubtful, where only those are shown), else the first."""
        if self._lines is None:
            return
        wanted = self._lines.doubtful if self.filter.value() == "doubtful" else self._lines.wrong
        keys = [self._lines.rows[place].key for place in wanted]
        if not keys:
            return
        places = {found.key: place for place, found in enumerate(self._lines.rows)}
        current = places.get(self.table.current_key(), -1)
        self._jump(next((key for key in keys if places[key] > current), keys[0]))

    def _jump(self, key: RowId) -> None:
        if self._lines is None:
            return
        if all(shown.key != key for shown in self.sheet.shown(self._lines)):
            self.filter.set_value("all")
        self._keep = key
        self._turn.begin(None)
        self.show_rows()
        self._to_editor()

    def _on_chosen(self, key: RowId | None) -> None:
        if key is None:
            return
        typed, before = self.panel.typed(), self._turn.row
        self._turn.at(key)
        self._show_cell()
        if typed is not None and before != key:  # somebody clicked elsewhere: it counts
            self._keep = key
            self.mended.emit(*typed)

    def _show_cell(self) -> None:
        """The chosen row in the panel, with the cell whose turn it is."""
        key = self._turn.row
        if key is None or self._lines is None or self._seen is None:
            return
        problems = self._lines.problems.get(key, ())
        cell = self._turn.cell(problems)
        text = text_at(cell, self._seen, self._lines.people.get(key), self._mending) if cell is not None else ""
        self.panel.show_row(
            key, problems, (cell, text) if cell is not None else None, key[:2] in self._mending.left_out
        )

    def _to_editor(self) -> None:
        """Into the field; where the row has none, to the list."""
        if self.panel.editor is None:
            self.table.setFocus()
        else:
            self.panel.editor.show()  # its layout would show it later, and keys typed until then would be lost
            self.panel.editor.setFocus()
            self.panel.show_editor()
            self.panel.editor.selectAll()

    def _below(self) -> Sequence[RowId]:
        shown = self.sheet.shown(self._lines) if self._lines is not None else ()
        return [row.key for row in shown[self.table.currentIndex().row() + 1 :]]

    def _next_cell(self, letter: str, below: Sequence[RowId]) -> None:
        """On to the next cell with a finding: in the row, then in the rows below."""
        if self._lines is None or self._turn.row is None:
            return
        if self._turn.had(letter, self._lines.problems.get(self._turn.row, ())):
            self._show_cell()
            self._to_editor()
        else:
            self._next_row(below)

    def _next_row(self, below: Sequence[RowId]) -> None:
        """On to the next row with a finding among those shown; behind the last one, back to the list."""
        found = self._lines.problems if self._lines is not None else {}
        if any(key in found and self.table.choose_key(key) for key in below):
            self._to_editor()
            return
        self._turn.begin(self._turn.row)
        self._show_cell()
        self.table.setFocus()

    def _on_mended(self, problem: CellProblem, text: str) -> None:
        key = self._turn.row
        self._keep = key
        if key is not None:
            self._turn.entered = Entered(key, problem.column, self._below())
        self.mended.emit(problem, text)

    def _on_left(self, key: RowId) -> None:
        self._keep = key
        self.leave.emit(key)
