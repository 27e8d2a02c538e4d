"""A login that several people share where each could have a role of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import LOGINS
from rolecall.keys.platforms import platform_key
from rolecall.model import Login


@control(
    title="Nobody shares a login where the platform gives each person a role",
    severity="high",
    rationale=(
        "With a shared login nobody can say who posted what, and nobody can be removed without "
        "changing the password for all."
    ),
    remediation=(
        "Give each person a role of their own on the platform, at least two of them with full "
        "control. Then change the password, and keep it in the vault for emergencies only."
    ),
    record=(
        "Enter everybody's role in grants.role, leave one person who serves in logins.holder_ids, "
        "and enter vault in logins.storage and the day of the new password in logins.rotated_on."
    ),
    detail=(
        "The login of {account} is known to {holder_ids}, and on {platform} each of them can have "
        "a role of their own."
    ),
    references=References(nist=("AC-2(9)", "IA-2", "IA-2(5)"), iso=("A.5.16",)),
    subjects=LOGINS,
    needs=("logins.holder_ids",),
    individual_roles=frozenset({"facebook", "linkedin", "youtube", "website"}),
)
def shared_login(logins: Sequence[Login], context: Context, params: Params) -> Iterator[Fail]:
    """Fail a login of more than one holder on a platform of ``individual_roles``."""
    accounts = context.accounts
    individual = set(map(platform_key, params.individual_roles))
    for login in logins:
        if len(holders := set(login.holder_ids)) < 2:
            continue
        platform = accounts[login.account_id].platform.casefold()
        if platform_key(platform) in individual:
            yield Fail(login, {"holder_ids": sorted(holders), "platform": platform})
