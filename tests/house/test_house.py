"""The laws of the house: sizes, names, sentences for every code, doors to the outside world."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from villagedesk.domain.catalogue import KINDS
from villagedesk.domain.codes import code_list_names
from villagedesk.sentences import LANGUAGES, texts

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "villagedesk"
SOURCES = sorted(PACKAGE.rglob("*.py"))
ALL_CODE = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]
CODE_BEARERS = {"DeskError", "EnvironmentFault", "Problem", "Doubt"}
BANNED_NAMES = {"utils", "helpers", "common", "misc", "manager"}


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", ALL_CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_sizes(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 60, node.name


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_and_docstrings(path: Path) -> None:
    assert path.stem not in BANNED_NAMES
    if path.name == "__init__.py":
        assert path.read_text(encoding="utf-8") == ""
    else:
        assert ast.get_docstring(_tree(path)), "every module says what it owns"


def _codes(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(_tree(path)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in CODE_BEARERS:
            continue
        position = 0 if name in {"DeskError", "EnvironmentFault"} else 1
        if len(node.args) > position:
            code = node.args[position]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield code.value, node.lineno


def test_every_code_has_a_sentence_in_both_languages() -> None:
    missing = {
        f"{path.relative_to(ROOT)}:{line} {code} ({language})"
        for path in SOURCES
        for code, line in _codes(path)
        for language in LANGUAGES
        if code not in texts(language)
    }
    assert not missing


def test_both_languages_have_the_same_codes() -> None:
    chinese, english = (set(texts(language)) for language in LANGUAGES)
    assert chinese ^ english == set()


def test_every_field_and_kind_has_a_label() -> None:
    keys = {f"{kind.name}.{field.name}" for kind in KINDS for field in kind.fields} | {kind.name for kind in KINDS}
    for language in LANGUAGES:
        assert keys - set(texts(language)) == set()


def test_every_code_list_a_field_names_exists() -> None:
    named = {field.code_list for kind in KINDS for field in kind.fields if field.code_list}
    assert named <= set(code_list_names())


def _calls(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def test_clock_randomness_and_renames_come_through_ports() -> None:
    banned = {"time.time", "time.time_ns", "os.rename", "os.replace", "os.urandom", "secrets.token_bytes"}
    for path in SOURCES:
        if path.name != "ports.py":
            assert not banned & set(_calls(path)), path


def test_lock_names_no_address() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")
