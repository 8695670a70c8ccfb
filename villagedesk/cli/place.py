"""Owns the commands about places and who answers for them: grid, group, responsibility.  JSON in and out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click

from villagedesk.cli.session import Session, json_option
from villagedesk.domain.codes import code_list
from villagedesk.domain.fields import RecordKind, Value
from villagedesk.domain.records.place import GRID, MICRO_GRID, VILLAGER_GROUP
from villagedesk.domain.records.responsibility import RESPONSIBILITY
from villagedesk.errors import DeskError
from villagedesk.services import households, places, responsibilities
from villagedesk.services.desks import Desk
from villagedesk.services.place_tree import Count, GridNode, GroupNode, MicroGridNode
from villagedesk.services.responsibilities import ResponsibilityEntry

_TARGETS = ("grid", "micro_grid", "villager_group", "household", "village", "town")


def _known(kind: RecordKind, made: object) -> dict[str, Value]:
    return {name: value for name, value in kind.values(made).items() if value is not None}


def _counted(count: Count) -> dict[str, int]:
    return {"households": count.households, "people": count.people}


def _grid_document(node: GridNode) -> dict[str, Any]:
    inside = [_micro_document(micro) for micro in node.micro_grids]
    own = {"id": node.id.hex(), **_known(GRID, node.record), **_counted(node.count), "chiefs": list(node.chiefs)}
    return {**own, "micro_grids": inside}


def _micro_document(node: MicroGridNode) -> dict[str, Any]:
    return {"id": node.id.hex(), **_known(MICRO_GRID, node.record), **_counted(node.count), "chiefs": list(node.chiefs)}


def _line(session: Session, node: GridNode | MicroGridNode | GroupNode, code: object, chiefs: str = "") -> str:
    return session.say("place_line", code=code, name=node.record.name, chiefs=chiefs, **_counted(node.count))


@click.group("grid")
def grid_group() -> None:
    """Grids and micro grids."""


@grid_group.command("list")
@json_option
@click.pass_obj
def grid_list(session: Session) -> None:
    """Grids with their micro grids, counts and chiefs."""
    with session.desk() as desk:
        tree = places.read_places(desk)
    lines: list[str] = []
    for grid in tree.grids:
        lines.append(_line(session, grid, grid.record.code, " ".join(grid.chiefs)))
        lines += [_line(session, each, f"  {each.record.code}", " ".join(each.chiefs)) for each in grid.micro_grids]
    if tree.without_grid.households:
        lines.append(session.say("places_without_grid", **_counted(tree.without_grid)))
    document = {"grids": [_grid_document(grid) for grid in tree.grids], "without_grid": _counted(tree.without_grid)}
    session.show(document, lines)


@grid_group.command("add")
@json_option
@click.pass_obj
def grid_add(session: Session) -> None:
    """Add a grid from JSON on stdin; with ``grid`` (code or name) a micro grid.  A missing code is proposed."""
    document = session.document()
    with session.desk() as desk:
        kind = GRID.name
        if "grid" in document:
            kind = MICRO_GRID.name
            document["grid"] = places.find_place(desk, GRID.name, str(document["grid"])).hex()
        proposal = places.propose(desk, kind, str(document.get("grid", "")))
        values = {**proposal, **households.read_document(desk, kind, document)}
        touched, made = places.save_place(desk, kind, None, _given(values))
    shown = {"id": made.hex(), "code": values["code"], "action": touched.action.hex()}
    session.show(shown, [f"{values['code']} {session.say('saved')}"])


def _given(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None}


def _either_grid(desk: Desk, code: str) -> tuple[str, bytes]:
    """A grid, else a micro grid, of that code or name."""
    try:
        return GRID.name, places.find_place(desk, GRID.name, code)
    except DeskError as error:
        if error.code != "place_unknown":
            raise
    return MICRO_GRID.name, places.find_place(desk, MICRO_GRID.name, code)


@grid_group.command("set")
@click.argument("code")
@json_option
@click.pass_obj
def grid_set(session: Session, code: str) -> None:
    """Change a grid or micro grid (by code or name) from JSON on stdin."""
    document = session.document()
    with session.desk() as desk:
        kind, place = _either_grid(desk, code)
        if kind == MICRO_GRID.name and "grid" in document:
            document["grid"] = places.find_place(desk, GRID.name, str(document["grid"])).hex()
        touched, _ = places.save_place(desk, kind, place, households.read_document(desk, kind, document))
    session.show({"action": touched.action.hex(), "changed": touched.operations}, [session.say("saved")])


@grid_group.command("void")
@click.argument("code")
@json_option
@click.pass_obj
def grid_void(session: Session, code: str) -> None:
    """作废 an empty grid or micro grid; can be undone."""
    with session.desk() as desk:
        touched = places.void_place(desk, *_either_grid(desk, code))
    session.show({"action": touched.action.hex()}, [session.say("voided")])


@click.group("group")
def group_group() -> None:
    """Villager groups (村民小组)."""


@group_group.command("list")
@json_option
@click.pass_obj
def group_list(session: Session) -> None:
    """Groups in the order of their numbers, with counts."""
    with session.desk() as desk:
        groups = places.read_places(desk).groups
    rows = [{"id": node.id.hex(), **_known(VILLAGER_GROUP, node.record), **_counted(node.count)} for node in groups]
    session.show({"groups": rows}, [_line(session, node, node.record.number or "") for node in groups])


@group_group.command("add")
@json_option
@click.pass_obj
def group_add(session: Session) -> None:
    """Add a group from JSON on stdin; a missing number and name are proposed."""
    document = session.document()
    with session.desk() as desk:
        values = {
            **places.propose(desk, VILLAGER_GROUP.name),
            **households.read_document(desk, "villager_group", document),
        }
        if "name" not in document and values.get("number") is not None:
            values["name"] = f"{values['number']}组"
        touched, made = places.save_place(desk, VILLAGER_GROUP.name, None, _given(values))
    shown = {"id": made.hex(), "number": values.get("number"), "action": touched.action.hex()}
    session.show(shown, [session.say("saved")])


@click.group("responsibility")
def responsibility_group() -> None:
    """Who answers for which place or household."""


@responsibility_group.command("list")
@click.option("--all", "everything", is_flag=True, help="Ended and future ones too.")
@json_option
@click.pass_obj
def responsibility_list(session: Session, everything: bool) -> None:
    """Responsibilities in the order of roles."""
    with session.desk() as desk:
        found = responsibilities.responsibilities(desk, everything=everything)
        names = _place_names(desk)
    rows = [
        {"id": entry.id.hex(), **_known(RESPONSIBILITY, entry.record), "in_force": entry.in_force} for entry in found
    ]
    session.show({"responsibilities": rows}, [_responsibility_line(session, entry, names) for entry in found])


def _place_names(desk: Desk) -> dict[str, str]:
    return {place: name for options in households.place_options(desk).values() for place, name in options}


def _responsibility_line(session: Session, entry: ResponsibilityEntry, names: Mapping[str, str]) -> str:
    own = entry.record
    return session.say(
        "responsibility_line",
        id=entry.id.hex(),
        role=code_list("role").name_of(own.role),
        person=own.person_name,
        place=names.get(own.target or "", own.target_kind or ""),
        dates=f"{own.valid_from or ''}–{own.valid_to or ''}",
    )


@responsibility_group.command("add")
@json_option
@click.pass_obj
def responsibility_add(session: Session) -> None:
    """Add one from JSON on stdin: ``person_name``, ``role``, and ``grid``, ``micro_grid``, ``villager_group`` (code,
    number or name), ``household`` (number), or ``village``: true."""
    document = session.document()
    with session.desk() as desk:
        target = _target(desk, document)
        values = {**households.read_document(desk, RESPONSIBILITY.name, document), **target}
        touched, made = responsibilities.save_responsibility(desk, None, _given(values))
    session.show({"id": made.hex(), "action": touched.action.hex()}, [session.say("saved")])


def _target(desk: Desk, document: dict[str, Any]) -> dict[str, Value]:
    """Takes the one target out of the document."""
    named = [kind for kind in _TARGETS if kind in document]
    if len(named) != 1:
        raise DeskError("target_missing")
    kind, name = named[0], str(document.pop(named[0]))
    if kind in ("village", "town"):
        return {"target_kind": kind, "target": desk.scope.hex()}
    if kind == "household":
        return {"target_kind": kind, "target": households.find_numbered(desk, name).id.hex()}
    return {"target_kind": kind, "target": places.find_place(desk, kind, name).hex()}


@responsibility_group.command("end")
@click.argument("own")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="First day it no longer holds; default today.")
@json_option
@click.pass_obj
def responsibility_end(session: Session, own: str, day: datetime | None) -> None:
    """It no longer holds; its history stays."""
    with session.desk() as desk:
        touched = responsibilities.end_responsibility(desk, _id(own), day.date() if day else None)
    session.show({"action": touched.action.hex()}, [session.say("responsibility_ended")])


def _id(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise DeskError("record_unknown") from error
