"""KILL, EIO and ENOSPC at single calls to the system in seven pieces of work (sync.md 6: I2, I5, I6), sampled.

strace counts the calls of each piece of work and then turns one of them into an error or the end of the process.
Where strace cannot be had, or may not watch, Python's own hooks stand in for it: they meet fewer calls, and the
test says so.  Whatever happened, afterwards the desks open, verify, hold what was acknowledged, and the main job still
runs to its receipt.
"""

from __future__ import annotations

import errno
import json
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.excel.sheets import number, workbook
from tests.journeys.victims import SIZE, WORKS, first_desk
from tests.services.practice import PASSPHRASE, PORTS, add_household, hand_in, invited, made_town
from villagedesk.paths import DeskPaths
from villagedesk.progress import Progress
from villagedesk.sentences import texts
from villagedesk.services import bundles, care, desks, intake
from villagedesk.services.desks import Desk
from villagedesk.services.profile import read_card
from villagedesk.storage import keyslots
from villagedesk.storage.anchor import read_anchor
from villagedesk.storage.backup import verify_copy

#: Of each piece of work: with strace (without it, with Python's hooks), and with these hooks where strace is there.
POINTS, HOOKED = 10, 2
CODES = (0, errno.EIO, errno.ENOSPC)
#: Saved before the work begins, after the backup that ``restore`` puts back; and what the roster brings.
BEFORE, ROSTER = ["001", "002"], ["101", "102"]


@dataclass(frozen=True)
class Point:
    """The n-th call of that name and (n below zero) all later ones; ``code`` 0: the process ends there."""

    work: str
    by: str
    call: str
    n: int
    code: int

    def __str__(self) -> str:
        what = errno.errorcode[self.code] if self.code else "an end" if self.call == SIZE else "KILL"
        return f"{self.work}: {what} at {self.call} {abs(self.n)}{'+' if self.n < 0 else ''} ({self.by})"


class Workshop:
    """The process that does the work in forks of its own."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.journeys.victims"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
        )

    def do(self, point: Point, folder: Path) -> dict[str, Any]:
        assert self.process.stdin is not None and self.process.stdout is not None
        job = {**vars(point), "folder": str(folder), "log": str(folder / "calls")}
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        done: dict[str, Any] = json.loads(self.process.stdout.readline())
        return done

    def close(self) -> None:
        self.process.communicate()
        assert self.process.returncode == 0


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    made = Workshop()
    yield made
    made.close()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A village with something to hand in, a town, a finished bundle, a backup, a roster.

    The folder is copied while both desks are open, as after a power cut: their last changes stand in the store's log.
    """
    made, folder = tmp_path_factory.mktemp("made"), tmp_path_factory.mktemp("scenes") / "scene"
    town = made_town(made / "town")
    village = invited(made, town, "柳湾村")
    add_household(village, "001", "张建国")
    bundles.export(village, made / "ready", Progress())
    desks.back_up(village, made / "safe")
    add_household(village, "002", "仇和")
    heads = ("户编号", "姓名", "身份证号码", "与户主关系")
    people = (
        ("101", "单雄信", number("19630412", 11), "户主"),
        ("101", "程咬金", number("19640203", 22), "配偶"),
        ("102", "秦叔宝", number("19640203", 24), "户主"),
    )
    workbook(made / "roster.xlsx", {"花名册": [heads, *people]})
    desks.write_own_anchor(village)
    shutil.copytree(made, folder)
    for desk in (village, town):
        desks.close(desk)
    assert (folder / "village" / "desk.db-wal").stat().st_size
    return folder


def calls_of(work: str, by: str, scene: Path, folder: Path, workshop: Workshop) -> Counter[str]:
    """How often the work calls what, when nothing fails; nothing where nobody may watch it."""
    shutil.copytree(scene, folder)
    done = workshop.do(Point(work, by, "", 0, 0), folder)
    if "unwatched" in done:
        print("not watched:", done["unwatched"])
        calls: Counter[str] = Counter()
    else:
        assert (done["ended"], done["broke"], done["signal"]) == ("", None, 0), done
        log = (folder / "calls").read_text() if by == "strace" else ""
        calls = Counter(re.findall(r"^(\w+)\(", log, re.MULTILINE)) + Counter(done["heard"])
    shutil.rmtree(folder)
    return calls


def point_of(work: str, by: str, rng: random.Random, calls: Counter[str]) -> Point:
    """Where it shall fail: a rare call is met as often as a frequent one."""
    call = rng.choice([*sorted(calls), SIZE] if by == "python" else sorted(calls))
    if call == SIZE:
        return Point(work, by, call, rng.randrange(200, 400_000), 0)
    n, code = rng.randrange(1, calls[call] + 1), rng.choice(CODES)
    return Point(work, by, call, -n if code and rng.random() < 0.4 else n, code)


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Desk, Desk]]:
    """Town and village; closed whatever is found there."""
    with ExitStack() as stack:
        made: list[Desk] = []
        for name in ("town", "village"):
            made.append(desks.unlock(DeskPaths(folder / name), PORTS, PASSPHRASE))
            stack.callback(desks.close, made[-1])
        yield made[0], made[1]


