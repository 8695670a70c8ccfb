"""Owns the strip below the grid: the codes of the cell in focus, and the whole list behind F4."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from villagedesk.domain.codes import code_list
from villagedesk.domain.fields import Type
from villagedesk.domain.household_entry import text_of
from villagedesk.domain.records.member import MEMBER
from villagedesk.ui.look import Look
from villagedesk.ui.pages.form.fields import code_options
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.parts import button, clear, column, label, mark

_SHOWN = 10


class OptionStrip(QWidget):
    """``picked(text)``: a code was chosen, as the cell shows it; ``all_wanted``: the whole list."""

    picked = Signal(str)
    all_wanted = Signal()

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self._field = ""
        look = room.look
        self.setFixedHeight(look.px(38))
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(look.px(15), 0, look.px(12), 0)
        self._line.setSpacing(look.px(2))

    def show_field(self, name: str, typed: str = "") -> None:
        """Codes of a field; one whose code begins with what is typed is marked."""
        self._field = name
        clear(self._line)
        declared = MEMBER.by_name.get(name)
        if declared is None or declared.type is not Type.CODE:
            self._line.addWidget(label(self._words(name), "small", "text2"))
            self._line.addStretch(1)
            return
        look = self._room.look
        self._line.addWidget(label(self._room.words.label("member", name), "small", "text2"))
        self._line.addSpacing(look.px(8))
        known = code_list(declared.code_list)
        for code in (known.quick or tuple(entry.code for entry in known.codes))[:_SHOWN]:
            text = text_of(MEMBER, declared, code)
            shown = f"{code} {known.short_of(code)}"
            chosen = bool(typed) and (code.startswith(typed) or known.match(typed) == code)
            option = button(look, shown, partial(self.picked.emit, text), kind="option")
            option.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            mark(option, chosen="true" if chosen else "false")
            self._line.addWidget(option)
        everything = button(look, self.tr("F4 全部"), self.all_wanted.emit, kind="link")
        everything.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._line.addWidget(everything)
        self._line.addStretch(1)

    def _words(self, name: str) -> str:
        if name == "id_no":
            return self.tr("18 位身份号码；没有号码的，写原因，如“新生儿未上户”")
        if name in ("age", "birth_date"):
            return self.tr("没有号码的填出生日期，如 20240305")
        return ""


class CodeDialog(QDialog):
    """Every code of a list; typing narrows it, Enter takes the marked one.  ``chosen``: the code that holds now."""

    def __init__(self, look: Look, title: str, list_name: str, parent: QWidget, chosen: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(look.px(420), look.px(520))
        self._options = code_options(list_name)
        self._filter = QLineEdit()
        self._filter.setPlaceholderText(self.tr("输代码或名称"))
        self._filter.setAccessibleName(title)
        self._filter.textChanged.connect(self._narrow)
        self._list = QListWidget()
        self._list.setAccessibleName(title)
        self._list.itemDoubleClicked.connect(lambda _: self.accept())
        pad = look.px(16)
        self.setLayout(column(label(title, "h2"), self._filter, self._list, margins=(pad, pad, pad, pad)))
        self._narrow("")
        at = next((place for place, (code, _) in enumerate(self._options) if code == chosen), 0)
        self._list.setCurrentRow(at)

    def code(self) -> str:
        """The chosen code, "" when none is."""
        chosen = self._list.selectedItems()
        return str(chosen[0].data(Qt.ItemDataRole.UserRole)) if chosen else ""

    def _narrow(self, typed: str) -> None:
        self._list.clear()
        for code, text in self._options:
            if typed.strip() in text:
                item = QListWidgetItem(text)
                item.setData(Qt.ItemDataRole.UserRole, code)
                self._list.addItem(item)
        self._list.setCurrentRow(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept()
            return
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = -1 if event.key() == Qt.Key.Key_Up else 1
            self._list.setCurrentRow(min(max(0, self._list.currentRow() + step), self._list.count() - 1))
            return
        super().keyPressEvent(event)
