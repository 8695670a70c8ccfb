"""Owns that one program at a time works on a desk: an operating-system lock that a crash releases by itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO

from villagedesk.errors import EnvironmentFault
from villagedesk.ports import fault_of


class InstanceLock:
    """Held from construction to ``release``; raises ``EnvironmentFault`` ``second_instance`` when another holds it."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._stream: BinaryIO = path.open("a+b")
        except OSError as error:
            raise fault_of(error, path) from error
        try:
            _lock(self._stream)
        except OSError as error:
            self._stream.close()
            raise EnvironmentFault("second_instance") from error

    def release(self) -> None:
        """Let another program in; safe to call twice."""
        if not self._stream.closed:
            _unlock(self._stream)
            self._stream.close()


if sys.platform == "win32":
    import msvcrt

    def _lock(stream: BinaryIO) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

    def _unlock(stream: BinaryIO) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(stream: BinaryIO) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(stream: BinaryIO) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_UN)


def machine_fingerprint() -> str:
    """Tells this machine from another one that got a copy of the folder; not a secret, not unique in theory."""
    for path in (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id")):
        try:
            text = path.read_text(encoding="ascii").strip()
        except OSError:
            continue
        if text:
            return text
    return os.environ.get("COMPUTERNAME", "unknown")
