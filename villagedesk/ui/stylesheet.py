"""Owns the one style sheet, built from the tokens.  No widget carries a style string of its own.

Widgets say what they are through dynamic properties: ``kind`` of a button, ``role`` of a label, ``state`` of a field,
``box`` of a frame.
"""

from __future__ import annotations

from collections.abc import Callable

from villagedesk.ui import theme
from villagedesk.ui.theme import Theme

Px = Callable[[float], int]


def style_sheet(colours: Theme, px: Px) -> str:
    """The application's style sheet for a theme; ``px`` scales a length."""
    return "\n".join(part(colours, px) for part in (_ground, _labels, _buttons, _fields, _views, _small_parts))


def _ground(c: Theme, px: Px) -> str:
    return f"""
    QWidget {{ color: {c.text}; font-size: {px(theme.BODY)}px; }}
    QMainWindow, QDialog, QWidget[box="ground"] {{ background: {c.ground}; }}
    QWidget[box="sidebar"] {{ background: {c.sidebar}; }}
    QFrame[box="status"] {{ background: {c.sidebar}; border: none; border-top: 1px solid {c.line}; }}
    QFrame[box="card"] {{ background: {c.surface}; border: 1px solid {c.line}; border-radius: {px(8)}px; }}
    QFrame[box="plain"], QWidget[box="plain"] {{ background: transparent; border: none; }}
    QFrame[box="info"] {{ background: {c.accent_soft}; border: none; border-radius: {px(6)}px; }}
    QFrame[box="warn"] {{ background: {c.warn_soft}; border: none; border-radius: {px(6)}px; }}
    QFrame[box="err"] {{ background: {c.err_soft}; border: none; border-radius: {px(6)}px; }}
    QFrame[box="doubts"] {{ background: {c.warn_soft}; border: none; }}
    QFrame[box="wrong"] {{ background: {c.err_soft}; border: none; }}
    QFrame[box="line"] {{ background: {c.line}; border: none; max-height: 1px; min-height: 1px; }}
    QFrame[box="toast"] {{ background: {c.toast}; border: none; border-radius: {px(6)}px; }}
    """


def _labels(c: Theme, px: Px) -> str:
    tones = "\n".join(
        f'QLabel[tone="{tone}"] {{ color: {c.colour(tone)}; }}'
        for tone in ("text2", "text3", "accent", "on_accent", "ok", "warn", "err", "on_toast")
    )
    return f"""
    QLabel {{ background: transparent; }}
    QLabel[role="display"] {{ font-size: {px(theme.DISPLAY)}px; font-weight: 600; }}
    QLabel[role="h1"] {{ font-size: {px(theme.H1)}px; font-weight: 600; }}
    QLabel[role="h2"] {{ font-size: {px(theme.H2)}px; font-weight: 600; }}
    QLabel[role="strong"] {{ font-weight: 600; }}
    QLabel[role="small"] {{ font-size: {px(theme.SMALL)}px; }}
    QLabel[role="keycap"] {{ font-size: {px(theme.SMALL)}px; background: {c.surface}; border: 1px solid {c.line};
        border-radius: {px(4)}px; padding: 0 {px(5)}px; min-height: {px(theme.KEYCAP - 2)}px; }}
    QLabel[role="tag"] {{ font-size: {px(theme.SMALL)}px; color: {c.text2}; background: {c.sunken};
        border: 1px solid {c.line}; border-radius: {px(4)}px; padding: 0 {px(9)}px; min-height: {px(20)}px; }}
    QLabel[role="tag"][tone="accent"] {{ color: {c.accent}; background: {c.accent_soft}; border: none; }}
    {tones}
    QLabel[role="step"] {{ border: 1px solid {c.line_strong}; border-radius: {px(28) // 2}px; }}
    QLabel[role="step"][tone="on_accent"] {{ background: {c.accent}; border-color: {c.accent}; }}
    """


