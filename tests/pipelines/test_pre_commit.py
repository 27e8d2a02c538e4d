"""The hook as somebody has it: pre-commit installs a clone of this repository, and runs it."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.functional.command import EXAMPLE
from tests.pipelines.tools import checkout, committed, program, run


def test_a_commit_that_breaks_the_registry_is_refused(tmp_path: Path) -> None:
    pre_commit = program("pre-commit")
    home = tmp_path / "home"
    source = checkout(tmp_path)
    revision = run("git", "rev-parse", "HEAD", cwd=source).stdout.strip()
    work = tmp_path / "work"
    shutil.copytree(EXAMPLE, work / "diocese")
    (work / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {source}\n  rev: {revision}\n"
        "  hooks:\n  - id: rolecall-validate\n    args: [diocese]\n",
        encoding="utf-8",
    )
    committed(work)
    environment = {"PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"}

    def hook() -> tuple[int, str]:
        done = run(pre_commit, "run", "--verbose", "--all-files", cwd=work, env=environment)
        return done.returncode, done.stdout

    status, said = hook()
    assert status == 0, said
    assert "valid: 20 entities, 64 people" in said
    people = work / "diocese" / "people.csv"
    text = people.read_text(encoding="utf-8")
    people.write_text(text.replace("Okafor-Lind,active", "Okafor-Lind,actve"), "utf-8")
    status, said = hook()
    assert status == 1
    assert "people.csv:2:status: is not one of active" in said
