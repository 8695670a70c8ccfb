"""Owns the self-check of an installed program: every part is used once on invented people, in a folder of its own.

A check is a small function that raises when something is wrong.  Must not know Qt; the window brings its own check.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from villagedesk.domain.catalogue import KINDS
from villagedesk.domain.codes import code_list, code_list_names
from villagedesk.domain.readings import name_keys
from villagedesk.errors import DeskError
from villagedesk.paths import DeskPaths, resources
from villagedesk.ports import Ports
from villagedesk.progress import Progress
from villagedesk.reports.fonts import FILES, face, missing_characters
from villagedesk.sentences import LANGUAGES, texts
from villagedesk.services import (
    bundles,
    care,
    desks,
    forms,
    households,
    intake,
    joining,
    roster,
    roster_export,
    summary,
    towns,
)
from villagedesk.services.desks import Desk
from villagedesk.services.divisions import load_divisions
from villagedesk.services.households import Edit, HouseholdQuery

_PASSPHRASE = "self-check passphrase"
_HEAD = "仇𠅤"
_PEOPLE = (
    {"name": _HEAD, "relation": "02", "id_no": "999901195602290013"},
    {"name": "阿依古丽·买买提", "relation": "10", "id_no": "999901200002290021"},
)
_WINDOW_FONTS = ("NotoSansSC-SemiBold.ttf",)


class Failed(Exception):
    """A check found something other than it should."""


@dataclass
class Workshop:
    """Where the checks work: an empty folder and, once the store check has made them, a town and a village desk."""

    folder: Path
    ports: Ports
    town: Desk | None = None
    village: Desk | None = None

    def need_village(self) -> Desk:
        """Raises ``Failed`` where the store check has failed."""
        if self.village is None:
            raise Failed("no store")
        return self.village

    def close(self) -> None:
        for desk in (self.village, self.town):
            if desk is not None:
                desks.close(desk)


Check = Callable[[Workshop], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``name``: key of the check's sentence; ``fault``: "" = good, else what went wrong, for whoever helps."""

    name: str
    fault: str
    milliseconds: int


def run_checks(workshop: Workshop, checks: Sequence[tuple[str, Check]], tell: Callable[[Outcome], None]) -> bool:
    """Run all checks, one after the other, whatever the others gave; returns whether all are good."""
    good = True
    clock = workshop.ports.clock
    try:
        for name, check in checks:
            begun, fault = clock.now_ms(), ""
            try:
                check(workshop)
            except DeskError as error:
                fault = f"{error.code} {error.params}"
            except Exception as error:
                fault = f"{type(error).__name__}: {error}"
            tell(Outcome(name, fault, clock.now_ms() - begun))
            good = good and not fault
    finally:
        workshop.close()
    return good


def _hold(truth: bool, what: str) -> None:
    if not truth:
        raise Failed(what)


def check_texts(workshop: Workshop) -> None:
    """Sentences of both languages."""
    keys = [set(texts(language)) for language in LANGUAGES]
    _hold(len(keys[0]) > 100 and all(each == keys[0] for each in keys), "sentences differ")


def check_codes(workshop: Workshop) -> None:
    """Code lists that the declarations name, and the tables of readings."""
    named = {field.code_list for kind in KINDS for field in kind.fields if field.code_list}
    _hold(named <= set(code_list_names()) and code_list("relation").match("之子") == "20", "code lists")
    _hold({"qh", "qiuhe"} <= set(name_keys("仇和")), "readings")


def check_fonts(workshop: Workshop) -> None:
    """Every face opens and draws rare names; every file's licence lies beside it."""
    _hold(all(face(key).has(ord("村" if key != "hana" else "𠅤")) for key in FILES), "faces")
    _hold(not missing_characters([*(person["name"] for person in _PEOPLE), "䶮𬭎镕喆"]), "characters")
    folder = resources() / "fonts"
    _hold(all((folder / name).is_file() for name in (*FILES.values(), *_WINDOW_FONTS)), "font files")
    _hold(len(list((folder / "licences").iterdir())) >= 3, "licences")


def check_divisions(workshop: Workshop) -> None:
    """The list of villages is whole and can be searched."""
    divisions = load_divisions()
    _hold(len(divisions) > 600_000 and len(divisions.search("周庄镇 鸡笼山")) == 1, "divisions")


