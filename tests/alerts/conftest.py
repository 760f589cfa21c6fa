"""Loopback servers, and no waiting between two attempts."""

from collections.abc import Iterator

import pytest

from orchestration.alerts import deliver
from tests.alerts import servers


@pytest.fixture
def robot() -> Iterator[servers.Robot]:
    with servers.robot() as here:
        yield here


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "PAUSE_SECONDS", 0.01)
