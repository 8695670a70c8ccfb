"""Owns the practice town: the whole main job through the real services, on invented people.  No SQL, no Qt.

Every village gets its places, a department's roster with planted faults, a correction, people who leave, a bundle and
its receipt; the first one is also printed and has one value that village and town changed at once.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from villagedesk.domain.practice import invent_household
from villagedesk.errors import DeskError
from villagedesk.excel.practice import PracticeHousehold, write_practice_roster
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports
from villagedesk.progress import Progress
from villagedesk.services import bundles, desks, forms, households, intake, joining, roster, towns
from villagedesk.services.desks import Desk
from villagedesk.services.households import Edit, HouseholdQuery

#: Everybody may know it: the practice town holds nobody's data.
PASSPHRASE = "practice town passphrase"
TOWN = "青禾镇"
_VILLAGES = ("柳湾村", "东岭村", "石桥村", "双井村", "梅家洼村")
_GRID = "第一网格"
_GROUPS = 6
#: 357 micro-grids over 61 villages (domain reference section 0): nine villages have five, the others six.
_MICRO_GRIDS = 6
_LEAVE = 3
_SHOWN = 3
_REASONS_OUT = ("1", "2", "3")

Tell = Callable[..., None]


@dataclass(frozen=True, slots=True)
class DemoDone:
    """Where everything lies and how much there was.

    ``waiting``: operations no receipt covers yet; ``rosters``: one workbook a village; ``problems``: findings in them;
    ``conflicts``: open at the first village.
    """

    folder: Path
    villages: int
    households: int
    people: int
    forms: Path
    received: int
    waiting: int
    rosters: tuple[Path, ...]
    planted: int
    problems: int
    conflicts: int


def village_name(index: int) -> str:
    return _VILLAGES[index] if index < len(_VILLAGES) else f"新民{index + 1}村"


def micro_grids(index: int) -> int:
    """How many a village has."""
    return _MICRO_GRIDS - (index % 7 == 6 or index == 60)


def run_demo(folder: Path, ports: Ports, villages: int, per_village: int, tell: Tell, progress: Progress) -> DemoDone:
    """Make the practice town in an empty ``folder``; ``tell(code, **params)`` hears what was done.

    Raises ``DeskError`` ``demo_folder_taken``.
    """
    if folder.exists() and any(folder.iterdir()):
        raise DeskError("demo_folder_taken", file=folder.name)
    town, _ = towns.create_town(
        DeskPaths(folder / "town"),
        ports,
        name=TOWN,
        division_code="999901100000",
        operator_name="王镇干",
        passphrase=PASSPHRASE,
    )
    tell("demo_town", name=TOWN)
    made = _Demo(folder, town, tell, progress)
    try:
        for index in range(villages):
            progress.report(index, villages, "demo_filling")
            made.village(ports, index, per_village)
    finally:
        desks.close(town)
    return made.done(villages)


class _Demo:
    """What was made so far."""

    def __init__(self, folder: Path, town: Desk, tell: Tell, progress: Progress) -> None:
        self._folder = folder
        self._town = town
        self._tell = tell
        self._progress = progress
        self._rosters: list[Path] = []
        self._households = self._people = self._received = self._waiting = 0
        self._planted = self._problems = self._conflicts = 0

    def done(self, villages: int) -> DemoDone:
        return DemoDone(
            self._folder,
            villages,
            self._households,
            self._people,
            self._folder / "forms.pdf",
            self._received,
            self._waiting,
            tuple(self._rosters),
            self._planted,
            self._problems,
            self._conflicts,
        )

    def village(self, ports: Ports, index: int, count: int) -> None:
        """One village from its invitation to its receipt."""
        desk = _invited(self._folder, ports, self._town, index)
        try:
            self._import_roster(desk, index, count, _places(desk, index))
            self._correct(desk)
            if index == 0:
                self._print(desk)
            self._exchange(desk)
            if index == 0:
                self._disagree(desk)
            status = bundles.report_status(desk)
            self._received += status.acknowledged
            self._waiting += status.unacknowledged + status.unsent_total
        finally:
            desks.close(desk)

    def _import_roster(self, desk: Desk, index: int, count: int, names: list[str]) -> None:
        """A department's workbook: written, tried, imported as one action."""
        rng = random.Random(index)
        homes = [
            PracticeHousehold(
                invent_household(rng, number),
                {
                    "villager_group": f"{number % _GROUPS + 1}组",
                    "grid": _GRID,
                    "micro_grid": names[number % len(names)],
                },
            )
            for number in range(1, count + 1)
        ]
        path = self._folder / f"village-{index + 1:02d}-roster.xlsx"
        title = f"{TOWN}{desk.profile.name}农村居民花名册(练习)"
        planted = write_practice_roster(path, title, homes, desk.ports.files)
        self._rosters.append(path)
        self._planted += planted
        seen = roster.preview(desk, path, None, self._progress)
        self._tell("demo_roster", file=path.name, rows=seen.rows, planted=planted)
        errors = [problem for problem in seen.problems if problem.level == "error"]
        warnings = len(seen.problems) - len(errors)
        self._tell("demo_preview", taken=seen.plan.rows_in, errors=len(errors), warnings=warnings)
        for problem in errors[:_SHOWN]:
            self._tell("demo_fault", cell=f"{problem.column}{problem.row}")
            self._tell(problem.code, **problem.params)
        roster.apply(desk, seen, self._progress)
        added = {kind: counts["added"] for kind, counts in seen.plan.counts.items()}
        self._tell("demo_imported", households=added["households"], people=added["members"])
        self._problems += len(seen.problems)
        self._households += added["households"]
        self._people += added["members"]

    def _correct(self, desk: Desk) -> None:
        """One person's telephone, found again by its tail; some people leave, each for another reason."""
        cards = households.list_page(desk, HouseholdQuery(), limit=_LEAVE + 1).rows
        first = households.read_household(desk, cards[0].card.id)
        phone = "19900008421"
        households.save(desk, [Edit("member", first.present[0].id, {"phone": phone})])
        found = households.list_page(desk, HouseholdQuery(text=phone[-4:])).households
        self._tell("demo_corrected", query=phone[-4:], found=found)
        leavers = [households.read_household(desk, row.card.id).present[-1] for row in cards[1:]]
        day = households.today(desk).isoformat()
        edits = [
            Edit("member", entry.id, {"valid_to": day, "reason_out": reason})
            for entry, reason in zip(leavers, _REASONS_OUT, strict=False)
            if entry.member.relation != "02"
        ]
        if edits:
            households.save(desk, edits)
            self._tell("demo_left", left=len(edits))

    def _print(self, desk: Desk) -> None:
        """One household's form, then all forms of the grid."""
        one = self._folder / "form-one.pdf"
        row = households.list_page(desk, HouseholdQuery(), limit=1).rows[0]
        forms.print_forms(desk, [households.read_household(desk, row.card.id)], one, self._progress)
        self._tell("demo_form_one", file=one.name)
        grid = households.grid_id(desk, _GRID)
        files = households.all_households(desk, HouseholdQuery(grid=grid))
        made = forms.print_forms(desk, files, self._folder / "forms.pdf", self._progress)
        self._tell("demo_form_grid", forms=made.forms, pages=made.pages, file=made.path.name)

    def _exchange(self, desk: Desk) -> None:
        """There and back: seal, take in, receipt, read the receipt."""
        usb = self._folder / "usb"
        sent = bundles.export(desk, usb, self._progress)
        for file in sent.files:
            self._tell("demo_bundle", file=file.name)
        done = intake.import_files(self._town, sent.files, self._progress, receipts=usb)
        taken = sum(entry.folded for entry in done.bundles)
        for file in done.receipts:
            self._tell("demo_took_in", operations=taken, receipt=file.name)
        intake.import_files(desk, done.receipts, self._progress)
        received = bundles.report_status(desk).acknowledged
        self._tell("demo_received", name=desk.profile.name, received=received)

    def _disagree(self, desk: Desk) -> None:
        """Village and town change one address without knowing of each other: both values are kept and shown."""
        row = households.list_page(desk, HouseholdQuery(), limit=2).rows[-1]
        for place, text in ((self._town, "1组1号(镇里改)"), (desk, "1组2号(村里改)")):
            households.save(place, [Edit("household", row.card.id, {"address": text})])
        self._exchange(desk)
        self._conflicts = households.read_household(desk, row.card.id).conflicts
        self._tell("demo_conflict", conflicts=self._conflicts)


def _invited(folder: Path, ports: Ports, town: Desk, index: int) -> Desk:
    invitation = folder / f"village-{index + 1:02d}.vdinvite"
    towns.invite(town, village_name(index), f"999901100{201 + index:03d}", invitation)
    desk, _ = joining.create_invited(
        DeskPaths(folder / f"village-{index + 1:02d}"),
        ports,
        invitation_file=invitation,
        operator_name="李会英",
        passphrase=PASSPHRASE,
    )
    return desk


def _places(desk: Desk, index: int) -> list[str]:
    """Groups, the grid and its micro-grids; returns the names of the micro-grids."""
    code = f"{desk.profile.division_code}001"
    groups = [Edit("villager_group", None, {"name": f"{n}组", "number": n}) for n in range(1, _GROUPS + 1)]
    _, (grid, *_) = households.save(desk, [Edit("grid", None, {"name": _GRID, "code": code}), *groups])
    names = [f"{n:02d}微网格" for n in range(1, micro_grids(index) + 1)]
    edits = [
        Edit("micro_grid", None, {"name": name, "code": f"{code}{n:02d}", "grid": grid.hex()})
        for n, name in enumerate(names, 1)
    ]
    households.save(desk, edits)
    return names
