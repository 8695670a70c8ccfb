"""Owns exchange through a folder (a stick, a shared folder): both ways, again and again, nothing twice (section 4).

A village puts in what no receipt covers and does not lie there already, and takes what is addressed to it; a town
takes in what is new and puts in its answers.  What was taken in is remembered by bundle id, whatever the file is
called.  No SQL, no Qt.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from villagedesk.domain.ids import LogId
from villagedesk.errors import DeskError
from villagedesk.ports import fault_of
from villagedesk.progress import Progress
from villagedesk.services.bundles import exchange_of, export, identities, report_status, return_news, write_return
from villagedesk.services.desks import Desk, own_devices
from villagedesk.services.intake import Taken, import_files
from villagedesk.services.towns import trust_of
from villagedesk.storage.facts import fact, put_fact, trust_document
from villagedesk.sync.bundle import MAX_FILE, MAX_HEADER, SUFFIX, Header, glance, open_header, recipient_mark
from villagedesk.sync.trust import TrustList

_FOLDER = "sync_folder"
_RETURNS = "returns_made"


@dataclass(frozen=True, slots=True)
class Round:
    """One exchange.

    ``sent``: files written, ``operations`` in them (village); ``taken``: files taken in; ``errors``: (file, code) of
    those that could not be; ``waiting``: operations still without receipt (village).
    """

    sent: tuple[Path, ...] = ()
    operations: int = 0
    taken: tuple[Taken, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    """A bundle file lying in the folder."""

    path: Path
    header: Header


def sync_folder(desk: Desk, folder: Path, progress: Progress) -> Round:
    """One round in ``folder``; raises ``DeskError`` ``no_town_yet`` or ``EnvironmentFault`` for the folder."""
    trust = trust_of(desk)
    if trust is None:
        raise DeskError("no_town_yet")
    found, errors = _look(desk, folder)
    fresh = [entry.path for entry in found if _is_news(desk, entry.header)]
    taken = import_files(desk, fresh, progress).bundles
    errors += [(entry.file, entry.code) for entry in taken if entry.code]
    put_fact(desk.store, _FOLDER, str(folder.absolute()))
    good = tuple(entry for entry in taken if not entry.code)
    if desk.profile.role == "town":
        return Round(_answer(desk, folder, found, progress), 0, good, tuple(sorted(errors)))
    sent = export(desk, folder, progress, lying=_lying(desk, found))
    status = report_status(desk)
    waiting = status.unsent_total + status.unacknowledged
    return Round(sent.files, sent.operations, good, tuple(sorted(errors)), waiting)


def last_folder(desk: Desk) -> Path | None:
    """The folder of the last round."""
    kept = fact(desk.store, _FOLDER)
    return Path(kept) if kept else None


def _look(desk: Desk, folder: Path) -> tuple[list[_Found], list[tuple[str, str]]]:
    """Bundles in the folder by their open headers, and files that only look like some."""
    found: list[_Found] = []
    errors: list[tuple[str, str]] = []
    for path in _names(folder):
        try:
            with path.open("rb") as stream:
                header = glance(stream.read(12 + MAX_HEADER))
        except OSError as error:
            errors.append((path.name, fault_of(error, path).code))
            continue
        if header is None:
            errors.append((path.name, _reason(desk, path)))
        else:
            found.append(_Found(path, header))
    return found, errors


def _names(folder: Path) -> Sequence[Path]:
    """The folder is not made: where the stick is not plugged in, its place on the own disk must stay empty."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == SUFFIX and path.is_file())
    except OSError as error:
        raise fault_of(error, folder) from error


def _reason(desk: Desk, path: Path) -> str:
    """Why a file is no whole bundle, "" when it is one."""
    try:
        open_header(desk.ports.files.read(path, MAX_FILE))
    except DeskError as error:
        return error.code
    return ""


def _is_news(desk: Desk, header: Header) -> bool:
    """From others, addressed to this desk, not taken in before."""
    marks = {recipient_mark(identity.recipient) for identity in identities(desk)}
    own = header.device in own_devices(desk)
    return not own and not marks.isdisjoint(header.to) and not exchange_of(desk).seen(header.bundle_id, header.device)


def _lying(desk: Desk, found: Sequence[_Found]) -> dict[LogId, int]:
    """Up to where each own log lies in the folder without a gap, beyond what is acknowledged; damaged files aside."""
    exchange, own = exchange_of(desk), own_devices(desk)
    ranges: dict[LogId, list[tuple[int, int]]] = defaultdict(list)
    for entry in found:
        listed = entry.header.ranges if entry.header.device in own else ()
        if any(stop > exchange.acknowledged(log) for log, _, stop in listed) and not _reason(desk, entry.path):
            for log, start, stop in listed:
                ranges[log].append((start, stop))
    reached: dict[LogId, int] = {}
    for log, parts in ranges.items():
        end = exchange.acknowledged(log)
        for start, stop in sorted(parts):
            end = max(end, stop) if start <= end + 1 else end
        reached[log] = end
    return reached


def _answer(desk: Desk, folder: Path, found: Sequence[_Found], progress: Progress) -> tuple[Path, ...]:
    """Returns for every village whose bundles lie here, unless the same answer lies here already."""
    trust = trust_of(desk)
    assert trust is not None
    own = own_devices(desk)
    lying = {entry.header.bundle_id.hex() for entry in found if entry.header.device in own}
    made: dict[str, dict[str, object]] = fact(desk.store, _RETURNS) or {}
    written: list[Path] = []
    devices = _villages(trust, found)
    for index, device in enumerate(devices):
        progress.report(index, len(devices), "sealing")
        mark = _news_mark(desk, device, trust.devices[device][0].scopes)
        last = made.get(device.hex(), {})
        bundles = last.get("bundles")
        if last.get("mark") == mark and isinstance(bundles, list) and lying.issuperset(bundles):
            continue
        files = write_return(desk, folder, device)
        written += files
        ids = [open_header(desk.ports.files.read(path, MAX_FILE)).header.bundle_id.hex() for path in files]
        made[device.hex()] = {"mark": mark, "bundles": ids}
        put_fact(desk.store, _RETURNS, made)
    return tuple(written)


def _villages(trust: TrustList, found: Sequence[_Found]) -> list[bytes]:
    devices = dict.fromkeys(entry.header.device for entry in found)
    authorities = ((device, trust.authority(device)) for device in devices)
    return [device for device, authority in authorities if authority is not None and not authority.town]


def _news_mark(desk: Desk, device: bytes, scopes: frozenset[bytes]) -> str:
    """Changes whenever a return bundle for the device would say something else."""
    segments, acks = return_news(desk, device, scopes | {desk.scope})
    digest = hashlib.sha256(trust_document(desk.store) or b"")
    for segment in segments:
        digest.update(segment.message())
    for ack in acks:
        digest.update(repr((ack.log.bytes, ack.n, ack.head, ack.gaps, ack.state_hash, ack.schema)).encode())
    return digest.hexdigest()
