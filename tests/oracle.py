"""The catalogue read slowly: one plain function per control over rows as csv.DictReader gives them.

This is the oracle of the differential tests. It was written from the specification alone, it shares
nothing with the engine it judges, and it prefers the words of the specification to speed: every
control is one function over one row, and returns what the catalogue says about that row.

The registry is taken to be valid. Waivers, titles and evidence are none of its business.
"""

# Every check takes the same three arguments, so that one loop can put any of them to any row; most
# need only one or two.
# ruff: noqa: ARG001, RUF100

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

Row = dict[str, str]
Tables = dict[str, list[Row]]
Columns = dict[str, set[str]]
Subject = tuple[str, ...]
Key = tuple[str, str]
Params = dict[str, Any]


class Verdicts(NamedTuple):
    """What one control says about one registry; a subject in neither collection passes."""

    failed: dict[Subject, str]
    not_evaluated: set[Subject]
    whole_run: bool


# ------------------------------------------------------------------------------------ the words

# A control answers with one of these three words, or with a severity: a severity is a failure
# that is graver or lighter than the control's usual one.
OK = "ok"
FAIL = "fail"
NOT_EVALUATED = "not evaluated"

FULL_CONTROL = {"owner", "admin"}
ADMINISTRATIVE = {"owner", "admin", "manager"}
THIRD_PARTIES = {"agency", "partner", "contractor"}

# The columns that must be filled are there whenever their table is.
REQUIRED = {
    "entities": {"id", "name"},
    "people": {"id", "name", "status"},
    "accounts": {"id", "entity_id", "platform", "handle", "status"},
    "grants": {"account_id", "person_id", "role"},
    "logins": {"id", "account_id"},
    "observations": {"platform", "handle", "observed_on"},
    "incidents": {"id", "account_id", "opened_at"},
    "contents": {"id", "account_id"},
}


UNTRACKED = "(not tracked)"


def is_untracked(row: Row, column: str) -> bool:
    """Tell whether a cell says that nobody keeps track of it."""
    return (row.get(column) or "").strip() == UNTRACKED


def cell(row: Row, column: str) -> str:
    """Read a cell; a column that the file does not have reads as empty, as what is not tracked."""
    return "" if is_untracked(row, column) else (row.get(column) or "").strip()


def word(row: Row, column: str) -> str:
    """Read a cell of a closed vocabulary, where upper and lower case do not matter."""
    return cell(row, column).casefold()


def items(row: Row, column: str) -> list[str]:
    """Read a list; the pipe and the semicolon both separate, and empty entries are nothing."""
    parts = cell(row, column).replace(";", "|").split("|")
    return [part.strip() for part in parts if part.strip()]


def day(row: Row, column: str) -> date | None:
    """Read a date, or None for an empty cell."""
    text = cell(row, column)
    return date.fromisoformat(text) if text else None


def instant(row: Row, column: str) -> datetime | None:
    """Read an instant, or None for an empty cell."""
    text = cell(row, column)
    return datetime.fromisoformat(text) if text else None


def yes(row: Row, column: str) -> bool:
    """Read a yes/no cell; an empty one is not a yes."""
    return word(row, column) in {"yes", "true", "1"}


def key_of(row: Row) -> Key:
    """Return the key of an account or of an observation."""
    return word(row, "platform"), word(row, "handle").removeprefix("@")


TODAYS_NAMES = {"twitter": "x", "fb": "facebook", "yt": "youtube", "homepage": "website"}


def match_of(row: Row) -> Key:
    """Return by what an account is found, whatever it is called there."""
    platform = TODAYS_NAMES.get(word(row, "platform"), word(row, "platform"))
    handle = cell(row, "handle").rstrip("/")
    if platform == "website":
        # A domain is registered in lower case; a sharp s is no double s there.
        return platform, handle.rpartition("@")[2].removeprefix("www.").lower()
    handle = handle.removeprefix("@").casefold()
    if platform == "facebook":
        handle = handle.replace(".", "")
    return platform, handle


def mailbox(text: str) -> str:
    """Return whose mailbox an address is: no name before it, no tag in it; hidden ones are none."""
    text = text.lower()
    if "<" in text:
        text = text.partition("<")[2].rstrip(">")
    if "*" in text:
        return ""
    local, at, domain = text.partition("@")
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local.partition('+')[0]}{at}{domain}"


# What platforms call the roles: of what is not here nobody knows what it may.
THEIR_WORDS = {
    "owner": 5,
    "super admin": 5,
    "admin": 4,
    "administrator": 4,
    "manager": 3,
    "editor": 2,
    "author": 2,
    "viewer": 1,
    "analyst": 1,
    "subscriber": 0,
}


def ranks(rows: list[Row]) -> set[int | None]:
    """Return what some rows show somebody to be; None is a word that nobody knows."""
    return {THEIR_WORDS.get(word(row, "role")) for row in rows}


def administers(rows: list[Row]) -> bool:
    """Tell whether some rows show an administrator, or somebody who may be one."""
    return any(rank is None or rank >= THEIR_WORDS["manager"] for rank in ranks(rows))


def is_live(grant: Row) -> bool:
    """Tell whether a grant is live: its removal has not been confirmed."""
    return not cell(grant, "revoked_on")


def is_closed(account: Row) -> bool:
    """Tell whether an account is closed."""
    return word(account, "status") == "closed"


