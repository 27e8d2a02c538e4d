"""What the roles of people do, and what moto cannot: by the same clients as on AWS.

What is called here is in the list of what each role asks (``tests/permissions/calls.json``).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from rolecall.aws import caller, user_pool
from rolecall.aws.keys import KmsSigner
from rolecall.ledger.verify import verify_log
from tests.api import OFFICES, with_units
from tests.cloud import SIGNER, Cloud, Invocation, begins, new_session
from tests.cloud_nights import plan, with_diocese
from tests.functional.command import rolecall
from tests.functional.test_taking_away import suspend
from tests.permissions.recording import know
from tests.pools import Pool
from tests.remote import Lambda, Sts
from tests.vaults import PAGE, with_accounts

EXPORT = f"""Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes
{PAGE}/page-login,,me,kestrel-Anvil-0-plum,,false,false,,
"""
REASON = ("--reason", "to answer the parents")


def answered(params: Mapping[str, Any], body: Mapping[str, Any]) -> tuple[AWSResponse, Any]:
    """Return what botocore takes for an answer of AWS."""
    return AWSResponse(params["url"], 200, {}, None), body


def described(sky: Cloud, params: Mapping[str, Any]) -> tuple[AWSResponse, Any]:
    know(sky.outputs)
    outputs = [{"OutputKey": key, "OutputValue": value} for key, value in sky.outputs.items()]
    return answered(params, {"Stacks": [{"Outputs": outputs}]})


@pytest.fixture
def deployed(sky: Cloud, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """Return a stack that is found by its name, and whose vault answers."""
    monkeypatch.setattr(caller, "URLLib3Session", Sts)
    session = new_session()
    session.register(
        "before-call.cloudformation.DescribeStacks", lambda params, **_: described(sky, params)
    )
    Lambda(sky.function("credential")).serve(session)
    return sky


@begins(with_accounts)
@pytest.mark.usefixtures("deployed")
def test_an_operator_stores_reads_and_destroys(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(EXPORT, encoding="utf-8")
    by = ("--as", "manager")
    done = rolecall("vault", "import", "test", export, *by, "--yes")
    assert (done.status, "stored 1" in done.text) == (0, True), done.stderr
    shown = rolecall("vault", "reveal", "test", PAGE, *by, *REASON, "--stdout")
    assert (shown.status, "kestrel-Anvil-0-plum" in shown.text) == (0, True), shown.stderr
    again = rolecall("vault", "rewrap", "test")
    assert again.status == 0, again.stderr
    gone = rolecall("vault", "destroy", "test", PAGE, *by, "--yes")
    assert gone.status == 0, gone.stderr


@begins(with_units)
def test_whoever_breaks_the_glass_finds_the_stack(deployed: Cloud) -> None:
    function = deployed.function("api")
    assert suspend(function, "head-mid").status == 200
    asked = ("break-glass", "head-mid", "--stack", "test", "--reason", "nobody else is there")
    done = rolecall(*asked, "--yes")
    assert done.status == 0, done.stderr
    assert "head-mid serves again" in done.text


@begins(with_units)
def test_whoever_looks_after_users_finds_the_stack(
    deployed: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = Pool()
    monkeypatch.setattr(user_pool, "client", pool.client)
    deployed.outputs |= {
        "UserPoolId": pool.id,
        "Issuer": pool.issuer,
        "GroupsClaim": OFFICES.claim,
        "ComplianceGroupName": OFFICES.compliance,
        "RegistrarGroupName": OFFICES.registrar,
    }
    pool.make("head-mid@example.org")
    done = rolecall("users", "list", "--stack", "test")
    assert (done.status, "head-mid" in done.text) == (0, True), done.stderr


# -- the key that signs ----------------------------------------------------------------------------


class Signing:
    """Answers as KMS does for an Ed25519 key, which moto has not."""

    def __init__(self, session: Any) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        session.register("before-call.kms.GetPublicKey", self._public)
        session.register("before-call.kms.Sign", self._sign)

    def _public(self, params: Mapping[str, Any], **_: Any) -> Any:
        public: Ed25519PublicKey = self._private.public_key()
        spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return answered(params, {"PublicKey": spki})

    def _sign(self, params: Mapping[str, Any], **_: Any) -> Any:
        asked = json.loads(params["body"])
        assert (asked["MessageType"], asked["SigningAlgorithm"]) == ("RAW", "ED25519_SHA_512")
        message = base64.b64decode(asked["Message"])
        return answered(params, {"Signature": self._private.sign(message)})


@begins(with_diocese)
def test_the_seal_signs_with_the_key_of_the_stack(sky: Cloud) -> None:
    planned = plan(sky)
    audit = sky.function("audit")
    for number in range(planned["batches"]):
        audit.handler({"prefix": planned["prefix"], "number": number}, Invocation())
    seal = sky.function("seal")
    del seal.stack.__dict__["signer"]
    Signing(new_session())
    size = seal.handler({"prefix": planned["prefix"]}, Invocation())["size"]
    assert isinstance(seal.stack.signer, KmsSigner)
    log = sky.stack().log
    note = log.checkpoint(size)
    assert note is not None
    verify_log([list(log.leaves())], {size: note}, [SIGNER.key])
