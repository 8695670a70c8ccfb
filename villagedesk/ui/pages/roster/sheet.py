"""Owns the card with the people of a roster: which rows are shown, how the columns were understood, the list.

The result always has room.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton

from villagedesk.ui import theme
from villagedesk.ui.look import Look
from villagedesk.ui.models.table import Column, Row
from villagedesk.ui.pages.roster.rows import Lines
from villagedesk.ui.widgets.choice import Chips
from villagedesk.ui.widgets.parts import button, column, hairline, label, row
from villagedesk.ui.widgets.table import TableView

#: Below that a result says nothing; the list is scrolled sideways instead.
_RESULT = 168
_BEHIND_NAME = 3
_ICONS = (("", ""), ("circle-x", "err"), ("triangle-alert", "warn"), ("", ""))


class RosterTable(TableView):
    """The last column is the result; where not all columns have room, it stands behind the name."""

    def _share_width(self) -> None:
        super()._share_width()
        last = len(self.rows.columns) - 1
        self.setColumnWidth(last, max(self.columnWidth(last), self._look.px(_RESULT)))
        head = self.horizontalHeader()
        cramped = sum(self.columnWidth(number) for number in range(last + 1)) > self.viewport().width()
        head.moveSection(head.visualIndex(last), _BEHIND_NAME if cramped else last)


class Sheet(QFrame):
    """``remap``: the columns are to be understood otherwise."""

    remap = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("box", "card")
        options = [
            ("all", self.tr("全部")),
            ("wrong", self.tr("要改")),
            ("doubtful", self.tr("疑点")),
            ("out", self.tr("不导")),
        ]
        self.filter = Chips(look, self.tr("看哪些行"), options, always=True)
        for chip, (icon, tone) in zip(self.filter.findChildren(QPushButton), _ICONS, strict=True):
            if icon:
                chip.setIcon(look.icon(icon, tone))
                chip.setIconSize(look.icon_size())
                chip.setProperty("word", f" {chip.property('word')}")
        self.filter.set_value("all")
        self._note = label("", "small", "text2", wrap=True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        remap = button(look, self.tr("改列对应"), self.remap.emit, kind="link")
        tools = row(self.filter, self._note, remap, spacing=look.px(8))
        tools.setStretch(1, 1)
        tools.setContentsMargins(look.px(12), look.px(8), look.px(12), look.px(8))
        columns = (
            Column(self.tr("原表行"), 62, "right"),
            Column(self.tr("户主"), 86),
            Column(self.tr("姓名"), 86),
            Column(self.tr("与户主关系"), 88),
            Column(self.tr("公民身份号码"), 166),
            Column(self.tr("组"), 60),
            Column(self.tr("电话"), 112),
            Column(self.tr("结果")),
        )
        self.table = RosterTable(look, columns, self.tr("花名册各行"), theme.ROW_IMPORT)
        layout = column(tools, hairline(), self.table, spacing=0, margins=(1, 1, 1, 1))
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def tell(self, lines: Lines, note: str) -> None:
        """How many rows there are of each sort; ``note``: about the columns."""
        counts = {"wrong": len(lines.wrong), "doubtful": len(lines.doubtful), "out": len(lines.out)}
        self.filter.set_counts({"all": len(lines.rows), **counts})
        self._note.setText(note)

    def shown(self, lines: Lines) -> tuple[Row, ...]:
        return lines.of(self.filter.value() or "all")
