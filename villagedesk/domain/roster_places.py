"""Owns finding the places that a roster names among the known ones, and which of them are new.

Must not know files or the store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from villagedesk.domain.roster import Known, NewPlace, group_number
from villagedesk.domain.values import clean_text

_SPELLINGS = ("name", "code", "external_code", "natural_village")


class PlaceFinder:
    """``new``: places nobody knew, in the order they were met."""

    def __init__(self, existing: Mapping[str, Sequence[Known]]) -> None:
        self.new: list[NewPlace] = []
        self._ids: dict[tuple[str, str, str | int], str] = {}
        self._grids = [place.id for place in existing.get("grid", ())]
        self._micro: dict[str | int, set[str]] = {}
        for kind, places in existing.items():
            for place in places:
                self._learn(kind, place)

    def _learn(self, kind: str, place: Known) -> None:
        parent = str(place.values.get("grid") or "") if kind == "micro_grid" else ""
        texts = (place.values.get(name) for name in _SPELLINGS)
        spellings: list[str | int] = [_spelling(kind, text) for text in texts if isinstance(text, str) and text]
        number = place.values.get("number")
        if isinstance(number, int):
            spellings.append(number)
        for spelling in spellings:
            self._ids.setdefault((kind, parent, spelling), place.id)
            if kind == "micro_grid":
                self._micro.setdefault(spelling, set()).add(place.id)

    def find(self, kind: str, text: str, grid: str = "") -> tuple[str, bool]:
        """Id of the place, or the key of a new one, and whether it is met here for the first time.

        ``grid``: id or key of the grid that a micro-grid lies in; "" = not said.  A micro-grid whose grid is neither
        said nor the only one gives "".
        """
        spelling = _spelling(kind, text)
        if kind == "micro_grid" and not grid:
            named = self._micro.get(spelling, set())
            if len(named) == 1:
                return next(iter(named)), False
            if len(self._grids) != 1:
                return "", False
            grid = self._grids[0]
        parent = grid if kind == "micro_grid" else ""
        known = self._ids.get((kind, parent, spelling))
        if known is not None:
            return known, False
        place = NewPlace(kind, f"+{kind}:{len(self.new) + 1}", clean_text(text), parent)
        self.new.append(place)
        self._ids[kind, parent, spelling] = place.key
        return place.key, True


def _spelling(kind: str, text: str) -> str | int:
    number = group_number(text) if kind == "villager_group" else None
    return number if number is not None else "".join(clean_text(text).split())
