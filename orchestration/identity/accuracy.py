"""How good the matching is, as far as people's decisions can tell, and where it is fragile. Figures only, no person."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from orchestration.identity.bridges import bridges
from orchestration.identity.clusters import Integers, clusters, components
from orchestration.identity.links import read_links, weights_of_gaps
from orchestration.identity.model import Model


@dataclass(frozen=True)
class Agreement:
    """What rules and model say by themselves of what people decided; None where nothing was decided that could say.

    Pairwise over decided pairs. B³ (Bagga and Baldwin 1998) is the mean over decided records of the share of their found
    customer that is theirs, and of theirs that was found, other records left out; records that no must-link joins count
    as different people.
    """

    must_links: int
    cannot_links: int
    precision: float | None
    recall: float | None
    f1: float | None
    b3_precision: float | None
    b3_recall: float | None
    b3_f1: float | None


def agreement(labels: Integers, must: Iterable[tuple[int, int]], cannot: Iterable[tuple[int, int]]) -> Agreement:
    """`labels`: the cluster of every record without decisions; `must`, `cannot`: decided pairs of records."""
    must, cannot = list(must), list(cannot)
    found = sum(labels[left] == labels[right] for left, right in must)
    wrong = sum(labels[left] == labels[right] for left, right in cannot)
    records = np.unique(np.array([*must, *cannot], dtype=np.int64))
    ends = np.array(must, dtype=np.int64).reshape(-1, 2).T
    truth = components(len(labels), ends[0], ends[1])
    both = pd.DataFrame({"found": labels[records], "true": truth[records]})
    shared = both.groupby(["found", "true"])["true"].transform("size")
    precision, recall = _share(found, found + wrong), _share(found, len(must))
    b3_precision = _share((shared / both.groupby("found")["found"].transform("size")).sum(), len(both))
    b3_recall = _share((shared / both.groupby("true")["true"].transform("size")).sum(), len(both))
    return Agreement(
        must_links=len(must),
        cannot_links=len(cannot),
        precision=precision,
        recall=recall,
        f1=_harmonic(precision, recall),
        b3_precision=b3_precision,
        b3_recall=b3_recall,
        b3_f1=_harmonic(b3_precision, b3_recall),
    )


def report(connection: duckdb.DuckDBPyConnection, model: Model) -> dict[str, Any]:
    """Figures of the last run: agreement with decisions, sizes, bridges, links by pair of source systems, weights.

    `sizes`: records → customers; `bridges`: kind → links without which a customer of three records or more would fall in
    two; `segments`: rows of left_system, right_system, exact, model, decision; `weights`: whole match weight → compared
    pairs. Agreement and bridges look at every link again, so only where something is decided; else they are None.
    """
    links = read_links(connection, model)
    records = connection.execute("select count(*) from main.identity_records").fetchall()[0][0]
    without = read_links(connection, model, decisions=False)
    decided = len(links.never[0]) + len(links.firm[0]) - len(without.firm[0])
    labels = (
        clusters(records, without, partial(weights_of_gaps, connection, model)) if decided else np.empty(0, np.int64)
    )
    must = (side[len(without.firm[0]) :].tolist() for side in links.firm)
    cannot = (side.tolist() for side in links.never)
    found = agreement(labels, zip(*must, strict=True), zip(*cannot, strict=True)) if decided else None
    return {
        "agreement": asdict(found) if found else None,
        "sizes": _counts(
            connection,
            "select records, count(*) from (select count(*) as records from identity.memberships group by customer_id) "
            "group by records order by records",
        ),
        "bridges": bridges(_links_of_three(connection)) if decided else None,
        "segments": segments(connection),
        "weights": _counts(
            connection,
            "select cast(floor(match_weight) as integer) as weight, count(*) from identity.scored_pairs "
            "group by weight order by weight",
        ),
    }


def _links_of_three(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int, str]]:
    return connection.execute("""
        select k.left_record, k.right_record, k.kind
        from identity.links as k
        inner join main.identity_records as r on k.left_record = r.record_no
        inner join identity.memberships as m using (source_system, source_customer_id)
        where m.customer_id in (select customer_id from identity.memberships group by customer_id having count(*) > 2)
        order by k.left_record, k.right_record, k.kind
    """).fetchall()


def segments(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Links in force by the source systems of their two records, and by what made them."""
    rows = connection.execute("""
        select
            least(l.source_system, r.source_system) as left_system,
            greatest(l.source_system, r.source_system) as right_system,
            count(*) filter (where k.kind = 'exact') as exact,
            count(*) filter (where k.kind = 'model') as model,
            count(*) filter (where k.kind = 'decision') as decision
        from identity.links as k
        inner join main.identity_records as l on k.left_record = l.record_no
        inner join main.identity_records as r on k.right_record = r.record_no
        group by left_system, right_system
        order by left_system, right_system
    """)
    names = [column[0] for column in rows.description]
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def _counts(connection: duckdb.DuckDBPyConnection, select: str) -> dict[int, int]:
    return dict(connection.execute(select).fetchall())


def _share(part: float, whole: int) -> float | None:
    return round(float(part) / whole, 4) if whole else None


def _harmonic(one: float | None, other: float | None) -> float | None:
    return round(2 * one * other / (one + other), 4) if one and other else None
