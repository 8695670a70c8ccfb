"""Owns the rules over one household and its members (domain reference 1.1, 1.5, 3.1, 7.6).

Each rule is a small function that yields findings.  ``params["index"]`` is the member's place in the sequence given
(absent when the finding belongs to the household); problems block the save, doubts never do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from villagedesk.domain.codes import Code, code_list
from villagedesk.domain.dates import is_date
from villagedesk.domain.fields import Type
from villagedesk.domain.idnumber import birth_of, read_certificate, sex_of
from villagedesk.domain.numbers import format_hundredths
from villagedesk.domain.records.household import HOUSEHOLD, Household, net_income
from villagedesk.domain.records.member import HEAD, MEMBER, Member
from villagedesk.errors import Doubt, Finding, Problem

SPOUSES = frozenset(("10", "11", "12"))

#: Step and adoptive relations say nothing about ages.
_NO_AGE = frozenset(("27", "37", "57", "58"))
_CHILDREN = frozenset(("20", "21", "22", "23", "24", "25", "26", "29", "30", "31", "32", "33", "34", "35", "36", "39"))
_GENERATION_GAP = 14

Members = Sequence[Member]
Rule = Callable[[Household, Members, date], Iterator[Finding]]


def check_household(household: Household, members: Members, today: date) -> tuple[Finding, ...]:
    """All findings: ``Problem`` first, then ``Doubt``, each in the order of the rules."""
    findings = [finding for rule in RULES for finding in rule(household, members, today)]
    return tuple(sorted(findings, key=lambda finding: isinstance(finding, Doubt)))


def is_current(member: Member, today: date) -> bool:
    """Whether the person belongs to the household today."""
    return member.valid_to is None or member.valid_to > today.isoformat()


def born_on(member: Member) -> str | None:
    """Birth date ISO: the number's, else what was typed, when it is a date."""
    typed = member.birth_date
    return birth_of(member.id_no) or (typed if typed and is_date(typed) else None)


def sex_code(member: Member) -> str | None:
    """Sex: the number's, else what was typed."""
    return sex_of(member.id_no) or member.sex


def _who(members: Members, index: int, **more: object) -> dict[str, object]:
    return {"index": index, "name": members[index].name or "", **more}


def _required(household: Household, members: Members, today: date) -> Iterator[Finding]:
    for field in HOUSEHOLD.fields:
        if field.required and getattr(household, field.name) is None:
            yield Problem(field.name, "required", {"name": ""})
    for index, member in enumerate(members):
        for field in MEMBER.fields:
            # the household of a member is set by whoever saves it
            if field.required and field.type is not Type.REF and getattr(member, field.name) is None:
                yield Problem(field.name, "required", _who(members, index))


def _one_head(household: Household, members: Members, today: date) -> Iterator[Finding]:
    current = [index for index, member in enumerate(members) if is_current(member, today)]
    heads = [index for index in current if members[index].relation == HEAD]
    if members and not current:
        yield Doubt("", "household_empty")
    elif not heads:
        yield Problem("relation", "no_head")
    for index in heads[1:]:
        yield Problem("relation", "two_heads", _who(members, index, first=members[heads[0]].name or ""))


def _id_agrees(household: Household, members: Members, today: date) -> Iterator[Finding]:
    sexes = code_list("sex")
    for index, member in enumerate(members):
        sex, born = sex_of(member.id_no), birth_of(member.id_no)
        if sex is not None and member.sex in ("1", "2") and member.sex != sex:
            yield Problem("sex", "sex_differs_from_id", _who(members, index, by_id=sexes.short_of(sex), value=sex))
        if born is not None and member.birth_date is not None and member.birth_date != born:
            yield Problem("birth_date", "birth_differs_from_id", _who(members, index, by_id=born, value=born))


def _id_present(household: Household, members: Members, today: date) -> Iterator[Finding]:
    for index, member in enumerate(members):
        if member.id_no is None and not member.id_missing_reason:
            yield Problem("id_no", "id_missing_reason_needed", _who(members, index))
        if member.id_no is not None and member.id_missing_reason:
            yield Doubt("id_missing_reason", "id_missing_reason_needless", _who(members, index))


def _ids_differ(household: Household, members: Members, today: date) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for index, member in enumerate(members):
        if member.id_no is None:
            continue
        other = first.setdefault(member.id_no, index)
        if other != index and not member.id_shared_reason and not members[other].id_shared_reason:
            yield Problem("id_no", "id_twice_in_household", _who(members, index, other=members[other].name or ""))


def _names_differ(household: Household, members: Members, today: date) -> Iterator[Finding]:
    counts = Counter(member.name for member in members if member.name)
    for index, member in enumerate(members):
        if member.name and counts[member.name] > 1:
            yield Doubt("name", "name_twice", _who(members, index))


def _dates(household: Household, members: Members, today: date) -> Iterator[Finding]:
    for index, member in enumerate(members):
        born = born_on(member)
        if born is not None and born > today.isoformat():
            yield Problem("birth_date", "birth_future", _who(members, index, date=born))
        if member.valid_from and member.valid_to and member.valid_to < member.valid_from:
            dates = {"from_date": member.valid_from, "to_date": member.valid_to}
            yield Problem("valid_to", "membership_reversed", _who(members, index, **dates))
        if member.valid_from and born and member.valid_from < born:
            yield Doubt("valid_from", "joined_before_birth", _who(members, index, date=member.valid_from))
        if member.valid_to and not member.reason_out:
            yield Doubt("reason_out", "reason_out_missing", _who(members, index))
    for field in ("house_built", "income_year"):
        year = getattr(household, field)
        if year is not None and year > today.year:
            yield Problem(field, "year_future", {"year": year})
    if household.collected_on and household.collected_on > today.isoformat():
        yield Problem("collected_on", "collected_future", {"date": household.collected_on})


