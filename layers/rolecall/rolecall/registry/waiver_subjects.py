"""How a policy names what a waiver is about."""

from __future__ import annotations

from typing import Any

from rolecall.controls.control import Control
from rolecall.controls.populations import OBSERVED_ADMINISTRATORS
from rolecall.keys.subjects import account_key, email_key
from rolecall.model import Subject

__all__ = ["normalised", "subject_keys"]


def subject_keys(control: Control[Any]) -> tuple[str, ...]:
    """Return the keys that name a subject of a control."""
    keys = {
        "account": ("account",),
        "grant": ("account", "person"),
        "login": ("account", "login"),
        "entity": ("entity",),
        "observation": ("platform", "handle"),
        "incident": ("incident",),
        "person": ("person",),
        "policy": (),
        "content": ("account", "content"),
    }[control.subjects.kind]
    return (*keys, "email") if control.subjects is OBSERVED_ADMINISTRATORS else keys


def normalised(subject: Subject) -> Subject:
    """Return a subject as the engine names it: the keys of an observation are folded."""
    if subject.kind != "observation":
        return subject
    platform, handle = account_key(subject.platform, subject.handle)
    return Subject("observation", platform=platform, handle=handle, email=email_key(subject.email))
