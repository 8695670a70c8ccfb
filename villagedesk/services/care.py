"""Owns the care of a store: verification, restore, plain dump.  No SQL, no Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from villagedesk.domain.ids import LogId
from villagedesk.domain.operation import chain, first_hash
from villagedesk.errors import DeskError
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports
from villagedesk.progress import Progress
from villagedesk.services.desks import USER, Desk
from villagedesk.storage import keyslots
from villagedesk.storage.backup import place_backup
from villagedesk.storage.instance import InstanceLock


@dataclass(frozen=True, slots=True)
class Verification:
    """``broken``: logs (hex) whose chain does not hold; ``same``: folding anew gave the same state."""

    operations: int
    broken: tuple[str, ...]
    same: bool

    @property
    def sound(self) -> bool:
        return not self.broken and self.same


def verify(desk: Desk, progress: Progress) -> Verification:
    """Check every chain from h_0 and compare the tables with a rebuild from the operations."""
    heads = desk.ledger.journal.heads()
    broken, operations = [], 0
    for index, head in enumerate(heads):
        progress.report(index, len(heads), "checking")
        if not _chain_holds(desk, head.log, head.n, head.hash):
            broken.append(head.log.bytes.hex())
        operations += head.n
    scopes = sorted(desk.ledger.journal.scopes().values())
    before = [desk.ledger.state_hash(scope) for scope in scopes]
    desk.ledger.rebuild()
    return Verification(operations, tuple(broken), before == [desk.ledger.state_hash(scope) for scope in scopes])


def _chain_holds(desk: Desk, log: LogId, n: int, end: bytes) -> bool:
    links = {first_hash(log)}
    position = 0
    for operation in desk.ledger.journal.range(log, 0, n):
        if operation.header.n != position:
            position, previous, links = operation.header.n, links, set()
        if not any(chain(link, operation.header.encode(), operation.phash) == operation.hash for link in previous):
            return False
        links.add(operation.hash)
    return position == n and end in links


def restore(paths: DeskPaths, ports: Ports, file: Path, passphrase: str) -> Path | None:
    """Put a verified backup in the store's place; returns where the present store was set aside."""
    lock = InstanceLock(paths.lock)
    try:
        key = keyslots.read_slot(paths, ports, USER, passphrase)
        return place_backup(file, key, paths.store, ports)
    finally:
        lock.release()


def dump(desk: Desk, kind: str | None) -> Iterator[dict[str, Any]]:
    """Every record of every scope in canonical order; last the state hash of each scope."""
    scopes = sorted((scope, number) for number, scope in desk.ledger.journal.scopes().items())
    for scope, number in scopes:
        for entry in desk.ledger.projections.canonical(number, (kind,) if kind else ()):
            yield {"scope": scope.hex(), **entry}
    if not scopes:
        raise DeskError("no_desk_here")
    yield {"state_hash": {scope.hex(): desk.ledger.state_hash(scope).hex() for scope, _ in scopes}}
