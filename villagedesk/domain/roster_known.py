"""Owns finding the person and the household that roster rows speak of among the known records.

Looked for in this order: the record that our own export named; numbers; names, where no number speaks against them.
Must not know files or the store.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from villagedesk.domain.fields import Value
from villagedesk.domain.records.member import HEAD
from villagedesk.domain.roster import Known, RosterRow

#: Characters that stand for hidden or lost ones.
WILD = frozenset("*＊#＃•●?？□■〓\ufffdxX某")

_HOUSEHOLD_NUMBERS = ("household_no", "national_household_no")


class KnownPeople:
    """The households and people of one desk, ready to be found."""

    def __init__(self, households: Iterable[Known], members: Iterable[Known], today: date) -> None:
        self._today = today.isoformat()
        self.households = {known.id: known for known in households}
        self.members = {known.id: known for known in members}
        self._by_number: dict[tuple[str, Value], str] = {}
        self._by_id_no: dict[Value, list[Known]] = defaultdict(list)
        self._by_name: dict[Value, list[Known]] = defaultdict(list)
        self._in_household: dict[str, list[Known]] = defaultdict(list)
        for known in self.households.values():
            for name in _HOUSEHOLD_NUMBERS:
                if known.values.get(name):
                    self._by_number.setdefault((name, known.values[name]), known.id)
        for known in self.members.values():
            if known.values.get("id_no"):
                self._by_id_no[known.values["id_no"]].append(known)
            self._by_name[known.values.get("name")].append(known)
            self._in_household[home_of(known)].append(known)

    def is_current(self, known: Known) -> bool:
        """Whether the person belongs to the household today."""
        left = known.values.get("valid_to")
        return not isinstance(left, str) or left > self._today

    def people(self, household: str | None) -> list[Known]:
        """Who belongs to a household today."""
        return [known for known in self._in_household.get(household or "", ()) if self.is_current(known)]

    def last_seq(self, household: str | None) -> int:
        """The greatest 户内序号 given in a household; people without one are counted too."""
        people = self._in_household.get(household or "", ())
        given = (seq for known in people if isinstance(seq := known.values.get("seq"), int))
        return max(given, default=len(people))

    def number_taken(self, rows: Sequence[RosterRow]) -> str | None:
        """The household that has the number of these rows but another head and none of their people."""
        found = self._numbered(rows)
        return found if found is not None and self._contradicts(found, rows) else None

    def household(self, rows: Sequence[RosterRow]) -> tuple[str | None, bool]:
        """The household of these rows, and whether several fit equally well (then None)."""
        for row in rows:
            known = self.named_record(row)
            if known is not None:
                return home_of(known), False
            if row.home_record in self.households and not self._contradicts(row.home_record, rows):
                return row.home_record, False
        numbered = self._numbered(rows)
        if numbered is not None and not self._contradicts(numbered, rows):
            return numbered, False
        by_head = self._by_head_number(rows)
        if by_head is not None:
            return by_head, False
        homes = Counter(
            home_of(known)
            for row in rows
            for known in self._by_id_no.get(row.member.get("id_no") or "", ())
            if self.is_current(known)
        )
        if homes:
            return homes.most_common(1)[0][0], False
        found, several = self._by_head_name(rows)
        return (found, several) if found or several else (self._by_former_head(rows), False)

    def named_record(self, row: RosterRow) -> Known | None:
        """The person whose record our export wrote into this row, unless the row was made into somebody else."""
        known = self.members.get(row.record)
        if known is None:
            return None
        id_no, name = row.member.get("id_no"), row.member.get("name")
        same_id = not id_no or not known.values.get("id_no") or id_no == known.values["id_no"]
        return known if same_id or name == known.values.get("name") else None

    def by_number(self, row: RosterRow, household: str | None) -> Known | None:
        """The person with this row's record or number; people of ``household`` and current ones first."""
        named = self.named_record(row)
        if named is not None:
            return named
        found = self._by_id_no.get(row.member.get("id_no") or "", [])
        current = [known for known in found if self.is_current(known)] or found
        here = [known for known in current if known.values.get("household") == household]
        return next(iter(here or current), None)

    def by_name(self, row: RosterRow, household: str | None, taken: set[str]) -> tuple[Known | None, bool]:
        """The person of the household with this row's name, and whether several fit equally well (then None)."""
        fitting = [known for known in self.people(household) if known.id not in taken and fits(known, row)]
        if len(fitting) > 1:
            same = [known for known in fitting if known.values.get("relation") == row.member.get("relation")]
            fitting = same if len(same) == 1 else fitting
        return (fitting[0], False) if len(fitting) == 1 else (None, bool(fitting))

    def left_by_name(self, row: RosterRow, household: str | None) -> Known | None:
        """Somebody with this row's name who left the household, where no number says that it is another person."""
        for known in self._in_household.get(household or "", ()):
            numbers = {known.values.get("id_no"), row.member.get("id_no")} - {None}
            if not self.is_current(known) and fits(known, row) and len(numbers) < 2:
                return known
        return None

    def _by_former_head(self, rows: Sequence[RosterRow]) -> str | None:
        """The household whose former head these rows name, with one of its people or nobody else in them."""
        numbers = {row.head_id for row in rows} | {row.member.get("id_no") for row in rows if _is_head_row(row)}
        homes: set[str] = set()
        for name in dict.fromkeys(_heads(rows)):
            for known in self._by_name.get(name, ()):
                id_no = known.values.get("id_no")
                other = bool(numbers - {None}) and id_no is not None and id_no not in numbers
                if not self.is_current(known) and known.values.get("relation") == HEAD and not other:
                    homes.add(home_of(known))
        others = [row for row in rows if row.member.get("relation") != HEAD]
        fitting = [home for home in homes if not others or self._lives_there(home, others)]
        return fitting[0] if len(fitting) == 1 else None

    def _lives_there(self, household: str, rows: Sequence[RosterRow]) -> bool:
        return any(fits(known, row) for known in self.people(household) for row in rows)

    def by_masked_number(self, row: RosterRow) -> Known | None:
        """The only person anywhere whose name and starred number fit."""
        if "id_no" not in row.masked or "name" in row.masked:
            return None
        named = self._by_name.get(row.member.get("name"), ())
        fitting = [known for known in named if self.is_current(known) and fits(known, row)]
        return fitting[0] if len(fitting) == 1 else None

    def _numbered(self, rows: Sequence[RosterRow]) -> str | None:
        for name in _HOUSEHOLD_NUMBERS:
            for row in rows:
                found = self._by_number.get((name, row.household.get(name)))
                if found is not None:
                    return found
        return None

    def _contradicts(self, household: str, rows: Sequence[RosterRow]) -> bool:
        """Whether the rows name another head and nobody of this household: numbers of another list."""
        people = self.people(household)
        head = next((known for known in people if known.values.get("relation") == HEAD), None)
        named = set(_heads(rows))
        if head is None or not named or head.values.get("name") in named:
            return False
        return not any(_same(known, row) for known in people for row in rows)

    def _by_head_number(self, rows: Sequence[RosterRow]) -> str | None:
        heads = [row.member.get("id_no") for row in rows if row.member.get("relation") == HEAD]
        numbers = [id_no for id_no in (*heads, *(row.head_id for row in rows)) if id_no]
        named = [known for id_no in numbers for known in self._by_id_no.get(id_no, ())]
        present = (known for known in named if known.values.get("relation") == HEAD and self.is_current(known))
        former = (known for known in named if known.values.get("relation") == HEAD)
        found = next(present, None) or next(former, None)
        return home_of(found) if found is not None else None

    def _by_head_name(self, rows: Sequence[RosterRow]) -> tuple[str | None, bool]:
        """A household whose head has the same name, where numbers are missing on one side."""
        numbers = {row.member.get("id_no") or row.head_id for row in rows if _is_head_row(row)} - {None}
        homes = [
            home_of(known)
            for name in dict.fromkeys(_heads(rows))
            for known in self._by_name.get(name, ())
            if known.values.get("relation") == HEAD
            and self.is_current(known)
            and not (numbers and known.values.get("id_no"))
            and all(fits(known, row) for row in rows if row.member.get("relation") == HEAD)
        ]
        others = [row for row in rows if row.member.get("relation") != HEAD]
        if others:
            sharing = [home for home in homes if self._shared(home, others)]
            homes = sharing if sharing else [home for home in homes if len(self.people(home)) == 1]
        return (homes[0], False) if len(homes) == 1 else (None, len(homes) > 1)

    def _shared(self, household: str, rows: Sequence[RosterRow]) -> bool:
        people = [known for known in self.people(household) if known.values.get("relation") != HEAD]
        return any(fits(known, row) for known in people for row in rows)


