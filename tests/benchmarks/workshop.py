"""Companies and their first runs, made once and shared by the measures that need them."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .measure import Cost, measure

REPOSITORY = Path(__file__).resolve().parents[2]
AS_OF = "2026-11-08T01:30:00+00:00"


@dataclass(frozen=True)
class Size:
    """How large a demo company is."""

    customers: int
    months: int

    def __str__(self) -> str:
        return f"{self.customers:,} customers, {self.months} months"


@dataclass(frozen=True)
class Large:
    """How large the company of the full pipeline is."""

    customers: int
    events: int

    def __str__(self) -> str:
        return f"{self.events:,} events, {self.customers:,} customers"


TINY = Size(120, 4)


@dataclass
class Workshop:
    """The temporary folder of one benchmark, and how large its companies are.

    Attributes:
        company: the demo company of the whole job. large: the company of the full pipeline.
        csv_mb: size of the generated orders file, in MB (10^6 bytes). say: where progress goes.
    """

    root: Path
    company: Size
    large: Large
    csv_mb: int
    say: Callable[[str], None]
    _runs: dict[Size, tuple[Path, Cost]] = field(default_factory=dict)

    def first_run(self, size: Size) -> tuple[Path, Cost]:
        """A demo company's folder after one `loyalty run`, and what that run took."""
        if size not in self._runs:
            data = self.root / f"company_{size.customers}"
            self.say(f"creating a company of {size}")
            measure([*_LOYALTY, "demo", "--customers", str(size.customers), "--months", str(size.months)], _of(data))
            self.say("loyalty run")
            self._runs[size] = data, self.run(data)
        return self._runs[size]

    def run(self, data: Path) -> Cost:
        """What `loyalty run` on this folder takes now."""
        return measure([*_LOYALTY, "run", "--as-of", AS_OF], _of(data))


_LOYALTY = [str(Path(sys.executable).with_name("loyalty"))]


def _of(data: Path) -> dict[str, str]:
    return {"LOYALTY_DATA": str(data)}
