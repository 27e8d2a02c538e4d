"""Where the vault commands find a vault: beside a log on this machine, or in a deployed stack."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast

from msgspec.structs import replace

from rolecall.cli.arguments import configured
from rolecall.cli.clock import now
from rolecall.cli.deployed import open_stack
from rolecall.cli.output import say, show_problems
from rolecall.cli.requirements import needs_aws
from rolecall.cli.row_choice import chosen_row
from rolecall.errors import KeyFormatError, UsageError
from rolecall.ledger.file_log import FileLog
from rolecall.model import Account, Snapshot
from rolecall.registry.documents import snapshot_of
from rolecall.registry.policy_names import policy_with_ids
from rolecall.registry.policy_toml import find_policy, read_policy
from rolecall.registry.reading import read_registry
from rolecall.system import user_name
from rolecall.usecases.vault.admission import SecretRequest
from rolecall.usecases.vault.credentials import Credentials
from rolecall.usecases.vault.file_vault import FileVault
from rolecall.usecases.vault.service import VaultService
from rolecall.vault.envelope_files import EnvelopeFiles
from rolecall.vault.key_file import VaultKey, new_vault_key, read_vault_key, write_vault_key

__all__ = ["Target", "accounts_of", "asking", "open_files", "open_vault", "user"]


class Target(NamedTuple):
    """What a command was given to find a vault by."""

    name: str
    log: Path | None
    vault_key: Path | None
    policy: Path | None
    keep: int

    @property
    def is_registry(self) -> bool:
        """Whether it names a registry on this machine, and not a stack."""
        return Path(self.name).exists()

    def check(self) -> None:
        """Make sure that there is something to open, before anybody is asked for a secret.

        :raises UsageError: a registry is not there or lacks its log, a stack lacks its libraries.
        """
        if self.is_registry:
            if self.log is None:
                raise UsageError(
                    "a vault on this machine needs --log: what is done with secrets is recorded "
                    "there"
                )
        elif self.log is not None:
            raise UsageError(f"there is no registry {self.name}; a stack needs no --log")
        else:
            needs_aws(f"there is no registry {self.name}, and a stack")

    @property
    def key_file(self) -> Path:
        """Where the key of a vault on this machine is."""
        return self.vault_key or configured("vault-key")


def asking(account: str, person: str, login: str | None) -> SecretRequest:
    """Return a new request."""
    return SecretRequest(
        id=secrets.token_hex(16),
        at=now(),
        account=account,
        person=person,
        login=login,
        via=user(),
    )


def user() -> str:
    """Return who this is to the operating system; the environment has no say in it."""
    return f"os:{user_name()}"


@contextmanager
def open_vault(target: Target) -> Iterator[VaultService]:
    """Open a vault.

    :raises UsageError: there is no such registry or stack, or an option is missing.
    """
    target.check()
    if target.is_registry:
        with open_files(target) as (vault, key):
            service = Credentials(vault, key, key.mac, keep=target.keep)
            yield cast(VaultService, _ByName(service, vault.snapshot))
        return
    stack = open_stack(target.name)
    from rolecall.aws.vault_client import VaultClient

    yield VaultClient(stack["StackName"], stack["CredentialFunctionArn"])


class _ByName:
    """A vault at hand, with its registry: requests may name people and accounts as people do."""

    def __init__(self, vault: VaultService, snapshot: Snapshot) -> None:
        self._vault = vault
        self._snapshot = snapshot

    def __getattr__(self, name: str) -> Callable[..., Any]:
        served = getattr(self._vault, name)

        def serve(ask: SecretRequest, *rest: Any, **more: Any) -> Any:
            account = chosen_row("accounts", ask.account, self._snapshot.accounts)
            person = chosen_row("people", ask.person, self._snapshot.people)
            return served(replace(ask, account=account, person=person), *rest, **more)

        return serve


def accounts_of(target: Target) -> Sequence[Account]:
    """Return the accounts of a registry, or of the registry of a stack."""
    if target.is_registry:
        return read_registry(Path(target.name), now().date()).snapshot.accounts
    snapshot, _ = snapshot_of(open_stack(target.name).registry.documents())
    return snapshot.accounts


@contextmanager
def open_files(target: Target) -> Iterator[tuple[FileVault, VaultKey]]:
    """Open the vault beside a log on this machine, with its key.

    :raises UsageError: no log was named.
    :raises KeyFormatError: the key cannot be used, or is gone.
    """
    target.check()
    assert target.log is not None  # noqa: S101 - a registry was checked to have one.
    registry = Path(target.name)
    loaded = read_registry(registry, now().date())
    show_problems("warning", loaded.warnings, loaded.warning_count, loaded.language)
    rules = policy_with_ids(read_policy(target.policy or find_policy(registry)), loaded.snapshot)
    files = EnvelopeFiles(target.log / "vault")
    key = _key(target.key_file, target.log, files)
    with FileLog.open(target.log) as log:
        yield FileVault(key.organisation, files, log, loaded.snapshot, rules), key


def _key(path: Path, log: Path, files: EnvelopeFiles) -> VaultKey:
    """Return the key of a vault; the first time, make one and say where."""
    if path.resolve().is_relative_to(log.resolve()):
        raise KeyFormatError(
            f"{path}: a vault key inside of the log would protect nothing: whoever has the one has "
            "the other; choose another place with --vault-key"
        )
    key = read_vault_key(path)
    if key is not None:
        return key
    if not files.is_empty():
        raise KeyFormatError(
            f"{path}: there is no vault key, but {files.directory} holds secrets; restore it: "
            "without it they cannot be opened"
        )
    key = new_vault_key()
    write_vault_key(path, key, new=True)
    say(f"made a key for the vault: {path} (keep a copy apart from the log, and keep it private)")
    return key
