"""The commands for people: ``me``, ``findings``, ``revoke``, ``offboard`` and so on.

They speak to the API and to nothing else; what somebody may do is decided there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from rolecall.cli.api_client import ApiClient, download, read_session
from rolecall.cli.clock import now
from rolecall.cli.output import ask_to_proceed, say
from rolecall.errors import ProofError, UsageError
from rolecall.keys.path_ids import path_id
from rolecall.printable import printable
from rolecall.quantity import counted

__all__ = [
    "DryRunOption",
    "ReasonOption",
    "YesOption",
    "confirm",
    "findings",
    "me",
    "offboard",
    "reports",
    "revocations",
    "revoke",
]

ReasonOption = Annotated[
    str, typer.Option(help="Why, in 10 characters or more; it stays in the audit log.")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show what would be done, and change nothing.")
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def me() -> None:
    """Show who you are, which entities you head or help, and what you hold."""
    found = _api().get("/v1/me")
    person = found["person"]
    typer.echo(printable(f"{person['name']} ({person['id']})"))
    for label, values in (("groups", found["groups"]), ("entities", found["entities"])):
        if values:
            typer.echo(printable(f"  {label:<10}{', '.join(values)}"))
    if found.get("next"):
        typer.echo("  and more; GET /v1/entities lists them")
    for grant in found["grants"]:
        state = "revoked" if grant.get("revoked_on") else "live"
        typer.echo(printable(f"  {grant['role']:<10}{grant['account_id']}  {state}"))


def findings(
    entity: Annotated[str | None, typer.Option(help="Of this entity alone.")] = None,
    severity: Annotated[str | None, typer.Option(help="Of this severity.")] = None,
    control: Annotated[str | None, typer.Option(help="Of this control.")] = None,
) -> None:
    """List the findings that stand, as far as they are yours to see."""
    asked = {"entity": entity, "severity": severity, "control": control}
    from rolecall.cli.finding_text import finding_text

    count = 0
    for one in _rows(_api(), "/v1/findings", **asked):
        count += 1
        for line in finding_text(one):
            typer.echo(printable(line))
    typer.echo(counted(count, "finding"))


def revoke(
    account: Annotated[str, typer.Argument(help="The account.", metavar="ACCOUNT")],
    person: Annotated[str, typer.Argument(help="Whose access.", metavar="PERSON")],
    reason: ReasonOption,
    override: Annotated[
        str | None,
        typer.Option(help="As the head: why to go on although it leaves no administrator."),
    ] = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
) -> None:
    """Take a person's access to an account away."""
    api, path = _api(), f"/v1/accounts/{path_id(account)}/grants/{path_id(person)}/revocation"
    body = {"reason": reason, **({} if override is None else {"override": override})}
    effects = api.post(path, body, dry_run="true")["effects"]
    _show_effects(effects)
    if dry_run:
        typer.echo("nothing was changed")
        return
    ask_to_proceed(f"Take the access of {person} to {account} away?", yes=yes)
    _show_revocation(api.post(path, body)["revocation"])


def offboard(
    person: Annotated[str, typer.Argument(help="Whose access.", metavar="PERSON")],
    reason: ReasonOption,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
) -> None:
    """Take all access of a person away, as far as you reach."""
    api, path = _api(), f"/v1/people/{path_id(person)}/offboarding"
    planned = api.post(path, {"reason": reason}, dry_run="true")
    for one in planned["revocations"]:
        _show_effects(one["effects"])
    _show_refused(planned["refused"])
    if dry_run:
        typer.echo("nothing was changed")
        return
    ask_to_proceed(f"Take all of this access of {person} away?", yes=yes)
    done = api.post(path, {"reason": reason})
    for one in done["revocations"]:
        _show_revocation(one["revocation"])
    _show_refused(done["refused"])