def _relations_and_sex(household: Household, members: Members, today: date) -> Iterator[Finding]:
    for index, member in enumerate(members):
        relation = _relation(member)
        sex = sex_code(member)
        if relation is not None and relation.sex and sex in ("1", "2") and relation.sex != sex:
            by_id = code_list("sex").short_of(sex)
            yield Doubt("relation", "relation_sex", _who(members, index, relation=relation.short, sex=by_id))
        if member.relation == "01":
            yield Doubt("relation", "relation_self", _who(members, index))


def _spouses(household: Household, members: Members, today: date) -> Iterator[Finding]:
    spouses = [i for i, member in enumerate(members) if member.relation in SPOUSES and is_current(member, today)]
    for index in spouses[1:]:
        yield Doubt("relation", "two_spouses", _who(members, index, first=members[spouses[0]].name or ""))
    head = _head(members, today)
    for index in spouses:
        if head is not None and sex_code(head) in ("1", "2") and sex_code(head) == sex_code(members[index]):
            yield Doubt("relation", "spouse_same_sex", _who(members, index, head=head.name or ""))


def _generations(household: Household, members: Members, today: date) -> Iterator[Finding]:
    head = _head(members, today)
    born = _day(born_on(head)) if head is not None else None
    if head is None or born is None:
        return
    for index, member in enumerate(members):
        relation, day = _relation(member), _day(born_on(member))
        if relation is None or not relation.generation or day is None or relation.code in _NO_AGE:
            continue
        gap = (day.year - born.year) if relation.generation > 0 else (born.year - day.year)
        if gap < _GENERATION_GAP * abs(relation.generation):
            who = _who(members, index, relation=relation.short, other=head.name or "", years=gap)
            yield Doubt("relation", "generation_gap", who)


def _grandchildren(household: Household, members: Members, today: date) -> Iterator[Finding]:
    """A grandchild is a child of one of the head's children: at least one of them must be old enough."""
    parents = [(day, member) for member in members if member.relation in _CHILDREN and (day := _day(born_on(member)))]
    if not parents:
        return
    eldest_day, eldest = min(parents, key=lambda entry: entry[0])
    for index, member in enumerate(members):
        relation, day = _relation(member), _day(born_on(member))
        if relation is None or relation.generation != 2 or day is None:
            continue
        gap = day.year - eldest_day.year
        if gap < _GENERATION_GAP:
            who = _who(members, index, relation=relation.short, other=eldest.name or "", years=gap)
            yield Doubt("relation", "generation_gap", who)


def _certificates(household: Household, members: Members, today: date) -> Iterator[Finding]:
    for index, member in enumerate(members):
        if member.disability_cert is None:
            continue
        certificate = read_certificate(member.disability_cert)
        if certificate is None:
            yield Problem("disability_cert", "certificate_unreadable", _who(members, index))
        elif member.id_no is not None and certificate.id_no != member.id_no:
            yield Doubt("disability_cert", "certificate_other_person", _who(members, index))


def _land(household: Household, members: Members, today: date) -> Iterator[Finding]:
    fields, total = (household.paddy, household.dry_land), household.farmland
    parts = sum(part or 0 for part in fields)
    whole = None not in fields
    if total is not None and (parts > total or (whole and parts != total)):
        params = {"parts": format_hundredths(parts), "total": format_hundredths(total)}
        yield Doubt("farmland", "land_sum", params)
    owned = (household.farmland, household.leased_in, household.forest, household.orchard, household.pond)
    if household.leased_out is not None and any(part is not None for part in owned):
        area = sum(part or 0 for part in owned)
        if household.leased_out > area:
            params = {"out": format_hundredths(household.leased_out), "total": format_hundredths(area)}
            yield Doubt("leased_out", "leased_out_too_much", params)


def _income(household: Household, members: Members, today: date) -> Iterator[Finding]:
    net = net_income(household)
    if net is not None and net < 0:
        yield Doubt("business_cost", "income_negative", {"net": format_hundredths(net, grouping=True)})
    if net is not None and household.income_year is None:
        yield Doubt("income_year", "income_year_missing")


def _causes(household: Household, members: Members, today: date) -> Iterator[Finding]:
    if household.cause_main is not None and household.cause_main in (household.cause_others or ()):
        yield Doubt("cause_others", "cause_twice")


def _relation(member: Member) -> Code | None:
    return code_list("relation").by_code.get(member.relation) if member.relation else None


def _head(members: Members, today: date) -> Member | None:
    return next((member for member in members if member.relation == HEAD and is_current(member, today)), None)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


RULES: tuple[Rule, ...] = (
    _required,
    _one_head,
    _id_agrees,
    _id_present,
    _ids_differ,
    _names_differ,
    _dates,
    _relations_and_sex,
    _spouses,
    _generations,
    _grandchildren,
    _certificates,
    _land,
    _income,
    _causes,
)
