"""Owns the care of a store: verification, restore, plain dump.  No SQL, no Qt."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from villagedesk.domain import passphrases
from villagedesk.domain.catalogue import BY_NAME
from villagedesk.domain.ids import LogId
from villagedesk.domain.operation import chain, first_hash
from villagedesk.domain.values import masked_values
from villagedesk.errors import DeskError, EnvironmentFault
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports, write_bytes
from villagedesk.progress import Progress
from villagedesk.services import audits
from villagedesk.services.desks import BACKUP_SLOTS, USER, Desk
from villagedesk.storage import keyslots
from villagedesk.storage.backup import copy_backup, newest_backup, place_backup, verify_copy
from villagedesk.storage.database import Store, open_database
from villagedesk.storage.drafts import drafts, drop_draft
from villagedesk.storage.facts import fact, put_fact
from villagedesk.storage.facts import incidents as stored_incidents
from villagedesk.storage.instance import InstanceLock
from villagedesk.storage.journal import REDACT
from villagedesk.storage.ledger import Ledger, Touched
from villagedesk.storage.place import refuse_unsafe_place
from villagedesk.storage.schema import create_tables

_REHEARSED = "rehearsed"


@dataclass(frozen=True, slots=True)
class Incident:
    """``at``: wall ms; ``code`` selects the sentence; ``detail``: ids and counts."""

    at: int
    code: str
    detail: Mapping[str, Any]


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
    kept = [desk.ledger.state_hash(scope) for scope in scopes]
    before = [desk.ledger.whole_state_hash(scope) for scope in scopes]
    desk.ledger.rebuild()
    after = [desk.ledger.whole_state_hash(scope) for scope in scopes]
    return Verification(operations, tuple(broken), kept == before == after)


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


def restore(paths: DeskPaths, ports: Ports, file: Path, passphrase: str, secret: str = "") -> Path | None:
    """Put a verified backup in the store's place; returns where the present store was set aside.

    On a machine without this desk the key slots beside the backup are taken.  ``secret``: the recovery key, when the
    passphrase is lost; ``passphrase`` is then the new one.  Without its anchor the desk goes on as a new device: what
    it wrote since that backup may already be on its way.  What is refused (the file, a new passphrase that is too weak)
    changes nothing.
    """
    refuse_unsafe_place(paths.root)
    lock = InstanceLock(paths.lock)
    arrived = not paths.slots.exists()
    try:
        if arrived:
            keyslots.copy_slots(file.parent / BACKUP_SLOTS, paths.slots, ports.files)
        if secret:
            key = keyslots.read_recovery_slot(paths, ports.files, secret)
        else:
            key = keyslots.read_slot(paths, ports, USER, passphrase)
        if secret and not passphrases.passphrase_is_strong(passphrase):
            raise EnvironmentFault("passphrase_weak")
        aside = place_backup(file, key, paths.store, ports)
        arrived = False
        ports.files.remove(paths.anchor)
        if secret:
            keyslots.write_slot(paths, ports, USER, key, passphrase)
        write_bytes(ports.files, paths.restored, b"")
        return aside
    finally:
        if arrived:  # slots that open nothing here must not meet the next attempt
            shutil.rmtree(paths.slots, ignore_errors=True)
        lock.release()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A backup that was brought to life beside the store: its file, operations, and when (wall ms)."""

    file: str
    operations: int
    at: int


def rehearse(desk: Desk) -> Rehearsal:
    """Bring the newest backup to life, fold everything in it anew, compare; remembers the success.

    Raises ``EnvironmentFault`` ``no_backup_yet`` or ``backup_damaged``.
    """
    newest = newest_backup(desk.paths.backups, datetime.fromtimestamp(desk.ports.clock.now_ms() / 1000))
    if newest is None:
        raise EnvironmentFault("no_backup_yet")
    copy = desk.paths.root / "rehearsal.part"
    try:
        copy_backup(newest, copy)
        operations = verify_copy(copy, desk.key)
        store = Store(open_database(copy, desk.key))
        try:
            _live_again(desk, Ledger(store, desk.ports), newest.name)
        finally:
            store.close()
    finally:
        for suffix in ("", "-wal", "-shm"):
            desk.ports.files.remove(copy.with_name(copy.name + suffix))
    done = Rehearsal(newest.name, operations, desk.ports.clock.now_ms())
    put_fact(desk.store, _REHEARSED, asdict(done))
    return done


def _live_again(desk: Desk, ledger: Ledger, name: str) -> None:
    """What the backup folds to is what it shows, and its logs are beginnings of the present ones."""
    create_tables(ledger.store)
    scopes = sorted(ledger.journal.scopes().values())
    before = [ledger.whole_state_hash(scope) for scope in scopes]
    ledger.rebuild()
    same = before == [ledger.whole_state_hash(scope) for scope in scopes]
    for head in ledger.journal.heads():
        same &= not head.n or head.hash in desk.ledger.journal.held(head.log, head.n, head.n).get(head.n, ())
    if not same:
        raise EnvironmentFault("backup_damaged", file=name)


def last_rehearsal(desk: Desk) -> Rehearsal | None:
    """The last one that succeeded."""
    found = fact(desk.store, _REHEARSED)
    return Rehearsal(**found) if found else None


def incidents(desk: Desk, limit: int = 100) -> list[Incident]:
    """Forks and differing states, newest first."""
    return [Incident(at, code, detail) for at, code, detail in stored_incidents(desk.store, limit)]


def redact(desk: Desk, record: bytes, operation: bytes | None = None) -> Touched:
    """Erase what was ever written of a record (or one operation of it) here and in every replica (PIPL art. 47).

    Header and hash of each operation stay, so the chains still verify.  Raises ``DeskError`` ``record_unknown``.
    """
    for scope in desk.ledger.journal.scopes().values():
        held = [op for op, _ in desk.ledger.journal.of_record(record, scope) if op.header.kind != REDACT]
        targets = [op.id for op in held if op.payload is not None and operation in (None, op.id)]
        if targets:
            for draft in drafts(desk.store):
                names_nobody = draft.key.startswith("roster:")  # cells as typed, without the record's id
                if names_nobody or record.hex() in draft.key or record.hex() in json.dumps(draft.document):
                    drop_draft(desk.store, draft.key)
            done = desk.ledger.redact(desk.log(scope), record, targets, desk.operator, desk.new_id())
            audits.note(desk, "redacted", len(targets))
            return done
    raise DeskError("record_unknown")


def dump(desk: Desk, kind: str | None, *, full_ids: bool = True) -> Iterator[dict[str, Any]]:
    """Every record of every scope in canonical order; last the state hash of each scope.

    ``full_ids`` False: identity numbers, certificates and accounts are starred.  Raises ``DeskError`` ``kind_unknown``.
    """
    if kind and kind not in BY_NAME:
        raise DeskError("kind_unknown", kind=kind, known=", ".join(sorted(BY_NAME)))
    scopes = sorted((scope, number) for number, scope in desk.ledger.journal.scopes().items())
    for scope, number in scopes:
        for entry in desk.ledger.projections.canonical(number, (kind,) if kind else ()):
            values = entry["values"] if full_ids else masked_values(BY_NAME[entry["kind"]], entry["values"])
            yield {"scope": scope.hex(), **entry, "values": values}
    if not scopes:
        raise DeskError("no_desk_here")
    yield {"state_hash": {scope.hex(): desk.ledger.state_hash(scope).hex() for scope, _ in scopes}}
