"""The log and the crash report hold what helps a developer and nothing about people (canaries)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from villagedesk.domain.ids import new_id
from villagedesk.domain.numbers import read_amount
from villagedesk.errors import DeskError, EnvironmentFault
from villagedesk.logs import DeskLog, mark_offered, pending_crash_reports, write_crash_report
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports, SystemFiles

CANARIES = ("张建国", "999901195602290013", "13800001234", "zhang.jianguo", "青禾镇", "Zhang Jianguo")


class Clock:
    """Stands still."""

    def now_ms(self) -> int:
        return 1_790_000_000_000


PORTS = Ports(clock=Clock())


@pytest.fixture
def paths(tmp_path: Path) -> DeskPaths:
    return DeskPaths(tmp_path / "desk")


def written(paths: DeskPaths) -> str:
    return "".join(f"{path.name}\n{path.read_text('ascii')}" for path in sorted(paths.logs.iterdir()))


def test_a_line_holds_time_event_ids_counts_and_codes(paths: DeskPaths) -> None:
    record = new_id(PORTS)
    DeskLog(paths, PORTS).note("bundle_taken_in", ops=1200, code="bundle_newer", record=record, whole=True)
    line = (paths.logs / "desk.log").read_text()
    assert line == (f"2026-09-21T14:13:20Z bundle_taken_in ops=1200 code=bundle_newer record={record.hex()} whole=1\n")


def test_anything_else_becomes_a_question_mark(paths: DeskPaths) -> None:
    log = DeskLog(paths, PORTS)
    for canary in CANARIES:
        log.note("saved", value=canary)
        log.note(canary, many=[canary], error=ValueError(canary), nothing=None, part=1.5)
        log.note("saved", **{canary: 1})
    log.note("saved", phone=13800001234, id_no=999901195602290013, minus=-13800001234)
    log.note("saved", line="saved\nforged", card="6217" + "0" * 28 + "x", tail="\u0661\u0662")
    text = written(paths)
    assert not any(canary in text for canary in (*CANARIES, "6217", "forged"))
    assert "value=?" in text and text.count("\n") == 3 * len(CANARIES) + 3


def test_the_log_stays_small(paths: DeskPaths) -> None:
    log = DeskLog(paths, PORTS)
    for count in range(24_000):
        log.note("counted", count=count)
    log.note("last_line")
    files = sorted(path.name for path in paths.logs.iterdir())
    assert files == ["desk.1.log", "desk.2.log", "desk.3.log", "desk.log"]
    assert all(path.stat().st_size <= 256 * 1024 for path in paths.logs.iterdir())
    assert "last_line" in (paths.logs / "desk.log").read_text()
    numbers = [int(found) for found in re.findall(r"count=(\d+)", (paths.logs / "desk.1.log").read_text())]
    assert numbers == sorted(numbers) and numbers[-1] > int(
        re.findall(r"count=(\d+)", (paths.logs / "desk.2.log").read_text())[-1]
    )


def test_a_log_that_cannot_be_written_fails_nothing(tmp_path: Path) -> None:
    (tmp_path / "desk").write_text("a file where the folder should be")
    blocked = DeskPaths(tmp_path / "desk")
    DeskLog(blocked, PORTS).note("opened")
    assert write_crash_report(blocked, PORTS, ValueError()) is None


def crash(action: Any) -> BaseException:
    try:
        action()
    except BaseException as error:
        return error
    raise AssertionError("nothing happened")


def _with_everything() -> None:
    try:
        secret = CANARIES[1]
        raise KeyError(CANARIES[0], {"id": secret})
    except KeyError as first:
        known = DeskError("household_unknown", number=CANARIES[2])
        known.add_note(CANARIES[4])
        raise known from first


def test_a_crash_report_names_the_place_and_no_person(paths: DeskPaths) -> None:
    odd_name = type(CANARIES[0], (ValueError,), {})
    causes = [
        crash(_with_everything),
        crash(lambda: (_ for _ in ()).throw(odd_name(CANARIES[5]))),
        crash(lambda: int(CANARIES[3])),
        crash(lambda: (_ for _ in ()).throw(DeskError(CANARIES[0]))),
        crash(lambda: exec(compile(f"raise ValueError('{CANARIES[0]}')", f"/somewhere/{CANARIES[0]}/x.py", "exec"))),
        crash(lambda: exec(compile("raise ValueError", f"villagedesk/../{CANARIES[0]}.py", "exec"))),
        crash(lambda: read_amount(None, CANARIES[0])),  # type: ignore[arg-type] # a bug inside our own package
    ]
    for cause in causes:
        assert write_crash_report(paths, PORTS, cause) is not None
    text = written(paths)
    assert not any(canary in text or json.dumps(canary)[1:-1] in text for canary in CANARIES)
    assert str(Path.home()) not in text and "/" + Path(__file__).name not in text


def test_a_crash_report_says_what_a_developer_needs(paths: DeskPaths) -> None:
    report = write_crash_report(paths, PORTS, crash(lambda: read_amount(None, "1")))  # type: ignore[arg-type]
    assert report is not None and report.name.startswith("crash-20260921-141320-")
    (error,) = json.loads(report.read_text())["errors"]
    assert error["type"] == "AttributeError" and error["foreign_frames"] >= 1
    assert re.fullmatch(r"villagedesk/domain/numbers\.py:\d+ read_amount", error["frames"][0])
    chained = write_crash_report(paths, PORTS, crash(_with_everything))
    assert chained is not None
    outer, inner = json.loads(chained.read_text())["errors"]
    assert (outer["type"], outer["code"], inner["type"]) == ("DeskError", "household_unknown", "KeyError")


def test_a_built_program_names_its_files_by_the_same_names(paths: DeskPaths) -> None:
    frozen = crash(lambda: exec(compile("raise ValueError", "villagedesk/services/entry.py", "exec")))
    report = write_crash_report(paths, PORTS, frozen)
    assert report is not None
    assert json.loads(report.read_text())["errors"][0]["frames"] == ["villagedesk/services/entry.py:1 <module>"]


def test_endless_chains_and_depths_end(paths: DeskPaths) -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first

    own: dict[str, Any] = {}
    exec(compile("def dive():\n    dive()", "villagedesk/domain/fold.py", "exec"), own)
    for error in (first, crash(own["dive"])):
        report = write_crash_report(paths, PORTS, error)
        assert report is not None and report.stat().st_size < 8 * 1024


def test_reports_are_offered_once_and_few_are_kept(paths: DeskPaths) -> None:
    assert pending_crash_reports(paths) == ()
    report = write_crash_report(paths, PORTS, ValueError())
    assert report is not None and pending_crash_reports(paths) == (report,)
    mark_offered(PORTS.files, report)
    assert pending_crash_reports(paths) == () and len(list(paths.logs.iterdir())) == 1
    for _ in range(15):
        write_crash_report(paths, PORTS, ValueError())
    assert len(list(paths.logs.iterdir())) == 10


class FullDisk(SystemFiles):
    """No room for anything."""

    def write(self, path: Path, fill: Any, verify: Any) -> None:
        raise EnvironmentFault("disk_full", file=path.name)


def test_a_full_disk_hides_no_crash(paths: DeskPaths) -> None:
    assert write_crash_report(paths, Ports(files=FullDisk()), ValueError()) is None
