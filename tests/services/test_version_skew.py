"""Three versions of the program write and read one village at the same time (sync.md 2 and 6: I1, I8).

A village desk, the town and a second desk of the village each run one of three versions, and change it now and then,
forwards and backwards.  What a newer one writes (fields, kinds, codes, values that an older one does not know) goes
through the ledger of that version and through real bundles.  What must be seen is worked out here from the payloads
as they were written, without the fold.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.services.practice import PASSPHRASE, PORTS, add_household, hand_in, made_town
from villagedesk.domain import catalogue
from villagedesk.domain.catalogue import BY_NAME
from villagedesk.domain.fields import RecordKind, Type, declare
from villagedesk.domain.operation import DELETED, Operation
from villagedesk.paths import DeskPaths
from villagedesk.progress import Progress
from villagedesk.services import bundles, care, desks, intake, joining, towns
from villagedesk.services.desks import Desk
from villagedesk.storage.journal import REDACT, Verdict
from villagedesk.storage.ledger import Change
from villagedesk.storage.schema import column_names

HISTORIES = 100
NAMES = ("village", "town", "second")


@dataclass(frozen=True, kw_only=True)
class Household2(catalogue.HOUSEHOLD.record):  # type: ignore[misc, name-defined] # the class is a value there
    roof_colour: str | None = declare(Type.TEXT)


@dataclass(frozen=True, kw_only=True)
class Household3(Household2):
    panels: int | None = declare(Type.COUNT)
    roofs: list[str] | None = declare(Type.CODES)


@dataclass(frozen=True, kw_only=True)
class Member3(catalogue.MEMBER.record):  # type: ignore[misc, name-defined] # as above
    nickname: str | None = declare(Type.NAME)


@dataclass(frozen=True, kw_only=True)
class Visit2:
    reason: str | None = declare(Type.TEXT)


@dataclass(frozen=True, kw_only=True)
class Visit3(Visit2):
    minutes: int | None = declare(Type.COUNT)


@dataclass(frozen=True, kw_only=True)
class Pledge3:
    household: str | None = declare(Type.REF, target="household")
    kept: bool | None = declare(Type.FLAG)


class Program(NamedTuple):
    """One version of the declarations."""

    schema: int
    kinds: Mapping[str, RecordKind]


def successor(before: Program, *kinds: RecordKind) -> Program:
    return Program(before.schema + 1, {**before.kinds, **{kind.name: kind for kind in kinds}})


ONE = Program(catalogue.SCHEMA, dict(BY_NAME))
TWO = successor(ONE, RecordKind("household", "register", Household2), RecordKind("visit", "fact", Visit2))
THREE = successor(
    TWO,
    RecordKind("household", "register", Household3),
    RecordKind("member", "register", Member3),
    RecordKind("visit", "fact", Visit3),
    RecordKind("pledge", "register", Pledge3),
)
PROGRAMS = (ONE, TWO, THREE)

#: What may be written where a version knows the name, next to what no version knows.
VALUES: dict[str, tuple[Any, ...]] = {
    "phone": ("13800000000", "13900000000", None),
    "household_no": ("001", "002"),
    "household_type": ("01", "7Z"),  # a code of a newer list
    "cause_others": (["01"], ["01", "新"], None),
    "house_built": (1990, 2020),
    "roof_colour": ("红", "灰", None),
    "panels": (0, 12),
    "roofs": (["平"], []),
    "name": ("张建国", "王𬭎"),
    "relation": ("02", "9X"),
    "nickname": ("老三", "仇"),
    "reason": ("慰问", "看望"),
    "minutes": (5, 90),
    "kept": (True, False, None),
    "tomorrow": ([1, {"a": None}], {"b": ["红", 0]}, "x"),  # of a version after all of these
    "house_area": ("一百多", 12000),  # not of the type that all of these give it
}
FIELDS = {
    "household": (
        *("phone", "household_no", "household_type", "cause_others", "house_built", "house_area"),
        *("roof_colour", "panels", "roofs", "tomorrow"),
    ),
    "member": ("name", "relation", "nickname", "tomorrow"),
    "visit": ("reason", "minutes", "tomorrow"),
    "pledge": ("kept", "tomorrow"),
}


@contextmanager
def running(program: Program) -> Iterator[None]:
    """This process is that version, as long as it lasts."""
    changed: list[tuple[dict[str, Any], str, Any]] = []
    for name, module in list(sys.modules.items()):
        if name.startswith("villagedesk."):
            for what, value in (("KINDS", tuple(program.kinds.values())), ("SCHEMA", program.schema)):
                if what in vars(module):
                    changed.append((vars(module), what, vars(module)[what]))
                    vars(module)[what] = value
    known = dict(BY_NAME)
    BY_NAME.clear()  # type: ignore[attr-defined] # a dict, and the same one in every module
    BY_NAME.update(program.kinds)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for names, what, value in changed:
            names[what] = value
        BY_NAME.clear()  # type: ignore[attr-defined]
        BY_NAME.update(known)  # type: ignore[attr-defined]


@dataclass
class Seat:
    """One desk and the version it runs."""

    desk: Desk
    program: Program

    def change_to(self, program: Program) -> None:
        with running(self.program):
            desks.close(self.desk)
        self.program = program
        with running(program):
            self.desk = desks.unlock(self.desk.paths, PORTS, PASSPHRASE)


@dataclass
class Village:
    """The three seats, and every operation as it was written, before it went anywhere."""

    rng: random.Random
    folder: Path
    seats: dict[str, Seat]
    scope: bytes
    written: dict[bytes, Operation] = field(default_factory=dict)
    erased: set[bytes] = field(default_factory=set)
    met: Counter[str] = field(default_factory=Counter)

    def note(self) -> None:
        """What was written since the last time; only the own logs of each seat are looked at."""
        for seat in self.seats.values():
            for operation in seat.desk.ledger.journal.range(seat.desk.log(self.scope), 0, 2**53):
                self.written.setdefault(operation.hash, operation)

    def write(self, name: str) -> None:
        """One action of a few records, old and new ones, by whoever sits there."""
        rng, seat = self.rng, self.seats[name]
        known = sorted({(op.header.kind, op.header.record) for op in held(seat.desk, self.scope).values()})
        with running(seat.program):
            changes: dict[bytes, Change] = {}
            for _ in range(rng.randrange(1, 4)):
                kind = rng.choice([kind for kind in FIELDS if kind in seat.program.kinds])
                old = [record for of, record in known if of == kind]
                record = rng.choice(old[:3]) if old and rng.random() < 0.8 else seat.desk.new_id()
                changes[record] = Change(kind, record, self.values(kind, seat.program))
            self.append(seat, *changes.values())
        self.note()

    def append(self, seat: Seat, *changes: Change) -> None:
        seat.desk.ledger.append(seat.desk.log(self.scope), changes, seat.desk.operator, seat.desk.new_id())

    def quarrel(self) -> None:
        """Two seats write one field of one household without hearing of each other; the third may not know it."""
        seats = [self.seats[name] for name in self.rng.sample(NAMES, 2)]
        record = min(op.header.record for op in self.written.values() if op.header.kind == "household")
        both = seats[0].program.kinds["household"].by_name.keys() & seats[1].program.kinds["household"].by_name
        name = self.rng.choice([name for name in FIELDS["household"] if name in both] + ["tomorrow"])
        for seat in seats:
            with running(seat.program):
                self.append(seat, Change("household", record, {name: self.rng.choice(VALUES[name])}))
        self.note()

    def values(self, kind: str, program: Program) -> dict[str, Any]:
        names = [name for name in FIELDS[kind] if name in program.kinds[kind].by_name or name == "tomorrow"]
        chosen = {name: self.rng.choice(VALUES[name]) for name in self.rng.sample(names, self.rng.randrange(1, 3))}
        if kind != "visit" and self.rng.random() < 0.1:
            chosen[DELETED] = self.rng.random() < 0.7
        return chosen

    def erase(self, name: str) -> None:
        """Somebody's wish that one thing be forgotten, whatever kind it is of, at a desk that may not know it."""
        seat = self.seats[name]
        found = [op for op in held(seat.desk, self.scope).values() if op.header.kind != REDACT and op.payload]
        target = self.rng.choice(sorted(found))
        with running(seat.program):
            care.redact(seat.desk, target.header.record, target.id)
        self.erased.add(target.hash)
        self.note()

    def exchange(self, name: str) -> None:
        """Hand in at the town, take its answer; each side runs what it runs."""
        seat, town, where = self.seats[name], self.seats["town"], self.folder / f"{self.rng.getrandbits(64):x}"
        with running(seat.program):
            files = bundles.export(seat.desk, where, Progress()).files
        with running(town.program):
            done = intake.import_files(town.desk, files, Progress())
            back = bundles.write_return(town.desk, where / "back", seat.desk.identity.device)
        with running(seat.program):
            answered = intake.import_files(seat.desk, back, Progress())
        for taken in (*done.bundles, *answered.bundles):
            assert (taken.status, taken.forbidden, taken.forks) == ("accepted", 0, 0)
            assert not taken.state_differs, "versions that see different things must not be alarmed by each other"
            self.met["unknown on the way"] += taken.unknown

    def step(self) -> None:
        rng = self.rng
        for name in rng.sample(NAMES, rng.randrange(1, 4)):
            self.write(name)
        if rng.random() < 0.4:
            self.quarrel()
        if rng.random() < 0.15:
            self.erase(rng.choice(NAMES))
        if rng.random() < 0.3:
            self.seats[rng.choice(NAMES)].change_to(rng.choice(PROGRAMS))
            self.met["changed version"] += 1
        self.exchange(rng.choice(("village", "second")))


