"""Owns taking bundles in: trial and real, verdict per operation, one transaction, receipts (sync.md sections 3, 4).

A rejected bundle leaves the store untouched; a bad record never blocks the others.  No SQL, no Qt.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Literal

from villagedesk.domain.operation import Operation
from villagedesk.errors import Cancelled, DeskError, EnvironmentFault
from villagedesk.progress import Progress
from villagedesk.services.bundles import exchange_of, export_returns, identities
from villagedesk.services.desks import RENEW, Desk, own_devices
from villagedesk.services.receipts import take_receipt
from villagedesk.services.towns import enrol, invited_scope, may_enrol, trust_of
from villagedesk.services.verdicts import judge_anew, verdict_on
from villagedesk.storage.exchange import SeenBundle, StoredSegment
from villagedesk.storage.facts import fact, put_fact, put_incident, put_trust
from villagedesk.storage.forks import Forks
from villagedesk.storage.journal import Span, Verdict
from villagedesk.sync.bundle import MAX_FILE, MAX_HEADER, SUFFIX, Header, glance, open_body, open_header, recipient_mark
from villagedesk.sync.certificate import Authority, read_certificate
from villagedesk.sync.contents import Contents, Segment
from villagedesk.sync.trust import TrustList, decode_trust

#: Operations after which a shared commit is due: others who want to write wait no longer than that.
PER_COMMIT = 4000
_SLICE = 4000

Status = Literal["accepted", "duplicate", "rejected", "newer"]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file.  ``operations``: in the file; the other counts: of those that were new here.

    ``forks``: places that two desks wrote under one key (kept as an incident).  ``state_differs``: the sender shows
    other records from the same operations; ``rebuilt``: everything was folded anew for that, ``healed``: which mended
    it.  ``renews``: this desk's key is in use elsewhere, the next opening goes on as a new device.  ``invited``: the
    scope in the invitation that the file answers, which a desk that worked alone replaces by its own.
    """

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
    rebuilt: bool = False
    healed: bool = False
    renews: bool = False
    invited: bytes = b""


@dataclass(frozen=True, slots=True)
class Intake:
    """All files, and the return bundles written (none in a trial run or at a village)."""

    bundles: tuple[Taken, ...]
    receipts: tuple[Path, ...] = ()


class _Rollback(Exception):
    """Ends a trial run: everything was done, nothing stays."""

    def __init__(self, taken: Taken) -> None:
        self.taken = taken


def files_in(places: Sequence[Path]) -> list[Path]:
    """Bundle files named, and those lying in folders named, in the order of their names.

    Raises ``DeskError`` ``no_bundles_here`` when a folder holds none.
    """
    found: list[Path] = []
    for place in places:
        if not place.is_dir():
            found.append(place)
            continue
        inside = sorted(path for path in place.glob("*" + SUFFIX) if path.is_file())
        if not inside:
            raise DeskError("no_bundles_here", file=place.name)
        found += inside
    return list(dict.fromkeys(found))


def not_for_others(desk: Desk, found: Sequence[Path], named: Sequence[Path]) -> list[Path]:
    """``found`` without what lies on a village's stick for its neighbours; a file that was named is always tried."""
    if desk.profile.role == "town":
        return list(found)
    marks = {recipient_mark(identity.recipient) for identity in identities(desk)}
    return [file for file in found if file in named or not _for_others(file, marks)]


def _for_others(file: Path, marks: Set[str]) -> bool:
    try:
        with file.open("rb") as stream:
            header = glance(stream.read(12 + MAX_HEADER))
    except OSError:
        return False  # reading it says what is wrong
    return header is not None and marks.isdisjoint(header.to)


def import_files(
    desk: Desk, files: Sequence[Path], progress: Progress, *, dry_run: bool = False, receipts: Path | None = None
) -> Intake:
    """Take files in one after another; a file that cannot be taken is reported, the others go on.

    ``receipts``: folder for the town's return bundles.
    """
    taken = _import_all(desk, files, progress, dry_run)
    scopes = frozenset().union(*(entry.scopes for entry in taken if entry.status in ("accepted", "duplicate")))
    written: list[Path] = []
    if receipts is not None and desk.profile.role == "town" and scopes and not dry_run:
        written = export_returns(desk, receipts, scopes, progress)
    return Intake(tuple(taken), tuple(written))


