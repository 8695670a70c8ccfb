"""50 invented persons through every flow; nothing of them may stand outside the encrypted store (I11).

Excluded is only what a person asked for by name: the roster that was given, printed forms, an export with names (which
holds no whole number unless those were asked for too), a file that holds a secret of one's own.
"""

from __future__ import annotations

import io
import json
import logging
import random
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from tests.excel.sheets import workbook
from tests.services.practice import PORTS
from villagedesk.cli.main import cli, run
from villagedesk.domain.idnumber import check_character
from villagedesk.paths import DeskPaths
from villagedesk.services import desks, forms, households
from villagedesk.sync.bundle import glance

PEOPLE = 50
SURNAMES = "亓亍仉妫戢璩缑谌郜麴"
GIVEN = "頔翀珺鹮翯赟骐旸瑀堃"
PASSPHRASE = "a long enough passphrase"
#: Commands that make folders of their own with the practice town's people.
ELSEWHERE = {"demo", "selfcheck"}
#: Commands that change nothing; what they say to a person is searched as well as what they say to a program.
LOOKING = {"list", "info", "trust", "incidents", "verify", "inspect"}

Person = dict[str, str]


def canaries(rng: random.Random) -> list[Person]:
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


def commands(group: click.Group, above: str = "") -> Iterator[str]:
    """Every command of the command line, with the groups it stands in."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{above}{name} ")
        else:
            yield above + name


class Shell:
    """The command line with everything it says kept.

    ``asked``: files that hold people because somebody asked for just that; ``masked``: with names, without numbers.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys
        self.told = ""
        self.used: set[str] = set()
        self.asked: set[Path] = set()
        self.masked: set[Path] = set()

    def __call__(
        self, desk: Path, words: str, *more: str | Path, stdin: object = None, quiet: bool = True, code: int = 0
    ) -> Any:
        """``quiet``: this command has no business showing people; what it says is searched too."""
        self.used.add(words)
        self.monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(stdin)))
        arguments = ["--lang", "zh_CN", "--desk", str(desk), *words.split(), *map(str, more)]
        done = run([*arguments, "--json"], PORTS)
        out, err = self.capsys.readouterr()
        assert done == code, (words, out, err)
        if words.split()[-1] in LOOKING:
            assert run(arguments, PORTS) == code
        again = "".join(self.capsys.readouterr())
        self.told += err + (out + again if quiet else "")
        return json.loads(out.splitlines()[0]) if out.strip() else None


def enter(shell: Shell, village: Path, people: list[Person]) -> None:
    """Typing at the village: households one by one, a mistake, a draft, places and who answers for them."""
    for index, person in enumerate(people[:40]):
        member = {"name": person["name"], "relation": "02", "id_no": person["id_no"]}
        home = {"household_no": f"{index:03d}", "phone": person["phone"], "members": [member]}
        shell(village, "household add", stdin=home)
    broken = {"name": people[0]["name"], "relation": "02", "id_no": people[0]["id_no"][:-1] + "?"}
    shell(village, "household add", stdin={"household_no": "900", "members": [broken]}, quiet=False, code=1)
    shell(village, "household set", "001", stdin={"phone": people[49]["phone"], "needs": people[48]["name"]})
    desk = desks.unlock(DeskPaths(village), PORTS, PASSPHRASE)
    households.keep_draft(desk, "household:new", {"typed": people[47]})
    desks.close(desk)
    shell(village, "grid add", stdin={"name": "东片", "code": "999901100201001"})
    shell(village, "grid set", "东片", stdin={"name": "东头"})
    shell(village, "grid list")
    shell(village, "group add", stdin={"number": 1})
    shell(village, "group list")
    answers = {"person_name": people[3]["name"], "phone": people[3]["phone"], "role": "网格长", "grid": "东头"}
    made = shell(village, "responsibility add", stdin=answers)
    shell(village, "responsibility list", quiet=False)
    shell(village, "responsibility end", made["id"])
    shell(village, "grid void", "东头")


