"""Owns how stored amounts look on paper.  Must not know where they stand.

Stored values are whole hundredths (fields.py): zeros of land are kept (0.00), money shows decimals only when it has
some, the minus is U+2212.
"""

from __future__ import annotations

from villagedesk.domain.dates import is_date

_MINUS = "\N{MINUS SIGN}"


def money(hundredths: int | None) -> str:
    """7800000 分 → 78,000; 1645667 → 16,456.67; None → ""."""
    if hundredths is None:
        return ""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{_MINUS if hundredths < 0 else ''}{whole:,}" + (f".{rest:02d}" if rest else "")


def land(hundredths: int | None) -> str:
    """840 → 8.40 亩; 0 → 0.00; None → ""."""
    return "" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02d}"


def area(hundredths: int | None) -> str:
    """12600 → 126 m²; 12650 → 126.5; None → ""."""
    return "" if hundredths is None else land(hundredths).rstrip("0").rstrip(".")


def day(date: str | None) -> str:
    """2026-11-23 → 2026年11月23日; None → ""; what is no date (a foreign desk may send it) stands as it is."""
    if not date or not is_date(date):
        return date or ""
    year, month, number = date.split("-")
    return f"{year}年{int(month)}月{int(number)}日"
