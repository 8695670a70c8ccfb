"""Owns the panel beside the board: what a trial run of one village's bundles says, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence, Set
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from villagedesk.services.report import Tried
from villagedesk.ui import theme
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.parts import button, clear, column, frame, hairline, icon_label, label, row

_WIDTH = 424
_LABEL = 64
_COUNT = 56


class TrialPanel(QFrame):
    """``take``: the button that imports was pressed; ``replace``: the village shown needs another computer."""

    take = Signal()
    replace = Signal()

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        look = room.look
        self.setProperty("box", "card")
        self.setFixedWidth(look.px(_WIDTH))
        content = QWidget()
        self._content = QVBoxLayout(content)
        pad = look.px(theme.CARD_PAD)
        self._content.setContentsMargins(pad, pad, pad, pad)
        self._content.setSpacing(look.px(8))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(content)
        self.button = button(look, "", self.take.emit, kind="primary", icon="check", key="F9")
        self.other = button(look, self.tr("村里换电脑…"), self.replace.emit, kind="link")
        self._foot = QWidget()
        self._foot.setLayout(row(self.button, None, self.other, margins=(pad, look.px(10), pad, look.px(14))))
        layout = column(scroll, hairline(), self._foot, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def show_nothing(self, title: str, text: str) -> None:
        """No trial yet, or no bundle of this village."""
        clear(self._content)
        self._content.addWidget(label(title, "h1", wrap=True))
        self._content.addWidget(label(text, tone="text2", wrap=True))
        self._content.addStretch(1)

    def show_trial(self, title: str, tried: Sequence[Tried], joining: Set[Path]) -> None:
        """``tried``: files of one village, or all of them; ``joining``: files whose computer is not let in yet."""
        clear(self._content)
        look = self._room.look
        waits = any(entry.useful for entry in tried)
        known = not waits and any(entry.taken.status == "duplicate" for entry in tried)
        word = self.tr("试算，还没导入") if waits else self.tr("以前收过") if known else self.tr("没能收")
        tag = label(word, "tag", "accent" if waits else "text2" if known else "err")
        self._content.addLayout(row(label(title, "h1"), None, tag, spacing=look.px(8)))
        operations = sum(entry.taken.operations for entry in tried)
        counts = self.tr("{n} 条 · {f} 个文件").format(n=f"{operations:,}", f=len(tried))
        self._content.addWidget(label(counts, "small", "text2"))
        self._content.addWidget(hairline())
        for icon, tone, name, count, note in self._lines(tried) if waits else ():
            self._content.addLayout(self._line(icon, tone, name, count, note))
            self._content.addWidget(hairline())
        for entry in tried:
            if entry.taken.code:
                self._content.addWidget(self._wrong(entry))
        for text in self._checks(tried, joining):
            parts = (icon_label(look, "check", "ok"), label(text, tone="text2", wrap=True))
            line = row(*parts, spacing=look.px(8))
            line.setStretch(1, 1)
            self._content.addLayout(line)
        self._content.addStretch(1)

    def _lines(self, tried: Sequence[Tried]) -> list[tuple[str, str, str, int, str]]:
        taken = [entry.taken for entry in tried]
        fresh = sum(entry.folded for entry in taken)
        forbidden = sum(entry.forbidden for entry in taken)
        unknown = sum(entry.unknown for entry in taken)
        again = sum(1 for entry in taken if entry.status == "duplicate")
        refused = sum(1 for entry in taken if entry.code)
        lines = [("plus", "text", self.tr("收下"), fresh, self.tr("条，导入后就在镇库里"))]
        if again:
            lines.append(("copy", "text2", self.tr("重复"), again, self.tr("个文件，以前收过，跳过")))
        if unknown:
            lines.append(("circle-help", "warn", self.tr("看不懂"), unknown, self.tr("条，新版本写的，先存着")))
        if forbidden:
            lines.append(("circle-x", "err", self.tr("隔离"), forbidden, self.tr("条，超出这台电脑的权限，不入库")))
        if refused:
            lines.append(("circle-x", "err", self.tr("没收"), refused, self.tr("个文件，原因在下面")))
        return lines

    def _line(self, icon: str, tone: str, name: str, count: int, note: str) -> QVBoxLayout:
        look = self._room.look
        title, number = label(name, tone="" if tone == "text" else tone), label(f"{count:,}", "strong")
        title.setFixedWidth(look.px(_LABEL))
        number.setFixedWidth(look.px(_COUNT))
        parts = (icon_label(look, icon, tone, 18), title, number, label(note, "small", "text2"), None)
        return column(row(*parts, spacing=look.px(8)), margins=(0, look.px(2), 0, look.px(2)))

    def _wrong(self, entry: Tried) -> QFrame:
        look = self._room.look
        box = frame("err")
        head = row(
            icon_label(look, "circle-x", "err"), label(entry.path.name, "strong", "err", wrap=True), spacing=look.px(8)
        )
        head.setStretch(1, 1)
        text = label(self._room.words.say(entry.taken.code, file=entry.path.name), wrap=True)
        box.setLayout(column(head, text, spacing=look.px(6), margins=(look.px(12),) * 4))
        return box

    def _checks(self, tried: Sequence[Tried], joining: Set[Path]) -> list[str]:
        if any(entry.taken.code for entry in tried):
            return []
        fresh = [entry.path for entry in tried if entry.path in joining]
        checks = [self.tr("带着邀请文件来的，导入后这台电脑就登记上")] if fresh else []
        if len(fresh) < len(tried):
            checks.append(self.tr("签名与登记的电脑一致"))
        return [*checks, self.tr("每条记录的先后和内容都核对过")]

    def offer(self, count: int, village: bool, joined: bool) -> None:
        """The button counts what will really be imported; ``village``: one is shown, ``joined``: with a computer."""
        self._foot.setVisible(count > 0 or village)
        self.button.setVisible(count > 0)
        self.button.setText(self.tr(" 导入 {n} 条  F9").format(n=f"{count:,}"))
        self.button.setAccessibleName(self.tr("导入 {n} 条").format(n=count))
        self.other.setVisible(village)
        self.other.setEnabled(joined)
