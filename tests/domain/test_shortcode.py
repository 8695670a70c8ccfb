"""The short code notices every wrong character and every swap of neighbours."""

from __future__ import annotations

from itertools import product

from villagedesk.domain.shortcode import ALPHABET, LENGTH, display, read_short_code, short_code

CODES = [short_code(number.to_bytes(16, "big")) for number in range(400)]


def test_alphabet_has_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == 30
    assert not set(ALPHABET) & set("01ILOU")


def test_the_same_record_has_the_same_code_everywhere() -> None:
    assert short_code(bytes(16)) == "CVYX9N"
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in CODES)
    assert len(set(CODES)) == len(CODES)


def test_reads_what_people_type() -> None:
    code = CODES[7]
    assert display(code) == f"{code[:3]} {code[3:]}"
    for typed in (code, code.lower(), display(code), f" {code[:3]}-{code[3:]} ", f"{code[:3]}　{code[3:]}"):
        assert read_short_code(typed) == code
    assert read_short_code("".join(chr(ord(symbol) + 0xFEE0) for symbol in code)) == code
    for wrong in ("", code[:5], code + "2", "王五", code[:5] + "0", code[:5] + "I"):
        assert read_short_code(wrong) is None


def test_every_wrong_character_is_noticed() -> None:
    for code in CODES:
        for place, symbol in product(range(LENGTH), ALPHABET):
            if symbol != code[place]:
                assert read_short_code(code[:place] + symbol + code[place + 1 :]) is None


def test_every_swap_of_neighbours_is_noticed() -> None:
    for code in CODES:
        for place in range(LENGTH - 1):
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert swapped == code or read_short_code(swapped) is None


def _completions(before: str, after: str) -> str:
    """Every symbol that makes a right code between the two ends."""
    return "".join(symbol for symbol in ALPHABET if read_short_code(before + symbol + after))


def test_proof_for_all_codes() -> None:
    """A code is right or wrong by one linear sum, so these cases stand for all 24.3 million codes.

    Single characters: at every place, whatever the others add up to (all 31 remainders are met), at most one symbol
    is right.  Swaps: for every place, every pair of symbols and every remainder of the rest, not both orders are right.
    """
    for place in range(LENGTH):
        for first, second in product(ALPHABET, repeat=2):
            rest = first + second + ALPHABET[:3]
            assert len(_completions(rest[:place], rest[place:])) <= 1
    for place in range(LENGTH - 1):
        for one, other in product(ALPHABET, repeat=2):
            if one >= other:
                continue
            for third, fourth in product(ALPHABET[:6], ALPHABET[::5]):
                rest = third + fourth + ALPHABET[:2]
                right = read_short_code(rest[:place] + one + other + rest[place:])
                wrong = read_short_code(rest[:place] + other + one + rest[place:])
                assert right is None or wrong is None
