"""Places on a real desk: proposals, refusals, counts, chiefs, undo; the town sees and writes in its village's scope."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from villagedesk.errors import DeskError, Refused
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports
from villagedesk.progress import Progress
from villagedesk.services import bundles, desks, households, intake, joining, places, responsibilities, towns
from villagedesk.services.desks import Desk
from villagedesk.services.households import Edit
from villagedesk.services.place_tree import Count

PASSPHRASE = "a long enough passphrase"
VILLAGE = "999901100201"


class QuickPassphrases:
    """age's scrypt takes seconds by design; these tests need only right or wrong."""

    def lock(self, secret: bytes, passphrase: str) -> bytes:
        return hashlib.sha256(passphrase.encode()).digest() + secret

    def unlock(self, sealed: bytes, passphrase: str) -> bytes | None:
        return sealed[32:] if sealed[:32] == hashlib.sha256(passphrase.encode()).digest() else None


PORTS = Ports(passphrases=QuickPassphrases())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made, _ = desks.create_village(
        DeskPaths(tmp_path / "village"),
        PORTS,
        name="柳湾村",
        town_name="青禾镇",
        division_code=VILLAGE,
        operator_name="李会英",
        passphrase=PASSPHRASE,
    )
    yield made
    desks.close(made)


def add(desk: Desk, kind: str, scope: bytes | None = None, **values: str | int) -> bytes:
    grid = str(values.get("grid", ""))
    wanted = {**places.propose(desk, kind, grid, scope), **values}
    return places.save_place(desk, kind, None, wanted, scope)[1]


def settle(desk: Desk, number: str, people: int, **where: bytes) -> bytes:
    """A household with so many registered people."""
    home = {"household_no": number, **{kind: place.hex() for kind, place in where.items()}}
    edits = [Edit("household", None, home)]
    for seq in range(people):
        person = {"household": "", "name": f"张{'一二三四五'[seq]}", "relation": "02" if seq == 0 else "20"}
        edits.append(Edit("member", None, person))
    return households.save(desk, edits)[1][0]


def answer(desk: Desk, name: str, role: str, kind: str, target: bytes) -> bytes:
    values = {"person_name": name, "role": role, "target_kind": kind, "target": target.hex()}
    return responsibilities.save_responsibility(desk, None, values)[1]


def test_codes_are_proposed_one_above_the_highest(desk: Desk) -> None:
    first = add(desk, "grid", name="第一网格")
    second = add(desk, "grid", name="第二网格")
    micro = [add(desk, "micro_grid", grid=second.hex(), name=name) for name in ("甲", "乙")]
    tree = places.read_places(desk)
    assert [node.record.code for node in tree.grids] == [VILLAGE + "001", VILLAGE + "002"]
    assert [node.record.code for node in tree.grids[1].micro_grids] == [VILLAGE + "00201", VILLAGE + "00202"]
    assert [node.id for node in tree.grids] == [first, second]
    assert [node.id for node in tree.grids[1].micro_grids] == micro and tree.grids[0].micro_grids == ()
    assert places.propose(desk, "micro_grid", first.hex())["code"] == VILLAGE + "00101"
    assert places.propose(desk, "micro_grid") == {"grid": None, "code": None}
    add(desk, "villager_group")
    assert places.propose(desk, "villager_group") == {"number": 2, "name": "2组"}


def test_places_stand_in_the_order_of_their_codes(desk: Desk) -> None:
    for code in ("B", "A"):
        add(desk, "grid", name=code, code=code)
        add(desk, "villager_group", name=code, number=1 if code == "A" else 2)
    tree = places.read_places(desk)
    assert [node.record.name for node in tree.grids] == [node.record.name for node in tree.groups] == ["A", "B"]


