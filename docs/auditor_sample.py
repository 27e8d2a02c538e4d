"""Writes the auditor's sample: findings of the example, drawn by a rule that anybody can repeat.

A finding is an answer to *what does the record say, by which rule, and what does that not say*. The
page has it for a few that nobody picked, with the rows that stand behind each. What a program can
know comes from an audit of the example; what takes a reader stands in ``auditor_sample.toml``: of
each control why what it cites is apt, and what it does not say; and of each finding that was drawn
who read it, bound to all that the page says of it. What was changed since is to be read again.

``python docs/auditor_sample.py SEED`` shows another sample, to be read and not to be kept.
"""

from __future__ import annotations

import csv
import hashlib
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from rolecall.controls.audience import CONFIDENTIAL
from rolecall.controls.catalogue import catalogue
from rolecall.controls.control import Control
from rolecall.frameworks.known import EVIDENCE, FRAMEWORKS
from rolecall.keys.subjects import account_key, email_key
from rolecall.model import SEVERITIES
from rolecall.registry.policy_toml import read_policy
from rolecall.registry.reading import read_registry
from rolecall.registry.schema import columns
from rolecall.reports.citing import REFERENCE_NAMES
from rolecall.reports.report import FindingLine, lines
from rolecall.usecases.runs.local import run_audit

__all__ = [
    "READERS",
    "SEED",
    "Remarks",
    "drawn",
    "entry",
    "findings",
    "mark_of",
    "remarks",
    "sample_page",
    "tables",
]

HERE = Path(__file__).parent
EXAMPLE = HERE.parent / "examples" / "diocese"
AS_OF = datetime(2026, 11, 2, tzinfo=UTC)
SEED = "Ellerwick 2026-11-02"
COUNTS = {"critical": 5, "high": 6, "medium": 3, "low": 1}
"""How many of each severity: about as they stand, and of the grave ones enough."""
READERS = {"auditor": "an auditor", "lawyer": "a lawyer", "secretary": "a parish secretary"}
_KEYS = {"account": "accounts", "person": "people", "login": "logins", "entity": "entities"}
_KEYS |= {"incident": "incidents", "content": "contents"}

Remarks = Mapping[str, Any]
Row = Mapping[str, str]


def findings() -> list[FindingLine]:
    """Return what an audit of the example finds, in words."""
    read = read_registry(EXAMPLE, AS_OF.date())
    policy = read_policy(EXAMPLE / "policy.toml")
    report = run_audit(read.snapshot, policy, AS_OF, lambda _: None)
    line = lines(report)
    return [line(tracked) for tracked in report.findings]


def drawn(found: Sequence[FindingLine], seed: str) -> list[FindingLine]:
    """Return a sample: of each severity those with the least digests, at most one of a control."""
    chosen: list[FindingLine] = []
    for severity in SEVERITIES:
        stratum = [one for one in found if one.severity == severity]
        room = COUNTS[severity]
        for line in sorted(stratum, key=lambda one: _digest(f"{seed} {one.id}")):
            if room and all(line.control != one.control for one in chosen):
                chosen.append(line)
                room -= 1
    return chosen


def remarks() -> Remarks:
    """Return what readers wrote."""
    return tomllib.loads((HERE / "auditor_sample.toml").read_text(encoding="utf-8"))


def mark_of(line: FindingLine, said: Remarks) -> str:
    """Return what names all that the page says of a finding."""
    return _digest("\n".join(entry(line, said)))[:12]


def sample_page(seed: str = SEED) -> str:
    """Return the page."""
    said, found = remarks(), findings()
    chosen = drawn(found, seed)
    counts = {"found": len(found), "number": len(chosen)}
    parts = [said["intro"].format(seed=seed, evidence=EVIDENCE, **counts)]
    parts += ["| # | severity | control | what it is about |", "|---|---|---|---|"]
    parts += [
        f"| [{number}](#{number}-{one.control}) | {one.severity} | {one.control} | "
        f"{_cell(one.label)} |"
        for number, one in enumerate(chosen, 1)
    ]
    for number, one in enumerate(chosen, 1):
        parts += ["", f"## {number}. {one.control}", "", *entry(one, said)]
        parts += ["", *_readings(one, said)]
    return "\n".join(parts) + "\n"


