"""Owns the notes that something sensitive was done (domain reference 9.2): who, what, with how many, why."""

from __future__ import annotations

from villagedesk.domain.fields import Value
from villagedesk.errors import DeskError
from villagedesk.services.desks import Desk
from villagedesk.storage.ledger import Change

_PURPOSE_LIMIT = 100


def require_purpose(purpose: str) -> None:
    """Full numbers are shown or exported for a stated purpose; raises ``DeskError`` ``roster_purpose_needed``."""
    if not purpose.strip():
        raise DeskError("roster_purpose_needed")


def note(desk: Desk, event: str, count: int, purpose: str = "", subject: bytes | None = None) -> None:
    """Keep a note.  ``event``: a code of audit_event; ``count``: people or forms; ``subject``: the record meant."""
    values: dict[str, Value] = {"event": event, "count": count}
    if purpose.strip():
        values["purpose"] = purpose.strip()[:_PURPOSE_LIMIT]
    if subject is not None:
        values["subject"] = subject.hex()
    desk.ledger.append(desk.log(), [Change("audit", desk.new_id(), values)], desk.operator, desk.new_id())