def test_counts_and_chiefs(desk: Desk) -> None:
    grid, empty = add(desk, "grid", name="第一网格"), add(desk, "grid", name="第二网格")
    micro = add(desk, "micro_grid", grid=grid.hex(), name="甲")
    group = add(desk, "villager_group", name="一组")
    settle(desk, "001", 3, grid=grid, villager_group=group)
    settle(desk, "002", 2, grid=grid, micro_grid=micro)
    settle(desk, "003", 1, micro_grid=micro)  # says its micro grid only
    settle(desk, "004", 4, villager_group=group)
    gone = settle(desk, "005", 5, grid=grid, villager_group=group)
    households.void_household(desk, gone)
    answer(desk, "王二", "full_time_grid_worker", "grid", grid)
    answer(desk, "李会英", "grid_chief", "grid", grid)
    answer(desk, "赵三", "micro_grid_chief", "micro_grid", micro)
    tree = places.read_places(desk)
    node, other = tree.grids
    assert (node.count, node.loose) == (Count(3, 6), Count(1, 3))
    assert (node.micro_grids[0].count, node.micro_grids[0].chiefs) == (Count(2, 3), ("赵三",))
    assert node.chiefs == ("李会英",) and [entry.record.person_name for entry in node.responsible] == ["李会英", "王二"]
    assert (other.id, other.count, other.chiefs) == (empty, Count(0, 0), ())
    assert tree.groups[0].count == Count(2, 7)
    assert (tree.whole, tree.without_grid) == (Count(4, 10), Count(1, 4))
    assert tree.villages == {desk.scope: "柳湾村"}


def test_what_breaks_a_rule_is_refused_and_writes_nothing(desk: Desk) -> None:
    grid = add(desk, "grid", name="第一网格")
    before = desk.store.row("SELECT count(*) FROM op")
    with pytest.raises(Refused) as twice:
        places.save_place(desk, "grid", None, {"name": "第二网格", "code": VILLAGE + "001"})
    assert [(each.field, each.code) for each in twice.value.findings] == [("code", "place_code_twice")]
    with pytest.raises(Refused):
        places.save_place(desk, "grid", grid, {"name": None})
    with pytest.raises(Refused):
        places.save_place(desk, "micro_grid", None, {"name": "甲", "code": "1", "grid": "00" * 16})
    with pytest.raises(Refused):
        answer(desk, "李会英", "micro_grid_chief", "grid", grid)
    with pytest.raises(Refused):
        answer(desk, "李会英", "grid_chief", "grid", b"\0" * 16)
    with pytest.raises(Refused):
        answer(desk, "李会英", "grid_chief", "nonsense", grid)
    with pytest.raises(DeskError, match="record_unknown"):
        places.save_place(desk, "grid", b"\0" * 16, {"name": "甲"})
    assert desk.store.row("SELECT count(*) FROM op") == before
    places.save_place(desk, "grid", grid, {"name": "东片网格"})
    assert places.read_places(desk).grids[0].record.name == "东片网格"


def test_only_an_empty_place_is_voided_and_what_answers_for_it_goes_along(desk: Desk) -> None:
    grid = add(desk, "grid", name="第一网格")
    micro = add(desk, "micro_grid", grid=grid.hex(), name="甲")
    home = settle(desk, "001", 1, micro_grid=micro)
    with pytest.raises(DeskError) as used:
        places.void_place(desk, "grid", grid)
    assert used.value.params == {"households": 1, "micro_grids": 1}
    with pytest.raises(DeskError, match="place_in_use"):
        places.void_place(desk, "micro_grid", micro)
    households.save(desk, [Edit("household", home, {"micro_grid": None})])
    with pytest.raises(DeskError) as used:
        places.void_place(desk, "grid", grid)
    assert used.value.params == {"households": 0, "micro_grids": 1}
    answer(desk, "赵三", "micro_grid_chief", "micro_grid", micro)
    touched = places.void_place(desk, "micro_grid", micro)
    assert touched.kinds == {"micro_grid", "responsibility"}
    assert responsibilities.responsibilities(desk, everything=True) == ()
    with pytest.raises(DeskError, match="record_unknown"):
        places.void_place(desk, "micro_grid", micro)
    places.void_place(desk, "grid", grid)
    assert places.read_places(desk).grids == ()
    assert places.propose(desk, "grid")["code"] == VILLAGE + "001"
    households.undo(desk, touched.action)
    assert len(responsibilities.responsibilities(desk)) == 1


