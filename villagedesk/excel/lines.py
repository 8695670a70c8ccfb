"""Owns what each line below a header is: a person, or a total, a note, a signature line, a title, a spare line.

A line with an identity number or a relation in its place is a person, whatever else it says: nobody may get lost.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

from villagedesk.domain.roster import group_number
from villagedesk.domain.values import match_code
from villagedesk.excel.cells import Cell, cell_text
from villagedesk.excel.columns import normal, roster_words
from villagedesk.excel.layout import Table, line_key

RowKind = Literal["data", "blank", "title", "header", "total", "note"]

_STEMS = "甲乙丙丁戊己庚辛壬癸ABCDEFGHIJ"
_GROUP_ENDS = ("组", "队", "社")
_OVERWRITTEN = ("member.id_no", "member.sex", "head.id_no")
#: Longer lines of one text are remarks.
_LONGEST_TITLE = 40
#: A whole, damaged or starred identity number.
_NUMBER = re.compile(r"'?[\d*]{14,}[\dXx*]|\d\.\d+[Ee]\+\d+")
#: Long enough that it is nobody's name.
_TITLE = re.compile(r".{4,}(?:[表册]|名单|台账)(?:\(.*\))?")
#: 村支书:张三, 审核人: and whatever else is written before a colon; a name never holds one.
_LABEL = re.compile(r"[^:]{2,15}:")
_PAGE = re.compile(r"[第共]\d+页")
_SIGNED = re.compile(r".*(?:签字|签名|签章|盖章|公章|委员会|村委会|居委会|党支部|党总支|办公室|人民政府)(?:\(.*\))?")
_SEALED = re.compile(r"\((?:盖章|公章|签章)\)")
_COUNTED = re.compile(r"(?:[全本].{1,2})?共\d+[户人]")
#: What may stand behind the word in the cell of a total: figures, units, marks.
_FIGURES = r"[\d.,、:户人口元亩万]*"


def kind_of(row: list[Cell], table: Table, name_place: int) -> RowKind:
    """What a row below a header is."""
    line = line_key(row)
    texts = [text for text in line if text]
    if not texts:
        return "blank"
    if line in table.titles:
        return "title"
    name, words = _at(line, name_place), roster_words()
    if not _is_person(line, table):
        kind = _spoken_of_all(texts, name)
        if kind is not None:
            return kind
        if normal(name) in words.targets and sum(normal(text) in words.targets for text in texts) > 2:
            return "header"
        # a text in the columns of the name and of a number or sex was written over the whole line
        if name and any(_at(line, table.place(target)) == name for target in _OVERWRITTEN):
            return "title"
    if len(set(texts)) == 1 and (not name or len(texts[0]) > 8 or _says_group(texts[0])):
        if not _has_data(row, table):
            return "blank"
        return "title" if len(texts[0]) < _LONGEST_TITLE else "note"
    if _counts_columns(texts):
        return "header"
    if not name and not _speaks_of_person(line, table):
        return "note" if _has_data(row, table) else "blank"
    return "data"


def group_between(row: list[Cell]) -> str | None:
    """The villager group that a line between the people names for those below it (一组, 第3村民小组)."""
    texts = {text for cell in row if (text := cell_text(cell).strip())}
    only = texts.pop() if len(texts) == 1 else ""
    return only if _says_group(only) else None


def repeats(row: list[Cell], above: list[Cell]) -> bool:
    """Whether a line says nothing but what stands right above it: merged cells reach over a spare line."""
    return all(cell == "" or above[column : column + 1] == [cell] for column, cell in enumerate(row))


def _spoken_of_all(texts: Sequence[str], name: str) -> RowKind | None:
    """Total, note or title by the words of the line; where the name may be a name, only the first texts count."""
    words = roster_words()
    leading = (*texts[:1], *filter(None, (name,)))
    nobody = not name or any(char.isdigit() for char in name)
    counted = texts if nobody else leading
    if any(text.startswith(words.totals) for text in texts[:2]) or any(map(_is_total, counted)):
        return "total"
    if len(texts[0]) == 1 and "".join(texts[:2]).startswith(words.totals):
        return "total"
    if any(text.startswith(words.notes) for text in leading) or any(map(_SEALED.search, texts)):
        return "note"
    own = name or texts[0]
    if _LABEL.match(own) or _PAGE.match(own) or _SIGNED.fullmatch(own) or _labels_first(texts):
        return "note"
    return "title" if _TITLE.fullmatch(own) else None


def _is_total(text: str) -> bool:
    """全村合计, 三组小计:12户45人, 共45人."""
    return bool(_total_text().fullmatch(text) or _COUNTED.match(text))


@cache
def _total_text() -> re.Pattern[str]:
    return re.compile(rf".{{0,10}}(?:{'|'.join(map(re.escape, roster_words().totals))}){_FIGURES}")


def _labels_first(texts: Sequence[str]) -> bool:
    """村支书: and 张三 in cells of their own: the line begins with a bare label, or holds several labels."""
    return texts[0].endswith(":") or sum(bool(_LABEL.match(text)) for text in texts) > 1


def _at(line: Sequence[str], place: int | None) -> str:
    return "" if place is None or place >= len(line) else line[place]


def _is_person(line: Sequence[str], table: Table) -> bool:
    numbers = (_at(line, table.place(target)) for target in ("member.id_no", "head.id_no"))
    relation = _at(line, table.place("member.relation"))
    return any(map(_NUMBER.fullmatch, numbers)) or bool(relation and match_code("relation", relation))


def _says_group(text: str) -> bool:
    return text[-1:] in _GROUP_ENDS and group_number(text) is not None


def _counts_columns(texts: Sequence[str]) -> bool:
    """The line of column numbers (1 2 3 …, 甲 乙 1 2 …) that stands below the headings of official forms."""
    numbers = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 4]
    others = [text for text in texts if not text.isdigit()]
    running = all(after == before + 1 for before, after in itertools.pairwise(numbers))
    return len(numbers) > 2 and numbers[0] < 3 and running and all(len(text) == 1 and text in _STEMS for text in others)


def _speaks_of_person(line: Sequence[str], table: Table) -> bool:
    """Whether a row without a name says anything else of a person (merged household columns do not)."""
    own = {column.index for column in table.columns if column.target.startswith("member.")}
    own = own or {column.index for column in table.columns if column.target.startswith("head.")}
    return any(_at(line, place) for place in own)


def _has_data(row: list[Cell], table: Table) -> bool:
    """Whether anything stands there but numbers of a column that is not imported (a line numbered in advance)."""
    ignored = {column.index for column in table.columns if column.target.startswith("ignore.")}
    texts = ((place, cell_text(cell).strip()) for place, cell in enumerate(row))
    return any(text and not (place in ignored and text.isdigit()) for place, text in texts)
