"""The layers as they are built for AWS: arm64 and Python 3.13, whatever machine builds them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cloud import ROOT

UV = ROOT / ".local" / "tools" / "uv" / "bin" / "uv"
ARM64 = 0xB7
"""The machine of an ELF file for arm64, at byte 18."""


@pytest.fixture(scope="module")
def layers(deployed: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with both layers."""
    del deployed
    directory = tmp_path_factory.mktemp("layers")
    for folder, target in (("deps", "DepsLayer"), ("rolecall", "RolecallLayer")):
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


def test_every_binary_is_for_arm64_and_python_3_13(layers: Path) -> None:
    binaries = list((layers / "DepsLayer").rglob("*.so"))
    assert len(binaries) > 3
    for binary in binaries:
        assert binary.read_bytes()[18] == ARM64, binary
    assert any("cpython-313-aarch64" in binary.name for binary in binaries)


def test_the_layers_hold_what_the_functions_import_and_no_more(layers: Path) -> None:
    package = layers / "RolecallLayer" / "python" / "rolecall"
    assert (package / "aws" / "stack.py").exists()
    assert not (package / "cli").exists()
    packages = {path.name for path in (layers / "DepsLayer" / "python").iterdir()}
    assert {"boto3", "msgspec", "cryptography", "aws_lambda_powertools"} <= packages
    assert not {"rich", "typer", "xlsxwriter", "moto"} & packages
    size = sum(path.stat().st_size for path in layers.rglob("*") if path.is_file())
    # Lambda unpacks at most 250 MB of function and layers.
    assert size < 80 * 2**20
