"""Small properties of one or two stores, each a tiny version of what the real tests assert; used by test_faults.py."""

from __future__ import annotations

import os
import random
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from tests.storage.test_replicas import SCOPE, SettableClock, deliver, derived, replica
from villagedesk import ports
from villagedesk.domain.ids import LogId
from villagedesk.errors import EnvironmentFault
from villagedesk.excel.writer import Column, write_text
from villagedesk.logs import DeskLog, write_crash_report
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports, SystemFiles
from villagedesk.storage.database import Store, open_database
from villagedesk.storage.exchange import Exchange
from villagedesk.storage.journal import Verdict
from villagedesk.storage.ledger import Change, Ledger
from villagedesk.storage.undoing import undo

MINE, THEIRS, ELSEWHERE = LogId(b"1" * 16, SCOPE), LogId(b"2" * 16, SCOPE), LogId(b"2" * 16, b"E" * 16)
RECORD, BY = b"r" * 16, b"b" * 16


class Pair:
    """Two desks of one village and their clock."""

    def __init__(self, folder: Path) -> None:
        self.clock = SettableClock()
        self.first, self.second = (replica(folder, name, self.clock) for name in ("a.db", "b.db"))

    def save(self, ledger: Ledger, kind: str = "household", record: bytes = RECORD, **changed: Any) -> bytes:
        """One action of that desk; returns its id."""
        log, action = MINE if ledger is self.first else THEIRS, random.randbytes(16)
        ledger.append(log, [Change(kind, record, changed)], BY, action)
        return action

    def meet(self) -> None:
        for source, target, log in ((self.first, self.second, MINE), (self.second, self.first, THEIRS)):
            deliver(source, target, log, source.journal.head(log).n)

    def apart(self) -> None:
        """Both change what the first wrote, without seeing each other."""
        self.save(self.first, phone="0", address="0")
        self.meet()
        self.clock.now = 10
        self.save(self.first, phone="1")
        self.clock.now = 20
        self.save(self.second, phone="2")


def shown(ledger: Ledger, columns: str = "phone") -> list[Any]:
    return ledger.store.rows(f"SELECT {columns} FROM household ORDER BY 1")


def what_was_seen_is_no_conflict(folder: Path) -> None:
    pair = Pair(folder)
    pair.save(pair.first, phone="1")
    pair.meet()
    pair.save(pair.second, phone="2")
    pair.meet()
    assert shown(pair.first, "phone, _conflicts") == [("2", 0)]


def arrival_does_not_matter(folder: Path) -> None:
    pair = Pair(folder)
    pair.apart()
    pair.meet()
    assert derived(pair.first) == derived(pair.second) and shown(pair.first) == [("2",)]


def what_lost_unseen_waits(folder: Path) -> None:
    pair = Pair(folder)
    pair.apart()
    pair.meet()
    assert pair.first.store.rows("SELECT field, value FROM conflict") == [("phone", '"1"')]


def a_deletion_beside_an_edit_waits(folder: Path) -> None:
    pair = Pair(folder)
    pair.save(pair.first, phone="1")
    pair.meet()
    pair.save(pair.first, phone="2")
    pair.clock.now = 99
    pair.save(pair.second, _del=True)
    pair.meet()
    assert shown(pair.first, "_del, _conflicts") == [(1, 1)]


def what_was_settled_stays_settled(folder: Path) -> None:
    pair = Pair(folder)
    pair.apart()
    pair.meet()
    ((loser,),) = pair.first.store.rows("SELECT loser FROM conflict")
    settle = Change("household", RECORD, {"phone": "3"}, resolved=(f"{loser}.phone",))
    pair.first.append(MINE, [settle], BY, b"s" * 16)
    pair.meet()
    assert shown(pair.first, "phone, _conflicts") == shown(pair.second, "phone, _conflicts") == [("3", 0)]


def who_saw_it_wins_whatever_the_clock(folder: Path) -> None:
    pair = Pair(folder)
    pair.clock.now = 10**12
    pair.save(pair.first, phone="ten years ahead")
    pair.meet()
    pair.clock.now = 5
    pair.save(pair.second, phone="corrected")
    pair.meet()
    assert shown(pair.first) == [("corrected",)]


def a_wrong_clock_stays_with_its_record(folder: Path) -> None:
    pair = Pair(folder)
    pair.clock.now = 10**12
    pair.save(pair.first, phone="1")
    pair.clock.now = 5
    pair.save(pair.first, record=b"o" * 16, phone="1")
    assert shown(pair.first, "_t") == [(5,), (10**12,)]


