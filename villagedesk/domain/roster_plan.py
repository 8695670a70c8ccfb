"""Owns what importing roster rows would change (see ``roster.py``): update, never duplicate, never erase.

Must not know files or the store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from villagedesk.domain.fields import Value
from villagedesk.domain.idnumber import birth_of, sex_of
from villagedesk.domain.records.member import HEAD
from villagedesk.domain.roster import (
    PLACE_KINDS,
    WARNING,
    CellProblem,
    Change,
    Known,
    NewPlace,
    RosterPlan,
    RosterRow,
)
from villagedesk.domain.roster_known import KnownPeople, fits_mask, home_of
from villagedesk.domain.roster_places import PlaceFinder

#: Findings about a value that came starred and is not taken over.
_MASKED_CODES = {"phone": "phone_masked", "bank_account": "bank_masked", "disability_cert": "certificate_masked"}

_SAID_BY_NUMBER = frozenset(("sex", "birth_date", "id_missing_reason"))

#: A row of the file and the person it speaks of; None = somebody new.
Pair = tuple[RosterRow, Known | None]


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
    roster_household_unknown, household_ambiguous, id_masked, name_ambiguous (errors); id_missing,
    household_no_head, household_head_waits, household_no_taken, name_changed, id_changed, masked_differs,
    household_values_differ, place_new, micro_grid_without_grid and those of starred values (warnings).
    """
    known = KnownPeople(existing_households, existing_members, today)
    return _Planner(known, PlaceFinder(existing_places or {}), missing_reason).plan(rows)


