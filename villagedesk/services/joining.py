"""Owns how a village desk comes to its town: made from an invitation, or joining later.  No SQL, no Qt."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

from villagedesk.errors import DeskError
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports
from villagedesk.services import desks
from villagedesk.services.desks import Desk
from villagedesk.services.profile import Profile
from villagedesk.storage.facts import put_fact, put_trust
from villagedesk.sync.invitation import MAX_INVITATION, Invitation, decode_invitation


def create_invited(
    paths: DeskPaths, ports: Ports, *, invitation_file: Path, operator_name: str, passphrase: str
) -> tuple[Desk, str]:
    """A village desk made from the town's invitation; also returns the recovery secret."""
    invitation = read_invitation(ports, invitation_file)
    profile = Profile(
        "village",
        invitation.village_name,
        invitation.town_name,
        invitation.division_code,
        invitation.scope.hex(),
        invitation.trust.town.hex(),
    )
    desk, secret = desks.create(paths, ports, profile, operator_name, passphrase)
    _accept(desk, invitation)
    return desk, secret


def read_invitation(ports: Ports, path: Path) -> Invitation:
    """An invitation file; raises ``DeskError`` for one that is none."""
    return decode_invitation(ports.files.read(path, MAX_INVITATION))


def invited_place(desk: Desk, file: Path) -> tuple[str, str]:
    """The town that wrote an invitation and the village it is for."""
    invitation = read_invitation(desk.ports, file)
    return invitation.town_name, invitation.village_name


def join_town(desk: Desk, invitation_file: Path) -> Desk:
    """A desk that worked alone joins; no operation is rewritten, its scope stays its own."""
    if desk.profile.role != "village":
        raise DeskError("only_village_joins")
    invitation = read_invitation(desk.ports, invitation_file)
    if desk.profile.town not in (None, invitation.trust.town.hex()):
        raise DeskError("in_another_town", town=desk.profile.town_name)
    profile = replace(desk.profile, town=invitation.trust.town.hex(), town_name=invitation.town_name)
    put_fact(desk.store, "profile", asdict(profile))
    joined = replace(desk, profile=profile)
    _accept(joined, invitation)
    return joined


def _accept(desk: Desk, invitation: Invitation) -> None:
    with desk.store.transaction():
        put_trust(desk.store, invitation.trust_document)
        put_fact(desk.store, "enrolment_code", invitation.code.hex())
