"""Owns the commands about households: list, show, add, set, void.  Enough for scripts and tests; JSON in and out."""

from __future__ import annotations

from typing import Any

import click

from villagedesk.cli.session import Session, full_ids_options, json_option, record_id
from villagedesk.domain.fields import RecordKind, Value
from villagedesk.domain.records.household import HOUSEHOLD, Household
from villagedesk.domain.records.member import MEMBER, Member
from villagedesk.domain.values import masked_values
from villagedesk.errors import DeskError
from villagedesk.services import audits, households
from villagedesk.services.households import Edit, HouseholdFile, HouseholdQuery


@click.group("household")
def household_group() -> None:
    """Households and their people."""


@household_group.command("list")
@click.option("--find", default="", help="Name, pinyin, initials, last four, phone tail, household number.")
@click.option("--limit", default=200, show_default=True)
@click.option("--voided", is_flag=True, help="Those that are 已作废.")
@json_option
@click.pass_obj
def listing(session: Session, find: str, limit: int, voided: bool) -> None:
    """Households in the order of the head's pinyin."""
    with session.desk() as desk:
        page = households.list_page(desk, HouseholdQuery(text=find, voided=voided), 0, limit)
    rows = [
        {
            "id": row.card.id.hex(),
            "household_no": row.card.household_no,
            "head": row.card.head,
            "people": row.card.registered,
            "status": row.status,
        }
        for row in page.rows
    ]
    session.show(
        {"households": page.households, "people": page.people, "rows": rows},
        [f"{row['household_no']}\t{row['head']}\t{row['people']}\t{session.say(str(row['status']))}" for row in rows],
    )


def _document(file: HouseholdFile, full_ids: bool) -> dict[str, Any]:
    def shown(kind: RecordKind, record: Household | Member) -> dict[str, Value]:
        values = kind.values(record) if full_ids else masked_values(kind, kind.values(record))
        return {name: value for name, value in values.items() if value is not None}

    known = shown(HOUSEHOLD, file.household)
    people = [{"id": entry.id.hex(), **shown(MEMBER, entry.member)} for entry in file.members]
    return {"id": file.id.hex(), "scope": file.scope.hex(), **known, "members": people, "conflicts": file.conflicts}


@household_group.command("show")
@click.argument("number")
@full_ids_options
@json_option
@click.pass_obj
def show(session: Session, number: str, full_ids: bool, purpose: str) -> None:
    """One household by its number or its id; numbers are starred unless they are asked for with a purpose."""
    with session.desk() as desk:
        file = households.find_numbered(desk, number)
        if full_ids:
            audits.require_purpose(purpose)
            audits.note(desk, "full_ids_shown", len(file.members), purpose, file.id)
    lines = [f"{file.household.household_no} {file.household.address or ''}"]
    lines += [f"  {entry.member.seq or ''} {entry.member.name} {entry.member.relation}" for entry in file.members]
    session.show(_document(file, full_ids), lines)


def _people_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The ``members`` of a document; raises ``DeskError`` ``json_wrong``."""
    people = document.pop("members", [])
    if not isinstance(people, list) or not all(isinstance(person, dict) for person in people):
        raise DeskError("json_wrong")
    return people


@household_group.command("add")
@json_option
@click.pass_obj
def add(session: Session) -> None:
    """Add a household from JSON on stdin: household fields, and ``members`` as a list of objects.

    Texts are read as if typed ("350" yuan, "6.4" mu); numbers are the smallest unit, as show gives them (35000, 640).
    """
    document = session.document()
    people = _people_of(document)
    with session.desk() as desk:
        home = households.read_document(desk, "household", document)
        members = [
            {"seq": index + 1, **households.read_document(desk, "member", person)}
            for index, person in enumerate(people)
        ]
        households.refuse_problems(desk, HOUSEHOLD.make(home), [(None, MEMBER.make(member)) for member in members])
        edits = [Edit("household", None, home)]
        edits += [Edit("member", None, {**member, "household": ""}) for member in members]
        touched, ids = households.save(desk, edits)
    session.show({"id": ids[0].hex(), "action": touched.action.hex()}, [session.say("saved")])


@household_group.command("set")
@click.argument("number")
@json_option
@click.pass_obj
def change(session: Session, number: str) -> None:
    """Change a household from JSON on stdin; ``members``: objects with ``id`` (change) or without (add).

    NUMBER: its 户编号, or its id.  Texts and numbers are read as by add.
    """
    document = session.document()
    people = _people_of(document)
    with session.desk() as desk:
        file = households.find_numbered(desk, number)
        edits = [Edit("household", file.id, households.read_document(desk, "household", document))]
        for person in people:
            known = person.pop("id", None)
            fields = households.read_document(desk, "member", person)
            own = fields if known else {**fields, "household": ""}
            edits.append(Edit("member", record_id(str(known)) if known else None, own))
        households.refuse_change(desk, file, edits)
        touched, _ = households.save(desk, edits, file.scope)
    session.show({"action": touched.action.hex(), "changed": touched.operations}, [session.say("saved")])


@household_group.command("void")
@click.argument("number")
@json_option
@click.pass_obj
def void(session: Session, number: str) -> None:
    """作废 a household with its people; can be undone."""
    with session.desk() as desk:
        touched = households.void_household(desk, households.find_numbered(desk, number).id)
    session.show({"action": touched.action.hex()}, [session.say("voided")])


@household_group.command("restore")
@click.argument("household")
@json_option
@click.pass_obj
def restore(session: Session, household: str) -> None:
    """Bring a voided household back with its people.  HOUSEHOLD: its id; its number is free for others meanwhile."""
    with session.desk() as desk:
        touched = households.restore_household(desk, record_id(household))
    session.show({"action": touched.action.hex()}, [session.say("household_back")])
