"""Owns how one row of a recognised table is read into a ``RosterRow``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from villagedesk.domain.dates import read_month
from villagedesk.domain.entry import NOTHING, squeezed
from villagedesk.domain.fields import Field, Value
from villagedesk.domain.idnumber import birth_of, read_id, sex_of
from villagedesk.domain.ids import is_hex_id
from villagedesk.domain.names import clean_name
from villagedesk.domain.records.household import HOUSEHOLD
from villagedesk.domain.records.member import HEAD, MEMBER
from villagedesk.domain.roster import ERROR, WARNING, RosterRow
from villagedesk.domain.values import clean_text
from villagedesk.excel.cells import Cell, cell_text, column_letter
from villagedesk.excel.columnreader import ColumnReader, Taken
from villagedesk.excel.households import HouseholdRuns, RowSigns
from villagedesk.excel.layout import Table

_NUMBER_TARGETS = ("household.household_no", "household.national_household_no")
_SELF = "01"
_SHORTEST_NUMBER = 15
#: A lone text in the head's column is a name only where it is this short; longer ones are remarks.
_LONGEST_LONE = 4
_OF_HEAD = ("name", "id_no")
_IS_HEAD = frozenset(("是", "√", "✓", "1", "Y", "户主"))


class RowReader:
    """Reads the rows of one table.  ``group``: villager group named by the sheet or by a line between the people."""

    def __init__(self, sheet: str, table: Table, today: date, group: str | None) -> None:
        self.group = group
        self._sheet = sheet
        self._today = today
        targets = {column.target: column.index for column in table.columns if column.target}
        _renumber(targets)
        self._heads_only = "member.name" not in targets
        if self._heads_only:
            targets["member.name"] = targets["head.name"]
            if "member.id_no" not in targets and "head.id_no" in targets:
                targets["member.id_no"] = targets["head.id_no"]
        self.name_place = targets["member.name"]
        self._targets = targets
        self._ours = "own.member" in targets
        self._number = next((targets[target] for target in _NUMBER_TARGETS if target in targets), None)
        self._people = self._readers(MEMBER.name, MEMBER.by_name)
        self._homes = self._readers(HOUSEHOLD.name, HOUSEHOLD.by_name)
        self._home_places = [reader.index for reader in self._homes]
        self._places = [(target[6:], index) for target, index in targets.items() if target.startswith("place.")]
        self._letters = _letters(targets)
        # heads may stand in their own columns alone; our own export has none of these
        self._mixed = not self._heads_only and "head.name" in targets and not self._ours
        self._heads = self._head_readers()
        self._alone = [*self._heads, *(reader for reader in self._people if reader.field.name not in _OF_HEAD)]
        of_head = {reader.field.name: reader.letter for reader in self._heads}
        others = {name: letter for name, letter in self._letters.items() if name.rpartition(".")[2] not in _OF_HEAD}
        self._alone_letters = {**others, **of_head}
        kept = {target: place for target, place in targets.items() if not target.startswith("member.")}
        self._lent_letters = {**_letters(kept), **of_head}
        self._width = max(targets.values()) + 1
        self._id_place = targets.get("member.id_no", -1)
        self.has_numbers = self._id_place >= 0
        self._before: tuple[str | None, list[Cell], Taken] = (None, [], Taken(sheet, 0))
        self._records: set[str] = set()
        self.by_number = self._number is not None
        self.by_head = "head.name" in targets or "head.id_no" in targets
        self.by_relation = "member.relation" in targets or "head.flag" in targets or self._heads_only
        self._says_household = self.by_number or self.by_head or self.by_relation or "own.household" in targets

    def name_place_of(self, row: list[Cell]) -> int:
        """Column of the name in this row: the head's where the row names nobody else."""
        return self._targets["head.name"] if self._names_only_head(row) else self.name_place

    def _names_only_head(self, row: list[Cell]) -> bool:
        if not self._mixed or not _is_blank(_cell(row, self.name_place)):
            return False
        if not all(_is_blank(_cell(row, self._targets.get(f"member.{name}"))) for name in ("id_no", "relation")):
            return False
        head = clean_name(cell_text(_cell(row, self._targets["head.name"])))
        if head in NOTHING:
            return False
        return len(head) <= _LONGEST_LONE or sum(cell != "" for cell in row) > 1

    def plainly_a_person(self, row: list[Cell]) -> bool:
        """The quick way: a name, and what looks like a whole identity number (``lines.py`` judges all other lines)."""
        if not self.has_numbers or len(row) <= max(self.name_place, self._id_place):
            return False
        name, number = row[self.name_place], row[self._id_place]
        if not isinstance(name, str) or not isinstance(number, str) or not name.strip():
            return False
        return len(number) >= _SHORTEST_NUMBER and number[:6].isdigit()

    def read(self, row: list[Cell], number: int, runs: HouseholdRuns) -> RosterRow:
        """Read the row that stands in line ``number`` of the clerk's sheet."""
        if len(row) < self._width:
            row = row + [""] * (self._width - len(row))
        taken = Taken(self._sheet, number)
        values = taken.values
        alone = self._mixed and self._names_only_head(row)
        letters = self._alone_letters if alone else self._letters
        for reader in self._alone if alone else self._people:
            cell = row[reader.index]
            if cell == "":
                continue
            known = reader.clean.get(cell) if type(cell) is str else None
            if known is not None:
                values[reader.field.name] = known
            else:
                reader.take(cell, taken)
        head_name = clean_name(self._text(row, "head.name"))
        head_id = self._head_id(row)
        if alone:
            values["relation"] = HEAD
        elif self._mixed and head_name == values.get("name") and self._lend_number(row, taken):
            letters = {**letters, "id_no": self._lent_letters["id_no"]}
        is_head = self._settle_relation(row, values, head_name)
        record, home_record = self._own_records(row)
        key = None
        if self._says_household:
            key = runs.key(RowSigns(squeezed(_text(row, self._number)), head_name, head_id, is_head, home_record))
        home = self._household(row, taken, key)
        self._check(row, taken, head_name, letters)
        if alone:
            taken.add(letters["name"], "head_from_columns", WARNING)
        return RosterRow(
            self._sheet,
            number,
            key,
            values,
            home.values,
            self._places_of(row),
            head_name or None,
            head_id or None,
            taken.masked,
            home.masked,
            tuple(taken.problems),
            letters,
            record,
            home_record,
            alone,
        )

    def head_of(self, row: list[Cell], given: RosterRow) -> RosterRow | None:
        """The head named beside another person, whose row was read as ``given``; None where nobody is named."""
        if not self._mixed or not given.head_name:
            return None
        taken = Taken(self._sheet, given.row)
        for reader in self._heads:
            if (cell := _cell(row, reader.index)) != "":
                reader.take(cell, taken)
        if not (taken.values or taken.masked or taken.problems):
            return None
        taken.values["relation"] = HEAD
        letters = self._lent_letters
        self._check([], taken, "", letters)
        taken.add(letters["name"], "head_from_columns", WARNING)
        return given._replace(
            member=taken.values,
            masked=taken.masked,
            home_masked={},
            problems=tuple(taken.problems),
            letters=letters,
            record="",
            from_head=True,
        )

    def _lend_number(self, row: list[Cell], taken: Taken) -> bool:
        """Take the head's number from his own column where his row leaves it blank; whether one stands there."""
        letter = self._letters.get("id_no")
        said = "id_no" in taken.values or "id_no" in taken.masked
        if said or (letter is not None and any(problem.column == letter for problem in taken.problems)):
            return False
        reader = next((reader for reader in self._heads if reader.field.name == "id_no"), None)
        if reader is None or _is_blank(row[reader.index]) or taken.values.get("relation") not in (None, HEAD, _SELF):
            return False
        reader.take(row[reader.index], taken)
        return True

    def _text(self, row: list[Cell], target: str) -> str:
        return _text(row, self._targets.get(target))

    def _head_id(self, row: list[Cell]) -> str:
        """The head's number where it is sound; a damaged or starred one says nothing about whose household it is."""
        text = self._text(row, "head.id_no")
        return str(read_id(text, self._today).value or "") if text else ""

    def _own_records(self, row: list[Cell]) -> tuple[str, str]:
        """Ids of the records that our export wrote; a row copied inside the workbook speaks of somebody new."""
        record = self._text(row, "own.member").strip().lower()
        if not is_hex_id(record) or record in self._records:
            return "", ""
        self._records.add(record)
        home = self._text(row, "own.household").strip().lower()
        return record, home if is_hex_id(home) else ""

    def _places_of(self, row: list[Cell]) -> dict[str, str]:
        places = {kind: text for kind, index in self._places if (text := clean_text(cell_text(row[index])))}
        if self.group is not None:
            places.setdefault("villager_group", self.group)
        return places

    def _settle_relation(self, row: list[Cell], member: dict[str, Value], head_name: str) -> bool:
        """Whether this is the head; the relation follows where the sheet says it in another way.

        In a department's relation column 本人 is the head himself; code 01 means nothing else there (1.5).
        """
        if member.get("relation") == _SELF and not self._ours:
            member["relation"] = HEAD
        if member.get("relation") is None:
            flagged = squeezed(self._text(row, "head.flag")) in _IS_HEAD
            if self._heads_only or flagged or (head_name and head_name == member.get("name")):
                member["relation"] = HEAD
        return member.get("relation") == HEAD

    def _household(self, row: list[Cell], taken: Taken, key: str | None) -> Taken:
        """Household values; a text repeated (or merged) from the row above is read and remarked only once."""
        before_key, before, given = self._before
        same = key is not None and key == before_key
        if same and all(row[place] == before[place] for place in self._home_places):
            return given
        home = Taken(taken.sheet, taken.row)
        for reader in self._homes:
            cell = row[reader.index]
            if cell == "":
                continue
            known = reader.clean.get(cell) if type(cell) is str else None
            if known is not None:
                home.values[reader.field.name] = known
                continue
            found = len(home.problems)
            reader.take(cell, home)
            if same and before[reader.index] == cell:
                del home.problems[found:]
        taken.problems += home.problems
        self._before = (key, row, home)
        return home

    def _check(self, row: list[Cell], taken: Taken, head_name: str, letters: Mapping[str, str]) -> None:
        """What a cell alone cannot show: the name is there, the number agrees with sex and birth date."""
        member = taken.values
        name = member.get("name")
        if name is None and not any(problem.column == letters["name"] for problem in taken.problems):
            taken.add(letters["name"], "name_missing", ERROR)
        if member.get("relation") == HEAD and head_name and name is not None and head_name != name:
            taken.add(letters.get("relation", ""), "head_name_differs", WARNING, head=head_name)
        id_no = member.get("id_no")
        if not isinstance(id_no, str):
            return
        sex, born = member.pop("sex", None), self._birth(row, taken)
        if sex in ("1", "2") and sex != sex_of(id_no):
            by_id = "男" if sex_of(id_no) == "1" else "女"
            taken.add(letters["sex"], "sex_differs_from_id", ERROR, by_id=by_id)
        if born and not str(birth_of(id_no)).startswith(born):
            taken.add(letters["birth_date"], "birth_differs_from_id", ERROR, by_id=birth_of(id_no))
        member.pop("id_missing_reason", None)

    def _birth(self, row: list[Cell], taken: Taken) -> str:
        """The typed birth date beside a number, taken away: the number says it.  A bare month is enough to compare."""
        born = taken.values.pop("birth_date", None)
        letter = self._letters.get("birth_date")
        if born is not None or letter is None:
            return str(born or "")
        for problem in taken.problems:
            if problem.column == letter and problem.code == "date_incomplete":
                taken.problems.remove(problem)
                return str(read_month(self._text(row, "member.birth_date"), self._today).value or "")
        return ""

    def _head_readers(self) -> list[ColumnReader]:
        """The head's own columns, read as those of a person."""
        if not self._mixed:
            return []
        found = [(name, self._targets[target]) for name in _OF_HEAD if (target := f"head.{name}") in self._targets]
        return [ColumnReader(index, MEMBER.by_name[name], column_letter(index), self._today) for name, index in found]

    def _readers(self, kind: str, fields: Mapping[str, Field]) -> list[ColumnReader]:
        found = [
            ColumnReader(index, fields[target.partition(".")[2]], column_letter(index), self._today)
            for target, index in self._targets.items()
            if target.startswith(f"{kind}.")
        ]
        return sorted(found, key=lambda reader: reader.index)


def _renumber(targets: dict[str, int]) -> None:
    """In an export of the national system 户编号 is the national number: it stands beside 人编号 (7.7)."""
    number, national = _NUMBER_TARGETS
    ours = "own.member" in targets
    if "member.national_person_no" in targets and number in targets and national not in targets and not ours:
        targets[national] = targets.pop(number)


def _cell(row: list[Cell], place: int | None) -> Cell:
    return row[place] if place is not None and place < len(row) else ""


def _is_blank(cell: Cell) -> bool:
    return cell == "" or squeezed(cell_text(cell)) in NOTHING


def _text(row: list[Cell], place: int | None) -> str:
    return "" if place is None else cell_text(row[place])


def _letters(targets: Mapping[str, int]) -> dict[str, str]:
    """Field name, and target, → column letter; a member's field wins over the household's of the same name.

    The head's columns are not his household's people's: a finding about a person must not point there.
    """
    letters: dict[str, str] = {}
    for kind in ("member", "household", "place"):
        for target, index in targets.items():
            if target.startswith(f"{kind}."):
                letters.setdefault(target.partition(".")[2], column_letter(index))
                letters[target] = column_letter(index)
    return letters
