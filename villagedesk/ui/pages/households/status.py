"""Owns how the state of a household's handing-in is shown: icon, tone and word (look: status)."""

from __future__ import annotations

from villagedesk.ui.models.table import Cell
from villagedesk.ui.room import Words

_SHOWN = {
    "conflict": ("git-compare", "err"),
    "unsent": ("circle-dashed", "warn"),
    "sent": ("clock", "warn"),
    "received": ("circle-check", "ok"),
    "voided": ("trash-2", "text3"),
}


def status_cell(words: Words, status: str) -> Cell:
    """A table cell for one of conflict, unsent, sent, received, voided."""
    icon, tone = _SHOWN[status]
    return Cell(words.say(f"household_{status}" if status == "voided" else status), tone, icon)
