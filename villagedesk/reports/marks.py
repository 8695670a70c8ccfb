"""Owns what is drawn and not written: check boxes, ticks, blanks, the QR code, the signature cells.

Must not know records.  Boxes and ticks are paths (no face has ☑); the QR code is black modules joined per row.
"""

from __future__ import annotations

from collections.abc import Sequence

from villagedesk.domain.shortcode import display
from villagedesk.reports.fonts import SANS
from villagedesk.reports.paper import CODE, FOOTER, GRID, HEIGHT, MM, NOTE, OPTION, RIGHT, SMALL_LABEL, Pen, Role
from villagedesk.reports.qr import SIDE, modules, runs
from villagedesk.reports.typeset import line

BOX = 3.2
_AFTER_BOX = 1.2
_QR_SIDE, _QR_TOP = 18.0, 11.1
_THUMB = 57.8  # left edge of the frame for the fingerprint, 15.2 × 20.5
_SIGNERS = ((25, 75), (75, 102), (102, 128), (128, 153), (153, 195))
_SIGNER_NAMES = ("户主签字（按手印）", "代填人", "采集人", "审核人", "村委会（盖章）")


def box(pen: Pen, x: float, middle: float) -> None:
    """An empty check box whose left edge is ``x``."""
    pen.frame(x, middle - BOX / 2, x + BOX, middle + BOX / 2)


def tick(pen: Pen, x: float, middle: float) -> None:
    """A tick in the box at ``x``; it leaves the box at the top right, as by hand."""
    pen.stroke(((x + 0.5, middle), (x + 1.3, middle + 1.15), (x + 3.7, middle - 1.95)), 1.4)


def options(x: float, words: Sequence[str], gap: float, role: Role = OPTION) -> list[float]:
    """Left edges of the boxes of a row of options, and at the end where the row ends."""
    edges = [x]
    for word in words:
        edges.append(edges[-1] + BOX + _AFTER_BOX + line(role.chain, word).width * role.size / MM + gap)
    return edges


def boxes(pen: Pen, x: float, middle: float, words: Sequence[str], gap: float, role: Role = OPTION) -> None:
    """A row of boxes with their words."""
    for edge, word in zip(options(x, words, gap, role), words, strict=False):
        box(pen, edge, middle)
        pen.text(edge + BOX + _AFTER_BOX, middle + 0.36 * role.size / MM, word, role)


def _qr(content: str) -> str:
    """Black modules joined per row, in units of one module, lower left corner of the code at 0, 0.

    Rows overlap by a hair, so that no viewer shows white seams between them.
    """
    return "\n".join(
        f"{start} {SIDE - 1 - row} {length} 1.03 re"
        for row, line_of_modules in enumerate(modules(content))
        for start, length in runs(line_of_modules)
    )


def record_content(sheet: str, code: str, page: int) -> str:
    """What the QR code of a page says: capitals and digits only, no personal data."""
    return f"VD1/{sheet}/{code}" + (f"/{page}" if page > 1 else "")


def record_mark(pen: Pen, sheet: str, code: str, page: int, number: str = "") -> None:
    """QR code ``VD1/<sheet>/<code>[/page]``, short code and, when given, the household number, top right."""
    x, y = (RIGHT - _QR_SIDE) * MM, (HEIGHT - _QR_TOP - _QR_SIDE) * MM
    side = _QR_SIDE * MM / SIDE
    pen.raw(f"q {side:.4f} 0 0 {side:.4f} {x:.2f} {y:.2f} cm\n{_qr(record_content(sheet, code, page))}\nf Q")
    edge = RIGHT - 22
    if number:
        pen.cell((edge - 60, 10.6, edge, 15.2), f"编号 {number}", NOTE, "right")
    pen.text(edge, 19.3, display(code), CODE, "right")


def signatures(pen: Pen, top: float, bottom: float) -> None:
    """Five cells to sign, stamp and date in; the head of household also leaves a fingerprint."""
    for (left, right), name in zip(_SIGNERS, _SIGNER_NAMES, strict=True):
        if right != RIGHT:
            pen.down(right, top, bottom)
        pen.text(left + 2, top + 4.6, name, SMALL_LABEL)
        end = right - 1.8 if left != 25 else 54.0
        for step, word in enumerate("日月年"):
            pen.text(end - 5.05 * step, bottom - 2.6, word, SMALL_LABEL, "right")
    pen.raw("[3 2] 0 d")
    pen.frame(_THUMB, top + 2.1, _THUMB + 15.2, top + 22.6, GRID)
    pen.raw("[] 0 d")
    pen.text(_THUMB + 7.6, top + 20.8, "指印", Role(SANS, FOOTER.size), "centre")
