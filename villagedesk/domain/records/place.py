"""Owns the record kinds of places: town, village, villager_group, grid, micro_grid (domain reference 1.2, 1.3, 2).

Villages merge and codes change, so every place has an internal id and a dated code.
"""

from __future__ import annotations

from dataclasses import dataclass

from villagedesk.domain.fields import RecordKind, Type, declare


@dataclass(frozen=True, kw_only=True)
class Town:
    """镇/乡镇; ``division_code``: 12 digits, statistical region code (1.2)."""

    name: str | None = declare(Type.TEXT, required=True, limit=40)
    division_code: str | None = declare(Type.TEXT, limit=12)
    valid_from: str | None = declare(Type.DATE)
    valid_to: str | None = declare(Type.DATE)


@dataclass(frozen=True, kw_only=True)
class Village:
    """行政村; ``urban_rural_class``: 城乡分类代码 (1.2); ``scope``: hex of the scope its operations belong to."""

    name: str | None = declare(Type.TEXT, required=True, limit=40)
    division_code: str | None = declare(Type.TEXT, limit=12)
    town_name: str | None = declare(Type.TEXT, limit=40)
    urban_rural_class: str | None = declare(Type.CODE, code_list="urban_rural_class")
    valid_from: str | None = declare(Type.DATE)
    valid_to: str | None = declare(Type.DATE)


@dataclass(frozen=True, kw_only=True)
class VillagerGroup:
    """村民小组 (三组): no national code, numbered inside the village (1.2)."""

    number: int | None = declare(Type.COUNT, limit=99)
    name: str | None = declare(Type.TEXT, required=True, limit=40)
    natural_village: str | None = declare(Type.TEXT, limit=40)


@dataclass(frozen=True, kw_only=True)
class Grid:
    """网格; ``code``: 12-digit village code + 3 digits (1.3, a proposal); ``external_code``: the county platform's."""

    code: str | None = declare(Type.TEXT, required=True, limit=20)
    name: str | None = declare(Type.TEXT, required=True, limit=40)
    external_code: str | None = declare(Type.TEXT, limit=40)
    valid_from: str | None = declare(Type.DATE)
    valid_to: str | None = declare(Type.DATE)


@dataclass(frozen=True, kw_only=True)
class MicroGrid:
    """微网格; ``code``: grid code + 2 digits (1.3)."""

    grid: str | None = declare(Type.REF, target="grid", required=True)
    code: str | None = declare(Type.TEXT, required=True, limit=20)
    name: str | None = declare(Type.TEXT, required=True, limit=40)
    external_code: str | None = declare(Type.TEXT, limit=40)
    valid_from: str | None = declare(Type.DATE)
    valid_to: str | None = declare(Type.DATE)


TOWN = RecordKind("town", "register", Town, town_only=True)
VILLAGE = RecordKind("village", "register", Village)
VILLAGER_GROUP = RecordKind("villager_group", "register", VillagerGroup)
GRID = RecordKind("grid", "register", Grid)
MICRO_GRID = RecordKind("micro_grid", "register", MicroGrid)
