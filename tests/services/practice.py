"""Desks with invented people for the tests of the exchange."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from villagedesk.domain.catalogue import SCHEMA
from villagedesk.domain.ids import LogId
from villagedesk.domain.operation import Header, Operation, encode_payload, first_hash, next_operation
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports
from villagedesk.progress import Progress
from villagedesk.services import bundles, intake, joining, towns
from villagedesk.services.desks import Desk
from villagedesk.storage.journal import Head
from villagedesk.storage.ledger import Change
from villagedesk.sync.bundle import seal
from villagedesk.sync.contents import Contents, Segment, sign_segment
from villagedesk.sync.identity import Identity

PASSPHRASE = "a long enough passphrase"


class QuickPassphrases:
    """age's scrypt takes seconds by design; tests of the exchange need only right or wrong."""

    def lock(self, secret: bytes, passphrase: str) -> bytes:
        return hashlib.sha256(passphrase.encode()).digest() + secret

    def unlock(self, sealed: bytes, passphrase: str) -> bytes | None:
        return sealed[32:] if sealed[:32] == hashlib.sha256(passphrase.encode()).digest() else None


PORTS = Ports(passphrases=QuickPassphrases())


def town_with_sheet(folder: Path, name: str = "青禾镇") -> tuple[Desk, str]:
    """A town desk and its recovery secret, which stands on paper."""
    return towns.create_town(
        DeskPaths(folder),
        PORTS,
        name=name,
        division_code="999901100000",
        operator_name="王镇干",
        passphrase=PASSPHRASE,
    )


def made_town(folder: Path, name: str = "青禾镇") -> Desk:
    return town_with_sheet(folder, name)[0]


def invited(tmp_path: Path, town: Desk, name: str, folder: str = "village") -> Desk:
    invitation = tmp_path / f"{folder}.vdinvite"
    towns.invite(town, name, "999901100201", invitation)
    desk, _ = joining.create_invited(
        DeskPaths(tmp_path / folder),
        PORTS,
        invitation_file=invitation,
        operator_name="李会英",
        passphrase=PASSPHRASE,
    )
    return desk


def add_household(desk: Desk, number: str, name: str) -> tuple[bytes, bytes]:
    household, member = desk.new_id(), desk.new_id()
    changes = [
        Change("household", household, {"household_no": number, "phone": "13800000000"}),
        Change("member", member, {"household": household.hex(), "name": name, "relation": "02", "seq": 1}),
    ]
    desk.ledger.append(desk.log(), changes, desk.operator, desk.new_id())
    return household, member


def hand_in(village: Desk, town: Desk, tmp_path: Path) -> intake.Intake:
    files = bundles.export(village, tmp_path / "usb", Progress()).files
    return intake.import_files(town, files, Progress(), receipts=tmp_path / "back")


def raw_segment(
    author: Identity, log: LogId, entries: Sequence[tuple[str, bytes, dict[str, Any]]], after: Head | None = None
) -> tuple[Segment, tuple[Operation, ...]]:
    """A signed range of hand-made operations (kind, record, changed fields), whatever the catalogue says."""
    start, end = (after.n, after.hash) if after else (0, first_hash(log))
    prev, operations = end, []
    for index, (kind, record, changed) in enumerate(entries):
        payload = encode_payload(b"\0" * 12, 5, changed, {})
        header = Header(start + index + 1, kind, record, 5 + index, b"b" * 16, b"a" * 16, SCHEMA)
        operations.append(next_operation(end, log, header, payload))
        end = operations[-1].hash
    return sign_segment(author, log, start + 1, start + len(entries), prev, end), tuple(operations)


def sealed_by(desk: Desk, contents: Contents, folder: Path, **changes: Any) -> Path:
    """A bundle file to the town, as this desk would seal it; ``changes``: what a forger puts instead."""
    trust = towns.trust_of(desk)
    assert trust is not None
    authority = trust.authority(desk.identity.device)
    how = {"sender": desk.identity, "certificate": authority.text if authority else "", "town": trust.town} | changes
    path = folder / f"{contents.bundle_id.hex()}.vdbundle"
    data = seal(contents, how["sender"], how["certificate"], how["town"], trust.recipients, 1, "test")
    path.write_bytes(data)
    return path
