"""``rolecall upgrade``: a stack that an earlier release left is brought along, whatever happens."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from unittest import mock

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from msgspec.structs import replace

from rolecall import __version__
from rolecall.aws import formats, remote
from rolecall.aws.clients import client
from rolecall.aws.formats import FORMATS, read_format
from rolecall.aws.stack import Stack
from rolecall.aws.table import Write, put
from rolecall.aws.upgrades import offices, upgrade
from rolecall.aws.upgrades.step import UpgradeStep
from rolecall.aws.upgrades.upgrade import STEPS, Upgrade
from rolecall.errors import FormatError, StorageError
from rolecall.ledger.log import records
from rolecall.registry.documents import PEOPLE, snapshot_of
from tests.api import OFFICES, call, registry, who
from tests.cloud import NOW, ROOT, Cloud, Invocation, cloud, resources, template
from tests.cloud_nights import bring_in, night, plan, verify
from tests.faults import Call, Sabotage, sabotaged
from tests.functional.command import EXAMPLE, Ended, rolecall
from tests.functional.test_faults import before, broken
from tests.functional.test_releases import goes_on
from tests.registries import AS_OF
from tests.releases.make import ask
from tests.releases.stored import RELEASES, Release, restored
from tests.tiers import cases

VIA = "arn:aws:sts::123456789012:assumed-role/operator/session"
NAMES = ("compliance", "registrar")
REASON = {"reason": "no longer serves in this office"}


def numbers(sky: Cloud) -> dict[str, int]:
    """Return the formats of the tables."""
    client = boto3.client("dynamodb")
    return {output: read_format(client, output, sky.outputs[output]).number for output in FORMATS}


def upgraded(sky: Cloud) -> list[dict[str, Any]]:
    """Return what the log says of upgrades."""
    found = [one for one in records(sky.stack().log) if one.action == "stack.upgraded"]
    assert {one.actor for one in found} <= {"upgrade"}
    return [one.payload for one in found]


def put_format(sky: Cloud, output: str, number: int) -> None:
    """Have a table be of a format."""
    item = {"pk": {"S": "FORMAT"}, "sk": {"S": "-"}, "v": {"N": str(number)}, "doc": {"S": "{}"}}
    boto3.client("dynamodb").put_item(TableName=sky.outputs[output], Item=item)


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the nights under way, as AWS would list them; there is a stack of this release."""
    found: list[str] = []

    class Machines:
        def list_executions(self, **asked: Any) -> dict[str, list[str]]:
            assert asked["statusFilter"] == "RUNNING"
            return {"executions": found}

    def made(name: str) -> Any:
        return Machines() if name == "stepfunctions" else client(name)

    monkeypatch.setattr(upgrade, "client", made)
    return found


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what has the command line find a stack."""

    def there(sky: Cloud, release: str | None = __version__, **more: str) -> None:
        # Without a pool of its own: whose groups an issuer has is not looked at.
        outputs = {**sky.outputs, "GroupsClaim": "groups", "Issuer": "https://issuer.example"}
        names = {f"{one.title()}GroupName": getattr(OFFICES, one) for one in NAMES}
        outputs |= {**names, **({"Release": release} if release else {}), **more}
        monkeypatch.setattr(remote, "find_stack", lambda _, now: Stack(outputs, now))

    return there


# -- the stack that a release left ---------------------------------------------------------------


@pytest.mark.parametrize("release", RELEASES, ids=repr)
@pytest.mark.usefixtures("running")
def test_a_stack_of_an_earlier_release_is_brought_along(
    release: Release, deployed: Callable[..., None]
) -> None:
    with restored(release) as sky:
        deployed(sky)
        before = numbers(sky)
        steps = [step for step in STEPS if step.to > before[step.table]]
        dry = rolecall("upgrade", "--stack", "test", "--dry-run")
        assert dry.status == 0, dry.stderr
        assert dry.text.splitlines()[-1] == "nothing was changed"
        assert len(re.findall(r" format \d to \d: ", dry.text)) == len(steps)
        assert (numbers(sky), upgraded(sky)) == (before, [])
        done = rolecall("upgrade", "--stack", "test")
        assert done.status == 0, done.stderr
        assert f"upgraded test: {len(steps)} steps, each on record" in done.text
        assert numbers(sky) == FORMATS
        told = upgraded(sky)
        assert [(one["table"], one["from"], one["to"]) for one in told] == [
            (step.table, step.to - 1, step.to) for step in steps
        ]
        assert {one["rolecall"] for one in told} == {__version__}
        assert all(one["via"].startswith("arn:aws:") for one in told)
        again = rolecall("upgrade", "--stack", "test")
        assert again.text == "test is up to date\n"
        goes_on(sky)


@pytest.mark.usefixtures("running")
def test_a_stack_of_another_release_is_left_alone(deployed: Callable[..., None]) -> None:
    with restored(RELEASES[0]) as sky:
        for other in (None, "99.0.0"):
            deployed(sky, other)
            ended = rolecall("upgrade", "--stack", "test")
            assert ended.status == 2
            assert f"the stack runs release {other or '0.1.0'}, and this is" in ended.stderr
            assert "deploy this release first" in ended.stderr
        assert set(numbers(sky).values()) == {1}


def test_no_night_may_be_under_way(deployed: Callable[..., None], running: list[str]) -> None:
    running.append("night")
    with restored(RELEASES[0]) as sky:
        deployed(sky)
        ended = rolecall("upgrade", "--stack", "test")
        assert (ended.status, "a night is under way" in ended.stderr) == (2, True)
        assert set(numbers(sky).values()) == {1}


def test_the_template_says_which_release_it_is() -> None:
    assert template()["Outputs"]["Release"]["Value"] == __version__


def test_every_table_has_a_format_and_a_step_to_each() -> None:
    assert set(FORMATS) == set(resources("AWS::DynamoDB::Table"))
    for table, number in FORMATS.items():
        steps = [step.to for step in STEPS if step.table == table]
        assert steps == list(range(2, number + 1)), table
    # Each format has a module of its own, which says what it is.
    folder = ROOT / "layers" / "rolecall" / "rolecall" / "aws" / "upgrades"
    modules = {path.stem for path in folder.glob("format_*")}
    assert modules == {f"format_{number}" for number in range(2, max(FORMATS.values()) + 1)}


# -- interrupted -----------------------------------------------------------------------------------


def marked(stack: Stack) -> Iterator[Sequence[Write]]:
    """Yield what is to be written so that every person has a mark, one by one."""
    table = stack.registry.table
    for partition in PEOPLE:
        for row in table.query(partition, consistent=True):
            document = json.loads(row.data)
            if "mark" not in document:
                data = json.dumps({**document, "mark": True}).encode()
                yield [put(table.name, row.partition, row.key, data, version=row.version)]


NEXT = FORMATS["RegistryTable"] + 1
LATER = (
    *STEPS,
    UpgradeStep(table="RegistryTable", to=NEXT, title="people are marked", changes=marked),
)
LATER_FORMATS = {**FORMATS, "RegistryTable": NEXT}


MOMENTS = count()


def moment() -> datetime:
    """Return another instant each time, as who starts again has it: no two events are the same."""
    return NOW + timedelta(seconds=next(MOMENTS))


def upgrade_once(sky: Cloud) -> list[UpgradeStep]:
    """Upgrade to a format that there is not yet, as a new process does it."""
    return list(Upgrade(sky.stack(), LATER, LATER_FORMATS).run(moment(), VIA))


def marks(sky: Cloud) -> list[bool]:
    table = sky.stack().registry.table
    return [
        json.loads(row.data).get("mark", False)
        for partition in PEOPLE
        for row in table.query(partition, consistent=True)
    ]


def disturbed(made: Sequence[Call]) -> list[int]:
    """Return the places of the writes at which an upgrade is interrupted."""
    most = cases("reads of a line") or len(made)
    seen = Counter[tuple[str, ...]]()
    places = []
    for place, one in enumerate(made):
        seen[one.site] += 1
        if one.writes and seen[one.site] <= most:
            places.append(place)
    return places


def held(sky: Cloud) -> dict[tuple[str, str], str]:
    """Return what the registry's table has, without the versions of its items."""
    pages = (
        boto3.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=sky.outputs["RegistryTable"])
    )
    items = [item for page in pages for item in page["Items"]]
    return {(item["pk"]["S"], item["sk"]["S"]): item["doc"]["S"] for item in items}


