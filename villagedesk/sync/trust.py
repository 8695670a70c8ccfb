"""Owns the trust list: the town's signed word on who may write what, and whom to encrypt to (sync.md section 4).

Its version only grows.  A revocation names the last log position that still counts, never a time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from villagedesk.domain.ids import LogId, is_hex_id
from villagedesk.errors import DeskError
from villagedesk.sync.certificate import Authority, read_certificate
from villagedesk.sync.identity import Identity, is_recipient, signature_holds

MAX_TRUST = 4 * 1024 * 1024
_LABEL = b"VillageDesk trust list v1\n"


@dataclass(frozen=True, slots=True)
class TrustList:
    """``ca``: the authority's public key; ``recipients``: whom bundles to the town are encrypted to (town, recovery);
    ``devices``: certificate text and age recipient by device; ``revoked``: last counting n by log."""

    version: int
    town: bytes
    ca: bytes
    recipients: tuple[str, ...]
    devices: Mapping[bytes, tuple[Authority, str]] = field(default_factory=dict)
    revoked: Mapping[LogId, int] = field(default_factory=dict)

    def authority(self, device: bytes) -> Authority | None:
        entry = self.devices.get(device)
        return entry[0] if entry else None

    def shut_out(self, device: bytes) -> bool:
        """Whether a device may write nowhere any more."""
        known = self.authority(device)
        return known is not None and all(LogId(device, scope) in self.revoked for scope in known.scopes)

    def counts(self, log: LogId, n: int) -> bool:
        """Whether position ``n`` of a log is not revoked."""
        return n <= self.revoked.get(log, n)


def encode_trust(trust: TrustList, ca: Identity) -> bytes:
    """The signed document: one line of JSON, then one line with the signature in hex."""
    body = json.dumps(
        {
            "version": trust.version,
            "town": trust.town.hex(),
            "ca": trust.ca.hex(),
            "recipients": list(trust.recipients),
            "devices": [
                {"cert": authority.text, "age": recipient}
                for _, (authority, recipient) in sorted(trust.devices.items())
            ],
            "revoked": [
                {"device": log.device.hex(), "scope": log.scope.hex(), "n": n}
                for log, n in sorted(trust.revoked.items())
            ],
        },
        sort_keys=True,
        separators=(",", ":"),
    ).encode("ascii")
    return body + b"\n" + ca.sign(_LABEL + body).hex().encode("ascii")


@lru_cache(maxsize=4)
def decode_trust(document: bytes, ca: bytes | None = None) -> TrustList:
    """Read and verify a trust list; ``ca`` is the authority already known (None: first contact, by invitation).

    Raises ``DeskError`` ``trust_invalid``.
    """
    try:
        if len(document) > MAX_TRUST:
            raise ValueError("too large")
        body, signature = document.split(b"\n")
        raw: dict[str, Any] = json.loads(body)
        authority = bytes.fromhex(raw["ca"])
        if ca is not None and ca != authority:
            raise ValueError("another authority")
        if not signature_holds(authority, _LABEL + body, bytes.fromhex(signature.decode("ascii"))):
            raise ValueError("signature")
        return _from_document(raw, authority)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DeskError("trust_invalid") from error


def _from_document(raw: dict[str, Any], ca: bytes) -> TrustList:
    devices = {}
    for entry in raw["devices"]:
        authority = read_certificate(entry["cert"], ca)
        if authority is None or not is_recipient(entry["age"]):
            raise ValueError("certificate")
        devices[authority.device] = (authority, str(entry["age"]))
    if not raw["recipients"] or not all(is_recipient(recipient) for recipient in raw["recipients"]):
        raise ValueError("recipients")
    if type(raw["version"]) is not int or raw["version"] < 1 or not is_hex_id(raw["town"]):
        raise ValueError("version or town")
    revoked = {
        LogId(bytes.fromhex(entry["device"]), bytes.fromhex(entry["scope"])): int(entry["n"])
        for entry in raw["revoked"]
    }
    return TrustList(raw["version"], bytes.fromhex(raw["town"]), ca, tuple(raw["recipients"]), devices, revoked)
