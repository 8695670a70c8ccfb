"""Owns believing a receipt: what it proves, and the alarm when equal operations show different records (section 3).

No SQL, no Qt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from villagedesk.domain.catalogue import SCHEMA
from villagedesk.domain.ids import LogId
from villagedesk.services.bundles import exchange_of, own_logs
from villagedesk.services.desks import Desk
from villagedesk.storage.facts import fact, put_fact, put_incident
from villagedesk.storage.forks import Forks
from villagedesk.sync.bundle import Header
from villagedesk.sync.contents import Ack

#: Fact: by scope, the pair of differing states that an alarm was already raised for.
_ALARMS = "state_alarms"


@dataclass(frozen=True, slots=True)
class Receipt:
    """``unknown_head``: the town holds work under this desk's present key that this desk never did."""

    differs: bool = False
    rebuilt: bool = False
    healed: bool = False
    unknown_head: bool = False


def take_receipt(desk: Desk, header: Header, acks: Sequence[Ack]) -> Receipt:
    """Inside the intake's transaction: note what the sender holds, compare states where it holds the same."""
    by_log: dict[LogId, list[Ack]] = defaultdict(list)
    unknown_head = False
    for ack in acks:
        if ack.head in desk.ledger.journal.held(ack.log, ack.n, ack.n).get(ack.n, ()):
            by_log[ack.log].append(ack)
        elif ack.n and ack.log == desk.log():
            unknown_head = True
    if desk.profile.role == "town":
        _note_village_heads(desk, header, by_log)
    else:
        for log, _ in own_logs(desk):
            if by_log.get(log):
                _acknowledge(desk, log, by_log[log])
    differing = {scope: theirs for scope, theirs in _comparable(desk, acks).items() if _differs(desk, scope, theirs)}
    if not differing:
        return Receipt(unknown_head=unknown_head)
    return _raise_alarm(desk, differing, unknown_head)


def _note_village_heads(desk: Desk, header: Header, by_log: Mapping[LogId, Sequence[Ack]]) -> None:
    heads: dict[str, dict[str, int]] = fact(desk.store, "village_heads") or {}
    mine = heads.setdefault(header.device.hex(), {})
    for log, acks in by_log.items():
        mine[log.bytes.hex()] = _reach(desk, log, acks)
    put_fact(desk.store, "village_heads", heads)


def _acknowledge(desk: Desk, log: LogId, acks: Sequence[Ack]) -> None:
    last = max(acks, key=lambda ack: ack.n)
    now = desk.ports.clock.now_ms()
    exchange_of(desk).acknowledge(log, _reach(desk, log, acks), last.head, last.state_hash, last.schema, now)


def _reach(desk: Desk, log: LogId, acks: Sequence[Ack]) -> int:
    """The greatest n up to which the sender holds everything that this desk holds."""
    forks = Forks(desk.store, desk.ledger.journal)
    first = forks.first(log)
    if not first:
        return max(ack.n for ack in acks)
    below = max((ack.n for ack in acks if ack.n < first), default=0)
    return max(below, forks.covered(log, [ack.head for ack in acks]))


def _comparable(desk: Desk, acks: Sequence[Ack]) -> dict[bytes, bytes]:
    """The sender's state hash of every scope in which it names exactly the ends this desk has, without gaps."""
    theirs: dict[bytes, set[tuple[LogId, int, bytes, bool]]] = defaultdict(set)
    states: dict[bytes, bytes] = {}
    for ack in acks:
        if ack.n or ack.gaps:
            theirs[ack.log.scope].add((ack.log, ack.n, ack.head, bool(ack.gaps)))
        if ack.schema == SCHEMA and ack.state_hash:
            states[ack.log.scope] = ack.state_hash
    forks, exchange = Forks(desk.store, desk.ledger.journal), exchange_of(desk)
    ours: dict[bytes, set[tuple[LogId, int, bytes, bool]]] = defaultdict(set)
    for head in desk.ledger.journal.heads():
        if head.log.scope in states:
            gaps = bool(exchange.gaps(head.log))
            if head.n or gaps:
                ours[head.log.scope] |= {(head.log, tip.n, tip.hash, gaps) for tip in forks.tips(head.log)}
    return {
        scope: state
        for scope, state in states.items()
        if ours[scope] == theirs[scope] and not any(gaps for *_, gaps in ours[scope])
    }


def _differs(desk: Desk, scope: bytes, theirs: bytes) -> bool:
    return desk.ledger.state_hash(scope) != theirs


def _raise_alarm(desk: Desk, differing: Mapping[bytes, bytes], unknown_head: bool) -> Receipt:
    """Fold everything anew, once for one pair of states; what still differs is the other side's to mend."""
    alarms: dict[str, list[str]] = fact(desk.store, _ALARMS) or {}
    pairs = {scope.hex(): [desk.ledger.state_hash(scope).hex(), theirs.hex()] for scope, theirs in differing.items()}
    if all(alarms.get(scope) == pair for scope, pair in pairs.items()):
        return Receipt(True, False, False, unknown_head)
    desk.ledger.fold_everything()
    healed = not any(_differs(desk, scope, theirs) for scope, theirs in differing.items())
    left = {scope: [desk.ledger.state_hash(bytes.fromhex(scope)).hex(), pair[1]] for scope, pair in pairs.items()}
    put_fact(desk.store, _ALARMS, alarms | left)
    put_incident(desk.store, desk.ports.clock.now_ms(), "state_differs", {"scopes": sorted(pairs), "healed": healed})
    return Receipt(True, True, healed, unknown_head)
