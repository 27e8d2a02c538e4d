"""Answers of AWS are read by several threads at once, of types that nobody has read before."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from types import ModuleType

from msgspec import Struct

from rolecall.aws.doctor.probe import of_type

TYPES = '''
from __future__ import annotations
from datetime import datetime
from msgspec import Struct
class Part(Struct, frozen=True, rename="pascal"):
    one: int = 0
    two: str | None = None
    three: datetime | None = None
class Whole(Struct, frozen=True, rename="pascal"):
    part: Part | None = None
    many: tuple[Part, ...] = ()
    by_name: dict[str, Part] = {}
'''
ANSWER = {"Part": {"One": 1}, "Many": [{"Two": "x"}], "ByName": {"k": {"One": 2}}}
sys.setswitchinterval(1e-6)
with ThreadPoolExecutor(8) as pool:
    for number in range(40):
        made = ModuleType(f"types_{number}")
        sys.modules[made.__name__] = made
        exec(TYPES, made.__dict__)
        ready = threading.Barrier(8)

        def read(_: int) -> str:
            convert = of_type(made.Whole, "Answer")
            ready.wait()
            return repr(convert({"Answer": ANSWER}))

        assert len(set(pool.map(read, range(8)))) == 1
"""


def test_threads_that_read_a_type_for_the_first_time_do_not_end_the_process() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], check=False, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
