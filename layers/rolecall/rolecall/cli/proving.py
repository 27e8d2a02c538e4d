"""The commands of the log that proves itself: ``log`` and ``key``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from rolecall.cli.arguments import (
    TextFormat,
    default_key_file,
    new_signer,
    parse_instant,
)
from rolecall.cli.output import replace, say, write
from rolecall.errors import KeyFormatError, UnreadableError, UsageError
from rolecall.ledger.bundle import write_bundle
from rolecall.ledger.event import SEAL
from rolecall.ledger.export import export, find_span
from rolecall.ledger.key_file import read_key_file, write_key_file
from rolecall.ledger.log import ReadableLog, stored_records
from rolecall.ledger.log_files import LogFiles
from rolecall.ledger.reading import AnyRecord, UnknownRecord
from rolecall.printable import printable

__all__ = [
    "AtOption",
    "EntityOption",
    "LogArgument",
    "LogStackOption",
    "SigningKeyOption",
    "SinceOption",
    "key_app",
    "key_new",
    "key_show",
    "log_app",
    "log_export",
    "log_show",
]

key_app = typer.Typer(help="Make or show the key that seals the audit log.", no_args_is_help=True)
log_app = typer.Typer(help="Show the audit log, or export proofs of it.", no_args_is_help=True)

SigningKeyOption = Annotated[
    Path | None,
    typer.Option(
        "--signing-key",
        envvar="ROLECALL_SIGNING_KEY",
        help="The file of the signing key. Default: in the user's configuration directory.",
    ),
]
LogArgument = Annotated[
    Path | None, typer.Argument(help="The directory of an audit log.", metavar="DIR")
]
LogStackOption = Annotated[
    str | None, typer.Option("--stack", help="Instead of DIR, the log of this deployed stack.")
]
EntityOption = Annotated[
    str | None, typer.Option("--entity", help="Only the records of this entity.")
]
SinceOption = Annotated[
    str | None, typer.Option("--since", help="Only records of this date or instant, or later.")
]
AtOption = Annotated[
    str | None, typer.Option("--at", help="The log as it was at this date or instant.")
]


@key_app.command("new")
def key_new(
    name: Annotated[
        str | None,
        typer.Option(help="The name of the key, such as example.org/audit; no spaces, no plus."),
    ] = None,
    signing_key: SigningKeyOption = None,
) -> None:
    """Make a signing key, and print its verifier key."""
    path = signing_key or default_key_file()
    signer = new_signer(name)
    write_key_file(path, signer)
    say(f"wrote {path}: keep it private; what it prints below is public")
    typer.echo(str(signer.key))


@key_app.command("show")
def key_show(signing_key: SigningKeyOption = None) -> None:
    """Print the verifier key of the signing key."""
    path = signing_key or default_key_file()
    signer = read_key_file(path)
    if signer is None:
        raise KeyFormatError(f"{path}: there is no signing key; rolecall key new makes one")
    typer.echo(str(signer.key))


@log_app.command("show")
def log_show(
    directory: LogArgument = None,
    stack: LogStackOption = None,
    entity: EntityOption = None,
    since: SinceOption = None,
    at: AtOption = None,
    format_: Annotated[
        TextFormat, typer.Option("--format", help="A line a record, or the records as stored.")
    ] = TextFormat.text,
) -> None:
    """Show the records of an audit log, oldest first."""
    log, _ = _log(directory, stack)
    first, last = _instants(since, at)

    def lines() -> Iterator[bytes]:
        for index, (leaf, record) in enumerate(stored_records(log), 1):
            if last is not None and record.at > last:
                return
            if entity is not None and record.entity != entity:
                continue
            if first is not None and record.at < first:
                continue
            if format_ is TextFormat.json:
                yield leaf + b"\n"
            else:
                yield printable(_line(index, record)).encode() + b"\n"

    write(lines(), None)


def _subject(record: AnyRecord) -> str:
    if isinstance(record, UnknownRecord):
        values = (record.subject or {}).values()
        return " ".join(value for value in values if isinstance(value, str))
    return " ".join(record.subject.keys().values()) if record.subject else ""


def _line(index: int, record: AnyRecord) -> str:
    subject = _subject(record)
    told = map(record.payload.get, ("control", "severity", "reason", "waiver", "table"))
    details = " ".join(text for text in told if isinstance(text, str))
    if record.action == SEAL:
        details = f"epoch {record.seq}"
    elif record.action.startswith(("secret.", "vault.")):
        details = f"by {record.actor}  {details}".rstrip()
    parts = [f"{index:>6}", record.at.isoformat().replace("+00:00", "Z"), f"{record.action:<17}"]
    return "  ".join(
        [*parts, *(part for part in (record.entity, subject, details) if part)]
    ).rstrip()


@log_app.command("export")
def log_export(
    directory: LogArgument = None,
    stack: LogStackOption = None,
    entity: EntityOption = None,
    since: SinceOption = None,
    at: AtOption = None,
    output: Annotated[Path, typer.Option(help="The proof bundle to write.")] = Path("proof.zip"),
) -> None:
    """Write a proof bundle: records, checkpoint and proofs, to verify offline."""
    log, keys = _log(directory, stack)
    span = find_span(log, *_instants(since, at))
    contents = export(log, span, keys, entity)
    replace(output, lambda file: write_bundle(file, contents))
    what = "the log" if entity is None else entity
    after = f" after size {span.start:,}" if span.start else ""
    typer.echo(f"wrote {output}: all of {what}{after}, up to the checkpoint of size {span.end:,}")


def _log(directory: Path | None, stack: str | None) -> tuple[ReadableLog, bytes]:
    """Return a log, and the verifier keys that are kept beside it."""
    if (directory is None) == (stack is None):
        raise UsageError("give the directory of a log, or --stack NAME")
    if directory is not None:
        files = _files(directory)
        return files, files.keys()
    from rolecall.cli.deployed import open_stack

    log = open_stack(stack or "").log
    return log, log.keys()


def _files(directory: Path) -> LogFiles:
    files = LogFiles(directory)
    if not (directory / "records.jsonl").is_file():
        raise UnreadableError(f"{directory}: not an audit log: it has no records.jsonl")
    return files


def _instants(since: str | None, at: str | None) -> tuple[datetime | None, datetime | None]:
    return (
        None if since is None else parse_instant(since, "--since"),
        None if at is None else parse_instant(at, "--at"),
    )
