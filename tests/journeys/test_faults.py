"""Hand-written faults: each must turn a property red that holds without it, else the tests would prove nothing.

A fault is a function of the program changed as a bug or a shortcut would change it (sync.md section 6, last line).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import zstandard

from tests.journeys import exchange_properties as exchanged
from tests.journeys import store_properties as stored
from villagedesk import logs, ports
from villagedesk.domain import fold, passphrases
from villagedesk.domain.operation import DELETED
from villagedesk.excel import export, writer
from villagedesk.services import desks, intake, receipts
from villagedesk.storage import backup, database, instance, journal, ledger, projections, rows, state, undoing
from villagedesk.storage.cards import Cards
from villagedesk.storage.database import Store
from villagedesk.storage.exchange import Exchange
from villagedesk.storage.journal import Head, Journal, Verdict
from villagedesk.storage.ledger import Ledger
from villagedesk.sync import bundle, contents
from villagedesk.sync.certificate import Authority
from villagedesk.sync.trust import TrustList

Check = Callable[[Path], None]
Made = Callable[[Any], Any]


class Fault(NamedTuple):
    """``make`` turns the right function ``owner.name`` into the wrong one; ``check`` must notice."""

    story: str
    owner: Any
    name: str
    make: Made
    check: Check


def gives(value: Any) -> Made:
    """Whatever is asked, this."""
    return lambda right: lambda *asked, **named: value


# --- faults that need more than a line ------------------------------------------------------------------------------


def without_was(right: Any) -> Any:
    return lambda salt, at, changed, was, resolved=(): right(salt, at, changed, {}, resolved)


def without_conflicts(right: Any) -> Any:
    def fold_register(writes: Any) -> Any:
        folded = right(writes)
        return fold.Folded(folded.values, folded.writers, (), folded.t)

    return fold_register


def one_clock_for_all(right: Any) -> Any:
    highest = [0]

    def next_time(now: int, known: int) -> int:
        highest[0] = right(now, max(known, highest[0]))
        return highest[0]

    return next_time


def one_scope(right: Any) -> Any:
    return lambda self, scope: min(1, right(self, scope))


def short_row(right: Any) -> Any:
    """The columns after the last field, deletion and conflicts among them, are forgotten."""
    return lambda kind, row: right(kind, tuple(row)[:-4])


def jumping_head(right: Any) -> Any:
    def advance(self: Journal, log: Any, spans: Any = ()) -> Head:
        last = list(self.range(log, 0, 2**53))[-1]
        head = Head(log, last.header.n, last.hash)
        self.set_head(head)
        return head

    return advance


def over_later_edits(right: Any) -> Any:
    def put_back(_ledger: Any, _scope: Any, done: Any) -> Any:
        before = projections.fold_writes(done.kind, done.others[:1])
        earlier = before.values if before else {}
        values = {name: earlier.get(name, False if name == DELETED else None) for name in done.write.changed}
        return ledger.Change(done.kind.name, done.record, values), []

    return put_back


@contextmanager
def no_transaction(self: Store) -> Iterator[None]:
    yield


def no_extra(right: Any) -> Any:
    def make_row(*given: Any) -> Any:
        row = right(*given)
        return (*row[:-4], None, *row[-3:])

    return make_row


def unbounded(right: Any) -> Any:
    def lines(packed: bytes, raw_len: int) -> Iterator[bytes]:
        raw = zstandard.ZstdDecompressor().decompressobj().decompress(packed)
        if len(raw) != raw_len:
            raise contents.MalformedContents("length")
        yield from raw.split(b"\n")[:-1]

    return lines


def trusting_segments(right: Any) -> Any:
    def close_segment(self: Any) -> None:
        if self._open is not None:
            self.segments.append((self._open, tuple(self._operations)))
            self._open, self._operations = None, []

    return close_segment


class Everything:
    """A set that holds whatever is asked for."""

    def __contains__(self, _: object) -> bool:
        return True


def first_at_a_place_wins(right: Any) -> Any:
    return lambda self, *place: dict.fromkeys(right(self, *place), Everything())


def known_kinds_only(right: Any) -> Any:
    def take_in(self: Ledger, operations: Any, spans: Any = None) -> Any:
        return right(self, [(op, verdict) for op, verdict in operations if verdict is not Verdict.UNKNOWN], spans)

    return take_in


def any_receipt(right: Any) -> Any:
    def acknowledge(self: Exchange, log: Any, n: int, head: bytes, state_hash: bytes, schema: int, at: int) -> None:
        self.store.write(
            "INSERT OR REPLACE INTO peer_head (log, n, hash, state_hash, schema, at) VALUES (?, ?, ?, ?, ?, ?)",
            (self.journal.log_no(log), n, head, state_hash, schema, at),
        )

    return acknowledge


def written(*order: str) -> Made:
    """Writing a file in that order of steps."""

    def write(self: Any, path: Path, fill: Any, verify: Any) -> None:
        part = path.with_name(path.name + ".part")
        with part.open("wb") as stream:
            fill(stream)
            stream.flush()
            if "file" in order:
                os.fsync(stream.fileno())
        for step in order:
            if step == "verify":
                verify(part if part.exists() else path)
            elif step == "rename":
                part.replace(path)
            elif step == "folder":
                ports._sync_folder(path.parent)

    return lambda right: write


def with_message(right: Any) -> Any:
    return lambda error: {**right(error), "message": str(error)}


FAULTS = (
    Fault("drops was", ledger, "encode_payload", without_was, stored.what_was_seen_is_no_conflict),
    Fault("was is not read", projections, "seen_of", gives({}), stored.what_was_seen_is_no_conflict),
    Fault(
        *("folds by arrival", fold, "_in_order"),
        lambda right: lambda writes: list({write.hash: write for write in writes}.values()),
        stored.arrival_does_not_matter,
    ),
    Fault("last one wins silently", projections, "fold_register", without_conflicts, stored.what_lost_unseen_waits),
    Fault(
        "a deletion wins silently", fold, "_edits_beside_deletion", gives([]), stored.a_deletion_beside_an_edit_waits
    ),
    Fault(
        *("choices are forgotten", projections, "_write"),
        lambda right: lambda *given: right(*given)._replace(resolved=()),
        stored.what_was_settled_stays_settled,
    ),
    Fault(
        *("trusts the wall clock", ledger, "next_time"),
        lambda right: lambda now, known: now,
        stored.who_saw_it_wins_whatever_the_clock,
    ),
    Fault("one clock for all", ledger, "next_time", one_clock_for_all, stored.a_wrong_clock_stays_with_its_record),
    Fault(
        "a fact is edited", projections, "fold_fact", lambda right: fold.fold_register, stored.a_fact_is_written_once
    ),
    Fault("erases nothing", Journal, "redact", gives(False), stored.an_order_erases),
    Fault("erases and refolds nothing", projections.Projections, "refold", gives(None), stored.an_order_erases),
    Fault("forgets orders", Journal, "redactions", gives(set()), stored.an_order_waits_for_what_comes_later),
    Fault("state not kept", state.States, "add", gives(None), stored.the_state_is_kept_in_step),
    Fault("state of fields alone", state, "row_hash", short_row, stored.the_state_tells_a_deletion),
    Fault("head jumps gaps", Journal, "advance", jumping_head, stored.a_gap_stops_the_head),
    Fault("chain not looked at", journal, "_continues", gives(True), stored.a_head_follows_its_chain),
    Fault("cards left behind", Cards, "refresh_places", gives(None), stored.cards_are_kept_in_step),
    Fault("undo over later edits", undoing, "_put_back", over_later_edits, stored.an_undo_leaves_later_edits),
    Fault("undo takes all", undoing, "_staying", gives(frozenset()), stored.an_undo_leaves_what_others_refer_to),
    Fault("no transaction", Store, "transaction", lambda right: no_transaction, stored.an_action_is_all_or_nothing),
    Fault("unknown fields dropped", projections, "make_row", no_extra, stored.unknown_fields_are_kept),
    Fault("values made to fit", rows, "fits", gives(True), stored.odd_values_are_kept),
    Fault("scopes in one pot", Journal, "scope_no", one_scope, stored.a_neighbour_touches_no_record),
    Fault("receipts shrink", Exchange, "acknowledge", any_receipt, stored.receipts_only_grow),
    Fault(
        *("a save does not wait", database, "_SETTINGS"),
        lambda right: tuple(line.replace("synchronous=FULL", "synchronous=OFF") for line in right),
        stored.a_save_waits_for_the_disk,
    ),
    Fault(
        *("skips fsync", ports.SystemFiles, "write"),
        written("verify", "rename", "folder"),
        stored.a_file_is_written_durably,
    ),
    Fault(
        *("renames, then looks", ports.SystemFiles, "write"),
        written("file", "rename", "verify", "folder"),
        stored.a_file_is_written_durably,
    ),
    Fault("folder not synced", ports, "_sync_folder", gives(None), stored.a_file_is_written_durably),
    Fault(
        *("does not look at all", ports.SystemFiles, "write"),
        written("file", "rename", "folder"),
        stored.a_lying_disk_keeps_the_old_file,
    ),
    Fault("logs what it is given", logs, "_safe", lambda right: str, stored.logs_name_nobody),
    Fault("reports messages", logs, "_describe", with_message, stored.logs_name_nobody),
    Fault("cells as they are", writer, "guarded", lambda right: str, stored.cells_are_no_formulas),
    Fault("signature not checked", bundle, "signature_holds", gives(True), exchanged.an_altered_header_is_refused),
    Fault("unpacks everything", bundle, "_lines", unbounded, exchanged.a_bomb_is_stopped_on_the_way),
    Fault("any window", bundle, "_WINDOW", lambda right: 2**27, exchanged.a_greedy_window_is_refused),
    Fault(
        *("ends not compared", contents._Reader, "close_segment"),
        trusting_segments,
        exchanged.a_segment_ends_where_it_says,
    ),
    Fault("any spelling", contents, "check_payload", gives({}), exchanged.a_payload_has_one_spelling),
    Fault(
        *("villages may do all in their scope", Authority, "may_write"),
        lambda right: lambda self, scope, town_only: self.town or scope in self.scopes,
        exchanged.a_village_is_no_town,
    ),
    Fault("no verdict", intake, "verdict_on", gives(Verdict.FOLDED), exchanged.a_foreign_scope_is_forbidden),
    Fault("revocation ignored", TrustList, "counts", gives(True), exchanged.a_revocation_counts),
    Fault("authors not asked", contents.Segment, "signed_by", gives(True), exchanged.nobody_signs_for_another),
    Fault("takes all as new", Journal, "held", gives({}), exchanged.twice_is_once),
    Fault("forgets files", Exchange, "seen", gives(False), exchanged.the_same_file_is_a_duplicate),
    Fault(
        "half a bundle", Store, "savepoint", lambda right: no_transaction, exchanged.a_rejected_bundle_leaves_nothing
    ),
    Fault(
        *("a trial counts", intake, "_import_one"),
        lambda right: lambda desk, path, dry_run: right(desk, path, False),
        exchanged.a_trial_writes_nothing,
    ),
    Fault(
        *("sent is received", Exchange, "acknowledged"),
        lambda right: Exchange.sent,
        exchanged.nothing_is_received_without_a_receipt,
    ),
    Fault("no alarm", receipts, "_differs", gives(False), exchanged.differing_records_raise_an_alarm),
    Fault("a copy is the desk", desks, "is_this_desk", gives(True), exchanged.a_restored_desk_is_a_new_device),
    Fault("first branch wins", Journal, "held", first_at_a_place_wins, exchanged.both_branches_of_a_fork_are_kept),
    Fault("known kinds only", Ledger, "take_in", known_kinds_only, exchanged.unknown_kinds_travel_on),
    Fault("codes without end", intake, "may_enrol", gives(True), exchanged.a_code_enrols_one_machine),
    Fault("no mask", export, "mask_id", lambda right: lambda text, rule: text, exchanged.an_exported_number_is_masked),
    Fault("backups unread", backup, "verify_copy", gives(0), exchanged.a_damaged_backup_is_refused),
    Fault("no lock", instance, "_lock", gives(None), exchanged.one_program_at_a_time),
    Fault("any passphrase", passphrases, "passphrase_is_strong", gives(True), exchanged.a_weak_passphrase_is_refused),
)


@cache
def holds_without_faults(check: Check) -> bool:
    """Once a check, however many faults it answers for."""
    with tempfile.TemporaryDirectory() as folder:
        check(Path(folder))
    return True


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.story.replace(" ", "-"))
def test_a_fault_is_noticed(fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert holds_without_faults(fault.check)
    with monkeypatch.context() as patch:
        patch.setattr(fault.owner, fault.name, fault.make(getattr(fault.owner, fault.name)))
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            fault.check(tmp_path)


def test_there_are_enough_of_them() -> None:
    assert len(FAULTS) >= 50 and len({fault.story for fault in FAULTS}) == len(FAULTS)
    assert len({fault.check for fault in FAULTS}) >= 45