def a_fact_is_written_once(folder: Path) -> None:
    pair = Pair(folder)
    pair.save(pair.first, "audit", event="one", count=1)
    pair.save(pair.first, "audit", event="two", count=2)
    assert pair.first.store.rows("SELECT event, count FROM audit") == [("one", 1)]


def an_order_erases(folder: Path) -> None:
    pair = Pair(folder)
    pair.save(pair.first, needs="a wrong photo")
    ((held, _),) = pair.first.journal.of_record(RECORD, SCOPE)
    pair.first.redact(MINE, RECORD, [held.id], BY, b"e" * 16)
    assert pair.first.store.rows("SELECT count(*) FROM op WHERE payload IS NULL") == [(1,)]
    assert shown(pair.first) == [] and [op.hash for op in pair.first.journal.range(MINE, 0, 1)] == [held.hash]


def an_order_waits_for_what_comes_later(folder: Path) -> None:
    pair = Pair(folder)
    pair.save(pair.first, needs="a wrong photo")
    ((held, _),) = pair.first.journal.of_record(RECORD, SCOPE)
    pair.first.redact(THEIRS, RECORD, [held.id], BY, b"e" * 16)
    deliver(pair.first, pair.second, THEIRS, 1)
    with pair.second.store.transaction():
        pair.second.take_in([(held, Verdict.FOLDED)])
    assert shown(pair.second) == [] and shown(pair.first) == []


def the_state_is_kept_in_step(folder: Path) -> None:
    pair = Pair(folder)
    for phone in "123":
        pair.save(pair.first, phone=phone)
    assert pair.first.state_hash(SCOPE) == pair.first.whole_state_hash(SCOPE) != pair.second.state_hash(SCOPE)


def the_state_tells_a_deletion(folder: Path) -> None:
    pair = Pair(folder)
    pair.save(pair.first, phone="1")
    before = pair.first.whole_state_hash(SCOPE)
    pair.save(pair.first, _del=True)
    assert pair.first.whole_state_hash(SCOPE) != before


def a_gap_stops_the_head(folder: Path) -> None:
    pair = Pair(folder)
    for phone in "123":
        pair.save(pair.first, phone=phone)
    last = list(pair.first.journal.range(MINE, 2, 3))
    with pair.second.store.transaction():
        pair.second.take_in([(op, Verdict.FOLDED) for op in last])
    assert shown(pair.second) == [("3",)], "folded at once"
    assert pair.second.journal.head(MINE).n == 0 and Exchange(pair.second.store, pair.second.journal).gaps(MINE)


def a_head_follows_its_chain(folder: Path) -> None:
    pair = Pair(folder)
    pair.save(pair.first, phone="1")
    pair.second.append(MINE, [Change("household", RECORD, {"phone": "2"})], BY, b"a" * 16)
    pair.second.append(MINE, [Change("household", RECORD, {"phone": "3"})], BY, b"a" * 16)
    foreign = list(pair.second.journal.range(MINE, 1, 2))
    with pair.first.store.transaction():
        pair.first.take_in([(op, Verdict.FOLDED) for op in foreign])
    assert pair.first.journal.head(MINE).n == 1, "2 continues another 1"


def cards_are_kept_in_step(folder: Path) -> None:
    pair = Pair(folder)
    pair.save(pair.first, household_no="001")
    pair.save(pair.first, "member", b"m" * 16, household=RECORD.hex(), name="仇秀兰", relation="02")
    pair.meet()
    for ledger in (pair.first, pair.second):
        before = derived(ledger)
        assert before[1] and before[2]
        ledger.rebuild()
        assert derived(ledger) == before


def an_undo_leaves_later_edits(folder: Path) -> None:
    pair = Pair(folder)
    pair.save(pair.first, phone="1", address="1")
    action = pair.save(pair.first, phone="2", address="2")
    pair.save(pair.first, phone="3")
    _, kept = undo(pair.first, MINE, action, BY, b"u" * 16)
    assert shown(pair.first, "phone, address") == [("3", "1")] and kept == [("phone", RECORD)]


def an_undo_leaves_what_others_refer_to(folder: Path) -> None:
    pair = Pair(folder)
    action = pair.save(pair.first, phone="1")
    pair.save(pair.first, "member", b"m" * 16, household=RECORD.hex(), name="仇秀兰", relation="02")
    undo(pair.first, MINE, action, BY, b"u" * 16)
    assert shown(pair.first, "_del") == [(0,)]


