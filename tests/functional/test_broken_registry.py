"""A table that holds what no file could: the night says what is wrong, and looks at the rest."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import msgspec
import pytest

from rolecall.aws.registry import WAIVERS
from rolecall.cli import deployed
from rolecall.errors import UsageError
from rolecall.lineage import MOST_LEVELS
from rolecall.model import Incident
from rolecall.registry.documents import (
    SETTINGS,
    account_key_of,
    accounts_of,
    documents,
    entity_key,
    person_key,
)
from rolecall.usecases.runs.integrity import MOST_TOLD
from tests.api import NIGHT, call, registry, who, with_units
from tests.cloud import Cloud, begins
from tests.cloud_nights import night, verify
from tests.tiers import some

Break = Callable[[Cloud], None]


def write(sky: Cloud, partition: str, key: str, document: Any) -> None:
    """Write an item past Rolecall."""
    text = document if isinstance(document, str) else json.dumps(document)
    item = {"pk": {"S": partition}, "sk": {"S": key}, "v": {"N": "7"}, "doc": {"S": text}}
    boto3.client("dynamodb").put_item(TableName=sky.outputs["RegistryTable"], Item=item)


def change(sky: Cloud, partition: str, key: str, **fields: Any) -> None:
    """Change fields of a document past Rolecall; those of an account, of the account itself."""
    row = sky.stack().registry.table.get(partition, key)
    assert row is not None
    document = json.loads(row.data)
    document.get("account", document).update(fields)
    write(sky, partition, key, document)


def twin(sky: Cloud) -> None:
    row = sky.stack().registry.account("page-mid")
    assert row is not None
    document = json.loads(row.data)
    document["account"]["entity_id"] = "leaf"
    document["grants"] = []
    write(sky, accounts_of("leaf"), account_key_of("page-mid"), document)


def circle(sky: Cloud) -> None:
    change(sky, *entity_key("top"), parent_id="leaf")


def deep(sky: Cloud) -> None:
    for number in range(MOST_LEVELS):
        above = f"d{number - 1}" if number else "leaf"
        id_ = f"d{number}"
        write(sky, *entity_key(id_), {"id": id_, "name": id_, "parent_id": above})


def orphan(sky: Cloud) -> None:
    change(sky, *entity_key("leaf"), parent_id="nowhere")


def homeless(sky: Cloud) -> None:
    change(sky, accounts_of("mid"), account_key_of("page-mid"), entity_id="nowhere")


def stranger(sky: Cloud) -> None:
    change(sky, *person_key("boss-mid"), entity_id="nowhere")


def unreadable(sky: Cloud) -> None:
    write(sky, accounts_of("mid"), account_key_of("page-mid"), '{"account": {"id": "page-mid"}}')


def garbage(sky: Cloud) -> None:
    write(sky, *person_key("boss-mid"), "{" * 5_000)


def unknown_word(sky: Cloud) -> None:
    change(sky, *entity_key("leaf"), name=7)


def empty(sky: Cloud) -> None:
    write(sky, "SEEN#0", "facebook#x#000000", {"rows": []})


def two_grants(sky: Cloud) -> None:
    where = accounts_of("mid"), account_key_of("page-mid")
    row = sky.stack().registry.table.get(*where)
    assert row is not None
    document = json.loads(row.data)
    document["grants"] += [{**document["grants"][0], "granted_on": "2020-01-01"}]
    write(sky, *where, document)


def two_logins(sky: Cloud) -> None:
    where = accounts_of("leaf"), account_key_of("page-leaf")
    row = sky.stack().registry.table.get(*where)
    assert row is not None
    document = json.loads(row.data)
    document["logins"][0]["id"] = "login-mid"
    write(sky, *where, document)


def two_incidents(sky: Cloud) -> None:
    case = {"id": "case", "opened_at": "2020-01-01T00:00:00Z", "due_on": "2020-02-01"}
    for unit in ("mid", "leaf"):
        where = accounts_of(unit), account_key_of(f"page-{unit}")
        row = sky.stack().registry.table.get(*where)
        assert row is not None
        document = json.loads(row.data)
        document["incidents"] = [{**case, "account_id": f"page-{unit}"}]
        write(sky, *where, document)
    settings = sky.stack().registry.table.get("SETTINGS", "REGISTRY")
    assert settings is not None
    known = json.loads(settings.data)
    tracked = [f"incidents.{name}" for name in Incident.__struct_fields__]
    write(sky, "SETTINGS", "REGISTRY", {**known, "tracked": sorted({*known["tracked"], *tracked})})


def two_contents(sky: Cloud) -> None:
    for unit in ("mid", "leaf"):
        where = accounts_of(unit), account_key_of(f"page-{unit}")
        row = sky.stack().registry.table.get(*where)
        assert row is not None
        document = json.loads(row.data)
        document["contents"] = [{"id": "post", "account_id": f"page-{unit}"}]
        write(sky, *where, document)


BROKEN: dict[Break, tuple[str, str, str]] = {
    twin: ("accounts", "page-mid", "is of more than one entity (leaf, mid); that of mid counts"),
    circle: ("entities", "", "goes round in a circle: "),
    deep: ("entities", f"d{MOST_LEVELS - 3}", f"lies more than {MOST_LEVELS} levels deep"),
    orphan: ("entities", "leaf", "is below nowhere, which there is not"),
    homeless: ("accounts", "page-mid", "is of nowhere, which there is not"),
    stranger: ("people", "boss-mid", "is of nowhere, which there is not"),
    unreadable: ("accounts", "page-mid", "cannot be read, and is left out"),
    garbage: ("people", "document ", "cannot be read, and is left out"),
    unknown_word: ("entities", "leaf", "cannot be read, and is left out"),
    two_grants: ("accounts", "page-mid", "has 2 live grants on it"),
    two_incidents: ("incidents", "case", "is the id of more than one row"),
    two_contents: ("contents", "post", "is the id of more than one row"),
    two_logins: ("logins", "login-mid", "is the id of more than one row"),
}


@pytest.mark.parametrize("broken", some(BROKEN), ids=lambda one: one.__name__)
@begins(with_units)
def test_a_broken_registry_is_a_problem_of_the_run(sky: Cloud, broken: Break) -> None:
    before = night(sky, NIGHT)
    assert "problems" not in before
    broken(sky)
    report = night(sky, NIGHT.replace(hour=10))
    table, id_, message = BROKEN[broken]
    assert report["problems"]["count"] == len(report["problems"]["first"])
    told = [one for one in report["problems"]["first"] if message in one["message"]]
    assert told
    assert {one["table"] for one in told} == {table}
    assert all(one["id"].startswith(id_) for one in told)
    # The rest was audited: what stood of another entity stands, and nothing ended by being gone.
    sib = {one["id"] for one in before["findings"] if one["entity"] == "sib"}
    assert sib
    assert sib <= {one["id"] for one in report["findings"] if one["status"] == "open"}
    if broken in (twin, unreadable, garbage, unknown_word):
        assert not [one for one in report["findings"] if one["resolution"] == "gone"]
    verify(sky)


@begins(with_units)
def test_an_empty_document_of_observations_is_no_problem(sky: Cloud) -> None:
    empty(sky)
    assert "problems" not in night(sky, NIGHT)


@begins(with_units)
def test_very_many_problems_are_counted_and_the_first_named(sky: Cloud) -> None:
    for number in range(MOST_TOLD + 5):
        id_ = f"x{number:03}"
        write(sky, *person_key(id_), {"id": id_, "name": id_})
    report = night(sky, NIGHT)
    assert report["problems"]["count"] == MOST_TOLD + 5
    assert len(report["problems"]["first"]) == MOST_TOLD


@begins(with_units)
def test_nobody_gains_by_a_second_copy_of_an_account(sky: Cloud) -> None:
    """A copy below another entity gives that one's head nothing: the claim says whose it is."""
    twin(sky)
    api = sky.function("api")
    assert call(api, "GET", "/v1/accounts/page-mid", who("head-leaf")).status == 404
    assert call(api, "GET", "/v1/accounts/page-mid", who("head-mid")).status == 200
    found = sky.stack().registry.account("page-mid")
    assert found is not None
    assert found.partition == accounts_of("mid")
    # An import of what is right puts it right.
    target = sky.stack().registry
    target.apply(target.compare(documents(registry(), None)))
    assert "problems" not in night(sky, NIGHT)


