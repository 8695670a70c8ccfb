"""Owns keeping what a clerk decided about a roster before it is imported: with the desk, under the file's own mark.

A power cut or a walk to another page loses nothing; the same file opened again shows it, an edited file does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from villagedesk.errors import DeskError
from villagedesk.services import households
from villagedesk.services.desks import Desk
from villagedesk.services.roster import Mending

_LARGEST = 64 << 20
_KEY = "roster:"


@dataclass(frozen=True, slots=True)
class Decisions:
    """``mapping``: heading → field; ``mending``: texts put right and rows left out."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    mending: Mending = field(default_factory=Mending)

    @property
    def count(self) -> int:
        return len(self.mapping) + len(self.mending.cells) + len(self.mending.left_out)


def mark_of(desk: Desk, file: Path) -> str:
    """What names the content of a file, "" where it cannot be read."""
    try:
        return hashlib.sha256(desk.ports.files.read(file, _LARGEST)).hexdigest()[:32]
    except DeskError:
        return ""


def kept(desk: Desk, mark: str) -> Decisions:
    """What was decided about this file and not imported yet."""
    draft = next((found for found in households.open_drafts(desk) if found.key == _KEY + mark), None)
    return Decisions() if draft is None else _read(draft.document)


def _read(document: Mapping[str, Any]) -> Decisions:
    cells = {(sheet, row, column): text for sheet, row, column, text in document["cells"]}
    left_out = frozenset((sheet, row) for sheet, row in document["out"])
    return Decisions(document["mapping"], Mending(cells, left_out))


def keep(mark: str, decided: Decisions, desk: Desk) -> None:
    """Nothing decided any more, or imported: nothing kept."""
    if not decided.count:
        households.drop_draft(desk, _KEY + mark)
        return
    document = {
        "mapping": dict(decided.mapping),
        "cells": [[*place, text] for place, text in decided.mending.cells.items()],
        "out": [list(row) for row in sorted(decided.mending.left_out)],
    }
    households.keep_draft(desk, _KEY + mark, document)
