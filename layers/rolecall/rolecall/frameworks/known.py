"""Every framework that references name, and what is said once wherever they are shown."""

from __future__ import annotations

from collections.abc import Mapping

from rolecall.frameworks.cis_controls import CIS_CONTROLS
from rolecall.frameworks.framework import Framework
from rolecall.frameworks.gdpr import GDPR
from rolecall.frameworks.iso_27001 import ISO_27001
from rolecall.frameworks.nist_800_53 import NIST_800_53
from rolecall.frameworks.trust_services import TRUST_SERVICES

__all__ = ["EVIDENCE", "FRAMEWORKS", "NOT_AFFILIATED"]

FRAMEWORKS: Mapping[str, Framework] = {
    one.key: one for one in (NIST_800_53, CIS_CONTROLS, ISO_27001, TRUST_SERVICES, GDPR)
}
"""By the field of the references, in the order in which they are shown."""

EVIDENCE = "A control gives evidence for a part of the requirement; a pass is not compliance."
"""What a reference says."""

NOT_AFFILIATED = (
    "Rolecall is not affiliated with, nor endorsed by, those who publish the frameworks."
)
