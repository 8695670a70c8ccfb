"""Settings of one desk: defaults, limits, what a newer program wrote, a damaged file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from villagedesk.errors import EnvironmentFault
from villagedesk.ports import SystemFiles
from villagedesk.sentences import LANGUAGES
from villagedesk.settings import LANGUAGES as CHOICES
from villagedesk.settings import Settings, load_settings, save_settings

FILES = SystemFiles()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def test_round_trip(path: Path) -> None:
    assert load_settings(FILES, path) == Settings() and not path.exists()
    chosen = Settings("dark", 150, "en", "/媒体/usb", "/备份", 25)
    save_settings(FILES, path, chosen)
    assert load_settings(FILES, path) == chosen
    assert set(CHOICES) == set(LANGUAGES)


def test_what_a_newer_program_wrote_is_kept(path: Path) -> None:
    path.write_text(json.dumps({"scale": 120, "sidebar": {"open": [1, 2]}, "others": 7}))
    loaded = load_settings(FILES, path)
    assert loaded.scale == 120 and loaded.theme == "light"
    save_settings(FILES, path, replace(loaded, theme="high_contrast"))
    kept = json.loads(path.read_text())
    assert (kept["sidebar"], kept["others"], kept["theme"]) == ({"open": [1, 2]}, 7, "high_contrast")


@pytest.mark.parametrize(
    "wrong",
    [
        {"theme": "pink"},
        {"theme": ["dark"]},
        {"theme": {}},
        {"scale": 79},
        {"scale": 201},
        {"scale": 100.0},
        {"idle_minutes": True},
        {"scale": "120"},
        {"language": "zh"},
        {"bundle_folder": None},
        {"second_backup_folder": 3},
        {"idle_minutes": 0},
        {"idle_minutes": 10**9},
    ],
)
def test_a_wrong_value_gives_way_to_its_default_and_the_rest_stays(path: Path, wrong: dict[str, object]) -> None:
    good = {"theme": "dark", "scale": 110, "language": "en", "bundle_folder": "/a", "idle_minutes": 30}
    path.write_text(json.dumps({**good, **wrong}))
    loaded = load_settings(FILES, path)
    (name,) = wrong
    assert getattr(loaded, name) == getattr(Settings(), name)
    assert all(getattr(loaded, other) == value for other, value in good.items() if other != name)
    assert loaded.others == {}


@pytest.mark.parametrize("damaged", [b"", b"{", b"[1]", b"\xff\xfe", b"null", b"\0" * 500, b"[" * 50_000])
def test_a_damaged_file_gives_defaults_and_is_set_aside(path: Path, damaged: bytes) -> None:
    path.write_bytes(damaged)
    assert load_settings(FILES, path) == Settings()
    assert path.with_name("settings.damaged.json").read_bytes() == damaged and not path.exists()


def test_a_file_beyond_all_sizes_is_not_read(path: Path) -> None:
    path.write_bytes(b" " * 70_000)
    assert load_settings(FILES, path) == Settings()


class ReadOnly(SystemFiles):
    """A stick with the switch on."""

    def replace(self, source: Path, target: Path) -> None:
        raise EnvironmentFault("folder_read_only", file=target.name)


def test_a_read_only_folder_keeps_nothing_from_starting(path: Path) -> None:
    path.write_bytes(b"{")
    assert load_settings(ReadOnly(), path) == Settings()
    assert [kept.name for kept in path.parent.iterdir()] == ["settings.json"]
