"""Owns the commands that print: form household."""

from __future__ import annotations

from pathlib import Path

import click

from villagedesk.cli.session import PATH, Session, json_option
from villagedesk.services import forms, households
from villagedesk.services.households import HouseholdFile, HouseholdQuery


@click.group("form")
def form_group() -> None:
    """Printed forms."""


@form_group.command("household")
@click.option("--household", "numbers", multiple=True, help="Household number; may be given several times.")
@click.option("--grid", default="", help="Code of a grid.")
@click.option("--all", "everything", is_flag=True, help="Every household.")
@click.option("--blank", type=int, default=0, help="So many blank forms for handwriting.")
@click.option("-o", "--output", type=PATH, required=True)
@json_option
@click.pass_obj
def household(
    session: Session, numbers: tuple[str, ...], grid: str, everything: bool, blank: int, output: Path
) -> None:
    """农户基本信息采集表 as one PDF."""
    with session.desk() as desk:
        if blank:
            made = forms.print_blanks(desk, blank, output, session.progress())
        else:
            chosen: list[HouseholdFile] = [households.find_numbered(desk, number) for number in numbers]
            if everything:
                chosen = households.all_households(desk)
            elif grid:
                chosen = households.all_households(desk, HouseholdQuery(grid=households.grid_id(desk, grid)))
            made = forms.print_forms(desk, chosen, output, session.progress())
    session.show(
        {
            "file": str(made.path),
            "forms": made.forms,
            "pages": made.pages,
            "missing": [entry.code_point for entry in made.missing],
        },
        [session.say("character_missing", point=entry.code_point) for entry in made.missing]
        + [session.say("forms_made", forms=made.forms, pages=made.pages, file=made.path.name)],
    )
