"""``rolecall sign-in``: officers let somebody in who is locked out, or ask for an office."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer

from rolecall.cli.api_client import ApiClient, read_session
from rolecall.cli.clock import now
from rolecall.cli.output import ask_to_proceed
from rolecall.errors import UsageError
from rolecall.keys.path_ids import path_id
from rolecall.printable import printable
from rolecall.usecases.governance.preconditions import etag
from rolecall.usecases.governance.sign_in_requests import SignInRequest
from rolecall.usecases.identity.offices import OfficeName

__all__ = ["sign_in"]


def sign_in(
    person: Annotated[str, typer.Argument(help="Who is locked out.", metavar="PERSON")],
    reason: Annotated[
        str | None, typer.Option(help="Why, in 10 characters or more; it stays in the audit log.")
    ] = None,
    mark: Annotated[
        str | None,
        typer.Option(help="The mark that they were told; without one theirs is let go."),
    ] = None,
    office: Annotated[
        OfficeName | None,
        typer.Option(help="Ask that they have this office; the operator gives it then."),
    ] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Approve what is asked for.")] = False,
    refuse: Annotated[
        bool, typer.Option("--refuse", help="Refuse it, or take back what you asked for.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Ask for another sign-in of somebody or an office, or decide what another asked for.

    With a reason it is asked for; without one it is shown. It takes two, and neither is PERSON.
    """
    api, path = ApiClient(read_session(now())), f"/v1/people/{path_id(person)}/sign-in"
    wanted = mark or office
    if (approve and (refuse or reason or wanted)) or (refuse and (wanted or not reason)):
        raise UsageError("--approve stands alone, --refuse with a --reason")
    if refuse:
        _show(api.post(f"{path}/refusal", {"reason": reason}))
    elif reason is not None:
        asked = {"reason": reason, "mark": mark, "office": office}
        _show(api.post(path, {name: said for name, said in asked.items() if said is not None}))
    elif wanted is not None:
        raise UsageError("--mark and --office: say why, with --reason")
    else:
        found = api.get(path)
        _show(found)
        if approve:
            ask_to_proceed("Let it be so?", yes=yes)
            _show(api.approve(f"{path}/approval", etag(msgspec.convert(found, SignInRequest))))


def _show(found: dict[str, Any]) -> None:
    mark, office = found["mark"], found.get("office")
    what = "the next one with their address" if mark is None else f"the mark {mark}"
    told = f"signs in by {what}" if office is None else f"is an officer: {office}"
    typer.echo(printable(f"{found['state']:<9}{found['person']} {told}"))
    typer.echo(printable(f"  asked by {found['requested_by']}: {found['reason']}"))
    if found.get("decided_by"):
        typer.echo(printable(f"  {found['state']} by {found['decided_by']}"))
