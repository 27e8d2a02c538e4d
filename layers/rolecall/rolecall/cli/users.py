"""``rolecall users``: who may sign in to a stack, and who is an officer there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from rolecall.cli.clock import now
from rolecall.cli.deployed import StackOption, open_stack
from rolecall.cli.output import ask_to_proceed
from rolecall.cli.people import ReasonOption, YesOption
from rolecall.errors import UsageError
from rolecall.printable import printable
from rolecall.quantity import counted
from rolecall.usecases.identity.offices import OfficeName
from rolecall.usecases.identity.pool_users import remarks

if TYPE_CHECKING:
    from rolecall.aws.user_directory import UserDirectory
    from rolecall.model import Person
    from rolecall.usecases.identity.pool_users import UserView

__all__ = ["users_app"]

users_app = typer.Typer(
    help="Look after who may sign in to a stack: for people of its roster, on record.",
    no_args_is_help=True,
)
_WhoArgument = Annotated[
    str,
    typer.Argument(
        help="A person of the roster, by id, address or a name that nobody else has.",
        metavar="PERSON",
    ),
]
_UserArgument = Annotated[
    str,
    typer.Argument(
        help="A person of the roster, or the address of a user whom nobody knows.",
        metavar="PERSON",
    ),
]
_LeaveNobodyOption = Annotated[
    bool, typer.Option("--leave-nobody", help="Although no officer is left by it.")
]


@users_app.command("add")
def _add(
    person: _WhoArgument,
    stack: StackOption,
    resend: Annotated[
        bool, typer.Option("--resend", help="Invite once more whoever did not sign in yet.")
    ] = False,
    yes: YesOption = False,
) -> None:
    """Have a person of the roster invited to sign in, at the address that stands there.

    Whoever was removed is let in again, without an office.
    """
    there = _directory(stack)
    from rolecall.aws.user_administration import add_user
    from rolecall.aws.users import login_command

    found = there.person(person)
    address = there.address(found)
    ask_to_proceed(f"Let {found.name} ({found.id}) sign in to {stack} as {address}?", yes=yes)
    what, view = add_user(there, found, resend=resend)
    told = {
        "invited": "the pool writes to them: a password for seven days, and what to do",
        "invited again": "the pool writes to them once more; the old password opens nothing",
        "enabled": "they may sign in again",
        "there": "they had a user already; --resend writes to whoever did not sign in yet",
    }
    typer.echo(printable(f"{found.id} signs in as {address}: {told[what]}"))
    typer.echo(printable(f"tell them to sign in with: {login_command(there.stack)}"))
    if view.has_other_sign_in:
        typer.echo(
            f"{found.id} signed in as another user before: two officers let this one in, by what "
            "it is told when it is refused (docs/runbooks.md, somebody cannot sign in)"
        )


@users_app.command("list")
def _list(
    stack: StackOption,
    check: Annotated[
        bool, typer.Option("--check", help="Exit with 1 where something does not fit together.")
    ] = False,
) -> None:
    """List users with who they are, their office, factor and state, and what does not fit."""
    there = _directory(stack)
    views, today = there.views(details=True), now().date()
    wrong = 0
    for view in views:
        typer.echo(printable(_line(view)))
        for remark in remarks(view, today):
            wrong += 1
            typer.echo(printable(f"    ! {remark}"))
    fits = (
        "everything fits the roster"
        if not wrong
        else f"{counted(wrong, 'thing does', 'things do')} not fit"
    )
    typer.echo(f"{counted(len(views), 'user')}; {fits}")
    if check and wrong:
        raise typer.Exit(1)


@users_app.command("remove")
def _remove(
    person: _UserArgument,
    stack: StackOption,
    reason: ReasonOption,
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete the user, and not only disable it.")
    ] = False,
    leave_nobody: _LeaveNobodyOption = False,
    yes: YesOption = False,
) -> None:
    """Have somebody sign in no more: their sessions end, and so do their offices.

    A token that they hold is good for an hour at most; who is not to act in that hour either is
    stopped on the roster (suspended), which holds at once.
    """
    there = _directory(stack)
    from rolecall.aws.user_administration import remove_users

    views = there.users_of(person)
    for view in views:
        typer.echo(printable(_line(view)))
    ask_to_proceed(f"{'Delete' if delete else 'Disable'} this in {stack}?", yes=yes)
    remove_users(there, views, reason, delete=delete, leave_nobody=leave_nobody)
    typer.echo(
        f"{'deleted' if delete else 'disabled'}: {len(views):,}; their sessions ended, and a "
        "token that they hold is good for an hour at most"
    )


@users_app.command("groups")
def _groups(
    person: _UserArgument,
    stack: StackOption,
    give: Annotated[
        OfficeName | None, typer.Option(help="Give this office, for which an officer asked.")
    ] = None,
    take: Annotated[OfficeName | None, typer.Option(help="Take this office.")] = None,
    reason: Annotated[
        str | None, typer.Option(help="Why, in 10 characters or more; it stays in the audit log.")
    ] = None,
    leave_nobody: _LeaveNobodyOption = False,
    yes: YesOption = False,
) -> None:
    """Give or take an office, or show which somebody has.

    The first officer of a stack is yours to name. From then on an officer asks for every office
    (rolecall sign-in PERSON --office OFFICE --reason ...), and you give it.
    """
    there = _directory(stack)
    if give is None and take is None:
        _show_offices(there.users_of(person))
        return
    if reason is None or (give is not None and take is not None):
        raise UsageError("say --give or --take, with a --reason")
    if give is not None:
        _give(there, there.person(person), give, reason, yes=yes)
    elif take is not None:
        _take(there, person, take, reason, leave_nobody=leave_nobody, yes=yes)


@users_app.command("reset-factor")
def _reset(
    person: _UserArgument, stack: StackOption, reason: ReasonOption, yes: YesOption = False
) -> None:
    """Have somebody set up their second factor anew, who lost what makes the codes.

    Whoever has their password may do that then: speak to them first.
    """
    there = _directory(stack)
    from rolecall.aws.user_administration import reset_factor

    for view in there.users_of(person):
        typer.echo(printable(_line(view)))
        ask_to_proceed(f"Reset the second factor of this in {stack}?", yes=yes)
        reset_factor(there, view, reason)
        typer.echo("done: they set it up at the next sign-in, with their password")


def _give(
    there: UserDirectory, person: Person, office: OfficeName, reason: str, *, yes: bool
) -> None:
    from rolecall.aws.office_administration import give_office

    ask_to_proceed(f"Make {person.name} ({person.id}) an officer: {office}?", yes=yes)
    given = give_office(there, person, office, reason)
    why = f"{given.asked_by} asked for it" if given.asked_by else "there was no officer to ask"
    typer.echo(printable(f"{person.id} has the office {office}, from the next sign-in on: {why}"))


def _take(
    there: UserDirectory,
    named: str,
    office: OfficeName,
    reason: str,
    *,
    leave_nobody: bool,
    yes: bool,
) -> None:
    from rolecall.aws.office_administration import take_office

    holders = [one for one in there.users_of(named) if office in one.offices]
    if not holders:
        raise UsageError(f"{named} has not the office {office}")
    ask_to_proceed(f"Take the office {office} from {named}?", yes=yes)
    for view in holders:
        take_office(there, view, office, reason, leave_nobody=leave_nobody)
    typer.echo(
        printable(f"{named} has the office {office} no more; a token that says so is good for ")
        + "an hour at most"
    )


def _directory(stack: str) -> UserDirectory:
    target = open_stack(stack)
    from rolecall.aws.caller import this_caller
    from rolecall.aws.user_directory import UserDirectory

    return UserDirectory(target, now(), this_caller())


def _line(view: UserView) -> str:
    user, person = view.user, view.person
    who = "nobody" if person is None else f"{person.id} ({person.name})"
    factors = {"SOFTWARE_TOKEN_MFA": "code"}
    factor = ",".join(factors.get(one, one) for one in user.factors or ()) or "-"
    seen = "never" if not view.is_bound else "signed in"
    if user.seen is not None:
        seen = f"{user.seen:%Y-%m-%d %H:%M}"
    offices = ",".join(view.offices) or "-"
    return f"{user.email:<34} {user.state:<9} {factor:<5} {seen:<16} {offices:<21} {who}"


def _show_offices(views: Sequence[UserView]) -> None:
    for view in views:
        typer.echo(printable(_line(view)))
