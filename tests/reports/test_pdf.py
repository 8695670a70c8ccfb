"""The file itself: embedded faces, codes a machine can read, memory that does not grow."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator

import pypdfium2
import segno

from tests.reports.households import PRINTED, page_texts, people, printed, sheet
from villagedesk.domain.shortcode import display, short_code
from villagedesk.progress import Progress
from villagedesk.reports.fonts import missing_characters
from villagedesk.reports.household import print_household_forms
from villagedesk.reports.household_blank import BlankHead, print_blank_forms
from villagedesk.reports.household_values import HouseholdSheet
from villagedesk.reports.marks import record_content
from villagedesk.reports.qr import modules


def test_only_embedded_faces() -> None:
    data, _ = printed(sheet(people(9)))
    names = set(re.findall(rb"/BaseFont/([\w+-]+)", data))
    assert names
    assert all(name.startswith(b"VILDSK+") for name in names)
    assert data.count(b"/FontFile2") == data.count(b"/FontDescriptor/FontName") == len(names)
    assert b"Helvetica" not in data


def test_qr_content_names_sheet_record_and_page() -> None:
    assert record_content("HH", "K7M4P9", 1) == "VD1/HH/K7M4P9"
    assert record_content("HH", "K7M4P9", 3) == "VD1/HH/K7M4P9/3"


def _modules(data: bytes, page: int) -> list[list[bool]]:
    """The QR code of a page, read from its picture: middle of each of 21 × 21 modules of 18 mm."""
    document = pypdfium2.PdfDocument(data)
    scale = 6.0
    drawn = document[page].render(scale=scale, grayscale=True)
    bytes_of, stride = bytes(drawn.buffer), drawn.stride
    document.close()
    mm = 72 / 25.4 * scale
    side = 18 / 21

    def dark(column: int, row: int) -> bool:
        x, y = int((177 + (column + 0.5) * side) * mm), int((11.1 + (row + 0.5) * side) * mm)
        return bytes_of[y * stride + x] < 128

    return [[dark(column, row) for column in range(21)] for row in range(21)]


def _expected(content: str) -> list[list[list[bool]]]:
    """The code under each of the eight masks: all mean the same to a reader."""
    codes = [segno.make_qr(content, version=1, error="m", mask=mask, boost_error=False) for mask in range(8)]
    return [[[bool(module) for module in row] for row in code.matrix] for code in codes]


def test_qr_on_paper_is_the_code_of_the_record() -> None:
    for record in (b"a household's id", bytes(16), b"x"):
        data, _ = printed(sheet(people(9), record=record))
        for page, suffix in ((0, ""), (1, "/2")):
            assert _modules(data, page) in _expected(f"VD1/HH/{short_code(record)}{suffix}")
            assert display(short_code(record)) in page_texts(data)[page]


def test_qr_of_any_content() -> None:
    for content in ("A", "VD1/HH/ZZZZZZ/12", "0 $%*+-./:", "VD1/VC/23456789", "Z" * 20):
        rows = [[bool(row >> column & 1) for column in range(21)] for row in modules(content)]
        assert rows in _expected(content)


def test_missing_characters_are_listed_once_with_their_texts() -> None:
    found = missing_characters(["张三", "张\U000323af", "李\U000323af", "张\U000323af", "仇𠅤", "王 五"])
    assert [(item.code_point, item.texts) for item in found] == [
        ("U+323AF", ("张\U000323af", "李\U000323af")),
    ]


def test_blank_forms() -> None:
    out = io.BytesIO()
    records = (b"1" * 16, b"2" * 16)
    result = print_blank_forms(BlankHead("青石镇", "柳河村", records=records), 3, out, PRINTED, Progress())
    texts = page_texts(out.getvalue())
    assert (result.forms, result.pages) == (3, 3) == (3, len(texts))
    for number, text in enumerate(texts):
        assert "青石镇农户基本信息采集表" in text
        assert "柳河村" in text
        assert "超过 6 人用第二张" in text
        assert (display(short_code(records[number])) in text) if number < 2 else (display(short_code(b"3")) not in text)


class _Sink(io.RawIOBase):
    """Counts and forgets: what a growing writer would have to keep."""

    def __init__(self) -> None:
        super().__init__()
        self.taken = 0

    def write(self, data: object) -> int:
        assert isinstance(data, bytes)
        self.taken += len(data)
        return len(data)


def test_pages_leave_as_they_are_made() -> None:
    sink = _Sink()
    seen: list[int] = []

    def sheets() -> Iterator[HouseholdSheet]:
        for _ in range(4):
            seen.append(sink.taken)
            yield sheet(people(9))

    print_household_forms(sheets(), 4, sink, PRINTED, Progress())  # type: ignore[arg-type]
    assert seen == sorted(set(seen))


def test_streams_are_whole() -> None:
    data, _ = printed(sheet(people(2)))
    starts = [
        match.end() for match in re.finditer(rb"stream\n", data) if data[match.start() - 3 : match.start()] != b"end"
    ]
    lengths = [int(number) for number in re.findall(rb"/Filter/FlateDecode/Length (\d+)>>stream", data)]
    assert len(starts) == len(lengths) > 5
    for start, length in zip(starts, lengths, strict=True):
        zlib.decompress(data[start : start + length])
        assert data[start + length :].startswith(b"\nendstream")
