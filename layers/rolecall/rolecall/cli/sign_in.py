"""Gets a token for the API from the user pool of a stack."""

from __future__ import annotations

from collections.abc import Callable

from rolecall.cli.browser import browser_token
from rolecall.cli.deployed import open_stack

__all__ = ["sign_in", "sign_in_with_browser"]


def sign_in(stack: str, email: str, password: Callable[[], str]) -> tuple[str, str, int]:
    """Return the address of the API, an ID token, and for how many seconds it is good.

    :param password: asks for it; it is called when the stack was found.
    :raises DeniedError: the user pool says no.
    """
    target = open_stack(stack)
    from rolecall.aws.users import address_of, password_token

    token, seconds = password_token(target, email, password())
    return address_of(target), token, seconds


def sign_in_with_browser(stack: str, show: Callable[[str], object]) -> tuple[str, str, int]:
    """Return the same as :func:`sign_in`, of who signs in with their browser.

    :param show: called with the address to open.
    :raises DeniedError: the issuer says no.
    """
    target = open_stack(stack)
    from rolecall.aws.users import address_of, issuer_of

    token, seconds = browser_token(*issuer_of(target), show)
    return address_of(target), token, seconds
