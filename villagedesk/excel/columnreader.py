"""Owns how the cells of one column become values of its field, with every finding at its cell.

Built for speed: repeated texts are read once.  Must not know rows' neighbours or households.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date

from villagedesk.domain.entry import squeezed
from villagedesk.domain.fields import Field, Type, Value
from villagedesk.domain.idnumber import looks_masked
from villagedesk.domain.names import clean_name
from villagedesk.domain.phones import NO_PHONE
from villagedesk.domain.roster import ERROR, WARNING, CellProblem, Level
from villagedesk.domain.values import clean_text, read_value
from villagedesk.errors import Finding, Problem
from villagedesk.excel.cells import Cell, cell_text

#: Spellings a list does not know are left out with a warning; only these fields make the whole row wait.
_MUST_BE_KNOWN = frozenset(("relation", "sex"))
_UNKNOWN = frozenset(("code_unknown", "flag_unknown", "codes_too_many"))
_MASKED = frozenset(("id_masked", "phone_masked", "bank_masked"))
#: A name that shows all but some characters still says which known person, and so which household, is meant.
_HOLED = frozenset(("name_lost_character", "name_masked"))
_UNIQUE = frozenset((Type.ID_NO, Type.NAME, Type.PHONE, Type.BANK))
_DIGIT_TEXTS = frozenset((Type.TEXT, Type.ID_NO, Type.PHONE, Type.BANK))
#: From here on a spreadsheet's number has lost digits.
_EXACT = 10**15
_PRECISION = {Type.ID_NO: "id_excel_precision", Type.BANK: "bank_excel_precision"}


@dataclass(slots=True)
class Taken:
    """What the cells of one row gave so far."""

    sheet: str
    row: int
    values: dict[str, Value] = dataclasses.field(default_factory=dict)
    masked: dict[str, str] = dataclasses.field(default_factory=dict)
    problems: list[CellProblem] = dataclasses.field(default_factory=list)

    def add(self, letter: str, code: str, level: Level, **params: object) -> None:
        """A finding at one cell of the row."""
        self.problems.append(CellProblem(self.sheet, self.row, letter, code, level, params))


@dataclass(slots=True)
class ColumnReader:
    """One column: its place, field and letter.  ``clean``: texts whose reading gave a value and no finding."""

    index: int
    field: Field
    letter: str
    today: date
    clean: dict[str, Value] = dataclasses.field(default_factory=dict)

    def take(self, cell: Cell, into: Taken) -> None:
        """Put a cell's value or findings where they belong; the cell is not empty."""
        name, kind = self.field.name, self.field.type
        text = cell if isinstance(cell, str) else cell_text(cell)
        known = self.clean.get(text)
        if known is not None:
            into.values[name] = known
            return
        if isinstance(cell, float | int) and kind in _DIGIT_TEXTS and abs(cell) >= _EXACT:
            self._lost_digits(into)
            return
        if self.field.sensitive and kind is Type.TEXT and looks_masked(text):
            into.masked[name] = squeezed(text)
            return
        reading = read_value(self.field, text, self.today)
        value = reading.value
        if value == NO_PHONE and kind is Type.PHONE:  # another department's 无 takes no known number away
            return
        if not reading.problems and not reading.doubts:
            if value is not None:
                into.values[name] = value
                if kind not in _UNIQUE:
                    self.clean[text] = value
            return
        if value is not None:
            into.values[name] = value
        for finding in (*reading.problems, *reading.doubts):
            self._find(finding, text, into)

    def _lost_digits(self, into: Taken) -> None:
        """A number stored as a number beyond its exact digits: always damaged, also where a check would pass."""
        level = ERROR if self.field.type is Type.ID_NO else WARNING
        into.add(self.letter, _PRECISION.get(self.field.type, "text_excel_precision"), level)

    def _find(self, finding: Finding, text: str, into: Taken) -> None:
        name = self.field.name
        if finding.code in _MASKED:
            into.masked[name] = squeezed(text)
            return
        level = _level(finding, self.field)
        if finding.code == "id_words":
            level = WARNING
            into.values.setdefault("id_missing_reason", clean_text(text)[:40])
        elif name == "name" and finding.code in _HOLED:
            into.masked[name] = clean_name(text)
        elif finding.code == "id_is_certificate":
            into.values.setdefault("disability_cert", squeezed(text).upper())
        into.add(self.letter, finding.code, level, **finding.params)


def _level(finding: Finding, field: Field) -> Level:
    """Nobody stays out because of a remark, an unknown spelling, or the name of who filled in the form."""
    if not isinstance(finding, Problem) or (finding.code in _UNKNOWN and field.name not in _MUST_BE_KNOWN):
        return WARNING
    return WARNING if field.type is Type.NAME and field.name != "name" else ERROR