class Run:
    """One registry at one instant under one policy, with the definitions of the catalogue."""

    def __init__(
        self,
        tables: Tables,
        columns: Columns,
        policy: dict[str, Any],
        as_of: datetime,
        vaulted: Collection[tuple[str, str]] = (),
    ) -> None:
        """Index the rows by the ids that the definitions follow."""
        # A row of logins without an id says that there may be others, of which nobody keeps track.
        self.is_partial = any(is_untracked(row, "id") for row in tables.get("logins", []))
        tables = {
            table: [row for row in rows if not is_untracked(row, "id")]
            for table, rows in tables.items()
        }
        self.tables = tables
        self.columns = columns
        self.policy = policy
        self.vaulted = vaulted
        # An instant without a zone cannot come from a valid caller; it is read as UTC.
        self.as_of = as_of.astimezone(UTC) if as_of.tzinfo else as_of.replace(tzinfo=UTC)
        self.today = self.as_of.date()
        self.entities = {cell(row, "id"): row for row in self.rows("entities")}
        self.people = {cell(row, "id"): row for row in self.rows("people")}
        self.accounts = {cell(row, "id"): row for row in self.rows("accounts")}
        self.grants: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows("grants"):
            self.grants[cell(row, "account_id")].append(row)
        self.logins: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows("logins"):
            self.logins[cell(row, "account_id")].append(row)
        self.keys: dict[Key, list[Row]] = defaultdict(list)
        for row in self.rows("accounts"):
            self.keys[match_of(row)].append(row)
        self.observed: dict[Key, list[Row]] = defaultdict(list)
        for row in self.rows("observations"):
            self.observed[match_of(row)].append(row)
        self.fingerprints: dict[str, int] = defaultdict(int)
        for row in self.rows("logins"):
            self.fingerprints[cell(row, "fingerprint")] += 1
        self.holders_of_live_grants = {
            cell(row, "person_id") for row in self.rows("grants") if is_live(row)
        }

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table; a missing table has none."""
        return self.tables.get(table, [])

    def has(self, table: str) -> bool:
        """Tell whether a table of people or grants has any rows: an empty one tracks nothing."""
        return table not in {"people", "grants"} or bool(self.rows(table))

    def tracks(self, needed: str) -> bool:
        """Tell whether the registry tracks a column, written as table.column."""
        table, _, column = needed.partition(".")
        if table not in self.tables and table not in self.columns:
            return False
        if not self.has(table):
            return False
        if self.tracks_some(needed) and not any(
            not is_untracked(row, column) for row in self.rows(table)
        ):
            return False
        return column in REQUIRED[table] or column in self.columns.get(table, set())

    def tracks_some(self, needed: str) -> bool:
        """Tell whether a column is tracked for some rows alone."""
        table, _, column = needed.partition(".")
        if table == "logins" and self.is_partial:
            return True
        return any(is_untracked(row, column) for row in self.rows(table))

    def tracks_for(self, needed: str, subject: Subject, row: Row) -> bool:
        """Tell whether a column is tracked for a subject: for the row that stands behind it."""
        if not self.tracks_some(needed):
            return True
        table, _, column = needed.partition(".")
        match table, subject[0]:
            case ("grants", "grant") | ("accounts", "account") | ("logins", "login"):
                behind = [row]
            case ("incidents", "incident") | ("contents", "content"):
                behind = [row]
            case ("people", "grant"):
                behind = [
                    self.people[id_] for id_ in [cell(row, "person_id")] if id_ in self.people
                ]
            case ("logins", "account"):
                behind = self.logins.get(cell(row, "id"), [])
            case _:
                behind = []
        return any(not is_untracked(one, column) for one in behind)

    def knows(self, needed: str, row: Row) -> bool:
        """Tell whether a column is tracked for a row of its own table."""
        return self.tracks(needed) and not is_untracked(row, needed.partition(".")[2])

    # People.

    def active(self, person_id: str) -> bool:
        """Tell whether an id is an active person's; an unknown or empty id is not."""
        person = self.people.get(person_id)
        return (
            person is not None
            and word(person, "status") == "active"
            and not self.has_left_by_date(person)
        )

    def has_left_by_date(self, person: Row) -> bool:
        """Tell whether the day on which a person left has come, whatever the status says."""
        left = day(person, "left_on")
        return left is not None and left <= self.today

    def count_active(self, person_ids: list[str]) -> int:
        """Count the active persons of a list, each person once."""
        return len({person_id for person_id in person_ids if self.active(person_id)})

    def mailbox(self, person_id: str) -> str:
        """Return a person's mailbox; empty for an unknown person."""
        person = self.people.get(person_id)
        return "" if person is None else mailbox(cell(person, "email"))

    def inactive(self, person_id: str) -> str:
        """Return whether somebody fails to be an active person, which takes a roster to know."""
        if not person_id:
            return FAIL
        return verdict(not self.active(person_id)) if self.has("people") else NOT_EVALUATED

    def too_few(self, person_ids: list[str], minimum: int) -> str:
        """Return whether fewer than some people serve: fewer than there are serve in any case."""
        if self.has("people"):
            return verdict(self.count_active(person_ids) < minimum)
        return FAIL if len(set(person_ids)) < minimum else NOT_EVALUATED

    # Entities.

    def line(self, entity_id: str) -> list[str]:
        """Return the entity and its ancestors, the nearest first."""
        found: list[str] = []
        while entity_id and entity_id not in found:
            found.append(entity_id)
            entity_id = cell(self.entities.get(entity_id, {}), "parent_id")
        return found

    def head(self, entity_id: str) -> str:
        """Return the id of an entity's own head, or an empty string."""
        return cell(self.entities.get(entity_id, {}), "head_id")

    # Accounts.

    def live_grants(self, account_id: str) -> list[Row]:
        """Return the live grants on an account."""
        return [grant for grant in self.grants.get(account_id, []) if is_live(grant)]

    def latest_observations(self, key: Key) -> list[Row]:
        """Return the rows of a key's latest observation date; none when it was never observed."""
        end = (self.today + timedelta(days=1)).isoformat()
        rows = [row for row in self.observed.get(key, []) if cell(row, "observed_on") <= end]
        latest = max((cell(row, "observed_on") for row in rows), default="")
        return [row for row in rows if cell(row, "observed_on") == latest]

    # Time.

    def last_day_of_access(self, grant: Row) -> date | None:
        """Return the latest day on which access that is gone is known to have been there."""
        days = [day(grant, "revoked_on"), day(grant, "granted_on")]
        asked = instant(grant, "revoke_requested_at")
        if asked is not None:
            days += [asked.date(), day(grant, "last_used_on")]
        return max([one for one in days if one is not None], default=None)

    def listings(self, account_id: str, person_id: str) -> list[date]:
        """Return the days on which somebody was seen who may administer an account."""
        own = self.mailbox(person_id)
        rows = self.observed.get(match_of(self.accounts.get(account_id, {})), [])
        return [
            seen
            for row in rows
            if own and mailbox(cell(row, "person_email")) == own and administers([row])
            if (seen := day(row, "observed_on")) is not None and seen <= self.today
        ]

    def older(self, date_: date, days: int) -> bool:
        """Tell whether a date is more than so many days before as_of."""
        return (self.today - date_).days > days

    def past(self, date_: date) -> bool:
        """Tell whether a date is before as_of."""
        return date_ < self.today

    # Policy.

    def policy_value(self, name: str) -> Any:
        """Return a value of the [policy] table, or None where it is absent."""
        return self.policy.get("policy", {}).get(name)

    @property
    def privacy_law(self) -> str:
        """Return which law of data protection holds: the GDPR, where the policy does not say."""
        return str(self.policy_value("privacy_law") or "gdpr").casefold()

    @property
    def levels(self) -> list[str]:
        """Return the levels of clearance, the lowest first."""
        return [level.casefold() for level in self.policy_value("clearance_levels") or "ABC"]

    def states(self, name: str) -> bool:
        """Tell whether the policy has a setting that a control needs."""
        if name == "privacy_law":
            return self.privacy_law != "none"
        return self.policy_value(name) is not None

    def params(self, control: Control, entity_id: str) -> Params:
        """Merge the defaults, the policy and the overrides in line, so that the nearest wins.

        Two controls are off unless the policy sets what they go by: its days, or the ladder.
        """
        merged: Params = {"enabled": True, **control.defaults}
        merged.update(self.policy.get("controls", {}).get(control.id, {}))
        for ancestor in reversed(self.line(entity_id)):
            entity = self.policy.get("entities", {}).get(ancestor, {})
            merged.update(entity.get("controls", {}).get(control.id, {}))
        if (
            control.id == "youth-account-one-adult"
            and merged["level"].casefold() not in self.levels
        ):
            # A policy with words of its own says of managers which of them it takes.
            merged["level"] = self.policy["controls"]["ineligible-manager"]["level"]
        has_ladder = self.policy_value("sanction_ladder") is not None
        is_set = has_ladder if control.id == "sanction-step-skipped" else True
        return {**merged, "enabled": merged["enabled"] and is_set and None not in merged.values()}

    def enabled_somewhere(self, control: Control) -> bool:
        """Tell whether the policy leaves the control on for any entity at all."""
        if self.params(control, "")["enabled"]:
            return True
        return any(self.params(control, entity_id)["enabled"] for entity_id in self.entities)


# ------------------------------------------------------------------------------ kinds of subjects


class Item(NamedTuple):
    """One subject, the entity whose overrides hold for it, and the row that is judged."""

    subject: Subject
    entity_id: str
    row: Row


def open_accounts(run: Run) -> Iterator[Item]:
    """Yield the accounts that are not closed, as closed ones are subject to one control alone."""
    for row in run.rows("accounts"):
        if not is_closed(row):
            yield Item(("account", cell(row, "id")), cell(row, "entity_id"), row)


def closed_accounts(run: Run) -> Iterator[Item]:
    """Yield the closed accounts."""
    for row in run.rows("accounts"):
        if is_closed(row):
            yield Item(("account", cell(row, "id")), cell(row, "entity_id"), row)


def live_grants(run: Run) -> Iterator[Item]:
    """Yield the live grants on accounts that are not closed; every access control wants these."""
    for row in run.rows("grants"):
        account = run.accounts[cell(row, "account_id")]
        if is_live(row) and not is_closed(account):
            subject = ("grant", cell(row, "account_id"), cell(row, "person_id"))
            yield Item(subject, cell(account, "entity_id"), row)


def open_logins(run: Run) -> Iterator[Item]:
    """Yield the logins of accounts that are not closed."""
    for row in run.rows("logins"):
        account = run.accounts[cell(row, "account_id")]
        if not is_closed(account):
            subject = ("login", cell(row, "account_id"), cell(row, "id"))
            yield Item(subject, cell(account, "entity_id"), row)


def entities(run: Run) -> Iterator[Item]:
    """Yield the entities."""
    for row in run.rows("entities"):
        yield Item(("entity", cell(row, "id")), cell(row, "id"), row)


def people(run: Run) -> Iterator[Item]:
    """Yield the people of the roster."""
    for row in run.rows("people"):
        yield Item(("person", cell(row, "id")), cell(row, "entity_id"), row)


def incidents(run: Run) -> Iterator[Item]:
    """Yield all incidents, since those of closed accounts still count."""
    for row in run.rows("incidents"):
        account = run.accounts[cell(row, "account_id")]
        yield Item(("incident", cell(row, "id")), cell(account, "entity_id"), row)


def shown_contents(run: Run) -> Iterator[Item]:
    """Yield what was not taken down by as_of's day, on closed accounts too."""
    for row in run.rows("contents"):
        removed = day(row, "removed_on")
        if removed is None or removed > run.today:
            account = run.accounts[cell(row, "account_id")]
            subject = ("content", cell(row, "account_id"), cell(row, "id"))
            yield Item(subject, cell(account, "entity_id"), row)


def the_policy(run: Run) -> Iterator[Item]:
    """Yield the policy, which is of no entity, so that no override of one holds for it."""
    yield Item(("policy",), "", {})


def observed_keys(run: Run) -> Iterator[Item]:
    """Yield each observed name once, under the entity that its latest observation names."""
    names: dict[Key, list[Row]] = defaultdict(list)
    for row in run.rows("observations"):
        names[key_of(row)].append(row)
    for (platform, handle), rows in names.items():
        latest = max(cell(row, "observed_on") for row in rows)
        named = [cell(row, "entity_id") for row in rows if cell(row, "observed_on") == latest]
        entity_id = next((entity_id for entity_id in named if entity_id), "")
        missing = [
            row
            for row in rows
            if match_of(row) not in run.keys and not is_reported(run, match_of(row))
        ]
        yield Item(("observation", platform, handle), entity_id, {"missing": str(len(missing))})


def is_reported(run: Run, key: Key) -> bool:
    """Tell whether an observation of a key says that it is not ours, and that holds on the day."""
    for row in run.observed[key]:
        said = day(row, "reported_on")
        if said is None or said > run.today:
            continue
        until = day(row, "reported_until") or said + timedelta(days=90)
        if run.today <= until and run.today <= said + timedelta(days=365):
            return True
    return False


