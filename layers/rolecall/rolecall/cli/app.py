"""The commands of ``rolecall``.

Exit status: 0 done; 1 done, and a finding stands at or above ``--fail-on``; 2 bad input or usage;
3 the audit could not complete.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import typer

from rolecall import __version__
from rolecall.cli import deployed, people, proving, restore, sign_in_requests, upgrade, verifying
from rolecall.cli.adopt import adopt
from rolecall.cli.arguments import (
    AfterWrongClockOption,
    AllOption,
    AsOfOption,
    FailOnOption,
    KeptLogOption,
    LanguageOption,
    SeverityOption,
    WhatIfOption,
    WithIncidentsOption,
    asked_instant,
    chosen_chronology,
)
from rolecall.cli.arguments import signing_key as sealing_key
from rolecall.cli.audit_output import as_format, as_table, at_least, say_beside
from rolecall.cli.beside_registry import copy_beside
from rolecall.cli.clock import now
from rolecall.cli.collect import collect
from rolecall.cli.controls import controls_app
from rolecall.cli.doctor import doctor
from rolecall.cli.login import login
from rolecall.cli.output import problems_as_json, say, show_problems, show_refusal, write
from rolecall.cli.pipeline import located, problems_in
from rolecall.cli.plan import plan
from rolecall.cli.progress import ended, progress
from rolecall.cli.report import ReportOption, write_audit
from rolecall.cli.report import report as make_report
from rolecall.cli.roster import roster
from rolecall.cli.row_choice import chosen_entity
from rolecall.cli.starting import demo, init
from rolecall.cli.terminal import prepare_streams
from rolecall.cli.users import users_app
from rolecall.cli.validation import PolicyOption, RegistryArgument, read_with_policy, validate
from rolecall.cli.vault import vault_app
from rolecall.cli.vault_import import import_export
from rolecall.errors import AuditError, InputError, PolicyError, RegistryError, RolecallError
from rolecall.garbage import uncollected
from rolecall.ledger.file_log import FileLog
from rolecall.ledger.log_files import LogFiles
from rolecall.model import Policy
from rolecall.registry.reading import RegistryInput, read_registry
from rolecall.reports.formats import format_named, short_names
from rolecall.reports.report import Report
from rolecall.usecases.runs.local import Limits, run_audit
from rolecall.vocabulary import Language

__all__ = ["Format", "app", "audit", "convert", "main"]

app = typer.Typer(
    name="rolecall",
    help="Audit who holds the keys of an organisation's social accounts and websites.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(controls_app, name="controls")
app.add_typer(sign_in_requests.sign_ins_app, name="sign-ins")
vault_app.command("import")(import_export)
_GROUPS = {"log": proving.log_app, "key": proving.key_app, "vault": vault_app, "users": users_app}
for _name, _group in _GROUPS.items():
    app.add_typer(_group, name=_name)


_TABLE = "table"
if TYPE_CHECKING:
    Format: TypeAlias = str
else:
    Format = Literal[(_TABLE, *short_names(pages=False))]

_kept: list[object] = []
"""What an audit made, held until the process ends; see :func:`main`."""


def main() -> None:
    """Run the command line; every way it can end has its exit status."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    prepare_streams()
    status = 3
    try:
        _program()(prog_name="rolecall")
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
    except InputError as error:
        show_refusal(error)
        status = 2
    except RolecallError as error:
        say(f"error: {error}")
    except Exception:  # noqa: BLE001 - the outermost edge: status 1 means something else.
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    # Everything is on disk. An audit leaves tens of millions of objects, and giving each back to a
    # process that ends takes a tenth of its time: it ends at once instead.
    os._exit(status)


