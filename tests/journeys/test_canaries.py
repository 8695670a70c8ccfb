"""50 invented persons through every flow; nothing of them may stand outside the encrypted store (I11)."""

from __future__ import annotations

import io
import json
import logging
import random
import tempfile
from pathlib import Path

import pytest

from tests.services.practice import PORTS
from villagedesk.cli.main import run
from villagedesk.domain.idnumber import check_character
from villagedesk.sync.bundle import glance

PEOPLE = 50
SURNAMES = "亓亍仉妫戢璩缑谌郜麴"
GIVEN = "頔翀珺鹮翯赟骐旸瑀堃"


def canaries(rng: random.Random) -> list[dict[str, str]]:
    """Names, numbers and phones that no program text contains by chance."""
    people = []
    for index in range(PEOPLE):
        body = f"999901{rng.randrange(1940, 2015)}0412{index:03d}"
        people.append(
            {
                "name": SURNAMES[index % 10] + GIVEN[index // 10] + rng.choice(GIVEN),
                "id_no": body + check_character(body),
                "phone": f"1380{rng.randrange(10**7):07d}",
            }
        )
    return people


class Shell:
    """The command line with everything it says kept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys
        self.shown = self.told = ""

    def __call__(self, *arguments: str | Path, stdin: object = None, quiet: bool = True) -> str:
        """``quiet``: this command has no business showing people; what it says is searched too."""
        self.monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(stdin)))
        run(["--lang", "zh_CN", *map(str, arguments)], PORTS)
        out, err = self.capsys.readouterr()
        self.told += err + (out if quiet else "")
        return out


def flows(shell: Shell, folder: Path, people: list[dict[str, str]]) -> None:
    """Everything the command line can do, mistakes included."""
    town, village, usb = folder / "town", folder / "village", folder / "usb"
    shell("--desk", town, "desk", "init", "--role", "town", "--name", "青禾镇")
    shell("--desk", town, "town", "invite", "--village", "柳湾村", "-o", folder / "lw.vdinvite")
    shell("--desk", village, "desk", "init", "--role", "village", "--invitation", folder / "lw.vdinvite")
    for index, person in enumerate(people):
        member = {"name": person["name"], "relation": "02", "id_no": person["id_no"]}
        shell(
            *("--desk", village, "household", "add"),
            stdin={"household_no": f"{index:03d}", "phone": person["phone"], "members": [member]},
        )
    broken = {"name": people[0]["name"], "relation": "02", "id_no": people[0]["id_no"][:-1] + "?"}
    shell("--desk", village, "household", "add", stdin={"household_no": "900", "members": [broken]}, quiet=False)
    for find in (people[0]["name"], people[1]["id_no"][-4:], "zzz"):
        shell("--desk", village, "household", "list", "--find", find, quiet=False)
    shell("--desk", village, "form", "household", "--all", "-o", folder / "paper" / "forms.pdf")
    shell("--desk", village, "bundle", "export", "-o", usb)
    shell("--desk", village, "sync", "--folder", usb)
    (usb / "cut.vdbundle").write_bytes(next(usb.glob("VD-*.vdbundle")).read_bytes()[:-9])
    shell("--desk", town, "bundle", "import", usb, "--dry-run")
    shell("--desk", town, "bundle", "import", usb, "--receipts", folder / "back")
    shell("--desk", town, "sync", "--folder", usb)
    shell("--desk", village, "bundle", "import", folder / "back")
    shell("--desk", village, "desk", "backup")
    shell("--desk", village, "desk", "rehearse")
    shell("--desk", village, "desk", "verify")
    shell("--desk", village, "desk", "info")
    dumped = shell("--desk", village, "dump", "member", quiet=False)
    record = json.loads(dumped.splitlines()[0])["id"]
    shell("--desk", village, "history", record, quiet=False)
    shell("--desk", village, "desk", "redact", record, "--yes")
    shell("--desk", village, "desk", "restore", next((village / "backups").glob("*.vdbackup")))
    shell("--desk", village, "desk", "info")
    shell("--desk", village, "household", "show", "000", quiet=False)
    shell("--desk", folder / "nowhere", "household", "list")


def test_nobody_stands_outside_the_store(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    people = canaries(random.Random(seed))
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", "a long enough passphrase")
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    shell = Shell(monkeypatch, capsys)
    with caplog.at_level(logging.DEBUG):
        flows(shell, tmp_path, people)
    words = [word for person in people for word in person.values()]
    assert (tmp_path / "paper" / "forms.pdf").stat().st_size > 10_000, "the flows did run"
    assert len(list((tmp_path / "usb").iterdir())) >= 3 and list((tmp_path / "village").glob("set-aside-*"))
    for path in tmp_path.rglob("*"):
        assert not any(word in str(path) for word in words), path
        if path.is_file() and path.suffix != ".pdf":  # the form itself is made to be read
            data = path.read_bytes()
            for word in words:
                for spelling in (word.encode(), word.encode("utf-16-le"), json.dumps(word)[1:-1].encode()):
                    assert spelling not in data, path
            if path.suffix == ".vdbundle" and path.stem != "cut":
                assert glance(data[:17_000]) is not None
    assert not any(word in shell.told for word in words), "messages speak of counts and codes"
    assert not any(word in caplog.text for word in words)
