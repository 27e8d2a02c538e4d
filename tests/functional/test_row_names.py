"""A registry, a policy and commands in which people are called by their names, as anybody does."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from rolecall.model import TABLES
from rolecall.registry.reading import read_registry
from rolecall.registry.row_names import NAMED_TABLES, RowNames
from rolecall.registry.schema import columns
from tests.cloud import Cloud, begins
from tests.cloud_nights import night
from tests.functional.command import AS_OF, EXAMPLE, copy_example, rolecall
from tests.functional.test_cli_vault import REASON, SECRET, Desk, desk
from tests.registries import TODAY

__all__ = ["desk"]

HEAD = "Office of Communications"
EXPECTED = 150
"""References of the example that are names here, at least."""


def calling() -> dict[str, dict[str, str]]:
    """Return what each row of the example is called that nobody else could be, by its id."""
    snapshot = read_registry(EXAMPLE, TODAY).snapshot
    found: dict[str, dict[str, str]] = {}
    for table in NAMED_TABLES:
        rows = getattr(snapshot, table)
        names = RowNames(table, rows)
        called = {
            row.id: f"{row.handle} on {row.platform}" if table == "accounts" else row.name
            for row in rows
        }
        found[table] = {
            id_: name for id_, name in called.items() if list(names.ids_of(name)) == [id_]
        }
    return found


def by_names(directory: Path) -> Path:
    """Write the example with a name for every id that refers to something."""
    path, names, count = copy_example(directory), calling(), 0
    for table in TABLES:
        file = path / f"{table}.csv"
        with file.open(encoding="utf-8", newline="") as opened:
            rows = list(csv.DictReader(opened))
        for row in rows:
            for column in columns(table).values():
                if column.refers and column.kind != "roles" and row.get(column.name):
                    items = row[column.name].split("|")
                    said = [names[column.refers].get(item, item) for item in items]
                    count += sum(map(str.__ne__, items, said))
                    row[column.name] = "|".join(said)
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    assert count > EXPECTED
    policy = path / "policy.toml"
    text = policy.read_text(encoding="utf-8")
    for table, known in names.items():
        for id_, name in known.items():
            text = text.replace(f'"{id_}"', f'"{name}"')
            if table == "entities":
                text = text.replace(f"[entities.{id_}.", f'[entities."{name}".')
    policy.write_text(text, encoding="utf-8")
    return path


def contents(path: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in sorted(path.iterdir())}


def test_an_audit_says_the_same_and_convert_writes_ids(tmp_path: Path) -> None:
    path = by_names(tmp_path / "named")
    said = rolecall("validate", path)
    assert said.status == 0
    strangers = [
        one.stderr.count("is nobody on record") for one in (said, rolecall("validate", EXAMPLE))
    ]
    assert strangers[0] == strangers[1]
    assert "was taken for p-001, who is called so" in said.stderr
    audits = [
        rolecall("audit", one, "--as-of", AS_OF, "--format", "json").json for one in (path, EXAMPLE)
    ]
    for part in ("findings", "coverage", "waivers"):
        assert audits[0][part] == audits[1][part]
    written = []
    for number, one in enumerate((path, EXAMPLE)):
        assert rolecall("convert", one, tmp_path / str(number)).status == 0
        written.append(contents(tmp_path / str(number)))
    policies = [one.pop("policy.toml").decode() for one in written]
    assert written[0] == written[1]
    quoted = policies[0].replace('[entities."cemeteries-office".', "[entities.cemeteries-office.")
    assert quoted == policies[1]
    # What is converted needs no more of it.
    again = rolecall("validate", tmp_path / "0")
    assert "is called so" not in again.stderr


def test_findings_stand_at_rows_that_name_people(tmp_path: Path) -> None:
    path = by_names(tmp_path / "named")
    found = [
        rolecall("audit", one, "--as-of", AS_OF, "--format", "sarif").json
        for one in (path, EXAMPLE)
    ]
    places = [
        [
            (one["ruleId"], one["locations"][0]["physicalLocation"]["region"]["startLine"])
            for one in each["runs"][0]["results"]
            if "region" in one["locations"][0]["physicalLocation"]
        ]
        for each in found
    ]
    assert len(places[0]) > 50
    assert places[0] == places[1]


def test_an_entity_is_chosen_by_its_name(tmp_path: Path) -> None:
    def audit(*arguments: object) -> Any:
        return rolecall("audit", EXAMPLE, "--as-of", AS_OF, "--format", "json", *arguments)

    by_id = audit("--entity", "communications-office").json
    assert audit("--entity", HEAD).json["findings"] == by_id["findings"] != []
    near = audit("--entity", HEAD.lower())
    assert (near.status, "has no entity office of communications" in near.stderr) == (2, True)
    path = copy_example(tmp_path)
    text = (path / "entities.csv").read_text(encoding="utf-8")
    twin = text.replace("Office of Catholic Schools", f"{HEAD.upper()}")
    (path / "entities.csv").write_text(twin, encoding="utf-8")
    unclear = rolecall("audit", path, "--entity", HEAD)
    assert unclear.status == 2
    assert (
        f"{HEAD} could be catholic-schools-office, communications-office, which are called alike; "
        "give the id"
    ) in unclear.stderr
    report = ("report", EXAMPLE, "--as-of", AS_OF, "--format", "md", "--output", "-")
    assert rolecall(*report, "--entity", HEAD).text == (
        rolecall(*report, "--entity", "communications-office").text
    )


def test_a_vault_at_hand_knows_people_and_accounts_by_name(desk: Desk) -> None:
    called = calling()
    account, person = called["accounts"]["acc-001"], called["people"]["p-007"]
    assert desk.put().status == 0
    shown = desk("reveal", account, "--as", person, *REASON, "--stdout")
    assert shown.status == 0, shown.stderr
    assert str(SECRET["password"]) in shown.text
    denied = desk("reveal", account, "--as", person.lower(), *REASON, "--stdout")
    assert denied.status != 0
    history = desk("history", "acc-001", "--as", "p-007").text
    assert person not in history
    assert "p-007" in history


@begins(None)
def test_a_stack_gets_ids(sky: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("stack_report", "deployed"):
        monkeypatch.setattr(f"rolecall.cli.{module}.open_stack", lambda _: sky.stack())
    ended = rolecall("import", by_names(tmp_path / "named"), "--stack", "s", "--yes")
    assert ended.status == 0, ended.stderr
    assert "note: where the policy names somebody or something, the stack keeps the id" in (
        ended.stderr
    )
    report = night(sky)
    offline = rolecall("audit", EXAMPLE, "--as-of", AS_OF, "--format", "json").json
    assert report["coverage"] == offline["coverage"]
    for part, keys in (("findings", ("id", "evidence_digest")), ("waivers", ("id", "approved_by"))):
        told = [[one[key] for key in keys] for one in report[part]]
        assert told == [[one[key] for key in keys] for one in offline[part]] != []
