"""Owns what the 上报 page has done on the lanes: handing in, reading what waits for this desk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from villagedesk.errors import DeskError
from villagedesk.progress import Progress
from villagedesk.services import folder_sync, intake, report
from villagedesk.services.bundles import Exported
from villagedesk.services.desks import Desk
from villagedesk.services.folder_sync import Round
from villagedesk.services.intake import Intake

#: Files for somebody else: in a shared folder they lie beside the own ones.
_FOR_OTHERS = frozenset({"bundle_not_for_us", "bundle_other_town", "bundle_untrusted"})


def sync(folder: Path, progress: Progress, desk: Desk) -> Round:
    return folder_sync.sync_folder(desk, folder, progress)


def report_all(folder: Path, progress: Progress, desk: Desk) -> Exported:
    return report.report_all(desk, folder, progress)


def take(files: Sequence[Path], progress: Progress, desk: Desk) -> Intake:
    return intake.import_files(desk, files, progress)


def take_from(folder: Path, progress: Progress, desk: Desk) -> tuple[Intake, int]:
    """What is new for this desk in a folder, taken in, and what is wrong with the rest; how many were known already."""
    try:
        tried = report.try_folder(desk, [folder], progress) if folder.is_dir() else []
    except DeskError as error:
        if error.code != "no_bundles_here":
            raise
        tried = []
    known = sum(1 for entry in tried if entry.taken.status == "duplicate")
    wrong = tuple(entry.taken for entry in tried if entry.taken.code and entry.taken.code not in _FOR_OTHERS)
    done = intake.import_files(desk, [entry.path for entry in tried if entry.useful], progress)
    return Intake((*done.bundles, *wrong)), known
