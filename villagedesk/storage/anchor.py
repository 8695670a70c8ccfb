"""Owns the anchor: a note outside the database of how far this desk's own logs went (sync.md section 3).

A database behind its anchor was restored, one with another fingerprint was cloned; in both cases the desk must go on
as a new device, because two desks must never write the same place in one log.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from villagedesk.errors import EnvironmentFault
from villagedesk.ports import Files, write_bytes

_LIMIT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Anchor:
    """``heads``: per scope (hex) the greatest n of the own log and its hash (hex)."""

    device: str
    machine: str
    heads: Mapping[str, tuple[int, str]]


def blurred(fingerprint: str) -> str:
    """The machine's fingerprint as it may stand in a plain file."""
    return hashlib.sha256(b"VD-machine\0" + fingerprint.encode()).hexdigest()[:32]


def write_anchor(files: Files, path: Path, anchor: Anchor) -> None:
    document = {"device": anchor.device, "machine": anchor.machine, "heads": dict(anchor.heads)}
    write_bytes(files, path, json.dumps(document, sort_keys=True).encode())


def read_anchor(files: Files, path: Path) -> Anchor | None:
    """The anchor, or None where there is none or it cannot be understood (then the desk becomes a new device)."""
    if not path.exists():
        return None
    try:
        document = json.loads(files.read(path, _LIMIT))
        heads = {str(scope): (int(n), str(end)) for scope, (n, end) in document["heads"].items()}
        return Anchor(str(document["device"]), str(document["machine"]), heads)
    except (ValueError, KeyError, TypeError, AttributeError, EnvironmentFault):
        return None


def is_this_desk(anchor: Anchor | None, device: str, machine: str, holds: Callable[[str, int, str], bool]) -> bool:
    """Whether the store may go on writing as ``device``: same machine, and it holds every end the anchor names.

    ``holds(scope, n, end)``: whether the own log of a scope (hex) has the hash ``end`` (hex) at place n.
    """
    if anchor is None or anchor.device != device or anchor.machine != machine:
        return False
    return all(not n or holds(scope, n, end) for scope, (n, end) in anchor.heads.items())
