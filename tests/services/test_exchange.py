"""Two desks exchange bundles: enrolment, verdicts, receipts, refusals (sync.md sections 3, 4, 6)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyrage
import pytest
import zstandard

from tests.services.practice import PASSPHRASE, PORTS, add_household, hand_in, invited, made_town, town_with_sheet
from villagedesk.domain.ids import LogId
from villagedesk.errors import Cancelled, DeskError
from villagedesk.paths import DeskPaths
from villagedesk.progress import Progress
from villagedesk.services import bundles, care, desks, households, intake, joining, towns
from villagedesk.services.desks import Desk
from villagedesk.storage.journal import Verdict
from villagedesk.storage.ledger import Change
from villagedesk.sync.bundle import open_header


def test_main_way_ends_in_a_receipt_that_covers_everything(village: Desk, town: Desk, tmp_path: Path) -> None:
    add_household(village, "001", "张建国")
    assert bundles.report_status(village).unsent_total == 4
    done = hand_in(village, town, tmp_path)
    assert [entry.status for entry in done.bundles] == ["accepted"]
    assert done.bundles[0].folded == done.bundles[0].operations == 4
    assert bundles.report_status(village).unacknowledged == 4
    back = intake.import_files(village, done.receipts, Progress())
    assert back.bundles[0].status == "accepted" and not back.bundles[0].state_differs
    status = bundles.report_status(village)
    assert (status.unsent_total, status.unacknowledged, status.acknowledged, status.enrolled) == (0, 0, 4, True)
    assert village.ledger.state_hash(village.scope) == town.ledger.state_hash(village.scope)
    assert towns.villages(town)[0].joined


def test_twice_is_once_and_order_does_not_matter(village: Desk, town: Desk, tmp_path: Path) -> None:
    add_household(village, "001", "张建国")
    first = bundles.export(village, tmp_path / "usb", Progress()).files
    add_household(village, "002", "仇和")
    second = bundles.export(village, tmp_path / "usb", Progress()).files
    done = intake.import_files(town, [*second, *first, *second], Progress())
    assert [entry.status for entry in done.bundles] == ["accepted", "accepted", "duplicate"]
    assert [entry.folded for entry in done.bundles] == [6, 0, 0]
    assert village.ledger.state_hash(village.scope) == town.ledger.state_hash(village.scope)


@pytest.mark.parametrize("at_once", [1, 3, 4])
def test_slices_and_shared_commits_change_nothing(
    at_once: int, village: Desk, town: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "_SLICE", at_once)
    monkeypatch.setattr(intake, "PER_COMMIT", at_once * 2)
    household, _ = add_household(village, "001", "张建国")
    for number in range(2, 9):
        add_household(village, f"{number:03d}", "仇和")
        village.ledger.append(
            village.log(), [Change("household", household, {"phone": str(number)})], village.operator, village.new_id()
        )
    files = [*bundles.export(village, tmp_path / "usb", Progress()).files]
    files[:0] = [tmp_path / "missing.vdbundle"]
    done = intake.import_files(town, [*files, *files], Progress())
    assert [entry.status for entry in done.bundles] == ["rejected", "accepted", "rejected", "duplicate"]
    head = town.ledger.journal.head(village.log())
    assert head.n == done.bundles[1].folded == 2 + 16 + 7 and head == village.ledger.journal.head(village.log())
    assert town.ledger.state_hash(village.scope) == village.ledger.whole_state_hash(village.scope)


def test_stopping_keeps_the_bundles_taken_so_far(village: Desk, town: Desk, tmp_path: Path) -> None:
    files = []
    for number in range(3):
        add_household(village, f"{number:03d}", "张建国")
        files += bundles.export(village, tmp_path / f"usb{number}", Progress()).files
    watched: list[int] = []

    def watch(done: int, total: int, step: str) -> None:
        watched.append(done)
        if done == 2:
            progress.cancel()

    progress = Progress(watch)
    with pytest.raises(Cancelled):
        intake.import_files(town, files, progress)
    assert watched == [0, 1, 2]
    ids = [bundles.inspect(PORTS, path).bundle_id for path in files]
    known = bundles.exchange_of(town)
    assert [known.seen(bundle_id, village.identity.device) for bundle_id in ids] == [True, True, False]
    assert not known.seen(ids[0], town.identity.device), "an id that another copied"


def plain(desk: Desk) -> dict[str, list[Any]]:
    """Every table of a store."""
    names = [name for (name,) in desk.store.rows("SELECT name FROM sqlite_master WHERE type='table'")]
    return {name: desk.store.rows(f'SELECT * FROM "{name}"') for name in names}


def test_trial_writes_nothing(village: Desk, town: Desk, tmp_path: Path) -> None:
    files = bundles.export(village, tmp_path / "usb", Progress()).files
    before = plain(town)
    trial = intake.import_files(town, files, Progress(), dry_run=True)
    assert trial.bundles[0].folded == 2
    assert town.store.rows("SELECT count(*) FROM op WHERE kind='village'") == [(0,)]
    assert not towns.villages(town)[0].joined
    assert before == plain(town)
    assert intake.import_files(town, files, Progress()).bundles[0].folded == 2


def test_damage_is_named_and_changes_nothing(village: Desk, town: Desk, tmp_path: Path) -> None:
    (good,) = bundles.export(village, tmp_path / "usb", Progress()).files
    data = good.read_bytes()
    cases = {
        "bundle_cut": data[:-1],
        "bundle_altered": data[:-1] + bytes([data[-1] ^ 1]),
        "bundle_foreign": b"PK" + data[2:],
        "bundle_newer": data[:9] + b"\x02" + data[10:],
    }
    before = plain(town)
    for code, damaged in cases.items():
        path = tmp_path / f"{code}.vdbundle"
        path.write_bytes(damaged)
        (taken,) = intake.import_files(town, [path], Progress()).bundles
        assert (taken.code, taken.status) == (code, "newer" if code == "bundle_newer" else "rejected")
    assert plain(town) == before


def test_a_bundle_for_another_town_is_refused(village: Desk, tmp_path: Path) -> None:
    files = bundles.export(village, tmp_path / "usb", Progress()).files
    other = made_town(tmp_path / "other", "白塔乡")
    (taken,) = intake.import_files(other, files, Progress()).bundles
    assert taken.code == "bundle_other_town"
    desks.close(other)


def test_a_village_cannot_write_in_another_scope(village: Desk, town: Desk, tmp_path: Path) -> None:
    hand_in(village, town, tmp_path)
    neighbour = invited(tmp_path, town, "南坡村", "neighbour")
    household, _ = add_household(neighbour, "001", "单雄信")
    hand_in(neighbour, town, tmp_path)
    before = town.ledger.state_hash(neighbour.scope)
    foreign = LogId(village.identity.device, neighbour.scope)
    village.ledger.append(
        foreign, [Change("household", household, {"phone": "13900000000"})], village.operator, village.new_id()
    )
    trust = towns.trust_of(village)
    assert trust is not None
    segments = bundles.own_segments(village, foreign, 0, 100)
    contents = bundles.Contents(
        village.new_id(), tuple((s, tuple(village.ledger.journal.range(foreign, 0, stop))) for s, stop in segments)
    )
    forged = bundles._write(village, contents, trust, trust.recipients, tmp_path, "forged")
    (taken,) = intake.import_files(town, [forged], Progress()).bundles
    assert (taken.status, taken.folded, taken.forbidden) == ("accepted", 0, 1)
    assert town.ledger.state_hash(neighbour.scope) == before
    assert town.store.rows("SELECT verdict FROM op WHERE kind='household' AND verdict<>0") == [(Verdict.FORBIDDEN,)]
    desks.close(neighbour)


def test_an_invitation_enrols_one_device(village: Desk, town: Desk, tmp_path: Path) -> None:
    hand_in(village, town, tmp_path)
    second, _ = joining.create_invited(
        DeskPaths(tmp_path / "second"),
        PORTS,
        invitation_file=tmp_path / "village.vdinvite",
        operator_name="某人",
        passphrase=PASSPHRASE,
    )
    assert hand_in(second, town, tmp_path).bundles[0].code == "invitation_used"
    desks.close(second)


def test_a_desk_that_worked_alone_joins_later(town: Desk, tmp_path: Path) -> None:
    alone, _ = desks.create_village(
        DeskPaths(tmp_path / "alone"),
        PORTS,
        name="东岭村",
        town_name="青禾镇",
        division_code="999901100202",
        operator_name="周晓兰",
        passphrase=PASSPHRASE,
    )
    add_household(alone, "001", "尉迟恭")
    with pytest.raises(DeskError, match="no_town_yet"):
        bundles.export(alone, tmp_path / "usb", Progress())
    towns.invite(town, "东岭村", "999901100202", tmp_path / "late.vdinvite")
    alone = joining.join_town(alone, tmp_path / "late.vdinvite")
    done = hand_in(alone, town, tmp_path)
    assert done.bundles[0].folded == 4
    intake.import_files(alone, done.receipts, Progress())
    assert bundles.report_status(alone).acknowledged == 4
    assert alone.ledger.state_hash(alone.scope) == town.ledger.state_hash(alone.scope)
    desks.close(alone)


def test_a_desk_belongs_to_one_town(village: Desk, tmp_path: Path) -> None:
    other = made_town(tmp_path / "other", "白塔乡")
    towns.invite(other, "柳湾村", "999901100201", tmp_path / "other.vdinvite")
    desks.close(other)
    with pytest.raises(DeskError, match="in_another_town"):
        joining.join_town(village, tmp_path / "other.vdinvite")
    assert joining.join_town(village, tmp_path / "village.vdinvite").profile == village.profile


def test_a_lost_computer_is_shut_out_and_another_one_gets_everything(village: Desk, town: Desk, tmp_path: Path) -> None:
    add_household(village, "001", "张建国")
    hand_in(village, town, tmp_path)
    again = tmp_path / "again.vdinvite"
    invitation = towns.replace_machine(town, village.scope, again)
    assert invitation.scope == village.scope and [row.name for row in towns.villages(town)] == ["柳湾村"]
    add_household(village, "002", "某贼")
    (taken,) = hand_in(village, town, tmp_path / "thief").bundles
    assert (taken.folded, taken.forbidden) == (0, 2), "what it writes later does not count"
    news = bundles.export_returns(town, tmp_path / "news", frozenset({village.scope}), Progress())
    (back,) = intake.import_files(village, news, Progress()).bundles
    assert back.operations == 0, "it learns that it is shut out, and nothing else"
    fresh, _ = joining.create_invited(
        DeskPaths(tmp_path / "fresh"), PORTS, invitation_file=again, operator_name="李会英", passphrase=PASSPHRASE
    )
    done = hand_in(fresh, town, tmp_path / "fresh-usb")
    assert [entry.status for entry in done.bundles] == ["accepted"]
    intake.import_files(fresh, done.receipts, Progress())
    assert fresh.store.rows("SELECT household_no FROM household") == [("001",)]
    assert fresh.ledger.state_hash(fresh.scope) == town.ledger.state_hash(fresh.scope)
    with pytest.raises(DeskError, match="village_unknown"):
        towns.replace_machine(town, town.scope, again)
    desks.close(fresh)


def test_a_lost_invitation_is_written_anew(village: Desk, town: Desk, tmp_path: Path) -> None:
    hand_in(village, town, tmp_path)
    with pytest.raises(DeskError, match="village_joined_already"):
        towns.invite(town, "柳湾村", "", tmp_path / "x.vdinvite")
    former, new = tmp_path / "former.vdinvite", tmp_path / "new.vdinvite"
    towns.replace_machine(town, village.scope, former)
    assert towns.invite(town, "柳湾村", "", new).scope == village.scope
    (row,) = towns.villages(town)
    assert not row.joined
    for file, status in ((former, "accepted"), (new, "rejected")):  # the one that comes first
        desk, _ = joining.create_invited(
            DeskPaths(tmp_path / file.stem), PORTS, invitation_file=file, operator_name="李会英", passphrase=PASSPHRASE
        )
        assert [taken.status for taken in hand_in(desk, town, tmp_path / f"usb-{file.stem}").bundles] == [status]
        desks.close(desk)


def test_a_shut_out_desk_vouches_for_no_other(village: Desk, town: Desk, tmp_path: Path) -> None:
    hand_in(village, town, tmp_path)
    towns.replace_machine(town, village.scope, tmp_path / "again.vdinvite")
    made = desks.back_up(village)
    paths = village.paths
    desks.close(village)
    care.restore(paths, PORTS, made.path, PASSPHRASE)
    copy = desks.unlock(paths, PORTS, PASSPHRASE)
    assert copy.identity.device != village.identity.device
    add_household(copy, "002", "某贼")
    done = hand_in(copy, town, tmp_path / "copy")
    assert done.bundles[0].code == "invitation_used" and sum(entry.folded for entry in done.bundles) == 0
    trust = towns.trust_of(town)
    assert trust is not None and trust.authority(copy.identity.device) is None
    desks.close(copy)


def test_what_is_handed_in_opens_with_the_recovery_sheet_alone(tmp_path: Path) -> None:
    """The town's machine and its backups are gone; the private half was never on it (sync.md section 4)."""
    town, paper = town_with_sheet(tmp_path / "town")
    village = invited(tmp_path, town, "柳湾村")
    add_household(village, "001", "张建国")
    (first,) = bundles.export(village, tmp_path / "usb", Progress()).files
    assert "张建国" in opened_with(paper, first)
    done = intake.import_files(town, [first], Progress(), receipts=tmp_path / "back")
    renewed = towns.renew_recovery(town, PASSPHRASE)
    hand_in(village, town, tmp_path / "later")
    intake.import_files(
        village, bundles.export_returns(town, tmp_path / "b", frozenset({village.scope}), Progress()), Progress()
    )
    add_household(village, "002", "仇和")
    (second,) = bundles.export(village, tmp_path / "usb2", Progress()).files
    assert "仇和" in opened_with(renewed, second) and done.receipts
    with pytest.raises(pyrage.DecryptError):
        opened_with(paper, second)
    for desk in (village, town):
        desks.close(desk)


