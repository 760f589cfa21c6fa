"""`mf query`, several times in one process that has loaded MetricFlow once: `python queries.py '[[argument, …], …]'`."""

import json
import sys

from dbt_metricflow.cli.main import cli

if __name__ == "__main__":
    for arguments in json.loads(sys.argv[1]):
        cli.main(["query", "--quiet", *arguments], standalone_mode=False)
