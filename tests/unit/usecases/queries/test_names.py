"""Whom a finding speaks of is found in its evidence by the key, in every control."""

from __future__ import annotations

import msgspec

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.engine import evaluate
from rolecall.model import TABLES
from rolecall.named_keys import ID_KEYS, NAMELESS_KEYS
from rolecall.registry.schema import columns
from tests.registries import ACCOUNTS, AS_OF, ENTITIES, PEOPLE, crowded

IDS = {"people": PEOPLE, "accounts": ACCOUNTS, "entities": ENTITIES}
"""Ids of the crowded registries: they are like no other text there."""


def test_every_id_stands_under_a_key_that_is_known() -> None:
    """Wherever an id of somebody or something stands, a sentence about it has the name."""
    seen = set()
    for seed in range(40):
        context = Context(*crowded(seed).read(), AS_OF)
        logins = {login.id for login in context.snapshot.logins}
        for finding in evaluate(context, catalogue().values()).findings:
            for key, value in msgspec.json.decode(finding.evidence).items():
                texts = set(value) if isinstance(value, list) else {value}
                for table, ids in IDS.items():
                    if texts & set(ids):
                        assert ID_KEYS.get(key) == table, (finding.control, key)
                        seen.add(key)
                if texts & logins:
                    assert ID_KEYS.get(key) == "logins" or key in NAMELESS_KEYS, finding.control
                    seen.add(key)
    assert {"holder_ids", "head_id", "it_delegate_ids", "person_ids", "administrators"} <= seen
    assert {"account_ids", "accounts", "person_entity", "account_entity", "other_logins"} <= seen


def test_every_column_that_refers_to_something_is_a_key_that_is_known() -> None:
    """Evidence names its values after columns: a control to come may take any of them."""
    for table in TABLES:
        for name, column in columns(table).items():
            if column.refers is not None and table != "incidents":
                assert ID_KEYS[name] == column.refers, (table, name)
