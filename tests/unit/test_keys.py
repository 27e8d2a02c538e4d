"""Two ways to write one thing have one key, and two things never do."""

# What people see no difference between is written here as it is.
# ruff: noqa: RUF001

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.keys.accounts import match_key
from rolecall.keys.addresses import address_key, bare_address, domain_key, mailbox_key
from rolecall.keys.platforms import platform_key
from rolecall.keys.subjects import account_key, email_key
from rolecall.keys.texts import identifier_key, identifier_keys, look

SAME_IDS = [
    ("josé", "jose\u0301"),
    ("p-1", "P-1"),
    ("p-1", "p\u200b-1"),
    ("p-1", "\ufeffp-1"),
    ("p 1", "p\u00a01"),
    ("p 1", "p  1"),
    ("p-1", "p\u20111"),
    ("p-1", "p-\u00ad1"),
    ("p-1", "p-1\u200e"),
    ("p-1", "p-1\ufe0f"),
    ("17", "0017"),
    ("p-7", "p-007"),
]
OTHER_IDS = [
    ("p-1", "p-10"),
    ("p-10", "p-1-0"),
    ("0", "00a"),
    ("p1", "р1"),
    ("ß", "ss"),
    ("a", "α"),
]
SAME_ADDRESSES = [
    ("Ann@Parish.Example", "ann@parish.example"),
    ("ann@münchen.example", "ann@xn--mnchen-3ya.example"),
    ("ann@MÜNCHEN.example", "ann@mu\u0308nchen.example"),
    ("ann@parish.example", "ann@parish.example."),
    ("jose\u0301@x.example", "josé@x.example"),
    ("ann@XN--MNCHEN-3YA.example", "ann@münchen.example"),
]
OTHER_ADDRESSES = [
    ("ann@mission.example", "ann@mißion.example"),
    ("strasse@x.example", "straße@x.example"),
    ("ann+a@x.example", "ann@x.example"),
    ("a.nn@gmail.com", "ann@gmail.com"),
    ("ann@gmail.com", "ann@googlemail.com"),
    ("ann@pаrish.example", "ann@parish.example"),
]
AMBIGUOUS = [
    "t.bon\u017fukerrigan@x.example",
    "\u212aerrigan@x.example",
    "ann@par\u0131\u017fh.example",
    "ofﬁce@x.example",
    "ａnn@x.example",
    "ann@pari\u200bsh.example",
    "ann@x.example\u202e",
    "a@b@x.example",
    "ann@",
    "@x.example",
    "ann",
    "",
    "Ann <ann@x.example>",
    "ann@x.example, eve@x.example",
    "ann @x.example",
    "ann@x..example",
    "ann@-x.example",
    "ann@xn--a.example",
    "ann@[127.0.0.1]",
    "İ@x.example",
    "ann@x。example",
]
SAME_MAILBOXES = [
    *SAME_ADDRESSES,
    ("ann+fb@x.example", "ann@x.example"),
    ("mailto:Ann@x.example", "ann@x.example"),
    ("mailto:ann@x.example?subject=Hello", "ann@x.example"),
    ("Ann Doe <ann@x.example>", "ann@x.example"),
    ('"Doe, Ann" <ann@x.example>', "ann@x.example"),
    ("<ann@x.example>", "ann@x.example"),
    (" ann@x.example ", "ann@x.example"),
    ("ann\u200b@x.example", "ann@x.example"),
    ("a.n.n+x@googlemail.com", "ann@gmail.com"),
]
MASKED = [
    *("a***@x.example", "a•••n@x.example", "ann@x***.example", "an…@x.example"),
    *("a...n@x.example", "xxxx@x.example", "****", "a●●@x.example"),
]
LETTERS = "abcdefghijklmnopqrstuv"
SAME_ACCOUNTS = [
    ("twitter", "stbrigid", "x", "@StBrigid"),
    ("Twitter", "https://twitter.com/stbrigid/", "X", "x.com/stbrigid?s=20"),
    ("X (Twitter)", "stbrigid", "x", "https://mobile.twitter.com/StBrigid"),
    ("fb", "facebook.com/St.Brigid", "facebook", "stbrigid"),
    ("facebook", "https://www.facebook.com/StBrigid/?ref=page", "facebook", "@stbrigid"),
    ("facebook", "https://www.facebook.com/profile.php?id=6155012345", "facebook", "6155012345"),
    ("facebook", "https://m.facebook.com/pages/St-Brigid/123456", "facebook", "123456"),
    ("instagram", "https://instagram.com/st.brigid/", "ig", "St.Brigid"),
    ("youtube", "https://www.youtube.com/@StBrigid", "yt", "stbrigid"),
    ("youtube", "https://youtube.com/channel/UCabcdefghijklmnopqrstuv", "yt", f"UC{LETTERS}"),
    ("linkedin", "https://www.linkedin.com/company/St-Brigid/", "LinkedIn", "st-brigid"),
    ("tik tok", "https://www.tiktok.com/@stbrigid", "tiktok", "StBrigid"),
    ("website", "https://www.münchen.example/", "website", "xn--mnchen-3ya.example"),
    ("website", "HTTP://Parish.Example:80", "web site", "parish.example"),
    ("website", "parish.example/news/", "homepage", "www.parish.example/news"),
    ("website", "parish.example/index.html", "homepage", "www.parish.example"),
    ("website", "parish.example/news/Default.aspx", "website", "parish.example/news"),
    ("mastodon", "https://social.example/@stbrigid", "mastodon", "@StBrigid@social.example"),
    ("bluesky", "https://bsky.app/profile/stbrigid.bsky.social", "bsky", "stbrigid.bsky.social"),
    ("telegram", "https://t.me/StBrigid", "telegram", "@stbrigid"),
    ("whatsapp", "+353 (1) 555 0100", "WhatsApp", "0035315550100"),
    ("instagram", "st\u200bbrigid", "instagram", "stbrigid"),
    ("instagram", "jose\u0301", "instagram", "josé"),
]  # fmt: skip
OTHER_ACCOUNTS = [
    ("youtube", "UCabcdefghijklmnopqrstuv", "youtube", "UCABcdefghijklmnopqrstuv"),
    ("instagram", "st.brigid", "instagram", "stbrigid"),
    ("x", "stbrigid", "instagram", "stbrigid"),
    ("x", "stbrіgid", "x", "stbrigid"),
    ("website", "mission.example", "website", "mißion.example"),
    ("website", "parish.example/a", "website", "parish.example/b"),
    ("website", "parish.example:8080", "website", "parish.example"),
    ("mastodon", "@stbrigid@social.example", "mastodon", "@stbrigid@other.example"),
    ("facebook", "facebook.com/profile.php?id=1", "facebook", "facebook.com/profile.php?id=2"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME_IDS)
def test_ids_that_nobody_can_tell_apart_have_one_key(one: str, other: str) -> None:
    assert identifier_key(one) == identifier_key(other)
    assert list(identifier_keys([one, other])) == [identifier_key(one)] * 2


@pytest.mark.parametrize(("one", "other"), OTHER_IDS)
def test_ids_that_are_others_have_other_keys(one: str, other: str) -> None:
    assert identifier_key(one) != identifier_key(other)


def test_what_is_drawn_alike_looks_alike() -> None:
    assert look("рarish") == look("parish") == look("Parish")
    assert look("ѕtbrіgid") == look("stbrigid")
    assert look("ραrish") == look("parish")
    assert look("parisch") != look("parish")


@pytest.mark.parametrize(("one", "other"), SAME_ADDRESSES)
def test_one_address_is_one_key(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)
    assert address_key(one) is not None


@pytest.mark.parametrize(("one", "other"), OTHER_ADDRESSES)
def test_other_addresses_sign_in_as_others(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)
    assert None not in (address_key(one), address_key(other))


@pytest.mark.parametrize("address", AMBIGUOUS)
def test_what_could_be_read_as_two_addresses_is_none(address: str) -> None:
    assert address_key(address) is None


@pytest.mark.parametrize(("one", "other"), SAME_MAILBOXES)
def test_a_mailbox_is_found_however_it_is_written(one: str, other: str) -> None:
    assert mailbox_key(one) == mailbox_key(other)
    assert address_key(bare_address(one)) is not None


@pytest.mark.parametrize("address", [one for one in AMBIGUOUS if "<" not in one and one])
def test_an_ambiguous_address_is_found_by_itself_alone(address: str) -> None:
    key = mailbox_key(address)
    assert key is None or key.startswith("?") or address_key(bare_address(address)) is not None


@pytest.mark.parametrize("address", MASKED)
def test_a_masked_address_is_an_unknown_one(address: str) -> None:
    assert mailbox_key(address) is None


def test_domains_are_compared_as_they_are_registered() -> None:
    assert domain_key("MÜNCHEN.example") == domain_key("xn--mnchen-3ya.example.")
    assert domain_key("mission.example") != domain_key("mißion.example")


@pytest.mark.parametrize(("platform", "handle", "other", "name"), SAME_ACCOUNTS)
def test_one_account_is_one_key(platform: str, handle: str, other: str, name: str) -> None:
    assert match_key(platform, handle) == match_key(other, name)


@pytest.mark.parametrize(("platform", "handle", "other", "name"), OTHER_ACCOUNTS)
def test_other_accounts_have_other_keys(platform: str, handle: str, other: str, name: str) -> None:
    assert match_key(platform, handle) != match_key(other, name)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_has_a_key(platform: str, handle: str) -> None:
    name, found = match_key(platform, handle)
    assert name == platform_key(platform)
    assert match_key(name, found)
    assert mailbox_key(handle) is None or mailbox_key(handle)
    assert look(handle) is not None
    assert identifier_keys([handle, platform]) == list(map(identifier_key, [handle, platform]))


def test_what_names_findings_never_changes() -> None:
    assert account_key("Twitter", "@StraßE") == ("twitter", "strasse")
    assert email_key("Ann+x@Straße.example") == "ann+x@strasse.example"


@given(
    st.from_regex(r"[a-z0-9][a-z0-9._-]{0,8}@[a-z0-9-]{1,6}(\.[a-z0-9-]{1,6}){1,2}", fullmatch=True)
)
def test_the_short_way_to_a_mailbox_is_the_long_one(address: str) -> None:
    """Upper case goes the long way, and what is written in lower case mostly the short one."""
    assert mailbox_key(address) in (mailbox_key(f"Ann <{address}>"), f"?{address}")


@pytest.mark.parametrize(
    "names",
    [
        [
            ("x", "parish"),
            ("X (formerly Twitter)", "https://x.com/parish"),
            ("Twitter (now X)", "\uff20Parish"),
            ("twitter", "https://twitter.com/intent/user?screen_name=parish"),
        ],
        [
            ("facebook", "st.anna"),
            ("fb", "https://www.facebook.com/pg/StAnna/about"),
            ("facebook", "facebook.com/#!/stanna"),
        ],
        [
            ("facebook", "100064000000001"),
            ("facebook", "https://www.facebook.com/profile.php?id=100064000000001"),
            ("facebook", "https://www.facebook.com/p/St-Anna-100064000000001/"),
            ("facebook", "https://www.facebook.com/st-anna-100064000000001/"),
            ("facebook", "https://www.facebook.com/people/St-Anna/100064000000001/"),
        ],
        [("facebook", "facebook.com/groups/anna"), ("fb", "m.facebook.com/groups/Anna/about")],
        [("instagram", "anna"), ("ig", "https://instagram.com/_u/anna")],
        [("telegram", "anna"), ("telegram", "https://t.me/s/anna")],
        [("flickr", "anna"), ("flickr", "https://www.flickr.com/photos/anna/")],
        [
            ("mastodon", "@anna@s.example"),
            ("mastodon", "https://s.example/users/anna"),
            ("mastodon", "acct:anna@s.example"),
        ],
        [("soundcloud", "anna"), ("soundcloud", "https://soundcloud.com/Anna")],
        [("twitch", "anna"), ("twitch", "https://www.twitch.tv/anna")],
        [("github", "anna"), ("github.com", "github.com/anna/")],
        [("medium", "@anna"), ("medium", "https://medium.com/@anna")],
    ],
)
def test_names_of_one_account_by_what_stands_before_them(names: list[tuple[str, str]]) -> None:
    assert len({match_key(*name) for name in names}) == 1


def test_what_stands_before_a_name_is_no_name() -> None:
    """Two groups are two accounts, and neither is the page of that name."""
    paths = ("groups/anna", "groups/bea", "pg/anna", "pg/bea", "p/Anna-100001", "p/Bea-100002")
    pages = [("facebook", f"https://www.facebook.com/{path}") for path in paths]
    pages += [("telegram", f"https://t.me/s/{name}") for name in ("anna", "bea")]
    pages += [("flickr", f"https://flickr.com/photos/{name}") for name in ("anna", "bea")]
    pages += [("instagram", f"https://instagram.com/_u/{name}") for name in ("anna", "bea")]
    assert len({match_key(*page) for page in pages}) == len(pages)