def interrupted(
    stack: Callable[[], AbstractContextManager[Cloud]], work: Callable[[Cloud], Any], steps: int
) -> None:
    """Interrupt an upgrade at each write, and hold what another makes of it against one alone."""
    with stack() as sky:
        with sabotaged(Sabotage()) as counted:
            work(sky)
        alone = held(sky)
    places = disturbed(counted.calls)
    assert places
    assert sum(one.writes for one in counted.calls) >= steps
    for number, place in enumerate(places):
        # Ended before the write, or after it: all that a crash can be.
        ends = ("timeout", "reply lost", "timeout")[number % 2 :][: cases("ends at a write")]
        for fault in ends:
            with stack() as sky:
                with sabotaged(Sabotage(place, fault)), suppress(StorageError, ReadTimeoutError):
                    work(sky)
                before = Counter((one["table"], one["to"]) for one in upgraded(sky))
                assert sum(before.values()) < steps or place == places[-1]
                work(sky)
                once = Counter((one["table"], one["to"]) for one in upgraded(sky))
                assert set(once.values()) == {1}, (place, fault)
                assert (len(once), held(sky)) == (steps, alone), (place, fault)
                assert work(sky) == []


@pytest.mark.parametrize("release", RELEASES, ids=repr)
def test_a_stack_of_a_release_is_upgraded_wherever_it_was_interrupted(release: Release) -> None:
    with restored(release) as sky:
        found = numbers(sky)
    steps = sum(step.to > found[step.table] for step in STEPS)
    interrupted(
        lambda: restored(release), lambda sky: list(Upgrade(sky.stack()).run(moment(), VIA)), steps
    )


