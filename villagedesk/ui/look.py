"""Owns what every widget is given to draw itself: theme, scale, fonts, tinted icons.  Knows no page and no service."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from villagedesk.errors import EnvironmentFault
from villagedesk.paths import resources
from villagedesk.ui import theme
from villagedesk.ui.stylesheet import style_sheet
from villagedesk.ui.theme import THEMES, Theme, ThemeName

FAMILIES = ["Noto Sans SC", "HanaMinB"]
_FIRST_FONTS = ("NotoSansSC-Regular.ttf", "NotoSansSC-SemiBold.ttf")
_RARE_FONT = "HanaMinB.ttf"


def load_fonts() -> None:
    """The two cuts every page needs; raises ``EnvironmentFault`` ``font_missing``."""
    for name in _FIRST_FONTS:
        _load(name)


def load_rare_font() -> None:
    """The face for rare characters: 30 MB, therefore after the first paint."""
    _load(_RARE_FONT)


def _load(name: str) -> None:
    if QFontDatabase.addApplicationFont(str(resources() / "fonts" / name)) < 0:
        raise EnvironmentFault("font_missing", file=name)


@dataclass(frozen=True)
class Look:
    """One theme at one scale (percent).  ``px`` scales a length; icons are tinted by a token of the theme.

    ``labels``: width of a form's label column, which the language decides.
    """

    name: ThemeName = "light"
    percent: int = 100
    labels: int = theme.LABEL_COLUMN
    _pixmaps: dict[tuple[str, str, int, float], QPixmap] = field(default_factory=dict, compare=False)

    @property
    def colours(self) -> Theme:
        return THEMES[self.name]

    def px(self, length: float) -> int:
        return round(length * self.percent / 100)

    def colour(self, token: str) -> QColor:
        return QColor(self.colours.colour(token))

    def font(self, size: int = theme.BODY, weight: int = 400) -> QFont:
        made = QFont()
        made.setFamilies(FAMILIES)
        made.setPixelSize(self.px(size))
        made.setWeight(QFont.Weight(weight))
        return made

    def sheet(self) -> str:
        return style_sheet(self.colours, self.px)

    def palette(self) -> QPalette:
        """Fusion's palette from the tokens, for everything the style sheet does not reach."""
        roles = {
            QPalette.ColorRole.Window: "ground",
            QPalette.ColorRole.WindowText: "text",
            QPalette.ColorRole.Base: "surface",
            QPalette.ColorRole.AlternateBase: "sunken",
            QPalette.ColorRole.Text: "text",
            QPalette.ColorRole.Button: "surface",
            QPalette.ColorRole.ButtonText: "text",
            QPalette.ColorRole.Highlight: "accent",
            QPalette.ColorRole.HighlightedText: "on_accent",
            QPalette.ColorRole.PlaceholderText: "text3",
            QPalette.ColorRole.ToolTipBase: "surface",
            QPalette.ColorRole.ToolTipText: "text",
            QPalette.ColorRole.Link: "accent",
            QPalette.ColorRole.Light: "surface",
            QPalette.ColorRole.Mid: "line",
            QPalette.ColorRole.Dark: "line_strong",
        }
        palette = QPalette()
        for role, token in roles.items():
            palette.setColor(role, self.colour(token))
        disabled = QPalette.ColorGroup.Disabled
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
            palette.setColor(disabled, role, self.colour("text3"))
        return palette

    def pixmap(self, icon: str, token: str, size: int, ratio: float = 1.0) -> QPixmap:
        """A Lucide icon (file name without ending), ``size`` pixels at 100 %, tinted; KeyError for an unknown token."""
        key = (icon, token, size, ratio)
        found = self._pixmaps.get(key)
        if found is None:
            found = self._pixmaps[key] = self._draw(icon, token, size, ratio)
        return found

    def _draw(self, icon: str, token: str, size: int, ratio: float) -> QPixmap:
        side = round(self.px(size) * ratio)
        width = "1.25" if size >= 40 else "1.9"
        text = _icon_file(icon).read_text(encoding="utf-8")
        text = text.replace("currentColor", self.colours.colour(token))
        text = text.replace('stroke-width="2"', f'stroke-width="{width}"')
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, side, side))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def icon(self, name: str, token: str = "text", size: int = theme.ICON_BUTTON) -> QIcon:
        """An icon for a button; the disabled picture is tinted ``text3``."""
        made = QIcon()
        for ratio in (1.0, 2.0):
            made.addPixmap(self.pixmap(name, token, size, ratio))
            made.addPixmap(self.pixmap(name, "text3", size, ratio), QIcon.Mode.Disabled)
        return made

    def icon_size(self, size: int = theme.ICON_BUTTON) -> QSize:
        return QSize(self.px(size), self.px(size))


def _icon_file(name: str) -> Path:
    return resources() / "icons" / "lucide" / f"{name}.svg"


def logo(look: Look, size: int, ratio: float = 1.0) -> QPixmap:
    """The product's mark: a roof over two lines of a ledger."""
    side = round(look.px(size) * ratio)
    accent, ink = look.colours.accent, look.colours.on_accent
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 34 34">'
        f'<rect width="34" height="34" rx="7" fill="{accent}"/>'
        f'<g fill="none" stroke="{ink}" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round">'
        '<path d="M7 15.5 17 8l10 7.5"/><path d="M10 20h14"/><path d="M10 25.5h9"/></g></svg>'
    )
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
