"""``rolecall sign-in`` and ``sign-ins``: officers let in who is locked out, one or hundreds.

An office is asked for by the first, too.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from rolecall.bounded_reading import content_of
from rolecall.cli.api_client import ApiClient, read_session
from rolecall.cli.clock import now
from rolecall.cli.output import ask_to_proceed
from rolecall.cli.row_choice import chosen_row
from rolecall.errors import InputError, UsageError
from rolecall.keys.path_ids import path_id
from rolecall.limits import check_size
from rolecall.lineage import children_of, descendants
from rolecall.printable import printable
from rolecall.quantity import counted
from rolecall.usecases.governance.preconditions import etag
from rolecall.usecases.governance.sign_in_list_decisions import MOST_LISTED
from rolecall.usecases.governance.sign_in_lists import SignInList
from rolecall.usecases.governance.sign_in_requests import SignInRequest
from rolecall.usecases.identity.offices import OfficeName
from rolecall.usecases.identity.sign_in import mark_of

__all__ = ["sign_in", "sign_ins_app"]

sign_ins_app = typer.Typer(
    help="Let in hundreds at once after a new issuer or a new pool; it takes two officers.",
    no_args_is_help=True,
)
_MOST_BYTES = 10_000_000
"""Of a file of subjects."""
_ListArgument = Annotated[str, typer.Argument(help="The list, as ask says it.", metavar="LIST")]


def sign_in(
    person: Annotated[str, typer.Argument(help="Who is locked out.", metavar="PERSON")],
    reason: Annotated[
        str | None, typer.Option(help="Why, in 10 characters or more; it stays in the audit log.")
    ] = None,
    mark: Annotated[
        str | None,
        typer.Option(help="The mark that they were told; without one theirs is let go."),
    ] = None,
    office: Annotated[
        OfficeName | None,
        typer.Option(help="Ask that they have this office; the operator gives it then."),
    ] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Approve what is asked for.")] = False,
    refuse: Annotated[
        bool, typer.Option("--refuse", help="Refuse it, or take back what you asked for.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Ask for another sign-in of somebody or an office, or decide what another asked for.

    With a reason it is asked for; without one it is shown. It takes two, and neither is PERSON.
    """
    api, path = ApiClient(read_session(now())), f"/v1/people/{path_id(person)}/sign-in"
    wanted = mark or office
    if (approve and (refuse or reason or wanted)) or (refuse and (wanted or not reason)):
        raise UsageError("--approve stands alone, --refuse with a --reason")
    if refuse:
        _show(api.post(f"{path}/refusal", {"reason": reason}))
    elif reason is not None:
        asked = {"reason": reason, "mark": mark, "office": office}
        _show(api.post(path, {name: said for name, said in asked.items() if said is not None}))
    elif wanted is not None:
        raise UsageError("--mark and --office: say why, with --reason")
    else:
        found = api.get(path)
        _show(found)
        if approve:
            ask_to_proceed("Let it be so?", yes=yes)
            _show(api.approve(f"{path}/approval", etag(msgspec.convert(found, SignInRequest))))


def _show(found: dict[str, Any]) -> None:
    mark, office = found["mark"], found.get("office")
    what = "the next one with their address" if mark is None else f"the mark {mark}"
    told = f"signs in by {what}" if office is None else f"is an officer: {office}"
    typer.echo(printable(f"{found['state']:<9}{found['person']} {told}"))
    typer.echo(printable(f"  asked by {found['requested_by']}: {found['reason']}"))
    if found.get("decided_by"):
        typer.echo(printable(f"  {found['state']} by {found['decided_by']}"))


