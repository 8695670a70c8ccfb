"""Operations as bytes: one spelling only, chains, bombs (sync.md sections 2, 4)."""

from __future__ import annotations

import hashlib

import pytest

from villagedesk.domain.ids import LogId, new_id
from villagedesk.domain.operation import (
    Header,
    MalformedOperation,
    chain,
    check_payload,
    encode_payload,
    first_hash,
    next_operation,
    parse_header,
    seen_of,
)
from villagedesk.ports import Ports

RECORD = bytes(range(16))
HEADER = Header(1, "household", RECORD, 1_700_000_000_000, RECORD, RECORD, 1)


def test_header_round_trip() -> None:
    assert parse_header(HEADER.encode()) == HEADER


@pytest.mark.parametrize(
    "part, value",
    [(0, b"01"), (0, b"0"), (0, b"-1"), (0, b"9" * 17), (1, b""), (1, b"house hold"), (2, b"AB" * 16), (3, b"1.0")],
)
def test_header_has_one_spelling(part: int, value: bytes) -> None:
    parts = HEADER.encode().split(b"\t")
    parts[part] = value
    with pytest.raises(MalformedOperation):
        parse_header(b"\t".join(parts))


def test_payload_round_trip_keeps_unknown_content() -> None:
    payload = encode_payload(b"\0" * 12, 5, {"name": "王𬭎", "flag": True, "none": None}, {"name": RECORD.hex()})
    assert check_payload(payload)["set"] == {"name": "王𬭎", "flag": True, "none": None}
    deep = b'{"s":"","at":5,"set":{"a":[[[[[[1]]]]]]}}'
    assert check_payload(deep)["set"] == {"a": [[[[[[1]]]]]]}, "eight levels may be"
    newer = b'{"s":"AAAA","at":5,"set":{"shape":{"corners":[1,2]}},"later":{"x":1}}'
    assert check_payload(newer)["set"]["shape"] == {"corners": [1, 2]}


OTHER = bytes(range(16, 32)).hex()


@pytest.mark.parametrize(
    "was, spelled",
    [
        ({}, None),
        ({"name": RECORD.hex(), "sex": RECORD.hex()}, {RECORD.hex(): []}),
        ({"name": RECORD.hex()}, {RECORD.hex(): ["name"]}),
        ({"name": RECORD.hex(), "sex": OTHER}, {RECORD.hex(): ["name"], OTHER: ["sex"]}),
        ({"name": RECORD.hex(), "sex": RECORD.hex(), "note": RECORD.hex()}, {RECORD.hex(): ["name", "sex", "note"]}),
    ],
)
def test_what_was_seen_is_named_once_an_operation(was: dict[str, str], spelled: dict[str, list[str]] | None) -> None:
    document = check_payload(encode_payload(b"", 5, {"name": "王", "sex": "1"}, was))
    assert document.get("was") == spelled and seen_of(document) == was


BOMBS = {
    "not json": b"{",
    "blank": b'{"s":"","at":5, "set":{}}',
    "duplicate key": b'{"s":"","at":5,"set":{"a":1,"a":2}}',
    "escape": b'{"s":"","at":5,"set":{"a":"\\u738b"}}',
    "float": b'{"s":"","at":5,"set":{"a":1.5}}',
    "nested float": b'{"s":"","at":5,"set":{"a":[1.5]}}',
    "nan": b'{"s":"","at":5,"set":{"a":NaN}}',
    "huge integer": b'{"s":"","at":5,"set":{"a":' + b"9" * 4000 + b"}}",
    "integer beyond 2^53": b'{"s":"","at":5,"set":{"a":9007199254740993}}',
    "deep": b'{"s":"","at":5,"set":{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}}",
    "nine deep": b'{"s":"","at":5,"set":{"a":[[[[[[[1]]]]]]]}}',
    "fields": b'{"s":"","at":5,"set":{' + b",".join(b'"f%d":1' % i for i in range(201)) + b"}}",
    "too long": b'{"s":"","at":5,"set":{"a":"' + b"x" * 70_000 + b'"}}',
    "was no id": b'{"s":"","at":5,"set":{},"was":{"nothing":["a"]}}',
    "was no list": b'{"s":"","at":5,"set":{},"was":{"%s":"a"}}' % (b"a" * 32),
    "was no names": b'{"s":"","at":5,"set":{"a":1},"was":{"%s":[1]}}' % (b"a" * 32),
    "was twice": b'{"s":"","at":5,"set":{"a":1},"was":{"%s":["a"],"%s":["a"]}}' % (b"a" * 32, b"b" * 32),
    "was all of two": b'{"s":"","at":5,"set":{"a":1},"was":{"%s":[],"%s":["a"]}}' % (b"a" * 32, b"b" * 32),
    "was too many": b'{"s":"","at":5,"set":{"a":1},"was":{"%s":[%s]}}'
    % (b"a" * 32, b",".join(b'"f%d"' % i for i in range(201))),
    "res": b'{"s":"","at":5,"set":{},"res":["nothing"]}',
    "no set": b'{"s":"","at":5}',
    "list": b"[]",
    "latin": '{"s":"","at":5,"set":{"a":"é"}}'.encode("latin-1"),
}


@pytest.mark.parametrize("payload", BOMBS.values(), ids=BOMBS.keys())
def test_payload_from_outside_is_bounded(payload: bytes) -> None:
    with pytest.raises(MalformedOperation):
        check_payload(payload)


def test_chain_is_the_documented_one() -> None:
    log = LogId(b"d" * 16, b"s" * 16)
    operation = next_operation(first_hash(log), log, HEADER, b'{"s":"","at":5,"set":{}}')
    start = hashlib.sha256(b"VD-log-v1\0" + b"d" * 16 + b"s" * 16).digest()
    phash = hashlib.sha256(b'{"s":"","at":5,"set":{}}').digest()
    assert operation.hash == hashlib.sha256(start + HEADER.encode() + phash).digest()
    assert operation.id == operation.hash[:16] and chain(start, HEADER.encode(), phash) == operation.hash


def test_ids_sort_by_time_and_are_version_7() -> None:
    made = new_id(Ports())
    assert len(made) == 16 and made[6] >> 4 == 7 and made[8] >> 6 == 2
