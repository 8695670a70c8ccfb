"""Owns which rows of a sheet belong to one household, from whatever the sheet offers.

In this order: the record our own export wrote; a household number; the head's number; the head's name, repeated or
left blank below; the rows of heads themselves.  A sheet with none of these is a list of persons.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class RowSigns(NamedTuple):
    """What one row says about its household; "" where the cell is blank.  ``head_id``: a sound number."""

    number: str
    head_name: str
    head_id: str
    is_head: bool
    record: str


@dataclass(slots=True)
class HouseholdRuns:
    """Follows the rows of one sheet downwards.  ``scope`` keeps keys of different sheets apart.

    ``by_relation``: the table has a relation or head column.  ``restarted``: household numbers began anew further down
    (each group counted from 1), so that they only count and name nothing.
    """

    scope: str
    by_relation: bool
    restarted: bool = False
    _current: str | None = None
    _number: str = ""
    _head: str = ""
    _runs: int = 0
    _named: dict[str, str] = field(default_factory=dict)
    _numbered: dict[str, str] = field(default_factory=dict)
    _with_head: set[str] = field(default_factory=set)

    def key(self, row: RowSigns) -> str | None:
        """Key of the household that the next row belongs to; None where nothing says it."""
        if row.record:
            self._begin(f"record:{row.record}", row.head_name)
        elif row.number:
            self._by_number(row)
        elif row.head_id:
            self._begin(f"id:{row.head_id}", row.head_name)
        elif row.head_name:
            self._by_name(row.head_name, row.is_head)
        elif row.is_head and (self._current is None or self._has_head or self.by_relation):
            self._new_run(row.head_name)
        if row.number and self._current is not None:
            self._number = row.number
            self._numbered[row.number] = self._current
        if row.is_head and self._current is not None:
            self._with_head.add(self._current)
        return self._current

    @property
    def _has_head(self) -> bool:
        return self._current in self._with_head

    def _begin(self, key: str, head_name: str) -> None:
        self._current, self._head = key, head_name

    def _by_number(self, row: RowSigns) -> None:
        """A head whose number already led another household, with others between, begins a new count."""
        known = self._numbered.get(row.number)
        again = row.number != self._number and row.is_head and known in self._with_head
        if known is not None and not again:
            self._begin(known, row.head_name)
            return
        if again:
            self.restarted = True
            self._numbered.clear()
            self._runs += 1
        part = f"{self.scope}#{self._runs}:" if self.restarted else ""
        self._begin(f"{part}no:{row.number}", row.head_name)

    def _by_name(self, head_name: str, is_head: bool) -> None:
        """The same name goes on with the household, except where a second head of that name appears."""
        if head_name == self._head and not (is_head and self._has_head):
            return
        earlier = self._named.get(head_name)
        if earlier is not None and not is_head:
            self._begin(earlier, head_name)
            return
        self._new_run(head_name)
        self._named.setdefault(head_name, str(self._current))

    def _new_run(self, head_name: str) -> None:
        self._runs += 1
        self._begin(f"{self.scope}#{self._runs}", head_name)
