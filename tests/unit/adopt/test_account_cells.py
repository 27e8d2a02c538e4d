"""What a cell names: accounts, several of them, with comments, or nothing that is an account."""

# Headings and marks are written here as people write them.
# ruff: noqa: RUF001

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.adopt.account_cells import accounts_in
from rolecall.adopt.platform_words import near_platform, platform_named, platforms_named
from rolecall.keys.platforms import PLATFORMS

# A cell, the platform that its column says, and the accounts as platform:handle.
NAMED = [
    ("https://facebook.com/a (old)", "facebook", "facebook:a"),
    ("facebook.com/a - our main page", "facebook", "facebook:a"),
    ("https://facebook.com/a not used any more", "facebook", "facebook:a"),
    ("St Aidan: https://facebook.com/a", "", "facebook:a"),
    ("St Aidan (https://facebook.com/a)", "", "facebook:a"),
    ("St Aidan <https://facebook.com/a>", "facebook", "facebook:a"),
    ("facebook.com/a; instagram.com/b", "", "facebook:a instagram:b"),
    ("facebook.com/a, instagram.com/b", "", "facebook:a instagram:b"),
    ("facebook.com/a | instagram.com/b", "", "facebook:a instagram:b"),
    ("facebook.com/a\ninstagram.com/b", "", "facebook:a instagram:b"),
    ("facebook.com/a and instagram.com/b", "", "facebook:a instagram:b"),
    ("facebook.com/a / instagram.com/b", "", "facebook:a instagram:b"),
    ("https://facebook.com/a https://facebook.com/b", "facebook", "facebook:a facebook:b"),
    ("https://facebook.com/a und https://facebook.com/b", "facebook", "facebook:a facebook:b"),
    ("@a, @b", "x", "x:a x:b"),
    ("@a & @b", "instagram", "instagram:a instagram:b"),
    ("a / b", "instagram", "instagram:a instagram:b"),
    ("Facebook: @a, Instagram: @b", "", "facebook:a instagram:b"),
    ("FB - a\nIG - b", "", "facebook:a instagram:b"),
    ("Facebook & Instagram: @a", "", "facebook:a instagram:a"),
    ("@a (Instagram)", "", "instagram:a"),
    ("@a (not used)", "x", "x:a"),
    ("a (old)", "x", "x:a"),
    ("＠a", "x", "x:a"),
    ("stmarks.academy", "instagram", "instagram:stmarks.academy"),
    ("parks.example", "bluesky", "bluesky:parks.example"),
    ("parks.example", "website", "website:parks.example"),
    ("parks.example", "", "website:parks.example"),
    ("@a@social.example", "mastodon", "mastodon:a@social.example"),
    ("a@social.example", "mastodon", "mastodon:a@social.example"),
    ("social.example/@a", "mastodon", "mastodon:a@social.example"),
    ("+353 86 123 4567", "whatsapp", "whatsapp:+353 86 123 4567"),
    ("61550123456789012", "facebook", "facebook:61550123456789012"),
    ("https://twitter.com/a", "facebook", "x:a"),
    ("https://wibble.example/@a", "wibble", "wibble:a"),
    ("a", "facebook instagram", "facebook:a instagram:a"),
    ("no.example", "website", "website:no.example"),
    ("x.com/no", "x", "x:no"),
    ("si.senor", "instagram", "instagram:si.senor"),
    ("yes_we_can", "instagram", "instagram:yes_we_can"),
]
UNNAMED = [
    *(("yes", "yes"), ("x", "yes"), ("✓", "yes"), ("Ja", "yes"), ("oui", "yes"), ("sí", "yes")),
    *(("Facebook", "yes"), ("FB", "yes"), ("TRUE", "yes"), ("1", "yes"), ("yes (Maureen)", "yes")),
    *(("no", "no"), ("nein", "no"), ("✗", "no"), ("FALSE", "no"), ("not yet", "no")),
    *(("office@parish.example", "email"), ("mailto:office@parish.example", "email")),
    *(("St Mary's Parish", "words"), ("ask Maureen", "words"), ("in preparation, 2026", "words")),
    *(("https://www.facebook.com/", "page"), ("https://facebook.com/events/1", "page")),
    *(("https://bit.ly/abc", "page"), ("https://parish.example/fb", "site")),
    *(("www.parish.example", "site"),),
]


