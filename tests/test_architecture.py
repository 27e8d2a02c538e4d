"""The shape of the package: imports point one way, the core is pure, modules stay small."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "layers" / "rolecall" / "rolecall"
MODULES = sorted(PACKAGE.rglob("*.py"))
FUNCTIONS = sorted((PACKAGE.parents[2] / "functions").glob("*/handler.py"))
NAMES = {path: ".".join(path.relative_to(PACKAGE).with_suffix("").parts) for path in MODULES}

LAYERS = {
    "errors": {"vocabulary"},
    "definitions": set(),
    "durable": set(),
    "staged_files": {"durable"},
    "system": {"errors"},
    "garbage": set(),
    "printable": set(),
    "quantity": set(),
    "spreadsheet": set(),
    "frameworks": {"frameworks"},
    "vocabulary": set(),
    "texts": {"vocabulary", "texts"},
    "model": {"frameworks", "vocabulary", "model"},
    "keys": {"keys"},
    "finding": {"model"},
    "lineage": {"model"},
    "presence": set(),
    "entitlement": {"model"},
    "location": {"model", "errors"},
    "status": set(),
    "provenance": {"model"},
    "controls": {
        *("vocabulary", "model", "keys", "provenance", "lineage", "definitions", "frameworks"),
        *("presence", "controls"),
    },
    "actions": {
        *("model", "vocabulary", "keys", "finding", "controls", "engine", "actions"),
    },
    "run": {"model", "engine", "lifecycle", "waivers", "status"},
    "ring": {"model", "finding"},
    "engine": {"model", "finding", "controls", "ring"},
    "waivers": {"model", "finding", "controls", "quantity"},
    "ledger": {
        *("model", "errors", "limits", "bounded_reading", "durable", "system", "quantity"),
        "ledger",
    },
    "limits": {"errors"},
    "bounded_reading": set(),
    "vault": {
        *("model", "provenance", "errors", "limits", "durable", "system", "ledger", "vault"),
        "keys",
    },
    "policy_change": {"model", "finding", "controls"},
    "looks": {"controls"},
    "resolution": {"model", "finding", "controls", "engine", "policy_change"},
    "finding_state": {"model", "finding", "waivers", "ledger", "resolution", "status", "looks"},
    "finding_facts": {"finding", "finding_state", "controls", "looks"},
    "lifecycle": {
        *("finding_state", "finding_facts", "looks"),
        "model",
        "finding",
        "controls",
        "engine",
        "waivers",
        "ledger",
        "resolution",
        "status",
    },
    "registry": {
        *("model", "errors", "limits", "printable", "finding", "ring", "controls", "registry"),
        *("vocabulary", "spreadsheet", "location", "provenance", "keys", "lineage", "frameworks"),
        *("quantity", "bounded_reading", "staged_files", "presence"),
    },
    "adopt": {
        *("vocabulary", "model", "keys", "provenance", "errors", "limits", "printable"),
        *("quantity", "spreadsheet", "bounded_reading", "registry", "adopt", "lineage", "texts"),
    },
    "named_keys": set(),
    "naming": {"model", "keys", "named_keys", "printable", "controls", "texts"},
    "reports": {
        *("named_keys", "naming"),
        *("model", "finding", "controls", "engine", "lifecycle", "waivers", "run", "status"),
        *("errors", "printable", "quantity", "spreadsheet", "location", "frameworks", "reports"),
        *("presence", "texts", "vocabulary", "keys", "actions"),
    },
}
"""What each part may import of the package; use cases and the command line may import all below."""

PURE = (
    *("ring", "lineage", "entitlement", "frameworks"),
    *("model", "finding", "controls", "engine", "waivers", "resolution", "lifecycle", "run"),
    *("finding_state", "finding_facts", "looks", "policy_change"),
    *("printable", "quantity", "errors", "limits", "spreadsheet", "location", "status"),
    *("presence", "ledger", "vault", "keys", "adopt", "actions", "texts"),
    *("named_keys", "naming"),
)
FILES = {
    *("ledger.file_log", "ledger.log_files", "ledger.key_file", "ledger.bundle"),
    *("vault.key_file", "vault.envelope_files", "vault.exports.archives"),
}
"""The modules of the ledger and the vault that touch files; their maths and protocols do not."""

IMPURE = {"os", "time", "pathlib", "io", "socket", "subprocess", "boto3", "random", "tempfile"}


@cache
def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    """Return the tree of a module, which every test of it looks at."""
    return ast.parse(source(path))


@cache
def import_statements(path: Path) -> Sequence[ast.Import | ast.ImportFrom]:
    return [one for one in ast.walk(parsed(path)) if isinstance(one, ast.Import | ast.ImportFrom)]


def imports(path: Path) -> set[str]:
    found = set()
    for node in import_statements(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", MODULES, ids=NAMES.get)
def test_imports_point_one_way(path: Path) -> None:
    part = NAMES[path].split(".")[0]
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("rolecall.")}
    if part in LAYERS:
        assert ours <= LAYERS[part]
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
    # Spreadsheets are bytes and texts in memory, which their readers take as streams.
    impure = IMPURE - {"io"} if NAMES[path].startswith("adopt.") else IMPURE
    assert not {name.split(".")[0] for name in imports(path)} & impure


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
    text = source(path)
    assert ast.get_docstring(parsed(path))
    assert text.count("\n") <= 90
    assert not {name for name in imports(path) if name.split(".")[0] in ("boto3", "botocore")}
    ours = {".".join(name.split(".")[:3]) for name in imports(path) if ".usecases." in name}
    assert len(ours) == 1


def test_one_module_reads_the_clock() -> None:
    clocks = (".now(", ".today()", "time.time(")
    readers = {NAMES[path] for path in MODULES if any(clock in source(path) for clock in clocks)}
    assert readers == {"cli.clock"}


ROOMS = {
    "retry": set(),
    "reasons": set(),
    "cursors": set(),
    "identity": set(),
    "revoking": {"identity", "reasons", "retry"},
    "governance": {"cursors", "identity", "reasons", "retry"},
    "queries": {"cursors", "identity", "revoking"},
    "vault": {"reasons", "retry"},
    "runs": {"governance"},
    "reporting": {"runs"},
    "doctor": set(),
}
"""What each room of the use cases may know of the others: who decides about removals knows no
reports, and what audits knows nobody who calls."""


@pytest.mark.parametrize(
    "path", [path for path in MODULES if NAMES[path].startswith("usecases.")], ids=NAMES.get
)
def test_rooms_of_the_use_cases_point_one_way(path: Path) -> None:
    parts = NAMES[path].split(".")
    if parts[1] != "__init__":
        known = {name.split(".")[2] for name in imports(path) if ".usecases." in name}
        assert known - {parts[1]} <= ROOMS[parts[1]]


def neighbours(path: Path, known: set[str]) -> set[str]:
    """Return the modules that a module imports, wherever the import stands."""
    found = imports(path)
    for node in import_statements(path):
        if isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    own = f"rolecall.{NAMES[path]}"
    # A package that is imported by one of its modules is no circle: it was there before.
    return {name for name in found & known if not own.startswith(f"{name}.")}


def circles() -> list[str]:
    """Return the modules that import themselves, by way of others."""
    known = {f"rolecall.{name}".removesuffix(".__init__") for name in NAMES.values()}
    graph = {
        f"rolecall.{NAMES[path]}".removesuffix(".__init__"): neighbours(path, known)
        for path in MODULES
    }
    found = []
    for start in sorted(graph):
        reached: set[str] = set()
        waits = [start]
        while waits:
            for name in graph[waits.pop()] - reached:
                reached.add(name)
                waits.append(name)
        if start in reached:
            found.append(start)
    return found


def test_no_module_is_in_a_circle() -> None:
    assert circles() == []


def public(tree: ast.Module) -> set[str]:
    """Return the names that a module defines for others."""
    found = set()
    for node in tree.body:
        match node:
            case ast.ClassDef() | ast.FunctionDef():
                found.add(node.name)
            case ast.Assign(value=ast.Call(func=ast.Name(id="TypeVar" | "ParamSpec"))):
                continue
            case ast.Assign():
                names = (name for target in node.targets for name in ast.walk(target))
                found |= {name.id for name in names if isinstance(name, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
            case ast.If():
                branch = (one for one in node.body if isinstance(one, ast.AnnAssign))
                found |= {one.target.id for one in branch if isinstance(one.target, ast.Name)}
    return {name for name in found if not name.startswith("_")}


@pytest.mark.parametrize("path", [p for p in MODULES if p.name != "__init__.py"], ids=NAMES.get)
def test_what_a_module_exports_is_what_it_defines(path: Path) -> None:
    if path.parents[1].name == "controls":
        # One control, one file, one name.
        assert public(parsed(path)) == {path.stem}
        return
    module = importlib.import_module(f"rolecall.{NAMES[path]}")
    defined = public(parsed(path))
    if "__getattr__" not in vars(module):
        assert set(getattr(module, "__all__", ())) == defined
    for name in getattr(module, "__all__", ()):
        assert hasattr(module, name)


def test_a_name_means_one_thing() -> None:
    homes: dict[str, list[str]] = {}
    for path in MODULES:
        for node in parsed(path).body:
            match node:
                case ast.ClassDef(name=name) if not name.startswith("_"):
                    homes.setdefault(name, []).append(NAMES[path])
                case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id="TypeAlias")):
                    homes.setdefault(name, []).append(NAMES[path])
    assert {name: modules for name, modules in homes.items() if len(modules) > 1} == {}


MOST_LINES = 250
MOST_FUNCTION_LINES = 40
LONG_MODULES = {
    "aws.ledger": 351,
    "aws.stack": 254,
    "aws.table": 374,
    "aws.vault": 333,
    "cli.app": 261,
    "cli.vault": 319,
    "ledger.file_log": 298,
    "ledger.tree": 289,
    "lifecycle": 257,
    "registry.documents": 352,
    "registry.tables": 266,
    "usecases.governance.registry_changes": 307,
    "usecases.governance.waivers": 277,
    "usecases.revoking.revocations": 307,
    "usecases.runs.nightly": 348,
    "usecases.runs.plan": 281,
    "usecases.vault.admission": 253,
    "usecases.vault.credentials": 285,
}
LONG_FUNCTIONS = {
    "aws.idempotency:run": 44,
    "aws.vault:_versions": 41,
    "cli.app:audit": 60,
    "cli.browser:browser_token": 41,
    "cli.report:report": 49,
    "cli.vault_import:import_export": 46,
    "http.registrar_routes:_records": 56,
    "http.routes:_read": 55,
    "http.routes:_revoke": 45,
    "http.vault_routes:add_vault_routes": 63,
    "ledger.export:export": 53,
    "reports.assembly:document_of": 45,
    "reports.ocsf_report:_finding": 70,
    "usecases.governance.registry_changes:put_record": 44,
    "usecases.revoking.guards:check_guards": 42,
    "usecases.revoking.offboarding:offboard": 41,
    "usecases.revoking.revocations:request": 52,
    "usecases.runs.local:run_audit": 48,
    "usecases.runs.nightly:audit_batch": 47,
}
"""What is longer than the house has it, and how long. These lists only shrink: a module that grows
beyond its number fails, and so does one that is short enough to be taken off."""


def sizes(path: Path) -> tuple[int, dict[str, int]]:
    """Return the lines of a module, and of its functions that are too long."""
    text = source(path)
    found = {}
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > MOST_FUNCTION_LINES:
                found[f"{NAMES[path]}:{node.name}"] = lines
    return text.count("\n"), found


def test_what_is_long_only_shrinks() -> None:
    modules: dict[str, int] = {}
    functions: dict[str, int] = {}
    for path in MODULES:
        lines, found = sizes(path)
        functions |= found
        if lines > MOST_LINES:
            modules[NAMES[path]] = lines
    for allowed, measured in ((LONG_MODULES, modules), (LONG_FUNCTIONS, functions)):
        grown = {name: lines for name, lines in measured.items() if lines > allowed.get(name, 0)}
        assert not grown, "longer than the house has it: cut it"
        assert set(allowed) == set(measured), "short enough by now: take it off the list"


@pytest.mark.parametrize("path", MODULES, ids=NAMES.get)
def test_modules_say_what_they_are(path: Path) -> None:
    assert ast.get_docstring(parsed(path))
