"""Row 8 of the performance table: a keystroke in the search box, top 50 of 120,000 members, on a real store.

The store is the product's own (SQLCipher), filled through the ledger with operations, cards and search keys: 61 scopes,
36,000 households, 120,000 invented people.  Three methods alternate over the same keystrokes in one run:

    ours    what the list of households asks on a keystroke: found households and people, first 50 cards
    page    the first 50 cards alone
    like    base: names, numbers and phones of members by LIKE '%text%', 50 rows
    range   limit: the covering prefix range over the search keys alone, 50 rows

    python -m benchmarks.bench_search [--households 36000] [--rounds 5] [--folder DIR]

``--folder`` keeps the filled store for another run.  Not measured: painting, the way between threads.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from villagedesk.domain import readings
from villagedesk.domain.idnumber import check_character
from villagedesk.domain.ids import LogId, new_id
from villagedesk.ports import Ports
from villagedesk.storage import households
from villagedesk.storage.database import Store, open_database
from villagedesk.storage.households import HouseholdQuery
from villagedesk.storage.ledger import Change, Ledger
from villagedesk.storage.schema import create_tables

KEY = bytes(range(32))
VILLAGES = 61
TOP = 50
ACTION = 200
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文仇单翟解覃查盖区"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰梅红国建文志海春晓东辉云生林峰光祥福贵财德义仁孝忠信礼智全才永兴旺盛发达"
    "荣昌凤琴香莲菊花珍珠翠银金铁柱根宝顺利和安康宁吉庆元正大小长天地山水喆䶮𬭎玥祎珺瑄"
)
LIKE = (
    "SELECT member.name, household.household_no, household.address FROM member "
    "JOIN household ON household._scope=member._scope AND household.id=member.household "
    "WHERE member._del=0 AND (member.name LIKE ?1 OR member.id_no LIKE ?1 OR member.phone LIKE ?1 "
    "OR household.household_no LIKE ?1) LIMIT 50"
)
RANGE = "SELECT key, scope, id FROM search_key WHERE key>=? AND key<? LIMIT 50"


def invent(rng: random.Random) -> tuple[str, str, str]:
    """Name, ID number (prefix 9999xx), phone."""
    name = rng.choice(SURNAMES) + "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2, 2, 2))))
    body = f"9999{rng.randrange(1, 62):02d}{rng.randrange(1935, 2024)}{rng.randrange(1, 13):02d}"
    body += f"{rng.randrange(1, 29):02d}{rng.randrange(1000):03d}"
    return name, body + check_character(body), f"199{rng.randrange(10**8):08d}"


def fill(store: Store, count: int) -> None:
    """Households and people through the ledger, one action for every 200 households."""
    rng, ports = random.Random(8), Ports()
    ledger, device, operator = Ledger(store, ports), bytes(16), bytes(15) + b"\1"
    scopes = [village.to_bytes(16, "big") for village in range(1, VILLAGES + 1)]
    done = 0
    while done < count:
        scope = scopes[done // ACTION % VILLAGES]
        changes: list[Change] = []
        for _ in range(min(ACTION, count - done)):
            done += 1
            home = new_id(ports)
            changes.append(Change("household", home, {"household_no": f"{done % 7 + 1:02d}-{done:05d}"}))
            for seq in range(1, rng.choice((2, 3, 3, 4, 4, 4)) + 1):
                name, id_no, phone = invent(rng)
                person = {"name": name, "id_no": id_no, "seq": seq, "relation": "02" if seq == 1 else "20"}
                changes.append(Change("member", new_id(ports), {**person, "phone": phone, "household": home.hex()}))
        ledger.append(LogId(device, scope), changes, operator, new_id(ports))
        print(f"\rfilled {done}/{count} households", end="", flush=True)
    store.write("PRAGMA wal_checkpoint(TRUNCATE)")
    print()


def keystrokes(store: Store, rng: random.Random, names: int) -> list[str]:
    """What people type for some of those who are there: every prefix on the way, and some who are not."""
    people = store.rows("SELECT name, id_no, phone FROM member WHERE _del=0")
    typed: list[str] = ["zzzzq", "欧阳锋", "龘"]
    for name, id_no, phone in rng.sample(people, names):
        keys = readings.name_keys(name)
        ways = [name, rng.choice([key for key in keys if key.isascii()]), id_no[-4:], phone[-4:]]
        for way in ways:
            typed += [way[:length] for length in range(1, len(way) + 1)]
    return typed


Method = Callable[[Store, str], int]


def ours(store: Store, text: str) -> int:
    query = HouseholdQuery(text=text)
    households.count_households(store, query)
    return len(households.page_of_households(store, query, 0, TOP))


def page(store: Store, text: str) -> int:
    return len(households.page_of_households(store, HouseholdQuery(text=text), 0, TOP))


def like(store: Store, text: str) -> int:
    return len(store.rows(LIKE, (f"%{text}%",)))


def key_range(store: Store, text: str) -> int:
    wanted = readings.normalise_query(text)
    return len(store.rows(RANGE, (wanted, wanted + "\U0010ffff")))


METHODS: dict[str, Method] = {"ours": ours, "page": page, "like": like, "range": key_range}


def measure(store: Store, typed: Sequence[str], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of every keystroke by method: its median over the rounds, methods alternating."""
    taken: dict[str, list[list[float]]] = {name: [[] for _ in typed] for name in METHODS}
    for text in typed[:20]:
        for method in METHODS.values():
            method(store, text)
    for _ in range(rounds):
        for place, text in enumerate(typed):
            for name, method in METHODS.items():
                begun = time.perf_counter()
                method(store, text)
                taken[name][place].append((time.perf_counter() - begun) * 1000)
    return {name: [statistics.median(each) for each in every] for name, every in taken.items()}


def show(typed: Sequence[str], figures: dict[str, list[float]]) -> None:
    """Percentiles, ratios, the slowest keystrokes."""
    at = {name: sorted(every) for name, every in figures.items()}
    print(f"{len(typed)} keystrokes; milliseconds    p50      p95      p99      max")
    for name, every in at.items():
        picked = (every[int((len(every) - 1) * part)] for part in (0.5, 0.95, 0.99, 1.0))
        print(f"{name:27}" + "".join(f"{value:9.3f}" for value in picked))
    middle = {name: statistics.median(every) for name, every in at.items()}
    print(f"like / ours {middle['like'] / middle['ours']:.1f}   ours / range {middle['ours'] / middle['range']:.1f}")
    slowest = sorted(range(len(typed)), key=lambda place: -figures["ours"][place])[:8]
    print("slowest: " + ", ".join(f"{typed[place]} {figures['ours'][place]:.2f}" for place in slowest))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, default=36_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--names", type=int, default=40)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"search-{options.households}.db"
        fresh = not path.exists()
        store = Store(open_database(path, KEY))
        create_tables(store)
        if fresh:
            begun = time.perf_counter()
            fill(store, options.households)
            print(f"filled in {time.perf_counter() - begun:.0f} s")
        counts = store.row("SELECT (SELECT count(*) FROM household), (SELECT count(*) FROM member)")
        keys = store.row("SELECT count(*) FROM search_key")
        print(f"households, members {counts}, search keys {keys}, {path.stat().st_size / 1e6:.0f} MB")
        typed = keystrokes(store, random.Random(1), options.names)
        show(typed, measure(store, typed, options.rounds))
        store.close()


if __name__ == "__main__":
    main()
