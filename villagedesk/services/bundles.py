"""Owns handing in and its proof: sealing what is unsent, reading receipts, what is unsent and unacknowledged.

No SQL, no Qt.  Taking foreign bundles in stands in ``intake.py``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from villagedesk.domain.catalogue import SCHEMA
from villagedesk.domain.ids import LogId
from villagedesk.domain.operation import Operation
from villagedesk.errors import DeskError
from villagedesk.ports import Ports, write_bytes
from villagedesk.progress import Progress
from villagedesk.services.desks import Desk, earlier_identities, write_own_anchor
from villagedesk.services.towns import trust_of
from villagedesk.storage.exchange import Exchange, SeenBundle, StoredSegment
from villagedesk.storage.facts import fact, put_fact, trust_document
from villagedesk.storage.forks import Forks
from villagedesk.sync.bundle import MAX_FILE, SUFFIX, Header, open_header, seal
from villagedesk.sync.contents import MAX_VOUCHES, Ack, Contents, Enrolment, Segment, sign_segment
from villagedesk.sync.drives import place_of
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


#: What a desk notes by itself: its own name, who works on it, what was printed and exported.
BY_ITSELF = frozenset({"town", "village", "operator", "audit"})


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

    @property
    def typed(self) -> int:
        """Unsent entries that a clerk made; what the program notes goes along and is no reason to hand in."""
        return sum(count for kind, count in self.unsent.items() if kind not in BY_ITSELF)


def exchange_of(desk: Desk) -> Exchange:
    return Exchange(desk.store, desk.ledger.journal)


def identities(desk: Desk) -> list[Identity]:
    """This desk's keys, the present one first; earlier ones remain after a restore or on a copied folder."""
    return [desk.identity, *earlier_identities(desk)]


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


def _enrolment(desk: Desk, identity: Identity) -> Enrolment:
    """Travels in every bundle: a town that was restored from a backup may have forgotten this desk."""
    code = bytes.fromhex(fact(desk.store, "enrolment_code") or "")
    wish = Enrolment(code, identity.public, identity.recipient, (desk.scope,))
    others = [other for other in identities(desk) if other != identity][:MAX_VOUCHES]
    return replace(wish, vouches=tuple((other.public, other.sign(wish.message())) for other in others))


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


def export(
    desk: Desk,
    folder: Path,
    progress: Progress,
    *,
    everything: bool = False,
    lying: Mapping[LogId, int] | None = None,
) -> Exported:
    """Seal what the town has not acknowledged (or everything) into ``folder``; nothing unsent → no file.

    ``lying``: up to where each log already lies in that folder.  Raises ``DeskError`` ``no_town_yet`` and
    ``EnvironmentFault`` for the folder.
    """
    if desk.profile.role == "town":
        raise DeskError("only_village")
    trust = _needed_trust(desk)
    write_own_anchor(desk)
    exchange, there = exchange_of(desk), lying or {}
    parts = [
        (part, identity)
        for log, identity in own_logs(desk)
        for part, _ in own_segments(
            desk,
            log,
            0 if everything else max(exchange.acknowledged(log), there.get(log, 0)),
            OPERATIONS_PER_FILE,
            identity,
        )
    ]
    acks = own_acks(desk) if parts else ()
    files: list[Path] = []
    operations = 0
    while parts:
        segment, identity = parts.pop(0)
        progress.report(len(files), len(files) + len(parts) + 1, "sealing")
        inside = tuple(_inside(desk, segment))
        contents = Contents(desk.new_id(), ((segment, inside),), acks=acks, enrolment=_enrolment(desk, identity))
        try:
            files.append(_write(desk, contents, trust, trust.recipients, folder, _name(desk), identity))
        except DeskError as error:
            if error.code != "bundle_too_large" or segment.start == segment.stop:
                raise
            parts[:0] = [(half, identity) for half in _halves(desk, segment, identity)]
            continue
        operations += contents.operations
        with desk.store.transaction():
            sent = max(segment.stop, exchange.sent(segment.log))
            exchange.set_sent(segment.log, sent, desk.ports.clock.now_ms(), contents.bundle_id)
    return Exported(tuple(files), operations)


def _halves(desk: Desk, segment: Segment, identity: Identity) -> list[Segment]:
    middle = (segment.start + segment.stop) // 2
    end = desk.ledger.journal.hash_at(segment.log, middle)
    assert end is not None
    return [
        sign_segment(identity, segment.log, segment.start, middle, segment.prev, end),
        sign_segment(identity, segment.log, middle + 1, segment.stop, end, segment.head),
    ]


def own_acks(desk: Desk) -> tuple[Ack, ...]:
    """What this desk holds in all logs, so that the other side need not send it again."""
    return tuple(ack for head in desk.ledger.journal.heads() if head.n for ack in acks_for(desk, head.log))


def acks_for(desk: Desk, log: LogId) -> list[Ack]:
    """The contiguous end (of every branch), the gaps beyond it, and the state hash of the scope."""
    state, gaps = desk.ledger.state_hash(log.scope), exchange_of(desk).gaps(log)
    tips = Forks(desk.store, desk.ledger.journal).tips(log)
    return [Ack(log, tip.n, tip.hash, gaps, state, SCHEMA) for tip in tips]


