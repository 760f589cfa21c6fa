"""`python -m tests.benchmarks`: measure one after the other and print one table at the end."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from . import csv_landing, fixed_cost, publishing, second_run, whole_job
from .rows import table
from .workshop import Size, Workshop

MEASURES = {
    "fixed-cost": fixed_cost.rows,
    "second-run": second_run.rows,
    "csv-landing": csv_landing.rows,
    "whole-job": whole_job.rows,
    "publishing": publishing.rows,
}


def main() -> None:
    """Measure what the command line asks for, in a temporary folder that is removed afterwards."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(MEASURES), metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--quick", action="store_true", help="a smaller company and file: shows that it works")
    options = parser.parse_args()
    os.environ["DO_NOT_TRACK"] = "1"
    company, megabytes = (Size(1_500, 6), 20) if options.quick else (Size(20_000, 18), 200)

    def say(text: str) -> None:
        print(f"… {text}", file=sys.stderr, flush=True)

    found = []
    with tempfile.TemporaryDirectory(prefix="loyalty_bench_") as root:
        workshop = Workshop(Path(root), company, megabytes, say)
        for name in options.only or MEASURES:
            say(name)
            found += MEASURES[name](workshop)
    load = os.getloadavg()[0]
    print(f"\n{os.cpu_count()} processors, load {load:.1f}; a ratio above 1 is more than the peer's\n")
    print(table(found))


if __name__ == "__main__":
    main()
