"""Owns the way to an open desk: first run where none lives, the passphrase, the recovery key, a backup."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from villagedesk.errors import DeskError
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports
from villagedesk.services.profile import read_card
from villagedesk.ui.look import Look
from villagedesk.ui.pages.unlock import UnlockPage
from villagedesk.ui.room import Words
from villagedesk.ui.shell.opening import Opening
from villagedesk.ui.shell.window import MainWindow
from villagedesk.ui.widgets.parts import ask

if TYPE_CHECKING:
    from villagedesk.services.desks import Desk
    from villagedesk.ui.pages.first_run.page import FirstRunPage


class Entrance(QObject):
    """``opened(desk, page)``: a desk is open, ``page``: where to begin ("" = as always); ``elsewhere(folder)``: another
    desk is wanted."""

    opened = Signal(object, str)
    elsewhere = Signal(str)

    def __init__(self, window: MainWindow, paths: DeskPaths, ports: Ports, opening: Opening) -> None:
        super().__init__(window)
        self._window = window
        self._paths, self._ports = paths, ports
        self._opening = opening
        self._look, self._words = Look(), Words()
        self._first: FirstRunPage | None = None

    def show_door(self, look: Look, words: Words) -> None:
        """First run where no desk lives or where one is still being made, else the passphrase."""
        self._look, self._words = look, words
        card = read_card(self._paths, self._ports)
        begun = self._first.begun if self._first is not None else None
        if card is None or (begun is not None and begun.desk is not None):
            from villagedesk.ui.pages.first_run.page import FirstRunPage

            ways = (self._paths, self._ports, self._opening)
            narrow = self._window.rail_at(look.percent)
            self._first = FirstRunPage(look, words, *ways, begun, narrow=narrow)
            self._first.made.connect(self._on_made)
            self._first.restore.connect(self._ask_restore)
            self._first.other.connect(self._choose_desk)
            self._window.set_frame(self._first, look)
            return
        page = UnlockPage(look, words, card, self._ports.clock.now_ms)
        page.given.connect(partial(self._unlock, page))
        page.recovery.connect(partial(self._recover, page))
        page.other.connect(self._choose_desk)
        page.restore.connect(self._ask_restore)
        self._window.set_frame(page, look)

    def _on_made(self, desk: Desk, page: str) -> None:
        self._first = None
        self.opened.emit(desk, page)

    def _enter(self, desk: Desk) -> None:
        self._on_made(desk, "")

    def _unlock(self, page: UnlockPage, passphrase: str) -> None:
        self._opening.run(partial(_unlock, self._paths, self._ports, passphrase), self._enter, page.fail)

    def _recover(self, page: UnlockPage, secret: str, passphrase: str) -> None:
        work = partial(_recover, self._paths, self._ports, secret, passphrase)
        self._opening.run(work, self._enter, page.fail)

    def unlock_with(self, passphrase: str) -> None:
        """Open the desk with a passphrase that was given beforehand."""
        self._opening.run(partial(_unlock, self._paths, self._ports, passphrase), self._enter, self._tell)

    def leave(self) -> None:
        """The window closes: a desk that is made but not begun with is closed too."""
        begun = self._first.begun if self._first is not None else None
        if begun is not None and begun.desk is not None:
            from villagedesk.services import desks

            desks.close(begun.desk)

    def open_again(self, desk: Desk, failed: Callable[[], None]) -> None:
        """Open a desk that was just closed, without asking."""
        self._opening.run(partial(_open_again, desk), self._enter, lambda _error: failed())

    def _choose_desk(self) -> None:
        """Another desk's folder on the same machine."""
        chosen = self._window.ask_folder(self._words.say("choose_desk"), str(self._paths.root.parent))
        if chosen:
            self.elsewhere.emit(chosen)

    def _ask_restore(self) -> None:
        from villagedesk.ui.pages.restore import RestoreDialog

        dialog = RestoreDialog(self._look, self._window)
        if ask(dialog) and dialog.file is not None:
            self.restore(dialog.file, dialog.passphrase, dialog.secret)

    def restore(self, file: Path, passphrase: str, secret: str = "") -> None:
        """Bring a backup back and open it; what goes wrong is said in a box, because no page is there yet."""
        work = partial(_restore, self._paths, self._ports, file, passphrase, secret)
        self._opening.run(work, self._enter, self._tell)

    def _tell(self, error: DeskError) -> None:
        self._window.tell(self._words.fault(error))


# The store's modules are loaded on the thread that needs them first, not before the first paint.


def _unlock(paths: DeskPaths, ports: Ports, passphrase: str) -> Desk:
    from villagedesk.services import desks

    return desks.unlock(paths, ports, passphrase)


def _recover(paths: DeskPaths, ports: Ports, secret: str, passphrase: str) -> Desk:
    from villagedesk.services import desks

    return desks.unlock_with_recovery(paths, ports, secret, passphrase)


def _open_again(desk: Desk) -> Desk:
    from villagedesk.services import desks

    return desks.open_again(desk)


def _restore(paths: DeskPaths, ports: Ports, file: Path, passphrase: str, secret: str) -> Desk:
    from villagedesk.services import care, desks

    care.restore(paths, ports, file, passphrase, secret)
    return desks.unlock(paths, ports, passphrase)
