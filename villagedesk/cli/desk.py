"""Owns the commands about the desk itself: init, info, verify, backup, restore, dump, undo, history."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from villagedesk.cli.session import PATH, RefusedExit, Session, full_ids_options, json_option, record_id
from villagedesk.domain.catalogue import BY_NAME
from villagedesk.domain.values import show_value
from villagedesk.services import audits, care, desks, history, households, joining, towns
from villagedesk.services.bundles import report_status
from villagedesk.services.history import HistoryEntry


@click.group("desk")
def desk_group() -> None:
    """The desk: make it, look at it, back it up."""


@desk_group.command("init")
@click.option("--role", type=click.Choice(["village", "town"]), required=True)
@click.option("--name", default="", help="Village or town name.")
@click.option("--town", default="", help="Town name (village desk).")
@click.option("--division", default="", help="12-digit division code.")
@click.option("--operator", default="", help="Name of the person who types.")
@click.option("--invitation", type=PATH, help="Invitation file from the town.")
@json_option
@click.pass_obj
def init(
    session: Session, role: str, name: str, town: str, division: str, operator: str, invitation: Path | None
) -> None:
    """Make a new desk in the desk folder."""
    passphrase = session.passphrase(confirm=True)
    who = operator or session.say("operator")
    place = (session.paths, session.ports)
    if invitation is not None and role == "town":
        raise click.UsageError("--invitation: --role village")
    if invitation is not None:
        made, secret = joining.create_invited(
            *place, invitation_file=invitation, operator_name=who, passphrase=passphrase
        )
    elif not name:
        raise click.UsageError("--name")
    elif role == "town":
        made, secret = towns.create_town(
            *place, name=name, division_code=division, operator_name=who, passphrase=passphrase
        )
    else:
        made, secret = desks.create_village(
            *place, name=name, town_name=town, division_code=division, operator_name=who, passphrase=passphrase
        )
    profile = made.profile
    desks.close(made)
    session.show(
        {"role": profile.role, "name": profile.name, "scope": profile.scope, "recovery_key": secret},
        [session.say("desk_made", name=profile.name), session.say("recovery_key", key=secret)],
    )


@desk_group.command("info")
@json_option
@click.pass_obj
def info(session: Session) -> None:
    """What this desk is and how much is in it."""
    with session.desk() as desk:
        page = households.list_page(desk, households.HouseholdQuery(), 0, 0)
        document = {
            "role": desk.profile.role,
            "name": desk.profile.name,
            "town": desk.profile.town_name,
            "households": page.households,
            "people": page.people,
        }
        lines = [session.say("desk_holds", name=desk.profile.name, households=page.households, people=page.people)]
        if desk.profile.role == "village":
            status = report_status(desk)
            document |= {
                "unsent": status.unsent_total,
                "unacknowledged": status.unacknowledged,
                "acknowledged": status.acknowledged,
            }
            lines.append(session.say("desk_unsent", unsent=status.unsent_total, unacknowledged=status.unacknowledged))
        session.show(document, lines)


@desk_group.command("verify")
@json_option
@click.pass_obj
def verify(session: Session) -> None:
    """Re-read every operation, check every chain, fold everything anew and compare."""
    with session.desk() as desk:
        result = care.verify(desk, session.progress())
    session.show(
        {"operations": result.operations, "broken": list(result.broken), "same": result.same},
        [session.say("verify_good" if result.sound else "verify_bad", operations=result.operations)],
    )
    if not result.sound:
        raise RefusedExit


@desk_group.command("backup")
@click.option("--to", "folder", type=PATH)
@json_option
@click.pass_obj
def backup(session: Session, folder: Path | None) -> None:
    """Make a verified backup."""
    with session.desk() as desk:
        made = desks.back_up(desk, folder)
    session.show(
        {"file": str(made.path), "operations": made.operations}, [session.say("backup_made", file=made.path.name)]
    )


@desk_group.command("restore")
@click.argument("file", type=PATH)
@click.option(
    "--recovery-file", type=PATH, help="File with the recovery key; the passphrase given is then the new one."
)
@json_option
@click.pass_obj
def restore(session: Session, file: Path, recovery_file: Path | None) -> None:
    """Put a backup in the place of the store; the present store is set aside, not deleted."""
    secret = session.secret(recovery_file) if recovery_file is not None else ""
    passphrase = session.passphrase(confirm=bool(secret))
    aside = care.restore(session.paths, session.ports, file, passphrase, secret)
    session.show({"set_aside": str(aside) if aside else None}, [session.say("restored", file=file.name)])


@desk_group.command("rehearse")
@json_option
@click.pass_obj
def rehearse(session: Session) -> None:
    """Bring the newest backup to life beside the store and compare."""
    with session.desk() as desk:
        done = care.rehearse(desk)
    session.show(
        {"file": done.file, "operations": done.operations, "at": done.at},
        [session.say("rehearsed", file=done.file, operations=done.operations)],
    )


@desk_group.command("join")
@click.argument("invitation", type=PATH)
@json_option
@click.pass_obj
def join(session: Session, invitation: Path) -> None:
    """A village desk that worked alone joins a town by its invitation file."""
    with session.desk() as desk:
        profile = joining.join_town(desk, invitation).profile
    session.show(
        {"town": profile.town, "town_name": profile.town_name}, [session.say("joined", town=profile.town_name)]
    )


@desk_group.command("passphrase")
@click.option("--new-file", type=PATH, required=True, help="File whose text is the new passphrase.")
@json_option
@click.pass_obj
def passphrase(session: Session, new_file: Path) -> None:
    """Change the passphrase."""
    new = session.text(new_file).strip("\r\n")
    with session.desk() as desk:
        desks.change_passphrase(desk, session.passphrase(), new)
    session.show({"changed": True}, [session.say("passphrase_changed")])


@desk_group.command("recover")
@click.option("--recovery-file", type=PATH, required=True, help="File with the recovery key.")
@json_option
@click.pass_obj
def recover(session: Session, recovery_file: Path) -> None:
    """Open with the recovery key; the passphrase given is from now on the desk's."""
    secret = session.secret(recovery_file)
    desks.close(desks.unlock_with_recovery(session.paths, session.ports, secret, session.passphrase(confirm=True)))
    session.show({"changed": True}, [session.say("passphrase_changed")])


