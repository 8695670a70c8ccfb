"""Owns the unlock page: passphrase, forgotten passphrase, and what is known of the desk before it is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from villagedesk.errors import DeskError
from villagedesk.services.profile import Card
from villagedesk.ui import theme
from villagedesk.ui.look import Look, logo
from villagedesk.ui.room import Words
from villagedesk.ui.shell.status_line import StatusLine
from villagedesk.ui.widgets.parts import (
    button,
    column,
    frame,
    hairline,
    icon_label,
    label,
    mark,
    row,
    scrolled,
    set_icon,
)


class UnlockPage(QWidget):
    """``given(passphrase)``; ``recovery(secret, passphrase)``; ``other``: another desk; ``restore``: from a backup."""

    given = Signal(str)
    recovery = Signal(str, str)
    other = Signal()
    restore = Signal()

    def __init__(self, look: Look, words: Words, card: Card, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._look = look
        self._words = words
        self._now = datetime.fromtimestamp(now_ms() / 1000)
        self.setProperty("box", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._box = frame("card")
        self._box.setFixedWidth(look.px(440))
        self.passphrase = self._secret_line(self.tr("口令"))
        self.secret = self._secret_line(self.tr("恢复密钥"))
        self.again = self._secret_line(self.tr("新口令，至少 12 个字"))
        self._notice_icon, self._notice = label(), label("", "small", wrap=True)
        self._open = button(look, self.tr("打开"), self._on_open, kind="primary", key="Enter", size="big")
        self._forgot = button(look, self.tr("忘了口令"), self._on_forgot, kind="link")
        self._fill_box(card)
        status = StatusLine(look)
        status.set_hints([("Enter", self.tr("打开")), ("Ctrl +", self.tr("放大")), ("F1", self.tr("帮助"))])
        status.set_words([("lock", "text2", self.tr("数据加密存在本机"))])
        middle = scrolled(column(None, row(None, self._box, None), None))
        self.setLayout(column(middle, status, spacing=0))
        self._recovering(False)
        self.passphrase.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self.passphrase.setFocus)

    def _secret_line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setProperty("extent", "big")
        line.setAccessibleName(name)
        line.setEchoMode(QLineEdit.EchoMode.Password)
        line.returnPressed.connect(self._on_open)
        line.installEventFilter(self)
        eye = line.addAction(self._look.icon("eye", "text2"), QLineEdit.ActionPosition.TrailingPosition)
        eye.setToolTip(self.tr("看一眼"))
        eye.triggered.connect(partial(self._peek, line))
        return line

    def _fill_box(self, card: Card) -> None:
        look = self._look
        mark_label = label()
        mark_label.setPixmap(logo(look, 44, 2.0))
        mark_label.setFixedSize(look.px(44), look.px(44))
        level = self.tr("村级") if card.role == "village" else self.tr("镇级")
        place = f"{card.town_name}·{level}" if card.role == "village" and card.town_name else level
        names = column(label(card.name, "h1"), label(place, tone="text2"), spacing=look.px(2))
        self._title, self._new_title = label(self.tr("口令"), tone="text2"), label(self.tr("新口令"), tone="text2")
        self._notice_row = QWidget()
        notice = row(self._notice_icon, self._notice, spacing=look.px(6))
        notice.setStretch(1, 1)
        self._notice_row.setLayout(notice)
        self._notice_row.setMinimumHeight(look.px(22))
        other = button(look, self.tr("换一个工作台"), self.other.emit, kind="link")
        restore = button(look, self.tr("从备份恢复"), self.restore.emit, kind="link")
        pad = look.px(40)
        layout = column(
            row(mark_label, names, None, spacing=look.px(14)),
            look.px(24),
            self._title,
            self.passphrase,
            self.secret,
            self._new_title,
            self.again,
            self._notice_row,
            look.px(8),
            self._open,
            look.px(8),
            row(self._forgot, None, restore, None, other),
            look.px(8),
            hairline(),
            look.px(6),
            *self._facts(card),
            spacing=look.px(6),
            margins=(pad, pad, pad, look.px(32)),
        )
        self._box.setLayout(layout)

    def _facts(self, card: Card) -> list[QFrame]:
        facts = [("history", "text2", self.tr("上次打开"), self._when(card.opened))]
        if card.backed_up:
            facts.append(("hard-drive", "ok", self.tr("上次备份"), self._when(card.backed_up)))
        else:
            facts.append(("hard-drive", "warn", self.tr("上次备份"), self.tr("还没有备份")))
        if card.drafts:
            facts.append(("pencil", "warn", self.tr("没写完的草稿"), self.tr("%n 份", "", card.drafts)))
        made = []
        for icon, tone, name, text in facts:
            line = frame("plain")
            parts = (icon_label(self._look, icon, tone), label(name, tone="text2"), None, label(text))
            line.setLayout(row(*parts, spacing=self._look.px(10)))
            made.append(line)
        return made

    def _when(self, at: int) -> str:
        if not at:
            return "—"
        moment = datetime.fromtimestamp(at / 1000)
        days = (self._now.date() - moment.date()) // timedelta(days=1)
        clock = moment.strftime("%H:%M")
        if days == 0:
            return self.tr("今天 {t}").format(t=clock)
        return self.tr("昨天 {t}").format(t=clock) if days == 1 else moment.strftime("%Y-%m-%d %H:%M")

    # -- what is typed -------------------------------------------------------------------------------------------

    def _on_open(self) -> None:
        if not self._open.isEnabled():
            return
        if self.secret.isVisible():
            if not self.secret.text() or not self.again.text():
                (self.again if self.secret.text() else self.secret).setFocus()
                return
            self._wait()
            self.recovery.emit("".join(self.secret.text().split()), self.again.text())
        elif self.passphrase.text():
            self._wait()
            self.given.emit(self.passphrase.text())

    def _wait(self) -> None:
        self._open.setEnabled(False)
        self._open.setText(self.tr("正在打开，请稍候"))
        self._tell("", "text2", "")

    def fail(self, error: DeskError) -> None:
        """It did not open: say why, keep what was typed selected."""
        self._open.setEnabled(True)
        self._open.setText(f"{self.tr('打开')}  Enter")
        self._tell("circle-x", "err", self._words.fault(error))
        line = self.secret if self.secret.isVisible() else self.passphrase
        line.setFocus()
        line.selectAll()

    def _on_forgot(self) -> None:
        self._recovering(not self.secret.isVisible())

    def _recovering(self, on: bool) -> None:
        for part in (self.secret, self.again, self._new_title):
            part.setVisible(on)
        self.passphrase.setVisible(not on)
        self._title.setText(self.tr("恢复密钥（密钥单上的那一串）") if on else self.tr("口令"))
        self._forgot.setText(self.tr("想起口令了") if on else self.tr("忘了口令"))
        (self.secret if on else self.passphrase).setFocus()
        self._tell("", "text2", "")

    def _tell(self, icon: str, tone: str, text: str) -> None:
        if icon:
            set_icon(self._notice_icon, self._look, icon, tone, theme.ICON_STATUS)
        self._notice_icon.setVisible(bool(icon))
        self._notice.setText(text)
        mark(self._notice, tone=tone)

    @staticmethod
    def _peek(line: QLineEdit) -> None:
        hidden = line.echoMode() == QLineEdit.EchoMode.Password
        line.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell of a Caps Lock that is on: a capital without Shift, or a small letter with it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            char = event.text()
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if char.isascii() and char.isalpha():
                locked = char.isupper() != shift
                self._tell("triangle-alert" if locked else "", "warn", self.tr("大写锁定开着") if locked else "")
        return super().eventFilter(watched, event)
