"""The rules about logins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date

from rolecall.keys.platforms import platform_key
from rolecall.model import Login
from tests.second_oracle.book import Book
from tests.second_oracle.listings import is_administrator, mailbox_of
from tests.second_oracle.rules import LOGINS, Answer, Limits, rule

__all__: list[str] = []


@rule("unsecured-login", "critical", LOGINS, "logins.storage")
def unsecured_login(_: Book, login: Login, __: Limits) -> Answer:
    if login.storage in ("paper", "browser"):
        return "medium"
    return login.storage not in ("vault", "encrypted_file", "password_manager", "safe")


@rule("login-rotation-overdue", "low", LOGINS, "logins.rotated_on", "logins.holder_ids", days=365)
def login_rotation_overdue(book: Book, login: Login, limits: Limits) -> Answer:
    if len(set(login.holder_ids)) < 2:
        return False
    return login.rotated_on is None or book.is_older(login.rotated_on, limits["days"])


@rule("login-without-mfa", "high", LOGINS, "logins.mfa")
def login_without_mfa(_: Book, login: Login, __: Limits) -> Answer:
    if login.mfa is None:
        return None
    return "medium" if login.mfa == "sms" else login.mfa == "none"


@rule("reused-password", "high", LOGINS, "logins.fingerprint")
def reused_password(book: Book, login: Login, _: Limits) -> Answer:
    if login.fingerprint is None:
        return False
    alike = [one for one in book.registry.logins if one.fingerprint == login.fingerprint]
    return len(alike) > 1


@rule("weak-password", "high", LOGINS, "logins.strength", minimum=3)
def weak_password(_: Book, login: Login, limits: Limits) -> Answer:
    return None if login.strength is None else login.strength < limits["minimum"]


@rule(
    "shared-login",
    "high",
    LOGINS,
    "logins.holder_ids",
    individual_roles=("facebook", "linkedin", "youtube", "website"),
)
def shared_login(book: Book, login: Login, limits: Limits) -> Answer:
    as_themselves = {platform_key(one) for one in limits["individual_roles"]}
    platform = platform_key(book.account(login.account_id).platform)
    return len(set(login.holder_ids)) > 1 and platform in as_themselves


@rule("emergency-reveal-not-rotated", "high", LOGINS, "logins.emergency_revealed_on", days=2)
def emergency_reveal_not_rotated(book: Book, login: Login, limits: Limits) -> Answer:
    revealed, rotated = login.emergency_revealed_on, login.rotated_on
    if revealed is None or not book.is_older(revealed, limits["days"]):
        return False
    return rotated is None or rotated <= revealed


# --------------------------------------------------------------------------- leaver-knows-password


@rule("leaver-knows-password", "critical", LOGINS, "logins.holder_ids")
def leaver_knows_password(book: Book, login: Login, _: Limits) -> Answer:
    answers = [_holder(book, login, id_) for id_ in login.holder_ids]
    for worst in ("critical", "high"):
        if worst in answers:
            return "critical" if worst == "critical" else "high"
    return None if None in answers else False


def _holder(book: Book, login: Login, id_: str) -> Answer:
    """Say of one holder whether they know the password although they went."""
    serves = book.is_active(id_)
    grants = book.grants(login.account_id, id_)
    if serves and (not grants or any(one.revoked_on is None for one in grants)):
        return False
    fails: Answer = "high" if serves else "critical"
    account = book.account(login.account_id)
    by_office = serves and book.serves_in_line(id_, account)
    if (login.account_id, login.id) in book.registry.vaulted and not by_office:
        # They read the version that is in force; who may do so by office may have done so since.
        return fails
    went = list(_days(book, login, id_))
    if login.rotated_on is None:
        is_known = book.knows("logins.rotated_on", login.account_id, login.id)
        return fails if is_known or not serves else None
    if not went:
        return None if book.person(id_) is None else fails
    return fails if login.rotated_on <= max(went) else False


def _days(book: Book, login: Login, id_: str) -> Iterator[date]:
    """Return the days on which somebody left, none that is still to come, and lost their access.

    Access that is to end has not ended, and its holder knows the password until then. A day that
    is said is moved to the last on which something shows that they were there.
    """
    person = book.person(id_)
    ended = [one for one in book.grants(login.account_id, id_) if one.revoked_on is not None]
    said = [one.revoked_on for one in ended if one.revoked_on is not None]
    if person is not None and person.left_on is not None and person.left_on <= book.today:
        said.append(person.left_on)
    if not said:
        return
    yield from said
    shown: list[date | None] = [*_shown(book, login, id_)]
    for grant in ended:
        shown.append(grant.granted_on)
        if (asked := grant.revoke_requested_at) is not None:
            # Where nobody asked, the last use was entered by whoever entered the removal.
            shown += [asked.astimezone(UTC).date(), grant.last_used_on]
    yield from (day for day in shown if day is not None and day <= book.today)


def _shown(book: Book, login: Login, id_: str) -> Iterator[date]:
    """Return the days on which a listing showed somebody as an administrator of the account."""
    account, mailbox = book.account(login.account_id), book.mailbox(id_)
    for row in book.seen(account.platform, account.handle):
        if mailbox is not None and mailbox_of(row) == mailbox and is_administrator(row):
            yield row.observed_on
