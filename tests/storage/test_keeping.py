"""The desk's files: key slots, instance lock, anchor, backups, drafts, crash (sync.md section 5, I2)."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from villagedesk.errors import EnvironmentFault
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports, SystemFiles
from villagedesk.storage import backup, keyslots
from villagedesk.storage.anchor import Anchor, is_this_desk, read_anchor, write_anchor
from villagedesk.storage.backup import make_backup, to_thin, verify_copy
from villagedesk.storage.database import Store, open_database
from villagedesk.storage.drafts import drafts, drop_draft, put_draft
from villagedesk.storage.instance import InstanceLock
from villagedesk.storage.schema import create_tables

KEY = b"k" * 32
KILLS = 25


def store_at(path: Path) -> Store:
    store = Store(open_database(path, KEY))
    create_tables(store)
    return store


def test_real_passphrase_slot(tmp_path: Path) -> None:
    paths, ports = DeskPaths(tmp_path), Ports()
    keyslots.write_slot(paths, ports, "desk", KEY, "柳湾村 三组 新账 清楚")
    assert keyslots.read_slot(paths, ports, "desk", " 柳湾村 三组 新账 清楚 ") == KEY
    with pytest.raises(EnvironmentFault, match="passphrase_wrong"):
        keyslots.read_slot(paths, ports, "desk", "柳湾村 三组 新账 糊涂")
    with pytest.raises(EnvironmentFault, match="passphrase_weak"):
        keyslots.write_slot(paths, ports, "desk", KEY, "too short")


def test_recovery_slot(tmp_path: Path) -> None:
    paths, ports = DeskPaths(tmp_path), Ports()
    secret = keyslots.write_recovery_slot(paths, ports.files, KEY).secret
    assert keyslots.read_recovery_slot(paths, ports.files, secret.lower()) == KEY
    with pytest.raises(EnvironmentFault, match="recovery_wrong"):
        keyslots.read_recovery_slot(paths, ports.files, secret[:-1])


def test_the_store_is_encrypted_and_the_wrong_key_is_named(tmp_path: Path) -> None:
    store = store_at(tmp_path / "desk.db")
    put_draft(store, "household:new", {"name": "仇秀兰"}, 1)
    store.close()
    data = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "仇秀兰".encode() not in data and b"SQLite format" not in data
    with pytest.raises(EnvironmentFault, match="passphrase_wrong"):
        open_database(tmp_path / "desk.db", b"x" * 32)


def test_a_newer_store_is_refused(tmp_path: Path) -> None:
    store = store_at(tmp_path / "desk.db")
    store.write("PRAGMA user_version=99")
    store.close()
    with pytest.raises(EnvironmentFault, match="store_newer"):
        open_database(tmp_path / "desk.db", KEY)


def test_one_program_at_a_time(tmp_path: Path) -> None:
    lock = InstanceLock(tmp_path / "desk.lock")
    with pytest.raises(EnvironmentFault, match="second_instance"):
        InstanceLock(tmp_path / "desk.lock")
    lock.release()
    InstanceLock(tmp_path / "desk.lock").release()


def test_anchor(tmp_path: Path) -> None:
    files, path = SystemFiles(), tmp_path / "anchor.json"
    assert read_anchor(files, path) is None
    write_anchor(files, path, Anchor("d", "m", {"s": (5, "h")}))
    anchor = read_anchor(files, path)
    whole = {("s", 4): "g", ("s", 5): "h", ("s", 6): "i"}

    def holds(scope: str, n: int, end: str) -> bool:
        return whole.get((scope, n)) == end

    assert is_this_desk(anchor, "d", "m", holds)
    assert not is_this_desk(anchor, "d", "other machine", holds), "cloned"
    del whole["s", 5], whole["s", 6]
    assert not is_this_desk(anchor, "d", "m", holds), "restored"
    whole["s", 5] = "j"
    assert not is_this_desk(anchor, "d", "m", holds), "another branch"
    path.write_text("[]")
    assert read_anchor(files, path) is None


def test_drafts(tmp_path: Path) -> None:
    store = store_at(tmp_path / "desk.db")
    put_draft(store, "a", {"name": "王"}, 1)
    put_draft(store, "b", {"name": "李"}, 2)
    put_draft(store, "a", {"name": "汪"}, 3)
    assert [(draft.key, draft.document["name"]) for draft in drafts(store)] == [("a", "汪"), ("b", "李")]
    drop_draft(store, "a")
    assert [draft.key for draft in drafts(store)] == ["b"]
    store.close()


def test_backup_is_verified_and_damage_is_found(tmp_path: Path) -> None:
    store = store_at(tmp_path / "desk.db")
    put_draft(store, "a", {"name": "王"}, 1)
    made = make_backup(store, KEY, tmp_path / "backups", SystemFiles(), datetime(2026, 11, 24, 8, 5))
    assert made.path.name == "desk-20261124-080500.vdbackup" and verify_copy(made.path, KEY) == 0
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [made.path.name]
    data = bytearray(made.path.read_bytes())
    data[-100] ^= 1
    made.path.write_bytes(data)
    with pytest.raises(EnvironmentFault):
        verify_copy(made.path, KEY)
    store.close()


def test_a_byte_in_any_page_is_found(tmp_path: Path) -> None:
    """Free pages too, which no query ever reads."""
    store = store_at(tmp_path / "desk.db")
    put_draft(store, "a", {"name": "王" * 20_000}, 1)
    drop_draft(store, "a")
    assert store.rows("PRAGMA freelist_count")[0][0] > 5
    made = make_backup(store, KEY, tmp_path / "backups", SystemFiles(), datetime(2026, 11, 24, 8, 5))
    store.close()
    good = made.path.read_bytes()
    for start in range(0, len(good), 4096):
        data = bytearray(good)
        data[start + 2000] ^= 1
        made.path.write_bytes(data)
        with pytest.raises(EnvironmentFault):
            verify_copy(made.path, KEY)
    made.path.write_bytes(good)
    assert verify_copy(made.path, KEY) == 0


def test_a_copy_that_the_disk_spoilt_is_no_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_at(tmp_path / "desk.db")
    copy = backup._copy

    def spoilt(store: Store, key: bytes, target: Path) -> None:
        copy(store, key, target)
        data = bytearray(target.read_bytes())
        data[-3000] ^= 1
        target.write_bytes(data)

    monkeypatch.setattr(backup, "_copy", spoilt)
    with pytest.raises(EnvironmentFault):
        make_backup(store, KEY, tmp_path / "backups", SystemFiles(), datetime(2026, 11, 24, 8, 5))
    assert list((tmp_path / "backups").iterdir()) == []
    store.close()


def test_thinning_keeps_the_last_seven_days_and_four_weeks() -> None:
    now = datetime(2026, 11, 24, 18)
    made = [(Path(f"{hours}"), now - timedelta(hours=hours)) for hours in range(1, 24 * 60, 6)]
    gone = set(to_thin(made, now, made[0][0]))
    kept = [when for path, when in made if path not in gone]
    assert len(kept) == 7 + 4 and kept[0] == made[0][1]
    assert [when.isoweekday() for when in kept[7:]] == [7] * 4, "the last of each week"
    assert timedelta(days=28) < max(now - when for when in kept) < timedelta(days=40)


def closed(made: list[tuple[Path, datetime]], now: datetime) -> list[tuple[Path, datetime]]:
    """What is left after one more closing."""
    path = Path(f"{len(made)} {now}")
    made = sorted([*made, (path, now)], key=lambda entry: entry[1], reverse=True)
    gone = to_thin(made, now, path)
    assert path not in gone
    return [entry for entry in made if entry[0] not in gone]


def test_ninety_days_of_backups_leave_seven_days_and_four_weeks() -> None:
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    made: list[tuple[Path, datetime]] = []
    for day in range(90):
        now = datetime(2026, 9, 1, 17) + timedelta(days=day, minutes=rng.randrange(-90, 90))
        made = closed(made, now)
        if day > 42:
            assert [(now.date() - when.date()).days for _, when in made[:7]] == list(range(7))
            assert len(made) == 7 + 4 and now - made[-1][1] >= timedelta(days=27)


@pytest.mark.parametrize("wrong", [datetime(2036, 1, 1), datetime(2015, 1, 1), datetime(2027, 12, 31)])
def test_a_clock_that_was_wrong_costs_no_backup(wrong: datetime) -> None:
    made: list[tuple[Path, datetime]] = []
    for day in range(60):
        made = closed(made, datetime(2026, 9, 1, 17) + timedelta(days=day))
    good = set(made)
    made = closed(made, wrong)
    lost = good - set(made)
    assert len(lost) <= 1, "one day more is one day less"
    for day in range(60, 70):
        made = closed(made, datetime(2026, 9, 1, 17) + timedelta(days=day))
    assert len([when for _, when in made if when.year == 2026]) >= 10


def test_a_desk_that_is_seldom_closed_keeps_as_many() -> None:
    made: list[tuple[Path, datetime]] = []
    for round_ in range(30):
        made = closed(made, datetime(2025, 1, 1, 17) + timedelta(days=20 * round_))
    assert len(made) == 7 + 4


WRITER = """
import sys
from pathlib import Path
from villagedesk.domain.ids import LogId
from villagedesk.ports import Ports
from villagedesk.storage.database import Store, open_database
from villagedesk.storage.ledger import Change, Ledger
from villagedesk.storage.schema import create_tables
store = Store(open_database(Path(sys.argv[1]), b"k" * 32))
create_tables(store)
ledger = Ledger(store, Ports())
log = LogId(b"d" * 16, b"s" * 16)
start = ledger.journal.head(log).n
for n in range(start, start + 100000):
    ledger.append(log, [Change("household", n.to_bytes(16, "big"), {"household_no": str(n)})], b"b" * 16, b"a" * 16)
    print(n + 1, flush=True)
"""


def test_an_acknowledged_save_survives_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    store_at(path).close()
    acknowledged = 0
    for round_ in range(KILLS):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        for _ in range(3 + round_):
            acknowledged = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        rest = writer.stdout.read().split()
        writer.wait()
        writer.stdout.close()
        acknowledged = int(rest[-1]) if rest else acknowledged
        store = store_at(path)
        (operations, rows), (head,) = (
            store.rows("SELECT (SELECT count(*) FROM op), (SELECT count(*) FROM household)")[0],
            store.rows("SELECT head FROM log")[0],
        )
        assert operations == rows == head >= acknowledged
        store.close()


def test_a_commit_is_on_the_disk_when_it_returns(tmp_path: Path) -> None:
    """Killing a process cannot show this; a power cut could.  What can be shown: the engine was told to wait."""
    store = store_at(tmp_path / "desk.db")
    assert store.rows("PRAGMA synchronous") == [(2,)]
    assert store.rows("PRAGMA journal_mode") == [("wal",)]
    assert store.rows("PRAGMA secure_delete") == [(1,)]
    store.close()
