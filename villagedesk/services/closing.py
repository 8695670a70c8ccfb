"""Owns what happens around the work: a backup at closing where something changed, what the status line reassures of.

No SQL, no Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from villagedesk.errors import DeskError
from villagedesk.services import care, desks
from villagedesk.services.bundles import report_status
from villagedesk.services.desks import Desk
from villagedesk.services.profile import read_card
from villagedesk.services.towns import villages
from villagedesk.storage.facts import fact, put_fact

_BACKED_UP = "backed_up_heads"
REHEARSE_EVERY_MS = 7 * 86_400_000


@dataclass(frozen=True, slots=True)
class Reassurance:
    """``backed_up``, ``rehearsed``: wall ms or 0; ``unsent``: entries no bundle holds (village);
    ``waiting``: villages that never handed in (town)."""

    backed_up: int
    rehearsed: int
    unsent: int
    waiting: int


def reassurance(desk: Desk) -> Reassurance:
    """What the edges of the window show."""
    card = read_card(desk.paths, desk.ports)
    rehearsal = care.last_rehearsal(desk)
    town = desk.profile.role == "town"
    return Reassurance(
        card.backed_up if card else 0,
        rehearsal.at if rehearsal else 0,
        0 if town else report_status(desk).typed,
        sum(1 for village in villages(desk) if not village.received) if town else 0,
    )


def rehearse_if_due(desk: Desk) -> bool:
    """Bring the newest backup to life once a week, on a connection of its own; whether it was done.

    Raises ``EnvironmentFault`` ``backup_damaged``.
    """
    last = care.last_rehearsal(desk)
    due = last is None or desk.ports.clock.now_ms() - last.at > REHEARSE_EVERY_MS
    if not due or not desk.paths.backups.is_dir() or not any(desk.paths.backups.iterdir()):
        return False
    own = desk.sibling(read_only=False)
    try:
        care.rehearse(own)
    finally:
        own.store.close()
    return True


def _heads(desk: Desk) -> int:
    return sum(head.n for head in desk.ledger.journal.heads())


def back_up_everywhere(desk: Desk, second: Path | None) -> None:
    """A verified backup here and, where one is wanted, on a second path; raises ``EnvironmentFault``."""
    heads = _heads(desk)
    desks.back_up(desk)
    put_fact(desk.store, _BACKED_UP, heads)
    if second is not None:
        desks.back_up(desk, second / f"VillageDesk-{desk.profile.scope[:8]}")  # desks may share a stick


def leave(desk: Desk, second: Path | None) -> DeskError | None:
    """Close a desk, after a backup where something changed; a backup that fails does not keep it open."""
    failed: DeskError | None = None
    try:
        if _heads(desk) != (fact(desk.store, _BACKED_UP) or 0):
            back_up_everywhere(desk, second)
    except DeskError as error:
        failed = error
    desks.close(desk)
    return failed
