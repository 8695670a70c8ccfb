"""Workbooks that no library here writes: .xls (BIFF8 in a compound file) and what a password makes of both kinds."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
#: Streams below this size would go to the small-sector table; ours are padded to it.
_MINI = 4096


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with these streams in the root."""
    padded = {name: data.ljust(max(_MINI, -(-len(data) // _SECTOR) * _SECTOR), b"\0") for name, data in streams.items()}
    chains, starts, at = [_FAT, _END], {}, 2
    for name, data in padded.items():
        count = len(data) // _SECTOR
        starts[name] = at
        chains += [*range(at + 1, at + count), _END]
        at += count
    assert len(chains) <= _SECTOR // 4
    fat = b"".join(struct.pack("<I", entry) for entry in chains).ljust(_SECTOR, b"\xff")
    entries = [_entry("Root Entry", 5, _END, 0, child=1)]
    names = list(padded)
    for place, name in enumerate(names):
        right = place + 2 if place + 1 < len(names) else _FREE
        entries.append(_entry(name, 2, starts[name], len(padded[name]), right=right))
    directory = b"".join(entries).ljust(_SECTOR, b"\0")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, _MINI, _END, 0, _END, 0) + struct.pack("<I", 0)
    return head.ljust(_SECTOR, b"\xff") + fat + directory + b"".join(padded.values())


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE, right: int = _FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, _FREE, right, child)
    return head + b"\0" * 36 + struct.pack("<IQ", start, size)


def xls(rows: Sequence[Sequence[str | float]], merged: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """An .xls workbook with one sheet; ``merged``: top, left, bottom, right."""
    globals_end = _record(0x0A, b"")
    name = "名单"
    title = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    start = len(_bof(5)) + len(_record(0x85, struct.pack("<IBB", 0, 0, 0) + title)) + len(globals_end)
    book = _bof(5) + _record(0x85, struct.pack("<IBB", start, 0, 0) + title) + globals_end
    width = max(map(len, rows))
    body = _record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            where = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, float):
                body += _record(0x203, where + struct.pack("<d", cell))
            elif cell:
                body += _record(0x204, where + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    if merged:
        regions = b"".join(struct.pack("<HHHH", top, bottom, left, right) for top, left, bottom, right in merged)
        body += _record(0xE5, struct.pack("<H", len(merged)) + regions)
    return compound_file({"Workbook": book + _bof(0x10) + body + globals_end})


def locked_xls() -> bytes:
    """An .xls workbook with an opening password: a FILEPASS record stands where the cells would begin."""
    return compound_file({"Workbook": _bof(5) + _record(0x2F, struct.pack("<HHH", 0, 1, 2)) + _record(0x0A, b"")})


def locked_xlsx() -> bytes:
    """An .xlsx workbook with an opening password: the package lies encrypted in a compound file."""
    return compound_file({"EncryptionInfo": b"\x04\0\x04\0" + b"\0" * 60, "EncryptedPackage": b"\x01" * 900})


def _bof(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0x7CC, 0, 0))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data
