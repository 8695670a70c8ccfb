"""Owns how one desk's window likes to look and where it keeps things: ``settings.json``, read before unlocking.

Nothing in it is personal.  A damaged file never keeps the program from starting.  Must not know Qt.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from villagedesk.errors import EnvironmentFault
from villagedesk.ports import Files, write_bytes

THEMES = ("light", "dark", "high_contrast")
LANGUAGES = ("zh_CN", "en")
SCALES = (80, 200)
IDLE_MINUTES = (1, 240)
_LIMIT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """``scale``: percent; folders: "" = not chosen yet; ``idle_minutes``: until the desk locks itself.

    ``others``: what a newer program wrote, kept as it is.
    """

    theme: str = "light"
    scale: int = 100
    language: str = "zh_CN"
    bundle_folder: str = ""
    second_backup_folder: str = ""
    idle_minutes: int = 10
    others: Mapping[str, Any] = field(default_factory=dict)


def load_settings(files: Files, path: Path) -> Settings:
    """The settings kept at ``path``; defaults where there are none or they cannot be read.

    A damaged file is set aside as ``settings.damaged.json``; a single wrong value gives way to its default.
    """
    try:
        document = json.loads(files.read(path, _LIMIT))
    except EnvironmentFault:
        return Settings()
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        with contextlib.suppress(EnvironmentFault):  # a read-only folder: the defaults serve all the same
            files.replace(path, path.with_name("settings.damaged.json"))
        return Settings()
    return _read(document)


def _read(document: Mapping[str, Any]) -> Settings:
    """Each value on its own: a wrong one gives way to its default."""
    wanted: Mapping[str, Callable[[object], bool]] = {
        "theme": THEMES.__contains__,
        "scale": _whole(*SCALES),
        "language": LANGUAGES.__contains__,
        "bundle_folder": _is_text,
        "second_backup_folder": _is_text,
        "idle_minutes": _whole(*IDLE_MINUTES),
    }
    good = {name: document[name] for name, fits in wanted.items() if name in document and fits(document[name])}
    others = {name: value for name, value in document.items() if name not in wanted}
    return dataclasses.replace(Settings(), **good, others=others)


def _whole(low: int, high: int) -> Callable[[object], bool]:
    return lambda value: type(value) is int and low <= value <= high


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def save_settings(files: Files, path: Path, settings: Settings) -> None:
    """Write them durably; raises ``EnvironmentFault``."""
    own = {each.name: getattr(settings, each.name) for each in dataclasses.fields(settings)}
    others = own.pop("others")
    document = json.dumps({**others, **own}, ensure_ascii=False, indent=1, sort_keys=True)
    write_bytes(files, path, document.encode())
