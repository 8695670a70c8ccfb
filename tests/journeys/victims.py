"""Does one piece of work in a process that may meet a failing call to the system or end in the middle of one.

Run as ``python -m tests.journeys.victims``: reads jobs from stdin, one JSON document a line, and answers each with
one.  The program is loaded once; every job is done by a fork of it.  strace (``by`` "strace") attaches to the fork
and turns the n-th call of one name into an error or a kill.  Where that cannot be had (``by`` "python"), Python's own
audit hook does the same to what Python itself opens, renames, links and removes, and a bound on the size of files to
what the encrypted store writes.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.services.practice import PASSPHRASE, PORTS, add_household
from villagedesk.errors import DeskError
from villagedesk.paths import DeskPaths
from villagedesk.progress import Progress
from villagedesk.services import bundles, care, desks, intake, roster
from villagedesk.services.desks import Desk

#: What a job traces; more than a disk's calls would only cost time.
TRACED = "write,pwrite64,fsync,fdatasync,ftruncate,/^rename,/^unlink,/^link"
#: What Python tells an audit hook of, and may be refused.
HEARD = frozenset({"open", "os.rename", "os.remove", "os.link", "os.mkdir"})
#: Seconds after which a job that hangs ends itself.
ALARM = 60
#: Not a call: no file may grow beyond so many bytes.
SIZE = "size"
_PR_SET_PTRACER, _ANYBODY = 0x59616D61, 2**64 - 1
_WRITES = os.O_WRONLY | os.O_RDWR

Say = Callable[[str], None]


def save(folder: Path, say: Say) -> None:
    desk = desks.unlock(DeskPaths(folder / "village"), PORTS, PASSPHRASE)
    try:
        for number in range(3, 8):
            add_household(desk, f"{number:03d}", "仇和")
            say(f"{number:03d}")
    finally:
        desks.close(desk)


def take_in(folder: Path, say: Say) -> None:
    desk = desks.unlock(DeskPaths(folder / "town"), PORTS, PASSPHRASE)
    try:
        done = intake.import_files(desk, sorted((folder / "ready").iterdir()), Progress(), receipts=folder / "back")
    finally:
        desks.close(desk)
    for taken in done.bundles:
        if taken.code:
            raise DeskError(taken.code)
        say(taken.file)


def export(folder: Path, say: Say) -> None:
    desk = desks.unlock(DeskPaths(folder / "village"), PORTS, PASSPHRASE)
    try:
        for path in bundles.export(desk, folder / "usb", Progress()).files:
            say(path.name)
    finally:
        desks.close(desk)


def back_up(folder: Path, say: Say) -> None:
    desk = desks.unlock(DeskPaths(folder / "village"), PORTS, PASSPHRASE)
    try:
        say(desks.back_up(desk).path.name)
        care.rehearse(desk)
    finally:
        desks.close(desk)


def restore(folder: Path, say: Say) -> None:
    care.restore(DeskPaths(folder / "village"), PORTS, next((folder / "safe").glob("*.vdbackup")), PASSPHRASE)
    say("restored")


def take_roster(folder: Path, say: Say) -> None:
    desk = desks.unlock(DeskPaths(folder / "village"), PORTS, PASSPHRASE)
    try:
        roster.apply(desk, roster.preview(desk, folder / "roster.xlsx", None, Progress()), Progress())
        say("taken in")
    finally:
        desks.close(desk)


def found(folder: Path, say: Say) -> None:
    desks.close(first_desk(folder / "new"))
    say("found")


def first_desk(root: Path) -> Desk:
    """What the first start makes."""
    made, _ = desks.create_village(
        DeskPaths(root),
        PORTS,
        name="柳湾村",
        town_name="青禾镇",
        division_code="999901100201",
        operator_name="李会英",
        passphrase=PASSPHRASE,
    )
    return made


WORKS = {work.__name__: work for work in (save, take_in, export, back_up, restore, take_roster, found)}


def refuse_in_python(call: str, n: int, code: int) -> Counter[str]:
    """From now on the n-th call of that name (and the later ones, n below zero) fails; code 0: the process ends.

    Returns where all of them are counted.
    """
    heard: Counter[str] = Counter()

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in HEARD or (event == "open" and not (isinstance(arguments[2], int) and arguments[2] & _WRITES)):
            return
        heard[event] += 1
        if event == call and (heard[event] == abs(n) or (n < 0 and heard[event] > abs(n))):
            if not code:
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(code, "injected")

    sys.addaudithook(hear)
    return heard


def do(job: dict[str, Any], wire: socket.socket) -> None:
    """The fork: wait until it is watched, work, tell."""

    def say(word: str) -> None:
        wire.send(json.dumps(["said", word]).encode() + b"\n")

    signal.alarm(ALARM)
    with contextlib.suppress(AttributeError):  # Linux only; some of them ask for it before another process may watch
        ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(_ANYBODY), 0, 0, 0)
    wire.recv(1)
    heard: Counter[str] = Counter()
    if job["by"] == "python" and job["call"] == SIZE:
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["n"], resource.RLIM_INFINITY))
    elif job["by"] == "python":
        heard = refuse_in_python(job["call"], job["n"], job["code"])
    try:
        WORKS[job["work"]](Path(job["folder"]), say)
        told = ["ended", ""]
    except DeskError as error:
        told = ["ended", error.code]
    except BaseException:
        told = ["broke", traceback.format_exc()]
    for line in (["heard", dict(heard)], told):
        wire.send(json.dumps(line).encode() + b"\n")


def watched(job: dict[str, Any], victim: int) -> subprocess.Popen[str]:
    """strace on the fork; returns once it is attached.  Raises ``OSError`` where it cannot be."""
    command = ["strace", "-p", str(victim), "-y", "-s", "0", "-o", job["log"], "-e", f"trace={TRACED}"]
    if job["call"]:
        how = "signal=KILL" if not job["code"] else f"error={errno.errorcode[job['code']]}"
        when = f"{abs(job['n'])}{'+' if job['n'] < 0 else ''}"
        command += ["-e", f"inject={job['call']}:{how}:when={when}"]
    watcher = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert watcher.stderr is not None
    first = watcher.stderr.readline()
    if not first.rstrip().endswith("attached"):
        rest = watcher.stderr.read()
        watcher.wait()
        watcher.stderr.close()
        raise OSError(first + rest)
    return watcher


def run(job: dict[str, Any]) -> dict[str, Any]:
    """One job in a fork of its own."""
    here, there = socket.socketpair()
    victim = os.fork()
    if victim == 0:
        here.close()
        with contextlib.suppress(BaseException):
            do(job, there)
        os._exit(0)
    there.close()
    watcher = None
    try:
        watcher = watched(job, victim) if job["by"] == "strace" else None
    except OSError as error:
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
        here.close()
        return {"unwatched": str(error)}
    here.send(b"!")
    with here.makefile() as told:
        lines = [json.loads(line) for line in told if line.endswith("\n")]
    here.close()
    _, status = os.waitpid(victim, 0)
    if watcher is not None:
        watcher.communicate()
    end = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return {
        "said": [word for what, word in lines if what == "said"],
        "ended": next((word for what, word in lines if what == "ended"), None),
        "heard": next((counts for what, counts in lines if what == "heard"), {}),
        "broke": next((word for what, word in lines if what == "broke"), None),
        "signal": end,
    }


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
