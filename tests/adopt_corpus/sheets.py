"""The sheets: a layout, a language and some dirt, with what a careful reader takes from them."""

# What people write is written as they write it.
# ruff: noqa: RUF001

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from typing import NamedTuple

import xlsxwriter

from tests.adopt_corpus.languages import LANGUAGES, Language
from tests.adopt_corpus.worlds import Account, Person, World, world

__all__ = ["NAMES", "CorpusSheet", "corpus_sheet"]

_NAMES = {
    "facebook": ("Facebook", "FB", "facebook", "Facebok"),
    "instagram": ("Instagram", "Insta", "IG", "Intagram"),
    "x": ("X", "Twitter", "X (Twitter)", "twitter"),
    "youtube": ("YouTube", "Youtube", "You Tube", "YT"),
    "website": ("Website", "website", "Web site", "Web"),
    "linkedin": ("LinkedIn", "Linkedin", "Linked In", "LinkedIn"),
    "tiktok": ("TikTok", "Tik Tok", "tiktok", "TikTok"),
}
_ADDRESSES = {
    "facebook": (
        *("https://www.facebook.com/{0}", "facebook.com/{0}/", "https://m.facebook.com/{0}?ref=ts"),
        "https://www.facebook.com/pg/{0}/",
    ),
    "instagram": ("https://www.instagram.com/{0}/", "instagram.com/{0}", "instagram.com/{0}?hl=en"),
    "x": ("https://x.com/{0}", "twitter.com/{0}", "https://twitter.com/{0}?lang=en"),
    "youtube": ("https://www.youtube.com/@{0}", "youtube.com/@{0}", "https://youtube.com/user/{0}"),
    "website": ("https://{0}/", "www.{0}", "{0}", "http://www.{0}/index.html"),
    "linkedin": ("https://www.linkedin.com/company/{0}/", "linkedin.com/company/{0}/about/"),
    "tiktok": ("https://www.tiktok.com/@{0}", "tiktok.com/@{0}"),
}
_WIDE = ("website", "facebook", "instagram", "x", "youtube")


class CorpusSheet(NamedTuple):
    """Files, and what is true of them.

    :ivar accounts: platform and handle.
    :ivar administrators: handle and name.
    :ivar people: the names of those who stand in the files.
    """

    name: str
    files: tuple[tuple[str, bytes], ...]
    accounts: frozenset[tuple[str, str]]
    administrators: frozenset[tuple[str, str]]
    people: frozenset[str]


def corpus_sheet(name: str) -> CorpusSheet:
    """Return the sheet of a name: a layout in a language."""
    code, _, layout = name.partition("_")
    made = _LAYOUTS[layout]
    rng = random.Random(name)  # noqa: S311 - examples.
    seed = 1_000 + 17 * list(LANGUAGES).index(code) + len(layout)
    return made(name, world(seed), LANGUAGES[code], rng)


def _heading(language: Language, meaning: str, rng: random.Random) -> str:
    return rng.choice(language.headings[meaning])


def _platform(account: Account, rng: random.Random) -> str:
    # A mistake in typing now and then, as everywhere.
    return rng.choices(_NAMES[account.platform], (6, 3, 2, 1))[0]


def _address(account: Account, rng: random.Random) -> str:
    return rng.choice(_ADDRESSES[account.platform]).format(account.handle)


def _people(people: Sequence[Person], language: Language, rng: random.Random) -> str:
    if len(people) == 1 and rng.random() < 0.4:
        return f"{people[0].name} <{people[0].email}>"
    joint = rng.choice((" / ", "\n", "; ", language.joint))
    return joint.join(one.name for one in people)


def _truth(
    name: str, files: Sequence[tuple[str, bytes]], accounts: Sequence[Account], *, told: bool
) -> CorpusSheet:
    return CorpusSheet(
        name,
        tuple(files),
        frozenset((one.platform, one.handle.casefold()) for one in accounts),
        frozenset(
            (one.handle.casefold(), who.name)
            for one in accounts
            for who in (one.administrators if told else ())
        ),
        frozenset(who.name for one in accounts for who in (one.administrators if told else ())),
    )


