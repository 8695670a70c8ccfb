"""Owns taking an action back: a compensating action, as far as nobody built on it since (sync.md section 2, undo).

A changed field goes back to what it was, unless someone changed it later.  A record that the action made goes, unless
it was changed later, something else refers to it, or it belongs to a record that stays: a household whose head was
corrected after its import stays whole, with its people and its grid.  What stays is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from villagedesk.domain.catalogue import BY_NAME, KINDS
from villagedesk.domain.fields import Field, RecordKind, Type, Value
from villagedesk.domain.fold import Folded, Write
from villagedesk.domain.ids import LogId, is_hex_id
from villagedesk.domain.operation import DELETED, Operation
from villagedesk.errors import DeskError
from villagedesk.storage.journal import Verdict
from villagedesk.storage.ledger import Change, Ledger, Touched
from villagedesk.storage.projections import counts, fold_writes, write_of

#: (field, record) that an undo leaves as it is; the field is ``_del`` where a whole record stays for another's sake.
Kept = tuple[str, bytes]


class _Done(NamedTuple):
    """One operation of the action, with the other writes of its record and what they all make.

    ``whole``: nothing is missing of its log before it.
    """

    kind: RecordKind
    record: bytes
    write: Write
    others: list[Write]
    now: Folded
    first: tuple[int, bytes, bytes]
    whole: bool

    @property
    def made_it(self) -> bool:
        """Whether the record began with this operation; one that was erased, or never came here, may be before it."""
        return self.whole and self.write[:3] <= self.first and not self.write.was

    @property
    def later(self) -> list[str]:
        """Fields that are no longer as this operation, which made the record, left them."""
        names = {**self.write.changed, **self.now.values}.keys() - {DELETED}
        return sorted(name for name in names if self.now.values.get(name) != self.write.changed.get(name))


def undo(ledger: Ledger, log: LogId, action: bytes, by: bytes, new_action: bytes) -> tuple[Touched, list[Kept]]:
    """Take ``action`` back in the scope of ``log``; raises ``DeskError`` ``action_unknown``."""
    operations = [op for op, verdict in ledger.journal.of_action(action) if verdict is Verdict.FOLDED]
    if not operations:
        raise DeskError("action_unknown")
    changes: list[Change] = []
    kept: list[Kept] = []
    made: dict[bytes, _Done] = {}
    put_back: dict[bytes, Mapping[str, Value]] = {}
    for done in _all_done(ledger, operations, log.scope):
        if done.made_it:
            made[done.record] = done
            continue
        change, later = _put_back(ledger, log.scope, done)
        kept += later
        changes += [change] if change.changed else []
        put_back[done.record] = change.changed
    stays = _staying(ledger, log.scope, made, put_back)
    for record, done in made.items():
        if record in stays and not done.now.deleted:
            kept += [(name, record) for name in done.later or [DELETED]]
        elif not done.now.deleted:
            changes.append(Change(done.kind.name, record, {DELETED: True}))
    return ledger.append(log, changes, by, new_action), kept


def _all_done(ledger: Ledger, operations: Sequence[Operation], scope: bytes) -> Iterator[_Done]:
    """The action's operations on registers in one scope that can still be read."""
    writes: dict[tuple[str, bytes], list[Write]] = {}
    firsts: dict[tuple[str, bytes], tuple[int, bytes, bytes]] = {}
    for op, verdict in ledger.journal.of_records(sorted({op.header.record for op in operations})):
        place = (op.header.t, op.log.device, op.hash)
        key = (op.header.kind, op.header.record)
        if op.log.scope == scope and verdict in (Verdict.FOLDED, Verdict.REDACTED):
            firsts[key] = min(place, firsts.get(key, place))
        if op.log.scope == scope and counts(op, verdict):
            writes.setdefault((op.header.kind, op.header.record), []).append(write_of(op))
    for operation in operations:
        kind = BY_NAME.get(operation.header.kind)
        if kind is None or kind.record_class != "register" or operation.payload is None or operation.log.scope != scope:
            continue
        everything = writes[kind.name, operation.header.record]
        now = fold_writes(kind, everything)
        assert now is not None
        others = [write for write in everything if write.hash != operation.hash]
        first = firsts[kind.name, operation.header.record]
        whole = ledger.journal.head(operation.log).n >= operation.header.n
        yield _Done(kind, operation.header.record, write_of(operation), others, now, first, whole)


def _put_back(ledger: Ledger, scope: bytes, done: _Done) -> tuple[Change, list[Kept]]:
    """Fields back to what they were before.

    Listed are those written later, those whose earlier value is not held, and references to what is void by now:
    nobody is put back into a household that is no more.
    """
    before = fold_writes(done.kind, done.others)
    earlier: Mapping[str, Value] = before.values if before else {}
    held = {write.op for write in done.others}
    mine = [
        name
        for name in done.write.changed
        if done.now.writers.get(name) == done.write.op and done.write.was.get(name, "") in held | {""}
    ]
    restored = {name: earlier.get(name, False if name == DELETED else None) for name in mine}
    for field in _references(done.kind):
        if _is_void(ledger, scope, field.target, restored.get(field.name)):
            del restored[field.name]
    later = [(name, done.record) for name in done.write.changed if name not in restored]
    return Change(done.kind.name, done.record, restored), later


def _is_void(ledger: Ledger, scope: bytes, kind: str, record: Value) -> bool:
    """Whether a reference names a record that was deleted."""
    if kind not in BY_NAME or not isinstance(record, str) or not is_hex_id(record):
        return False
    where = (ledger.journal.scope_no(scope), bytes.fromhex(record))
    return ledger.store.row(f'SELECT 1 FROM "{kind}" WHERE _scope=? AND id=? AND _del=1', where) is not None


def _references(kind: RecordKind) -> list[Field]:
    return [field for field in kind.fields if field.type is Type.REF]


def _staying(
    ledger: Ledger, scope: bytes, made: Mapping[bytes, _Done], put_back: Mapping[bytes, Mapping[str, Value]]
) -> Set[bytes]:
    """Records the action made that must not go, once the fields in ``put_back`` are what they were."""
    stays = {record for record, done in made.items() if done.later and not done.now.deleted}
    stays |= _referred_to(ledger, scope, made.keys(), put_back)
    needs: dict[bytes, set[bytes]] = {record: set() for record in made}
    for record, done in made.items():
        for field in _references(done.kind):
            named = done.now.values.get(field.name)
            target = bytes.fromhex(named) if isinstance(named, str) and is_hex_id(named) else b""
            if target in made:
                needs[record].add(target)
                if field.required:
                    needs[target].add(record)
    waiting = list(stays)
    while waiting:
        more = needs[waiting.pop()] - stays
        stays |= more
        waiting += more
    return stays


def _referred_to(
    ledger: Ledger, scope: bytes, made: Iterable[bytes], put_back: Mapping[bytes, Mapping[str, Value]]
) -> set[bytes]:
    """Those of ``made`` that a living record refers to which the action did not make."""
    ids = sorted(made)
    found: set[bytes] = set()
    for kind in KINDS:
        for field in _references(kind) if kind.record_class == "register" else ():
            rows = ledger.store.among(
                f'SELECT id, {field.name} FROM "{kind.name}" WHERE _del=0 AND _scope=? AND {field.name}',
                ids,
                ledger.journal.scope_no(scope),
            )
            found |= {
                bytes(target)
                for record, target in rows
                if bytes(record) not in made and field.name not in put_back.get(bytes(record), {})
            }
    return found
