"""Owns the command that checks an installed program: a line per check, exit code 0 or 1."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from villagedesk.cli.session import RefusedExit, Session, json_option
from villagedesk.services import selfcheck
from villagedesk.services.selfcheck import Outcome, Workshop

#: Where ``run`` leaves further checks (those of the window) for this command.
MORE_CHECKS = "villagedesk.more_checks"


@click.command("selfcheck")
@json_option
@click.pass_context
def selfcheck_command(context: click.Context) -> None:
    """Use every part of the program once on invented people; also: villagedesk --selfcheck."""
    session = context.find_object(Session)
    assert session is not None
    outcomes: list[Outcome] = []

    def tell(outcome: Outcome) -> None:
        outcomes.append(outcome)
        if not session.as_json:
            state = (
                session.say("selfcheck_wrong", fault=outcome.fault) if outcome.fault else session.say("selfcheck_good")
            )
            click.echo(f"{session.say(outcome.name)}: {state} ({outcome.milliseconds} ms)")

    checks = (*selfcheck.CHECKS, *context.meta.get(MORE_CHECKS, ()))
    with tempfile.TemporaryDirectory(prefix="villagedesk-") as folder:
        good = selfcheck.run_checks(Workshop(Path(folder), session.ports), checks, tell)
    rows = [{"check": each.name, "fault": each.fault, "ms": each.milliseconds} for each in outcomes]
    session.show({"good": good, "checks": rows}, [session.say("selfcheck_all_good" if good else "selfcheck_not_good")])
    if not good:
        raise RefusedExit