def revocations(
    entity: Annotated[str | None, typer.Option(help="Of this entity alone.")] = None,
) -> None:
    """List revocations, the latest first, and what people must do."""
    for one in _rows(_api(), "/v1/revocations", entity=entity):
        _show_revocation(one)


def confirm(
    revocation: Annotated[str, typer.Argument(help="The revocation.", metavar="REVOCATION")],
    removed_by: Annotated[str, typer.Option(help="Who removed the access: a person's id.")],
    note: Annotated[str, typer.Option(help="How that is known.")],
    removed_on: Annotated[str | None, typer.Option(help="On which day; today by default.")] = None,
) -> None:
    """Say that the access is removed on the platform."""
    body = {
        "removed_by": removed_by,
        "removed_on": removed_on or now().date().isoformat(),
        "note": note,
    }
    _show_revocation(_api().post(f"/v1/revocations/{path_id(revocation)}/confirmation", body))


def reports(
    report: Annotated[
        str | None, typer.Argument(help="The report to download; without one all are listed.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Where to write it; by default its own name, here.")
    ] = None,
    run: Annotated[
        str | None, typer.Option(help="List those of this run alone, by its id.")
    ] = None,
    entity: Annotated[
        str | None, typer.Option(help="List those of this entity instead of those of all.")
    ] = None,
    sign_as: Annotated[
        str | None,
        typer.Option(help="Sign it off after it was written: as what, such as: compliance officer"),
    ] = None,
) -> None:
    """List reports, or download one and sign it off by the digest of what was written."""
    api = _api()
    if report is None:
        found = api.get("/v1/reports", run=run, entity=entity)
        for one in found["items"]:
            typer.echo(printable(f"{one['day']}  {one['name']:<20}{one['id']}"))
        if found.get("next"):
            say("older ones are listed with --run; rolecall runs and GET /v1/runs have the ids")
        return
    about = api.get(where := f"/v1/reports/{path_id(report)}")
    path = output or Path(Path(about["name"]).name)
    if path.exists():
        raise UsageError(f"{path}: is there already; --output names another")
    digest = download(api.get(f"{where}/download")["url"], path)
    if digest != about["digest"]:
        raise ProofError(f"{path}: is not the report that is kept; its digest is {digest}")
    typer.echo(f"wrote {path}; its SHA-256 is {digest}, as is kept")
    if sign_as is not None:
        signed = api.post(f"{where}/signature", {"digest": digest, "capacity": sign_as})
        typer.echo(printable(f"signed by {signed['person']} as {signed['capacity']}"))
    for one in api.get(where)["signatures"]:
        typer.echo(printable(f"  {one['at']}  {one['person']} as {one['capacity']}"))


def _api() -> ApiClient:
    return ApiClient(read_session(now()))


def _rows(api: ApiClient, path: str, **asked: str | None) -> Iterator[dict[str, Any]]:
    """Yield the rows of a list, page by page; a page may be empty and not the last."""
    cursor: str | None = None
    while True:
        page = api.get(path, **asked, cursor=cursor)
        yield from page["items"]
        cursor = page.get("next")
        if cursor is None:
            return


def _show_effects(effects: dict[str, Any]) -> None:
    typer.echo(
        printable(f"{effects['person']} loses the role {effects['role']} on {effects['account']}")
    )
    for label, values in (
        ("to be rotated", effects["logins"]),
        ("full control then", effects["administrators"]),
    ):
        typer.echo(printable(f"  {label:<19}{', '.join(values) or 'nobody'}"))


def _show_refused(refused: list[dict[str, Any]]) -> None:
    for one in refused:
        typer.echo(printable(f"not on {one['account']}: {one['detail']}"))


def _show_revocation(one: dict[str, Any]) -> None:
    typer.echo(printable(f"{one['state']:<13}{one['person']} on {one['account']}  {one['id']}"))
    if one["state"] == "needs_human":
        for number, step in enumerate(one.get("steps", ()), 1):
            typer.echo(printable(f"  {number}. {step}"))
