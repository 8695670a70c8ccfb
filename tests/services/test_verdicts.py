"""Verdicts do not depend on what came first; what a version does not know survives it (sync.md 1, 2; I1, I8)."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.services.practice import PASSPHRASE, PORTS, add_household, hand_in, raw_segment, sealed_by
from villagedesk.domain import catalogue
from villagedesk.domain.catalogue import BY_NAME
from villagedesk.domain.fields import RecordKind, Type, declare
from villagedesk.domain.ids import LogId
from villagedesk.paths import DeskPaths
from villagedesk.progress import Progress
from villagedesk.services import bundles, desks, intake, towns, verdicts
from villagedesk.services.desks import Desk
from villagedesk.storage import projections, schema, state
from villagedesk.storage.journal import Verdict
from villagedesk.sync.contents import Contents, operation_line


def test_a_revocation_counts_whenever_it_came(village: Desk, town: Desk, tmp_path: Path) -> None:
    add_household(village, "001", "张建国")
    hand_in(village, town, tmp_path)
    add_household(village, "002", "仇和")
    late = bundles.export(village, tmp_path / "late", Progress()).files
    log = village.log()
    desks.close(town)
    shutil.copytree(town.paths.root, tmp_path / "twin")
    town, twin = (desks.unlock(DeskPaths(tmp_path / name), PORTS, PASSPHRASE) for name in ("town", "twin"))
    intake.import_files(town, late, Progress())
    assert len(town.store.rows("SELECT 1 FROM household")) == 2
    towns.revoke(town, {log: 4})
    towns.revoke(twin, {log: 4})
    intake.import_files(twin, late, Progress())
    for desk in (town, twin):
        assert desk.store.rows("SELECT household_no FROM household") == [("001",)]
        found = [verdict for _, header, of, verdict in desk.ledger.journal.judged() if of == log and header.n > 4]
        assert found == [Verdict.FORBIDDEN] * 2
        assert desk.ledger.state_hash(village.scope) == desk.ledger.whole_state_hash(village.scope)
    assert town.ledger.state_hash(village.scope) == twin.ledger.state_hash(village.scope)
    files = bundles.export_returns(town, tmp_path / "back", frozenset({village.scope}), Progress())
    (taken,) = intake.import_files(village, files, Progress()).bundles
    assert not taken.state_differs, "the village judges its own work by the list it was given"
    assert village.store.rows("SELECT household_no FROM household") == [("001",)]
    desks.close(town)
    desks.close(twin)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A kind of a newer version."""

    reason: str | None = declare(Type.TEXT)


@dataclass(frozen=True, kw_only=True)
class NewerHousehold(catalogue.HOUSEHOLD.record):  # type: ignore[misc, name-defined] # the class is a value there
    """A household with a field more."""

    roof_colour: str | None = declare(Type.TEXT)


def newer_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on this process is the newer program."""
    kinds = (
        *(kind for kind in catalogue.KINDS if kind.name != "household"),
        RecordKind("visit", "fact", Visit),
        RecordKind("household", "register", NewerHousehold),
    )
    for module in (catalogue, projections, schema, state, verdicts):
        monkeypatch.setattr(module, "KINDS", kinds)
    for kind in kinds:
        monkeypatch.setitem(BY_NAME, kind.name, kind)


def test_unknown_content_passes_through_an_older_desk_untouched(
    village: Desk, town: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    household, _ = add_household(village, "001", "张建国")
    hand_in(village, town, tmp_path)
    visit = village.new_id()
    entries = [
        ("visit", visit, {"reason": "慰问", "odd": [1, {"a": None}]}),
        ("household", household, {"roof_colour": "红"}),
    ]
    part = raw_segment(village.identity, village.log(), entries, village.ledger.journal.head(village.log()))
    path = sealed_by(village, Contents(village.new_id(), (part,)), tmp_path)
    (taken,) = intake.import_files(town, [path], Progress()).bundles
    assert (taken.folded, taken.unknown, taken.status) == (1, 1, "accepted")
    assert town.store.rows("SELECT _extra FROM household") == [('{"roof_colour": "红"}',)]
    segments, _ = bundles.return_news(town, b"another device", frozenset({village.scope}))
    sent = [line for segment in segments for line in map(operation_line, bundles._inside(town, segment))]
    assert set(map(operation_line, part[1])) <= set(sent), "passed on bit by bit as it came"
    assert town.ledger.journal.head(village.log()).n == 6
    desks.close(town)
    newer_version(monkeypatch)
    town = desks.unlock(town.paths, PORTS, PASSPHRASE)
    assert town.store.rows("SELECT id, reason, _extra FROM visit") == [(visit, "慰问", '{"odd": [1, {"a": null}]}')]
    assert town.store.rows("SELECT household_no, roof_colour, _extra FROM household") == [("001", "红", None)]
    assert town.ledger.state_hash(village.scope) == town.ledger.whole_state_hash(village.scope)
    desks.close(town)
    monkeypatch.undo()
    town = desks.unlock(town.paths, PORTS, PASSPHRASE)
    assert town.store.rows("SELECT _extra FROM household") == [('{"roof_colour": "红"}',)], "and back again"
    desks.close(town)


def test_a_restored_town_is_believed_again(village: Desk, town: Desk, tmp_path: Path) -> None:
    """The backup is older than an enrolment: villages believe the new key, the town learns them anew."""
    backup = desks.back_up(town)
    add_household(village, "001", "张建国")
    hand_in(village, town, tmp_path)
    for index in range(5):
        towns.revoke(town, {LogId(bytes([index]) * 16, village.scope): 0})
    lost = bundles.export_returns(town, tmp_path / "lost", frozenset({village.scope}), Progress())
    intake.import_files(village, lost, Progress())
    desks.close(town)
    shutil.copyfile(backup.path, town.paths.store)
    for suffix in ("-wal", "-shm"):
        town.paths.store.with_name(town.paths.store.name + suffix).unlink(missing_ok=True)
    town.paths.anchor.unlink()
    town = desks.unlock(town.paths, PORTS, PASSPHRASE)
    add_household(village, "002", "仇和")
    add_household(town, "900", "镇里记的")
    files = bundles.export(village, tmp_path / "again", Progress(), everything=True).files
    done = intake.import_files(town, files, Progress(), receipts=tmp_path / "answer")
    assert {taken.status for taken in done.bundles} == {"accepted"}
    (back,) = intake.import_files(village, done.receipts, Progress()).bundles
    assert back.status == "accepted" and not back.state_differs
    assert bundles.report_status(village).unacknowledged == 0
    assert village.ledger.state_hash(village.scope) == town.ledger.state_hash(village.scope)
    desks.close(town)
