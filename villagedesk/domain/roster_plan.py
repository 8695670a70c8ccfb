"""Owns the matching of roster rows with existing records (see ``roster.py``): update, never duplicate, never erase.

A person is matched by number, else by name inside the household; a household by its number, its head, its people.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from villagedesk.domain.fields import Value
from villagedesk.domain.records.member import HEAD
from villagedesk.domain.roster import (
    PLACE_KINDS,
    WARNING,
    CellProblem,
    Change,
    Known,
    NewPlace,
    PlaceFinder,
    RosterPlan,
    RosterRow,
)

_HOUSEHOLD_NUMBERS = ("household_no", "national_household_no")


def plan_import(
    rows: Sequence[RosterRow],
    existing_households: Iterable[Known],
    existing_members: Iterable[Known],
    today: date,
    existing_places: Mapping[str, Sequence[Known]] | None = None,
    missing_reason: str | None = None,
) -> RosterPlan:
    """What importing ``rows`` would change.  Rows that already have an error stay out.

    ``existing_places``: known places by kind.  ``missing_reason``: reason noted for a new person without a number.
    Codes: id_twice_in_file, person_in_other_household, person_has_left, two_heads_in_file, relation_missing,
    roster_household_unknown, id_masked, name_ambiguous (errors); id_missing,
    household_no_head, name_changed, id_changed, household_values_differ (warnings).
    """
    planner = _Planner(existing_households, existing_members, today, PlaceFinder(existing_places or {}), missing_reason)
    return planner.plan(rows)


class _Planner:
    def __init__(
        self,
        households: Iterable[Known],
        members: Iterable[Known],
        today: date,
        places: PlaceFinder,
        missing_reason: str | None,
    ) -> None:
        self.today = today.isoformat()
        self.places = places
        self.missing_reason = missing_reason
        self.households = {known.id: known for known in households}
        self.members = {known.id: known for known in members}
        self.by_number: dict[tuple[str, Value], str] = {}
        self.by_id_no: dict[Value, list[Known]] = defaultdict(list)
        self.in_household: dict[Value, list[Known]] = defaultdict(list)
        self.ambiguous: set[tuple[str, int]] = set()
        self.problems: list[CellProblem] = []
        self.changes: list[Change] = []
        self.counts = {"households": _zero(), "members": _zero()}
        self.rows_in = 0
        self._index()

    def _index(self) -> None:
        for known in self.households.values():
            for name in _HOUSEHOLD_NUMBERS:
                if known.values.get(name):
                    self.by_number.setdefault((name, known.values[name]), known.id)
        for known in self.members.values():
            if known.values.get("id_no"):
                self.by_id_no[known.values["id_no"]].append(known)
            self.in_household[known.values.get("household")].append(known)

    def plan(self, rows: Sequence[RosterRow]) -> RosterPlan:
        groups: dict[str | None, list[RosterRow]] = defaultdict(list)
        first_with: dict[Value, RosterRow] = {}
        for row in rows:
            id_no = row.member.get("id_no")
            first = first_with.setdefault(id_no, row) if id_no and not row.stays_out else row
            if first is not row:
                self.problems.append(row.at("id_no", "id_twice_in_file", sheet=first.sheet, row=first.row))
            elif not row.stays_out:
                groups[row.household_key].append(row)
        for number, (key, group) in enumerate(groups.items(), 1):
            if key is None:
                for row in group:
                    self._lone_row(row)
            else:
                self._group(f"+household:{number}", group)
        self.changes.sort(key=lambda change: change.kind != "household")
        return RosterPlan(
            tuple(self.changes),
            tuple(self._places_used()),
            tuple(sorted(self.problems, key=lambda problem: (problem.sheet, problem.row))),
            self.counts,
            self.rows_in,
            len(rows) - self.rows_in,
        )

    def _places_used(self) -> list[NewPlace]:
        used = {value for change in self.changes for value in change.values.values() if isinstance(value, str)}
        return [place for place in self.places.new.values() if place.key in used]

    def _lone_row(self, row: RosterRow) -> None:
        """A list of persons without households: those already known are updated."""
        known = self._person_by_number(row, None)
        if known is None:
            self.problems.append(row.at("name", "roster_household_unknown"))
        elif not self._has_left(row, known):
            self._update_member(row, known, known.values.get("household"))

    def _group(self, new_key: str, group: list[RosterRow]) -> None:
        household_id = self._find_household(group)
        values = self._household_values(group)
        fitting: list[tuple[RosterRow, Known | None]] = []
        taken: set[str] = set()
        for row in group:
            known = self._person_by_number(row, household_id)
            if known is not None and known.values.get("household") != household_id:
                other = self.households.get(str(known.values.get("household")))
                number = other.values.get("household_no") if other else None
                self.problems.append(row.at("id_no", "person_in_other_household", household=number or ""))
            elif known is None or not self._has_left(row, known):
                fitting.append((row, known))
                taken.add(known.id if known else "")
        matched = [(row, known or self._person_by_name(row, household_id, taken)) for row, known in fitting]
        accepted = self._with_one_head(household_id, [pair for pair in matched if self._is_whole(*pair)])
        if not accepted:
            return
        record = household_id or new_key
        self._put_household(record, household_id, values, [row for row, _ in accepted])
        for row, known in accepted:
            if known is None:
                self._add_member(row, record)
            else:
                self._update_member(row, known, record)

    def _find_household(self, group: list[RosterRow]) -> str | None:
        for name in _HOUSEHOLD_NUMBERS:
            for row in group:
                found = self.by_number.get((name, row.household.get(name)))
                if found is not None:
                    return found
        heads = [row.member.get("id_no") for row in group if row.member.get("relation") == HEAD]
        for id_no in (*heads, *(row.head_id for row in group)):
            for known in self.by_id_no.get(id_no, ()) if id_no else ():
                if known.values.get("relation") == HEAD and self._is_current(known):
                    return _text(known.values.get("household"))
        homes = Counter(
            _text(known.values.get("household"))
            for row in group
            for known in self.by_id_no.get(row.member.get("id_no"), ())
            if row.member.get("id_no") and self._is_current(known)
        )
        return homes.most_common(1)[0][0] if homes else None

    def _person_by_number(self, row: RosterRow, household_id: str | None) -> Known | None:
        id_no = row.member.get("id_no")
        candidates = self.by_id_no.get(id_no, []) if id_no else []
        current = [known for known in candidates if self._is_current(known)] or candidates
        here = [known for known in current if known.values.get("household") == household_id]
        return next(iter(here or current), None)

    def _person_by_name(self, row: RosterRow, household_id: str | None, taken: set[str]) -> Known | None:
        """A person of that household with that name, whose number does not speak against it."""
        if household_id is None:
            return None
        named = [
            known
            for known in self.in_household[household_id]
            if known.values.get("name") == row.member.get("name")
            and known.id not in taken
            and self._is_current(known)
            and _fits_mask(known.values.get("id_no"), row.masked.get("id_no"))
        ]
        if len(named) > 1:
            same = [known for known in named if known.values.get("relation") == row.member.get("relation")]
            named = same if len(same) == 1 else named
        if len(named) != 1:
            if named:
                self.ambiguous.add((row.sheet, row.row))
            return None
        taken.add(named[0].id)
        return named[0]

    def _has_left(self, row: RosterRow, known: Known) -> bool:
        if self._is_current(known):
            return False
        self.problems.append(row.at("name", "person_has_left", date=known.values.get("valid_to") or ""))
        return True

    def _is_whole(self, row: RosterRow, known: Known | None) -> bool:
        """A new person needs a relation and must not come with a masked number."""
        if known is not None:
            return True
        problem = None
        if (row.sheet, row.row) in self.ambiguous:
            problem = row.at("name", "name_ambiguous")
        elif "id_no" in row.masked:
            problem = row.at("id_no", "id_masked")
        elif row.member.get("relation") is None:
            problem = row.at("relation", "relation_missing")
        if problem is not None:
            self.problems.append(problem)
        return problem is None

    def _with_one_head(
        self, household_id: str | None, pairs: list[tuple[RosterRow, Known | None]]
    ) -> list[tuple[RosterRow, Known | None]]:
        """Rows that would leave two heads in the household stay out; no head at all is only remarked."""
        listed = {known.id for _, known in pairs if known is not None}
        others = self.in_household[household_id] if household_id is not None else []
        head = next((k for k in others if k.id not in listed and self._is_current(k) and _is_head(k.values)), None)
        first = _text(head.values.get("name")) if head else None
        kept = []
        for row, known in pairs:
            relation = row.member.get("relation") or (known.values.get("relation") if known else None)
            if relation == HEAD and first is not None:
                self.problems.append(
                    row.at("relation", "two_heads_in_file", person=row.member.get("name") or "", first=first)
                )
                continue
            if relation == HEAD:
                first = _text(row.member.get("name")) or ""
            kept.append((row, known))
        if kept and first is None:
            self.problems.append(kept[0][0].at("relation", "household_no_head", WARNING))
        return kept

    def _household_values(self, group: list[RosterRow]) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for row in group:
            found: dict[str, Value] = dict(row.household)
            for kind in PLACE_KINDS:
                if row.places.get(kind):
                    found[kind] = self.places.find(kind, row.places[kind])
            for name, value in found.items():
                if values.setdefault(name, value) != value:
                    self.problems.append(row.at(name, "household_values_differ", WARNING))
        return values

    def _put_household(
        self, record: str, household_id: str | None, values: Mapping[str, Value], rows: list[RosterRow]
    ) -> None:
        known = self.households[household_id].values if household_id in self.households else {}
        changed = {name: value for name, value in values.items() if known.get(name) != value}
        self._change("household", "households", record, changed, rows)

    def _add_member(self, row: RosterRow, household: str) -> None:
        values = {"household": household, **row.member}
        if not values.get("id_no") and not values.get("id_missing_reason"):
            self.problems.append(row.at("id_no", "id_missing", WARNING))
            if self.missing_reason is not None:
                values["id_missing_reason"] = self.missing_reason
        self._change("member", "members", f"+member:{self.rows_in + 1}", values, [row])
        self.rows_in += 1

    def _update_member(self, row: RosterRow, known: Known, household: Value) -> None:
        changed = {name: value for name, value in row.member.items() if known.values.get(name) != value}
        if "id_no" in changed and known.values.get("id_no"):
            self.problems.append(row.at("id_no", "id_changed", WARNING))
        if "id_no" in changed and known.values.get("id_missing_reason"):
            changed["id_missing_reason"] = None
        if "name" in changed:
            self.problems.append(row.at("name", "name_changed", WARNING, was=known.values.get("name") or ""))
        self._change("member", "members", known.id, changed, [row])
        self.rows_in += 1

    def _change(self, kind: str, plural: str, record: str, values: Mapping[str, Value], rows: list[RosterRow]) -> None:
        is_new = record.startswith("+")
        if is_new or values:
            self.changes.append(Change(kind, record, values, tuple((row.sheet, row.row) for row in rows)))
        self.counts[plural]["added" if is_new else "updated" if values else "unchanged"] += 1

    def _is_current(self, known: Known) -> bool:
        left = _text(known.values.get("valid_to"))
        return left is None or left > self.today


def _zero() -> dict[str, int]:
    return {"added": 0, "updated": 0, "unchanged": 0}


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def _is_head(values: Mapping[str, Value]) -> bool:
    return values.get("relation") == HEAD


def _fits_mask(number: Value, mask: str | None) -> bool:
    """Whether a stored number may be the one that was masked; no mask fits all."""
    if mask is None:
        return True
    if not isinstance(number, str) or len(number) != len(mask):
        return False
    return all(char in ("*", digit) for char, digit in zip(mask, number, strict=True))
