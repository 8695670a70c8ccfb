"""Owns what a passphrase must be like (sync.md section 5): long, and not one key held down."""

from __future__ import annotations

LEAST_CHARACTERS = 12
LEAST_WORDS = 4
_LEAST_DIFFERENT = 4


def passphrase_is_strong(passphrase: str) -> bool:
    """At least 12 characters, or four words; surrounding blanks do not count, nor does the same again and again."""
    plain = passphrase.strip()
    long = len(plain) >= LEAST_CHARACTERS or len(plain.split()) >= LEAST_WORDS
    return long and len(set(plain)) >= _LEAST_DIFFERENT
