"""Owns which names start with a compound surname and how surnames are read (resources/codes/surname-readings.json).

General reading tables get surnames wrong (domain reference, twelve facts, 6).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from villagedesk.paths import resources


@cache
def surname_readings() -> Mapping[str, tuple[str, ...]]:
    """Surname → its readings without tones, the surname reading first."""
    with (resources() / "codes" / "surname-readings.json").open(encoding="utf-8") as stream:
        raw = json.load(stream)
    return {entry["surname"]: tuple(entry["readings"]) for entry in raw["items"]}


@cache
def compound_surnames() -> frozenset[str]:
    """Surnames of two characters."""
    return frozenset(surname for surname in surname_readings() if len(surname) == 2)


def surname_length(name: str) -> int:
    """How many leading characters of ``name`` are the surname."""
    return 2 if len(name) > 2 and name[:2] in compound_surnames() else 1