def observed_emails(run: Run) -> Iterator[Item]:
    """Yield each e-mail of an administrator on the latest observation of accounts not closed.

    Rows without an e-mail name nobody: all those of a name are one subject, the name itself.
    """
    subjects: dict[Subject, list[Row]] = defaultdict(list)
    entity_of: dict[Subject, str] = {}
    for key in run.observed:
        still_open = [account for account in run.keys.get(key, []) if not is_closed(account)]
        for row in run.latest_observations(key) if still_open else []:
            email = word(row, "person_email") if mailbox(cell(row, "person_email")) else ""
            subject = ("observation", *key_of(row), *([email] if email else []))
            subjects[subject].append(row)
            entity_of[subject] = cell(still_open[0], "entity_id")
    for subject, rows in subjects.items():
        if administers(rows):
            strangers = [row for row in rows if not is_holders(run, row)]
            unheld = [row for row in rows if not any(cell(one, "id") for one in holders(run, row))]
            said = {
                "email": subject[3] if len(subject) > 3 else "",
                "strangers": str(len(strangers)),
                "unheld": str(len(unheld)),
            }
            yield Item(subject, entity_of[subject], said)


def is_holders(run: Run, row: Row) -> bool:
    """Tell whether the e-mail of an observation is that of a holder of a live grant there."""
    boxes = {mailbox(cell(person, "email")) for person in holders(run, row)}
    return mailbox(cell(row, "person_email")) in boxes


def holders(run: Run, row: Row) -> list[Row]:
    """Return who of the roster holds a live grant on an open account that an observation shows.

    Without a roster everybody who holds one may be on it.
    """
    return [
        run.people.get(cell(grant, "person_id"), {"id": cell(grant, "person_id")})
        for account in run.keys.get(match_of(row), [])
        if not is_closed(account)
        for grant in run.live_grants(cell(account, "id"))
        if cell(grant, "person_id") in run.people or not run.has("people")
    ]


# --------------------------------------------------------------------------------- the catalogue

Check = Callable[[Run, Row, Params], str]


class Control(NamedTuple):
    """One entry of the catalogue."""

    id: str
    severity: str
    subjects: Callable[[Run], Iterator[Item]]
    needs: tuple[str, ...]
    policy_needs: tuple[str, ...]
    defaults: Params
    check: Check


CATALOGUE: list[Control] = []


def control(
    id_: str,
    severity: str,
    subjects: Callable[[Run], Iterator[Item]],
    needs: tuple[str, ...] = (),
    policy_needs: tuple[str, ...] = (),
    **defaults: Any,
) -> Callable[[Check], Check]:
    """Enter a function into the catalogue, with what it needs and its default parameters."""

    def enter(check: Check) -> Check:
        CATALOGUE.append(Control(id_, severity, subjects, needs, policy_needs, defaults, check))
        return check

    return enter


def name_of(text: str) -> str:
    """Return a name as it is compared: its letters in one form, single spaces, no capitals."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def verdict(fails: bool) -> str:
    """Turn the condition of "fails when" into a word."""
    return FAIL if fails else OK


def administrative_of_active(run: Run, grant: Row) -> bool:
    """Tell whether a live grant is an administrative grant of an active person."""
    return word(grant, "role") in ADMINISTRATIVE and run.active(cell(grant, "person_id"))


# accounts/


@control("account-without-owner", "high", open_accounts, ("accounts.owner_id",))
def account_without_owner(run: Run, account: Row, params: Params) -> str:
    """Fail when `owner_id` is not an active person."""
    return run.inactive(cell(account, "owner_id"))


@control("entity-without-head", "high", entities, ("entities.head_id",))
def entity_without_head(run: Run, entity: Row, params: Params) -> str:
    """Fail when `head_id` is not an active person."""
    return run.inactive(cell(entity, "head_id"))


@control(
    "head-without-access",
    "critical",
    open_accounts,
    ("entities.head_id", "people.id", "grants.account_id"),
)
def head_without_access(run: Run, account: Row, params: Params) -> str:
    """Fail when the entity's head, an active person, has no live full-control grant."""
    head = run.head(cell(account, "entity_id"))
    # That there is no head, or none who serves, is said of the entity.
    if not run.active(head):
        return NOT_EVALUATED
    return verdict(
        not any(
            cell(grant, "person_id") == head and word(grant, "role") in FULL_CONTROL
            for grant in run.live_grants(cell(account, "id"))
        )
    )


@control("no-removal-path", "critical", open_accounts, ("accounts.removal_path",))
def no_removal_path(run: Run, account: Row, params: Params) -> str:
    """Fail when `removal_path` is none, or names somebody who cannot remove anybody."""
    match word(account, "removal_path"):
        case "none":
            return FAIL
        case "head":
            return removal_by_head(run, account)
        case "it":
            return removal_by_it(run, account)
        case _:
            return NOT_EVALUATED


def able(run: Run, account: Row, person_id: str) -> str:
    """Return whether somebody is active and has live full control; FAIL where they do not."""
    holders = {
        cell(grant, "person_id")
        for grant in run.live_grants(cell(account, "id"))
        if word(grant, "role") in FULL_CONTROL
    }
    if run.has("grants") and person_id not in holders:
        return FAIL
    if run.has("people") and not run.active(person_id):
        return FAIL
    return OK if run.has("grants") and run.has("people") else NOT_EVALUATED


def removal_by_head(run: Run, account: Row) -> str:
    """Fail when the head is not an active person with live full control."""
    if run.tracks("entities.head_id"):
        head = run.head(cell(account, "entity_id"))
        return able(run, account, head) if head else FAIL
    # Whoever the head is: where nobody has control the head has none.
    holders = [cell(grant, "person_id") for grant in run.live_grants(cell(account, "id"))]
    nobody = run.has("grants") and all(able(run, account, one) == FAIL for one in holders)
    return FAIL if nobody else NOT_EVALUATED


def removal_by_it(run: Run, account: Row) -> str:
    """Fail when no IT delegate in line has control, and no login of the account is in the vault."""
    answers = {
        able(run, account, delegate)
        for entity_id in run.line(cell(account, "entity_id"))
        for delegate in items(run.entities.get(entity_id, {}), "it_delegate_ids")
    }
    logins = run.logins.get(cell(account, "id"), [])
    if OK in answers or any(word(login, "storage") == "vault" for login in logins):
        return OK
    if NOT_EVALUATED in answers:
        return NOT_EVALUATED
    # A login that is not on record, or kept nobody knows where, may be in the vault.
    if not run.tracks("logins.account_id") or run.is_partial:
        return NOT_EVALUATED
    unknown = [login for login in logins if not run.knows("logins.storage", login)]
    return NOT_EVALUATED if unknown else FAIL


@control(
    "removal-path-untested",
    "medium",
    open_accounts,
    ("accounts.removal_path", "accounts.removal_tested_on"),
    days=180,
)
def removal_path_untested(run: Run, account: Row, params: Params) -> str:
    """Fail when the path is head or it, and `removal_tested_on` is too old."""
    path = word(account, "removal_path")
    if not path:
        return NOT_EVALUATED
    if path not in {"head", "it"}:
        return OK
    tested = day(account, "removal_tested_on")
    return verdict(tested is None or run.older(tested, params["days"]))


@control("sole-administrator", "high", open_accounts, ("grants.account_id",), minimum=2)
def sole_administrator(run: Run, account: Row, params: Params) -> str:
    """Fail when fewer than the minimum of active persons hold live full control."""
    holders = [
        cell(grant, "person_id")
        for grant in run.live_grants(cell(account, "id"))
        if word(grant, "role") in FULL_CONTROL
    ]
    return run.too_few(holders, params["minimum"])


@control("too-many-administrators", "medium", open_accounts, ("grants.account_id",), maximum=8)
def too_many_administrators(run: Run, account: Row, params: Params) -> str:
    """Fail when there are more than the maximum of live full-control grants."""
    grants = [
        grant
        for grant in run.live_grants(cell(account, "id"))
        if word(grant, "role") in FULL_CONTROL
    ]
    return verdict(len(grants) > params["maximum"])


@control(
    "personal-email-login",
    "high",
    open_accounts,
    ("accounts.login_email", "entities.email_domains"),
)
def personal_email_login(run: Run, account: Row, params: Params) -> str:
    """Fail when the domain of `login_email` is no domain of any entity in line, nor below one."""
    domains = {
        domain.casefold()
        for entity_id in run.line(cell(account, "entity_id"))
        for domain in items(run.entities.get(entity_id, {}), "email_domains")
    }
    email = cell(account, "login_email")
    if not email or not domains:
        return NOT_EVALUATED
    if "<" in email:
        email = email.partition("<")[2].rstrip(">")
    # What has no @ has no domain.
    _, at, domain = email.casefold().rpartition("@")
    labels = domain.split(".")
    above = {".".join(labels[first:]) for first in range(len(labels))}
    return verdict(not at or not above & domains)


@control(
    "account-unapproved",
    "high",
    open_accounts,
    ("entities.head_id", "accounts.approved_by", "people.id"),
)
def account_unapproved(run: Run, account: Row, params: Params) -> str:
    """Fail when the entity's head is not among `approved_by`; without a head nobody can tell."""
    head = run.head(cell(account, "entity_id"))
    if not run.active(head):
        return NOT_EVALUATED
    return verdict(head not in items(account, "approved_by"))


