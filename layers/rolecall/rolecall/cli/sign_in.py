"""Gets a token for the API from the user pool of a stack."""

from __future__ import annotations

from rolecall.cli.deployed import open_stack

__all__ = ["sign_in"]


def sign_in(stack: str, email: str, password: str) -> tuple[str, str, int]:
    """Return the address of the API, an ID token, and for how many seconds it is good.

    :raises DeniedError: the user pool says no.
    """
    target = open_stack(stack)
    from rolecall.aws.users import address_of, password_token

    token, seconds = password_token(target, email, password)
    return address_of(target), token, seconds
