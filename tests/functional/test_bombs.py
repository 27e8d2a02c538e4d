"""Small inputs that name much: each reader refuses them in words, in a gigabyte of addresses."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TypeAlias
from unittest.mock import patch

import pytest

from tests.functional.command import AS_OF, EXAMPLE, SCRIPT, process
from tests.tiers import cases
from tests.unit.adopt.reading.open_documents import open_cell, open_document
from tests.unit.registry.forms import small_csv, small_json, small_xlsx, write

MOST = 1 << 30
"""Bytes of addresses that a process may have; the libraries of Python take a fifth of them."""

Bomb: TypeAlias = Callable[[Path], list[str]]


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST, MOST))


def csv_registry(directory: Path, **files: str | bytes) -> str:
    registry = directory / "registry"
    registry.mkdir()
    return str(write(registry, small_csv(**files)))


def validated(directory: Path, **files: str | bytes) -> list[str]:
    return ["validate", csv_registry(directory, **files)]


def document(directory: Path, data: bytes) -> list[str]:
    path = directory / "registry.json"
    path.write_bytes(data)
    return ["validate", str(path)]


def workbook(directory: Path, **parts: bytes) -> list[str]:
    """Return the small workbook with some of its parts replaced."""
    path = directory / "registry.xlsx"
    named = {name.replace("__", "/").replace("_xml", ".xml"): data for name, data in parts.items()}
    with (
        zipfile.ZipFile(io.BytesIO(small_xlsx())) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            new.writestr(info.filename, named.pop(info.filename, old.read(info)))
        for name, data in named.items():
            new.writestr(name, data)
    assert path.stat().st_size < 4_000_000
    return ["validate", str(path)]


SHEET = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<sheetData>%s</sheetData></worksheet>"
)
STRINGS = (
    b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"%s</sst>"
)


def policy(directory: Path, text: str) -> list[str]:
    registry = csv_registry(directory)
    (Path(registry) / "policy.toml").write_text(text, encoding="utf-8")
    return ["audit", registry]


@cache
def good_bundle() -> tuple[dict[str, bytes], str]:
    """Return the members of a bundle that is valid, and the key that it was signed with."""
    with tempfile.TemporaryDirectory() as made, patch.dict(os.environ, {"HOME": made}):
        directory = Path(made)
        log, reports = directory / "log", directory / "reports"
        environment = {**os.environ, "HOME": made, "XDG_CONFIG_HOME": made}
        ended = process(
            *("audit", EXAMPLE, "--as-of", AS_OF, "--log", log, "--report", reports),
            env=environment,
        )
        assert ended.returncode == 0, ended.stderr
        key = process("key", "show", env=environment).stdout.decode().split()[-1]
        with zipfile.ZipFile(reports / "proof.zip") as file:
            return {name: file.read(name) for name in file.namelist()}, key


def bundle(directory: Path, **changed: bytes) -> list[str]:
    """Return a bundle that is good but for some members."""
    members, key = good_bundle()
    named = {name.replace("__", "/").replace("_", "."): data for name, data in changed.items()}
    path = directory / "proof.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in {**members, **named}.items():
            file.writestr(name, data)
    assert path.stat().st_size < 4_000_000
    return ["verify", str(path), "--key", key]


def export(directory: Path, data: bytes) -> list[str]:
    path = directory / "export"
    path.write_bytes(data)
    assert path.stat().st_size < 4_000_000
    registry = csv_registry(directory)
    log = str(directory / "log")
    return ["vault", "import", registry, str(path), "--as", "p-1", "--log", log, "--dry-run"]


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, data)
    return out.getvalue()


LISTS = b"[" + b"[]," * 40_000_000 + b"[]]"
WIDE = "id,name,status" + ",a" * 200_000


def adopted(directory: Path, name: str, data: bytes) -> list[str]:
    """Return the arguments that adopt one file."""
    (directory / name).write_bytes(data)
    return ["adopt", str(directory / name), "--into", str(directory / "into"), "--yes"]


BOMBS: dict[str, Bomb] = {
    "sheet of a cell a byte": lambda at: adopted(at, "list.csv", b"," * 33_000_000 + b"x"),
    "sheet of a repeated row": lambda at: adopted(
        at,
        "list.ods",
        open_document(
            [["Page"]],
            more='<table:table-row table:number-rows-repeated="999999">'
            + open_cell("x", more='table:number-columns-repeated="400"')
            + "</table:table-row>",
        ),
    ),
    "bundle with a long key": lambda at: bundle(at, key_pub=bytes(900_000_000)),
    "csv of many columns": lambda at: validated(at, people=f"{WIDE}\n" + "p,n,active\n" * 20_000),
    "csv of one long cell": lambda at: validated(at, people='id,name,status\n"' + "a" * 3_000_000),
    "json of empty objects": lambda at: document(
        at, b'{"people":[' + b"{}," * 12_000_000 + b"{}]}"
    ),
    "json of a column a row": lambda at: document(
        at,
        small_json(people=[{f"c{row}": "x", "id": "p"} for row in range(30_000)]),
    ),
    "json nested deeply": lambda at: document(at, b"[" * 1_000_000),
    "json of lists in a cell": lambda at: document(
        at, b'{"people":[{"id":[' + b"[]," * 12_000_000 + b"[]]}]}"
    ),
    "workbook of cells within the limit": lambda at: workbook(
        at, xl__worksheets__sheet1_xml=SHEET % (b"<row>" + b"<c/>" * 7_900_000 + b"</row>")
    ),
    "workbook of texts within the limit": lambda at: workbook(
        at, xl__sharedStrings_xml=STRINGS % (b"<si><t/></si>" * 2_600_000)
    ),
    "workbook with a far cell": lambda at: workbook(
        at, xl__worksheets__sheet1_xml=SHEET % b'<row r="999999"><c r="Z999999"><v>1</v></c></row>'
    ),
    "workbook of zeros": lambda at: workbook(at, xl__worksheets__sheet1_xml=bytes(900_000_000)),
    "workbook of cells": lambda at: workbook(
        at, xl__worksheets__sheet1_xml=SHEET % (b"<row>" + b"<c/>" * 30_000_000 + b"</row>")
    ),
    "workbook of numbers": lambda at: workbook(
        at,
        xl__worksheets__sheet1_xml=SHEET % (b"<row><c><v>1</v></c></row>" * 4_000_000),
    ),
    "workbook of texts": lambda at: workbook(
        at, xl__sharedStrings_xml=STRINGS % (b"<si><t/></si>" * 9_000_000)
    ),
    "workbook of formats": lambda at: workbook(
        at, xl__styles_xml=STRINGS % (b"<xf/>" * 25_000_000)
    ),
    "workbook of other parts": lambda at: workbook(at, xl__media__a=bytes(900_000_000)),
    "policy with a dotted key": lambda at: policy(at, "a." * 100_000 + "a = 1\n"),
    "policy with a dotted table": lambda at: policy(at, "[" + "a." * 100_000 + "a]\n"),
    "policy with quoted dots": lambda at: policy(at, '"a b" . ' * 50_000 + "a = 1\n"),
    "policy with dots in a table": lambda at: policy(at, "x = {" + "a." * 100_000 + "a = 1}\n"),
    "policy of lists": lambda at: policy(at, "x = [" + "[]," * 1_000_000 + "]\n"),
    "policy nested deeply": lambda at: policy(at, "x = " + "[" * 100_000),
    "bundle of proofs": lambda at: bundle(
        at,
        proofs_json=b'{"version":1,"size":0,"start":0,"entity":null,"edge":[],'
        b'"consistency":{},"records":' + LISTS + b"}",
    ),
    "bundle of hashes": lambda at: bundle(
        at,
        proofs_json=b'{"version":1,"size":0,"start":0,"entity":null,"edge":['
        + b'"",' * 60_000_000
        + b'""],"consistency":{},"records":[]}',
    ),
    "bundle of a long record": lambda at: bundle(at, records_jsonl=bytes(900_000_000)),
    "bundle of a record of lists": lambda at: bundle(
        at, records_jsonl=b'{"v":1,"payload":' + LISTS[:900_000] + b"}\n"
    ),
    "bundle of records": lambda at: bundle(at, records_jsonl=b"{}\n" * 100_000_000),
    "bundle of breaks": lambda at: bundle(at, records_jsonl=b"\n" * 400_000_000),
    "bundle of a report of lists": lambda at: bundle(at, reports__findings_json=LISTS),
    "export of lists": lambda at: export(at, b'{"items":[' + b"[]," * 1_200_000 + b"[]]}"),
    "export of nothing": lambda at: export(at, b'{"items":[' + b"{}," * 1_200_000 + b"{}]}"),
    "export nested deeply": lambda at: export(at, b'{"items":' + b"[" * 2_000_000),
    "export of rows": lambda at: export(
        at, b"name,url,username,password\n" + b"a,b,c,d\n" * 400_000
    ),
    "export of columns": lambda at: export(
        at, b"name,url,username,password" + b",a" * 500_000 + b"\n" + b"a\n" * 19_000
    ),
    "export that is an archive": lambda at: export(
        at, zipped("export.data", b'{"accounts":' + LISTS + b"}")
    ),
    "bundle of members": lambda at: bundle(at, **{f"reports__{n}": b"" for n in range(20_000)}),
    "export that is an archive of rows": lambda at: export(
        at, zipped("credentials.csv", b"name,url,username,password\n" + b"a\n" * 300_000_000)
    ),
}

HARMLESS: dict[str, Bomb] = {
    "workbook of zeros within the limit": lambda at: workbook(at, xl__media__a=bytes(130_000_000)),
}


def limited_run(command: list[str], home: Path) -> subprocess.CompletedProcess[str]:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        preexec_fn=limited,
        env={**os.environ, "HOME": str(home), "NO_COLOR": "1"},
    )
    told = ended.stderr + ended.stdout
    assert "Traceback" not in told
    assert "MemoryError" not in told
    assert len(told) < 100_000
    return ended


on_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="addresses are limited on Linux alone"
)


@on_linux
@pytest.mark.parametrize("name", HARMLESS)
def test_what_nobody_builds_is_no_bomb(name: str, tmp_path: Path) -> None:
    assert limited_run(HARMLESS[name](tmp_path), tmp_path).returncode == 0


@on_linux
@pytest.mark.parametrize("name", list(BOMBS)[:: -(-len(BOMBS) // cases("bombs"))])
def test_a_bomb_is_refused_in_words(name: str, tmp_path: Path) -> None:
    ended = limited_run(BOMBS[name](tmp_path), tmp_path)
    assert ended.returncode in (1, 2), ended.stdout + ended.stderr


GIGABYTES = 3 << 30
"""A file of so many bytes, of which a file system keeps none."""


def immense(directory: Path, name: str) -> Path:
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(GIGABYTES)
    return path


def beside(directory: Path, name: str) -> list[str]:
    """Return the audit of a registry in which a file is immense."""
    registry = csv_registry(directory)
    immense(Path(registry), name)
    if name == "titles.csv":
        (Path(registry) / "policy.toml").write_text("")
    return ["audit", registry]


def claimed(directory: Path) -> list[str]:
    command = bundle(directory)
    immense(directory, "reports/findings.json")
    for name in ("findings.csv", "facts.json"):
        immense(directory, f"reports/{name}")
    return [*command, "--reports", str(directory / "reports")]


IMMENSE: dict[str, Bomb] = {
    **{name: partial(beside, name=name) for name in ("policy.toml", "titles.csv")},
    "a policy": lambda at: ["audit", csv_registry(at), "--policy", str(immense(at, "rules.toml"))],
    "a key": lambda at: [*bundle(at)[:2], "--key", str(immense(at, "key"))],
    "a checkpoint": lambda at: [*bundle(at), "--since", str(immense(at, "kept"))],
    "a report": claimed,
    "an export": lambda at: [
        *("vault", "import", csv_registry(at), str(immense(at, "export.csv")), "--as", "p"),
        *("--log", str(at / "log"), "--keep-file", "--yes"),
    ],
    # A registry may have half a gigabyte, which takes a while.
    "people.csv": partial(beside, name="people.csv"),
    "a document": lambda at: ["validate", str(immense(at, "registry.json"))],
    "a workbook": lambda at: ["validate", str(immense(at, "registry.xlsx"))],
}


@on_linux
@pytest.mark.parametrize("name", list(IMMENSE)[: cases("bombs")])
def test_a_file_of_gigabytes_is_refused_in_words(name: str, tmp_path: Path) -> None:
    ended = limited_run(IMMENSE[name](tmp_path), tmp_path)
    assert ended.returncode in (1, 2, 4), ended.stdout + ended.stderr
    assert "larger than" in ended.stdout + ended.stderr
