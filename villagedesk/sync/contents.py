"""Owns the lines inside a bundle: control lines of JSON, operation lines ``header TAB payload`` (sync.md section 4).

A redacted operation travels as ``header TAB # phash``, so that its chain still verifies.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from villagedesk.domain.ids import LogId, is_hex_id
from villagedesk.domain.operation import (
    MAX_PAYLOAD,
    MalformedOperation,
    Operation,
    chain,
    check_payload,
    parse_header,
    payload_hash,
)
from villagedesk.sync.identity import Identity, signature_holds

MAX_LINE = MAX_PAYLOAD + 512
MAX_OPERATIONS = 50_000
#: A trust list names every device of a town with its certificate.
MAX_TRUST_LINE = 5 * 1024 * 1024
#: Receipts, ranges and the like in one bundle; a town with every village's devices stays far below.
MAX_CONTROL_LINES = 5_000
#: Earlier keys that may vouch for a new one.
MAX_VOUCHES = 100
_SEGMENT_LABEL = b"VillageDesk segment v1\n"
_ENROL_LABEL = b"VillageDesk enrolment v1\n"


class MalformedContents(ValueError):
    """Lines that no honest desk writes; the reason is for tests and logs."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Operations ``start`` … ``stop`` of one log without a gap; ``prev`` = h_{start-1}, ``head`` = h_stop.

    ``sig`` is by the log's own device, whoever carries the segment.
    """

    log: LogId
    start: int
    stop: int
    prev: bytes
    head: bytes
    sig: bytes

    def message(self) -> bytes:
        numbers = self.start.to_bytes(8, "big") + self.stop.to_bytes(8, "big")
        return _SEGMENT_LABEL + self.log.bytes + numbers + self.prev + self.head

    def signed_by(self, public: bytes) -> bool:
        return signature_holds(public, self.message(), self.sig)


def sign_segment(identity: Identity, log: LogId, start: int, stop: int, prev: bytes, head: bytes) -> Segment:
    unsigned = Segment(log, start, stop, prev, head, b"")
    return Segment(log, start, stop, prev, head, identity.sign(unsigned.message()))


@dataclass(frozen=True, slots=True)
class Ack:
    """The receiver's word: it holds 1…n of ``log`` ending in ``head``, and beyond that only ``gaps`` are missing.

    ``state_hash``: of the log's scope as folded by declarations ``schema``; empty when it was not computed.
    """

    log: LogId
    n: int
    head: bytes
    gaps: tuple[tuple[int, int], ...]
    state_hash: bytes
    schema: int


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A request for a certificate, bound to an invitation's one-time code or vouched for by an enrolled device.

    After a restore or on a copied folder the desk is a new device: each of its earlier keys signs the wish
    (``vouches``: public key and signature), because any of them may be the one that the town knows.
    """

    code: bytes
    public: bytes
    recipient: str
    scopes: tuple[bytes, ...]
    vouches: tuple[tuple[bytes, bytes], ...] = ()

    def message(self) -> bytes:
        return _ENROL_LABEL + self.public + self.recipient.encode("ascii") + b"".join(self.scopes)

    def sponsors(self) -> list[bytes]:
        """Public keys whose signature under the wish holds."""
        return [public for public, signature in self.vouches if signature_holds(public, self.message(), signature)]


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything one bundle says.  ``sender``: the device that sealed it, ``to``: marks of those it was sealed for, so
    that nobody can wrap it anew or pass it on as meant for others."""

    bundle_id: bytes
    segments: tuple[tuple[Segment, tuple[Operation, ...]], ...] = ()
    acks: tuple[Ack, ...] = ()
    trust: bytes | None = None
    enrolment: Enrolment | None = None
    sender: bytes = field(default=b"", compare=False)
    to: tuple[str, ...] = field(default=(), compare=False)

    @property
    def operations(self) -> int:
        return sum(len(operations) for _, operations in self.segments)


def _control(name: str, document: Mapping[str, Any]) -> bytes:
    return json.dumps({name: document}, separators=(",", ":"), sort_keys=True).encode("ascii")


def operation_line(operation: Operation) -> bytes:
    body = operation.payload if operation.payload is not None else b"#" + operation.phash.hex().encode("ascii")
    return operation.header.encode() + b"\t" + body


def encode_contents(contents: Contents) -> Iterator[bytes]:
    """The lines without line ends; the last one closes them with count and SHA-256."""
    digest, count = hashlib.sha256(), 0
    for line in _lines(contents):
        digest.update(line + b"\n")
        count += 1
        yield line
    yield _control("end", {"lines": count, "sha256": digest.hexdigest()})


def _lines(contents: Contents) -> Iterator[bytes]:
    bind = {"bundle_id": contents.bundle_id.hex(), "dev": contents.sender.hex(), "to": list(contents.to)}
    yield _control("bind", bind)
    if contents.trust is not None:
        yield _control("trust", {"document": contents.trust.decode("ascii")})
    if contents.enrolment is not None:
        wish = contents.enrolment
        yield _control(
            "enrol",
            {
                "code": wish.code.hex(),
                "public": wish.public.hex(),
                "age": wish.recipient,
                "scopes": [scope.hex() for scope in wish.scopes],
                "vouches": [[public.hex(), signature.hex()] for public, signature in wish.vouches],
            },
        )
    for ack in contents.acks:
        yield _control(
            "ack",
            {
                "device": ack.log.device.hex(),
                "scope": ack.log.scope.hex(),
                "n": ack.n,
                "head": ack.head.hex(),
                "gaps": [list(gap) for gap in ack.gaps],
                "state_hash": ack.state_hash.hex(),
                "schema": ack.schema,
            },
        )
    for segment, operations in contents.segments:
        yield _control(
            "seg",
            {
                "device": segment.log.device.hex(),
                "scope": segment.log.scope.hex(),
                "from": segment.start,
                "to": segment.stop,
                "prev": segment.prev.hex(),
                "head": segment.head.hex(),
                "sig": segment.sig.hex(),
            },
        )
        yield from map(operation_line, operations)


class _Reader:
    """Collects lines into ``Contents``; every step may raise ``MalformedContents``."""

    def __init__(self) -> None:
        self.bundle_id = self.sender = b""
        self.to: tuple[str, ...] = ()
        self.segments: list[tuple[Segment, tuple[Operation, ...]]] = []
        self.acks: list[Ack] = []
        self.trust: bytes | None = None
        self.enrolment: Enrolment | None = None
        self._open: Segment | None = None
        self._operations: list[Operation] = []
        self._end = b""
        self.total = self.controls = 0

    def control(self, name: str, body: dict[str, Any]) -> None:
        self.close_segment()
        self.controls += 1
        if self.controls > MAX_CONTROL_LINES:
            raise MalformedContents("too many control lines")
        if name == "bind":
            self.bundle_id = _fixed(body["bundle_id"], 16)
            self.sender = bytes.fromhex(body["dev"])
            self.to = tuple(map(str, body.get("to", ())))
        elif name == "trust":
            self.trust = str(body["document"]).encode("ascii")
        elif name == "enrol":
            self.enrolment = _enrolment(body)
        elif name == "ack":
            self.acks.append(_ack(body))
        elif name == "seg":
            self._open = _segment(body)
            self._end = self._open.prev

    def operation(self, line: bytes) -> None:
        if self._open is None:
            raise MalformedContents("operation outside a segment")
        raw, _, body = line.rpartition(b"\t")
        header = parse_header(raw)
        if header.n != self._open.start + len(self._operations):
            raise MalformedContents("order")
        if body[:1] == b"#":
            payload, phash = None, _fixed(body[1:].decode("ascii"), 32)
        else:
            check_payload(body)
            payload, phash = body, payload_hash(body)
        self._end = chain(self._end, raw, phash)
        self._operations.append(Operation(self._open.log, header, payload, phash, self._end))
        self.total += 1
        if self.total > MAX_OPERATIONS:
            raise MalformedContents("too many operations")

    def close_segment(self) -> None:
        if self._open is None:
            return
        if len(self._operations) != self._open.stop - self._open.start + 1 or self._end != self._open.head:
            raise MalformedContents("segment")
        self.segments.append((self._open, tuple(self._operations)))
        self._open, self._operations = None, []

    def contents(self) -> Contents:
        return Contents(
            self.bundle_id,
            tuple(self.segments),
            tuple(self.acks),
            self.trust,
            self.enrolment,
            self.sender,
            self.to,
        )


def decode_contents(lines: Iterable[bytes]) -> Contents:
    """Read all lines; raises ``MalformedContents``.  Unknown control lines of newer desks are passed over."""
    reader = _Reader()
    digest, count, ended = hashlib.sha256(), 0, False
    try:
        for line in lines:
            if ended or len(line) > (MAX_TRUST_LINE if line.startswith(b'{"trust"') else MAX_LINE):
                raise MalformedContents("line")
            if line[:1] == b"{":
                name, body = _single(line)
                if name == "end":
                    ended = body == {"lines": count, "sha256": digest.hexdigest()}
                    if not ended:
                        raise MalformedContents("end")
                    continue
                reader.control(name, body)
            else:
                reader.operation(line)
            digest.update(line + b"\n")
            count += 1
        reader.close_segment()
    except (MalformedOperation, KeyError, TypeError, ValueError, RecursionError) as error:
        raise error if isinstance(error, MalformedContents) else MalformedContents("content") from error
    if not ended or not reader.bundle_id:
        raise MalformedContents("unfinished")
    return reader.contents()


def _single(line: bytes) -> tuple[str, dict[str, Any]]:
    document = json.loads(line, object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_no_constant)
    if type(document) is not dict or len(document) != 1:
        raise MalformedContents("control line")
    ((name, body),) = document.items()
    if type(body) is not dict:
        raise MalformedContents("control body")
    return name, body


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise MalformedContents("a key twice")
    return document


def _no_constant(text: str) -> Any:
    raise MalformedContents(f"number {text}")


def _fixed(text: str, size: int) -> bytes:
    raw = bytes.fromhex(text)
    if len(raw) != size or raw.hex() != text:
        raise MalformedContents("length")
    return raw


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**53:
        raise MalformedContents("count")
    return value


def _log(body: Mapping[str, Any]) -> LogId:
    if not (is_hex_id(body["device"]) and is_hex_id(body["scope"])):
        raise MalformedContents("log")
    return LogId(bytes.fromhex(body["device"]), bytes.fromhex(body["scope"]))


def _segment(body: Mapping[str, Any]) -> Segment:
    start, stop = _count(body["from"]), _count(body["to"])
    if not 1 <= start <= stop:
        raise MalformedContents("segment range")
    return Segment(_log(body), start, stop, _fixed(body["prev"], 32), _fixed(body["head"], 32), _fixed(body["sig"], 64))


def _enrolment(body: Mapping[str, Any]) -> Enrolment:
    return Enrolment(
        bytes.fromhex(body["code"]),
        _fixed(body["public"], 32),
        str(body["age"]),
        tuple(_fixed(scope, 16) for scope in body["scopes"]),
        tuple((_fixed(public, 32), _fixed(signature, 64)) for public, signature in body["vouches"][:MAX_VOUCHES]),
    )


def _ack(body: Mapping[str, Any]) -> Ack:
    gaps: Sequence[Sequence[Any]] = body["gaps"]
    return Ack(
        _log(body),
        _count(body["n"]),
        _fixed(body["head"], 32),
        tuple((_count(first), _count(last)) for first, last in gaps),
        bytes.fromhex(body["state_hash"]),
        _count(body["schema"]),
    )
