"""Owns the record kind household: the people living together (共同生活家庭, domain reference 3.1, fields of 3.2)."""

from __future__ import annotations

from dataclasses import dataclass

from villagedesk.domain.fields import RecordKind, Type, declare

_SHEET = ("农户基本信息采集表",)
_MONITOR = ("防返贫监测表",)
_BOTH = (*_SHEET, *_MONITOR)


@dataclass(frozen=True, kw_only=True)
class Household:
    """农户. The head of household is the member whose relation is 02; it is not typed twice."""

    # 户头
    household_no: str | None = declare(Type.TEXT, limit=20, forms=_SHEET)
    villager_group: str | None = declare(Type.REF, target="villager_group", forms=_SHEET)
    grid: str | None = declare(Type.REF, target="grid", forms=_SHEET)
    micro_grid: str | None = declare(Type.REF, target="micro_grid", forms=_SHEET)
    phone: str | None = declare(Type.PHONE, sensitive=True, forms=_BOTH)
    address: str | None = declare(Type.TEXT, limit=80, forms=_SHEET)
    actual_address: str | None = declare(Type.TEXT, limit=80)
    household_type: str | None = declare(Type.CODE, code_list="household_type", forms=_BOTH)
    household_type_note: str | None = declare(Type.TEXT, limit=20, forms=_SHEET)
    residence_status: str | None = declare(Type.CODE, code_list="residence_status", forms=_SHEET)
    collected_on: str | None = declare(Type.DATE, forms=_SHEET)
    collector: str | None = declare(Type.NAME, forms=_SHEET)
    national_household_no: str | None = declare(Type.TEXT, limit=30, forms=_MONITOR)
    identification_standard: str | None = declare(Type.TEXT, limit=40, forms=_MONITOR)
    cause_main: str | None = declare(Type.CODE, code_list="risk_type", forms=_MONITOR)
    cause_others: list[str] | None = declare(Type.CODES, code_list="risk_type", limit=2, forms=_MONITOR)
    family_planning: bool | None = declare(Type.FLAG, forms=_MONITOR)
    military_family: bool | None = declare(Type.FLAG, forms=_MONITOR)
    bank_name: str | None = declare(Type.TEXT, limit=40, forms=_MONITOR)
    bank_account: str | None = declare(Type.BANK, sensitive=True, forms=_MONITOR)
    # 住房与生活
    house_structure: str | None = declare(Type.CODE, code_list="house_structure", forms=_BOTH)
    house_area: int | None = declare(Type.SQM, forms=_BOTH)
    house_built: int | None = declare(Type.YEAR, least=1800, forms=_BOTH)
    house_grade: str | None = declare(Type.CODE, code_list="house_grade", forms=_BOTH)
    toilet: str | None = declare(Type.CODE, code_list="toilet_type", forms=_BOTH)
    water: str | None = declare(Type.CODE, code_list="water_source", forms=_BOTH)
    power: bool | None = declare(Type.FLAG, forms=_BOTH)
    fuels: list[str] | None = declare(Type.CODES, code_list="fuel", limit=3, forms=_MONITOR)
    broadcast: bool | None = declare(Type.FLAG, forms=_MONITOR)
    road: str | None = declare(Type.CODE, code_list="road", forms=_MONITOR)
    road_distance: int | None = declare(Type.KM, forms=_MONITOR)
    relocated: bool | None = declare(Type.FLAG, forms=_MONITOR)
    # 土地(亩)
    farmland: int | None = declare(Type.MU, forms=_BOTH)
    paddy: int | None = declare(Type.MU)
    dry_land: int | None = declare(Type.MU)
    leased_out: int | None = declare(Type.MU, forms=_SHEET)
    leased_in: int | None = declare(Type.MU, forms=_SHEET)
    forest: int | None = declare(Type.MU, forms=_BOTH)
    orchard: int | None = declare(Type.MU, forms=_BOTH)
    pond: int | None = declare(Type.MU, forms=_BOTH)
    certified_land: int | None = declare(Type.MU)
    land_contract_no: str | None = declare(Type.TEXT, limit=30)
    # 上年收入(元)
    income_year: int | None = declare(Type.YEAR, least=1990)
    wage_income: int | None = declare(Type.MONEY, forms=_BOTH)
    business_income: int | None = declare(Type.MONEY, forms=_BOTH)
    property_income: int | None = declare(Type.MONEY, forms=_BOTH)
    transfer_income: int | None = declare(Type.MONEY, forms=_BOTH)
    business_cost: int | None = declare(Type.MONEY, forms=_BOTH)
    # 资产与其他
    vehicle: bool | None = declare(Type.FLAG)
    farm_machine: bool | None = declare(Type.FLAG)
    business_entity: bool | None = declare(Type.FLAG)
    commercial_house: bool | None = declare(Type.FLAG)
    honour_plate: bool | None = declare(Type.FLAG)
    needs: str | None = declare(Type.TEXT, limit=500, forms=_SHEET)
    note: str | None = declare(Type.TEXT, limit=500)


HOUSEHOLD = RecordKind("household", "register", Household)


def net_income(household: Household) -> int | None:
    """纯收入 in 分 = wage + business + property + transfer − business cost (3.2); None when nothing was given."""
    parts = (
        household.wage_income,
        household.business_income,
        household.property_income,
        household.transfer_income,
        household.business_cost,
    )
    if all(part is None for part in parts):
        return None
    gains = sum(part or 0 for part in parts[:4])
    return gains - (household.business_cost or 0)


def net_income_per_head(household: Household, people: int) -> int | None:
    """人均纯收入 in 分, 四舍五入; ``people``: those living together (3.2)."""
    net = net_income(household)
    if net is None or people <= 0:
        return None
    doubled = 2 * abs(net) + people
    return (doubled // (2 * people)) * (1 if net >= 0 else -1)
