"""What the repository may hold: no address, no path of somebody's machine, a licence beside everything taken in."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = ROOT / "resources"
#: Names of XML languages look like addresses and are none.
NAMESPACES = re.compile(r"http://www\.w3\.org/[\w/.#-]+|http://www\.oasis-open\.org/[\w/.#-]+")
ADDRESS = re.compile(r"\b(?:https?|ftp|git|ssh)://[^\s\"'`{]")
MACHINE = re.compile(r"(?<![\w.~-])/(?:work|root|tmp|home/\w+/\w+|Users)/")
FONT_WORDS = ("Open Font License", "Hanazono")


def tracked() -> list[Path]:
    """The files of the repository; asked from git where there is one, else what lies here."""
    git = shutil.which("git")
    if git is not None and (ROOT / ".git").exists():
        listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
        return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not path.parts[len(ROOT.parts)].startswith(".")]


def text_of(path: Path) -> str:
    """ "" for what is no text."""
    data = path.read_bytes()
    return "" if b"\0" in data[:4096] else data.decode("utf-8", "replace")


def is_licence(path: Path) -> bool:
    return "licences" in path.parts or path.stem.upper() in ("LICENSE", "LICENCE")


def own_texts() -> list[tuple[str, str]]:
    """Code and documents, without licence texts and without this file, which must name what it looks for."""
    files = [path for path in tracked() if not is_licence(path) and path != Path(__file__).resolve()]
    return [(str(path.relative_to(ROOT)), text_of(path)) for path in files]


def test_no_address() -> None:
    found = {name for name, text in own_texts() if ADDRESS.search(NAMESPACES.sub("", text))}
    assert found == set()


def test_no_path_of_a_machine() -> None:
    found = {(name, match[0]) for name, text in own_texts() for match in [MACHINE.search(text)] if match}
    here = {name for name, text in own_texts() if str(ROOT) in text or f"{Path.home()}/" in text}
    assert found == set() and here == set()


def test_what_the_searches_find() -> None:
    assert ADDRESS.search("see https://example.org") and ADDRESS.search("git://x") and not ADDRESS.search("x://")
    assert not ADDRESS.search(NAMESPACES.sub("", 'xmlns="http://www.w3.org/2000/svg"'))
    for place in ("tmp/", "work/x/", "home/li/desk/"):  # put together here: no such path stands in the repository
        assert all(MACHINE.search(f"{before}/{place}") for before in (" ", '"', "("))
        assert not any(MACHINE.search(f"{before}/{place}") for before in ("a", ".", "~"))


@pytest.mark.parametrize("font", sorted(RESOURCES.glob("fonts/*.ttf")), ids=lambda path: path.name)
def test_every_font_has_its_licence(font: Path) -> None:
    family = font.stem.split("-")[0]
    texts = [text_of(path) for path in (RESOURCES / "fonts" / "licences").iterdir() if path.stem.startswith(family)]
    assert len(texts) == 1 and any(word.lower() in texts[0].lower() for word in FONT_WORDS)


def test_every_font_is_tracked_and_there_are_some() -> None:
    fonts = {path for path in tracked() if path.suffix == ".ttf"}
    assert fonts >= set(RESOURCES.glob("fonts/*.ttf")) and len(fonts) >= 5


@pytest.mark.parametrize("folder", ["icons/lucide", "divisions"])
def test_what_was_taken_in_has_its_licence(folder: str) -> None:
    assert any(is_licence(path) and text_of(path).strip() for path in (RESOURCES / folder).iterdir())
