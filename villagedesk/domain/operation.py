"""Owns the operation: one saved record, as bytes that are never re-serialised (sync.md section 2).

::

    header  = n TAB kind TAB record TAB t TAB by TAB act TAB schema        ASCII
    payload = {"s":salt,"at":wall ms,"set":{…},"was":{op:[fields]},"res":[conflict ids]}    compact JSON, UTF-8
    h_0 = SHA256("VD-log-v1" 00 log id);   h_n = SHA256(h_{n-1} header_n SHA256(payload_n));   op id = h_n[:16]

``was`` names, by operation, the fields of its that the writer saw and replaces; an empty list means all of ``set``,
which is what a rewritten record needs: its id once instead of twenty times.

A payload has exactly one accepted spelling: no blanks, no duplicate keys, no floats.  That one rule (decode, encode,
compare) closes most doors of a JSON parser at once.  Must not know the store or the bundle.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from binascii import a2b_hex
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from villagedesk.domain.fields import Value
from villagedesk.domain.ids import ID_BYTES, LogId, is_hex_id

MAX_PAYLOAD = 64 * 1024
MAX_FIELDS = 200
MAX_DEPTH = 8
MAX_INT = 2**53
#: 72 bits: who knows the hash of an erased payload must not find it by trying; every byte costs each operation 1.3.
SALT_BYTES = 9
DELETED = "_del"

_ID, _NUMBER = rb"([0-9a-f]{32})", rb"(0|[1-9][0-9]{0,15})"
_SPELLED = re.compile(
    b"\t".join((rb"([1-9][0-9]{0,15})", rb"([0-9A-Za-z_]{1,40})", _ID, _NUMBER, _ID, _ID, _NUMBER))
).fullmatch
#: Types of values that need no further look.
_SIMPLE = frozenset({str, bool, type(None)})

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class MalformedOperation(ValueError):
    """Bytes that no honest desk writes; the reason is for tests and logs, never shown."""


class Header(NamedTuple):
    """What is known of an operation even after its payload was redacted."""

    n: int
    kind: str
    record: bytes
    t: int
    by: bytes
    act: bytes
    schema: int

    def encode(self) -> bytes:
        return (
            f"{self.n}\t{self.kind}\t{self.record.hex()}\t{self.t}\t{self.by.hex()}\t{self.act.hex()}\t{self.schema}"
        ).encode("ascii")


class Operation(NamedTuple):
    """An operation in its log.  ``payload`` is None once redacted; ``phash`` = SHA-256 of the payload as written."""

    log: LogId
    header: Header
    payload: bytes | None
    phash: bytes
    hash: bytes

    @property
    def id(self) -> bytes:
        return self.hash[:ID_BYTES]


def parse_header(raw: bytes) -> Header:
    """The header in ``raw``; raises ``MalformedOperation`` unless it is spelled exactly as ``encode`` spells it."""
    match = _SPELLED(raw)
    if match is None:
        raise MalformedOperation("header")
    n, kind, record, t, by, act, schema = match.groups()
    header = Header(int(n), kind.decode(), a2b_hex(record), int(t), a2b_hex(by), a2b_hex(act), int(schema))
    if header.n >= MAX_INT or header.t >= MAX_INT or header.schema >= 1 << 31:
        raise MalformedOperation("number too large")
    return header


def first_hash(log: LogId) -> bytes:
    """h_0 of a log."""
    return hashlib.sha256(b"VD-log-v1\0" + log.bytes).digest()


def chain(previous: bytes, header: bytes, phash: bytes) -> bytes:
    """h_n from h_{n-1}, the header's bytes and the payload's SHA-256."""
    return hashlib.sha256(previous + header + phash).digest()


def payload_hash(payload: bytes) -> bytes:
    return hashlib.sha256(payload).digest()


def encode_payload(
    salt: bytes, at: int, changed: Mapping[str, Value], was: Mapping[str, str], resolved: Sequence[str] = ()
) -> bytes:
    """The payload's bytes.  ``salt`` keeps the hash of a redacted payload from being guessed; ``at`` is wall ms."""
    document: dict[str, Any] = {"s": b64encode(salt).decode("ascii"), "at": at, "set": dict(changed)}
    if was:
        document["was"] = _by_operation(was, changed)
    if resolved:
        document["res"] = list(resolved)
    payload = _encode(document)
    if len(payload) > MAX_PAYLOAD:
        raise MalformedOperation("payload too large")
    return payload


