"""Owns the second roof: the command line over the same services as the window.  No Qt on any path but the window's."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from villagedesk.cli.conflict import conflict_group
from villagedesk.cli.demo import demo_command
from villagedesk.cli.desk import desk_group, dump, record_history, undo
from villagedesk.cli.exchange import bundle_group, sync_command, town_group
from villagedesk.cli.form import form_group
from villagedesk.cli.household import household_group
from villagedesk.cli.place import grid_group, group_group, responsibility_group
from villagedesk.cli.roster import roster_group
from villagedesk.cli.selfcheck import MORE_CHECKS, selfcheck_command
from villagedesk.cli.session import PATH, Session, Window
from villagedesk.errors import DeskError, EnvironmentFault, Exit
from villagedesk.logs import write_crash_report
from villagedesk.paths import DeskPaths, default_desk
from villagedesk.ports import Ports
from villagedesk.sentences import LANGUAGES
from villagedesk.services.selfcheck import Check

_WINDOW = "villagedesk.window"


def _default_language() -> str:
    chosen = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "en" if chosen.startswith("en") else LANGUAGES[0]


@click.group(invoke_without_command=True)
@click.option("--desk", "folder", type=PATH, help="The desk's data folder.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of sentences; default from the locale.")
@click.option("--passphrase-file", type=PATH, help="File whose text is the passphrase.")
@click.version_option(package_name=None, version="0.1.0", prog_name="villagedesk")
@click.pass_context
def cli(context: click.Context, folder: Path | None, lang: str | None, passphrase_file: Path | None) -> None:
    """VillageDesk 村务工作台: households, printed forms, sealed bundles to the township.

    Without a command the window opens.
    """
    paths = DeskPaths(folder or default_desk())
    window: Window | None = context.meta.get(_WINDOW)
    session = Session(paths, lang or _default_language(), passphrase_file, ports=context.obj, window=window)
    context.obj = session
    if context.invoked_subcommand is None:
        if window is None or not window.possible:
            raise EnvironmentFault("no_display")
        given = session.passphrase() if passphrase_file is not None else None
        raise click.exceptions.Exit(window.open(paths, session.ports, lang, given))


_COMMANDS = (
    demo_command,
    desk_group,
    household_group,
    grid_group,
    group_group,
    responsibility_group,
    roster_group,
    conflict_group,
    form_group,
    bundle_group,
    town_group,
    sync_command,
    dump,
    undo,
    record_history,
    selfcheck_command,
)

for _command in _COMMANDS:
    cli.add_command(_command)


def run(
    arguments: list[str],
    ports: Ports | None = None,
    more_checks: Sequence[tuple[str, Check]] = (),
    window: Window | None = None,
) -> int:
    """Run one command; returns the exit code (0 done, 1 refused, 2 usage, 3 environment, 70 bug).

    ``more_checks``: what the self-check shall use besides the services; ``window``: what opens without a command.
    """
    words = ["selfcheck" if word == "--selfcheck" else word for word in arguments]
    try:
        with cli.make_context("villagedesk", words, obj=ports or Ports()) as context:
            context.meta[MORE_CHECKS] = more_checks
            context.meta[_WINDOW] = window
            return _invoke(context)
    except click.exceptions.Exit as finished:
        return finished.exit_code
    except click.ClickException as wrong:
        if "--json" in words:
            error = {"code": "usage", "params": {}, "message": wrong.format_message()}
            click.echo(json.dumps({"error": error}, ensure_ascii=False, sort_keys=True))
        wrong.show()
        return int(Exit.USAGE)
    except click.Abort:
        return int(Exit.REFUSED)


def _invoke(context: click.Context) -> int:
    try:
        cli.invoke(context)
    except DeskError as error:
        return _session(context).fail(error)
    except (click.ClickException, click.Abort, click.exceptions.Exit):
        raise
    except BrokenPipeError:  # whoever read has read enough
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 # closed with the process
    except Exception as bug:
        if sys.flags.dev_mode:
            raise
        session = _session(context)
        session.fail(DeskError("bug"))  # the traceback's text may hold what people typed
        write_crash_report(session.paths, session.ports, bug)
        return int(Exit.BUG)
    return int(Exit.DONE)


def _session(context: click.Context) -> Session:
    made: Session = context.obj
    return made


def main(more_checks: Sequence[tuple[str, Check]] = (), window: Window | None = None) -> None:
    """Entry point of ``python -m villagedesk`` and of the built program."""
    sys.exit(run(sys.argv[1:], more_checks=more_checks, window=window))
