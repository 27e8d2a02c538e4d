"""``rolecall vault import``: from the export of a password manager into the vault."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from rolecall.cli.output import bar, confirmed, say
from rolecall.cli.vault import (
    AsOption,
    KeepOption,
    KeyOption,
    LogOption,
    PolicyOption,
    TargetArgument,
)
from rolecall.cli.vault_location import Target, accounts_of, asking, open_vault
from rolecall.durable import shred as overwrite
from rolecall.errors import InputError, UnreadableError
from rolecall.printable import printable
from rolecall.usecases.vault.credentials import KEPT_VERSIONS
from rolecall.usecases.vault.service import VaultService
from rolecall.vault.exports import EntryMatch, match_entries, read_export

__all__ = ["import_export"]

_MOST = 50_000_000


def import_export(
    target: TargetArgument,
    file: Annotated[
        Path,
        typer.Argument(
            help="A CSV export of KeePass, KeePassXC, Bitwarden or 1Password.", metavar="FILE"
        ),
    ],
    person: AsOption,
    log: LogOption = None,
    vault_key: KeyOption = None,
    policy: PolicyOption = None,
    keep: KeepOption = KEPT_VERSIONS,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what belongs where, and store nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before storing.")] = False,
    shred: Annotated[
        bool | None,
        typer.Option(
            "--shred/--keep-file",
            help="Overwrite and delete FILE once all of it is stored, or leave it; asked for by "
            "default.",
        ),
    ] = None,
) -> None:
    """Store the logins of a password manager's export, each with the account it belongs to."""
    try:
        with file.open("rb") as opened:
            data = opened.read(_MOST)
    except OSError as error:
        raise UnreadableError(f"{file}: cannot read: {error.strerror}") from error
    where = Target(target, log, vault_key, policy, keep)
    matches = match_entries(read_export(data, str(file)), accounts_of(where))
    for match in matches:
        typer.echo(_told(match))
    ready = [match for match in matches if match.account is not None]
    typer.echo(f"{len(ready):,} of {len(matches):,} logins belong to an account")
    if dry_run or not ready:
        typer.echo("nothing was stored")
        return
    if not yes and not confirmed(f"Store {len(ready):,} in the vault as {person}?"):
        typer.echo("nothing was stored")
        raise typer.Exit(2)
    with open_vault(where) as vault:
        failed = _store(vault, ready, person)
    typer.echo(f"stored {len(ready) - failed:,}")
    _offer_to_shred(file, len(matches) - len(ready) + failed, shred=shred)
    if failed:
        raise typer.Exit(2)


def _told(match: EntryMatch) -> str:
    entry = match.entry
    if match.account is None:
        why = {
            "unknown": "no account has this id or address; give it the account's id as its title",
            "several accounts": "several accounts have this address; give it an account's id",
            "several entries": "several entries for one account; leave one of them",
        }[match.how]
        return printable(f"  row {entry.row:<5} {entry.title}: {why}")
    return printable(f"  row {entry.row:<5} {entry.title} -> {match.account} (by {match.how})")


def _store(vault: VaultService, ready: list[EntryMatch], person: str) -> int:
    """Store entries one by one; return how many could not be."""
    failed = 0
    with bar("storing", len(ready)) as show:
        for done, match in enumerate(ready, 1):
            assert match.account is not None  # noqa: S101 - these are the ones that have one.
            try:
                vault.store(asking(match.account, person, match.login), match.entry.secret)
            except InputError as error:
                failed += 1
                say(f"error: row {match.entry.row}: {error}")
            if show is not None:
                show(done, len(ready))
    return failed


def _offer_to_shred(file: Path, left: int, *, shred: bool | None) -> None:
    if shred and left:
        say(f"warning: {file} was not shredded: {left:,} of its logins are not in the vault")
        return
    if shred is None:
        if not sys.stdin.isatty():
            say(f"warning: {file} still holds passwords that anybody can read; --shred deletes it")
            return
        lost = f" {left:,} of its logins are NOT in the vault." if left else ""
        shred = confirmed(f"Overwrite and delete {file}?{lost}")
    if shred:
        _shred(file)
        typer.echo(f"shredded {file} (copies, backups and the disk's own may still be there)")


def _shred(file: Path) -> None:
    try:
        overwrite(file)
    except OSError as error:
        raise UnreadableError(f"{file}: cannot be shredded: {error.strerror}") from error
