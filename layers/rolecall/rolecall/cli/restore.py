"""``restore``, ``rebuild``, ``break-glass``: ways back when a stack lost something, or someone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rolecall.cli.clock import now
from rolecall.cli.deployed import StackOption, open_stack
from rolecall.cli.import_preview import KINDS
from rolecall.cli.output import ask_to_proceed
from rolecall.errors import UsageError
from rolecall.ledger.log import records
from rolecall.printable import printable
from rolecall.quantity import counted
from rolecall.usecases.runs.history import Runs

if TYPE_CHECKING:
    from rolecall.aws.restoring import Restoration

__all__ = ["break_glass", "rebuild", "restore"]

_MOST_NAMED = 20
_WORDS = {
    **KINDS,
    "WAIVERS": "decisions about findings",
    "SECRETS": "versions of secrets",
    "S": "records",
    "IDEM": "marks of records",
    "REVOCATION": "revocations",
    "CHANGE": "changes",
    "RECORD": "marks of changes",
    "PERSON": "sign-ins",
    "SUBJECT": "subjects of sign-ins",
    "SIGN-IN": "requests for sign-ins",
    "OFFICE": "offices of somebody",
    "SIGNATURES": "signatures",
    "OFFICERS": "people who were seen in an office",
    "BRAKE": "counts of the brake",
}


def restore(
    copy: Annotated[str, typer.Argument(help="The restored table.", metavar="COPY")],
    stack: StackOption,
    table: Annotated[
        Literal["registry", "log", "vault", "desk"],
        typer.Option(help="Of which table of the stack it is a copy."),
    ],
    removed: Annotated[
        bool, typer.Option("--removed", help="Put back what imports removed, too.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done, and change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Put back what a table has lost, from a copy that was restored to a point in time.

    What is there stays as it is. What moved, or was removed on purpose, does not come back.
    """
    target = open_stack(stack)
    from rolecall.aws.caller import this_caller
    from rolecall.aws.restoring import restoration

    found = restoration(target, table, copy, with_removed=removed)
    for line in _described(found):
        typer.echo(line)
    if dry_run or not found:
        typer.echo("nothing was changed" if found else "nothing is missing")
        return
    ask_to_proceed(f"Put this back into {stack}?", yes=yes)
    found.write(target, now(), this_caller())
    typer.echo(f"put back into {stack}: {counted(len(found.missing), 'item')}")


def _described(found: Restoration) -> Iterator[str]:
    yield f"{counted(found.seen, 'item')} looked at, {len(found.missing):,} missing"
    for kind, count in sorted(found.counted().items()):
        yield f"  {_WORDS.get(kind, kind)}: {count:,}"
    if found.changes and not found.missing:
        follow = counted(sum(map(len, found.changes.writes)), "item")
        yield f"  following from others: {follow}"
    for one in found.kept_away[:_MOST_NAMED]:
        name = one.place.key if one.place.key != "-" else one.place.partition
        yield printable(f"  not put back: {name.removeprefix('ACCOUNT#')} {one.why}")
    if len(found.kept_away) > _MOST_NAMED:
        yield f"  not put back: {len(found.kept_away) - _MOST_NAMED:,} more"


def rebuild(
    stack: StackOption,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count what is behind, and change nothing.")
    ] = False,
) -> None:
    """Bring what is known of findings up to the audit log, which is the truth about them."""
    target = open_stack(stack)
    history = Runs(records(target.log)).history(records(target.log))
    if history.unknown:
        raise UsageError(
            f"the log holds {counted(history.unknown, 'record')} that may say something of "
            "findings, and that this release does not know: use the release that wrote them"
        )
    known = history.findings
    behind = target.findings.rebuild(known.values(), dry_run=dry_run)
    typer.echo(f"{counted(len(known), 'finding')} in the log; missing or behind: {behind:,}")
    if dry_run:
        typer.echo("nothing was changed")


def break_glass(
    person: Annotated[str, typer.Argument(help="The id of the person.", metavar="PERSON")],
    stack: StackOption,
    reason: Annotated[str, typer.Option(help="Why it takes this; it goes into the log.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done, and change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Have somebody serve again whom an edit stopped, where no two officers are left who could.

    It is on record, with who did it and why.
    """
    target = open_stack(stack)
    from rolecall.aws.break_glass import break_glass as break_it
    from rolecall.aws.break_glass import stopped_by_edit
    from rolecall.aws.caller import this_caller

    stopped_by_edit(target, person, now())
    typer.echo(printable(f"{person} would serve again"))
    if dry_run:
        typer.echo("nothing was changed")
        return
    ask_to_proceed(f"Have {person} serve again in {stack}?", yes=yes)
    break_it(target, person, reason, now(), this_caller())
    typer.echo(printable(f"{person} serves again; it is on record in the audit log"))
