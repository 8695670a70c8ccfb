"""Scope attack: every role × kind × scope, and operations forged in every way a hostile desk could (I5, I7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.practice import add_household, hand_in, invited, raw_segment, sealed_by
from villagedesk.domain.catalogue import KINDS
from villagedesk.domain.ids import LogId
from villagedesk.domain.operation import first_hash
from villagedesk.ports import Ports
from villagedesk.progress import Progress
from villagedesk.services import bundles, desks, history, households, intake, towns
from villagedesk.services.desks import Desk
from villagedesk.storage.journal import Verdict
from villagedesk.storage.ledger import Change
from villagedesk.sync.certificate import issue
from villagedesk.sync.contents import Contents, Enrolment, sign_segment
from villagedesk.sync.identity import Identity

ALL_KINDS = [*(kind.name for kind in KINDS), "redact", "visit_of_a_newer_version"]
TOWN_ONLY = {kind.name for kind in KINDS if kind.town_only}


def verdicts(desk: Desk, log: LogId) -> dict[str, Verdict]:
    return {header.kind: verdict for _, header, of, verdict in desk.ledger.journal.judged() if of == log}


def expected(role: str, kind: str, scope: str) -> Verdict:
    if role == "village" and (scope != "own" or kind in TOWN_ONLY):
        return Verdict.FORBIDDEN
    return Verdict.UNKNOWN if kind.startswith("visit") else Verdict.FOLDED


def every_kind(desk: Desk) -> list[tuple[str, bytes, dict[str, object]]]:
    return [(kind, desk.new_id(), {"name": "x"} if kind != "redact" else {"op": "0" * 32}) for kind in ALL_KINDS]


@pytest.mark.parametrize("role", ["village", "neighbour", "town"])
def test_every_role_kind_and_scope(role: str, village: Desk, town: Desk, tmp_path: Path) -> None:
    neighbour = invited(tmp_path, town, "南坡村", "neighbour")
    for desk in (village, neighbour):
        hand_in(desk, town, tmp_path)
    writer = {"village": village, "neighbour": neighbour, "town": town}[role]
    if role == "town":
        reader = village
        intake.import_files(village, hand_in(village, town, tmp_path / "a").receipts, Progress())
    else:
        reader = town
    homes = {"village": village.scope, "neighbour": neighbour.scope, "town": town.scope}
    for name, scope in homes.items():
        log = LogId(writer.identity.device, scope)
        before = reader.ledger.journal.head(log)
        part = raw_segment(writer.identity, log, every_kind(writer), before)
        rejected = verdict_table(writer, reader, part, tmp_path)
        assert rejected == "", name
        place = "own" if name == role else "other"
        found = {kind: verdict for kind, verdict in verdicts(reader, log).items() if kind in ALL_KINDS}
        wanted = {kind: expected("town" if role == "town" else "village", kind, place) for kind in ALL_KINDS}
        assert found == wanted, (role, name)
    desks.close(neighbour)


def verdict_table(writer: Desk, reader: Desk, part: tuple[object, object], folder: Path) -> str:
    contents = Contents(writer.new_id(), (part,))  # type: ignore[arg-type] # a hand-made part
    if reader.profile.role == "town":
        path = sealed_by(writer, contents, folder)
    else:
        trust = towns.trust_of(writer)
        assert trust is not None
        path = bundles._write(writer, contents, trust, (reader.identity.recipient,), folder, contents.bundle_id.hex())
    (taken,) = intake.import_files(reader, [path], Progress()).bundles
    return taken.code


def test_a_neighbours_id_in_ones_own_scope_shadows_nothing(village: Desk, town: Desk, tmp_path: Path) -> None:
    """Even one who knows an id writes another record with it; whoever asks by id gets the one that was first."""
    neighbour = invited(tmp_path, town, "南坡村", "neighbour")
    hand_in(neighbour, town, tmp_path)  # its scope is known first
    home, _ = add_household(village, "001", "张建国")
    hand_in(village, town, tmp_path)
    before = town.ledger.state_hash(village.scope)
    change = Change("household", home, {"household_no": "001", "address": "假地址"})
    neighbour.ledger.append(neighbour.log(), [change], neighbour.operator, neighbour.new_id())
    (taken,) = hand_in(neighbour, town, tmp_path / "again").bundles
    assert taken.folded == 1 and town.ledger.state_hash(village.scope) == before
    file = households.read_household(town, home)
    assert (file.scope, file.household.address, [entry.member.name for entry in file.members]) == (
        village.scope,
        None,
        ["张建国"],
    )
    assert all("假地址" not in str(entry.changes) for entry in history.record_history(town, home))
    households.save(town, [households.Edit("household", home, {"address": "一组1号"})])
    assert households.read_household(town, home).household.address == "一组1号"
    assert town.store.rows("SELECT count(*) FROM household WHERE address='一组1号'") == [(1,)]
    desks.close(neighbour)


def test_what_a_neighbour_may_not_write_leaves_no_trace(village: Desk, town: Desk, tmp_path: Path) -> None:
    neighbour = invited(tmp_path, town, "南坡村", "neighbour")
    household, _ = add_household(village, "001", "张建国")
    for desk in (village, neighbour):
        hand_in(desk, town, tmp_path)
    ((operation, _),) = town.ledger.journal.of_record(household, village.scope)
    before = town.ledger.whole_state_hash(village.scope)
    log = LogId(neighbour.identity.device, village.scope)
    attacks = [("household", household, {"phone": "1"}), ("redact", household, {"op": operation.id.hex()})]
    attacks.append(("member", neighbour.new_id(), {"household": household.hex(), "name": "x"}))
    path = sealed_by(
        neighbour, Contents(neighbour.new_id(), (raw_segment(neighbour.identity, log, attacks),)), tmp_path
    )
    (taken,) = intake.import_files(town, [path], Progress()).bundles
    assert (taken.folded, taken.forbidden) == (0, 3)
    assert town.ledger.whole_state_hash(village.scope) == town.ledger.state_hash(village.scope) == before
    assert town.ledger.journal.of_record(household, village.scope)[0][0].payload is not None
    desks.close(neighbour)


Forgery = Callable[[Desk, Desk, Path], Path]


def _contents(village: Desk) -> Contents:
    log = village.log()
    part = raw_segment(village.identity, log, [("household", village.new_id(), {"household_no": "9"})])
    return Contents(village.new_id(), (part,))


def another_author(village: Desk, town: Desk, folder: Path) -> Path:
    """The segment says it is the town's log; the town's key did not sign it."""
    log = LogId(town.identity.device, village.scope)
    part = raw_segment(village.identity, log, [("town", town.scope, {"name": "x"})])
    return sealed_by(village, Contents(village.new_id(), (part,)), folder)


def a_stranger(village: Desk, town: Desk, folder: Path) -> Path:
    return sealed_by(village, _contents(village), folder, sender=Identity.make(Ports()))


def a_borrowed_certificate(village: Desk, town: Desk, folder: Path) -> Path:
    """A true certificate beside a key that it does not name."""
    thief = Identity.make(Ports())
    part = raw_segment(thief, LogId(thief.device, village.scope), [("household", village.new_id(), {})])
    return sealed_by(village, Contents(village.new_id(), (part,)), folder, sender=thief)


def a_self_made_certificate(village: Desk, town: Desk, folder: Path) -> Path:
    thief = Identity.make(Ports())
    text = issue(Identity.make(Ports()), thief.public, 9, True, frozenset({village.scope, town.scope}))
    part = raw_segment(thief, LogId(thief.device, village.scope), [("household", village.new_id(), {})])
    contents = Contents(village.new_id(), (part,))
    return sealed_by(village, contents, folder, sender=thief, certificate=text)


def an_invented_code(village: Desk, town: Desk, folder: Path) -> Path:
    thief = Identity.make(Ports())
    wish = Enrolment(b"?" * 16, thief.public, thief.recipient, (village.scope,))
    return sealed_by(village, replace(_contents(village), enrolment=wish), folder, sender=thief, certificate="")


def a_stranger_vouches(village: Desk, town: Desk, folder: Path) -> Path:
    thief = Identity.make(Ports())
    wish = Enrolment(b"?" * 16, thief.public, thief.recipient, (village.scope,))
    wish = replace(wish, vouches=((village.identity.public, thief.sign(wish.message())),))
    return sealed_by(village, replace(_contents(village), enrolment=wish), folder, sender=thief, certificate="")


def a_wish_for_a_neighbour(village: Desk, town: Desk, folder: Path) -> Path:
    """An enrolled desk may vouch for its own scope alone."""
    thief = Identity.make(Ports())
    wish = Enrolment(b"?" * 16, thief.public, thief.recipient, (town.scope,))
    wish = replace(wish, vouches=((village.identity.public, village.identity.sign(wish.message())),))
    return sealed_by(village, replace(_contents(village), enrolment=wish), folder, sender=thief, certificate="")


def another_town(village: Desk, town: Desk, folder: Path) -> Path:
    return sealed_by(village, _contents(village), folder, town=b"?" * 16)


def changed_after_signing(village: Desk, town: Desk, folder: Path) -> Path:
    """The range was signed, then one operation was swapped: the end no longer fits."""
    contents = _contents(village)
    ((segment, _),) = contents.segments
    _, other = raw_segment(village.identity, village.log(), [("household", village.new_id(), {"household_no": "8"})])
    return sealed_by(village, replace(contents, segments=((segment, other),)), folder)


def a_moved_range(village: Desk, town: Desk, folder: Path) -> Path:
    """A signature over other numbers."""
    contents = _contents(village)
    ((segment, operations),) = contents.segments
    good = sign_segment(village.identity, segment.log, 1, 1, first_hash(segment.log), segment.head)
    return sealed_by(village, replace(contents, segments=((replace(good, prev=b"?" * 32), operations),)), folder)


FORGERIES: dict[Forgery, set[str]] = {
    another_author: {"bundle_untrusted"},
    a_stranger: {"bundle_untrusted"},
    a_borrowed_certificate: {"bundle_untrusted"},
    a_self_made_certificate: {"bundle_untrusted"},
    an_invented_code: {"bundle_untrusted"},
    a_stranger_vouches: {"bundle_untrusted"},
    a_wish_for_a_neighbour: {"bundle_untrusted"},
    another_town: {"bundle_other_town"},
    changed_after_signing: {"bundle_content"},
    a_moved_range: {"bundle_content"},
}


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.__name__)
def test_forged_bundles_change_nothing(forgery: Forgery, village: Desk, town: Desk, tmp_path: Path) -> None:
    hand_in(village, town, tmp_path)
    path = forgery(village, town, tmp_path)
    tables = [row[0] for row in town.store.rows("SELECT name FROM sqlite_master WHERE type='table' ORDER BY name")]

    def whole() -> list[list[tuple[object, ...]]]:
        return [town.store.rows(f'SELECT * FROM "{table}"') for table in tables]

    before = whole()
    (taken,) = intake.import_files(town, [path], Progress()).bundles
    assert taken.status == "rejected" and {taken.code} == FORGERIES[forgery]
    assert whole() == before
