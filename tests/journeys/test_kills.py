"""kill -9 in import, export, backup, restore and rebuild: what was said to be done is there, the store opens (I2, I5).

The save's own kills are in ``tests/storage/test_keeping.py``.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.services.practice import PASSPHRASE, PORTS, add_household, invited, made_town
from villagedesk.paths import DeskPaths
from villagedesk.progress import Progress
from villagedesk.services import bundles, care, desks
from villagedesk.services.desks import Desk
from villagedesk.storage.backup import backups_in, verify_copy
from villagedesk.sync.bundle import open_header

KILLS = 15

VICTIM = """
import sys
from pathlib import Path
from tests.services.practice import PASSPHRASE, PORTS
from villagedesk.paths import DeskPaths
from villagedesk.progress import Progress
from villagedesk.services import bundles, care, desks, intake
what, root, other = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
print("ready", flush=True)
if what == "restore":
    while True:
        care.restore(DeskPaths(root), PORTS, next(other.glob("*.vdbackup")), PASSPHRASE)
        print("done", flush=True)
desk = desks.unlock(DeskPaths(root), PORTS, PASSPHRASE)
while True:
    if what == "import":
        for path in sorted(other.glob("*.vdbundle")):
            (taken,) = intake.import_files(desk, [path], Progress()).bundles
            print(taken.status, path.name, flush=True)
    elif what == "export":
        for path in bundles.export(desk, other, Progress(), everything=True).files:
            print("done", path.name, flush=True)
    elif what == "backup":
        print("done", desks.back_up(desk).path.name, flush=True)
    else:
        desk.ledger.rebuild()
        print("done", flush=True)
"""


def killed(what: str, root: Path, other: Path, rng: random.Random) -> list[str]:
    """Run one kind of work until it is killed at a random moment; returns what it had said by then."""
    command = [sys.executable, "-c", VICTIM, what, str(root), str(other)]
    victim = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    assert victim.stdout is not None
    assert victim.stdout.readline() == "ready\n"
    time.sleep(rng.uniform(0.01, 0.35))
    os.kill(victim.pid, signal.SIGKILL)
    whole, _, _cut_off = victim.stdout.read().rpartition("\n")
    said = whole.splitlines()
    victim.wait()
    victim.stdout.close()
    return said


@pytest.fixture
def rng() -> random.Random:
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    return random.Random(seed)


def filled_village(folder: Path, town: Desk, households: int) -> Desk:
    desk = invited(folder, town, "柳湾村")
    for number in range(households):
        add_household(desk, f"{number:03d}", "张建国")
    return desk


def state_of(root: Path, scope: bytes) -> tuple[bytes, int]:
    """Opens, verifies and closes; the state and the number of operations."""
    desk = desks.unlock(DeskPaths(root), PORTS, PASSPHRASE)
    checked = care.verify(desk, Progress())
    assert checked.sound
    state = desk.ledger.whole_state_hash(scope)
    desks.close(desk)
    return state, checked.operations


def test_killed_while_taking_in(tmp_path: Path, rng: random.Random) -> None:
    town = made_town(tmp_path / "town")
    village = invited(tmp_path, town, "柳湾村")
    for number in range(3 * KILLS):
        for inner in range(4):
            add_household(village, f"{number:03d}{inner}", "张建国")
        bundles.export(village, tmp_path / "usb", Progress())
        after = village.ledger.journal.head(village.log()).n
        bundles.exchange_of(village).acknowledge(village.log(), after, b"", b"", 1, 0)  # the next file goes on here
    expected, scope = village.ledger.whole_state_hash(village.scope), village.scope
    desks.close(village)
    desks.close(town)
    accepted: set[str] = set()
    for _ in range(KILLS):
        for line in killed("import", tmp_path / "town", tmp_path / "usb", rng):
            status, name = line.split()
            assert status == ("duplicate" if name in accepted else status)
            accepted.add(name)
        desk = desks.unlock(DeskPaths(tmp_path / "town"), PORTS, PASSPHRASE)
        held = {entry.file for entry in bundles.exchange_of(desk).bundles("in")}
        assert accepted <= held, "what was said to be taken in is there"
        desks.close(desk)
    for path in sorted((tmp_path / "usb").iterdir()):
        desk = desks.unlock(DeskPaths(tmp_path / "town"), PORTS, PASSPHRASE)
        from villagedesk.services import intake

        assert intake.import_files(desk, [path], Progress()).bundles[0].status in ("accepted", "duplicate")
        desks.close(desk)
    assert state_of(tmp_path / "town", scope)[0] == expected


@pytest.mark.parametrize("what", ["export", "backup", "rebuild"])
def test_killed_at_work(what: str, tmp_path: Path, rng: random.Random) -> None:
    town = made_town(tmp_path / "town")
    village = filled_village(tmp_path, town, 60)
    before, scope = village.ledger.whole_state_hash(village.scope), village.scope
    desks.close(village)
    for _ in range(KILLS):
        said = killed(what, tmp_path / "village", tmp_path / "usb", rng)
        names = {line.split()[1] for line in said if " " in line}
        if what == "export":
            files = {path.name: path for path in (tmp_path / "usb").glob("*.vdbundle")}
            assert names <= files.keys()
            for path in files.values():
                assert open_header(path.read_bytes()).header.app, "a file under its name is whole"
                path.unlink()
        if what == "backup":
            made = [path for path, _ in backups_in(tmp_path / "village" / "backups")]
            assert bool(names) <= bool(made)
            for path in made[:2]:
                assert verify_copy(path, desk_key(tmp_path / "village")) > 0
    assert state_of(tmp_path / "village", scope)[0] == before
    left = [path.name for path in (tmp_path / "village").rglob("*.part")]
    assert len(left) <= 3, f"half files are cleared by the next try, never piled up: {left}"
    desks.close(town)


def desk_key(root: Path) -> bytes:
    from villagedesk.storage import keyslots

    return keyslots.read_slot(DeskPaths(root), PORTS, desks.USER, PASSPHRASE)


def everybody(desk: Desk) -> list[dict[str, Any]]:
    return [entry for kind in ("household", "member") for entry in care.dump(desk, kind) if "id" in entry]


def test_killed_while_restoring(tmp_path: Path, rng: random.Random) -> None:
    town = made_town(tmp_path / "town")
    village = filled_village(tmp_path, town, 60)
    desks.back_up(village, tmp_path / "safe")
    people, scope = everybody(village), village.scope
    desks.close(village)
    for _ in range(KILLS):
        killed("restore", tmp_path / "village", tmp_path / "safe", rng)
        state_of(tmp_path / "village", scope)
        again = desks.unlock(DeskPaths(tmp_path / "village"), PORTS, PASSPHRASE)
        assert everybody(again) == people
        desks.close(again)
        for path in (tmp_path / "village").glob("set-aside-*"):
            path.unlink()
    desks.close(town)
