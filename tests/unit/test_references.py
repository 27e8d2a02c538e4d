"""What controls cite: requirements that there are, and that are apt."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from rolecall.controls.catalogue import catalogue
from rolecall.controls.control import References
from rolecall.frameworks.citations import Citations
from rolecall.frameworks.framework import in_natural_order
from rolecall.frameworks.known import EVIDENCE, FRAMEWORKS, NOT_AFFILIATED
from rolecall.reports.catalogue_page import catalogue_page

every_framework = pytest.mark.parametrize("key", FRAMEWORKS)

SHAPES = {
    "nist": r"[A-Z]{2}-\d{1,2}(\(\d{1,2}\))?",
    "cis": r"\d{1,2}\.\d{1,2}",
    "iso": r"A\.[5-8]\.\d{1,2}",
    "soc2": r"(CC[1-9]|A1|C1|PI1|P[1-8])\.\d{1,2}",
    "gdpr": r"Art\. \d{1,2}(\(\d{1,2}\)(\([a-z]\))?)?",
}
SIZES = {"cis": 153, "iso": 93, "soc2": 61}
"""How many requirements there are in all, as who publishes them says."""
NOT_APT = [
    ("archive-off", "nist", "AU-11", ["SI-12"]),
    ("suspended-admin", "nist", "PS-4", ["AC-2(13)"]),
    ("unregistered-admin", "nist", "AC-2(1)", ["AC-2"]),
    ("unsupervised-volunteer", "nist", "PS-7", ["AC-2"]),
    ("duplicate-account", "cis", "1.1", []),
    ("unregistered-account", "cis", "1.2", []),
    ("unapproved-platform", "iso", "A.5.15", ["A.5.23"]),
    ("unapproved-app", "iso", "A.5.19", ["A.5.23"]),
    ("account-unapproved", "cis", "6.1", []),
    ("account-unapproved", "iso", "A.5.15", ["A.5.2"]),
    ("head-without-access", "iso", "A.8.2", ["A.5.2", "A.5.18"]),
    ("sole-administrator", "nist", "AC-2", ["CP-2"]),
    ("single-investigator", "iso", "A.5.28", ["A.5.3", "A.6.4"]),
    ("account-review-overdue", "iso", "A.5.18", ["A.5.9"]),
    ("role-drift", "cis", "5.4", ["6.8"]),
    ("login-rotation-overdue", "nist", "IA-5", []),
]
"""A requirement that says something else than the control looks at, and what does."""
APT = {
    "PL-4(1)": {
        *("policy-unacknowledged", "policy-review-overdue"),
        *("unapproved-platform", "personal-email-login"),
    },
    "AC-22": {
        *("account-unapproved", "untrained-manager", "training-refresher-overdue"),
        *("no-second-approver", "minor-shown-without-consent"),
    },
    "Art. 32": {"unsecured-login", "login-without-mfa", "orphaned-admin"},
    "Art. 26": {"privacy-record-missing"},
    "6.5": {"login-without-mfa"},
    "CC6.2": {
        *("leaver-knows-password", "orphaned-admin", "recovery-contact-leaver"),
        *("unregistered-admin", "login-email-of-leaver"),
    },
}


def cited(id_: str, key: str) -> list[str]:
    return list(getattr(catalogue()[id_].references, key))


@pytest.mark.parametrize("id_", catalogue())
def test_every_control_cites_what_there_is(id_: str) -> None:
    found = {key: cited(id_, key) for key in FRAMEWORKS}
    assert any(found.values())
    for key, ids in found.items():
        assert set(ids) <= FRAMEWORKS[key].ids
        assert ids == in_natural_order(set(ids))
        assert all(FRAMEWORKS[key].titles[one] for one in ids)


@pytest.mark.parametrize(("id_", "key", "wrong", "right"), NOT_APT)
def test_no_control_cites_what_is_about_something_else(
    id_: str, key: str, wrong: str, right: list[str]
) -> None:
    assert wrong not in cited(id_, key)
    if right:
        assert set(right) <= set(cited(id_, key))


@pytest.mark.parametrize("requirement", APT)
def test_what_is_about_this_is_cited(requirement: str) -> None:
    found = {id_ for id_ in catalogue() for key in FRAMEWORKS if requirement in cited(id_, key)}
    assert found == APT[requirement]


@pytest.mark.parametrize(
    ("key", "id_"),
    [
        *(("nist", "AC-99"), ("nist", "AC-2(10)"), ("nist", "AC-02"), ("nist", "AU-11")),
        *(("cis", "2.8"), ("cis", "19.1"), ("cis", "5.10"), ("cis", "5.7")),
        *(("iso", "A.5.38"), ("iso", "A.6.9"), ("iso", "A.9.1"), ("iso", "5.9")),
        *(("soc2", "CC6.9"), ("soc2", "CC10.1"), ("soc2", "P9.1"), ("gdpr", "Art. 100")),
    ],
)
def test_a_requirement_that_there_is_not_cannot_be_cited(key: str, id_: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"has no {id_}")):
        References(**{key: (id_,)})


@pytest.mark.parametrize("ids", [("A.5.10", "A.5.9"), ("A.5.9", "A.5.9")])
def test_requirements_are_cited_once_in_their_natural_order(ids: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"in their natural order"):
        References(iso=ids)


@pytest.mark.parametrize(
    "names",
    [
        ["AC-2", "AC-2(1)", "AC-2(9)", "AC-2(13)", "AC-20", "AC-22", "AT-3"],
        ["A.5.9", "A.5.10", "A.6.1", "A.8.2", "A.8.10"],
        ["2.3", "3.4", "3.11", "14.1", "14.9", "15.4"],
        ["Art. 5(1)(e)", "Art. 6", "Art. 13", "Art. 33", "Art. 33(5)", "Art. 34"],
        ["CC1.3", "CC1.4", "CC6.1", "P4.2"],
        ["2", "10 and more", "Ten"],
    ],
)
def test_the_natural_order(names: list[str]) -> None:
    assert in_natural_order(reversed(names)) == names
    assert in_natural_order(sorted(names)) == names


@every_framework
def test_the_tables_are_of_their_frameworks(key: str) -> None:
    framework = FRAMEWORKS[key]
    assert framework.key == key
    assert all(re.fullmatch(SHAPES[key], id_) for id_ in framework.ids)
    assert len(framework.ids) == SIZES.get(key, len(framework.titles))
    assert framework.titles.keys() <= framework.ids
    # Nothing is told of what no control looks at.
    assert framework.titles.keys() == {one for id_ in catalogue() for one in cited(id_, key)}
    assert list(framework.titles) == in_natural_order(framework.titles)
    assert framework.is_verbatim is (key in ("nist", "gdpr"))
    if not framework.is_verbatim:
        assert all(len(gist.split()) <= 6 for gist in framework.titles.values())


def test_no_control_cites_the_policy_of_anybody() -> None:
    assert "policy" not in References.__struct_fields__
    page = catalogue_page(catalogue().values())
    assert "iocesan policy" not in page


def test_the_page_says_once_what_a_reference_means_and_of_which_release_it_is() -> None:
    page = catalogue_page(catalogue().values())
    assert page.count(EVIDENCE) == page.count(NOT_AFFILIATED) == 1
    for said in (
        *("Rev. 5, release 5.1.1", "CIS Controls 8.1", "ISO/IEC 27001:2022, Annex A"),
        *("Criteria 2017 with 2022 points of focus", "Regulation (EU) 2016/679"),
        *(framework.notice for framework in FRAMEWORKS.values()),
    ):
        assert page.count(f"{said}\n") + page.count(f"{said} ") >= 1, said
    assert "AC-22 Publicly Accessible Content" in page
    assert "5.1 (list of accounts)" in page
    for id_ in ("AC-2(13)", "A.5.23", "CC1.3", "Art. 33(5)", "17.7"):
        assert re.search(rf"^\| {re.escape(id_)} \| [^|]+ \| \[", page, re.MULTILINE)


def test_the_digest_of_what_is_cited_is_what_the_documentation_says() -> None:
    assert Citations().digest is None
    assert Citations(titles={"iso": {}}).digest is None
    clauses, titles = {"b": "\u00a7 1", "a": "x"}, {"iso": {"A.5.9": "t"}}
    told = {"clauses": clauses, "titles": titles}
    plain = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    made = Citations(clauses=clauses, titles=titles)
    assert made.digest == hashlib.sha256(plain.encode()).hexdigest()
