"""All of AWS on one machine: ``make up``, ``make down`` and ``make logs``.

The emulator (ministack) runs in a process of its own with its state below ``.local/``; the same
template.yaml is built and deployed to it by the SAM CLI. What its CloudFormation leaves out
(locks, point-in-time recovery) is set by API calls here. Every step can be repeated.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from infra.demo_users import make_users
from infra.emulator_gaps import fill_gaps
from rolecall.model import SEVERITIES

ROOT = Path(__file__).resolve().parents[1]
LOCAL = ROOT / ".local"
TOOLS = LOCAL / "tools"
PID = LOCAL / "emulator.pid"
LOG = LOCAL / "emulator.log"
STACK_FILE = LOCAL / "stack.json"
STACK = "rolecall"
REGION = "us-east-1"
EXAMPLE = ROOT / "examples" / "diocese"
AS_OF = "2026-11-02"
SHOWN = 15


class LocalError(Exception):
    """Something that a person has to see to; the message says what."""


def port() -> int:
    """Return the port of the emulator: ROLECALL_PORT, or 4566."""
    return int(os.environ.get("ROLECALL_PORT", "4566"))


def endpoint() -> str:
    """Return the address of the emulator."""
    return f"http://127.0.0.1:{port()}"


def environment() -> dict[str, str]:
    """Return the environment in which every tool speaks to the emulator and to nobody else."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **kept,
        "AWS_ENDPOINT_URL": endpoint(),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "SAM_CLI_TELEMETRY": "0",
        "ROLECALL_BUILD": "local",
        "ROLECALL_PYTHON": sys.executable,
        "UV": str(TOOLS / "uv" / "bin" / "uv"),
    }


# -- the emulator -----------------------------------------------------------------------------


def running() -> int | None:
    """Return the process id of our emulator, if it runs."""
    try:
        pid = int(PID.read_text(encoding="ascii"))
        command = Path(f"/proc/{pid}/cmdline")
        # Another process may have the number by now.
        is_ours = not command.exists() or b"ministack" in command.read_bytes()
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return pid if is_ours else None


def answers() -> bool:
    """Tell whether the emulator answers."""
    try:
        with urlopen(f"{endpoint()}/_ministack/health", timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def is_taken() -> bool:
    """Tell whether somebody listens on the port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port())) == 0


def start() -> None:
    """Start the emulator, unless it runs."""
    if running() is not None:
        wait_until(
            answers, 20, f"the emulator runs but does not answer; look at {LOG}, then make down"
        )
        return
    if is_taken():
        raise LocalError(
            f"port {port()} is taken by another program; end it, or choose another port: "
            "ROLECALL_PORT=4577 make up"
        )
    LOCAL.mkdir(exist_ok=True)
    set_aside()
    settings = {
        **environment(),
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port()),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(LOCAL / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(LOCAL / "s3"),
        "MINISTACK_REGION": REGION,
    }
    with LOG.open("ab") as log:
        process = subprocess.Popen(
            [TOOLS / "emulator" / "bin" / "ministack"],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            env=settings,
            cwd=LOCAL,
            start_new_session=True,
        )
    PID.write_text(str(process.pid), encoding="ascii")
    wait_until(
        lambda: process.poll() is not None or answers(),
        30,
        f"the emulator did not start; see {LOG}",
    )
    if process.poll() is not None:
        PID.unlink()
        raise LocalError(f"the emulator ended at once; {LOG} says why")


def set_aside() -> None:
    """Start anew where the emulator was not stopped, but killed.

    It writes its tables when it stops and its objects at once: after a kill the tables are older
    than the checkpoints, which the seal takes, as it must, for a log that was rolled back.
    """
    if not PID.exists():
        return
    aside = LOCAL / "unclean"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    for name in ("state", "s3"):
        if (LOCAL / name).exists():
            (LOCAL / name).rename(aside / name)
    PID.unlink()
    say("the emulator was killed before it could write its state: it starts anew;")
    say("what it had is set aside in .local/unclean")


def stop() -> bool:
    """Stop the emulator so that it writes its state; return whether it ran."""
    pid = running()
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    wait_until(lambda: running() is None, 30, f"the emulator (process {pid}) does not end")
    PID.unlink(missing_ok=True)
    return True


def wait_until(done: Any, seconds: float, otherwise: str) -> None:
    """Wait for something."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise LocalError(otherwise)
        time.sleep(0.1)


# -- the stack --------------------------------------------------------------------------------


def deploy(stack: str = STACK, *parameters: str) -> None:
    """Build the template and deploy it.

    :param parameters: of the template, as ``Name=value``.
    """
    sam = str(TOOLS / "sam" / "bin" / "sam")
    built = LOCAL / "sam"
    quietly(
        [sam, "build", "--build-dir", built, "--cache-dir", LOCAL / "sam-cache", "--cached"],
        "building",
    )
    discard_broken_stack(stack)
    quietly(
        [
            *(sam, "deploy", "--template-file", built / "template.yaml", "--stack-name", stack),
            *("--resolve-s3", "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset"),
            *("--no-fail-on-empty-changeset", "--no-progressbar"),
            *("--parameter-overrides", "Local=yes", "ScheduleState=DISABLED", *parameters),
        ],
        "deploying",
    )


def discard_broken_stack(stack: str) -> None:
    """Delete a stack whose first deployment failed half-way: it cannot be updated."""
    from botocore.exceptions import ClientError

    formation = client("cloudformation")
    try:
        status = formation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    except ClientError:
        return
    if status in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"):
        say(f"an earlier deployment had stopped half-way ({status}); it is made anew")
        formation.delete_stack(StackName=stack)
        formation.get_waiter("stack_delete_complete").wait(
            StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )


def complete() -> dict[str, Any]:
    """Set what the emulator's CloudFormation leaves out, and return what there is to know."""
    found = client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in found["Outputs"]}
    fill_gaps(client, outputs)
    renew_stream(client("lambda"), outputs["RevokeFunctionArn"])
    outputs["ApiUrl"] = f"http://{outputs['GatewayId']}.execute-api.localhost:{port()}"
    known = {
        "endpoint": endpoint(),
        "region": REGION,
        "stack": STACK,
        "outputs": outputs,
        "users": make_users(client("cognito-idp"), outputs, EXAMPLE),
    }
    # Passwords of this machine's own stack; all the same nobody else reads them.
    STACK_FILE.touch(mode=0o600)
    STACK_FILE.chmod(0o600)
    STACK_FILE.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    return outputs