@control("unapproved-platform", "medium", open_accounts, policy_needs=("approved_platforms",))
def unapproved_platform(run: Run, account: Row, params: Params) -> str:
    """Fail when the platform is not in the policy's list."""
    approved = {platform.casefold() for platform in run.policy_value("approved_platforms")}
    return verdict(not {word(account, "platform"), match_of(account)[0]} & approved)


@control("dormant-account", "low", open_accounts, ("accounts.last_post_on",), days=90)
def dormant_account(run: Run, account: Row, params: Params) -> str:
    """Fail when the account is active, and `last_post_on` is too old."""
    if word(account, "status") != "active":
        return OK
    last_post = day(account, "last_post_on")
    if last_post is None:
        return NOT_EVALUATED
    return verdict(run.older(last_post, params["days"]))


@control("account-review-overdue", "medium", open_accounts, ("accounts.reviewed_on",), days=365)
def account_review_overdue(run: Run, account: Row, params: Params) -> str:
    """Fail when `reviewed_on` is too old."""
    reviewed = day(account, "reviewed_on")
    return verdict(reviewed is None or run.older(reviewed, params["days"]))


@control("closed-account-live-access", "high", closed_accounts)
def closed_account_live_access(run: Run, account: Row, params: Params) -> str:
    """Fail when a closed account has a live grant or a login record."""
    account_id = cell(account, "id")
    if run.live_grants(account_id) or account_id in run.logins:
        return FAIL
    # Where some logins are on record and others nobody tracks, nobody knows that there is none.
    is_known = run.tracks("logins.account_id") and not run.is_partial
    return OK if is_known and run.has("grants") else NOT_EVALUATED


@control("duplicate-account", "medium", open_accounts)
def duplicate_account(run: Run, account: Row, params: Params) -> str:
    """Fail when another account that is not closed has the same key."""
    return verdict(
        any(
            cell(other, "id") != cell(account, "id") and not is_closed(other)
            for other in run.keys[match_of(account)]
        )
    )


@control("unregistered-account", "high", observed_keys, ("observations.handle",))
def unregistered_account(run: Run, observation: Row, params: Params) -> str:
    """Fail when the observed key belongs to no account, nor was reported as not ours lately."""
    # Its parts were normalised when it was made a subject: an @ that is left is part of the name.
    return verdict(observation["missing"] != "0")


@control(
    "unapproved-app",
    "high",
    open_accounts,
    ("accounts.connected_apps",),
    policy_needs=("approved_apps",),
)
def unapproved_app(run: Run, account: Row, params: Params) -> str:
    """Fail when a connected app is not in the policy's list."""
    approved = {app.casefold() for app in run.policy_value("approved_apps")}
    return verdict(any(app.casefold() not in approved for app in items(account, "connected_apps")))


@control("archive-off", "high", open_accounts, ("accounts.record_class", "accounts.archive"))
def archive_off(run: Run, account: Row, params: Params) -> str:
    """Fail when `record_class` is set and `archive` is not yes."""
    if not cell(account, "record_class") or yes(account, "archive"):
        return OK
    # No answer is not a no.
    return FAIL if cell(account, "archive") else "medium"


@control("privacy-record-missing", "medium", open_accounts, policy_needs=("privacy_law",))
def privacy_record_missing(run: Run, account: Row, params: Params) -> str:
    """Fail when any of the three privacy columns is empty; the untracked ones say nothing."""
    answer = OK
    for column in ("privacy_record_ref", "lawful_basis", "privacy_notice_url"):
        if not run.tracks(f"accounts.{column}"):
            answer = NOT_EVALUATED
        elif not cell(account, column):
            return FAIL
    return answer


@control(
    "observation-stale",
    "high",
    open_accounts,
    ("observations.platform",),
    days=45,
    require_observation=False,
)
def observation_stale(run: Run, account: Row, params: Params) -> str:
    """Fail when the latest observation is too old, or when one is required and there is none."""
    rows = run.latest_observations(match_of(account))
    if not rows:
        return FAIL if params["require_observation"] else NOT_EVALUATED
    seen = day(rows[0], "observed_on")
    return verdict(seen is not None and run.older(seen, params["days"]))


@control(
    "login-email-of-leaver", "critical", open_accounts, ("accounts.login_email", "people.email")
)
def login_email_of_leaver(run: Run, account: Row, params: Params) -> str:
    """Fail when the login address is the mailbox of somebody inactive, and of nobody active."""
    own = mailbox(cell(account, "login_email"))
    # Of a hidden address nobody knows whose it is.
    if not own:
        return NOT_EVALUATED
    theirs = [id_ for id_ in run.people if run.mailbox(id_) == own]
    if not theirs and not re.fullmatch(r"[^\s@;,()]+@[^\s@;,()]+", own):
        return NOT_EVALUATED
    return verdict(bool(theirs) and not any(run.active(id_) for id_ in theirs))


def websites(run: Run) -> Iterator[Item]:
    """Yield the websites that are not closed."""
    for item in open_accounts(run):
        if match_of(item.row)[0] == "website":
            yield item


@control("domain-expiring", "critical", websites, days=60)
def domain_expiring(run: Run, account: Row, params: Params) -> str:
    """Fail when the domain ran out, does so soon without renewing itself, or is not ours."""
    judged = []
    if run.tracks("accounts.domain_expires_on"):
        ends = day(account, "domain_expires_on")
        if ends is None:
            judged.append(NOT_EVALUATED)
        elif ends < run.today:
            judged.append(FAIL)
        else:
            soon = (ends - run.today).days < params["days"]
            judged.append(verdict(soon and not yes(account, "domain_auto_renew")))
    if run.tracks("accounts.domain_registrant") and run.states("legal_names"):
        name = cell(account, "domain_registrant")
        names = map(name_of, run.policy_value("legal_names"))
        judged.append(verdict(name_of(name) not in names) if name else NOT_EVALUATED)
    return next((one for one in (FAIL, NOT_EVALUATED) if one in judged), OK)


@control(
    "youth-account-one-adult",
    "critical",
    open_accounts,
    ("accounts.audience", "grants.account_id"),
    minimum=2,
    level="C",
)
def youth_account_one_adult(run: Run, account: Row, params: Params) -> str:
    """Fail when too few active persons with a clearance in force read what minors write."""
    audience = word(account, "audience")
    if audience != "minors":
        return OK if audience else NOT_EVALUATED
    allowed = run.levels[run.levels.index(params["level"].casefold()) :]
    readers = {
        cell(grant, "person_id")
        for grant in run.live_grants(cell(account, "id"))
        if word(grant, "role") != "analyst"
        if not run.has("people") or run.active(cell(grant, "person_id"))
    }
    by_level, by_day = run.tracks("people.clearance_level"), run.tracks("people.clearance_expires")
    adults = set()
    for id_ in readers:
        person = run.people.get(id_, {})
        ends = day(person, "clearance_expires")
        has_level = word(person, "clearance_level") in allowed or not by_level
        if has_level and (not by_day or (ends is not None and ends >= run.today)):
            adults.add(id_)
    if len(adults) < params["minimum"]:
        return FAIL
    return OK if by_level and by_day else NOT_EVALUATED


@control(
    "not-in-our-portfolio",
    "high",
    open_accounts,
    ("accounts.owned_by",),
    policy_needs=("portfolios",),
    platforms=["facebook", "instagram", "linkedin", "youtube"],
)
def not_in_our_portfolio(run: Run, account: Row, params: Params) -> str:
    """Fail when the owner on the platform is none of the policy's portfolios."""
    if match_of(account)[0] not in [platform.casefold() for platform in params["platforms"]]:
        return OK
    owner = cell(account, "owned_by")
    return verdict(not owner or name_of(owner) not in map(name_of, run.policy_value("portfolios")))


@control("money-to-unknown-payee", "high", open_accounts)
def money_to_unknown_payee(run: Run, account: Row, params: Params) -> str:
    """Fail when who pays or is paid is no payee of the policy, or the holder is not active."""
    payees = run.policy_value("payees")
    for column in ("ads_payer", "donations_payee"):
        name = cell(account, column)
        if name and payees is not None and name_of(name) not in map(name_of, payees):
            return FAIL
    holder = cell(account, "payment_holder_id")
    return run.inactive(holder) if holder else OK


# access/


@control("orphaned-admin", "critical", live_grants, ("people.id",))
def orphaned_admin(run: Run, grant: Row, params: Params) -> str:
    """Fail when the person is not on the roster, has the status left, or has left by date."""
    person = run.people.get(cell(grant, "person_id"))
    if person is None:
        return FAIL
    return verdict(word(person, "status") == "left" or run.has_left_by_date(person))


@control("suspended-admin", "high", live_grants, ("people.id",))
def suspended_admin(run: Run, grant: Row, params: Params) -> str:
    """Fail when the person is suspended."""
    person = run.people.get(cell(grant, "person_id"), {})
    return verdict(word(person, "status") == "suspended")


@control(
    "ineligible-manager",
    "critical",
    live_grants,
    ("people.clearance_level",),
    level="C",
)
def ineligible_manager(run: Run, grant: Row, params: Params) -> str:
    """Fail when the clearance level of an active administrator is too low or unknown."""
    if not administrative_of_active(run, grant):
        return OK
    stated = run.policy_value("clearance_levels") or ["A", "B", "C"]
    levels = [level.casefold() for level in stated]
    level = word(run.people[cell(grant, "person_id")], "clearance_level")
    # A required level that the policy does not have is an error of the policy.
    required = levels.index(params["level"].casefold())
    return verdict(level not in levels or levels.index(level) < required)


