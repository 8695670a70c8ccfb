"""Owns logs that two desks wrote under one key: where they part, their ends, what a receipt covers (section 3).

A fork costs a message, never data: both branches are kept and folded, each gets its own receipt.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from villagedesk.domain.ids import LogId
from villagedesk.domain.operation import chain
from villagedesk.storage.database import Store
from villagedesk.storage.journal import Head, Journal


class _Link(NamedTuple):
    """An operation above the fork and the hash it continues."""

    n: int
    hash: bytes
    previous: bytes


class Forks:
    """Forked logs of one store."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self.store = store
        self.journal = journal

    def note(self, log: LogId, positions: Iterable[int]) -> None:
        """Remember positions that hold two operations (inside a transaction)."""
        number = self.journal.log_no(log)
        for n in positions:
            self.store.write("INSERT OR IGNORE INTO fork (log, n) VALUES (?, ?)", (number, n))

    def first(self, log: LogId) -> int:
        """The lowest position that holds two operations, 0 where the log is whole."""
        found = self.store.row("SELECT min(n) FROM fork WHERE log=?", (self.journal.find_no(log),))
        return int(found[0] or 0) if found else 0

    def tips(self, log: LogId) -> list[Head]:
        """The contiguous end of every branch; one for a log that is whole."""
        first = self.first(log)
        root = self.journal.hash_at(log, first - 1) if first else None
        if root is None or self.journal.head(log).n < first - 1:
            return [self.journal.head(log)]
        links = self._links(log, first - 1, root)
        continued = {link.previous for link in links}
        return [Head(log, link.n, link.hash) for link in links if link.hash not in continued]

    def covered(self, log: LogId, acknowledged: Iterable[bytes]) -> int:
        """The greatest n such that every held operation up to n lies below one of the acknowledged heads."""
        first = self.first(log)
        root = self.journal.hash_at(log, first - 1) if first else None
        if root is None:
            return 0
        links = self._links(log, first - 1, root)
        good, wanted = {root}, set(acknowledged)
        for link in reversed(links):
            if link.hash in wanted:
                good.add(link.hash)
                wanted.add(link.previous)
        missing = [link.n for link in links if link.hash not in good]
        if not wanted & ({root} | {link.hash for link in links}):
            return 0
        return min(missing) - 1 if missing else max(link.n for link in links)

    def _links(self, log: LogId, after: int, root: bytes) -> list[_Link]:
        """Operations above ``after`` that hang together with ``root``, in order of n."""
        links: list[_Link] = []
        ends, level, position = {root}, set[bytes](), after
        for operation in self.journal.range(log, after, 2**53):
            if operation.header.n != position:
                if operation.header.n != position + 1:
                    break
                ends, level, position = level or ends, set(), operation.header.n
            for end in ends:
                if chain(end, operation.header.encode(), operation.phash) == operation.hash:
                    links.append(_Link(operation.header.n, operation.hash, end))
                    level.add(operation.hash)
        return links
