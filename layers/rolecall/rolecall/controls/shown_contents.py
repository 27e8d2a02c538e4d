"""What accounts show: of closed ones too, for closing an account takes nothing down by itself."""

from __future__ import annotations

from rolecall.controls.populations import Population
from rolecall.model import Content, Subject

__all__ = ["CONTENTS"]

CONTENTS: Population[Content] = Population(
    name="contents that are shown",
    kind="content",
    table="contents",
    source=lambda context: context.snapshot.contents,
    among=lambda contents, context: [one for one in contents if one.is_shown(context.today)],
    subject=lambda one: Subject("content", account=one.account_id, content=one.id),
    entity=lambda one, context: context.accounts[one.account_id].entity_id,
)