@cache
def _program() -> Any:
    """Return what is run, made once a process: all commands and their options are looked at."""
    return typer.main.get_command(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rolecall {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Audit who holds the keys of an organisation's social accounts and websites."""


@app.command()
@uncollected()
def audit(
    registry: RegistryArgument,
    policy: PolicyOption = None,
    log: KeptLogOption = None,
    signing_key: proving.SigningKeyOption = None,
    as_of: AsOfOption = None,
    what_if: WhatIfOption = False,
    after_wrong_clock: AfterWrongClockOption = False,
    entity: Annotated[
        str | None, typer.Option(help="Audit this entity, by id or name, and all below it.")
    ] = None,
    control: Annotated[
        list[str] | None, typer.Option(help="Run this control only; may be repeated.")
    ] = None,
    severity: SeverityOption = None,
    all_: AllOption = False,
    language: LanguageOption = None,
    format_: Annotated[
        Format, typer.Option("--format", help="How to write the findings.")
    ] = _TABLE,
    output: Annotated[
        str, typer.Option(help="Where to write them: a file, or - for standard output.")
    ] = "-",
    report_: ReportOption = None,
    with_incidents: WithIncidentsOption = False,
    fail_on: FailOnOption = None,
) -> None:
    """Audit a registry."""
    instant = asked_instant(as_of)
    chronology = chosen_chronology(log, what_if=what_if, after_wrong_clock=after_wrong_clock)
    target = None if output == "-" else Path(output)
    signer = None if log is None or what_if else sealing_key(signing_key, log)
    with progress("reading") as advance:
        loaded, rules = _read((registry, policy), instant, (format_, target), language)

    def publish(report: Report) -> None:
        ended(advance)
        shown = at_least(report.findings, severity)
        if format_ == _TABLE:
            write(as_table(report, shown, target, is_brief=severity is None and not all_), target)
        else:
            write(as_format(report, shown, format_, (registry, policy)), target)

    scope = chosen_entity(entity, loaded.snapshot.entities)
    limits = Limits(scope, tuple(control or ()))
    with progress("auditing") as advance:
        run = partial(run_audit, loaded.snapshot, rules, instant, publish, advance=advance)
        if log is None or what_if:
            report = run(limits=limits, past=None if log is None else LogFiles(log))
            write_audit(report, report_, None, with_incidents=with_incidents)
        else:
            with FileLog.open(log) as records:
                report = run(log=records, signer=signer, limits=limits, chronology=chronology)
                write_audit(report, report_, records, with_incidents=with_incidents)
    _kept.append((loaded, report))
    if format_ != _TABLE:
        say_beside(report)
    if fail_on is not None and any(t.stands for t in at_least(report.findings, fail_on)):
        raise typer.Exit(1)


def _read(
    paths: tuple[Path, Path | None],
    instant: datetime,
    output: tuple[Format, Path | None],
    language: Language | None,
) -> tuple[RegistryInput, Policy]:
    (registry, policy), (format_, target) = paths, output
    try:
        return read_with_policy(registry, policy, instant, language)
    except (RegistryError, PolicyError) as error:
        spoken = error.language = language or error.language
        if format_ == "json":
            write([problems_as_json(error.problems, error.count, (), 0, spoken)], None)
        elif format_ != _TABLE and format_named(format_).has_rows:
            unlisted = error.count - len(error.problems)
            locate = located(registry, policy).of_problem
            write(problems_in(format_, error.problems, (), unlisted, locate, spoken), target)
        raise


@app.command()
def convert(
    registry: RegistryArgument,
    out: Annotated[
        Path, typer.Argument(help="A new directory, .xlsx or .json to write.", metavar="OUT")
    ],
) -> None:
    """Write a registry in another of its three forms, with its policy beside it."""
    from rolecall.registry.writing import write_registry

    loaded = read_registry(registry, now().date())
    show_problems("warning", loaded.warnings, loaded.warning_count, loaded.language)
    try:
        write_registry(loaded.snapshot, out)
        typer.echo(f"wrote {out}")
        copy_beside(registry, out, loaded.snapshot)
    except OSError as error:
        raise AuditError(f"{out}: cannot write: {error.strerror}") from error


for _command in (
    *(adopt, collect, init, demo, plan, roster, verifying.verify, validate, doctor),
    *(login, people.me, people.findings, people.revoke, people.offboard, restore.restore),
    *(people.revocations, people.confirm, people.reports, upgrade.upgrade, restore.rebuild),
    *(deployed.run, deployed.runs, sign_in_requests.sign_in, restore.break_glass),
):
    app.command()(_command)
app.command("report")(make_report)
app.command("import")(deployed.import_registry)
app.command("export")(deployed.export_registry)
