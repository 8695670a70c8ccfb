"""Owns which page takes a file that is dropped on the window, by the ending of its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

ROSTERS = (".xlsx", ".xls", ".csv", ".txt")


def drops(role: Literal["village", "town"]) -> Mapping[str, str]:
    """Ending → page; a town takes no rosters."""
    return dict.fromkeys(ROSTERS, "roster") if role == "village" else {}
