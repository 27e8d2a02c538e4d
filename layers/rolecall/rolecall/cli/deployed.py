"""The commands of a deployed stack: ``import``, ``export``, ``run`` and ``runs``."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rolecall.cli.arguments import (
    AfterWrongClockOption,
    AsOfOption,
    TextFormat,
    parse_instant,
)
from rolecall.cli.clock import now
from rolecall.cli.import_preview import check_emptied, described
from rolecall.cli.output import ask_to_proceed, say, show_problems, write
from rolecall.cli.progress import bar
from rolecall.cli.requirements import needs_aws
from rolecall.cli.validation import rules_of
from rolecall.errors import AuditError, UsageError
from rolecall.model import Snapshot
from rolecall.quantity import counted
from rolecall.registry.documents import documents, snapshot_of
from rolecall.registry.policy_names import policy_text_with_ids
from rolecall.registry.policy_toml import find_policy
from rolecall.registry.problems import Problems
from rolecall.registry.reading import read_registry
from rolecall.registry.strangers import warn_of_strange_waivers
from rolecall.registry.titles_csv import TITLES, find_titles
from rolecall.reports.words import about_subjects, reasons_in_words
from rolecall.texts import texts_of
from rolecall.usecases.runs.batch import policy_of

if TYPE_CHECKING:
    from rolecall.aws.findings import RunRecord
    from rolecall.aws.importing import Changes
    from rolecall.aws.remote import Execution
    from rolecall.aws.stack import Stack

__all__ = [
    "StackOption",
    "export_registry",
    "import_registry",
    "open_stack",
    "run",
    "runs",
]

StackOption = Annotated[
    str, typer.Option("--stack", help="The name of the deployed stack.", envvar="ROLECALL_STACK")
]
_POLL_SECONDS = 1.0


def open_stack(name: str) -> Stack:
    """Return a deployed stack.

    :raises UsageError: there is none, or the libraries of AWS are not installed.
    """
    needs_aws()
    from rolecall.aws.remote import find_stack

    return find_stack(name, now)


def import_registry(
    registry: Annotated[
        Path,
        typer.Argument(help="A directory of CSV files, an .xlsx or a .json.", metavar="REGISTRY"),
    ],
    stack: StackOption,
    policy: Annotated[
        Path | None,
        typer.Option(help="The policy; by default policy.toml in or beside the registry."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Make the registry of a stack what this one is, its policy and waivers included.

    An import that was interrupted goes on where it was when it is started again.
    """
    there = open_stack(stack)
    strangers = Problems()
    loaded = read_registry(registry, now().date(), policy, strangers)
    path = policy or find_policy(registry)
    rules = rules_of(registry, policy, loaded)
    if path is not None:
        warn_of_strange_waivers(rules, loaded.snapshot, str(path), strangers)
    show_problems("warning", loaded.warnings, loaded.warning_count, loaded.language)
    show_problems("warning", strangers.kept, strangers.count, loaded.language)
    wanted = documents(loaded.snapshot, *_texts(path, loaded.snapshot))
    changes = there.registry.compare(wanted)
    for line in described(changes):
        typer.echo(line)
    check_emptied(loaded.snapshot, changes)
    if dry_run or not changes:
        typer.echo("nothing was changed" if changes else "the registry is up to date")
        return
    ask_to_proceed(f"Make these changes to {stack}?", yes=yes)
    _write(there, changes)
    typer.echo(f"imported into {stack}")


def _texts(policy: Path | None, snapshot: Snapshot) -> tuple[str | None, str | None]:
    """Return the text of a policy, with ids for names, and that of the titles beside it."""
    if policy is None:
        return None, None
    beside = find_titles(policy)
    titles = None if beside is None else beside.read_bytes().decode("utf-8-sig")
    given = policy.read_bytes().decode("utf-8-sig")
    text = policy_text_with_ids(given, snapshot)
    if text != given:
        say("note: where the policy names somebody or something, the stack keeps the id")
    return text, titles


def _write(stack: Stack, changes: Changes) -> None:
    """Write what an import changes, and say in a stack that is new of which format it is."""
    from rolecall.aws.upgrades.upgrade import note_formats

    note_formats(stack, lambda told: say(f"note: {told}"))
    total, done = sum(map(len, changes.writes)), Counter[str]()
    with bar("importing", total) as show:

        def advance(count: int) -> None:
            done["items"] += count
            if show is not None:
                show(done["items"], total)

        stack.registry.apply(changes, advance)


