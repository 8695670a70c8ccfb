"""Owns the desk's log and its crash reports: ids, counts and codes, never a name, a number or what was typed.

Whatever does not look like an id, a count or a code is written as ``?``.  Writing a log never fails a job.
"""

from __future__ import annotations

import contextlib
import json
import platform
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path, PurePath
from threading import Lock
from types import TracebackType
from typing import Any

from villagedesk.errors import DeskError, EnvironmentFault
from villagedesk.paths import DeskPaths
from villagedesk.ports import Files, Ports, write_bytes

VERSION = "0.1.0"
_LOG_BYTES = 256 * 1024
_OLD_LOGS = 3
_REPORTS = 10
_CHAIN = 8
_FRAMES = 60
_MOST = 10**9

_CODE = re.compile(r"[a-z][a-z_]{0,40}", re.ASCII)
_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}", re.ASCII)
_NAME = re.compile(r"[A-Za-z_<][A-Za-z0-9_.<>]{0,60}", re.ASCII)
_SOURCE = re.compile(r"villagedesk(/[a-z_0-9]+)+\.py", re.ASCII)
_PACKAGE = Path(__file__).resolve().parent


def _safe(value: object) -> str:
    """A count, a code or an id as it is, anything else as ``?``: a phone has more digits than any count."""
    if isinstance(value, bool | int):
        return str(int(value)) if abs(value) < _MOST else "?"
    if isinstance(value, bytes):
        return _safe(value.hex())
    if isinstance(value, str) and (_CODE.fullmatch(value) or _ID.fullmatch(value)):
        return value
    return "?"


def _stamp(ports: Ports) -> datetime:
    return datetime.fromtimestamp(ports.clock.now_ms() / 1000, UTC)


class DeskLog:
    """A small log in the desk's folder; safe to use from any thread."""

    def __init__(self, paths: DeskPaths, ports: Ports) -> None:
        self._file = paths.logs / "desk.log"
        self._ports = ports
        self._lock = Lock()

    def note(self, event: str, /, **facts: object) -> None:
        """One line: time, event, facts.  A disk that is full or gone is passed over in silence."""
        parts = [f"{_safe(name)}={_safe(value)}" for name, value in facts.items()]
        line = " ".join([f"{_stamp(self._ports):%Y-%m-%dT%H:%M:%SZ}", _safe(event), *parts]) + "\n"
        with self._lock, contextlib.suppress(OSError, EnvironmentFault):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            if self._file.exists() and self._file.stat().st_size + len(line) > _LOG_BYTES:
                self._turn()
            with self._file.open("a", encoding="ascii") as stream:
                stream.write(line)

    def _turn(self) -> None:
        names = [self._file, *(self._file.with_suffix(f".{age}.log") for age in range(1, _OLD_LOGS + 1))]
        for younger, older in reversed(list(pairwise(names))):
            if younger.exists():
                self._ports.files.replace(younger, older)


def write_crash_report(paths: DeskPaths, ports: Ports, error: BaseException) -> Path | None:
    """Keep what a developer needs of a bug, without data of people; None where it could not be written.

    Holds types, the codes of known errors, our own files with lines and functions; never a message or a value.
    """
    moment = _stamp(ports)
    document = {
        "program": VERSION,
        "at": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "python": platform.python_version(),
        "system": sys.platform,
        "errors": [_describe(each) for each in _chain(error)],
    }
    path = paths.logs / f"crash-{moment:%Y%m%d-%H%M%S}-{ports.entropy.take(3).hex()}.json"
    try:
        write_bytes(ports.files, path, json.dumps(document, indent=1).encode())
        for old in _reports(paths)[:-_REPORTS]:
            ports.files.remove(old)
    except (OSError, EnvironmentFault):
        return None
    return path


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, then what it came from."""
    current: BaseException | None = error
    for _ in range(_CHAIN):
        if current is None:
            return
        yield current
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _describe(error: BaseException) -> dict[str, Any]:
    frames, foreign = _frames(error.__traceback__)
    described: dict[str, Any] = {"type": _word(type(error).__name__), "frames": frames, "foreign_frames": foreign}
    if isinstance(error, DeskError):
        described["code"] = _safe(error.code)
    return described


def _frames(traceback: TracebackType | None) -> tuple[list[str], int]:
    """Our own frames as ``file:line function``, the last ones first to be kept; how many others there were."""
    own: list[str] = []
    foreign = 0
    while traceback is not None:
        code = traceback.tb_frame.f_code
        file = _own_file(code.co_filename)
        if file is None:
            foreign += 1
        else:
            own.append(f"{file}:{traceback.tb_lineno} {_word(code.co_name)}")
        traceback = traceback.tb_next
    return own[-_FRAMES:], foreign


def _own_file(name: str) -> str | None:
    """The file inside our package; a built program knows its files by such names already."""
    path = PurePath(name)
    if path.is_absolute():
        name = path.relative_to(_PACKAGE.parent).as_posix() if path.is_relative_to(_PACKAGE) else ""
    else:
        name = path.as_posix()
    return name if _SOURCE.fullmatch(name) else None


def _word(text: str) -> str:
    return text if _NAME.fullmatch(text) else "?"


def _reports(paths: DeskPaths) -> list[Path]:
    return sorted(paths.logs.glob("crash-*.json"))


def pending_crash_reports(paths: DeskPaths) -> tuple[Path, ...]:
    """Reports that were not offered yet, oldest first."""
    return tuple(path for path in _reports(paths) if not path.name.endswith(".seen.json"))


def mark_offered(files: Files, report: Path) -> None:
    """It was offered and is not offered again; the file stays for whoever helps."""
    files.replace(report, report.with_name(report.name.removesuffix(".json") + ".seen.json"))
