"""The commands of the log that proves itself: ``verify``, ``log`` and ``key``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rolecall.cli.arguments import (
    TextFormat,
    default_key_file,
    new_signer,
    parse_instant,
    verifier_keys,
)
from rolecall.cli.output import replace, say, write
from rolecall.cli.verdict import as_json, as_text
from rolecall.errors import (
    AuditLogError,
    KeyFormatError,
    ProofError,
    UnreadableError,
    UsageError,
)
from rolecall.garbage import uncollected
from rolecall.ledger.bundle import BundleReader, write_bundle
from rolecall.ledger.checkpoint import read_checkpoint
from rolecall.ledger.event import SEAL
from rolecall.ledger.export import export, find_span
from rolecall.ledger.key_file import read_key_file, write_key_file
from rolecall.ledger.log import ReadableLog, stored_records
from rolecall.ledger.log_files import LogFiles
from rolecall.ledger.note import VerifierKey
from rolecall.ledger.reading import AnyRecord, UnknownRecord, decode
from rolecall.ledger.verify import Verified, verify_log
from rolecall.ledger.verify_bundle import verify_bundle
from rolecall.printable import printable

if TYPE_CHECKING:
    from rolecall.usecases.reporting.verification import Proven

__all__ = [
    "AtOption",
    "EntityOption",
    "GivenReports",
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
    "verify",
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


@uncollected()
def verify(
    log: Annotated[
        Path, typer.Argument(help="An audit log's directory, or a proof bundle.", metavar="LOG")
    ],
    key: Annotated[
        list[str],
        typer.Option(help="A verifier key, or a file with some; repeat it for earlier keys."),
    ],
    since: Annotated[
        Path | None, typer.Option(help="A checkpoint that you kept: the log must continue it.")
    ] = None,
    reports: Annotated[
        Path | None,
        typer.Option(help="A directory of reports: they must say what the log said at their seal."),
    ] = None,
    format_: Annotated[
        TextFormat, typer.Option("--format", help="How to write the verdict.")
    ] = TextFormat.text,
) -> None:
    """Prove offline that nothing in an audit log was changed, dropped or withheld.

    Exit status: 0 valid; 1 invalid; 2 it cannot be read at all.
    """
    keys = verifier_keys(key)
    kept = None if since is None else _read(since)
    try:
        if log.is_dir():
            verified, proven = _verify_directory(log, keys, kept, reports)
        else:
            with BundleReader(log) as bundle:
                verified, proven = _verify_bundle(bundle, keys, kept, reports)
    except ProofError as error:
        if format_ is TextFormat.json:
            _echo({"valid": False, "why": str(error)})
        else:
            typer.echo(printable(f"invalid: {error}"))
        raise typer.Exit(1) from error
    except AuditLogError as error:
        raise UnreadableError(str(error)) from error
    if format_ is TextFormat.json:
        _echo(as_json(verified, proven))
    else:
        for line in as_text(verified, proven):
            typer.echo(printable(line))


def _verify_directory(
    directory: Path, keys: Sequence[VerifierKey], kept: bytes | None, reports: Path | None
) -> tuple[Verified, Proven | None]:
    files = LogFiles(directory)
    path = directory / "records.jsonl"
    checkpoints = {size: files.checkpoint(size) or b"" for size in files.sizes()}
    if not path.exists() and not checkpoints:
        raise UnreadableError(f"{directory}: not an audit log: it has no records.jsonl")
    if not path.exists():
        raise ProofError("records.jsonl is missing")
    verified = verify_log(files.chunks(), checkpoints, keys, kept)
    if files.is_torn():
        say("note: the last line is not finished: it is being written, or was interrupted")
    if reports is None:
        return verified, None
    given = GivenReports.in_directory(reports)
    # The log continues the checkpoint that the reports name, so they are of its first records.
    verify_log(files.chunks(), checkpoints, keys, given.checkpoint)
    return verified, given.prove(
        lambda size: islice(chain.from_iterable(files.chunks()), size), None
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{path}: cannot read: {error.strerror}") from error


def _verify_bundle(
    bundle: BundleReader, keys: Sequence[VerifierKey], kept: bytes | None, reports: Path | None
) -> tuple[Verified, Proven | None]:
    verified = verify_bundle(bundle, keys, kept)
    found = [GivenReports(bundle.reports, bundle.report)] if bundle.reports else []
    if reports is not None:
        found.append(GivenReports.in_directory(reports))
    proven = None
    for given in found:
        if verified.start:
            raise ProofError("reports: the bundle lacks the records from the beginning of the log")
        if given.checkpoint != bundle.checkpoint():
            verify_bundle(bundle, keys, given.checkpoint)
        proven = given.prove(lambda size: _leaves(bundle, size), verified.entity)
    return verified, proven


def _leaves(bundle: BundleReader, size: int) -> Iterator[bytes]:
    """Yield the leaves of a bundle that the log had at a size."""
    leaves = chain.from_iterable(bundle.chunks())
    proofs = bundle.proofs()
    if proofs.entity is None:
        return islice(leaves, size)
    pairs = zip(leaves, proofs.records, strict=True)
    return (leaf for leaf, proof in pairs if proof.index < size)


class GivenReports:
    """Reports to hold against records that were verified.

    :ivar checkpoint: the one that they name.
    """

    def __init__(self, names: Sequence[str], read: Callable[[str], bytes]) -> None:
        # It makes the reports again, for which it loads what writes them.
        from rolecall.usecases.reporting.verification import checkpoint_of

        self._names = names
        self._read = read
        self.checkpoint = checkpoint_of(names, read)

    @classmethod
    def in_directory(cls, directory: Path) -> GivenReports:
        """Return those that lie in a directory; what else lies there is passed over."""
        from rolecall.reports.formats import KEPT

        if not directory.is_dir():
            raise UnreadableError(f"{directory}: not a directory of reports")
        names = [name for name in KEPT if (directory / name).is_file()]
        return cls(names, lambda name: _read(directory / name))

    def prove(self, leaves: Callable[[int], Iterator[bytes]], entity: str | None) -> Proven:
        """Hold them against leaves, of which the log had so many."""
        from rolecall.usecases.reporting.verification import prove_reports

        size = read_checkpoint(self.checkpoint).size
        return prove_reports(self._names, self._read, lambda: map(decode, leaves(size)), entity)


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


def _echo(document: dict[str, object]) -> None:
    typer.echo(json.dumps(document, indent=1, ensure_ascii=True))
