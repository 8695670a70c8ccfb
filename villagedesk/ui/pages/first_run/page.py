"""Owns the first run: place, passphrase, recovery key, and where to begin.  Makes the desk through the services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QVBoxLayout, QWidget

from villagedesk.domain.divisions import DivisionPath
from villagedesk.errors import DeskError
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports
from villagedesk.services import desks, divisions, joining, towns
from villagedesk.services.desks import Desk
from villagedesk.ui import theme
from villagedesk.ui.look import Look, logo
from villagedesk.ui.pages.first_run.key_steps import PassphraseStep, RecoveryStep
from villagedesk.ui.pages.first_run.place_step import PlaceStep
from villagedesk.ui.room import Words
from villagedesk.ui.shell.opening import Opening
from villagedesk.ui.shell.status_line import StatusLine
from villagedesk.ui.widgets.parts import button, column, frame, label, mark, row, scrolled
from villagedesk.ui.widgets.stack import PageStack

_SIDE = 264


@dataclass(frozen=True, slots=True)
class Choice:
    """What the first step gave.  ``invitation``: the town's file, which names everything itself."""

    town: bool = False
    name: str = ""
    town_name: str = ""
    code: str = ""
    invitation: Path | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """How far a first run came, so that another scale or theme loses nothing of it.

    ``typed``: operator, passphrase, passphrase again; ``at``: in which of these somebody types (-1 = in none), and
    where in its text; ``desk`` and ``secret``: once the desk is made.
    """

    town: bool
    search: str
    choice: Choice
    place: str
    step: int
    typed: tuple[str, str, str]
    at: tuple[int, int]
    desk: Desk | None
    secret: str


