"""Loading the shipped list, and what is said when it is damaged or gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from villagedesk.errors import EnvironmentFault
from villagedesk.services import divisions


def test_a_damaged_or_missing_list_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = divisions.resources() / "divisions" / "divisions-2022.csv.xz"
    monkeypatch.setattr(divisions, "resources", lambda: tmp_path)
    (tmp_path / "divisions").mkdir()
    place = tmp_path / "divisions" / shipped.name
    for damaged in (None, b"", b"not xz at all", shipped.read_bytes()[:100_000]):
        if damaged is not None:
            place.write_bytes(damaged)
        with pytest.raises(EnvironmentFault, match="file_unreadable"):
            divisions.load_divisions()
    place.write_bytes(shipped.read_bytes())
    assert len(divisions.load_divisions()) == 665_276