class _Planner:
    def __init__(self, known: KnownPeople, places: PlaceFinder, missing_reason: str | None) -> None:
        self.known = known
        self.places = places
        self.missing_reason = missing_reason
        self.problems: list[CellProblem] = []
        self.changes: list[Change] = []
        self.counts = {"households": _zero(), "members": _zero()}
        self.rows_in = 0
        self._claimed: set[str] = set()
        self._former: set[str] = set()  # households whose former head the file still lists

    def plan(self, rows: Sequence[RosterRow]) -> RosterPlan:
        whole: dict[str | None, list[RosterRow]] = defaultdict(list)
        sound: dict[str | None, list[RosterRow]] = defaultdict(list)
        first_with: dict[Value, RosterRow] = {}
        for row in rows:
            whole[row.household_key].append(row)
            if row.stays_out:
                continue
            id_no = row.member.get("id_no")
            first = first_with.setdefault(id_no, row) if id_no else row
            if first is row:
                sound[row.household_key].append(row)
            else:
                self.problems.append(row.at("id_no", "id_twice_in_file", sheet=first.sheet, row=first.row))
        for row in sound.pop(None, ()):
            self._lone_row(row)
        for number, (key, group) in enumerate(sound.items(), 1):
            self._group(f"+household:{number}", group, whole[key])
        self.changes.sort(key=lambda change: change.kind != "household")
        places = tuple(self._places_used())
        return RosterPlan(
            tuple(self.changes), places, tuple(self.problems), self.counts, self.rows_in, len(rows) - self.rows_in
        )

    def _places_used(self) -> list[NewPlace]:
        used = {change.values.get(kind) for change in self.changes for kind in PLACE_KINDS}
        used |= {place.grid for place in self.places.new if place.key in used}
        return [place for place in self.places.new if place.key in used]

    def _lone_row(self, row: RosterRow) -> None:
        """A list of persons without households: those already known are updated."""
        known = self.known.by_number(row, None) or self.known.by_masked_number(row)
        if known is None:
            self.problems.append(row.at("name", "roster_household_unknown"))
        elif known.id in self._claimed:
            self.problems.append(row.at("name", "name_ambiguous"))
        elif not self._has_left(row, known):
            self._claimed.add(known.id)
            self._update_member(row, known)

    def _group(self, new_key: str, group: list[RosterRow], whole: list[RosterRow]) -> None:
        """One household.  ``whole``: also the rows that stay out; they still say where the household lies."""
        household, several = self.known.household(whole)
        if several or household in self._claimed:  # an earlier household of the file was taken for the same one
            self.problems += [row.at("name", "household_ambiguous") for row in group]
            return
        accepted = self._with_one_head(household, self._people(household, group), whole)
        if not accepted:
            return
        record = household or new_key
        self._claimed |= {record, *(known.id for _, known in accepted if known is not None)}
        self._put_household(record, household, whole, [row for row, _ in accepted])
        seq = self.known.last_seq(household)
        for row, known in accepted:
            if known is None:
                seq += 1
                self._add_member(row, record, seq)
            else:
                self._update_member(row, known)

    def _people(self, household: str | None, group: list[RosterRow]) -> list[Pair]:
        """Who each row speaks of; rows that may not go in are left out with the reason."""
        fitting: list[Pair] = []
        for row in group:
            known = self.known.by_number(row, household)
            if known is not None and home_of(known) != household:
                other = self.known.households.get(home_of(known))
                number = other.values.get("household_no") if other else None
                self.problems.append(row.at("id_no", "person_in_other_household", household=number or ""))
            elif known is not None and known.id in self._claimed:
                self.problems.append(row.at("name", "name_ambiguous"))
            elif known is None or not self._has_left(row, known):
                fitting.append((row, known))
        taken = {known.id for _, known in fitting if known is not None} | self._claimed
        people = []
        for row, known in fitting:
            several = False
            if known is None:
                known, several = self.known.by_name(row, household, taken)
            if known is not None:
                taken.add(known.id)
            elif not several and (gone := self.known.left_by_name(row, household)) is not None:
                self._has_left(row, gone)
                continue
            elif not self._may_be_added(row, several):
                continue
            people.append((row, known))
        return people

    def _has_left(self, row: RosterRow, known: Known) -> bool:
        """Whether a row speaks of somebody who left.  Listed just as known it is unchanged, else refused."""
        if self.known.is_current(known):
            return False
        left = row.member.get("valid_to")
        if left is not None and left == known.values.get("valid_to") and not _changed(row, known):
            self._update_member(row, known)
            return True
        self.problems.append(row.at("name", "person_has_left", date=known.values.get("valid_to") or ""))
        if row.member.get("relation") == HEAD:
            self._former.add(home_of(known))
        return True

    def _relation(self, row: RosterRow, known: Known | None) -> Value:
        """The relation after the import: who followed a head that the file still lists stays the head."""
        before = known.values.get("relation") if known is not None else None
        followed = before == HEAD and known is not None and home_of(known) in self._former
        return before if followed else row.member.get("relation") or before

    def _may_be_added(self, row: RosterRow, several: bool) -> bool:
        """A new person needs a relation and no starred number."""
        problem = None
        if several:
            problem = row.at("name", "name_ambiguous")
        elif "id_no" in row.masked:
            problem = row.at("id_no", "id_masked")
        elif row.member.get("relation") is None:
            problem = row.at("relation", "relation_missing")
        if problem is not None:
            self.problems.append(problem)
        return problem is None

    def _with_one_head(self, household: str | None, pairs: list[Pair], whole: list[RosterRow]) -> list[Pair]:
        """Rows that would leave two heads in the household stay out; no head at all is only remarked.

        ``whole``: a head who stands in the file but stays out is named, lest the clerk look for one.
        """
        listed = {known.id for _, known in pairs if known is not None}
        others = [known for known in self.known.people(household) if known.id not in listed]
        first = next((known.values.get("name") for known in others if known.values.get("relation") == HEAD), None)
        kept = []
        for row, known in pairs:
            if self._relation(row, known) == HEAD:
                if first is not None:
                    person = row.member.get("name") or ""
                    self.problems.append(row.at("relation", "two_heads_in_file", person=person, first=first))
                    continue
                first = row.member.get("name") or ""
            kept.append((row, known))
        if kept and first is None:
            row, head = kept[0][0], next((row for row in whole if row.member.get("relation") == HEAD), None)
            if head is None:
                self.problems.append(row.at("relation", "household_no_head", WARNING))
            else:
                self.problems.append(row.at("relation", "household_head_waits", WARNING, row=head.row))
        return kept

    def _put_household(self, record: str, household: str | None, whole: list[RosterRow], rows: list[RosterRow]) -> None:
        known = self.known.households[household].values if household in self.known.households else {}
        values = self._household_values(whole, known)
        if self.known.number_taken(whole) not in (None, household) and "household_no" in values:
            number = values.pop("household_no")
            self.problems.append(whole[0].at("household_no", "household_no_taken", WARNING, number=number))
        for row in whole:
            self._remark_masked(row, row.home_masked, known, "household.")
        changed = {name: value for name, value in values.items() if known.get(name) != value}
        self._change("household", "households", record, changed, rows)

    def _household_values(self, rows: list[RosterRow], known: Mapping[str, Value]) -> dict[str, Value]:
        values: dict[str, Value] = {}
        phone = next((row.member.get("phone") for row in rows if row.member.get("relation") == HEAD), None)
        if phone and not known.get("phone"):  # a roster has one phone column; the household's is the head's
            values["phone"] = phone
        before: RosterRow | None = None
        for row in rows:
            if before is not None and row.household == before.household and row.places == before.places:
                continue
            before = row
            found = {**row.household, **self._places(row, known)}
            for name, value in found.items():
                if values.get(name) == phone and name == "phone":
                    values[name] = value
                if values.setdefault(name, value) != value:
                    self.problems.append(row.at(f"household.{name}", "household_values_differ", WARNING))
        return values

    def _places(self, row: RosterRow, known: Mapping[str, Value]) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for kind in PLACE_KINDS:
            text = row.places.get(kind)
            if not text:
                continue
            grid = str(found.get("grid") or known.get("grid") or "") if kind == "micro_grid" else ""
            place, is_new = self.places.find(kind, text, grid)
            if is_new:
                self.problems.append(row.at(kind, "place_new", WARNING, place=text))
            if place:
                found[kind] = place
            else:
                self.problems.append(row.at(kind, "micro_grid_without_grid", WARNING, place=text))
        return found

    def _add_member(self, row: RosterRow, household: str, seq: int) -> None:
        """A new person; ``seq``: place in the household, in the order of the file, unless the row gives one."""
        values = {"household": household, "seq": seq, **row.member}
        if not values.get("id_no") and not values.get("id_missing_reason"):
            if "id_no" in row.letters:  # a sheet without that column was told so once, as a whole
                self.problems.append(row.at("id_no", "id_missing", WARNING))
            if self.missing_reason is not None:
                values["id_missing_reason"] = self.missing_reason
        self._remark_masked(row, row.masked, {})
        self._change("member", "members", f"+member:{self.rows_in + 1}", values, [row])
        self.rows_in += 1

    def _update_member(self, row: RosterRow, known: Known) -> None:
        changed, id_no = _changed(row, known), known.values.get("id_no")
        if "relation" in changed and self._relation(row, known) == known.values.get("relation"):
            del changed["relation"]
        if isinstance(id_no, str) and "id_no" not in row.member:
            self._compare_with_number(row, id_no)
        if "id_no" in changed and id_no:
            self.problems.append(row.at("id_no", "id_changed", WARNING))
        if "id_no" in changed and known.values.get("id_missing_reason"):
            changed["id_missing_reason"] = None
        if "name" in changed:
            self.problems.append(row.at("name", "name_changed", WARNING, was=known.values.get("name") or ""))
        self._remark_masked(row, row.masked, known.values)
        self._change("member", "members", known.id, changed, [row])
        self.rows_in += 1

    def _compare_with_number(self, row: RosterRow, id_no: str) -> None:
        """Sex and birth date of a person whose number is known are only compared with it."""
        sex, born = row.member.get("sex"), row.member.get("birth_date")
        if sex in ("1", "2") and sex != sex_of(id_no):
            self.problems.append(row.at("sex", "sex_differs_from_id", WARNING, by_id="男" if sex == "2" else "女"))
        if born and born != birth_of(id_no):
            self.problems.append(row.at("birth_date", "birth_differs_from_id", WARNING, by_id=birth_of(id_no)))

    def _remark_masked(
        self, row: RosterRow, masked: Mapping[str, str], known: Mapping[str, Value], kind: str = ""
    ) -> None:
        """Starred values are never taken over; where they hide something unknown or other, that is said."""
        for name, mask in masked.items():
            if known.get(name) is None:
                self.problems.append(row.at(kind + name, _MASKED_CODES.get(name, "id_masked"), WARNING))
            elif not fits_mask(known[name], mask):
                self.problems.append(row.at(kind + name, "masked_differs", WARNING))

    def _change(self, kind: str, plural: str, record: str, values: Mapping[str, Value], rows: list[RosterRow]) -> None:
        is_new = record.startswith("+")
        if is_new or values:
            self.changes.append(Change(kind, record, values, tuple(row.origin for row in rows)))
        self.counts[plural]["added" if is_new else "updated" if values else "unchanged"] += 1


def _changed(row: RosterRow, known: Known) -> dict[str, Value]:
    """What a row says otherwise than is known.  A known number says sex and birth date, and needs no reason."""
    said = _SAID_BY_NUMBER if known.values.get("id_no") and "id_no" not in row.member else ()
    return {name: value for name, value in row.member.items() if name not in said and known.values.get(name) != value}


def _zero() -> dict[str, int]:
    return {"added": 0, "updated": 0, "unchanged": 0}
