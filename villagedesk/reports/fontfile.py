"""Owns reading a font file through reportlab.  Imported when the first face is opened: start-up has no use for it.

Must not know faces or pages.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportlab.pdfbase.ttfonts import TTFError, TTFontFile

from villagedesk.errors import EnvironmentFault


class _Glyphs:
    """The outlines of a font file, cut out where they are asked for: the table alone is 10 to 30 MB."""

    def __init__(self, data: bytes, start: int) -> None:
        self._data = data
        self._start = start

    def __getitem__(self, part: slice) -> bytes:
        return self._data[self._start + part.start : self._start + part.stop]


class _FontFile(TTFontFile):  # type: ignore[misc]
    """reportlab's reader, which would copy all outlines each time it cuts a font to the characters used."""

    def get_table(self, tag: str) -> Any:
        if tag == "glyf":
            return _Glyphs(self._ttf_data, self.get_table_pos(tag)[0])
        return super().get_table(tag)


def open_font(path: Path) -> Any:
    """The parsed font.  Raises ``EnvironmentFault`` ``font_unreadable``."""
    try:
        return _FontFile(str(path))
    except TTFError as error:
        raise EnvironmentFault("font_unreadable", file=path.name) from error
