"""Owns the commands about rosters: roster import, export, template."""

from __future__ import annotations

import json
from pathlib import Path

import click

from villagedesk.cli.session import PATH, RefusedExit, Session, json_option
from villagedesk.domain.roster import CellProblem
from villagedesk.errors import DeskError
from villagedesk.services import households, roster, roster_export, summary
from villagedesk.services.roster import RosterPreview

_MAP_LIMIT = 256 * 1024


@click.group("roster")
def roster_group() -> None:
    """Workbooks that departments send."""


@roster_group.command("import")
@click.argument("file", type=PATH)
@click.option("--dry-run", is_flag=True, help="Try only; nothing is written.")
@click.option("--map", "mapping", type=PATH, help='JSON file {"heading": "field"}.')
@click.option("--problems", "list_to", type=PATH, help="Write the findings as a workbook.")
@json_option
@click.pass_obj
def import_roster(session: Session, file: Path, dry_run: bool, mapping: Path | None, list_to: Path | None) -> None:
    """Take in a roster (.xlsx, .xls, .csv); rows with errors stay out, the rest goes in as one action."""
    with session.desk() as desk:
        seen = roster.preview(desk, file, _mapping(session, mapping), session.progress())
        counts = seen.plan.counts
        action = ""
        if list_to is not None:
            roster.save_problems(desk, seen, list_to, session.language)
        if seen.plan.rows_in and not dry_run:
            action = roster.apply(desk, seen, session.progress()).action.hex()
    session.show(
        {
            "action": action or None,
            "dry_run": dry_run,
            "rows": seen.rows,
            "households": dict(counts["households"]),
            "members": dict(counts["members"]),
            "problems": [_document(session, problem) for problem in seen.problems],
            "skipped": [{"sheet": line.sheet, "row": line.row, "kind": line.kind} for line in seen.skipped],
        },
        [_line(session, problem) for problem in seen.problems]
        + [_summary(session, seen, dry_run, action)]
        + ([session.say("roster_problems_made", file=list_to.name)] if list_to else []),
    )
    if not seen.plan.rows_in:
        raise RefusedExit


@roster_group.command("export")
@click.argument("file", type=PATH)
@click.option("--full-ids", is_flag=True, help="Whole ID numbers; needs --purpose and leaves an audit note.")
@click.option("--purpose", default="", help="Who gets the file and what for.")
@click.option("--grid", default="", help="Code or name of a grid.")
@json_option
@click.pass_obj
def export_roster(session: Session, file: Path, full_ids: bool, purpose: str, grid: str) -> None:
    """Write everyone as .xlsx, or .csv by the name; ID numbers are masked unless asked for."""
    with session.desk() as desk:
        place = households.grid_id(desk, grid) if grid else ""
        made = roster_export.export(desk, file, session.progress(), full_ids, purpose, place)
    session.show(
        {"file": str(made.path), "households": made.households, "people": made.people, "masked": made.masked},
        [session.say("roster_exported", households=made.households, people=made.people, file=made.path.name)]
        + ([session.say("roster_export_masked")] if made.masked else []),
    )


@roster_group.command("template")
@click.argument("file", type=PATH)
@json_option
@click.pass_obj
def template(session: Session, file: Path) -> None:
    """An empty workbook of our own columns."""
    with session.desk() as desk:
        roster_export.template(desk, file)
    session.show({"file": str(file)}, [session.say("roster_template_made", file=file.name)])


def _summary(session: Session, seen: RosterPreview, dry_run: bool, action: str) -> str:
    if not seen.plan.rows_in:
        return session.say("roster_nothing")
    if not dry_run and not action:
        return session.say("roster_same")
    return session.say(
        "roster_tried" if dry_run else "roster_done",
        rows=seen.rows,
        taken=seen.plan.rows_in,
        out=seen.plan.rows_out,
        added=seen.plan.counts["households"]["added"],
        updated=seen.plan.counts["households"]["updated"],
        action=action,
    )


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


@roster_group.command("numbers")
@click.argument("file", type=PATH)
@json_option
@click.pass_obj
def numbers(session: Session, file: Path) -> None:
    """The village in numbers as a workbook: by grid, group, type, age, education …; nobody is named in it."""
    with session.desk() as desk:
        done = summary.write_numbers(desk, file, session.progress())
    document = {"file": str(done.path), "households": done.households, "people": done.people}
    words = {**document, "file": done.path.name}
    session.show(document, [session.say("numbers_made", **words)])
