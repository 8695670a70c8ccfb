"""Owns the record kind member: a person's dated membership in a household (domain reference 3.1, 3.2)."""

from __future__ import annotations

from dataclasses import dataclass

from villagedesk.domain.fields import RecordKind, Type, declare

HEAD = "02"

_SHEET = ("农户基本信息采集表",)
_MONITOR = ("防返贫监测表",)
_BOTH = (*_SHEET, *_MONITOR)


@dataclass(frozen=True, kw_only=True)
class Member:
    """家庭成员. Whatever the ID number says (birth date, sex) is stored only where there is no number."""

    household: str | None = declare(Type.REF, target="household", required=True)
    seq: int | None = declare(Type.COUNT, limit=99)
    name: str | None = declare(Type.NAME, required=True, forms=_BOTH)
    sex: str | None = declare(Type.CODE, code_list="sex", forms=_BOTH)
    id_no: str | None = declare(Type.ID_NO, sensitive=True, forms=_BOTH)
    id_missing_reason: str | None = declare(Type.TEXT, limit=40)
    id_shared_reason: str | None = declare(Type.TEXT, limit=40)
    birth_date: str | None = declare(Type.DATE, forms=_BOTH)
    lunar_birthday: str | None = declare(Type.TEXT, limit=20)
    disability_cert: str | None = declare(Type.TEXT, limit=22, sensitive=True, forms=_MONITOR)
    relation: str | None = declare(Type.CODE, code_list="relation", required=True, forms=_BOTH)
    ethnic: str | None = declare(Type.CODE, code_list="ethnic", forms=_BOTH)
    education: str | None = declare(Type.CODE, code_list="education", forms=_BOTH)
    student_status: str | None = declare(Type.CODE, code_list="student_status", forms=_MONITOR)
    health: str | None = declare(Type.CODE, code_list="health", forms=_BOTH)
    labour: str | None = declare(Type.CODE, code_list="labour", forms=_BOTH)
    work_status: str | None = declare(Type.CODE, code_list="work_status", forms=_BOTH)
    work_place: str | None = declare(Type.TEXT, limit=60)
    work_months: int | None = declare(Type.COUNT, limit=12, forms=_BOTH)
    low_income: bool | None = declare(Type.FLAG, forms=_MONITOR)
    medical_insurance: bool | None = declare(Type.FLAG, forms=_MONITOR)
    pension_insurance: bool | None = declare(Type.FLAG, forms=_MONITOR)
    serious_illness_insurance: bool | None = declare(Type.FLAG, forms=_MONITOR)
    phone: str | None = declare(Type.PHONE, sensitive=True, forms=_MONITOR)
    political: str | None = declare(Type.CODE, code_list="political")
    marital: str | None = declare(Type.CODE, code_list="marital")
    nickname: str | None = declare(Type.TEXT, limit=20)
    registered: bool | None = declare(Type.FLAG, forms=_SHEET)
    resident: bool | None = declare(Type.FLAG, forms=_SHEET)
    hukou_book_no: str | None = declare(Type.TEXT, limit=20)
    national_person_no: str | None = declare(Type.TEXT, limit=30, forms=_MONITOR)
    bank_account: str | None = declare(Type.BANK, sensitive=True)
    care_flags: list[str] | None = declare(Type.CODES, code_list="care_flag")
    valid_from: str | None = declare(Type.DATE)
    reason_in: str | None = declare(Type.CODE, code_list="reason_in")
    valid_to: str | None = declare(Type.DATE)
    reason_out: str | None = declare(Type.CODE, code_list="reason_out")
    note: str | None = declare(Type.TEXT, limit=200)


MEMBER = RecordKind("member", "register", Member)
