"""The credential function: who it listens to, what it answers, and what an import leaves alone."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from types import ModuleType
from typing import Any
from unittest import mock

import boto3
import msgspec
import pytest
from botocore.exceptions import EndpointConnectionError
from msgspec.structs import replace

from rolecall.aws import caller
from rolecall.aws.caller import caller_of, prove_caller
from rolecall.aws.vault_client import VaultClient
from rolecall.errors import DeniedError, SecretUnreadableError, StorageError, UsageError
from rolecall.model import Account, Login
from rolecall.provenance import VAULT_COLUMNS
from rolecall.registry.documents import documents, snapshot_of
from rolecall.usecases.vault.messages import Reply, StoreRequest
from rolecall.vault.secret import Secret
from tests.cloud import Cloud, Invocation, cloud, new_session
from tests.permissions.recording import acting
from tests.remote import ARN, Lambda, Sts
from tests.vaults import PAGE, REASON, REGISTRY, SECRET, SITE, Sky, ask, login, with_accounts

NEW = Secret(password="another-Heron-Thimble")


@pytest.fixture
def sky(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """Give a stack with a registry."""
    monkeypatch.setattr(caller, "URLLib3Session", Sts)
    with cloud(with_accounts) as made:
        yield made


def send(function: ModuleType, **given: Any) -> Reply:
    """Send a request as a client would, and return the answer."""
    id_ = given.setdefault("id", secrets.token_hex(16))
    given.setdefault("proof", prove_caller("test", id_))
    event = msgspec.json.decode(msgspec.json.encode(given))
    answer = function.handler(event, Invocation())
    return msgspec.json.decode(msgspec.json.encode(answer), type=Reply)


def test_a_request_is_served(sky: Cloud) -> None:
    function = sky.function("credential")
    who = {"account": PAGE, "person": "manager"}
    stored = send(function, action="store", secret=SECRET, **who).stored
    assert stored is not None
    assert stored.version.number == 1
    shown = send(function, action="reveal", reason=REASON, **who)
    assert shown.secret == replace(SECRET, totp="")
    assert shown.failure is None
    code = send(function, action="code", **who).code
    assert code is not None
    assert len(code.digits) == 6
    rotated = send(function, action="rotate", secret=NEW, clear=["totp"], **who).stored
    assert rotated is not None
    assert rotated.version.fields == ("username", "password", "recovery_codes", "notes")
    life = send(function, action="history", **who).life
    assert life is not None
    assert len(life.versions) == 2
    assert send(function, action="destroy", **who).life is not None
    # Who sent it is proven, and on record beside who acts.
    record = Sky.records(_there(sky))[0]
    assert (record.actor, record.payload["via"]) == ("manager", ARN)


def _there(sky: Cloud) -> Sky:
    made = Sky.__new__(Sky)
    made.sky = sky
    return made


def test_failures_are_answers(sky: Cloud) -> None:
    function = sky.function("credential")
    who = {"account": PAGE, "person": "manager"}
    reply = send(function, action="reveal", reason=REASON, account=PAGE, person="editor")
    assert reply.failure is not None
    assert (reply.failure.kind, "has no live" in reply.failure.message) == ("denied", True)
    reply = send(function, action="reveal", reason=REASON, **who)
    assert reply.failure is not None
    assert (reply.failure.kind, "has nothing" in reply.failure.message) == ("input", True)
    reply = send(function, action="store", **who)
    assert reply.failure is not None
    assert reply.failure.message == "the secret is empty"
    send(function, action="store", secret=SECRET, **who)
    there = _there(sky)
    life = function.stack.vault.life(PAGE, "page-login")
    there.change(life, 1, b"RCLV")
    reply = send(function, action="reveal", reason=REASON, **who)
    assert reply.failure is not None
    assert reply.failure.kind == "unreadable"


@pytest.mark.parametrize(
    "event",
    [
        {},
        [],
        None,
        "canary",
        {"action": "canary"},
        {"action": "store", "id": "canary"},
        {"action": "store", "id": "x" * 32, "account": ["canary"]},
        {"action": "store", "id": "x" * 32, "secret": {"password": {"canary": 1}}},
        {"action": "store", "id": "x" * 32, "canary": 1},
        {"action": "store", "id": "x" * 32, "account": ""},
        {"action": "store", "id": "x" * 32, "person": "x" * 2_000},
        {"action": "reveal", "id": "x" * 32, "version": "canary"},
    ],
)
def test_what_is_no_request(sky: Cloud, event: Any, capsys: pytest.CaptureFixture[str]) -> None:
    answer = sky.function("credential").handler(event, Invocation())
    assert answer["failure"]["kind"] == "input"
    assert "canary" not in f"{answer}{capsys.readouterr()}"


def test_an_error_of_ours_says_where_and_not_what(
    sky: Cloud, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "INFO")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "vault-that-logs")
    function = sky.function("credential")
    broken = mock.Mock(side_effect=ValueError("canary"))
    with mock.patch.object(type(function.stack.credentials), "store", broken):
        reply = send(function, action="store", account=PAGE, person="manager", secret=SECRET)
    assert reply.failure is not None
    assert (reply.failure.kind, reply.failure.message) == (
        "failed",
        "the vault failed; its log says where",
    )
    logged = capsys.readouterr().out
    assert '"kind":"ValueError"' in logged
    assert "service.py:" in logged
    assert "canary" not in logged
    assert SECRET.password not in logged


# -- who calls -----------------------------------------------------------------------------------


def test_a_caller_is_known(sky: Cloud) -> None:
    del sky
    assert caller_of(prove_caller("test", "r1"), "test", "r1", datetime.now(UTC)) == ARN


@pytest.mark.parametrize(
    "change",
    [
        lambda _: "",
        lambda _: "https://sts.us-east-1.amazonaws.com/",
        lambda proof: proof.replace("https://sts.", "https://evil."),
        lambda proof: proof.replace("https://", "https://evil.example/?u=https://"),
        lambda proof: proof.replace("https://", "https://x@"),
        lambda proof: proof.replace("https:", "http:"),
        lambda proof: proof.replace("GetCallerIdentity", "AssumeRole"),
        lambda proof: proof + "&Action=AssumeRole",
        lambda proof: proof.replace("%3Bx-rolecall-request", ""),
        lambda proof: proof + "#x",
        lambda proof: proof.replace(".com/", ".com/other"),
        lambda _: "https://[x",
        # STS and the function might read another one of two, and of one that is spelled otherwise.
        lambda proof: proof + "&X-Amz-Date=20991231T235959Z",
        lambda proof: proof.replace("?", "?X-Amz-Date=20991231T235959Z&"),
        lambda proof: proof + "&X-Amz-SignedHeaders=host",
        lambda proof: proof + "&X-Amz-Expires=900",
        lambda proof: proof + "&Version=2011-06-15",
        lambda proof: proof + "&X-Amz-Security-Token=a&X-Amz-Security-Token=b",
        lambda proof: proof + "&x-amz-date=20991231T235959Z",
        lambda proof: proof + "&Other=",
        lambda proof: re.sub(r"X-Amz-Date=[^&]*&", "", proof),
        lambda proof: re.sub(r"X-Amz-Date=[^&]*", "X-Amz-Date=", proof),
        lambda proof: re.sub(r"X-Amz-Date=[^&]*", "X-Amz-Date=today", proof),
        lambda proof: re.sub(r"X-Amz-Signature=[^&]*&?", "", proof).rstrip("&"),
    ],
)
def test_other_proofs_are_refused_before_anybody_is_asked(sky: Cloud, change: Any) -> None:
    del sky
    with mock.patch.object(Sts, "send", side_effect=AssertionError), pytest.raises(DeniedError):
        caller_of(change(prove_caller("test", "r1")), "test", "r1", datetime.now(UTC))


AN_HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("age", "is_good"),
    [
        (timedelta(0), True),
        (timedelta(seconds=60), True),
        # Half a minute for clocks that are apart, either way.
        (timedelta(seconds=90), True),
        (timedelta(seconds=-30), True),
        (timedelta(seconds=92), False),
        (timedelta(seconds=-32), False),
        # STS would take this one.
        (timedelta(minutes=14), False),
        (AN_HOUR, False),
        (-AN_HOUR, False),
        (timedelta(days=40_000), False),
    ],
)
def test_a_proof_is_good_for_a_minute(sky: Cloud, age: timedelta, is_good: bool) -> None:
    del sky
    proof = prove_caller("test", "r1")
    made = re.findall(r"X-Amz-Date=(\w+)", proof)[0]
    at = datetime.strptime(made, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) + age
    if is_good:
        assert caller_of(proof, "test", "r1", at) == ARN
        return
    with (
        mock.patch.object(Sts, "send", side_effect=AssertionError),
        pytest.raises(DeniedError, match=r"good for a minute.* set the clock"),
    ):
        caller_of(proof, "test", "r1", at)


@pytest.mark.parametrize(
    "setting",
    [
        {"AWS_STS_REGIONAL_ENDPOINTS": "legacy"},
        {"AWS_USE_FIPS_ENDPOINT": "true"},
        {"AWS_USE_DUALSTACK_ENDPOINT": "true"},
        {"AWS_REGION": "eu-west-1"},
        {"AWS_ENDPOINT_URL_STS": "https://vpce-0.sts.example.org"},
    ],
    ids=lambda given: next(iter(given)),
)
def test_a_proof_for_another_sts_is_told_what_makes_it_so(
    sky: Cloud, monkeypatch: pytest.MonkeyPatch, setting: Mapping[str, str]
) -> None:
    del sky
    with monkeypatch.context() as there:
        for name, value in setting.items():
            there.setenv(name, value)
        new_session()
        proof = prove_caller("test", "r1")
    new_session()
    with (
        mock.patch.object(Sts, "send", side_effect=AssertionError),
        pytest.raises(DeniedError, match="asks another STS than sts") as refused,
    ):
        caller_of(proof, "test", "r1", datetime.now(UTC))
    message = str(refused.value)
    causes = ("AWS_REGION", "sts_regional_endpoints", "use_fips_endpoint", "use_dualstack_endpoint")
    assert all(cause in message for cause in causes)
    assert "Signature" not in message


def test_a_proof_of_credentials_for_a_session_has_their_token(
    sky: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    del sky
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a/token+of=a session")
    new_session()
    proof = prove_caller("test", "r1")
    assert "X-Amz-Security-Token" in proof
    assert caller_of(proof, "test", "r1", datetime.now(UTC)) == ARN


def test_sts_has_the_last_word(sky: Cloud) -> None:
    proof = prove_caller("test", "r1")
    for status, body in ((403, Sts.body), (200, "<Error/>"), (200, "<Arn></Arn>")):
        with (
            mock.patch.object(Sts, "status", status),
            mock.patch.object(Sts, "body", body),
            pytest.raises(DeniedError, match="does not know who calls"),
        ):
            caller_of(proof, "test", "r1", datetime.now(UTC))
    gone = EndpointConnectionError(endpoint_url=proof)
    with (
        mock.patch.object(Sts, "trouble", gone),
        pytest.raises(StorageError, match=r"asking who calls: EndpointConnectionError$"),
    ):
        caller_of(proof, "test", "r1", datetime.now(UTC))
    # Without a proof nothing is served, and nothing is on record.
    function = sky.function("credential")
    reply = send(function, action="store", account=PAGE, person="manager", secret=SECRET, proof="x")
    assert reply.failure is not None
    assert reply.failure.kind == "denied"
    assert _there(sky).records() == []


# -- from outside ----------------------------------------------------------------------------------


@pytest.fixture
def far(sky: Cloud) -> VaultClient:
    """Return the vault from outside."""
    sky.outputs |= {"StackName": "test", "CredentialFunctionArn": "credential"}
    made = VaultClient(sky.stack()["StackName"], sky.stack()["CredentialFunctionArn"])
    made._functions = Lambda(sky.function("credential"))
    return made


def test_the_vault_from_outside(far: VaultClient) -> None:
    assert far.store(ask("manager"), SECRET).version.number == 1
    assert far.reveal(ask("manager"), REASON, seed=True) == SECRET
    assert len(far.code(ask("manager")).digits) == 6
    assert far.rotate(ask("manager"), NEW, ("notes",)).version.number == 2
    assert far.reveal(ask("manager"), REASON, version=1).notes == SECRET.notes
    assert len(far.history(ask("head")).versions) == 2
    assert far.destroy(ask("head")).current is None


def test_its_errors_are_those_of_the_use_case(sky: Cloud, far: VaultClient) -> None:
    far.store(ask("manager"), SECRET)
    with pytest.raises(DeniedError, match="has no live administrative role"):
        far.reveal(ask("editor"), REASON)
    with pytest.raises(UsageError, match="it has 5"):
        far.reveal(ask("manager"), "short")
    life = sky.stack().vault.life(PAGE, "page-login")
    _there(sky).change(life, 1, b"RCLV")
    with pytest.raises(SecretUnreadableError):
        far.reveal(ask("manager"), REASON)
    far._functions.broken = True
    with pytest.raises(StorageError, match="the vault failed"):
        far.reveal(ask("manager"), REASON)


def test_a_request_does_not_show_itself() -> None:
    request = StoreRequest(id="x" * 32, account="a", person="p", secret=SECRET)
    assert repr(request) == "Request(store, [secure])"
    assert repr(Reply(secret=SECRET)) == "Reply([secure])"


# -- key rotation --------------------------------------------------------------------------------


def test_rewrap(sky: Cloud, far: VaultClient) -> None:
    there = _there(sky)
    for number in range(5):
        far.store(ask("manager", SITE if number else PAGE), SECRET) if number < 2 else far.rotate(
            ask("manager"), Secret(password=f"Fresh-Otter-{number}")
        )
    before = there.ciphertexts()
    vault = far._functions.function.stack.vault
    shown: list[tuple[int, int]] = []
    # One secret a call: it goes on where it was.
    real = vault.rewrap
    with mock.patch.object(vault, "rewrap", lambda *a: real(*a, most=1)):
        assert far.rewrap(lambda done, of: shown.append((done, of))) == len(before) == 4
    assert shown[-1] == (16, 16)
    assert len(shown) > 16
    after = there.ciphertexts()
    assert not set(before) & set(after)
    assert {one[-40:] for one in before} == {one[-40:] for one in after}
    assert far.reveal(ask("manager"), REASON).password == "Fresh-Otter-4"
    record = [one for one in there.records() if one.action == "vault.rewrapped"]
    assert [one.payload for one in record] == [{"count": 4, "via": ARN}]
    # Once more from the start.
    assert far.rewrap(None) == 4


def test_a_rewrap_passes_over_what_changes_meanwhile(sky: Cloud, far: VaultClient) -> None:
    far.store(ask("manager"), SECRET)
    stack = far._functions.function.stack
    real = stack.wrapper.rewrap

    def meanwhile(*arguments: Any) -> Any:
        made = real(*arguments)
        with acting("OperatorRole"):
            far.destroy(ask("head"))
        return made

    with mock.patch.object(stack.wrapper, "rewrap", meanwhile):
        assert far.rewrap(None) == 0
    assert _there(sky).ciphertexts() == []


# -- imports -------------------------------------------------------------------------------------


def bring(sky: Cloud, snapshot: Any) -> Any:
    registry = sky.stack().registry
    changes = registry.compare(documents(snapshot, None))
    registry.apply(changes)
    return changes


def test_an_import_leaves_alone_what_the_vault_knows(sky: Cloud, far: VaultClient) -> None:
    far.store(ask("manager"), SECRET)
    far.store(ask("manager", SITE), SECRET)
    known = _there(sky).registry()
    # The same files as before: nothing to change.
    assert not bring(sky, REGISTRY)
    changed = replace(
        REGISTRY,
        accounts=tuple(
            replace(one, handle="new", entity_id="other") if one.id == PAGE else one
            for one in REGISTRY.accounts
        ),
        logins=(
            Login(
                "page-login",
                PAGE,
                storage="chat",
                holder_ids=("stranger",),
                rotated_on=date(2020, 1, 1),
                mfa="key",
                strength=0,
            ),
        ),
    )
    changes = bring(sky, changed)
    assert len(changes.moved) == 1
    now = _there(sky).registry()
    before, after = login(known), login(now)
    assert before is not None
    assert after is not None
    # The second factor is what the registry says; the rest is what the vault knows.
    assert after == replace(before, mfa="key")
    assert login(now, SITE) == login(known, SITE)
    # For these two the vault tracks what the files do not; of others nobody can tell.
    assert {now.filled[column] for column in VAULT_COLUMNS - now.tracked} == {
        frozenset({(PAGE, "page-login"), (SITE, "site-login")})
    }
    # The account moved, and its secret with it.
    assert far.reveal(ask("bishop"), REASON).password == SECRET.password
    without = replace(changed, logins=())
    bring(sky, without)
    assert login(_there(sky).registry()) is not None


def test_what_is_exported_can_be_imported(sky: Cloud, far: VaultClient) -> None:
    far.store(ask("manager"), SECRET)
    snapshot, _ = snapshot_of(sky.stack().registry.documents())
    assert not bring(sky, snapshot)


def test_an_import_takes_no_account_away_whose_secret_is_kept(sky: Cloud, far: VaultClient) -> None:
    far.store(ask("manager"), SECRET)
    gone = replace(
        REGISTRY,
        accounts=tuple(one for one in REGISTRY.accounts if one.id != PAGE),
        grants=tuple(one for one in REGISTRY.grants if one.account_id != PAGE),
        logins=(),
    )
    with pytest.raises(UsageError, match=r"secrets of 1 account .* \(page\); destroy"):
        bring(sky, gone)
    far.destroy(ask("manager"))
    bring(sky, gone)
    assert [one.id for one in _there(sky).registry().accounts] == ["closed", "site"]
    with pytest.raises(UsageError, match="there is no account page"):
        far.history(ask("manager"))


def test_names_with_any_sign_in_them(sky: Cloud, far: VaultClient) -> None:
    odd = "a#b%23/ü"
    wide = replace(
        REGISTRY,
        accounts=(*REGISTRY.accounts, Account(odd, "parish", "x", "odd", "active")),
    )
    bring(sky, wide)
    far.store(ask("head", odd), SECRET)
    assert far.reveal(ask("head", odd), REASON).password == SECRET.password
    assert far.rewrap(None) == 1
    assert far.reveal(ask("head", odd), REASON).password == SECRET.password
    items = boto3.client("dynamodb").scan(TableName="VaultTable")["Items"]
    assert {item["sk"]["S"].count("#") for item in items if item["pk"]["S"] != "REWRAP"} == {2}
