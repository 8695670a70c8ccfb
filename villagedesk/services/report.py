"""Owns what the pages 上报 and 收件 show: what is unsent, which bundle has its receipt, where a bundle may go.

No SQL, no Qt; exporting and taking in stand in ``bundles.py`` and ``intake.py``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from villagedesk.domain.ids import LogId
from villagedesk.progress import Progress
from villagedesk.services import bundles, intake
from villagedesk.services.bundles import ReportStatus, exchange_of, report_status
from villagedesk.services.desks import Desk, own_devices
from villagedesk.services.folder_sync import last_folder
from villagedesk.services.intake import Intake, Taken
from villagedesk.services.towns import VillageRow, villages
from villagedesk.sync.bundle import MAX_HEADER, glance
from villagedesk.sync.drives import Drive, drives

_HEADER = 12 + MAX_HEADER

#: Kinds shown together, in the order of the page; every other kind is "other".
GROUPS = (
    ("people", ("household", "member")),
    ("places", ("grid", "micro_grid", "villager_group", "responsibility", "village")),
)


@dataclass(frozen=True, slots=True)
class BundleRow:
    """A bundle made here.  ``number``: running number in its file name; ``received``: wall ms of its receipt or 0;
    ``to``: where it was put (``place_of``)."""

    file: str
    number: str
    at: int
    operations: int
    received: int
    to: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class ReportPageData:
    """``unsent``: (group, count) in page order; ``folder``: where the last exchange was."""

    status: ReportStatus
    unsent: tuple[tuple[str, int], ...]
    rows: tuple[BundleRow, ...]
    drives: tuple[Drive, ...]
    folder: Path | None


def report_page(desk: Desk) -> ReportPageData:
    """Everything the village's 上报 page shows."""
    status = report_status(desk)
    exchange = exchange_of(desk)
    rows = []
    for seen in status.bundles:
        covered = []
        told = json.loads(seen.report)
        for scope, stop in told.get("upto", ()):
            n, at = exchange.receipt(LogId(seen.device, bytes.fromhex(scope)))
            covered.append(at if n >= stop else 0)
        received = max(covered) if covered and all(covered) else 0
        kind, name = told.get("to", ("", ""))
        rows.append(BundleRow(seen.file, _number(seen.file), seen.at, seen.operations, received, (kind, name)))
    return ReportPageData(status, _grouped(status.unsent), tuple(rows), tuple(drives()), last_folder(desk))


def _number(file: str) -> str:
    """VD-<device>-<number>-<day>-<minute>."""
    parts = file.split("-")
    return parts[2] if len(parts) > 2 else ""


def _grouped(unsent: dict[str, int]) -> tuple[tuple[str, int], ...]:
    named = [(group, sum(unsent.get(kind, 0) for kind in kinds)) for group, kinds in GROUPS]
    known = {kind for _, kinds in GROUPS for kind in kinds}
    rest = sum(count for kind, count in unsent.items() if kind not in known)
    return tuple((group, count) for group, count in [*named, ("other", rest)] if count)


@dataclass(frozen=True, slots=True)
class InboxData:
    """``villages``: all invited ones; ``drives`` and ``folder`` as above."""

    villages: tuple[VillageRow, ...]
    drives: tuple[Drive, ...]
    folder: Path | None


def inbox_page(desk: Desk) -> InboxData:
    """Everything the town's 收件 page shows before a folder is read."""
    return InboxData(tuple(villages(desk)), tuple(drives()), last_folder(desk))


@dataclass(frozen=True, slots=True)
class Tried:
    """One file of a trial run and the villages it speaks for (hex scopes)."""

    path: Path
    taken: Taken

    @property
    def useful(self) -> bool:
        return self.taken.status == "accepted"


def try_folder(desk: Desk, places: Sequence[Path], progress: Progress) -> list[Tried]:
    """Take every bundle of others in on trial; nothing is written.  Raises ``DeskError`` ``no_bundles_here``."""
    files = [file for file in intake.files_in(places) if not _is_own(desk, file)]
    done = intake.import_files(desk, files, progress, dry_run=True)
    return [Tried(path, taken) for path, taken in zip(files, done.bundles, strict=True)]


def _is_own(desk: Desk, file: Path) -> bool:
    """Whether this desk made the file: its own returns lie on the same stick."""
    try:
        with file.open("rb") as stream:
            header = glance(stream.read(_HEADER))
    except OSError:
        return False  # reading it says what is wrong
    return header is not None and header.device in own_devices(desk)


def take_folder(desk: Desk, files: Sequence[Path], receipts: Path, progress: Progress) -> Intake:
    """Take the files in and write the receipts for their villages into ``receipts``."""
    return intake.import_files(desk, files, progress, receipts=receipts)


def report_all(desk: Desk, folder: Path, progress: Progress) -> bundles.Exported:
    """全部重报: everything from the beginning, for a town that lost its store."""
    return bundles.export(desk, folder, progress, everything=True)