def test_after_a_restore_the_valid_recovery_sheet_is_sealed_for(tmp_path: Path) -> None:
    town = made_town(tmp_path / "town")
    made = desks.back_up(town)
    renewed = towns.renew_recovery(town, PASSPHRASE)
    desks.close(town)
    care.restore(town.paths, PORTS, made.path, PASSPHRASE)
    town = desks.unlock(town.paths, PORTS, PASSPHRASE)
    trust = towns.trust_of(town)
    assert trust is not None
    assert str(pyrage.x25519.Identity.from_str(renewed).to_public()) in trust.recipients
    assert len(trust.recipients) == len(set(trust.recipients)) == 4, "two desk keys, the authority's, the sheet's"
    desks.close(town)


def opened_with(secret: str, bundle: Path) -> str:
    body = open_header(bundle.read_bytes()).body
    packed = pyrage.decrypt(body, [pyrage.x25519.Identity.from_str(secret)])
    return zstandard.ZstdDecompressor().stream_reader(packed).read().decode()


def test_the_mark_of_a_record_waits_for_its_own_receipt(village: Desk, town: Desk, tmp_path: Path) -> None:
    """已入镇库 only once a receipt covers every operation of this desk on it, whatever the town wrote since."""

    def marks() -> list[str]:
        return [row.status for row in households.list_page(village, households.HouseholdQuery()).rows]

    home, member = add_household(village, "001", "张建国")
    assert marks() == ["unsent"]
    done = hand_in(village, town, tmp_path)
    assert marks() == ["sent"]
    intake.import_files(village, done.receipts, Progress())
    assert marks() == ["received"]
    change = Change("member", member, {"phone": "13900000000"})
    village.ledger.append(village.log(), [change], village.operator, village.new_id())
    for note in ("一", "二"):
        change = Change("household", home, {"address": f"{note}组"})
        town.ledger.append(town.log(village.scope), [change], town.operator, town.new_id())
    back = bundles.export_returns(town, tmp_path / "news", frozenset({village.scope}), Progress())
    intake.import_files(village, back, Progress())
    assert marks() == ["unsent"], "the town's later words do not cover what was never sent"
    done = hand_in(village, town, tmp_path / "again")
    assert marks() == ["sent"]
    intake.import_files(village, done.receipts, Progress())
    assert marks() == ["received"]


