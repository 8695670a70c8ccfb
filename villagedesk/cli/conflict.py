"""Owns the commands about conflicts: what two desks changed without seeing each other, and the choice."""

from __future__ import annotations

from typing import Any

import click

from villagedesk.cli.session import Session, json_option
from villagedesk.errors import DeskError
from villagedesk.services import conflicts
from villagedesk.services.conflicts import OpenConflict, Side


@click.group("conflict")
def conflict_group() -> None:
    """What two desks changed without seeing each other."""


@conflict_group.command("list")
@json_option
@click.pass_obj
def listing(session: Session) -> None:
    """Everything that waits for a choice."""
    with session.desk() as desk:
        found = conflicts.waiting(desk)
    session.show({"conflicts": [_document(entry) for entry in found]}, [_line(session, entry) for entry in found])


@conflict_group.command("settle")
@click.argument("conflict")
@click.option("--keep", type=click.Choice(["shown", "other"]), required=True)
@json_option
@click.pass_obj
def settle(session: Session, conflict: str, keep: str) -> None:
    """Keep one of the two values; both stay in the history.  CONFLICT: its id from the list."""
    with session.desk() as desk:
        found = next((entry for entry in conflicts.waiting(desk) if entry.id == conflict), None)
        if found is None:
            raise DeskError("conflict_unknown")
        chosen = found.shown if keep == "shown" else found.other
        touched = conflicts.settle(desk, found, chosen.value)
    session.show({"action": touched.action.hex()}, [session.say("saved")])


def _document(entry: OpenConflict) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "record": entry.record.hex(),
        "household": entry.household.hex(),
        "field": entry.field,
        "shown": _side(entry.shown),
        "other": _side(entry.other),
    }


def _side(side: Side) -> dict[str, Any]:
    return {"value": side.value, "by": side.by, "desk": side.desk, "at": side.at}


def _line(session: Session, entry: OpenConflict) -> str:
    where = f"{entry.whose} {session.label(entry.kind, entry.field)}"
    sides = " / ".join(f"{side.value} ({side.desk} {side.by})" for side in (entry.shown, entry.other))
    return f"{entry.id}  {where}: {sides}"
