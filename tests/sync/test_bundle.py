"""The bundle as bytes: round trip, every byte, every truncation, inner fuzz, bombs (sync.md section 6, I5, I6)."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
import zstandard

from villagedesk.domain.ids import LogId
from villagedesk.domain.operation import Header, Operation, encode_payload, first_hash, next_operation
from villagedesk.errors import DeskError
from villagedesk.ports import Ports
from villagedesk.sync import bundle
from villagedesk.sync.bundle import glance, open_body, open_header, seal
from villagedesk.sync.certificate import issue, read_certificate
from villagedesk.sync.contents import Contents, MalformedContents, decode_contents, encode_contents, sign_segment
from villagedesk.sync.identity import Identity

SCOPE = b"v" * 16
TOWN = b"t" * 16
INNER = 10_000


@pytest.fixture(scope="module")
def sender() -> Identity:
    return Identity.make(Ports())


@pytest.fixture(scope="module")
def town() -> Identity:
    return Identity.make(Ports())


def contents_of(sender: Identity, count: int = 3) -> Contents:
    log = LogId(sender.device, SCOPE)
    operations: list[Operation] = []
    end = first_hash(log)
    for n in range(1, count + 1):
        payload = encode_payload(b"\0" * 12, 5, {"name": "王𬭎", "seq": n}, {})
        operation = next_operation(end, log, Header(n, "member", n.to_bytes(16, "big"), 9, SCOPE, TOWN, 1), payload)
        operations.append(operation)
        end = operation.hash
    segment = sign_segment(sender, log, 1, count, first_hash(log), end)
    return Contents(b"b" * 16, ((segment, tuple(operations)),))


def sealed(sender: Identity, town: Identity) -> bytes:
    return seal(contents_of(sender), sender, "", TOWN, [town.recipient], 1, "test")


def test_round_trip(sender: Identity, town: Identity) -> None:
    opened = open_header(sealed(sender, town))
    assert opened.header.device == sender.device and opened.header.town == TOWN
    assert open_body(opened, town.open) == contents_of(sender)
    with pytest.raises(DeskError, match="bundle_not_for_us"):
        open_body(opened, Identity.make(Ports()).open)


def test_every_byte_and_every_truncation_is_refused(sender: Identity, town: Identity) -> None:
    data = sealed(sender, town)
    for place in range(len(data)):
        for mask in (0x01, 0x80, 0xFF):
            changed = bytearray(data)
            changed[place] ^= mask
            with pytest.raises(DeskError):
                open_header(bytes(changed))
        with pytest.raises(DeskError):
            open_header(data[:place])
    for extra in (b"\0", b"\n", data[:100]):
        with pytest.raises(DeskError, match="bundle_altered"):
            open_header(data + extra)


def resealed(sender: Identity, town: Identity, raw: bytes, packed: bytes | None = None, raw_len: int = -1) -> bytes:
    """A bundle with any inside at all, properly encrypted and signed: what a hostile enrolled desk could make."""
    body = pyrage.encrypt(
        packed if packed is not None else zstandard.ZstdCompressor().compress(raw),
        [pyrage.x25519.Recipient.from_str(town.recipient)],
    )
    data = sealed(sender, town)
    size = int.from_bytes(data[10:12], "big")
    document = json.loads(data[12 : 12 + size])
    document |= {
        "body_len": len(body),
        "body_sha256": hashlib.sha256(body).hexdigest(),
        "raw_len": len(raw) if raw_len < 0 else raw_len,
    }
    header = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
    signed = data[:10] + len(header).to_bytes(2, "big") + header
    return signed + sender.sign(b"VillageDesk bundle v1\n" + signed) + body


def test_inner_fuzz_never_crashes_and_never_passes_a_change(sender: Identity, town: Identity) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    good = contents_of(sender)
    raw = b"".join(line + b"\n" for line in encode_contents(good))
    for _ in range(INNER):
        mutated = bytearray(raw)
        for _ in range(rng.randrange(1, 4)):
            place = rng.randrange(len(mutated))
            kind = rng.randrange(4)
            if kind == 0:
                mutated[place] ^= 1 << rng.randrange(8)
            elif kind == 1:
                del mutated[place : place + rng.randrange(1, 40)]
            elif kind == 2:
                mutated[place:place] = mutated[rng.randrange(len(mutated)) :][: rng.randrange(1, 40)]
            else:
                mutated[place:place] = rng.choice((b"\n", b"{", b'"', b"\t", b"[[[[", b"\xff", b"0", b"1e9"))
        lines = bytes(mutated).split(b"\n")[:-1]
        try:
            assert decode_contents(lines) == good, seed
        except MalformedContents:
            continue
    with pytest.raises(DeskError, match="bundle_content"):
        open_body(open_header(resealed(sender, town, raw[:-20])), town.open)


def test_bombs_are_refused_at_once(sender: Identity, town: Identity) -> None:
    zeros = zstandard.ZstdCompressor(level=19).compress(b"\0" * (200 * 1024 * 1024))
    wide = zstandard.ZstdCompressor(
        compression_params=zstandard.ZstdCompressionParameters(window_log=27, compression_level=1)
    ).compress(b"x" * 200_000_000)
    for packed, raw_len in ((zeros, 200 * 1024 * 1024), (zeros, 1000), (wide, 200_000_000), (b"no frame", 10)):
        with pytest.raises(DeskError, match="bundle_content"):
            open_body(open_header(resealed(sender, town, b"", packed, raw_len)), town.open)
    tracemalloc.start()
    with pytest.raises(DeskError, match="bundle_content"):
        open_body(open_header(resealed(sender, town, b"", zeros, 1000)), town.open)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000, "the bound must hold while unpacking, not after"
    with pytest.raises(DeskError, match="bundle_too_large"):
        open_header(b"\0" * (bundle.MAX_FILE + 1))


def test_nobody_else_can_wrap_a_body_anew(sender: Identity, town: Identity) -> None:
    """An enrolled neighbour that finds a bundle cannot hand it in under its own name."""
    data, other = sealed(sender, town), Identity.make(Ports())
    size = int.from_bytes(data[10:12], "big")
    document = json.loads(data[12 : 12 + size]) | {"pub": other.public.hex()}
    header = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
    signed = data[:10] + len(header).to_bytes(2, "big") + header
    stolen = signed + other.sign(b"VillageDesk bundle v1\n" + signed) + data[12 + size + 64 :]
    with pytest.raises(DeskError, match="bundle_content"):
        open_body(open_header(stolen), town.open)


def test_the_open_header_lists_what_lies_inside(sender: Identity, town: Identity) -> None:
    data = sealed(sender, town)
    header = open_header(data).header
    assert header.ranges == ((LogId(sender.device, SCOPE), 1, 3),)
    assert glance(data[:2000]) == header and glance(data[:100]) is None and glance(b"PK" + data[2:]) is None


@pytest.mark.parametrize("line", [b'{"ack":{"n":1,"n":2}}', b'{"x":{"a":NaN}}', b'{"x":{"a":1.5}}', b'{"x":{},"x":{}}'])
def test_control_lines_have_one_reading(sender: Identity, line: bytes) -> None:
    with pytest.raises(MalformedContents, match=r"twice|number"):
        decode_contents([b'{"bind":{"bundle_id":"' + b"0" * 32 + b'","dev":""}}', line])


def test_a_certificate_binds_key_scopes_and_role(sender: Identity, town: Identity) -> None:
    text = issue(town, sender.public, 7, False, frozenset({SCOPE}))
    authority = read_certificate(text, town.public)
    assert authority is not None and authority.device == sender.device
    assert authority.may_write(SCOPE, False)
    assert not authority.may_write(SCOPE, True) and not authority.may_write(TOWN, False)
    assert read_certificate(text, sender.public) is None
    middle = len(text) // 2
    for changed in (text[:-5], text[:middle] + ("A" if text[middle] != "A" else "B") + text[middle + 1 :], "", "ssh"):
        assert read_certificate(changed, town.public) is None


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="the public tool is not installed")
def test_ssh_keygen_reads_the_certificate(sender: Identity, town: Identity, tmp_path: Path) -> None:
    path = tmp_path / "device-cert.pub"
    path.write_text(issue(town, sender.public, 7, False, frozenset({SCOPE})) + "\n")
    shown = subprocess.run(["ssh-keygen", "-L", "-f", str(path)], capture_output=True, text=True, check=True).stdout
    assert "role:village" in shown and f"scope:{SCOPE.hex()}" in shown and "Serial: 7" in shown


@pytest.mark.skipif(not (shutil.which("age") and shutil.which("zstd")), reason="the public tools are not installed")
def test_age_and_zstd_read_the_body(sender: Identity, town: Identity, tmp_path: Path) -> None:
    key, body = tmp_path / "key.txt", tmp_path / "body.age"
    key.write_text(town.age_secret + "\n")
    body.write_bytes(open_header(sealed(sender, town)).body)
    packed = subprocess.run(["age", "-d", "-i", str(key), str(body)], capture_output=True, check=True).stdout
    raw = subprocess.run(["zstd", "-dc"], input=packed, capture_output=True, check=True).stdout
    sent = replace(contents_of(sender), sender=sender.device)
    assert raw == b"".join(line + b"\n" for line in encode_contents(sent))


def test_a_segment_must_end_where_it_says(sender: Identity) -> None:
    good = contents_of(sender)
    ((segment, operations),) = good.segments
    wrong = sign_segment(sender, segment.log, segment.start, segment.stop, segment.prev, b"\0" * 32)
    with pytest.raises(MalformedContents):
        decode_contents(encode_contents(Contents(good.bundle_id, ((wrong, operations),))))
    with pytest.raises(MalformedContents):
        decode_contents(encode_contents(Contents(good.bundle_id, ((segment, operations[:-1]),))))
