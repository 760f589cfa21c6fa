"""What a run costs before there is much to compute: a tiny company against the tools it is made of, one by one."""

import sys

from .measure import Cost, measure
from .rows import Row
from .workshop import REPOSITORY, TINY, Workshop

# dbt with its project parsed beforehand (the run on the tiny company did that) and nothing to do.
_EMPTY_DBT = """
from pathlib import Path
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
parsed = Manifest.from_msgpack(Path("dbt_project/target/partial_parse.msgpack").read_bytes())
parsed.build_flat_graph()
where = ["--project-dir", "dbt_project", "--profiles-dir", "dbt_project", "--target-path", {target!r}]
quiet = ["--log-level", "none", "--log-level-file", "none", "--no-print"]
outcome = dbtRunner(manifest=parsed).invoke([*quiet, "build", "--select", "nothing", "--no-write-json", *where])
assert outcome.success and not len(outcome.result), outcome
"""


def rows(workshop: Workshop) -> list[Row]:
    """`loyalty run` on a tiny company, and the sum of three imports and one empty dbt invocation."""
    data, ours = workshop.first_run(TINY)
    theirs = Cost(0, 0, 0)
    for name in ("dagster", "dbt.cli.main", "great_expectations"):
        workshop.say(f"import {name}")
        theirs += measure([sys.executable, "-c", f"import {name}"])
    workshop.say("empty dbt invocation")
    empty = _EMPTY_DBT.format(target=str(workshop.root / "dbt_target"))
    theirs += measure([sys.executable, "-c", empty], {"LOYALTY_DATA": str(data)}, REPOSITORY)
    return [Row(f"fixed cost ({TINY})", "3 imports + an empty dbt invocation", ours, theirs)]
