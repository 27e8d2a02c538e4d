"""Which account each entry of an export belongs to.

An entry belongs to the account whose id is its title (or the id, a slash and the id of a login), or
else to the one that has its address, or else to the one of its platform, or of its host, that has
its user name: as its handle, or as the address that it signs in with. An entry that nobody uses any
more, in an archive or a bin, belongs nowhere: its password is not the current one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from rolecall.keys.platforms import platform_key, platform_of_host
from rolecall.model import Account
from rolecall.vault.exports.entry import Entry
from rolecall.vault.exports.entry_addresses import host_key, url_key

__all__ = ["EntryMatch", "MatchReason", "match_entries"]


MatchReason: TypeAlias = Literal[
    "id",
    "address",
    "platform and user name",
    "unknown",
    "several accounts",
    "several entries",
    "kind",
    "state",
    "empty",
]


class EntryMatch(Struct, frozen=True):
    """Which account an entry belongs to, and how that is known; or why it is not."""

    entry: Entry
    account: str | None
    login: str | None
    how: MatchReason


class _Accounts:
    """The accounts, by each of the ways in which an entry may name one."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        self.ids = {account.id for account in accounts}
        self.by_address: defaultdict[str, set[str]] = defaultdict(set)
        self.by_place: defaultdict[str, set[str]] = defaultdict(set)
        self.names: dict[str, set[str]] = {}
        for account in accounts:
            self._add(account)

    def _add(self, account: Account) -> None:
        platform = platform_key(account.platform)
        # A platform that nobody knows may be called by its host, hyphens and all.
        for place in (platform, " ".join(account.platform.casefold().split())):
            self.by_place[place].add(account.id)
        addresses = [account.url] if account.url else []
        if platform == "website":
            addresses.append(account.handle)
        name, _, server = _user_key(account.handle).partition("@")
        if server and "." in server:
            # A handle of the fediverse names its server.
            self.by_place[host_key(server)].add(account.id)
        for address in addresses:
            self.by_address[url_key(address)].add(account.id)
            self.by_place[host_key(address)].add(account.id)
        self.names[account.id] = {name, _user_key(account.handle)} - {""}
        if account.login_email:
            self.names[account.id].add(_user_key(account.login_email))

    def by_user(self, entry: Entry) -> set[str]:
        """Return the accounts of an entry's platform, or host, that have its user name."""
        user = _user_key(entry.secret.username)
        if not user:
            return set()
        found: set[str] = set()
        for address in entry.addresses:
            host = host_key(address)
            found |= self.by_place.get(host, set()) if host else set()
            found |= self.by_place.get(platform_of_host(host) or host, set()) if host else set()
        return {account for account in found if user in self.names[account]}


def match_entries(entries: Sequence[Entry], accounts: Sequence[Account]) -> list[EntryMatch]:
    """Return for each entry which account it belongs to."""
    known = _Accounts(accounts)
    found = [_match(entry, known) for entry in entries]
    # What has no password does not stand in the way of what has one.
    taken = Counter(_place(match) for match in found if match.entry.secret.password)
    loose = Counter(_place(match) for match in found if not match.entry.secret.password)
    return [_alone(match, taken, loose) for match in found]


_Place: TypeAlias = tuple[str | None, str | None]


def _place(match: EntryMatch) -> _Place:
    return match.account, match.login


def _alone(match: EntryMatch, taken: Counter[_Place], loose: Counter[_Place]) -> EntryMatch:
    """Return a match, unless several entries are of one login."""
    if match.account is None:
        return match
    place = _place(match)
    rivals = taken[place] if match.entry.secret.password else taken[place] + loose[place]
    if rivals > 1:
        return EntryMatch(match.entry, None, None, "several entries")
    return match


def _match(entry: Entry, accounts: _Accounts) -> EntryMatch:
    if entry.state != "current":
        return EntryMatch(entry, None, None, "state")
    secret = entry.secret
    if entry.kind not in ("login", "note"):
        return EntryMatch(entry, None, None, "kind")
    if not (secret.password or secret.totp or secret.recovery_codes or secret.notes):
        return EntryMatch(entry, None, None, "empty")
    account, _, login = entry.title.partition("/")
    if account in accounts.ids:
        return EntryMatch(entry, account, login or None, "id")
    found: set[str] = set()
    for address in entry.addresses:
        found |= accounts.by_address.get(url_key(address), set())
    by_user = accounts.by_user(entry)
    if len(found) > 1 and len(found & by_user) == 1:
        found &= by_user
    if found or not by_user:
        return _one(entry, found, "address")
    return _one(entry, by_user, "platform and user name")


def _one(
    entry: Entry, found: set[str], how: Literal["address", "platform and user name"]
) -> EntryMatch:
    if len(found) > 1:
        return EntryMatch(entry, None, None, "several accounts")
    return EntryMatch(entry, next(iter(found), None), None, how if found else "unknown")


def _user_key(name: str) -> str:
    """Return the form in which user names are compared: people write the sign before it or not."""
    return name.strip().removeprefix("@").casefold()
