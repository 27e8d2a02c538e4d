"""Sends secrets through everything, with every log turned up, and writes down all that is left.

A process of its own: ``python -m tests.functional.canary_run DIRECTORY TOKEN [plant]``. TOKEN is in
every part of every secret. Each file of DIRECTORY is one place where nothing of it may be: logs,
tables, objects, queues, traces, errors, representations. With ``plant``, TOKEN is put into each by
hand, to see that it would be found.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import boto3
import msgspec
from aws_xray_sdk.core import xray_recorder
from aws_xray_sdk.core.context import Context as TraceContext

from rolecall.aws import caller
from rolecall.aws.vault_client import VaultClient
from rolecall.aws.vault_keys import KmsWrapper
from rolecall.errors import RolecallError
from rolecall.usecases.vault.messages import Reply, StoreRequest
from rolecall.vault.envelope import EnvelopeContext
from rolecall.vault.one_time import one_time_code
from rolecall.vault.secret import Secret
from tests.cloud import Cloud, Invocation, cloud
from tests.cloud_nights import night
from tests.faults import Trouble
from tests.remote import Lambda, Sts
from tests.vaults import AT, REASON, Sky, ask, with_accounts


class Emitter:
    """Takes the traces instead of the daemon."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send_entity(self, entity: Any) -> None:
        """Note what would be sent."""
        self.sent.append(entity.serialize())


class Run:
    """One run, and what it leaves behind."""

    def __init__(self, sky: Cloud, directory: Path, token: str) -> None:
        self.sky = sky
        self.directory = directory
        self.token = token
        self.errors: list[str] = []
        self.shown: list[object] = []
        self.secret = Secret(
            f"user-{token}",
            f"pass-{token}",
            # Base32 has no 0, 1, 8, 9: the token has none either.
            token.upper() * 2,
            (f"code-{token}", f"more-{token}"),
            f"note-{token}",
        )
        self.other = Secret(password=f"next-{token}")

    def attempt(self, work: Callable[[], object]) -> None:
        """Do a work; keep what its error would show, and how its answer shows itself."""
        try:
            self.shown.append(work())
        except Exception as error:
            self.errors.append("".join(traceback.format_exception(error)))
            self.errors.append(repr(error))
            logging.getLogger("canary").exception("failed")
            if not isinstance(error, RolecallError):
                raise

    def everything(self, far: VaultClient, act: Any) -> None:
        """Go through every use case, and every way in which one fails."""
        function = act.function
        who = ask("manager")
        self.attempt(lambda: far.store(who, self.secret))
        self.attempt(lambda: far.reveal(who, REASON, seed=True))
        self.attempt(lambda: far.reveal(ask("it"), REASON))
        self.attempt(lambda: far.code(ask("second")))
        self.attempt(lambda: far.store(ask("head"), Secret(notes=f"new-{self.token}")))
        self.attempt(lambda: far.rotate(ask("second"), self.other))
        self.attempt(lambda: far.rotate(ask("second"), self.secret))
        self.attempt(lambda: far.history(ask("head")))
        self.attempt(lambda: far.reveal(ask("editor"), REASON))
        self.attempt(lambda: far.reveal(ask("manager"), f"because next-{self.token} is it"))
        self.attempt(lambda: far.store(ask("manager"), Secret(totp=f"{self.token}!")))
        self.attempt(lambda: far.store(ask("manager"), Secret(password=self.token * 9_000)))
        stack = function.stack
        kms, mac = Trouble(stack.wrapper._client), Trouble(stack.credentials._mac._client)
        log = Trouble(stack.log.client)
        for code in ("ThrottlingException", "KMSInternalException", "InvalidCiphertextException"):
            kms.codes = dict.fromkeys(("Decrypt", "GenerateDataKey", "ReEncrypt"), code)
            mac.codes = {"GenerateMac": code}
            self._each(far)
        kms.codes, mac.codes = {}, {}
        log.codes = {"TransactWriteItems": "InternalServerError"}
        self._each(far)
        log.codes = {"Query": ValueError(f"a bug that quotes {self.token}")}
        self._each(far)
        log.codes = {}
        with mock.patch.object(stack.vault, "organisation", "another"):
            self._each(far)
        there = Sky.__new__(Sky)
        there.sky = self.sky
        life = stack.vault.life("page", "page-login")
        good = stack.vault.envelope(life, life.versions[-1])
        for bad in (good[:-1] + bytes([good[-1] ^ 1]), good[:60], b"", good[:99] + good[100:]):
            there.change(life, len(life.versions), bad)
            self._each(far)
        there.change(life, len(life.versions), good)
        self.attempt(lambda: far.rewrap(None))
        secret = msgspec.to_builtins(self.secret)
        for event in ({"secret": secret}, {"action": "store", "id": "x" * 20, "more": secret}):
            self.shown.append(function.handler(event, Invocation()))
        self.attempt(lambda: far.destroy(ask("head")))
        self.attempt(lambda: far.store(ask("manager"), self.secret))

    def _each(self, far: VaultClient) -> None:
        self.attempt(lambda: far.reveal(ask("manager"), REASON))
        self.attempt(lambda: far.code(ask("manager")))
        self.attempt(lambda: far.rotate(ask("manager"), Secret(password=f"try-{self.token}")))
        self.attempt(lambda: far.store(ask("manager"), Secret(notes=f"try-{self.token}")))

    def represent(self, act: Any) -> str:
        """Return how everything shows itself that holds a secret, or held one."""
        stack = act.function.stack
        request = StoreRequest(id="x" * 20, account="a", person="p", secret=self.secret)
        objects = [
            *self.shown,
            *(request, Reply(secret=self.secret), self.secret, [self.secret], {"a": self.secret}),
            *(one_time_code(self.secret.totp, AT), stack, stack.credentials, stack.wrapper),
            *(stack.vault, ask("manager")),
        ]
        return "\n".join(f"{one!r} {one!s} {one!a} {f'{one}'}" for one in objects)

    def write(self, name: str, text: str) -> None:
        """Write down what one place holds."""
        (self.directory / name).write_text(text, encoding="utf-8")


