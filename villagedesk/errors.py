"""Owns the kinds of trouble the program knows by name.

A ``Problem`` or a ``Doubt`` is a value (it stands beside a field); a ``DeskError`` is an exception with a code and
parameters.  None of them carries a sentence: ``sentences.py`` turns code and parameters into words.  Must not know Qt,
files, or any other module of the house.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the command line."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    ENVIRONMENT = 3
    BUG = 70


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found in entered data.

    ``field`` is the field's name in its record kind ("" = the whole record); ``code`` selects the sentence;
    ``params`` fill it.  Parameters may hold what was typed: findings are shown, never logged.
    """

    field: str
    code: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)


class Problem(Finding):
    """Blocks the save; shown beside the field with the mend."""


class Doubt(Finding):
    """Listed as 疑点; never blocks."""


class DeskError(Exception):
    """A known error: ``code`` selects the sentence, ``params`` fill it.  Shown without a traceback."""

    exit_code = Exit.REFUSED

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, object] = params


class Refused(DeskError):
    """Entered data were not saved; ``findings`` say which fields of ``kind`` and why."""

    def __init__(self, kind: str, findings: Sequence[Finding]) -> None:
        super().__init__("input_refused")
        self.kind = kind
        self.findings = tuple(findings)


class EnvironmentFault(DeskError):
    """The machine is in the way: disk full, folder read-only, store locked, wrong passphrase."""

    exit_code = Exit.ENVIRONMENT


class Cancelled(Exception):
    """The user stopped a long job; nothing was left half-done."""
