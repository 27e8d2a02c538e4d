"""``rolecall plan``: what to do, checked before it is shown."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from rolecall.actions.checking import checked
from tests.functional.command import AS_OF, EXAMPLE, Ended, rolecall
from tests.registries import parish


def plan(*more: object) -> Ended:
    """Plan for the example on the day of its tests."""
    return rolecall("plan", EXAMPLE, "--as-of", AS_OF, *more)


def as_json(*more: object) -> dict[str, Any]:
    """Return a plan as data."""
    ended = plan("--format", "json", *more)
    assert ended.status == 0, ended.stderr
    found: dict[str, Any] = ended.json
    return found


def findings(*more: object) -> list[dict[str, Any]]:
    """Return what an audit of the same day finds."""
    ended = rolecall("audit", EXAMPLE, "--as-of", AS_OF, "--format", "json", *more)
    found: list[dict[str, Any]] = ended.json["findings"]
    return found


def test_a_plan_ends_all_that_stands_and_says_what_follows() -> None:
    made = as_json()
    ids = [id_ for action in made["actions"] for id_ in action["findings"]]
    assert sorted(ids) == sorted(one["id"] for one in findings())
    check = made["check"]
    assert sum(check["ends"].values()) == len(ids)
    assert (check["stays"], check["left"], check["new"]) == ({}, [], [])
    assert {one["control"] for one in check["announced"]} >= {"account-unapproved"}


def test_its_actions_are_those_of_the_audit() -> None:
    ended = rolecall("audit", EXAMPLE, "--as-of", AS_OF, "--format", "json")
    assert as_json()["actions"] == ended.json["actions"]


def test_a_plan_for_one_person_by_name_or_id() -> None:
    made = as_json("--person", "Mateus Winterbourne")
    assert made == as_json("--person", "p-044")
    assert [one["person"] for one in made["actions"]] == ["p-044"]
    stays = sum(made["check"]["stays"].values())
    assert stays == made["check"]["of_other_actions"] > 100
    assert len(made["actions"][0]["findings"]) <= sum(made["check"]["ends"].values())
    # Somebody who is on no roster has an id alone.
    assert as_json("--person", "p-099")["actions"]
    ended = plan("--person", "p-999")
    assert (ended.status, ended.stderr) == (2, "error: the registry has no person p-999\n")


def test_a_plan_for_one_entity_by_name_or_id() -> None:
    made = as_json("--entity", "Southern Deanery")
    assert made == as_json("--entity", "southern-deanery")
    assert made["scope"]["entity"] == "southern-deanery"
    of_one = {one["id"] for one in findings("--entity", "southern-deanery")}
    assert {id_ for one in made["actions"] for id_ in one["findings"]} == of_one
    assert not any(one["for_officers"] for one in made["actions"])
    assert plan("--entity", "nowhere").status == 2


def test_what_is_accepted_needs_nobody(tmp_path: Path) -> None:
    log = tmp_path / "log"
    options = ("--log", log, "--signing-key", tmp_path / "key")
    assert rolecall("audit", EXAMPLE, "--as-of", AS_OF, *options).status == 0
    before = (log / "records.jsonl").read_bytes()
    accepted = {one["id"] for one in findings(*options) if one["status"] == "waived"}
    made = as_json("--log", log)
    assert accepted
    assert not accepted & {id_ for one in made["actions"] for id_ in one["findings"]}
    assert (log / "records.jsonl").read_bytes().startswith(before)
    assert plan("--log", tmp_path / "nowhere").status == 2
    assert not (tmp_path / "nowhere").exists()


def test_a_table_says_what_how_and_that_it_was_checked() -> None:
    text = plan("--person", "p-044").text
    assert re.search(r"^  1\. critical  Take Mateus Winterbourne's access to ", text, re.MULTILINE)
    flat = " ".join(text.split())
    assert (
        "First: recover Instagram @stbrigidyouth (nobody who serves has full control of it) and "
        "give Fr. Declan Mwangi-Poole and Chiara Abimbola-Reyes full control of the account."
    ) in flat
    assert "- To record: In grants: revoked_on" in flat
    assert "Checked: the registry as it would be afterwards was audited once more." in flat
    assert re.search(r"\d+ findings stay: .* are of other actions, which were not asked", flat)
    assert max(map(len, text.splitlines())) <= 80


def test_markdown_in_spanish() -> None:
    text = plan("--person", "p-044", "--format", "md", "--language", "es").text.replace(
        "\u2060", ""
    )
    assert text.startswith("# Qué hacer al 2 de noviembre de 2026, 0:00 UTC\n")
    assert "\n## 1. Retire el acceso de Mateus Winterbourne a Instagram @stbrigidyouth" in text
    assert "\nInstagram @stbrigidyouth <https://instagram.example/stbrigidyouth>\n" in text
    assert "\nComprobado: " in text


def test_where_nothing_stands_nothing_is_to_do(tmp_path: Path) -> None:
    registry = parish().write(tmp_path)
    ended = rolecall("plan", registry, "--as-of", AS_OF)
    assert ended.status == 0
    assert "Nothing stands that anything could be done about." in ended.text
    made = rolecall("plan", registry, "--as-of", AS_OF, "--format", "json").json
    assert (made["actions"], made["check"]["ends"]) == ([], {})


def test_what_would_not_end_is_said_to_stay() -> None:
    def undone(actions: Any, *rest: Any) -> Any:
        # The first action is carried out by nobody.
        result = checked(actions[1:], *rest)
        missing = sorted(set(actions[0].findings) - result.ended)
        return type(result)(result.ended, missing, result.new, result.announced)

    with patch("rolecall.usecases.runs.checked_plan.checked", undone):
        text = " ".join(plan("--person", "p-044").text.split())
    assert re.search(r"\d+ findings would not end, as the audit of the registry afterwards", text)


@pytest.mark.parametrize("format_", ["table", "json", "md"])
def test_a_plan_goes_into_a_file(tmp_path: Path, format_: str) -> None:
    target = tmp_path / "plan"
    ended = plan("--format", format_, "--output", target)
    assert (ended.status, ended.stdout) == (0, b"")
    assert target.read_bytes() == plan("--format", format_).stdout
    if format_ == "json":
        json.loads(target.read_bytes())
