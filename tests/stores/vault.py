"""A vault in memory, beside the registry of the other stores."""

from __future__ import annotations

from collections.abc import Collection

from rolecall.ledger.event import Event
from rolecall.model import Policy, Snapshot
from rolecall.registry.documents import AccountDocument
from rolecall.usecases.vault.account_document import with_secret
from rolecall.usecases.vault.admission import RegistryExtract
from rolecall.vault.life import Life, Version
from tests.stores.memory import MemoryHouse, Put

__all__ = ["MemoryVault", "snapshot_of_house"]


def snapshot_of_house(house: MemoryHouse) -> Snapshot:
    """Return the registry that stores in memory hold."""
    documents: list[AccountDocument] = list(house.under("account"))
    return Snapshot(
        entities=tuple(house.under("entity")),
        people=tuple(house.under("person")),
        accounts=tuple(one.account for one in documents),
        grants=tuple(grant for one in documents for grant in one.grants),
        logins=tuple(login for one in documents for login in one.logins),
        tracked=frozenset(house.tracked),
    )


class MemoryVault:
    """Where ciphertexts are kept."""

    def __init__(self, house: MemoryHouse, organisation: str) -> None:
        self._house = house
        self.organisation = organisation

    def standing(self, account: str, person: str) -> RegistryExtract:
        del person
        version = self._house.get("account", account).version
        return RegistryExtract(snapshot_of_house(self._house), Policy(), version)

    def life(self, account: str, login: str) -> Life:
        found: Life | None = self._house.get("life", account, login).value
        return found or Life(account, login)

    def logins(self, account: str) -> Collection[str]:
        return [key[2] for key in self._house.items if key[:2] == ("life", account)]

    def envelope(self, life: Life, version: Version) -> bytes | None:
        key = ("envelope", life.account, life.login, str(version.number))
        found: bytes | None = self._house.get(*key).value
        return found

    def recorded(self, event: str) -> bool:
        return any(one.id == event for one in self._house.events)

    def commit(
        self,
        standing: RegistryExtract,
        before: Life,
        after: Life,
        event: Event,
        envelope: bytes | None,
    ) -> None:
        puts: list[Put] = []
        if after != before:
            document: AccountDocument = self._house.get("account", after.account).value
            made = with_secret(document, after, event.at)
            known = self._house.get("life", after.account, after.login)
            puts = [
                Put(("life", after.account, after.login), after, known.version),
                Put(("account", after.account), made, standing.token),
            ]
        if envelope is not None:
            number = str(after.versions[-1].number)
            puts.append(Put(("envelope", after.account, after.login, number), envelope, 0))
        self._house.commit([event], puts)
