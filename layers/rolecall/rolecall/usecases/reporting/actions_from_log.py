"""What was to be done after a run, folded once more of its records and the registry it looked at.

The record of the run says what that was by a digest. Where the registry, the policy or the rules of
this release give anything else, nothing is said: what a report says is to be done is proven or not
there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rolecall.controls.context import Context
from rolecall.ledger.reading import AnyRecord
from rolecall.reports.named_action import ToldActions
from rolecall.usecases.runs.completion import Ended
from rolecall.usecases.runs.history import Runs
from rolecall.usecases.runs.told_actions import actions_told
from rolecall.vault.life import lives
from rolecall.vault.overlay import with_vault

__all__ = ["actions_of_log"]


def actions_of_log(
    records: Callable[[], Iterable[AnyRecord]], runs: Runs, run: Ended, context: Context
) -> ToldActions | None:
    """Return what a run said was to be done; ``None`` where that cannot be told any more.

    :param records: gives those of the log up to the seal of the run, as often as asked.
    :param context: of the registry that is at hand.
    """
    if context.snapshot.digest != run.run.registry.digest:
        return None
    if run.actions is None:
        # Nothing was to be done, or an early release did not say.
        standing = sum(run.heading.summary.standing.values())
        return None if standing else ToldActions()
    found, _ = runs.told(records(), run)
    secrets = [
        record
        for record in records()
        if record.action.startswith("secret.") and record.at <= run.run.as_of
    ]
    snapshot = with_vault(context.snapshot, lives(secrets))
    told = actions_told(found, Context(snapshot, context.policy, context.as_of))
    return told if told.digest == run.actions else None
