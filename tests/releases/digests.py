"""What the bytes of each report of the example are under this version.

``python -m tests.releases.digests`` writes the table of this version, beside those of earlier ones;
tests/functional/test_report_digests.py holds the reports against it. A table is never written
again: what changes the bytes of a report raises the version.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from importlib.metadata import version
from pathlib import Path

from rolecall import __version__
from rolecall.ledger.key_file import write_key_file
from tests.cloud import ROOT, SIGNER
from tests.functional.command import EXAMPLE, rolecall

__all__ = ["FOLDER", "made", "table"]

FOLDER = ROOT / "tests" / "vectors" / "reports"
NIGHTS = ("2026-11-02", "2026-11-03")
_LEFT = "acc-010,p-015,owner,"
"""A row of the grants that the second night does not have: one finding of many is resolved."""


def made() -> dict[str, str]:
    """Return the digests of the reports of the second of two nights, by format."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        registry = folder / "diocese"
        registry.mkdir()
        for path in EXAMPLE.glob("*.*"):
            (registry / path.name).write_bytes(path.read_bytes())
        write_key_file(folder / "key", SIGNER)
        sealed = ("--log", folder / "log", "--signing-key", folder / "key")
        _audit(registry, NIGHTS[0], *sealed, "--output", os.devnull)
        grants = registry / "grants.csv"
        rows = grants.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = "".join(row for row in rows if not row.startswith(_LEFT))
        grants.write_text(kept, encoding="utf-8")
        reports = folder / "reports"
        table_file = ("--output", folder / "findings.txt")
        _audit(registry, NIGHTS[1], *sealed, "--report", reports, *table_file)
        (reports / "proof.zip").unlink()
        paths = [folder / "findings.txt", *reports.iterdir()]
        return {path.name: _digest(path) for path in sorted(paths, key=lambda one: one.name)}


def _audit(registry: Path, as_of: str, *arguments: object) -> None:
    ended = rolecall("audit", registry, "--as-of", as_of, *arguments)
    assert ended.status == 0, ended.stderr


def _digest(path: Path) -> str:
    """Return the digest of a report; of a workbook that of what is in it.

    How well it is packed is the business of the zlib at hand, which is not everywhere the same.
    """
    hasher = hashlib.sha256()
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            for name in sorted(book.namelist()):
                hasher.update(name.encode() + b"\0" + book.read(name))
    else:
        hasher.update(path.read_bytes())
    return hasher.hexdigest()


def table(of: str = __version__) -> Path:
    """Return where the table of a version is."""
    return FOLDER / f"{of}.json"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    # A PDF is typst's, too: another typst draws other bytes.
    document = {"version": __version__, "typst": version("typst"), "reports": made()}
    with table().open("x", encoding="utf-8") as file:
        file.write(json.dumps(document, indent=1) + "\n")
