"""Owns what is said of a previewed roster as a whole: what would come of it, and how its columns were understood."""

from __future__ import annotations

from PySide6.QtCore import QObject

from villagedesk.services.roster import RosterPreview
from villagedesk.ui.pages.roster.rows import Lines

#: Text, icon, kind of box and tone of the banner.
Told = tuple[str, str, str, str]


class Account(QObject):
    """Sentences about one preview."""

    def button(self, lines: Lines) -> str:
        return self.tr(" 导入 {n} 人  F10").format(n=f"{lines.changing:,}")

    def done(self, seen: RosterPreview, lines: Lines) -> str:
        """For the word after the import."""
        if not seen.plan.changes:
            return self.tr("和已有的一样，没有改动")
        counts = seen.plan.counts["households"]
        text = self.tr("导入 {n} 人：新增 {a} 户，更新 {u} 户")
        told = text.format(n=f"{lines.changing:,}", a=counts["added"], u=counts["updated"])
        left = len(lines.wrong) + len(lines.out)
        return told + (self.tr("；{n} 行没导，再打开这个文件接着改").format(n=f"{left:,}") if left else "")

    def told(self, lines: Lines) -> Told:
        """For the banner over the list."""
        parts = (
            (lines.fresh, self.tr("新增 {n} 人")),
            (lines.changed, self.tr("更新 {n} 人")),
            (lines.same, self.tr("和已有的一样 {n} 人")),
        )
        come = self.tr("，").join(text.format(n=f"{count:,}") for count, text in parts if count)
        if not lines.changing:
            come = self.tr("能导入的和已有的都一样，没有要导入的") if lines.same else self.tr("没有一行可以导入")
        wrong, doubtful = len(lines.wrong), len(lines.doubtful)
        if wrong:
            text = self.tr("{a} 行里有 {b} 行要改，改之前不会导入；其余：{come}。")
            shown = text.format(a=f"{len(lines.rows):,}", b=f"{wrong:,}", come=come)
            return shown, "triangle-alert", "warn", "warn"
        if doubtful and lines.changing:
            text = self.tr("没有要改的，{n} 行有疑点，可以先导，以后核对：{come}。")
            return text.format(n=f"{doubtful:,}", come=come), "triangle-alert", "warn", "warn"
        return self.tr("{come}。").format(come=come), "info", "info", "accent"

    def columns(self, seen: RosterPreview) -> str:
        known = sum(1 for table in seen.tables for _, heading, target in table.columns if heading and target)
        total = sum(1 for table in seen.tables for _, heading, _ in table.columns if heading)
        note = self.tr("列已对上 {a} / {b}").format(a=known, b=total)
        left = len(seen.skipped)
        return note + (self.tr("，跳过标题、合计等 {n} 行").format(n=left) if left else "")
