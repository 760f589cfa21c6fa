"""Links without which a customer would fall in two: where a single mistake matters."""

from collections import Counter
from collections.abc import Iterable


def bridges(links: Iterable[tuple[int, int, str]]) -> dict[str, int]:
    """Kind → number of links (record, record, kind) that no way around exists for; two kinds on one pair are a way around.

    Tarjan (1974): a link down to a part from which nothing leads higher than that part.
    """
    ways: dict[int, list[tuple[int, int]]] = {}
    kinds: list[str] = []
    for number, (left, right, kind) in enumerate(links):
        kinds.append(kind)
        ways.setdefault(left, []).append((right, number))
        ways.setdefault(right, []).append((left, number))
    met: dict[int, int] = {}
    highest: dict[int, int] = {}
    found: Counter[str] = Counter()
    for start in ways:
        if start in met:
            continue
        met[start] = highest[start] = len(met)
        path = [(start, -1, iter(ways[start]))]
        while path:
            here, came_by, onward = path[-1]
            step = next(onward, None)
            if step is None:
                path.pop()
                if path:
                    above = path[-1][0]
                    highest[above] = min(highest[above], highest[here])
                    if highest[here] > met[above]:
                        found[kinds[came_by]] += 1
                continue
            there, number = step
            if number == came_by:
                continue
            if there in met:
                highest[here] = min(highest[here], met[there])
            else:
                met[there] = highest[there] = len(met)
                path.append((there, number, iter(ways[there])))
    return dict(sorted(found.items()))
