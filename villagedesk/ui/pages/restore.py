"""Owns the dialog that brings a backup back: with the passphrase, or with the recovery key and a new passphrase."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QWidget

from villagedesk.domain.passphrases import passphrase_is_strong
from villagedesk.ui.look import Look
from villagedesk.ui.widgets.choice import Tick
from villagedesk.ui.widgets.field import Field, TextLine
from villagedesk.ui.widgets.parts import button, column, label, row

_LABEL = 110


class RestoreDialog(QDialog):
    """``file``, ``passphrase`` and ``secret`` ("" unless the recovery key is used) when it was accepted."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("从备份恢复"))
        self.setFixedWidth(look.px(560))
        self.file: Path | None = None
        self._name = label(self.tr("还没有选"), tone="text2", wrap=True)
        choose = button(look, self.tr("选备份文件"), self._choose, icon="folder-open", size="compact")
        self.by_key = Tick(look, self.tr("忘了口令，用恢复密钥"))
        self.by_key.toggled.connect(self._on_by_key)
        self.secret_field = Field(look, self.tr("恢复密钥"), label_width=_LABEL)
        self.passphrase_field = Field(look, self.tr("口令"), label_width=_LABEL)
        self.again_field = Field(look, self.tr("再输一遍"), label_width=_LABEL)
        for field in (self.secret_field, self.passphrase_field, self.again_field):
            assert isinstance(field.editor, TextLine)
            field.editor.setEchoMode(QLineEdit.EchoMode.Password)
            field.entered.connect(self._on_take)
        note = label(
            self.tr("现在的数据另存一份，不会删。备份之后报过的内容，下次收回执时会自动补回来。"),
            "small",
            "text2",
            wrap=True,
        )
        take = button(look, self.tr("恢复"), self._on_take, kind="primary")
        back = button(look, self.tr("取消"), self.reject, key="Esc")
        file_row = row(choose, self._name, spacing=look.px(10))
        file_row.setStretch(1, 1)
        pad = look.px(24)
        parts = (
            label(self.tr("用哪一份备份？"), "h2"),
            file_row,
            self.by_key,
            self.secret_field,
            self.passphrase_field,
            self.again_field,
            note,
            row(None, back, take, spacing=look.px(12)),
        )
        self.setLayout(column(*parts, spacing=look.px(12), margins=(pad, pad, pad, pad)))
        self._on_by_key(False)

    @property
    def passphrase(self) -> str:
        return self.passphrase_field.value()

    @property
    def secret(self) -> str:
        return "".join(self.secret_field.value().split()) if self.by_key.isChecked() else ""

    def set_file(self, file: Path) -> None:
        self.file = file
        self._name.setText(file.name)

    def _choose(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, self.tr("选备份文件"), str(Path.home()), "(*.vdbackup)")
        if file:
            self.set_file(Path(file))

    def _on_by_key(self, on: bool) -> None:
        self.secret_field.setVisible(on)
        self.again_field.setVisible(on)
        hint = self.tr("新口令，至少 12 个字") if on else self.tr("做备份时用的口令")
        if isinstance(self.passphrase_field.editor, TextLine):
            self.passphrase_field.editor.setPlaceholderText(hint)

    def _on_take(self) -> None:
        if self.file is None:
            self._choose()
        elif self._ready():
            self.accept()

    def _ready(self) -> bool:
        """Whether everything is there; what is not is said beside its field."""
        by_key = self.by_key.isChecked()
        wrong = {
            self.secret_field: self.tr("请填恢复密钥") if by_key and not self.secret else "",
            self.passphrase_field: self._wrong_passphrase(by_key),
            self.again_field: "",
        }
        if by_key and not wrong[self.passphrase_field] and self.again_field.value() != self.passphrase:
            wrong[self.again_field] = self.tr("两遍不一样，请重输")
        for field, text in wrong.items():
            field.complain(text)
        first = next((field for field, text in wrong.items() if text), None)
        if first is not None:
            first.setFocus()
        return first is None

    def _wrong_passphrase(self, by_key: bool) -> str:
        if not self.passphrase:
            return self.tr("请填口令")
        weak = by_key and not passphrase_is_strong(self.passphrase)
        return self.tr("口令太短：至少 12 个字，或四个词") if weak else ""
