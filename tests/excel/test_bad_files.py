"""Files that are no roster: one clear sentence each, in both languages, and nothing unpacked that would fill memory."""

from __future__ import annotations

import errno
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.excel.oldbooks import locked_xls, locked_xlsx, xls
from tests.excel.sheets import number, read, workbook
from villagedesk.errors import DeskError
from villagedesk.excel import package, reader
from villagedesk.excel.layout import fill_merged
from villagedesk.sentences import LANGUAGES, sentence

HEADER = ["姓名", "身份证号", "关系"]


def refused(path: Path) -> str:
    """The code; the sentence stands in both languages and names the file by its last part only."""
    with pytest.raises(DeskError) as caught:
        read(path)
    for language in LANGUAGES:
        said = sentence(caught.value.code, caught.value.params, language)
        assert said != caught.value.code and path.name in said and str(path.parent) not in said
    return caught.value.code


def packed(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return path


CONTENTS: dict[str, tuple[bytes, str]] = {
    "torn.xlsx": (b"PK\x03\x04 torn", "roster_not_workbook"),
    "picture.xlsx": (b"\x89PNG\r\n\x1a\n\0\0\0", "roster_not_workbook"),
    "paper.xls": (b"%PDF-1.7 ...", "roster_not_workbook"),
    "page.xls": (b"<html><table><tr><td>x</td></tr></table></html>", "roster_not_workbook"),
    "broken.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "roster_not_workbook"),
    "odd.csv": (b"\xff\xfe\x00", "roster_encoding"),
    "bytes.csv": (b"\x81\x30\xff\xff,\xff", "roster_encoding"),
    "empty.csv": (b"", "roster_empty"),
    "blank.csv": (b"\r\n,,\r\n", "roster_empty"),
    "letter.csv": ("各位村民,大家好\n请看".encode(), "roster_no_name_column"),
    "locked.xls": (locked_xls(), "roster_password"),
    "locked.xlsx": (locked_xlsx(), "roster_password"),
    "letter.xlsx": ("各位村民,大家好\n请看".encode(), "roster_not_workbook"),
    "letter.XLS": ("各位村民\t大家好\r\n请看".encode("gb18030"), "roster_not_workbook"),
    "bytes.xlsx": (b"\x81\x30\xff\xff,\xff", "roster_not_workbook"),
    "headings.csv": ("姓名,身份证号,关系\n".encode(), "roster_no_people"),
    "nobody.xls": (xls([["甲", "乙"], ["1", "2"]]), "roster_no_name_column"),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_contents(name: str, tmp_path: Path) -> None:
    data, code = CONTENTS[name]
    (tmp_path / name).write_bytes(data)
    assert refused(tmp_path / name) == code


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([[""]], "roster_empty"),
        ([["甲", "乙"], ["1", "2"]], "roster_no_name_column"),
        ([["姓名", "民族"], ["陈守田", "汉"]], "roster_no_id_column"),
        ([HEADER], "roster_no_people"),
        ([["柳湾村名单", "", ""], HEADER, ["", "", ""], ["合计", "0人", ""], ["填表人:", "", ""]], "roster_no_people"),
    ],
)
def test_workbooks_without_what_is_needed(rows: list[list[str]], code: str, tmp_path: Path) -> None:
    assert refused(workbook(tmp_path / "名单(1)(2).xlsx", {"名单": rows})) == code


def test_a_table_that_a_system_wrote_as_text_and_called_a_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "导出.xls"
    path.write_bytes(
        "\t".join(HEADER).encode("gb18030") + f"\r\n陈守田\t{number('19630412', 11)}\t户主\r\n".encode("gb18030")
    )
    assert [row.member["name"] for row in read(path).rows] == ["陈守田"]


def test_headings_alone_in_one_sheet_do_not_matter_beside_people_in_another(tmp_path: Path) -> None:
    sheets = {"一组": [HEADER], "二组": [HEADER, ["陈守田", number("19630412", 11), "户主"]]}
    assert len(read(workbook(tmp_path / "a.xlsx", sheets)).rows) == 1


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    assert refused(tmp_path / "名单.xlsx") == "file_missing"
    (tmp_path / "folder.xlsx").mkdir()
    assert refused(tmp_path / "folder.xlsx") == "file_is_folder"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "名单.xlsx", {"名单": [HEADER]})

    def forbid(*_: object, **__: object) -> None:  # the administrator, who may run this, may read any file
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", forbid)
    assert refused(path) == "file_forbidden"


def test_a_zip_of_something_else(tmp_path: Path) -> None:
    assert refused(packed(tmp_path / "a.xlsx", {"content.xml": b"<x/>"})) == "roster_not_workbook"


def test_a_file_larger_than_any_roster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_FILE", 1000)
    (tmp_path / "a.csv").write_bytes(b"x" * 1001)
    assert refused(tmp_path / "a.csv") == "file_too_large"


def _book(sheet: bytes, strings: bytes = b"") -> dict[str, bytes]:
    parts = {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": sheet}
    return {**parts, "xl/sharedStrings.xml": strings} if strings else parts


def test_bombs_are_refused_before_they_unfold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gigabyte of blanks; a cell in the last corner; a row number out of the world; one long text a million times."""
    blanks = _book(b" " * (2 << 20))
    monkeypatch.setattr(package, "MAX_UNPACKED", 1 << 20)
    assert refused(packed(tmp_path / "blanks.xlsx", blanks)) == "roster_too_large"
    monkeypatch.undo()
    for cell in (b'<c r="XFD1"><v>1</v></c>', b"<c r='A1048576'><v>1</v></c>", b'<row r="1048576"></row>'):
        far = _book(b"<worksheet><sheetData>" + cell + b"</sheetData></worksheet>")
        assert refused(packed(tmp_path / "far.xlsx", far)) == "roster_too_large"
    many = _book(b'<c r="A1" t="s"><v>0</v></c>' * 40_000, b"<sst><si><t>" + b"x" * 200_000 + b"</t></si></sst>")
    assert refused(packed(tmp_path / "many.xlsx", many)) == "roster_too_large"


def test_a_package_that_lies_about_its_size(tmp_path: Path) -> None:
    """The directory says ten bytes, the stream holds more: the check sum speaks."""
    path = packed(tmp_path / "lie.xlsx", _book(b"<worksheet/>", b"<sst>" + b"x" * 5000 + b"</sst>"))
    data = path.read_bytes()
    path.write_bytes(data.replace((5011).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    assert refused(path) == "roster_not_workbook"


def test_overlapping_merged_regions_are_not_filled_again_and_again() -> None:
    """Regions of a sound workbook never cover more cells than there are."""
    sheet = reader.Sheet("名单", [["甲", "乙", "丙"]], (((0, 0), (0, 1)), ((0, 1), (0, 2))))
    fill_merged(sheet)
    assert sheet.rows == [["甲", "甲", "丙"]]


def test_the_limit_on_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [HEADER, ["陈守田", number("19630412", 11), "户主"]]
    limits: list[Callable[[], None]] = [
        lambda: monkeypatch.setattr(reader, "MAX_ROWS", 1),
        lambda: monkeypatch.setattr(reader, "MAX_COLUMNS", 2),
        lambda: monkeypatch.setattr(reader, "MAX_CELLS", 5),
    ]
    for limit in limits:
        limit()
        assert refused(workbook(tmp_path / "a.xlsx", {"名单": rows})) == "roster_too_large"
        (tmp_path / "a.csv").write_text("\n".join(map(",".join, rows)), encoding="utf-8")
        assert refused(tmp_path / "a.csv") == "roster_too_large"
        monkeypatch.undo()
