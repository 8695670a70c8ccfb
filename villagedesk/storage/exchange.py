"""Owns what was sent, received and acknowledged (sync.md section 3).

Nothing is flagged dirty: unsent = operations above the last sent head, unacknowledged = above the acknowledged head.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from villagedesk.domain.ids import LogId
from villagedesk.storage.database import Store
from villagedesk.storage.forks import Forks
from villagedesk.storage.journal import Journal


@dataclass(frozen=True, slots=True)
class SeenBundle:
    """A bundle made (``out``) or taken in (``in``) here; ``report``: JSON of its counts."""

    bundle_id: bytes
    device: bytes
    direction: str
    at: int
    file: str
    operations: int
    report: str


@dataclass(frozen=True, slots=True)
class StoredSegment:
    """A segment as its author signed it, for passing on."""

    start: int
    stop: int
    prev: bytes
    head: bytes
    sig: bytes


class Exchange:
    """Exchange state of one store."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self.store = store
        self.journal = journal

    def note(self, bundle: SeenBundle) -> None:
        self.store.write(
            "INSERT OR REPLACE INTO bundle_seen (id, device, direction, at, file, ops, report) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                bundle.bundle_id,
                bundle.device,
                bundle.direction,
                bundle.at,
                bundle.file,
                bundle.operations,
                bundle.report,
            ),
        )

    def seen(self, bundle_id: bytes, device: bytes) -> bool:
        """Whether this device's bundle was taken in; another may have copied its id."""
        return self.store.row("SELECT 1 FROM bundle_seen WHERE id=? AND device=?", (bundle_id, device)) is not None

    def bundles(self, direction: str, limit: int = 500) -> list[SeenBundle]:
        """Newest first."""
        found = self.store.rows(
            "SELECT id, device, direction, at, file, ops, report FROM bundle_seen WHERE direction=? "
            "ORDER BY at DESC LIMIT ?",
            (direction, limit),
        )
        return [SeenBundle(bytes(i), bytes(d), r, int(at), f, int(n), j) for i, d, r, at, f, n, j in found]

    def sent(self, log: LogId) -> int:
        """The greatest n of a log that went into a bundle."""
        found = self.store.row("SELECT n FROM sent_head WHERE log=?", (self.journal.find_no(log),))
        return int(found[0]) if found else 0

    def set_sent(self, log: LogId, n: int, at: int, bundle_id: bytes) -> None:
        self.store.write(
            "INSERT OR REPLACE INTO sent_head (log, n, at, bundle) VALUES (?, ?, ?, ?)",
            (self.journal.log_no(log), n, at, bundle_id),
        )

    def acknowledged(self, log: LogId) -> int:
        """The greatest n that a verified receipt covers."""
        found = self.store.row("SELECT n FROM peer_head WHERE log=?", (self.journal.find_no(log),))
        return int(found[0]) if found else 0

    def receipt(self, log: LogId) -> tuple[int, int]:
        """The greatest n that a verified receipt covers, and when it came (wall ms); (0, 0) without one."""
        found = self.store.row("SELECT n, at FROM peer_head WHERE log=?", (self.journal.find_no(log),))
        return (int(found[0]), int(found[1])) if found else (0, 0)

    def acknowledge(self, log: LogId, n: int, head: bytes, state_hash: bytes, schema: int, at: int) -> None:
        """Heads only grow (invariant I12)."""
        if n >= self.acknowledged(log):
            self.store.write(
                "INSERT OR REPLACE INTO peer_head (log, n, hash, state_hash, schema, at) VALUES (?, ?, ?, ?, ?, ?)",
                (self.journal.log_no(log), n, head, state_hash, schema, at),
            )

    def keep_segment(self, log: LogId, segment: StoredSegment) -> None:
        number = self.journal.log_no(log)
        held = self.store.row("SELECT 1 FROM segment WHERE log=? AND sig=?", (number, segment.sig))
        if held is None:
            self.store.write(
                "INSERT INTO segment (log, start, stop, prev, head, sig) VALUES (?, ?, ?, ?, ?, ?)",
                (number, segment.start, segment.stop, segment.prev, segment.head, segment.sig),
            )

    def segments(self, log: LogId, after: int) -> list[StoredSegment]:
        """Signed segments that reach beyond ``after``, in order."""
        found = self.store.rows(
            "SELECT start, stop, prev, head, sig FROM segment WHERE log=? AND stop>? ORDER BY start, stop",
            (self.journal.find_no(log), after),
        )
        return [StoredSegment(int(a), int(b), bytes(p), bytes(h), bytes(s)) for a, b, p, h, s in found]

    def cover(self, log: LogId, after: int) -> list[StoredSegment]:
        """As few signed segments as reach from ``after`` to what is held; all of them where a log forks."""
        found = self.segments(log, after)
        if Forks(self.store, self.journal).first(log):
            return found
        chosen: list[StoredSegment] = []
        reached = after
        while found:
            best = max((s for s in found if s.start <= reached + 1), key=lambda s: s.stop, default=found[0])
            chosen.append(best)
            reached = best.stop
            found = [segment for segment in found if segment.stop > reached]
        return chosen

    def gaps(self, log: LogId) -> tuple[tuple[int, int], ...]:
        """Missing ranges between the contiguous head and the highest n held."""
        head = self.journal.head(log).n
        missing: list[tuple[int, int]] = []
        expected = head + 1
        for (n,) in self.store.rows(
            "SELECT DISTINCT n FROM op WHERE log=? AND n>? ORDER BY n", (self.journal.find_no(log), head)
        ):
            if n > expected:
                missing.append((expected, int(n) - 1))
            expected = int(n) + 1
        return tuple(missing)

    def pending_counts(self, log: LogId, after: int) -> dict[str, int]:
        """How many operations above ``after``, by kind of record."""
        found: list[tuple[Any, ...]] = self.store.rows(
            "SELECT kind, count(DISTINCT rec) FROM op WHERE log=? AND n>? GROUP BY kind ORDER BY kind",
            (self.journal.find_no(log), after),
        )
        return {str(kind): int(count) for kind, count in found}
