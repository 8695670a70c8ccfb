"""Owns the bundle file ``.vdbundle``: a signed header, then an age file (sync.md section 4).

::

    0   8   89 56 44 42 0D 0A 1A 0A       a text-mode or chat-app mangling breaks it visibly
    8   2   u16be major = 1
    10  2   u16be H ≤ 16384
    12  H   header JSON, UTF-8, signed as bytes
    +   64  Ed25519 over "VillageDesk bundle v1" LF ‖ bytes[0 … 12+H)
    +   B   body = age(zstd(lines)); length and SHA-256 stand in the header; the file ends exactly here

The signature is checked before zstd, JSON of the body or a private key touches the file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pyrage
import zstandard

from villagedesk.domain.ids import LogId, device_id, is_hex_id
from villagedesk.domain.operation import MAX_INT
from villagedesk.errors import DeskError
from villagedesk.sync.contents import MAX_LINE, Contents, MalformedContents, decode_contents, encode_contents
from villagedesk.sync.identity import SIGNATURE_BYTES, Identity, signature_holds

SUFFIX = ".vdbundle"
MAGIC = b"\x89VDB\r\n\x1a\n"
MAJOR = 1
#: Signature, seal and compression, the only ones there are.
SUITE = "ed25519+age1+zstd"
MAX_HEADER = 16_384
MAX_FILE = 16 * 1024 * 1024
MAX_RAW = 256 * 1024 * 1024
MAX_RATIO = 100
_MIN_RAW_FOR_RATIO = 1024 * 1024
_WINDOW = 8 * 1024 * 1024
#: An eighth less to carry than level 3 for 18 µs an operation; readers do not care.
_LEVEL = 12
_CHUNK = 1024 * 1024
#: More ranges than this are not listed in the open header, which must stay small.
_MAX_LISTED = 40
_LABEL = b"VillageDesk bundle v1\n"
_FEATURES: frozenset[str] = frozenset()


class Listed(NamedTuple):
    """A range of operations that the open header names, so that a carrier can see what lies in a file."""

    log: LogId
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Header:
    """The open part of a bundle: no personal data, no village name.

    ``town``: the town's scope; ``public``: the sender's key; ``certificate``: "" before enrolment; ``to``: SHA-256
    prefixes of the recipients; ``need``: features a reader must know; ``suite``: what signs, seals and packs.
    """

    bundle_id: bytes
    town: bytes
    public: bytes
    certificate: str
    to: tuple[str, ...]
    body_len: int
    body_sha256: str
    raw_len: int
    need: tuple[str, ...]
    made_at: int
    app: str
    ranges: tuple[Listed, ...] = ()
    suite: str = SUITE

    @property
    def device(self) -> bytes:
        return device_id(self.public)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A bundle whose header and signature were read and whose body is still closed."""

    header: Header
    body: bytes


def recipient_mark(recipient: str) -> str:
    """How a recipient is named in a header."""
    return hashlib.sha256(recipient.encode("ascii")).hexdigest()[:16]


def seal(
    contents: Contents,
    sender: Identity,
    certificate: str,
    town: bytes,
    recipients: Iterable[str],
    made_at: int,
    app: str,
) -> bytes:
    """The bytes of a bundle file."""
    everyone = tuple(dict.fromkeys(recipients))
    marks = tuple(map(recipient_mark, everyone))
    contents = replace(contents, sender=sender.device, to=marks)
    raw = b"".join(line + b"\n" for line in encode_contents(contents))
    packed = zstandard.ZstdCompressor(level=_LEVEL).compress(raw)
    body = bytes(pyrage.encrypt(packed, [pyrage.x25519.Recipient.from_str(recipient) for recipient in everyone]))
    document = {
        "kind": "ops",
        "bundle_id": contents.bundle_id.hex(),
        "town": town.hex(),
        "pub": sender.public.hex(),
        "cert": certificate,
        "to": list(marks),
        "body_len": len(body),
        "body_sha256": hashlib.sha256(body).hexdigest(),
        "raw_len": len(raw),
        "need": [],
        "suite": SUITE,
        "app": app,
        "made_at": made_at,
        "segs": [
            {
                "log": segment.log.bytes.hex(),
                "from": segment.start,
                "to": segment.stop,
                "head": segment.head.hex(),
            }
            for segment, _ in contents.segments[:_MAX_LISTED]
        ],
    }
    header = json.dumps(document, sort_keys=True, separators=(",", ":")).encode("ascii")
    if len(header) > MAX_HEADER or len(body) > MAX_FILE - MAX_HEADER:
        raise DeskError("bundle_too_large")
    signed = MAGIC + MAJOR.to_bytes(2, "big") + len(header).to_bytes(2, "big") + header
    return signed + sender.sign(_LABEL + signed) + body


