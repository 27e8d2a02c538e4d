"""What a table lost comes back from a restored copy, and nothing else changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import boto3
import pytest
from msgspec.structs import replace

from rolecall.aws import remote
from rolecall.aws.claims import account_claim
from rolecall.aws.links import LINKS
from rolecall.aws.restoring import copied_items, restoration
from rolecall.aws.stack import Stack
from rolecall.errors import LogConflictError, LogForkError
from rolecall.ledger.log import records
from rolecall.ledger.sealing import seal_all
from rolecall.model import Snapshot
from rolecall.registry.documents import account_key_of, accounts_of, entity_key, person_key
from rolecall.ring import WHOLE
from tests.api import bring, call, registry, who, with_units
from tests.cloud import NOW, SIGNER, Cloud, begins, cloud
from tests.cloud_nights import after_a_night, night, verify
from tests.functional.command import Ended, rolecall
from tests.registries import AS_OF

VIA = "arn:aws:sts::123456789012:assumed-role/administrator/session"


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Cloud], None]:
    """Return what has the command line find a stack."""

    def there(sky: Cloud) -> None:
        monkeypatch.setattr(remote, "find_stack", lambda _, now: Stack(sky.outputs, now))

    return there


def copy_of(sky: Cloud, output: str, name: str = "copy") -> list[dict[str, Any]]:
    """Copy a table, as a restore to this moment would; return its items."""
    tables = boto3.client("dynamodb")
    described = tables.describe_table(TableName=sky.outputs[output])["Table"]
    tables.create_table(
        TableName=name,
        KeySchema=described["KeySchema"],
        AttributeDefinitions=described["AttributeDefinitions"],
        GlobalSecondaryIndexes=[
            {part: index[part] for part in ("IndexName", "KeySchema", "Projection")}
            for index in described["GlobalSecondaryIndexes"]
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    items = list(copied_items(sky.outputs[output]))
    for item in items:
        tables.put_item(TableName=name, Item=item)
    return items


def lose(sky: Cloud, output: str, *places: tuple[str, str]) -> None:
    """Delete items past Rolecall."""
    for partition, key in places:
        boto3.client("dynamodb").delete_item(
            TableName=sky.outputs[output], Key={"pk": {"S": partition}, "sk": {"S": key}}
        )


def contents(sky: Cloud) -> dict[tuple[str, str], str]:
    """Return what the registry's table holds, without versions and what says of itself."""
    return {
        (item["pk"]["S"], item["sk"]["S"]): item["doc"]["S"]
        for item in copied_items(sky.outputs["RegistryTable"])
        if item["pk"]["S"] != "TREE" and not item["pk"]["S"].startswith("REMOVED#")
    }


def restored(*more: str) -> Ended:
    return rolecall("restore", "copy", "--stack", "test", "--table", "registry", *more)


# -- the log -------------------------------------------------------------------------------------


def test_a_log_that_was_rolled_back_is_refused_and_mended() -> None:
    with cloud(after_a_night) as sky:
        tables = boto3.client("dynamodb")
        name = sky.outputs["AuditLogTable"]
        early = list(copied_items(name))
        night(sky, AS_OF.replace(hour=1))
        before = verify(sky)
        late = copy_of(sky, "AuditLogTable")
        # Somebody restores yesterday's table in place of today's.
        kept = {(item["pk"]["S"], item["sk"]["S"]) for item in early}
        for item in late:
            key = {"pk": item["pk"], "sk": item["sk"]}
            if (item["pk"]["S"], item["sk"]["S"]) not in kept:
                tables.delete_item(TableName=name, Key=key)
        head = next(item for item in early if item["pk"]["S"] == "HEAD")
        tables.put_item(TableName=name, Item=head)
        with pytest.raises(LogForkError, match="rolled back"):
            seal_all(sky.stack().log, SIGNER)
        found = restoration(sky.stack(), "log", "copy")
        assert (found.seen, len(found.missing)) == (len(late), len(late) - len(early))
        found.write(sky.stack(), NOW, VIA)
        assert not restoration(sky.stack(), "log", "copy")
        # The head is the one item that changes: it is put right by hand, as the runbook says.
        with pytest.raises(LogForkError):
            seal_all(sky.stack().log, SIGNER)
        right = next(item for item in copied_items("copy") if item["pk"]["S"] == "HEAD")
        tables.put_item(TableName=name, Item=right)
        assert verify(sky) == before
        assert seal_all(sky.stack().log, SIGNER) is not None
        assert verify(sky) == before


