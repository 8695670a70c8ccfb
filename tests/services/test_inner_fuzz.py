"""What an enrolled but broken or hostile desk could hand in, through the town's real intake (sync.md 6: I1, I5, I6).

10,000 mutants of a good plaintext.  Every one of them is compressed, encrypted for the town's real keys, signed with
the sender's real key and taken in: signature, certificate, decryption, decompression, lines, chains, verdicts, store.
About one in eight is accepted, the others are refused on the way and must leave no trace.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.services.practice import add_household, hand_in, invited, made_town, raw_segment, sealed_by
from tests.services.test_exchange import plain
from tests.sync.mutants import chained, closed, mutated
from villagedesk.domain.ids import LogId
from villagedesk.domain.operation import MAX_INT, Header, encode_payload, next_operation
from villagedesk.ports import Ports
from villagedesk.progress import Progress
from villagedesk.sentences import texts
from villagedesk.services import bundles, care, desks, forms, history, households, intake, summary, towns
from villagedesk.services.desks import Desk
from villagedesk.services.intake import Taken
from villagedesk.storage.journal import Head
from villagedesk.storage.ledger import Change
from villagedesk.sync import bundle
from villagedesk.sync.contents import (
    Ack,
    Contents,
    Enrolment,
    Segment,
    encode_contents,
    sign_segment,
)
from villagedesk.sync.identity import Identity, signature_holds

EPOCHS, MUTANTS = 20, 500
#: Seconds of this process for one bundle, whatever is in it (I6).
PATIENCE = 5.0


@contextmanager
def two_desks(folder: Path) -> Iterator[tuple[Desk, Desk, bytes, bytes]]:
    """Town, enrolled village, a household and its head."""
    town = made_town(folder / "town")
    village = invited(folder, town, "柳湾村")
    for desk in (town, village):
        desk.store.write("PRAGMA synchronous=OFF")  # nothing here is about power cuts
    household, member = add_household(village, "001", "张建国")
    hand_in(village, town, folder)
    yield town, village, household, member
    desks.close(village)
    desks.close(town)


def good_contents(village: Desk, town: Desk, household: bytes, member: bytes, rng: random.Random) -> Contents:
    """One of everything a village may hand in, on top of what the town holds of it."""
    home = household.hex()
    entries: list[tuple[str, bytes, dict[str, Any]]] = [
        ("household", household, {"phone": f"1390000000{rng.randrange(9)}", "household_no": "001"}),
        ("member", member, {"household": home, "name": "仇和", "relation": "02", "birth_date": "1990-01-01"}),
        ("member", village.new_id(), {"household": home, "name": "王𬭎", "seq": 2, "odd": [1, {"a": None}]}),
        ("visit", village.new_id(), {"reason": "慰问"}),
        ("household", household, {"_del": True}),
        ("redact", member, {"op": village.ledger.journal.of_record(member, village.scope)[0][0].id.hex()}),
        ("grid", village.new_id(), {"name": "一", "code": "1"}),
        ("audit", village.new_id(), {"event": "roster_exported", "count": 3}),
    ]
    rng.shuffle(entries)
    log = village.log()
    first, inside = raw_segment(village.identity, log, entries[:2], town.ledger.journal.head(log))
    second = raw_segment(village.identity, log, entries[2:4], Head(log, first.stop, first.head))
    wish = bundles._enrolment(village, village.identity)
    return Contents(village.new_id(), ((first, inside), second), acks=bundles.own_acks(village), enrolment=wish)


def mutant(rng: random.Random, whole: list[bytes], author: Identity) -> list[bytes]:
    """Lines that were changed, and then mostly brought in step again and signed anew by their author."""
    changed = mutated(rng, whole[:-1])
    if rng.random() < 0.85:
        changed = chained(changed, author.sign if rng.random() < 0.75 else None)
    return closed(changed) if rng.random() < 0.97 else [*changed, whole[-1]]


def everything_derived(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """The tables that a rebuild makes, in an order of their own."""
    derived = {*(kind for (kind,) in desk.store.rows("SELECT DISTINCT kind FROM op")), "card", "search_key", "conflict"}
    return {name: sorted(rows, key=repr) for name, rows in plain(desk).items() if name in derived}


class Watched:
    """A desk that takes files in, and what it looked like after the last one that it accepted."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.tables = plain(desk)
        self.written = self._changes()

    def _changes(self) -> int:
        """Rows this connection ever wrote; what was rolled back counts too."""
        changes: int = self.desk.store.connection.total_changes
        return changes

    def take(self, path: Path) -> Taken:
        """Take one file in; what must hold whatever it says."""
        begun = time.process_time()
        (taken,) = intake.import_files(self.desk, [path], Progress()).bundles
        assert time.process_time() - begun < PATIENCE
        assert not self.desk.store.in_transaction
        if taken.status == "accepted":
            for scope in taken.scopes:
                assert self.desk.ledger.state_hash(scope) == self.desk.ledger.whole_state_hash(scope)
            self.tables = plain(self.desk)
        else:
            assert taken.status == "rejected" and taken.code in texts("zh_CN")
            if self._changes() != self.written:  # something was written, so all of it must have been taken back
                assert plain(self.desk) == self.tables
        self.written = self._changes()
        return taken


