"""Owns telling a workbook with an opening password from one that is merely broken.

The signs: record FILEPASS ([MS-XLS] 2.4.117), stream EncryptedPackage ([MS-OFFCRYPTO] 2.3.4.4).
"""

from __future__ import annotations

import struct

#: Name of the stream in which a password hides a whole .xlsx package.
_PACKAGE = "EncryptedPackage".encode("utf-16-le")
#: Begin of the workbook globals of an .xls (record BOF, version 6, kind 5).
_BOF = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILEPASS = 0x2F
_LOOKED_AT = 12


def is_locked(data: bytes) -> bool:
    """Whether a compound file holds an encrypted workbook."""
    if _PACKAGE in data:
        return True
    place = data.find(_BOF)
    for _ in range(_LOOKED_AT if place >= 0 else 0):
        if len(data) < place + 4:
            return False
        kind, size = struct.unpack_from("<HH", data, place)
        if kind == _FILEPASS:
            return True
        place += 4 + size
    return False
