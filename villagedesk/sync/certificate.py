"""Owns certificates: an OpenSSH certificate binds a device key to scopes and a role (sync.md section 1, point 7).

Anyone can read one with ``ssh-keygen -L``.  Principals: ``role:village`` or ``role:town``, and ``scope:<32 hex>``.
Expiry only warns and is therefore not written; revocation names a log position and stands in the trust list.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    SSHCertificate,
    SSHCertificateBuilder,
    SSHCertificateType,
    load_ssh_public_identity,
)

from villagedesk.domain.ids import device_id, is_hex_id
from villagedesk.sync.identity import Identity

MAX_CERTIFICATE = 4096
_FOREVER = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Authority:
    """What a device may do: ``town`` devices write everywhere, village devices in ``scopes``."""

    public: bytes
    town: bool
    scopes: frozenset[bytes]
    text: str

    @property
    def device(self) -> bytes:
        return device_id(self.public)

    def may_write(self, scope: bytes, town_only: bool) -> bool:
        return self.town or (scope in self.scopes and not town_only)


def issue(ca: Identity, public: bytes, serial: int, town: bool, scopes: frozenset[bytes]) -> str:
    """A certificate by the town's authority for a device key; one line of text without a comment."""
    principals = [b"role:town" if town else b"role:village", *(b"scope:" + s.hex().encode() for s in sorted(scopes))]
    certificate = (
        SSHCertificateBuilder()
        .public_key(Ed25519PublicKey.from_public_bytes(public))
        .serial(serial)
        .type(SSHCertificateType.USER)
        .key_id(device_id(public).hex().encode())
        .valid_principals(principals)
        .valid_after(0)
        .valid_before(_FOREVER)
        .sign(ca.key)
    )
    return certificate.public_bytes().decode("ascii")


def read_certificate(text: str, ca_public: bytes) -> Authority | None:
    """The authority in a certificate signed by ``ca_public``; None for anything else."""
    if len(text) > MAX_CERTIFICATE:
        return None
    try:
        certificate = load_ssh_public_identity(text.encode("ascii"))
        if not isinstance(certificate, SSHCertificate) or certificate.type is not SSHCertificateType.USER:
            return None
        signer, subject = certificate.signature_key(), certificate.public_key()
        if not isinstance(signer, Ed25519PublicKey) or not isinstance(subject, Ed25519PublicKey):
            return None
        if signer.public_bytes_raw() != ca_public:
            return None
        certificate.verify_cert_signature()
    except (ValueError, UnicodeError, InvalidSignature, UnsupportedAlgorithm):
        return None
    names = [name.decode("ascii", "replace") for name in certificate.valid_principals]
    scopes = [name.removeprefix("scope:") for name in names if name.startswith("scope:")]
    return Authority(
        subject.public_bytes_raw(),
        "role:town" in names,
        frozenset(bytes.fromhex(scope) for scope in scopes if is_hex_id(scope)),
        text,
    )
