"""Small organisations that never were: units, people, accounts, and who looks after which."""

# What people write is written as they write it.
# ruff: noqa: RUF001

from __future__ import annotations

import random
from typing import NamedTuple

__all__ = ["Account", "Person", "World", "world"]

_PLACES = (
    *("Ellerwick", "Holmfirth Cross", "St Aldwyn", "Brackenmoor", "Kirkhallow", "Sankt Wendolin"),
    *("Vallombre", "Peña Alta", "Monteluce", "Ribeira Clara", "Oudekerk", "Zielona Góra Stara"),
    *("Marrowdale", "Thornby", "Saint-Aubin-le-Vert", "Kaltenbrunn", "Fuenteclara", "Lindenhof"),
)
_KINDS = ("Parish", "Primary School", "Youth Centre", "Library", "Music Academy", "Museum")
_FIRST = (
    *("Adela", "Bertrand", "Cosima", "Dorian", "Elspeth", "Fabrice", "Gudrun", "Hamish", "Ilse"),
    *("Joaquín", "Katarzyna", "Leandro", "Mireille", "Norbert", "Ottavia", "Piotr", "Quentin"),
    *(
        "Rosalind",
        "Søren",
        "Tamsin",
        "Ulrike",
        "Valentín",
        "Wilhelmina",
        "Xenia",
        "Yannick",
        "Zofia",
    ),
)
_LAST = (
    *("Ashgrove", "Birkenfeld", "Castelnau", "Dunmore", "Eisenhart", "Fairweather", "Guillemin"),
    *("Hollowell", "Ivarsson", "Jaskulski", "Köhlberg", "Larramendi", "Montclair", "Nightingale"),
    *(
        "O’Dwyer",
        "Pellegrini",
        "Quarterman",
        "Rosenthal",
        "Szymborek",
        "Tillotson",
        "van Oldenzeel",
    ),
    *("Whitcombe", "Ximenes", "Yardley", "Zabriskie", "de la Fontaine", "Mac Aodha"),
)
PLATFORMS = ("facebook", "instagram", "x", "youtube", "website", "linkedin", "tiktok")


class Person(NamedTuple):
    """Somebody; ``left_on`` is a day in ISO form where they left."""

    first: str
    last: str
    email: str
    left_on: str = ""

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{self.first} {self.last}"


class Account(NamedTuple):
    """An account: the key that a careful reader takes from it, and who has what to do with it."""

    platform: str
    handle: str
    unit: str
    administrators: tuple[Person, ...]
    holders: tuple[Person, ...]
    has_factor: bool


class World(NamedTuple):
    """An organisation."""

    units: tuple[str, ...]
    people: tuple[Person, ...]
    accounts: tuple[Account, ...]
    domain: str


def world(seed: int, *, units: int = 4, accounts: int = 14) -> World:
    """Return the organisation of a number."""
    rng = random.Random(seed)  # noqa: S311 - examples, no secrets.
    places = rng.sample(_PLACES, units)
    named = tuple(f"{place} {rng.choice(_KINDS)}" for place in places)
    domain = f"org{seed}.example"
    firsts, lasts = rng.sample(_FIRST, 9), rng.sample(_LAST, 9)
    people = tuple(
        Person(
            first,
            last,
            f"{_plain(first)}.{_plain(last)}@{domain}",
            "2025-06-30" if index in (2, 5) else "",
        )
        for index, (first, last) in enumerate(zip(firsts, lasts, strict=True))
    )
    made: dict[tuple[str, str], Account] = {}
    while len(made) < accounts:
        unit = named[len(made) % units]
        platform = rng.choice(PLATFORMS)
        handle = _handle(platform, unit, len(made), domain)
        who = tuple(rng.sample(people, rng.choice((1, 1, 2, 3))))
        made.setdefault(
            (platform, handle),
            Account(platform, handle, unit, who, who[: rng.choice((1, 2))], rng.random() < 0.5),
        )
    return World(named, people, tuple(made.values()), domain)


def _plain(text: str) -> str:
    letters = {"ø": "o", "ł": "l", "ó": "o", "í": "i", "ö": "o", "ń": "n"}
    folded = "".join(letters.get(sign, sign) for sign in text.casefold())
    return "".join(sign for sign in folded if sign.isascii() and sign.isalpha())


def _handle(platform: str, unit: str, number: int, domain: str) -> str:
    bare = "".join(sign for sign in _plain(unit))
    if platform == "website":
        return f"{bare[:12]}{number}.{domain}"
    return f"{bare[:14]}{number}"
