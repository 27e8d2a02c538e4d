"""A set-up that was killed in the middle begins again, and ends with what is locked."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from tests.requirements import installed, this_machine
from tests.setup.conftest import make, offering
from tests.setup.test_newer_releases import assert_locked


def test_who_interrupts_it_calls_make_once_more(project: Path, tomorrow: Path) -> None:
    settings = offering(tomorrow)
    with subprocess.Popen(
        ["make", ".venv/.runtime"],
        cwd=project,
        env=settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as running:
        wait_for_the_first_package(project, running)
        os.killpg(running.pid, signal.SIGKILL)
    assert not (project / ".venv" / ".runtime").exists()

    # What is there may be half of a package: pip would take its name for the whole.
    (half,) = project.glob(".venv/lib/python*/site-packages")
    for code in half.glob("msgspec/*.py"):
        code.unlink()
    done = make(project, ".venv/.runtime", environment=settings)
    assert done.returncode == 0, done.stderr
    assert_locked(installed(half), ["requirements/runtime.txt"], this_machine(), own=["rolecall"])
    rolecall = project / ".venv" / "bin" / "rolecall"
    assert subprocess.run([rolecall, "--version"], check=False).returncode == 0


def wait_for_the_first_package(project: Path, running: subprocess.Popen[bytes]) -> None:
    for _ in range(6000):
        # By the folders alone: what is in them may not be written yet.
        found = project.glob(".venv/lib/python*/site-packages/*.dist-info")
        if {one.name.partition("-")[0] for one in found} - {"pip", "setuptools"}:
            return
        assert running.poll() is None, "it ended before anything was installed"
        time.sleep(0.05)
    raise AssertionError("nothing was installed within five minutes")
