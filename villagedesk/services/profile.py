"""Owns what is known of a desk without its store: what it is, and what the unlock page may show.

It loads nothing but files, so that the first page is painted before the store's modules are needed.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal

from villagedesk.errors import EnvironmentFault
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports, write_bytes

Role = Literal["village", "town"]
_CARD_LIMIT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Profile:
    """What a desk is.  ``scope``: the village's, or the town's own; ``town``: the town's scope once there is one."""

    role: Role
    name: str
    town_name: str
    division_code: str
    scope: str
    town: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """What the unlock page may show.  ``opened``/``backed_up``: wall ms or 0; ``drafts``: number of open drafts."""

    role: Role
    name: str
    town_name: str
    opened: int = 0
    backed_up: int = 0
    drafts: int = 0


def read_card(paths: DeskPaths, ports: Ports) -> Card | None:
    """What is known before unlocking; None where no desk lives."""
    if not (paths.card.exists() and paths.store.exists()):  # a first start that was broken off leaves a card
        return None
    try:
        return Card(**json.loads(ports.files.read(paths.card, _CARD_LIMIT)))
    except (ValueError, TypeError) as error:
        raise EnvironmentFault("store_damaged") from error


def write_card(paths: DeskPaths, ports: Ports, card: Card) -> None:
    """Keep what the next unlock page shows; raises ``EnvironmentFault``."""
    write_bytes(ports.files, paths.card, json.dumps(asdict(card), ensure_ascii=False).encode())
