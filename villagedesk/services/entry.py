"""Owns saving what the household form holds: read, refuse or write as one action, drop the draft.  No SQL, no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from villagedesk.domain.fields import RecordKind, Value
from villagedesk.domain.household_entry import Placed, TypedHousehold, TypedMember, read_typed, typed_household
from villagedesk.domain.records.household import HOUSEHOLD
from villagedesk.domain.records.member import HEAD, MEMBER
from villagedesk.errors import DeskError, Problem
from villagedesk.services import households
from villagedesk.services.desks import Desk
from villagedesk.services.households import Edit, HouseholdFile, today
from villagedesk.storage import households as stored
from villagedesk.storage.ledger import Touched


@dataclass(frozen=True, slots=True)
class Opened:
    """A household as the form edits it.  ``seen``: record → field → operation whose value the clerk sees."""

    file: HouseholdFile | None
    typed: TypedHousehold
    seen: Mapping[bytes, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Saved:
    """``id``: the household's, also of a new one."""

    touched: Touched
    id: bytes


class NotSaved(DeskError):
    """The form holds problems; nothing was written.  ``placed`` says where."""

    def __init__(self, placed: Sequence[Placed]) -> None:
        super().__init__("input_refused")
        self.placed = tuple(placed)


def open_form(desk: Desk, household_id: bytes) -> Opened:
    """A saved household with the people who belong to it; raises ``DeskError`` ``record_unknown``."""
    file = households.read_household(desk, household_id)
    typed = typed_household(file.id, file.household, [(entry.id, entry.member) for entry in file.present])
    folded = [(HOUSEHOLD, file.id), *((MEMBER, entry.id) for entry in file.present)]
    return Opened(file, typed, {record: _writers(desk, kind, record, file.scope) for kind, record in folded})


def _writers(desk: Desk, kind: RecordKind, record: bytes, scope: bytes) -> Mapping[str, str]:
    folded = desk.ledger.projections.folded(kind, record, scope)
    return folded.writers if folded else {}


def save_form(
    desk: Desk,
    typed: TypedHousehold,
    opened: Opened | None,
    draft: str = "",
    gone: Sequence[tuple[bytes, Mapping[str, Value] | None]] = (),
) -> Saved:
    """Write what changed as one action and drop the draft ``draft``.

    ``gone``: people taken off the form: those who left (their ``valid_to`` and ``reason_out``), or None = 作废.
    Raises ``NotSaved`` with every problem and where it stands.  A household that came without a head (a roster's) is
    not held up for that when something else of it is mended.
    """
    day = today(desk)
    read = read_typed(typed, day)
    base = opened.file if opened else None
    headless = base is not None and not any(entry.member.relation == HEAD for entry in base.present)
    found = [placed for placed in read.problems if not (headless and placed.finding.code == "no_head")]
    problems = [*found, *_elsewhere(desk, typed, read.members, read.lines)]
    number = read.household.get("household_no")
    taken = households.number_taken(desk, number if isinstance(number, str) else None, base)
    if problems or taken is not None:
        raise NotSaved([*problems, *([Placed(-1, taken)] if taken else [])])
    household = dict(read.household)
    if not typed.id and not household.get("household_no"):
        household["household_no"] = next_number(desk, household.get("villager_group"))
    edits = [Edit("household", typed.id or None, _changed(HOUSEHOLD, household, base.household if base else None))]
    known = {entry.id: entry.member for entry in base.members} if base else {}
    for place, (line, values) in enumerate(zip(read.lines, read.members, strict=True), 1):
        member = typed.members[line]
        values = {**values, "seq": place} if not member.id else dict(values)
        changed = _changed(MEMBER, values, known.get(member.id))
        edits.append(Edit("member", member.id or None, changed if member.id else {**changed, "household": ""}))
    for person, left in gone:
        edits.append(Edit("member", person, left or {}, void=left is None))
    wanted = [edit for edit in edits if edit.changed or edit.void or edit.id is None or edit.kind == "household"]
    seen = opened.seen if opened else {}
    touched, ids = households.save(desk, wanted, base.scope if base else None, seen)
    if draft:
        households.drop_draft(desk, draft)
    return Saved(touched, ids[0])


def _changed(kind: RecordKind, values: Mapping[str, Value], before: object | None) -> dict[str, Value]:
    """Only what differs; of a new record only what was given."""
    known = kind.values(before) if before is not None else {}
    return {name: value for name, value in values.items() if value != known.get(name)}


def _elsewhere(
    desk: Desk, typed: TypedHousehold, members: Sequence[Mapping[str, Value]], lines: Sequence[int]
) -> list[Placed]:
    """Numbers that another household's person has, without a written reason (domain reference 1.1)."""
    found = []
    for line, values in zip(lines, members, strict=True):
        number = values.get("id_no")
        if isinstance(number, str) and not values.get("id_shared_reason"):
            other = person_with(desk, number, typed.members[line], typed)
            if other is not None:
                found.append(
                    Placed(line, Problem("id_no", "id_used_elsewhere", {"name": other[0], "number": other[1]}))
                )
    return found


def person_with(desk: Desk, id_no: str, member: TypedMember, typed: TypedHousehold) -> tuple[str, str] | None:
    """Name and 户编号 of somebody else who has this number today, or None."""
    own = {other.id for other in typed.members if other.id} | {member.id}
    return households.number_elsewhere(desk, id_no, own)


def next_number(desk: Desk, group: Value) -> str:
    """A free 户编号: group number and running number (03-017), or a running number alone."""
    prefix = ""
    if isinstance(group, str) and group:
        found = next((entry for entry in stored.records(desk.store, "villager_group") if entry.id.hex() == group), None)
        number = found.values.get("number") if found else None
        prefix = f"{number:02d}-" if isinstance(number, int) else ""
    return f"{prefix}{stored.highest_number(desk.store, prefix) + 1:03d}"
