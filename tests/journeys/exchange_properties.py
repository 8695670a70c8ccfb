"""Small properties of bundles and of two desks that exchange them; used by test_faults.py."""

from __future__ import annotations

import shutil
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard

from tests.services.practice import (
    PASSPHRASE,
    PORTS,
    add_household,
    hand_in,
    invited,
    made_town,
    raw_segment,
    sealed_by,
)
from tests.services.test_exchange import plain
from tests.services.test_receipts import break_records
from tests.sync.test_bundle import SCOPE, TOWN, as_sealed, contents_of, raw_frame, resealed, sealed
from villagedesk.domain.ids import LogId
from villagedesk.domain.operation import first_hash, next_operation
from villagedesk.errors import DeskError, EnvironmentFault
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports
from villagedesk.progress import Progress
from villagedesk.services import bundles, care, desks, households, intake, joining, roster_export, towns
from villagedesk.services.desks import Desk
from villagedesk.services.intake import Taken
from villagedesk.sync.bundle import open_body, open_header
from villagedesk.sync.certificate import issue, read_certificate
from villagedesk.sync.contents import (
    Contents,
    MalformedContents,
    decode_contents,
    encode_contents,
    operation_line,
    sign_segment,
)
from villagedesk.sync.identity import Identity


def keys() -> tuple[Identity, Identity]:
    return Identity.make(Ports()), Identity.make(Ports())


def an_altered_header_is_refused(folder: Path) -> None:
    data = sealed(*keys())
    with pytest.raises(DeskError, match="bundle_altered"):
        open_header(data.replace(b'"app":"test"', b'"app":"tesu"'))


def a_bomb_is_stopped_on_the_way(folder: Path) -> None:
    sender, town = keys()
    zeros = zstandard.ZstdCompressor(level=3).compress(b"\0" * (30 * 1024 * 1024))
    tracemalloc.start()
    with pytest.raises(DeskError, match="bundle_content"):
        open_body(open_header(resealed(sender, town, b"", zeros, 1000)), town.open)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def a_greedy_window_is_refused(folder: Path) -> None:
    sender, town = keys()
    raw = b"".join(line + b"\n" for line in encode_contents(as_sealed(contents_of(sender), sender, town)))
    with pytest.raises(DeskError, match="bundle_content"):
        open_body(open_header(resealed(sender, town, raw, raw_frame(raw, 27))), town.open)


def a_segment_ends_where_it_says(folder: Path) -> None:
    sender, _ = keys()
    ((segment, operations),) = contents_of(sender).segments
    wrong = sign_segment(sender, segment.log, segment.start, segment.stop, segment.prev, b"\0" * 32)
    with pytest.raises(MalformedContents):
        decode_contents(encode_contents(Contents(b"b" * 16, ((wrong, operations),))))


def a_payload_has_one_spelling(folder: Path) -> None:
    sender, _ = keys()
    log = LogId(sender.device, SCOPE)
    ((_, operations),) = contents_of(sender, 1).segments
    payload = (operations[0].payload or b"").replace(b":", b": ", 1)
    made = next_operation(first_hash(log), log, operations[0].header, payload)
    segment = sign_segment(sender, log, 1, 1, first_hash(log), made.hash)
    with pytest.raises(MalformedContents):
        decode_contents(encode_contents(Contents(b"b" * 16, ((segment, (made,)),))))


def a_village_is_no_town(folder: Path) -> None:
    sender, town = keys()
    authority = read_certificate(issue(town, sender.public, 7, False, frozenset({SCOPE})), town.public)
    assert authority is not None and authority.may_write(SCOPE, False)
    assert not authority.may_write(SCOPE, True) and not authority.may_write(TOWN, False)


@contextmanager
def town_and_village(folder: Path) -> Iterator[tuple[Desk, Desk]]:
    """An enrolled village with one household that the town holds; closed whatever a fault does."""
    with ExitStack() as stack:
        town = made_town(folder / "town")
        stack.callback(shut, town)
        village = invited(folder, town, "柳湾村")
        stack.callback(shut, village)
        add_household(village, "001", "张建国")
        hand_in(village, town, folder)
        yield town, village


