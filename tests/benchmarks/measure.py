"""What a command costs: run it in a child, wait for it, and read its CPU, wall time and peak memory.

The command's parent is a small Python of its own (this file, run as a script): the kernel counts what a parent holds
when it starts a child into that child's peak, so that a child of a large pytest would look as large as pytest.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


@dataclass(frozen=True)
class Cost:
    """What a child and the children it waited for took.

    Attributes:
        cpu: user and system seconds.
        wall: seconds from start to end.
        peak: largest resident memory of one process, in MB (10^6 bytes); the small parent's 10 MB are the least.
    """

    cpu: float
    wall: float
    peak: float

    def __add__(self, other: "Cost") -> "Cost":
        """One after the other: times add up, the larger peak remains."""
        return Cost(self.cpu + other.cpu, self.wall + other.wall, max(self.peak, other.peak))


def measure(command: Sequence[str], environment: Mapping[str, str] | None = None, cwd: Path | None = None) -> Cost:
    """Run `command` to its end and return what it took.

    Args:
        environment: variables added to this process's.

    Raises:
        RuntimeError: the command failed; the end of what it wrote is in the message.
    """
    return measured(command, environment, cwd)[0]


def measured(
    command: Sequence[str], environment: Mapping[str, str] | None = None, cwd: Path | None = None
) -> tuple[Cost, str]:
    """`measure`, together with what the command wrote to its standard output."""
    with TemporaryDirectory() as folder:
        report = Path(folder) / "cost.json"
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(Path(__file__).resolve()), str(report), *command],
            env={**os.environ, **(environment or {})},
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            written = (done.stdout + done.stderr)[-2_000:]
            raise RuntimeError(f"{' '.join(command)[:200]} ended with {done.returncode}:\n{written}")
        return Cost(**json.loads(report.read_text(encoding="utf-8"))), done.stdout


def inside(work: Sequence[str], environment: Mapping[str, str] | None = None) -> tuple[Cost, dict[str, Any]]:
    """Run `python -m tests.benchmarks.work WORK…`, which itself reports what its work took, imports left out.

    Returns:
        CPU and wall of the work alone with the peak of the whole process, and what else the work reported.
    """
    outside, written = measured([sys.executable, "-m", "tests.benchmarks.work", *work], environment)
    facts = json.loads(written.strip().splitlines()[-1])
    return Cost(facts.pop("cpu"), facts.pop("wall"), outside.peak), facts


def _main(report: str, *command: str) -> int:
    """Start, wait, write the cost to `report`; returns the command's exit code."""
    started = time.monotonic()
    child = subprocess.Popen(command)
    _, status, usage = os.wait4(child.pid, 0)
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is in bytes there, in KiB elsewhere
    cost = {
        "cpu": usage.ru_utime + usage.ru_stime,
        "wall": time.monotonic() - started,
        "peak": usage.ru_maxrss * unit / 1e6,
    }
    Path(report).write_text(json.dumps(cost), encoding="utf-8")
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
