"""Owns what the roster page does on its lanes: read and plan, keep how columns are understood, import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from villagedesk.progress import Progress
from villagedesk.services import roster
from villagedesk.services.desks import Desk
from villagedesk.services.roster import RosterPreview
from villagedesk.ui.pages.roster.decisions import Decisions, keep, kept, mark_of
from villagedesk.ui.pages.roster.rows import Lines, lines_of
from villagedesk.ui.pages.roster.shorts import Shorts
from villagedesk.ui.room import Words

#: The preview, its rows, the file's mark, what was decided about it.
Seen = tuple[RosterPreview, Lines, str, Decisions]


def preview(
    file: Path, decided: Decisions | None, words: Words, shorts: Shorts, progress: Progress, desk: Desk
) -> Seen:
    """On the BULK lane."""
    mark = mark_of(desk, file)
    decisions = kept(desk, mark) if decided is None else decided
    seen = roster.preview(desk, file, dict(decisions.mapping) or None, progress, decisions.mending)
    return seen, lines_of(seen, decisions.mending, words, shorts), mark, decisions


def apply(seen: RosterPreview, settled: str, progress: Progress, desk: Desk) -> Any:
    """``settled``: mark of a file of which nothing is left to do, so that its decisions may go."""
    touched = roster.apply(desk, seen, progress)
    if settled:
        keep(settled, Decisions(), desk)
    return touched


def keep_mapping(file: Path, mapping: Mapping[str, str], desk: Desk) -> None:
    """Columns of a file that could not be read without being told."""
    mark = mark_of(desk, file)
    decided = kept(desk, mark)
    keep(mark, replace(decided, mapping={**decided.mapping, **mapping}), desk)
