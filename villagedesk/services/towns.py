"""Owns the town's side of trust: its authority, invitations, certificates, the list of villages.  No SQL, no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from villagedesk.domain.ids import LogId, device_id, new_id
from villagedesk.errors import DeskError
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports, write_bytes
from villagedesk.services import desks
from villagedesk.services.desks import RECOVERY, Desk, known_trust, own_devices
from villagedesk.services.profile import Profile
from villagedesk.services.verdicts import judge_anew
from villagedesk.storage import keyslots
from villagedesk.storage.facts import fact, put_fact, put_trust, trust_document
from villagedesk.sync.certificate import issue, read_certificate
from villagedesk.sync.contents import Enrolment
from villagedesk.sync.identity import Identity, is_recipient
from villagedesk.sync.invitation import Invitation, encode_invitation
from villagedesk.sync.trust import TrustList, decode_trust, encode_trust

#: How far a restored town jumps ahead in the versions of its trust list.
_AFTER_RESTORE = 1000


@dataclass(frozen=True, slots=True)
class VillageRow:
    """One village as the town sees it.  ``received``: wall ms of the last bundle or 0; ``joined``: a desk enrolled."""

    scope: bytes
    name: str
    division_code: str
    joined: bool
    received: int


def create_town(
    paths: DeskPaths, ports: Ports, *, name: str, division_code: str, operator_name: str, passphrase: str
) -> tuple[Desk, str]:
    """A town desk with its own certificate authority; also returns the recovery secret."""
    scope = new_id(ports).hex()
    profile = Profile("town", name, name, division_code, scope, scope)
    desk, secret = desks.create(paths, ports, profile, operator_name, passphrase)
    trust_of(desk)
    return desk, secret


def require_town(desk: Desk) -> None:
    if desk.profile.role != "town":
        raise DeskError("only_town")


def authority(desk: Desk) -> Identity:
    """The town's certificate authority; made at first use."""
    require_town(desk)
    saved = fact(desk.store, "authority")
    if saved is None:
        made = Identity.make(desk.ports)
        put_fact(desk.store, "authority", {"seed": made.seed.hex(), "age": made.age_secret})
        return made
    return Identity(bytes.fromhex(saved["seed"]), saved["age"])


def trust_of(desk: Desk) -> TrustList | None:
    """The trust list this desk goes by; None while it works alone.  A town makes its own at first use."""
    trust = known_trust(desk)
    if desk.profile.role != "town" or (trust is not None and trust.authority(desk.identity.device) is not None):
        return trust
    ca = authority(desk)
    if trust is None:
        trust = TrustList(0, desk.scope, ca.public, (ca.recipient, fact(desk.store, RECOVERY)))
    else:  # restored or copied: lists published since that backup must not win over this one
        trust = replace(trust, version=trust.version + _AFTER_RESTORE)
    version = trust.version + 1
    certificate = read_certificate(issue(ca, desk.identity.public, version, True, frozenset({desk.scope})), ca.public)
    assert certificate is not None
    recovery = keyslots.recovery_recipient(desk.paths, desk.ports.files) or fact(desk.store, RECOVERY)
    kept = (recovery if known == fact(desk.store, RECOVERY) else known for known in trust.recipients)
    recipients = (desk.identity.recipient, *kept)
    put_fact(desk.store, RECOVERY, recovery)
    devices = {**trust.devices, desk.identity.device: (certificate, desk.identity.recipient)}
    return _publish(desk, replace(trust, version=version, recipients=recipients, devices=devices))


def renew_recovery(desk: Desk, passphrase: str) -> str:
    """A new recovery secret; what is handed in to a town from the next bundle of it on is sealed for that one too.

    Raises ``EnvironmentFault`` ``passphrase_wrong``.
    """
    former = fact(desk.store, RECOVERY)
    secret = desks.renew_recovery(desk, passphrase)
    trust = trust_of(desk)
    if desk.profile.role == "town" and trust is not None:
        recipients = tuple(fact(desk.store, RECOVERY) if known == former else known for known in trust.recipients)
        _publish(desk, replace(trust, version=trust.version + 1, recipients=recipients))
    return secret


def _publish(desk: Desk, trust: TrustList) -> TrustList:
    put_trust(desk.store, encode_trust(trust, authority(desk)))
    return trust


def _invitations(desk: Desk) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] | None = fact(desk.store, "invitations")
    return found or {}