def fuzz(rng: random.Random, folder: Path, monkeypatch: pytest.MonkeyPatch, met: Counter[str]) -> None:
    """One epoch on fresh desks."""
    path = folder / "mutant.vdbundle"
    with two_desks(folder) as (town, village, household, member):
        trust = towns.trust_of(town)
        known = trust.authority(village.identity.device) if trust else None
        assert trust is not None and known is not None
        marks = tuple(map(bundle.recipient_mark, dict.fromkeys(trust.recipients)))
        watched, whole = Watched(town), list[bytes]()
        for _ in range(MUTANTS):
            if not whole:
                good = good_contents(village, town, household, member, rng)
                whole = list(encode_contents(replace(good, sender=village.identity.device, to=marks)))
            lines = mutant(rng, whole, village.identity)
            with monkeypatch.context() as patch:
                patch.setattr(bundle, "encode_contents", lambda contents, lines=lines: iter(lines))
                data = bundle.seal(good, village.identity, known.text, trust.town, trust.recipients, 1, "test")
            path.write_bytes(data)
            taken = watched.take(path)
            met[taken.code or taken.status] += 1
            whole = whole if taken.status == "rejected" else []
        for part in bundles.exchange_of(town).segments(village.log(), 0):
            said = Segment(village.log(), part.start, part.stop, part.prev, part.head, b"").message()
            assert signature_holds(village.identity.public, said, part.sig), "nothing that its author did not sign"
        assert plain(town) == watched.tables, "no refused bundle left anything"
        kept = everything_derived(town)
        assert care.verify(town, Progress()).same
        assert everything_derived(town) == kept, "incremental = rebuild, row by row"
        assert households.list_page(town, households.HouseholdQuery(), 0, 100).rows is not None
        assert list(care.dump(town, None)) and history.record_history(town, household)


def test_nothing_that_is_properly_sealed_breaks_the_town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    met: Counter[str] = Counter()
    for epoch in range(EPOCHS):
        fuzz(rng, tmp_path / str(epoch), monkeypatch, met)
    print(dict(met))
    assert met.total() == EPOCHS * MUTANTS
    assert met["accepted"] > 800 and met["bundle_content"] > 6000 and met["bundle_untrusted"] > 80, met


@pytest.fixture
def joined(tmp_path: Path) -> Iterator[tuple[Desk, Desk, bytes, bytes]]:
    with two_desks(tmp_path) as made:
        yield made


def test_the_last_time_there_is_stops_nobody(joined: tuple[Desk, Desk, bytes, bytes], tmp_path: Path) -> None:
    """One operation with t = 2^53 - 1: whoever edits that record afterwards must still be able to hand in."""
    town, village, household, _ = joined
    head = village.ledger.journal.head(village.log())
    payload = encode_payload(b"\0" * 9, 5, {"phone": "13900000000"}, {})
    header = Header(head.n + 1, "household", household, MAX_INT - 1, b"b" * 16, b"a" * 16, 1)
    last = next_operation(head.hash, village.log(), header, payload)
    segment = sign_segment(village.identity, village.log(), last.header.n, last.header.n, head.hash, last.hash)
    path = sealed_by(village, Contents(village.new_id(), ((segment, (last,)),)), tmp_path)
    intake.import_files(town, [path], Progress())
    edit = Change("household", household, {"phone": "13700000000"})
    town.ledger.append(town.log(village.scope), [edit], town.operator, town.new_id())
    back = bundles.export_returns(town, tmp_path / "back", frozenset({village.scope}), Progress())
    assert [taken.status for taken in intake.import_files(village, back, Progress()).bundles] == ["accepted"]


def test_a_wish_for_a_recipient_that_is_no_text_is_refused(
    joined: tuple[Desk, Desk, bytes, bytes], tmp_path: Path
) -> None:
    town, village, *_ = joined
    stranger = Identity.make(Ports())
    wish = Enrolment(b"c" * 16, stranger.public, "\ud800", (village.scope,))
    contents = Contents(village.new_id(), enrolment=wish)
    path = sealed_by(village, contents, tmp_path, sender=stranger, certificate="")
    assert [taken.code for taken in intake.import_files(town, [path], Progress()).bundles] == ["bundle_untrusted"]


def test_a_receipt_for_logs_never_heard_of_leaves_no_logs(
    joined: tuple[Desk, Desk, bytes, bytes], tmp_path: Path
) -> None:
    """Each such log is looked at by every later receipt: 10,000 of them cost 19 s, and more with every bundle."""
    town, village, *_ = joined
    known = town.store.row("SELECT count(*) FROM log")
    acks = tuple(Ack(LogId(b"d" * 16, n.to_bytes(16, "big")), 1, b"h" * 32, (), b"", 1) for n in range(20))
    path = sealed_by(village, Contents(village.new_id(), acks=acks), tmp_path)
    assert intake.import_files(town, [path], Progress()).bundles[0].status == "accepted"
    assert town.store.row("SELECT count(*) FROM log") == known


@pytest.mark.parametrize("work", ["numbers", "forms"])
def test_a_date_that_is_none_blocks_nobody_else(
    work: str, joined: tuple[Desk, Desk, bytes, bytes], tmp_path: Path
) -> None:
    """An enrolled desk may hold any text in a date's place; one bad record must not stop the others' paper."""
    town, village, household, member = joined
    entries = [("member", member, {"birth_date": "1990"}), ("household", household, {"collected_on": "去年"})]
    part = raw_segment(village.identity, village.log(), entries, town.ledger.journal.head(village.log()))
    path = sealed_by(village, Contents(village.new_id(), (part,)), tmp_path)
    assert intake.import_files(town, [path], Progress()).bundles[0].folded == 2
    if work == "numbers":
        assert summary.write_numbers(town, tmp_path / "numbers.xlsx", Progress()).people == 1
    else:
        assert forms.set_forms(town, [households.read_household(town, household)], Progress()).forms == 1
