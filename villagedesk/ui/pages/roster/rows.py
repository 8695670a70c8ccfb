"""Owns how a previewed roster becomes rows of the list: made on the BULK lane, because rosters are long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from villagedesk.domain.codes import code_list
from villagedesk.domain.masks import IdMask, mask_id, mask_phone
from villagedesk.domain.records.member import HEAD
from villagedesk.domain.roster import ERROR, CellProblem, RosterRow
from villagedesk.services.roster import Mending, RosterPreview
from villagedesk.ui.models.table import Cell, Row
from villagedesk.ui.room import Words

RowId = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Lines:
    """``rows``: all people; ``wrong``, ``doubtful``, ``out``: places of those in ``rows``; ``problems`` by row."""

    rows: tuple[Row, ...]
    wrong: tuple[int, ...]
    doubtful: tuple[int, ...]
    out: tuple[int, ...]
    problems: Mapping[RowId, Sequence[CellProblem]]

    def of(self, which: str) -> tuple[Row, ...]:
        """``which``: all, wrong, doubtful or out."""
        places = {"wrong": self.wrong, "doubtful": self.doubtful, "out": self.out}.get(which)
        return self.rows if places is None else tuple(self.rows[place] for place in places)


def lines_of(seen: RosterPreview, mending: Mending, words: Words) -> Lines:
    """Everything the list shows of a preview."""
    problems: dict[RowId, list[CellProblem]] = defaultdict(list)
    for problem in seen.problems:
        problems[problem.sheet, problem.row].append(problem)
    for found in problems.values():
        found.sort(key=lambda problem: problem.level != ERROR)
    rows: list[Row] = []
    wrong: list[int] = []
    doubtful: list[int] = []
    out: list[int] = []
    before: str | None = None
    for place, person in enumerate(seen.people):
        key = (person.sheet, person.row)
        found = problems.get(key, [])
        left_out = key in mending.left_out
        if left_out:
            out.append(place)
        elif found:
            (wrong if found[0].level == ERROR else doubtful).append(place)
        first = person.household_key is None or person.household_key != before
        before = person.household_key
        rows.append(Row(key, _cells(person, found, first, left_out, seen, words)))
    return Lines(tuple(rows), tuple(wrong), tuple(doubtful), tuple(out), dict(problems))


def _cells(
    person: RosterRow,
    found: Sequence[CellProblem],
    first: bool,
    left_out: bool,
    seen: RosterPreview,
    words: Words,
) -> tuple[Cell, ...]:
    member = person.member
    head = person.head_name or (member.get("name") if member.get("relation") == HEAD else "")
    texts = {
        "name": str(member.get("name") or ""),
        "relation": code_list("relation").short_of(_text(member.get("relation"))),
        "id_no": mask_id(_text(member.get("id_no")), IdMask.SCREEN) or person.masked.get("id_no", ""),
        "villager_group": person.places.get("villager_group", ""),
        "phone": mask_phone(_text(member.get("phone")) or _text(person.household.get("phone"))),
    }
    cells = [Cell(str(person.row), "text2"), Cell(str(head or "") if first else "", strong=True)]
    for name, text in texts.items():
        letter = person.letters.get(name, "")
        at = next((problem for problem in found if problem.column == letter and letter), None)
        if at is None:
            cells.append(Cell(text, "text" if name in ("name", "relation") else "text2", struck=left_out))
        else:
            tone = "err" if at.level == ERROR else "warn"
            raw = seen.cells.get((person.sheet, person.row, letter), text) if tone == "err" else text
            cells.append(Cell(raw, "err" if tone == "err" else "text", ground=f"{tone}_soft", underline=tone))
    cells.append(_result(found, left_out, words))
    return tuple(cells)


def _result(found: Sequence[CellProblem], left_out: bool, words: Words) -> Cell:
    if left_out:
        return Cell(words.say("roster_left_out"), "text3", "circle-x")
    if not found:
        return Cell(words.say("roster_can_go"), "text2", "check")
    text = words.say(found[0].code, **found[0].params)
    return Cell(text, "err", "circle-x") if found[0].level == ERROR else Cell(text, "warn", "triangle-alert")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
