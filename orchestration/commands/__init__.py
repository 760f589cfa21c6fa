"""The commands, a file for each kind of work; what all of them share."""

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from orchestration.errors import LoyaltyError

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def friendly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Errors meant for a person are printed without a stack, with their exit status."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except LoyaltyError as problem:
            click.echo(f"loyalty: {problem}", err=True)
            sys.exit(problem.exit_status)
        except KeyboardInterrupt:
            click.echo("loyalty: interrupted; nothing was published, the next run finishes the work", err=True)
            sys.exit(1)

    return wrapped


def print_json(content: Any) -> None:
    """For programs: on standard output, readable, dates as text."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=2, default=str))
