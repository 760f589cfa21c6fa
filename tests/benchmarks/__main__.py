"""`python -m tests.benchmarks`: measure one after the other and print one table at the end."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from . import app, csv_landing, fixed_cost, full_pipeline, identity, lifetime_value, publishing, second_run, whole_job
from .rows import table
from .workshop import TINY, Large, Size, Workshop

MEASURES = {
    "full-pipeline": full_pipeline.rows,
    "fixed-cost": fixed_cost.rows,
    "second-run": second_run.rows,
    "csv-landing": csv_landing.rows,
    "whole-job": whole_job.rows,
    "publishing": publishing.rows,
    "identity": identity.rows,
    "lifetime-value": lifetime_value.rows,
    "app": app.rows,
}


def main() -> None:
    """Measure what the command line asks for, in a temporary folder that is removed afterwards."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(MEASURES), metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--quick", action="store_true", help="small companies and files: shows that it works")
    options = parser.parse_args()
    os.environ["DO_NOT_TRACK"] = "1"
    sizes = (Size(20_000, 18), Large(1_000_000, 20_000_000), 200)
    if options.quick:
        sizes = (TINY, Large(10_000, 200_000), 20)

    def say(text: str) -> None:
        print(f"… {text}", file=sys.stderr, flush=True)

    found = []
    with tempfile.TemporaryDirectory(prefix="loyalty_bench_") as root:
        workshop = Workshop(Path(root), *sizes, say)
        for name in options.only or MEASURES:
            say(name)
            found += MEASURES[name](workshop)
    load = os.getloadavg()[0]
    print(f"\n{os.cpu_count()} processors, load {load:.1f}; a ratio above 1 is more than the peer's\n")
    print(table(found))


if __name__ == "__main__":
    main()
