"""Owns the village in numbers: counts by place and kind as a workbook.  No name and no number of anybody stands in it.

pandas does the grouping; it takes a second to load, therefore only here and only when asked.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from villagedesk.ports import Files, write_bytes

if TYPE_CHECKING:
    import pandas

#: Age groups as the forms of the departments count them (years completed).
AGES = (
    (0, 5, "0–5岁"),
    (6, 15, "6–15岁"),
    (16, 17, "16–17岁"),
    (18, 59, "18–59岁"),
    (60, 79, "60–79岁"),
    (80, 200, "80岁以上"),
)
_UNKNOWN = "未填"


@dataclass(frozen=True, slots=True)
class Person:
    """What is counted of one person; every text is a word of a code list or a place, "" = unknown.

    ``home``: any value that is equal for the people of one household; ``age``: years completed or None.
    """

    home: str
    village: str
    grid: str
    group: str
    household_type: str
    sex: str
    age: int | None
    education: str
    health: str
    labour: str
    work_status: str
    political: str
    away: bool


def age_group(age: int | None) -> str:
    """The age group a person is counted in."""
    return next((name for low, high, name in AGES if age is not None and low <= age <= high), _UNKNOWN)


def summarise(people: Iterable[Person]) -> dict[str, pandas.DataFrame]:
    """Sheet name → table, the total in the last line."""
    import pandas as pd

    rows = [{**asdict(person), "age": age_group(person.age)} for person in people]
    frame = pd.DataFrame(rows).replace("", _UNKNOWN)
    order = [name for _, _, name in AGES] + [_UNKNOWN]
    frame["age"] = pd.Categorical(frame["age"], [name for name in order if name in set(frame["age"])])
    return {
        "按网格": _by(frame, ["village", "grid"]),
        "按小组": _by(frame, ["village", "group"]),
        "户类型": _households(frame),
        "年龄和性别": _crossed(frame, "age", "sex"),
        "文化程度": _crossed(frame, "education", "sex"),
        "健康状况": _crossed(frame, "health", "age"),
        "劳动能力": _crossed(frame, "labour", "sex"),
        "务工状况": _crossed(frame, "work_status", "sex"),
        "政治面貌": _crossed(frame, "political", "sex"),
    }


def _by(frame: pandas.DataFrame, keys: Sequence[str]) -> pandas.DataFrame:
    """Households and people of each place."""
    grouped = frame.groupby(list(keys), observed=True, sort=True)
    table = grouped.agg(户数=("home", "nunique"), 人数=("home", "size"), 外出=("away", "sum"))
    table["男"] = grouped["sex"].agg(lambda sexes: (sexes == "男").sum())
    table["女"] = grouped["sex"].agg(lambda sexes: (sexes == "女").sum())
    table["60岁以上"] = grouped["age"].agg(lambda ages: ages.isin(["60–79岁", "80岁以上"]).sum())
    return _with_total(table.reset_index().rename(columns={"village": "村", "grid": "网格", "group": "小组"}))


def _households(frame: pandas.DataFrame) -> pandas.DataFrame:
    grouped = frame.groupby("household_type", observed=True, sort=True)
    table = grouped.agg(户数=("home", "nunique"), 人数=("home", "size"))
    return _with_total(table.reset_index().rename(columns={"household_type": "户类型"}))


def _crossed(frame: pandas.DataFrame, down: str, across: str) -> pandas.DataFrame:
    import pandas as pd

    table: pandas.DataFrame = pd.crosstab(frame[down], frame[across])
    table.insert(0, "人数", table.sum(axis=1))
    return _with_total(table.reset_index().rename(columns={down: ""}))


def _with_total(table: pandas.DataFrame) -> pandas.DataFrame:
    """The same table with 合计 below."""
    total: dict[Any, Any] = {name: table[name].sum() for name in table.select_dtypes("number").columns}
    first = table.columns[0]
    table[first] = table[first].astype(object)
    table.loc[len(table)] = {**dict.fromkeys(table.columns, ""), **total, first: "合计"}
    return table


def write_summary(path: Path, tables: dict[str, pandas.DataFrame], files: Files) -> None:
    """One sheet a table; numbers stay numbers.  Raises ``EnvironmentFault``."""
    import pandas as pd

    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="xlsxwriter") as book:
        for name, table in tables.items():
            table.to_excel(book, sheet_name=name, index=False)
            book.sheets[name].freeze_panes(1, 0)
            book.sheets[name].set_column(0, len(table.columns), 11)
    write_bytes(files, path, out.getvalue())
