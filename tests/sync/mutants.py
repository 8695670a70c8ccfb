"""Damaged insides of bundles: bytes, tokens and lines changed at random, then closed as an honest writer would.

What is recomputed here (end line, chain, segment signature) follows sync.md sections 2 and 4, not the program's code,
so that a mutant gets past the first check and meets the deeper ones.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable, Sequence

from villagedesk.domain.ids import LogId
from villagedesk.sync.contents import Segment

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+]*|true|false|null')
_BYTES = (b"\n", b"{", b'"', b"\t", b"[[[[", b"\xff", b"0", b"1e9", b"\\ud800", b"\\u0000", b"#")
_TOKENS = (
    *(b"null", b"true", b"false", b"0", b"-1", b"1", b"7", b"9007199254740991", b"9007199254740992", b"1e999"),
    *(b"1.0", b"NaN", b'""', b'"\\ud800"', b'"\\u0000"', b'"\xf0\xa0\xae\xb7"', b'"\xff"', b"[]", b"{}", b"[[]]"),
    *(b'{"a":1}', b'["1"]', b'"_del"', b'"household"', b'"id"', b'"_scope"', b'"set"', b'"was"', b'"res"'),
    *(
        b'"00000000000000000000000000000000"',
        b'"' + b"ab" * 32 + b'"',
        b'"0"',
        b'"20260230"',
        b'"' + b"x" * 3000 + b'"',
    ),
    *(b"9" * 400, b"[" * 60 + b"]" * 60),
)
_NAMES = tuple(token for token in _TOKENS if token.startswith(b'"'))

#: Signs what a segment line says.
Signer = Callable[[bytes], bytes]


def mutated(rng: random.Random, lines: Sequence[bytes]) -> list[bytes]:
    """One to three changes anywhere in the lines (the end line is not among them)."""
    changed = list(lines)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        place = rng.randrange(len(changed))
        event = rng.random()
        if event < 0.05:
            del changed[place]
        elif event < 0.1:
            changed.insert(rng.randrange(len(changed) + 1), changed[place])
        elif event < 0.6:
            changed[place] = _with_other_token(rng, changed[place], changed)
        else:
            changed[place] = _with_other_bytes(rng, changed[place])
        if not changed:
            return list(lines)
    return b"\n".join(changed).split(b"\n")


def _with_other_token(rng: random.Random, line: bytes, lines: Sequence[bytes]) -> bytes:
    found = list(_TOKEN.finditer(line))
    if not found:
        return line
    match = rng.choice(found)
    if rng.random() < 0.2:
        others = _TOKEN.findall(rng.choice(lines)) or [b"null"]
        return line[: match.start()] + rng.choice(others) + line[match.end() :]
    names = line[match.end() : match.end() + 1] == b":"
    return line[: match.start()] + rng.choice(_NAMES if names else _TOKENS) + line[match.end() :]


def _with_other_bytes(rng: random.Random, line: bytes) -> bytes:
    data = bytearray(line or b" ")
    place = rng.randrange(len(data))
    kind = rng.randrange(4)
    if kind == 0:
        data[place] ^= 1 << rng.randrange(8)
    elif kind == 1:
        del data[place : place + rng.randrange(1, 40)]
    elif kind == 2:
        data[place:place] = data[rng.randrange(len(data)) :][: rng.randrange(1, 40)]
    else:
        data[place:place] = rng.choice(_BYTES)
    return bytes(data)


def closed(lines: Sequence[bytes]) -> list[bytes]:
    """The lines with the end line that belongs to them."""
    digest = hashlib.sha256(b"".join(line + b"\n" for line in lines)).hexdigest()
    end = json.dumps({"end": {"lines": len(lines), "sha256": digest}}, separators=(",", ":"), sort_keys=True)
    return [*lines, end.encode()]


def chained(lines: Sequence[bytes], signer: Signer | None) -> list[bytes]:
    """Every segment line brought in step with the operations below it: range, head, signature (``signer`` None: the
    old one stays).  What cannot be read stays as it is."""
    done: list[bytes] = []
    for place, line in enumerate(lines):
        if line.startswith(b'{"seg"'):
            rest = lines[place + 1 :]
            stop = next((n for n, other in enumerate(rest) if other.startswith(b"{")), len(rest))
            line = _in_step(line, rest[:stop], signer)
        done.append(line)
    return done


def _in_step(line: bytes, operations: Sequence[bytes], signer: Signer | None) -> bytes:
    try:
        body = json.loads(line)["seg"]
        end = bytes.fromhex(body["prev"])
        for operation in operations:
            header, _, payload = operation.rpartition(b"\t")
            erased = payload.startswith(b"#")
            phash = bytes.fromhex(payload[1:].decode()) if erased else hashlib.sha256(payload).digest()
            end = hashlib.sha256(end + header + phash).digest()
        body |= {"to": body["from"] + len(operations) - 1, "head": end.hex()}
        if signer is not None:
            log = LogId(bytes.fromhex(body["device"]), bytes.fromhex(body["scope"]))
            unsigned = Segment(log, body["from"], body["to"], bytes.fromhex(body["prev"]), end, b"")
            body["sig"] = signer(unsigned.message()).hex()
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return line
    return json.dumps({"seg": body}, separators=(",", ":"), sort_keys=True).encode()