@pytest.mark.parametrize(("cell", "platforms", "accounts"), NAMED)
def test_a_cell_names_accounts(cell: str, platforms: str, accounts: str) -> None:
    found = accounts_in(cell, platforms.split())
    assert [f"{one.platform}:{one.handle}" for one in found] == (
        [accounts] if "+" in accounts else accounts.split()
    )
    assert not any(one.flaw for one in found)


@pytest.mark.parametrize(("cell", "flaw"), UNNAMED)
def test_a_cell_that_names_none_says_why(cell: str, flaw: str) -> None:
    (found,) = accounts_in(cell, ("facebook",))
    assert (found.flaw, found.handle) == (flaw, "")


def test_what_is_said_of_an_account_is_kept() -> None:
    assert accounts_in("https://facebook.com/a (old)", ("facebook",))[0].said == "old"
    assert accounts_in("@a (not used)", ("x",))[0].said == "not used"
    assert accounts_in("St Aidan: https://facebook.com/a")[0].said == "St Aidan"


def test_the_platform_that_is_claimed_is_kept_where_the_address_is_of_another() -> None:
    assert accounts_in("https://twitter.com/a", ("facebook",))[0].claimed == "facebook"
    assert accounts_in("https://twitter.com/a", ("x",))[0].claimed == ""


def test_a_name_without_a_platform_says_so() -> None:
    (found,) = accounts_in("@a")
    assert (found.flaw, found.handle) == ("no platform", "a")


@given(st.text(max_size=60), st.sampled_from(["", "facebook", "website", "mastodon", "wibble"]))
def test_no_cell_is_lost(cell: str, platform: str) -> None:
    """Whatever a cell says, it names an account or says why it names none."""
    found = accounts_in(cell, (platform,) if platform else ())
    assert found
    for one in found:
        assert bool(one.handle) or bool(one.flaw)


MISTYPED = {
    "Intagram": "instagram",
    "Instragram": "instagram",
    "Instgram": "instagram",
    "Facebok": "facebook",
    "Facebbok": "facebook",
    "Facebook.": "facebook",
    "Yotube": "youtube",
    "You Tubee": "youtube",
    "Linkdin": "linkedin",
    "Linkedln": "linkedin",
    "Twiter": "x",
    "Tweeter": "x",
    "Pintrest": "pinterest",
    "Mastadon": "mastodon",
    "Whatsap": "whatsapp",
    "Telegramm": "telegram",
    "Flikr": "flickr",
    "Titkok": "tiktok",
    "Snapcaht": "snapchat",
}
NO_PLATFORMS = (
    "Newsletter",
    "Mass stream",
    "Parish",
    "Threat",
    "Office",
    "Blog",
    "App",
    "",
    "Media",
)


@pytest.mark.parametrize(("written", "platform"), MISTYPED.items())
def test_a_mistyped_platform_is_the_nearest(written: str, platform: str) -> None:
    found = platform_named(written)
    assert found is not None
    assert found.platform == platform


@pytest.mark.parametrize("written", NO_PLATFORMS)
def test_what_is_near_to_no_platform_is_none(written: str) -> None:
    assert near_platform(written) is None


def test_a_known_platform_is_never_a_mistake() -> None:
    for name in PLATFORMS:
        assert near_platform(name) is None or near_platform(name).platform == name  # type: ignore[union-attr]
        named = platform_named(name)
        assert named is not None
        assert (named.platform, named.mistyped) == (name, "")


def test_platforms_beside_each_other() -> None:
    for text in ("Facebook and Instagram", "FB/IG", "Facebook, Instagram", "Facebook + Instagram"):
        assert [one.platform for one in platforms_named(text)] == ["facebook", "instagram"]
    assert platforms_named("Facebook page of the choir") == ()