def an_action_is_all_or_nothing(folder: Path) -> None:
    pair = Pair(folder)

    def fail(*_: object) -> None:
        raise EnvironmentFault("disk_full")

    pair.first.cards.refresh_places = fail  # type: ignore[method-assign] # the last thing a save does
    with suppress(EnvironmentFault):
        pair.save(pair.first, phone="1")
    assert pair.first.store.rows("SELECT count(*) FROM op") == [(0,)] and shown(pair.first) == []


def unknown_fields_are_kept(folder: Path) -> None:
    pair = Pair(folder)
    pair.save(pair.first, phone="1", of_a_newer_version=[1, {"a": None}])
    assert shown(pair.first, "_extra") == [('{"of_a_newer_version": [1, {"a": null}]}',)]


def odd_values_are_kept(folder: Path) -> None:
    pair = Pair(folder)
    pair.save(pair.first, phone=7, household_no="001")
    assert shown(pair.first, "phone, household_no, _extra") == [(None, "001", '{"phone": 7}')]


def a_neighbour_touches_no_record(folder: Path) -> None:
    pair = Pair(folder)
    pair.save(pair.first, phone="1")
    pair.second.append(ELSEWHERE, [Change("household", RECORD, {"phone": "9"})], BY, b"a" * 16)
    deliver(pair.second, pair.first, ELSEWHERE, 1)
    assert shown(pair.first) == [("1",), ("9",)], "the same id in another scope is another record"


def receipts_only_grow(folder: Path) -> None:
    ledger = Pair(folder).first
    exchange = Exchange(ledger.store, ledger.journal)
    for n in (5, 3):
        exchange.acknowledge(MINE, n, b"h" * 32, b"", 1, 0)
    assert exchange.acknowledged(MINE) == 5


def a_save_waits_for_the_disk(folder: Path) -> None:
    """SQLite's own promise, asked for on the opened connection: FULL, and what is deleted is overwritten."""
    store = Store(open_database(folder / "a.db", b"k" * 32))
    asked = {name: store.row(f"PRAGMA {name}") for name in ("journal_mode", "synchronous", "secure_delete")}
    store.close()
    assert asked == {"journal_mode": ("wal",), "synchronous": (2,), "secure_delete": (1,)}


def a_file_is_written_durably(folder: Path) -> None:
    """part → fsync → verified → rename → fsync of the folder, in this order."""
    done: list[str] = []
    path, sync, replace = folder / "file", os.fsync, Path.replace

    def fsync(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        patch.setattr(Path, "replace", lambda part, target: (done.append("rename"), replace(part, target))[1])
        SystemFiles().write(path, lambda out: put(out, b"text"), lambda part: done.append("verify " + part.name))
    assert done == ["file", "verify file.part", "rename", "folder"] and path.read_bytes() == b"text"


def put(out: BinaryIO, data: bytes) -> None:
    out.write(data)


def a_lying_disk_keeps_the_old_file(folder: Path) -> None:
    class Lying(SystemFiles):
        def read(self, path: Path, limit: int) -> bytes:
            return super().read(path, limit)[:-1] + b"?"

    (folder / "file").write_bytes(b"old")
    with pytest.raises(EnvironmentFault, match="written_file_differs"):
        ports.write_bytes(Lying(), folder / "file", b"new")
    assert (folder / "file").read_bytes() == b"old"


def logs_name_nobody(folder: Path) -> None:
    paths = DeskPaths(folder)
    DeskLog(paths, Ports()).note("saved", name="Qiu Xiulan", phone="13800000000", count=3)
    try:
        raise ValueError("仇秀兰")
    except ValueError as error:
        assert write_crash_report(paths, Ports(), error) is not None
    text = "".join(path.read_text("utf-8") for path in paths.logs.iterdir())
    assert "count=3" in text and "ValueError" in text
    assert not any(word in text for word in ("仇", "\\u4ec7", "Qiu", "13800000000"))


def cells_are_no_formulas(folder: Path) -> None:
    cells = ["=1+1", "+1", "-1", "@x", "＝1", "plain"]
    write_text(folder / "t.csv", [Column(str(n), 9) for n in range(len(cells))], [cells], SystemFiles())
    line = (folder / "t.csv").read_bytes().decode("utf-8-sig").splitlines()[1]
    assert [cell.strip('"')[:1] for cell in line.split(",")] == [*"'''''", "p"]
