"""Owns the visible list of all record kinds.  Adding a kind = its module in ``records/`` and one line here."""

from __future__ import annotations

from collections.abc import Mapping

from villagedesk.domain.fields import RecordKind
from villagedesk.domain.records.audit import AUDIT
from villagedesk.domain.records.household import HOUSEHOLD
from villagedesk.domain.records.member import MEMBER
from villagedesk.domain.records.place import GRID, MICRO_GRID, TOWN, VILLAGE, VILLAGER_GROUP
from villagedesk.domain.records.responsibility import OPERATOR, RESPONSIBILITY

#: Version of the declarations above; written into every operation.
SCHEMA = 1

KINDS: tuple[RecordKind, ...] = (
    TOWN,
    VILLAGE,
    VILLAGER_GROUP,
    GRID,
    MICRO_GRID,
    RESPONSIBILITY,
    OPERATOR,
    HOUSEHOLD,
    MEMBER,
    AUDIT,
)

BY_NAME: Mapping[str, RecordKind] = {kind.name: kind for kind in KINDS}