def test_findings_that_were_lost_are_rebuilt_from_the_log(
    deployed: Callable[[Cloud], None],
) -> None:
    with cloud(after_a_night) as sky:
        deployed(sky)
        first = sky.begun
        stack = sky.stack()
        before = {known.finding.id: known for known in stack.findings.known(WHOLE)}
        places = [
            (item["pk"]["S"], item["sk"]["S"])
            for item in copied_items(sky.outputs["FindingsTable"])
            if item["pk"]["S"].startswith("PLACE#")
        ]
        lose(sky, "FindingsTable", *places)
        with pytest.raises(LogConflictError):
            night(sky, AS_OF.replace(hour=1))
        told = f"{len(before):,} findings in the log; missing or behind: {len(before):,}"
        dry = rolecall("rebuild", "--stack", "test", "--dry-run")
        assert (dry.status, told in dry.text) == (0, True)
        assert dry.text.splitlines()[-1] == "nothing was changed"
        assert list(sky.stack().findings.known(WHOLE)) == []
        assert told in rolecall("rebuild", "--stack", "test").text
        again = rolecall("rebuild", "--stack", "test").text
        assert again == f"{len(before):,} findings in the log; missing or behind: 0\n"
        after = {known.finding.id: known for known in sky.stack().findings.known(WHOLE)}
        assert after == before
        later = night(sky, AS_OF.replace(hour=2))
        assert [one["id"] for one in later["findings"]] == [one["id"] for one in first["findings"]]
        assert {one["status"] for one in later["findings"]} == {"open", "waived"}
        verify(sky)


# -- the registry --------------------------------------------------------------------------------

LOST = [
    entity_key("leaf"),
    person_key("boss-mid"),
    (accounts_of("leaf"), account_key_of("page-leaf")),
]


@begins(with_units)
def test_what_a_registry_lost_comes_back(sky: Cloud, deployed: Callable[[Cloud], None]) -> None:
    deployed(sky)
    before = contents(sky)
    copy_of(sky, "RegistryTable")
    derived = [
        where
        for where in before
        if where[0] in LINKS or where[0].startswith(("CLAIMS#", "HOLDERS#"))
    ]
    lose(sky, "RegistryTable", *LOST, *derived)
    half = contents(sky)
    assert len(half) == len(before) - len(LOST) - len(derived)
    dry = restored("--dry-run")
    assert dry.status == 0, dry.stderr
    assert ", 3 missing\n" in dry.text
    assert "  accounts: 1\n" in dry.text
    assert dry.text.splitlines()[-1] == "nothing was changed"
    assert contents(sky) == half
    assert restored("--yes").status == 0
    assert contents(sky) == before
    assert restored().text.splitlines()[-1] == "nothing is missing"
    (told,) = [one for one in records(sky.stack().log) if one.action == "stack.restored"]
    assert told.payload["items"] == {"ENTITIES": 1, "PEOPLE": 1, "ENTITY": 1}
    assert told.payload["via"].startswith("arn:aws:")
    assert "problems" not in night(sky)
    verify(sky)


def moved(snapshot: Snapshot) -> Snapshot:
    """Return the registry in which a page goes to another entity."""
    accounts = tuple(
        replace(one, entity_id="sib") if one.id == "page-mid" else one for one in snapshot.accounts
    )
    return replace(snapshot, accounts=accounts)


PAGE = (accounts_of("sib"), account_key_of("page-mid"))


@pytest.mark.parametrize("more", [(), ("--removed",)], ids=["", "removed"])
@pytest.mark.parametrize(
    ("lost", "why"),
    [
        ((), "is of sib by now"),
        ((person_key("boss-mid"),), "is of sib by now"),
        # The account itself, where it is by now.
        ((PAGE,), "is of sib by now"),
        # And what says where it is: then nothing says that it did not stay where it was.
        ((PAGE, account_claim("page-mid")), "was removed by an import"),
    ],
    ids=["there", "a person", "the account", "the account and its claim"],
)
@begins(with_units)
def test_an_account_that_moved_does_not_come_back_to_where_it_was(
    sky: Cloud,
    deployed: Callable[[Cloud], None],
    lost: Sequence[tuple[str, str]],
    why: str,
    more: tuple[str, ...],
) -> None:
    """Its place is another by now, and the head of the former one has no business with it."""
    deployed(sky)
    copy_of(sky, "RegistryTable")
    bring(sky, moved(registry()))
    lose(sky, "RegistryTable", *lost)
    before = contents(sky)
    done = restored("--yes", *more)
    assert done.status == 0, done.stderr
    if more and len(lost) == 2:
        # Whoever asks for what was removed gets it as it was; the dry run shows it.
        assert "not put back" not in done.text
        return
    assert f"not put back: page-mid {why}" in done.text
    after = contents(sky)
    assert before.keys() <= after.keys()
    assert {one for one in after if one not in before} == set(lost) - {
        PAGE,
        account_claim("page-mid"),
    }
    api = sky.function("api")
    assert call(api, "GET", "/v1/accounts/page-mid", who("it-mid")).status == 404
    expected = 404 if PAGE in lost else 200
    assert call(api, "GET", "/v1/accounts/page-mid", who("head-sib")).status == expected
    bring(sky, moved(registry()))
    assert call(api, "GET", "/v1/accounts/page-mid", who("head-sib")).status == 200
    assert call(api, "GET", "/v1/accounts/page-mid", who("it-mid")).status == 404
    assert "problems" not in night(sky)


