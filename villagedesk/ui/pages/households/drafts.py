"""Owns the line about half-filled forms above the list: go on with the newest one, or throw it away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from villagedesk.domain.household_entry import from_document
from villagedesk.services.households import Draft
from villagedesk.ui.look import Look
from villagedesk.ui.widgets.parts import button
from villagedesk.ui.widgets.question import Question, confirm
from villagedesk.ui.widgets.states import Banner

_FORM = "household:"


class DraftBanner(Banner):
    """``resume(draft)``; ``drop(key)``: it was thrown away, after asking."""

    resume = Signal(object)
    drop = Signal(str)

    def __init__(self, look: Look) -> None:
        buttons = (
            button(look, self.tr("接着写"), self.resume_newest, kind="link", key="F5"),
            button(look, self.tr("丢掉草稿"), self._on_drop, kind="link"),
        )
        super().__init__(look, buttons)
        self._look = look

    def show_drafts(self, drafts: Sequence[Draft]) -> None:
        """Drafts of forms, newest first; of anything else nothing is said."""
        own = [draft for draft in drafts if draft.key.startswith(_FORM)]
        if not own:
            self.hide()
            return
        self._draft = own[0]
        who = self.tr("有一份没写完的草稿：{name}").format(name=self._name())
        if len(own) > 1:
            who = self.tr("有 {n} 份没写完的草稿，先写这份：{name}").format(n=len(own), name=self._name())
        self.tell(who, "pencil", "warn", "warn")

    def _name(self) -> str:
        people = from_document(self._draft.document).members
        return (people[0].texts.get("name", "") if people else "") or self.tr("新增农户")

    def resume_newest(self) -> None:
        """Go on with the draft shown, if there is one."""
        if self.isVisible():
            self.hide()
            self.resume.emit(self._draft)

    def _on_drop(self) -> None:
        title = self.tr("丢掉草稿 {name}？").format(name=self._name())
        question = Question(title, self.tr("草稿里写过的都会没有，找不回来。"), self.tr("丢掉草稿"))
        if confirm(self, self._look, question):
            self.hide()
            self.drop.emit(self._draft.key)
