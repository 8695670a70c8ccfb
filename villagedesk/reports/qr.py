"""Owns the modules of the small QR code on every sheet (version 1, level M, paper rules, section 7).

Must not know where it is drawn.  segno makes the codes; since a code with a fixed mask is an affine function (over two
elements) of the bits of its content, a page's code is the sum of a few codes made once, instead of milliseconds of
encoding for each page.  Of the eight masks the one with the fewest long runs and solid blocks is taken.
"""

from __future__ import annotations

from functools import cache, lru_cache

SIDE = 21
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE = {character: value for value, character in enumerate(_ALPHABET)}
_NOT_LAST = sum(((1 << (SIDE - 1)) - 1) << (SIDE * row) for row in range(SIDE))  # modules that have a right neighbour
_ALL = (1 << SIDE * SIDE) - 1


def _made(content: str, mask: int) -> int:
    """All modules as the bits of one number; bit ``21 * row + column``."""
    import segno  # a twentieth of a second: with the first code, not at start

    code = segno.make_qr(content, version=1, error="m", mode="alphanumeric", mask=mask, boost_error=False)
    return sum(
        1 << (SIDE * row + column) for row, line in enumerate(code.matrix) for column, dark in enumerate(line) if dark
    )


@cache
def _plain(length: int, mask: int) -> int:
    return _made("0" * length, mask)


@cache
def _effect(length: int, pair: int, bit: int) -> int:
    """Modules that turn over when this bit of this pair of characters is set."""
    first, second = divmod(1 << bit, len(_ALPHABET))
    written = (_ALPHABET[first] + _ALPHABET[second]) if 2 * pair + 1 < length else _ALPHABET[second]
    content = "0" * (2 * pair) + written
    return _made(content.ljust(length, "0"), 0) ^ _plain(length, 0)


def _faults(code: int) -> int:
    """Runs of five and blocks of four modules of one colour: what makes a code hard to read."""
    across = ~(code ^ (code >> 1)) & _NOT_LAST
    below = ~(code ^ (code >> SIDE)) & (_ALL >> SIDE)
    runs = across & (across >> 1) & (across >> 2) & (across >> 3)
    falls = below & (below >> SIDE) & (below >> 2 * SIDE) & (below >> 3 * SIDE)
    blocks = across & (across >> SIDE) & below
    return runs.bit_count() + falls.bit_count() + 3 * blocks.bit_count()


def modules(content: str) -> tuple[int, ...]:
    """21 rows of the code, top first, as numbers of 21 bits (bit 0 the leftmost module; set = black).

    ``content``: at most 20 of the digits, capitals and ``$%*+-./:`` or blank; KeyError for any other character.
    """
    turned = 0
    for place in range(0, len(content), 2):
        value = 0
        for character in content[place : place + 2]:
            value = value * len(_ALPHABET) + _VALUE[character]
        for bit in range(value.bit_length()):
            if value >> bit & 1:
                turned ^= _effect(len(content), place // 2, bit)
    best = min((_plain(len(content), mask) ^ turned for mask in range(8)), key=_faults)
    return tuple(best >> (SIDE * row) & ((1 << SIDE) - 1) for row in range(SIDE))


@lru_cache(maxsize=1024)
def runs(row: int) -> tuple[tuple[int, int], ...]:
    """Black runs of a row: (first module, how many)."""
    found = []
    start = 0
    while start < SIDE:
        length = 0
        while row >> (start + length) & 1:
            length += 1
        if length:
            found.append((start, length))
        start += length + 1
    return tuple(found)
