"""Owns the print preview: pages as they will come out, what no font has, printing and saving.

The forms lie in memory only; nothing personal is written before the person asks for a file.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMarginsF, QRect
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QFrame, QVBoxLayout

from villagedesk.errors import Cancelled, DeskError
from villagedesk.progress import Progress
from villagedesk.services import forms, households
from villagedesk.services.desks import Desk
from villagedesk.services.forms import Sheets
from villagedesk.services.households import HouseholdQuery
from villagedesk.ui import theme
from villagedesk.ui.jobs import Job, Lane
from villagedesk.ui.pages.page import Hint, Page, PageHead
from villagedesk.ui.pdf import PdfPages
from villagedesk.ui.room import Room
from villagedesk.ui.widgets.page_view import PageView
from villagedesk.ui.widgets.parts import button, clear, column, frame, icon_label, label, row

#: Households in one preview; more go to a file in parts, because the pages lie in memory.
MOST = 3000
_PRINT_DPI = 300
_SIDE = 290
Set = tuple[Sheets, PdfPages]


class _Pages(PageView):
    """Zooming keeps what is in the middle there."""

    def set_zoom(self, percent: int) -> None:
        bar, half = self.verticalScrollBar(), self.viewport().height() // 2
        page = self._middle()
        before = self._rect(page) if page >= 0 else QRect()
        part = (bar.value() + half - before.top()) / before.height() if page >= 0 else 0.0
        super().set_zoom(percent)
        if page >= 0:
            after = self._rect(page)
            bar.setValue(round(after.top() + part * after.height()) - half)
            self._on_scrolled()

    def _middle(self) -> int:
        """The page in the middle, -1 where there is none."""
        if not self._sizes:
            return -1
        middle = self.verticalScrollBar().value() + self.viewport().height() // 2
        return min(middle // (self._height(0) + self._gap), len(self._sizes) - 1)


class PreviewPage(Page):
    """打印预览.  Arrives with a list of household ids, a query, or a number of blank forms."""

    name = "preview"
    root = "households"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        look = room.look
        self._what: Any = None
        self._set: Set | None = None
        self.head = PageHead(room, self.tr("打印预览"), (self.tr("农户"), self._leave))
        self._print = self.action(self.tr("打印"), self._on_print, "printer", "F8", primary=True)
        self._keep = self.action(self.tr("存为 PDF"), self._on_keep, "file-down", "F9")
        self.head.add(button(look, self.tr("返回"), self._leave, key="Esc"))
        self.head.add(self._keep)
        self.head.add(self._print)
        self.body.addWidget(self.head)
        self.view = _Pages(look, self.tr("要打印的页"))
        self.view.wanted.connect(self._want)
        self.view.at_page.connect(self._on_page)
        sheet = frame("card")
        sheet.setLayout(column(self.view, margins=(1, 1, 1, 1)))
        line = row(sheet, self._side(), spacing=look.px(theme.GUTTER))
        line.setStretch(0, 1)
        self.body.addLayout(line, 1)
        for keys, step in (("+", 1), ("=", 1), ("-", -1)):
            self.key(keys, partial(self.view.step_zoom, step))
        self.key("Esc", self._leave)

    def _side(self) -> QFrame:
        look = self.room.look
        side = frame("card")
        side.setFixedWidth(look.px(_SIDE))
        self._counts = label("", "h2")
        self._where = label("", tone="text2")
        self._missing = QVBoxLayout()
        self._missing.setSpacing(look.px(6))
        remark = label(self.tr("打印时选“实际大小”，不要“适合页面”，二维码才扫得出。"), "small", "text2", wrap=True)
        zoom = row(
            button(look, self.tr("缩小"), partial(self.view.step_zoom, -1), icon="zoom-out", size="compact"),
            button(look, self.tr("放大"), partial(self.view.step_zoom, 1), icon="zoom-in", size="compact"),
            None,
        )
        blank = button(look, self.tr("再要 10 张空白表"), self._blanks, kind="link", icon="file-text")
        pad = look.px(theme.CARD_PAD)
        parts = (self._counts, self._where, look.px(4), zoom, look.px(8), remark, look.px(8), self._missing, None)
        side.setLayout(column(*parts, row(blank, None), spacing=look.px(6), margins=(pad, pad, pad, pad)))
        return side

    def hints(self) -> tuple[Hint, ...]:
        return (
            ("PgDn", self.tr("下一页")),
            ("PgUp", self.tr("上一页")),
            ("+", self.tr("放大")),
            ("F8", self.tr("打印")),
            ("F9", self.tr("存为 PDF")),
            ("Esc", self.tr("返回")),
        )

    def arrive(self, what: Any) -> None:
        self._what = what
        self._drop()
        self.view.show_pages(())
        self._show_set(None)
        self.long(
            self.tr("正在排版 信息采集表"),
            "printer",
            Lane.BULK,
            partial(_typeset, what),
            self._on_set,
            failed=self._on_failed,
            stopped=self._leave,
            key="typeset",
        )

    def state(self) -> Any:
        return self._what

    def let_go(self) -> None:
        self._drop()

    def _on_set(self, found: Set) -> None:
        self._set = found
        self.view.show_pages(found[1].sizes)
        self._show_set(found[0])
        self.view.setFocus()

    def _on_failed(self, error: DeskError) -> None:
        self.fail(error)
        self._leave()

    def _show_set(self, sheets: Sheets | None) -> None:
        clear(self._missing)
        for made in (self._print, self._keep):
            made.setEnabled(sheets is not None)
        if sheets is None:
            self._counts.setText(self.tr("正在排版"))
            self._where.setText("")
            return
        counts = self.tr("空白表 {n} 张") if sheets.blank else self.tr("{n} 户")
        self._counts.setText(counts.format(n=sheets.forms))
        self._on_page(0)
        if sheets.missing:
            look = self.room.look
            title = row(
                icon_label(look, "triangle-alert", "warn"), label(self.tr("字库里没有的字"), "strong", "warn"), None
            )
            self._missing.addLayout(title)
            for entry in sheets.missing:
                text = self.room.words.say("character_missing", point=entry.code_point)
                shown = self.tr("{where}：{text}").format(where=self.tr("、").join(entry.texts), text=text)
                self._missing.addWidget(label(shown, "small", wrap=True))

    def _on_page(self, number: int) -> None:
        if self._set is not None:
            self._where.setText(self.tr("第 {a} 页，共 {b} 页").format(a=number + 1, b=len(self._set[1])))

    def _want(self, number: int, width: int) -> None:
        if self._set is None:
            return
        pages = self._set[1]
        job = Job(partial(_picture, pages, number, width), self, partial(self._on_picture, pages, number, width))
        self.room.jobs.run(Lane.BULK, job)

    def _on_picture(self, pages: PdfPages, number: int, width: int, image: QImage) -> None:
        if self._set is not None and self._set[1] is pages:
            self.view.put(number, width, image)

    # -- out -----------------------------------------------------------------------------------------------------

    def _on_print(self) -> None:
        if self._set is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageLayout(_layout())
        printer.setFullPage(True)
        printer.setResolution(_PRINT_DPI)
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, len(self._set[1]))
        if dialog.exec():
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Send the pages to a printer, off the GUI thread."""
        if self._set is None:
            return
        sheets, pages = self._set
        work = partial(_print, pages, printer)
        self.long(
            self.tr("正在打印"),
            "printer",
            Lane.BULK,
            work,
            partial(self._on_printed, sheets),
            stopped=self._on_print_stopped,
        )

    def _on_print_stopped(self) -> None:
        self.room.notices.tell(self.tr("停下了；已送出的页打印机可能照样打完"))

    def _on_printed(self, sheets: Sheets, pages: int) -> None:
        self.room.notices.tell(self.tr("已送打印机 {n} 页").format(n=pages))
        self.write(partial(forms.note_printed, sheets=sheets), self._noted)

    def _on_keep(self) -> None:
        if self._set is None:
            return
        suggested = str(Path.home() / self.tr("农户信息采集表.pdf"))
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("存为 PDF"), suggested, "PDF (*.pdf)")
        if chosen:
            self.keep(Path(chosen))

    def keep(self, target: Path) -> None:
        """Write the forms to a file."""
        if self._set is not None:
            self.write(partial(forms.keep_sheets, sheets=self._set[0], target=target), self._on_kept)

    def _on_kept(self, made: Any) -> None:
        self.room.notices.tell(self.tr("已存为 {file}").format(file=made.path.name))
        self._noted(None)

    def _noted(self, _nothing: Any) -> None:
        self.room.events.changed.emit(frozenset({"audit"}))

    def _blanks(self) -> None:
        self.arrive(10)

    def _leave(self) -> None:
        self._drop()
        self.go("households", self._what[0] if isinstance(self._what, list) and len(self._what) == 1 else None)

    def _drop(self) -> None:
        """Let the pages go, on the lane that used them."""
        if self._set is not None:
            pages, self._set = self._set[1], None
            self.room.jobs.run(Lane.BULK, Job(lambda _desk: pages.close(), self.room.notices, lambda _: None))


