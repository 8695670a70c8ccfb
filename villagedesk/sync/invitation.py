"""Owns the invitation: what the town hands a village so that its desk can enrol (sync.md section 4, enrolment).

A signed JSON file without personal data: trust list, scope, village and town names, a one-time code.  Whoever holds
the file may enrol one device for that scope, so it travels by hand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from villagedesk.domain.ids import is_hex_id
from villagedesk.errors import DeskError
from villagedesk.sync.identity import Identity, signature_holds
from villagedesk.sync.trust import TrustList, decode_trust

MAX_INVITATION = 8 * 1024 * 1024
SUFFIX = ".vdinvite"
_LABEL = b"VillageDesk invitation v1\n"


@dataclass(frozen=True, slots=True)
class Invitation:
    """``code``: 16 random bytes, used once; ``trust_document``: the signed trust list as bytes."""

    code: bytes
    scope: bytes
    village_name: str
    town_name: str
    division_code: str
    trust_document: bytes
    trust: TrustList


def encode_invitation(invitation: Invitation, ca: Identity) -> bytes:
    body = json.dumps(
        {
            "code": invitation.code.hex(),
            "scope": invitation.scope.hex(),
            "village": invitation.village_name,
            "town": invitation.town_name,
            "division": invitation.division_code,
            "trust": invitation.trust_document.decode("ascii"),
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()
    return body + b"\n" + ca.sign(_LABEL + body).hex().encode("ascii")


def decode_invitation(data: bytes) -> Invitation:
    """Read and verify an invitation; raises ``DeskError`` ``invitation_invalid``."""
    try:
        body, signature = data.split(b"\n")
        raw: dict[str, Any] = json.loads(body)
        document = raw["trust"].encode("ascii")
        trust = decode_trust(document)
        if not signature_holds(trust.ca, _LABEL + body, bytes.fromhex(signature.decode("ascii"))):
            raise ValueError("signature")
        if not (is_hex_id(raw["code"]) and is_hex_id(raw["scope"])):
            raise ValueError("ids")
        return Invitation(
            bytes.fromhex(raw["code"]),
            bytes.fromhex(raw["scope"]),
            str(raw["village"]),
            str(raw["town"]),
            str(raw["division"]),
            document,
            trust,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, DeskError) as error:
        raise DeskError("invitation_invalid") from error
