"""What the bytes of each report of the example are under this version.

``python -m tests.releases.digests`` writes the table of this version, beside those of earlier ones;
tests/functional/test_report_digests.py holds the reports against it. What changes the bytes of a
report raises the version. The table of a version that is released (tests/vectors has its release)
is never written again.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import zipfile
from contextlib import chdir
from importlib.metadata import version
from pathlib import Path

from rolecall import __version__
from rolecall.ledger.key_file import write_key_file
from rolecall.reports.formats import FORMATS
from tests.cloud import ROOT, SIGNER
from tests.functional.command import EXAMPLE, rolecall

__all__ = ["FOLDER", "made", "table"]

FOLDER = ROOT / "tests" / "vectors" / "reports"
NIGHTS = ("2026-11-02", "2026-11-03")
_LEFT = "acc-010,p-015,owner,"
"""A row of the grants that the second night does not have: one finding of many is resolved."""


def made() -> dict[str, str]:
    """Return the digests of the reports of the second of two nights, by the names of files."""
    # What points at rows names the files, as they were named to it.
    with tempfile.TemporaryDirectory() as scratch, chdir(scratch):
        registry = Path("diocese")
        registry.mkdir()
        for path in EXAMPLE.glob("*.*"):
            (registry / path.name).write_bytes(path.read_bytes())
        write_key_file(Path("key"), SIGNER)
        sealed = ("--log", "log", "--signing-key", "key")
        _audit(registry, NIGHTS[0], *sealed, "--output", os.devnull)
        grants = registry / "grants.csv"
        rows = grants.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = "".join(row for row in rows if not row.startswith(_LEFT))
        grants.write_text(kept, encoding="utf-8")
        reports = Path("reports")
        written = ("--report", reports, "--output", reports / "findings.txt")
        reports.mkdir()
        _audit(registry, NIGHTS[1], *sealed, *written)
        (reports / "proof.zip").unlink()
        for one in FORMATS.values():
            if one.has_rows:
                output = ("--output", reports / one.name)
                _audit(registry, NIGHTS[1], "--format", one.short, *output)
        paths = reports.iterdir()
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
    if (FOLDER.parent / f"release-{__version__}").exists():
        sys.exit(f"{__version__} is released: raise the version")
    # A PDF is typst's, too: another typst draws other bytes.
    document = {"version": __version__, "typst": version("typst"), "reports": made()}
    table().write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