def invite(desk: Desk, village_name: str, division_code: str, target: Path, scope: bytes | None = None) -> Invitation:
    """Write an invitation file for one village; the code in it enrols one device.

    ``scope``: of a known village that gets another computer.  A village that was invited and has not joined gets
    another file for the same place; whichever comes back first uses up the others.  Raises ``DeskError``
    ``village_joined_already``.
    """
    require_town(desk)
    known = next((row for row in villages(desk) if row.name == village_name), None) if scope is None else None
    if known is not None and known.joined:
        raise DeskError("village_joined_already", village=village_name)
    scope = scope or (known.scope if known is not None else None)
    trust_of(desk)
    document = trust_document(desk.store)
    assert document is not None
    code, scope = desk.ports.entropy.take(16), scope or desk.new_id()
    invitation = Invitation(
        code, scope, village_name, desk.profile.name, division_code, document, decode_trust(document)
    )
    write_bytes(desk.ports.files, target, encode_invitation(invitation, authority(desk)))
    entry = {"scope": scope.hex(), "name": village_name, "division": division_code, "device": ""}
    put_fact(desk.store, "invitations", {**_invitations(desk), code.hex(): entry})
    return invitation


def replace_machine(desk: Desk, scope: bytes, target: Path) -> Invitation:
    """村里换电脑: what its machines handed in so far counts, nothing they write later; another one is invited.

    The new machine gets everything the town holds of the village with its first receipt.  Raises ``DeskError``
    ``village_unknown``.
    """
    require_town(desk)
    village = next((row for row in villages(desk) if row.scope == scope), None)
    if village is None:
        raise DeskError("village_unknown")
    trust = trust_of(desk)
    assert trust is not None
    logs = [LogId(device, scope) for device, (known, _) in trust.devices.items() if scope in known.scopes]
    ends = {log: desk.ledger.journal.highest(log) for log in logs if log not in trust.revoked and not _town(trust, log)}
    if ends:
        revoke(desk, ends)
    return invite(desk, village.name, village.division_code, target, scope)


def _town(trust: TrustList, log: LogId) -> bool:
    known = trust.authority(log.device)
    return known is not None and known.town


def may_enrol(desk: Desk, wish: Enrolment) -> bool:
    """Whether the code is known and was not used by another device, or an enrolled device of that scope vouches."""
    if len(wish.scopes) != 1 or not is_recipient(wish.recipient):
        return False
    trust = trust_of(desk)
    for sponsor in wish.sponsors():
        known = trust.authority(device_id(sponsor)) if trust else None
        revoked = trust is not None and LogId(device_id(sponsor), wish.scopes[0]) in trust.revoked
        if known is not None and not known.town and not revoked and known.scopes.issuperset(wish.scopes):
            return True
    entry = _invitations(desk).get(wish.code.hex())
    if entry is None:
        return False
    taken = {other["scope"] for other in _invitations(desk).values()} - {entry["scope"]} | {desk.profile.scope}
    return entry["device"] in ("", wish.public.hex()) and wish.scopes[0].hex() not in taken


def invited_scope(desk: Desk, wish: Enrolment | None) -> bytes:
    """The scope that was written into the invitation a wish answers, b"" where it answers none of this town."""
    entry = _invitations(desk).get(wish.code.hex()) if wish is not None else None
    return bytes.fromhex(entry["scope"]) if entry is not None else b""


def enrol(desk: Desk, wish: Enrolment) -> TrustList:
    """Issue the certificate and publish a longer trust list (inside the caller's transaction)."""
    trust = trust_of(desk)
    assert trust is not None
    ca = authority(desk)
    text = issue(ca, wish.public, trust.version + 1, False, frozenset(wish.scopes))
    certificate = read_certificate(text, ca.public)
    assert certificate is not None
    invitations = _invitations(desk)
    entry = invitations.get(wish.code.hex())
    if entry is not None and not entry["device"]:
        used = ("", entry["scope"])
        others = (code for code, other in invitations.items() if (other["device"], other["scope"]) == used)
        for code in [code for code in others if code != wish.code.hex()]:
            del invitations[code]
        invitations[wish.code.hex()] = {**entry, "device": wish.public.hex(), "scope": wish.scopes[0].hex()}
        put_fact(desk.store, "invitations", invitations)
    devices = {**trust.devices, certificate.device: (certificate, wish.recipient)}
    return _publish(desk, replace(trust, version=trust.version + 1, devices=devices))


def revoke(desk: Desk, last_counting: Mapping[LogId, int]) -> TrustList:
    """Nothing written after these places in these logs counts any more, also what is held already."""
    trust = trust_of(desk)
    assert trust is not None
    with desk.store.transaction():
        revoked = {**trust.revoked, **last_counting}
        shorter = _publish(desk, replace(trust, version=trust.version + 1, revoked=revoked))
        judge_anew(desk.ledger, shorter, own_devices(desk))
    return shorter


def villages(desk: Desk) -> list[VillageRow]:
    """All invited villages in the order of their names; of one invited again, its newest invitation."""
    require_town(desk)
    received: dict[str, int] = fact(desk.store, "received") or {}
    newest = {entry["scope"]: entry for entry in _invitations(desk).values()}
    rows = [
        VillageRow(
            bytes.fromhex(scope), entry["name"], entry["division"], bool(entry["device"]), int(received.get(scope, 0))
        )
        for scope, entry in newest.items()
    ]
    return sorted(rows, key=lambda row: (row.division_code, row.name))