def test_households_of_a_place_that_is_gone_are_counted_as_without_grid(desk: Desk) -> None:
    grid = add(desk, "grid", name="第一网格")
    settle(desk, "001", 2, grid=grid)
    households.save(desk, [Edit("grid", grid, void=True)])  # as a bundle from another desk may do
    assert places.read_places(desk).without_grid == Count(1, 2)


def test_responsibilities_have_dates(desk: Desk) -> None:
    grid = add(desk, "grid", name="第一网格")
    chief = answer(desk, "李会英", "grid_chief", "grid", grid)
    assert [entry.in_force for entry in responsibilities.responsibilities(desk)] == [True]
    responsibilities.end_responsibility(desk, chief, date(2999, 1, 1))
    assert len(responsibilities.responsibilities(desk)) == 1, "holds until then"
    responsibilities.end_responsibility(desk, chief)
    assert responsibilities.responsibilities(desk) == ()
    (ended,) = responsibilities.responsibilities(desk, everything=True)
    assert not ended.in_force and ended.record.valid_to == households.today(desk).isoformat()
    second = answer(desk, "王二", "grid_chief", "grid", grid)
    assert places.read_places(desk).grids[0].chiefs == ("王二",)
    responsibilities.void_responsibility(desk, second)
    assert places.read_places(desk).grids[0].chiefs == ()
    with pytest.raises(DeskError, match="record_unknown"):
        responsibilities.end_responsibility(desk, second)


def test_find_place(desk: Desk) -> None:
    grid = add(desk, "grid", name="第一网格")
    assert places.find_place(desk, "grid", "第一网格") == places.find_place(desk, "grid", VILLAGE + "001") == grid
    group = add(desk, "villager_group", number=3, name="三组")
    assert places.find_place(desk, "villager_group", "3") == group
    add(desk, "grid", name="第一网格")
    with pytest.raises(DeskError, match="place_ambiguous"):
        places.find_place(desk, "grid", "第一网格")
    with pytest.raises(DeskError, match="place_unknown"):
        places.find_place(desk, "grid", "")


def test_the_town_writes_in_the_scope_of_the_village(tmp_path: Path) -> None:
    town, _ = towns.create_town(
        DeskPaths(tmp_path / "town"),
        PORTS,
        name="青禾镇",
        division_code="999901100000",
        operator_name="王镇干",
        passphrase=PASSPHRASE,
    )
    towns.invite(town, "柳湾村", VILLAGE, tmp_path / "lw.vdinvite")
    village, _ = joining.create_invited(
        DeskPaths(tmp_path / "v"),
        PORTS,
        invitation_file=tmp_path / "lw.vdinvite",
        operator_name="李会英",
        passphrase=PASSPHRASE,
    )
    grid = add(village, "grid", name="第一网格")
    settle(village, "001", 2, grid=grid)
    intake.import_files(town, bundles.export(village, tmp_path / "usb", Progress()).files, Progress())
    assert places.propose(town, "grid", scope=village.scope)["code"] == VILLAGE + "002"
    micro = add(town, "micro_grid", village.scope, grid=grid.hex(), name="甲")
    answer(town, "王镇干", "town_liaison", "grid", grid)
    tree = places.read_places(town, village.scope)
    assert (tree.grids[0].scope, tree.grids[0].count) == (village.scope, Count(1, 2))
    assert [node.id for node in tree.grids[0].micro_grids] == [micro]
    assert tree.grids[0].responsible[0].scope == village.scope
    loose = places.save_place(town, "micro_grid", None, {"grid": grid.hex(), "code": "X1", "name": "乙"})[1]
    inside = places.read_places(town).grids[0].micro_grids
    assert {node.id for node in inside} == {micro, loose} and {node.scope for node in inside} == {village.scope}
    foreign = {"grid": grid.hex(), "code": "X2", "name": "丙"}
    places.save_place(town, "micro_grid", None, foreign, town.scope)
    assert len(places.read_places(town).grids[0].micro_grids) == 2, "a place of another scope is not inside"
    other = places.read_places(town, town.scope)
    assert (other.grids, other.whole) == ((), Count(0, 0))
    for made in (village, town):
        desks.close(made)
