"""Owns printing household forms: choosing, gathering, naming what no font has, writing the file, the audit note.

No SQL, no Qt, no PDF details.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from villagedesk.domain.ids import new_id
from villagedesk.errors import DeskError
from villagedesk.ports import write_bytes
from villagedesk.progress import Progress
from villagedesk.reports.fonts import Missing, missing_characters
from villagedesk.reports.household import PrintedForms, print_household_forms
from villagedesk.reports.household_blank import BlankHead, print_blank_forms
from villagedesk.reports.household_values import HouseholdSheet
from villagedesk.reports.paper import Printed
from villagedesk.services import audits
from villagedesk.services.desks import Desk
from villagedesk.services.households import HouseholdFile
from villagedesk.storage import households


@dataclass(frozen=True, slots=True)
class FormsMade:
    """``missing``: characters that no shipped font has; they are printed as 〔U+XXXX〕."""

    path: Path
    forms: int
    pages: int
    missing: tuple[Missing, ...]


class _Places:
    """Names of the places that the chosen households lie in, read once."""

    def __init__(self, desk: Desk) -> None:
        kinds = ("grid", "micro_grid", "villager_group", "village")
        self._names = {kind: _names(desk, kind) for kind in kinds}
        self._desk = desk

    def name(self, kind: str, record: str | None) -> str:
        return self._names[kind].get(record or "", "")

    def sheet(self, file: HouseholdFile) -> HouseholdSheet:
        home = file.household
        village = self.name("village", file.scope.hex()) or self._desk.profile.name
        return HouseholdSheet(
            self._desk.profile.town_name,
            village,
            self.name("grid", home.grid),
            self.name("micro_grid", home.micro_grid),
            self.name("villager_group", home.villager_group),
            home.household_no or "",
            file.id,
            home,
            tuple(entry.member for entry in file.present),
        )


def _names(desk: Desk, kind: str) -> dict[str, str]:
    return {entry.id.hex(): str(entry.values.get("name") or "") for entry in households.records(desk.store, kind)}


def missing_in(files: Iterable[HouseholdFile]) -> tuple[Missing, ...]:
    """Characters in names and texts that no shipped font has, to be named before printing."""
    return missing_characters(
        text
        for file in files
        for text in (
            file.household.address or "",
            file.household.needs or "",
            *(entry.member.name or "" for entry in file.members),
        )
    )


@dataclass(frozen=True, slots=True)
class Sheets:
    """Forms as one PDF in memory: a preview must leave no personal data in a temporary file."""

    data: bytes
    forms: int
    pages: int
    missing: tuple[Missing, ...]
    blank: bool = False


def set_forms(desk: Desk, files: Sequence[HouseholdFile], progress: Progress) -> Sheets:
    """One form per household; raises ``DeskError`` ``nothing_to_print``.  Nothing is noted: nothing left the desk."""
    if not files:
        raise DeskError("nothing_to_print")
    out = BytesIO()
    places = _Places(desk)
    made = print_household_forms(map(places.sheet, files), len(files), out, _printed(desk), progress)
    return Sheets(out.getvalue(), made.forms, made.pages, missing_in(files))


def set_blanks(desk: Desk, count: int, progress: Progress) -> Sheets:
    """Blank forms for handwriting; each carries the code of a record reserved for the household to come."""
    if count < 1:
        raise DeskError("nothing_to_print")
    out = BytesIO()
    made = print_blank_forms(_blank_head(desk, count), count, out, _printed(desk), progress)
    return Sheets(out.getvalue(), made.forms, made.pages, (), blank=True)


def keep_sheets(desk: Desk, sheets: Sheets, target: Path) -> FormsMade:
    """Write previewed forms to a file; full numbers leave the desk, so an audit note is kept."""
    write_bytes(desk.ports.files, target, sheets.data)
    note_printed(desk, sheets)
    return FormsMade(target, sheets.forms, sheets.pages, sheets.missing)


def note_printed(desk: Desk, sheets: Sheets) -> None:
    """Keep the audit note of a print; blank forms hold nobody's data."""
    if not sheets.blank:
        audits.note(desk, "forms_printed", sheets.forms)


def print_forms(desk: Desk, files: Sequence[HouseholdFile], target: Path, progress: Progress) -> FormsMade:
    """Write one PDF with a form per household; full numbers go to an authority, so an audit note is kept.

    Raises ``DeskError`` ``nothing_to_print``; a cancelled or failed job leaves no file.
    """
    if not files:
        raise DeskError("nothing_to_print")
    places = _Places(desk)
    done: list[PrintedForms] = []

    def fill(out: BinaryIO) -> None:
        sheets: Iterator[HouseholdSheet] = map(places.sheet, files)
        done.append(print_household_forms(sheets, len(files), out, _printed(desk), progress))

    desk.ports.files.write(target, fill, _looks_whole)
    audits.note(desk, "forms_printed", len(files))
    return FormsMade(target, done[0].forms, done[0].pages, missing_in(files))


def print_blanks(desk: Desk, count: int, target: Path, progress: Progress) -> FormsMade:
    """Blank forms for handwriting; each carries the code of a record reserved for the household to come."""
    if count < 1:
        raise DeskError("nothing_to_print")
    head = _blank_head(desk, count)
    done: list[PrintedForms] = []

    def fill(out: BinaryIO) -> None:
        done.append(print_blank_forms(head, count, out, _printed(desk), progress))

    desk.ports.files.write(target, fill, _looks_whole)
    return FormsMade(target, done[0].forms, done[0].pages, ())


def _blank_head(desk: Desk, count: int) -> BlankHead:
    reserved = tuple(new_id(desk.ports) for _ in range(count))
    return BlankHead(desk.profile.town_name, desk.profile.name, records=reserved)


def _printed(desk: Desk) -> Printed:
    operator = next((entry for entry in households.records(desk.store, "operator") if entry.id == desk.operator), None)
    name = str(operator.values.get("name") or "") if operator else ""
    return Printed(datetime.fromtimestamp(desk.ports.clock.now_ms() / 1000), name)


def _looks_whole(path: Path) -> None:
    """A PDF cut short has no trailer; a reader would refuse it."""
    with path.open("rb") as stream:
        stream.seek(0, 2)
        stream.seek(max(0, stream.tell() - 64))
        if b"%%EOF" not in stream.read():
            raise DeskError("written_file_differs", file=path.name)