def test_the_open_header_holds_no_name(village: Desk, town: Desk, tmp_path: Path) -> None:
    add_household(village, "001", "阿卜杜拉·买买提")
    (path,) = bundles.export(village, tmp_path / "usb", Progress()).files
    data = path.read_bytes()
    for text in ("阿卜杜拉", "柳湾村", "李会英", "13800000000"):
        assert text.encode() not in data
    assert open_header(data).header.app


def test_a_restored_desk_goes_on_as_a_new_device_and_gets_its_own_work_back(
    village: Desk, town: Desk, tmp_path: Path
) -> None:
    add_household(village, "001", "张建国")
    backup = desks.back_up(village)
    add_household(village, "002", "仇和")
    hand_in(village, town, tmp_path)
    paths, device = village.paths, village.identity.device
    desks.close(village)
    for suffix in ("", "-wal", "-shm"):
        paths.store.with_name(paths.store.name + suffix).unlink(missing_ok=True)
    backup.path.rename(paths.store)
    restored = desks.unlock(paths, PORTS, PASSPHRASE)
    assert restored.identity.device != device
    assert restored.profile == village.profile
    add_household(restored, "003", "欧阳娜")
    done = hand_in(restored, town, tmp_path)
    assert {entry.status for entry in done.bundles} == {"accepted"}
    back = intake.import_files(restored, done.receipts, Progress())
    assert {entry.status for entry in back.bundles} == {"accepted"}
    assert restored.store.rows("SELECT count(*) FROM household") == [(3,)]
    assert restored.ledger.state_hash(restored.scope) == town.ledger.state_hash(restored.scope)
    assert bundles.report_status(restored).unacknowledged == 0
    desks.close(restored)
