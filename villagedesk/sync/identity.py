"""Owns a device's keys: Ed25519 to sign with, an age identity to receive with, and the town's certificate authority.

Secrets are kept by the encrypted store alone; this module turns them into objects and back.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from villagedesk.domain.ids import device_id
from villagedesk.ports import Ports

SEED_BYTES = 32
SIGNATURE_BYTES = 64


@dataclass(frozen=True)
class Identity:
    """``seed``: Ed25519 private key (32 bytes); ``age_secret``: ``AGE-SECRET-KEY-1…``."""

    seed: bytes
    age_secret: str

    @classmethod
    def make(cls, ports: Ports) -> Identity:
        return cls(ports.entropy.take(SEED_BYTES), str(pyrage.x25519.Identity.generate()))

    @property
    def key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @cached_property
    def public(self) -> bytes:
        """The Ed25519 public key, 32 bytes."""
        return self.key.public_key().public_bytes_raw()

    @cached_property
    def device(self) -> bytes:
        return device_id(self.public)

    @property
    def recipient(self) -> str:
        """The age recipient (``age1…``) that others encrypt to."""
        return str(pyrage.x25519.Identity.from_str(self.age_secret).to_public())

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)

    def open(self, sealed: bytes) -> bytes | None:
        """Decrypt an age file made for this device; None when it was made for others."""
        try:
            opened: bytes = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(self.age_secret)])
        except pyrage.DecryptError:
            return None
        return opened


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature by ``public`` is right; malformed keys are simply wrong."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_recipient(text: str) -> bool:
    """Whether ``text`` is an age recipient."""
    if not text.isascii():
        return False
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True
