"""Owns the verdict on every operation: what counts, what is kept without counting, and judging anew.

The verdict is a function of operation, trust list and declarations alone, so that it cannot matter whether an
operation or a revocation arrived first (invariants I1, I7).  No SQL, no Qt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container

from villagedesk.domain.catalogue import BY_NAME, KINDS, SCHEMA
from villagedesk.domain.ids import LogId
from villagedesk.domain.operation import Header, Operation
from villagedesk.storage.journal import REDACT, Verdict
from villagedesk.storage.ledger import Ledger
from villagedesk.sync.certificate import Authority
from villagedesk.sync.trust import TrustList


def verdict_on(trust: TrustList, signer: Authority, operation: Operation) -> Verdict:
    """Authority is checked for every operation, whoever carried it."""
    judged = _judge(trust, signer, operation.log, operation.header)
    return Verdict.REDACTED if judged is Verdict.FOLDED and operation.payload is None else judged


def _judge(trust: TrustList, signer: Authority, log: LogId, header: Header) -> Verdict:
    kind = BY_NAME.get(header.kind)
    town_only = kind is not None and kind.town_only
    if not trust.counts(log, header.n) or not signer.may_write(log.scope, town_only):
        return Verdict.FORBIDDEN
    return Verdict.UNKNOWN if kind is None and header.kind != REDACT else Verdict.FOLDED


def declarations() -> str:
    """Changes whenever a kind or a field comes in: then everything is folded anew."""
    names = [(kind.name, kind.record_class, kind.town_only, sorted(kind.by_name)) for kind in KINDS]
    return hashlib.sha256(repr((SCHEMA, sorted(names))).encode()).hexdigest()


def judge_anew(ledger: Ledger, trust: TrustList | None, own: Container[bytes]) -> int:
    """Judge all held operations again and refold where a verdict changed (inside a transaction); returns how many.

    ``own``: this desk's devices, whose operations count before the town enrolled them.
    """
    journal = ledger.journal
    changed: list[tuple[int, Header, LogId, Verdict]] = []
    for seq, header, log, before in journal.judged():
        now = _now(trust, own, log, header)
        if before is not Verdict.REDACTED and now is not None and now is not before:
            changed.append((seq, header, log, now))
    for seq, _, _, now in changed:
        journal.set_verdict(seq, now)
    if changed:
        ledger.refold_all([(log.scope, header.kind, header.record) for _, header, log, _ in changed])
    return len(changed)


def _now(trust: TrustList | None, own: Container[bytes], log: LogId, header: Header) -> Verdict | None:
    signer = trust.authority(log.device) if trust else None
    if trust is not None and signer is not None:
        return _judge(trust, signer, log, header)
    if log.device not in own or (trust is not None and not trust.counts(log, header.n)):
        return None
    return Verdict.FOLDED if header.kind in BY_NAME or header.kind == REDACT else Verdict.UNKNOWN
