"""Owns which sticks are plugged in: where a bundle may be put or may wait.  Windows is unproved.

Only looks; what lies on a stick is read by others.
"""

from __future__ import annotations

import shutil
import string
import sys
from dataclasses import dataclass
from pathlib import Path

#: Where Linux desktops mount what is plugged in.
MOUNT_ROOTS = (Path("/media"), Path("/run/media"))
_REMOVABLE = 2


@dataclass(frozen=True, slots=True)
class Drive:
    """A plugged-in stick.  ``free``: bytes left, 0 when unknown."""

    path: Path
    name: str
    free: int


def drives(roots: tuple[Path, ...] = MOUNT_ROOTS) -> list[Drive]:
    """Sticks in the order of their paths."""
    places = _windows() if sys.platform == "win32" else _mounted(roots)
    return [Drive(place, place.name or str(place), _free(place)) for place in sorted(places)]


def place_of(folder: Path) -> list[str]:
    """What a person calls the place where a folder lies: ["usb", name of the stick] or ["folder", its own name]."""
    whole = folder.absolute()
    stick = next((drive for drive in drives() if whole.is_relative_to(drive.path)), None)
    return ["usb", stick.name] if stick is not None else ["folder", whole.name or str(whole)]


def _mounted(roots: tuple[Path, ...]) -> list[Path]:
    """Mount points directly below a root, or below a folder of the user's name there."""
    found: list[Path] = []
    for root in roots:
        for place in _folders(root):
            if place.is_mount():
                found.append(place)
            else:
                found += (inner for inner in _folders(place) if inner.is_mount())
    return found


def _folders(root: Path) -> list[Path]:
    try:
        return [place for place in root.iterdir() if place.is_dir()]
    except OSError:
        return []


def _windows() -> list[Path]:
    import ctypes

    kind = ctypes.windll.kernel32.GetDriveTypeW  # type: ignore[attr-defined, unused-ignore] # Windows only
    return [Path(f"{letter}:\\") for letter in string.ascii_uppercase if kind(f"{letter}:\\") == _REMOVABLE]


def _free(place: Path) -> int:
    try:
        return shutil.disk_usage(place).free
    except OSError:
        return 0
