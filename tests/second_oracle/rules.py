"""How a rule is written down: whom it looks at, what it cannot do without, and what it says.

A rule answers ``True`` where its subject fails, a severity where it fails with another one than
usual, ``False`` where it passes, and ``None`` where it is not evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from rolecall.keys.accounts import match_key
from rolecall.keys.platforms import platform_key
from rolecall.keys.subjects import account_key
from rolecall.model import Grant, Observation, Severity
from tests.second_oracle.book import ADMINISTRATIVE, Book

__all__ = [
    "ACCOUNTS",
    "ACTIVE_ACCOUNTS",
    "ACTIVE_MANAGERS",
    "CLOSED_ACCOUNTS",
    "ENTITIES",
    "GRANTS",
    "INCIDENTS",
    "LEAVERS",
    "LOGINS",
    "MANAGERS",
    "OBSERVED",
    "OWNERS",
    "POLICY",
    "RULES",
    "WEBSITES",
    "Answer",
    "Limits",
    "Name",
    "Population",
    "Rule",
    "limits",
    "rule",
]

Name: TypeAlias = tuple[str, ...]
Answer: TypeAlias = bool | Severity | None
Limits: TypeAlias = dict[str, Any]


class Population(NamedTuple):
    """Whom rules look at: who they are, how they are named, and which entity's settings hold.

    :ivar rows: which rows of which tables a subject is made of: what is tracked is tracked by row.
    :ivar tables: those tables. What is needed of another one must be tracked for all of its rows.
    """

    subjects: Callable[[Book], Iterable[Any]]
    name: Callable[[Any], Name]
    entity: Callable[[Book, Any], str | None]
    rows: Callable[[Any], Mapping[str, Name]] = lambda _: {}
    tables: tuple[str, ...] = ()


class Rule(NamedTuple):
    """One control, once more."""

    id: str
    severity: Severity
    of: Population
    needs: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...]
    defaults: Limits
    says: Callable[[Book, Any, Limits], Answer]


RULES: dict[str, Rule] = {}


def rule(
    id_: str,
    severity: Severity,
    of: Population,
    *needs: str,
    one_of: tuple[tuple[str, ...], ...] = ((),),
    **defaults: Any,
) -> Callable[[Callable[[Book, Any, Limits], Answer]], Callable[[Book, Any, Limits], Answer]]:
    """Write a rule down.

    :param needs: columns, or settings of the policy, without which nothing is said.
    :param one_of: groups of them, of which one must be there.
    """

    def written(says: Callable[[Book, Any, Limits], Answer]) -> Callable[..., Answer]:
        RULES[id_] = Rule(id_, severity, of, needs, one_of, defaults, says)
        return says

    return written


def limits(book: Book, one: Rule, entity: str | None) -> Limits:
    """Return what holds for a subject: the nearest entity's word, the policy's, or the default."""
    found = {"enabled": True, **one.defaults, **book.policy.controls.get(one.id, {})}
    for above in reversed(book.line(entity)):
        found |= book.policy.entities.get(above.id, {}).get(one.id, {})
    return found


# ------------------------------------------------------------------------------------- populations


def _accounts(*statuses: str) -> Population:
    return Population(
        lambda book: (one for one in book.registry.accounts if one.status in statuses),
        lambda one: ("account", one.id),
        lambda _, one: str(one.entity_id),
        lambda one: {"accounts": (one.id,), "entities": (one.entity_id,)},
        ("accounts", "entities"),
    )


ACCOUNTS = _accounts("active", "dormant")
ACTIVE_ACCOUNTS = _accounts("active")
CLOSED_ACCOUNTS = _accounts("closed")
WEBSITES = ACCOUNTS._replace(
    subjects=lambda book: (
        one for one in book.open_accounts() if platform_key(one.platform) == "website"
    )
)


def _grants(roles: tuple[str, ...], *, of_active: bool = False) -> Population:
    def subjects(book: Book) -> Iterable[Grant]:
        for one in book.registry.grants:
            is_live = one.revoked_on is None and book.is_open(one.account_id)
            serves = book.is_active(one.person_id) or not of_active
            if is_live and serves and one.role in roles:
                yield one

    return Population(
        subjects,
        lambda one: ("grant", one.account_id, one.person_id),
        lambda book, one: book.account(one.account_id).entity_id,
        lambda one: {"grants": (one.account_id, one.person_id), "people": (one.person_id,)},
        ("grants", "people"),
    )


GRANTS = _grants((*ADMINISTRATIVE, "editor", "analyst"))
MANAGERS = _grants(ADMINISTRATIVE)
ACTIVE_MANAGERS = _grants(ADMINISTRATIVE, of_active=True)
OWNERS = _grants(("owner",))
LOGINS = Population(
    lambda book: (one for one in book.registry.logins if book.is_open(one.account_id)),
    lambda one: ("login", one.account_id, one.id),
    lambda book, one: book.account(one.account_id).entity_id,
    lambda one: {"logins": (one.account_id, one.id)},
    ("logins",),
)
ENTITIES = Population(
    lambda book: book.registry.entities,
    lambda one: ("entity", one.id),
    lambda _, one: str(one.id),
    lambda one: {"entities": (one.id,)},
    ("entities",),
)
LEAVERS = Population(
    lambda book: (one for one in book.registry.people if one.status == "left"),
    lambda one: ("person", one.id),
    lambda _, one: one.entity_id,
)
INCIDENTS = Population(
    lambda book: book.registry.incidents,
    lambda one: ("incident", one.id),
    lambda book, one: book.account(one.account_id).entity_id,
    lambda one: {"incidents": (one.account_id, one.id)},
    ("incidents",),
)
POLICY = Population(lambda _: [None], lambda _: ("policy",), lambda _, __: None)


def _observed(book: Book) -> Iterable[Observation]:
    """Return each account that was ever observed once, as it was called there."""
    found: dict[Name, Observation] = {}
    for one in book.registry.observations:
        found.setdefault(account_key(one.platform, one.handle), one)
    return found.values()


def _whose(book: Book, seen: Observation) -> str | None:
    """Return the entity of what was seen: of the account on record, or as the observation says."""
    key = match_key(seen.platform, seen.handle)
    known = (one for one in book.registry.accounts if match_key(one.platform, one.handle) == key)
    return next((one.entity_id for one in known), seen.entity_id)


OBSERVED = Population(
    _observed, lambda one: ("observation", *account_key(one.platform, one.handle)), _whose
)