def held(desk: Desk, scope: bytes) -> dict[bytes, Operation]:
    """Every operation of the scope that a desk holds, by its hash."""
    logs = [head.log for head in desk.ledger.journal.heads() if head.log.scope == scope]
    return {op.hash: op for log in logs for op in desk.ledger.journal.range(log, 0, 2**53)}


def expected(village: Village) -> dict[tuple[str, bytes], dict[str, Any]]:
    """By record the values that must be seen of it: the last one in the order (t, device, hash), of a fact the first
    write; what was erased is as if it had never been said."""
    seen: dict[tuple[str, bytes], dict[str, Any]] = {}
    counting = [op for op in village.written.values() if op.header.kind != REDACT and op.hash not in village.erased]
    for op in sorted(counting, key=lambda op: (op.header.t, op.log.device, op.hash)):
        assert op.payload is not None
        place, values = (op.header.kind, op.header.record), json.loads(op.payload)["set"]
        if op.header.kind == "visit":
            seen.setdefault(place, values)
        else:
            seen[place] = seen.get(place, {}) | values
    return seen


def without_nothing(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and name != DELETED}


def check(village: Village, seat: Seat) -> None:
    """What one desk holds and shows after everything arrived."""
    desk, kinds = seat.desk, seat.program.kinds
    with running(seat.program):
        now = held(desk, village.scope)
        assert now.keys() == village.written.keys()
        for hash_, op in now.items():
            original = village.written[hash_]
            assert op.header == original.header and op.phash == original.phash
            assert op.payload == (None if hash_ in village.erased else original.payload), "bit by bit as it was written"
        for _, header, log, verdict in desk.ledger.journal.judged():
            if log.scope == village.scope:
                known = header.kind in kinds or header.kind == REDACT
                village.met["unknown"] += not known
                allowed = {Verdict.FOLDED, Verdict.REDACTED} if known else {Verdict.UNKNOWN, Verdict.REDACTED}
                assert verdict in allowed, (header.kind, verdict)
        shown = {
            (entry["kind"], bytes.fromhex(entry["id"])): entry
            for entry in desk.ledger.projections.canonical(desk.ledger.journal.scope_no(village.scope))
        }
        due = {place: values for place, values in expected(village).items() if place[0] in kinds}
        assert shown.keys() == due.keys(), "a kind that is not known shows nothing, one that is shows everything"
        for place, values in due.items():
            assert without_nothing(shown[place]["values"]) == without_nothing(values)
            assert shown[place]["deleted"] == (values.get(DELETED) is True)
            village.met["fields not known"] += extra_of(desk, kinds[place[0]], place[1], values)
        assert desk.ledger.state_hash(village.scope) == desk.ledger.whole_state_hash(village.scope)


