"""Owns the short code printed on every sheet: six characters that open the record when typed (paper rules, section 7).

Must not know paper, QR codes or where records are kept.  A code is made from the record's id alone, so every desk makes
the same one; two records of a town may rarely share a code (five free characters: 24.3 million values), therefore a
search by code may find more than one record.
"""

from __future__ import annotations

import hashlib
import unicodedata

#: Digits and letters that cannot be taken for one another by hand or by eye.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6

_PRIME = 31  # the least prime above 30: every difference of two symbols, times every weight below, stays non-zero
_WEIGHTS = (2, 3, 4, 5, 6, 1)  # all different, hence any two characters written in the wrong order are noticed
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_BETWEEN = str.maketrans("", "", " -·　")


def _weighed(symbols: str) -> int:
    """Remainder of the weighted sum; 0 for a whole, correct code."""
    return sum(weight * _VALUE[symbol] for weight, symbol in zip(_WEIGHTS, symbols, strict=False)) % _PRIME


def short_code(record: bytes) -> str:
    """The code of the record with this id: 6 characters of ``ALPHABET``, the last one a check character."""
    attempt = 0
    while True:
        number = int.from_bytes(hashlib.sha256(record + attempt.to_bytes(2, "big")).digest()[:8], "big")
        body = ""
        for _ in range(LENGTH - 1):
            number, value = divmod(number, len(ALPHABET))
            body += ALPHABET[value]
        check = -_weighed(body) % _PRIME
        if check < len(ALPHABET):  # one remainder in 31 has no symbol: draw the body again
            return body + ALPHABET[check]
        attempt += 1


def read_short_code(text: str) -> str | None:
    """The code someone typed (small letters, full-width characters, blanks and hyphens allowed); None when wrong."""
    code = unicodedata.normalize("NFKC", text).translate(_BETWEEN).upper()
    if len(code) != LENGTH or any(symbol not in _VALUE for symbol in code):
        return None
    return code if _weighed(code) == 0 else None


def display(code: str) -> str:
    """``K7M4P9`` → ``K7M 4P9``."""
    return f"{code[:3]} {code[3:]}"
