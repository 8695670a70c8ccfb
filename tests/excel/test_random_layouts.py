"""Random layouts against the people they were made from: nobody lost, nobody invented, every household whole.

Each layout is drawn from a seed, which stands in the test's name: titles, one- or two-row headers, group headings over
some columns, columns in any order, the ways a household is shown, repeated headers and titles, blank and total lines,
text encodings.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.excel.sheets import people, read, workbook
from villagedesk.domain.codes import code_list
from villagedesk.domain.practice import invent_household
from villagedesk.errors import DeskError

NAMES = ("姓名", "成员姓名", "姓 名", "家庭成员姓名")
NUMBERS = ("公民身份号码", "身份证号", "证件号码", "身份证号码(18位)")
RELATIONS = ("与户主关系", "户主关系", "关系", "与户主的关系")
OTHERS = (("序号", "7"), ("年龄", "41"), ("民族", "汉"), ("备注", ""), ("签字", ""), ("暗号", "x"), ("联系电话", "无"))
TITLES = ("", "柳湾村户籍人口花名册", "单位:柳湾村")
GROUP = "家庭人员情况"
STYLES = ("number", "number once", "number merged", "head named", "head once", "head merged", "heads alone")
Truth = list[tuple[object, object, object, int]]


@dataclass
class Drawn:
    """A layout: ``rows`` of texts and the regions merged in them."""

    rows: list[list[str]]
    merged: list[tuple[int, int, int, int]]
    truth: Truth


def draw(rng: random.Random) -> Drawn:
    """A layout and who stands in it."""
    style = rng.choice(STYLES)
    others = rng.sample(OTHERS, rng.randrange(5))
    household = {"number": "户编号", "head": rng.choice(("户主姓名", "户主"))}.get(style.split()[0], "")
    columns = [
        "name",
        "id",
        "relation",
        *(["household"] if household else []),
        *(f"other {n}" for n in range(len(others))),
    ]
    rng.shuffle(columns)
    headings = {"name": rng.choice(NAMES), "id": rng.choice(NUMBERS), "relation": rng.choice(RELATIONS)}
    headings |= {"household": household, **{f"other {n}": heading for n, (heading, _) in enumerate(others)}}
    header = [headings[column] for column in columns]
    drawn = Drawn([], [], [])
    titles = [[rng.choice(TITLES), *[""] * (len(columns) - 1)] for _ in range(rng.randrange(4))]
    above = rng.choice(("one row", "one row", "merged", "grouped"))
    group = sorted(rng.sample(range(len(columns) + 1), 2))
    drawn.rows += [list(title) for title in titles]
    _header(drawn, header, above, group)
    for number in range(1, rng.randrange(2, 12)):
        if rng.random() < 0.15:
            drawn.rows.append([""] * len(columns))
        if rng.random() < 0.2:
            drawn.rows += [list(title) for title in titles if rng.random() < 0.5]
            _header(drawn, header, above, group)
        _household(drawn, rng, columns, style, number, [text for _, text in others])
    for texts in (("合计", "3人"), ("填表人:某某", "审核人:某某"), ("村支书：某某", "村主任：某某")):
        if rng.random() < 0.4:
            places = rng.sample(range(len(columns)), 2)
            drawn.rows.append([""] * len(columns))
            for place, text in zip(sorted(places), texts, strict=True):
                drawn.rows[-1][place] = text
    return drawn


def _header(drawn: Drawn, header: list[str], above: str, group: list[int]) -> None:
    """One row; or each heading merged over two; or a group heading over the columns from the first to the last."""
    top, width = len(drawn.rows), len(header)
    if above == "grouped":
        first, last = group
        grouped = range(first, last)
        drawn.rows.append(
            [GROUP if place == first else "" if place in grouped else header[place] for place in range(width)]
        )
        drawn.rows.append([header[place] if place in grouped else "" for place in range(width)])
        if last - first > 1:
            drawn.merged.append((top, first, top, last - 1))
        drawn.merged += [(top, place, top + 1, place) for place in range(width) if place not in grouped]
        return
    drawn.rows.append(list(header))
    if above == "merged":
        drawn.rows.append([""] * width)
        drawn.merged += [(top, place, top + 1, place) for place in range(width)]


def _household(
    drawn: Drawn, rng: random.Random, columns: list[str], style: str, number: int, others: list[str]
) -> None:
    made = invent_household(rng, number)
    shown = f"{number:03d}" if style.startswith("number") else str(made.members[0]["name"])
    top = len(drawn.rows)
    for place, member in enumerate(made.members):
        relation = str(member["relation"])
        cells = {
            "name": str(member["name"]),
            "id": str(member["id_no"]),
            "relation": code_list("relation").short_of(relation),
            "household": shown if place == 0 or style in ("number", "head named") else "",
            **{f"other {n}": text for n, text in enumerate(others)},
        }
        drawn.rows.append([cells[column] for column in columns])
        drawn.truth.append((member["name"], member["id_no"], relation, number - 1))
    if style.endswith("merged") and len(made.members) > 1:
        column = columns.index("household")
        drawn.merged.append((top, column, len(drawn.rows) - 1, column))


@pytest.mark.parametrize("seed", range(80))
def test_everyone_is_read_in_the_right_household(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    drawn = draw(rng)
    if drawn.merged or rng.random() < 0.5:
        path = workbook(tmp_path / "a.xlsx", {"名单": drawn.rows}, drawn.merged)
    else:
        path = tmp_path / "a.csv"
        encoding = rng.choice(("utf-8", "utf-8-sig", "gb18030"))
        path.write_bytes("\n".join(",".join(row) for row in drawn.rows).encode(encoding))
    reading = read(path)
    assert people(reading) == drawn.truth
    assert all(problem.level == "warning" for problem in reading.problems)
    known = {row.row for row in reading.rows} | {line.row for line in reading.skipped}
    first = min(line.row for line in reading.skipped if line.kind == "header")
    filled = {place for place, row in enumerate(drawn.rows, 1) if any(row) and place >= first}
    assert filled <= known, "a line that is neither a person nor named as something else"


@pytest.mark.parametrize("seed", range(40))
def test_torn_and_shuffled_tables_end_in_rows_or_a_sentence(seed: int, tmp_path: Path) -> None:
    """Cells lost, doubled and moved about: never a crash, and never a person without a row of the file."""
    rng = random.Random(seed)
    rows = [list(row) for row in draw(rng).rows]
    for _ in range(rng.randrange(1, 40)):
        row = rng.choice(rows)
        action, place = rng.randrange(4), rng.randrange(len(row) or 1)
        if action == 0 and row:
            row[place] = rng.choice(("", "合计", "姓名", "1.1E+17", "\u200b", "户主", "#N/A", "🂡", "3组", "=1+1"))
        elif action == 1:
            row.insert(place, "错位")
        elif action == 2 and row:
            del row[place]
        else:
            rows.insert(rng.randrange(len(rows)), list(rng.choice(rows)))
    try:
        reading = read(workbook(tmp_path / "a.xlsx", {"名单": rows}))
    except DeskError as error:
        assert error.code.startswith("roster_")
        return
    members = [row.row for row in reading.rows if not row.from_head]
    heads = [row.row for row in reading.rows if row.from_head]
    assert len(set(members)) == len(members) <= len(rows) and len(set(heads)) == len(heads) <= len(rows)
