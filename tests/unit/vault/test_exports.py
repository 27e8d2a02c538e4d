"""Exports of password managers: each layout, what belongs where, and what is wrong with a file."""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.errors import OverLimitError, UnreadableError
from rolecall.model import Account
from rolecall.vault.exports.entry import Entry
from rolecall.vault.exports.matching import EntryMatch, match_entries
from rolecall.vault.exports.reading import read_export
from rolecall.vault.secret import Secret

KEEPASS = r""""Account","Login Name","Password","Web Site","Comments"
"acc-1","stb","pass\"word\\1","https://x.example","two
lines"
"""
KEEPASSXC = """"Group","Title","Username","Password","URL","Notes","TOTP","Icon","Created"
"Root","acc-1","stb","pass""word\\1","https://x.example","note","JBSWY3DPEHPK3PXP","0","x"
"""
_COLUMNS = "type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp"
BITWARDEN = f"""folder,favorite,{_COLUMNS}
Social,1,login,acc-1,note,,0,"https://x.example,https://y.example",stb,"pass""word\\1",JBSWY3DPEHPK3PXP
,,note,A note,"text",,,,,,
"""
BITWARDEN_TEAM = (
    BITWARDEN.replace("folder,favorite,", "collections,")
    .replace("Social,1,", "Social,")
    .replace(",,note", ",note")
)
ONEPASSWORD = """Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes
acc-1,https://x.example,stb,"pass""word\\1",otpauth://totp/x?secret=JBSWY3DPEHPK3PXP,false,false,,note
"""


@pytest.mark.parametrize(
    ("text", "totp", "notes"),
    [
        (KEEPASS, "", "two\nlines"),
        (KEEPASSXC, "JBSWY3DPEHPK3PXP", "note"),
        (BITWARDEN, "JBSWY3DPEHPK3PXP", "note"),
        (BITWARDEN_TEAM, "JBSWY3DPEHPK3PXP", "note"),
        (ONEPASSWORD, "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP", "note"),
    ],
)
def test_every_layout(text: str, totp: str, notes: str) -> None:
    for data in (text.encode(), b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()):
        entry, *_ = read_export(data, "file").entries
        secret = Secret("stb", 'pass"word\\1', totp, (), notes)
        assert (entry.row, entry.title, entry.addresses[0]) == (2, "acc-1", "https://x.example")
        assert entry.secret == msg_lines(secret, data)
        assert repr(entry) == "Entry(2, 'acc-1', [secure])"


def msg_lines(secret: Secret, data: bytes) -> Secret:
    """Return a secret with the line breaks of a file."""
    notes = secret.notes.replace("\n", "\r\n") if b"\r\n" in data else secret.notes
    return Secret(secret.username, secret.password, secret.totp, (), notes)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not an export that is known"),
        (b"id,account_id,storage\n", "not an export that is known"),
        (b"Title,Username,Password\n", "not an export that is known"),
        (b"\xff\xfea", "not text in UTF-8"),
        (b'Title,Url,Username,Password\na,"b"canary,c,d\n', "export:2: the quotes"),
        (b'Title,Url,Username,Password\na,b,c,"canary\n', "export:2: the quotes"),
    ],
)
def test_other_files(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableError, match=message) as caught:
        read_export(data, "export")
    assert "canary" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=20)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS.filter(bool), CELLS), max_size=5))
def test_what_a_program_writes_is_read(rows: list[tuple[str, ...]]) -> None:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["Title", "Url", "Username", "Password"])
    writer.writerows((title, url, user, password) for title, user, password, url in rows)
    found = read_export(file.getvalue().encode(), "export").entries
    assert [(e.title, e.secret.username, e.secret.password) for e in found] == [
        (
            title.strip() or next((part for part in re.split(r"[,\s\"\[\]]+", url) if part), ""),
            user if user.strip() else "",
            password,
        )
        for title, user, password, url in rows
    ]


@given(st.binary(max_size=200))
def test_any_bytes_are_an_export_or_an_error(data: bytes) -> None:
    for given_ in (data, b"Title,Url,Username,Password\n" + data):
        with suppress(UnreadableError, OverLimitError):
            read_export(given_, "export")


def account(
    id_: str, url: str | None = None, platform: str = "facebook", handle: str = "h"
) -> Account:
    return Account(id_, "e", platform, handle, "active", url)


ACCOUNTS = [
    account("acc-1", "https://www.facebook.example/StBrigid/"),
    account("acc-2", "https://facebook.example/page?id=2"),
    account("acc-3", "https://facebook.example/same"),
    account("acc-4", "https://facebook.example/same"),
    account("acc-5", None, "website", "www.stbrigid.example"),
    account("acc-6", "https://[broken"),
]


def entry(title: str, *addresses: str) -> Entry:
    return Entry(2, title, addresses, Secret(password="p"))


@pytest.mark.parametrize(
    ("one", "account", "how"),
    [
        (entry("acc-2"), "acc-2", "id"),
        # The id counts for more than an address.
        (entry("acc-2", "https://facebook.example/stbrigid"), "acc-2", "id"),
        (entry("Parish", "facebook.example/stbrigid"), "acc-1", "address"),
        (entry("Parish", "http://FACEBOOK.example/StBrigid"), "acc-1", "address"),
        (entry("Parish", "https://facebook.example/page?id=2"), "acc-2", "address"),
        (entry("Parish", "https://facebook.example/page?id=3"), None, "unknown"),
        (entry("Parish", "https://stbrigid.example"), "acc-5", "address"),
        (entry("Parish", "https://stbrigid.example/login"), None, "unknown"),
        (entry("Parish", "https://facebook.example/same"), None, "several accounts"),
        (entry("Parish", "facebook.example/same", "stbrigid.example"), None, "several accounts"),
        (entry("Parish"), None, "unknown"),
        (entry("Parish", "https://[other"), None, "unknown"),
        (entry("Parish", "https://[broken"), "acc-6", "address"),
    ],
)
def test_what_belongs_where(one: Entry, account: str | None, how: str) -> None:
    assert match_entries([one], ACCOUNTS) == [EntryMatch(one, account, None, how)]  # type: ignore[arg-type]


def test_a_title_may_name_the_login() -> None:
    (match,) = match_entries([entry("acc-1/log-7")], ACCOUNTS)
    assert (match.account, match.login, match.how) == ("acc-1", "log-7", "id")


def test_two_entries_of_one_login_are_neither() -> None:
    entries = [entry("acc-1"), entry("x", "facebook.example/stbrigid"), entry("acc-1/log-7")]
    found = [(match.account, match.how) for match in match_entries(entries, ACCOUNTS)]
    assert found == [(None, "several entries"), (None, "several entries"), ("acc-1", "id")]
