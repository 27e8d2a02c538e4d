"""Accounts that several rows name are one, however each of them writes it."""

from __future__ import annotations

import pytest

from rolecall.adopt.mentions import AccountMention
from rolecall.adopt.proposed_accounts import SheetAccount, account_ids, proposed_accounts


def named(platform: str, *handles: str) -> list[SheetAccount]:
    return [
        SheetAccount(AccountMention(platform, handle, "", "", "", f"row {n}"), 0, "e-1")
        for n, handle in enumerate(handles)
    ]


@pytest.mark.parametrize(
    ("platform", "one", "other"),
    [
        ("facebook", "St.Aidan.Parish", "StAidanParish"),
        ("youtube", "stAidan", "staidan"),
        ("website", "münchen.example", "xn--mnchen-3ya.example"),
        ("whatsapp", "+353 86 123 4567", "353861234567"),
        ("mastodon", "@parks@social.example", "parks@social.example"),
        ("bluesky", "staidan.bsky.social", "staidan"),
    ],
)
def test_two_ways_to_write_an_account_are_one(platform: str, one: str, other: str) -> None:
    found = proposed_accounts(named(platform, one, other), {}, {})
    assert len(found.accounts) == 1
    assert len(found.assumptions) == 1
    again = proposed_accounts(named(platform, other), {}, {})
    keys = [found.accounts[0].key, again.accounts[0].key]
    assert len(set(account_ids(keys, {}).values())) == 1


def test_other_accounts_are_others() -> None:
    assert len(proposed_accounts(named("instagram", "st.aidan", "staidan"), {}, {}).accounts) == 2
