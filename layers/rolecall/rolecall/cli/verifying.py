"""``rolecall verify``: a log, a bundle or a directory of reports, held against pinned keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from rolecall.bounded_reading import content_of
from rolecall.cli.arguments import TextFormat, verifier_keys
from rolecall.cli.output import say
from rolecall.cli.verdict import Verdict
from rolecall.errors import AuditLogError, ProofError, UnreadableError
from rolecall.garbage import uncollected
from rolecall.ledger.bundle import MOST_LARGE, MOST_SMALL, BundleReader
from rolecall.ledger.checkpoint import read_checkpoint
from rolecall.ledger.log_files import LogFiles
from rolecall.ledger.note import VerifierKey
from rolecall.ledger.reading import decode
from rolecall.ledger.verify import verify_log
from rolecall.ledger.verify_bundle import verify_bundle
from rolecall.printable import printable

if TYPE_CHECKING:
    from rolecall.usecases.reporting.verification import Proven, Uncompared

__all__ = ["UNCOMPARED", "GivenReports", "verify"]

UNCOMPARED = 4
"""The exit status of what is valid as far as it was compared."""


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
    accept_uncompared: Annotated[
        bool,
        typer.Option(
            "--accept-uncompared", help="Exit with 0 also where something was not compared."
        ),
    ] = False,
    format_: Annotated[
        TextFormat, typer.Option("--format", help="How to write the verdict.")
    ] = TextFormat.text,
) -> None:
    """Prove offline that nothing in an audit log was changed, dropped or withheld.

    Exit status: 0 valid; 4 valid, but something was not compared; 1 invalid; 2 it cannot be read.
    """
    verdict = _verdict(log, verifier_keys(key), since, reports, format_)
    if format_ is TextFormat.json:
        _echo(verdict.as_json())
    else:
        for line in verdict.as_text():
            typer.echo(printable(line))
    if verdict.uncompared and not accept_uncompared:
        raise typer.Exit(UNCOMPARED)


def _verdict(
    log: Path,
    keys: Sequence[VerifierKey],
    since: Path | None,
    reports: Path | None,
    format_: TextFormat,
) -> Verdict:
    kept = None if since is None else _read(since, MOST_SMALL, UnreadableError)
    try:
        if log.is_dir():
            return _verify_directory(log, keys, kept, reports)
        with BundleReader(log) as bundle:
            return _verify_bundle(bundle, keys, kept, reports)
    except ProofError as error:
        if format_ is TextFormat.json:
            _echo({"valid": False, "why": str(error)})
        else:
            typer.echo(printable(f"invalid: {error}"))
        raise typer.Exit(1) from error
    except AuditLogError as error:
        raise UnreadableError(str(error)) from error


def _verify_directory(
    directory: Path, keys: Sequence[VerifierKey], kept: bytes | None, reports: Path | None
) -> Verdict:
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
        return Verdict(verified=verified)
    given = GivenReports.in_directory(reports)
    # The log continues the checkpoint that the reports name, so they are of its first records.
    verify_log(files.chunks(), checkpoints, keys, given.checkpoint)
    proven = given.prove(lambda size: islice(chain.from_iterable(files.chunks()), size), None)
    beside, notes = _beside(reports, given, keys, is_log=directory.resolve())
    return Verdict(verified=verified, proven=[proven], beside=beside, notes=notes)


def _read(path: Path, most: int, too_large: type[UnreadableError | ProofError]) -> bytes:
    try:
        if len(data := content_of(path, most)) > most:
            raise too_large(f"{path}: larger than {most:,} bytes")
        return data
    except OSError as error:
        raise UnreadableError(f"{path}: cannot read: {error.strerror}") from error


def _verify_bundle(
    bundle: BundleReader, keys: Sequence[VerifierKey], kept: bytes | None, reports: Path | None
) -> Verdict:
    verified = verify_bundle(bundle, keys, kept)
    found = [GivenReports(bundle.reports, bundle.report)] if bundle.reports else []
    beside: Sequence[Uncompared] = ()
    notes = list(_about_keys(bundle.keys(), keys, verified.key))
    if reports is not None:
        found.append(GivenReports.in_directory(reports))
    proven = []
    for given in found:
        if verified.start:
            raise ProofError("reports: the bundle lacks the records from the beginning of the log")
        if given.checkpoint != bundle.checkpoint():
            verify_bundle(bundle, keys, given.checkpoint)
        proven.append(given.prove(lambda size: _leaves(bundle, size), verified.entity))
    if reports is not None:
        beside, more = _beside(reports, found[-1], keys, is_log=bundle.path.resolve())
        notes += more
    return Verdict(verified=verified, proven=proven, beside=beside, notes=notes)


def _about_keys(listed: bytes, keys: Sequence[VerifierKey], signed: VerifierKey) -> Iterator[str]:
    """Say of the keys in a bundle that nobody looked at them, where they are not those given."""
    lines = listed.decode(errors="replace").split("\n")
    known = {str(key) for key in keys}
    if lines[-1] or not {str(signed)} <= set(lines[:-1]) <= known:
        yield "key.pub was not compared: it is for information, and names other keys than you gave"


def _leaves(bundle: BundleReader, size: int) -> Iterator[bytes]:
    """Yield the leaves of a bundle that the log had at a size."""
    leaves = chain.from_iterable(bundle.chunks())
    proofs = bundle.proofs()
    if proofs.entity is None:
        return islice(leaves, size)
    pairs = zip(leaves, proofs.records, strict=True)
    return (leaf for leaf, proof in pairs if proof.index < size)


def _beside(
    directory: Path, given: GivenReports, keys: Sequence[VerifierKey], *, is_log: Path
) -> tuple[list[Uncompared], list[str]]:
    """Return what lies beside reports in a directory and was not compared, and what to say of it.

    A bundle that came with the reports is verified for itself, by the same keys; whatever else lies
    there may look like a report, and is named.

    :param is_log: what was verified, which may lie there too.
    """
    from rolecall.usecases.reporting.export import PROOF
    from rolecall.usecases.reporting.verification import Uncompared

    found, notes = [], []
    for path in sorted(directory.iterdir()):
        if path.name in given.names or path.resolve() == is_log:
            continue
        name = f"{path.name}/" if path.is_dir() else path.name
        if name == PROOF:
            inner = _bundle_beside(path, given, keys)
            found += [replace(one, what=f"{PROOF}: {one.what}") for one in inner.uncompared]
            notes += [f"{PROOF}: {note}" for note in inner.notes]
        else:
            found.append(Uncompared(name, "it is not called as a report is"))
    return found, notes


def _bundle_beside(path: Path, given: GivenReports, keys: Sequence[VerifierKey]) -> Verdict:
    try:
        with BundleReader(path) as bundle:
            if read_checkpoint(bundle.checkpoint()).origin != given.origin:
                raise ProofError("it is of another log")
            return _verify_bundle(bundle, keys, None, None)
    except ProofError as error:
        raise ProofError(f"{path.name}: {error}") from error


class GivenReports:
    """Reports to hold against records that were verified.

    :ivar names: of the reports.
    :ivar checkpoint: the one that they name, and the ``origin`` of its log.
    """

    def __init__(self, names: Sequence[str], read: Callable[[str], bytes]) -> None:
        # It makes the reports again, for which it loads what writes them.
        from rolecall.usecases.reporting.verification import checkpoint_of

        self.names = names
        self._read = read
        self.checkpoint = checkpoint_of(names, read)
        self.origin = read_checkpoint(self.checkpoint).origin

    @classmethod
    def in_directory(cls, directory: Path) -> GivenReports:
        """Return those that lie in a directory, by the very names that reports have."""
        from rolecall.reports.formats import FORMER, KEPT

        if not directory.is_dir():
            raise UnreadableError(f"{directory}: not a directory of reports")
        # Of the file system nobody asks whether there is one: it may take Report.pdf for it.
        there = {path.name for path in directory.iterdir() if path.is_file()}
        names = [name for name in (*KEPT, *FORMER) if name in there]
        return cls(names, lambda name: _read(directory / name, MOST_LARGE, ProofError))

    def prove(self, leaves: Callable[[int], Iterator[bytes]], entity: str | None) -> Proven:
        """Hold them against leaves, of which the log had so many."""
        from rolecall.usecases.reporting.verification import prove_reports

        size = read_checkpoint(self.checkpoint).size
        records = lambda: map(decode, leaves(size))  # noqa: E731 - it is called again and again.
        return prove_reports(self.names, self._read, records, entity, size)


def _echo(document: dict[str, object]) -> None:
    typer.echo(json.dumps(document, indent=1, ensure_ascii=True))
