"""Owns a desk's life: making it, unlocking it, closing it, what is known before unlocking.  No SQL, no Qt.

A ``Desk`` is a small frozen object handed to every other service; each lane of the window opens its own connection
through ``sibling``.
"""

from __future__ import annotations

import contextlib
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from villagedesk.domain import passphrases
from villagedesk.domain.ids import LogId, new_id
from villagedesk.errors import DeskError, EnvironmentFault
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports
from villagedesk.services.profile import Card, Profile, read_card, write_card
from villagedesk.services.verdicts import declarations, judge_anew
from villagedesk.storage import keyslots
from villagedesk.storage.anchor import Anchor, blurred, is_this_desk, read_anchor, write_anchor
from villagedesk.storage.backup import Backup, backups_in, make_backup, to_thin
from villagedesk.storage.database import Store, open_database, remove_database
from villagedesk.storage.drafts import count_drafts
from villagedesk.storage.facts import fact, put_fact, trust_document
from villagedesk.storage.instance import InstanceLock, machine_fingerprint
from villagedesk.storage.ledger import Change, Ledger
from villagedesk.storage.place import refuse_unsafe_place
from villagedesk.storage.schema import create_tables
from villagedesk.sync.identity import Identity
from villagedesk.sync.trust import TrustList, decode_trust

USER = "desk"
#: Folder of the key slots beside backups.
BACKUP_SLOTS = "slots"
#: Fact: the town holds other work under this desk's key, so the next opening goes on as a new device.
RENEW = "renew_identity"
#: Fact: for whom the town's bundles are sealed besides its own keys; the secret half is on paper.
RECOVERY = "recovery_recipient"
RECOVERY_KEPT = "recovery_kept"


@dataclass(frozen=True)
class Desk:
    """An unlocked desk on one connection."""

    paths: DeskPaths
    ports: Ports
    profile: Profile
    identity: Identity
    operator: bytes
    key: bytes
    store: Store
    ledger: Ledger
    lock: InstanceLock | None

    @property
    def scope(self) -> bytes:
        return bytes.fromhex(self.profile.scope)

    @property
    def town(self) -> bytes | None:
        return bytes.fromhex(self.profile.town) if self.profile.town else None

    def log(self, scope: bytes | None = None) -> LogId:
        """The log this desk writes for a scope (its own scope unless told)."""
        return LogId(self.identity.device, scope or self.scope)

    def new_id(self) -> bytes:
        return new_id(self.ports)

    def sibling(self, *, read_only: bool) -> Desk:
        """The same desk on a connection of its own, for another thread."""
        store = Store(open_database(self.paths.store, self.key, read_only=read_only))
        return replace(self, store=store, ledger=Ledger(store, self.ports), lock=None)


def _write_card(desk: Desk, opened: int, backed_up: int) -> None:
    profile = desk.profile
    card = Card(profile.role, profile.name, profile.town_name, opened, backed_up, count_drafts(desk.store))
    write_card(desk.paths, desk.ports, card)


def tell_drafts(desk: Desk) -> None:
    """The next unlock page says how many half-filled forms wait, also after a power cut.

    A courtesy: what was saved is saved, also where the card cannot be written.
    """
    with contextlib.suppress(DeskError):
        card = read_card(desk.paths, desk.ports)
        if card is not None and card.drafts != count_drafts(desk.store):
            _write_card(desk, card.opened, card.backed_up)


def create_village(
    paths: DeskPaths,
    ports: Ports,
    *,
    name: str,
    town_name: str,
    division_code: str,
    operator_name: str,
    passphrase: str,
) -> tuple[Desk, str]:
    """A village desk that works alone until an invitation is opened; also returns the recovery secret."""
    profile = Profile("village", name, town_name, division_code, new_id(ports).hex(), None)
    return create(paths, ports, profile, operator_name, passphrase)


def create(paths: DeskPaths, ports: Ports, profile: Profile, operator_name: str, passphrase: str) -> tuple[Desk, str]:
    """A desk of any kind; also returns the recovery secret.

    Raises ``DeskError`` ``desk_exists`` and ``EnvironmentFault`` ``passphrase_weak``.
    """
    refuse_unsafe_place(paths.root)
    if paths.store.exists() or backups_in(paths.backups):  # where a store was lost, its backups need their key slots
        raise DeskError("desk_exists")
    if not passphrases.passphrase_is_strong(passphrase):
        raise EnvironmentFault("passphrase_weak")
    lock = InstanceLock(paths.lock)
    try:
        key = keyslots.new_data_key(ports)
        keyslots.write_slot(paths, ports, USER, key, passphrase)
        recovery = keyslots.write_recovery_slot(paths, ports.files, key)
        _found(paths, ports, profile, operator_name, key, recovery.recipient)
        desk = _open(paths, ports, key, lock)
    except BaseException:
        lock.release()
        raise
    return desk, recovery.secret


