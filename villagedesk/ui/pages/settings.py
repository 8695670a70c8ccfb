"""Owns the 设置 page: how the window looks, passphrase and locking, backups, and what this desk is."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog, QFileDialog, QFrame, QInputDialog, QLineEdit, QScrollArea, QWidget

from villagedesk.logs import VERSION
from villagedesk.progress import Progress
from villagedesk.services import care, closing, desks, towns
from villagedesk.services.care import Verification
from villagedesk.services.closing import Reassurance
from villagedesk.services.desks import Desk
from villagedesk.ui import theme
from villagedesk.ui.jobs import Lane
from villagedesk.ui.pages.first_run.key_steps import RecoveryDialog
from villagedesk.ui.pages.page import Hint, Page, PageHead
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.field import Field, TextLine
from villagedesk.ui.widgets.parts import ask, button, column, frame, label, row

_LABEL = 110
_IDLE = (5, 10, 20, 30, 60)


class SettingsPage(Page):
    """设置."""

    name = "settings"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.head = PageHead(room, self.tr("设置"))
        look = room.look
        self.head.add(button(look, self.tr("锁上"), room.notices.lock.emit, icon="lock", key="Ctrl+L"))
        self.body.addWidget(self.head)
        left = column(self._display(), self._safety(), None, spacing=look.px(12))
        right = column(self._backups(), self._about(), None, spacing=look.px(12))
        content = QWidget()
        line = row(left, right, spacing=look.px(theme.GUTTER))
        line.setStretch(0, 1)
        line.setStretch(1, 1)
        content.setLayout(line)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(content)
        self.body.addWidget(scroll, 1)
        room.events.changed.connect(lambda _: self._load())

    def _card(self, title: str, *parts: Any) -> QFrame:
        look = self.room.look
        card = frame("card")
        pad = look.px(theme.CARD_PAD)
        layout = column(label(title, "h2"), *parts, spacing=look.px(10), margins=(pad, look.px(12), pad, pad))
        card.setLayout(layout)
        return card

    def _choice(self, title: str, options: list[tuple[str, str]], value: str, *, chips: bool = False) -> Field:
        field = Field(self.room.look, title, options=options, chips=chips, label_width=_LABEL)
        field.set_value(value)
        return field

    # -- display -------------------------------------------------------------------------------------------------

    def _display(self) -> QFrame:
        settings = self.room.settings
        themes = [("light", self.tr("浅色")), ("dark", self.tr("深色")), ("high_contrast", self.tr("高对比"))]
        self.theme = self._choice(self.tr("颜色"), themes, settings.theme, chips=True)
        scales = [(str(percent), f"{percent} %") for percent in theme.SCALES]
        self.scale = self._choice(self.tr("字的大小"), scales, str(settings.scale))
        languages = [("zh_CN", "中文"), ("en", "English")]
        self.language = self._choice(self.tr("语言"), languages, settings.language, chips=True)
        for field in (self.theme, self.scale, self.language):
            field.committed.connect(self._on_display)
        note = label(self.tr("随时可按 Ctrl + 放大，Ctrl − 缩小，Ctrl 0 还原。"), "small", "text2", wrap=True)
        return self._card(self.tr("显示"), self.theme, self.scale, self.language, note)

    def _on_display(self) -> None:
        chosen = {"theme": self.theme.value(), "language": self.language.value()}
        changes: dict[str, Any] = {name: value for name, value in chosen.items() if value}
        if self.scale.value():
            changes["scale"] = int(self.scale.value())
        self.room.notices.settings.emit(changes)

    # -- safety --------------------------------------------------------------------------------------------------

    def _safety(self) -> QFrame:
        minutes = [(str(count), self.tr("%n 分钟", "", count)) for count in _IDLE]
        self.idle = self._choice(self.tr("不动就锁上"), minutes, str(self.room.settings.idle_minutes))
        self.idle.committed.connect(self._on_idle)
        change = button(self.room.look, self.tr("改口令"), self._on_passphrase, icon="key-round")
        renew = button(self.room.look, self.tr("换恢复密钥"), self._on_renew, icon="life-buoy")
        note = label(
            self.tr(
                "数据加密存在本机。同一台电脑上能打开的人都看得到全部数据，谁改了什么都记在历史里；交给镇里的包只有镇里打得开。"
            ),
            "small",
            "text2",
            wrap=True,
        )
        return self._card(self.tr("安全"), self.idle, row(change, renew, None, spacing=self.room.look.px(8)), note)

    def _on_idle(self) -> None:
        if self.idle.value():
            self.room.notices.settings.emit({"idle_minutes": int(self.idle.value())})

    def _on_passphrase(self) -> None:
        dialog = PassphraseDialog(self.room, self)
        if ask(dialog):
            self.write(
                partial(desks.change_passphrase, old=dialog.old.value(), new=dialog.new.value()),
                lambda _: self.room.notices.tell(self.tr("口令改好了，下次打开用新的")),
            )

    def _on_renew(self) -> None:
        """For a key that was lost, or never written down because the power went."""
        title = self.tr("换恢复密钥")
        question = self.tr("换了以后，以前抄下的恢复密钥就作废。请输口令：")
        passphrase, given = QInputDialog.getText(self, title, question, QLineEdit.EchoMode.Password)
        if given and passphrase:
            self.write(partial(towns.renew_recovery, passphrase=passphrase), self._on_renewed)

    def _on_renewed(self, secret: str) -> None:
        ask(RecoveryDialog(self.room.look, secret, self, town=self.room.profile.role == "town"))
        self.write(partial(desks.note_recovery, kept=True), lambda _: None)
        self.room.notices.tell(self.tr("恢复密钥换好了，以前的作废"))

    # -- backups -------------------------------------------------------------------------------------------------

    def _backups(self) -> QFrame:
        look = self.room.look
        self._last = label("", tone="text2")
        self._rehearsed = label("", tone="text2")
        now = button(look, self.tr("现在备份"), self._on_backup, icon="hard-drive")
        try_it = button(look, self.tr("恢复演练"), self._on_rehearse, icon="life-buoy")
        check = button(look, self.tr("全面核对"), self._on_verify, icon="circle-check")
        self._second_folder = self.room.settings.second_backup_folder
        self._second = label(self._second_folder or self.tr("没有设"), tone="text2", wrap=True)
        choose = button(look, self.tr("选第二备份处"), self._on_second, kind="link")
        note = label(
            self.tr("关窗口时自动备份：最近一次、七天、四周各留。演练是把备份真的打开核对一遍。"),
            "small",
            "text2",
            wrap=True,
        )
        second = row(label(self.tr("第二备份处"), tone="text2"), self._second, choose, spacing=look.px(10))
        second.setStretch(1, 1)
        return self._card(
            self.tr("备份"),
            self._last,
            self._rehearsed,
            row(now, try_it, check, None, spacing=look.px(8)),
            second,
            note,
        )

    def _on_backup(self) -> None:
        work = partial(_back_up, Path(self._second_folder) if self._second_folder else None)
        self.long(
            self.tr("正在备份"), "hard-drive", Lane.WRITE, work, lambda _: self._done(self.tr("备份好了，已核对"))
        )

    def _on_rehearse(self) -> None:
        def told(_done: Any) -> None:
            self._done(self.tr("演练成功：最近的备份能恢复"))

        self.long(self.tr("正在演练恢复"), "life-buoy", Lane.WRITE, _rehearse, told)

    def _on_verify(self) -> None:
        self.long(self.tr("正在全面核对"), "circle-check", Lane.WRITE, _verify, self._on_verified)

    def _on_verified(self, result: Verification) -> None:
        text = self.room.words.say("verify_good" if result.sound else "verify_bad", operations=result.operations)
        self.room.notices.tell(text, wrong=not result.sound)

    def _on_second(self) -> None:
        start = self._second_folder or str(Path.home())
        chosen = QFileDialog.getExistingDirectory(self, self.tr("第二备份处"), start)
        if chosen:
            self._second_folder = chosen
            self._second.setText(chosen)
            self.room.notices.settings.emit({"second_backup_folder": chosen})

    def _done(self, text: str) -> None:
        self.room.notices.tell(text)
        self.room.events.changed.emit(frozenset({"backup"}))

    # -- about ---------------------------------------------------------------------------------------------------

    def _about(self) -> QFrame:
        profile = self.room.profile
        rows = (
            (self.tr("程序"), f"{self.room.words.say('product')} {VERSION}"),
            (self.tr("工作台"), profile.name),
            (self.tr("乡镇"), profile.town_name or "—"),
            (self.tr("区划代码"), profile.division_code or "—"),
        )
        lines = []
        for name, text in rows:
            title = label(name, tone="text2")
            title.setFixedWidth(self.room.look.px(_LABEL))
            lines.append(row(title, label(text), None, spacing=self.room.look.px(10)))
        return self._card(self.tr("关于"), *lines)

    def hints(self) -> tuple[Hint, ...]:
        return (("Ctrl +", self.tr("放大")), ("Ctrl −", self.tr("缩小")), ("Ctrl L", self.tr("锁上")))

    def arrive(self, what: Any) -> None:
        self._load()

    def _load(self) -> None:
        self.read(closing.reassurance, self._on_seen, key="settings")

    def _on_seen(self, seen: Reassurance) -> None:
        self._last.setText(self.tr("上次备份：{t}").format(t=self._when(seen.backed_up)))
        self._rehearsed.setText(self.tr("上次恢复演练成功：{t}").format(t=self._when(seen.rehearsed)))

    def _when(self, at: int) -> str:
        return datetime.fromtimestamp(at / 1000).strftime("%Y-%m-%d %H:%M") if at else self.tr("还没有")


class PassphraseDialog(QDialog):
    """The old passphrase once, the new one twice."""

    def __init__(self, room: Room, parent: QWidget) -> None:
        super().__init__(parent)
        look = room.look
        self.setWindowTitle(self.tr("改口令"))
        self.setFixedWidth(look.px(theme.DIALOG))
        self.old = Field(look, self.tr("现在的口令"), label_width=_LABEL)
        self.new = Field(look, self.tr("新口令"), label_width=_LABEL)
        self.again = Field(look, self.tr("再输一遍"), label_width=_LABEL)
        for field, following in ((self.old, self.new), (self.new, self.again)):
            field.entered.connect(following.setFocus)
        self.again.entered.connect(self._on_take)
        for field in (self.old, self.new, self.again):
            assert isinstance(field.editor, TextLine)
            field.editor.setEchoMode(QLineEdit.EchoMode.Password)
        note = label(self.tr("至少 12 个字，或者四个词。"), "small", "text2")
        take = button(look, self.tr("改"), self._on_take, kind="primary")
        back = button(look, self.tr("取消"), self.reject, key="Esc")
        pad = look.px(24)
        buttons = row(None, back, take, spacing=look.px(12))
        layout = column(
            label(self.tr("改口令"), "h2"), self.old, self.new, self.again, note, buttons, spacing=look.px(12)
        )
        layout.setContentsMargins(pad, pad, pad, pad)
        self.setLayout(layout)
        self.old.setFocus()

    def _on_take(self) -> None:
        if self.new.value() != self.again.value():
            self.again.complain(self.tr("两遍不一样，请重输"))
        elif self.old.value() and self.new.value():
            self.accept()


def _back_up(second: Path | None, _progress: Progress, desk: Desk) -> None:
    closing.back_up_everywhere(desk, second)


def _rehearse(_progress: Progress, desk: Desk) -> Any:
    return care.rehearse(desk)


def _verify(progress: Progress, desk: Desk) -> Verification:
    return care.verify(desk, progress)
