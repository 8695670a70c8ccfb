"""Owns the household form: one sheet to type a whole household, kept as a draft at every pause, saved as one action."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QRect, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

from villagedesk.domain.household_entry import (
    Placed,
    ReadHousehold,
    TypedHousehold,
    from_document,
    read_typed,
    to_document,
)
from villagedesk.domain.records.household import HOUSEHOLD
from villagedesk.errors import DeskError
from villagedesk.services import entry, households
from villagedesk.services.desks import Desk
from villagedesk.services.entry import NotSaved, Opened, Saved
from villagedesk.ui.pages.form.basics import Basics
from villagedesk.ui.pages.form.blocks import Blocks
from villagedesk.ui.pages.form.fields import Stand
from villagedesk.ui.pages.form.people import People
from villagedesk.ui.pages.page import Hint, Page, PageHead
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.parts import button, column, label

#: A draft is kept at a pause of this length, and at the latest after the longer one while somebody types on.
_DRAFT_MS, _DRAFT_LATEST_MS = 2000, 5000
_NEW = "household:new:"
_WIDE_UP_TO = 120


class FormPage(Page):
    """新增农户 and 修改."""

    name = "form"
    root = "households"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self._today = date.today()
        self._opened: Opened | None = None
        self._texts: dict[str, str] = {}
        self._id = b""
        self._last: TypedHousehold | None = None
        self._dirty = self._tried = self._done = False
        self._stand: Stand | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DRAFT_MS)
        self._timer.timeout.connect(self._keep_draft)
        self._latest = QTimer(self)
        self._latest.setSingleShot(True)
        self._latest.setInterval(_DRAFT_LATEST_MS)
        self._latest.timeout.connect(self._keep_draft)
        self._draft_key = ""
        self._build_head()
        self._build_sheets(3 if room.look.percent <= _WIDE_UP_TO else 2)
        self._connect()

    @property
    def undoes(self) -> bool:
        """An untouched new form leaves Ctrl+Z to the desk; elsewhere it would take away what nobody looks at."""
        return not self._dirty and not self._id

    # -- building ------------------------------------------------------------------------------------------------

    def _build_head(self) -> None:
        self.head = PageHead(self.room, "", (self.tr("农户"), self._leave))
        self._draft_note = label("", tone="text2")
        back = button(self.room.look, self.tr("返回"), self._leave, key="Esc")
        self._saver = self.action(self.tr("保存"), partial(self._save, False), "save", "F9")
        self._save_next = self.action(self.tr("保存并新增"), partial(self._save, True), "check", "F10", primary=True)
        for part in (self._draft_note, back, self._saver, self._save_next):
            self.head.add(part)
        self.body.addWidget(self.head)

    def _build_sheets(self, columns: int) -> None:
        self.basics = Basics(self.room, self._today, columns)
        self.people = People(self.room, self._today, narrow=columns < 3)
        self.blocks = Blocks(self.room, self._today, columns)
        content = QWidget()
        content.setLayout(column(self.basics, self.people, self.blocks, None, spacing=self.room.look.px(12)))
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(content)
        self.body.addWidget(self._scroll, 1)

    def _connect(self) -> None:
        self.basics.changed.connect(self._on_field)
        self.basics.head_changed.connect(self._on_head)
        self.basics.finished.connect(self.people.go_on_from_above)
        self.people.edited.connect(self._on_member)
        self.people.standing.connect(self._on_standing)
        self.people.accepted.connect(self._check)
        self.people.typing.connect(self._wait_for_pause)
        self.people.past_end.connect(self._on_past_end)
        self.people.before_start.connect(self.basics.fields["household_no"].setFocus)
        self.blocks.changed.connect(self._on_field)
        self.blocks.finished.connect(self._on_past_end)
        for keys, do in (
            ("Esc", self._leave),
            ("F3", self._same_as_last),
            ("F4", self.people.all_codes),
            ("F6", self.people.add),
            ("F7", self.people.more),
            ("Ctrl+Del", self.people.remove),
        ):
            self.key(keys, do)

    def hints(self) -> tuple[Hint, ...]:
        return (
            ("Enter", self.tr("下一项")),
            ("F3", self.tr("同上一户")),
            ("F4", self.tr("选项")),
            ("F6", self.tr("加一人")),
            ("Ctrl Del", self.tr("减人")),
            ("F9", self.tr("保存")),
            ("F10", self.tr("保存并新增")),
            ("Esc", self.tr("返回")),
        )

    # -- coming and going ----------------------------------------------------------------------------------------

    def arrive(self, what: Any) -> None:
        """``what``: None = a new household, bytes = a saved one, a draft, or the state of an earlier drawing."""
        self.read(households.place_options, self._on_places, key="places")
        if isinstance(what, bytes):
            self._start(TypedHousehold(what), None)
            self.read(partial(_open, what), self._on_opened)
        elif isinstance(what, dict):
            self._start(what["typed"], what["opened"], dirty=what["dirty"], draft=what["draft"])
            self.people.gone = what["gone"]
            self._stand, self._last = what["stand"], what["last"]
            QTimer.singleShot(0, self._go_on)
        elif what is not None:
            self._resume(what)
        else:
            self._start(TypedHousehold(), None)
            self.read(households.open_drafts, self._on_drafts)

    def _start(self, typed: TypedHousehold, opened: Opened | None, *, dirty: bool = False, draft: str = "") -> None:
        """Show a form; ``draft``: the key it is kept under, "" = its own."""
        new = f"{_NEW}{self.room.ports.entropy.take(4).hex()}"
        self._draft_key = draft or (f"household:{typed.id.hex()}" if typed.id else new)
        self._opened, self._id, self._texts = opened, typed.id, dict(typed.texts)
        self._dirty, self._tried, self._done = dirty, False, False
        self.room.notices.unsaved.emit(dirty)
        self._stop_waiting()
        self._draft_note.setText("")
        self.people.set_lines(typed.members)
        name = self.people.head_texts.get("name", "")
        self.head.title.setText((name or self.tr("修改农户")) if typed.id else self.tr("新增农户"))
        self._show_texts()
        self.blocks.open_block(-1)
        self._check()
        self.basics.fields["head.name"].setFocus()
        self._scroll.verticalScrollBar().setValue(0)

    def _show_texts(self) -> None:
        self.basics.show_texts(self._texts, self.people.head_texts)
        self.blocks.show_texts(self._texts)

    def _on_opened(self, found: tuple[Opened, Any]) -> None:
        opened, draft = found
        if draft is None:
            self._start(opened.typed, opened)
        else:
            self._start(from_document(draft.document), opened, dirty=True, draft=draft.key)
            self._tell_resumed(draft.at)

    def _on_drafts(self, drafts: Any) -> None:
        """Of what was begun before, the list offers to go on with it; a new form stays new."""
        begun = sum(found.key.startswith(_NEW) for found in drafts)
        if begun and not self._dirty:
            self.room.notices.tell(self.tr("还有 {n} 份没写完的草稿，在“农户”页接着写").format(n=begun))

    def _resume(self, draft: Any) -> None:
        typed = from_document(draft.document)
        self._start(typed, None, dirty=True, draft=draft.key)
        self._tell_resumed(draft.at)
        if typed.id:
            self.read(partial(_open, typed.id), self._on_base)

    def _tell_resumed(self, at: int) -> None:
        moment = datetime.fromtimestamp(at / 1000).strftime("%m-%d %H:%M")
        self.room.notices.tell(self.tr("接着上次 {t} 没写完的草稿").format(t=moment))

    def _on_base(self, found: tuple[Opened, Any]) -> None:
        self._opened = found[0]

    def state(self) -> Any:
        if self._id and self._opened is None and not self._dirty:
            return self._id  # it is still being read
        stand = self._standing()
        self.people.grid.commit()
        return {
            "typed": self._typed(),
            "opened": self._opened,
            "gone": self.people.gone,
            "dirty": self._dirty,
            "draft": self._draft_key,
            "stand": stand,
            "last": self._last,
        }

    def _standing(self) -> Stand:
        """Where the typing is, or will be as soon as this drawing is shown."""
        if self._stand is not None:
            return self._stand
        focus = self.focusWidget()
        if self.people.isAncestorOf(focus):
            return Stand(*self.people.grid.place(), self.people.grid.typing_place())
        for name, field in {**self.basics.fields, **self.blocks.fields}.items():
            if field.isAncestorOf(focus):
                return Stand(-1, name, field.typing_place())
        return Stand(-1, "head.name", 0)

    def _go_on(self) -> None:
        """Another drawing: the next key goes on where the last one ended."""
        stand, self._stand = self._stand, None
        if stand is None:
            return
        if stand.line >= 0:
            self.people.stand_at(stand.line, stand.field)
            self.people.grid.go_on_at(stand.cursor)
        elif stand.field in self.basics.fields:
            self.basics.fields[stand.field].go_on_at(stand.cursor)
        elif self.blocks.show_field(stand.field):
            self.blocks.fields[stand.field].go_on_at(stand.cursor)

    def may_leave(self) -> bool:
        """Nothing is asked: what was typed stays as a draft."""
        self.people.grid.commit()
        if self._dirty:
            self._keep_draft()
        self.room.notices.unsaved.emit(False)
        return True

    def _leave(self) -> None:
        self.people.grid.commit()
        if self._dirty:
            self.room.notices.tell(self.tr("草稿留着，随时接着写"))
        self.go("households", self._id or None)

    # -- what is typed -------------------------------------------------------------------------------------------

    def _typed(self) -> TypedHousehold:
        return TypedHousehold(self._id, dict(self._texts), self.people.lines)

    def _on_field(self, name: str, text: str) -> None:
        self._texts[name] = text
        self._touched()

    def _on_head(self, name: str, text: str) -> None:
        self.people.members.set_text(0, name, text)

    def _on_member(self, line: int, _name: str) -> None:
        if line == 0:
            self.basics.show_head(self.people.head_texts)
        self._touched()

    def _touched(self) -> None:
        if self._done:  # a field tidies its text while the focus leaves a form that is saved
            return
        self._dirty = True
        self.room.notices.unsaved.emit(True)
        self._wait_for_pause()
        self._check()

    def _wait_for_pause(self) -> None:
        self._timer.start()
        if not self._latest.isActive():
            self._latest.start()

    def _stop_waiting(self) -> None:
        self._timer.stop()
        self._latest.stop()

    def _check(self) -> None:
        """Read everything and say beside the fields what is wrong; pure and quick."""
        read = read_typed(self._typed(), self._today)
        self._show(read, read.findings)

    def _show(self, read: ReadHousehold, findings: tuple[Placed, ...]) -> None:
        shown = tuple(placed for placed in findings if self._tried or not _about_gaps(placed))
        self.people.show_findings(shown, len(read.members))
        self.basics.show_findings(shown)
        self.blocks.show_findings(shown)
        self.blocks.summarise(HOUSEHOLD.make(read.household), len(read.members))

    def _on_standing(self, rect: QRect) -> None:
        point = self.people.mapTo(self._scroll.widget(), rect.center())
        self._scroll.ensureVisible(point.x(), point.y(), 0, self.room.look.px(110))

    def _on_past_end(self) -> None:
        """Enter in the blank line: the household is done."""
        (self._saver if self._id else self._save_next).setFocus()

    def _same_as_last(self) -> None:
        """F3: the value of the field in focus as in the household saved before."""
        focus = self.focusWidget()
        for name, field in {**self.basics.fields, **self.blocks.fields}.items():
            if self._last is None or not field.isAncestorOf(focus) or name not in self._last.texts:
                continue
            names = ("micro_grid", "grid") if name == "micro_grid" else (name,)
            for each in names:
                self._texts[each] = self._last.texts.get(each, "")
            self._show_texts()
            self._touched()
            field.entered.emit()
            return

    # -- drafts and saving ---------------------------------------------------------------------------------------

    def _keep_draft(self) -> None:
        self._stop_waiting()
        document = to_document(TypedHousehold(self._id, dict(self._texts), self.people.lines_so_far))
        self.write(partial(households.keep_draft, key=self._draft_key, document=document), self._on_draft_kept)

    def _on_draft_kept(self, _result: Any) -> None:
        self.room.events.changed.emit(frozenset({"draft"}))
        if self._dirty:
            self._draft_note.setText(self.tr("草稿已保存 {t}").format(t=datetime.now().strftime("%H:%M:%S")))

    def _save(self, then_new: bool) -> None:
        self.people.grid.commit()
        self._stop_waiting()
        self._tried = True
        typed, gone = self._typed(), tuple(self.people.gone)
        work = partial(entry.save_form, typed=typed, opened=self._opened, draft=self._draft_key, gone=gone)
        self.write(work, partial(self._on_saved, typed, then_new), self._on_refused)

    def _on_saved(self, typed: TypedHousehold, then_new: bool, saved: Saved) -> None:
        name = typed.members[0].texts.get("name", "") if typed.members else ""
        self._last, self._dirty, self._done = typed, False, True
        self.room.notices.unsaved.emit(False)
        changed = saved.touched.operations > 0
        text = self.tr("已保存 {name}") if changed else self.tr("{name} 没有改动")
        self.room.notices.tell(text.format(name=name), saved.touched.action if changed else b"")
        self.room.events.changed.emit(saved.touched.kinds)
        if then_new:
            self._start(TypedHousehold(), None)
        else:
            self.go("households", saved.id)

    def _on_refused(self, error: DeskError) -> None:
        if self._dirty:
            self._keep_draft()
        if not isinstance(error, NotSaved):
            self.fail(error)
            return
        read = read_typed(self._typed(), self._today)
        extra = tuple(placed for placed in error.placed if placed not in read.findings)
        self._show(read, (*read.findings, *extra))
        text = self.tr("有 {n} 处要改，还没有保存").format(n=len(error.placed))
        self.room.notices.tell(text, wrong=True)
        self._stand_at(min(error.placed, key=self._place_on_sheet))

    def _place_on_sheet(self, placed: Placed) -> tuple[int, int]:
        """The order in which people read: the card above, the grid, the blocks below."""
        name = self._field_above(placed)
        if name:
            return 0, list(self.basics.fields).index(name)
        return (1, placed.member) if placed.member >= 0 else (2, 0)

    def _field_above(self, placed: Placed) -> str:
        """The field of the card above that shows this finding, "" where none does."""
        name = f"head.{placed.finding.field}" if placed.member == 0 else placed.finding.field
        return name if placed.member <= 0 and name in self.basics.fields else ""

    def _stand_at(self, placed: Placed) -> None:
        name = placed.finding.field
        above = self._field_above(placed)
        if above:
            self.basics.fields[above].setFocus()
        elif placed.member >= 0:
            self.people.stand_at(placed.member, name)
        else:
            self.blocks.show_field(name)

    def _on_places(self, options: dict[str, list[tuple[str, str]]]) -> None:
        self.basics.set_places(options["grid"], options["micro_grid"], options["villager_group"])
        self._show_texts()


def _open(key: bytes, desk: Desk) -> tuple[Opened, Any]:
    drafts = {draft.key: draft for draft in households.open_drafts(desk)}
    return entry.open_form(desk, key), drafts.get(f"household:{key.hex()}")


def _about_gaps(placed: Placed) -> bool:
    """What is not there yet is told only when the person wants to save."""
    return placed.finding.code in ("required", "no_head", "id_missing_reason_needed", "household_empty")