def read(shell: Shell, village: Path, people: list[Person]) -> None:
    """Looking at people, which shows them, and finding nobody, which does not."""
    for find in (people[0]["name"], people[1]["id_no"][-4:], people[2]["phone"]):
        shell(village, "household list", "--find", find, quiet=False)
    shell(village, "household list", "--find", "zzz")
    shell(village, "household show", "000", quiet=False)
    shell(village, "household show", "000", "--full-ids", "--purpose", "x", quiet=False)
    shell(village, "household show", "777", code=1)
    member = shell(village, "dump", "member", quiet=False)["records"][0]
    shell(village, "history", member["id"], quiet=False)
    shell(village, "dump", "--canonical", quiet=False)


def roster(shell: Shell, village: Path, folder: Path, people: list[Person]) -> None:
    """A department's workbook in, its findings, everything that goes out again, and all of it undone."""
    head = ["户编号", "姓名", "与户主关系", "公民身份号码", "联系电话"]
    rows = [[f"8{n:02d}", p["name"], "户主", p["id_no"], p["phone"]] for n, p in enumerate(people[40:])]
    rows.append(["900", people[40]["name"], "户主", people[41]["id_no"], people[42]["phone"] + "9"])
    rows.append(["901", "", "户主", people[43]["id_no"][:-1], ""])
    given = workbook(folder / "given.xlsx", {"名册": [head, *rows]})
    table = folder / "given.csv"
    table.write_text("\n".join(",".join(row) for row in [head, *rows[:3]]), encoding="gb18030")
    shell.asked |= {given, table}
    shell(village, "roster import", given, "--dry-run", quiet=False)
    done = shell(village, "roster import", given, "--problems", folder / "out" / "findings.xlsx", quiet=False)
    assert done["households"]["added"] == 10 and len(done["problems"]) >= 3
    shell(village, "roster import", table, quiet=False)
    shell.masked |= {folder / "out" / "names.xlsx", folder / "out" / "names.csv"}
    for path in shell.masked:
        shell(village, "roster export", path)
    full = folder / "out" / "numbers.xlsx"
    shell(village, "roster export", full, "--full-ids", code=1)
    assert not full.exists()
    shell(village, "roster export", full, "--full-ids", "--purpose", "乡镇核对")
    shell.asked.add(full)
    shell(village, "roster template", folder / "out" / "template.xlsx")
    shell(village, "roster numbers", folder / "out" / "counts.xlsx")
    shell(village, "undo", done["action"])
    forms_file = folder / "paper" / "forms.pdf"
    shell(village, "form household", "--all", "-o", forms_file)
    shell.asked.add(forms_file)
    shell(village, "form household", "--blank", "2", "-o", folder / "paper" / "blank.pdf")


def exchange(shell: Shell, town: Path, village: Path, folder: Path, people: list[Person]) -> None:
    """Through the stick both ways, cut files, a conflict that a human settles."""
    usb = folder / "usb"
    shell(village, "bundle export", "-o", usb)
    shell(village, "sync", "--folder", usb)
    bundle = next(usb.glob("VD-*.vdbundle"))
    shell(village, "bundle inspect", bundle)
    (usb / "cut.vdbundle").write_bytes(bundle.read_bytes()[:-9])
    shell(town, "bundle import", usb, "--dry-run", code=1)
    shell(town, "bundle import", usb, "--receipts", folder / "back", code=1)
    shell(town, "town trust")
    shell(town, "sync", "--folder", usb)
    shell(village, "bundle import", folder / "back")
    for desk, person in ((town, people[5]), (village, people[6])):
        shell(desk, "household set", "004", stdin={"phone": person["phone"], "address": person["name"]})
    for desk in (village, town, village):
        shell(desk, "sync", "--folder", usb)
    waiting = shell(village, "conflict list", quiet=False)["conflicts"]
    assert {entry["field"] for entry in waiting} == {"phone", "address"}
    shell(village, "conflict settle", waiting[0]["id"], "--keep", "other")