def entry(line: FindingLine, said: Remarks) -> Iterator[str]:
    """Yield what the page says of a finding, before anybody reads it."""
    control = catalogue()[line.control]
    about = said["controls"][line.control]
    yield f"**{_text(line.label)}** ({line.severity}): {_text(line.detail)}"
    yield ""
    yield "What the record says:"
    yield ""
    yield "```text"
    yield from _record(line, control, about.get("beside", ()))
    yield "```"
    yield ""
    yield f"- The rule: *{control.title}.* {control.rationale}"
    yield from _cited(line)
    yield f"- Why that is apt: {about['apt']}"
    yield f"- What it does not say: {about['unsaid']}"
    yield f"- What to do: {line.remediation}"
    if line.record:
        yield f"- For whoever keeps the registry: {line.record}"


def _cited(line: FindingLine) -> Iterator[str]:
    cited = msgspec.json.decode(bytes(line.references))
    for field, name in REFERENCE_NAMES.items():
        if field in cited:
            framework = FRAMEWORKS.get(field)
            titles: Mapping[str, str] = framework.titles if framework else {}
            ours = ", in our words" if framework and not framework.is_verbatim else ""
            texts = (f"{id_} ({titles[id_]})" if id_ in titles else id_ for id_ in cited[field])
            yield f"- {name}{ours}: {'; '.join(texts)}"


def _readings(line: FindingLine, said: Remarks) -> Iterator[str]:
    """Yield what the readers wrote, or that it is not this that they read."""
    reading = said["readings"].get(line.id, {})
    is_read = reading.get("of") == mark_of(line, said)
    for key, name in READERS.items():
        told = reading[key] if is_read else f"not what is here ({mark_of(line, said)})"
        yield f"- *As {name}:* {told}"


# -- the rows ----------------------------------------------------------------------------------


def _record(line: FindingLine, control: Control[Any], beside: Sequence[str]) -> Iterator[str]:
    """Yield the rows behind a finding, each with the columns that the control reads.

    :param beside: tables of which it counts too what the account has of them.
    """
    evidence = msgspec.json.decode(bytes(line.evidence)) or {}
    read = {*control.needs, *control.partly, *sum(control.needs_one, ())} | {
        f"{table}.{name}" for table in tables() for name in evidence
    }
    for table, row in _rows(line, evidence):
        kept = {
            name: cell
            for name, cell in row.items()
            if name not in _hidden(table)
            and (name in _named(table) or f"{table}.{name}" in read or (name == "left_on" and cell))
        }
        cells = "; ".join(f"{name}: {cell or '(empty)'}" for name, cell in kept.items())
        yield f"{table}.csv, row {row['#']}: {cells}"
    if line.subject.kind in CONFIDENTIAL:
        yield "incidents.csv: who it is about and who looks into it is left out here"
    yield from _beside(line, beside)
    policy = [
        f"{name} = {_value(value)}"
        for name, value in evidence.items()
        if name in control.parameters
    ]
    if policy:
        yield f"policy.toml: {'; '.join(policy)}"
    needed = {*control.needs, *(one for group in control.needs_one for one in group)}
    head = tomllib.loads((EXAMPLE / "policy.toml").read_text(encoding="utf-8"))["policy"]
    for name in sorted(need.partition(".")[2] for need in needed if need.startswith("policy.")):
        yield f"policy.toml: {name} = {_value(head[name])}"


def _beside(line: FindingLine, tables_: Sequence[str]) -> Iterator[str]:
    """Yield who has access to the account, or which logins it has, and who is on no roster."""
    if line.subject.person and all(row["id"] != line.subject.person for row in _of("people")):
        yield f"people.csv: no row with the id {line.subject.person}"
    told = msgspec.json.decode(bytes(line.evidence)) or {}
    accounts = [line.subject.account] if line.subject.account else told.get("accounts", [])
    for table in tables_:
        for account in accounts:
            rows = [row for row in _of(table) if row["account_id"] == account]
            if table == "grants" and line.subject.kind == "login":
                holders = told.get("holder_ids", [])
                rows = [row for row in rows if row["person_id"] in holders]
                yield f"grants.csv, ended on {account}: {_ended(rows)}"
                continue
            rows = [row for row in rows if not row.get("revoked_on")]
            shown = ", ".join(map(_holder if table == "grants" else _login, rows))
            live = "live on" if table == "grants" else "of"
            yield f"{table}.csv, {live} {account}: {shown or 'no row'}"


