"""Owns every colour and measure of the window: three themes and one scale (design: look/README.md, tokens).

Lengths are pixels at 100 % (96 dpi); ``look.py`` multiplies them.  Must not know any widget.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

ThemeName = Literal["light", "dark", "high_contrast"]
Tone = Literal["text", "text2", "text3", "accent", "on_accent", "ok", "warn", "err"]


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by what they are for; see the token table of the look."""

    ground: str
    sidebar: str
    surface: str
    sunken: str
    line: str
    line_strong: str
    text: str
    text2: str
    text3: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    accent_line: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    err: str
    err_soft: str
    track: str
    toast: str
    on_toast: str
    toast_link: str

    def colour(self, token: str) -> str:
        """The colour of a token name; KeyError for a name no theme has."""
        if token not in TOKENS:
            raise KeyError(token)
        return str(getattr(self, token))


LIGHT = Theme(
    ground="#F2F4F3",
    sidebar="#E7ECEA",
    surface="#FFFFFF",
    sunken="#F7F9F8",
    line="#E0E5E2",
    line_strong="#858E8A",
    text="#1B2224",
    text2="#4E585B",
    text3="#697275",
    accent="#175C8A",
    accent_hover="#124A70",
    on_accent="#FFFFFF",
    accent_soft="#E2EEF6",
    accent_line="#6699BC",
    ok="#226847",
    ok_soft="#E3F1E9",
    warn="#855600",
    warn_soft="#FBF1DB",
    err="#AE2D24",
    err_soft="#FCEAE8",
    track="#E4E9E6",
    toast="#1F2528",
    on_toast="#FFFFFF",
    toast_link="#86BBE3",
)

DARK = Theme(
    ground="#15191B",
    sidebar="#1A1F22",
    surface="#1F2528",
    sunken="#1A2023",
    line="#30383C",
    line_strong="#78838A",
    text="#E7EBEA",
    text2="#B3BCC0",
    text3="#919CA1",
    accent="#86BBE3",
    accent_hover="#A2CDEE",
    on_accent="#0A2233",
    accent_soft="#22394B",
    accent_line="#4F7FA3",
    ok="#7ECBA1",
    ok_soft="#1C3529",
    warn="#E3B769",
    warn_soft="#393018",
    err="#F29A92",
    err_soft="#442622",
    track="#2F373B",
    toast="#E7EBEA",
    on_toast="#15191B",
    toast_link="#175C8A",
)

HIGH_CONTRAST = Theme(
    ground="#000000",
    sidebar="#000000",
    surface="#000000",
    sunken="#000000",
    line="#8A8A8A",
    line_strong="#FFFFFF",
    text="#FFFFFF",
    text2="#FFFFFF",
    text3="#D6D6D6",
    accent="#FFE24A",
    accent_hover="#FFF0A0",
    on_accent="#000000",
    accent_soft="#3B3500",
    accent_line="#FFFFFF",
    ok="#86F7A5",
    ok_soft="#00260C",
    warn="#FFC247",
    warn_soft="#2E2000",
    err="#FF9D93",
    err_soft="#330B07",
    track="#4A4A4A",
    toast="#FFFFFF",
    on_toast="#000000",
    toast_link="#175C8A",
)

TOKENS = frozenset(field.name for field in fields(Theme))

THEMES: dict[ThemeName, Theme] = {"light": LIGHT, "dark": DARK, "high_contrast": HIGH_CONTRAST}

#: Type scale, pixels at 100 %.
DISPLAY, H1, H2, BODY, SMALL, AXIS = 30, 22, 17, 15, 13, 12

#: Space scale.
XS, S, M, L, XL, XXL = 4, 8, 12, 16, 24, 32

SIDEBAR, RAIL, HEADER, STATUS_LINE, NAV_ITEM = 164, 60, 60, 34, 40
BUTTON, BUTTON_COMPACT, BUTTON_BIG = 36, 30, 48
FIELD, FIELD_BIG = 34, 44
TABLE_HEAD, ROW_LIST, ROW_IMPORT, ROW_MEMBER, GROUP_HEAD = 34, 36, 34, 36, 28
CARD_HEAD, KEYCAP, TAG = 46, 20, 22
PAGE_MARGIN, PAGE_BOTTOM, GUTTER, CARD_GAP, CARD_PAD, CELL_PAD = 20, 16, 16, 12, 16, 12
DETAIL_PANEL, DIALOG, LABEL_COLUMN, LABEL_COLUMN_LATIN, LABEL_GAP = 338, 520, 88, 116, 10
RAIL_BELOW, FOLD_DETAIL_BELOW = 1100, 1180
ICON_STATUS, ICON_BUTTON, ICON_NAV, ICON_EMPTY = 16, 18, 20, 56
TOAST_SECONDS = 8
SCALES = (80, 90, 100, 110, 125, 150, 175, 200)
