"""Owns the start: ``python -m villagedesk``.  The only place that knows both roofs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from villagedesk.cli.main import main
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports
from villagedesk.services.selfcheck import Failed, Workshop


class Window:
    """The window as the command line calls it; Qt is loaded only then."""

    @property
    def possible(self) -> bool:
        """Whether there is a display."""
        named = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
        return sys.platform in ("win32", "darwin") or named

    def open(self, paths: DeskPaths, ports: Ports, language: str | None, passphrase: str | None = None) -> int:
        """Open it and stay until it is closed."""
        from villagedesk.app import run_window

        return run_window(paths, ports, language, passphrase)

    def pictures(
        self, paths: DeskPaths, ports: Ports, language: str | None, passphrase: str, folder: Path, roster: Path | None
    ) -> list[Path]:
        """Save a picture of every page of a desk; needs no display.  ``roster``: what the import page shows."""
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        from villagedesk.app import take_pictures

        return take_pictures(paths, ports, language, passphrase, folder, roster)


def check_window(workshop: Workshop) -> None:
    """The window opens on a desk and paints its first page."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from villagedesk.app import paints

    desk, workshop.village = workshop.need_village(), None  # the window closes it
    if not paints(desk):
        raise Failed("blank window")


def start() -> None:
    """Entry point of the installed program."""
    main((("selfcheck_window", check_window),), Window())


if __name__ == "__main__":
    start()
