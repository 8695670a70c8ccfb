"""Owns the words for what is remarkable about a file that was taken in."""

from __future__ import annotations

from collections.abc import Iterable

from villagedesk.services.intake import Taken
from villagedesk.ui.room import Words


def remarks(words: Words, taken: Iterable[Taken]) -> list[str]:
    """Sentences about forks, differing states and keys in use elsewhere; mostly none."""
    found = []
    for entry in taken:
        if entry.forks:
            found.append(words.say("taken_forks", file=entry.file))
        if entry.state_differs:
            found.append(words.say("taken_healed" if entry.healed else "taken_differs", file=entry.file))
        if entry.renews:
            found.append(words.say("taken_renews"))
    return found
