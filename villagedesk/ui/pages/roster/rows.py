"""Owns how a previewed roster becomes rows of the list: made on the BULK lane, because rosters are long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from villagedesk.domain.codes import code_list
from villagedesk.domain.masks import IdMask, mask_id, mask_phone
from villagedesk.domain.records.household import HOUSEHOLD
from villagedesk.domain.records.member import HEAD, MEMBER
from villagedesk.domain.roster import ERROR, CellProblem, Origin, RosterRow
from villagedesk.domain.values import write_value
from villagedesk.services.roster import Mending, RosterPreview
from villagedesk.ui.models.table import Cell, Row
from villagedesk.ui.pages.roster.shorts import Shorts
from villagedesk.ui.room import Words

#: Sheet, row, column letter of the name: a row of the sheet may hold several people.
RowId = Origin


@dataclass(frozen=True, slots=True)
class Lines:
    """``rows``: all people; ``wrong``, ``doubtful``, ``out``: places of those in ``rows``; ``problems`` by row.

    ``fresh``, ``changed``, ``same``: how many people would be new, get other values, or are known just like that;
    ``people``: what was read, by row.
    """

    rows: tuple[Row, ...]
    wrong: tuple[int, ...]
    doubtful: tuple[int, ...]
    out: tuple[int, ...]
    problems: Mapping[RowId, Sequence[CellProblem]]
    people: Mapping[RowId, RosterRow]
    fresh: int
    changed: int
    same: int

    @property
    def changing(self) -> int:
        """People an import would write something of."""
        return self.fresh + self.changed

    def of(self, which: str) -> tuple[Row, ...]:
        """``which``: all, wrong, doubtful or out."""
        places = {"wrong": self.wrong, "doubtful": self.doubtful, "out": self.out}.get(which)
        return self.rows if places is None else tuple(self.rows[place] for place in places)


@dataclass(frozen=True, slots=True)
class _Saying:
    """What the rows are told with: words, short names, and which rows the plan adds or changes."""

    words: Words
    shorts: Shorts
    fresh: Set[RowId]
    changed: Set[RowId]


def lines_of(seen: RosterPreview, mending: Mending, words: Words, shorts: Shorts) -> Lines:
    """Everything the list shows of a preview."""
    problems = _by_person(seen)
    new = (change for change in seen.plan.changes if change.kind == "member" and change.record.startswith("+"))
    fresh = {row for change in new for row in change.rows}
    changed = {row for change in seen.plan.changes for row in change.rows} - fresh
    saying = _Saying(words, shorts, fresh, changed)
    rows: list[Row] = []
    wrong: list[int] = []
    doubtful: list[int] = []
    out: list[int] = []
    before: str | None = None
    for place, person in enumerate(seen.people):
        key = person.origin
        found = problems.get(key, [])
        left_out = key[:2] in mending.left_out
        if left_out:
            out.append(place)
        elif found:
            (wrong if found[0].level == ERROR else doubtful).append(place)
        first = person.household_key is None or person.household_key != before
        before = person.household_key
        rows.append(Row(key, _cells(person, found, first, left_out, seen, saying)))
    return Lines(
        tuple(rows),
        tuple(wrong),
        tuple(doubtful),
        tuple(out),
        problems,
        {person.origin: person for person in seen.people},
        len(fresh),
        len(changed),
        max(0, seen.plan.rows_in - len(fresh) - len(changed)),
    )


def _by_person(seen: RosterPreview) -> dict[RowId, list[CellProblem]]:
    """Errors first.  Where a row holds several people, a finding is of the one whose column it stands in."""
    people: dict[tuple[str, int], list[RosterRow]] = defaultdict(list)
    for person in seen.people:
        people[person.sheet, person.row].append(person)
    problems: dict[RowId, list[CellProblem]] = defaultdict(list)
    for problem in seen.problems:
        here = people.get((problem.sheet, problem.row), [])
        owner = next(
            (person for person in here if problem.column in person.letters.values()), here[0] if here else None
        )
        if owner is not None:
            problems[owner.origin].append(problem)
    for found in problems.values():
        found.sort(key=lambda problem: problem.level != ERROR)
    return dict(problems)


def text_at(problem: CellProblem, seen: RosterPreview, person: RosterRow | None, mending: Mending) -> str:
    """What stands in the cell of a finding.  Where the file's own text was not kept, the value as it would be typed."""
    place = (problem.sheet, problem.row, problem.column)
    known = mending.cells.get(place, seen.cells.get(place))
    if known is not None or person is None:
        return known or ""
    names = [name for name, letter in person.letters.items() if letter == problem.column]
    return next((text for name in names if (text := _typed(person, name))), "")


def _typed(person: RosterRow, name: str) -> str:
    """A field's value as it would be typed; ``name`` may be a target."""
    if name == "head.name":
        return person.head_name or ""
    field = name.rpartition(".")[2]
    if field in person.places:
        return person.places[field]
    for kind, values, masked in (
        (MEMBER, person.member, person.masked),
        (HOUSEHOLD, person.household, person.home_masked),
    ):
        declared = kind.by_name.get(field)
        if declared is not None and values.get(field) is not None:
            return write_value(declared, values[field])
        if field in masked:
            return masked[field]
    return ""


def _cells(
    person: RosterRow,
    found: Sequence[CellProblem],
    first: bool,
    left_out: bool,
    seen: RosterPreview,
    saying: _Saying,
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
    letters = {person.letters.get(name, "") for name in texts}
    # a finding in a column that is not shown underlines the name, so that the eye finds the row
    unseen = next((problem for problem in found if problem.column not in letters), None)
    cells = [Cell(str(person.row), "text2"), Cell(str(head or "") if first else "", strong=True)]
    for name, text in texts.items():
        letter = person.letters.get(name, "")
        at = next((problem for problem in found if problem.column == letter and letter), None)
        if at is None:
            line = ("err" if unseen.level == ERROR else "warn") if name == "name" and unseen is not None else ""
            tone = "text" if name in ("name", "relation") else "text2"
            cells.append(Cell(text, tone, underline=line, struck=left_out))
        else:
            tone = "err" if at.level == ERROR else "warn"
            raw = seen.cells.get((person.sheet, person.row, letter), text) if tone == "err" else text
            cells.append(Cell(raw, "err" if tone == "err" else "text", ground=f"{tone}_soft", underline=tone))
    cells.append(_result(person.origin, found, left_out, saying))
    return tuple(cells)


def _result(key: RowId, found: Sequence[CellProblem], left_out: bool, saying: _Saying) -> Cell:
    if left_out:
        return Cell(saying.words.say("roster_left_out"), "text3", "circle-x")
    if found:
        text = saying.shorts.of(found[0])
        return Cell(text, "err", "circle-x") if found[0].level == ERROR else Cell(text, "warn", "triangle-alert")
    if key in saying.fresh:
        return Cell(saying.words.say("roster_can_go"), "text2", "check")
    if key in saying.changed:
        return Cell(saying.shorts.updated, "text2", "pencil")
    return Cell(saying.shorts.same, "text3")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
