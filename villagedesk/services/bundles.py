"""Owns handing in and its proof: sealing what is unsent, reading receipts, what is unsent and unacknowledged.

No SQL, no Qt.  Taking foreign bundles in stands in ``intake.py``.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from villagedesk.domain.catalogue import SCHEMA
from villagedesk.domain.ids import LogId
from villagedesk.domain.operation import Operation
from villagedesk.errors import DeskError
from villagedesk.ports import Ports, write_bytes
from villagedesk.progress import Progress
from villagedesk.services.desks import Desk, write_own_anchor
from villagedesk.services.towns import trust_of
from villagedesk.storage.exchange import Exchange, SeenBundle, StoredSegment
from villagedesk.storage.facts import fact, put_fact, trust_document
from villagedesk.sync.bundle import MAX_FILE, SUFFIX, Header, open_header, seal
from villagedesk.sync.contents import Ack, Contents, Enrolment, Segment, sign_segment
from villagedesk.sync.identity import Identity
from villagedesk.sync.trust import TrustList

#: Operations in one file; far below the reader's bound, so that one file stays small enough for a chat program.
OPERATIONS_PER_FILE = 20_000
APP = "villagedesk 0.1"


@dataclass(frozen=True, slots=True)
class Exported:
    """``files`` in the order to hand in; ``operations`` in all of them."""

    files: tuple[Path, ...]
    operations: int


@dataclass(frozen=True, slots=True)
class ReportStatus:
    """What the 上报 page shows.  ``unsent``: counts by kind; ``unacknowledged``: sent but not covered by a receipt."""

    has_town: bool
    enrolled: bool
    unsent: dict[str, int]
    unacknowledged: int
    acknowledged: int
    bundles: tuple[SeenBundle, ...]

    @property
    def unsent_total(self) -> int:
        return sum(self.unsent.values())


def exchange_of(desk: Desk) -> Exchange:
    return Exchange(desk.store, desk.ledger.journal)


def identities(desk: Desk) -> list[Identity]:
    """This desk's keys, the present one first; earlier ones remain after a restore or on a copied folder."""
    earlier = fact(desk.store, "earlier_identities") or []
    return [desk.identity, *(Identity(bytes.fromhex(old["seed"]), old["age"]) for old in reversed(earlier))]


def own_logs(desk: Desk) -> list[tuple[LogId, Identity]]:
    """The logs this desk wrote for its scope, with the key of each."""
    return [(LogId(identity.device, desk.scope), identity) for identity in identities(desk)]


def report_status(desk: Desk) -> ReportStatus:
    """Unsent, unacknowledged and acknowledged operations of this desk's own log, and the bundles made."""
    exchange, trust = exchange_of(desk), trust_of(desk)
    unsent: Counter[str] = Counter()
    waiting = covered = 0
    for log, _ in own_logs(desk):
        sent, acknowledged = exchange.sent(log), exchange.acknowledged(log)
        unsent.update(exchange.pending_counts(log, max(sent, acknowledged)))
        waiting += max(0, sent - acknowledged)
        covered += acknowledged
    return ReportStatus(
        desk.town is not None,
        trust is not None and trust.authority(desk.identity.device) is not None,
        dict(unsent),
        waiting,
        covered,
        tuple(exchange.bundles("out")),
    )


def _needed_trust(desk: Desk) -> TrustList:
    trust = trust_of(desk)
    if trust is None or desk.town is None:
        raise DeskError("no_town_yet")
    return trust


def _enrolment(desk: Desk, trust: TrustList) -> Enrolment | None:
    if trust.authority(desk.identity.device) is not None:
        return None
    code = bytes.fromhex(fact(desk.store, "enrolment_code") or "")
    wish = Enrolment(code, desk.identity.public, desk.identity.recipient, (desk.scope,))
    earlier = identities(desk)[1:2]  # the town knows whether it may vouch; this desk may have missed that receipt
    return replace(wish, sponsor=earlier[0].public, vouch=earlier[0].sign(wish.message())) if earlier else wish


def own_segments(
    desk: Desk, log: LogId, after: int, limit: int, identity: Identity | None = None
) -> list[tuple[Segment, int]]:
    """Freshly signed segments of an own log beyond ``after``, at most ``limit`` operations each."""
    journal = desk.ledger.journal
    head = journal.head(log)
    parts = []
    while after < head.n:
        stop = min(head.n, after + limit)
        prev, end = journal.hash_at(log, after), journal.hash_at(log, stop)
        assert prev is not None and end is not None
        parts.append((sign_segment(identity or desk.identity, log, after + 1, stop, prev, end), stop))
        after = stop
    return parts


