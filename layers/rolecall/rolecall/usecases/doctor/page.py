"""The page of ``docs/`` about the doctor: what it says of itself, and every check."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from rolecall.usecases.doctor.catalogue import BEFORE, STACK_GROUPS, doctor_checks
from rolecall.usecases.doctor.check import DoctorCheck

__all__ = ["doctor_page"]

_HEAD = """\
# The doctor

`rolecall doctor --stack STACK` looks at a deployed stack and says in sentences what is wrong with
it, or will be, and what to do; `rolecall doctor --before` does the same before a deployment, with
the answers of `samconfig.toml` and the account. It changes nothing: it asks AWS for what it would
tell anybody who may read, and for nothing that writes.

```text
rolecall in eu-west-1: 1 critical, 2 warnings, 0 notes; 124 checked, 1 not

critical  last-night
          The last night that ended well did so 31 hours ago, on 2026-11-25
          02:00.
          -> docs/runbooks.md, A night failed; then rolecall run --stack STACK
             --wait.

warning   alarm-address
          Alarms go to nobody: the address is not confirmed yet.
          -> Follow the link in the message from AWS; after three days it is
             void: take the subscription away and deploy again.
...
not checked
  AWS refused kms:GetKeyPolicy: key-policy (VaultKey)
```

The worst comes first. **critical**: records, secrets or the night are at risk now. **warning**: it
is wrong, or will be. **note**: it may be meant. What could not be asked, because AWS refuses it or
an emulator has none of it, stands at the end as *not checked*, with the permission that was
missing: it is never taken for fine.

| exit status | |
|---|---|
| 0 | nothing is wrong; notes may be there |
| 1 | something is wrong, or will be |
| 2 | there is no such stack, or the answers cannot be read |
| 3 | AWS could not be reached, or may not be asked for the stack at all |
| 4 | nothing is wrong as far as was checked, and not all could be |

`--format json` writes one document: `diagnoses` (`check`, `gravity`, `subject`, `what`, `remedy`),
`not_checked` (`check`, `subject`, `why`), how many were `checked`, and whether anything is
`wrong`. Run it every morning from anywhere: whoever takes on the role that the stack's output
`DoctorRoleArn` names may ask for all of it, and sees neither the registry nor findings nor
secrets. (It counts the users of the pool; whoever has the role can list them.)

`--before` needs what a deployment needs. A stack's name is `--stack`, or else the one in
`samconfig.toml`. Two things AWS does not tell anybody: which kinds of keys a region makes
(`signing-spec` says how to find out), and which names of sign-in pages have been taken in other
accounts. Names of buckets, tables and functions are made by CloudFormation and never taken.
"""

_TITLES = {
    "deployment": "The deployment",
    "records": "Records: tables and buckets",
    "keys": "Keys",
    "night": "The night",
    "functions": "Functions and their logs",
    "alarms": "Alarms",
    "sign_in": "Who signs in",
    "caller": "Whoever asks",
    "before": "Before a deployment",
}


def doctor_page() -> str:
    """Return the page."""
    lines = [_HEAD]
    checks = {**doctor_checks(STACK_GROUPS), **doctor_checks(BEFORE)}
    for group, title in _TITLES.items():
        lines += [f"## {title}", ""]
        for check in checks.values():
            if check.group == group:
                lines += [*_section(check), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _section(check: DoctorCheck[Any, Any]) -> Iterator[str]:
    yield f"### {check.id}"
    yield ""
    yield f"*{check.title}.*"
    yield from textwrap.wrap(f"{check.why} {_asks(check)}", 120, break_on_hyphens=False)
    yield ""
    yield from textwrap.wrap(f"To do: {check.remedy}", 120, break_on_hyphens=False)


def _asks(check: DoctorCheck[Any, Any]) -> str:
    asks = ", ".join(f"`{one}`" for one in check.asks)
    missing = "" if check.on_emulator else " An emulator has none of it."
    return f"(Needs {asks}.){missing}" if asks else f"(Needs no permission.){missing}"
