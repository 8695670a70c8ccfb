"""Owns the record kind audit: an immutable note that something sensitive was done (domain reference 9.2)."""

from __future__ import annotations

from dataclasses import dataclass

from villagedesk.domain.fields import RecordKind, Type, declare


@dataclass(frozen=True, kw_only=True)
class Audit:
    """Who did what with how many records and why; no name or number of a villager ever stands here."""

    event: str | None = declare(Type.CODE, code_list="audit_event", required=True)
    subject: str | None = declare(Type.REF)
    count: int | None = declare(Type.COUNT, limit=10_000_000)
    purpose: str | None = declare(Type.TEXT, limit=100)


AUDIT = RecordKind("audit", "fact", Audit)
