"""What several remedies say: what to look after where access is taken away, or an account closed.

Without it, who obeys a remedy would leave an account without its head, or a password with somebody
who went: tests/unit/test_obedience.py carries them out in a model.
"""

from __future__ import annotations

__all__ = ["CLOSING", "MAY_BE_DUE", "WITH_CARE"]

WITH_CARE = (
    "Before you remove access, see that the account keeps its head, enough administrators and, if "
    "it is for minors, two cleared adults; afterwards change the passwords that the person knew. "
    "Put the entries of an account that is registered twice together first."
)
MAY_BE_DUE = (
    "If it was the last access of somebody who left long ago, their record on the roster may be "
    "due for deletion then."
)
CLOSING = (
    "archive what must be kept, take back everybody's access, delete its logins, and set its "
    "status to closed"
)
"""How to close an account: after *close the account:*."""