@contextmanager
def small() -> Iterator[Cloud]:
    """Give a small stack without formats."""
    with before("plan") as (sky, _):
        yield sky


def test_items_are_changed_wherever_it_was_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(formats.FORMATS, "RegistryTable", NEXT)
    interrupted(small, upgrade_once, len(LATER))
    with small() as sky:
        upgrade_once(sky)
        assert numbers(sky) == LATER_FORMATS
        assert all(marks(sky))


def test_two_at_once_do_each_step_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(formats.FORMATS, "RegistryTable", NEXT)
    with before("plan") as (sky, _):
        one = Upgrade(sky.stack(), LATER, LATER_FORMATS).run(NOW, VIA)
        other = Upgrade(sky.stack(), LATER, LATER_FORMATS).run(NOW, f"{VIA}-2")
        # Each planned its steps before the other had done them.
        assert next(one).to == next(other).to == 2
        assert list(one)[-1].to == list(other)[-1].to == NEXT
        once = Counter((told["table"], told["to"]) for told in upgraded(sky))
        assert once == {(step.table, step.to): 1 for step in LATER}


def test_what_somebody_else_changes_meanwhile_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(formats.FORMATS, "RegistryTable", NEXT)
    with before("plan") as (sky, _):
        edited: list[int] = []

        def meddled(stack: Stack) -> Iterator[Sequence[Write]]:
            for group in marked(stack):
                if not edited:
                    (write,) = group
                    item = dict(write.request["Put"]["Item"])
                    item["v"] = {"N": "7"}
                    document = json.loads(item["doc"]["S"])
                    document.pop("mark")
                    item["doc"] = {"S": json.dumps({**document, "name": "Edited"})}
                    boto3.client("dynamodb").put_item(
                        TableName=sky.outputs["RegistryTable"], Item=item
                    )
                    edited.append(1)
                yield group

        steps = (*STEPS, UpgradeStep(table="RegistryTable", to=NEXT, title="", changes=meddled))
        list(Upgrade(sky.stack(), steps, LATER_FORMATS).run(NOW, VIA))
        assert all(marks(sky))
        people = snapshot_of(sky.stack().registry.documents())[0].people
        assert sum(person.name == "Edited" for person in people) == 1


def test_the_plan_counts_what_is_to_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(formats.FORMATS, "RegistryTable", NEXT)
    with before("plan") as (sky, _):
        planned = Upgrade(sky.stack(), LATER, LATER_FORMATS).planned()
        assert [one.writes for one in planned] == [*(0 for _ in STEPS), len(broken().people)]


# -- a release that is too old ---------------------------------------------------------------------


