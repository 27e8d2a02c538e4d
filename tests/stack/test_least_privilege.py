"""What each role is refused, tried for real: the stack enforces IAM."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

Try = Callable[["Role"], object]
KEY = {"pk": {"S": "test"}, "sk": {"S": "-"}}


class Role:
    """Clients with the credentials of a role, and the names of the resources."""

    def __init__(self, deployed: dict[str, Any], name: str) -> None:
        self.outputs: dict[str, str] = deployed["outputs"]
        given = boto3.client("sts").assume_role(
            RoleArn=self.outputs[f"{name}RoleArn"], RoleSessionName="test"
        )["Credentials"]
        session = boto3.Session(
            given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]
        )
        self.tables = session.client("dynamodb")
        self.buckets = session.client("s3")
        self.keys = session.client("kms")
        self.functions = session.client("lambda")
        self.machines = session.client("stepfunctions")
        self.pools = session.client("cognito-idp")


def query(table: str, pk: str = "test") -> Try:
    return lambda role: role.tables.query(
        TableName=role.outputs[f"{table}Table"],
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": pk}},
    )


def get(table: str, pk: str) -> Try:
    return lambda role: role.tables.get_item(
        TableName=role.outputs[f"{table}Table"], Key={"pk": {"S": pk}, "sk": {"S": "-"}}
    )


def scan(table: str) -> Try:
    return lambda role: role.tables.scan(TableName=role.outputs[f"{table}Table"])


def put(table: str) -> Try:
    return lambda role: role.tables.put_item(
        TableName=role.outputs[f"{table}Table"], Item={**KEY, "doc": {"S": "{}"}}
    )


def update(table: str) -> Try:
    return lambda role: role.tables.update_item(
        TableName=role.outputs[f"{table}Table"],
        Key=KEY,
        UpdateExpression="SET doc = :doc",
        ExpressionAttributeValues={":doc": {"S": "{}"}},
    )


def delete(table: str) -> Try:
    return lambda role: role.tables.delete_item(TableName=role.outputs[f"{table}Table"], Key=KEY)


def delete_in_transaction(table: str) -> Try:
    def attempt(role: Role) -> object:
        item = {"Delete": {"TableName": role.outputs[f"{table}Table"], "Key": KEY}}
        return role.tables.transact_write_items(TransactItems=[item])

    return attempt


def delete_in_batch(table: str) -> Try:
    return lambda role: role.tables.batch_write_item(
        RequestItems={role.outputs[f"{table}Table"]: [{"DeleteRequest": {"Key": KEY}}]}
    )


def delete_by_statement(table: str) -> Try:
    def attempt(role: Role) -> object:
        name = role.outputs[f"{table}Table"]
        statement = f"DELETE FROM \"{name}\" WHERE pk = 'test' AND sk = '-'"  # noqa: S608
        return role.tables.execute_statement(Statement=statement)

    return attempt


def read_format(table: str) -> Try:
    return lambda role: role.tables.get_item(
        TableName=role.outputs[f"{table}Table"], Key={"pk": {"S": "FORMAT"}, "sk": {"S": "-"}}
    )


def read_batch(table: str) -> Try:
    return lambda role: role.tables.batch_get_item(
        RequestItems={role.outputs[f"{table}Table"]: {"Keys": [KEY]}}
    )


def get_object(bucket: str, name: str) -> Try:
    return lambda role: role.buckets.get_object(Bucket=role.outputs[f"{bucket}Bucket"], Key=name)


def put_object(bucket: str, name: str) -> Try:
    return lambda role: role.buckets.put_object(
        Bucket=role.outputs[f"{bucket}Bucket"], Key=name, Body=b"{}"
    )


def delete_object(bucket: str, name: str) -> Try:
    return lambda role: role.buckets.delete_object(Bucket=role.outputs[f"{bucket}Bucket"], Key=name)


def sign(role: Role) -> object:
    return role.keys.sign(
        KeyId=role.outputs["SigningKeyArn"],
        Message=b"x",
        MessageType="RAW",
        SigningAlgorithm="ED25519_SHA_512",
    )


def data_key(role: Role) -> object:
    return role.keys.generate_data_key(KeyId=role.outputs["DataKeyArn"], KeySpec="AES_256")


def vault_key(role: Role) -> object:
    return role.keys.generate_data_key(KeyId=role.outputs["VaultKeyArn"], KeySpec="AES_256")


def unwrap(role: Role) -> object:
    # Wrapped by whoever may: only then does a refusal say something.
    wrapped = boto3.client("kms").encrypt(KeyId=role.outputs["VaultKeyArn"], Plaintext=b"x" * 32)
    return role.keys.decrypt(
        KeyId=role.outputs["VaultKeyArn"], CiphertextBlob=wrapped["CiphertextBlob"]
    )


def fingerprint(role: Role) -> object:
    return role.keys.generate_mac(
        KeyId=role.outputs["FingerprintKeyArn"], Message=b"x", MacAlgorithm="HMAC_SHA_256"
    )


def ask_the_vault(role: Role) -> object:
    return role.functions.invoke(
        FunctionName=role.outputs["CredentialFunctionArn"], Payload=b'{"action": "history"}'
    )


def start_run(role: Role) -> object:
    return role.machines.start_execution(stateMachineArn=role.outputs["StateMachineArn"])


def set_password(role: Role) -> object:
    return role.pools.admin_set_user_password(
        UserPoolId=role.outputs["UserPoolId"], Username="nobody", Password="x" * 20, Permanent=True
    )


def change_address(role: Role) -> object:
    return role.pools.admin_update_user_attributes(
        UserPoolId=role.outputs["UserPoolId"],
        Username="nobody",
        UserAttributes=[{"Name": "email", "Value": "nobody@example.org"}],
    )


def list_users(role: Role) -> object:
    return role.pools.list_users(UserPoolId=role.outputs["UserPoolId"], Limit=1)


POOL: dict[str, Try] = {
    "sets a password": set_password,
    "changes an address": change_address,
}
"""What nobody is allowed but who administers the account."""

VAULT: dict[str, Try] = {
    "reads ciphertexts": query("Vault", "SECRETS#0"),
    "gets a ciphertext": lambda role: role.tables.get_item(
        TableName=role.outputs["VaultTable"], Key=KEY
    ),
    "scans the vault": scan("Vault"),
    "writes to the vault": put("Vault"),
    "deletes from the vault": delete("Vault"),
    "unwraps a key of the vault": unwrap,
    "makes a key of the vault": vault_key,
    "makes a fingerprint": fingerprint,
    "asks the vault": ask_the_vault,
}
"""What every function but that of the vault is refused."""

LOG_CHANGES: dict[str, Try] = {
    "updates the log": update("AuditLog"),
    "deletes from the log": delete("AuditLog"),
    "deletes from the log in a transaction": delete_in_transaction("AuditLog"),
    "deletes from the log in a batch": delete_in_batch("AuditLog"),
    "deletes from the log by a statement": delete_by_statement("AuditLog"),
    "scans the log": scan("AuditLog"),
    "uses the data key by itself": data_key,
    "deletes a checkpoint": delete_object("Report", "checkpoints/1"),
    "deletes a segment": delete_object("Report", "segments/1"),
    "deletes a report": delete_object("Report", "reports/1"),
    "starts a run": start_run,
    "changes the registry": put("Registry"),
    "deletes from the registry": delete("Registry"),
    **VAULT,
}
"""What every function is refused."""

SEALED: dict[str, Try] = {
    f"writes below {folder}": put_object("Report", f"{folder}/{name}")
    for folder, name in (
        ("checkpoints", "9" * 20),
        ("segments", f"{1:020}-{'0' * 64}"),
        ("tallies", "0" * 64),
        ("keys", "stranger+00000000"),
    )
}
"""What every role but that of the seal is refused: a second history begins with such an object."""

REFUSED: dict[str, dict[str, Try]] = {
    "Plan": {
        **SEALED,
        **LOG_CHANGES,
        "reads the log": query("AuditLog"),
        "appends to the log": put("AuditLog"),
        "deletes a finding": delete("Findings"),
        "updates a finding": update("Findings"),
        "signs": sign,
        "writes a report": put_object("Report", "reports/1"),
        "writes beside the runs": put_object("Work", "other/1"),
    },
    "Audit": {
        **SEALED,
        **LOG_CHANGES,
        "reads the registry": query("Registry", "SETTINGS"),
        "scans the findings": scan("Findings"),
        "deletes a finding": delete("Findings"),
        "updates a finding": update("Findings"),
        "signs": sign,
        "writes a report": put_object("Report", "reports/1"),
        "reads a report": get_object("Report", "reports/1"),
    },
    "Seal": {
        **LOG_CHANGES,
        "reads the registry": query("Registry", "SETTINGS"),
        "deletes a finding": delete("Findings"),
        "writes a report": put_object("Report", "reports/1"),
    },
    "Report": {
        **SEALED,
        **LOG_CHANGES,
        "reads the registry": query("Registry", "SETTINGS"),
        "reads the log": query("AuditLog"),
        "appends to the log": put("AuditLog"),
        "reads findings": query("Findings"),
        "writes findings": put("Findings"),
        "signs": sign,
        "writes a batch": put_object("Work", "runs/1"),
    },
    "Credential": {
        **SEALED,
        **{
            what: attempt
            for what, attempt in LOG_CHANGES.items()
            if what not in VAULT and what != "changes the registry"
        },
        "scans the vault": scan("Vault"),
        "deletes from the vault": delete("Vault"),
        "deletes from the vault in a transaction": delete_in_transaction("Vault"),
        "reads findings": query("Findings"),
        "writes findings": put("Findings"),
        "scans the registry": scan("Registry"),
        "signs": sign,
        "reads a report": get_object("Report", "reports/1"),
        "writes a batch": put_object("Work", "runs/1"),
        "asks itself": ask_the_vault,
    },
    "Api": {
        **SEALED,
        **{
            what: how
            for what, how in LOG_CHANGES.items()
            if what not in ("changes the registry", "asks the vault", "starts a run")
        },
        "scans the registry": scan("Registry"),
        "scans the findings": scan("Findings"),
        "writes findings": put("Findings"),
        "deletes a revocation": delete("Desk"),
        "updates a revocation": update("Desk"),
        "scans revocations": scan("Desk"),
        "reads many revocations": read_batch("Desk"),
        "scans kept answers": scan("Answers"),
        "signs": sign,
        "writes a report": put_object("Report", "reports/1"),
        "writes a batch": put_object("Work", "runs/1"),
    },
    "Revoke": {
        **SEALED,
        **LOG_CHANGES,
        "reads findings": query("Findings"),
        "lists the registry": query("Registry", "SETTINGS"),
        "deletes a revocation": delete("Desk"),
        "lists revocations": query("Desk"),
        "reads kept answers": scan("Answers"),
        "signs": sign,
        "reads a report": get_object("Report", "reports/1"),
        "writes a report": put_object("Report", "reports/1"),
    },
    "Operator": {
        **SEALED,
        **POOL,
        "lists users": list_users,
        **{what: attempt for what, attempt in LOG_CHANGES.items() if what != "asks the vault"},
        "reads the log": query("AuditLog"),
        "appends to the log": put("AuditLog"),
        "reads findings": query("Findings"),
        "signs": sign,
        "reads a report": get_object("Report", "reports/1"),
    },
    # The emulator lets every partition of the desk pass: the template's tests hold which.
    "Users": {
        **SEALED,
        **LOG_CHANGES,
        **POOL,
        "reads findings": query("Findings"),
        "deletes a request": delete("Desk"),
        "lists requests": query("Desk"),
        "signs": sign,
        "reads a report": get_object("Report", "reports/1"),
    },
    # The emulator lets every partition of the registry pass: the template's tests hold which.
    "BreakGlass": {
        **SEALED,
        **POOL,
        "lists users": list_users,
        **{what: one for what, one in LOG_CHANGES.items() if what != "changes the registry"},
        "reads findings": query("Findings"),
        "writes findings": put("Findings"),
        "writes revocations": put("Desk"),
        "signs": sign,
        "reads a report": get_object("Report", "reports/1"),
    },
    # It looks at what a stack is like, and at nothing that is in it. (The emulator lets it get any
    # item where it may get the format: the template's tests hold which.)
    "Doctor": {
        **SEALED,
        **{what: one for what, one in LOG_CHANGES.items() if what != "gets a ciphertext"},
        "reads the registry": query("Registry", "SETTINGS"),
        "reads the log": query("AuditLog"),
        "reads many of the registry": read_batch("Registry"),
        "reads ciphertexts": scan("Vault"),
        "reads revocations": query("Desk"),
        "reads kept answers": scan("Answers"),
        "signs": sign,
        "reads a report": get_object("Report", "reports/1"),
        "reads a batch": get_object("Work", "runs/test"),
    },
}

ALLOWED: dict[str, dict[str, Try]] = {
    "Users": {
        "lists users": list_users,
        "reads the roster": query("Registry", "PEOPLE#0"),
        "reads the format of the desk": read_format("Desk"),
        "reads the log": query("AuditLog", "S#0"),
    },
    "Plan": {
        "reads the registry": query("Registry", "SETTINGS"),
        "writes a batch": put_object("Work", "runs/test"),
        "reads the format of the findings": read_format("Findings"),
    },
    "Audit": {
        "reads the format of the findings": read_format("Findings"),
        "reads the format of the log": read_format("AuditLog"),
        "reads findings": query("Findings", "PLACE#0"),
        "reads the log": query("AuditLog", "S#0"),
        "writes a result": put_object("Work", "runs/test"),
    },
    "Seal": {
        "signs": sign,
        "reads the log": query("AuditLog", "S#0"),
        "reads the format of the findings": read_format("Findings"),
        "reads the format of the log": read_format("AuditLog"),
    },
    "Report": {"reads a batch": get_object("Work", "runs/test")},
    "Credential": {
        "reads ciphertexts": query("Vault", "SECRETS#0"),
        "reads the registry": query("Registry", "SETTINGS"),
        "reads the log": query("AuditLog", "S#0"),
        "unwraps a key of the vault": unwrap,
        "makes a key of the vault": vault_key,
        "makes a fingerprint": fingerprint,
        "reads the format of the vault": read_format("Vault"),
        "reads the format of the log": read_format("AuditLog"),
    },
    "Api": {
        "reads the format of revocations": read_format("Desk"),
        "reads the format of the log": read_format("AuditLog"),
        "reads the registry": query("Registry", "SETTINGS"),
        "reads many records of the registry": read_batch("Registry"),
        "reads findings": query("Findings", "PLACE#0"),
        "reads the log": query("AuditLog", "S#0"),
        "reads revocations": query("Desk", "REVOCATION#0"),
        "asks the vault": ask_the_vault,
    },
    "Revoke": {
        "reads a record of the registry": get("Registry", "SETTINGS"),
        "reads the format of revocations": read_format("Desk"),
        "reads the format of the log": read_format("AuditLog"),
    },
    "Operator": {
        "asks the vault": ask_the_vault,
        "reads the registry": query("Registry", "SETTINGS"),
    },
    "Doctor": {
        "reads the format of the vault": read_format("Vault"),
        "reads the format of the registry": read_format("Registry"),
        "reads the runs": query("Findings", "RUNS"),
    },
}


def tries(table: dict[str, dict[str, Try]]) -> list[Any]:
    return [
        pytest.param(role, attempt, id=f"{role} {what}")
        for role, attempts in table.items()
        for what, attempt in attempts.items()
    ]


@pytest.fixture(scope="module")
def roles(deployed: dict[str, Any]) -> dict[str, Role]:
    """Return every role."""
    return {name: Role(deployed, name) for name in REFUSED}


@pytest.mark.parametrize(("role", "attempt"), tries(REFUSED))
def test_refused(roles: dict[str, Role], role: str, attempt: Try) -> None:
    with pytest.raises(ClientError) as caught:
        attempt(roles[role])
    assert caught.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")


@pytest.mark.parametrize(("role", "attempt"), tries(ALLOWED))
def test_allowed(roles: dict[str, Role], role: str, attempt: Try) -> None:
    # Without these, a role that is refused everything would pass.
    attempt(roles[role])
