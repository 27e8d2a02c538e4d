"""``rolecall vault import``: from the export of a password manager into the vault."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from rolecall.bounded_reading import content_of
from rolecall.cli.output import confirmed, say
from rolecall.cli.progress import bar
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
from rolecall.errors import InputError, OverLimitError, UnreadableError
from rolecall.printable import printable
from rolecall.quantity import counted
from rolecall.usecases.vault.credentials import KEPT_VERSIONS
from rolecall.usecases.vault.service import VaultService
from rolecall.vault.exports.entry import Entry
from rolecall.vault.exports.matching import EntryMatch, match_entries
from rolecall.vault.exports.reading import MOST_BYTES, VaultExport, read_export

__all__ = ["import_export"]

_KINDS = {
    "note": "a note",
    "card": "a card",
    "identity": "an identity",
    "file": "a file",
    "other": "of a kind that the vault does not keep",
}


def import_export(
    target: TargetArgument,
    file: Annotated[
        Path,
        typer.Argument(
            help="The export of a browser or a password manager: CSV, JSON, or 1PUX.",
            metavar="FILE",
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
    export = _read(file)
    where = Target(target, log, vault_key, policy, keep)
    matches = match_entries(export.entries, accounts_of(where))
    ready = [match for match in matches if match.account is not None]
    _tell(export, matches, len(ready))
    if dry_run or not ready:
        typer.echo("nothing was stored")
        return
    if not yes and not confirmed(f"Store {len(ready):,} in the vault as {person}?"):
        typer.echo("nothing was stored")
        raise typer.Exit(2)
    with open_vault(where) as vault:
        failed = _store(vault, ready, person)
    typer.echo(f"stored {len(ready) - failed:,}")
    partly = sum(1 for match in ready if match.entry.left)
    _offer_to_shred(file, len(matches) - len(ready) + failed, partly, shred=shred)
    if failed:
        raise typer.Exit(2)


def _read(file: Path) -> VaultExport:
    """Read the whole of a file, or none of it: what lies behind a limit would be lost unseen."""
    try:
        data = content_of(file, MOST_BYTES)
    except OSError as error:
        raise UnreadableError(f"{file}: cannot read: {error.strerror}") from error
    if len(data) > MOST_BYTES:
        raise OverLimitError(
            f"{file}: is larger than {MOST_BYTES:,} bytes; export a part of the vault at a time"
        )
    return read_export(data, str(file))


def _tell(export: VaultExport, matches: list[EntryMatch], ready: int) -> None:
    for match in matches:
        typer.echo(_told(match))
        if match.account is not None and match.entry.left:
            left = ", ".join(match.entry.left)
            typer.echo(printable(f"            not taken, the vault has no place for it: {left}"))
    typer.echo(
        f"belonging to an account: {ready:,} of {counted(len(matches), 'login')} "
        f"(an export of {export.program})"
    )


def _told(match: EntryMatch) -> str:
    entry = match.entry
    if match.account is None:
        return printable(f"  row {entry.row:<5} {entry.title}: {_why(match)}")
    return printable(f"  row {entry.row:<5} {entry.title} -> {match.account} (by {match.how})")


def _why(match: EntryMatch) -> str:
    """Return why an entry is left out, and what would bring it in."""
    return {
        "unknown": "no account has this id or address; give it the account's id as its title",
        "several accounts": "several accounts have this address; give it an account's id",
        "several entries": "several entries for one account; leave one of them",
        "kind": f"left out: {_KINDS.get(match.entry.kind, '')}",
        "state": f"left out: {match.entry.state}, so it is not the current password",
        "empty": f"left out: {_lacking(match.entry)}",
    }[match.how]


def _lacking(entry: Entry) -> str:
    left = ", ".join(entry.left)
    return f"the vault has no place for its {left}" if left else "it has no password"


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


def _offer_to_shred(file: Path, left: int, partly: int, *, shred: bool | None) -> None:
    """Destroy a file of which all was stored; of any other, say so and leave it."""
    if left or partly:
        what = f"{counted(left, 'login of it is', 'logins of it are')} not in the vault"
        if partly:
            what += f", and {partly:,} only in part"
        if shred:
            say(f"warning: {file} was not shredded: {what}")
        elif shred is None:
            say(f"warning: {file} still holds passwords that anybody can read: {what}")
        return
    if shred is None:
        if not sys.stdin.isatty():
            say(f"warning: {file} still holds passwords that anybody can read; --shred deletes it")
            return
        shred = confirmed(f"Overwrite and delete {file}?")
    if shred:
        _shred(file)
        typer.echo(f"shredded {file} (copies, backups and the disk's own may still be there)")


def _shred(file: Path) -> None:
    try:
        overwrite(file)
    except OSError as error:
        raise UnreadableError(f"{file}: cannot be shredded: {error.strerror}") from error
