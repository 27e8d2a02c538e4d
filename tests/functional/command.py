"""Runs the command line as a person would: in this process where that is faithful, else in another.

:func:`rolecall` calls the whole of ``main``, so that exit statuses and error messages are those of
the script; only the end of the process is caught.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from rolecall.cli import app, main
from tests.permissions.recording import ADMINISTRATOR, acting

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "diocese"
AS_OF = "2026-11-02"
ROLES = {"vault": "OperatorRole", "break-glass": "BreakGlassRole", "users": "UsersRole"}
"""Which role of the template somebody takes on for a command; for others they have their own."""
SCRIPT = "from rolecall.cli import main; main()"


class Ended(NamedTuple):
    """How a command ended: its exit status and what it wrote."""

    status: int
    stdout: bytes
    stderr: str

    @property
    def text(self) -> str:
        """Return standard output as text."""
        return self.stdout.decode()

    @property
    def json(self) -> Any:
        """Return standard output as a JSON document."""
        return json.loads(self.stdout)


def rolecall(*arguments: object) -> Ended:
    """Run a command in this process."""
    stdout, stderr = io.BytesIO(), io.BytesIO()
    statuses: list[int] = []
    out = io.TextIOWrapper(stdout, encoding="utf-8")
    err = io.TextIOWrapper(stderr, encoding="utf-8")
    try:
        with (
            patch("sys.argv", ["rolecall", *map(str, arguments)]),
            patch("sys.stdout", out),
            patch("sys.stderr", err),
            patch("os._exit", statuses.append),
            acting(ROLES.get(str(arguments[0]) if arguments else "", ADMINISTRATOR)),
        ):
            main()
    finally:
        # An audit leaves it to the end of its process.
        app_module()._kept.clear()
    out.flush()
    err.flush()
    [status] = statuses
    return Ended(status, stdout.getvalue(), stderr.getvalue().decode())


def app_module() -> Any:
    """Return the module of the commands; the package's attribute of that name is the same."""
    return app


def process(*arguments: object, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own."""
    command = [sys.executable, "-c", SCRIPT, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False, **options)


def audit(registry: Path, *arguments: object, as_of: str = AS_OF) -> Ended:
    """Audit a registry in this process, on the day of the tests."""
    return rolecall("audit", registry, "--as-of", as_of, *arguments)


def findings(registry: Path, *arguments: object, as_of: str = AS_OF) -> dict[str, Any]:
    """Audit a registry and return its findings by control and subject, such as ``x a0``."""
    ended = audit(registry, "--format", "json", *arguments, as_of=as_of)
    assert ended.status == 0, ended.stderr
    return {
        " ".join([f["control"], *(v for k, v in f["subject"].items() if k != "kind")]): f
        for f in ended.json["findings"]
    }


def copy_example(directory: Path) -> Path:
    """Copy the example registry to where a test may change it."""
    return Path(shutil.copytree(EXAMPLE, directory / "diocese"))


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that stands in a file once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")
