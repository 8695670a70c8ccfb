"""Owns the practice town: the whole main job through the real services, on invented people.  No SQL, no Qt."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from villagedesk.domain.practice import invent_household
from villagedesk.errors import DeskError
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports
from villagedesk.progress import Progress
from villagedesk.services import bundles, desks, forms, households, intake, towns
from villagedesk.services.desks import Desk
from villagedesk.services.households import Edit

#: Everybody may know it: the practice town holds nobody's data.
PASSPHRASE = "practice town passphrase"
TOWN = "青禾镇"
_VILLAGES = ("柳湾村", "东岭村", "石桥村", "双井村", "梅家洼村")

Tell = Callable[..., None]


@dataclass(frozen=True, slots=True)
class DemoDone:
    """Where everything lies and how much there was."""

    folder: Path
    villages: int
    households: int
    people: int
    forms: Path
    received: int


def village_name(index: int) -> str:
    return _VILLAGES[index] if index < len(_VILLAGES) else f"新民{index + 1}村"


def run_demo(folder: Path, ports: Ports, villages: int, per_village: int, tell: Tell, progress: Progress) -> DemoDone:
    """Make the practice town in an empty ``folder``; ``tell(code, **params)`` hears what was done.

    Raises ``DeskError`` ``demo_folder_taken``.
    """
    if folder.exists() and any(folder.iterdir()):
        raise DeskError("demo_folder_taken", file=folder.name)
    town, _ = desks.create_town(
        DeskPaths(folder / "town"),
        ports,
        name=TOWN,
        division_code="999901100000",
        operator_name="王镇干",
        passphrase=PASSPHRASE,
    )
    tell("demo_town", name=TOWN)
    total = people = received = 0
    printed = folder / "forms.pdf"
    for index in range(villages):
        village = _village(folder, ports, town, index)
        people += _fill(village, random.Random(index), per_village, progress)
        total += per_village
        tell("demo_village", name=village.profile.name, households=per_village)
        if index == 0:
            made = forms.print_forms(village, households.all_households(village), printed, progress)
            tell("forms_made", forms=made.forms, pages=made.pages, file=made.path.name)
        received += _exchange(folder, town, village, tell, progress)
        desks.close(village)
    desks.close(town)
    return DemoDone(folder, villages, total, people, printed, received)


def _village(folder: Path, ports: Ports, town: Desk, index: int) -> Desk:
    invitation = folder / f"village-{index + 1:02d}.vdinvite"
    towns.invite(town, village_name(index), f"999901100{201 + index:03d}", invitation)
    desk, _ = desks.create_invited(
        DeskPaths(folder / f"village-{index + 1:02d}"),
        ports,
        invitation_file=invitation,
        operator_name="李会英",
        passphrase=PASSPHRASE,
    )
    return desk


def _fill(desk: Desk, rng: random.Random, count: int, progress: Progress) -> int:
    people = 0
    for number in range(1, count + 1):
        progress.report(number, count, "demo_filling")
        made = invent_household(rng, number)
        edits = [Edit("household", None, made.household)]
        edits += [Edit("member", None, {**member, "household": ""}) for member in made.members]
        households.save(desk, edits)
        people += len(made.members)
    return people


def _exchange(folder: Path, town: Desk, village: Desk, tell: Tell, progress: Progress) -> int:
    """There and back; returns how many operations the village holds a receipt for."""
    sent = bundles.export(village, folder / "usb", progress)
    done = intake.import_files(town, sent.files, progress, receipts=folder / "usb")
    intake.import_files(village, done.receipts, progress)
    status = bundles.report_status(village)
    tell("demo_received", name=village.profile.name, received=status.acknowledged)
    return status.acknowledged
