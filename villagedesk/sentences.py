"""Owns the words for codes: errors, problems, doubts, steps, field labels, record kinds.

The texts are data (``resources/i18n/sentences/<language>/<area>.json``) so that the window and the command line say the
same.  A test walks every code raised anywhere in the package and fails on one without a sentence in both languages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from villagedesk.paths import resources

LANGUAGES = ("zh_CN", "en")


@cache
def texts(language: str) -> Mapping[str, str]:
    """All sentences of ``language``, keyed by code; unknown languages fall back to Chinese."""
    name = language if language in LANGUAGES else LANGUAGES[0]
    merged: dict[str, str] = {}
    for path in sorted((resources() / "i18n" / "sentences" / name).glob("*.json")):
        with path.open(encoding="utf-8") as stream:
            merged.update(json.load(stream))
    return merged


def sentence(code: str, params: Mapping[str, object], language: str = "zh_CN") -> str:
    """The sentence for ``code``; an unknown code is shown as itself, so that nothing is ever hidden."""
    template = texts(language).get(code)
    if template is None:
        return code
    return template.format_map(_Given({key: str(value) for key, value in params.items()}))


class _Given(dict[str, str]):
    """Parameters of a sentence; one that was not given is left out rather than ending the program."""

    def __missing__(self, key: str) -> str:
        return ""


def label(kind: str, field: str, language: str = "zh_CN") -> str:
    """The short label of a field, as it stands on paper forms."""
    return texts(language).get(f"{kind}.{field}", field)