@pytest.mark.parametrize("broken", [circle, deep], ids=lambda one: one.__name__)
@begins(with_units)
def test_the_api_answers_whatever_the_tree_is(sky: Cloud, broken: Break) -> None:
    broken(sky)
    api = sky.function("api")
    for person in ("head-top", "head-mid", "head-leaf", "head-sib"):
        assert call(api, "GET", "/v1/me", who(person)).status == 200
        assert call(api, "GET", "/v1/accounts", who(person)).status == 200
    assert call(api, "GET", "/v1/entities", who("officer", "compliance")).status == 200


# -- what is no row of a table -------------------------------------------------------------------

UNREADABLE = ["{" * 5_000, '{"state": "perhaps"}']
WAIVER = """
[[waivers]]
control = "{control}"
account = "{account}"
reason = "the parish has no other account"
approved_by = ["officer", "clerk"]
expires = 2999-01-01
"""
OURS = '[policy]\nname = "ours"\n'


def bring_with(sky: Cloud, policy: str | None) -> None:
    """Import the registry with a policy."""
    target = sky.stack().registry
    target.apply(target.compare(documents(registry(), policy)))


def statuses(report: dict[str, Any]) -> dict[str, str]:
    return {one["id"]: one["status"] for one in report["findings"]}


@begins(with_units)
def test_what_cannot_be_read_of_waivers_accepts_nothing(sky: Cloud) -> None:
    """Nor does a waiver of the policy's text: that it was withdrawn may be what cannot be read."""
    before = night(sky, NIGHT)
    assert "problems" not in before
    one, other = [
        found
        for found in before["findings"]
        if found["subject"]["kind"] == "account" and found["severity"] != "critical"
    ][:2]
    both = "".join(
        WAIVER.format(control=found["control"], account=found["subject"]["account"])
        for found in (one, other)
    )
    bring_with(sky, f"{OURS}{both}")
    held = night(sky, NIGHT + timedelta(hours=1))
    assert {statuses(held)[found["id"]] for found in (one, other)} == {"waived"}
    for hour, text in enumerate(UNREADABLE, 2):
        write(sky, WAIVERS, one["id"], text)
        report = night(sky, NIGHT + timedelta(hours=hour))
        (told,) = report["problems"]["first"]
        assert (told["table"], told["id"]) == ("waivers", one["id"])
        assert told["message"] == "cannot be read, and accepts nothing"
        assert statuses(report)[one["id"]] in ("new", "open")
        assert statuses(report)[other["id"]] == "waived"
        assert report["run"]["policy"]["digest"] != held["run"]["policy"]["digest"]
    verify(sky)


