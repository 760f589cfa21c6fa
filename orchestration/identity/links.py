"""What joins and parts records: exact edges, the model's pairs and people's decisions, read for clustering, written for people."""

import duckdb
import numpy as np
from numpy.typing import ArrayLike

from orchestration.identity.clusters import NO_PAIRS, Integers, Links, Pairs
from orchestration.identity.linkage import UNSCORED
from orchestration.identity.model import Model
from orchestration.identity.scoring import weights_sql

SHARED_VALUE = 10_000
"""Thousandths of match weight that a weak exact edge has at least: it outweighs the gaps in a chain of five records."""
DOUBTFUL = -4.0
"""Match weight below which a pair counts as not scored: what clashes decides what it weighs, not what is missing."""
CLASH = -6.0
"""Weight of names, birth date and gender from which on they speak against one person: a given name does, a date not yet."""
AGREED = -1_000
"""Thousandths of an unscored pair whose facts speak for one person as clearly: who moved and has a new number looks so."""
TWO_BEARERS = -40_000
"""Thousandths of two records of a father and a son of one name: whoever says less joins one of them, and doesn't bridge."""
FACTS = ("given_name", "characters", "birth_date", "gender")
"""What two records of one person can't have differently; other phones and addresses they can. A family name is what
relatives share and marriage changes, so it excuses no other given name."""


def read_links(connection: duckdb.DuckDBPyConnection, model: Model | None, decisions: bool = True) -> Links:
    """The links between today's records, must-links last among the firm ones; tables that are not there hold none."""
    decided = _decided(connection) if decisions else {"must_link": NO_PAIRS, "cannot_link": NO_PAIRS}
    strong = _pairs(connection, "select left_record, right_record from main.identity_edges where strength = 'strong'")
    must = decided["must_link"]
    scored = connection.execute(f"""
        select left_record, right_record, max(weight) as weight
        from (
            select
                least(left_record, right_record) as left_record, greatest(left_record, right_record) as right_record,
                {SHARED_VALUE} as weight
            from main.identity_edges
            where strength = 'weak' and left_record <> right_record
            union all
            {_model_pairs(connection, model)}
        ) as pairs
        group by left_record, right_record
        order by left_record, right_record
    """).fetchnumpy()
    return Links(
        firm=(np.concatenate([strong[0], must[0]]), np.concatenate([strong[1], must[1]])),
        never=decided["cannot_link"],
        scored=(_integers(scored["left_record"]), _integers(scored["right_record"])),
        weights=_integers(scored["weight"]),
    )


def weights_of_gaps(connection: duckdb.DuckDBPyConnection, model: Model, pairs: Pairs) -> Integers:
    """Thousandths per pair that was not scored: `UNSCORED`, but `AGREED` or the clash where names, birth dates and gender say so."""
    connection.execute("create or replace temp table gaps (gap bigint, left_record bigint, right_record bigint)")
    connection.register(
        "gaps_now", {"gap": np.arange(len(pairs[0])), "left_record": pairs[0], "right_record": pairs[1]}
    )
    connection.execute("insert into gaps select gap, left_record, right_record from gaps_now")
    found = connection.execute(f"""
        select g.gap, case when w.weight > 0 then {AGREED} else cast(round(1000 * w.weight) as bigint) end as weight
        from ({weights_sql(model, "gaps", FACTS)}) as w
        inner join gaps as g using (left_record, right_record)
        where abs(w.weight) >= {-CLASH}
    """).fetchnumpy()
    connection.unregister("gaps_now")
    connection.execute("drop table gaps")
    weights = np.full(len(pairs[0]), UNSCORED, dtype=np.int64)
    weights[found["gap"]] = _integers(found["weight"])
    return weights


