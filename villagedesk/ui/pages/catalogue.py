"""Owns the visible list of pages: what stands in the sidebar of which desk, and who makes each page.

Adding a page = its module in ``pages/`` and its lines here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from PySide6.QtCore import QCoreApplication

from villagedesk.ui.pages.form.page import FormPage
from villagedesk.ui.pages.grids import GridsPage
from villagedesk.ui.pages.history import HistoryPage
from villagedesk.ui.pages.households.page import HouseholdsPage
from villagedesk.ui.pages.inbox.page import InboxPage
from villagedesk.ui.pages.preview import PreviewPage
from villagedesk.ui.pages.report import ReportPage
from villagedesk.ui.pages.settings import SettingsPage
from villagedesk.ui.shell.sidebar import NavEntry
from villagedesk.ui.shell.window import MakePage

HOME = "households"


def entries(role: Literal["village", "town"]) -> list[NavEntry]:
    """The sidebar of a desk, 设置 last."""

    def entry(page: str, text: str, icon: str) -> NavEntry:
        return NavEntry(page, text, icon)

    word = QCoreApplication.translate
    if role == "town":
        exchange = entry("inbox", word("Sidebar", "收件"), "inbox")
    else:
        exchange = entry("report", word("Sidebar", "上报"), "send")
    return [
        entry("households", word("Sidebar", "农户"), "house"),
        entry("grids", word("Sidebar", "网格"), "map"),
        exchange,
        entry("settings", word("Sidebar", "设置"), "settings"),
    ]


def makers() -> Mapping[str, MakePage]:
    """Page name → what makes it."""
    return {
        page.name: page
        for page in (HouseholdsPage, FormPage, HistoryPage, PreviewPage, ReportPage, InboxPage, GridsPage, SettingsPage)
    }
