"""Owns what a clerk does with households: list, search, open, save, void, undo, drafts.  No SQL, no Qt."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from villagedesk.domain.catalogue import BY_NAME
from villagedesk.domain.fields import Value
from villagedesk.domain.household_rules import check_household
from villagedesk.domain.ids import LogId, is_hex_id
from villagedesk.domain.operation import DELETED, decode_payload
from villagedesk.domain.records.household import HOUSEHOLD, Household
from villagedesk.domain.records.member import MEMBER, Member
from villagedesk.domain.values import read_value
from villagedesk.errors import DeskError, Problem, Refused
from villagedesk.services.desks import Desk, tell_drafts
from villagedesk.services.listing import HouseholdRow as HouseholdRow
from villagedesk.services.listing import Page as Page
from villagedesk.services.listing import list_page as list_page
from villagedesk.services.listing import with_group
from villagedesk.storage import drafts, households, undoing
from villagedesk.storage.drafts import Draft as Draft
from villagedesk.storage.households import HouseholdQuery as HouseholdQuery
from villagedesk.storage.households import StoredRecord
from villagedesk.storage.ledger import Change
from villagedesk.storage.ledger import Touched as Touched
from villagedesk.storage.projections import fits


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """A person in a household file; ``id`` b"" = not saved yet."""

    id: bytes
    member: Member


@dataclass(frozen=True, slots=True)
class HouseholdFile:
    """一户一档: the household and everyone in it, those who left included."""

    id: bytes
    scope: bytes
    household: Household
    members: tuple[MemberEntry, ...]
    conflicts: int = 0

    @property
    def present(self) -> tuple[MemberEntry, ...]:
        return tuple(entry for entry in self.members if entry.member.valid_to is None)


@dataclass(frozen=True, slots=True)
class Edit:
    """What a form wants saved: only changed fields.  ``id`` None = a new record; ``void`` = 作废."""

    kind: str
    id: bytes | None
    changed: Mapping[str, Value] = field(default_factory=dict)
    void: bool = False


def read_household(desk: Desk, household_id: bytes) -> HouseholdFile:
    """Raises ``DeskError`` ``record_unknown``."""
    found = households.record(desk.store, HOUSEHOLD, household_id)
    if found is None:
        raise DeskError("record_unknown")
    return _file(desk, found)


class Totals(NamedTuple):
    """Of the whole desk: households, registered people, households with a conflict, households that are 已作废."""

    households: int
    people: int
    conflicts: int
    voided: int


def totals(desk: Desk) -> Totals:
    conflicts, _ = households.count_households(desk.store, HouseholdQuery(conflicts=True))
    voided = households.count_voided(desk.store)
    return Totals(*households.count_households(desk.store, HouseholdQuery()), conflicts, voided)


def find_numbered(desk: Desk, number: str) -> HouseholdFile:
    """The household with this 户编号, or with this id: a town holds many villages, whose numbers repeat.

    Raises ``DeskError`` ``household_unknown`` or ``number_ambiguous``.
    """
    if is_hex_id(number):
        return read_household(desk, bytes.fromhex(number))
    found = households.households_numbered(desk.store, number)
    if not found:
        raise DeskError("household_unknown", number=number)
    if len(found) > 1:
        raise DeskError("number_ambiguous", number=number, count=len(found))
    return _file(desk, found[0])


def all_households(desk: Desk, query: HouseholdQuery | None = None) -> list[HouseholdFile]:
    """Every household a query finds, in list order."""
    cards = households.page_of_households(desk.store, with_group(desk, query or HouseholdQuery()), 0, 1_000_000)
    return [read_household(desk, card.id) for card in cards]


def _file(desk: Desk, found: StoredRecord) -> HouseholdFile:
    people = households.members_of(desk.store, found)
    return HouseholdFile(
        found.id,
        desk.ledger.journal.scopes()[found.scope],
        HOUSEHOLD.make(found.values),
        tuple(MemberEntry(person.id, MEMBER.make(person.values)) for person in people),
        found.conflicts + sum(person.conflicts for person in people),
    )


def read_document(desk: Desk, kind_name: str, document: Mapping[str, Any]) -> dict[str, Value]:
    """Values as a script or a form gives them, as the store wants them.

    Texts are read as if typed (dates, amounts, code names …); other values must have the field's type.  Raises
    ``DeskError`` ``field_unknown`` or ``Refused`` with every problem found.
    """
    kind = BY_NAME[kind_name]
    day = today(desk)
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for name, given in document.items():
        declared = kind.by_name.get(name)
        if declared is None:
            raise DeskError("field_unknown", field=name)
        if isinstance(given, str):
            reading = read_value(declared, given, day)
            values[name] = reading.value
            problems += reading.problems
        elif fits(declared, given):
            values[name] = given
        else:
            problems.append(Problem(name, "value_type"))
    if problems:
        raise Refused(kind_name, problems)
    return values


def today(desk: Desk) -> date:
    """The calendar day on this desk."""
    return datetime.fromtimestamp(desk.ports.clock.now_ms() / 1000).date()


def refuse_problems(
    desk: Desk,
    household: Household,
    members: Sequence[tuple[bytes | None, Member]],
    file: HouseholdFile | None = None,
) -> None:
    """Raise ``Refused`` when the household as a whole breaks a rule that blocks; doubts never do.

    ``members``: id (None = new) and what shall stand there; who left does not count.  A number that somebody of
    another household has needs a written reason (domain reference 1.1).  ``file``: as it is saved, None = a new one.
    """
    present = [(record, member) for record, member in members if member.valid_to is None]
    findings = check_household(household, [member for _, member in present], today(desk))
    problems = [finding for finding in findings if isinstance(finding, Problem)]
    own = {record for record, _ in present if record}
    for _, member in present:
        other = number_elsewhere(desk, member.id_no, own) if member.id_no and not member.id_shared_reason else None
        if other is not None:
            problems.append(Problem("id_no", "id_used_elsewhere", {"name": other[0], "number": other[1]}))
    taken = number_taken(desk, household.household_no, file)
    if problems or taken is not None:
        raise Refused("member", [*problems, *([taken] if taken else [])])


def number_taken(desk: Desk, number: str | None, file: HouseholdFile | None) -> Problem | None:
    """The problem when another household of the village has this 户编号; one that was saved so before stays."""
    if number is None or (file is not None and file.household.household_no == number):
        return None
    others = households.households_numbered(desk.store, number, file.scope if file else desk.scope)
    if all(file is not None and other.id == file.id for other in others):
        return None
    return Problem("household_no", "household_no_used", {"number": number})


def number_elsewhere(desk: Desk, id_no: str, own: Container[bytes]) -> tuple[str, str] | None:
    """Name and 户编号 of somebody not among ``own`` who has this number today, or None."""
    for name, number, person in households.people_with_id(desk.store, id_no):
        if person not in own:
            return name, number
    return None


def refuse_change(desk: Desk, file: HouseholdFile, edits: Sequence[Edit]) -> None:
    """Raise ``Refused`` when a saved household would break a rule after these edits.

    Raises ``DeskError`` ``record_unknown`` for a member who does not belong to it.
    """
    home = HOUSEHOLD.values(file.household)
    people: dict[bytes | None, Member] = {entry.id: entry.member for entry in file.members}
    new: list[tuple[bytes | None, Member]] = []
    for edit in edits:
        if edit.kind == "household":
            home = {**home, **edit.changed}
        elif edit.id is None:
            new.append((None, MEMBER.make(edit.changed)))
        elif edit.id not in people:
            raise DeskError("record_unknown")
        elif edit.changed.get("household", file.id.hex()) != file.id.hex():
            raise DeskError("field_unknown", field="household")  # people move by the roster or the form
        else:
            people[edit.id] = MEMBER.make({**MEMBER.values(people[edit.id]), **edit.changed})
    refuse_problems(desk, HOUSEHOLD.make(home), [*people.items(), *new], file)


def save(
    desk: Desk,
    edits: Sequence[Edit],
    scope: bytes | None = None,
    seen: Mapping[bytes, Mapping[str, str]] | None = None,
) -> tuple[Touched, tuple[bytes, ...]]:
    """One user action; returns what it touched and the ids of all edited records, new ones included.

    A member edit with ``household`` "" belongs to the household edited in the same action.  ``seen``: record → field →
    operation whose value the clerk saw; absent = what the store holds now.
    """
    ids = tuple(edit.id or desk.new_id() for edit in edits)
    home = next((ids[index].hex() for index, edit in enumerate(edits) if edit.kind == "household"), None)
    changes = []
    for record_id, edit in zip(ids, edits, strict=True):
        changed: dict[str, Value] = {DELETED: True} if edit.void else dict(edit.changed)
        if changed.get("household") == "":
            changed["household"] = home
        changes.append(Change(edit.kind, record_id, changed, seen=(seen or {}).get(record_id)))
    home_scope = scope or _scope_of(desk, edits)
    changes = [_knowing(desk, change, home_scope) if change.changed.get(DELETED) else change for change in changes]
    log = desk.log(home_scope)
    return desk.ledger.append(log, changes, desk.operator, desk.new_id()), ids


def _knowing(desk: Desk, void: Change, scope: bytes) -> Change:
    """Who voids a record with an open conflict had both values before the eyes: the void is no conflict with them."""
    folded = desk.ledger.projections.folded(BY_NAME[void.kind], void.record, scope)
    lost = [f"{conflict.loser}.{DELETED}" for conflict in (folded.conflicts if folded else ())]
    return replace(void, resolved=[*void.resolved, *dict.fromkeys(lost)])


def _scope_of(desk: Desk, edits: Sequence[Edit]) -> bytes:
    """A record is edited in the scope it lives in: at the town desk that is its village's."""
    for edit in edits:
        found = households.record(desk.store, BY_NAME[edit.kind], edit.id) if edit.id else None
        if found is not None:
            return desk.ledger.journal.scopes()[found.scope]
    return desk.scope


