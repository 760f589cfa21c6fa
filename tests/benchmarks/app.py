"""The scorecard app against a bare Streamlit page: a click, twenty readers at once, a thousand sessions."""

import asyncio
import statistics
from collections.abc import Callable
from pathlib import Path

from scorecard_app.launch import ASKED_FOR, command

from .app_client import Reader, Server, free_port, serving, streamlit
from .measure import Cost
from .rows import Row
from .workshop import TINY, Workshop

CLICKS, READERS, SECONDS_BETWEEN, MINUTES, SESSIONS = 60, 20, 5.0, 3.0, 1_000
QUICK = (5, 3, 0.5, 0.05, 10)
BARE = Path(__file__).with_name("bare_page.py")


def rows(workshop: Workshop) -> list[Row]:
    """One click, the 95th percentile of many readers' clicks, and memory after many sessions."""
    clicks, readers, between, minutes, sessions = QUICK if workshop.company == TINY else (
        CLICKS, READERS, SECONDS_BETWEEN, MINUTES, SESSIONS,
    )  # fmt: skip
    data, _ = workshop.first_run(workshop.company)
    measures: list[tuple[str, Callable[[Server], Cost], str]] = [
        ("app, one click", lambda server: asyncio.run(_one_reader(server, clicks)), "wall: median"),
        (
            f"app, {readers} readers",
            lambda server: asyncio.run(_many_readers(server, readers, between, minutes)),
            f"one click every {between:g} s each; CPU per click, wall: 95th percentile",
        ),
        (
            f"app, {sessions} sessions",
            lambda server: asyncio.run(_many_sessions(server, sessions)),
            "CPU and wall per session, memory after all of them",
        ),
    ]
    found: dict[str, list[Cost]] = {}
    for page in ("the app", "a bare page"):
        port = free_port()
        started = command(port, headless=True) if page == "the app" else streamlit(BARE, port)
        with serving(started, {"LOYALTY_DATA": str(data), ASKED_FOR: "1"}, port) as server:
            fresh = asyncio.run(_first(server))
            for name, cost, _ in measures:
                workshop.say(f"{name}: {page}")
                found.setdefault(name, []).append(cost(server))
            found.setdefault("memory", []).append(fresh)
    table = [Row(name, "bare page", *found[name], note) for name, _, note in measures]
    grown = found[measures[-1][0]][0]
    note = "the app's process after all sessions, against the same process after its first"
    return [*table, Row("app, memory kept", "first session", grown, found["memory"][0], note)]


async def _first(server: Server) -> Cost:
    """The process after its first session has opened the version."""
    before = server.cpu()
    reader = await Reader.open(server.port)
    seconds = await reader.pick("period", 1)
    await reader.close()
    return Cost(server.cpu() - before, seconds, server.memory())


async def _one_reader(server: Server, clicks: int) -> Cost:
    reader = await Reader.open(server.port)
    for number in range(3):  # caches are warm on a Monday morning, too
        await reader.pick("period", number)
    before, waited = server.cpu(), []
    for number in range(clicks):
        waited.append(await reader.pick("period", number))
    spent = (server.cpu() - before) / clicks
    await reader.close()
    return Cost(spent, statistics.median(waited), server.memory())


async def _many_readers(server: Server, count: int, between: float, minutes: float) -> Cost:
    readers = [await Reader.open(server.port) for _ in range(count)]
    before = server.cpu()
    ends = asyncio.get_running_loop().time() + 60 * minutes

    async def click(reader: Reader, number: int) -> list[float]:
        await asyncio.sleep(between * number / count)  # people don't click in step
        waited = []
        while asyncio.get_running_loop().time() < ends:
            waited.append(await reader.pick("period", number + len(waited)))
            await asyncio.sleep(max(0.0, between - waited[-1]))
        return waited

    waits = [wait for waited in await asyncio.gather(*map(click, readers, range(count))) for wait in waited]
    spent = (server.cpu() - before) / len(waits)
    for reader in readers:
        await reader.close()
    return Cost(spent, statistics.quantiles(waits, n=20, method="inclusive")[-1], server.memory())


async def _many_sessions(server: Server, count: int) -> Cost:
    before, began = server.cpu(), asyncio.get_running_loop().time()
    for _ in range(count):
        await (await Reader.open(server.port)).close()
    seconds = asyncio.get_running_loop().time() - began
    return Cost((server.cpu() - before) / count, seconds / count, server.memory())
