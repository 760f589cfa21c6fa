"""Which earlier decisions forbid a new one: must-links make chains, and a cannot-link may not part what a chain joins."""

from collections.abc import Iterable

from orchestration.identity.decisions import Decision, Record


def contradictions(decisions: Iterable[Decision], kind: str, left: Record, right: Record) -> list[str]:
    """Ids of the decisions in force that a must_link or cannot_link of two records contradicts; empty where none does.

    For a cannot_link these are the must-links that lead from one record to the other, for a must_link the cannot-link
    between the two ends of the chain that it would close, followed by the links of that chain.
    """
    held = [decision for decision in decisions if decision.in_force]
    must = [decision for decision in held if decision.kind == "must_link"]
    if kind == "cannot_link":
        return [decision.decision_id for decision in _chain(must, left, right) or []]
    for ban in (decision for decision in held if decision.kind == "cannot_link"):
        for first, last in ((ban.left, ban.right), (ban.right, ban.left)):
            before, after = _chain(must, first, left), _chain(must, right, last)
            if before is not None and after is not None:
                return [decision.decision_id for decision in (ban, *before, *after)]
    return []


def _chain(must: list[Decision], start: Record, end: Record) -> list[Decision] | None:
    """The fewest must-links that lead from one record to another; None where none do."""
    chains: dict[Record, list[Decision]] = {start: []}
    waiting = [start]
    while waiting:
        here = waiting.pop(0)
        if here == end:
            return chains[here]
        for decision in must:
            if here in (decision.left, decision.right):
                there = decision.right if here == decision.left else decision.left
                if there not in chains:
                    chains[there] = [*chains[here], decision]
                    waiting.append(there)
    return None
