"""What is said of frameworks in other languages: each title of ours, and each notice."""

from __future__ import annotations

from typing import get_args

import pytest

from rolecall.frameworks.framework import Framework
from rolecall.frameworks.known import FRAMEWORKS
from rolecall.texts import MissingTextError, texts_of
from rolecall.vocabulary import Language

OTHERS = [language for language in get_args(Language) if language != "en"]
VERBATIM_IN = {"es": {"gdpr"}, "en": set(FRAMEWORKS)}
"""Frameworks whose own titles are published in a language."""


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=list(FRAMEWORKS))
def test_each_title_of_ours_is_said(language: Language, framework: Framework) -> None:
    said, ours = texts_of(language).framework(framework), texts_of("en").framework(framework)
    assert said.titles.keys() == ours.titles.keys() == framework.titles.keys()
    assert said.notice != ours.notice
    assert bool(said.note) == bool(ours.note)
    is_said = not framework.is_verbatim or framework.key in VERBATIM_IN[language]
    for id_, title in said.titles.items():
        assert (title != framework.titles[id_]) == is_said, id_


@pytest.mark.parametrize("language", OTHERS)
def test_a_framework_that_nobody_translated_is_an_error(language: Language) -> None:
    unknown = FRAMEWORKS["cis"]
    unknown = type(unknown)(
        **{name: getattr(unknown, name) for name in unknown.__struct_fields__ if name != "key"},
        key="moon",
    )
    with pytest.raises(MissingTextError, match="does not say moon"):
        texts_of(language).framework(unknown)
