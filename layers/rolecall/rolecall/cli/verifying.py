"""``rolecall verify``: a log, a bundle or a directory of reports, held against pinned keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rolecall.cli.arguments import TextFormat, verifier_keys
from rolecall.cli.output import say
from rolecall.cli.verdict import as_json, as_text
from rolecall.errors import AuditLogError, ProofError, UnreadableError
from rolecall.garbage import uncollected
from rolecall.ledger.bundle import BundleReader
from rolecall.ledger.checkpoint import read_checkpoint
from rolecall.ledger.log_files import LogFiles
from rolecall.ledger.note import VerifierKey
from rolecall.ledger.reading import decode
from rolecall.ledger.verify import Verified, verify_log
from rolecall.ledger.verify_bundle import verify_bundle
from rolecall.printable import printable

if TYPE_CHECKING:
    from rolecall.usecases.reporting.verification import Proven

__all__ = ["GivenReports", "verify"]


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
    for name in files.misnamed():
        raise ProofError(f"checkpoints/{name}: no checkpoint has such a name")
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


def _echo(document: dict[str, object]) -> None:
    typer.echo(json.dumps(document, indent=1, ensure_ascii=True))
