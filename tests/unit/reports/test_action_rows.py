"""Actions reach the templates of every page as plain data, and a document without any has none."""

from __future__ import annotations

import json

import msgspec

from rolecall.reports.view import view_of
from tests.functional.test_reports_for_people import document
from tests.sample_actions import SAMPLE_ACTIONS, with_actions


def test_what_to_do_reaches_the_templates_as_plain_data() -> None:
    view = json.loads(json.dumps(view_of(with_actions(document(), more=7))))
    assert [one["id"] for one in view["actions"]] == [one.id for one in SAMPLE_ACTIONS]
    assert view["more_actions"] == 7
    first, second, last = view["actions"]
    assert first["places"][0]["steps"] == json.loads(
        msgspec.json.encode(SAMPLE_ACTIONS[0].places[0].steps)
    )
    assert (second["first"], second["entity"]) == ("", "")
    assert (len(last["places"]), len(last["findings"])) == (40, 300)


def test_a_document_of_a_run_without_actions_has_none() -> None:
    view = view_of(document())
    assert (view["actions"], view["more_actions"]) == ([], 0)
