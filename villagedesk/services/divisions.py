"""Owns loading the shipped list of divisions, for choosing one's village at first run.  Takes a moment: not for the GUI
thread."""

from __future__ import annotations

import lzma

from villagedesk.domain.divisions import Division as Division
from villagedesk.domain.divisions import DivisionPath as DivisionPath
from villagedesk.domain.divisions import Divisions as Divisions
from villagedesk.errors import EnvironmentFault
from villagedesk.paths import resources

_FILE = "divisions-2022.csv.xz"


def load_divisions() -> Divisions:
    """All divisions down to the village; about 22 MB while held.  Raises ``EnvironmentFault`` ``file_unreadable``."""
    try:
        with lzma.open(resources() / "divisions" / _FILE) as stream:
            return Divisions(stream.read())
    except (OSError, lzma.LZMAError, EOFError) as error:
        raise EnvironmentFault("file_unreadable", file=_FILE) from error
