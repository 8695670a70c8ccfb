"""Rows 4 and 5 of the performance table: many two-page household forms, one form in a warm process.

Base: the same form data laid out with reportlab's platypus (tables of strings, one face), measured in the same run,
methods alternating, each run in a fresh process.  Prints medians, CPU seconds, peak memory and the ratio to the base.

    python -m benchmarks.bench_forms [--forms 1000] [--runs 5]

Not measured: printing itself, reading the store.
"""

from __future__ import annotations

import argparse
import io
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from villagedesk.domain.records.household import Household
from villagedesk.domain.records.member import Member

PEOPLE = 14
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰"
HEADS = ["序号", "姓名", "性别", "公民身份号码", "与户主关系", "民族", "文化", "健康", "劳力", "务工"]
WIDTHS = [25, 60, 30, 120, 60, 45, 45, 45, 50, 50]


class Sink(io.RawIOBase):
    """Counts bytes and keeps none, so that memory shown is the writer's own."""

    def __init__(self) -> None:
        super().__init__()
        self.taken = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.taken += len(data)
        return len(data)


def member(form: int, place: int) -> Member:
    """An invented person."""
    first, second = GIVEN[(form * 7 + place) % len(GIVEN)], GIVEN[(form * 3 + place * 5) % len(GIVEN)]
    return Member(
        name=f"张{first}{second}",
        id_no=f"999902{1940 + (form + place) % 80}0412{(form * 31 + place) % 1000:03d}X",
        relation="02" if place == 0 else "20",
        ethnic="01",
        education="40",
        health="2" if place % 3 == 0 else "1",
        labour="2",
        work_status="3",
        work_months=1 + place % 12,
        registered=True,
        resident=True,
    )


def household(form: int) -> Household:
    """An invented household."""
    return Household(
        phone=f"1380000{form % 10000:04d}",
        address=f"青石镇柳河村{form % 9 + 1}组{form}号",
        household_type="1",
        residence_status="1",
        collected_on="2026-11-23",
        house_structure="2",
        house_area=9000 + form,
        house_built=1990 + form % 30,
        house_grade="A",
        toilet="1",
        water="1",
        power=True,
        farmland=800 + form,
        leased_out=300,
        leased_in=0,
        forest=120,
        orchard=250,
        pond=0,
        wage_income=7_800_000 + form,
        business_income=2_160_000,
        property_income=150_000,
        transfer_income=684_000,
        business_cost=920_000,
        needs="老人轮椅损坏，申请残联辅具更换；长子有意返乡办果树育苗。",
    )


def ours(forms: int, out: BinaryIO) -> None:
    """The product's own writer."""
    from villagedesk.progress import Progress
    from villagedesk.reports.household import print_household_forms
    from villagedesk.reports.household_values import HouseholdSheet
    from villagedesk.reports.paper import Printed

    def sheets() -> Iterator[HouseholdSheet]:
        for form in range(forms):
            people = tuple(member(form, place) for place in range(PEOPLE))
            yield HouseholdSheet(
                "青石镇",
                "柳河村",
                "第3网格",
                "02微网格",
                "3组",
                f"999901-03-02-{form:03d}",
                form.to_bytes(16, "big"),
                household(form),
                people,
            )

    print_household_forms(sheets(), forms, out, Printed(datetime(2026, 11, 23), "周晓兰"), Progress())


def platypus(forms: int, out: BinaryIO) -> None:
    """The base: reportlab's own layout engine with the same data on two pages a form."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

    from villagedesk.paths import resources

    if "base" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("base", str(resources() / "fonts" / "NotoSansSC-Regular.ttf")))
    heading = ParagraphStyle("heading", fontName="base", fontSize=18, alignment=1, leading=26)
    body = ParagraphStyle("body", fontName="base", fontSize=10, leading=15, wordWrap="CJK")
    style = [("FONT", (0, 0), (-1, -1), "base", 9), ("GRID", (0, 0), (-1, -1), 0.7, "#000")]
    flow: list[object] = []
    for form in range(forms):
        values = household(form)
        rows = [_row(member(form, place), place) for place in range(PEOPLE)]
        facts = [str(getattr(values, name)) for name in Household.__dataclass_fields__ if getattr(values, name)]
        pairs = [facts[start : start + 4] for start in range(0, len(facts) - 3, 4)]
        flow += [Paragraph("青石镇农户基本信息采集表", heading), Table(pairs, [132] * 4, style=style), Spacer(1, 8)]
        flow += [Table([HEADS, *rows[:8]], WIDTHS, style=style), Paragraph(str(values.needs), body), PageBreak()]
        flow += [Paragraph("青石镇农户基本信息采集表（续）", heading), Table([HEADS, *rows[8:]], WIDTHS, style=style)]
        flow += [Paragraph("以上信息经本户核对，情况属实。", body), PageBreak()]
    SimpleDocTemplate(out, pagesize=A4, leftMargin=30, rightMargin=30).build(flow)


def _row(person: Member, place: int) -> list[str]:
    return [str(place + 1), person.name or "", "男", person.id_no or "", "子", "汉族", "中专", "健康", "普通", "县内"]


METHODS: dict[str, Callable[[int, BinaryIO], None]] = {"ours": ours, "platypus": platypus}


def one(method: str, forms: int, warm: bool) -> None:
    """Run one method in this process and print what it took."""
    if warm:
        METHODS[method](1, Sink())  # type: ignore[arg-type]
    sink = Sink()
    wall, cpu = time.perf_counter(), time.process_time()
    METHODS[method](forms, sink)  # type: ignore[arg-type]
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = next(row.split()[1] for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("VmHWM"))
    print(json.dumps({"wall": wall, "cpu": cpu, "mb": int(peak) / 1024, "kb": sink.taken / 1024}))


def compare(title: str, forms: int, runs: int, warm: bool) -> None:
    """Alternate the methods and print medians and the ratio."""
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in METHODS}
    for _ in range(runs):
        for name in METHODS:
            command = [sys.executable, "-m", "benchmarks.bench_forms", "--one", name, "--forms", str(forms)]
            done = subprocess.run([*command, *(["--warm"] if warm else [])], capture_output=True, text=True, check=True)
            taken[name].append(json.loads(done.stdout))
    print(f"{title}: forms={forms} pages={2 * forms} runs={runs}")
    medians = {}
    for name, results in taken.items():
        medians[name] = {key: statistics.median(result[key] for result in results) for key in results[0]}
        wall, cpu, mb, kb = (medians[name][key] for key in ("wall", "cpu", "mb", "kb"))
        print(
            f"  {name:9} wall {wall * 1000:9.1f} ms  cpu {cpu * 1000:9.1f} ms  {forms / wall:8.1f} forms/s"
            f"  peak {mb:6.1f} MB  file {kb:8.0f} KB"
        )
    for key in ("wall", "cpu"):
        print(f"  ratio base/ours by {key}: {medians['platypus'][key] / medians['ours'][key]:.2f}")


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--one", choices=sorted(METHODS))
    parser.add_argument("--warm", action="store_true")
    arguments = parser.parse_args()
    if arguments.one:
        one(arguments.one, arguments.forms, arguments.warm)
        return
    compare("many forms, cold process", arguments.forms, arguments.runs, warm=False)
    compare("one form, warm process", 1, arguments.runs, warm=True)


if __name__ == "__main__":
    main()