@begins(with_units)
def test_an_export_says_which_waivers_it_leaves_out(
    sky: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(deployed, "open_stack", lambda _: sky.stack())
    deployed.export_registry(tmp_path / "whole", "any")
    assert "left out" not in capsys.readouterr().err
    write(sky, WAIVERS, "f" * 12, UNREADABLE[0])
    deployed.export_registry(tmp_path / "part", "any")
    assert f"of {'f' * 12} cannot be read, and is left out" in capsys.readouterr().err


@begins(with_units)
def test_a_policy_that_cannot_be_read_leaves_that_of_the_last_run(sky: Cloud) -> None:
    limits = f"{OURS}[controls.sole-administrator]\nenabled = false\n"
    bring_with(sky, limits)
    before = night(sky, NIGHT)
    row = sky.stack().registry.table.get(*SETTINGS)
    assert row is not None
    right = json.loads(row.data)
    broken = [UNREADABLE[0], {**right, "policy": "name = "}]
    for hour, document in enumerate(broken, 1):
        write(sky, *SETTINGS, document)
        report = night(sky, NIGHT + timedelta(hours=hour))
        (told,) = report["problems"]["first"]
        assert (told["table"], told["id"]) == ("settings", "policy")
        assert told["message"].startswith("cannot be read; the policy of run ")
        assert report["run"]["policy"] == before["run"]["policy"]
        assert set(statuses(report).values()) == {"open"}
        assert statuses(report).keys() == statuses(before).keys()
    # As long as nobody imports it; then it is as it was.
    bring_with(sky, limits)
    assert "problems" not in night(sky, NIGHT + timedelta(hours=40))
    # Nor does it end when somebody deleted it.
    where = {"pk": {"S": SETTINGS.partition}, "sk": {"S": SETTINGS.key}}
    boto3.client("dynamodb").delete_item(TableName=sky.outputs["RegistryTable"], Key=where)
    assert night(sky, NIGHT + timedelta(hours=41))["problems"]["count"] == 1
    verify(sky)


@begins(with_units)
def test_a_policy_that_is_not_on_record_is_not_taken(sky: Cloud) -> None:
    bring_with(sky, OURS)
    # There was no run yet.
    write(sky, *SETTINGS, "{")
    with pytest.raises(msgspec.DecodeError):
        night(sky, NIGHT)
    bring_with(sky, OURS)
    night(sky, NIGHT)
    write(sky, *SETTINGS, "{")
    tables, name = boto3.client("dynamodb"), sky.outputs["FindingsTable"]
    key = {"pk": {"S": "RUNS"}, "sk": {"S": "POLICY"}}
    kept = tables.get_item(TableName=name, Key=key)["Item"]
    for changed in (
        kept["doc"]["S"].replace("ours", "theirs"),
        kept["doc"]["S"].replace('"digest":"', '"digest":"0'),
    ):
        assert changed != kept["doc"]["S"]
        tables.put_item(TableName=name, Item={**kept, "doc": {"S": changed}})
        with pytest.raises((UsageError, msgspec.DecodeError)):
            night(sky, NIGHT + timedelta(hours=1))
    tables.put_item(TableName=name, Item=kept)
    assert night(sky, NIGHT + timedelta(hours=1))["problems"]["count"] == 1