def extra_of(desk: Desk, kind: RecordKind, record: bytes, values: Mapping[str, Any]) -> int:
    """Known fields stand in their columns and unknown ones beside them, and nothing in both; how many beside."""
    (row,) = desk.store.rows(f'SELECT {", ".join(column_names(kind))} FROM "{kind.name}" WHERE id=?', (record,))
    columns = dict(zip(column_names(kind), row, strict=True))
    extra = json.loads(columns["_extra"] or "{}")
    misfits = {name for name in ("house_area",) if isinstance(values.get(name), str)}
    assert extra.keys() == {name for name in values if name not in kind.by_name and name != DELETED} | misfits
    for name in kind.by_name:
        assert (columns[name] is None) == (values.get(name) is None or name in misfits), name
    return len(extra.keys() - misfits)


def conflicts_of(seat: Seat, scope: bytes) -> set[tuple[Any, ...]]:
    """What waits for a human there, in kinds that every version knows, be the field known or not."""
    rows = seat.desk.store.rows("SELECT kind, rec, field, winner, loser, value FROM conflict")
    return {row for row in rows if row[0] in ONE.kinds}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A town and two enrolled desks of one village, closed."""
    folder = tmp_path_factory.mktemp("scene")
    town = made_town(folder / "town")
    scope = None
    made = [town]
    for name in ("village", "second"):
        invitation = folder / f"{name}.vdinvite"
        scope = towns.invite(town, "柳湾村", "999901100201", invitation, scope).scope
        desk, _ = joining.create_invited(
            DeskPaths(folder / name), PORTS, invitation_file=invitation, operator_name="李会英", passphrase=PASSPHRASE
        )
        add_household(desk, "001", "张建国")
        assert hand_in(desk, town, folder).bundles[0].status == "accepted"
        made.append(desk)
    for desk in made:
        desks.close(desk)
    assert scope is not None
    return folder, scope


def opened(scene: tuple[Path, bytes], folder: Path, rng: random.Random) -> Village:
    seats: dict[str, Seat] = {}
    for name in NAMES:
        shutil.copytree(scene[0] / name, folder / name)
        program = rng.choice(PROGRAMS)
        with running(program):
            desk = desks.unlock(DeskPaths(folder / name), PORTS, PASSPHRASE)
            desk.store.write("PRAGMA synchronous=OFF")  # nothing here is about power cuts
        seats[name] = Seat(desk, program)
    village = Village(rng, folder, seats, scene[1])
    village.note()
    return village


def history(scene: tuple[Path, bytes], folder: Path, rng: random.Random) -> Counter[str]:
    village = opened(scene, folder, rng)
    seats = village.seats
    for _ in range(rng.randrange(1, 4)):
        village.step()
    for name in ("village", "second", "village"):
        village.exchange(name)
    for seat in seats.values():
        check(village, seat)
    assert len({frozenset(conflicts_of(seat, village.scope)) for seat in seats.values()}) == 1
    village.met["conflicts"] += len(conflicts_of(seats["town"], village.scope))
    village.met[f"{len({seat.program.schema for seat in seats.values()})} versions at the end"] += 1
    newest = rng.choice(PROGRAMS)
    for seat in seats.values():
        if seat.program != newest:
            seat.change_to(newest)
            check(village, seat)
    with running(newest):
        assert len({seat.desk.ledger.state_hash(village.scope) for seat in seats.values()}) == 1
        for seat in seats.values():
            assert care.incidents(seat.desk) == []
            desks.close(seat.desk)
    return village.met


def test_versions_live_side_by_side(scene: tuple[Path, bytes], tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    met: Counter[str] = Counter()
    for number in range(HISTORIES):
        folder = tmp_path / str(number)
        met += history(scene, folder, rng)
        shutil.rmtree(folder)
    print(dict(met))
    assert met["unknown"] > 200 and met["unknown on the way"] > 80 and met["fields not known"] > 600, met
    assert met["changed version"] > 25 and met["conflicts"] > 30 and met["3 versions at the end"] > 3, met
