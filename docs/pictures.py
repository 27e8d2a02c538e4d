"""Takes the pictures of the README and of docs/start.md: reports, a sheet, a question.

Usage: python docs/pictures.py, after make test-pages, which installs what takes them.
"""

from __future__ import annotations

import html
import os
import pty
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
from playwright.sync_api import sync_playwright
from python_calamine import CalamineWorkbook

__all__: list[str] = []

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
EXAMPLE = ROOT / "examples" / "diocese"
POINTS_PER_INCH = 72
DOTS_PER_INCH = 60
WINDOW = (1000, 1180)


TERMINAL = (780, 240)
SHEET = (1120, 300)
PARISH = ROOT / "examples" / "parish"
STYLE = """
body { margin: 0; font: 15px/1.45 "DejaVu Sans Mono", monospace; }
pre { margin: 0; padding: 18px 22px; background: #1b1f27; color: #e6e6e6; white-space: pre-wrap; }
table { border-collapse: collapse; font: 13px "DejaVu Sans", sans-serif; margin: 12px; }
td { border: 1px solid #c8ccd2; padding: 5px 8px; vertical-align: top; white-space: pre-line; }
"""


def question() -> str:
    """Return what a terminal shows when a sheet is adopted, as far as the first question."""
    sheets = [PARISH / "Social Media Accounts.xlsx", PARISH / "staff list.csv"]
    command = ["rolecall", "adopt", *(one.name for one in sheets), "--into", "my-registry"]
    shown = f"$ {shlex.join(command)}\r\n"
    with tempfile.TemporaryDirectory() as name:
        for one in sheets:
            shutil.copy(one, name)
        ours, theirs = pty.openpty()
        program = Path(sys.executable).parent / "rolecall"
        asked = subprocess.Popen(
            [program, *command[1:]], cwd=name, stdin=theirs, stdout=theirs, stderr=theirs
        )
        while "Number" not in shown.rpartition("\n")[2]:
            shown += os.read(ours, 4096).decode()
        asked.terminate()
        asked.wait()
    return shown.replace("\r", "")


def sheet() -> str:
    """Return the parish's sheet as a table of a page."""
    book = CalamineWorkbook.from_path(PARISH / "Social Media Accounts.xlsx")
    rows = book.get_sheet_by_index(0).to_python()
    cells = ("".join(f"<td>{html.escape(str(cell))}" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{row}" for row in cells) + "</table>"


def main() -> int:
    """Make the reports of the example, and take the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
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
            for name, content, size in (
                ("start-question", f"<pre>{html.escape(question())}</pre>", TERMINAL),
                ("start-sheet", sheet(), SHEET),
            ):
                # The page of the report lets nothing but its own styles in.
                page = browser.new_page(viewport={"width": size[0], "height": size[1]})
                page.set_content(f"<style>{STYLE}</style>{content}")
                page.screenshot(path=IMAGES / f"{name}.png", full_page=True)
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
