"""Who is called what is the same at night as in one piece, whoever is called like whom."""

# The random numbers choose examples and keep no secret.
# ruff: noqa: S311

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from bench.generate import generate
from rolecall.ledger.memory_log import MemoryLog
from rolecall.model import Policy, Snapshot
from rolecall.named_keys import ID_KEYS, NAMELESS_KEYS
from rolecall.registry.reading import read_registry
from rolecall.reports.json_report import json_report
from rolecall.reports.report import Report
from rolecall.usecases.runs.local import run_audit
from tests.nights import Documents, MemoryFiles, MemoryFindings, night
from tests.registries import AS_OF, crowded

NAMES = (
    "Anna Berg",
    "anna  berg",
    "Ánna Berg",
    "Berg, Anna",
    "p1",
    "Jo Lee (p2)",
    "Jo Lee",
    "\u202eeeL oJ",
    "{person} %s {0}",
    "M" * 200,
    "\u2764",
    "Maria Muñoz",
)
"""Names as people have them, and as whoever wants to pass for somebody else would choose them."""
ENTITY_NAMES = ("St Brigid", "St. Brigid", "e1", "Parish of the Holy Cross")


def disguised(seed: int) -> tuple[Snapshot, Policy]:
    """Return a crowded registry whose people and entities have names of these."""
    random = Random(seed)
    snapshot, policy = crowded(seed).read()
    people = [replace(one, name=random.choice(NAMES)) for one in snapshot.people]
    units = [replace(one, name=random.choice(ENTITY_NAMES)) for one in snapshot.entities]
    return replace(snapshot, people=tuple(people), entities=tuple(units)), policy


def sentences(finding: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a finding says to people."""
    yield from (finding["label"], finding["detail"])


def whole(snapshot: Snapshot, policy: Policy) -> list[dict[str, Any]]:
    """Return the findings of an audit in one piece."""
    reports: list[Report] = []
    run_audit(snapshot, policy, AS_OF, reports.append, log=MemoryLog())
    document = b"".join(json_report(reports[0], reports[0].findings))
    found: list[dict[str, Any]] = json.loads(document)["findings"]
    return found


@pytest.mark.parametrize("seed", range(6))
def test_a_night_calls_everybody_what_an_audit_in_one_piece_does(seed: int) -> None:
    snapshot, _ = disguised(seed)
    registry = Documents(snapshot, None)
    findings = whole(snapshot, Policy())
    assert night(registry, MemoryFindings(), MemoryFiles(), AS_OF, most=400)["findings"] == findings
    assert findings


def measured(directory: Path) -> tuple[Snapshot, Policy]:
    """Return the registry that benches measure, with names that have no id in them."""
    generate(300, directory)
    snapshot = read_registry(directory, AS_OF.date()).snapshot
    people = [replace(one, name=f"Somebody {one.id[2:]}") for one in snapshot.people]
    return replace(snapshot, people=tuple(people)), Policy()


@pytest.mark.parametrize("seed", [*range(6), None])
def test_no_sentence_has_an_id_where_there_is_a_name_that_says_who_it_is(
    seed: int | None, tmp_path: Path
) -> None:
    snapshot, policy = measured(tmp_path) if seed is None else disguised(seed)
    rows = {
        table: {one.id for one in getattr(snapshot, table)}
        for table in ("people", "accounts", "entities")
    }
    called: dict[tuple[str, str], str] = {}
    for finding in whole(snapshot, policy):
        for table, names in finding["names"].items():
            for id_, name in names.items():
                # Everybody is called one thing, and no two are called the same.
                assert called.setdefault((table, id_), name) == name
        said = " ".join(sentences(finding))
        names = [name for one in finding["names"].values() for name in one.values()]
        for name in sorted(names, key=len, reverse=True):
            said = said.replace(name, "")
        spoken_of = {
            (ID_KEYS[key], text)
            for key, value in (*finding["subject"].items(), *(finding["evidence"] or {}).items())
            if key in ID_KEYS and key not in NAMELESS_KEYS
            for text in (value if isinstance(value, list) else [value])
        }
        for table, id_ in spoken_of:
            if id_ in rows.get(table, ()) and finding["subject"]["kind"] != "incident":
                assert not re.search(rf"(?<![\w(]){re.escape(id_)}(?![\w)])", said), finding
    for table in rows:
        names = [name for (kind, _), name in called.items() if kind == table]
        assert len({name.casefold() for name in names}) == len(names)


class EarlierFiles(MemoryFiles):
    """The files of a run that an earlier release planned: it told nothing of names."""

    def put(self, name: str, data: bytes) -> None:
        """Write what it wrote."""
        if name.endswith("/holders.json"):
            return
        if name.endswith("/run.json"):
            data = json.dumps({**json.loads(data), "names": 0}).encode()
            assert b'"names": 0' in data
            data = data.replace(b', "names": 0', b"")
        super().put(name, data)

    def put_all(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Write what it wrote."""
        for name, data in files:
            if "/batches/" in name:
                batch = json.loads(data)
                batch["rest"].pop("called", None)
                super().put(name, json.dumps(batch).encode())
            elif "/names/" not in name:
                self.put(name, data)


def test_a_run_that_an_earlier_release_planned_has_the_names_of_its_batches() -> None:
    snapshot, _ = disguised(1)
    files = EarlierFiles()
    told = night(Documents(snapshot, None), MemoryFindings(), files, AS_OF, most=400)
    batches = [data for name, data in files.files.items() if "/batches/" in name]
    assert batches
    assert not any(b'"called"' in data for data in batches)
    assert not any("/names/" in name for name in files.files)
    for one, other in zip(told["findings"], whole(snapshot, Policy()), strict=True):
        assert (one["id"], one["subject"]) == (other["id"], other["subject"])
    assert any("people" in one["names"] for one in told["findings"])