@control("clearance-expired", "high", live_grants, ("people.clearance_expires",))
def clearance_expired(run: Run, grant: Row, params: Params) -> str:
    """Fail when the clearance of an active administrator expired before as_of."""
    if not administrative_of_active(run, grant):
        return OK
    expires = day(run.people[cell(grant, "person_id")], "clearance_expires")
    if expires is None:
        return NOT_EVALUATED
    return verdict(run.past(expires))


@control("mover-with-access", "high", live_grants, ("people.entity_id", "entities.head_id"))
def mover_with_access(run: Run, grant: Row, params: Params) -> str:
    """Fail when a person of another entity has access that nothing excuses."""
    person_id = cell(grant, "person_id")
    person = run.people.get(person_id)
    if person is None:
        return OK
    home = cell(person, "entity_id")
    if not home:
        return NOT_EVALUATED
    line = run.line(cell(run.accounts[cell(grant, "account_id")], "entity_id"))
    if home in line or cell(grant, "delegation_ref"):
        return OK
    for entity_id in line:
        entity = run.entities.get(entity_id, {})
        if person_id == cell(entity, "head_id") or person_id in items(entity, "it_delegate_ids"):
            return OK
    return FAIL


@control("expired-grant", "high", live_grants, ("grants.expires_on",))
def expired_grant(run: Run, grant: Row, params: Params) -> str:
    """Fail when `expires_on` is before as_of."""
    expires = day(grant, "expires_on")
    return verdict(expires is not None and run.past(expires))


@control("unused-access", "medium", live_grants, ("grants.last_used_on",), days=45)
def unused_access(run: Run, grant: Row, params: Params) -> str:
    """Fail when an administrative grant was last used too long ago."""
    if word(grant, "role") not in ADMINISTRATIVE:
        return OK
    last_used = day(grant, "last_used_on")
    if last_used is None:
        return NOT_EVALUATED
    return verdict(run.older(last_used, params["days"]))


@control("external-owner", "high", live_grants, ("people.type",))
def external_owner(run: Run, grant: Row, params: Params) -> str:
    """Fail when the owner is an agency, a partner or a contractor."""
    if word(grant, "role") != "owner":
        return OK
    # A person who is not on the roster has no type on record either.
    kind = word(run.people.get(cell(grant, "person_id"), {}), "type")
    return verdict(kind in THIRD_PARTIES) if kind else NOT_EVALUATED


@control("third-party-without-contract", "high", live_grants, ("people.type",))
def third_party_without_contract(run: Run, grant: Row, params: Params) -> str:
    """Fail when a third party lacks contract or processing agreement, or the contract ended."""
    person = run.people.get(cell(grant, "person_id"), {})
    kind = word(person, "type")
    if not kind:
        return NOT_EVALUATED
    if kind not in THIRD_PARTIES:
        return OK
    ends = day(person, "contract_ends")
    if ends is not None and run.past(ends):
        return "critical"
    papers = ("contract_ref", "dpa_ref", "contract_ends")
    tracked = [name for name in papers if run.tracks(f"people.{name}")]
    if any(not cell(person, name) for name in tracked):
        return FAIL
    return OK if len(tracked) == len(papers) else NOT_EVALUATED


@control("unsupervised-volunteer", "high", live_grants, ("people.type", "people.supervisor_id"))
def unsupervised_volunteer(run: Run, grant: Row, params: Params) -> str:
    """Fail when the supervisor of a volunteer or student is no active employee or clergy."""
    person = run.people.get(cell(grant, "person_id"), {})
    if word(grant, "role") not in ADMINISTRATIVE:
        return OK
    kind = word(person, "type")
    if not kind:
        return NOT_EVALUATED
    if kind not in {"volunteer", "student"}:
        return OK
    supervisor_id = cell(person, "supervisor_id")
    supervisor_kind = word(run.people.get(supervisor_id, {}), "type")
    return verdict(not run.active(supervisor_id) or supervisor_kind not in {"employee", "clergy"})


@control("self-approved-access", "high", live_grants, ("grants.approved_by",))
def self_approved_access(run: Run, grant: Row, params: Params) -> str:
    """Fail when the approver is the person or the requester, or nobody."""
    approver = cell(grant, "approved_by")
    # An empty approver is answered first, so that two empty cells do not count as one person.
    if not approver:
        return FAIL
    if approver in {cell(grant, "person_id"), cell(grant, "requested_by")}:
        return FAIL
    return OK if run.tracks("grants.requested_by") else NOT_EVALUATED


@control("access-not-recertified", "medium", live_grants, days=90, days_lesser=365)
def access_not_recertified(run: Run, grant: Row, params: Params) -> str:
    """Fail when the attestation is too old for the role, or the holder's own."""
    limit = params["days" if word(grant, "role") in ADMINISTRATIVE else "days_lesser"]
    attested = day(grant, "attested_on")
    has_day, has_name = (run.knows(f"grants.attested_{end}", grant) for end in ("on", "by"))
    if has_day and (attested is None or run.older(attested, limit)):
        return FAIL
    if has_name and cell(grant, "attested_by") == cell(grant, "person_id"):
        return FAIL
    return OK if has_day and has_name else NOT_EVALUATED


@control(
    "revocation-unconfirmed", "critical", live_grants, ("grants.revoke_requested_at",), hours=24
)
def revocation_unconfirmed(run: Run, grant: Row, params: Params) -> str:
    """Fail when the revocation was requested too many hours before as_of."""
    requested = instant(grant, "revoke_requested_at")
    if requested is None:
        return OK
    return verdict(run.as_of - requested > timedelta(hours=params["hours"]))


@control(
    "unregistered-admin",
    "critical",
    observed_emails,
    ("observations.person_email", "grants.account_id"),
)
def unregistered_admin(run: Run, observation: Row, params: Params) -> str:
    """Fail when no holder of a live grant on any open account of the key has the e-mail."""
    if not observation["email"]:
        return NOT_EVALUATED
    if not run.tracks("people.email"):
        return FAIL if observation["unheld"] != "0" else NOT_EVALUATED
    return verdict(observation["strangers"] != "0")


@control("ghost-grant", "medium", live_grants, ("observations.platform", "people.email"))
def ghost_grant(run: Run, grant: Row, params: Params) -> str:
    """Fail when the platform's latest list of administrators does not have the holder."""
    if word(grant, "role") not in ADMINISTRATIVE:
        return OK
    rows = run.latest_observations(match_of(run.accounts[cell(grant, "account_id")]))
    own = run.mailbox(cell(grant, "person_id"))
    if not rows or not own:
        return NOT_EVALUATED
    listed = [row for row in rows if mailbox(cell(row, "person_email")) == own]
    if administers(listed):
        return OK
    nameless = [row for row in rows if not mailbox(cell(row, "person_email"))]
    return NOT_EVALUATED if administers(nameless) else FAIL


@control(
    "role-drift",
    "high",
    live_grants,
    ("observations.person_email", "observations.role", "people.email"),
)
def role_drift(run: Run, grant: Row, params: Params) -> str:
    """Fail when the platform's latest list shows the holder with more than was granted."""
    rows = run.latest_observations(match_of(run.accounts[cell(grant, "account_id")]))
    own = run.mailbox(cell(grant, "person_id"))
    if not rows or not own:
        return NOT_EVALUATED
    listed = [row for row in rows if mailbox(cell(row, "person_email")) == own]
    if not listed:
        nameless = any(not mailbox(cell(row, "person_email")) for row in rows)
        return NOT_EVALUATED if nameless else OK
    shown = ranks(listed)
    if any(rank is not None and rank > THEIR_WORDS[word(grant, "role")] for rank in shown):
        return FAIL
    return NOT_EVALUATED if None in shown else OK


# logins/


@control("unsecured-login", "critical", open_logins, ("logins.storage",))
def unsecured_login(run: Run, login: Row, params: Params) -> str:
    """Fail when the login is not kept securely, and less gravely on paper or in a browser."""
    storage = word(login, "storage")
    if storage in {"vault", "encrypted_file", "password_manager", "safe"}:
        return OK
    return "medium" if storage in {"paper", "browser"} else FAIL


@control(
    "account-without-login",
    "high",
    open_accounts,
    ("logins.account_id",),
    individual_roles=["facebook", "linkedin", "youtube", "website"],
)
def account_without_login(run: Run, account: Row, params: Params) -> str:
    """Fail when an active account has no login record, where people do not use their own."""
    if word(account, "status") != "active":
        return OK
    if match_of(account)[0] in {name.casefold() for name in params["individual_roles"]}:
        return OK
    return verdict(cell(account, "id") not in run.logins)


@control("leaver-knows-password", "critical", open_logins, ("logins.holder_ids",))
def leaver_knows_password(run: Run, login: Row, params: Params) -> str:
    """Fail when a holder went, and the password was not changed after that; worst if they left."""
    need = "logins.rotated_on"
    subject = ("login", cell(login, "account_id"), cell(login, "id"))
    is_tracked = run.tracks(need) and run.tracks_for(need, subject, login)
    answers = {
        knows_still(run, login, holder, is_tracked=is_tracked)
        for holder in items(login, "holder_ids")
    }
    for answer in (FAIL, "high", NOT_EVALUATED):
        if answer in answers:
            return answer
    # Of a holder who passes something may be on the roster, or among the grants, that is missing.
    is_known = run.has("people") and run.has("grants")
    return OK if is_known or not answers else NOT_EVALUATED


