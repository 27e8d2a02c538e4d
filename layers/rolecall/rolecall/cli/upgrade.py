"""``rolecall upgrade``: a deployed stack is brought to the formats of this release."""

from __future__ import annotations

from typing import Annotated

import typer

from rolecall.cli.clock import now
from rolecall.cli.deployed import StackOption, open_stack

__all__ = ["upgrade"]


def upgrade(
    stack: StackOption,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done, and change nothing.")
    ] = False,
) -> None:
    """Bring the tables of a stack to the formats of this release; deploy it first.

    An upgrade that was interrupted goes on where it was when it is started again.
    """
    target = open_stack(stack)
    from rolecall.aws.caller import this_caller
    from rolecall.aws.upgrades.upgrade import Upgrade, check_deployed

    change = Upgrade(target)
    planned = change.planned()
    for one in planned:
        step = one.step
        typer.echo(f"  {step.table:<14} format {step.to - 1} to {step.to}: {step.title}")
        if one.writes:
            typer.echo(f"  {'':<14} {one.writes:,} items are written")
    if not planned:
        typer.echo(f"{stack} is up to date")
        return
    check_deployed(target)
    if dry_run:
        typer.echo("nothing was changed")
        return
    done = sum(1 for _ in change.run(now(), this_caller()))
    typer.echo(f"upgraded {stack}: {done:,} steps, each on record in its audit log")