def export(desk: Desk, folder: Path, progress: Progress, *, everything: bool = False) -> Exported:
    """Seal what the town has not acknowledged (or everything) into ``folder``; nothing unsent → no file.

    Raises ``DeskError`` ``no_town_yet`` and ``EnvironmentFault`` for the folder.
    """
    if desk.profile.role == "town":
        raise DeskError("only_village")
    trust = _needed_trust(desk)
    write_own_anchor(desk)
    exchange = exchange_of(desk)
    parts = [
        part
        for log, identity in own_logs(desk)
        for part in own_segments(
            desk, log, 0 if everything else exchange.acknowledged(log), OPERATIONS_PER_FILE, identity
        )
    ]
    files: list[Path] = []
    operations = 0
    for index, (segment, stop) in enumerate(parts):
        progress.report(index, len(parts), "sealing")
        contents = Contents(
            desk.new_id(),
            ((segment, tuple(desk.ledger.journal.range(segment.log, segment.start - 1, stop))),),
            acks=own_acks(desk),
            enrolment=_enrolment(desk, trust),
        )
        files.append(_write(desk, contents, trust, trust.recipients, folder, _name(desk)))
        operations += contents.operations
        with desk.store.transaction():
            sent = max(stop, exchange.sent(segment.log))
            exchange.set_sent(segment.log, sent, desk.ports.clock.now_ms(), contents.bundle_id)
    return Exported(tuple(files), operations)


def own_acks(desk: Desk) -> tuple[Ack, ...]:
    """What this desk holds of others' logs in scopes it writes in, so that the other side need not send it again."""
    return tuple(ack_for(desk, head.log) for head in desk.ledger.journal.heads() if head.n)


def ack_for(desk: Desk, log: LogId) -> Ack:
    """The contiguous head, the gaps beyond it, and the state hash of the scope."""
    head = desk.ledger.journal.head(log)
    return Ack(log, head.n, head.hash, exchange_of(desk).gaps(log), desk.ledger.state_hash(log.scope), SCHEMA)


def _name(desk: Desk) -> str:
    """A name without personal data: device, running number, minute."""
    number = int(fact(desk.store, "bundle_number") or 0) + 1
    put_fact(desk.store, "bundle_number", number)
    made = datetime.fromtimestamp(desk.ports.clock.now_ms() / 1000)
    return f"VD-{desk.identity.device.hex()[:6]}-{number:04d}-{made:%Y%m%d-%H%M}"


def _write(
    desk: Desk, contents: Contents, trust: TrustList, recipients: tuple[str, ...], folder: Path, name: str
) -> Path:
    assert desk.town is not None
    authority = trust.authority(desk.identity.device)
    now = desk.ports.clock.now_ms()
    certificate = authority.text if authority else ""
    data = seal(contents, desk.identity, certificate, desk.town, recipients, now, APP)
    path = folder / (name + SUFFIX)
    write_bytes(desk.ports.files, path, data)
    open_header(desk.ports.files.read(path, MAX_FILE))
    exchange_of(desk).note(
        SeenBundle(
            contents.bundle_id,
            desk.identity.device,
            "out",
            now,
            path.name,
            contents.operations,
            json.dumps({"upto": [[s.log.scope.hex(), s.stop] for s, _ in contents.segments]}),
        )
    )
    return path


def export_returns(desk: Desk, folder: Path, scopes: frozenset[bytes], progress: Progress) -> list[Path]:
    """The town's answer: for each village scope one file with receipt, trust list and what others wrote there."""
    trust = _needed_trust(desk)
    devices = [
        (device, recipient, authority.scopes)
        for device, (authority, recipient) in sorted(trust.devices.items())
        if not authority.town and authority.scopes & scopes
    ]
    files = []
    for index, (device, recipient, own_scopes) in enumerate(devices):
        progress.report(index, len(devices), "sealing")
        contents = _return_contents(desk, device, own_scopes | {desk.scope})
        files.append(_write(desk, contents, trust, (recipient, *trust.recipients), folder, _name(desk)))
    return files


def _return_contents(desk: Desk, device: bytes, scopes: frozenset[bytes]) -> Contents:
    journal, exchange = desk.ledger.journal, exchange_of(desk)
    known: dict[str, int] = (fact(desk.store, "village_heads") or {}).get(device.hex(), {})
    segments: list[tuple[Segment, tuple[Operation, ...]]] = []
    acks = []
    for head in journal.heads():
        if head.log.scope not in scopes or (not head.n and not exchange.gaps(head.log)):
            continue
        after = known.get(head.log.bytes.hex(), 0)
        if head.log.device != desk.identity.device:
            acks.append(ack_for(desk, head.log))
        if head.log.device == desk.identity.device:
            found = [segment for segment, _ in own_segments(desk, head.log, after, OPERATIONS_PER_FILE)]
        else:
            found = [_segment(head.log, kept) for kept in exchange.segments(head.log, after)]
        for segment in found:
            operations = tuple(journal.range(head.log, segment.start - 1, segment.stop))
            segments.append((segment, operations))
    return Contents(desk.new_id(), tuple(segments), tuple(acks), trust_document(desk.store))


def _segment(log: LogId, kept: StoredSegment) -> Segment:
    return Segment(log, kept.start, kept.stop, kept.prev, kept.head, kept.sig)


def inspect(ports: Ports, path: Path) -> Header:
    """The open header of a bundle file, signature checked; needs no desk and no key."""
    return open_header(ports.files.read(path, MAX_FILE)).header
