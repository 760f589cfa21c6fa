"""Fail at the n-th of the calls by which publishing changes the disk."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest


class Killed(BaseException):
    """Stands for kill -9: nothing that catches Exception may tidy up after it."""


@contextmanager
def fail_at_step(step: int, failure: Callable[[], BaseException] = Killed) -> Generator[SimpleNamespace]:
    """Raise at call number `step` (from 0) of fsync, rename, replace, symlink, mkdir, chmod or unlink; counts in `.steps`."""
    counter = SimpleNamespace(steps=0)

    def wrapped(call: Callable) -> Callable:
        def run(*args: object, **more: object) -> object:
            counter.steps += 1
            if counter.steps - 1 == step:
                raise failure()
            return call(*args, **more)

        return run

    with pytest.MonkeyPatch.context() as patch:
        for name in ("fsync", "rename", "replace", "symlink", "mkdir", "chmod", "unlink", "rmdir"):
            patch.setattr(os, name, wrapped(getattr(os, name)))
        yield counter