@desk_group.command("recovery-key")
@json_option
@click.pass_obj
def recovery_key(session: Session) -> None:
    """Make a new recovery key; the one written down before opens this desk no longer."""
    with session.desk() as desk:
        secret = towns.renew_recovery(desk, session.passphrase())
        session.show({"recovery_key": secret}, [session.say("recovery_key", key=secret)])
        desks.note_recovery(desk, True)


@desk_group.command("redact")
@click.argument("record")
@click.option("--operation", default="", help="One operation of the record; default: everything ever written of it.")
@click.option("--yes", is_flag=True, help="Do not ask; it cannot be undone.")
@json_option
@click.pass_obj
def redact(session: Session, record: str, operation: str, yes: bool) -> None:
    """Erase a record here and in every replica; the chain of operations still verifies."""
    if not yes:
        click.confirm(session.say("ask_redact"), abort=True, err=True)
    with session.desk() as desk:
        done = care.redact(desk, record_id(record), record_id(operation) if operation else None)
    session.show({"operations": done.operations}, [session.say("redacted", operations=done.operations)])


@desk_group.command("incidents")
@json_option
@click.pass_obj
def incidents(session: Session) -> None:
    """Forks and differing states that were found, newest first."""
    with session.desk() as desk:
        found = care.incidents(desk)
    session.show(
        {"incidents": [{"at": entry.at, "code": entry.code, **entry.detail} for entry in found]},
        [session.say(entry.code) for entry in found],
    )


@click.command("dump")
@click.argument("kind", required=False)
@click.option("--canonical", is_flag=True, help="Sorted NDJSON with the state hash last.")
@full_ids_options
@json_option
@click.pass_obj
def dump(session: Session, kind: str | None, canonical: bool, full_ids: bool, purpose: str) -> None:
    """Every record as one line of JSON, numbers starred unless asked for; with --json as one document."""
    with session.desk() as desk:
        if full_ids:
            audits.require_purpose(purpose)
            audits.note(desk, "full_ids_shown", households.totals(desk)[1], purpose)
        entries = care.dump(desk, kind, full_ids=full_ids)
        if session.as_json:
            *records, last = entries
            session.show({"records": records, **last}, [])
            return
        for entry in entries:
            click.echo(
                json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":") if canonical else None)
            )


@click.command("undo")
@click.argument("action")
@json_option
@click.pass_obj
def undo(session: Session, action: str) -> None:
    """Undo one action; what was edited since keeps its value."""
    with session.desk() as desk:
        touched, kept = households.undo(desk, record_id(action))
    session.show(
        {
            "action": touched.action.hex(),
            "records": len(touched.keys),
            "kept": [{"field": name, "record": record.hex()} for name, record in kept],
        },
        [session.say("undone", records=len(touched.keys), kept=len(kept))],
    )


def _told(session: Session, entry: HistoryEntry, kind: str) -> list[str]:
    """One change of a record for people: when, who, at which desk, then a line a field."""
    moment = datetime.fromtimestamp(entry.at / 1000).strftime("%Y-%m-%d %H:%M")
    head = " ".join(filter(None, (moment, entry.by, entry.device, entry.action.hex())))
    lines = [head]
    for name, before, after in entry.changes:
        declared = BY_NAME[kind].by_name.get(name) if kind in BY_NAME else None
        old, new = (show_value(declared, value, masked=True) if declared else value for value in (before, after))
        lines.append(f"  {session.label(kind, name)}: {old or '—'} → {new if new not in (None, '') else '—'}")
    return lines


@click.command("history")
@click.argument("record")
@json_option
@click.pass_obj
def record_history(session: Session, record: str) -> None:
    """Every change of a record: when, who, where, from what to what."""
    with session.desk() as desk:
        entries = history.record_history(desk, record_id(record))
        kind = history.kind_of(desk, record_id(record))
    session.show(
        {
            "entries": [
                {
                    "action": entry.action.hex(),
                    "at": entry.at,
                    "by": entry.by,
                    "device": entry.device,
                    "verdict": entry.verdict,
                    "changes": {name: [old, new] for name, old, new in entry.changes},
                }
                for entry in entries
            ]
        },
        [line for entry in entries for line in _told(session, entry, kind)],
    )
