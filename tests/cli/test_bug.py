"""A bug is one sentence, exit code 70 and a report without personal data; never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from villagedesk.cli.main import run
from villagedesk.logs import pending_crash_reports
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports


class BrokenPassphrases:
    """Fails in a way nobody thought of."""

    def lock(self, secret: bytes, passphrase: str) -> bytes:
        raise RuntimeError(f"张建国 {passphrase}")

    def unlock(self, sealed: bytes, passphrase: str) -> bytes | None:
        return None


def test_a_bug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("VILLAGEDESK_PASSPHRASE", "a long enough passphrase")
    arguments = ["--lang", "en", "--desk", str(tmp_path / "desk"), "desk", "init", "--role", "town", "--name", "青禾镇"]
    assert run([*arguments, "--json"], Ports(passphrases=BrokenPassphrases())) == 70
    out, err = capsys.readouterr()
    assert '"code": "bug"' in out and err.startswith("The program failed") and "Traceback" not in err
    (report,) = pending_crash_reports(DeskPaths(tmp_path / "desk"))
    text = report.read_text()
    assert "RuntimeError" in text and "villagedesk/storage/keyslots.py" in text
    assert "张建国" not in out + err and "passphrase" not in text.replace("new_passphrase", "")
    assert run(["desk", "info", "--no-such-option"]) == 2, "a wrong option is no bug"
