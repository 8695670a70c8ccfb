"""Owns whose turn it is in the preview: the row and the cell being mended, and which of its cells had theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from villagedesk.domain.roster import ERROR, CellProblem
from villagedesk.ui.pages.roster.rows import RowId


@dataclass(frozen=True, slots=True)
class Entered:
    """A cell whose text was entered; ``below``: the rows that stood below its row."""

    row: RowId
    letter: str
    below: Sequence[RowId]

    def is_wrong(self, problems: Sequence[CellProblem]) -> bool:
        """``problems``: what is found in the row now."""
        return any(problem.column == self.letter and problem.level == ERROR for problem in problems)


@dataclass(slots=True)
class Turn:
    """``entered``: what comes of it is being seen."""

    row: RowId | None = None
    letter: str = ""
    entered: Entered | None = None
    _passed: set[str] = field(default_factory=set)

    def at(self, row: RowId) -> None:
        """Another row begins with its first cell."""
        if row != self.row:
            self.begin(row)

    def begin(self, row: RowId | None) -> None:
        self.row, self.letter, self._passed = row, "", set()

    def cell(self, problems: Sequence[CellProblem]) -> CellProblem | None:
        """The finding whose cell is to be mended: where one stands, else the next that had no turn, else the first."""
        cells = self._waiting(problems) or [problem for problem in problems if problem.column]
        found = next((problem for problem in cells if problem.column == self.letter), cells[0] if cells else None)
        self.letter = found.column if found is not None else ""
        return found

    def had(self, letter: str, problems: Sequence[CellProblem]) -> bool:
        """A cell had its turn; whether another of the row waits."""
        self._passed.add(letter)
        return bool(self._waiting(problems))

    def _waiting(self, problems: Sequence[CellProblem]) -> list[CellProblem]:
        return [problem for problem in problems if problem.column and problem.column not in self._passed]
