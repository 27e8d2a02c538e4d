"""The shape of the package: imports point one way, the core is pure, modules stay small."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "layers" / "rolecall" / "rolecall"
MODULES = sorted(PACKAGE.rglob("*.py"))
FUNCTIONS = sorted((PACKAGE.parents[2] / "functions").glob("*/handler.py"))
NAMES = {path: ".".join(path.relative_to(PACKAGE).with_suffix("").parts) for path in MODULES}

LAYERS = {
    "errors": set(),
    "durable": set(),
    "system": {"errors"},
    "cold_start": set(),
    "printable": set(),
    "spreadsheet": set(),
    "model": set(),
    "finding": {"model"},
    "location": {"model"},
    "controls": {"model", "controls"},
    "run": {"model", "engine", "lifecycle", "waivers"},
    "ring": {"model", "finding"},
    "engine": {"model", "finding", "controls", "ring"},
    "waivers": {"model", "finding", "controls"},
    "ledger": {"model", "errors", "durable", "system", "ledger"},
    "vault": {"model", "errors", "durable", "system", "ledger", "vault"},
    "resolution": {"model", "finding", "controls", "engine"},
    "lifecycle": {"model", "finding", "controls", "engine", "waivers", "ledger", "resolution"},
    "registry": {
        *("model", "errors", "printable", "finding", "ring", "controls", "registry"),
        *("spreadsheet", "location"),
    },
    "reports": {
        *("model", "finding", "controls", "engine", "lifecycle", "waivers", "run"),
        *("errors", "printable", "spreadsheet", "location", "reports"),
    },
}
"""What each part may import of the package; use cases and the command line may import all below."""

PURE = (
    "ring",
    *("model", "finding", "controls", "engine", "waivers", "resolution", "lifecycle", "run"),
    *("printable", "errors", "spreadsheet", "location"),
    *("ledger", "vault"),
)
FILES = {
    *("ledger.file_log", "ledger.log_files", "ledger.key_file", "ledger.bundle"),
    *("vault.key_file", "vault.envelope_files"),
}
"""The modules of the ledger and the vault that touch files; their maths and protocols do not."""

IMPURE = {"os", "time", "pathlib", "io", "socket", "subprocess", "boto3", "random", "tempfile"}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", MODULES, ids=NAMES.get)
def test_imports_point_one_way(path: Path) -> None:
    part = NAMES[path].split(".")[0]
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("rolecall.")}
    type_only = {"model"} if part == "errors" else set()
    if part in LAYERS:
        assert ours - type_only <= LAYERS[part]
    elif part == "usecases":
        assert not ours & {"cli", "http"}
    elif part == "http":
        assert not ours & {"cli", "aws"}


@pytest.mark.parametrize(
    "path",
    [p for p in MODULES if NAMES[p].split(".")[0] in PURE and NAMES[p] not in FILES],
    ids=NAMES.get,
)
def test_the_core_is_pure(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & IMPURE


@pytest.mark.parametrize("path", MODULES, ids=NAMES.get)
def test_one_part_knows_aws(path: Path) -> None:
    found = {name.split(".")[0] for name in imports(path)}
    part = NAMES[path].split(".")[0]
    if part != "aws":
        assert not found & {"boto3", "botocore"}
    # The API is Powertools' resolver, and pydantic is the API's alone.
    if part not in ("aws", "http"):
        assert not found & {"aws_lambda_powertools"}
    if part != "http":
        assert "pydantic" not in found
    users = {name for name in imports(path) if name.startswith("rolecall.aws")}
    assert not users or NAMES[path].split(".")[0] in ("aws", "cli")


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda path: path.parent.name)
def test_functions_are_thin(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert text.count("\n") <= 90
    assert not {name for name in imports(path) if name.split(".")[0] in ("boto3", "botocore")}
    ours = {name for name in imports(path) if name.startswith("rolecall.usecases")}
    assert len(ours) == 1


def test_one_module_reads_the_clock() -> None:
    clocks = (".now(", ".today()", "time.time(")
    readers = {
        NAMES[path]
        for path in MODULES
        if any(clock in path.read_text(encoding="utf-8") for clock in clocks)
    }
    assert readers == {"cli.clock"}


@pytest.mark.parametrize("path", MODULES, ids=NAMES.get)
def test_modules_say_what_they_are_and_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    # The model is one long list of columns; whatever does something is shorter.
    assert text.count("\n") <= (500 if path.name == "model.py" else 430)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 75, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", MODULES, ids=NAMES.get)
def test_public_names_exist(path: Path) -> None:
    name = f"rolecall.{NAMES[path]}".removesuffix(".__init__")
    module = importlib.import_module(name)
    for public in getattr(module, "__all__", ()):
        assert hasattr(module, public)


def test_one_module_locks_syncs_and_names_files() -> None:
    words = re.compile(
        r"os\.fsync|mkstemp|NamedTemporary|flock|filelock|hardlink|os\.link|\.rename\(|os\.replace"
        r"|temporary\.replace|O_EXCL|F_FULL"
    )
    users = {NAMES[path] for path in MODULES if words.search(path.read_text(encoding="utf-8"))}
    assert users == {"durable"}


def test_one_module_knows_operating_systems_and_nothing_of_one_is_imported() -> None:
    modules = {
        *("fcntl", "grp", "msvcrt", "pty", "pwd", "resource", "spwd", "syslog", "termios"),
        *("tty", "winreg", "_winapi"),
    }
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tops = [node for node in tree.body if isinstance(node, ast.Import)]
        found = {alias.name for node in tops for alias in node.names}
        assert not found & modules, NAMES[path]
    words = re.compile(r"os\.name\b|sys\.platform|getuid|APPDATA")
    users = {NAMES[path] for path in MODULES if words.search(path.read_text(encoding="utf-8"))}
    assert users == {"durable", "system"}
