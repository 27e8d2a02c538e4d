"""Writes the generated pages of this folder; run by ``make docs``, checked by the tests."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

from rolecall.controls.catalogue import catalogue
from rolecall.reports.catalogue_page import catalogue_page
from rolecall.reports.json_report import json_schema
from rolecall.usecases.doctor.page import doctor_page

__all__ = ["pages"]

_SAMPLE = Path(__file__).parent / "auditor_sample.py"


def pages() -> dict[str, str]:
    """Return the text of each generated page by file name."""
    return {
        "controls.md": catalogue_page(catalogue().values()),
        "doctor.md": doctor_page(),
        "findings.schema.json": json.dumps(json_schema(), indent=2) + "\n",
        "auditor-sample.md": runpy.run_path(str(_SAMPLE))["sample_page"](),
    }


if __name__ == "__main__":
    for name, text in pages().items():
        (Path(__file__).parent / name).write_text(text, encoding="utf-8")
