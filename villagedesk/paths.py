"""Owns where the program finds what it ships and where a desk keeps its files.  Reads nothing, creates nothing."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP_NAME = "VillageDesk"


def resources() -> Path:
    """Folder of shipped data: beside the package in a checkout, inside the bundle of a built program."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "resources"
    package = Path(__file__).resolve().parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def default_desk() -> Path:
    """The per-user data folder used when no ``--desk`` is given."""
    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


@dataclass(frozen=True, slots=True)
class DeskPaths:
    """The files of one desk, all under ``root``."""

    root: Path

    @property
    def store(self) -> Path:
        return self.root / "desk.db"

    @property
    def slots(self) -> Path:
        return self.root / "slots"

    @property
    def anchor(self) -> Path:
        return self.root / "anchor.json"

    @property
    def restored(self) -> Path:
        """Lies here from a restore until the desk, opened again, has noted it."""
        return self.root / "restored"

    @property
    def lock(self) -> Path:
        return self.root / "desk.lock"

    @property
    def settings(self) -> Path:
        return self.root / "settings.json"

    @property
    def card(self) -> Path:
        """What may be read before unlocking: role, place names, last opening.  No personal data."""
        return self.root / "card.json"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    @property
    def logs(self) -> Path:
        return self.root / "logs"
