"""What lifetime values cost: BG/NBD by groups of equal histories against `lifetimes`, customer by customer."""

from pathlib import Path

from tests.packages import locked, pip

from .measure import Cost, inside
from .rows import Row
from .workshop import Workshop

LOCK = Path(__file__).with_name("lifetimes.lock")
COMPILED = 0.11
"""What a compiled program takes of the CPU that `lifetimes` takes (1.05 s of 9.4-9.9 s)."""


def rows(workshop: Workshop) -> list[Row]:
    """Fit and scoring of many customers; then what the fit alone takes for ten times as many."""
    customers = workshop.large.customers
    peer, histories = workshop.root / "lifetimes", workshop.root / "histories.parquet"
    pip("install", *locked(LOCK), "--target", str(peer))
    workshop.say(f"{customers:,} customers")
    inside(["write-histories", str(histories), str(customers)])
    workshop.say("lifetimes: fit and score")
    theirs, found = inside(["lifetimes", str(histories), str(peer)])
    workshop.say("fit and score by groups")
    ours, facts = inside(["lifetime-value", str(histories)])
    workshop.say("ten times as many")
    inside(["write-histories", str(histories), str(10 * customers)])
    large, many = inside(["lifetime-value", str(histories)])
    apart = max(abs(one / other - 1) for one, other in zip(facts["parameters"], found["parameters"], strict=True))
    return [
        Row(
            f"lifetime value, {customers:,} customers",
            "lifetimes 0.11.3",
            ours,
            theirs,
            f"{facts['groups']:,} groups; {ours.cpu / (COMPILED * theirs.cpu):.2f} of a compiled program's CPU; parameters "
            f"at most {apart:.1e} apart, expected purchases {facts['expected']:,.1f} and {found['expected']:,.1f}",
        ),
        Row(
            f"BG/NBD fit, {10 * customers:,} customers",
            f"{customers:,} customers",
            Cost(many["fit_cpu"], many["fit_wall"], large.peak),
            Cost(facts["fit_cpu"], facts["fit_wall"], ours.peak),
            f"{many['groups']:,} groups against {facts['groups']:,}",
        ),
    ]
