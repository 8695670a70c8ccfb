"""Erasure (PIPL art. 47): gone from every replica, from lists, search and drafts; the chain still verifies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.practice import add_household, hand_in
from villagedesk.domain.operation import decode_payload
from villagedesk.errors import DeskError
from villagedesk.progress import Progress
from villagedesk.services import care, households, intake
from villagedesk.services.desks import Desk
from villagedesk.services.households import Edit, HouseholdQuery

NAME = "阿卜杜拉·买买提"


def everything(desk: Desk) -> str:
    """All texts in the store, payloads decoded by hand."""
    tables = [row[0] for row in desk.store.rows("SELECT name FROM sqlite_master WHERE type='table'")]
    cells = [cell for table in tables for row in desk.store.rows(f'SELECT * FROM "{table}"') for cell in row]
    return "\n".join(cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell) for cell in cells)


def test_a_person_is_gone_everywhere(village: Desk, town: Desk, tmp_path: Path) -> None:
    household, member = add_household(village, "001", NAME)
    add_household(village, "002", "仇和")
    households.keep_draft(village, f"member:{member.hex()}", {"name": NAME})
    hand_in(village, town, tmp_path)
    assert NAME in everything(village) and NAME in everything(town)
    touched = care.redact(village, member)
    assert touched.kinds == {"household", "member"}
    hand_in(village, town, tmp_path)
    for desk in (village, town):
        assert NAME not in everything(desk) and "仇和" in everything(desk)
        assert households.list_page(desk, HouseholdQuery(text="mmt")).households == 0
        assert care.verify(desk, Progress()).sound
        assert desk.store.rows("SELECT count(*) FROM household WHERE id=?", (household,)) == [(1,)]
    assert village.ledger.state_hash(village.scope) == town.ledger.state_hash(village.scope)


def test_one_operation_can_go_alone(village: Desk, town: Desk, tmp_path: Path) -> None:
    household, _ = add_household(village, "001", "张建国")
    households.save(village, [Edit("household", household, {"needs": "wrong"})])
    wrong = village.ledger.journal.of_record(household, village.scope)[-1][0]
    care.redact(village, household, wrong.id)
    hand_in(village, town, tmp_path)
    for desk in (village, town):
        assert desk.store.rows("SELECT household_no, needs FROM household") == [("001", None)]


def test_the_town_may_erase_and_the_village_learns_it(village: Desk, town: Desk, tmp_path: Path) -> None:
    _, member = add_household(village, "001", NAME)
    hand_in(village, town, tmp_path)
    care.redact(town, member)
    intake.import_files(village, hand_in(village, town, tmp_path).receipts, Progress())
    assert NAME not in everything(village)
    assert village.ledger.state_hash(village.scope) == town.ledger.state_hash(village.scope)


def test_an_order_is_itself_readable_and_names_nobody(village: Desk) -> None:
    _, member = add_household(village, "001", NAME)
    care.redact(village, member)
    orders = [op for op, _ in village.ledger.journal.of_record(member, village.scope) if op.header.kind == "redact"]
    assert [set(decode_payload(order.payload or b"")["set"]) for order in orders] == [{"op"}]
    with pytest.raises(DeskError, match="record_unknown"):
        care.redact(village, member)
    with pytest.raises(DeskError, match="record_unknown"):
        care.redact(village, b"?" * 16)