def _by_operation(was: Mapping[str, str], changed: Mapping[str, Value]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, op in was.items():
        grouped.setdefault(op, []).append(name)
    return {op: [] for op in grouped} if len(grouped) == 1 and was.keys() == changed.keys() else grouped


def seen_of(document: Mapping[str, Any]) -> dict[str, str]:
    """Per field the operation (hex) whose value the writer of this payload saw."""
    was: Mapping[str, list[str]] = document.get("was", {})
    if len(was) == 1:
        ((op, fields),) = was.items()
        return dict.fromkeys(fields or document["set"], op)
    return {name: op for op, fields in was.items() for name in fields}


def decode_payload(payload: bytes) -> dict[str, Any]:
    """A payload this program wrote or already checked."""
    decoded: dict[str, Any] = _decode(payload)
    return decoded


def check_payload(payload: bytes) -> dict[str, Any]:
    """Decode a payload from outside; raises ``MalformedOperation`` for anything but the one accepted spelling."""
    if len(payload) > MAX_PAYLOAD:
        raise MalformedOperation("payload too large")
    if payload.count(b"[") + payload.count(b"{") > MAX_DEPTH and _depth(payload) > MAX_DEPTH:
        raise MalformedOperation("depth")
    try:
        document = _decode(payload)
        if type(document) is not dict or _encode(document) != payload:
            raise MalformedOperation("spelling")
    except (msgspec.MsgspecError, RecursionError, UnicodeError, ValueError) as error:
        raise MalformedOperation("json") from error
    _check_document(document)
    return document


def _check_document(document: dict[str, Any]) -> None:
    changed, was, resolved = document.get("set"), document.get("was", {}), document.get("res", [])
    at = document.get("at")
    if type(document.get("s")) is not str or type(at) is not int or not 0 <= at < MAX_INT:
        raise MalformedOperation("salt or time")
    if type(changed) is not dict or type(was) is not dict or type(resolved) is not list:
        raise MalformedOperation("parts")
    if len(changed) > MAX_FIELDS or len(was) > MAX_FIELDS or len(resolved) > MAX_FIELDS:
        raise MalformedOperation("fields")
    for value in changed.values():
        if type(value) not in _SIMPLE:
            _check_value(value)
    if was:
        _check_was(was)
    if not all(type(entry) is str and is_hex_id(entry[:32]) and entry[32:33] == "." for entry in resolved):
        raise MalformedOperation("res")


def _check_was(was: dict[str, Any]) -> None:
    named: list[str] = []
    for op, fields in was.items():
        if not is_hex_id(op) or type(fields) is not list or not (fields or len(was) == 1):
            raise MalformedOperation("was")
        named += fields
    if not {str}.issuperset(map(type, named)) or len(set(named)) != len(named) or len(named) > MAX_FIELDS:
        raise MalformedOperation("was")


def _check_value(value: Any) -> None:
    """Lists and (from newer versions) objects may nest; floats and huge integers may not appear anywhere."""
    kind = type(value)
    if kind is list or kind is dict:
        for inner in value if kind is list else value.values():
            _check_value(inner)
    elif kind is float or (kind is int and not -MAX_INT < value < MAX_INT):
        raise MalformedOperation("number")


def _depth(payload: bytes) -> int:
    """Nesting depth, ignoring brackets inside strings; counts without parsing."""
    depth = deepest = 0
    quoted = escaped = False
    for byte in payload:
        if quoted:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                quoted = False
        elif byte == 0x22:
            quoted = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def next_operation(previous_hash: bytes, log: LogId, header: Header, payload: bytes) -> Operation:
    """Append to a chain: the operation with its hash."""
    phash = payload_hash(payload)
    return Operation(log, header, payload, phash, chain(previous_hash, header.encode(), phash))


def next_time(now_ms: int, known: int) -> int:
    """The hybrid clock kept per record: a wrong wall clock cannot spread, because only this record's times count.

    Where somebody used up the last time there is, later writes share it: nobody is stopped by that.
    """
    return min(max(now_ms, known + 1), MAX_INT - 1)
