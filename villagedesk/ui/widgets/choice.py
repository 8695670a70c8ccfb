"""Owns choosing one of a list: a combo box with the look's own arrow, and numbered buttons for short lists.

Knows no service.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

from villagedesk.ui.look import Look
from villagedesk.ui.widgets.parts import button

Option = tuple[str, str]


class Choice(QComboBox):
    """A combo box of (value, text).  Enter goes on like in a text field; the wheel does not change it by accident."""

    entered = Signal()

    def __init__(self, look: Look, name: str, options: Sequence[Option] = ()) -> None:
        super().__init__()
        self._look = look
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(14)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.set_options(options)

    def set_options(self, options: Sequence[Option]) -> None:
        """New options; the value chosen stays where it is still offered."""
        chosen = self.value()
        self.blockSignals(True)
        self.clear()
        for value, text in options:
            self.addItem(text, value)
        self.set_value(chosen)
        self.blockSignals(False)

    def value(self) -> str:
        return str(self.currentData() or "")

    def set_value(self, value: str) -> None:
        """Choose a value; one that is not offered is shown as itself, because nothing may be hidden."""
        place = self.findData(value)
        if place < 0 and value:
            self.addItem(value, value)
            place = self.count() - 1
        self.setCurrentIndex(max(place, 0) if self.count() else -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            return
        if event.key() == Qt.Key.Key_F4:
            self.showPopup()
            return
        if event.text().isdigit() and self._by_number(event.text()):
            return
        super().keyPressEvent(event)

    def _by_number(self, digit: str) -> bool:
        """A digit chooses the option that begins with it and goes on."""
        for place in range(self.count()):
            head = self.itemText(place).split(" ", 1)[0]
            if head == digit:
                self.setCurrentIndex(place)
                self.entered.emit()
                return True
        return False

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        pixmap = self._look.pixmap("chevron-down", "text2", 16, self.devicePixelRatioF())
        side = self._look.px(16)
        painter.drawPixmap(self.width() - side - self._look.px(10), (self.height() - side) // 2, pixmap)


class Tick(QCheckBox):
    """A check box whose tick is drawn, so that it is more than a coloured square."""

    def __init__(self, look: Look, text: str) -> None:
        super().__init__(text)
        self._look = look

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isChecked():
            option = QStyleOptionButton()
            self.initStyleOption(option)
            area = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
            pixmap = self._look.pixmap("check", "on_accent", 14, self.devicePixelRatioF())
            side = self._look.px(14)
            QPainter(self).drawPixmap(area.center().x() - side // 2 + 1, area.center().y() - side // 2 + 1, pixmap)


class Chips(QWidget):
    """Up to four options as numbered buttons; a digit chooses and goes on.

    Choosing the chosen one again empties it, except where ``always`` one must stay chosen, as in a filter.
    """

    changed = Signal(str)
    entered = Signal()

    def __init__(self, look: Look, name: str, options: Sequence[Option], always: bool = False) -> None:
        super().__init__()
        self._always = always
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self._values: dict[QPushButton, str] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(look.px(6))
        for number, (value, text) in enumerate(options, 1):
            chip = _Chip(look, f"{number} {text}", self)
            chip.setProperty("word", text)
            chip.setAccessibleName(f"{name} {text}")
            self._group.addButton(chip)
            self._values[chip] = value
            layout.addWidget(chip)
        layout.addStretch(1)
        self._group.buttonClicked.connect(self._on_clicked)
        if self._values:
            self.setFocusProxy(next(iter(self._values)))

    def value(self) -> str:
        return next((value for chip, value in self._values.items() if chip.isChecked()), "")

    def set_value(self, value: str) -> None:
        for chip, own in self._values.items():
            chip.setChecked(bool(value) and own == value)

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Show how many stand behind each option, after its word."""
        for chip, value in self._values.items():
            if value in counts:
                chip.setText(f"{chip.property('word')} {counts[value]:,}")

    def choose_number(self, number: int) -> bool:
        """Choose by number (1 = the first) and go on; False where there is no such number."""
        chips = list(self._values)
        if not 1 <= number <= len(chips):
            return False
        self._on_clicked(chips[number - 1], keep=True)
        self.entered.emit()
        return True

    def _on_clicked(self, chip: QPushButton, keep: bool = False) -> None:
        chosen = keep or self._always or chip.isChecked()
        for other in self._values:
            other.setChecked(other is chip and chosen)
        self.changed.emit(self.value())


class _Chip(QPushButton):
    def __init__(self, look: Look, text: str, owner: Chips) -> None:
        super().__init__(text)
        self._owner = owner
        self.setProperty("kind", "chip")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isdigit() and self._owner.choose_number(int(event.text())):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._owner.entered.emit()
            return
        super().keyPressEvent(event)


def option_button(look: Look, code: str, text: str, chosen: bool) -> QPushButton:
    """One code of the option strip."""
    made = button(look, f"{code} {text}", kind="option")
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setProperty("chosen", chosen)
    return made