def test_nobody_writes_into_a_table_of_a_format_that_they_do_not_know(
    deployed: Callable[..., None],
) -> None:
    with cloud() as sky:
        bring_in(sky, registry(), None)
        night(sky, AS_OF)
        told = "in format 99, and this release knows it up to "
        api = sky.function("api")
        head = who("head-mid")
        assert call(api, "GET", "/v1/me", head).status == 200
        for output in FORMATS:
            put_format(sky, output, 99)
        with pytest.raises(FormatError, match=f"FindingsTable is {told}"):
            plan(sky)
        with pytest.raises(FormatError):
            sky.function("seal").handler({"prefix": None}, Invocation())
        deployed(sky)
        ended = rolecall("import", EXAMPLE, "--stack", "test", "--yes")
        assert (ended.status, told in ended.stderr) == (3, True)
        ended = rolecall("upgrade", "--stack", "test")
        assert (ended.status, told in ended.stderr) == (3, True)
        # Even that it was refused cannot be put on record.
        asked = replace(ask("r"), account="page-mid", person="boss-mid", login="login-mid")
        with pytest.raises(FormatError):
            sky.stack().credentials.reveal(asked, "to answer the parents")
        # A function that is started anew serves readers, and says to writers what is the matter.
        api = sky.function("api")
        assert call(api, "GET", "/v1/accounts", head).status == 200
        path = "/v1/accounts/page-mid/grants/boss-mid/revocation"
        for headers in ({}, {"Idempotency-Key": "one"}):
            answer = call(api, "POST", path, head, REASON, headers=headers)
            assert (answer.status, answer.body["type"]) == (503, "urn:rolecall:problem:upgraded")
            assert told in answer.body["detail"]
            assert "a later one upgraded the stack; use that release" in answer.body["detail"]
        assert [one.action for one in records(sky.stack().log)][-1] != "revocation.requested"


def test_a_process_looks_once_and_only_before_it_writes() -> None:
    with cloud() as sky:
        bring_in(sky, registry(), None)
        with counted_formats() as looked:
            api = sky.function("api")
            head = who("head-mid")
            assert call(api, "GET", "/v1/me", head).status == 200
            # Who signs in for the first time is written down.
            assert sorted(looked) == ["AuditLogTable", "DeskTable"]
            for _ in range(3):
                call(api, "GET", "/v1/accounts", head)
            assert len(looked) == 2
            path = "/v1/accounts/page-mid/grants/boss-mid/revocation"
            assert call(api, "POST", path, head, REASON).status == 201
            assert sorted(looked) == ["AuditLogTable", "DeskTable", "RegistryTable"]
            path = path.replace("boss-mid", "person-mid")
            assert call(api, "POST", path, head, REASON).status == 201
            assert len(looked) == 3


@contextmanager
def counted_formats() -> Iterator[list[str]]:
    """Count the tables of which a format is read, as long as the block lasts."""
    looked: list[str] = []

    def read(tables: Any, output: str, name: str) -> Any:
        looked.append(output)
        return read_format(tables, output, name)

    with mock.patch.object(formats, "read_format", read):
        yield looked


# -- a stack that is new ---------------------------------------------------------------------------


def imported(*more: str) -> Ended:
    return rolecall("import", EXAMPLE, "--stack", "test", "--yes", *more)


@pytest.mark.usefixtures("running")
def test_a_new_stack_says_of_which_format_it_is(deployed: Callable[..., None]) -> None:
    with cloud() as sky:
        deployed(sky)
        assert imported("--dry-run").status == 0
        assert set(numbers(sky).values()) == {1}
        ended = imported()
        # Of the registry there is something to say, of formats there is not.
        said = [one for one in ended.stderr.splitlines() if not one.startswith("warning: ")]
        assert (ended.status, said) == (0, [])
        assert numbers(sky) == FORMATS
        assert rolecall("upgrade", "--stack", "test").text == "test is up to date\n"
        assert night(sky)["run"]["number"] == 1
        verify(sky)
        assert upgraded(sky) == []


def test_an_import_does_not_take_a_stack_of_an_earlier_release_for_a_new_one(
    deployed: Callable[..., None],
) -> None:
    with restored(RELEASES[0]) as sky:
        deployed(sky)
        ended = imported()
        assert ended.status == 0, ended.stderr
        assert set(numbers(sky).values()) == {1}
        assert "RegistryTable, FindingsTable" in ended.stderr
        assert "rolecall upgrade brings a stack along" in ended.stderr


def test_an_import_that_was_interrupted_is_of_a_new_stack_still(
    deployed: Callable[..., None],
) -> None:
    with cloud() as sky:
        deployed(sky)
        # The formats come first: whatever is there, is of them.
        with sabotaged(Sabotage()) as counted:
            imported()
        writes = [at for at, one in enumerate(counted.calls) if one.writes]
    for place in writes[: len(FORMATS) + 1]:
        with cloud() as sky:
            deployed(sky)
            with sabotaged(Sabotage(place, "timeout")):
                imported()
            assert imported().status == 0
            assert numbers(sky) == FORMATS


