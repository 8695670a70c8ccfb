"""Owns the dialog that writes invitation files: one village, or every village of the town at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QInputDialog, QListWidget, QListWidgetItem, QWidget

from villagedesk.ui.room import Room
from villagedesk.ui.widgets.parts import button, column, label, row

Village = tuple[str, str]


class InviteDialog(QDialog):
    """``chosen()``: (name, code) of the villages ticked or typed; ``folder``: where the files go."""

    def __init__(self, room: Room, offered: Sequence[Village], parent: QWidget) -> None:
        super().__init__(parent)
        look = room.look
        self.folder: Path | None = None
        self.setWindowTitle(self.tr("邀请村"))
        self.resize(look.px(520), look.px(560))
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("要邀请的村"))
        for name, code in offered:
            self.add(name, code, checked=False)
        note = label(
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
            note,
            row(everything, None, other),
            self._list,
            row(None, back, take, spacing=look.px(12)),
            spacing=look.px(10),
        )
        layout.setContentsMargins(pad, pad, pad, pad)
        self.setLayout(layout)
        self.ask_name: Callable[[], str] = self._ask_name

    def add(self, name: str, code: str, *, checked: bool) -> None:
        item = QListWidgetItem(f"{name}  {code}".strip())
        item.setData(Qt.ItemDataRole.UserRole, (name, code))
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)
        self._list.addItem(item)

    def chosen(self) -> list[Village]:
        items = [self._list.item(place) for place in range(self._list.count())]
        return [
            tuple(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() == Qt.CheckState.Checked
        ]

    def _tick_all(self) -> None:
        for place in range(self._list.count()):
            self._list.item(place).setCheckState(Qt.CheckState.Checked)

    def _add_typed(self) -> None:
        name = self.ask_name()
        if name:
            self.add(name, "", checked=True)
            self._list.scrollToBottom()

    def _ask_name(self) -> str:
        name, fine = QInputDialog.getText(self, self.tr("邀请村"), self.tr("村名"))
        return name.strip() if fine else ""

    def _on_take(self) -> None:
        if not self.chosen():
            return
        folder = QFileDialog.getExistingDirectory(self, self.tr("邀请文件放到哪里"), str(Path.home()))
        if folder:
            self.folder = Path(folder)
            self.accept()