def void_household(desk: Desk, household_id: bytes) -> Touched:
    """作废 a household with its people; can be undone."""
    file = read_household(desk, household_id)
    edits = [Edit("household", file.id, void=True), *(Edit("member", entry.id, void=True) for entry in file.members)]
    return save(desk, edits, file.scope)[0]


def restore_household(desk: Desk, household_id: bytes) -> Touched:
    """Bring a household back that was 作废, with the people who went with it.

    Raises ``DeskError`` ``record_unknown``, and ``Refused`` when its 户编号 or somebody's number is in use meanwhile.
    """
    found = households.record(desk.store, HOUSEHOLD, household_id)
    if found is None or not found.deleted:
        raise DeskError("record_unknown")
    scope = desk.ledger.journal.scopes()[found.scope]
    people = went_with(desk, found)
    _refuse_used(desk, found, people)
    back = {DELETED: False}
    return save(desk, [Edit("household", household_id, back), *(Edit("member", one, back) for one in people)], scope)[0]


def went_with(desk: Desk, home: StoredRecord) -> list[bytes]:
    """The people who were voided together with a household."""
    scope = desk.ledger.journal.scopes()[home.scope]
    went = _voided_by(desk, home.id, scope)
    gone = households.voided_members(desk.store, home.id, home.scope)
    return [person for person in gone if _voided_by(desk, person, scope) == went]


