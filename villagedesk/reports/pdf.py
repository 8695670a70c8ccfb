"""Owns the file format: a PDF written page by page, so that memory does not grow with the number of pages.

Must not know sheets.  reportlab reads the fonts and cuts them to the characters used; pages are written here because
reportlab's own canvas keeps every page until the end and splits each face into fonts of 256 characters.  Every face
used is embedded; the text of a page can be copied and searched, rare characters included (UTF-16 in ToUnicode).
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from villagedesk.reports.fonts import Face, face

Shown = Iterable[tuple[str, str]]  # (face, characters)

A4 = (595.28, 841.89)
_CATALOG, _PAGES, _RESOURCES = 1, 2, 3


class PdfFile:
    """A PDF being written to ``out`` (need not be seekable).  Close it, or the file has no end."""

    def __init__(self, out: BinaryIO, size: tuple[float, float] = A4) -> None:
        self.pages = 0
        self._out = out
        self._size = size
        self._offsets = array("Q", [0, 0, 0])
        self._at = 0
        self._kids = array("L")
        self._used: dict[str, set[str]] = {}
        self._forms: dict[str, int] = {}
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._at += len(data)

    def _reserve(self) -> int:
        self._offsets.append(0)
        return len(self._offsets)

    def _object(self, data: bytes, number: int = 0) -> int:
        number = number or self._reserve()
        self._offsets[number - 1] = self._at
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, data))
        return number

    def _stream(self, head: str, data: bytes, level: int = 3) -> int:
        packed = zlib.compress(data, level)
        start = f"<<{head}/Filter/FlateDecode/Length {len(packed)}>>stream\n".encode()
        return self._object(start + packed + b"\nendstream")

    def _note(self, shown: Shown) -> None:
        for key, characters in shown:
            self._used.setdefault(key, set()).update(characters)

    def form(self, name: str, content: str, shown: Shown) -> None:
        """Store a part that many pages share; a page draws it with ``/name Do``."""
        if name not in self._forms:
            self._note(shown)
            box = "/BBox[0 0 {:.2f} {:.2f}]".format(*self._size)
            head = f"/Type/XObject/Subtype/Form{box}/Resources {_RESOURCES} 0 R"
            self._forms[name] = self._stream(head, content.encode("ascii"))

    def page(self, content: str, shown: Shown) -> None:
        """Append a page; its bytes leave at once."""
        self._note(shown)
        number = self._stream("", content.encode("ascii"))
        leaf = f"<</Type/Page/Parent {_PAGES} 0 R/Contents {number} 0 R/Resources {_RESOURCES} 0 R>>"
        self._kids.append(self._object(leaf.encode()))
        self.pages += 1

    def close(self, title: str, at: datetime) -> None:
        """Write fonts, page list and index.  ``title`` goes into the file's properties: never a person's name."""
        fonts = "".join(f"/{key} {self._font(face(key), text)} 0 R" for key, text in sorted(self._used.items()))
        forms = "".join(f"/{name} {number} 0 R" for name, number in self._forms.items())
        self._object(f"<</Font<<{fonts}>>/XObject<<{forms}>>>>".encode(), _RESOURCES)
        kids = " ".join(f"{number} 0 R" for number in self._kids)
        box = "/MediaBox[0 0 {:.2f} {:.2f}]".format(*self._size)
        self._object(f"<</Type/Pages/Count {self.pages}{box}/Kids[{kids}]>>".encode(), _PAGES)
        self._object(f"<</Type/Catalog/Pages {_PAGES} 0 R/Lang(zh-CN)>>".encode(), _CATALOG)
        named = title.encode("utf-16-be").hex()
        made = f"<</Title<feff{named}>/Producer(VillageDesk)/CreationDate(D:{at:%Y%m%d%H%M%S})>>"
        info = self._object(made.encode())
        start = self._at
        count = len(self._offsets) + 1
        rows = b"".join(b"%010d 00000 n \n" % offset for offset in self._offsets)
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % count + rows)
        self._write(
            f"trailer<</Size {count}/Root {_CATALOG} 0 R/Info {info} 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
        )

    def _font(self, own: Face, used: set[str]) -> int:
        codes = sorted(ord(character) for character in used)
        file = own.file
        program = file.makeSubset(codes)
        name = "VILDSK+" + file.name.decode("ascii")
        box = " ".join(f"{edge:.0f}" for edge in file.bbox)
        stored = self._stream(f"/Length1 {len(program)}", program, level=1)
        described = self._object(
            f"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{box}]/ItalicAngle 0/Ascent {file.ascent:.0f}"
            f"/Descent {file.descent:.0f}/CapHeight {file.capHeight:.0f}/StemV {file.stemV:.0f}"
            f"/FontFile2 {stored} 0 R>>".encode()
        )
        glyphs = self._stream("", _glyph_map(own, codes), level=1)
        inner = self._object(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            f"/Supplement 0>>/FontDescriptor {described} 0 R/DW 1000/W[{_widths(own, codes)}]"
            f"/CIDToGIDMap {glyphs} 0 R>>".encode()
        )
        meaning = self._stream("", _to_unicode(own, codes).encode("ascii"))
        return self._object(
            f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/DescendantFonts[{inner} 0 R]"
            f"/ToUnicode {meaning} 0 R>>".encode()
        )


def _numbered(own: Face, codes: Iterable[int]) -> list[tuple[int, int]]:
    return [(number, code) for code in codes if (number := own.number(code)) is not None]


def _glyph_map(own: Face, codes: list[int]) -> bytes:
    """Two bytes per number: the glyph in the cut font, which holds glyphs in the order their characters were given."""
    places = {0: 0}
    table = bytearray()
    table.extend(bytes(2 * max(number for number, _ in _numbered(own, codes)) + 2))
    for code in codes:
        places.setdefault(own.file.charToGlyph[code], len(places))
    for number, code in _numbered(own, codes):
        table[2 * number : 2 * number + 2] = places[own.file.charToGlyph[code]].to_bytes(2, "big")
    return bytes(table)


def _widths(own: Face, codes: list[int]) -> str:
    odd = [(number, own.advance(code)) for number, code in _numbered(own, codes) if own.advance(code) != 1000]
    return " ".join(f"{number}[{width:g}]" for number, width in odd)


def _to_unicode(own: Face, codes: list[int]) -> str:
    pairs = [f"<{number:04x}><{chr(code).encode('utf-16-be').hex()}>" for number, code in _numbered(own, codes)]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)"
        "/Supplement 0>>def\n/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000><ffff>\n"
        f"endcodespacerange\n{body}\nendcmap\nCMapName currentdict/CMap defineresource pop\nend\nend"
    )
