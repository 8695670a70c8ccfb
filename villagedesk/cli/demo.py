"""Owns the command that makes the practice town."""

from __future__ import annotations

from pathlib import Path

import click

from villagedesk.cli.session import Session, json_option
from villagedesk.services import demo


@click.command("demo")
@click.option("--dir", "folder", type=click.Path(path_type=Path), default=Path("demo"), show_default=True)
@click.option("--villages", default=2, show_default=True, type=click.IntRange(1, 61))
@click.option("--households", "per_village", default=100, show_default=True, type=click.IntRange(1, 2000))
@click.option("--headless", is_flag=True, expose_value=False, help="Never open a window.")
@json_option
@click.pass_obj
def demo_command(session: Session, folder: Path, villages: int, per_village: int) -> None:
    """A practice town with invented people: the whole main job through the real services.

    There is no window yet: ``--headless`` is accepted and changes nothing.
    """

    def tell(code: str, **params: object) -> None:
        if not session.as_json:
            click.echo(session.say(code, **params))

    begun = session.ports.clock.now_ms()
    done = demo.run_demo(folder, session.ports, villages, per_village, tell, session.progress())
    seconds = round((session.ports.clock.now_ms() - begun) / 1000, 1)
    session.show(
        {
            "folder": str(done.folder),
            "villages": done.villages,
            "households": done.households,
            "people": done.people,
            "forms": str(done.forms),
            "received": done.received,
            "waiting": done.waiting,
            "passphrase": demo.PASSPHRASE,
            "rosters": [str(path) for path in done.rosters],
            "planted": done.planted,
            "problems": done.problems,
            "conflicts": done.conflicts,
            "seconds": seconds,
        },
        [
            session.say("demo_took", seconds=seconds),
            session.say("demo_done", folder=done.folder, passphrase=demo.PASSPHRASE),
        ],
    )
