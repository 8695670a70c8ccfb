"""Owns identities: record and action ids (UUIDv7, time-ordered), scopes, devices, logs (sync.md section 2).

Ids are 16 bytes; in text they are 32 lower-case hex digits.
"""

from __future__ import annotations

import hashlib
import string
from dataclasses import dataclass

from villagedesk.ports import Ports

ID_BYTES = 16
HEX_CHARS = 2 * ID_BYTES
_HEX = frozenset(string.digits + "abcdef")

#: ``by`` of an operation that no named operator made (a desk before its first operator exists).
NOBODY = bytes(ID_BYTES)


def new_id(ports: Ports) -> bytes:
    """A UUIDv7 (RFC 9562): 48 bits of wall clock, 74 random bits; ids made later sort later on one clock."""
    stamp = (ports.clock.now_ms() & 0xFFFF_FFFF_FFFF).to_bytes(6, "big")
    noise = bytearray(ports.entropy.take(10))
    noise[0] = 0x70 | (noise[0] & 0x0F)
    noise[2] = 0x80 | (noise[2] & 0x3F)
    return stamp + bytes(noise)


def is_hex_id(text: str) -> bool:
    """Whether ``text`` is the canonical text form of an id."""
    return len(text) == HEX_CHARS and _HEX.issuperset(text)


def device_id(public_key: bytes) -> bytes:
    """A device is named by its Ed25519 public key."""
    return hashlib.sha256(public_key).digest()[:ID_BYTES]


@dataclass(frozen=True, slots=True, order=True)
class LogId:
    """One append-only log: what one device wrote in one scope (a village, or the town)."""

    device: bytes
    scope: bytes

    @property
    def bytes(self) -> bytes:
        return self.device + self.scope
