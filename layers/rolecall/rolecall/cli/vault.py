"""The commands of the vault: ``rolecall vault put|rotate|reveal|code|history|destroy|rewrap``.

A secret comes in by a prompt, or on standard input with ``--stdin``; never as an argument, which
every process of the machine could read. It goes out to a terminal only, unless ``--stdout`` says
otherwise.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from rolecall.cli.clock import now
from rolecall.cli.output import ask_to_proceed, say
from rolecall.cli.progress import bar
from rolecall.cli.secret_input import prompted, read_secret
from rolecall.cli.vault_location import Target, asking, open_files, open_vault, user
from rolecall.errors import UsageError
from rolecall.printable import printable
from rolecall.quantity import counted
from rolecall.usecases.reasons import LEAST_REASON
from rolecall.usecases.vault.credentials import KEPT_VERSIONS, Stored
from rolecall.usecases.vault.file_vault import rewrap_files
from rolecall.vault.key_file import VaultKey, write_vault_key
from rolecall.vault.life import Life, Version

__all__ = [
    "AccountArgument",
    "AsOption",
    "KeepOption",
    "KeyOption",
    "LogOption",
    "LoginOption",
    "PolicyOption",
    "StdinOption",
    "TargetArgument",
    "code",
    "destroy",
    "history",
    "put",
    "reveal",
    "rewrap",
    "rotate",
    "vault_app",
]

vault_app = typer.Typer(help="Keep the logins of accounts, encrypted.", no_args_is_help=True)

TargetArgument = Annotated[
    str,
    typer.Argument(
        help="A registry on this machine, or the name of a deployed stack.",
        metavar="REGISTRY_OR_STACK",
    ),
]
AccountArgument = Annotated[str, typer.Argument(help="The account.", metavar="ACCOUNT")]
AsOption = Annotated[
    str, typer.Option("--as", help="Who acts: a person of the roster, by id.", metavar="PERSON")
]
LoginOption = Annotated[
    str | None, typer.Option("--login", help="Which login, where the account has several.")
]
LogOption = Annotated[
    Path | None,
    typer.Option("--log", envvar="ROLECALL_LOG", help="The audit log; secrets are kept beside it."),
]
KeyOption = Annotated[
    Path | None,
    typer.Option(
        "--vault-key",
        envvar="ROLECALL_VAULT_KEY",
        help="The file of the vault key. Default: in the user's configuration directory.",
    ),
]
PolicyOption = Annotated[
    Path | None,
    typer.Option("--policy", help="The policy; by default policy.toml in or beside the registry."),
]
KeepOption = Annotated[
    int,
    typer.Option(
        help="Versions of a secret to keep, on this machine; a stack has its own number.",
        min=1,
        max=100,
    ),
]
StdinOption = Annotated[
    bool,
    typer.Option(
        "--stdin",
        help="Read the secret from standard input: a JSON object with username, password, totp, "
        "recovery_codes (a list), notes.",
    ),
]
_LABELS = {
    "username": "user name",
    "password": "password",
    "totp": "one-time seed",
    "recovery_codes": "recovery codes",
    "notes": "notes",
}


@vault_app.command()
def put(
    target: TargetArgument,
    account: AccountArgument,
    person: AsOption,
    login: LoginOption = None,
    log: LogOption = None,
    vault_key: KeyOption = None,
    policy: PolicyOption = None,
    keep: KeepOption = KEPT_VERSIONS,
    stdin: StdinOption = False,
) -> None:
    """Put a login's secret into the vault; or change what is beside its password."""
    where = Target(target, log, vault_key, policy, keep)
    where.check()
    secret = read_secret() if stdin else prompted("empty where there is none")
    with open_vault(where) as vault:
        stored = vault.store(asking(account, person, login), secret)
    _tell(account, stored)


@vault_app.command()
def rotate(
    target: TargetArgument,
    account: AccountArgument,
    person: AsOption,
    login: LoginOption = None,
    log: LogOption = None,
    vault_key: KeyOption = None,
    policy: PolicyOption = None,
    keep: KeepOption = KEPT_VERSIONS,
    clear: Annotated[
        list[str] | None, typer.Option(help="A part that is no longer there; may be repeated.")
    ] = None,
    stdin: StdinOption = False,
) -> None:
    """Put a new password in place of the one there is; you are then the only one to know it."""
    where = Target(target, log, vault_key, policy, keep)
    where.check()
    secret = read_secret() if stdin else prompted("empty to leave it as it is")
    with open_vault(where) as vault:
        stored = vault.rotate(asking(account, person, login), secret, tuple(clear or ()))
    _tell(account, stored)


