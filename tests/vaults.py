"""Vaults to test with: a small registry, beside a log in files or in a stack of moto."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

import boto3
from msgspec.structs import replace

from rolecall.ledger.file_log import FileLog
from rolecall.ledger.record import Record
from rolecall.model import Account, Entity, Grant, Login, Person, Policy, Snapshot
from rolecall.registry.documents import documents, snapshot_of
from rolecall.usecases.vault.admission import SecretRequest, VaultStore
from rolecall.usecases.vault.credentials import Credentials
from rolecall.usecases.vault.file_vault import FileVault
from rolecall.vault.envelope_files import EnvelopeFiles
from rolecall.vault.key_file import VaultKey
from rolecall.vault.life import Life
from rolecall.vault.overlay import with_vault
from rolecall.vault.secret import Secret
from tests.cloud import Cloud, cloud
from tests.records import known_records

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
KEY = VaultKey("test", bytes(range(32)), (bytes(range(32, 64)),))
SECRET = Secret(
    "stbrigid", "kestrel-Anvil-0-plum", "JBSWY3DPEHPK3PXP", ("aa11-bb22", "cc33-dd44"), "pin 4711"
)
REASON = "to answer the parents' questions"
PAGE, SITE, CLOSED = "page", "site", "closed"


def _person(id_: str, **facts: Any) -> Person:
    given = {"clearance_level": "C", "clearance_expires": date(2027, 5, 1), **facts}
    return Person(id_, id_.title(), given.pop("status", "active"), **given)


PEOPLE = (
    _person("manager"),
    _person("second"),
    _person("editor"),
    _person("low", clearance_level="B"),
    _person("unknown-level", clearance_level=None),
    _person("expired", clearance_expires=date(2026, 11, 1)),
    _person("undated", clearance_expires=None),
    _person("gone", status="left", left_on=date(2026, 10, 1)),
    _person("suspended", status="suspended"),
    _person("leaving"),
    _person("guest"),
    _person("former"),
    _person("head", clearance_level=None, clearance_expires=None),
    _person("it", clearance_level=None, clearance_expires=None),
    _person("bishop", clearance_level=None, clearance_expires=None),
    _person("stranger"),
)
_TRACKED = frozenset(
    f"{table}.{name}"
    for table, kind in (("entities", Entity), ("people", Person), ("accounts", Account))
    for name in kind.__struct_fields__
) | {f"grants.{name}" for name in Grant.__struct_fields__}
REGISTRY = Snapshot(
    entities=(
        Entity("diocese", "Diocese", head_id="bishop"),
        Entity("parish", "Parish", parent_id="diocese", head_id="head", it_delegate_ids=("it",)),
        Entity("other", "Other", parent_id="diocese", head_id="stranger"),
    ),
    people=PEOPLE,
    accounts=(
        Account(PAGE, "parish", "facebook", "stbrigid", "active"),
        Account(SITE, "parish", "website", "stbrigid.example", "active"),
        Account(CLOSED, "parish", "x", "old", "closed"),
    ),
    grants=(
        Grant(PAGE, "manager", "admin"),
        Grant(PAGE, "second", "owner"),
        Grant(PAGE, "editor", "editor"),
        *(
            Grant(PAGE, id_, "manager")
            for id_ in ("low", "unknown-level", "expired", "undated", "gone", "suspended")
        ),
        Grant(PAGE, "leaving", "admin", revoke_requested_at=AT),
        Grant(PAGE, "guest", "admin", expires_on=date(2026, 11, 1)),
        Grant(PAGE, "former", "admin", revoked_on=date(2026, 9, 1)),
        Grant(SITE, "manager", "admin"),
        Grant(CLOSED, "manager", "admin"),
    ),
    logins=(Login("page-login", PAGE, storage="spreadsheet", holder_ids=("former",), mfa="none"),),
    tracked=_TRACKED | {"logins.id", "logins.account_id", "logins.storage", "logins.holder_ids"},
)


def ask(person: str, account: str = PAGE, **given: Any) -> SecretRequest:
    """Return a new request."""
    ask.count = getattr(ask, "count", 0) + 1  # type: ignore[attr-defined]
    asked = {"id": f"request-{ask.count:08}", "at": AT, "via": "os:tester"}  # type: ignore[attr-defined]
    return SecretRequest(account=account, person=person, **{**asked, **given})


class World(Protocol):
    """A vault, with everything around it."""

    @property
    def vault(self) -> VaultStore:
        """The vault itself."""
        ...

    def credentials(self, keep: int = 3) -> Credentials:
        """Return the use cases, as a new process has them."""
        ...

    def registry(self) -> Snapshot:
        """Return the registry as an audit sees it now."""
        ...

    def records(self) -> list[Record]:
        """Return the log."""
        ...

    def ciphertexts(self) -> list[bytes]:
        """Return every envelope that is still there."""
        ...

    def change(self, life: Life, number: int, envelope: bytes) -> None:
        """Put other bytes in place of an envelope."""
        ...


@dataclass
class Files:
    """A vault in files."""

    directory: Path
    snapshot: Snapshot = REGISTRY
    policy: Policy = field(default_factory=Policy)

    def __post_init__(self) -> None:
        self.log = FileLog.open(self.directory / "log")
        self.files = EnvelopeFiles(self.directory / "log" / "vault")
        self.vault = self._open()

    def close(self) -> None:
        """Let go of the log."""
        self.log.close()

    def _open(self) -> FileVault:
        return FileVault(KEY.organisation, self.files, self.log, self.snapshot, self.policy)

    def credentials(self, keep: int = 3) -> Credentials:
        """Return the use cases."""
        self.vault = self._open()
        return Credentials(self.vault, KEY, KEY.mac, keep=keep)

    def registry(self) -> Snapshot:
        """Return the registry as an audit sees it now."""
        return with_vault(self.snapshot, self._open().lives)

    def records(self) -> list[Record]:
        """Return the log."""
        return list(known_records(self.log))

    def ciphertexts(self) -> list[bytes]:
        """Return every envelope that is still there."""
        return [path.read_bytes() for path in sorted(self.files.directory.glob("*"))]

    def change(self, life: Life, number: int, envelope: bytes) -> None:
        """Put other bytes in place of an envelope."""
        digest = life.versions[number - 1].envelope
        (self.files.directory / f"{digest}.rclv").write_bytes(envelope)


def with_accounts(sky: Cloud) -> None:
    """Begin with the registry of the vault's tests."""
    registry = sky.stack().registry
    registry.apply(registry.compare(documents(REGISTRY, None)))


