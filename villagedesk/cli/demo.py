"""Owns the command that makes the practice town."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path

import click

from villagedesk.cli.session import PATH, Session, json_option
from villagedesk.paths import DeskPaths
from villagedesk.services import demo


@click.command("demo")
@click.option("--dir", "folder", type=PATH, help="Default: demo, or the first of demo-2, demo-3 … that is free.")
@click.option("--villages", default=2, show_default=True, type=click.IntRange(1, 61))
@click.option("--households", "per_village", default=100, show_default=True, type=click.IntRange(1, 2000))
@click.option("--headless", is_flag=True, help="Never open a window.")
@json_option
@click.pass_obj
def demo_command(session: Session, folder: Path | None, villages: int, per_village: int, headless: bool) -> None:
    """A practice town with invented people: the whole main job through the real services.

    With a display the window then opens on the first village's desk; without one pictures of its pages are saved.
    """

    def tell(code: str, **params: object) -> None:
        if not session.as_json:
            click.echo(session.say(code, **params))

    folder = folder or _free_folder()
    begun = session.ports.clock.now_ms()
    done = demo.run_demo(folder, session.ports, villages, per_village, tell, session.progress())
    seconds = round((session.ports.clock.now_ms() - begun) / 1000, 1)
    shown = session.window is not None and session.window.possible and not headless
    pictures = [] if shown else _pictures(session, folder, done.rosters)
    session.show(
        {
            "pictures": [str(path) for path in pictures],
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
            *([session.say("demo_pictures", count=len(pictures), folder=pictures[0].parent)] if pictures else []),
            session.say("demo_done", folder=done.folder, passphrase=demo.PASSPHRASE),
        ],
    )
    if shown and session.window is not None:
        paths = DeskPaths(folder / "village-01")
        raise click.exceptions.Exit(session.window.open(paths, session.ports, session.language, demo.PASSPHRASE))


def _free_folder() -> Path:
    """An earlier practice town stays as it is."""
    names = (Path("demo" if number == 1 else f"demo-{number}") for number in count(1))
    return next(name for name in names if not name.exists())


def _pictures(session: Session, folder: Path, rosters: Sequence[Path]) -> list[Path]:
    """Pages of the first village's desk and of the town's."""
    if session.window is None:
        return []
    made: list[Path] = []
    for desk, roster in (("village-01", rosters[0] if rosters else None), ("town", None)):
        where = (DeskPaths(folder / desk), session.ports, session.language, demo.PASSPHRASE)
        made += session.window.pictures(*where, folder / "pictures" / desk, roster)
    return made
