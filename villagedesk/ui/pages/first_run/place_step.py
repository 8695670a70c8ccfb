"""Owns the first step: which village (or town) this is, by typing part of its name or level by level."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QSizePolicy, QWidget

from villagedesk.domain.divisions import TOWN, VILLAGE, Division, DivisionPath, Divisions
from villagedesk.ui.look import Look
from villagedesk.ui.shell.opening import Opening
from villagedesk.ui.widgets.field import SearchLine
from villagedesk.ui.widgets.parts import button, column, frame, icon_label, label, mark, row

_MATCHES = 12
_PAUSE_MS = 120
_DATA = Qt.ItemDataRole.UserRole


class PlaceStep(QWidget):
    """``chosen(path)``: a village or town, taken with Enter or the button; ``typed_name(text)``: it is not listed;
    ``role_changed(town)``."""

    chosen = Signal(object)
    typed_name = Signal(str)
    role_changed = Signal(bool)

    def __init__(self, look: Look, opening: Opening, load: Callable[[], Divisions], *, narrow: bool = False) -> None:
        """``narrow``: the way level by level is folded until it is asked for, and nothing is explained."""
        super().__init__()
        self._explains = not narrow
        self._look = look
        self._opening = opening
        self._load = load
        self._divisions: Divisions | None = None
        self._town = False
        self._path: DivisionPath | None = None
        self._wanted = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._look_up)
        self._title, self._note = label("", "display"), label("", tone="text2", wrap=True)
        self.search = SearchLine(look)
        self.search.setProperty("extent", "big")
        self.search.textEdited.connect(lambda _: self._pause.start())
        self.search.entered.connect(self.take)
        self.matches = QListWidget()
        self.matches.setAccessibleName(self.tr("找到的地方"))
        (self.matches.setMinimumHeight if narrow else self.matches.setFixedHeight)(
            look.px(41) * (2 if narrow else 3) + 4
        )
        self.matches.currentItemChanged.connect(self._on_match)
        self.matches.itemActivated.connect(lambda _: self.take())
        box = frame("card")
        box.setLayout(column(self.matches, margins=(1, 1, 1, 1)))
        self._columns = [QListWidget() for _ in range(5)]
        self._shown = label("", "strong")
        self._shown.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._role = button(look, "", self._on_role)
        self._next = button(look, self.tr("下一步"), self.take, kind="primary", key="Enter")
        self._other = button(look, self.tr("名单里没有，直接用输入的名字"), self._on_typed, kind="link")
        foot = row(icon_label(look, "map-pin", "text2", 18), self._shown, self._other, self._role, self._next)
        foot.setStretch(1, 1)
        levels = self._levels()
        by_level: QWidget = label(self.tr("也可以一级一级选"), "strong")
        if narrow:
            levels.hide()
            by_level = button(look, self.tr("也可以一级一级选"), lambda: self._unfold(levels, box), kind="link")
        layout = column(
            self._title,
            self._note,
            look.px(8),
            self.search,
            box,
            look.px(0 if narrow else 8),
            by_level if not narrow else row(by_level, None),
            levels,
            foot,
            spacing=look.px(8),
        )
        layout.setStretch(4 if narrow else 7, 1)
        self.setLayout(layout)
        self.set_role(False)
        self._say(self.tr("正在装入全国的村名，马上就好"))
        opening.run(load, self._on_loaded, lambda _error: None)

    def _unfold(self, levels: QWidget, matches: QWidget) -> None:
        """The way level by level in the place of what was found by typing, and back."""
        matches.setVisible(not matches.isVisible())
        levels.setVisible(not matches.isVisible())
        (self._columns[0] if levels.isVisible() else self.search).setFocus()

    def _levels(self) -> QWidget:
        look = self._look
        names = (self.tr("省"), self.tr("市"), self.tr("县"), self.tr("乡镇"), self.tr("村"))
        holder = QWidget()
        parts = []
        for number, (name, listing) in enumerate(zip(names, self._columns, strict=True)):
            listing.setAccessibleName(name)
            listing.currentItemChanged.connect(partial(self._on_level, number))
            listing.itemActivated.connect(lambda _: self.take())
            box: QFrame = frame("card")
            box.setLayout(column(listing, margins=(1, 1, 1, 1)))
            part = column(label(name, "small", "text2"), box, spacing=look.px(4))
            part.setStretch(1, 1)
            level = frame("plain")
            level.setLayout(part)
            parts.append(level)
        self._last_level = parts[-1]
        line = row(*parts, spacing=look.px(12))
        for number in range(len(parts)):
            line.setStretch(number, 1)
        holder.setLayout(line)
        return holder

    # -- what is offered -----------------------------------------------------------------------------------------

    def _on_loaded(self, divisions: Divisions) -> None:
        self._divisions = divisions
        self.matches.clear()
        self._fill(0, divisions.children())
        if self.search.text():
            self._look_up()

    def _fill(self, number: int, found: tuple[Division, ...]) -> None:
        for listing in self._columns[number:]:
            listing.blockSignals(True)
            listing.clear()
            listing.blockSignals(False)
        if number < len(self._columns):
            listing = self._columns[number]
            listing.blockSignals(True)
            for division in found:
                item = QListWidgetItem(division.short_name)
                item.setData(_DATA, division)
                listing.addItem(item)
            listing.setCurrentRow(-1)
            listing.blockSignals(False)

    def _on_level(self, number: int, item: QListWidgetItem | None, _before: object) -> None:
        if item is None or self._divisions is None:
            return
        division: Division = item.data(_DATA)
        deepest = TOWN if self._town else VILLAGE
        if len(division.code) < deepest:
            following = self._divisions.children(division.code)
            self._fill(self._place_of(following), following)
        self._unmark(self.matches)
        self._offer(self._divisions.path(division.code))

    @staticmethod
    def _unmark(*listings: QListWidget) -> None:
        """One place is chosen at a time, by typing or level by level."""
        for listing in listings:
            listing.blockSignals(True)
            listing.setCurrentRow(-1)
            listing.blockSignals(False)

    @staticmethod
    def _place_of(found: tuple[Division, ...]) -> int:
        """The column of a level: some counties lie directly below their province."""
        lengths = {2: 0, 4: 1, 6: 2, 9: 3, 12: 4}
        return lengths[len(found[0].code)] if found else 4

    def _look_up(self) -> None:
        """Search on the worker; what was typed meanwhile is searched after."""
        text = self.search.text().strip()
        divisions = self._divisions
        if divisions is None or self._opening.busy:
            if divisions is not None:
                self._pause.start()
            return
        length = TOWN if self._town else VILLAGE
        self._opening.run(partial(_search, divisions, text, length), partial(self._on_found, text), lambda _e: None)

    def _on_found(self, text: str, found: tuple[DivisionPath, ...]) -> None:
        if text != self.search.text().strip():
            self._look_up()
            return
        self.matches.blockSignals(True)
        self.matches.clear()
        for path in found[:_MATCHES]:
            item = QListWidgetItem(f"{path.place.short_name}　{' '.join(s.short_name for s in path.steps[:-1])}")
            item.setData(_DATA, path)
            item.setIcon(self._look.icon("map-pin", "text2", 16))
            self.matches.addItem(item)
        if len(found) > _MATCHES:
            self._say(self.tr("还有别的同名地方：前面加上镇名或县名，空一格"))
        elif text and not found:
            self._say(self.tr("没找到。可以少输几个字，或者换拼音"))
        self.matches.setCurrentRow(-1)
        self.matches.blockSignals(False)
        self.matches.setCurrentRow(0 if found else -1)
        if not found:
            self._offer(None)
        self._other.setVisible(bool(text) and not found)

    def _say(self, text: str) -> None:
        """A line in the list that is no place."""
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.matches.addItem(item)

    def _on_match(self, item: QListWidgetItem | None, _before: object) -> None:
        if item is not None and item.data(_DATA) is not None:
            self._unmark(*self._columns)
            self._offer(item.data(_DATA))

    def _offer(self, path: DivisionPath | None) -> None:
        self._path = path
        fits = path is not None and len(path.place.code) == (TOWN if self._town else VILLAGE)
        self._shown.setText(" ".join(step.short_name for step in path.steps) if path else "")
        self._next.setEnabled(fits)

    def take(self) -> None:
        """Go on with what is chosen."""
        if self._path is not None and self._next.isEnabled():
            self.chosen.emit(self._path)

    def _on_typed(self) -> None:
        self.typed_name.emit(self.search.text().strip())

    def show_problem(self, text: str) -> None:
        """Something outside of this step went wrong (an invitation that cannot be read)."""
        self._note.setText(text)
        self._note.show()
        mark(self._note, tone="err")

    # -- village or town -----------------------------------------------------------------------------------------

    @property
    def is_town(self) -> bool:
        return self._town

    def _on_role(self) -> None:
        self.set_role(not self._town)
        self.role_changed.emit(self._town)
        self.search.setFocus()
        self._look_up()

    def set_role(self, town: bool) -> None:
        self._town = town
        self._title.setText(self.tr("您是哪个镇的？") if town else self.tr("您是哪个村的？"))
        self._note.setText(
            self.tr("输镇名，或者拼音。全国的乡镇都在里面。")
            if town
            else self.tr("输村名，或者拼音，也可以“镇名 村名”。全国的村都在里面。")
        )
        self._note.setVisible(self._explains)
        self.search.setAccessibleName(self._title.text())
        self._role.setText(self.tr("我在村里办公") if town else self.tr("我在镇里办公"))
        self._last_level.setVisible(not town)
        self._other.hide()
        self._offer(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down move through the matches while the typing goes on above."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.search.hasFocus():
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            place = self.matches.currentRow() + step
            known = sum(self.matches.item(row).data(_DATA) is not None for row in range(self.matches.count()))
            self.matches.setCurrentRow(min(max(0, place), known - 1))
            return
        super().keyPressEvent(event)


def _search(divisions: Divisions, text: str, length: int) -> Any:
    return divisions.search(text, _MATCHES + 1, length)
