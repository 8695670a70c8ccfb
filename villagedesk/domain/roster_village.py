"""Owns which rows of a town's roster belong to this village.  Must not know files or the store."""

from __future__ import annotations

import re
from collections.abc import Sequence

from villagedesk.domain.roster import WARNING, CellProblem, RosterRow

_KIND = re.compile(r"(村民委员会|居民委员会|村委会|居委会|社区|行政村|村)$")


def own_rows(rows: Sequence[RosterRow], village: str) -> tuple[list[RosterRow], list[CellProblem]]:
    """The rows to plan and what is remarked about the others.

    A file of several villages gives only this village's rows (the others: error other_village).  A file that nowhere
    names this village may write its name in another way: all rows stay, with one warning village_differs.
    """
    own = _plain(village)
    named = {row.places["village"] for row in rows if "village" in row.places}
    matching = {text for text in named if _plain(text) == own}
    foreign = named - matching
    if not own or not foreign:
        return list(rows), []
    if not matching:
        first = next(row for row in rows if row.places.get("village") in foreign)
        return list(rows), [first.at("village", "village_differs", WARNING, village=first.places["village"])]
    problems = [
        row.at("village", "other_village", village=row.places["village"])
        for row in rows
        if row.places.get("village") in foreign
    ]
    return [row for row in rows if row.places.get("village") not in foreign], problems


def _plain(text: str) -> str:
    return _KIND.sub("", "".join(text.split()))