def shut(desk: Desk) -> None:
    with suppress(Exception):  # a desk that a fault left half open must not hide what the check found
        desks.close(desk)


def take(desk: Desk, *files: Path) -> list[Taken]:
    return list(intake.import_files(desk, files, Progress()).bundles)


def a_foreign_scope_is_forbidden(folder: Path) -> None:
    with town_and_village(folder) as (town, village):
        log = LogId(village.identity.device, b"n" * 16)
        part = raw_segment(village.identity, log, [("household", b"r" * 16, {"phone": "1"})])
        (taken,) = take(town, sealed_by(village, Contents(village.new_id(), (part,)), folder))
        assert (taken.status, taken.folded, taken.forbidden) == ("accepted", 0, 1)
        assert len(town.store.rows("SELECT 1 FROM household")) == 1


def a_revocation_counts(folder: Path) -> None:
    with town_and_village(folder) as (town, village):
        add_household(village, "002", "仇和")
        late = bundles.export(village, folder / "late", Progress()).files
        trust = towns.trust_of(town)
        assert trust is not None
        log = village.log()
        towns._publish(town, replace(trust, version=trust.version + 1, revoked={log: 4}))
        (taken,) = take(town, *late)
        assert (taken.folded, taken.forbidden) == (0, 2)


def nobody_signs_for_another(folder: Path) -> None:
    with town_and_village(folder) as (town, village):
        forged = raw_segment(
            village.identity, LogId(town.identity.device, village.scope), [("household", b"r" * 16, {})]
        )
        (taken,) = take(town, sealed_by(village, Contents(village.new_id(), (forged,)), folder))
        assert (taken.status, taken.code) == ("rejected", "bundle_untrusted")


def twice_is_once(folder: Path) -> None:
    with town_and_village(folder) as (town, village):
        before = town.store.rows("SELECT count(*), count(DISTINCT hash) FROM op")
        files = bundles.export(village, folder / "again", Progress(), everything=True).files
        assert [taken.folded for taken in take(town, *files)] == [0]
        assert town.store.rows("SELECT count(*), count(DISTINCT hash) FROM op") == before


def the_same_file_is_a_duplicate(folder: Path) -> None:
    with town_and_village(folder) as (town, village):
        add_household(village, "002", "仇和")
        files = bundles.export(village, folder / "again", Progress()).files
        assert [taken.status for taken in take(town, *files, *files)] == ["accepted", "duplicate"]


def a_rejected_bundle_leaves_nothing(folder: Path) -> None:
    with town_and_village(folder) as (town, village):
        good = raw_segment(village.identity, LogId(village.identity.device, b"n" * 16), [("household", b"r" * 16, {})])
        forged = raw_segment(
            village.identity, LogId(town.identity.device, village.scope), [("household", b"r" * 16, {})]
        )
        path = sealed_by(village, Contents(village.new_id(), (good, forged)), folder)
        before = plain(town)
        assert [taken.status for taken in take(town, path)] == ["rejected"]
        assert plain(town) == before


def a_trial_writes_nothing(folder: Path) -> None:
    with town_and_village(folder) as (town, village):
        add_household(village, "002", "仇和")
        files = bundles.export(village, folder / "again", Progress()).files
        before = plain(town)
        assert intake.import_files(town, files, Progress(), dry_run=True).bundles[0].folded == 2
        assert plain(town) == before


def nothing_is_received_without_a_receipt(folder: Path) -> None:
    with town_and_village(folder) as (town, village):
        status = bundles.report_status(village)
        assert (status.unacknowledged, status.acknowledged) == (4, 0)
        assert bundles.export(village, folder / "lost", Progress()).operations == 4, "a lost stick costs nothing"
        back = bundles.export_returns(town, folder / "back", frozenset({village.scope}), Progress())
        take(village, *back)
        status = bundles.report_status(village)
        assert (status.unacknowledged, status.acknowledged) == (0, 4)


