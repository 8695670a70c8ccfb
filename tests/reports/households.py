"""Invented households for the paper tests, and eyes to read a PDF with (not the code that wrote it)."""

from __future__ import annotations

import io
from datetime import datetime

import pypdfium2

from villagedesk.domain.records.household import Household
from villagedesk.domain.records.member import Member
from villagedesk.progress import Progress
from villagedesk.reports.household import PrintedForms, print_household_forms
from villagedesk.reports.household_values import HouseholdSheet
from villagedesk.reports.paper import Printed

PRINTED = Printed(datetime(2026, 11, 23, 16, 5), "周晓兰", "样张 数据均为虚构")

HOUSE = Household(
    phone="13800001234",
    address="青石镇柳河村3组27号",
    household_type="1",
    residence_status="1",
    collected_on="2026-11-23",
    collector="何欣",
    house_structure="2",
    house_area=12600,
    house_built=2009,
    house_grade="A",
    toilet="1",
    water="1",
    power=True,
    farmland=840,
    leased_out=300,
    leased_in=0,
    forest=120,
    orchard=250,
    pond=0,
    wage_income=7_800_000,
    business_income=2_160_000,
    property_income=150_000,
    transfer_income=684_000,
    business_cost=920_000,
    needs="老人轮椅损坏，申请残联辅具更换；长子有意返乡办果树育苗。",
)


def member(name: str, number: int = 0, **values: object) -> Member:
    """An invented person; ``number`` makes an 18-character ID with the prefix no region has."""
    given: dict[str, object] = {
        "name": name,
        "id_no": f"9999021963041{number:04d}X",
        "relation": "02" if number == 0 else "20",
        "ethnic": "01",
        "education": "40",
        "health": "2",
        "labour": "2",
        "work_status": "3",
        "work_months": 10,
        "registered": True,
        "resident": True,
    }
    return Member(**{**given, **values})  # type: ignore[arg-type]


def people(count: int) -> tuple[Member, ...]:
    return tuple(member(f"张子{'甲乙丙丁戊己庚辛壬癸'[number % 10]}{number}", number) for number in range(count))


def sheet(members: tuple[Member, ...] = (), household: Household = HOUSE, record: bytes = bytes(16)) -> HouseholdSheet:
    return HouseholdSheet(
        "青石镇", "柳河村", "第3网格", "02微网格", "3组", "999901-03-02-017", record, household, members
    )


def printed(*sheets: HouseholdSheet) -> tuple[bytes, PrintedForms]:
    out = io.BytesIO()
    result = print_household_forms(sheets, len(sheets), out, PRINTED, Progress())
    return out.getvalue(), result


def page_texts(data: bytes) -> list[str]:
    """Text of each page as a reader program gives it, line feeds removed."""
    return [text.replace("\r", "").replace("\n", "") for text in raw_texts(data)]


def raw_texts(data: bytes) -> list[str]:
    """The same with the line ends that whoever copies it gets."""
    document = pypdfium2.PdfDocument(data)
    try:
        texts = []
        for page in document:
            text_page = page.get_textpage()
            texts.append(text_page.get_text_bounded())
            text_page.close()
            page.close()
        return texts
    finally:
        document.close()