def _buttons(c: Theme, px: Px) -> str:
    return f"""
    QPushButton {{ background: {c.surface}; border: 1px solid {c.line_strong}; border-radius: {px(6)}px;
        padding: 0 {px(15)}px; min-height: {px(theme.BUTTON - 2)}px; outline: none; }}
    QPushButton:hover {{ background: {c.accent_soft}; }}
    QPushButton:pressed {{ background: {c.track}; }}
    QPushButton:focus {{ border: 2px solid {c.text}; padding: 0 {px(15) - 1}px;
        min-height: {px(theme.BUTTON - 2) - 2}px; }}
    QPushButton:disabled {{ color: {c.text3}; border-color: {c.line}; background: {c.sunken}; }}
    QPushButton[kind="primary"] {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent};
        font-weight: 600; }}
    QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {{ background: {c.accent_hover}; }}
    QPushButton[kind="primary"]:focus {{ border: 2px solid {c.text}; }}
    QPushButton[kind="primary"]:disabled {{ background: {c.track}; color: {c.text3}; border-color: {c.track}; }}
    QPushButton[extent="big"] {{ min-height: {px(theme.BUTTON_BIG - 2)}px; font-size: {px(theme.H2)}px; }}
    QPushButton[extent="big"]:focus {{ min-height: {px(theme.BUTTON_BIG - 2) - 2}px; }}
    QPushButton[extent="compact"] {{ min-height: {px(theme.BUTTON_COMPACT - 2)}px; padding: 0 {px(11)}px; }}
    QPushButton[extent="compact"]:focus {{ min-height: {px(theme.BUTTON_COMPACT - 2) - 2}px;
        padding: 0 {px(11) - 1}px; }}
    QPushButton[kind="danger"] {{ color: {c.err}; border-color: {c.err}; }}
    QPushButton[kind="link"] {{ background: transparent; border: 1px solid transparent; color: {c.accent};
        padding: 0 {px(3)}px; min-height: {px(24)}px; }}
    QPushButton[kind="link"]:hover {{ color: {c.accent_hover}; background: {c.accent_soft}; }}
    QPushButton[kind="link"]:focus {{ border: 2px solid {c.text}; padding: 0 {px(3) - 1}px;
        min-height: {px(24) - 2}px; }}
    QPushButton[kind="link"]:disabled {{ color: {c.text3}; }}
    QPushButton[kind="toast"] {{ background: transparent; border: 1px solid transparent; color: {c.toast_link};
        padding: 0 {px(4)}px; min-height: {px(24)}px; }}
    QPushButton[kind="chip"] {{ min-height: {px(theme.FIELD - 2)}px; padding: 0 {px(9)}px; }}
    QPushButton[kind="chip"]:focus {{ min-height: {px(theme.FIELD - 2) - 2}px; padding: 0 {px(9) - 1}px; }}
    QPushButton[kind="chip"]:checked {{ background: {c.accent_soft}; color: {c.accent}; border-color: {c.accent};
        font-weight: 600; }}
    QPushButton[kind="place"] {{ text-align: left; }}
    QPushButton[kind="place"]:checked {{ background: {c.accent_soft}; border: 2px solid {c.accent}; }}
    QPushButton[kind="option"] {{ background: transparent; border: 1px solid transparent; padding: 0 {px(4)}px;
        min-height: {px(24)}px; }}
    QPushButton[kind="option"][chosen="true"] {{ color: {c.accent}; font-weight: 600; }}
    QPushButton[kind="fold"] {{ background: transparent; border: 1px solid transparent; text-align: left;
        font-weight: 600; padding: 0 {px(12)}px; min-height: {px(40)}px; }}
    QPushButton[kind="fold"]:focus {{ border: 2px solid {c.text}; padding: 0 {px(12) - 1}px; }}
    """


