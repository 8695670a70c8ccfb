"""Owns looking through the package of an .xlsx before anything in it is built: what would fill the memory is refused.

The parts are unpacked piece by piece and not kept.  Knows nothing of cells beyond where they stand and what text they
name.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from zlib import error as ZlibError

from villagedesk.errors import DeskError
from villagedesk.progress import Progress

MAX_UNPACKED = 512 << 20
#: All texts of all cells together, in bytes.
MAX_TEXT = 1 << 30

_CHUNK = 1 << 20
_TAIL = 64
#: A cell or row reference beyond column ZZ or row 199,999.
_FAR_AWAY = re.compile(rb' r="(?:[A-Z]{3}|[A-Z]{0,2}(?:[2-9]\d{5}|\d{7}))')
_NAMES_TEXT = b' t="s"'
_TEXT_OF_CELL = re.compile(rb't="s"[^>]*><v>(\d+)')
_STRINGS = "xl/sharedStrings.xml"


def check_package(data: bytes, file: str, most_parts: int, progress: Progress) -> None:
    """Raises ``DeskError`` roster_not_workbook or roster_too_large; ``file`` is named in them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if len(parts) > most_parts or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise DeskError("roster_too_large", file=file)
            if "xl/workbook.xml" not in package.namelist():
                raise DeskError("roster_not_workbook", file=file)
            _check_parts(package, file, progress)
    except (zipfile.BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError) as error:
        raise DeskError("roster_not_workbook", file=file) from error


def _check_parts(package: zipfile.ZipFile, file: str, progress: Progress) -> None:
    """Every part is read to its end: a directory that understates a size is found by its check sum."""
    cells = longest = 0
    for part in package.infolist():
        is_sheet = _is_sheet(part)
        for window in _windows(package, part, progress):
            if is_sheet and _FAR_AWAY.search(window):
                raise DeskError("roster_too_large", file=file)
            if is_sheet:
                cells += window.count(_NAMES_TEXT)
        if part.filename == _STRINGS:
            longest = max(_lengths(package.read(part)), default=0)
    if cells * longest > MAX_TEXT and _all_text(package, progress) > MAX_TEXT:
        raise DeskError("roster_too_large", file=file)


def _is_sheet(part: zipfile.ZipInfo) -> bool:
    return part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")


def _windows(package: zipfile.ZipFile, part: zipfile.ZipInfo, progress: Progress) -> Iterator[bytes]:
    """The part in pieces that overlap by a few bytes, quotation marks made alike."""
    tail = b""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            progress.check()
            window = tail + chunk
            yield window.replace(b"'", b'"') if b"='" in window else window
            tail = window[-_TAIL:]


def _lengths(strings: bytes) -> Iterator[int]:
    """Bytes of every shared text, mark-up included."""
    return (len(text) for text in strings.split(b"<si")[1:])


def _all_text(package: zipfile.ZipFile, progress: Progress) -> int:
    lengths = list(_lengths(package.read(_STRINGS)))
    total = 0
    for part in filter(_is_sheet, package.infolist()):
        progress.check()
        for found in _TEXT_OF_CELL.finditer(package.read(part).replace(b"'", b'"')):
            place = int(found[1])
            total += lengths[place] if place < len(lengths) else 0
    return total
