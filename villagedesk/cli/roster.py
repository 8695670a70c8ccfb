"""Owns the commands about rosters: roster import."""

from __future__ import annotations

import json
from pathlib import Path

import click

from villagedesk.cli.session import RefusedExit, Session, json_option
from villagedesk.domain.roster import CellProblem
from villagedesk.errors import DeskError
from villagedesk.services import roster

_MAP_LIMIT = 256 * 1024


@click.group("roster")
def roster_group() -> None:
    """Workbooks that departments send."""


@roster_group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Try only; nothing is written.")
@click.option("--map", "mapping", type=click.Path(path_type=Path), help='JSON file {"heading": "field"}.')
@json_option
@click.pass_obj
def import_roster(session: Session, file: Path, dry_run: bool, mapping: Path | None) -> None:
    """Take in a roster (.xlsx, .xls, .csv); rows with errors stay out, the rest goes in as one action."""
    with session.desk() as desk:
        seen = roster.preview(desk, file, _mapping(session, mapping), session.progress())
        counts = seen.plan.counts
        action = ""
        if seen.plan.rows_in and not dry_run:
            action = roster.apply(desk, seen).action.hex()
    session.show(
        {
            "action": action or None,
            "dry_run": dry_run,
            "rows": seen.rows,
            "households": dict(counts["households"]),
            "members": dict(counts["members"]),
            "problems": [_document(session, problem) for problem in seen.problems],
        },
        [_line(session, problem) for problem in seen.problems]
        + [
            session.say(
                "roster_tried" if dry_run else "roster_done",
                rows=seen.rows,
                taken=seen.plan.rows_in,
                out=seen.plan.rows_out,
                added=counts["households"]["added"],
                updated=counts["households"]["updated"],
                action=action,
            )
        ],
    )
    if not seen.plan.rows_in:
        raise RefusedExit


def _mapping(session: Session, path: Path | None) -> dict[str, str] | None:
    if path is None:
        return None
    try:
        document = json.loads(session.ports.files.read(path, _MAP_LIMIT))
    except ValueError as error:
        raise DeskError("json_wrong") from error
    if not isinstance(document, dict):
        raise DeskError("json_wrong")
    return {str(heading): str(field) for heading, field in document.items()}


def _document(session: Session, problem: CellProblem) -> dict[str, object]:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "code": problem.code,
        "level": problem.level,
        "message": session.say(problem.code, **problem.params),
    }


def _line(session: Session, problem: CellProblem) -> str:
    return f"{problem.sheet} {problem.column}{problem.row} {session.say(problem.code, **problem.params)}"
