"""Owns how a text becomes a line: faces, gaps between Han and digits, breaking, shrinking.

Must not know pages, tables or what the text means.  Widths are in em until a size is chosen, then in points.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from villagedesk.reports.fonts import Chain, drawable, face, runs

LEADING = 1.18  # of the size, in cells of several lines
GAP = 90  # thousandths of an em between Han and digits: wider ones are read back as blanks (paper rules, section 2)
LAST_RESORT = 4.0  # pt; a text is made smaller than its floor rather than cut off where the row cannot grow

_CLOSING = frozenset("，。、；：？！）》」』】〕”’·,.;:?!)]}%℃㎡")
_OPENING = frozenset("（《「『【〔“‘([{")
_GOOD_BREAK = frozenset("·，、；。：/ ")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: width in em; pieces of (face, operand that shows it); pieces of (face, its characters)."""

    width: float
    pieces: tuple[tuple[str, str], ...]
    shown: tuple[tuple[str, str], ...]


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or character >= "\U00020000"


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _gap_before(text: str, place: int) -> bool:
    left, right = text[place - 1], text[place]
    return (_is_han(left) and _is_word(right)) or (_is_word(left) and _is_han(right))


@lru_cache(maxsize=2048)
def line(chain: Chain, text: str, groups: tuple[int, ...] = (), spread: int = 0) -> Line:
    """Set ``text`` in one line.

    ``groups``: lengths of groups kept apart by the gap, as positions, never as characters (identity numbers 6-8-4).
    ``spread``: thousandths of an em added between all characters (titles, spread labels).
    """
    marks = set()
    place = 0
    for length in groups[:-1]:
        place += length
        marks.add(place)
    pieces = []
    width = 0.0
    index = 0
    found = runs(chain, text.translate(_BLANKS))
    for key, piece in found:
        own = face(key)
        operand, shown = [], ""
        for character in piece:
            gap = spread if index else 0
            if index in marks or (0 < index < len(text) and _gap_before(text, index)):
                gap += GAP
            if gap:
                if shown:
                    operand.append(f"<{own.hex(shown)}>")
                operand.append(str(-gap))
                width += gap
                shown = ""
            shown += character
            width += own.advance(ord(character))
            index += 1
        operand.append(f"<{own.hex(shown)}>")
        pieces.append((key, f"[{''.join(operand)}]TJ"))
    return Line(width / 1000, tuple(pieces), tuple(found))


_BLANKS = dict.fromkeys((9, 10, 11, 12, 13, 0x85, 0x2028, 0x2029), " ")


def spread_to(chain: Chain, text: str, ems: float) -> Line:
    """A short label drawn apart to the width of ``ems`` characters (住　房, 户 类 型)."""
    plain = line(chain, text)
    return line(chain, text, (), round((ems - plain.width) * 1000 / (len(text) - 1)))


def _may_break(text: str, place: int) -> bool:
    left, right = text[place - 1], text[place]
    return right not in _CLOSING and left not in _OPENING and not (_is_word(left) and _is_word(right))


def halves(chain: Chain, text: str) -> tuple[str, str] | None:
    """Two lines: at a line feed (preferred break), else after punctuation, else most even; None when unbreakable."""
    if "\n" in text:
        first, second = text.split("\n", 1)
        return first, second
    places = [place for place in range(1, len(text)) if _may_break(text, place)]
    good = [place for place in places if text[place - 1] in _GOOD_BREAK]
    if not places:
        return None
    place = min(good or places, key=lambda at: max(line(chain, text[:at]).width, line(chain, text[at:]).width))
    return text[:place], text[place:]


def filled(chain: Chain, text: str, width: float) -> list[str]:
    """Lines of at most ``width`` em, each as full as it can be; a line feed always breaks."""
    lines = []
    for paragraph in text.split("\n"):
        rest = paragraph
        while len(rest) > 1 and line(chain, rest).width > width:
            most = 1
            while most < len(rest) and line(chain, rest[: most + 1]).width <= width:
                most += 1
            cut = next((place for place in range(most, most // 2, -1) if _may_break(rest, place)), most)
            lines.append(rest[:cut])
            rest = rest[cut:].lstrip(" ")
        lines.append(rest)
    return lines


def _sizes(size: float, floor: float) -> list[float]:
    return [size - 0.5 * step for step in range(int((size - floor) * 2) + 1)]


def fit(
    chain: Chain, text: str, size: float, floor: float, width: float, height: float, wrap_first: bool
) -> tuple[float, list[str]]:
    """Size (pt) and lines with which ``text`` stands in a cell of ``width`` × ``height`` pt; never clipped.

    ``wrap_first``: two lines before a smaller size (narrow columns); otherwise smaller down to ``floor``, then lines.
    """
    text = drawable(chain, text)
    joined = text.replace("\n", "")
    if line(chain, joined).width * size <= width:
        return size, [joined]
    sizes = _sizes(size, floor)
    two = halves(chain, text) if wrap_first else None
    if two:
        broad = max(line(chain, part).width for part in two)
        for smaller in sizes:
            if broad * smaller <= width and 2 * LEADING * smaller <= height:
                return smaller, list(two)
    else:
        single = line(chain, joined).width
        for smaller in sizes:
            if single * smaller <= width:
                return smaller, [joined]
    for smaller in [*sizes, *_sizes(floor - 0.5, LAST_RESORT)]:
        lines = filled(chain, joined, width / smaller)
        if len(lines) * LEADING * smaller <= height:
            return smaller, lines
    return LAST_RESORT, filled(chain, joined, width / LAST_RESORT)
