"""Owns the operation: one saved record, as bytes that are never re-serialised (sync.md section 2).

::

    header  = n TAB kind TAB record TAB t TAB by TAB act TAB schema        ASCII
    payload = {"s":salt,"at":wall ms,"set":{…},"was":{field: op},"res":[conflict ids]}      compact JSON, UTF-8
    h_0 = SHA256("VD-log-v1" 00 log id);   h_n = SHA256(h_{n-1} header_n SHA256(payload_n));   op id = h_n[:16]

A payload has exactly one accepted spelling: no blanks, no duplicate keys, no floats.  That one rule (decode, encode,
compare) closes most doors of a JSON parser at once.  Must not know the store or the bundle.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from villagedesk.domain.fields import Value
from villagedesk.domain.ids import ID_BYTES, LogId, is_hex_id

MAX_PAYLOAD = 64 * 1024
MAX_FIELDS = 200
MAX_DEPTH = 8
MAX_INT = 2**53
SALT_BYTES = 12
DELETED = "_del"

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


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation in its log.  ``payload`` is None once redacted; ``phash`` = SHA-256 of the payload as written."""

    log: LogId
    header: Header
    payload: bytes | None
    phash: bytes
    hash: bytes

    @property
    def id(self) -> bytes:
        return self.hash[:ID_BYTES]


def _number(text: bytes, most: int) -> int:
    if not text.isdigit() or len(text) > 16 or (text[:1] == b"0" and text != b"0"):
        raise MalformedOperation("number")
    number = int(text)
    if number >= most:
        raise MalformedOperation("number too large")
    return number


def _id(text: bytes) -> bytes:
    decoded = text.decode("ascii", "replace")
    if not is_hex_id(decoded):
        raise MalformedOperation("id")
    return bytes.fromhex(decoded)


def parse_header(raw: bytes) -> Header:
    """The header in ``raw``; raises ``MalformedOperation`` unless it is spelled exactly as ``encode`` spells it."""
    parts = raw.split(b"\t")
    if len(parts) != 7:
        raise MalformedOperation("header parts")
    kind = parts[1]
    if not 1 <= len(kind) <= 40 or not kind.isascii() or not kind.replace(b"_", b"a").isalnum():
        raise MalformedOperation("kind")
    n = _number(parts[0], MAX_INT)
    if n == 0:
        raise MalformedOperation("n")
    return Header(
        n,
        kind.decode("ascii"),
        _id(parts[2]),
        _number(parts[3], MAX_INT),
        _id(parts[4]),
        _id(parts[5]),
        _number(parts[6], 1 << 31),
    )


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
        document["was"] = dict(was)
    if resolved:
        document["res"] = list(resolved)
    payload = _encode(document)
    if len(payload) > MAX_PAYLOAD:
        raise MalformedOperation("payload too large")
    return payload


def decode_payload(payload: bytes) -> dict[str, Any]:
    """A payload this program wrote or already checked."""
    decoded: dict[str, Any] = _decode(payload)
    return decoded


def check_payload(payload: bytes) -> dict[str, Any]:
    """Decode a payload from outside; raises ``MalformedOperation`` for anything but the one accepted spelling."""
    if len(payload) > MAX_PAYLOAD:
        raise MalformedOperation("payload too large")
    if payload.count(b"[") + payload.count(b"{") > 2 * MAX_DEPTH and _depth(payload) > MAX_DEPTH:
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
        kind = type(value)
        if not (kind is str or kind is bool or value is None or (kind is int and -MAX_INT < value < MAX_INT)):
            _check_nested(value)
    if not all(type(op) is str for op in was.values()) or not all(map(is_hex_id, set(was.values()))):
        raise MalformedOperation("was")
    if not all(type(entry) is str and is_hex_id(entry[:32]) and entry[32:33] == "." for entry in resolved):
        raise MalformedOperation("res")


def _check_nested(value: Any) -> None:
    """Lists and (from newer versions) objects may nest; floats and huge integers may not appear anywhere."""
    kind = type(value)
    if kind is list or kind is dict:
        for inner in value if kind is list else value.values():
            _check_nested(inner)
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
    """The hybrid clock kept per record: a wrong wall clock cannot spread, because only this record's times count."""
    return max(now_ms, known + 1)
