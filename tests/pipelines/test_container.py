"""The Containerfile without an engine: a shell runs its steps, with what it copies and no more."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from pathlib import Path

from tests.functional.command import AS_OF, EXAMPLE, ROOT
from tests.pipelines.tools import checkout, program, run

TEXT = (ROOT / "Containerfile").read_text(encoding="utf-8")
INSTRUCTIONS = [
    (word, rest.strip())
    for word, rest in re.findall(
        r"^([A-Z]+) (.*)$", re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", TEXT)), re.MULTILINE
    )
]


def test_its_steps_install_a_rolecall_that_runs(tmp_path: Path) -> None:
    source = checkout(tmp_path)
    place, build = tmp_path / "opt", tmp_path / "build"
    build.mkdir()
    for word, rest in INSTRUCTIONS:
        if word == "COPY" and not rest.startswith("--from"):
            *names, target = rest.split()
            for name in names:
                into = build / target
                into = into / name if target == "./" else into
                into.parent.mkdir(parents=True, exist_ok=True)
                copy = shutil.copytree if (source / name).is_dir() else shutil.copy
                copy(source / name, into)
        elif word == "RUN":
            script = rest.replace("/opt/rolecall", str(place)).replace(
                "python -I -m venv", f"{shlex.quote(sys.executable)} -I -m venv", 1
            )
            done = run(
                "bash", "-euc", script, cwd=build, env={"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
            )
            assert done.returncode == 0, done.stdout
    shutil.rmtree(build)
    rolecall = place / "bin" / "rolecall"
    assert run(rolecall, "--version", cwd=tmp_path).stdout.startswith("rolecall ")
    report = tmp_path / "report"
    done = run(rolecall, "audit", EXAMPLE, "--as-of", AS_OF, "--report", report, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert json.loads((report / "findings.json").read_bytes())["findings"]
    assert (report / "report.pdf").is_file()
    # What installs is not in the image that runs.
    assert not list(place.glob("lib/python*/site-packages/pip"))
    assert not list(place.glob("lib/python*/site-packages/hatchling"))


def test_nobody_in_it_is_root_and_no_secret_goes_in() -> None:
    words = dict(INSTRUCTIONS)
    assert words["USER"] == "65532:65532"
    assert words["ENTRYPOINT"] == '["rolecall"]'
    # The last stage takes nothing but what the first has made.
    last = len(INSTRUCTIONS) - [word for word, _ in INSTRUCTIONS][::-1].index("FROM")
    copied = [rest for word, rest in INSTRUCTIONS[last:] if word in ("COPY", "ADD", "RUN")]
    assert copied == ["--from=build /opt/rolecall /opt/rolecall"]
    ignored = (ROOT / ".containerignore").read_text(encoding="utf-8")
    assert ignored == (ROOT / ".dockerignore").read_text(encoding="utf-8")
    rules = [line for line in ignored.splitlines() if line and not line.startswith("#")]
    assert rules[0] == "*"
    wanted = {
        name.rstrip("/")
        for word, rest in INSTRUCTIONS[:last]
        if word == "COPY"
        for name in rest.split()[:-1]
    }
    assert {rule[1:] for rule in rules if rule.startswith("!")} == wanted


def test_it_passes_the_linter() -> None:
    done = run(program("hadolint"), "--failure-threshold=style", "Containerfile", cwd=ROOT)
    assert done.returncode == 0, done.stdout
