"""Owns the code lists (domain reference 1.4–1.6, data files of section 14): names, short lists, import aliases.

Codes are strings with leading zeros.  ``match`` maps the many spellings of rosters to a code and never guesses.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from villagedesk.paths import resources


@dataclass(frozen=True, slots=True)
class Code:
    """One entry: ``name`` is the full name, ``short`` what fits a column."""

    code: str
    name: str
    short: str
    sex: str = ""
    generation: int | None = None


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    return "".join(char for char in folded if not char.isspace() and char not in "\u200b'").strip("'")


@dataclass(frozen=True)
class CodeList:
    """An ordered list of codes with the spellings that mean them.

    ``quick``: codes offered first on screen, in the order people expect.  ``standard``: number of the GB/T, or "".
    """

    name: str
    standard: str
    codes: tuple[Code, ...]
    quick: tuple[str, ...]
    aliases: Mapping[str, str]

    @cached_property
    def by_code(self) -> Mapping[str, Code]:
        return {entry.code: entry for entry in self.codes}

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        table = {_plain(spelling): code for spelling, code in self.aliases.items()}
        for entry in self.codes:
            for spelling in (entry.short, entry.name, entry.code, entry.code.lstrip("0")):
                if spelling:
                    table.setdefault(_plain(spelling), entry.code)
        return table

    def match(self, text: str) -> str | None:
        """The code that ``text`` means (name, short name, alias, the code itself, 01 汉族), or None."""
        plain = _plain(text)
        found = self._spellings.get(plain)
        if found is None and plain.startswith("之"):  # the national system writes 之子, 之女 (1.5)
            found = self._spellings.get(plain[1:])
        if found is None:
            digits = plain[: len(plain) - len(plain.lstrip("0123456789"))]
            rest = plain[len(digits) :].lstrip("-.、:")
            if digits and rest and self._spellings.get(rest) == digits:
                found = digits
        return found

    def name_of(self, code: str | None) -> str:
        """Full name, or the code itself when a newer desk wrote one this version does not know."""
        if code is None:
            return ""
        entry = self.by_code.get(code)
        return entry.name if entry else code

    def short_of(self, code: str | None) -> str:
        """Name that fits a column, or the code itself when unknown."""
        if code is None:
            return ""
        entry = self.by_code.get(code)
        return entry.short if entry else code


@cache
def _lists() -> Mapping[str, CodeList]:
    with (resources() / "codes" / "code-lists.json").open(encoding="utf-8") as stream:
        raw = json.load(stream)
    lists = {}
    for name, entry in raw.items():
        codes = tuple(
            Code(row["code"], row["name"], row.get("short", row["name"]), row.get("sex", ""), row.get("generation"))
            for row in entry["codes"]
        )
        lists[name] = CodeList(name, entry["standard"], codes, tuple(entry["quick"]), entry["aliases"])
    return lists


def code_list(name: str) -> CodeList:
    """The code list of that name; KeyError for a name no declaration may use."""
    return _lists()[name]


def code_list_names() -> tuple[str, ...]:
    """All list names, for tests that walk the declarations."""
    return tuple(_lists())
