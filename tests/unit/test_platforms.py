"""One table of platforms serves registries, observations and exports of passwords."""

from __future__ import annotations

import pytest

from rolecall.keys.accounts import match_key
from rolecall.keys.platforms import HOSTS_OF_TODAY, PLATFORMS, platform_key, platform_of_host
from rolecall.model import Account
from rolecall.vault.exports.entry import Entry
from rolecall.vault.exports.matching import match_entries
from rolecall.vault.secret import Secret

EVERY_NAME = [
    (written, name)
    for name, platform in PLATFORMS.items()
    for written in (
        name,
        *filter(None, platform.names.split("|")),
        *(host for host in (*platform.pages, *platform.others) if "*" not in host),
    )
]
EVERY_HOST = [
    (host, name)
    for name, platform in PLATFORMS.items()
    for host in (*platform.pages, *platform.others)
    if "*" not in host
]
# What either of the two tables knew of which this one was made.
KNOWN = {
    "x": "twitter|x/twitter|twitter/x|x (twitter)|x.com|twitter.com|twitter (x)|formerly twitter",
    "facebook": "fb|facebook page|facebook pages|facebook group|facebook.com|fb.com|face book",
    "instagram": "ig|insta|instagram.com|instagr.am",
    "youtube": "yt|you tube|youtube.com|youtu.be|youtube channel",
    "linkedin": "li|linked in|linkedin.com|linkedin page",
    "tiktok": "tik tok|tiktok.com",
    "threads": "threads.net|threads.com|threads by instagram",
    "bluesky": "bsky|blue sky|bsky.app|bsky.social",
    "mastodon": "fediverse|mastodon.social",
    "pinterest": "pinterest.com",
    "snapchat": "snap|snapchat.com",
    "telegram": "t.me|telegram.org|telegram.me",
    "whatsapp": "whats app|whatsapp.com|wa.me|whatsapp business",
    "vimeo": "vimeo.com",
    "flickr": "flickr.com",
    "website": "web|site|web site|www|homepage|home page|webpage|web page|wordpress site",
}
SIGN_IN = {
    "x": "x.com|twitter.com",
    "facebook": "facebook.com|fb.com|meta.com",
    "instagram": "instagram.com",
    "threads": "threads.net|threads.com",
    "youtube": "youtube.com|youtu.be",
    "google": "google.com",
    "linkedin": "linkedin.com",
    "tiktok": "tiktok.com",
    "pinterest": "pinterest.com",
    "flickr": "flickr.com",
    "vimeo": "vimeo.com",
    "bluesky": "bsky.app|bsky.social",
    "whatsapp": "whatsapp.com",
    "telegram": "telegram.org|t.me",
    "mailchimp": "mailchimp.com",
    "soundcloud": "soundcloud.com",
    "spotify": "spotify.com",
    "reddit": "reddit.com",
    "snapchat": "snapchat.com",
    "tumblr": "tumblr.com",
    "medium": "medium.com",
    "nextdoor": "nextdoor.com",
    "discord": "discord.com|discordapp.com",
    "twitch": "twitch.tv",
    "github": "github.com",
}


def belongs(platform: str, address: str, handle: str = "stbrigid") -> bool:
    """Tell whether an entry for an address is found to be an account's, by its user name."""
    account = Account("acc-1", "e-1", platform, handle, "active")
    entry = Entry(2, "Parish", (address,), Secret("stbrigid", "secret", "", (), ""))
    return match_entries([entry], [account])[0].account == "acc-1"


def test_what_was_known_is_known() -> None:
    for name, others in KNOWN.items():
        assert {platform_key(other) for other in others.split("|")} == {name}
    for name, hosts in SIGN_IN.items():
        assert {platform_of_host(host) for host in hosts.split("|")} == {name}


@pytest.mark.parametrize(("written", "name"), EVERY_NAME)
def test_a_platform_is_the_same_for_registries_and_exports(written: str, name: str) -> None:
    for way in (written, written.upper(), f" {written.title()} ", written.replace(" ", "  ")):
        assert platform_key(way) == name, way
        for host, platform in EVERY_HOST:
            if platform == name:
                assert belongs(way, f"https://www.{host}/login"), (way, host)
        if name == "website":
            assert belongs(way, "https://www.parish.example/", "parish.example")


def test_a_platform_that_nobody_knows_is_called_by_its_host() -> None:
    for host in ("st-brigid.example", "my_site.example", "parish.example"):
        assert belongs(host, f"https://{host}/login")
        assert belongs(host.upper(), f"https://{host}/login")


def test_no_name_is_of_two_platforms() -> None:
    assert len(dict(EVERY_NAME)) == len(set(EVERY_NAME)) == len(EVERY_NAME)
    assert all(written == written.casefold() for written, _ in EVERY_NAME)
    for old, new in HOSTS_OF_TODAY.items():
        assert platform_of_host(old) == platform_of_host(new) is not None


@pytest.mark.parametrize("name", [name for name, one in PLATFORMS.items() if one.pages])
def test_pages_name_accounts(name: str) -> None:
    key = match_key(name, "stbrigid5")
    for host in PLATFORMS[name].pages:
        page = host.replace("*", "co.uk")
        for way in (
            f"https://www.{page}/stbrigid5",
            f"{page}/StBrigid5/",
            f"http://{page}/@stbrigid5",
        ):
            assert match_key(name, way) == key, way
