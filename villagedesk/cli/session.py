"""Owns what every command needs: the desk's folder, the passphrase, output as text or JSON, errors as one sentence."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import click

from villagedesk.domain.ids import is_hex_id
from villagedesk.errors import DeskError, EnvironmentFault, Exit, Refused
from villagedesk.paths import DeskPaths
from villagedesk.ports import Ports
from villagedesk.progress import Progress
from villagedesk.sentences import label, sentence
from villagedesk.services import desks
from villagedesk.services.desks import Desk

PASSPHRASE_VARIABLE = "VILLAGEDESK_PASSPHRASE"
_PASSPHRASE_LIMIT = 4096


class Window(Protocol):
    """The first roof as this one sees it; handed in, because no roof knows the other."""

    @property
    def possible(self) -> bool: ...

    def open(self, paths: DeskPaths, ports: Ports, language: str | None, passphrase: str | None = None) -> int: ...

    def pictures(
        self, paths: DeskPaths, ports: Ports, language: str | None, passphrase: str, folder: Path, roster: Path | None
    ) -> list[Path]: ...


@dataclass
class Session:
    """One call of the command line.  ``window``: None where there is none to open."""

    paths: DeskPaths
    language: str
    passphrase_file: Path | None = None
    ports: Ports = field(default_factory=Ports)
    as_json: bool = False
    window: Window | None = None

    def passphrase(self, *, confirm: bool = False) -> str:
        """From ``--passphrase-file``, the environment, or a prompt; never from an argument."""
        if self.passphrase_file is not None:
            return self.text(self.passphrase_file).strip("\r\n")
        given = os.environ.get(PASSPHRASE_VARIABLE)
        if given:
            return given
        if not sys.stdin.isatty():
            raise EnvironmentFault("passphrase_missing")
        prompted: str = click.prompt(self.say("ask_passphrase"), hide_input=True, confirmation_prompt=confirm, err=True)
        return prompted

    def secret(self, file: Path) -> str:
        """A recovery key from a file, whatever blanks stand between its groups."""
        return "".join(self.text(file).split())

    def text(self, file: Path) -> str:
        """A small text file; raises ``EnvironmentFault`` ``file_no_text``."""
        try:
            return self.ports.files.read(file, _PASSPHRASE_LIMIT).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise EnvironmentFault("file_no_text", file=file.name) from error

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """The unlocked desk, closed at the end whatever happens."""
        opened = desks.unlock(self.paths, self.ports, self.passphrase())
        try:
            yield opened
        finally:
            desks.close(opened)

    def progress(self) -> Progress:
        """Counts on stderr, only for people."""
        return Progress() if self.as_json or not sys.stderr.isatty() else Progress(self._show)

    def _show(self, done: int, total: int, step: str) -> None:
        click.echo(f"\r{self.say(step)} {done}/{total} ", nl=done >= total, err=True)

    def say(self, code: str, /, **params: object) -> str:
        return sentence(code, params, self.language)

    def label(self, kind: str, field: str) -> str:
        return label(kind, field, self.language)

    def document(self) -> dict[str, Any]:
        """The JSON object on stdin; raises ``DeskError`` ``json_wrong``."""
        try:
            given = json.load(sys.stdin)
        except ValueError as error:
            raise DeskError("json_wrong") from error
        if not isinstance(given, dict):
            raise DeskError("json_wrong")
        return given

    def show(self, document: dict[str, Any], lines: list[str]) -> None:
        """One JSON document, or lines for people."""
        if self.as_json:
            click.echo(json.dumps(document, ensure_ascii=False, sort_keys=True))
        else:
            for line in lines:
                click.echo(line)

    def fail(self, error: DeskError) -> int:
        """Say what is wrong in one sentence; returns the exit code."""
        message = self._reasons(error) or sentence(error.code, {"file": "", **error.params}, self.language)
        if self.as_json:
            params = {name: str(value) for name, value in error.params.items()}
            document = {"error": {"code": error.code, "params": params, "message": message}}
            click.echo(json.dumps(document, ensure_ascii=False, sort_keys=True))
        click.echo(message, err=True)
        return int(error.exit_code)

    def _reasons(self, error: DeskError) -> str:
        """One line: each refused field with the reason and the mend."""
        if not isinstance(error, Refused):
            return ""
        parts = []
        for finding in error.findings:
            reason = sentence(finding.code, finding.params, self.language)
            parts.append(f"{label(error.kind, finding.field, self.language)}: {reason}")
        return " ".join(parts)


def record_id(text: str) -> bytes:
    """An id as people type it; raises ``DeskError`` ``id_wrong``."""
    if not is_hex_id(text):
        raise DeskError("id_wrong")
    return bytes.fromhex(text)


def _set_json(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        context.find_object(Session).as_json = True  # type: ignore[union-attr] # the group made it


def json_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--json`` on a command."""
    return click.option(
        "--json", is_flag=True, expose_value=False, callback=_set_json, help="One JSON document on stdout."
    )(function)


def full_ids_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--full-ids --purpose TEXT`` on a command that shows or exports numbers."""
    purpose = click.option("--purpose", default="", help="What the full numbers are for; kept as an audit note.")
    return click.option("--full-ids", is_flag=True, help="Whole ID numbers, certificates, accounts.")(purpose(function))


#: A file or folder; whether it can be read is for the service to say, in its own words.
PATH = click.Path(path_type=Path, readable=False)


class RefusedExit(click.exceptions.Exit):
    """Done, but with reasons to look at: exit code 1."""

    def __init__(self) -> None:
        super().__init__(int(Exit.REFUSED))