def knows_still(run: Run, login: Row, holder: str, *, is_tracked: bool) -> str:
    """Return what is to be said of one holder of a login."""
    rotated = day(login, "rotated_on")
    account_id = cell(login, "account_id")
    grants = [
        grant for grant in run.grants.get(account_id, []) if cell(grant, "person_id") == holder
    ]
    all_revoked = bool(grants) and not any(is_live(grant) for grant in grants)
    if not run.has("people"):
        # Whoever serves and lost a role is the least that any roster could make of them.
        ends = [run.last_day_of_access(grant) for grant in grants]
        is_old = rotated is None or any(end is not None and rotated <= end for end in ends)
        return "high" if all_revoked and is_tracked and is_old else NOT_EVALUATED
    if run.active(holder) and not all_revoked:
        return OK
    days = [run.last_day_of_access(grant) for grant in grants if not is_live(grant)]
    # A day that is still to come is not a day on which anybody left.
    person = run.people.get(holder, {})
    if run.has_left_by_date(person):
        days.append(day(person, "left_on"))
    known = [day_ for day_ in days if day_ is not None]
    # The vault has its readers on record: they know the password that is in force.
    is_read = (account_id, cell(login, "id")) in run.vaulted
    reads_now = is_read and not (run.active(holder) and holder in stewards(run, account_id))
    if not reads_now and not known and not person and rotated is not None:
        # Nobody knows that they ever went.
        return NOT_EVALUATED
    if not reads_now and not known and not run.has("grants") and rotated is not None:
        # A day may be missing that is before the change.
        return NOT_EVALUATED
    if reads_now:
        known = []
    # A list of the platform that shows them is later than what somebody says.
    known += [listed for listed in run.listings(account_id, holder) if known]
    if known and rotated is not None and rotated > max(known):
        return OK
    if not run.active(holder):
        return FAIL
    # Who serves and lost a role alone proves nothing where changes are not tracked.
    return "high" if is_tracked else NOT_EVALUATED


def stewards(run: Run, account_id: str) -> list[str]:
    """Return the heads and IT delegates of the entities in line of an account."""
    return [
        steward
        for entity in run.line(cell(run.accounts.get(account_id, {}), "entity_id"))
        for steward in (
            run.head(entity),
            *items(run.entities.get(entity, {}), "it_delegate_ids"),
        )
    ]


@control(
    "login-rotation-overdue",
    "low",
    open_logins,
    ("logins.rotated_on", "logins.holder_ids"),
    days=365,
)
def login_rotation_overdue(run: Run, login: Row, params: Params) -> str:
    """Fail when several hold a login and `rotated_on` is too old; one holder passes."""
    if len(set(items(login, "holder_ids"))) < 2:
        return OK
    rotated = day(login, "rotated_on")
    return verdict(rotated is None or run.older(rotated, params["days"]))


@control(
    "emergency-reveal-not-rotated",
    "high",
    open_logins,
    ("logins.emergency_revealed_on",),
    days=2,
)
def emergency_reveal_not_rotated(run: Run, login: Row, params: Params) -> str:
    """Fail when an emergency opening is too old, and the password was not changed after it."""
    opened, rotated = day(login, "emergency_revealed_on"), day(login, "rotated_on")
    if opened is None or not run.older(opened, params["days"]):
        return OK
    return verdict(rotated is None or not rotated > opened)


@control("login-without-mfa", "high", open_logins, ("logins.mfa",))
def login_without_mfa(run: Run, login: Row, params: Params) -> str:
    """Fail when `mfa` is none, and less gravely when it is sms."""
    mfa = word(login, "mfa")
    if not mfa:
        return NOT_EVALUATED
    return "medium" if mfa == "sms" else verdict(mfa == "none")


@control("reused-password", "high", open_logins, ("logins.fingerprint",))
def reused_password(run: Run, login: Row, params: Params) -> str:
    """Fail when another login, of whatever account, has the same fingerprint."""
    fingerprint = cell(login, "fingerprint")
    return verdict(bool(fingerprint) and run.fingerprints[fingerprint] > 1)


@control("weak-password", "high", open_logins, ("logins.strength",), minimum=3)
def weak_password(run: Run, login: Row, params: Params) -> str:
    """Fail when the strength is below the minimum."""
    strength = cell(login, "strength")
    return verdict(int(strength) < params["minimum"]) if strength else NOT_EVALUATED


@control(
    "shared-login",
    "high",
    open_logins,
    ("logins.holder_ids",),
    individual_roles=["facebook", "linkedin", "youtube", "website"],
)
def shared_login(run: Run, login: Row, params: Params) -> str:
    """Fail when more than one person holds a login where everybody could have an own role."""
    platform = match_of(run.accounts[cell(login, "account_id")])[0]
    if platform not in {name.casefold() for name in params["individual_roles"]}:
        return OK
    return verdict(len(set(items(login, "holder_ids"))) > 1)


@control("recovery-contact-leaver", "critical", open_accounts, ("accounts.recovery_person_id",))
def recovery_contact_leaver(run: Run, account: Row, params: Params) -> str:
    """Fail when `recovery_person_id` is not an active person, and less gravely when empty."""
    if not cell(account, "recovery_person_id"):
        return "medium"
    return run.inactive(cell(account, "recovery_person_id"))


# policy/


@control("untrained-manager", "high", live_grants, ("people.trained_on",))
def untrained_manager(run: Run, grant: Row, params: Params) -> str:
    """Fail when an active administrator has no `trained_on`."""
    if not administrative_of_active(run, grant):
        return OK
    return verdict(not cell(run.people[cell(grant, "person_id")], "trained_on"))


@control("training-refresher-overdue", "medium", live_grants, ("people.trained_on",), days=365)
def training_refresher_overdue(run: Run, grant: Row, params: Params) -> str:
    """Fail when the training of an active administrator is too old."""
    if not administrative_of_active(run, grant):
        return OK
    trained = day(run.people[cell(grant, "person_id")], "trained_on")
    if trained is None:
        return NOT_EVALUATED
    return verdict(run.older(trained, params["days"]))


@control(
    "policy-unacknowledged",
    "medium",
    live_grants,
    ("people.policy_version",),
    policy_needs=("version",),
)
def policy_unacknowledged(run: Run, grant: Row, params: Params) -> str:
    """Fail when an active administrator acknowledged another version of the policy, or none."""
    if not administrative_of_active(run, grant):
        return OK
    acknowledged = cell(run.people[cell(grant, "person_id")], "policy_version")
    return verdict(not acknowledged or acknowledged != str(run.policy_value("version")))


@control("policy-review-overdue", "medium", the_policy, policy_needs=("next_review",))
def policy_review_overdue(run: Run, nothing: Row, params: Params) -> str:
    """Fail when the policy's `next_review` is before as_of."""
    review = run.policy_value("next_review")
    # TOML has dates and instants, and a careful hand may have put quotes around either.
    if isinstance(review, str):
        review = datetime.fromisoformat(review) if "T" in review else date.fromisoformat(review)
    if isinstance(review, datetime):
        review = (review.astimezone(UTC) if review.tzinfo else review).date()
    return verdict(run.past(review))


@control("no-second-approver", "high", open_accounts, ("accounts.post_approver_ids",), minimum=2)
def no_second_approver(run: Run, account: Row, params: Params) -> str:
    """Fail when fewer than the minimum of active persons approve posts."""
    approvers = items(account, "post_approver_ids")
    return run.too_few(approvers, params["minimum"]) if approvers else FAIL


@control("personal-data-past-retention", "medium", people, ("grants.account_id",), days=None)
def personal_data_past_retention(run: Run, person: Row, params: Params) -> str:
    """Fail when somebody left long ago and has no live grant anywhere, closed accounts included."""
    if word(person, "status") != "left":
        return OK
    left = day(person, "left_on")
    if left is None:
        return NOT_EVALUATED
    has_grant = cell(person, "id") in run.holders_of_live_grants
    return verdict(run.older(left, params["days"]) and not has_grant)


# incidents/


@control("crisis-contacts-thin", "medium", open_accounts, minimum=2, days=90)
def crisis_contacts_thin(run: Run, account: Row, params: Params) -> str:
    """Fail when the contacts of an account are too few, or were verified too long ago."""
    contacts = items(account, "crisis_contact_ids")
    has_names = run.tracks("accounts.crisis_contact_ids")
    few = run.too_few(contacts, params["minimum"]) if contacts else FAIL
    if has_names and few == FAIL:
        return FAIL
    verified = day(account, "crisis_contacts_verified_on")
    has_day = run.tracks("accounts.crisis_contacts_verified_on")
    if has_day and (verified is None or run.older(verified, params["days"])):
        return FAIL
    return OK if has_names and has_day and few == OK else NOT_EVALUATED