def write_links(connection: duckdb.DuckDBPyConnection, model: Model | None) -> None:
    """Write `identity.links` (left_record, right_record, kind, rule, match_weight): the links in force inside clusters.

    `clusters_now` says which cluster a record is in. The rule of a link by the model is the model's version, of one by a
    decision the decision's id; an exact edge has no weight of its own.
    """
    by_model = ""
    if model and _exists(connection, "scored_pairs"):
        by_model = f"""
            union all
            select left_record, right_record, 'model' as kind, '{model.version}' as rule, match_weight
            from identity.scored_pairs
            where match_weight >= {model.threshold}
        """
    by_decision = ""
    if _exists(connection, "decisions"):
        by_decision = f"""
            union all
            select left_record, right_record, 'decision' as kind, decision_id as rule, null as match_weight
            from ({_DECISIONS})
            where kind = 'must_link'
        """
    connection.execute(f"""
        create or replace table identity.links as
        with every_link as (
            select
                least(left_record, right_record) as left_record, greatest(left_record, right_record) as right_record,
                'exact' as kind, rule, cast(null as double) as match_weight
            from main.identity_edges
            {by_model}
            {by_decision}
        )
        select e.*
        from every_link as e
        inner join clusters_now as l on e.left_record = l.record_no
        inner join clusters_now as r on e.right_record = r.record_no
        where l.cluster = r.cluster
        order by e.left_record, e.right_record, e.kind, e.rule
    """)


_DECISIONS = """
    select
        least(l.record_no, r.record_no) as left_record, greatest(l.record_no, r.record_no) as right_record,
        d.kind, d.decision_id
    from identity.decisions as d
    inner join main.identity_records as l
        on d.left_source_system = l.source_system and d.left_source_customer_id = l.source_customer_id
    inner join main.identity_records as r
        on d.right_source_system = r.source_system and d.right_source_customer_id = r.source_customer_id
    where d.revoked_at is null
"""


def _model_pairs(connection: duckdb.DuckDBPyConnection, model: Model | None) -> str:
    """Pairs by the model; a father and a son of one name in one place part where each birth date is said twice.

    A date misread in one record is one person's, and another's if a second record says it, too.
    """
    if model is None or not _exists(connection, "scored_pairs"):
        return "select 0 as left_record, 0 as right_record, 0 as weight where false"
    return f"""
        select
            p.left_record, p.right_record,
            case when t.left_record is null
                then cast(round(1000 * (p.match_weight - {model.threshold})) as bigint) else {TWO_BEARERS}
            end as weight
        from identity.scored_pairs as p
        left join (
            select p.left_record, p.right_record
            from identity.scored_pairs as p
            inner join identity.comparable as l on p.left_record = l.record_no
            inner join identity.comparable as r on p.right_record = r.record_no and l.name_key = r.name_key
            inner join ({_SAID_TWICE}) as one
                on l.name_key = one.name_key and l.born = one.born and {_PLACE.format("l.")} = one.place
            inner join ({_SAID_TWICE}) as other
                on r.name_key = other.name_key and r.born = other.born and {_PLACE.format("r.")} = other.place
            where p.match_weight - {model.threshold} >= {DOUBTFUL} and damerau_levenshtein(l.born, r.born) > 2
        ) as t on p.left_record = t.left_record and p.right_record = t.right_record
        where p.match_weight - {model.threshold} >= {DOUBTFUL}
    """


_PLACE = "coalesce({0}postcode, {0}city, {0}address)"
_SAID_TWICE = f"""
    select name_key, born, {_PLACE.format("")} as place
    from identity.comparable
    where born_otherwise is null
    group by all
    having name_key is not null and born is not null and {_PLACE.format("")} is not null and count(*) > 1
"""


def _decided(connection: duckdb.DuckDBPyConnection) -> dict[str, Pairs]:
    nothing = "select 0 as left_record, 0 as right_record, '' as kind where false"
    source = _DECISIONS if _exists(connection, "decisions") else nothing
    return {
        kind: _pairs(connection, f"select left_record, right_record from ({source}) where kind = '{kind}'")
        for kind in ("must_link", "cannot_link")
    }


def _pairs(connection: duckdb.DuckDBPyConnection, select: str) -> Pairs:
    found = connection.execute(f"{select} order by all").fetchnumpy()
    return _integers(found["left_record"]), _integers(found["right_record"])


def _integers(values: ArrayLike) -> Integers:
    return np.asarray(values, dtype=np.int64)


def _exists(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(
        connection.execute(
            "select 1 from information_schema.tables where table_schema = 'identity' and table_name = ?", [table]
        ).fetchall()
    )
