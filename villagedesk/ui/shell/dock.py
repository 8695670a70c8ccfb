"""Owns the bar of a long job above the status line: what, count, time left, 停下.  Never a dialog."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, Slot
from PySide6.QtWidgets import QProgressBar, QWidget

from villagedesk.ui import theme
from villagedesk.ui.look import Look
from villagedesk.ui.room import Watched, Words
from villagedesk.ui.widgets.parts import button, column, frame, label, row, set_icon

_SHORT_MS = 1500


class ProgressDock(QWidget):
    """Shows the newest running job."""

    def __init__(self, look: Look, words: Words) -> None:
        super().__init__()
        self._look = look
        self._words = words
        self._watched: list[Watched] = []
        self._clock = QElapsedTimer()
        self._icon = label()
        self._title, self._step = label("", "strong"), label("", "small", "text2")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._count, self._left = label("", "strong"), label("", "small", "text2")
        stop = button(look, self.tr("停下"), self._on_stop, icon="x")
        line = row(
            self._icon,
            column(self._title, self._step, spacing=0),
            self._bar,
            column(self._count, self._left, spacing=0),
            stop,
            spacing=look.px(16),
            margins=(look.px(18), look.px(10), look.px(14), look.px(10)),
        )
        line.setStretch(2, 1)
        card = frame("card")
        card.setLayout(line)
        margin = look.px(theme.PAGE_MARGIN)
        self.setLayout(column(card, margins=(margin, 0, margin, look.px(theme.PAGE_BOTTOM))))
        self.hide()

    def watch(self, watched: Watched) -> None:
        self._watched.append(watched)
        watched.counted.connect(self._on_counted)
        watched.ended.connect(self._on_ended)
        self._show(watched)

    def _show(self, watched: Watched) -> None:
        self._clock.start()
        set_icon(self._icon, self._look, watched.icon, "accent", theme.ICON_NAV)
        self._title.setText(watched.title)
        for part in (self._step, self._count, self._left):
            part.setText("")
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(watched.title)
        self.show()

    @Slot(int, int, str)
    def _on_counted(self, done: int, total: int, step: str) -> None:
        if not self._watched or self.sender() is not self._watched[-1]:
            return
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)
        self._step.setText(self._words.say(step))
        self._count.setText(f"{done:,} / {total:,}")
        spent = self._clock.elapsed()
        if done and spent > _SHORT_MS:
            seconds = max(1, round(spent / done * (total - done) / 1000))
            minutes = self.tr("大约还要 %n 分钟", "", round(seconds / 60))
            self._left.setText(minutes if seconds > 90 else self.tr("大约还要 %n 秒", "", seconds))

    @Slot()
    def _on_ended(self) -> None:
        sender = self.sender()
        self._watched = [entry for entry in self._watched if entry is not sender]
        if self._watched:
            self._show(self._watched[-1])
        else:
            self.hide()

    def _on_stop(self) -> None:
        if self._watched:
            self._watched[-1].progress.cancel()
            self._step.setText(self.tr("正在停下"))
