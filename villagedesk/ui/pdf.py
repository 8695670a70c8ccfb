"""Owns page pictures of a PDF that lies in memory.  Not for two threads at once: the BULK lane alone uses it."""

from __future__ import annotations

import weakref
from typing import Any

from PySide6.QtGui import QImage

_FORMATS = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_BGR888, 4: QImage.Format.Format_RGB32}


class PdfPages:
    """Pages of a PDF; sizes in points."""

    def __init__(self, data: bytes) -> None:
        import pypdfium2  # a tenth of a second: only when something is to be printed

        self._document: Any = pypdfium2.PdfDocument(data)
        self._closing = weakref.finalize(self, self._document.close)  # also when the program ends with it open
        self.sizes: tuple[tuple[float, float], ...] = tuple(
            self._document.get_page_size(number) for number in range(len(self._document))
        )

    def __len__(self) -> int:
        return len(self.sizes)

    def image(self, number: int, width: int) -> QImage:
        """A page ``width`` pixels wide."""
        page = self._document[number]
        try:
            bitmap = page.render(scale=width / self.sizes[number][0])
            data = bytes(bitmap.buffer)
            return QImage(data, bitmap.width, bitmap.height, bitmap.stride, _FORMATS[bitmap.n_channels]).copy()
        finally:
            page.close()

    def text(self, number: int) -> str:
        """Everything written on a page."""
        page = self._document[number]
        try:
            return str(page.get_textpage().get_text_range())
        finally:
            page.close()

    def close(self) -> None:
        self._closing()