def _refuse_used(desk: Desk, home: StoredRecord, people: Sequence[bytes]) -> None:
    """What was entered anew since would stand twice."""
    scope = desk.ledger.journal.scopes()[home.scope]
    number = home.values.get("household_no")
    problems: list[Problem] = []
    if number and households.households_numbered(desk.store, number, scope):
        problems.append(Problem("household_no", "household_no_used", {"number": number}))
    for person in people:
        kept = households.record(desk.store, MEMBER, person)
        id_no = kept.values.get("id_no") if kept is not None else None
        other = number_elsewhere(desk, id_no, ()) if id_no else None
        if other is not None:
            problems.append(Problem("id_no", "id_used_elsewhere", {"name": other[0], "number": other[1]}))
    if problems:
        raise Refused("member", problems)


def _voided_by(desk: Desk, record: bytes, scope: bytes) -> bytes:
    """The action that voided a record last."""
    held = desk.ledger.journal.of_record(record, scope)
    voids = [op for op, _ in held if op.payload is not None and decode_payload(op.payload)["set"].get(DELETED) is True]
    return max(voids, key=lambda op: op.header.t).header.act if voids else b""


def size_of_action(desk: Desk, action: bytes) -> int:
    """How many records an action touched."""
    return desk.ledger.journal.reach(action)


def undo(desk: Desk, action: bytes) -> tuple[Touched, list[tuple[str, bytes]]]:
    """Undo an action; fields edited later keep their value and are listed."""
    done = desk.ledger.journal.of_action(action)
    if not done:
        raise DeskError("action_unknown")
    log: LogId = desk.log(done[0][0].log.scope)
    return undoing.undo(desk.ledger, log, action, desk.operator, desk.new_id())


def place_options(desk: Desk) -> dict[str, list[tuple[str, str]]]:
    """Names of places by kind, as (hex id, name) in the order of their numbers or codes.

    A micro grid's value is ``grid:micro grid``, because choosing it chooses both.
    """
    kinds = ("grid", "micro_grid", "villager_group", "village")
    return {
        kind: [
            (_place_value(kind, entry), str(entry.values.get("name") or ""))
            for entry in sorted(households.records(desk.store, kind), key=_place_order)
        ]
        for kind in kinds
    }


def _place_value(kind: str, entry: StoredRecord) -> str:
    return f"{entry.values.get('grid') or ''}:{entry.id.hex()}" if kind == "micro_grid" else entry.id.hex()


def _place_order(entry: StoredRecord) -> tuple[int, str, str]:
    number = entry.values.get("number")
    return (
        number if isinstance(number, int) else 0,
        str(entry.values.get("code") or ""),
        str(entry.values.get("name")),
    )


def keep_draft(desk: Desk, key: str, document: Mapping[str, Any]) -> None:
    drafts.put_draft(desk.store, key, document, desk.ports.clock.now_ms())
    tell_drafts(desk)


def drop_draft(desk: Desk, key: str) -> None:
    drafts.drop_draft(desk.store, key)
    tell_drafts(desk)


def open_drafts(desk: Desk) -> list[Draft]:
    """Half-filled forms, newest first."""
    return drafts.drafts(desk.store)


def grid_id(desk: Desk, code: str) -> str:
    """The id of the grid with that code; raises ``DeskError`` ``grid_unknown``."""
    for entry in households.records(desk.store, "grid"):
        if code in (entry.values.get("code"), entry.values.get("name")):
            return entry.id.hex()
    raise DeskError("grid_unknown", grid=code)
