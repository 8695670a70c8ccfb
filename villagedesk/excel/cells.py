"""Owns what a single cell is: its text as the clerk sees it, and its column letter.  Knows no field."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

Cell = str | float | int | bool | date | datetime | time | timedelta

#: A spreadsheet keeps this many significant digits of a number; what follows is lost.
SIGNIFICANT_DIGITS = 15


def cell_text(cell: Cell) -> str:
    """The cell as text: whole numbers without a point, dates ISO, yes/no as 是/否.

    A number of more than fifteen digits shows zeros behind them, as the spreadsheet does, so that the damage to an
    identity number stored as a number is always recognised.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float | int):
        return _number_text(cell)
    return str(cell)


def column_letter(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def _number_text(number: float) -> str:
    exact = Decimal(repr(number))
    if not exact.is_finite():
        return ""
    if exact != exact.to_integral_value():
        return format(exact.normalize(), "f")
    digits = str(int(exact))
    if len(digits.lstrip("-")) <= SIGNIFICANT_DIGITS:
        return digits
    return digits[:SIGNIFICANT_DIGITS].ljust(len(digits), "0")
