"""What a night's run gets over by itself: faults of disks and network file systems. All else would only fail again."""

import errno
import re
from collections.abc import Generator
from contextlib import contextmanager

import dagster as dg
import duckdb

from orchestration.dbt import DbtFailed
from orchestration.defs.company import say
from orchestration.errors import LoyaltyError, causes

RETRIES = 3
FIRST_WAIT_SECONDS = 10.0

PASSING = {
    getattr(errno, name)
    for name in (
        *("EIO", "EBUSY", "EAGAIN", "EINTR", "ETXTBSY", "EDEADLK", "ENOLCK", "ENFILE"),
        *("ESTALE", "ETIMEDOUT", "EREMOTEIO", "ECONNRESET", "ECONNABORTED", "ENOTCONN", "EPIPE"),
        *("ENETDOWN", "ENETUNREACH", "ENETRESET", "EHOSTDOWN", "EHOSTUNREACH"),
    )
    if hasattr(errno, name)
}
# DuckDB gives no number: these of its IO errors stay what they are, however often one tries.
LASTING = re.compile(
    r"No space left|Disk quota|Permission denied|Read-only file system|No such file|Is a directory|Not a directory|"
    r"not a valid DuckDB|newer version|older version|Corrupt",
    re.IGNORECASE,
)


class PassingFault(LoyaltyError):
    """dbt met a passing fault, which it hands on as text."""


def is_passing(problem: BaseException) -> bool:
    """Is the error, or what caused it, one that may be gone in a minute?"""
    return any(_is_passing(cause) for cause in causes(problem))


def text_is_passing(message: str) -> bool:
    """The same, of an error of which there is only the text, as dbt reports it."""
    return "IO Error:" in message and not LASTING.search(message)


def _is_passing(cause: BaseException) -> bool:
    if isinstance(cause, OSError):
        return cause.errno in PASSING
    if isinstance(cause, PassingFault | DbtFailed):
        return text_is_passing(str(cause))
    return isinstance(cause, duckdb.IOException) and not LASTING.search(str(cause))


@contextmanager
def passing_faults_retried() -> Generator[None]:
    """Around a step's work: a passing fault starts the step anew, after 10, 20 and 40 seconds; others end the run.

    Every step may be done twice: each starts from what the one before it left behind.
    """
    try:
        yield
    except Exception as problem:
        attempt = dg.OpExecutionContext.get().retry_number
        if not is_passing(problem) or isinstance(problem, dg.RetryRequested):
            raise
        if attempt < RETRIES:
            wait = FIRST_WAIT_SECONDS * 2**attempt
            say(f"a passing fault ({type(problem).__name__}): tried again in {wait:g} s, {attempt + 1} of {RETRIES}")
            raise dg.RetryRequested(max_retries=RETRIES, seconds_to_wait=wait) from problem
        raise