def _csv(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def _listed(name: str, made: World, language: Language, rng: random.Random) -> CorpusSheet:
    """A table with a platform and an address, as a web page or a database gives it."""
    wanted = ("unit", "platform", "url", "admins", "followers")
    rows = [[_heading(language, one, rng) for one in wanted]]
    for account in made.accounts:
        rows.append(
            [
                account.unit if rng.random() < 0.8 else f"  {account.unit} ",
                _platform(account, rng),
                _address(account, rng),
                _people(account.administrators, language, rng),
                str(rng.randrange(10, 9_000)),
            ]
        )
    rows.append(list(rows[1]))
    text = _csv(rows, rng.choice((",", ";")))
    data = text.encode("utf-8-sig" if rng.random() < 0.5 else "utf-8")
    return _truth(name, [(f"{name}.csv", data)], made.accounts, told=True)


def _by_handle(name: str, made: World, language: Language, rng: random.Random) -> CorpusSheet:
    """Handles without addresses, in an old encoding, with empty rows and words for nothing."""
    wanted = ("platform", "handle", "unit", "admins", "mfa")
    rows = [[_heading(language, one, rng) for one in wanted]]
    for account in made.accounts:
        at = "@" if account.platform not in ("website", "facebook") and rng.random() < 0.6 else ""
        factor = language.yes if account.has_factor else language.no
        rows.append(
            [
                _platform(account, rng),
                f"{at}{account.handle}",
                account.unit,
                _people(account.administrators, language, rng),
                rng.choice((factor, factor, language.nothing)),
            ]
        )
        if rng.random() < 0.15:
            rows.append([""] * len(wanted))
    text = _csv(rows, rng.choice((";", "\t")))
    encoding = rng.choice(("utf-16", "cp1252", "utf-8"))
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        data = text.encode("utf-16")
    return _truth(name, [(f"{name}.csv", data)], made.accounts, told=True)


def _titled(name: str, made: World, language: Language, rng: random.Random) -> CorpusSheet:
    """A workbook of one unit with a title above and a sum below, and the passwords' holders."""
    accounts = [one._replace(unit=made.units[0]) for one in made.accounts]
    heads = [_heading(language, one, rng) for one in ("url", "admins", "holders", "mfa")]
    rows: list[Sequence[str]] = [[language.title.format(made.units[0])], [], heads]
    for account in accounts:
        rows.append(
            [
                _address(account, rng),
                _people(account.administrators, language, rng),
                " / ".join(one.name for one in account.holders),
                language.yes if account.has_factor else language.no,
            ]
        )
    rows += [[], [f"{language.total}: {len(accounts)}"]]
    data = _workbook({language.title.split("{")[0][:20].strip(" –:"): rows})
    return _truth(name, [(f"{name}.xlsx", data)], accounts, told=True)


def _wide(name: str, made: World, language: Language, rng: random.Random) -> CorpusSheet:
    """A row a unit, a column a platform, and the head of the unit."""
    one_each: dict[tuple[str, str], Account] = {}
    for account in made.accounts:
        if account.platform in _WIDE:
            one_each.setdefault((account.unit, account.platform), account)
    heads = dict(zip(made.units, made.people, strict=False))
    rows = [
        [
            _heading(language, "unit", rng),
            _heading(language, "head", rng),
            *(rng.choice(_NAMES[platform][:1]) for platform in _WIDE),
        ]
    ]
    for unit in made.units:
        cells = []
        for platform in _WIDE:
            found = one_each.get((unit, platform))
            cells.append(_address(found, rng) if found else rng.choice(("", language.nothing, "-")))
        rows.append([unit, heads[unit].name, *cells])
    data = _workbook({"Sheet1": rows})
    truth = _truth(name, [(f"{name}.xlsx", data)], list(one_each.values()), told=False)
    return truth._replace(people=frozenset(who.name for who in heads.values()))


def _with_staff(name: str, made: World, language: Language, rng: random.Random) -> CorpusSheet:
    """Accounts with the addresses of those who administer them, and a list of staff."""
    rows = [[_heading(language, one, rng) for one in ("unit", "url", "admins")]]
    for account in made.accounts:
        who = ", ".join(one.email for one in account.administrators)
        rows.append([account.unit, _address(account, rng), who])
    staff = [["Name", "E-mail", "Status", "End date"]]
    for one in made.people:
        staff.append([one.name, one.email, "Left" if one.left_on else "Active", one.left_on])
    files = [
        (f"{name}.csv", _csv(rows).encode()),
        ("staff.csv", _csv(staff, ";").encode("utf-8")),
    ]
    truth = _truth(name, files, made.accounts, told=True)
    return truth._replace(people=frozenset(one.name for one in made.people))


def _workbook(sheets: dict[str, Sequence[Sequence[str]]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for title, rows in sheets.items():
            page = book.add_worksheet(title)
            for number, row in enumerate(rows):
                for index, cell in enumerate(row):
                    page.write_string(number, index, cell)
    return out.getvalue()


_LAYOUTS = {
    "listed": _listed,
    "by_handle": _by_handle,
    "titled": _titled,
    "wide": _wide,
    "with_staff": _with_staff,
}

NAMES = tuple(f"{code}_{layout}" for code in LANGUAGES for layout in _LAYOUTS)
"""Every sheet: each layout in each language."""
