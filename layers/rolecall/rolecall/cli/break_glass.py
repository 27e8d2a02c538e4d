"""``rolecall break-glass``: who was stopped by an edit serves again, whoever is left."""

from __future__ import annotations

from typing import Annotated

import typer

from rolecall.cli.clock import now
from rolecall.cli.deployed import StackOption, open_stack
from rolecall.cli.output import confirmed
from rolecall.printable import printable

__all__ = ["break_glass"]


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
    if not yes and not confirmed(f"Have {person} serve again in {stack}?"):
        typer.echo("nothing was changed")
        raise typer.Exit(2)
    break_it(target, person, reason, now(), this_caller())
    typer.echo(printable(f"{person} serves again; it is on record in the audit log"))
