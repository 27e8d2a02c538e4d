"""Whom a finding speaks of is found in its evidence by the key, in every control."""

from __future__ import annotations

import msgspec

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.engine import evaluate
from rolecall.usecases.queries.names import PERSON_KEYS
from tests.registries import AS_OF, PEOPLE, crowded


def test_every_id_of_a_person_stands_under_a_key_that_is_known() -> None:
    """Ids of people are like no other text here: wherever one stands, it stands for somebody."""
    seen = set()
    for seed in range(40):
        for finding in evaluate(
            Context(*crowded(seed).read(), AS_OF), catalogue().values()
        ).findings:
            for key, value in msgspec.json.decode(finding.evidence).items():
                texts = value if isinstance(value, list) else [value]
                ids = {text.partition(":")[0] for text in texts if isinstance(text, str)}
                if ids & set(PEOPLE):
                    assert key in PERSON_KEYS, (finding.control, key)
                    seen.add(key)
    assert {"holder_ids", "head_id", "it_delegate_ids", "person_ids", "administrators"} <= seen