def whole_files(folder: Path) -> None:
    """Whatever stands under its final name can be read to its end."""
    for name in ("village", "town"):
        paths = DeskPaths(folder / name)
        assert read_card(paths, PORTS) is not None
        assert read_anchor(PORTS.files, paths.anchor) is not None or not paths.anchor.exists()
        key = keyslots.read_slot(paths, PORTS, desks.USER, PASSPHRASE)
        for backup in paths.backups.glob("*.vdbackup"):
            copy = folder / "copy.db"
            shutil.copyfile(backup, copy)
            assert verify_copy(copy, key) > 0, backup.name


def households_of(desk: Desk) -> list[str]:
    return sorted(no for (no,) in desk.store.rows("SELECT household_no FROM household"))


def acknowledged(point: Point, said: list[str], folder: Path, village: Desk, town: Desk) -> None:
    """What the work had said is there; what it had not said is there whole or not at all."""
    numbers = households_of(village)
    saved = BEFORE + (said if point.work == "save" else [])
    allowed = [saved]
    if point.work == "save":
        allowed.append([*saved, f"{len(saved) + 1:03d}"])
    elif point.work == "take_roster":
        allowed = [BEFORE + ROSTER] if said else [BEFORE, BEFORE + ROSTER]
    elif point.work == "restore":
        allowed = [BEFORE[:1]] if said else [BEFORE, BEFORE[:1]]
    assert numbers in allowed, (numbers, allowed)
    people = dict(village.store.rows("SELECT household, count(*) FROM member GROUP BY 1"))
    assert sorted(people.values()) == sorted({"101": 2}.get(no, 1) for no in numbers), "an action is there whole"
    if point.work == "take_in":
        held = {entry.file for entry in bundles.exchange_of(town).bundles("in")}
        assert set(said) <= held and len(households_of(town)) == len(held)
        answers = list((folder / "back").glob("*.vdbundle"))
        assert answers or not said
    if point.work == "export":
        assert set(said) <= {path.name for path in (folder / "usb").glob("*")}
        taken = intake.import_files(town, sorted((folder / "usb").glob("*.vdbundle")), Progress(), dry_run=True)
        assert {entry.status for entry in taken.bundles} <= {"accepted"}
    if point.work == "back_up" and said:
        assert set(said) <= {path.name for path in village.paths.backups.iterdir()}


def whole(point: Point, said: list[str], folder: Path) -> None:
    """Both desks open, verify and hold what they should, and the main job runs to its receipt."""
    whole_files(folder)
    with opened(folder) as (town, village):
        acknowledged(point, said, folder, village, town)
        for desk in (town, village):
            assert care.verify(desk, Progress()).sound
        answers = [*hand_in(village, town, folder / "later").receipts, *(folder / "back").glob("*.vdbundle")]
        taken = intake.import_files(village, answers, Progress()).bundles
        assert {entry.status for entry in taken} == {"accepted"}
        status = bundles.report_status(village)
        assert (status.unsent_total, status.unacknowledged) == (0, 0)
        assert village.ledger.state_hash(village.scope) == town.ledger.state_hash(village.scope)


def can_begin(said: list[str], root: Path) -> None:
    """After a first start there is a whole desk, or none and another first start makes it."""
    paths = DeskPaths(root)
    assert paths.store.exists() or not said
    assert (read_card(paths, PORTS) is not None) == paths.store.exists(), "who comes next is asked the right thing"
    desk = desks.unlock(paths, PORTS, PASSPHRASE) if paths.store.exists() else first_desk(root)
    try:
        assert care.verify(desk, Progress()).sound and desk.store.rows("SELECT name FROM village") == [("柳湾村",)]
    finally:
        desks.close(desk)


def survives(point: Point, scene: Path, folder: Path, workshop: Workshop) -> bool:
    """One point; whether it was met."""
    shutil.copytree(scene, folder)
    done = workshop.do(point, folder)
    assert done["broke"] is None and done["signal"] in (0, 9), done
    if done["signal"] == 0:
        assert done["ended"] is not None and (not done["ended"] or done["ended"] in texts("zh_CN")), done
        left = {path.name for path in folder.rglob("*.part*")}
        assert not left or "unlink" in point.call or "remove" in point.call, f"half files are cleared away: {left}"
    if point.work == "found":
        can_begin(done["said"], folder / "new")
    else:
        whole(point, done["said"], folder)
    met = done["signal"] == 9 or bool(done["ended"])
    if point.by == "strace":
        met |= "(INJECTED)" in (folder / "calls").read_text()
    shutil.rmtree(folder)
    return met


@pytest.mark.parametrize("work", WORKS)
def test_any_single_call_may_fail_or_be_the_last(work: str, scene: Path, tmp_path: Path, workshop: Workshop) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    calls = {by: calls_of(work, by, scene, tmp_path / "counted", workshop) for by in ("strace", "python")}
    print({by: dict(counted) for by, counted in calls.items()})
    if calls["strace"]:
        assert min(calls["strace"][name] for name in ("pwrite64", "fsync", "rename", "unlink")) > 0
    else:
        print("strace cannot be had here: only what Python opens, renames and removes fails, and the size of files")
    ways = ["strace"] * POINTS + ["python"] * HOOKED if calls["strace"] else ["python"] * POINTS
    met: Counter[str] = Counter()
    for place, by in enumerate(ways):
        point = point_of(work, by, rng, calls[by])
        print(point)
        met[by] += survives(point, scene, tmp_path / str(place), workshop)
    print(f"met: {dict(met)} of {len(ways)}")
    assert met["strace"] >= 0.8 * ways.count("strace") and met["python"] >= 0.3 * (ways.count("python") - HOOKED)
