"""Breaking, shrinking, gaps: nothing is clipped, nothing is added to the text."""

from __future__ import annotations

import pytest

from villagedesk.reports.fonts import SANS, SERIF
from villagedesk.reports.typeset import filled, fit, halves, line


def test_gaps_are_positions_not_characters() -> None:
    plain, grouped = line(SANS, "999902196304122514"), line(SANS, "999902196304122514", (6, 8, 4))
    assert grouped.width == pytest.approx(plain.width + 0.18)
    assert grouped.shown == (("sans", "999902196304122514"),)
    assert line(SERIF, "柳河3组").width == pytest.approx(
        sum(line(SERIF, part).width for part in ("柳河", "3", "组")) + 0.18
    )


@pytest.mark.parametrize(
    ("text", "two"),
    [
        ("长期慢性病", ("长期", "慢性病")),
        ("普通劳力", ("普通", "劳力")),
        ("县内务工\n10月", ("县内务工", "10月")),
        ("阿依古丽·买买提", ("阿依古丽·", "买买提")),
        ("ABCDEF", None),
        ("（甲）", None),
    ],
)
def test_two_lines(text: str, two: tuple[str, str] | None) -> None:
    assert halves(SERIF, text) == two


def test_lines_keep_every_character_and_never_begin_with_a_closing_mark() -> None:
    text = "修路，修渠，修桥。（三组）ABC123号，盼早日动工，谢谢！" * 3
    lines = filled(SERIF, text, 7.3)
    assert "".join(lines) == text
    assert all(line(SERIF, part).width <= 7.3 for part in lines)
    assert all(part[0] not in "，。）！" for part in lines)


@pytest.mark.parametrize("length", [1, 4, 9, 20, 50])
def test_fitted_text_stands_in_its_cell(length: int) -> None:
    text = "张" * length
    for wrap_first in (True, False):
        size, lines = fit(SERIF, text, 11, 8.5, 54, 28, wrap_first)
        assert "".join(lines) == text
        assert all(line(SERIF, part).width * size <= 54.001 for part in lines)
        assert len(lines) * size * 1.18 <= 28.001 or len(lines) == 1