@contextmanager
def noted_keys() -> Iterator[list[bytes]]:
    """Note every data key that comes out of KMS: they must not be seen either."""
    keys: list[bytes] = []
    made, unwrapped = KmsWrapper.new_key, KmsWrapper.unwrap

    def new_key(self: KmsWrapper, place: EnvelopeContext) -> tuple[bytes, bytes]:
        answer = made(self, place)
        keys.append(answer[0])
        return answer

    def unwrap(self: KmsWrapper, wrapped: bytes, place: EnvelopeContext) -> bytes:
        keys.append(unwrapped(self, wrapped, place))
        return keys[-1]

    with (
        mock.patch.object(KmsWrapper, "new_key", new_key),
        mock.patch.object(KmsWrapper, "unwrap", unwrap),
    ):
        yield keys


def tables() -> str:
    """Return every item of every table."""
    client = boto3.client("dynamodb")
    names = client.list_tables()["TableNames"]
    assert len(names) == 6
    return repr({name: client.scan(TableName=name)["Items"] for name in names})


def objects() -> str:
    """Return every version of every object of every bucket."""
    client = boto3.client("s3")
    found = []
    for bucket in client.list_buckets()["Buckets"]:
        for one in client.list_objects_v2(Bucket=bucket["Name"]).get("Contents", ()):
            body = client.get_object(Bucket=bucket["Name"], Key=one["Key"])["Body"].read()
            found.append((one["Key"], body))
    assert any(name.startswith("reports/") for name, _ in found)
    return repr(found)


def queues() -> str:
    """Return every message of every queue."""
    client = boto3.client("sqs")
    urls = client.list_queues().get("QueueUrls", [])
    assert urls
    return repr([client.receive_message(QueueUrl=url).get("Messages") for url in urls])


def main(directory: Path, token: str, *, plant: bool) -> None:
    """Run, and write down what is left."""
    logging.basicConfig(level=logging.DEBUG, filename=directory / "log", force=True)
    emitter = Emitter()
    xray_recorder.configure(
        emitter=emitter, context=TraceContext(), sampling=False, service="canary"
    )
    with mock.patch.object(caller, "URLLib3Session", Sts), cloud(with_accounts) as sky:
        turned_up = {
            "LAMBDA_TASK_ROOT": str(directory),
            "POWERTOOLS_TRACE_DISABLED": "false",
            "POWERTOOLS_LOG_LEVEL": "DEBUG",
            "POWERTOOLS_LOGGER_LOG_EVENT": "true",
            "POWERTOOLS_DEBUG": "true",
            "POWERTOOLS_TRACER_CAPTURE_RESPONSE": "true",
            "POWERTOOLS_TRACER_CAPTURE_ERROR": "true",
            "POWERTOOLS_SERVICE_NAME": "canary",
            "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
        }
        with mock.patch.dict(os.environ, turned_up):
            boto3.client("sqs").create_queue(QueueName="failures")
            sky.outputs |= {"StackName": "test", "CredentialFunctionArn": "credential"}
            far = VaultClient(sky.stack()["StackName"], sky.stack()["CredentialFunctionArn"])
            far._functions = act = Lambda(sky.function("credential"))
            run = Run(sky, directory, token)
            with xray_recorder.in_segment("canary"), noted_keys() as keys:
                run.everything(far, act)
                night(sky)
            if plant:
                planted(run, token)
        run.write("data-keys", "\n".join(key.hex() for key in keys))
        run.write("tables", tables())
        run.write("objects", objects())
        run.write("queues", queues())
        run.write("errors", "\n".join(run.errors))
        run.write("traces", "\n".join(emitter.sent))
        run.write("representations", run.represent(act))
    assert len(run.errors) > 50
    assert any("credential" in one or "handler" in one for one in emitter.sent)


def planted(run: Run, token: str) -> None:
    """Put the token into every place."""
    logging.getLogger("botocore.endpoint").warning("a body with %s", token)
    print(token)  # noqa: T201 - that is the leak.
    print(token, file=sys.stderr)  # noqa: T201
    item = {"pk": {"S": "x"}, "sk": {"S": "x"}, "doc": {"S": json.dumps({"a": f"<{token}>"})}}
    boto3.client("dynamodb").put_item(TableName="FindingsTable", Item=item)
    boto3.client("s3").put_object(Bucket="workbucket", Key="x", Body=token.encode())
    url = boto3.client("sqs").list_queues()["QueueUrls"][0]
    boto3.client("sqs").send_message(QueueUrl=url, MessageBody=token)
    with xray_recorder.in_segment("planted") as segment:
        segment.put_metadata("answer", {"password": token})
    run.attempt(lambda: raised(token))
    run.shown.append({"secret": token})


def raised(token: str) -> None:
    """Fail with the token in the message."""
    raise RolecallError(f"the password {token} is wrong")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], plant=sys.argv[3:] == ["plant"])
