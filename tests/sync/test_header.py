"""The open header has one spelling: two readers never understand one file differently (sync.md section 4)."""

from __future__ import annotations

import pytest

from tests.sync.test_bundle import reheaded, sealed
from villagedesk.errors import DeskError
from villagedesk.ports import Ports
from villagedesk.sync.bundle import open_header
from villagedesk.sync.identity import Identity

SENDER, TOWN = Identity.make(Ports()), Identity.make(Ports())


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("suite", '"sm2+sm4+zstd"', "bundle_newer"),
        ("need", '["photos"]', "bundle_newer"),
        ("made_at", "1.0", "bundle_altered"),
        ("made_at", "true", "bundle_altered"),
        ("made_at", "-1", "bundle_altered"),
        ("made_at", '1,"made_at":1', "bundle_altered"),
        ("made_at", " 1", "bundle_altered"),
        ("app", '"\u00e9"', "bundle_altered"),
        ("segs", '[{"from":1,"log":"' + "0" * 64 + '","to":1000000000000000000000000000000}]', "bundle_altered"),
    ],
)
def test_another_spelling_is_refused(name: str, value: str, code: str) -> None:
    with pytest.raises(DeskError, match=code):
        open_header(reheaded(SENDER, TOWN, name, value))


def test_what_this_program_writes_is_read() -> None:
    assert open_header(sealed(SENDER, TOWN)).header.suite == "ed25519+age1+zstd"
    assert open_header(reheaded(SENDER, TOWN, "made_at", "7")).header.made_at == 7
    assert open_header(reheaded(SENDER, TOWN, "of_a_newer_version", '"x"')).header.made_at == 1
