"""Rosters through the real services: in, out, back again, undone; what the workbook and the text file hold."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.cli.test_main_way import QuickPassphrases
from tests.excel.sheets import number, workbook
from villagedesk.domain.phones import luhn
from villagedesk.domain.practice import invent_household
from villagedesk.errors import Cancelled, DeskError
from villagedesk.excel.writer import Column, guarded, write_table, write_workbook
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports, SystemFiles
from villagedesk.progress import Progress
from villagedesk.services import desks, households, roster, roster_export
from villagedesk.services.desks import Desk
from villagedesk.services.households import Edit
from villagedesk.storage import households as stored

CARD = next(card for last in range(10) if luhn(card := f"622200000000000001{last}"))
HEAD, WIFE = number("19630412", 11), number("19640203", 22)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    ports = Ports(passphrases=QuickPassphrases())
    made, _ = desks.create_village(
        DeskPaths(tmp_path / "desk"),
        ports,
        name="柳湾村",
        division_code="999901100201",
        town_name="青禾镇",
        operator_name="李会英",
        passphrase="a long enough passphrase",
    )
    yield made
    desks.close(made)


def take_in(desk: Desk, path: Path) -> tuple[roster.RosterPreview, int]:
    seen = roster.preview(desk, path, None, Progress())
    return seen, roster.apply(desk, seen, Progress()).operations


def records(desk: Desk, kind: str) -> dict[str, dict[str, Any]]:
    return {entry.id.hex(): dict(entry.values) for entry in stored.records(desk.store, kind, desk.scope)}


def cells(path: Path) -> list[list[str]]:
    found: list[list[str]] = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return found


def fill(desk: Desk) -> None:
    """Invented households with everything a form may hold, people without numbers and a household without one too."""
    rng = random.Random(5)
    group, grid = desk.new_id(), desk.new_id()
    micro = desk.new_id()
    places = [
        Edit("villager_group", None, {"name": "三组", "number": 3}),
        Edit("grid", None, {"name": "第一网格", "code": "999901100201001"}),
    ]
    _, (group, grid) = households.save(desk, places)
    micro_grid = Edit("micro_grid", None, {"name": "01", "code": "99990110020100101", "grid": grid.hex()})
    _, (micro,) = households.save(desk, [micro_grid])
    for index in range(1, 13):
        made = invent_household(rng, index)
        where = {"villager_group": group.hex(), "grid": grid.hex(), "micro_grid": micro.hex()}
        home = {**made.household, **where, "fuels": ["1", "2"], "bank_account": CARD, "note": "=1+1"}
        if index == 12:
            del home["household_no"]
        people = [dict(member) for member in made.members]
        people[0] |= {"disability_cert": f"{people[0]['id_no']}43", "bank_account": CARD}
        people.append({"name": "小宝", "relation": "41", "sex": "1", "birth_date": "2026-03-04", "seq": 9})
        people[-1]["id_missing_reason"] = "未上户"
        edits = [Edit("household", None, home), *(Edit("member", None, {**p, "household": ""}) for p in people)]
        households.save(desk, edits)


def test_an_unchanged_export_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    fill(desk)
    for name in ("out.xlsx", "out.csv"):
        for full, purpose in ((False, ""), (True, "交民政办")):
            made = roster_export.export(desk, tmp_path / name, Progress(), full, purpose)
            assert made.households == 12 and made.masked is not full
            seen, operations = take_in(desk, tmp_path / name)
            assert (seen.problems, operations, seen.plan.rows_in) == ((), 0, made.people)


def test_an_edited_export_updates_and_never_duplicates(desk: Desk, tmp_path: Path) -> None:
    """Name of one without a number, number of another, a place, a phone; rows in another order, one person more."""
    fill(desk)
    before = records(desk, "household"), records(desk, "member")
    roster_export.export(desk, tmp_path / "out.xlsx", Progress(), True, "核对")
    head, *rows = cells(tmp_path / "out.xlsx")
    at = {heading: place for place, heading in enumerate(head)}
    nameless = next(row for row in rows if row[at["姓名"]] == "小宝")
    nameless[at["姓名"]] = "陈宝"
    old = rows[0][at["公民身份号码"]]
    rows[0][at["公民身份号码"]] = HEAD
    rows[0][at["残疾人证号"]] = ""
    rows[0][at["联系电话"]] = "13900000001"
    newcomer = [""] * len(head)
    for heading, text in (("姓名", "新人"), ("公民身份号码", WIFE), ("与户主关系", "儿媳")):
        newcomer[at[heading]] = text
    newcomer[at["户编号"]] = rows[0][at["户编号"]]
    copied = list(rows[1])
    copied[at["姓名"]], copied[at["公民身份号码"]] = "抄来的", number("19990909", 18)
    copied[at["与户主关系"]] = "其他"
    twin = list(nameless)
    twin[at["姓名"]] = "陈贝"
    edited = [head, *rows, newcomer, copied, twin]
    seen, operations = take_in(desk, workbook(tmp_path / "edited.xlsx", {"农户花名册": edited}))
    after = records(desk, "household"), records(desk, "member")
    assert {problem.code for problem in seen.problems} == {"id_changed", "name_changed"}
    assert after[0].keys() == before[0].keys()
    assert len(after[1]) == len(before[1]) + 3
    assert operations == 5
    changed = {name for key in before[1] for name in before[1][key] if before[1][key][name] != after[1][key][name]}
    assert changed == {"name", "id_no", "phone"}
    assert {problem.code for problem in seen.problems} == {"id_changed", "name_changed"}
    assert old not in {values["id_no"] for values in after[1].values()}


def test_somebody_who_left_by_an_edited_export_is_unchanged_the_second_time(desk: Desk, tmp_path: Path) -> None:
    fill(desk)
    roster_export.export(desk, tmp_path / "out.xlsx", Progress())
    head, *rows = cells(tmp_path / "out.xlsx")
    leaving = next(row for row in rows if row[head.index("与户主关系")] not in ("户主", "本人"))
    leaving[head.index("离开日期")], leaving[head.index("减少原因")] = "2026-03-01", "婚出"
    edited = workbook(tmp_path / "edited.xlsx", {"农户花名册": [head, *rows]})
    first, operations = take_in(desk, edited)
    assert (first.problems, operations) == ((), 1)
    again, operations = take_in(desk, edited)
    assert (again.problems, operations, again.plan.rows_out) == ((), 0, 0)


def test_masked_by_default_with_a_note_of_every_export(desk: Desk, tmp_path: Path) -> None:
    fill(desk)
    with pytest.raises(DeskError) as caught:
        roster_export.export(desk, tmp_path / "out.xlsx", Progress(), full_ids=True, purpose="  ")
    assert caught.value.code == "roster_purpose_needed" and not (tmp_path / "out.xlsx").exists()
    secrets = [
        str(values[name])
        for kind in ("member", "household")
        for values in records(desk, kind).values()
        for name in ("id_no", "bank_account", "disability_cert")
        if values.get(name)
    ]
    roster_export.export(desk, tmp_path / "out.csv", Progress())
    text = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert secrets and not any(secret in text for secret in secrets)
    births = {secret[6:14] for secret in secrets if len(secret) == 18}
    assert not any(f"{born[:4]}-{born[4:6]}-{born[6:]}" in text for born in births)
    roster_export.export(desk, tmp_path / "full.csv", Progress(), True, "交民政办")
    assert all(secret in (tmp_path / "full.csv").read_text(encoding="utf-8-sig") for secret in secrets)
    notes = [(values["event"], values["count"], values["purpose"]) for values in records(desk, "audit").values()]
    people = len(records(desk, "member"))
    assert sorted(notes) == [("full_ids_exported", people, "交民政办"), ("roster_exported", people, None)]


def test_the_workbook_keeps_digits_as_text_and_calculates_nothing(desk: Desk, tmp_path: Path) -> None:
    import zipfile

    fill(desk)
    roster_export.export(desk, tmp_path / "out.xlsx", Progress(), True, "核对")
    head, *rows = cells(tmp_path / "out.xlsx")
    assert all(isinstance(cell, str) for row in rows for cell in row)
    assert head[:5] == ["户编号", "村民小组", "网格", "微网格", "姓名"]
    with zipfile.ZipFile(tmp_path / "out.xlsx") as book:
        sheet, styles = (book.read(f"xl/{name}").decode() for name in ("worksheets/sheet1.xml", "styles.xml"))
    assert "<f>" not in sheet and "<dimension" not in sheet and 'state="frozen"' in sheet
    place = head.index("公民身份号码") + 1
    column = next(part for part in sheet.split("<col ") if f'min="{place}"' in part)
    style = int(column.split('style="')[1].split('"')[0])
    formats = [part for part in styles.split("<cellXfs")[1].split("<xf ") if "numFmtId" in part]
    assert 'numFmtId="49"' in formats[style]


def test_the_text_file_is_guarded(desk: Desk, tmp_path: Path) -> None:
    fill(desk)
    roster_export.export(desk, tmp_path / "out.csv", Progress())
    data = (tmp_path / "out.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and b",'=1+1" in data and b",=1+1" not in data
    for sign in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"):
        assert guarded(f"{sign}1") == f"'{sign}1"
    assert guarded("1=") == "1=" and guarded("") == ""


def test_a_template_filled_in_is_imported(desk: Desk, tmp_path: Path) -> None:
    roster_export.template(desk, tmp_path / "t.xlsx")
    (head,) = cells(tmp_path / "t.xlsx")
    assert not any("记录号" in heading for heading in head)
    row = [
        {"姓名": "陈守田", "公民身份号码": HEAD, "与户主关系": "户主", "户编号": "07"}.get(text, "") for text in head
    ]
    seen, operations = take_in(desk, workbook(tmp_path / "filled.xlsx", {"花名册": [head, row]}))
    assert operations == 2 and seen.problems == ()
    with pytest.raises(DeskError) as caught:
        roster.preview(desk, tmp_path / "t.xlsx", None, Progress())
    assert caught.value.code == "roster_no_people"


def test_nothing_that_can_go_in_is_refused(desk: Desk, tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "关系"], ["陈守田", HEAD[:17], "户主"]]
    seen = roster.preview(desk, workbook(tmp_path / "a.xlsx", {"名单": rows}), None, Progress())
    with pytest.raises(DeskError) as caught:
        roster.apply(desk, seen, Progress())
    assert caught.value.code == "roster_nothing"


def test_a_sheet_without_an_id_column_is_told_so_once_and_first(desk: Desk, tmp_path: Path) -> None:
    """Missing or not recognised: one sentence for the sheet, before all others; the people go in all the same."""
    unknown = [["姓名", "证", "与户主关系"], ["陈守田", HEAD, "户主"], ["李秀兰", WIFE, "妻"]]
    missing = [["户编号", "姓名"], ["9", "王建国"], ["9", "王小"]]
    named = [["户编号", "姓名", "关系"], *([str(n), f"赵{name}", "户主"] for n, name in enumerate("甲乙丙丁", 20))]
    whole = [["姓名", "身份证号", "关系"], ["孙丽", number("19700101", 33), "户主"], ["孙小", "", "子"]]
    sheets = {"一": unknown, "二": missing, "三": [*named, named[0], ["30", "钱强", "户主"]], "四": whole}
    path = workbook(tmp_path / "a.xlsx", sheets)
    seen = roster.preview(desk, path, None, Progress())
    of = {name: [(p.column, p.row, p.code) for p in seen.problems if p.sheet == name] for name in sheets}
    assert of["一"] == [("", 2, "id_column_missing"), ("B", 1, "column_unknown")]
    assert of["二"][0] == ("", 2, "id_column_missing")
    assert {code for _, _, code in of["二"][1:]} == {"relation_missing"}
    assert of["三"] == [("", 2, "id_column_missing")]
    assert of["四"] == [("B", 3, "id_missing")]
    assert {p.level for p in seen.problems if p.code == "id_column_missing"} == {"warning"}
    roster.apply(desk, seen, Progress())
    people = {values["name"]: values for values in records(desk, "member").values()}
    assert people.keys() == {"陈守田", "李秀兰", "赵甲", "赵乙", "赵丙", "赵丁", "钱强", "孙丽", "孙小"}
    assert people["陈守田"]["id_missing_reason"] == people["孙小"]["id_missing_reason"]
    chosen = roster.preview(desk, path, {"证": "member.id_no"}, Progress())
    assert not [p for p in chosen.problems if p.sheet == "一" and p.code == "id_column_missing"]


def test_the_heads_number_is_no_column_of_the_peoples_numbers(desk: Desk, tmp_path: Path) -> None:
    rows = [["户主姓名", "户主身份证号", "姓名", "关系"], ["陈守田", HEAD, "陈守田", "户主"], ["", "", "李秀兰", "妻"]]
    seen = roster.preview(desk, workbook(tmp_path / "a.xlsx", {"名单": rows}), None, Progress())
    assert [(p.column, p.row, p.code) for p in seen.problems] == [("", 2, "id_column_missing")]
    heads = [rows[0][:2], rows[1][:2]]
    alone = roster.preview(desk, workbook(tmp_path / "b.xlsx", {"户主": heads}), None, Progress())
    assert alone.problems == () and alone.people[0].member["id_no"] == HEAD


def test_damaged_names_stay_out_at_their_cell_until_they_are_mended(desk: Desk, tmp_path: Path) -> None:
    names = ["?明", "王？", "张□", "张■", "张*三", "张三1", "\ue863明"]
    people = [[name, number(f"19700{place}01", 11), "户主"] for place, name in enumerate(names, 1)]
    path = workbook(tmp_path / "a.xlsx", {"名单": [["姓名", "身份证号", "关系"], *people, ["王𬭎", HEAD, "户主"]]})
    seen = roster.preview(desk, path, None, Progress())
    lost, masked = "name_lost_character", "name_masked"
    assert [(p.column, p.row, p.code, p.level) for p in seen.problems] == [
        ("A", 2 + place, code, "error")
        for place, code in enumerate([lost, lost, lost, lost, masked, "name_digits", "name_private_use"])
    ]
    assert (seen.rows, seen.plan.rows_in, seen.cells["名单", 2, "A"]) == (8, 1, "?明")
    mending = roster.Mending({("名单", place, "A"): "张三" for place in range(2, 9)})
    assert roster.preview(desk, path, None, Progress(), mending).plan.rows_in == 8


def test_the_name_of_who_filled_in_the_form_keeps_nobody_out(desk: Desk, tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "关系", "采集人"], ["陈守田", HEAD, "户主", "李会英13900000001"]]
    seen, operations = take_in(desk, workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert [(p.column, p.row, p.code, p.level) for p in seen.problems] == [("D", 2, "name_digits", "warning")]
    assert operations == 2 and next(iter(records(desk, "household").values()))["collector"] is None


def test_only_one_grid_and_nobody_who_left(desk: Desk, tmp_path: Path) -> None:
    fill(desk)
    grid = next(iter(records(desk, "grid")))
    leaver = next(key for key, values in records(desk, "member").items() if values["relation"] == "12")
    households.save(desk, [Edit("member", bytes.fromhex(leaver), {"valid_to": "2020-01-01", "reason_out": "1"})])
    made = roster_export.export(desk, tmp_path / "out.csv", Progress(), grid=grid)
    assert made.people == len(records(desk, "member")) - 1
    with pytest.raises(DeskError) as caught:
        roster_export.export(desk, tmp_path / "none.csv", Progress(), grid="f" * 32)
    assert caught.value.code == "roster_nothing_to_export" and not (tmp_path / "none.csv").exists()


def test_the_list_of_problems_goes_back_to_the_department(desk: Desk, tmp_path: Path) -> None:
    rows = [["姓名", "证件号码", "关系", "密码"], ["陈守田", "9.99901E+17", "户主", "=1"], ["李秀兰", WIFE, "对象", ""]]
    seen = roster.preview(desk, workbook(tmp_path / "a.xlsx", {"三组": rows}), None, Progress())
    roster.save_problems(desk, seen, tmp_path / "p.xlsx")
    head, *listed = cells(tmp_path / "p.xlsx")
    assert head == ["表", "行", "列", "列名", "结果", "问题和改法"]
    assert [line[:5] for line in listed] == [
        ["三组", "1", "D", "密码", "请核对"],
        ["三组", "2", "B", "证件号码", "没有导入"],
        ["三组", "3", "C", "关系", "没有导入"],
    ]


def test_new_places_belong_to_the_action_and_are_undone_with_it(desk: Desk, tmp_path: Path) -> None:
    head = ["组", "网格", "微网格", "姓名", "身份证号", "关系", "备注"]
    path = workbook(tmp_path / "a.xlsx", {"a": [head, ["五组", "甲网格", "01", "陈守田", HEAD, "户主", "+grid:2"]]})
    seen = roster.preview(desk, path, None, Progress())
    done = roster.apply(desk, seen, Progress())
    (grid, _), (micro, _) = next(iter(records(desk, "grid").items())), next(iter(records(desk, "micro_grid").items()))
    assert records(desk, "micro_grid")[micro]["grid"] == grid
    (household,) = records(desk, "household").values()
    assert (household["grid"], household["micro_grid"]) == (grid, micro)
    assert next(iter(records(desk, "member").values()))["note"] == "+grid:2"
    households.undo(desk, done.action)
    assert not any(records(desk, kind) for kind in ("grid", "micro_grid", "villager_group", "household", "member"))


def test_only_this_village_of_a_town_wide_file(desk: Desk, tmp_path: Path) -> None:
    rows = [
        ["行政村", "姓名", "身份证号", "关系"],
        ["柳湾村", "陈守田", HEAD, "户主"],
        ["东岭村", "李秀兰", WIFE, "户主"],
    ]
    seen, operations = take_in(desk, workbook(tmp_path / "a.xlsx", {"全镇": rows}))
    assert operations == 2 and (seen.rows, seen.plan.rows_in, seen.plan.rows_out) == (2, 1, 1)
    assert [(p.column, p.row, p.code) for p in seen.problems] == [("A", 3, "other_village")]


def test_findings_stand_in_the_order_of_the_file(desk: Desk, tmp_path: Path) -> None:
    wide = ["姓名", "身份证号", "关系", *[f"无关{index}" for index in range(26)]]
    sheets = {"乙": [wide, ["陈守田", "1", "户主"]], "甲": [wide[:3], ["李秀兰", "2", "户主"]]}
    seen = roster.preview(desk, workbook(tmp_path / "a.xlsx", sheets), None, Progress())
    places = [(problem.sheet, problem.row, problem.column) for problem in seen.problems]
    letters = [*"DEFGHIJKLMNOPQRSTUVWXYZ", "AA", "AB", "AC"]
    assert places == [*(("乙", 1, letter) for letter in letters), ("乙", 2, "B"), ("甲", 2, "B")]


def test_new_households_get_numbers_nobody_has(desk: Desk, tmp_path: Path) -> None:
    """A household that the roster says nothing of but its people must exist all the same."""
    fill(desk)
    old = set(records(desk, "household"))
    rows = [
        ["组", "户编号", "姓名", "身份证号", "关系"],
        ["三组", "", "陈守田", HEAD, "户主"],
        ["", "", "李秀兰", WIFE, "户主"],
    ]
    rows.append(["3组", "03-001", "王建国", number("19700101", 33), "户主"])
    seen, operations = take_in(desk, workbook(tmp_path / "a.xlsx", {"名单": rows}))
    assert (operations, seen.plan.counts["households"]["added"]) == (6, 3)
    numbers = {values["household_no"] for key, values in records(desk, "household").items() if key not in old}
    assert numbers == {"03-001", "03-002", "012"}
    assert take_in(desk, tmp_path / "a.xlsx")[1] == 0


def test_texts_come_back_from_a_workbook_as_they_were(tmp_path: Path) -> None:
    texts = ["a<b&c>\"'", "_x0041_", " 前后 ", "两\n行", "𬭎䶮", "=1+1", "'x", "0012"]
    columns = [Column(str(place), 8) for place in range(len(texts))]
    write_workbook(tmp_path / "a.xlsx", "表", columns, [texts, ["\x00坏\x1f\ufffe", *texts[1:]]], 2, SystemFiles())
    _, first, second = cells(tmp_path / "a.xlsx")
    assert first == texts and second[0] == "坏"


def test_a_broken_off_export_leaves_no_file(desk: Desk, tmp_path: Path) -> None:
    def lines() -> Iterator[list[str]]:
        yield ["x"]
        raise DeskError("record_unknown")

    for name in ("a.xlsx", "a.csv"):
        with pytest.raises(DeskError):
            write_table(tmp_path / name, "表", [Column("甲", 8)], lines(), 2, SystemFiles())
    assert not [path for path in tmp_path.iterdir() if path.is_file()]


def test_stopped_while_storing_nothing_is_stored(desk: Desk, tmp_path: Path) -> None:
    rows = [
        ["姓名", "身份证号", "与户主关系", "户编号"],
        ["仇建国", HEAD, "户主", "001"],
        ["王秀英", WIFE, "配偶", "001"],
    ]
    seen = roster.preview(desk, workbook(tmp_path / "a.xlsx", {"三组": rows}), None, Progress())
    before = desk.ledger.journal.head(desk.log())
    progress = Progress(lambda *_: progress.cancel())
    with pytest.raises(Cancelled):
        roster.apply(desk, seen, progress)
    assert households.list_page(desk, households.HouseholdQuery()).households == 0
    assert desk.ledger.journal.head(desk.log()) == before
