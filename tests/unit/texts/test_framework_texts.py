"""What is said of frameworks in other languages: each title of ours, and each notice."""

from __future__ import annotations

from typing import get_args

import pytest

from rolecall.frameworks.framework import Framework
from rolecall.frameworks.known import FRAMEWORKS
from rolecall.texts import MissingTextError, texts_of
from rolecall.vocabulary import Language

OTHERS = [language for language in get_args(Language) if language != "en"]


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=list(FRAMEWORKS))
def test_each_title_of_ours_is_said(language: Language, framework: Framework) -> None:
    said, ours = texts_of(language).framework(framework), texts_of("en").framework(framework)
    assert said.titles.keys() == ours.titles.keys() == framework.titles.keys()
    assert said.notice != ours.notice
    assert bool(said.note) == bool(ours.note)
    for id_, title in said.titles.items():
        assert title != framework.titles[id_], id_


@pytest.mark.parametrize("language", OTHERS)
def test_a_title_that_exists_in_english_alone_stands_beside_ours(language: Language) -> None:
    nist = FRAMEWORKS["nist"]
    for id_, title in texts_of(language).framework(nist).titles.items():
        assert title.startswith(f"{nist.titles[id_]} (")
        assert title.endswith(")")


@pytest.mark.parametrize("language", OTHERS)
def test_a_framework_that_nobody_translated_is_an_error(language: Language) -> None:
    unknown = FRAMEWORKS["cis"]
    unknown = type(unknown)(
        **{name: getattr(unknown, name) for name in unknown.__struct_fields__ if name != "key"},
        key="moon",
    )
    with pytest.raises(MissingTextError, match="does not say moon"):
        texts_of(language).framework(unknown)
