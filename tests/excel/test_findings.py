"""Every finding a roster can give has its sentence in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from villagedesk.sentences import LANGUAGES, texts

PACKAGE = Path(__file__).resolve().parents[2] / "villagedesk"
SOURCES = [*(PACKAGE / "domain").glob("roster*.py"), *(PACKAGE / "excel").glob("*.py")]
#: Call → place of the code among its arguments.
BEARERS = {"at": 1, "add": 1, "CellProblem": 3}


def codes(path: Path) -> Iterator[str]:
    """Texts given as codes; maps of codes in capitals count too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            place = BEARERS.get(name, 99)
            if len(node.args) > place and isinstance(node.args[place], ast.Constant):
                yield str(node.args[place].value)  # type: ignore[attr-defined]
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("_MASKED_CODES", "_PRECISION"):
            yield from (str(value.value) for value in node.value.values)  # type: ignore[attr-defined]


def test_every_finding_has_a_sentence() -> None:
    found = {code for path in SOURCES for code in codes(path)}
    assert {"id_twice_in_file", "name_missing", "column_unknown", "certificate_masked", "place_new"} <= found
    for language in LANGUAGES:
        assert found - set(texts(language)) == set()