def differing_records_raise_an_alarm(folder: Path) -> None:
    with town_and_village(folder) as (town, village):
        break_records(village)
        back = bundles.export_returns(town, folder / "back", frozenset({village.scope}), Progress())
        (taken,) = take(village, *back)
        assert taken.state_differs and taken.healed and len(care.incidents(village)) == 1


def a_restored_desk_is_a_new_device(folder: Path) -> None:
    with town_and_village(folder) as (_, village):
        backup = desks.back_up(village)
        add_household(village, "002", "仇和")
        desks.close(village)
        shutil.copyfile(backup.path, village.paths.store)
        for suffix in ("-wal", "-shm"):
            village.paths.store.with_name(village.paths.store.name + suffix).unlink(missing_ok=True)
        again = desks.unlock(village.paths, PORTS, PASSPHRASE)
        device = again.identity.device
        shut(again)
        assert device != village.identity.device


def both_branches_of_a_fork_are_kept(folder: Path) -> None:
    with town_and_village(folder) as (town, village):
        head = village.ledger.journal.head(village.log())
        for record in (b"1" * 16, b"2" * 16):
            part = raw_segment(village.identity, village.log(), [("household", record, {"phone": "1"})], head)
            take(town, sealed_by(village, Contents(village.new_id(), (part,)), folder))
        assert len(town.store.rows("SELECT 1 FROM household")) == 3
        assert [entry.code for entry in care.incidents(town)] == ["fork_found"]


def unknown_kinds_travel_on(folder: Path) -> None:
    with town_and_village(folder) as (town, village):
        entries = [("visit", b"v" * 16, {"reason": "慰问", "odd": [1, {"a": None}]})]
        part = raw_segment(village.identity, village.log(), entries, village.ledger.journal.head(village.log()))
        take(town, sealed_by(village, Contents(village.new_id(), (part,)), folder))
        segments, _ = bundles.return_news(town, b"another device", frozenset({village.scope}))
        sent = {operation_line(operation) for segment in segments for operation in bundles._inside(town, segment)}
        assert set(map(operation_line, part[1])) <= sent


def a_code_enrols_one_machine(folder: Path) -> None:
    with town_and_village(folder) as (town, _), ExitStack() as stack:
        second, _ = joining.create_invited(
            DeskPaths(folder / "second"),
            PORTS,
            invitation_file=folder / "village.vdinvite",
            operator_name="某人",
            passphrase=PASSPHRASE,
        )
        stack.callback(shut, second)
        assert [taken.code for taken in hand_in(second, town, folder / "other").bundles] == ["invitation_used"]


def an_exported_number_is_masked(folder: Path) -> None:
    number = "999901195602290013"
    with town_and_village(folder) as (_, village):
        member = village.store.rows("SELECT id FROM member")[0][0]
        households.save(village, [households.Edit("member", bytes(member), {"id_no": number})])
        roster_export.export(village, folder / "out.xlsx", Progress())
    with zipfile.ZipFile(folder / "out.xlsx") as book:
        text = b"".join(map(book.read, book.namelist()))
    assert "张建国".encode() in text and number.encode() not in text


def a_damaged_backup_is_refused(folder: Path) -> None:
    with town_and_village(folder) as (_, village):
        backup = desks.back_up(village).path
        desks.close(village)
        data, before = backup.read_bytes(), village.paths.store.read_bytes()
        backup.write_bytes(data[: len(data) // 2] + bytes(100) + data[len(data) // 2 + 100 :])
        with pytest.raises(EnvironmentFault):
            care.restore(village.paths, PORTS, backup, PASSPHRASE)
        assert village.paths.store.read_bytes() == before


def one_program_at_a_time(folder: Path) -> None:
    with town_and_village(folder) as (_, village), pytest.raises(EnvironmentFault, match="second_instance"):
        shut(desks.unlock(village.paths, PORTS, PASSPHRASE))


def a_weak_passphrase_is_refused(folder: Path) -> None:
    with pytest.raises(EnvironmentFault, match="passphrase_weak"):
        made, _ = towns.create_town(
            DeskPaths(folder), PORTS, name="镇", division_code="", operator_name="某", passphrase="12345678"
        )
        shut(made)