@sign_ins_app.command("ask")
def _ask(
    source: Annotated[
        Path,
        typer.Argument(
            help="The roster, as audit has it; or, with --issuer, a CSV of person and subject.",
            metavar="FILE",
        ),
    ],
    reason: Annotated[
        str, typer.Option(help="Why, in 10 characters or more; it stays in the audit log.")
    ],
    entity: Annotated[
        str | None, typer.Option(help="Of this entity and all below it alone.")
    ] = None,
    issuer: Annotated[
        str | None, typer.Option(help="The address of the issuer that has those subjects.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Ask that the sign-in of everybody on a roster be let go, or that subjects be theirs.

    What is let go is followed by the next one with their verified address. Who cannot be let in
    so is left out and named, you among them.
    """
    if issuer is not None and entity is not None:
        raise UsageError("--entity is of a roster; with --issuer the file says who")
    api = ApiClient(read_session(now()))
    rows = list(_of_roster(source, entity) if issuer is None else _of_file(source, issuer))
    if not rows:
        raise UsageError(f"{source}: nobody stands there who serves")
    for person, name, _ in rows:
        typer.echo(printable(f"  {person:<20} {name}"))
    what = "be let go" if issuer is None else f"be those of {issuer}"
    ask_to_proceed(f"Ask that the sign-ins of these {len(rows):,} {what}?", yes=yes)
    for number in range(0, len(rows), MOST_LISTED):
        part = rows[number : number + MOST_LISTED]
        people = [{"person": id_} | ({"mark": mark} if mark else {}) for id_, _, mark in part]
        _show_list(api.post("/v1/sign-ins", {"people": people, "reason": reason}))


@sign_ins_app.command("show")
def _show_one(id_: _ListArgument) -> None:
    """Show a list: who it is about, by name, and how far it is with each of them."""
    _show_list(ApiClient(read_session(now())).get(f"/v1/sign-ins/{path_id(id_)}"))


@sign_ins_app.command("approve")
def _approve(
    id_: _ListArgument,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Approve a list that another asked for, or go on with it after an interruption."""
    api, path = ApiClient(read_session(now())), f"/v1/sign-ins/{path_id(id_)}"
    found = api.get(path)
    _show_list(found)
    ask_to_proceed(f"Let these {found['left']:,} sign in so?", yes=yes)
    before = found["left"] + 1
    # A part of them at each request, until nobody is left or nothing goes on.
    while 0 < found["left"] < before:
        before = found["left"]
        tag = etag(msgspec.convert(found["list"], SignInList))
        found = api.approve(f"{path}/approval", tag)
        typer.echo(f"{found['left']:,} left", err=True)
    _show_list(found)


@sign_ins_app.command("refuse")
def _refuse(
    id_: _ListArgument,
    reason: Annotated[
        str, typer.Option(help="Why, in 10 characters or more; it stays in the audit log.")
    ],
) -> None:
    """Refuse a list, or take back what you asked for."""
    api = ApiClient(read_session(now()))
    _show_list(api.post(f"/v1/sign-ins/{path_id(id_)}/refusal", {"reason": reason}))


def _of_roster(source: Path, entity: str | None) -> Iterator[tuple[str, str, str | None]]:
    """Yield who serves, of a roster or of an entity with all below it, by id and name."""
    from rolecall.registry.reading import read_registry

    today = now().date()
    snapshot = read_registry(source, today).snapshot
    places = None
    if entity is not None:
        entity = chosen_row("entities", entity, snapshot.entities)
        if entity not in {one.id for one in snapshot.entities}:
            raise UsageError(f"--entity: there is no entity {entity} in {source}")
        places = {
            id_ for level in descendants([entity], children_of(snapshot.entities)) for id_ in level
        }
    for person in snapshot.people:
        if person.is_active(today) and (places is None or person.entity_id in places):
            yield person.id, person.name, None


def _of_file(source: Path, issuer: str) -> Iterator[tuple[str, str, str | None]]:
    """Yield who is to have which mark, of a file of people and the subjects of an issuer."""
    try:
        data = content_of(source, _MOST_BYTES)
        check_size(data, _MOST_BYTES)
        rows = csv.DictReader(data.decode("utf-8-sig").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{source}: cannot be read: {error}") from None
    if not {"person", "subject"} <= set(rows.fieldnames or ()):
        raise InputError(f"{source}: has no columns person and subject, with commas between")
    for number, row in enumerate(rows, 2):
        person, subject = (row["person"] or "").strip(), (row["subject"] or "").strip()
        if not person or not subject:
            raise InputError(f"{source}: row {number}: person or subject is missing")
        yield person, subject, mark_of(issuer, subject)


def _show_list(found: dict[str, Any]) -> None:
    asked = found["list"]
    typer.echo(
        printable(
            f"{asked['state']:<9}{asked['id']}  {counted(len(found['people']), 'person', 'people')}"
        )
    )
    typer.echo(printable(f"  asked by {asked['requested_by']}: {asked['reason']}"))
    if asked.get("decided_by"):
        typer.echo(printable(f"  {asked['state']} by {asked['decided_by']}"))
    marks = {one["person"]: one["mark"] for one in asked["people"]}
    for one in found["people"]:
        mark = marks[one["person"]]
        by = "the next with their address" if mark is None else f"the mark {mark}"
        told = f"{one['name']}, by {by}" + (f": {one['why']}" if one["why"] else "")
        typer.echo(printable(f"  {one['standing']:<9} {one['person']:<20} {told}"))
    for one in asked["left_out"]:
        typer.echo(printable(f"  not asked {one['person']:<20} {one['why']}"))