def _import_all(desk: Desk, files: Sequence[Path], progress: Progress, dry_run: bool) -> list[Taken]:
    """A bundle counts whole or not at all; several small ones share a commit, since each one costs a disk's wait."""
    taken: list[Taken] = []
    waiting = list(enumerate(files))
    while waiting:
        progress.others.serve()
        group: list[Taken] = []
        try:
            with desk.store.transaction():
                stopped = _import_group(desk, waiting, group, progress, len(files), dry_run)
        except DeskError as error:  # the commit itself failed: none of the group is there
            desk.ledger.journal.forget_numbers()
            group = [Taken(entry.file, "rejected", entry.code or error.code) for entry in group]
            stopped = None
        except BaseException:
            desk.ledger.journal.forget_numbers()
            raise
        taken += group
        if stopped is not None:
            raise stopped
    return taken


def _import_group(
    desk: Desk,
    waiting: list[tuple[int, Path]],
    group: list[Taken],
    progress: Progress,
    total: int,
    dry_run: bool,
) -> Cancelled | None:
    """Take files from ``waiting`` into the open transaction; a wish to stop keeps what was taken so far."""
    while waiting and sum(entry.operations for entry in group) < PER_COMMIT:
        if group and progress.others.waiting():
            return None
        index, path = waiting[0]
        try:
            progress.report(index, total, "taking_in")
        except Cancelled as stop:
            return stop
        group.append(_import_one(desk, path, dry_run))
        del waiting[0]
        if not desk.store.in_transaction:  # a full disk undoes everything at once
            raise EnvironmentFault(group[-1].code or "disk_full")
    return None


def _import_one(desk: Desk, path: Path, dry_run: bool) -> Taken:
    try:
        header, contents, authority = _open(desk, desk.ports.files.read(path, MAX_FILE))
    except DeskError as error:
        status: Status = "newer" if error.code == "bundle_newer" else "rejected"
        return Taken(path.name, status, error.code)
    if exchange_of(desk).seen(contents.bundle_id, header.device):
        scopes = frozenset(segment.log.scope for segment, _ in contents.segments)
        return Taken(path.name, "duplicate", "", contents.operations, scopes=scopes)
    try:
        with desk.store.savepoint():
            done = _apply(desk, path.name, header, contents, authority)
            if dry_run:
                raise _Rollback(done)
    except _Rollback as trial:
        desk.ledger.journal.forget_numbers()
        return trial.taken
    except DeskError as error:
        desk.ledger.journal.forget_numbers()
        return Taken(path.name, "rejected", error.code)
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
    if authority is None and desk.profile.role != "town":  # only a town lets others in
        raise DeskError("bundle_untrusted")
    contents = open_body(sealed, lambda body: _decrypt(desk, body))
    if trust.authority(header.device) is None:
        wish = contents.enrolment
        asks = wish is not None and wish.public == header.public
        if authority is None and not (asks and wish is not None and may_enrol(desk, wish)):
            used = wish is not None and invited_scope(desk, wish) != b""
            raise DeskError("invitation_used" if used else "bundle_untrusted")
    return header, contents, authority


def _decrypt(desk: Desk, body: bytes) -> bytes | None:
    return next((opened for identity in identities(desk) if (opened := identity.open(body)) is not None), None)


def _apply(desk: Desk, file: str, header: Header, contents: Contents, authority: Authority | None) -> Taken:
    """Inside one transaction: trust first, then operations, then acknowledgements; read back before it is believed."""
    invited = invited_scope(desk, contents.enrolment)
    trust = _new_trust(desk, header, contents, authority)
    counts: Counter[Verdict] = Counter()
    forks, renews = 0, False
    for segment, operations in contents.segments:
        signer = trust.authority(segment.log.device)
        if signer is None or not segment.signed_by(signer.public):
            raise DeskError("bundle_untrusted")
        split = _take_range(desk, segment, operations, partial(verdict_on, trust, signer), counts)
        if split:
            _note_fork(desk, header, segment, split)
            renews |= segment.log.device == desk.identity.device
        forks += len(split)
        kept = StoredSegment(segment.start, segment.stop, segment.prev, segment.head, segment.sig)
        exchange_of(desk).keep_segment(segment.log, kept)
        _read_back(desk, segment, operations)
    receipt = take_receipt(desk, header, contents.acks)
    if renews or receipt.unknown_head:
        put_fact(desk.store, RENEW, True)
    taken = Taken(
        file,
        "accepted",
        "",
        contents.operations,
        counts[Verdict.FOLDED],
        counts[Verdict.FORBIDDEN],
        counts[Verdict.UNKNOWN],
        forks,
        receipt.differs,
        frozenset(segment.log.scope for segment, _ in contents.segments),
        receipt.rebuilt,
        receipt.healed,
        renews or receipt.unknown_head,
        invited,
    )
    _note(desk, header, contents, taken)
    return taken


