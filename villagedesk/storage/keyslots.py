"""Owns how the data key is locked away: one age file per user (scrypt passphrase) and one for recovery (section 5).

No home-made crypto: the slot is an ordinary age file that holds 32 bytes; anyone with the passphrase and the public
``age`` command could open it.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import NamedTuple

import pyrage

from villagedesk.domain import passphrases
from villagedesk.errors import EnvironmentFault
from villagedesk.paths import DeskPaths
from villagedesk.ports import Files, Passphrases, Ports, write_bytes

KEY_BYTES = 32
_SLOT_LIMIT = 64 * 1024
_SECRET = "AGE-SECRET-KEY-1"
#: File beside the slots with the public half of the recovery secret.
RECIPIENT = "recovery.pub"


def _normal(passphrase: str) -> str:
    """Two keyboards may compose one character differently; NFC makes them agree."""
    return unicodedata.normalize("NFC", passphrase.strip())


def slot_path(paths: DeskPaths, user: str) -> Path:
    return paths.slots / f"{user}.age"


def new_data_key(ports: Ports) -> bytes:
    return ports.entropy.take(KEY_BYTES)


class AgePassphrases:
    """An ordinary age file with a scrypt passphrase."""

    def lock(self, secret: bytes, passphrase: str) -> bytes:
        return bytes(pyrage.passphrase.encrypt(secret, passphrase))

    def unlock(self, sealed: bytes, passphrase: str) -> bytes | None:
        try:
            return bytes(pyrage.passphrase.decrypt(sealed, passphrase))
        except pyrage.DecryptError:
            return None


def _passphrases(ports: Ports) -> Passphrases:
    return ports.passphrases or AgePassphrases()


def write_slot(paths: DeskPaths, ports: Ports, user: str, key: bytes, passphrase: str) -> None:
    """Lock ``key`` for ``user`` and prove it by unlocking; raises ``EnvironmentFault`` ``passphrase_weak``."""
    if not passphrases.passphrase_is_strong(passphrase):
        raise EnvironmentFault("passphrase_weak")
    sealed = _passphrases(ports).lock(key, _normal(passphrase))
    write_bytes(ports.files, slot_path(paths, user), sealed)
    if read_slot(paths, ports, user, passphrase) != key:
        raise EnvironmentFault("written_file_differs", file=f"{user}.age")


def read_slot(paths: DeskPaths, ports: Ports, user: str, passphrase: str) -> bytes:
    """The data key; raises ``EnvironmentFault`` ``passphrase_wrong`` or ``slot_missing``."""
    key = _passphrases(ports).unlock(_sealed(paths, ports.files, user), _normal(passphrase))
    if key is None:
        raise EnvironmentFault("passphrase_wrong")
    if len(key) != KEY_BYTES:
        raise EnvironmentFault("store_damaged")
    return key


def _sealed(paths: DeskPaths, files: Files, user: str) -> bytes:
    path = slot_path(paths, user)
    if not path.exists():
        raise EnvironmentFault("slot_missing", file=path.name)
    return files.read(path, _SLOT_LIMIT)


def copy_slots(source: Path, target: Path, files: Files) -> None:
    """Every slot of ``source`` also in ``target``: a backup without a slot beside it opens nowhere else."""
    for path in sorted((*source.glob("*.age"), *source.glob(RECIPIENT))):
        write_bytes(files, target / path.name, files.read(path, _SLOT_LIMIT))


class RecoveryKey(NamedTuple):
    """``secret`` is written down and stays nowhere on this machine; for ``recipient`` anyone may seal."""

    secret: str
    recipient: str


def write_recovery_slot(paths: DeskPaths, files: Files, key: bytes) -> RecoveryKey:
    """Lock ``key`` for a new recovery identity."""
    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    write_bytes(files, slot_path(paths, "recovery"), pyrage.encrypt(key, [identity.to_public()]))
    write_bytes(files, paths.slots / RECIPIENT, recipient.encode("ascii"))
    return RecoveryKey(str(identity), recipient)


def recovery_recipient(paths: DeskPaths, files: Files) -> str:
    """For whom anyone may seal so that the valid recovery secret opens it; "" where that is not known here.

    It lies beside the slot and not in the store: a backup put back may be older than the present secret.
    """
    path = paths.slots / RECIPIENT
    return files.read(path, _SLOT_LIMIT).decode("ascii") if path.exists() else ""


def read_recovery_slot(paths: DeskPaths, files: Files, secret: str) -> bytes:
    """The data key by the printed secret; raises ``EnvironmentFault`` ``recovery_wrong`` or ``slot_missing``."""
    sealed = _sealed(paths, files, "recovery")
    try:
        plain = secret.strip().upper()
        whole = plain if plain.startswith(_SECRET) else _SECRET + plain  # the fixed beginning is easily left out
        identity = pyrage.x25519.Identity.from_str(whole)
        return bytes(pyrage.decrypt(sealed, [identity]))
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        raise EnvironmentFault("recovery_wrong") from error
