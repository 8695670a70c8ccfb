"""Owns how one row of a recognised table is read into a ``RosterRow``.

Built for speed: repeated texts are read once.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from villagedesk.domain.dates import read_month
from villagedesk.domain.entry import Reading, squeezed
from villagedesk.domain.fields import Field, Type, Value
from villagedesk.domain.idnumber import birth_of, looks_masked, read_certificate, sex_of
from villagedesk.domain.names import clean_name
from villagedesk.domain.records.household import HOUSEHOLD
from villagedesk.domain.records.member import HEAD, MEMBER
from villagedesk.domain.roster import ERROR, WARNING, CellProblem, Level, RosterRow
from villagedesk.domain.values import clean_text, read_value
from villagedesk.errors import Finding, Problem
from villagedesk.excel.cells import Cell, cell_text, column_letter
from villagedesk.excel.columns import roster_words
from villagedesk.excel.households import HouseholdRuns
from villagedesk.excel.layout import Table

#: Spellings a list does not know are left out with a warning; only these fields make the whole row wait.
_MUST_BE_KNOWN = frozenset(("relation", "sex"))
_UNKNOWN = frozenset(("code_unknown", "flag_unknown", "codes_too_many"))
_MASKED = frozenset(("id_masked", "phone_masked", "bank_masked"))
_UNIQUE = frozenset((Type.ID_NO, Type.NAME, Type.PHONE, Type.BANK))
_NUMBER_TARGETS = ("household.household_no", "household.national_household_no")


@dataclass(slots=True)
class _Reader:
    """One column: its field, and what its texts were read as."""

    index: int
    field: Field
    letter: str
    today: date
    known: dict[str, Reading] = dataclasses.field(default_factory=dict)

    def read(self, text: str) -> Reading:
        reading = self.known.get(text)
        if reading is None:
            reading = read_value(self.field, text, self.today)
            if self.field.type not in _UNIQUE:
                self.known[text] = reading
        return reading


class RowReader:
    """Reads the rows of one table.  ``group``: villager group named by the sheet itself."""

    def __init__(self, sheet: str, table: Table, today: date, group: str | None) -> None:
        self._sheet = sheet
        self._today = today
        targets = {column.target: column.index for column in table.columns if column.target}
        self._renumber(targets)
        self._heads_only = "member.name" not in targets
        if self._heads_only:
            targets["member.name"] = targets["head.name"]
            if "member.id_no" not in targets and "head.id_no" in targets:
                targets["member.id_no"] = targets["head.id_no"]
        self.name_place = targets["member.name"]
        self._head_name = targets.get("head.name")
        self._head_id = targets.get("head.id_no")
        self._flag = targets.get("head.flag")
        self._number = next((targets[target] for target in _NUMBER_TARGETS if target in targets), None)
        self._people = self._readers(MEMBER.name, MEMBER.by_name, targets)
        self._homes = self._readers(HOUSEHOLD.name, HOUSEHOLD.by_name, targets)
        self._places = [(target[6:], index) for target, index in targets.items() if target.startswith("place.")]
        self._group = group if "place.villager_group" not in targets else None
        self._letters = _letters(targets)
        self._width = max(targets.values()) + 1
        self._second = targets.get("member.id_no", targets.get("member.relation", -1))
        self._before: tuple[str | None, list[Cell]] = (None, [])
        self.by_number = self._number is not None
        self.by_head = self._head_name is not None or self._head_id is not None
        self.by_relation = "member.relation" in targets or self._flag is not None or self._heads_only
        words = roster_words()
        self._suspects = frozenset(word[0] for word in (*words.totals, *words.notes))

    def plainly_a_person(self, row: list[Cell]) -> bool:
        """The quick way: a name that is no total or note, and something beside it."""
        if len(row) <= max(self.name_place, self._second) or self._second < 0:
            return False
        name, first = row[self.name_place], row[0]
        if not isinstance(name, str) or not name.strip() or name[0] in self._suspects or row[self._second] == "":
            return False
        return not (isinstance(first, str) and first[:1] in self._suspects)

    def read(self, row: list[Cell], number: int, runs: HouseholdRuns) -> RosterRow:
        """Read the row that stands in line ``number`` of the clerk's sheet."""
        if len(row) < self._width:
            row = row + [""] * (self._width - len(row))
        problems: list[CellProblem] = []
        masked: dict[str, str] = {}
        member: dict[str, Value] = {}
        for reader in self._people:
            cell = row[reader.index]
            if cell != "":
                self._take(reader, cell if isinstance(cell, str) else cell_text(cell), number, member, masked, problems)
        head_name = clean_name(_text(row, self._head_name))
        head_id = squeezed(_text(row, self._head_id)).upper()
        is_head = self._settle_relation(row, member, head_name)
        key = None
        if self.by_number or self.by_head or self.by_relation:
            key = runs.key(squeezed(_text(row, self._number)), head_name, head_id, is_head)
        household = self._household(row, number, key, problems)
        self._check(row, number, member, head_name, masked, problems)
        places = {kind: text for kind, index in self._places if (text := clean_text(cell_text(row[index])))}
        if self._group is not None:
            places["villager_group"] = self._group
        return RosterRow(
            self._sheet,
            number,
            key,
            member,
            household,
            places,
            head_name or None,
            head_id or None,
            masked,
            tuple(problems),
            self._letters,
        )

    def _take(
        self,
        reader: _Reader,
        text: str,
        number: int,
        values: dict[str, Value],
        masked: dict[str, str],
        problems: list[CellProblem],
    ) -> None:
        """Put one cell's value or findings where they belong."""
        name = reader.field.name
        if reader.field.sensitive and reader.field.type is Type.TEXT and looks_masked(text):
            masked[name] = squeezed(text)
            return
        reading = reader.read(text)
        if reading.value is not None:
            values[name] = reading.value
        for finding in (*reading.problems, *reading.doubts):
            if finding.code in _MASKED:
                masked[name] = squeezed(text)
            elif finding.code == "id_words":
                values["id_missing_reason"] = clean_text(text)[:40]
                problems.append(self._problem(number, reader.letter, finding, WARNING))
            else:
                level = _level(finding, name)
                problems.append(self._problem(number, reader.letter, finding, level))
            if finding.code == "id_is_certificate":
                certificate = squeezed(text).upper()
                values.setdefault("disability_cert", certificate if read_certificate(certificate) else None)

    def _problem(self, number: int, letter: str, finding: Finding, level: Level) -> CellProblem:
        return CellProblem(self._sheet, number, letter, finding.code, level, finding.params)

    def _settle_relation(self, row: list[Cell], member: dict[str, Value], head_name: str) -> bool:
        """Whether this is the head; the relation follows where the sheet says it in another way."""
        if member.get("relation") is None:
            flagged = self._flag is not None and squeezed(_text(row, self._flag)) in ("是", "√", "✓", "1", "Y", "户主")
            if self._heads_only or flagged or (head_name and head_name == member.get("name")):
                member["relation"] = HEAD
        return member.get("relation") == HEAD

    def _household(
        self, row: list[Cell], number: int, key: str | None, problems: list[CellProblem]
    ) -> dict[str, Value]:
        """Household values; a text repeated (or merged) from the row above is remarked only once."""
        values: dict[str, Value] = {}
        masked: dict[str, str] = {}
        before_key, before = self._before
        for reader in self._homes:
            cell = row[reader.index]
            if cell == "":
                continue
            repeated = key is not None and key == before_key and before[reader.index] == cell
            self._take(reader, cell_text(cell), number, values, masked, [] if repeated else problems)
        self._before = (key, row)
        return values

    def _check(
        self,
        row: list[Cell],
        number: int,
        member: dict[str, Value],
        head_name: str,
        masked: Mapping[str, str],
        problems: list[CellProblem],
    ) -> None:
        """What a cell alone cannot show: the name is there, the number agrees with sex and birth date."""
        name = member.get("name")
        found: list[tuple[str, str, Level, dict[str, object]]] = []
        if name is None and not any(problem.column == self._letters["name"] for problem in problems):
            found.append(("name", "name_missing", ERROR, {}))
        if member.get("relation") == HEAD and head_name and name is not None and head_name != name:
            found.append(("relation", "head_name_differs", WARNING, {"head": head_name}))
        id_no = member.get("id_no")
        if isinstance(id_no, str):
            sex, born = member.pop("sex", None), self._birth(row, member, problems)
            if sex in ("1", "2") and sex != sex_of(id_no):
                by_id = "男" if sex_of(id_no) == "1" else "女"
                found.append(("sex", "sex_differs_from_id", ERROR, {"by_id": by_id}))
            if born and not str(birth_of(id_no)).startswith(born):
                found.append(("birth_date", "birth_differs_from_id", ERROR, {"by_id": birth_of(id_no)}))
            if member.get("id_missing_reason"):
                del member["id_missing_reason"]
        for name_of_field, code, level, params in found:
            letter = self._letters.get(name_of_field, "")
            problems.append(CellProblem(self._sheet, number, letter, code, level, params))

    def _birth(self, row: list[Cell], member: dict[str, Value], problems: list[CellProblem]) -> str:
        """The typed birth date beside a number, taken away: the number says it.  A bare month is enough to compare."""
        born = member.pop("birth_date", None)
        letter = self._letters.get("birth_date")
        if born is not None or letter is None:
            return str(born or "")
        for problem in problems:
            if problem.column == letter and problem.code == "date_incomplete":
                problems.remove(problem)
                index = next(reader.index for reader in self._people if reader.letter == letter)
                return str(read_month(cell_text(row[index]), self._today).value or "")
        return ""

    def _readers(self, kind: str, fields: Mapping[str, Field], targets: Mapping[str, int]) -> list[_Reader]:
        found = [
            _Reader(index, fields[target.partition(".")[2]], column_letter(index), self._today)
            for target, index in targets.items()
            if target.startswith(f"{kind}.")
        ]
        return sorted(found, key=lambda reader: reader.index)

    @staticmethod
    def _renumber(targets: dict[str, int]) -> None:
        """In an export of the national system 户编号 is the national number: it stands beside 人编号 (7.7)."""
        number, national = _NUMBER_TARGETS
        if "member.national_person_no" in targets and number in targets and national not in targets:
            targets[national] = targets.pop(number)


def _level(finding: Finding, name: str) -> Level:
    if not isinstance(finding, Problem) or (finding.code in _UNKNOWN and name not in _MUST_BE_KNOWN):
        return WARNING
    return ERROR


def _text(row: list[Cell], place: int | None) -> str:
    return "" if place is None else cell_text(row[place])


def _letters(targets: Mapping[str, int]) -> dict[str, str]:
    """Field name → column letter; a member's field wins over the household's of the same name."""
    letters: dict[str, str] = {}
    for kind in ("member", "household", "place", "head"):
        for target, index in targets.items():
            if target.startswith(f"{kind}."):
                letters.setdefault(target.partition(".")[2], column_letter(index))
    return letters
