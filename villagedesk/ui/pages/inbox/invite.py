"""Owns the dialog that writes invitation files: one village, or every village of the town at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QInputDialog, QVBoxLayout, QWidget

from villagedesk.ui import theme
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.choice import Tick
from villagedesk.ui.widgets.parts import button, column, frame, label, row, scrolled

Village = tuple[str, str]


class InviteDialog(QDialog):
    """``chosen()``: (name, code) of the villages ticked or typed; ``folder``: where the files go."""

    def __init__(self, room: Room, offered: Sequence[Village], parent: QWidget, joined: Set[str] = frozenset()) -> None:
        """``joined``: names of villages that need no invitation any more."""
        super().__init__(parent)
        look = room.look
        self._joined = joined
        self.folder: Path | None = None
        self.setWindowTitle(self.tr("邀请村"))
        self.resize(look.px(theme.DIALOG), look.px(560))
        self._look = look
        self._ticks: list[tuple[Tick, Village]] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(look.px(10))
        rows = column(self._lines, None, margins=(look.px(12),) * 4)
        self._list = scrolled(rows)
        box = frame("card")
        box.setLayout(column(self._list, margins=(1, 1, 1, 1)))
        if not offered:
            rows.insertWidget(0, label(self.tr("名单里没有村了，可以手工加。"), tone="text3"))
        for name, code in offered:
            self.add(name, code, checked=False)
        self._note = label(
            self.tr("每个村一个邀请文件，当面交给村里。村里用它把电脑接进来，一个文件只能接一台电脑。"),
            tone="text2",
            wrap=True,
        )
        everything = button(look, self.tr("全选"), self._tick_all, kind="link")
        other = button(look, self.tr("名单里没有，手工加"), lambda: self._add_typed(), kind="link", icon="plus")
        take = button(look, self.tr("选文件夹，写邀请文件"), self._on_take, kind="primary")
        back = button(look, self.tr("取消"), self.reject, key="Esc")
        pad = look.px(20)
        layout = column(
            label(self.tr("邀请哪些村？"), "h2"),
            self._note,
            row(everything, None, other),
            box,
            row(None, back, take, spacing=look.px(12)),
            spacing=look.px(10),
        )
        layout.setContentsMargins(pad, pad, pad, pad)
        self.setLayout(layout)
        self.ask_name: Callable[[], str] = self._ask_name

    def add(self, name: str, code: str, *, checked: bool) -> None:
        tick = Tick(self._look, f"{name}  {code}".strip())
        tick.setChecked(checked)
        self._ticks.append((tick, (name, code)))
        self._lines.addWidget(tick)

    def chosen(self) -> list[Village]:
        return [village for tick, village in self._ticks if tick.isChecked()]

    def _tick_all(self) -> None:
        for tick, _ in self._ticks:
            tick.setChecked(True)

    def _add_typed(self) -> None:
        name = self.ask_name()
        if name:
            self.add(name, "", checked=True)
            self._ticks[-1][0].setFocus()

    def _ask_name(self) -> str:
        name, fine = QInputDialog.getText(self, self.tr("邀请村"), self.tr("村名"))
        return name.strip() if fine else ""

    def _on_take(self) -> None:
        if not self.chosen():
            self._note.setText(self.tr("先勾上要邀请的村。"))
            return
        again = [name for name, _ in self.chosen() if name in self._joined]
        if again:
            self._note.setText(self.tr("{names}已经接入了，不用再邀请。").format(names=self.tr("、").join(again)))
            return
        folder = QFileDialog.getExistingDirectory(self, self.tr("邀请文件放到哪里"), str(Path.home()))
        if folder:
            self.folder = Path(folder)
            self.accept()
