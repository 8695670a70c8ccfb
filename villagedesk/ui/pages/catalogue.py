"""Owns the visible list of pages: what stands in the sidebar of which desk, and who makes each page.

Adding a page = its module in ``pages/``, a maker and an entry here.  Only the first page is loaded at start: the others
bring printing, workbooks and seals with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from PySide6.QtCore import QCoreApplication

from villagedesk.ui.pages.households.page import HouseholdsPage
from villagedesk.ui.pages.page import Page
from villagedesk.ui.room import Room
from villagedesk.ui.shell.sidebar import NavEntry
from villagedesk.ui.shell.window import MakePage

HOME = "households"


def entries(role: Literal["village", "town"]) -> list[NavEntry]:
    """The sidebar of a desk, 设置 last."""
    translate = QCoreApplication.translate
    if role == "town":
        exchange = NavEntry("inbox", translate("Sidebar", "收件"), "inbox")
    else:
        exchange = NavEntry("report", translate("Sidebar", "上报"), "send")
    return [
        NavEntry("households", translate("Sidebar", "农户"), "house"),
        NavEntry("grids", translate("Sidebar", "网格"), "map"),
        exchange,
        NavEntry("settings", translate("Sidebar", "设置"), "settings"),
    ]


def makers() -> Mapping[str, MakePage]:
    """Page name → what makes it."""
    return {
        "households": HouseholdsPage,
        "form": _form,
        "history": _history,
        "conflicts": _conflicts,
        "preview": _preview,
        "roster": _roster,
        "export": _export,
        "report": _report,
        "inbox": _inbox,
        "grids": _grids,
        "settings": _settings,
    }


def _form(room: Room) -> Page:
    from villagedesk.ui.pages.form.page import FormPage

    return FormPage(room)


def _history(room: Room) -> Page:
    from villagedesk.ui.pages.history import HistoryPage

    return HistoryPage(room)


def _conflicts(room: Room) -> Page:
    from villagedesk.ui.pages.conflicts import ConflictsPage

    return ConflictsPage(room)


def _preview(room: Room) -> Page:
    from villagedesk.ui.pages.preview import PreviewPage

    return PreviewPage(room)


def _roster(room: Room) -> Page:
    from villagedesk.ui.pages.roster.page import RosterPage

    return RosterPage(room)


def _export(room: Room) -> Page:
    from villagedesk.ui.pages.export import ExportPage

    return ExportPage(room)


def _report(room: Room) -> Page:
    from villagedesk.ui.pages.report import ReportPage

    return ReportPage(room)


def _inbox(room: Room) -> Page:
    from villagedesk.ui.pages.inbox.page import InboxPage

    return InboxPage(room)


def _grids(room: Room) -> Page:
    from villagedesk.ui.pages.grids import GridsPage

    return GridsPage(room)


def _settings(room: Room) -> Page:
    from villagedesk.ui.pages.settings import SettingsPage

    return SettingsPage(room)
