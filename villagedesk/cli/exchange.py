"""Owns the commands about handing in: bundle export, inspect, import; town invite, trust."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from villagedesk.cli.session import PATH, RefusedExit, Session, json_option
from villagedesk.errors import DeskError
from villagedesk.services import bundles, folder_sync, intake, towns
from villagedesk.services.intake import Taken


@click.group("bundle")
def bundle_group() -> None:
    """Sealed bundles: hand in, take in, look at."""


@bundle_group.command("export")
@click.option("-o", "--output", "folder", type=PATH, required=True, help="Folder, for example the USB stick.")
@click.option("--all/--since-ack", "everything", default=False, help="Everything, or what no receipt covers yet.")
@json_option
@click.pass_obj
def export(session: Session, folder: Path, everything: bool) -> None:
    """Seal what was not acknowledged."""
    with session.desk() as desk:
        made = bundles.export(desk, folder, session.progress(), everything=everything)
    session.show(
        {"files": [str(path) for path in made.files], "ops": made.operations},
        [session.say("bundle_made", file=path.name) for path in made.files] or [session.say("nothing_to_hand_in")],
    )


@bundle_group.command("inspect")
@click.argument("file", type=PATH)
@json_option
@click.pass_obj
def inspect(session: Session, file: Path) -> None:
    """What the open header says; needs no key."""
    header = bundles.inspect(session.ports, file)
    document = {
        "bundle_id": header.bundle_id.hex(),
        "device": header.device.hex(),
        "town": header.town.hex(),
        "to": list(header.to),
        "need": list(header.need),
        "suite": header.suite,
        "certificate": header.certificate,
        "ranges": [[entry.log.bytes.hex(), entry.start, entry.stop] for entry in header.ranges],
        "body_len": header.body_len,
        "made_at": header.made_at,
        "app": header.app,
    }
    session.show(document, [f"{name}: {value}" for name, value in document.items()])


@bundle_group.command("import")
@click.argument("files", type=PATH, nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Try only; nothing is written.")
@click.option("--receipts", type=PATH, help="Folder for return bundles (town); default: the desk's outbox.")
@json_option
@click.pass_obj
def take_in(session: Session, files: tuple[Path, ...], dry_run: bool, receipts: Path | None) -> None:
    """Take bundles in, files or whole folders; a town desk answers with receipts."""
    found = intake.files_in(files)
    with session.desk() as desk:
        chosen = intake.not_for_others(desk, found, files)
        target = receipts or session.paths.outbox
        done = intake.import_files(desk, chosen, session.progress(), dry_run=dry_run, receipts=target)
    session.show(
        {
            "bundles": [_document(taken) for taken in done.bundles],
            "receipt": str(done.receipts[0]) if done.receipts else None,
            "receipts": [str(path) for path in done.receipts],
        },
        [line for taken in done.bundles for line in _lines(session, taken)]
        + [session.say("receipt_made", file=path.name) for path in done.receipts],
    )
    if any(taken.status in ("rejected", "newer") for taken in done.bundles):
        raise RefusedExit


def _document(taken: Taken) -> dict[str, Any]:
    alarms = {"forks": taken.forks, "state_differs": taken.state_differs, "healed": taken.healed}
    return {name: value for name, value in alarms.items() if value} | {
        "file": taken.file,
        "status": taken.status,
        "code": taken.code or None,
        "ops": taken.operations,
        "folded": taken.folded,
        "forbidden": taken.forbidden,
        "unknown": taken.unknown,
    }


def _lines(session: Session, taken: Taken) -> list[str]:
    if taken.code:
        return [f"{taken.file}: {session.say(taken.code, file=taken.file)}"]
    lines = [session.say(f"bundle_{taken.status}", file=taken.file, ops=taken.operations, folded=taken.folded)]
    if taken.forks:
        lines.append(session.say("fork_found"))
    if taken.state_differs:
        lines.append(session.say("state_healed" if taken.healed else "state_differs"))
    if taken.renews:
        lines.append(session.say("desk_renews"))
    return lines


@click.command("sync")
@click.option("--folder", type=PATH, help="Stick or shared folder; default: that of the last round.")
@json_option
@click.pass_obj
def sync_command(session: Session, folder: Path | None) -> None:
    """One round through a folder, both ways; again and again is harmless."""
    with session.desk() as desk:
        chosen = folder or folder_sync.last_folder(desk)
        if chosen is None:
            raise DeskError("sync_folder_unknown")
        done = folder_sync.sync_folder(desk, chosen, session.progress())
    session.show(
        {
            "sent": [str(path) for path in done.sent],
            "ops": done.operations,
            "taken": [_document(taken) for taken in done.taken],
            "errors": [{"file": file, "code": code} for file, code in done.errors],
            "waiting": done.waiting,
        },
        [session.say("bundle_made", file=path.name) for path in done.sent]
        + [line for taken in done.taken for line in _lines(session, taken)]
        + [f"{file}: {session.say(code, file=file)}" for file, code in done.errors]
        + [session.say("sync_done", sent=len(done.sent), taken=len(done.taken), waiting=done.waiting)],
    )
    if done.errors:
        raise RefusedExit


@click.group("town")
def town_group() -> None:
    """The town's side of trust."""


@town_group.command("invite")
@click.option("--village", required=True)
@click.option("--division", default="")
@click.option("-o", "--output", type=PATH, required=True)
@json_option
@click.pass_obj
def invite(session: Session, village: str, division: str, output: Path) -> None:
    """Write an invitation file for one village."""
    with session.desk() as desk:
        invitation = towns.invite(desk, village, division, output)
    session.show(
        {"file": str(output), "scope": invitation.scope.hex()}, [session.say("invitation_made", file=output.name)]
    )


@town_group.command("replace-machine")
@click.option("--village", required=True, help="Name or scope of a village that was invited before.")
@click.option("-o", "--output", type=PATH, required=True, help="Invitation file for the new computer.")
@click.option("--yes", is_flag=True, help="Do not ask; a computer that was shut out stays out.")
@json_option
@click.pass_obj
def replace_machine(session: Session, village: str, output: Path, yes: bool) -> None:
    """A village's computer was lost or stolen: shut it out and invite another one."""
    with session.desk() as desk:
        rows = [row for row in towns.villages(desk) if village in (row.name, row.scope.hex())]
        if not rows:
            raise DeskError("village_unknown")
        if not yes:
            click.confirm(session.say("ask_replace_machine", village=rows[0].name), abort=True, err=True)
        invitation = towns.replace_machine(desk, rows[0].scope, output)
    session.show(
        {"file": str(output), "scope": invitation.scope.hex()},
        [
            session.say("machine_replaced", village=invitation.village_name),
            session.say("invitation_made", file=output.name),
        ],
    )


@town_group.command("trust")
@json_option
@click.pass_obj
def trust(session: Session) -> None:
    """Villages and whether their desks are enrolled."""
    with session.desk() as desk:
        rows = towns.villages(desk)
        known = towns.trust_of(desk)
    session.show(
        {
            "version": known.version if known else 0,
            "villages": [{"name": row.name, "scope": row.scope.hex(), "joined": row.joined} for row in rows],
        },
        [f"{row.name} {session.say('village_joined' if row.joined else 'village_waiting')}" for row in rows],
    )
