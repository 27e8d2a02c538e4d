"""``rolecall upgrade``: a deployed stack is brought to the formats of this release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rolecall.cli.clock import now
from rolecall.cli.deployed import StackOption, open_stack
from rolecall.printable import printable
from rolecall.quantity import counted
from rolecall.usecases.identity.offices import POOL_CLAIM

if TYPE_CHECKING:
    from rolecall.aws.stack import Stack

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
    from rolecall.aws.upgrades.offices import carry_offices, offices_left
    from rolecall.aws.upgrades.upgrade import Upgrade, check_deployed

    change = Upgrade(target)
    planned = change.planned()
    for one in planned:
        step = one.step
        typer.echo(f"  {step.table:<14} format {step.to - 1} to {step.to}: {step.title}")
        if one.writes:
            typer.echo(f"  {'':<14} to be written: {counted(one.writes, 'item')}")
    check_deployed(target)
    left = offices_left(target)
    carried = [one for one in left if one.to is not None]
    for told in left if planned else carried:
        then = "loses the office" if told.to is None else f"goes to {told.to}"
        typer.echo(printable(f"  {told.office:<14} {told.email} of the group {told.group} {then}"))
    if planned and target["GroupsClaim"] != POOL_CLAIM:
        typer.echo(f"  {_issuer_of(target)}")
    if not planned and not carried:
        typer.echo(f"{stack} is up to date")
        return
    if dry_run:
        typer.echo("nothing was changed")
        return
    at, via = now(), this_caller()
    carry_offices(target, left, at, via)
    done = sum(1 for _ in change.run(at, via))
    typer.echo(f"upgraded {stack}: {counted(done, 'step')}, each on record in its audit log")


def _issuer_of(stack: Stack) -> str:
    """Return what must be in the tokens of an issuer whose groups are not to be seen from here."""
    names = f"{stack['ComplianceGroupName']} and {stack['RegistrarGroupName']}"
    return (
        f"offices come of the claim {stack['GroupsClaim']} of {stack['Issuer']}, by the exact "
        f"names {names}: whoever had one by another name there loses it; the parameters "
        "ComplianceGroupName and RegistrarGroupName, or the groups of the issuer, say otherwise"
    )
