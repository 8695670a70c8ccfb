"""Owns the doors to the outside world: clock, randomness, files.

Everything that can fail or differ between two runs comes through here, so that tests can inject faults, clocks and
crashes.  Writing any file: ``name.part`` → fsync → reopen and verify as a reader → rename → fsync folder
(design: sync.md section 4).
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from villagedesk.errors import EnvironmentFault


class Clock(Protocol):
    """Wall clock in milliseconds since 1970 (UTC).  May jump: nothing may rely on it going forward."""

    def now_ms(self) -> int: ...


class Entropy(Protocol):
    """Unpredictable bytes."""

    def take(self, count: int) -> bytes: ...


class Files(Protocol):
    """The file operations the program needs."""

    def read(self, path: Path, limit: int) -> bytes: ...

    def write(self, path: Path, fill: Callable[[BinaryIO], None], verify: Callable[[Path], None]) -> None: ...

    def replace(self, source: Path, target: Path) -> None: ...

    def remove(self, path: Path) -> None: ...


class SystemClock:
    """The machine's own clock."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000


class SystemEntropy:
    """The operating system's randomness."""

    def take(self, count: int) -> bytes:
        return secrets.token_bytes(count)


def fault_of(error: OSError, path: Path) -> EnvironmentFault:
    """Name an operating-system error in the program's own terms; ``path`` is shown by its last part only."""
    codes = {
        errno.ENOSPC: "disk_full",
        errno.EDQUOT: "disk_full",
        errno.EROFS: "folder_read_only",
        errno.EACCES: "folder_read_only",
        errno.EPERM: "folder_read_only",
        errno.ENOENT: "file_missing",
        errno.ENOTDIR: "file_missing",
        errno.EISDIR: "file_is_folder",
    }
    return EnvironmentFault(codes.get(error.errno or 0, "file_unreadable"), file=path.name)


def _write_fault(error: OSError, path: Path) -> EnvironmentFault:
    """As ``fault_of``, of a file that was to be written: what is missing is the place for it."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EEXIST):
        return EnvironmentFault("place_unwritable", file=path.parent.name or str(path.parent))
    return fault_of(error, path)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows offers no handle on a folder; the rename itself is journalled there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class SystemFiles:
    """Real files, written so that a power cut leaves the old or the new one whole."""

    def read(self, path: Path, limit: int) -> bytes:
        """At most ``limit`` bytes.  Raises ``DeskError`` ``file_too_large`` beyond, ``EnvironmentFault`` otherwise."""
        try:
            with path.open("rb") as stream:
                data = stream.read(limit + 1)
        except PermissionError as error:
            raise EnvironmentFault("file_forbidden", file=path.name) from error
        except OSError as error:
            raise fault_of(error, path) from error
        if len(data) > limit:
            raise EnvironmentFault("file_too_large", file=path.name)
        return data

    def write(self, path: Path, fill: Callable[[BinaryIO], None], verify: Callable[[Path], None]) -> None:
        """Write through ``fill``, let ``verify`` read the finished part file, then give it its name."""
        part = path.with_name(path.name + ".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as stream:
                fill(stream)
                stream.flush()
                os.fsync(stream.fileno())
            verify(part)
            part.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            raise _write_fault(error, path) from error
        finally:
            with contextlib.suppress(OSError):  # gone after the rename; on failure the half file must not stay
                part.unlink(missing_ok=True)

    def replace(self, source: Path, target: Path) -> None:
        try:
            source.replace(target)
            _sync_folder(target.parent)
        except OSError as error:
            raise fault_of(error, target) from error

    def remove(self, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise fault_of(error, path) from error


def write_bytes(files: Files, path: Path, data: bytes) -> None:
    """Write ``data`` durably; verified by reading it back."""

    def verify(part: Path) -> None:
        if files.read(part, len(data)) != data:
            raise EnvironmentFault("written_file_differs", file=path.name)

    files.write(path, lambda stream: _put(stream, data), verify)


def _put(stream: BinaryIO, data: bytes) -> None:
    stream.write(data)


class Passphrases(Protocol):
    """Locks a few bytes with a passphrase; slow by design, therefore a door of its own."""

    def lock(self, secret: bytes, passphrase: str) -> bytes: ...

    def unlock(self, sealed: bytes, passphrase: str) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Ports:
    """The doors handed to everything that needs one.  ``passphrases``: None = age's own scrypt."""

    clock: Clock = field(default_factory=SystemClock)
    entropy: Entropy = field(default_factory=SystemEntropy)
    files: Files = field(default_factory=SystemFiles)
    passphrases: Passphrases | None = None