def renew_stream(functions: Any, function: str) -> None:
    """Read the stream of revocations from its start.

    The emulator numbers a stream anew when it starts, and remembers how far it had read of the one
    before. What is carried out already is passed over.
    """
    for known in functions.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]:
        functions.delete_event_source_mapping(UUID=known["UUID"])
        functions.create_event_source_mapping(
            EventSourceArn=known["EventSourceArn"],
            FunctionName=function,
            StartingPosition="TRIM_HORIZON",
            BatchSize=10,
            FunctionResponseTypes=["ReportBatchItemFailures"],
        )


def client(service: str) -> Any:
    """Return a client of the emulator."""
    import boto3

    return boto3.client(
        service,
        endpoint_url=endpoint(),
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the emulator's own, known to all.
    )


def rolecall(*arguments: str | Path) -> None:
    """Run the command line against the emulator."""
    command = [str(Path(sys.executable).parent / "rolecall"), *map(str, arguments)]
    if subprocess.run(command, env=environment(), cwd=ROOT, check=False).returncode:
        raise LocalError(f"failed: rolecall {' '.join(map(str, arguments))}")


def quietly(command: list[Any], doing: str) -> None:
    """Run a tool, and show what it said only if it fails."""
    began = time.monotonic()
    done = subprocess.run(
        [str(part) for part in command],
        env=environment(),
        cwd=ROOT,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise LocalError(f"{doing} failed:\n{done.stdout}")
    say(f"{doing}: {time.monotonic() - began:.0f} s")


def say(message: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{message}\n")
    sys.stdout.flush()


# -- the commands -----------------------------------------------------------------------------


def up() -> None:
    """Start everything, import the example, run the night and show what it found."""
    start()
    say(f"emulator: {endpoint()}, log in .local/{LOG.name}")
    deploy()
    outputs = complete()
    rolecall("import", EXAMPLE.relative_to(ROOT), "--stack", STACK, "--yes")
    rolecall("run", "--stack", STACK, "--wait", *day_to_audit())
    show(outputs)
    say("")
    say("Look around:  . infra/local.env   then   rolecall runs --stack rolecall")
    say("The stack's resources are in .local/stack.json; make logs follows it, make down ends it.")


def day_to_audit() -> list[str]:
    """Return what dates the example's night: nothing where a later one was there already."""
    command = [str(Path(sys.executable).parent / "rolecall"), "runs", "--stack", STACK]
    done = subprocess.run(
        [*command, "--format", "json"],
        env=environment(),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    days = [json.loads(line)["run"]["as_of"][:10] for line in done.stdout.splitlines()]
    return ["--as-of", AS_OF] if max(days, default="") <= AS_OF else []


def show(outputs: dict[str, str]) -> None:
    """Print the worst findings of the latest run: those of all, not of one entity."""
    s3 = client("s3")
    reports = s3.list_objects_v2(Bucket=outputs["ReportBucket"], Prefix="reports/")["Contents"]
    latest = max(
        (
            one
            for one in reports
            if one["Key"].endswith("/findings.json") and "/entities/" not in one["Key"]
        ),
        key=lambda one: one["LastModified"],
    )
    report = json.loads(
        s3.get_object(Bucket=outputs["ReportBucket"], Key=latest["Key"])["Body"].read()
    )
    findings = sorted(
        (one for one in report["findings"] if one["status"] not in ("resolved", "waived")),
        key=lambda one: SEVERITIES.index(one["severity"]),
    )
    say("")
    for one in findings[:SHOWN]:
        entity = (one["entity"] or "-")[:22]
        say(f"  {one['severity']:<9}{one['status']:<5}{entity:<23}{one['detail'][:90]}")
    if len(findings) > SHOWN:
        say(
            f"  ... and {len(findings) - SHOWN} more; all in s3://{outputs['ReportBucket']}/{latest['Key']}"
        )


def down() -> None:
    """Stop the emulator; its state stays."""
    say(
        "stopped; its state is kept in .local/ (make up goes on, make clean forgets)"
        if stop()
        else "nothing runs"
    )


def logs() -> None:
    """Follow the emulator's log and the functions' logs."""
    if running() is None:
        raise LocalError("nothing runs; make up starts it")
    groups = client("logs")
    seen: dict[str, int] = {}
    say(f"the emulator's own log is .local/{LOG.name}; Ctrl-C ends this")
    while True:
        for group in groups.describe_log_groups().get("logGroups", ()):
            name = group["logGroupName"]
            events = groups.filter_log_events(logGroupName=name, startTime=seen.get(name, 0))
            for event in events.get("events", ()):
                say(f"{name}  {event['message'].rstrip()}")
                seen[name] = event["timestamp"] + 1
        time.sleep(1)


def main() -> None:
    """Run one of the commands."""
    commands = {"up": up, "down": down, "logs": logs}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=commands)
    try:
        commands[parser.parse_args().command]()
    except LocalError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
