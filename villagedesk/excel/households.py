"""Owns which rows of a sheet belong to one household, from whatever the sheet offers.

In this order: a household number; the head's number; the head's name, repeated or left blank below; the rows of
heads themselves.  A sheet with none of these is a list of persons.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class HouseholdRuns:
    """Follows the rows of one table downwards.  ``scope`` keeps keys of different sheets apart.

    ``by_number``, ``by_head``: the table has such columns; ``by_relation``: it has a relation or head column.
    """

    scope: str
    by_number: bool
    by_head: bool
    by_relation: bool
    _current: str | None = None
    _number: str = ""
    _head: str = ""
    _has_head: bool = False
    _runs: int = 0
    _named: dict[str, str] = field(default_factory=dict)

    def key(self, number: str, head_name: str, head_id: str, is_head: bool) -> str | None:
        """Key of the household this row belongs to; texts are "" where the cell is blank."""
        if self.by_number and number:
            self._begin(f"no:{number}", head_name, is_head, number)
        elif head_id:
            self._begin(f"id:{head_id}", head_name, is_head)
        elif head_name:
            self._by_name(head_name, is_head)
        elif is_head and (self._current is None or self._has_head or self.by_relation):
            self._new_run(head_name)
        self._has_head = self._has_head or is_head
        return self._current

    def _begin(self, key: str, head_name: str, is_head: bool, number: str = "") -> None:
        if key != self._current:
            self._has_head = False
        self._current, self._head, self._number = key, head_name, number

    def _by_name(self, head_name: str, is_head: bool) -> None:
        """The same name goes on with the household, except where a second head of that name appears."""
        if head_name == self._head and not (is_head and self._has_head):
            return
        earlier = self._named.get(head_name)
        if earlier is not None and not is_head:
            self._current, self._head = earlier, head_name
            return
        self._new_run(head_name)
        self._named.setdefault(head_name, str(self._current))

    def _new_run(self, head_name: str) -> None:
        self._runs += 1
        self._current, self._head, self._has_head = f"{self.scope}#{self._runs}", head_name, False
