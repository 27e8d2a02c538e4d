"""Cloud Custodian's side of bench/engine.py; runs in an environment of its own.

Started with ``texts`` or ``parsed`` and the path of a JSON document: the questions as Custodian
filters, and the records that each is asked of, with their numbers as ``n``. With ``texts`` the
dates of the records are what JSON has for them, and Custodian parses them; with ``parsed`` they are
made aware ``datetime`` objects before anything is timed.

For every line that it is sent it answers every question once and prints the CPU seconds of each;
its first line holds the numbers of the records that match.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from c7n.filters import FilterRegistry  # type: ignore[import-not-found]

__all__: list[str] = []


class _Model:
    id = "n"


class _Manager:
    """As much of a resource manager as the filters ask for."""

    @staticmethod
    def get_model() -> type[_Model]:
        return _Model


def _parsed(value: Any) -> Any:
    """Return a document with every ``{"date": ...}`` of it as a datetime."""
    if isinstance(value, list):
        return [_parsed(item) for item in value]
    if isinstance(value, dict):
        if value.keys() == {"date"}:
            found = datetime.fromisoformat(value["date"])
            return found if found.tzinfo else found.replace(tzinfo=UTC)
        return {key: _parsed(item) for key, item in value.items()}
    return value


def _text(value: Any) -> Any:
    return value["date"] if isinstance(value, dict) else value


def main() -> None:
    """Answer the questions as often as asked."""
    form, path = sys.argv[1:]
    document = json.loads(Path(path).read_bytes())
    questions, records = _parsed(document["questions"]), document["records"]
    if form == "parsed":
        records = _parsed(records)
    else:
        records = {
            name: [{key: _text(value) for key, value in row.items()} for row in rows]
            for name, rows in records.items()
        }
    registry = FilterRegistry("rolecall")
    asked = []
    for question in questions:
        found = registry.factory(question["filter"], _Manager())
        found.validate()
        asked.append((question["id"], found, records[question["id"]]))
    matched = {name: sorted(r["n"] for r in found.process(rows)) for name, found, rows in asked}
    print(json.dumps(matched), flush=True)
    gc.collect()
    gc.disable()
    for _ in sys.stdin:
        seconds = {}
        for name, found, rows in asked:
            start = time.process_time()
            found.process(rows)
            seconds[name] = time.process_time() - start
        print(json.dumps(seconds), flush=True)
        gc.collect()


if __name__ == "__main__":
    main()
