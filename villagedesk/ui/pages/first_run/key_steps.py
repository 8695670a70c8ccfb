"""Owns the steps about keys: setting the passphrase, and the recovery key shown once."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from villagedesk.domain.passphrases import passphrase_is_strong
from villagedesk.ui.look import Look
from villagedesk.ui.widgets.choice import Tick
from villagedesk.ui.widgets.field import Field, TextLine
from villagedesk.ui.widgets.parts import button, column, frame, icon_label, label, row

_LABEL = 104


class PassphraseStep(QWidget):
    """``given(operator, passphrase)``: both fields agree and it is long enough; ``back``."""

    given = Signal(str, str)
    back = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._place = label("", tone="text2")
        self.operator = Field(look, self.tr("您的姓名"), hint=self.tr("记在历史里：谁录的"), label_width=_LABEL)
        self.first = Field(look, self.tr("口令"), label_width=_LABEL)
        self.second = Field(look, self.tr("再输一遍"), label_width=_LABEL)
        for field in (self.first, self.second):
            assert isinstance(field.editor, TextLine)
            field.editor.setEchoMode(QLineEdit.EchoMode.Password)
        self.operator.entered.connect(self.first.setFocus)
        self.first.entered.connect(self._to_second)
        self.second.entered.connect(self.take)
        for field in (self.operator, self.first, self.second):
            field.edited.connect(self.check)
        show = Tick(look, self.tr("显示口令"))
        show.toggled.connect(self._on_show)
        rules = label(
            self.tr("至少 12 个字，或者四个词连着写，例如“村口 槐树 三月 开花”。口令谁也查不到，忘了只能用恢复密钥。"),
            tone="text2",
            wrap=True,
        )
        self._next = button(look, self.tr("下一步"), self.take, kind="primary", key="Enter")
        foot = row(None, button(look, self.tr("上一步"), self.back.emit, key="Esc"), self._next, spacing=look.px(12))
        form = column(self.operator, self.first, self.second, spacing=look.px(10))
        box = frame("card")
        box.setMaximumWidth(look.px(640))
        pad = look.px(24)
        box.setLayout(
            column(
                form, row(look.px(_LABEL + 10), show, None, spacing=0), rules, spacing=look.px(12), margins=(pad,) * 4
            )
        )
        self.setLayout(
            column(
                label(self.tr("起一个口令"), "display"), self._place, look.px(12), box, None, foot, spacing=look.px(8)
            )
        )
        self.check()

    def show_place(self, text: str) -> None:
        self._place.setText(text)
        self.operator.setFocus()

    def wait(self, waiting: bool) -> None:
        """The desk is being made: scrypt takes seconds by design."""
        self.setEnabled(not waiting)
        self._next.setText(self.tr("正在建，请稍候") if waiting else f"{self.tr('下一步')}  Enter")

    @property
    def waiting(self) -> bool:
        return not self.isEnabled()

    def fail(self, text: str) -> None:
        self.wait(False)
        self.first.complain(text)
        self.first.setFocus()

    def _on_show(self, on: bool) -> None:
        for field in (self.first, self.second):
            assert isinstance(field.editor, TextLine)
            field.editor.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)

    def _to_second(self) -> None:
        """Enter behind the first one: what is too short is said there and then."""
        if passphrase_is_strong(self.first.value()):
            self.second.setFocus()
        else:
            self.first.complain(self._too_weak())

    def _too_weak(self) -> str:
        return self.tr("口令太弱：至少 12 个字，或四个词，不能总是同一个字")

    def check(self) -> None:
        """Say what does not agree yet."""
        first, second = self.first.value(), self.second.value()
        self.first.complain("")
        self.second.complain("")
        if second and not first.startswith(second) and second != first:
            self.second.complain(self.tr("两遍不一样，请重输"))
        self._next.setEnabled(bool(self.operator.value().strip()) and passphrase_is_strong(first) and first == second)

    def take(self) -> None:
        """Go on, or say what is missing."""
        if not self.operator.value().strip():
            self.operator.complain(self.tr("请填您的姓名"))
            self.operator.setFocus()
            return
        self.operator.complain("")
        if not passphrase_is_strong(self.first.value()):
            self.first.complain(self._too_weak())
            self.first.setFocus()
        elif self.first.value() != self.second.value():
            self.second.complain(self.tr("两遍不一样，请重输"))
            self.second.setFocus()
        else:
            self.given.emit(self.operator.value().strip(), self.first.value())


class RecoveryStep(QWidget):
    """``kept``: the key was written down."""

    kept = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._lines = label("", "h2")
        self._lines.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)  # not into the clipboard
        self._lines.setAccessibleName(self.tr("恢复密钥"))
        box = frame("card")
        box.setMaximumWidth(look.px(720))
        pad = look.px(24)
        letters = label(self.tr("后三行没有字母 O、I、B，也没有数字 1：圆的都是零。"), "small", "text2", wrap=True)
        box.setLayout(column(self._lines, letters, spacing=look.px(10), margins=(pad,) * 4))
        self._advice = label("", wrap=True)
        warn = row(icon_label(look, "key-round", "warn", 20), self._advice, spacing=look.px(12))
        warn.setStretch(1, 1)
        self._sure = Tick(look, self.tr("已经抄好，并核对过一遍"))
        self.setFocusProxy(self._sure)
        self._next = button(look, self.tr("下一步"), self.kept.emit, kind="primary", key="Enter")
        self._next.setEnabled(False)
        self._sure.toggled.connect(self._next.setEnabled)
        self.setLayout(
            column(
                label(self.tr("抄下恢复密钥"), "display"),
                label(self.tr("只显示这一次"), tone="text2"),
                look.px(12),
                box,
                warn,
                self._sure,
                None,
                row(None, self._next),
                spacing=look.px(12),
            )
        )

    def show_key(self, key: str, *, town: bool) -> None:
        """The fixed beginning on a line of its own, the rest in groups of four, for copying by hand."""
        begin, one, rest = key.rpartition("-1")
        groups = [rest[place : place + 4] for place in range(0, len(rest), 4)]
        lines = ["   ".join(groups[place : place + 5]) for place in range(0, len(groups), 5)]
        self._lines.setText("\n".join([begin + one, *lines]))
        self._advice.setText(
            self.tr(
                "忘了口令，只有它能打开数据；电脑坏了，只有它能打开各村交来的包。请抄两份，分两处锁好。电脑里不留。"
            )
            if town
            else self.tr("忘了口令，只有它能打开数据。请抄两份，一份锁进村里的柜子，一份交镇里密封。电脑里不留。")
        )
        self._sure.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on once the tick is set, wherever the focus is."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._next.isEnabled():
            self.kept.emit()
            return
        super().keyPressEvent(event)


class RecoveryDialog(QDialog):
    """A new recovery key, to be written down; it goes only when that was done."""

    def __init__(self, look: Look, key: str, parent: QWidget, *, town: bool) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("恢复密钥"))
        self.step = RecoveryStep(look)
        self.step.kept.connect(self.accept)
        pad = look.px(24)
        self.setLayout(column(self.step, margins=(pad,) * 4))
        self.step.show_key(key, town=town)

    def reject(self) -> None:
        """Esc and the cross do nothing: the key is shown only this once."""