def _layout() -> QPageLayout:
    size = QPageSize(QPageSize.PageSizeId.A4)
    return QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))


def _typeset(what: Any, progress: Progress, desk: Desk) -> Set:
    """On the BULK lane."""
    if isinstance(what, int):
        sheets = forms.set_blanks(desk, what, progress)
    else:
        if isinstance(what, HouseholdQuery):
            if households.list_page(desk, what, 0, 0).households > MOST:
                raise DeskError("preview_too_many", most=MOST)
            files = households.all_households(desk, what)
        else:
            files = [households.read_household(desk, key) for key in what]
        sheets = forms.set_forms(desk, files, progress)
    return sheets, PdfPages(sheets.data)


def _picture(pages: PdfPages, number: int, width: int, _desk: Desk) -> QImage:
    return pages.image(number, width)


def _print(pages: PdfPages, printer: QPrinter, progress: Progress, _desk: Desk) -> int:
    """Paint every page at the printer's size; returns how many."""
    first, last = printer.fromPage() or 1, printer.toPage() or len(pages)
    painter = QPainter()
    if not painter.begin(printer):
        raise DeskError("printer_refused")
    try:
        for place, number in enumerate(range(first - 1, last)):
            progress.report(place, last - first + 1, "printing")
            if place:
                printer.newPage()
            area = QRect(0, 0, printer.width(), printer.height())
            painter.drawImage(area, pages.image(number, area.width()))
    except Cancelled:
        printer.abort()
        raise
    finally:
        painter.end()
    return last - first + 1
