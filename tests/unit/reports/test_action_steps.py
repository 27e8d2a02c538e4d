"""Every deed has words in every language: where to press, and what is written down."""

from __future__ import annotations

from typing import get_args

import pytest

from rolecall.actions.deed import DEED_KINDS
from rolecall.keys.platforms import PLATFORMS
from rolecall.reports.action_steps import record_of, steps_of
from rolecall.texts import texts_of
from rolecall.vocabulary import Language
from tests.registries import HEADERS

SAID_BY_THE_DEED = {
    *("approve-account", "name-owner", "name-approver", "name-crisis-contact"),
    *("confirm-crisis-contacts", "archive-posts", "record-privacy", "decide-platform"),
    *("settle-incident", "decide-report", "give-sanction-reason", "name-investigators"),
    *("review-policy", "end-waivers", "forget-person"),
}
"""Deeds that need no steps: there is nothing to press."""


@pytest.mark.parametrize("language", get_args(Language))
def test_every_deed_has_its_steps_and_its_record(language: Language) -> None:
    texts = texts_of(language)
    keys = set(texts.words("steps")) - {"confirm-removal"}
    for kind in DEED_KINDS:
        assert bool(steps_of(kind, "a platform of tomorrow", texts)) != (kind in SAID_BY_THE_DEED)
        assert record_of(kind, texts)
        keys.discard(f"record.{kind}")
        for platform in (*PLATFORMS, "other"):
            number = 1
            while f"{kind}.{platform}.{number}" in keys:
                keys.remove(f"{kind}.{platform}.{number}")
                number += 1
    assert not keys, "nothing asks for these"


def test_a_platform_has_its_own_steps_by_any_of_its_names() -> None:
    texts = texts_of("en")
    assert steps_of("take-access", "FB", texts) == steps_of("take-access", "facebook", texts)
    assert "Page access" in " ".join(steps_of("take-access", "Facebook", texts))
    assert steps_of("take-access", "mastodon", texts) == steps_of("take-access", "flickr", texts)


@pytest.mark.parametrize("language", get_args(Language))
def test_steps_name_no_column(language: Language) -> None:
    columns = {one for named in HEADERS.values() for one in named if "_" in one}
    for key, text in texts_of(language).words("steps").items():
        if not key.startswith("record."):
            assert not columns.intersection(text.replace(".", " ").split()), key