def _holder(row: Row) -> str:
    email = {one["id"]: one["email"] for one in _of("people")}.get(row["person_id"])
    return f"{row['person_id']} {row['role']} ({email or 'no address'}; row {row['#']})"


def _ended(rows: Sequence[Row]) -> str:
    ended = [
        f"{row['person_id']} on {row['revoked_on']} (row {row['#']})"
        for row in rows
        if row["revoked_on"]
    ]
    return ", ".join(ended) or "no row"


def _login(row: Row) -> str:
    return f"{row['id']} (row {row['#']})"


def _rows(line: FindingLine, evidence: Mapping[str, Any]) -> Iterator[tuple[str, Row]]:
    """Yield the rows of what a finding names: its subject first, then whom its evidence names."""
    keys = line.subject.keys()
    shown = [(table, row) for table in ("grants", "observations") for row in _about(table, line)]
    for kind, table in _KEYS.items():
        shown += [(table, row) for row in _of(table) if row["id"] == keys.get(kind)]
    ids = set(_texts(evidence))
    shown += [
        (table, row) for table in ("people", "logins") for row in _of(table) if row["id"] in ids
    ]
    if "head_id" in evidence:
        homes = {row["entity_id"] for table, row in shown if table == "accounts"}
        shown += [("entities", row) for row in _of("entities") if row["id"] in homes]
    yield from _once(shown)


def _about(table: str, line: FindingLine) -> Sequence[Row]:
    """Return the live grant that a finding is about, or the latest row of what was seen."""
    subject = line.subject
    if subject.kind != table.removesuffix("s"):
        return ()
    if table == "grants":
        key = subject.account, subject.person
        rows = [row for row in _of(table) if (row["account_id"], row["person_id"]) == key]
        return [row for row in rows if not row["revoked_on"]]
    where = account_key(subject.platform, subject.handle)
    rows = [row for row in _of(table) if account_key(row["platform"], row["handle"]) == where]
    if subject.email:
        rows = [row for row in rows if email_key(row["person_email"]) == subject.email]
    return sorted(rows, key=lambda row: row["observed_on"])[-1:]


def _once(rows: Sequence[tuple[str, Row]]) -> Iterator[tuple[str, Row]]:
    seen: set[tuple[str, str]] = set()
    for table, row in rows:
        if (table, row["#"]) not in seen:
            seen.add((table, row["#"]))
            yield table, row


def _of(table: str) -> Sequence[Row]:
    return tables().get(table, ())


def tables() -> Mapping[str, Sequence[Row]]:
    """Return the rows of the example as they lie in its files, each with its number."""
    if not _read:
        for path in sorted(EXAMPLE.glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                rows = enumerate(csv.DictReader(file), 2)
                _read[path.stem] = [{**row, "#": str(number)} for number, row in rows]
    return _read


_read: dict[str, Sequence[Row]] = {}


def _named(table: str) -> frozenset[str]:
    """Return the columns by which people know a row."""
    known = columns(table)
    names = {"id", "account_id", "person_id", "name", "platform", "handle", "role", "status"}
    names |= {"person_email", "observed_on", "revoked_on"}
    return frozenset(names & known.keys())


def _hidden(table: str) -> frozenset[str]:
    """Return the columns that say whose an incident is: a page of it names nobody."""
    if table != "incidents":
        return frozenset()
    return frozenset(name for name, column in columns(table).items() if column.refers)


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from _texts(list(value.values()))
        case list():
            for one in value:
                yield from _texts(one)


def _value(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _text(text: str) -> str:
    return text.replace("*", r"\*").replace("_", r"\_")


def _cell(text: str) -> str:
    return _text(text).replace("|", r"\|")


if __name__ == "__main__":
    sys.stdout.write(sample_page(" ".join(sys.argv[1:]) or SEED))
