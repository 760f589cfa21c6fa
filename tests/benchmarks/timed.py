"""What a piece of work takes, inside its own process."""

import resource
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any


@contextmanager
def timed(facts: dict[str, Any]) -> Generator[None]:
    """Add what the block takes to `facts`."""
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    yield
    after = resource.getrusage(resource.RUSAGE_SELF)
    facts["cpu"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    facts["wall"] = time.monotonic() - started
