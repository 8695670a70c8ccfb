"""Owns the list of what was not handed in yet, in the words of the clerk."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from villagedesk.services.bundles import BY_ITSELF
from villagedesk.ui.look import Look
from villagedesk.ui.widgets.parts import clear, hairline, label, row

#: Kinds that are shown as one line.
_PLACES = ("grid", "micro_grid", "villager_group", "responsibility")
_GROUPS = dict.fromkeys(_PLACES, "place") | dict.fromkeys(BY_ITSELF, "along")


class Unsent(QWidget):
    """A line for every sort of record."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)

    def show_counts(self, unsent: Mapping[str, int]) -> None:
        """``unsent``: counts by kind of record."""
        clear(self._box)
        names = {
            "household": self.tr("农户"),
            "member": self.tr("家庭成员"),
            "place": self.tr("网格、小组和责任人"),
            "other": self.tr("其他"),
            "along": self.tr("随包一起的：本村和经办人的名字、打印和导出的记录"),
        }
        counts = dict.fromkeys(names, 0)
        for kind, count in unsent.items():
            counts[_GROUPS.get(kind, kind if kind in names else "other")] += count
        pad = self._look.px(7)
        self._box.addWidget(hairline())
        for group, count in counts.items():
            if count:
                along = group == "along"
                name = label(names[group], "small" if along else "", "text3" if along else "", wrap=True)
                number = label(f"{count:,}", "small" if along else "strong", "text3" if along else "")
                line = row(name, number, margins=(0, pad, 0, pad))
                line.setStretch(0, 1)
                self._box.addLayout(line)
                self._box.addWidget(hairline())
