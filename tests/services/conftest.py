"""A town desk and a village desk that it invited."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.practice import invited, made_town
from villagedesk.services import desks
from villagedesk.services.desks import Desk


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Desk]:
    desk = made_town(tmp_path / "town")
    yield desk
    if not desk.lock._stream.closed:  # type: ignore[union-attr] # a test may have closed it
        desks.close(desk)


@pytest.fixture
def village(tmp_path: Path, town: Desk) -> Iterator[Desk]:
    desk = invited(tmp_path, town, "柳湾村")
    yield desk
    if not desk.lock._stream.closed:  # type: ignore[union-attr] # a test may have closed it
        desks.close(desk)
