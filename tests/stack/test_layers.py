"""The layers as they are built for AWS: arm64 and Python 3.13, whatever machine builds them."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cloud import ROOT

UV = ROOT / ".local" / "tools" / "uv" / "bin" / "uv"
ARM64 = 0xB7
"""The machine of an ELF file for arm64, at byte 18."""
GLIBC = (2, 34)
"""What Lambda's Python 3.13 has: it runs on Amazon Linux 2023."""
LAYERS = {
    "deps": "DepsLayer",
    "rolecall": "RolecallLayer",
    "api": "ApiLayer",
    "reporting": "ReportingLayer",
}


@pytest.fixture(scope="module")
def layers(deployed: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with all layers."""
    del deployed
    directory = tmp_path_factory.mktemp("layers")
    for folder, target in LAYERS.items():
        settings = {**os.environ, "ARTIFACTS_DIR": str(directory / target), "UV": str(UV)}
        settings.pop("ROLECALL_BUILD", None)
        command = ["make", f"build-{target}", "ROLECALL_PYTHON=no-such-python"]
        done = subprocess.run(
            command,
            cwd=ROOT / "layers" / folder,
            env=settings,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        # Without that Python the layer is built all the same, and it is said what it lacks.
        assert "goes without bytecode" in done.stderr
    return directory


@pytest.mark.parametrize("layer", LAYERS.values())
def test_every_binary_is_for_arm64_python_3_13_and_the_system_of_lambda(
    layers: Path, layer: str
) -> None:
    binaries = [path for path in (layers / layer).rglob("*") if is_binary(path)]
    if layer == "DepsLayer":
        assert len(binaries) > 3
        assert any("cpython-313-aarch64" in path.name for path in binaries)
    assert bool(binaries) == (layer != "RolecallLayer")
    for binary in binaries:
        data = binary.read_bytes()
        assert data[18] == ARM64, binary
        tag = re.search(r"cpython-(\d+)-", binary.name)
        assert tag is None or tag[1] == "313", binary
        wanted = [tuple(map(int, one)) for one in re.findall(rb"GLIBC_(\d+)\.(\d+)", data)]
        assert max(wanted, default=(0, 0)) <= GLIBC, binary


def is_binary(path: Path) -> bool:
    """Tell whether a file is native code."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def test_the_layers_hold_what_the_functions_import_and_no_more(layers: Path) -> None:
    package = layers / "RolecallLayer" / "python" / "rolecall"
    assert (package / "aws" / "stack.py").exists()
    assert not (package / "cli").exists()
    packages = {path.name for path in (layers / "DepsLayer" / "python").iterdir()}
    assert {"boto3", "msgspec", "cryptography", "aws_lambda_powertools"} <= packages
    assert not {"rich", "typer", "xlsxwriter", "moto"} & packages
    both = [layers / "DepsLayer", layers / "RolecallLayer"]
    size = sum(path.stat().st_size for one in both for path in one.rglob("*") if path.is_file())
    # Lambda unpacks at most 250 MB of function and layers.
    assert size < 80 * 2**20