@control("single-investigator", "high", incidents, ("incidents.investigators",))
def single_investigator(run: Run, incident: Row, params: Params) -> str:
    """Fail when somebody's conduct is looked into by fewer than two in two roles, or by them."""
    pairs = []
    for entry in items(incident, "investigators"):
        person_id, _, role = entry.partition(":")
        pairs.append((person_id.strip(), role.strip().casefold()))
    two = any(
        one[0] != other[0] and one[1] != other[1] and all((*one, *other))
        for one in pairs
        for other in pairs
    )
    subject, sanction = cell(incident, "subject_id"), cell(incident, "sanction")
    if subject and subject in {pair[0] for pair in pairs}:
        return FAIL
    if not two and (subject or sanction):
        return FAIL
    # An incident that is about nobody's conduct passes, where it is known that it is not.
    if not run.tracks("incidents.subject_id"):
        return NOT_EVALUATED
    if not two and not run.tracks("incidents.sanction"):
        return NOT_EVALUATED
    return OK


@control("incident-overdue", "high", incidents, ("incidents.opened_at",), hours=72)
def incident_overdue(run: Run, incident: Row, params: Params) -> str:
    """Fail when an open incident is past its day, or a breach was not decided upon in time."""
    due = day(incident, "due_on")
    halves = [
        both(
            said(run, incident, "incidents.due_on", due is not None and run.past(due)),
            said(run, incident, "incidents.closed_on", not cell(incident, "closed_on")),
        ),
        both(
            said(run, incident, "incidents.personal_data", yes(incident, "personal_data")),
            said(
                run,
                incident,
                "incidents.notified_decision_at",
                is_decided_late(run, incident, params),
            ),
        ),
    ]
    # A high risk that nobody records is none, and then nobody has to be told.
    if yes(incident, "high_risk"):
        late = is_late(run, incident, "subjects_told_at", params)
        halves.append(
            both(
                said(run, incident, "incidents.personal_data", yes(incident, "personal_data")),
                said(run, incident, "incidents.subjects_told_at", late),
            )
        )
    # Where no privacy law applies there is no authority, and nobody who must be told.
    if run.privacy_law == "none":
        del halves[1:]
    if FAIL in halves:
        return FAIL
    return NOT_EVALUATED if NOT_EVALUATED in halves else OK


def is_decided_late(run: Run, incident: Row, params: Params) -> bool:
    """Tell whether the decision is missing or came after the hours, without a reason for that."""
    return is_late(run, incident, "notified_decision_at", params)


def is_late(run: Run, incident: Row, column: str, params: Params) -> bool:
    """Tell whether something is missing or came after the hours, without a reason for that.

    The clock runs from the instant at which somebody was aware, else from the opening.
    """
    since = by_now(run, incident, "aware_at") or instant(incident, "opened_at")
    decided = by_now(run, incident, column)
    assert since is not None
    limit = timedelta(hours=params["hours"])
    if decided is None:
        return run.as_of - since > limit
    return decided - since > limit and not cell(incident, "delay_reason")


def by_now(run: Run, row: Row, column: str) -> datetime | None:
    """Return an instant of something that was done or known: none that is yet to come."""
    found = instant(row, column)
    return None if found is None or found > run.as_of else found


def said(run: Run, row: Row, needed: str, condition: bool) -> str:
    """Return what a column says of a condition, and that it says nothing where it is untracked."""
    return verdict(condition) if run.knows(needed, row) else NOT_EVALUATED


def both(one: str, other: str) -> str:
    """Return whether two conditions hold, one of which may be unknown."""
    return min(one, other, key=[OK, NOT_EVALUATED, FAIL].index)


@control(
    "sanction-step-skipped",
    "low",
    incidents,
    ("incidents.sanction", "incidents.previous_sanction"),
)
def sanction_step_skipped(run: Run, incident: Row, params: Params) -> str:
    """Fail when a step of the ladder came without the one before it, and no reason was given."""
    ladder = [step.casefold() for step in run.policy_value("sanction_ladder")]
    before = dict(zip(ladder[1:], ladder, strict=False))
    wanted = before.get(word(incident, "sanction"))
    if wanted is None or cell(incident, "skip_reason"):
        return OK
    return verdict(word(incident, "previous_sanction") != wanted)


@control(
    "report-to-authorities-undecided",
    "critical",
    incidents,
    ("incidents.minor_involved", "incidents.authority_decided_at"),
    hours=24,
)
def report_to_authorities_undecided(run: Run, incident: Row, params: Params) -> str:
    """Fail when a minor is involved, and reporting was not decided upon within the hours."""
    if not cell(incident, "minor_involved"):
        return NOT_EVALUATED
    if not yes(incident, "minor_involved"):
        return OK
    known = min(filter(None, (instant(incident, "aware_at"), instant(incident, "opened_at"))))
    decided = by_now(run, incident, "authority_decided_at") or run.as_of
    return verdict(decided > known + timedelta(hours=params["hours"]))


@control("minor-shown-without-consent", "critical", shown_contents, ("contents.shows_minors",))
def minor_shown_without_consent(run: Run, content: Row, params: Params) -> str:
    """Fail when a minor is shown, and there is no consent or it has ended."""
    if not cell(content, "shows_minors"):
        return NOT_EVALUATED
    if not yes(content, "shows_minors"):
        return OK
    ends = day(content, "consent_ends")
    lacks = [
        said(run, content, "contents.consent_ref", not cell(content, "consent_ref")),
        said(run, content, "contents.consent_ends", ends is not None and run.past(ends)),
    ]
    return max(lacks, key=[OK, NOT_EVALUATED, FAIL].index)


@control("waiver-without-end", "medium", the_policy, days=365, maximum=2)
def waiver_without_end(run: Run, nothing: Row, params: Params) -> str:
    """Fail when a waiver that has not ended is too long, or one of too many of one subject."""
    waivers = run.policy.get("waivers", [])
    for waiver in waivers:
        if run.today > waiver["expires"]:
            continue
        # Nobody has accepted anything before the day came.
        since = min(waiver.get("accepted_on", run.today), run.today)
        if waiver["expires"] > since + timedelta(days=params["days"]):
            return FAIL
        if sum(about_of(one) == about_of(waiver) for one in waivers) > params["maximum"]:
            return FAIL
    return OK


