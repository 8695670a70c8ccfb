"""Masking against the examples of the domain reference (9.3)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from villagedesk.domain.masks import IdMask, mask_bank, mask_certificate, mask_id, mask_name, mask_phone

RAW = json.loads((Path(__file__).parents[1] / "data" / "id-number-test-vectors.json").read_text(encoding="utf-8"))
ID_RULES = {"id 3+11+4": IdMask.INTERNAL, "id 6+8+4": IdMask.BIRTH_HIDDEN, "id 2+13+3": IdMask.NOTICE}


@pytest.mark.parametrize("example", RAW["masking"], ids=lambda example: str(example["rule"]))
def test_examples(example: dict[str, str]) -> None:
    rule, typed = example["rule"], example["input"]
    if rule in ID_RULES:
        masked = mask_id(typed, ID_RULES[rule])
    elif rule.startswith("phone"):
        masked = mask_phone(typed)
    elif rule.startswith("bank"):
        masked = mask_bank(typed)
    else:
        masked = mask_name(typed)
    assert masked == example["output"]


def test_nothing_short_is_shown_whole() -> None:
    assert mask_id("1234") == "****"
    assert mask_id(None) == ""
    assert mask_phone("03711234567") == "*******4567"
    assert mask_name("王") == "王"
    assert mask_name("") == ""
    assert mask_name("欧阳娜") == "欧阳*"
    assert mask_certificate("99990119850615123642") == "999" + "*" * 17
    assert mask_id("999901198506151236", IdMask.SCREEN) == "999901**********36"