def check_store(workshop: Workshop) -> None:
    """A town and an invited village; the village's store is closed and opened again with the passphrase."""
    folder, ports = workshop.folder, workshop.ports
    workshop.town, _ = towns.create_town(
        DeskPaths(folder / "town"),
        ports,
        name="青禾镇",
        division_code="999901100000",
        operator_name="王镇干",
        passphrase=_PASSPHRASE,
    )
    towns.invite(workshop.town, "柳湾村", "999901100201", folder / "village.vdinvite")
    paths = DeskPaths(folder / "village")
    made, _ = joining.create_invited(
        paths,
        ports,
        invitation_file=folder / "village.vdinvite",
        operator_name="李会英",
        passphrase=_PASSPHRASE,
    )
    desks.close(made)
    workshop.village = desks.unlock(paths, ports, _PASSPHRASE)
    _hold(_PASSPHRASE.encode() not in paths.store.read_bytes(), "store")


def check_household(workshop: Workshop) -> None:
    """A household is saved and found again by initials, last four, number."""
    desk = workshop.need_village()
    members = [Edit("member", None, {**person, "household": "", "seq": seq}) for seq, person in enumerate(_PEOPLE, 1)]
    households.save(desk, [Edit("household", None, {"household_no": "001", "phone": "19900000000"}), *members])
    for text in ("q", "仇", "ayglmmt", "0013", "0000", "001"):
        found = households.list_page(desk, HouseholdQuery(text=text))
        _hold([row.card.head for row in found.rows] == [_HEAD], f"search {text}")
    _hold(households.list_page(desk, HouseholdQuery(text="xyz")).households == 0, "search")
    store = desk.paths.store.read_bytes() + desk.paths.store.with_name("desk.db-wal").read_bytes()
    _hold(_HEAD.encode() not in store, "a name lies open in the store")


def check_form(workshop: Workshop) -> None:
    """A form is printed: a whole PDF with its pages, its faces and the text behind the glyphs."""
    desk = workshop.need_village()
    target = workshop.folder / "form.pdf"
    made = forms.print_forms(desk, households.all_households(desk), target, Progress())
    data = target.read_bytes()
    _hold(made.forms == 1 and made.pages >= 1 and not made.missing, "form")
    _hold(data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF"), "PDF")
    _hold(f"/Count {made.pages}".encode() in data and b"/FontFile2" in data and b"/ToUnicode" in data, "PDF pages")


def check_workbook(workshop: Workshop) -> None:
    """The roster is written as a workbook; reading it again finds nothing new."""
    desk = workshop.need_village()
    target = workshop.folder / "roster.xlsx"
    written = roster_export.export(desk, target, Progress(), full_ids=True, purpose="self-check")
    seen = roster.preview(desk, target, None, Progress())
    _hold((written.people, seen.rows, len(seen.plan.changes)) == (2, 2, 0), "workbook")


def check_numbers(workshop: Workshop) -> None:
    """The village in numbers is counted and written."""
    done = summary.write_numbers(workshop.need_village(), workshop.folder / "numbers.xlsx", Progress())
    _hold((done.households, done.people) == (1, 2), "numbers")


def check_bundle(workshop: Workshop) -> None:
    """A bundle goes to the town, a receipt comes back, both hold the same."""
    village, town = workshop.need_village(), workshop.town
    assert town is not None
    sent = bundles.export(village, workshop.folder / "usb", Progress())
    _hold(len(sent.files) == 1 and _HEAD.encode() not in sent.files[0].read_bytes(), "bundle")
    done = intake.import_files(town, sent.files, Progress(), receipts=workshop.folder / "usb")
    _hold([taken.status for taken in done.bundles] == ["accepted"], "intake")
    intake.import_files(village, done.receipts, Progress())
    status = bundles.report_status(village)
    _hold(status.acknowledged == sent.operations and not status.unacknowledged, "receipt")
    _hold(village.ledger.state_hash(village.scope) == town.ledger.state_hash(village.scope), "states differ")


def check_backup(workshop: Workshop) -> None:
    """A backup is made and verified; chains hold and folding anew gives the same."""
    desk = workshop.need_village()
    _hold(desks.back_up(desk).path.is_file() and care.verify(desk, Progress()).same, "backup")


CHECKS: tuple[tuple[str, Check], ...] = (
    ("selfcheck_texts", check_texts),
    ("selfcheck_codes", check_codes),
    ("selfcheck_fonts", check_fonts),
    ("selfcheck_divisions", check_divisions),
    ("selfcheck_store", check_store),
    ("selfcheck_household", check_household),
    ("selfcheck_form", check_form),
    ("selfcheck_workbook", check_workbook),
    ("selfcheck_numbers", check_numbers),
    ("selfcheck_bundle", check_bundle),
    ("selfcheck_backup", check_backup),
)