def test_who_may_only_import_is_told_what_is_left(
    deployed: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Any, name: str) -> bool:
        if name != "RegistryTable":
            told = {"Error": {"Code": "AccessDeniedException", "Message": ""}}
            raise StorageError("looking into it") from ClientError(told, "Scan")
        return True

    monkeypatch.setattr(upgrade, "is_empty", refused)
    with cloud() as sky:
        deployed(sky)
        ended = imported()
        assert ended.status == 0
        assert numbers(sky)["RegistryTable"] == FORMATS["RegistryTable"]
        assert "FindingsTable, AuditLogTable, VaultTable, DeskTable, AnswersTable" in ended.stderr


# -- who has an office ---------------------------------------------------------------------------


class UserPool:
    """A user pool behind a client of boto3, which holds requests against AWS's own description.

    :ivar members: the users of each group; each has an address of the organisation.
    """

    def __init__(self, members: dict[str, set[str]]) -> None:
        self.members = members
        self.client = client("cognito-idp")
        self.client.meta.events.register("before-call.cognito-identity-provider", self._answer)

    def _answer(self, model: Any, params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        asked = json.loads(params["body"])
        group = asked.get("GroupName", "")
        answer: dict[str, Any] = {}
        match model.name:
            case "ListGroups":
                # A page at a time.
                names = sorted(self.members)
                start = int(asked.get("NextToken", 0))
                answer = {"Groups": [{"GroupName": name} for name in names[start : start + 2]]}
                answer |= {"NextToken": str(start + 2)} if start + 2 < len(names) else {}
            case "ListUsersInGroup":
                answer = {
                    "Users": [
                        {
                            "Username": name,
                            "Attributes": [{"Name": "email", "Value": f"{name}@example.org"}],
                        }
                        for name in self.members[group]
                    ]
                }
            case "AdminAddUserToGroup":
                self.members[group].add(asked["Username"])
            case "AdminRemoveUserFromGroup":
                self.members[group].discard(asked["Username"])
            case _:
                raise AssertionError(model.name)
        return mock.Mock(status_code=200), answer


@pytest.mark.usefixtures("running")
def test_officers_are_carried_along_and_who_loses_an_office_is_named(
    deployed: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with restored(RELEASES[0]) as sky:
        pool = UserPool(
            {
                "compliance": {"officer", "dean"},
                "registrar": {"clerk"},
                "legal/compliance": {"outsider", "officer"},
                "not:registrar": {"reader"},
                "compliance-newsletter": {"writer"},
                OFFICES.compliance: {"dean"},
                OFFICES.registrar: set(),
            }
        )
        monkeypatch.setattr(offices, "client", lambda _: pool.client)
        deployed(sky, UserPoolId="us-east-1_pool", GroupsClaim=OFFICES.claim)
        before = {group: set(members) for group, members in pool.members.items()}
        dry = rolecall("upgrade", "--stack", "test", "--dry-run")
        told = [" ".join(line.split()) for line in dry.text.splitlines() if "@" in line]
        assert told == [
            "compliance dean@example.org of the group compliance goes to rolecall:compliance",
            "compliance officer@example.org of the group compliance goes to rolecall:compliance",
            "compliance outsider@example.org of the group legal/compliance loses the office",
            "registrar clerk@example.org of the group registrar goes to rolecall:registrar",
            "registrar reader@example.org of the group not:registrar loses the office",
        ]
        assert pool.members == before
        assert rolecall("upgrade", "--stack", "test").status == 0
        assert pool.members[OFFICES.compliance] == {"officer", "dean"}
        assert pool.members[OFFICES.registrar] == {"clerk"}
        assert not pool.members["compliance"] | pool.members["registrar"]
        carried = [one for one in records(sky.stack().log) if one.action == "office.carried"]
        assert Counter(one.payload["office"] for one in carried) == {
            "compliance": 2,
            "registrar": 1,
        }
        assert not re.search("officer@|clerk", str([one.payload for one in carried]))
        # Whoever is taken out of an office by now does not come back.
        pool.members[OFFICES.compliance].clear()
        assert rolecall("upgrade", "--stack", "test").text == "test is up to date\n"
        assert pool.members[OFFICES.compliance] == set()


@pytest.mark.usefixtures("running")
def test_an_upgrade_says_what_an_issuer_of_ones_own_must_say(
    deployed: Callable[..., None],
) -> None:
    with restored(RELEASES[0]) as sky:
        deployed(sky)
        dry = rolecall("upgrade", "--stack", "test", "--dry-run")
        assert "the claim groups of https://issuer.example, by the exact names " in dry.text
        assert f"{OFFICES.compliance} and {OFFICES.registrar}" in dry.text
