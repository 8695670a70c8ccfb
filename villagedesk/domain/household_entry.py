"""Owns what a person typed into the household form, as a value: texts in, readings and findings out.

Pure: the form shows what this says, the draft keeps it, the service saves it.  Must not know the store or Qt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from villagedesk.domain.codes import code_list
from villagedesk.domain.entry import squeezed
from villagedesk.domain.fields import Field, RecordKind, Type, Value
from villagedesk.domain.household_rules import check_household
from villagedesk.domain.idnumber import birth_of, sex_of
from villagedesk.domain.records.household import HOUSEHOLD, Household
from villagedesk.domain.records.member import MEMBER, Member
from villagedesk.domain.values import clean_text, read_value, show_value, write_value
from villagedesk.errors import Doubt, Finding, Problem

#: Shown without their code in the members' grid.
_BARE_CODES = frozenset({"sex", "ethnic"})
#: What a number says is not stored beside it (domain reference 1.1).
_SAID_BY_NUMBER = ("sex", "birth_date")
_MISSING_REASON_LIMIT = 40


@dataclass(frozen=True, slots=True)
class TypedMember:
    """One line of the members' grid; ``id`` b"" = a person not saved yet; ``texts``: field → what was typed."""

    id: bytes = b""
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def blank(self) -> bool:
        """A new line in which nothing was typed."""
        return not self.id and not any(text.strip() for text in self.texts.values())