def _found(paths: DeskPaths, ports: Ports, profile: Profile, operator_name: str, key: bytes, recovery: str) -> None:
    """The store gets its name last: a first start that is broken off before has made nothing, and can begin again."""
    part = paths.store.with_name(paths.store.name + ".part")
    remove_database(part, ports.files)
    try:
        store = Store(open_database(part, key))
        try:
            create_tables(store)
            identity, operator = Identity.make(ports), new_id(ports)
            _put_profile(store, profile, identity, operator)
            put_fact(store, "declarations", declarations())
            put_fact(store, RECOVERY, recovery)
            desk = Desk(paths, ports, profile, identity, operator, key, store, Ledger(store, ports), None)
            _first_records(desk, operator_name)
            write_own_anchor(desk)
            _write_card(desk, ports.clock.now_ms(), 0)
            store.settle()
        finally:
            store.close()
        ports.files.replace(part, paths.store)
    finally:
        with contextlib.suppress(DeskError):
            remove_database(part, ports.files)


def _put_profile(store: Store, profile: Profile, identity: Identity, operator: bytes) -> None:
    put_fact(store, "profile", asdict(profile))
    put_fact(store, "identity", {"seed": identity.seed.hex(), "age": identity.age_secret})
    put_fact(store, "operator", operator.hex())


def _first_records(desk: Desk, operator_name: str) -> None:
    place = {"name": desk.profile.name, "division_code": desk.profile.division_code}
    kind = "town" if desk.profile.role == "town" else "village"
    if kind == "village":
        place["town_name"] = desk.profile.town_name
    changes = [
        Change(kind, desk.scope, place),
        Change("operator", desk.operator, {"name": operator_name}),
    ]
    desk.ledger.append(desk.log(), changes, desk.operator, desk.new_id())


def unlock(paths: DeskPaths, ports: Ports, passphrase: str) -> Desk:
    """Open an existing desk; raises ``EnvironmentFault``: ``passphrase_wrong``, ``second_instance`` …"""
    if not paths.store.exists():
        raise EnvironmentFault("no_desk_here")
    refuse_unsafe_place(paths.root)
    lock = InstanceLock(paths.lock)
    try:
        return _open(paths, ports, keyslots.read_slot(paths, ports, USER, passphrase), lock)
    except BaseException:
        lock.release()
        raise


def open_again(desk: Desk) -> Desk:
    """Open a desk that was closed, with the key it has: its profile changed."""
    lock = InstanceLock(desk.paths.lock)
    try:
        return _open(desk.paths, desk.ports, desk.key, lock)
    except BaseException:
        lock.release()
        raise


def unlock_with_recovery(paths: DeskPaths, ports: Ports, secret: str, new_passphrase: str) -> Desk:
    """Open with the printed recovery secret and set a new passphrase."""
    refuse_unsafe_place(paths.root)
    lock = InstanceLock(paths.lock)
    try:
        key = keyslots.read_recovery_slot(paths, ports.files, secret)
        keyslots.write_slot(paths, ports, USER, key, new_passphrase)
        return _open(paths, ports, key, lock)
    except BaseException:
        lock.release()
        raise


def _open(paths: DeskPaths, ports: Ports, key: bytes, lock: InstanceLock) -> Desk:
    if not paths.store.stat().st_size:  # what some power cuts leave
        raise EnvironmentFault("store_damaged")
    store = _opened(paths, key)
    try:
        create_tables(store)
        saved = fact(store, "identity")
        if saved is None:
            raise EnvironmentFault("store_damaged")
        identity = Identity(bytes.fromhex(saved["seed"]), saved["age"])
        profile = Profile(**fact(store, "profile"))
        operator = bytes.fromhex(fact(store, "operator"))
        desk = Desk(paths, ports, profile, identity, operator, key, store, Ledger(store, ports), lock)
        _adopt_declarations(desk)
        desk = _be_this_desk(desk)
        _tell_restored(desk)
        card = read_card(paths, ports)
        _write_card(desk, ports.clock.now_ms(), card.backed_up if card else 0)
    except BaseException:
        store.close()
        raise
    return desk


def _opened(paths: DeskPaths, key: bytes) -> Store:
    """The slot proved the key: a store that it does not open is damaged."""
    try:
        return Store(open_database(paths.store, key))
    except EnvironmentFault as error:
        if error.code == "passphrase_wrong":
            raise EnvironmentFault("store_damaged") from error
        raise


def _tell_restored(desk: Desk) -> None:
    """An audit note that the desk came back from a backup."""
    if desk.paths.restored.exists():
        note = Change("audit", desk.new_id(), {"event": "restored"})
        desk.ledger.append(desk.log(), [note], desk.operator, desk.new_id())
        desk.ports.files.remove(desk.paths.restored)


