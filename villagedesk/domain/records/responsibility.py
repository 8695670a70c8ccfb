"""Owns who is responsible for what, and who types at a desk (domain reference 2: dated responsibilities)."""

from __future__ import annotations

from dataclasses import dataclass

from villagedesk.domain.fields import RecordKind, Type, declare


@dataclass(frozen=True, kw_only=True)
class Responsibility:
    """A person's dated role towards a place or household: 网格长, 网格员, 微网格长, 党员中心户, 党员联户 …"""

    person_name: str | None = declare(Type.NAME, required=True)
    member: str | None = declare(Type.REF, target="member")
    phone: str | None = declare(Type.PHONE, sensitive=True)
    role: str | None = declare(Type.CODE, code_list="role", required=True)
    target_kind: str | None = declare(Type.TEXT, limit=20)
    target: str | None = declare(Type.REF)
    valid_from: str | None = declare(Type.DATE)
    valid_to: str | None = declare(Type.DATE)


@dataclass(frozen=True, kw_only=True)
class Operator:
    """录入员: the person an operation is attributed to (its record id stands as ``by`` in every operation)."""

    name: str | None = declare(Type.NAME, required=True)
    desk_role: str | None = declare(Type.CODE, code_list="desk_role")
    valid_to: str | None = declare(Type.DATE)


RESPONSIBILITY = RecordKind("responsibility", "register", Responsibility)
OPERATOR = RecordKind("operator", "register", Operator)
