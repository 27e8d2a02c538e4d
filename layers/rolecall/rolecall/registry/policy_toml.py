"""Reads ``policy.toml``: rules as data, held against the catalogue.

An unknown key, control or parameter is an error that names the nearest known one, so that a typing
mistake never turns a rule off in silence.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rolecall.controls.catalogue import catalogue
from rolecall.controls.control import Control
from rolecall.errors import PolicyError
from rolecall.finding import waiver_id
from rolecall.frameworks.citations import Citations
from rolecall.limits import MOST_TOML
from rolecall.model import SEVERITIES, Policy, Subject, Waiver
from rolecall.registry import policy_settings
from rolecall.registry.policy_clauses import clauses_of
from rolecall.registry.problems import Problems, policy_file, suggestion
from rolecall.registry.titles_csv import read_titles, with_titles
from rolecall.registry.toml_document import toml_document
from rolecall.registry.toml_values import TomlValues
from rolecall.registry.waiver_subjects import normalised, subject_keys

__all__ = ["find_policy", "parse_policy", "read_policy"]

_SECTIONS = ("policy", "controls", "entities", "waivers")
_KEYS = (*Policy.__struct_fields__[: Policy.__struct_fields__.index("controls")], "clauses")
_NOTHING, _SOMETHING = "policy.words_for_nothing", "policy.words_for_something"
_TERMS = ("control", "reason", "approved_by", "expires", "evidence", "accepted_on")
_LIMITS = ("days", "days_lesser", "hours", "minimum", "maximum")
_MOST = 1_000_000
_EVIDENCE = re.compile(r"[0-9a-f]{8,64}")


def find_policy(registry: Path) -> Path | None:
    """Return the policy.toml of a registry: in its directory, or beside its single file."""
    directory = registry if registry.is_dir() else registry.parent
    path = directory / "policy.toml"
    return path if path.is_file() else None


def read_policy(path: Path | None) -> Policy:
    """Read a policy, with the titles beside it; ``None`` gives the defaults of the catalogue.

    :raises PolicyError: with every problem found.
    """
    if path is None:
        return Policy(digest=hashlib.sha256(b"").hexdigest())
    data = policy_file(path, MOST_TOML)
    policy = parse_policy(path.name, data)
    try:
        return with_titles(policy, read_titles(path))
    except PolicyError as error:
        error.language = policy.language
        raise


def parse_policy(file: str, data: bytes) -> Policy:
    """Return the policy that the bytes of a TOML document say.

    :raises PolicyError: with every problem found.
    """
    problems = Problems()
    document = toml_document(file, data, problems)
    if document is None:
        raise PolicyError(problems.kept)
    reader = _Reader(file, problems)
    policy = reader.policy(document, hashlib.sha256(data).hexdigest())
    if problems.count:
        raise PolicyError(problems.kept, language=policy.language)
    return policy


class _Reader(TomlValues):
    """Reads the sections of one document and collects what is wrong with them."""

    def policy(self, document: Mapping[str, Any], digest: str) -> Policy:
        self.check_keys("", document, _SECTIONS)
        head = self.table("policy", document.get("policy", {}))
        self.check_keys("policy", head, _KEYS)
        levels = self.texts(policy_settings.LEVELS, head.get("clearance_levels"))
        self.levels = policy_settings.clearance_levels(levels, self.problem)
        law = self.text(policy_settings.LAW, head.get("privacy_law"))
        ladder = self.texts(policy_settings.LADDER, head.get("sanction_ladder"))
        told = self.text(policy_settings.CONFIDANTS, head.get("incidents_to"))
        language = self.text(policy_settings.LANGUAGE, head.get("language"))
        controls = self._settled(document.get("controls", {}))
        entities = self.table("entities", document.get("entities", {}))
        return Policy(
            name=self.text("policy.name", head.get("name")) or "Default policy",
            version=self.text("policy.version", head.get("version")),
            next_review=self.date("policy.next_review", head.get("next_review")),
            clearance_levels=self.levels,
            approved_platforms=self.words("policy.approved_platforms", head),
            approved_apps=self.words("policy.approved_apps", head),
            legal_names=self.names("policy.legal_names", head),
            portfolios=self.names("policy.portfolios", head),
            payees=self.names("policy.payees", head),
            words_for_nothing=self.texts(_NOTHING, head.get("words_for_nothing")) or (),
            words_for_something=self.texts(_SOMETHING, head.get("words_for_something")) or (),
            privacy_law=policy_settings.privacy_law(law, self.problem),
            sanction_ladder=policy_settings.sanction_ladder(ladder, self.problem),
            incidents_to=policy_settings.confidants(told, self.problem),
            language=policy_settings.language(language, self.problem),
            roster_leavers_share=policy_settings.leavers_share(
                head.get("roster_leavers_share"), self.problem
            ),
            roster_leavers_least=policy_settings.leavers_least(
                head.get("roster_leavers_least"), self.problem
            ),
            controls=controls,
            entities={id_: self._entity(id_, value) for id_, value in entities.items()},
            waivers=self._waivers(document.get("waivers", [])),
            citations=Citations(clauses=clauses_of(head.get("clauses"), self.problem)),
            digest=digest,
        )

    def _settled(self, value: Any) -> dict[str, dict[str, object]]:
        """Return what the policy sets of controls, for everybody."""
        controls = self._controls("controls", value)
        controls |= policy_settings.settled_levels(self.levels, controls)
        if not self.problems.count:
            policy_settings.check_default_level(self.levels, controls, self.problem)
        return controls

    def _entity(self, id_: str, value: Any) -> dict[str, dict[str, object]]:
        where = f"entities.{id_}"
        table = self.table(where, value)
        self.check_keys(where, table, ("controls",))
        return self._controls(f"{where}.controls", table.get("controls", {}))

    def _controls(self, where: str, value: Any) -> dict[str, dict[str, object]]:
        found: dict[str, dict[str, object]] = {}
        for id_, settings in self.table(where, value).items():
            control = catalogue().get(id_)
            if control is None:
                near = suggestion(id_, catalogue())
                self.problem(f"{where}.{id_}", f"no such control{near}")
            else:
                found[id_] = self._parameters(f"{where}.{id_}", control, settings)
        return found

    def _parameters(self, where: str, control: Control[Any], value: Any) -> dict[str, object]:
        table = self.table(where, value)
        self.check_keys(where, table, ("severity", "enabled", *control.parameters))
        return {
            name: self._parameter(f"{where}.{name}", name, setting)
            for name, setting in table.items()
            if name in ("severity", "enabled") or name in control.parameters
        }

    def _parameter(self, where: str, name: str, value: Any) -> object:
        if name in _LIMITS:
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
                self.problem(where, f"must be a whole number from 0 to {_MOST:,}", value)
        elif name in ("enabled", "require_observation"):
            if not isinstance(value, bool):
                self.problem(where, "must be true or false", value)
        elif name == "severity":
            if value not in SEVERITIES:
                near = suggestion(str(value), SEVERITIES)
                self.problem(where, f"must be one of {', '.join(SEVERITIES)}{near}", value)
        elif name == "level":
            levels = {level.casefold() for level in self.levels}
            if not isinstance(value, str) or value.casefold() not in levels:
                self.problem(where, f"must be one of {', '.join(self.levels)}", value)
        else:
            return frozenset(text.casefold() for text in self.texts(where, value) or ())
        return value

    def _waivers(self, value: Any) -> tuple[Waiver, ...]:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.problem("waivers", "must be written as [[waivers]] tables")
            return ()
        made = [self._waiver(f"waivers[{n}]", item) for n, item in enumerate(value, 1)]
        waivers = {waiver.id: waiver for waiver in made if waiver is not None}
        return tuple(waivers.values())

    def _waiver(self, where: str, table: Mapping[str, Any]) -> Waiver | None:
        before = self.problems.count
        id_ = self.text(f"{where}.control", table.get("control")) or ""
        control = catalogue().get(id_)
        if control is None:
            if "control" not in table:
                self.problem(f"{where}.control", "is missing; a waiver must have it")
            elif id_:
                near = suggestion(id_, catalogue())
                self.problem(f"{where}.control", f"no such control{near}", id_)
            return None
        keys = subject_keys(control)
        self.check_keys(where, table, (*_TERMS, *keys))
        subject = {key: self.text(f"{where}.{key}", table.get(key)) for key in keys}
        reason = self.text(f"{where}.reason", table.get("reason"))
        approvers = self.texts(f"{where}.approved_by", table.get("approved_by")) or ()
        expires = self.date(f"{where}.expires", table.get("expires"))
        evidence = self.text(f"{where}.evidence", table.get("evidence"))
        for name, given in {**subject, "reason": reason, "expires": expires}.items():
            if given is None and name not in table:
                self.problem(f"{where}.{name}", "is missing; a waiver must have it")
        accepted = self._acceptance(f"{where}.accepted_on", table.get("accepted_on"), expires)
        if evidence is not None and not _EVIDENCE.fullmatch(evidence):
            message = "must be the first 8 or more characters of the evidence digest"
            self.problem(f"{where}.evidence", message, evidence)
        if self.problems.count > before or reason is None or expires is None:
            return None
        filled = {key: text or "" for key, text in subject.items()}
        named = normalised(Subject(control.subjects.kind, **filled))
        approved_by = tuple(dict.fromkeys(approvers))
        return Waiver(
            id=waiver_id(id_, named, reason, approved_by, expires, evidence),
            control=id_,
            subject=named,
            reason=reason,
            approved_by=approved_by,
            expires=expires,
            evidence=evidence,
            accepted_on=accepted,
        )

    def _acceptance(self, where: str, value: Any, expires: date | None) -> date | None:
        accepted = self.date(where, value)
        if accepted is not None and expires is not None and accepted > expires:
            self.problem(where, f"is after expires, {expires}", accepted)
        return accepted
