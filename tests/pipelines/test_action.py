"""The steps of the composite action, run by the shell as a runner would run them.

The step that installs needs a package index.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.functional.command import ROOT, copy_example, edit
from tests.pipelines.tools import checkout, run

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: dict[str, Any] = {step["id"]: step for step in ACTION["runs"]["steps"]}
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
HOSTILE = "$(touch hacked)`touch hacked`\"; touch hacked; \"'; touch hacked; ' * $BIN"
"""What a shell would carry out."""


class Done(NamedTuple):
    """How a step ended: its exit status, what it printed, its outputs, the summary."""

    status: int
    printed: str
    outputs: dict[str, str]
    summary: str


def run_audit(workspace: Path, /, directory: Path | None = None, **inputs: str) -> Done:
    """Run the step that audits, with inputs over the defaults of the action.

    :param directory: of the programs that the first step installed; by default those of the tests.
    """
    values = {name: str(one.get("default", "")) for name, one in ACTION["inputs"].items()}
    values |= {name.replace("_", "-"): value for name, value in inputs.items()}
    step = STEPS["audit"]
    environment = {
        name: EXPRESSION.sub(lambda found: value_of(found[1], values, directory), text)
        for name, text in step["env"].items()
    }
    files = {name: workspace.parent / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for path in files.values():
        path.write_text("", encoding="utf-8")
    done = subprocess.run(
        # What GitHub makes of "shell: bash".
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=workspace,
        env={
            **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            **environment,
            **{name: str(path) for name, path in files.items()},
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    lines = files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines()
    outputs = dict(line.split("=", 1) for line in lines)
    summary = files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
    return Done(done.returncode, done.stdout, outputs, summary)


def value_of(expression: str, inputs: dict[str, str], directory: Path | None) -> str:
    if expression == "steps.install.outputs.bin":
        return str(directory or Path(sys.executable).parent)
    kind, name = expression.split(".", 1)
    assert kind == "inputs"
    return inputs[name]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    directory = tmp_path / "workspace"
    directory.mkdir()
    copy_example(directory)
    return directory


def test_inputs_reach_scripts_through_the_environment_alone() -> None:
    used = set()
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"
        for text in step.get("env", {}).values():
            used |= set(EXPRESSION.findall(text))
    assert used - {"steps.install.outputs.bin"} == {f"inputs.{name}" for name in ACTION["inputs"]}
    for output in ACTION["outputs"].values():
        [expression] = EXPRESSION.findall(output["value"])
        assert expression.removeprefix("steps.audit.outputs.") in ACTION["outputs"]


def test_both_steps_from_a_clone_and_a_hostile_workspace(workspace: Path, tmp_path: Path) -> None:
    for name in ("venv", "pip", "ensurepip", "secrets", "sitecustomize", "typer", "rolecall"):
        (workspace / f"{name}.py").write_text("open('hacked', 'w'); raise SystemExit(9)", "utf-8")
    source = checkout(tmp_path)
    output = tmp_path / "output"
    done = run(
        *("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS["install"]["run"]),
        cwd=workspace,
        env={
            "RUNNER_TEMP": str(tmp_path / "temp dir"),
            "GITHUB_ACTION_PATH": str(source),
            "GITHUB_OUTPUT": str(output),
        },
    )
    assert done.returncode == 0, done.stdout
    directory = Path(output.read_text(encoding="utf-8").strip().removeprefix("bin="))
    assert (directory / "rolecall").is_file()
    ended = run_audit(workspace, directory, registry="diocese")
    assert ended.status == 1, ended.printed
    assert "findings stand" in ended.printed
    assert not (workspace / "hacked").exists()


def test_a_critical_finding_fails_the_step_and_leaves_what_shows_it(workspace: Path) -> None:
    done = run_audit(workspace, registry="diocese", junit="junit.xml")
    assert done.status == 1
    assert done.outputs == {"status": "1", "sarif": "rolecall.sarif", "junit": "junit.xml"}
    [run] = json.loads((workspace / "rolecall.sarif").read_text(encoding="utf-8"))["runs"]
    assert len(run["results"]) > 100
    uris = {
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]
    }
    assert all((workspace / uri).is_file() for uri in uris)
    assert (workspace / "junit.xml").stat().st_size > 10_000
    assert "findings stand" in done.printed
    assert done.summary.startswith("# ")
    assert "Ellerwick" in done.summary


def test_what_stands_lower_does_not_fail_it(workspace: Path) -> None:
    options: Any = {"registry": "diocese", "entity": "ellerwick-herald", "summary": "false"}
    done = run_audit(workspace, **options, fail_on="", sarif="")
    assert (done.status, done.outputs["status"], done.outputs["sarif"]) == (0, "0", "")
    assert done.summary == ""
    assert not (workspace / "rolecall.sarif").exists()
    assert run_audit(workspace, **options, fail_on="low").status == 1


def test_a_registry_with_errors_is_shown_too(workspace: Path) -> None:
    edit(workspace / "diocese" / "policy.toml", "days = 120", "dys = 120")
    done = run_audit(workspace, registry="diocese", junit="junit.xml")
    assert (done.status, done.outputs["status"]) == (2, "2")
    assert "policy.toml:controls.dormant-account.dys: unknown key" in done.printed
    assert "    error: policy.toml:controls.dormant-account.dys: unknown key" in done.summary
    [run] = json.loads((workspace / "rolecall.sarif").read_text(encoding="utf-8"))["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["invalid-input"]
    assert b"<failure" in (workspace / "junit.xml").read_bytes()


def test_what_cannot_be_written_is_said(workspace: Path) -> None:
    done = run_audit(workspace, registry="diocese", sarif="no/such/folder/x.sarif")
    assert (done.status, done.outputs["status"], done.outputs["sarif"]) == (3, "3", "")
    assert "x.sarif: cannot write" in done.printed


@pytest.mark.parametrize(
    ("name", "text"),
    [*((name, HOSTILE) for name in sorted(ACTION["inputs"])), ("registry", "--help")],
)
def test_no_input_is_a_command_or_an_option(workspace: Path, name: str, text: str) -> None:
    inputs: Any = {
        "registry": "diocese",
        "entity": "ellerwick-herald",
        "sarif": "",
        "summary": "false",
    }
    inputs |= {"fail_on": "", name.replace("-", "_"): text}
    before = set(workspace.iterdir())
    done = run_audit(workspace, **inputs)
    # The one file that may be new is that to which something was to be written.
    new = {path.name for path in set(workspace.iterdir()) - before}
    assert new == ({text} if name in ("sarif", "junit") else set())
    refused = name in ("registry", "policy", "entity", "severity", "fail-on")
    assert done.outputs["status"] == ("2" if refused else "0"), done.printed
    assert "Options" not in done.printed


@pytest.mark.parametrize("name", sorted(ACTION["inputs"]))
def test_no_input_forges_an_output(workspace: Path, name: str) -> None:
    inputs: Any = {"registry": "diocese", name.replace("-", "_"): "x\nstatus=0"}
    done = run_audit(workspace, **inputs)
    assert (done.status, done.outputs) == (2, {})
    assert "control character" in done.printed


def test_an_empty_registry_is_not_the_workspace(workspace: Path) -> None:
    assert run_audit(workspace, registry="").status == 2


def test_nothing_that_a_registry_holds_is_a_command_to_the_runner(workspace: Path) -> None:
    people = workspace / "diocese" / "people.csv"
    text = people.read_text(encoding="utf-8")
    word = "::add-mask::x ::set-output::y " * 4
    people.write_text(text.replace("Mateus Winterbourne", f"{word}::error::planted"), "utf-8")
    done = run_audit(workspace, registry="diocese")
    lines = done.printed.splitlines()
    [start] = [n for n, line in enumerate(lines) if line.startswith("::stop-commands::")]
    token = lines[start].rpartition("::")[2]
    assert re.fullmatch(r"[0-9a-f]{32}", token)
    [end] = [n for n, line in enumerate(lines) if line == f"::{token}::"]
    told = [n for n, line in enumerate(lines) if line.lstrip().startswith("::")]
    planted = [n for n in told if n not in (start, end)]
    # Long cells are wrapped: without the token one of these would have been a command.
    assert planted
    assert all(start < n < end for n in planted)
    other = run_audit(workspace, registry="diocese")
    assert token not in other.printed
