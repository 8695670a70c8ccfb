"""Owns taking bundles in: trial and real, verdict per operation, one transaction, receipts (sync.md sections 3, 4).

A rejected bundle leaves the store untouched; a bad record never blocks the others.  No SQL, no Qt.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from villagedesk.domain.catalogue import BY_NAME, SCHEMA
from villagedesk.domain.operation import Operation
from villagedesk.errors import DeskError
from villagedesk.progress import Progress
from villagedesk.services.bundles import exchange_of, export_returns, identities, own_logs
from villagedesk.services.desks import Desk
from villagedesk.services.towns import enrol, may_enrol, trust_of
from villagedesk.storage.exchange import SeenBundle, StoredSegment
from villagedesk.storage.facts import fact, put_fact, put_trust
from villagedesk.storage.journal import Verdict
from villagedesk.sync.bundle import MAX_FILE, Header, open_body, open_header
from villagedesk.sync.certificate import Authority, read_certificate
from villagedesk.sync.contents import Ack, Contents, Segment
from villagedesk.sync.trust import TrustList, decode_trust

Status = Literal["accepted", "duplicate", "rejected", "newer"]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file.  ``operations``: in the file; the other counts: of those that were new here."""

    file: str
    status: Status
    code: str = ""
    operations: int = 0
    folded: int = 0
    forbidden: int = 0
    unknown: int = 0
    forks: int = 0
    state_differs: bool = False
    scopes: frozenset[bytes] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Intake:
    """All files, and the return bundles written (none in a trial run or at a village)."""

    bundles: tuple[Taken, ...]
    receipts: tuple[Path, ...] = ()


class _Rollback(Exception):
    """Ends a trial run: everything was done, nothing stays."""

    def __init__(self, taken: Taken) -> None:
        self.taken = taken


def import_files(
    desk: Desk, files: Sequence[Path], progress: Progress, *, dry_run: bool = False, receipts: Path | None = None
) -> Intake:
    """Take files in one after another; a file that cannot be taken is reported, the others go on.

    ``receipts``: folder for the town's return bundles.
    """
    taken: list[Taken] = []
    for index, path in enumerate(files):
        progress.report(index, len(files), "taking_in")
        taken.append(_import_one(desk, path, dry_run))
    scopes = frozenset().union(*(entry.scopes for entry in taken if entry.status in ("accepted", "duplicate")))
    written: list[Path] = []
    if receipts is not None and desk.profile.role == "town" and scopes and not dry_run:
        written = export_returns(desk, receipts, scopes, progress)
    return Intake(tuple(taken), tuple(written))


def _import_one(desk: Desk, path: Path, dry_run: bool) -> Taken:
    try:
        header, contents, authority = _open(desk, desk.ports.files.read(path, MAX_FILE))
    except DeskError as error:
        status: Status = "newer" if error.code == "bundle_newer" else "rejected"
        return Taken(path.name, status, error.code)
    if exchange_of(desk).seen(contents.bundle_id):
        scopes = frozenset(segment.log.scope for segment, _ in contents.segments)
        return Taken(path.name, "duplicate", "", contents.operations, scopes=scopes)
    try:
        with desk.store.transaction():
            done = _apply(desk, path.name, header, contents, authority)
            if dry_run:
                raise _Rollback(done)
    except _Rollback as trial:
        desk.ledger.journal.forget_numbers()
        return trial.taken
    except DeskError as error:
        desk.ledger.journal.forget_numbers()
        return Taken(path.name, "rejected", error.code)
    except BaseException:
        desk.ledger.journal.forget_numbers()
        raise
    return done


def _open(desk: Desk, data: bytes) -> tuple[Header, Contents, Authority | None]:
    """Every check that needs no write; raises ``DeskError``."""
    sealed = open_header(data)
    header = sealed.header
    trust = trust_of(desk)
    if trust is None:
        raise DeskError("no_town_yet")
    if header.town != trust.town:
        raise DeskError("bundle_other_town")
    authority = trust.authority(header.device)
    if authority is None and header.certificate:
        authority = read_certificate(header.certificate, trust.ca)
        if authority is None or authority.public != header.public:
            raise DeskError("bundle_untrusted")
    contents = open_body(sealed, lambda body: _decrypt(desk, body))
    if authority is None:
        wish = contents.enrolment
        if desk.profile.role != "town" or wish is None or wish.public != header.public or not may_enrol(desk, wish):
            raise DeskError("bundle_untrusted")
    return header, contents, authority


def _decrypt(desk: Desk, body: bytes) -> bytes | None:
    return next((opened for identity in identities(desk) if (opened := identity.open(body)) is not None), None)