class Sky:
    """A vault in a stack that begins :func:`with_accounts`."""

    def __init__(self, sky: Cloud) -> None:
        self.sky = sky
        self.vault: VaultStore = sky.stack().vault

    def credentials(self, keep: int = 3) -> Credentials:
        """Return the use cases."""
        stack = self.sky.stack()
        self.vault = stack.vault
        credentials = stack.credentials
        credentials._keep = keep
        return credentials

    def registry(self) -> Snapshot:
        """Return the registry as an audit sees it now."""
        return snapshot_of(self.sky.stack().registry.documents())[0]

    def records(self) -> list[Record]:
        """Return the log."""
        return list(known_records(self.sky.stack().log))

    def items(self) -> list[dict[str, Any]]:
        """Return every item of the vault's table."""
        found: list[dict[str, Any]] = boto3.client("dynamodb").scan(TableName="VaultTable")["Items"]
        return found

    def ciphertexts(self) -> list[bytes]:
        """Return every envelope that is still there."""
        return [bytes(item["envelope"]["B"]) for item in self.items() if "envelope" in item]

    def change(self, life: Life, number: int, envelope: bytes) -> None:
        """Put other bytes in place of an envelope."""
        prefix = f"{life.account}#{life.login}#{number:08}"
        (item,) = [item for item in self.items() if item["sk"]["S"] == prefix]
        item["envelope"] = {"B": envelope}
        boto3.client("dynamodb").put_item(TableName="VaultTable", Item=item)


@contextmanager
def world(kind: str, directory: Path) -> Iterator[World]:
    """Give a vault of a kind: files or dynamodb."""
    if kind == "files":
        with closing(Files(directory)) as made:
            yield made
    else:
        with cloud(with_accounts) as sky:
            yield Sky(sky)


def login(snapshot: Snapshot, account: str = PAGE) -> Login | None:
    """Return the only login of an account, as an audit sees it."""
    found: Sequence[Login] = [row for row in snapshot.logins if row.account_id == account]
    assert len(found) <= 1
    return found[0] if found else None


def with_grant(snapshot: Snapshot, *grants: Grant) -> Snapshot:
    """Return a registry with other grants."""
    return replace(snapshot, grants=(*snapshot.grants, *grants))