def _fields(c: Theme, px: Px) -> str:
    height = px(theme.FIELD - 2)
    return f"""
    QLineEdit, QComboBox, QPlainTextEdit {{ background: {c.surface}; border: 1px solid {c.line_strong};
        border-radius: {px(6)}px; padding: 0 {px(10)}px; min-height: {height}px;
        selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}
    QPlainTextEdit {{ padding: {px(4)}px {px(8)}px; }}
    QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus {{ border: 2px solid {c.accent};
        padding: 0 {px(10) - 1}px; min-height: {height - 2}px; }}
    QLineEdit[extent="big"] {{ min-height: {px(theme.FIELD_BIG - 2)}px; font-size: {px(theme.H2)}px; }}
    QLineEdit[extent="big"]:focus {{ min-height: {px(theme.FIELD_BIG - 2) - 2}px; }}
    QLineEdit[state="error"], QComboBox[state="error"] {{ background: {c.err_soft}; border: 2px solid {c.err};
        padding: 0 {px(10) - 1}px; min-height: {height - 2}px; }}
    QLineEdit[state="doubt"], QComboBox[state="doubt"] {{ background: {c.warn_soft}; border: 1px solid {c.warn}; }}
    QLineEdit:read-only, QLineEdit:disabled, QComboBox:disabled {{ background: {c.sunken}; color: {c.text2};
        border: 1px solid {c.line}; }}
    QLineEdit[cell="true"] {{ border: 2px solid {c.accent}; border-radius: 0; padding: 0 {px(9)}px; min-height: 0; }}
        QComboBox::drop-down {{ border: none; width: {px(22)}px; }}
    QComboBox::down-arrow {{ image: none; }}
    QComboBox QAbstractItemView {{ background: {c.surface}; border: 1px solid {c.line_strong}; outline: none;
        selection-background-color: {c.accent_soft}; selection-color: {c.text}; padding: {px(4)}px; }}
    QComboBox QAbstractItemView::item {{ min-height: {px(30)}px; }}
    QCheckBox {{ spacing: {px(8)}px; background: transparent; outline: none; }}
    QCheckBox::indicator {{ width: {px(16)}px; height: {px(16)}px; border: 1px solid {c.line_strong};
        border-radius: {px(4)}px; background: {c.surface}; }}
    QCheckBox::indicator:checked {{ background: {c.accent}; border-color: {c.accent}; }}
    QCheckBox:focus {{ color: {c.accent}; }}
    QCheckBox::indicator:focus {{ border: 2px solid {c.text}; width: {px(16) - 2}px; height: {px(16) - 2}px; }}
    """


def _views(c: Theme, px: Px) -> str:
    return f"""
    QTextBrowser {{ background: {c.surface}; border: 1px solid {c.line}; border-radius: {px(8)}px;
        padding: {px(12)}px; }}
    QTableView, QTreeView, QScrollArea {{ background: transparent; border: none; outline: none; }}
    QListView {{ background: {c.surface}; border: 2px solid {c.surface}; border-radius: {px(6)}px; outline: none; }}
    QListView:focus {{ border-color: {c.accent}; }}
    QTableView, QListView {{ selection-background-color: {c.accent_soft}; selection-color: {c.text}; }}
    QScrollArea > QWidget > QWidget {{ background: transparent; }}
    QHeaderView {{ background: {c.sunken}; border: none; }}
    QHeaderView::section {{ background: {c.sunken}; color: {c.text2}; font-size: {px(theme.SMALL)}px; border: none;
        border-bottom: 1px solid {c.line}; padding: 0 {px(theme.CELL_PAD)}px; font-weight: 400; }}
    QTableView[grid="entry"] QHeaderView::section {{ border-right: 1px solid {c.line}; }}
    QTableCornerButton::section {{ background: {c.sunken}; border: none; }}
    QListView::item {{ min-height: {px(34)}px; padding: 0 {px(12)}px; border: none; }}
    QListView::item:selected {{ background: {c.accent_soft}; color: {c.accent}; }}
    QListView::item:hover {{ background: {c.sunken}; }}
    QAbstractScrollArea::corner {{ background: transparent; }}
    QScrollBar:vertical {{ background: transparent; width: {px(10)}px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: {px(10)}px; margin: 0; }}
    QScrollBar::handle {{ background: {c.line_strong}; border-radius: {px(4)}px; margin: 2px; }}
    QScrollBar::handle:vertical {{ min-height: {px(32)}px; }}
    QScrollBar::handle:horizontal {{ min-width: {px(32)}px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """


def _small_parts(c: Theme, px: Px) -> str:
    return f"""
    QProgressBar {{ background: {c.track}; border: none; border-radius: {px(4)}px; min-height: {px(8)}px;
        max-height: {px(8)}px; }}
    QProgressBar::chunk {{ background: {c.accent}; border-radius: {px(4)}px; }}
    QToolTip {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.line_strong}; padding: {px(4)}px;
        font-size: {px(theme.SMALL)}px; }}
    QMenu {{ background: {c.surface}; border: 1px solid {c.line_strong}; padding: {px(4)}px; }}
    QMenu::item {{ padding: {px(6)}px {px(24)}px; }}
    QMenu::item:selected {{ background: {c.accent_soft}; }}
    """