def home_of(known: Known) -> str:
    """Hex id of a person's household."""
    return str(known.values.get("household") or "")


def fits(known: Known, row: RosterRow) -> bool:
    """Whether a row may speak of this person by its name, hidden characters left open, and a starred number."""
    name = row.member.get("name")
    if "name" in row.masked:
        named = fits_mask(known.values.get("name"), row.masked["name"])
    else:
        named = name is not None and known.values.get("name") == name
    return named and ("id_no" not in row.masked or fits_mask(known.values.get("id_no"), row.masked["id_no"]))


def fits_mask(value: Value, mask: str) -> bool:
    """Whether a stored text may be the one that was masked."""
    if not isinstance(value, str) or len(value) != len(mask):
        return False
    return all(char == shown or shown in WILD for char, shown in zip(value, mask, strict=True))


def _same(known: Known, row: RosterRow) -> bool:
    id_no = row.member.get("id_no")
    return fits(known, row) or (id_no is not None and known.values.get("id_no") == id_no)


def _is_head_row(row: RosterRow) -> bool:
    return row.member.get("relation") == HEAD or row.head_id is not None


def _heads(rows: Sequence[RosterRow]) -> Iterator[Value]:
    """Names of the head, as the rows give them."""
    for row in rows:
        if row.head_name:
            yield row.head_name
        elif row.member.get("relation") == HEAD and row.member.get("name"):
            yield row.member["name"]
