"""Runs commands in a process from which everything that Windows lacks was taken away.

Started as a program, it reads a list of commands from standard input (JSON: each a list of words,
a text for standard input, or ``null``) and prints how each ended. What it takes away:

- the modules of Unix, and the functions and flags of ``os``, ``signal`` and ``socket`` that Python
  on Windows has not; hard links too, as FAT has none;
- UTF-8 as the default: standard output is in the code page 1252, text files get Windows's line
  breaks where nobody says otherwise, and to open one without saying its encoding is an error;
- the freedom to rename or delete a file that is still open, and names with ``:`` and the like.

It is Windows as its documentation says that it is; Windows itself has never seen these tests. Its
lock (``LockFileEx``) is stood in for by one of Unix, on the file that would be locked there.
"""

from __future__ import annotations

import asyncio
import builtins
import getpass
import hashlib
import io
import json
import multiprocessing.context
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, ClassVar
from unittest.mock import patch

# What the tests themselves stand on is loaded before: it is not what is tried here.
import boto3
import httpx
import moto

__all__ = ["HIDDEN"]

# Python's own modules, which have a way of their own on Windows, are loaded with Unix.
_LOADED = (asyncio, getpass, multiprocessing.context, shutil, subprocess, tempfile, boto3, moto)

HIDDEN = (
    *("_posixshmem", "_posixsubprocess", "crypt", "fcntl", "grp", "nis", "ossaudiodev", "posix"),
    *("pty", "pwd", "readline", "resource", "spwd", "syslog", "termios", "tty"),
)
_NOT_IN_OS = """
    O_ACCMODE O_ASYNC O_CLOEXEC O_DIRECT O_DIRECTORY O_DSYNC O_LARGEFILE O_NDELAY O_NOATIME O_NOCTTY
    O_NOFOLLOW O_NONBLOCK O_PATH O_RSYNC O_SYNC O_TMPFILE chown chroot confstr copy_file_range
    ctermid fchdir fchmod fchown fdatasync fork forkpty fpathconf fstatvfs getegid geteuid getgid
    getgrouplist getgroups getloadavg getpgid getpgrp getpriority getresgid getresuid getsid getuid
    getxattr initgroups killpg lchown lockf major makedev memfd_create minor mkfifo mknod nice
    openpty pathconf pipe2 posix_fadvise posix_fallocate posix_spawn posix_spawnp pread preadv
    pwrite pwritev readv sched_getaffinity sched_setaffinity sched_yield sendfile setegid seteuid
    setgid setgroups setpgid setpriority setregid setresgid setresuid setreuid setsid setuid
    splice statvfs sync sysconf tcgetpgrp tcsetpgrp ttyname uname wait wait3 wait4 waitid
    writev
"""
_NOT_IN_SIGNAL = "SIGALRM SIGCHLD SIGHUP SIGKILL SIGPIPE SIGQUIT SIGUSR1 SIGUSR2 alarm setitimer"
_NO_NAME = re.compile(
    r'[<>:"|?*\x00-\x1f]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE
)


def take_unix_away() -> None:
    """Make this process as poor as one on Windows; there is no way back."""
    import fcntl

    flock, exclusive = fcntl.flock, fcntl.LOCK_EX | fcntl.LOCK_NB

    def lock(descriptor: int, *, blocking: bool) -> bool:
        assert not blocking
        try:
            flock(descriptor, exclusive)
        except BlockingIOError:
            return False
        return True

    for name in HIDDEN:
        sys.modules[name] = None  # type: ignore[assignment]
    for name in _NOT_IN_OS.split():
        vars(os).pop(name, None)
    for name in _NOT_IN_SIGNAL.split():
        vars(signal).pop(name, None)
    vars(socket).pop("AF_UNIX", None)
    # Python's own modules noted these while they were there.
    vars(shutil)["_USE_CP_SENDFILE"] = False
    vars(os).pop("link", None)
    os.getlogin = lambda: "Zoë"
    with warnings.catch_warnings(action="ignore"):
        import filelock
    assert not filelock.has_fcntl
    vars(filelock)["lock_descriptor"] = lock
    import rolecall.system

    vars(rolecall.system)["IS_WINDOWS"] = True


def _is_open(path: Any) -> bool:
    target = os.path.realpath(path)
    return any(os.path.realpath(one) == target for one in pathlib.Path("/proc/self/fd").iterdir())