@dataclass(frozen=True, slots=True)
class TypedHousehold:
    """The whole form; ``id`` b"" = a household not saved yet; fields absent from ``texts`` are left alone."""

    id: bytes = b""
    texts: Mapping[str, str] = field(default_factory=dict)
    members: tuple[TypedMember, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding and where it stands: ``member`` is the line in the grid (0-based), -1 = the household itself."""

    member: int
    finding: Finding

    @property
    def blocks(self) -> bool:
        return isinstance(self.finding, Problem)


@dataclass(frozen=True, slots=True)
class ReadHousehold:
    """What was typed, as values.  ``lines``: place in the grid of each member that is not blank."""

    household: Mapping[str, Value]
    members: tuple[Mapping[str, Value], ...]
    lines: tuple[int, ...]
    findings: tuple[Placed, ...]

    @property
    def problems(self) -> tuple[Placed, ...]:
        return tuple(placed for placed in self.findings if placed.blocks)

    @property
    def doubts(self) -> tuple[Placed, ...]:
        return tuple(placed for placed in self.findings if not placed.blocks)


def text_of(kind: RecordKind, declared: Field, value: Value) -> str:
    """A value as it stands in its field of the form; ``read_value`` reads it back to the same value."""
    if value is None:
        return ""
    if declared.type is Type.CODE and isinstance(value, str):
        short = code_list(declared.code_list).short_of(value)
        if declared.name in _BARE_CODES and kind is MEMBER:
            return short.removesuffix("族")
        return f"{value} {short}" if value.isdigit() else short  # nobody types "illness" or "A A"
    if declared.type in (Type.ID_NO, Type.PHONE, Type.BANK):
        return show_value(declared, value)
    return write_value(declared, value)


def typed_texts(kind: RecordKind, record: Any) -> dict[str, str]:
    """All fields of a record as the form shows them."""
    values = kind.values(record)
    return {declared.name: text_of(kind, declared, values[declared.name]) for declared in kind.fields}


def typed_household(record_id: bytes, household: Household, members: Sequence[tuple[bytes, Member]]) -> TypedHousehold:
    """The form of a saved household."""
    lines = tuple(TypedMember(person, _reason_shown(typed_texts(MEMBER, member))) for person, member in members)
    return TypedHousehold(record_id, typed_texts(HOUSEHOLD, household), lines)


def _reason_shown(texts: dict[str, str]) -> dict[str, str]:
    """The reason why there is no number stands where it was typed: in the number's place."""
    reason = texts["id_missing_reason"]
    if texts["id_no"] or not reason or not _is_words(reason):
        return texts
    return {**texts, "id_no": reason, "id_missing_reason": ""}


def _is_words(text: str) -> bool:
    reading = read_value(MEMBER.by_name["id_no"], text, date.max)
    return any(finding.code == "id_words" for finding in (*reading.problems, *reading.doubts))


def read_typed(typed: TypedHousehold, today: date) -> ReadHousehold:
    """Read every field, then apply the rules over the whole household.

    A field with a problem has no value; the rules do not complain about it a second time.
    """
    findings: list[Placed] = []
    household = _read(HOUSEHOLD, typed.texts, today, -1, findings)
    members: list[dict[str, Value]] = []
    lines: list[int] = []
    for line, member in enumerate(typed.members):
        if not member.blank:
            lines.append(line)
            members.append(_read_member(member.texts, today, line, findings))
    refused = {(placed.member, placed.finding.field) for placed in findings if placed.blocks}
    found = check_household(HOUSEHOLD.make(household), [MEMBER.make(_whole(member)) for member in members], today)
    for finding in found:
        index = finding.params.get("index")
        line = lines[index] if isinstance(index, int) else (-1 if finding.field in HOUSEHOLD.by_name else 0)
        if (line, finding.field) not in refused and not _said_twice(finding, line, refused):
            findings.append(Placed(line, finding))
    return ReadHousehold(household, tuple(members), tuple(lines), tuple(findings))


def _whole(member: Mapping[str, Value]) -> Mapping[str, Value]:
    return {**member, "household": None}


def _said_twice(finding: Finding, line: int, refused: set[tuple[int, str]]) -> bool:
    """A number that could not be read is not also missing; a relation that could not be read is not "no head"."""
    if finding.code == "id_missing_reason_needed":
        return (line, "id_no") in refused
    return finding.code == "no_head" and any(name == "relation" for _, name in refused)


def _read(
    kind: RecordKind, texts: Mapping[str, str], today: date, line: int, findings: list[Placed]
) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, text in texts.items():
        declared = kind.by_name.get(name)
        if declared is None:
            continue
        reading = read_value(declared, text, today)
        findings += (Placed(line, finding) for finding in (*reading.problems, *reading.doubts))
        values[name] = reading.value
    return values


def _read_member(texts: Mapping[str, str], today: date, line: int, findings: list[Placed]) -> dict[str, Value]:
    """As ``_read``; words in the number's place are the reason why there is none, and what the number says goes."""
    found: list[Placed] = []
    values = _read(MEMBER, texts, today, line, found)
    if any(placed.finding.code == "id_words" for placed in found):
        found = [placed for placed in found if placed.finding.code != "id_words"]
        values["id_missing_reason"] = clean_text(texts.get("id_no", ""))[:_MISSING_REASON_LIMIT]
    findings += found
    if values.get("id_no"):
        for name in (*_SAID_BY_NUMBER, "id_missing_reason"):
            if name in values and _agrees(name, values):
                values[name] = None
    return values


def _agrees(name: str, values: Mapping[str, Value]) -> bool:
    """A typed sex or birth date that differs from the number stays, so that the rule can name it."""
    number = str(values["id_no"])
    said = {"sex": sex_of(number), "birth_date": birth_of(number)}.get(name)
    return said is None or values[name] == said


def derived(member: TypedMember, today: date) -> tuple[str, str]:
    """Sex and age as the grid shows them beside a number: ("男", "41"); "" where nothing is known."""
    number = read_value(MEMBER.by_name["id_no"], member.texts.get("id_no", ""), today).value
    sex, born = sex_of(_text(number)), birth_of(_text(number))
    if born is None:
        born = _text(read_value(MEMBER.by_name["birth_date"], member.texts.get("birth_date", ""), today).value)
    shown = code_list("sex").short_of(sex) if sex else member.texts.get("sex", "")
    return shown, str(age_on(born, today)) if born else ""


def has_number(member: TypedMember) -> bool:
    """Whether digits stand in the number's place: then sex and age are derived and skipped."""
    return any(char.isdigit() for char in squeezed(member.texts.get("id_no", "")))


def age_on(born: str, today: date) -> int:
    """Age in completed years (周岁)."""
    year, month, day = (int(part) for part in born.split("-"))
    return today.year - year - ((today.month, today.day) < (month, day))


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def to_document(typed: TypedHousehold) -> dict[str, Any]:
    """A draft's document."""
    members = [{"id": member.id.hex(), "texts": dict(member.texts)} for member in typed.members]
    return {"id": typed.id.hex(), "texts": dict(typed.texts), "members": members}


def from_document(document: Mapping[str, Any]) -> TypedHousehold:
    """What a draft holds."""
    members = tuple(
        TypedMember(bytes.fromhex(member["id"]), dict(member["texts"])) for member in document.get("members", ())
    )
    return TypedHousehold(bytes.fromhex(document.get("id", "")), dict(document.get("texts", {})), members)


Say = Callable[[Finding], str]


def first_doubt(read: ReadHousehold) -> Placed | None:
    """The doubt to show under the grid."""
    return next((placed for placed in read.doubts if isinstance(placed.finding, Doubt)), None)
