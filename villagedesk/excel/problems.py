"""Owns the workbook that lists what was found in a roster, for the department that sent it.

It repeats what stands in a message, so a finding may show the damaged text of one cell; it adds no other data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from villagedesk.domain.roster import CellProblem
from villagedesk.excel.writer import Column, write_workbook
from villagedesk.ports import Files
from villagedesk.sentences import sentence


def write_problems(
    path: Path,
    problems: Sequence[CellProblem],
    headings: Mapping[tuple[str, str], str],
    language: str,
    files: Files,
) -> None:
    """One line a finding: sheet, row, column letter, its heading, whether the person stays out, what to do."""
    names = ("sheet", "row", "column", "heading", "level", "what")
    widths = (16, 7, 7, 18, 10, 70)
    columns = [
        Column(sentence(f"roster_problem_{name}", {}, language), width)
        for name, width in zip(names, widths, strict=True)
    ]
    rows = (
        (
            problem.sheet,
            str(problem.row),
            problem.column,
            headings.get((problem.sheet, problem.column), ""),
            sentence(f"roster_problem_{problem.level}", {}, language),
            sentence(problem.code, problem.params, language),
        )
        for problem in problems
    )
    write_workbook(path, sentence("roster_problems_title", {}, language), columns, rows, len(problems), files)