def crash(shell: Shell, village: Path, folder: Path, people: list[Person], monkeypatch: pytest.MonkeyPatch) -> None:
    """Bugs whose messages and values are full of people, on the way in and on the way out."""

    def fail(*given: object, **named: object) -> None:
        known = people[7]
        try:
            raise KeyError(known["id_no"])
        except KeyError as error:
            raise RuntimeError(f"{known} {given} {named}") from error

    with monkeypatch.context() as patch:
        patch.setattr(households, "save", fail)
        patch.setattr(forms, "print_household_forms", fail)
        shell(village, "household set", "002", stdin={"phone": people[8]["phone"]}, code=70)
        shell(village, "form household", "--all", "-o", folder / "paper" / "never.pdf", code=70)
    assert len(list((village / "logs").glob("crash-*.json"))) == 2


def care_for(shell: Shell, town: Path, village: Path, folder: Path) -> None:
    """Backups, keys, erasure, a lost machine, a desk that worked alone, a desk that is not there."""
    for words in ("desk backup", "desk rehearse", "desk verify", "desk info", "desk incidents"):
        shell(village, words)
    record = shell(village, "dump", "member", quiet=False)["records"][0]["id"]
    shell(village, "desk redact", record, "--yes")
    shell(village, "household void", "010")
    gone = shell(village, "household list", "--voided", quiet=False)["rows"][0]
    shell(village, "household restore", gone["id"])
    shell(village, "desk restore", next((village / "backups").glob("*.vdbackup")))
    shell(village, "desk info")
    key, new = folder / "recovery.txt", folder / "new.txt"
    key.write_text(shell(village, "desk recovery-key")["recovery_key"])
    new.write_text(PASSPHRASE)
    shell(village, "desk recover", "--recovery-file", key)
    shell(village, "desk passphrase", "--new-file", new)
    shell(town, "town replace-machine", "--village", "柳湾村", "--yes", "-o", folder / "again.vdinvite")
    alone = folder / "alone"
    shell(alone, "desk init", "--role", "village", "--name", "东岭村")
    shell(town, "town invite", "--village", "东岭村", "-o", folder / "late.vdinvite")
    shell(alone, "desk join", folder / "late.vdinvite")
    shell(folder / "nowhere", "household list", code=3)


def parts_of(path: Path) -> Iterator[bytes]:
    """What stands in a file, and in each part of one that is packed."""
    yield path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            yield from map(packed.read, packed.namelist())


def spellings(word: str) -> tuple[bytes, ...]:
    return (word.encode(), word.encode("utf-16-le"), word.encode("gb18030"), json.dumps(word)[1:-1].encode())


def holds(path: Path, words: list[str]) -> list[str]:
    parts = list(parts_of(path))
    return [word for word in words if any(spelling in part for spelling in spellings(word) for part in parts)]


def test_nobody_stands_outside_the_store(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    logging.getLogger(__name__).warning("seed %d", seed)  # what is printed the shell takes for its own
    people = canaries(random.Random(seed))
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", PASSPHRASE)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    shell = Shell(monkeypatch, capsys)
    town, village = tmp_path / "town", tmp_path / "village"
    with caplog.at_level(logging.DEBUG):
        shell(town, "desk init", "--role", "town", "--name", "青禾镇")
        shell(town, "town invite", "--village", "柳湾村", "-o", tmp_path / "lw.vdinvite")
        shell(village, "desk init", "--role", "village", "--invitation", tmp_path / "lw.vdinvite")
        enter(shell, village, people)
        read(shell, village, people)
        roster(shell, village, tmp_path, people)
        exchange(shell, town, village, tmp_path, people)
        crash(shell, village, tmp_path, people, monkeypatch)
        care_for(shell, town, village, tmp_path)
    assert shell.used == set(commands(cli)) - ELSEWHERE, "a new command has a flow here too"
    assert list(village.glob("set-aside-*"))
    numbers = [person["id_no"] for person in people]
    words = [word for person in people for word in person.values()]
    for path in tmp_path.rglob("*"):
        assert not any(word in str(path) for word in words), path
        if path.is_file() and path not in shell.asked:
            assert holds(path, numbers if path in shell.masked else words) == [], path
            if path.suffix == ".vdbundle" and path.stem != "cut":
                assert glance(path.read_bytes()[:17_000]) is not None
    assert all(len(holds(path, [p["name"] for p in people])) == PEOPLE for path in shell.masked), "the search does find"
    assert not any(word in shell.told for word in words), "messages speak of counts and codes"
    assert not any(word in caplog.text for word in words)
