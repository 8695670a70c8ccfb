"""Any sequence of edits, deletions, erasures, undos and partial deliveries between three desks (sync.md section 6).

Every example plays in a scope of its own on the same three SQLCipher stores, so that none has to be made anew.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from villagedesk.domain.catalogue import BY_NAME
from villagedesk.domain.ids import LogId
from villagedesk.errors import DeskError
from villagedesk.ports import Ports
from villagedesk.storage.database import Store, open_database
from villagedesk.storage.forks import Forks
from villagedesk.storage.journal import Verdict
from villagedesk.storage.ledger import Change, Ledger
from villagedesk.storage.schema import create_tables
from villagedesk.storage.undoing import undo

EXAMPLES, STEPS = 300, 50
KEY = b"k" * 32
DESKS = st.integers(0, 2)
RECORDS = st.integers(0, 3)
FIELDS = st.dictionaries(
    st.sampled_from(["phone", "address", "needs", "colour_of_a_newer_version"]),
    st.sampled_from([None, "a", "b"]),
    min_size=1,
    max_size=3,
)


class SettableClock:
    """A wall clock that jumps."""

    def __init__(self) -> None:
        self.now = 0

    def now_ms(self) -> int:
        return self.now


class Three:
    """Three replicas and their clock, made once."""

    def __init__(self, folder: Path) -> None:
        self.clock = SettableClock()
        self.ledgers = []
        for index in range(3):
            store = Store(open_database(folder / f"{index}.db", KEY))
            create_tables(store)
            store.write("PRAGMA synchronous=OFF")  # equality is what is tested here
            self.ledgers.append(Ledger(store, Ports(clock=self.clock)))
        self.scopes = 0


class Machine(RuleBasedStateMachine):
    """One example: one scope, three desks; ``three`` is set by the test."""

    three: Three

    @initialize()
    def start(self) -> None:
        self.three.scopes += 1
        self.scope = self.three.scopes.to_bytes(16, "big")
        self.logs = [LogId(bytes([index + 1]) * 16, self.scope) for index in range(3)]
        self.actions: list[list[bytes]] = [[], [], []]
        self.heads = [dict.fromkeys(self.logs, 0) for _ in range(3)]

    def record(self, number: int) -> bytes:
        return self.scope[8:] + number.to_bytes(8, "big")

    def append(self, desk: int, changes: Sequence[Change]) -> None:
        action = self.three.ledgers[desk].ports.entropy.take(16)
        if self.three.ledgers[desk].append(self.logs[desk], changes, b"b" * 16, action).operations:
            self.actions[desk].append(action)

    @rule(now=st.integers(0, 2**41))
    def clock_jumps(self, now: int) -> None:
        self.three.clock.now = now

    @rule(desk=DESKS, number=RECORDS, changed=FIELDS, kind=st.sampled_from(["household", "audit"]))
    def edit(self, desk: int, number: int, changed: dict[str, str | None], kind: str) -> None:
        self.append(desk, [Change(kind, self.record(number + (10 if kind == "audit" else 0)), changed)])

    @rule(desk=DESKS, number=RECORDS, gone=st.booleans())
    def delete(self, desk: int, number: int, gone: bool) -> None:
        self.append(desk, [Change("household", self.record(number), {"_del": gone})])

    @rule(desk=DESKS, number=RECORDS, place=st.integers(0, 5))
    def erase(self, desk: int, number: int, place: int) -> None:
        held = [op for op, _ in self.three.ledgers[desk].journal.of_record(self.record(number), self.scope)]
        if place < len(held):
            ids = [held[place].id]
            self.three.ledgers[desk].redact(self.logs[desk], self.record(number), ids, b"b" * 16, b"e" * 16)

    @rule(desk=DESKS, place=st.integers(0, 5))
    def undo(self, desk: int, place: int) -> None:
        if place < len(self.actions[desk]):
            try:
                action = self.actions[desk][place]
                undo(self.three.ledgers[desk], self.logs[desk], action, b"b" * 16, b"u" * 16)
            except DeskError as error:
                assert error.code == "action_unknown", "erased meanwhile"

    @rule(source=DESKS, to=DESKS, author=DESKS, part=st.tuples(st.integers(0, 12), st.integers(1, 12)))
    def deliver(self, source: int, to: int, author: int, part: tuple[int, int]) -> None:
        """Any piece of any log that the source holds, gaps and repetitions included."""
        self.hand_over(source, to, author, part[0], part[0] + part[1])

    def hand_over(self, source: int, target: int, author: int, after: int, upto: int) -> None:
        if source == target:
            return
        log, ledger = self.logs[author], self.three.ledgers[target]
        held = ledger.journal.held(log, after, upto)
        with ledger.store.transaction():
            ledger.take_in(
                [
                    (op, Verdict.FOLDED if op.payload is not None else Verdict.REDACTED)
                    for op in self.three.ledgers[source].journal.range(log, after, upto)
                    if op.hash not in held.get(op.header.n, ())
                ]
            )

    @invariant()
    def kept_states_equal_the_tables(self) -> None:
        for ledger in self.three.ledgers if hasattr(self, "scope") else ():
            assert ledger.state_hash(self.scope) == ledger.whole_state_hash(self.scope)

    @invariant()
    def heads_only_grow(self) -> None:
        for heads, ledger in zip(self.heads, self.three.ledgers, strict=True) if hasattr(self, "scope") else ():
            for author, log in zip(self.three.ledgers, self.logs, strict=True):
                head = ledger.journal.head(log)
                assert head.n >= heads[log] and Forks(ledger.store, ledger.journal).first(log) == 0
                assert head.hash == author.journal.hash_at(log, head.n), "all before it is here, in one chain"
                heads[log] = head.n

    def teardown(self) -> None:
        """Everything delivered: one state, and every row is what its operations fold to."""
        if not hasattr(self, "scope"):
            return
        for target in range(3):
            for author in range(3):
                self.hand_over(author, target, author, 0, 2**50)
        assert len({ledger.state_hash(self.scope) for ledger in self.three.ledgers}) == 1
        for ledger in self.three.ledgers:
            assert ledger.state_hash(self.scope) == ledger.whole_state_hash(self.scope)
            number = ledger.journal.scope_no(self.scope)
            shown = {entry["id"]: entry["values"] for entry in ledger.projections.canonical(number, ["household"])}
            for record in map(self.record, range(4)):
                folded = ledger.projections.folded(BY_NAME["household"], record, self.scope)
                wanted = {
                    name: value
                    for name, value in (folded.values if folded else {}).items()
                    if name != "_del" and (value is not None or name.startswith("colour"))
                }
                assert shown.get(record.hex(), {}) == wanted


def test_any_sequence_ends_in_one_state() -> None:
    with tempfile.TemporaryDirectory() as folder:
        three = Three(Path(folder))
        checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
        run_state_machine_as_test(
            type("Bound", (Machine,), {"three": three}),
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=checks,
                database=None,
                print_blob=True,
            ),
        )
        for ledger in three.ledgers:
            ledger.store.close()
