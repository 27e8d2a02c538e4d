"""The command ``rolecall login``.

Who has no account at AWS signs in with three addresses that the operator gave them; who has one may
name the stack, and they are looked up there.
"""

from __future__ import annotations

import sys
import webbrowser
from collections.abc import Callable
from datetime import datetime, timedelta
from getpass import getpass
from typing import Annotated

import typer

from rolecall.cli.api_client import ApiClient, Session, reachable, write_session
from rolecall.cli.clock import now
from rolecall.cli.output import say
from rolecall.errors import UsageError
from rolecall.printable import printable

__all__ = ["login"]

_ADDRESSES = "--api, --issuer and --client"


def login(
    stack: Annotated[
        str | None,
        typer.Option(
            help="The name of the deployed stack; looked up at AWS.", envvar="ROLECALL_STACK"
        ),
    ] = None,
    api: Annotated[
        str | None, typer.Option(help="Instead of --stack: the address of the API.", metavar="URL")
    ] = None,
    issuer: Annotated[
        str | None, typer.Option(help="With --api: who signs people in there.", metavar="URL")
    ] = None,
    client: Annotated[
        str | None, typer.Option(help="With --api: the id of the client there.", metavar="ID")
    ] = None,
    email: Annotated[
        str | None,
        typer.Option(help="Sign in with this address and a password, where the stack takes one."),
    ] = None,
    stdin: Annotated[
        bool, typer.Option("--stdin", help="Read the password from standard input.")
    ] = False,
    browser: Annotated[
        bool, typer.Option(help="Open the browser, or only show the address.")
    ] = True,
) -> None:
    """Sign in to the API of a stack, for an hour: with the browser, or with a password.

    Without an account at AWS: with --api, --issuer and --client, which rolecall users add says.
    """
    if api or issuer or client:
        found = _by_addresses(api, issuer, client, email, _opening(browser))
    elif stack is None:
        raise UsageError(f"name a stack (--stack), or what the operator gave you: {_ADDRESSES}")
    else:
        found = _by_stack(stack, email, stdin, _opening(browser))
    _keep(*found, email or "")


def _keep(url: str, token: str, seconds: int, email: str) -> None:
    # A little early, so that no token runs out on its way.
    expires: datetime = now() + timedelta(seconds=seconds - 60)
    path = write_session(session := Session(url, token, email, expires))
    found = ApiClient(session).get("/v1/me")
    typer.echo(printable(f"signed in as {found['person']['name']} ({found['person']['id']})"))
    typer.echo(f"until {expires:%H:%M} UTC; the token is in {path}")


def _by_stack(
    stack: str, email: str | None, stdin: bool, show: Callable[[str], None]
) -> tuple[str, str, int]:
    from rolecall.cli.sign_in import sign_in, sign_in_with_browser

    if email is None:
        return sign_in_with_browser(stack, show)
    return sign_in(stack, email, lambda: _password(stdin))


def _by_addresses(
    api: str | None,
    issuer: str | None,
    client: str | None,
    email: str | None,
    show: Callable[[str], None],
) -> tuple[str, str, int]:
    if not (api and issuer and client):
        raise UsageError(f"{_ADDRESSES} go together: the operator has all three")
    if email is not None:
        raise UsageError("a password is taken with --stack alone; leave --email out")
    reachable(api)
    from rolecall.cli.browser import browser_token

    return (api.rstrip("/"), *browser_token(issuer, client, show))


def _password(stdin: bool) -> str:
    if stdin:
        # UTF-8 on every system.
        return sys.stdin.buffer.readline().decode().rstrip("\r\n")
    if sys.stdin.isatty():
        return getpass("Password: ", sys.stderr)
    raise UsageError("nobody is there to ask; --stdin reads the password")


def _opening(browser: bool) -> Callable[[str], None]:
    def show(address: str) -> None:
        say(f"sign in here: {address}")
        if browser:
            # Where there is none, the address is there to be opened elsewhere on this machine.
            webbrowser.open(address)

    return show