@vault_app.command()
def reveal(
    target: TargetArgument,
    account: AccountArgument,
    person: AsOption,
    reason: Annotated[
        str,
        typer.Option(help=f"Why, in {LEAST_REASON} characters or more; it stays in the log."),
    ],
    login: LoginOption = None,
    log: LogOption = None,
    vault_key: KeyOption = None,
    policy: PolicyOption = None,
    version: Annotated[
        int | None, typer.Option(help="An earlier version that is still kept.", min=1)
    ] = None,
    seed: Annotated[
        bool, typer.Option("--seed", help="Show the seed of one-time codes as well.")
    ] = False,
    stdout: Annotated[
        bool,
        typer.Option("--stdout", help="Write JSON to standard output, terminal or not."),
    ] = False,
) -> None:
    """Show a secret. Who reads it counts as knowing it until it is rotated."""
    if not stdout and not sys.stdout.isatty():
        raise UsageError(
            "standard output is not a terminal; --stdout writes the secret there all the same"
        )
    ask = asking(account, person, login)
    with open_vault(Target(target, log, vault_key, policy, KEPT_VERSIONS)) as vault:
        secret = vault.reveal(ask, reason, version=version, seed=seed)
    if stdout:
        sys.stdout.buffer.write(msgspec.json.encode(secret) + b"\n")
        return
    for name, label in _LABELS.items():
        value = getattr(secret, name)
        lines = value if isinstance(value, tuple) else value.splitlines()
        for number, line in enumerate(lines):
            typer.echo(f"{'' if number else label:<16}{printable(line)}")


@vault_app.command()
def code(
    target: TargetArgument,
    account: AccountArgument,
    person: AsOption,
    login: LoginOption = None,
    log: LogOption = None,
    vault_key: KeyOption = None,
    policy: PolicyOption = None,
) -> None:
    """Show the one-time code of this moment; the seed stays in the vault."""
    ask = asking(account, person, login)
    with open_vault(Target(target, log, vault_key, policy, KEPT_VERSIONS)) as vault:
        made = vault.code(ask)
    typer.echo(made.digits)
    say(f"good for {counted(made.seconds, 'more second')}")


@vault_app.command()
def history(
    target: TargetArgument,
    account: AccountArgument,
    person: AsOption,
    login: LoginOption = None,
    log: LogOption = None,
    vault_key: KeyOption = None,
    policy: PolicyOption = None,
) -> None:
    """Show every version there was, and who has known it."""
    ask = asking(account, person, login)
    with open_vault(Target(target, log, vault_key, policy, KEPT_VERSIONS)) as vault:
        life = vault.history(ask)
    for line in _told(life):
        typer.echo(printable(line))


@vault_app.command()
def destroy(
    target: TargetArgument,
    account: AccountArgument,
    person: AsOption,
    login: LoginOption = None,
    log: LogOption = None,
    vault_key: KeyOption = None,
    policy: PolicyOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete every version of a secret; its history stays in the log."""
    ask_to_proceed(f"Destroy the secret of {account} for good?", yes=yes)
    ask = asking(account, person, login)
    with open_vault(Target(target, log, vault_key, policy, KEPT_VERSIONS)) as vault:
        life = vault.destroy(ask)
    typer.echo(f"destroyed the secret of login {life.login} of {account}")


@vault_app.command()
def rewrap(
    target: TargetArgument,
    log: LogOption = None,
    vault_key: KeyOption = None,
    policy: PolicyOption = None,
) -> None:
    """Wrap the keys of all secrets anew: on this machine under a new key, which is made.

    What was interrupted goes on where it was when it is started again.
    """
    found = Target(target, log, vault_key, policy, KEPT_VERSIONS)
    with bar("rewrapping", None) as show:
        if found.is_registry:
            with open_files(found) as (vault, key):

                def save(made: VaultKey) -> None:
                    write_vault_key(found.key_file, made, new=False)

                count = rewrap_files(vault, key, save, now(), user(), show)
        else:
            from rolecall.aws.vault_client import VaultClient
            from rolecall.cli.deployed import open_stack

            stack = open_stack(target)
            far = VaultClient(stack["StackName"], stack["CredentialFunctionArn"])
            count = far.rewrap(show)
    typer.echo(f"rewrapped {counted(count, 'secret')}")


# -- what goes out ------------------------------------------------------------------------------


def _tell(account: str, stored: Stored) -> None:
    version = stored.version
    typer.echo(f"{version.how} login {stored.login} of {account}: version {version.number}")
    if version.strength is not None:
        typer.echo(f"strength {version.strength} of 4")
    for line in version.advice:
        typer.echo(f"  {line}")
    known = [_LABELS[name] for name in stored.carried if name in ("totp", "recovery_codes")]
    if known and version.how == "rotated":
        say(
            f"note: unchanged are {', '.join(known)}: whoever has read them can still use them, so "
            "make new ones on the platform"
        )


def _told(life: Life) -> Iterator[str]:
    for version in reversed(life.versions):
        state = "in force" if version is life.current else "kept" if version.kept else "deleted"
        yield f"version {version.number}  {version.how} {_at(version.at)} by {version.by}, {state}"
        yield from _readers(version)


def _readers(version: Version) -> Iterator[str]:
    for reader in version.readers:
        shown = "wrote it" if not reader.shown else f"read it {counted(reader.shown, 'time')}"
        if reader.shown == 1:
            shown = "read it once"
        last = f", last {_at(reader.last_shown)}" if reader.last_shown else ""
        yield f"  {reader.person}  knows it since {_at(reader.since)}: {shown}{last}"
    if version.emergency_at is not None:
        yield f"  opened in an emergency {_at(version.emergency_at)}"


def _at(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M")
