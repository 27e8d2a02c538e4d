"""Signs people in at the user pool of a stack."""

from __future__ import annotations

import os
from shlex import quote
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from rolecall.aws.clients import client, code_of, storage
from rolecall.aws.stack import Stack
from rolecall.errors import DeniedError, StorageError, UsageError

__all__ = ["address_of", "issuer_of", "login_command", "password_token"]


def address_of(stack: Stack) -> str:
    """Return the base address of a stack's API."""
    local = os.environ.get("AWS_ENDPOINT_URL")
    if local is None:
        return stack["ApiUrl"]
    # An emulator has all its gateways on its own port.
    return f"http://{stack['GatewayId']}.execute-api.localhost:{urlsplit(local).port}"


def issuer_of(stack: Stack) -> tuple[str, str]:
    """Return the address of who signs people in to a stack, and the id of the client there."""
    local = os.environ.get("AWS_ENDPOINT_URL")
    if local is None:
        return stack["Issuer"], stack["IssuerClient"]
    return f"{local.rstrip('/')}/{stack['UserPoolId']}", stack["UserPoolClientId"]


def login_command(stack: Stack) -> str:
    """Return what somebody types to sign in who has no account at AWS. Nothing in it is secret."""
    issuer, client_id = issuer_of(stack)
    given = {"api": address_of(stack), "issuer": issuer, "client": client_id}
    return "rolecall login " + " ".join(f"--{name} {quote(it)}" for name, it in given.items())


def password_token(stack: Stack, email: str, password: str) -> tuple[str, int]:
    """Return an ID token for a password, and for how many seconds it is good.

    :raises DeniedError: the address or the password is wrong.
    :raises UsageError: the stack takes no passwords here, or asks for more than one.
    """
    try:
        with storage("signing in"):
            answer = client("cognito-idp").initiate_auth(
                AuthFlow="USER_PASSWORD_AUTH",
                ClientId=stack["UserPoolClientId"],
                AuthParameters={"USERNAME": email, "PASSWORD": password},
            )
    except StorageError as error:
        cause = error.__cause__
        code = code_of(cause) if isinstance(cause, ClientError) else ""
        if code in ("NotAuthorizedException", "UserNotFoundException"):
            raise DeniedError("the address or the password is wrong") from None
        if code == "InvalidParameterException":
            raise UsageError("this stack takes no passwords from the command line") from None
        raise
    result = answer.get("AuthenticationResult")
    if result is None:
        raise UsageError(f"the user pool asks for {answer.get('ChallengeName', 'more')} first")
    token: str = result["IdToken"]
    return token, int(result["ExpiresIn"])