def _name(desk: Desk, what: str = "") -> str:
    """A name without personal data: device, running number, minute, and what it is where it is no report."""
    number = int(fact(desk.store, "bundle_number") or 0) + 1
    put_fact(desk.store, "bundle_number", number)
    made = datetime.fromtimestamp(desk.ports.clock.now_ms() / 1000)
    return f"VD-{desk.identity.device.hex()[:6]}-{number:04d}-{made:%Y%m%d-%H%M}{what}"


def _write(
    desk: Desk,
    contents: Contents,
    trust: TrustList,
    recipients: tuple[str, ...],
    folder: Path,
    name: str,
    sender: Identity | None = None,
) -> Path:
    """``sender``: the key whose log lies inside; it may be one from before a restore that the town never saw."""
    assert desk.town is not None
    identity = sender or desk.identity
    authority = trust.authority(identity.device)
    now = desk.ports.clock.now_ms()
    certificate = authority.text if authority else ""
    data = seal(contents, identity, certificate, desk.town, recipients, now, APP)
    path = folder / (name + SUFFIX)
    write_bytes(desk.ports.files, path, data)
    open_header(desk.ports.files.read(path, MAX_FILE))
    exchange_of(desk).note(
        SeenBundle(
            contents.bundle_id,
            identity.device,
            "out",
            now,
            path.name,
            contents.operations,
            json.dumps({"upto": [[s.log.scope.hex(), s.stop] for s, _ in contents.segments], "to": place_of(folder)}),
        )
    )
    return path


def export_returns(desk: Desk, folder: Path, scopes: frozenset[bytes], progress: Progress) -> list[Path]:
    """The town's answer: for each village scope receipt, trust list and what others wrote there, in few files."""
    devices = return_addresses(desk, scopes)
    files = []
    for index, device in enumerate(devices):
        progress.report(index, len(devices), "sealing")
        files += write_return(desk, folder, device)
    return files


def return_addresses(desk: Desk, scopes: frozenset[bytes]) -> list[bytes]:
    """Village devices that write in one of these scopes."""
    trust = _needed_trust(desk)
    known = sorted(trust.devices.items())
    return [device for device, (found, _) in known if not found.town and found.scopes & scopes]


def write_return(desk: Desk, folder: Path, device: bytes) -> list[Path]:
    """One village device's return bundles."""
    trust = _needed_trust(desk)
    found, recipient = trust.devices[device]
    everyone = (recipient, *trust.recipients)
    parts = _return_parts(desk, device, found.scopes | {desk.scope})
    return [_write(desk, contents, trust, everyone, folder, _name(desk, "-receipt")) for contents in parts]


def _return_parts(desk: Desk, device: bytes, scopes: frozenset[bytes]) -> Iterator[Contents]:
    """A reader takes bounded files, so much news makes more than one; each carries receipts and trust list."""
    segments, acks = return_news(desk, device, scopes)
    parts: list[list[Segment]] = [[]]
    for segment in segments:
        size = segment.stop - segment.start + 1
        if parts[-1] and sum(other.stop - other.start + 1 for other in parts[-1]) + size > OPERATIONS_PER_FILE:
            parts.append([])
        parts[-1].append(segment)
    for part in parts:
        inside = tuple((segment, tuple(_inside(desk, segment))) for segment in part)
        yield Contents(desk.new_id(), inside, acks, trust_document(desk.store))


def return_news(desk: Desk, device: bytes, scopes: frozenset[bytes]) -> tuple[list[Segment], tuple[Ack, ...]]:
    """Signed ranges that a village device is not known to hold, and receipts for every log of its scopes.

    A device that was shut out learns so from the trust list, and nothing else any more.
    """
    journal, exchange = desk.ledger.journal, exchange_of(desk)
    trust = _needed_trust(desk)
    known: dict[str, int] = (fact(desk.store, "village_heads") or {}).get(device.hex(), {})
    own = {identity.device: identity for identity in identities(desk)}
    segments: list[Segment] = []
    acks: list[Ack] = []
    for head in journal.heads():
        log = head.log
        if log.scope not in scopes or (not head.n and not exchange.gaps(log)):
            continue
        acks += acks_for(desk, log)
        if trust.shut_out(device):
            continue
        after = known.get(log.bytes.hex(), 0)
        if log.device in own:
            segments += [part for part, _ in own_segments(desk, log, after, OPERATIONS_PER_FILE, own[log.device])]
        else:
            segments += [_segment(log, kept) for kept in exchange.cover(log, after)]
    return segments, tuple(acks)


def _inside(desk: Desk, segment: Segment) -> list[Operation]:
    return desk.ledger.journal.span(segment.log, segment.start, segment.stop, segment.prev, segment.head)


def _segment(log: LogId, kept: StoredSegment) -> Segment:
    return Segment(log, kept.start, kept.stop, kept.prev, kept.head, kept.sig)


def inspect(ports: Ports, path: Path) -> Header:
    """The open header of a bundle file, signature checked; needs no desk and no key."""
    return open_header(ports.files.read(path, MAX_FILE)).header