def about_of(waiver: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the control and the subject of a waiver; a handle has no sign before it."""
    keys = ("account", "person", "login", "entity", "incident", "content", "email")
    seen = {name: str(waiver.get(name, "")) for name in ("platform", "handle")}
    return waiver["control"], *(str(waiver.get(key, "")) for key in keys), *key_of(seen)


# ------------------------------------------------------------------------------------- the audit


def audit(
    tables: Tables,
    columns: Columns,
    policy: dict[str, Any],
    as_of: datetime,
    vaulted: Collection[tuple[str, str]] = (),
) -> dict[str, Verdicts]:
    """Return what every control of the catalogue says about a valid registry.

    :param vaulted: logins whose holders are those whom a vault has on record.
    """
    run = Run(tables, columns, policy, as_of, vaulted)
    return {entry.id: audit_one(run, entry) for entry in CATALOGUE}


def audit_one(run: Run, entry: Control) -> Verdicts:
    """Put one control to all its subjects."""
    if not run.enabled_somewhere(entry):
        return Verdicts({}, set(), whole_run=False)
    tracked = all(run.tracks(column) for column in entry.needs) and has_one(run, entry)
    # Of subjects of which there are none on record nobody knows anything.
    if entry.subjects in (live_grants, people):
        tracked &= run.has("grants" if entry.subjects is live_grants else "people")
    stated = all(run.states(name) for name in entry.policy_needs)
    if not (tracked and stated):
        return Verdicts({}, set(), whole_run=True)
    failed: dict[Subject, str] = {}
    not_evaluated: set[Subject] = set()
    for subject, entity_id, row in entry.subjects(run):
        params = run.params(entry, entity_id)
        if not params["enabled"]:
            continue
        # Whom a control is not about passes, whatever is tracked of them.
        is_about = entry.id not in ABOUT or ABOUT[entry.id](run, row)
        if is_about and not all(run.tracks_for(name, subject, row) for name in entry.needs):
            not_evaluated.add(subject)
            continue
        answer = entry.check(run, row, params)
        if answer == NOT_EVALUATED:
            not_evaluated.add(subject)
        elif answer != OK:
            own = entry.severity if answer == FAIL else answer
            failed[subject] = str(params.get("severity", own)).casefold()
    return Verdicts(failed, not_evaluated, whole_run=False)


def has_one(run: Run, entry: Control) -> bool:
    """Tell whether there is one of the things without which a control says nothing at all."""
    has_payees = run.policy_value("payees") is not None
    match entry.id:
        case "domain-expiring":
            by_name = run.tracks("accounts.domain_registrant") and run.states("legal_names")
            return by_name or run.tracks("accounts.domain_expires_on")
        case "money-to-unknown-payee":
            paid = ("accounts.ads_payer", "accounts.donations_payee")
            by_name = has_payees and any(map(run.tracks, paid))
            return by_name or run.tracks("accounts.payment_holder_id")
        case _:
            return True


ABOUT: dict[str, Callable[[Run, Row], bool]] = {
    "untrained-manager": administrative_of_active,
    "training-refresher-overdue": administrative_of_active,
    "account-without-login": lambda _, account: word(account, "status") == "active",
}


AMBIGUITIES: tuple[str, ...] = (
    (
        "All controls: a policy `severity` is taken to replace every severity of the control, "
        "also the second one of third-party-without-contract and login-without-mfa; it could "
        "replace only the first."
    ),
    (
        "All controls: an override is merged parameter by parameter along the line of "
        "entities; the nearest entity's table could instead replace the farther ones as a "
        "whole."
    ),
    (
        "All controls: one that is disabled everywhere is silent (whole_run False) even when "
        "its columns are not tracked; it could be reported as NOT_EVALUATED all the same."
    ),
    (
        "All controls: as_of's UTC date is the day that `before`, `past`, `after` and `<=` "
        "compare dates with, so a date equal to as_of's day is not before it; the midnight of "
        "a date could be compared with the instant instead, so that it is."
    ),
    (
        "Controls with `Empty: N`: the empty cell is taken to decide before any other "
        "condition of `fails when` once the qualifying nouns hold; it could decide only when "
        "the rest leaves the verdict open (mover-with-access, ghost-grant and "
        "personal-data-past-retention differ)."
    ),
    (
        "mover-with-access: an empty `entity_id` is not evaluated even where a "
        "delegation_ref, or being head or IT delegate, excuses the grant; such a grant could "
        "simply pass."
    ),
    (
        "mover-with-access: `head_id` untracked makes it NOT_EVALUATED for the whole run, as "
        "it is not among the exception columns while `it_delegate_ids` is; it could read as "
        "empty as an exemption."
    ),
    (
        "mover-with-access: the person's own status does not matter, only being on the "
        "roster; a person who left could be outside the population."
    ),
    (
        "personal-data-past-retention: a person with status left, no left_on and a live grant "
        "is not evaluated; the live grant could let the person pass or be outside the "
        "population."
    ),
    (
        "personal-data-past-retention: left_on untracked reads as empty, so each person who "
        "left is not evaluated one by one; it could be NOT_EVALUATED for the whole run."
    ),
    (
        "personal-data-past-retention: the overrides of the person's entity_id hold for the "
        "person; they could hold for nobody."
    ),
    (
        "ghost-grant: a holder whose e-mail is found passes even where another row of the "
        "latest date has no e-mail; such a grant could be not evaluated."
    ),
    (
        "ghost-grant: a grant on an account that was never observed is not evaluated; it could "
        "be outside the population, so that it passes."
    ),
    (
        "ghost-grant: a holder who is not on the roster counts as a holder without e-mail, so "
        "not evaluated; the grant could fail or be outside the population."
    ),
    (
        "ghost-grant and unregistered-admin: the latest observation date is the latest of the "
        "file, also one after as_of; dates after as_of could be left aside."
    ),
    (
        "unregistered-admin: rows without an e-mail are one not evaluated subject per key, "
        "without an e-mail part; each row could be one, or the whole key with all its e-mails "
        "could be it."
    ),
    (
        "unregistered-admin: the overrides are those of the entity of the first account, in "
        "the order of the file, that is not closed; they could be another account's, the "
        "observation's own entity_id's, or the strictest."
    ),
    (
        "unregistered-admin: a live grant's holder counts whatever the status or role; only "
        "active persons or administrative grants could count."
    ),
    (
        "unregistered-account: the overrides are those of the first entity_id that the rows "
        "of the key's latest observation date name; they could be another row's, or none."
    ),
    (
        "closed-account-live-access: without logins the live grants alone decide who fails, and "
        "nobody passes; a missing table could make it NOT_EVALUATED for the whole run."
    ),
    (
        "unapproved-platform and unapproved-app: an empty list in the policy is a list on "
        "which nothing is approved; it could count as no list."
    ),
    (
        "unapproved-app: app names are compared without regard to case; they could be compared "
        "exactly, since they are no closed vocabulary."
    ),
    (
        "ineligible-manager: a policy without clearance_levels has the levels A, B, C; it could "
        "make the control NOT_EVALUATED for the whole run."
    ),
    (
        "ineligible-manager: levels are compared without regard to case; they could be compared "
        "exactly."
    ),
    (
        "ineligible-manager: a required `level` that the policy does not list is taken to be an "
        "error of the policy, which never gets here; everybody could fail."
    ),
    (
        "policy-unacknowledged: a policy without a version makes it NOT_EVALUATED for the "
        "whole run; everybody could fail, as no version is the policy's."
    ),
    (
        "policy-review-overdue: a policy without next_review makes it NOT_EVALUATED for the "
        "whole run; it could pass, or the policy alone could be the not evaluated subject."
    ),
    (
        "account-unapproved: the head is that of the account's own entity, and so for "
        "head-without-access; the nearest head in line could stand in where the entity has "
        "none."
    ),
    (
        "account-unapproved: a head who is not on the roster or not active makes it not "
        "evaluated, whether or not they approved; only an empty head could."
    ),
    (
        "no-removal-path: with the path it, an account without any login on record fails as one "
        "without a login in the vault does; a login could be thought of that is not on record."
    ),
    (
        "account-without-login: the platforms are those of its own parameter individual_roles; "
        "those of shared-login's could be meant."
    ),
    (
        "suspended-admin: a suspended person whose left_on has come fails here and in "
        "orphaned-admin; one of the two could be enough."
    ),
    (
        "external-owner, third-party-without-contract and unsupervised-volunteer: a grant of "
        "a person who is not on the roster is not evaluated, like one of a person without a "
        "type; it could be outside the population, so that it passes."
    ),
    (
        "unsupervised-volunteer: a supervisor whose type is empty is no employee or clergy, "
        "so it fails; `type: N` could speak of the supervisor too."
    ),
    (
        "third-party-without-contract: it is critical once contract_ends is past, also where "
        "contract_ref or dpa_ref is missing as well; the missing ones alone could decide "
        "(high)."
    ),
    (
        "self-approved-access: `requested_by: P` lets only the comparison with the requester "
        "pass, so an approver who is the holder, or no approver at all, still fails; the "
        "grant could pass."
    ),
    (
        "access-not-recertified: `attested_by: P` lets only the comparison with the holder "
        "pass, so an old or empty attested_on still fails; the grant could pass."
    ),
    (
        "removal-path-untested: `F` speaks of an empty removal_tested_on where the path is "
        "head or it; with path none it could fail too."
    ),
    (
        "leaver-knows-password: access that is gone counts as gone from no earlier day than it "
        "was given or asked to be removed, and where it was asked, than it was last used; the "
        "day that somebody entered could be believed."
    ),
    (
        "leaver-knows-password: a holder who is suspended or on no roster counts as one who left "
        "(critical), as the role alone did not end; they could count as one whose role ended."
    ),
    (
        "leaver-knows-password: of several holders the gravest decides, and one who fails before "
        "one who is not evaluated; each could be a finding."
    ),
    (
        "leaver-knows-password: a holder on no roster whom the vault has as a reader fails where "
        "no day is on record, whenever the password was changed; they could be not evaluated."
    ),
    (
        "leaver-knows-password: an empty rotated_on fails only where a holder lost access; it "
        "could fail for every login that has a holder."
    ),
    (
        "leaver-knows-password: a left_on after as_of is not a day on which the holder left, "
        "whatever the status; for status left or suspended it could count as the day on "
        "record."
    ),
    (
        "leaver-knows-password: the last revocation is the latest on this account, also where "
        "the holder has a live grant beside it; it could be of any account, or count only "
        "when all grants of the holder are revoked."
    ),
    (
        "leaver-knows-password: each holder is judged by that holder's own days; the later of "
        "all days of all holders could be one limit (the same verdict except where a day is "
        "missing)."
    ),
    (
        "shared-login, no-second-approver and crisis-contacts-thin: a person named twice in a "
        "list counts once; entries could be counted."
    ),
    (
        "no-second-approver and crisis-contacts-thin: an empty list fails even under a "
        "minimum of zero; zero active persons could be enough then."
    ),
    (
        "single-investigator: two persons in two roles means two different persons whose "
        "roles differ, roles without regard to case, an entry without a role counting for "
        "nothing but being the subject; roles could be compared exactly, or an empty role "
        "count as one."
    ),
    (
        "single-investigator: investigators need not be active or on the roster; unknown "
        "persons could be left out of the count."
    ),
    (
        "incident-overdue: an incident is closed when closed_on is filled, also with a day "
        "after as_of; it could be closed from that day on."
    ),
    (
        "incident-overdue: a delay_reason excuses a decision that came late, and not one that is "
        "missing; it could excuse both."
    ),
    (
        "incident-overdue: an empty notified_decision_at fails once the hours have passed; it "
        "could fail at once."
    ),
    (
        "incident-overdue: aware_at and delay_reason read as empty where nobody tracks them, as "
        "skip_reason does; the control could be NOT_EVALUATED for the whole run."
    ),
    (
        "incident-overdue and single-investigator: where personal_data, due_on, closed_on, "
        "notified_decision_at or subject_id is untracked, what the other columns prove fails; "
        "the whole run could be NOT_EVALUATED."
    ),
    (
        "sanction-step-skipped: the column named last is skip_reason, whose emptiness cannot "
        "pass, so `P` is read as an empty sanction passing and an empty previous_sanction "
        "failing; an empty previous_sanction could pass."
    ),
    (
        "sanction-step-skipped: the previous sanction must be exactly the step before, so a "
        "second written warning fails; an equal or higher previous sanction could be enough, "
        "or an earlier incident of the same subject could show it."
    ),
)