def _note_fork(desk: Desk, header: Header, segment: Segment, positions: Sequence[int]) -> None:
    """Both branches are kept and folded; people hear of it (sync.md section 3)."""
    Forks(desk.store, desk.ledger.journal).note(segment.log, positions)
    detail = {"device": segment.log.device.hex(), "scope": segment.log.scope.hex(), "n": positions[0]}
    put_incident(desk.store, desk.ports.clock.now_ms(), "fork_found", {**detail, "bundle": header.bundle_id.hex()})


def _read_back(desk: Desk, segment: Segment, operations: Sequence[Operation]) -> None:
    """What the store gives back must be what the file said: the end of the range, its first and last operation."""
    for operation in (operations[0], operations[-1]):
        kept = desk.ledger.journal.at(segment.log, operation.header.n, operation.hash)
        if kept is None or kept.header != operation.header or kept.phash != operation.phash:
            raise EnvironmentFault("store_damaged")


def _new_trust(desk: Desk, header: Header, contents: Contents, authority: Authority | None) -> TrustList:
    """The trust list to judge by: a longer one that came along, or one with the newly enrolled device."""
    trust = trust_of(desk)
    assert trust is not None
    if contents.trust is not None and desk.profile.role == "village":
        offered = decode_trust(contents.trust, trust.ca)
        if offered.version > trust.version:
            put_trust(desk.store, contents.trust)
            if offered.revoked != trust.revoked or set(trust.devices.items()) - set(offered.devices.items()):
                judge_anew(desk.ledger, offered, own_devices(desk))
            trust = offered
    if desk.profile.role == "town" and trust.authority(header.device) is None and contents.enrolment is not None:
        wish = contents.enrolment
        trust = enrol(desk, wish if authority is None else replace(wish, scopes=tuple(sorted(authority.scopes))))
    return trust


def _take_range(
    desk: Desk,
    segment: Segment,
    operations: Sequence[Operation],
    judge: Callable[[Operation], Verdict],
    counts: Counter[Verdict],
) -> list[int]:
    """Store what is not held yet, a slice at a time so that memory stays flat.

    Returns where it forks the log: places under which another hash is held, and the one below when the range
    continues something else.
    """
    held = desk.ledger.journal.held(segment.log, segment.start - 1, segment.stop)
    below = held.pop(segment.start - 1, set())
    split: list[int] = []
    continues = not below or segment.prev in below
    prev = segment.prev
    for start in range(0, len(operations), _SLICE):
        part = operations[start : start + _SLICE]
        fresh = [operation for operation in part if operation.hash not in held.get(operation.header.n, ())]
        split += [operation.header.n for operation in fresh if operation.header.n in held]
        if fresh and not continues:
            split.insert(0, segment.start - 1)
            continues = True
        judged = [(operation, judge(operation)) for operation in fresh]
        span = Span(part[0].header.n, part[-1].header.n, prev, part[-1].hash)
        desk.ledger.take_in(judged, {segment.log: [span]})
        counts.update(verdict for _, verdict in judged)
        prev = span.head
    return split


def _note(desk: Desk, header: Header, contents: Contents, taken: Taken) -> None:
    now = desk.ports.clock.now_ms()
    report = {"folded": taken.folded, "forbidden": taken.forbidden, "unknown": taken.unknown, "forks": taken.forks}
    exchange_of(desk).note(
        SeenBundle(contents.bundle_id, header.device, "in", now, taken.file, taken.operations, json.dumps(report))
    )
    if desk.profile.role == "town":
        received = fact(desk.store, "received") or {}
        put_fact(desk.store, "received", {**received, **{scope.hex(): now for scope in taken.scopes}})