def earlier_identities(desk: Desk) -> list[Identity]:
    """Keys this desk had before a restore or a copy, the newest first."""
    kept = fact(desk.store, "earlier_identities") or []
    return [Identity(bytes.fromhex(old["seed"]), old["age"]) for old in reversed(kept)]


def own_devices(desk: Desk) -> frozenset[bytes]:
    return frozenset(identity.device for identity in (desk.identity, *earlier_identities(desk)))


def known_trust(desk: Desk) -> TrustList | None:
    """The trust list held, None before there is one."""
    document = trust_document(desk.store)
    return None if document is None else decode_trust(document)


def _adopt_declarations(desk: Desk) -> None:
    """A newer program knows more kinds and fields: what was kept raw becomes visible."""
    if fact(desk.store, "declarations") == declarations():
        return
    with desk.store.transaction():
        judge_anew(desk.ledger, known_trust(desk), own_devices(desk))
        desk.ledger.fold_everything()
        put_fact(desk.store, "declarations", declarations())


def _be_this_desk(desk: Desk) -> Desk:
    """After a restore or on a copied folder: go on at once, but as a new device (sync.md section 3)."""
    anchor = read_anchor(desk.ports.files, desk.paths.anchor)

    def holds(scope: str, n: int, end: str) -> bool:
        log = LogId(desk.identity.device, bytes.fromhex(scope))
        return bytes.fromhex(end) in desk.ledger.journal.held(log, n, n).get(n, ())

    machine = blurred(machine_fingerprint())
    if not fact(desk.store, RENEW) and is_this_desk(anchor, desk.identity.device.hex(), machine, holds):
        return desk
    identity = Identity.make(desk.ports)
    with desk.store.transaction():
        earlier = fact(desk.store, "earlier_identities") or []
        put_fact(desk.store, "earlier_identities", [*earlier, fact(desk.store, "identity")])
        put_fact(desk.store, "identity", {"seed": identity.seed.hex(), "age": identity.age_secret})
        put_fact(desk.store, RENEW, False)
    renewed = replace(desk, identity=identity)
    write_own_anchor(renewed)
    return renewed


def _own_heads(desk: Desk) -> dict[str, tuple[int, str]]:
    own = desk.identity.device
    return {
        head.log.scope.hex(): (head.n, head.hash.hex())
        for head in desk.ledger.journal.heads()
        if head.log.device == own
    }


def write_own_anchor(desk: Desk) -> None:
    """Note outside the store how far the own logs went."""
    anchor = Anchor(desk.identity.device.hex(), blurred(machine_fingerprint()), _own_heads(desk))
    write_anchor(desk.ports.files, desk.paths.anchor, anchor)


def close(desk: Desk) -> None:
    """Note the anchor, close the connection, let another program in; closed it is even when the disk is full."""
    try:
        if desk.lock is not None:
            write_own_anchor(desk)
    finally:
        desk.store.close()
        if desk.lock is not None:
            desk.lock.release()


def change_passphrase(desk: Desk, old: str, new: str) -> None:
    """Raises ``EnvironmentFault`` ``passphrase_wrong`` or ``passphrase_weak``."""
    keyslots.read_slot(desk.paths, desk.ports, USER, old)
    keyslots.write_slot(desk.paths, desk.ports, USER, desk.key, new)


def renew_recovery(desk: Desk, passphrase: str) -> str:
    """A new recovery secret; the one written down before opens this desk no longer.  It is shown and kept nowhere.

    Raises ``EnvironmentFault`` ``passphrase_wrong``.
    """
    keyslots.read_slot(desk.paths, desk.ports, USER, passphrase)
    recovery = keyslots.write_recovery_slot(desk.paths, desk.ports.files, desk.key)
    put_fact(desk.store, RECOVERY, recovery.recipient)
    note_recovery(desk, False)
    return recovery.secret


def note_recovery(desk: Desk, kept: bool) -> None:
    """Whether the recovery secret was written down: a power cut may come while it is shown for the only time."""
    put_fact(desk.store, RECOVERY_KEPT, kept)


def recovery_is_kept(desk: Desk) -> bool:
    """False when the only showing of the recovery secret was broken off."""
    return fact(desk.store, RECOVERY_KEPT) is not False


def back_up(desk: Desk, folder: Path | None = None) -> Backup:
    """A verified backup; old ones beyond seven daily and four weekly go.

    The key slots are copied beside it: with them, the backup and the passphrase or the recovery key open on another
    machine.
    """
    target = folder or desk.paths.backups
    keyslots.copy_slots(desk.paths.slots, target / BACKUP_SLOTS, desk.ports.files)
    now = datetime.fromtimestamp(desk.ports.clock.now_ms() / 1000)
    backup = make_backup(desk.store, desk.key, target, desk.ports.files, now)
    for path in to_thin(backups_in(target), now, backup.path):
        desk.ports.files.remove(path)
    card = read_card(desk.paths, desk.ports)
    _write_card(desk, card.opened if card else 0, desk.ports.clock.now_ms())
    return backup
