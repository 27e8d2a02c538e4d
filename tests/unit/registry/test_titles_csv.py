"""Official titles beside a policy: what is read, and what is refused in words that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from rolecall.errors import PolicyError
from rolecall.registry.csv_files import table_files
from rolecall.registry.policy_toml import read_policy
from rolecall.registry.problems import Problems
from rolecall.registry.titles_csv import parse_titles

GOOD = "framework,id,title\niso,A.5.9,The title of a nine\nCIS,5.1,One\nsoc2,CC6.1,Two\n"
HEAD = "framework,id,title\n"


def refused(data: bytes | str) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        parse_titles(data.encode() if isinstance(data, str) else data)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.replace("framework,id,title", " Framework , ID ,TITLE") + "\n,,\n",
        'title,framework,id\n"The title of a nine",iso,A.5.9\nOne,cis,5.1\nTwo,soc2,CC6.1\n',
    ],
)
def test_titles_are_read_however_a_spreadsheet_saves_them(text: str) -> None:
    assert parse_titles(text.encode()) == {
        "cis": {"5.1": "One"},
        "iso": {"A.5.9": "The title of a nine"},
        "soc2": {"CC6.1": "Two"},
    }
    assert list(parse_titles(text.encode())) == ["cis", "iso", "soc2"]


def test_a_requirement_that_no_control_serves_may_have_a_title() -> None:
    assert parse_titles(f"{HEAD}iso,A.7.14,Fourteen\n".encode()) == {"iso": {"A.7.14": "Fourteen"}}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "iso,5.9,x",
            "2:id: ISO/IEC 27001:2022 Annex A has no such requirement; did you mean A.5.9?",
        ),
        ("iso,A.5.99,x", "did you mean A.5.9?"),
        ("cis,1.50,x", "CIS Controls 8.1 has no such requirement"),
        ("soc2,cc6.1,x", "did you mean CC6.1?"),
        ("nist,AC-2,x", "the titles of NIST SP 800-53 Rev. 5 are Rolecall's own table, verbatim"),
        ("gdpr,Art. 6,x", "titles are given for cis, iso, soc2"),
        ("soc22,CC6.1,x", "no such framework; did you mean soc2?"),
        ("iso,A.5.9,", "titles.csv:2:title: is empty"),
        ("iso,A.5.9,=1+1", "begins like a formula"),
        ("iso,A.5.9,@SUM(A1)", "begins like a formula"),
        ("iso,A.5.9,a\u202eb", "a sign that nobody sees"),
        ('iso,A.5.9,"a\nb"', "holds a line break"),
        ("iso,A.5.9,a\x1b[2Jb", "a sign that nobody sees"),
        (f"iso,A.5.9,{'x' * 501}", "takes 501 characters; at most 500 are read"),
        ("iso,A.5.9,x\niso,A.5.9,y", "titles.csv:3:id: stands there twice"),
        ("iso,A.5.9,Rules, and more", "has 4 cells; quote a title that holds a ','"),
        ('iso,A.5.9,"x', "is not CSV"),
    ],
)
def test_what_is_no_title_is_refused_with_its_place(row: str, said: str) -> None:
    (problem,) = refused(HEAD + row + "\n")
    assert problem.startswith("titles.csv")
    assert said in problem
    assert "\x1b" not in problem
    assert "\u202e" not in problem


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "must have the columns framework, id, title"),
        ("framework,id\niso,A.5.9\n", "must have the columns framework, id, title"),
        (GOOD.replace("id", "id,more", 1), "must have the columns framework, id, title"),
        (HEAD.encode() + b"iso,A.5.9,\xff\n", "is not UTF-8"),
        (HEAD + "," * 100_001, "is larger than 100,000 bytes"),
        (HEAD + "\n" * 2_001, "has more than 2,000 rows"),
    ],
)
def test_what_is_no_table_of_titles_is_refused(data: bytes | str, said: str) -> None:
    assert said in refused(data)[0]


def test_every_problem_is_told() -> None:
    assert len(refused(f"{HEAD}iso,A.5.99,x\nnist,AC-2,y\niso,A.5.9,=z\n")) == 3


def test_titles_stand_beside_the_policy(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('[policy]\nname = "N"\n', encoding="utf-8")
    assert read_policy(policy).citations.digest is None
    (tmp_path / "titles.csv").write_text(GOOD, encoding="utf-8")
    read = read_policy(policy)
    assert read.citations.titles["iso"] == {"A.5.9": "The title of a nine"}
    # They judge nothing: the policy is the same, and so is its digest.
    assert read.digest == read_policy(Path(str(policy))).digest
    (tmp_path / "titles.csv").write_text(f"{HEAD}iso,A.5.0,x\n", encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        read_policy(policy)
    assert [problem.file for problem in caught.value.problems] == ["titles.csv"]


def test_titles_are_no_table_of_the_registry(tmp_path: Path) -> None:
    (tmp_path / "titles.csv").write_text(GOOD, encoding="utf-8")
    warnings = Problems()
    assert table_files(tmp_path, Problems(), warnings) == {}
    assert [problem.message for problem in warnings.kept] == [
        "is not read: it belongs beside policy.toml"
    ]
    (tmp_path / "policy.toml").touch()
    warnings = Problems()
    table_files(tmp_path, Problems(), warnings)
    assert warnings.kept == []
