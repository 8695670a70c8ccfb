"""Owns where a desk's folder may lie: on a disk of this machine, never on a network share or a stick (section 5).

SQLite's locks do not hold on network file systems, and a stick is pulled out without asking.  Bundles and backups may
go there.  Windows is unproved.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from villagedesk.errors import EnvironmentFault

#: Where Linux lists mounts and block devices.
MOUNTS = Path("/proc/self/mounts")
DEVICES = Path("/sys/dev/block")

_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "lustre", "davfs"}
    | {
        "fuse." + name
        for name in ("sshfs", "davfs", "davfs2", "rclone", "gvfsd-fuse", "glusterfs", "s3fs", "curlftpfs")
    }
)
_ESCAPED = re.compile(r"\\([0-7]{3})")


def refuse_unsafe_place(folder: Path) -> None:
    """Raises ``EnvironmentFault`` ``desk_on_network`` or ``desk_on_stick``; what cannot be told is let through."""
    existing = folder.absolute()
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    if sys.platform == "win32":
        kind = _windows_kind(existing)
    else:
        kind = _linux_kind(existing.resolve())
    if kind == "network":
        raise EnvironmentFault("desk_on_network", file=folder.name)
    if kind == "stick":
        raise EnvironmentFault("desk_on_stick", file=folder.name)


def _linux_kind(folder: Path) -> str:
    try:
        mounts = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
        if mount_type(folder, mounts) in _NETWORK:
            return "network"
        device = folder.stat().st_dev
        return "stick" if _removable(f"{os.major(device)}:{os.minor(device)}") else ""
    except OSError:
        return ""


def mount_type(folder: Path, mounts: str) -> str:
    """The file system type of the mount that ``folder`` lies in; "" when none is listed."""
    best, found = -1, ""
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = Path(_ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), parts[1]))
        if folder.is_relative_to(point) and len(point.parts) >= best:
            best, found = len(point.parts), parts[2]
    return found


def _removable(number: str) -> bool:
    """A partition says it through the disk it lies on."""
    device = (DEVICES / number).resolve()
    for level in (device, device.parent):
        flag = level / "removable"
        if flag.is_file():
            return flag.read_text(encoding="ascii").strip() == "1"
    return False


def _windows_kind(folder: Path) -> str:
    if sys.platform != "win32":
        return ""
    import ctypes

    kind = ctypes.windll.kernel32.GetDriveTypeW(folder.anchor)
    return {2: "stick", 4: "network"}.get(kind, "")
