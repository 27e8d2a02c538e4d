"""Takes the pictures of the README: the first page of the PDF, and the top of the page.

Usage: python docs/pictures.py, after make test-pages, which installs what takes them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
from playwright.sync_api import sync_playwright

__all__: list[str] = []

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
EXAMPLE = ROOT / "examples" / "diocese"
POINTS_PER_INCH = 72
DOTS_PER_INCH = 60
WINDOW = (1000, 1180)


def main() -> int:
    """Make the reports of the example, and take the pictures."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        command = [
            *(str(Path(sys.executable).parent / "rolecall"), "audit", str(EXAMPLE)),
            *("--as-of", "2026-11-02", "--log", str(scratch / "log")),
            *("--signing-key", str(scratch / "key"), "--output", str(scratch / "findings.txt")),
            *("--report", str(scratch / "reports")),
        ]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        document = pypdfium2.PdfDocument(scratch / "reports" / "report.pdf")
        picture = document[0].render(scale=DOTS_PER_INCH / POINTS_PER_INCH).to_pil()
        document.close()
        picture.save(IMAGES / "report-pdf.png", optimize=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"),
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
            page = browser.new_page(viewport={"width": WINDOW[0], "height": WINDOW[1]})
            page.goto((scratch / "reports" / "report.html").as_uri())
            page.screenshot(path=IMAGES / "report-page.png")
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