class FirstRunPage(QWidget):
    """``made(desk, page)``: the desk exists and is open, ``page``: where to begin; ``restore``: bring a backup back;
    ``other``: the data shall lie in another folder."""

    made = Signal(object, str)
    restore = Signal()
    other = Signal()

    def __init__(
        self,
        look: Look,
        words: Words,
        paths: DeskPaths,
        ports: Ports,
        opening: Opening,
        begun: Begun | None = None,
        *,
        narrow: bool = False,
    ) -> None:
        """``narrow``: little logical room is left, as at 200 % on an office laptop."""
        super().__init__()
        self._narrow = narrow
        self._look, self._words = look, words
        self._paths, self._ports, self._opening = paths, ports, opening
        self._choice = Choice()
        self._desk: Desk | None = None
        self._secret = self._place = ""
        self._at = (-1, 0)
        self.setProperty("box", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._steps = (
            (self.tr("选村或镇"), self.tr("约半分钟")),
            (self.tr("起口令"), self.tr("开机后要输")),
            (self.tr("抄恢复密钥"), self.tr("忘了口令时用")),
            (self.tr("好了"), self.tr("可以开始用了")),
        )
        self.place = PlaceStep(look, opening, divisions.load_divisions, narrow=narrow)
        self.place.chosen.connect(self._on_place)
        self.place.typed_name.connect(self._on_typed)
        self.keys = PassphraseStep(look)
        self.keys.given.connect(self._on_keys)
        self.keys.back.connect(partial(self._show, 0))
        self.recovery = RecoveryStep(look)
        self.recovery.kept.connect(self._on_kept)
        self._stack = PageStack()
        for step in (self.place, self.keys, self.recovery, self._ready()):
            self._stack.addWidget(step)
        self._status = StatusLine(look)
        self._others = self._other_ways()
        side = self._rail() if narrow else self._side()
        pad, above = (look.px(20), look.px(12)) if narrow else (look.px(44), look.px(32))
        parts = (self._stack, self._others) if narrow else (self._stack,)
        content = column(*parts, margins=(pad, above, pad, look.px(8 if narrow else 24)))
        content.setStretch(0, 1)
        upper = row(side, content, spacing=0)
        upper.setStretch(1, 1)
        layout = column(scrolled(upper), self._status, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self._show(0)
        if begun is not None:
            self._go_on(begun)

    @property
    def begun(self) -> Begun:
        """What another drawing goes on from."""
        fields = (self.keys.operator, self.keys.first, self.keys.second)
        typed = tuple(field.value() for field in fields)
        focused = next((place for place, field in enumerate(fields) if field.editor.hasFocus()), -1)
        at = (focused, fields[focused].typing_place()) if focused >= 0 else self._at
        return Begun(
            self.place.is_town,
            self.place.search.text(),
            self._choice,
            self._place,
            self._stack.currentIndex(),
            (typed[0], typed[1], typed[2]),
            at,
            self._desk,
            self._secret,
        )

    def _go_on(self, begun: Begun) -> None:
        self.place.set_role(begun.town)
        self.place.search.setText(begun.search)
        self._choice, self._desk, self._at = begun.choice, begun.desk, begun.at
        self._tell_place(begun.place)
        for field, text in zip((self.keys.operator, self.keys.first, self.keys.second), begun.typed, strict=True):
            field.set_value(text)
        self.keys.check()
        if begun.secret:
            self._show_key(begun.secret)
        self._show(begun.step)

    # -- building ------------------------------------------------------------------------------------------------

    def _ground(self, width: int) -> tuple[QWidget, QLabel]:
        """The ground of the steps at the left, and the product's mark for it."""
        look = self._look
        side = QWidget()
        side.setProperty("box", "sidebar")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(look.px(width))
        picture = label()
        picture.setPixmap(logo(look, 36, 2.0))
        picture.setFixedSize(look.px(36), look.px(36))
        self._titles = [label(title) for title, _ in self._steps]
        self._numbers: list[QLabel] = []
        for number, (title, _) in enumerate(self._steps):
            count = label(str(number + 1), "step")
            count.setFixedSize(look.px(28), look.px(28))
            count.setAlignment(Qt.AlignmentFlag.AlignCenter)
            count.setToolTip(title)
            count.setAccessibleName(title)
            self._numbers.append(count)
        return side, picture

    def _rail(self) -> QWidget:
        """The steps as numbers alone."""
        side, picture = self._ground(theme.RAIL)
        numbers = [row(None, number, None) for number in self._numbers]
        pad = self._look.px(14)
        parts = column(row(None, picture, None), self._look.px(8), *numbers, None, spacing=pad, margins=(0, pad, 0, 0))
        side.setLayout(parts)
        return side

    def _other_ways(self) -> QFrame:
        look = self._look
        invitation = button(look, self.tr("打开邀请文件"), self._choose_invitation, icon="folder-open")
        restore = button(look, self.tr("从备份恢复"), self.restore.emit, kind="link", icon="history")
        other = button(look, self.tr("数据放到别的文件夹"), self.other.emit, kind="link", icon="folder-open")
        asked = label(self.tr("镇里给过邀请文件？"), tone="text2")
        ways = frame("plain")
        if self._narrow:
            ways.setLayout(row(invitation, restore, other, None, spacing=look.px(8)))
        else:
            lines = (asked, row(invitation, None), row(restore, None), row(other, None))
            ways.setLayout(column(*lines, spacing=look.px(8)))
        return ways

    def _offers_others(self, step: int) -> bool:
        """Where room is scarce the other ways stand below the first step alone."""
        return step == 0 or not self._narrow

    def _side(self) -> QWidget:
        look = self._look
        side, picture = self._ground(_SIDE)
        names = column(
            label(self._words.say("product"), "h2"),
            label(self.tr("不用上网，数据在这台电脑里"), "small", "text2"),
            spacing=0,
        )
        listing = QVBoxLayout()
        listing.setSpacing(look.px(22))
        for number, (_, note) in enumerate(self._steps):
            words = column(self._titles[number], label(note, "small", "text2"), spacing=0)
            listing.addLayout(row(self._numbers[number], words, None, spacing=look.px(14)))
        pad = look.px(24)
        side.setLayout(
            column(
                row(picture, names, None, spacing=look.px(12)),
                look.px(28),
                listing,
                None,
                self._others,
                spacing=look.px(8),
                margins=(pad, look.px(28), look.px(8), pad),
            )
        )
        return side

    def _ready(self) -> QWidget:
        look = self._look
        page = QWidget()
        self._ready_title = label("", "display")
        self._ready_note = label("", tone="text2", wrap=True)
        self._first = button(look, "", lambda: self._finish(True), kind="primary", icon="file-spreadsheet", size="big")
        self._start = button(look, self.tr("直接开始"), lambda: self._finish(False), size="big")
        buttons = row(self._first, self._start, None, spacing=look.px(12))
        page.setLayout(column(self._ready_title, self._ready_note, look.px(24), buttons, None, spacing=look.px(8)))
        return page

    def _show(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        self._stack.updateGeometry()
        hints = [("Enter", self.tr("下一步"))]
        if number == 0:
            hints.insert(0, ("↑ ↓", self.tr("选")))
        if number == 1:
            hints.append(("Esc", self.tr("上一步")))
        if number == 2:
            hints.insert(0, (self.tr("空格"), self.tr("勾上")))
        self._status.set_hints(hints)
        self._others.setVisible(self._desk is None and self._offers_others(number))
        for place, title in enumerate(self._titles):
            mark(title, role="strong" if place == number else "", tone="" if place == number else "text2")
            mark(self._numbers[place], tone="on_accent" if place == number else "text2")
        if number == 0:
            self.place.search.setFocus()
        if number == 3:
            town = self._choice.town
            self._ready_title.setText(self.tr("建好了"))
            self._first.setText(self.tr(" 去邀请各村") if town else self.tr(" 导入花名册"))
            self._ready_note.setText(
                self.tr("下一步给各村写邀请文件，村里就能上报了。")
                if town
                else self.tr("有派出所或别的部门给的花名册，现在就能导入；也可以以后再导。")
            )
            self._first.setFocus()

    # -- the steps -----------------------------------------------------------------------------------------------

    def _tell_place(self, text: str) -> None:
        self._place = text
        self.keys.show_place(text)

    def _on_place(self, path: DivisionPath) -> None:
        town = path.town
        name = path.place.short_name
        above = town.short_name if town else ""
        self._choice = Choice(self.place.is_town, name, name if self.place.is_town else above, path.place.division_code)
        self._tell_place(" ".join(step.short_name for step in path.steps))
        self._show(1)

    def _on_typed(self, name: str) -> None:
        if name:
            self._choice = Choice(self.place.is_town, name, name if self.place.is_town else "", "")
            self._tell_place(name)
            self._show(1)

    def _choose_invitation(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, self.tr("打开邀请文件"), str(Path.home()), "(*.vdinvite)")
        if file:
            self.open_invitation(Path(file))

    def open_invitation(self, file: Path) -> None:
        """The town's file names village, town and code."""
        work = partial(joining.read_invitation, self._ports, file)
        self._opening.run(work, partial(self._on_invitation, file), self._on_bad_invitation)

    def _on_invitation(self, file: Path, invitation: object) -> None:
        name, town = getattr(invitation, "village_name", ""), getattr(invitation, "town_name", "")
        self._choice = Choice(False, name, town, "", file)
        self._tell_place(self.tr("{town} {village}（按镇里的邀请接入）").format(town=town, village=name))
        self._show(1)

    def _on_bad_invitation(self, error: DeskError) -> None:
        self.place.show_problem(self._words.fault(error))

    def _on_keys(self, operator: str, passphrase: str) -> None:
        self.keys.wait(True)
        self._others.hide()
        self._opening.run(self._maker(operator, passphrase), self._on_made, self._on_not_made)

    def _maker(self, operator: str, passphrase: str) -> Callable[[], tuple[Desk, str]]:
        choice, place = self._choice, (self._paths, self._ports)
        if choice.invitation is not None:
            return partial(
                joining.create_invited,
                *place,
                invitation_file=choice.invitation,
                operator_name=operator,
                passphrase=passphrase,
            )
        create = towns.create_town if choice.town else partial(desks.create_village, town_name=choice.town_name)
        return partial(
            create,
            *place,
            name=choice.name,
            division_code=choice.code,
            operator_name=operator,
            passphrase=passphrase,
        )

    def _on_made(self, found: tuple[Desk, str]) -> None:
        self._desk = found[0]
        desks.note_recovery(found[0], False)
        self._show_key(found[1])
        self._show(2)

    def _on_kept(self) -> None:
        if self._desk is not None:
            desks.note_recovery(self._desk, True)
        self._secret = ""
        self._show(3)

    def _show_key(self, secret: str) -> None:
        self._secret = secret
        self.recovery.show_key(secret, town=self._choice.town)

    def _on_not_made(self, error: DeskError) -> None:
        self._others.show()
        self.keys.fail(self._words.fault(error))

    def _finish(self, begin: bool) -> None:
        if self._desk is not None:
            first = "inbox" if self._choice.town else "roster"
            self.made.emit(self._desk, first if begin else "")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self._focus)

    def _focus(self) -> None:
        step = self._stack.currentIndex()
        waiting = (self.keys.operator, self.keys.first, self.keys.second)
        (field, place), self._at = self._at, (-1, 0)
        if step == 1 and field >= 0:
            waiting[field].go_on_at(place)
            return
        empty = next((field for field in waiting if not field.value()), self.keys.second)
        (self.place.search, empty, self.recovery, self._first)[step].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._stack.currentIndex() == 1 and not self.keys.waiting:
            self._show(0)
            return
        super().keyPressEvent(event)
