"""Owns verified backups and restore (sync.md section 5): a copy counts only after it was opened and compared.

Kept: the last closing, seven daily, four weekly.  A damaged store is set aside, never "repaired".
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from villagedesk.errors import EnvironmentFault
from villagedesk.ports import Files, Ports, fault_of
from villagedesk.storage import engine
from villagedesk.storage.database import Store, named_faults, open_database

DAILY = 7
WEEKLY = 4
_PATTERN = "desk-*.vdbackup"


@dataclass(frozen=True, slots=True)
class Backup:
    """A verified backup file."""

    path: Path
    made: datetime
    operations: int


def _counts(connection: engine.Connection) -> tuple[int, list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Operations, heads of all logs, states of all scopes: what a copy must have in common with its original."""
    operations = connection.execute("SELECT count(*) FROM op").fetchone()[0]
    heads = connection.execute("SELECT no, device, scope, head, hash FROM log ORDER BY no").fetchall()
    states = connection.execute("SELECT no, id, state FROM scope ORDER BY no").fetchall()
    return int(operations), heads, states


def verify_copy(path: Path, key: bytes) -> int:
    """Open a copy, check every page and every table; returns its number of operations.

    Raises ``EnvironmentFault``: ``backup_foreign`` (the key does not open it), ``backup_damaged`` …
    """
    try:
        connection = open_database(path, key, read_only=True)
        try:
            with named_faults():
                damage = connection.execute("PRAGMA cipher_integrity_check").fetchall()
                verdict = connection.execute("PRAGMA quick_check").fetchall()
                if damage or verdict != [("ok",)]:
                    raise EnvironmentFault("backup_damaged", file=path.name)
                return _counts(connection)[0]
        finally:
            connection.close()
    except EnvironmentFault as error:
        raise EnvironmentFault("backup_foreign") if error.code == "passphrase_wrong" else error from error
    finally:
        _tidy(path)


def _tidy(path: Path) -> None:
    """What the engine lays beside a file goes; a courtesy, since the next copy does not mind it."""
    for suffix in ("-wal", "-shm", "-journal"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def _copy(store: Store, key: bytes, target: Path) -> None:
    with named_faults():
        copy = engine.connect(str(target), isolation_level=None)
        try:
            copy.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
            store.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            if _counts(copy) != _counts(store.connection):
                raise EnvironmentFault("backup_damaged", file=target.name)
        finally:
            copy.close()


def make_backup(store: Store, key: bytes, folder: Path, files: Files, now: datetime) -> Backup:
    """Copy → open → check → rename; ``now`` names the file."""
    name = f"desk-{now:%Y%m%d-%H%M%S}.vdbackup"
    part = folder / (name + ".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(_PATTERN + ".part*"):  # of a copy that was killed
            left.unlink(missing_ok=True)
        _copy(store, key, part)
        operations = verify_copy(part, key)
        files.replace(part, folder / name)
    except OSError as error:
        raise EnvironmentFault("folder_read_only", file=folder.name) from error
    finally:
        with contextlib.suppress(OSError):  # only a failed copy is still there
            part.unlink(missing_ok=True)
        _tidy(part)
    return Backup(folder / name, now.replace(microsecond=0), operations)


def backups_in(folder: Path) -> list[tuple[Path, datetime]]:
    """Backups by name, newest first; files whose names do not parse are not ours."""
    found = []
    for path in folder.glob(_PATTERN) if folder.is_dir() else ():
        with contextlib.suppress(ValueError):
            found.append((path, datetime.strptime(path.stem, "desk-%Y%m%d-%H%M%S")))
    return sorted(found, key=lambda entry: entry[1], reverse=True)


def newest_backup(folder: Path, now: datetime) -> Path | None:
    """The latest backup; one that a wrong clock dated ahead only where there is no other."""
    made = backups_in(folder)
    return next((path for path, when in made if when <= now), made[0][0] if made else None)


def to_thin(made: Sequence[tuple[Path, datetime]], now: datetime, newest: Path) -> list[Path]:
    """Which backups may go: not ``newest``, not the last of each of 7 days, nor of each of 4 further weeks.

    ``made``: newest first.  Days and weeks count that have a backup, however long ago: ``now`` may be wrong.  What is
    dated ahead of it is kept by the same rule and takes no other's place.
    """
    ahead, past = [entry for entry in made if entry[1] > now], [entry for entry in made if entry[1] <= now]
    keep = {newest, *_kept(ahead), *_kept(past)}
    return [path for path, _ in made if path not in keep]


def _kept(made: Sequence[tuple[Path, datetime]]) -> list[Path]:
    days: dict[date, Path] = {}
    weeks: dict[tuple[int, int], Path] = {}
    for path, when in made:
        days.setdefault(when.date(), path)
        weeks.setdefault(when.isocalendar()[:2], path)
    recent = list(days.values())[:DAILY]
    return recent + [path for path in weeks.values() if path not in recent][:WEEKLY]


def copy_backup(file: Path, target: Path) -> None:
    """A copy to try out; raises ``EnvironmentFault``."""
    try:
        shutil.copyfile(file, target)
    except OSError as error:
        raise fault_of(error, file) from error


def place_backup(file: Path, key: bytes, store: Path, ports: Ports) -> Path | None:
    """Verify a backup, set the present store aside under a dated name, put the copy in its place.

    At every moment a whole store stands under its name, and the former one stays.  Returns the path of the store set
    aside, None where there was none.
    """
    stamp = datetime.fromtimestamp(ports.clock.now_ms() / 1000)
    aside = store.with_name(f"set-aside-{stamp:%Y%m%d-%H%M%S}.db") if store.exists() else None

    def fill(stream: BinaryIO) -> None:
        try:
            source = file.open("rb")
        except OSError as error:
            raise fault_of(error, file) from error
        with source:
            shutil.copyfileobj(source, stream, 1024 * 1024)

    def verify(part: Path) -> None:
        verify_copy(part, key)
        if aside is not None:
            _bring_home(store, key)
            _keep_aside(store, aside)

    try:
        ports.files.write(store, fill, verify)
    except OSError as error:
        raise fault_of(error, file) from error
    return aside


def _bring_home(store: Path, key: bytes) -> None:
    """Late changes go from the log into the store, which then is whole without it if the power fails in between.

    A store that is damaged is set aside as it is.
    """
    try:
        opened = Store(open_database(store, key))
        try:
            opened.settle()
        finally:
            opened.close()
    except (EnvironmentFault, engine.Error) as error:
        if isinstance(error, EnvironmentFault) and error.code == "disk_full":
            raise


def _keep_aside(store: Path, aside: Path) -> None:
    """A second name for the store; its log of late changes goes along and must not meet the new store."""
    for suffix in ("", "-wal"):
        source, target = store.with_name(store.name + suffix), aside.with_name(aside.name + suffix)
        if source.exists():
            try:
                target.hardlink_to(source)
            except OSError:  # a disk without second names
                shutil.copyfile(source, target)
    for suffix in ("-wal", "-shm"):
        store.with_name(store.name + suffix).unlink(missing_ok=True)
