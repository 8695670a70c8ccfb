"""The self-check: good on a whole program, a line per check, and what is broken is named while the rest goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from villagedesk.cli.main import run
from villagedesk.errors import DeskError, EnvironmentFault
from villagedesk.ports import Ports, SystemFiles
from villagedesk.sentences import LANGUAGES, texts
from villagedesk.services import selfcheck
from villagedesk.services.selfcheck import CHECKS, Check, Outcome, Workshop, run_checks


class QuickPassphrases:
    """age's scrypt takes seconds by design; these tests need only right or wrong."""

    def lock(self, secret: bytes, passphrase: str) -> bytes:
        return hashlib.sha256(passphrase.encode()).digest() + secret

    def unlock(self, sealed: bytes, passphrase: str) -> bytes | None:
        return sealed[32:] if sealed[:32] == hashlib.sha256(passphrase.encode()).digest() else None


PORTS = Ports(passphrases=QuickPassphrases())


def outcomes(workshop: Workshop, checks: tuple[tuple[str, Check], ...] = CHECKS) -> tuple[bool, dict[str, str]]:
    told: list[Outcome] = []
    good = run_checks(workshop, checks, told.append)
    return good, {each.name.removeprefix("selfcheck_"): each.fault for each in told}


def test_a_whole_program_is_good(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path, PORTS)
    good, faults = outcomes(workshop)
    assert good and len(faults) == len(CHECKS) and not any(faults.values())
    assert workshop.village is not None and workshop.village.lock is not None
    assert workshop.village.lock._stream.closed, "everything is closed, so that the folder can go"


def test_every_check_has_a_sentence() -> None:
    for language in LANGUAGES:
        assert {name for name, _ in CHECKS} | {"selfcheck_window"} <= set(texts(language))


def _known(workshop: Workshop) -> None:
    raise DeskError("store_damaged", file="x")


def _bug(workshop: Workshop) -> None:
    raise ImportError("libEGL.so.1")


def test_what_is_broken_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    checks = (("known", _known), ("bug", _bug), ("texts", selfcheck.check_texts), ("form", selfcheck.check_form))
    good, faults = outcomes(Workshop(tmp_path, PORTS), checks)
    assert not good and faults == {
        "known": "store_damaged {'file': 'x'}",
        "bug": "ImportError: libEGL.so.1",
        "texts": "",
        "form": "Failed: no store",
    }


class Disk(SystemFiles):
    """Writes, but spoils or refuses files of one ending."""

    def __init__(self, ending: str, spoil: Callable[[bytes], bytes] | None) -> None:
        self.ending, self.spoil = ending, spoil

    def write(self, path: Path, fill: Callable[[BinaryIO], None], verify: Callable[[Path], None]) -> None:
        if path.suffix == self.ending and self.spoil is None:
            raise EnvironmentFault("disk_full", file=path.name)
        super().write(path, fill, verify)
        if path.suffix == self.ending and self.spoil is not None:
            path.write_bytes(self.spoil(path.read_bytes()))


@pytest.mark.parametrize(
    ("ending", "spoil", "broken"),
    [
        (".pdf", None, {"form"}),
        (".pdf", lambda data: data[:-7], {"form"}),
        (".pdf", lambda data: data.replace(b"/ToUnicode", b"/toUnicode"), {"form"}),
        (".xlsx", None, {"workbook", "numbers"}),
        (".xlsx", lambda data: data[: len(data) // 2], {"workbook"}),
        (".vdbundle", lambda data: data[:-1], {"bundle"}),
        (
            ".vdinvite",
            lambda data: data[:-9],
            {"store", "household", "form", "workbook", "numbers", "bundle", "backup"},
        ),
    ],
)
def test_a_part_that_writes_nonsense_is_found(
    tmp_path: Path, ending: str, spoil: Callable[[bytes], bytes] | None, broken: set[str]
) -> None:
    ports = Ports(passphrases=QuickPassphrases(), files=Disk(ending, spoil))
    good, faults = outcomes(Workshop(tmp_path, ports))
    assert not good and {name for name, fault in faults.items() if fault} == broken


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "en", "--selfcheck"], PORTS) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(CHECKS) + 1 and lines[-1] == "All checks are good."
    assert lines[0].startswith("Texts: good (")
    assert run(["--lang", "en", "selfcheck", "--json"], PORTS, [("selfcheck_window", _bug)]) == 1
    shown = json.loads(capsys.readouterr().out)
    assert shown["good"] is False and shown["checks"][-1]["fault"] == "ImportError: libEGL.so.1"
    assert [each["fault"] for each in shown["checks"][:-1]] == [""] * len(CHECKS)
