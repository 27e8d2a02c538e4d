"""What each program writes, in several of its versions, and what of it the vault takes."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from rolecall.errors import OverLimitError, UnreadableError
from rolecall.model import Account
from rolecall.vault.exports.entry import Entry
from rolecall.vault.exports.matching import match_entries
from rolecall.vault.exports.reading import read_export
from rolecall.vault.secret import Secret

PASSWORD = 'pa\\ss"wo,rd '
QUOTED = '"pa\\ss""wo,rd "'
SEED = "JBSWY3DPEHPK3PXP"
URL = "https://x.com/login"

CSV = {
    "Chrome, Edge": ("Chrome", f"name,url,username,password,note\nT,{URL},stb,{QUOTED},N\n"),
    "Chrome, without notes": ("Chrome", f"name,url,username,password\nT,{URL},stb,{QUOTED}\n"),
    "Firefox": (
        "Firefox",
        '"url","username","password","httpRealm","formActionOrigin","guid","timeCreated",'
        '"timeLastUsed","timePasswordChanged"\n'
        f'"{URL}","stb",{QUOTED},,"{URL}","{{a}}","1","2","3"\n',
    ),
    "Firefox, by an add-on": ("Firefox", f"hostname,username,password\n{URL},stb,{QUOTED}\n"),
    "Safari": (
        "1Password or Safari",
        f"Title,URL,Username,Password,Notes,OTPAuth\nT,{URL},stb,{QUOTED},N,"
        f"otpauth://totp/T?secret={SEED}\n",
    ),
    "Safari, the first": (
        "1Password or Safari",
        f"Title,Url,Username,Password,OTPAuth\nT,{URL},stb,{QUOTED},\n",
    ),
    "LastPass": (
        "LastPass",
        "url,username,password,totp,extra,name,grouping,fav\n"
        f"{URL},stb,{QUOTED},{SEED},N,T,Social,0\n",
    ),
    "LastPass, without seeds": (
        "LastPass",
        f"url,username,password,extra,name,grouping,fav\n{URL},stb,{QUOTED},N,T,Social,0\n",
    ),
    "Dashlane": (
        "Dashlane",
        "username,username2,username3,title,password,note,url,category,otpSecret\n"
        f"stb,,,T,{QUOTED},N,{URL},Social,{SEED}\n",
    ),
    "Dashlane, with addresses of seeds": (
        "Dashlane",
        "username,username2,username3,title,password,note,url,category,otpUrl\n"
        f"stb,,,T,{QUOTED},N,{URL},Social,otpauth://totp/T?secret={SEED}\n",
    ),
    "Dashlane, without a header": (
        "Dashlane (without a header)",
        f'"T","{URL}","stb",{QUOTED},"N"\n',
    ),
    "NordPass": (
        "NordPass",
        "name,url,username,password,note,cardholdername,cardnumber,cvc,expirydate,zipcode,folder,"
        "full_name,phone_number,email,address1,address2,city,country,state,type\n"
        f"T,{URL},stb,{QUOTED},N,,,,,,Social,,,,,,,,,password\n",
    ),
    "NordPass, with fields": (
        "NordPass",
        "name,url,additional_urls,username,password,note,cardholdername,cardnumber,cvc,pin,"
        "expirydate,zipcode,folder,shared_folder,full_name,phone_number,email,address1,address2,"
        "city,country,state,type,custom_fields\n"
        f'T,{URL},"[""https://twitter.com""]",stb,{QUOTED},N,,,,,,,,,,,,,,,,,password,\n',
    ),
    "Proton Pass": (
        "Proton Pass",
        "type,name,url,email,username,password,note,totp,createTime,modifyTime,vault\n"
        f"login,T,{URL},,stb,{QUOTED},N,{SEED},1,2,Parish\n",
    ),
    "Proton Pass, before user names": (
        "Proton Pass",
        "type,name,url,username,password,note,totp,createTime,modifyTime,vault\n"
        f"login,T,{URL},stb,{QUOTED},N,{SEED},1,2,Parish\n",
    ),
    "Proton Pass, an address for a user name": (
        "Proton Pass",
        "type,name,url,autofillUrls,email,username,password,note,totp,createTime,modifyTime,vault\n"
        f"login,T,{URL},,stb,,{QUOTED},N,{SEED},1,2,Parish\n",
    ),
    "Enpass": (
        "Enpass",
        '"Title","Username","value","E-mail","value","*Password","value","Website","value"\n'
        f'"T","Username","stb","E-mail","","*Password",{QUOTED},"Website","{URL}","N"\n',
    ),
    "Enpass, the fifth": (
        "Enpass",
        '"Title","Field","Value","Field","Value",.........,"Note"\n'
        f'"T","Username","stb","Password",{QUOTED},"URL","{URL}","N"\n',
    ),
    "Enpass, without a header": (
        "Enpass",
        f'"T","Username","stb","Password",{QUOTED},"URL","{URL}","N"\n',
    ),
    "Keeper": (
        "Keeper",
        "Folder,Title,Login,Password,Website Address,Notes,Shared Folder,Custom Fields\n"
        f"Social,T,stb,{QUOTED},{URL},N,,TFC:Keeper,otpauth://totp/T?secret={SEED}\n",
    ),
    "Keeper, numbered fields": (
        "Keeper",
        "Folder,Title,Login,Password,Website Address,Notes,Shared Folder,Custom Field1 Name,"
        f"Custom Field1 Value\nSocial,T,stb,{QUOTED},{URL},N,,,\n",
    ),
    "Keeper, without a header": (
        "Keeper (without a header)",
        f'"Social","T","stb",{QUOTED},"{URL}","N",""\n',
    ),
    "KeePassXC": (
        "KeePassXC",
        '"Group","Title","Username","Password","URL","Notes","TOTP","Icon","Last Modified",'
        f'"Created"\n"Root","T","stb",{QUOTED},"{URL}","N","{SEED}","0","1","1"\n',
    ),
    "KeePassX": (
        "KeePassXC",
        '"Group","Title","Username","Password","URL","Notes"\n'
        f'"Root","T","stb",{QUOTED},"{URL}","N"\n',
    ),
    "KeePass": (
        "KeePass",
        '"Account","Login Name","Password","Web Site","Comments"\n'
        f'"T","stb","pa\\\\ss\\"wo,rd ","{URL}","N"\n',
    ),
    "KeePass, saved by a spreadsheet": (
        "KeePass",
        f"Account,Login Name,Password,Web Site,Comments\nT,stb,{QUOTED},{URL},N\n",
    ),
    "KeePass's columns, another program's quotes": (
        "KeePass",
        '"Account","Login Name","Password","Web Site","Comments"\n'
        f'"T","stb",{QUOTED},"{URL}","N"\n',
    ),
    "Bitwarden": (
        "Bitwarden",
        "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,"
        f"login_totp\nSocial,1,login,T,N,,0,{URL},stb,{QUOTED},{SEED}\n",
    ),
    "Bitwarden, of an organisation": (
        "Bitwarden",
        "collections,type,name,notes,fields,reprompt,login_uri,login_username,login_password,"
        f"login_totp\nSocial,login,T,N,,0,{URL},stb,{QUOTED},{SEED}\n",
    ),
    "1Password 8": (
        "1Password",
        "Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\n"
        f"T,{URL},stb,{QUOTED},otpauth://totp/T?secret={SEED},false,false,,N\n",
    ),
    "1Password 7": (
        "another program",
        f"title,notes,username,password,url\nT,N,stb,{QUOTED},{URL}\n",
    ),
    "saved by a spreadsheet in Europe": (
        "Chrome",
        f"\ufeffname;url;username;password;note\r\nT;{URL};stb;{QUOTED};N\r\n",
    ),
}


@pytest.mark.parametrize("version", CSV)
def test_every_version_of_a_csv(version: str) -> None:
    program, text = CSV[version]
    export = read_export(text.encode(), "export")
    (entry,) = export.entries
    assert export.program == program
    assert entry.addresses[0] == URL
    # Firefox has no titles, but an address.
    assert entry.title == ("T" if "firefox" not in version.casefold() else URL)
    assert (entry.kind, entry.state, entry.left) == ("login", "current", ())
    seed = entry.secret.totp
    assert seed in ("", SEED, f"otpauth://totp/T?secret={SEED}")
    assert bool(seed) == (SEED in text)
    notes = "N" if "N" in text.split("\n")[-2] else ""
    assert entry.secret == Secret("stb", PASSWORD, seed, (), notes)


def test_utf_16_is_read() -> None:
    (entry,) = read_export(CSV["Safari"][1].encode("utf-16"), "export").entries
    assert entry.secret.password == PASSWORD


def bitwarden(**more: Any) -> dict[str, Any]:
    login = {"uris": [{"match": None, "uri": URL}], "username": "stb", "password": PASSWORD}
    return {
        "id": "1",
        "type": 1,
        "name": "T",
        "notes": "N",
        "reprompt": 0,
        "favorite": False,
        "login": {**login, "totp": SEED, **more.pop("login", {})},
        "fields": [],
        "collectionIds": None,
        **more,
    }


def one_password(**more: Any) -> dict[str, Any]:
    fields = [{"designation": part, "value": value} for part, value in LOGIN.items()]
    totp = {"title": "one-time password", "id": "TOTP_1", "value": {"totp": SEED}}
    section = {"title": "more", "fields": [totp, *more.pop("fields", [])]}
    details = {"loginFields": fields, "notesPlain": "N", "sections": [section]}
    return {
        "categoryUuid": "001",
        "state": "active",
        "overview": {"title": "T", "url": URL, "urls": [{"label": "", "url": URL}]},
        "details": {**details, **more.pop("details", {})},
        **more,
    }


LOGIN = {"username": "stb", "password": PASSWORD}


def vaults(*items: dict[str, Any]) -> dict[str, Any]:
    return {"accounts": [{"attrs": {}, "vaults": [{"attrs": {}, "items": list(items)}]}]}


def proton(**more: Any) -> dict[str, Any]:
    content = {"itemUsername": "stb", "itemEmail": "", "password": PASSWORD, "urls": [URL]}
    data = {
        "metadata": {"name": "T", "note": "N", "itemUuid": "a"},
        "extraFields": more.pop("extra", []),
        "type": more.pop("type", "login"),
        "content": {**content, "totpUri": SEED, "passkeys": [], **more.pop("content", {})},
    }
    return {"vaults": {"a": {"name": "P", "items": [{"data": data, "state": 1, **more}]}}}


def enpass(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    named = {"username": "stb", "email": "", "password": PASSWORD, "url": URL, "totp": SEED}
    own = [{"label": kind, "type": kind, "value": value} for kind, value in named.items()]
    item = {"title": "T", "category": "login", "note": "N", "fields": [*own, *fields], **more}
    return {"folders": [], "items": [item]}


def archive(**members: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def one_pux(document: dict[str, Any], **members: bytes | str) -> bytes:
    text = json.dumps(document)
    return archive(**{"export.attributes": "{}", "export.data": text, **members})


DOCUMENTS = {
    "Bitwarden": {"encrypted": False, "folders": [], "items": [bitwarden()]},
    "1Password": vaults(one_password()),
    "Proton Pass": {"version": "1.2", "encrypted": False, **proton()},
    "Enpass": enpass(),
    "Keeper": {
        "records": [
            {
                "title": "T",
                "login": "stb",
                "password": PASSWORD,
                "login_url": URL,
                "notes": "N",
                "custom_fields": {"$oneTimeCode": f"otpauth://totp/T?secret={SEED}"},
            }
        ]
    },
    "Dashlane": {
        "AUTHENTIFIANT": [
            {
                "title": "T",
                "domain": URL,
                "email": "",
                "login": "stb",
                "note": "N",
                "password": PASSWORD,
                "otpSecret": SEED,
                "secondaryLogin": "",
            }
        ]
    },
}


@pytest.mark.parametrize("program", DOCUMENTS)
def test_every_document(program: str) -> None:
    export = read_export(json.dumps(DOCUMENTS[program]).encode(), "export")
    assert export.program == program
    (entry,) = export.entries
    assert (entry.row, entry.title, entry.addresses) == (1, "T", (URL,))
    assert entry.secret.totp.endswith(SEED)
    assert entry.secret == Secret("stb", PASSWORD, entry.secret.totp, (), "N")
    assert (entry.kind, entry.state, entry.left) == ("login", "current", ())


@pytest.mark.parametrize("nested", [False, True])
def test_an_archive_of_1password(nested: bool) -> None:
    item = {"item": one_password()} if nested else one_password()
    (entry,) = read_export(one_pux(vaults(item)), "x.1pux").entries
    assert entry.secret == Secret("stb", PASSWORD, SEED, (), "N")
    # A file in it is something that is not stored.
    *_, file = read_export(one_pux(vaults(item), **{"files/a__b.pdf": b"1"}), "x.1pux").entries
    assert (file.kind, file.title, file.left) == ("file", "files/a__b.pdf", ("file",))


def test_archives_of_proton_and_dashlane() -> None:
    text = json.dumps(DOCUMENTS["Proton Pass"])
    export = read_export(archive(**{"Proton Pass/data.json": text}), "x.zip")
    assert [entry.secret.password for entry in export.entries] == [PASSWORD]
    members = {"credentials.csv": CSV["Dashlane"][1], "securenotes.csv": "title,note\na,b\n"}
    export = read_export(archive(**members), "x.zip")
    assert [entry.title for entry in export.entries] == ["T", "securenotes.csv"]


BITWARDEN = CSV["Bitwarden"][1].splitlines(keepends=True)


def one(text: str | dict[str, Any]) -> Entry:
    data = text.encode() if isinstance(text, str) else json.dumps(text).encode()
    (entry,) = read_export(data, "export").entries
    return entry


def bitwarden_csv(cells: str) -> Entry:
    return one(BITWARDEN[0] + cells + "\n")


@pytest.mark.parametrize(
    ("entry", "codes", "notes"),
    [
        (
            bitwarden_csv('S,,login,T,N,"recovery code 1: 11-22\nmail: a@b.example",0,,u,p,'),
            ("11-22",),
            "N\nmail: a@b.example",
        ),
        (bitwarden_csv('S,,login,T,,"Backup codes: 1, 2; 3",0,,u,p,'), ("1", "2", "3"), ""),
        (bitwarden_csv('S,,login,T,,"Answer: two\nlines",0,,u,p,'), (), "Answer: two\nlines"),
        (bitwarden_csv("S,,login,T,,,0,,u,p,steam://x"), (), "login totp: steam://x"),
        (
            one({"items": [bitwarden(fields=[{"name": "PIN", "value": "12"}])]}),
            (),
            "N\nPIN: 12",
        ),
        (
            one(vaults(one_password(fields=[{"title": "PIN", "value": {"concealed": "12"}}]))),
            (),
            "N\nPIN: 12",
        ),
        (
            one(vaults(one_password(fields=[{"title": "recovery code", "value": "ab"}]))),
            ("ab",),
            "N",
        ),
        (
            one(proton(extra=[{"fieldName": "PIN", "data": {"content": "12"}}])),
            (),
            "N\nPIN: 12",
        ),
        (one(enpass({"label": "pin", "type": "pin", "value": "12"})), (), "pin: 12\nN"),
        (
            one(CSV["Dashlane"][1].replace("stb,,", "stb,office,")),
            (),
            "username2: office\nN",
        ),
        (one(CSV["Keeper"][1].replace("TFC:Keeper", "Badge,7,x")), (), "Badge: 7\nN"),
        (
            one(CSV["NordPass, with fields"][1].replace(
                "password,\n", 'password,"[{""label"":""PIN"",""value"":""12""}]"\n')),
            (),
            "N\nPIN: 12",
        ),
        # A column that somebody made.
        (one("name,url,username,password,Safe word\nT,,u,p,kiwi\n"), (), "safe word: kiwi"),
    ],
)  # fmt: skip
def test_a_field_without_a_place_goes_to_the_notes(
    entry: Entry, codes: tuple[str, ...], notes: str
) -> None:
    assert entry.secret.recovery_codes == codes
    assert entry.secret.notes == notes
    assert entry.left == ()


SCAN = {"title": "scan", "value": {"file": {"a": 1}}}
BROKEN = "a row with more cells than the header"


@pytest.mark.parametrize(
    ("entry", "left"),
    [
        (one({"items": [bitwarden(login={"fido2Credentials": [{"a": 1}]})]}), ("passkey",)),
        (one({"items": [bitwarden(passwordHistory=[{"a": 1}])]}), ("earlier passwords",)),
        (one({"items": [bitwarden(card={"number": "1"})]}), ("card",)),
        (one({"items": [bitwarden(attachments=[{"a": 1}])]}), ("attachments",)),
        (one({"items": [bitwarden(login={"novelty": "x"})]}), ("novelty",)),
        (one(vaults(one_password(details={"passkey": {"a": 1}}))), ("passkey",)),
        (one(vaults(one_password(details={"passwordHistory": [{}]}))), ("earlier passwords",)),
        (one(vaults(one_password(details={"novelty": "x"}))), ("novelty",)),
        (one(vaults(one_password(fields=[SCAN]))), ("scan",)),
        (one(proton(content={"passkeys": [{}]})), ("passkey",)),
        (one(proton(files=["a"])), ("file",)),
        (one(enpass(attachments=[{}])), ("file",)),
        (one("name,url,username,password\nT,,u,pa,ss\n"), (BROKEN,)),
    ],
)
def test_what_has_no_place_is_named(entry: Entry, left: tuple[str, ...]) -> None:
    assert entry.left == left


@pytest.mark.parametrize(
    ("entry", "kind", "state"),
    [
        (bitwarden_csv("S,,note,T,text,,0,,,,"), "note", "current"),
        (one({"items": [bitwarden(type=3)]}), "card", "current"),
        (one({"items": [bitwarden(type=5)]}), "other", "current"),
        (one({"items": [bitwarden(deletedDate="2026-01-01")]}), "login", "in the bin"),
        (one({"items": [bitwarden(archivedDate="2026-01-01")]}), "login", "archived"),
        (one(CSV["1Password 8"][1].replace("false,,N", "true,,N")), "login", "archived"),
        (one(vaults(one_password(state="archived"))), "login", "archived"),
        (one(vaults(one_password(trashed="Y"))), "login", "in the bin"),
        (one(proton(state=2)), "login", "in the bin"),
        (one(proton(type="note", content={})), "note", "current"),
        (one(enpass(trashed=1)), "login", "in the bin"),
        (one(enpass(archived=1)), "login", "archived"),
        (one(CSV["KeePassXC"][1].replace('"Root"', '"Root/Recycle Bin"')), "login", "in the bin"),
        (one(CSV["KeePassXC"][1].replace('"Root"', '"Root/Papierkorb/x"')), "login", "in the bin"),
        (one(CSV["LastPass"][1].replace(URL, "http://sn")), "note", "current"),
        (one(CSV["NordPass"][1].replace(",password\n", ",credit_card\n")), "card", "current"),
        (one(CSV["Proton Pass"][1].replace("login,T", "creditCard,T")), "card", "current"),
    ],
)
def test_what_is_no_login_of_today(entry: Entry, kind: str, state: str) -> None:
    assert (entry.kind, entry.state) == (kind, state)


def account(id_: str, platform: str, handle: str, url: str = "", email: str = "") -> Account:
    return Account(id_, "e", platform, handle, "active", url or None, login_email=email or None)


ACCOUNTS = [
    account("acc-x", "Twitter", "@Parish", "https://twitter.com/parish"),
    account("acc-x2", "x", "school"),
    account("acc-m", "mastodon", "@parish@mastodon.example"),
    account("acc-f", "facebook", "stbrigid", "https://facebook.com/stbrigid", "office@e.example"),
    account("acc-n", "forum", "parish", "https://forum.example/user?id=parish"),
    account("acc-w", "website", "www.stbrigid.example"),
]


@pytest.mark.parametrize(
    ("address", "user", "expected"),
    [
        (URL, "parish", "acc-x"),
        ("https://twitter.com/i/flow/login", "@parish", "acc-x"),
        ("https://mobile.twitter.com/", "school", "acc-x2"),
        ("https://x.com/parish", "anything", "acc-x"),
        ("https://m.facebook.com/login", "office@e.example", "acc-f"),
        ("https://facebook.com/login", "stbrigid", "acc-f"),
        ("https://mastodon.example/auth/sign_in", "parish", "acc-m"),
        ("https://forum.example/login", "parish", "acc-n"),
        ("http://stbrigid.example", "admin", "acc-w"),
        # A login that somebody has for themselves is nobody's here.
        (URL, "somebody", None),
        (URL, "", None),
        ("https://x.com.evil.example/login", "parish", None),
        ("https://notx.com", "parish", None),
        ("", "parish", None),
    ],
)
def test_by_platform_host_and_user(address: str, user: str, expected: str | None) -> None:
    secret = Secret(user, "p")
    entry = Entry(2, "Title", (address,) if address else (), secret)
    (match,) = match_entries([entry], ACCOUNTS)
    assert match.account == expected


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"encrypted": true, "data": "canary"}', "is encrypted"),
        (b'{"passwordProtected": true, "data": "canary"}', "is encrypted"),
        (b'{"canary": 1}', "not an export that is known"),
        (b'{"items": "canary', "not JSON"),
        (b"PK\x03\x04canary", "damaged"),
        (archive(canary="x"), "without an export"),
        (archive(**{"export.data": "canary"}), "not JSON"),
    ],
)
def test_other_documents(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableError, match=message) as caught:
        read_export(data, "export")
    assert "canary" not in str(caught.value)


def test_what_is_larger_than_what_is_read() -> None:
    for data in (
        b'{"items":[' + b"{}," * 2_000_001 + b"{}]}",
        b'{"items":' + b"[" * 100 + b"]" * 100 + b"}",
        b"name,url,username,password\n" + b"a,b,c,d\n" * 20_001,
        one_pux({"accounts": [], "x": " " * 20_000_001}),
    ):
        with pytest.raises(OverLimitError):
            read_export(data, "export")