def open_header(data: bytes) -> Sealed:
    """Check everything that needs no secret: bounds, header, signature by the key named in it, body hash.

    Raises ``DeskError``: ``bundle_too_large``, ``bundle_foreign``, ``bundle_newer``, ``bundle_altered``,
    ``bundle_cut``.
    """
    if len(data) > MAX_FILE:
        raise DeskError("bundle_too_large")
    if data[: len(MAGIC)] != MAGIC:
        raise DeskError("bundle_foreign")
    if len(data) < 12:
        raise DeskError("bundle_cut")
    if int.from_bytes(data[8:10], "big") != MAJOR:
        raise DeskError("bundle_newer")
    size = int.from_bytes(data[10:12], "big")
    if not 2 <= size <= MAX_HEADER:
        raise DeskError("bundle_altered")
    end = 12 + size
    if len(data) < end + SIGNATURE_BYTES:
        raise DeskError("bundle_cut")
    header = _parse_header(data[12:end])
    if not signature_holds(header.public, _LABEL + data[:end], data[end : end + SIGNATURE_BYTES]):
        raise DeskError("bundle_altered")
    if header.suite != SUITE or not set(header.need) <= _FEATURES:
        raise DeskError("bundle_newer")
    body = data[end + SIGNATURE_BYTES :]
    if len(body) < header.body_len:
        raise DeskError("bundle_cut")
    if len(body) > header.body_len or hashlib.sha256(body).hexdigest() != header.body_sha256:
        raise DeskError("bundle_altered")
    return Sealed(header, body)


def _parse_header(raw: bytes) -> Header:
    try:
        found: dict[str, Any] = json.loads(raw)
        if json.dumps(found, sort_keys=True, separators=(",", ":")).encode("ascii") != raw:
            raise ValueError("spelling")  # two readers must never understand one header differently
        header = Header(
            bytes.fromhex(found["bundle_id"]),
            bytes.fromhex(found["town"]),
            bytes.fromhex(found["pub"]),
            str(found["cert"]),
            tuple(map(str, found["to"])),
            _whole(found["body_len"]),
            str(found["body_sha256"]),
            _whole(found["raw_len"]),
            tuple(map(str, found["need"])),
            _whole(found["made_at"]),
            str(found["app"]),
            tuple(map(_listed, found.get("segs", ()))),
            str(found["suite"]),
        )
        if not (is_hex_id(found["bundle_id"]) and is_hex_id(found["town"]) and len(header.public) == 32):
            raise ValueError("ids")
        if not (0 <= header.body_len <= MAX_FILE and 0 <= header.raw_len <= MAX_RAW):
            raise ValueError("lengths")
        if found["kind"] != "ops":
            raise DeskError("bundle_newer")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise DeskError("bundle_altered") from error
    return header


def _whole(number: Any) -> int:
    """A count or a time as this format writes it; raises ``ValueError``."""
    if type(number) is not int or not 0 <= number < MAX_INT:
        raise ValueError("number")
    return number


def _listed(entry: dict[str, Any]) -> Listed:
    log = bytes.fromhex(entry["log"])
    if len(log) != 32:
        raise ValueError("log")
    return Listed(LogId(log[:16], log[16:]), _whole(entry["from"]), _whole(entry["to"]))


def glance(start: bytes) -> Header | None:
    """The header in the first bytes of a file, nothing checked but its form; None where there is none.

    Enough to pass a file over that was taken in before, never enough to believe anything it says.
    """
    size = int.from_bytes(start[10:12], "big")
    if start[: len(MAGIC)] != MAGIC or not 2 <= size <= MAX_HEADER or len(start) < 12 + size:
        return None
    try:
        return _parse_header(start[12 : 12 + size])
    except DeskError:
        return None


def open_body(sealed: Sealed, decrypt: Callable[[bytes], bytes | None]) -> Contents:
    """Decrypt, decompress within bounds, read the lines.

    Raises ``DeskError`` ``bundle_not_for_us`` or ``bundle_content``.
    """
    packed = decrypt(sealed.body)
    if packed is None:
        raise DeskError("bundle_not_for_us")
    header = sealed.header
    if header.raw_len > max(_MIN_RAW_FOR_RATIO, MAX_RATIO * len(packed)):
        raise DeskError("bundle_content")
    try:
        contents = decode_contents(_lines(packed, header.raw_len))
    except MalformedContents as error:
        raise DeskError("bundle_content") from error
    if (contents.bundle_id, contents.sender, contents.to) != (header.bundle_id, header.device, header.to):
        raise DeskError("bundle_content")
    return contents


def _lines(packed: bytes, raw_len: int) -> Iterator[bytes]:
    """The lines of the body, unpacked piece by piece and never beyond ``raw_len``.

    ``stream_reader`` honours a limit whatever the frame claims; ``decompress`` would not.
    """
    rest, taken = b"", 0
    try:
        with zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(packed) as reader:
            while piece := reader.read(min(_CHUNK, raw_len + 1 - taken)):
                taken += len(piece)
                *whole, rest = (rest + piece).split(b"\n")
                yield from whole
                if len(rest) > MAX_LINE + _CHUNK * 5 or taken > raw_len:
                    raise MalformedContents("length")
    except zstandard.ZstdError as error:
        raise MalformedContents("frame") from error
    if taken != raw_len or rest:
        raise MalformedContents("length")