def export_registry(
    directory: Annotated[
        Path, typer.Argument(help="A new directory, .xlsx or .json to write.", metavar="OUT")
    ],
    stack: StackOption,
) -> None:
    """Write the registry of a stack, with its policy beside it; it can be imported again."""
    from rolecall.registry.writing import waiver_tables, write_registry

    source = open_stack(stack).registry
    snapshot, policy = snapshot_of(source.documents())
    if not snapshot.entities:
        raise UsageError(f"{stack} has no registry yet; rolecall import brings one in")
    write_registry(snapshot, directory)
    beside = directory if directory.is_dir() else directory.parent
    accepted = source.accepted()
    known = {waiver.id for waiver in policy_of(policy).waivers}
    more = [waiver for waiver in accepted.waivers if waiver.id not in known]
    if policy is not None or more:
        text = (policy or "") + waiver_tables(more)
        (beside / "policy.toml").write_text(text, encoding="utf-8", newline="\n")
    if (titles := source.settings().titles) is not None:
        (beside / TITLES).write_text(titles, encoding="utf-8", newline="\n")
    if known & set(accepted.withdrawn):
        say("warning: the policy holds waivers that were withdrawn; only the stack knows of that")
    if accepted.unreadable:
        told = ", ".join(accepted.unreadable)
        say(f"warning: what was decided of {told} cannot be read, and is left out")
    typer.echo(f"wrote {directory}: {counted(len(snapshot.accounts), 'account')}")


def run(
    stack: StackOption,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait for its end, and show how far it is.")
    ] = False,
    as_of: AsOfOption = None,
    after_wrong_clock: AfterWrongClockOption = False,
) -> None:
    """Start the nightly audit of a stack now."""
    target = open_stack(stack)
    from rolecall.aws.remote import start_run

    instant = None if as_of is None else parse_instant(as_of, "--as-of")
    execution = start_run(target, instant, after_wrong_clock=after_wrong_clock)
    if not wait:
        typer.echo(f"started {execution.name}; rolecall runs --stack {stack} lists it")
        return
    _wait(execution, stack)
    record = next(
        one for one in target.findings.run_records() if one.run.id == execution.frozen.run.id
    )
    typer.echo(_told(record))
    where = f"reports/{record.run.as_of.date()}/{record.run.id}/"
    typer.echo(f"reports: s3://{target['ReportBucket']}/{where}")


def _wait(execution: Execution, stack: str) -> None:
    audited = -1
    try:
        with bar("auditing batches", None) as show:
            while True:
                progress = execution.progress()
                if progress.batches and progress.audited > audited:
                    audited = progress.audited
                    if show is not None:
                        show(audited, progress.batches)
                    else:
                        batches = counted(progress.batches, "batch", "batches")
                        say(f"audited: {audited:,} of {batches}")
                if progress.has_ended:
                    break
                time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        say(f"the run goes on; rolecall runs --stack {stack} lists it")
        raise typer.Exit(130) from None
    if progress.state != "SUCCEEDED":
        raise AuditError(
            f"the run ended as {progress.state}: {progress.why} (docs/runbooks.md, A night failed)"
        )


def runs(
    stack: StackOption,
    format_: Annotated[
        TextFormat, typer.Option("--format", help="A line a run, or the records as JSON lines.")
    ] = TextFormat.text,
) -> None:
    """List the runs of a stack, the latest first."""
    import msgspec

    records = open_stack(stack).findings.run_records()
    if format_ is TextFormat.json:
        write((msgspec.json.encode(record) + b"\n" for record in records), None)
    else:
        write((f"{_told(record)}\n".encode() for record in records), None)


def _told(record: RunRecord) -> str:
    run, texts = record.run, texts_of("en")
    at = run.as_of.isoformat().replace("+00:00", "Z")
    if record.summary is None:
        return f"run {run.number:>4}  {at}  started, not completed  {run.id}"
    standing = ", ".join(f"{count:,} {name}" for name, count in record.summary.standing.items())
    status = record.summary.by_status
    moves = ", ".join(
        f"{status[name]:,} {name}{reasons_in_words(texts, name, record.summary)}"
        for name in ("new", "regressed", "resolved")
    )
    about = f" {told}" if (told := about_subjects(texts, record.summary)) else ""
    return f"run {run.number:>4}  {at}  stand: {standing}{about}; {moves}  {run.id}"