def _apply(desk: Desk, file: str, header: Header, contents: Contents, authority: Authority | None) -> Taken:
    """Inside one transaction: trust first, then operations, then acknowledgements."""
    trust = _new_trust(desk, header, contents, authority)
    counts = dict.fromkeys(Verdict, 0)
    forks = 0
    for segment, operations in contents.segments:
        signer = trust.authority(segment.log.device)
        if signer is None or not segment.signed_by(signer.public):
            raise DeskError("bundle_untrusted")
        fresh, split = _fresh(desk, segment, operations)
        judged = [(operation, _verdict(trust, signer, operation)) for operation in fresh]
        desk.ledger.take_in(judged)
        forks += split
        for _, verdict in judged:
            counts[verdict] += 1
        kept = StoredSegment(segment.start, segment.stop, segment.prev, segment.head, segment.sig)
        exchange_of(desk).keep_segment(segment.log, kept)
    differs = _acknowledge(desk, header, contents.acks)
    taken = Taken(
        file,
        "accepted",
        "",
        contents.operations,
        counts[Verdict.FOLDED],
        counts[Verdict.FORBIDDEN],
        counts[Verdict.UNKNOWN],
        forks,
        differs,
        frozenset(segment.log.scope for segment, _ in contents.segments),
    )
    _note(desk, header, contents, taken)
    return taken


def _new_trust(desk: Desk, header: Header, contents: Contents, authority: Authority | None) -> TrustList:
    """The trust list to judge by: a longer one that came along, or one with the newly enrolled device."""
    trust = trust_of(desk)
    assert trust is not None
    if contents.trust is not None and desk.profile.role == "village":
        offered = decode_trust(contents.trust, trust.ca)
        if offered.version > trust.version:
            put_trust(desk.store, contents.trust)
            trust = offered
    if authority is None and contents.enrolment is not None:
        trust = enrol(desk, contents.enrolment)
    return trust


def _fresh(desk: Desk, segment: Segment, operations: Sequence[Operation]) -> tuple[list[Operation], int]:
    """Operations not held yet, and how many of them fork a log (another hash is held under the same n)."""
    held = desk.ledger.journal.held(segment.log, segment.start, segment.stop)
    fresh = [operation for operation in operations if operation.hash not in held.get(operation.header.n, ())]
    return fresh, sum(1 for operation in fresh if operation.header.n in held)


def _verdict(trust: TrustList, signer: Authority, operation: Operation) -> Verdict:
    """Authority is checked for every operation (invariant I7)."""
    kind = BY_NAME.get(operation.header.kind)
    town_only = kind is not None and kind.town_only
    if not trust.counts(operation.log, operation.header.n) or not signer.may_write(operation.log.scope, town_only):
        return Verdict.FORBIDDEN
    if kind is None and operation.header.kind != "redact":
        return Verdict.UNKNOWN
    return Verdict.REDACTED if operation.payload is None else Verdict.FOLDED


def _acknowledge(desk: Desk, header: Header, acks: Sequence[Ack]) -> bool:
    """Believe a receipt only where it names a head we know; True when equal heads gave different states."""
    exchange, now = exchange_of(desk), desk.ports.clock.now_ms()
    heads: dict[str, dict[str, int]] = fact(desk.store, "village_heads") or {}
    mine = {log for log, _ in own_logs(desk)}
    differs = False
    for ack in acks:
        if desk.ledger.journal.hash_at(ack.log, ack.n) != ack.head:
            continue
        if desk.profile.role == "town":
            heads.setdefault(header.device.hex(), {})[ack.log.bytes.hex()] = ack.n
        elif ack.log in mine:
            exchange.acknowledge(ack.log, ack.n, ack.head, ack.state_hash, ack.schema, now)
            complete = desk.ledger.journal.head(ack.log).n == ack.n and ack.schema == SCHEMA
            differs |= complete and bool(ack.state_hash) and ack.state_hash != desk.ledger.state_hash(ack.log.scope)
    if desk.profile.role == "town":
        put_fact(desk.store, "village_heads", heads)
    return differs


def _note(desk: Desk, header: Header, contents: Contents, taken: Taken) -> None:
    now = desk.ports.clock.now_ms()
    report = {"folded": taken.folded, "forbidden": taken.forbidden, "unknown": taken.unknown, "forks": taken.forks}
    exchange_of(desk).note(
        SeenBundle(contents.bundle_id, header.device, "in", now, taken.file, taken.operations, json.dumps(report))
    )
    if desk.profile.role == "town":
        received = fact(desk.store, "received") or {}
        put_fact(desk.store, "received", {**received, **{scope.hex(): now for scope in taken.scopes}})
