"""Owns which column of a roster is which field: the headings departments write (resources/codes/roster-columns.json).

A target is ``member.<field>``, ``household.<field>``, ``head.name``, ``head.id_no``, ``head.flag``, ``place.<kind>`` or
``ignore.<what>``; "" is a heading nobody knows.  Must not know where in a sheet the headings stand.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from villagedesk.domain.records.household import HOUSEHOLD
from villagedesk.domain.records.member import MEMBER
from villagedesk.errors import DeskError
from villagedesk.paths import resources

_BRACKETS = re.compile(r"\([^()]*\)$|\[[^\[\]]*\]$")
#: Under a merged heading that speaks of the head, these columns are the head's.
_HEADS = {
    "member.name": "head.name",
    "member.id_no": "head.id_no",
    "member.phone": "household.phone",
    "member.bank_account": "household.bank_account",
}
_HEAD_WORDS = ("户主", "承包方", "户代表")
_TITLE_ENDS = ("表", "册", "单", "台账")


@dataclass(frozen=True, slots=True)
class RosterWords:
    """``targets``: normal heading → target; ``headings``: target → usual heading; words that begin totals and notes."""

    targets: Mapping[str, str]
    headings: Mapping[str, str]
    totals: tuple[str, ...]
    notes: tuple[str, ...]
    id_missing_reason: str


#: A clerk's mapping to this leaves the column out.
IGNORED = "-"


@cache
def roster_words() -> RosterWords:
    """The shipped words."""
    with (resources() / "codes" / "roster-columns.json").open(encoding="utf-8") as stream:
        raw = json.load(stream)
    targets: dict[str, str] = {}
    for target, headings in raw["columns"].items():
        for heading in headings:
            targets.setdefault(normal(heading), target)
    return RosterWords(
        targets,
        {target: headings[0] for target, headings in raw["columns"].items()},
        tuple(dict.fromkeys(squeeze(word) for word in raw["totals"])),
        tuple(dict.fromkeys(squeeze(word) for word in raw["notes"])),
        raw["id_missing_reason"],
    )


def squeeze(text: str) -> str:
    """Half-width form without blanks, line breaks and invisible marks."""
    return "".join(unicodedata.normalize("NFKC", text).replace("\u200b", "").split())


def normal(heading: str) -> str:
    """A heading without blanks, stars of required columns and a closing colon, in lower case."""
    return squeeze(heading).strip("*※").rstrip(":").lower()


def recognise(heading: str, above: str, mapping: Mapping[str, str] | None, higher: Sequence[str] = ()) -> str:
    """The target of a heading, or "".  ``above``: the heading over it, "" when there is none; ``higher``: over that."""
    plain, over = normal(heading), normal(above)
    own, known = mapping or {}, roster_words().targets
    chosen = own.get(over + plain) or own.get(plain)
    if chosen:
        return "" if chosen == IGNORED else chosen
    both = known.get(over + plain, "") if over else ""
    found = both or known.get(plain) or known.get(_BRACKETS.sub("", plain), "")
    speaking = higher if both else (above, *higher)
    return _HEADS[found] if found in _HEADS and any(map(_says_head, speaking)) else found


def _says_head(heading: str) -> bool:
    """Whether what stands below a heading is the head's own."""
    text = normal(heading)
    return any(word in text for word in _HEAD_WORDS) and not text.endswith(_TITLE_ENDS)


def targets() -> tuple[str, ...]:
    """What a column can be mapped to, the usual ones in the order of the paper."""
    return tuple(target for target in roster_words().headings if not target.startswith("head."))


def read_mapping(mapping: Mapping[str, str]) -> Mapping[str, str]:
    """A clerk's own heading → target, by normal headings.  Raises ``DeskError`` roster_target_unknown."""
    allowed = {f"{kind.name}.{name}" for kind in (HOUSEHOLD, MEMBER) for name in kind.by_name}
    allowed |= {*roster_words().headings, "head.flag", IGNORED}
    for heading, target in mapping.items():
        if target not in allowed:
            raise DeskError("roster_target_unknown", heading=heading, target=target)
    return {normal(heading): target for heading, target in mapping.items()}
