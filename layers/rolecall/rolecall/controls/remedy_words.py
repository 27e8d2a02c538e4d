"""What several remedies say: what to look after where access is taken away, or an account closed.

Without it, who obeys a remedy would leave an account without its head, or a password with somebody
who went: tests/unit/test_obedience.py carries them out in a model. The first two are for whoever
does it, the others for whoever keeps the registry.
"""

from __future__ import annotations

__all__ = ["CLOSED", "CLOSING", "MAY_BE_DUE", "REMOVED", "WITH_CARE"]

WITH_CARE = (
    "Before you remove access, see that the account keeps its head, enough administrators and, if "
    "it is for minors, two cleared adults; afterwards change the passwords that the person knew."
)
CLOSING = (
    "archive what must be kept, take back everybody's access, close it on the platform, and delete "
    "its stored passwords"
)
"""How to close an account: after *close it:*."""
REMOVED = (
    "If the access ended, enter the day in grants.revoked_on, take the person out of "
    "logins.holder_ids, and enter the day of the new passwords in logins.rotated_on; put the "
    "entries of an account that is registered twice together first."
)
CLOSED = (
    "If the account was closed, enter closed in accounts.status and the day in grants.revoked_on, "
    "and delete its rows in logins; put the entries of an account that is registered twice "
    "together first."
)
MAY_BE_DUE = (
    "If it was the last access of somebody who left long ago, their record on the roster may be "
    "due for deletion then."
)