@begins(with_units)
def test_an_account_that_moved_and_moved_back_comes_back(
    sky: Cloud, deployed: Callable[[Cloud], None]
) -> None:
    deployed(sky)
    copy_of(sky, "RegistryTable")
    bring(sky, moved(registry()))
    bring(sky, registry())
    before = contents(sky)
    lose(sky, "RegistryTable", (accounts_of("mid"), account_key_of("page-mid")))
    assert restored("--yes").status == 0
    assert contents(sky) == before


def smaller(snapshot: Snapshot) -> Snapshot:
    """Return the registry without an entity, its account and a person."""
    return replace(
        snapshot,
        entities=tuple(one for one in snapshot.entities if one.id != "leaf"),
        people=tuple(
            one for one in snapshot.people if one.id != "boss-mid" and one.entity_id != "leaf"
        ),
        accounts=tuple(one for one in snapshot.accounts if one.id != "page-leaf"),
        grants=tuple(one for one in snapshot.grants if one.account_id != "page-leaf"),
        logins=tuple(one for one in snapshot.logins if one.account_id != "page-leaf"),
    )


@begins(with_units)
def test_what_an_import_removed_comes_back_when_asked_for_alone(
    sky: Cloud, deployed: Callable[[Cloud], None]
) -> None:
    deployed(sky)
    whole = contents(sky)
    copy_of(sky, "RegistryTable")
    bring(sky, smaller(registry()))
    after = contents(sky)
    done = restored("--yes")
    assert done.text.splitlines()[-1] == "nothing is missing"
    assert "not put back: boss-mid was removed by an import" in done.text
    assert "not put back: page-leaf was removed by an import" in done.text
    assert contents(sky) == after
    api = sky.function("api")
    assert call(api, "GET", "/v1/me", who("boss-mid")).status == 403
    assert restored("--removed", "--yes").status == 0
    assert contents(sky) == whole
    assert "problems" not in night(sky)


@begins(with_units)
def test_what_would_be_no_tree_stays_away(sky: Cloud, deployed: Callable[[Cloud], None]) -> None:
    deployed(sky)
    copy_of(sky, "RegistryTable")
    # Since the copy the tree was turned round; then somebody loses what was in the middle.
    known = registry()
    parents = {"top": "leaf", "mid": None, "leaf": None, "sib": "leaf"}
    turned = tuple(replace(one, parent_id=parents[one.id]) for one in known.entities)
    bring(sky, replace(known, entities=turned))
    lose(sky, "RegistryTable", entity_key("mid"))
    lose(sky, "RegistryTable", entity_key("leaf"))
    done = restored("--yes")
    assert done.status == 0, done.stderr
    assert "not put back: mid would make parents a circle" in done.text
    assert "not put back: leaf would make parents a circle" in done.text
    assert "page-mid" not in done.text


# -- who signs in ----------------------------------------------------------------------------------


@begins(with_units)
def test_a_sign_in_that_was_replaced_does_not_come_back(
    sky: Cloud, deployed: Callable[[Cloud], None]
) -> None:
    deployed(sky)
    api = sky.function("api")
    for person in ("head-mid", "it-mid"):
        assert call(api, "GET", "/v1/me", who(person)).status == 200
    items = copy_of(sky, "DeskTable")
    subjects = {item["doc"]["S"]: item["pk"]["S"] for item in items if "SUB" in item["pk"]["S"]}
    lose(sky, "DeskTable", *((place, "-") for place in subjects.values()))
    # One of the two signs in as another subject since.
    tables, name = boto3.client("dynamodb"), sky.outputs["DeskTable"]
    key = {"pk": {"S": "PERSON#head-mid"}, "sk": {"S": "-"}}
    tables.put_item(TableName=name, Item={**key, "v": {"N": "2"}, "doc": {"S": '"other"'}})
    done = rolecall("restore", "copy", "--stack", "test", "--table", "desk", "--yes")
    assert done.status == 0, done.stderr
    assert "head-mid signs in as another subject by now" in done.text
    there = {item["pk"]["S"] for item in copied_items(name)}
    assert subjects['"it-mid"'] in there
    assert subjects['"head-mid"'] not in there