def _refusing(real: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of ``os`` that leaves files alone which are open."""

    def call(*paths: Any, **named: Any) -> Any:
        for path in paths:
            if "dir_fd" not in named and _is_open(path):
                raise PermissionError(13, "it is used by another process", os.fspath(path))
        return real(*paths, **named)

    return call


def _opening(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
    """Open a file as Windows does: its names, its code page, its line breaks."""
    given = dict(zip(("buffering", "encoding", "errors", "newline"), more, strict=False)) | named
    if isinstance(file, str | os.PathLike) and set(mode) & set("wax"):
        name = pathlib.PurePath(os.fspath(file)).name
        assert not _NO_NAME.search(name), f"{name} is no name on Windows"
    if "b" not in mode and set(mode) & set("wax+") and given.get("newline") is None:
        given["newline"] = "\r\n"
    return _open(file, mode, **given)


_open = io.open


def _streams(data: str) -> dict[str, io.TextIOWrapper]:
    page: dict[str, Any] = {"encoding": "cp1252", "newline": "\r\n"}
    return {
        "stdin": io.TextIOWrapper(io.BytesIO(data.encode()), **page),
        "stdout": io.TextIOWrapper(io.BytesIO(), errors="strict", **page),
        "stderr": io.TextIOWrapper(io.BytesIO(), errors="backslashreplace", **page),
    }


def give(words: list[str], data: str | None) -> dict[str, Any]:
    """Give a command; return how it ended."""
    from rolecall.cli import main

    statuses: list[int] = []
    streams = _streams(data or "")
    with ExitStack() as stack:
        stack.enter_context(patch("sys.argv", ["rolecall", *words]))
        stack.enter_context(patch("os._exit", statuses.append))
        for name, stream in streams.items():
            stack.enter_context(patch(f"sys.{name}", stream))
        for name in ("unlink", "remove", "rename", "replace"):
            stack.enter_context(patch(f"os.{name}", _refusing(getattr(os, name))))
        stack.enter_context(patch("io.open", _opening))
        stack.enter_context(patch.object(builtins, "open", _opening))
        main()
    told = {name: _told(stream) for name, stream in streams.items() if name != "stdin"}
    return {"words": words, "status": statuses[0], **told}


def _told(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("cp1252", errors="replace")


class Api:
    """The API, as far as the commands for people look at it."""

    PERSON: ClassVar = {
        "person": {"id": "p-1", "name": "Žofia Łukasz"},
        "groups": [],
        "entities": ["e-1"],
    }
    REVOCATION: ClassVar = {"state": "needs_human", "person": "p-2", "account": "a-1", "id": "r-1"}
    EFFECTS: ClassVar = {"person": "p-2", "role": "owner", "account": "a-1", "logins": []}
    REPORT = b"%PDF"

    def request(self, method: str, url: str, **_: Any) -> httpx.Response:
        """Answer a request."""
        path = url.removeprefix("https://api.example/v1/")
        effects = {**self.EFFECTS, "administrators": []}
        digest = hashlib.sha256(self.REPORT).hexdigest()
        answers: dict[str, Any] = {
            "me": {**self.PERSON, "grants": [{"role": "owner", "account_id": "a-1"}]},
            "findings": {"items": [], "next": None},
            "revocations": {"items": [self.REVOCATION]},
            "accounts/a-1/grants/p-2/revocation": {
                "effects": effects,
                "revocation": self.REVOCATION,
            },
            "people/p-2/offboarding": {
                "revocations": [{"effects": effects, "revocation": self.REVOCATION}],
                "refused": [],
            },
            "revocations/r-1/confirmation": {**self.REVOCATION, "state": "confirmed"},
            "reports/x": {"name": "report.pdf", "digest": digest, "signatures": []},
            "reports/x/download": {"url": "https://bucket.example/report.pdf"},
        }
        return httpx.Response(200 if method in ("GET", "POST") else 405, json=answers[path])

    def stream(self, method: str, url: str, **_: Any) -> Any:
        """Answer a download."""
        transport = httpx.MockTransport(lambda _: httpx.Response(200, content=self.REPORT))
        return httpx.Client(transport=transport).stream(method, url)


def main() -> None:
    """Read commands, give them, and print how they ended."""
    commands = json.load(sys.stdin)
    out = sys.stdout
    take_unix_away()
    # What the package opens, it opens in an encoding that it names.
    warnings.filterwarnings("error", category=EncodingWarning, module=r"rolecall(\.|$)")
    from rolecall import __version__
    from tests.cloud import cloud

    api = Api()
    with cloud() as sky, ExitStack() as stack:
        made = boto3.client("stepfunctions").create_state_machine(
            name="nightly",
            definition='{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}',
            roleArn="arn:aws:iam::123456789012:role/night",
        )
        sky.outputs |= {"Release": __version__, "GroupsClaim": "groups"}
        sky.outputs["StateMachineArn"] = made["stateMachineArn"]
        for target, value in (
            ("rolecall.aws.remote.find_stack", lambda *_: sky.stack()),
            ("rolecall.aws.users.password_token", lambda *_: ("token", 3_600)),
            ("rolecall.aws.users.address_of", lambda _: "https://api.example"),
            ("httpx.request", api.request),
            ("httpx.stream", api.stream),
        ):
            stack.enter_context(patch(target, value))
        ended = [give(words, data) for words, data in commands]
    json.dump(ended, out)


if __name__ == "__main__":
    main()
