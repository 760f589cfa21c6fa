"""The review queue: pairs of records of which the model is not sure and nobody has decided, the least sure first."""

import duckdb

from orchestration.identity.model import Model

UNSURE = 5.0
"""Bits on either side of the threshold: odds between 1 : 32 and 32 : 1."""
LONGEST = 1_000


def write(connection: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Write `identity.review_queue`, a row per pair; returns how many there are.

    In it stand scored pairs within `UNSURE` bits of the threshold, and pairs that weigh enough and yet are two customers
    because others of the groups speak against it. Pairs that an exact identifier joins or a decision settles don't. The
    first is the one whose answer teaches most: the closest to the threshold. `reason` says what the model saw.
    """
    seen = "\n".join(
        f"case gamma_{comparison.name} "
        + " ".join(
            f"when {level.gamma} then '{comparison.name.replace('_', ' ')} {level.label}'".replace("'s ", "''s ")
            for level in comparison.levels
            if level.gamma >= 0
        )
        + " end,"
        for comparison in model.comparisons
    )
    connection.execute(
        f"""
        create or replace table identity.review_queue as
        with open_pairs as (
            select
                p.*, l.source_system as left_source_system, l.source_customer_id as left_source_customer_id,
                r.source_system as right_source_system, r.source_customer_id as right_source_customer_id,
                ml.customer_id as left_customer_id, mr.customer_id as right_customer_id
            from identity.scored_pairs as p
            anti join main.identity_edges as e
                on least(e.left_record, e.right_record) = p.left_record
                and greatest(e.left_record, e.right_record) = p.right_record
            inner join main.identity_records as l on p.left_record = l.record_no
            inner join main.identity_records as r on p.right_record = r.record_no
            inner join identity.memberships as ml
                on l.source_system = ml.source_system and l.source_customer_id = ml.source_customer_id
            inner join identity.memberships as mr
                on r.source_system = mr.source_system and r.source_customer_id = mr.source_customer_id
            where abs(p.match_weight - ?) <= ? or (p.match_weight >= ? and ml.customer_id <> mr.customer_id)
        ),

        undecided as (
            select o.*
            from open_pairs as o
            anti join (select * from identity.decisions where revoked_at is null) as d
                on (d.left_source_system = o.left_source_system and d.left_source_customer_id = o.left_source_customer_id
                    and d.right_source_system = o.right_source_system
                    and d.right_source_customer_id = o.right_source_customer_id)
                or (d.right_source_system = o.left_source_system and d.right_source_customer_id = o.left_source_customer_id
                    and d.left_source_system = o.right_source_system
                    and d.left_source_customer_id = o.right_source_customer_id)
        ),

        ranked as (
            select
                row_number() over (order by abs(match_weight - ?), left_record, right_record) as place,
                *,
                concat_ws('; ', {seen} null) as reason
            from undecided
        )

        select
            place, left_source_system, left_source_customer_id, left_customer_id, right_source_system,
            right_source_customer_id, right_customer_id, match_weight,
            round(1 / (1 + pow(2, -match_weight)), 6) as probability,
            left_customer_id = right_customer_id as is_joined,
            reason
        from ranked
        where place <= ?
        order by place
        """,
        [model.threshold, UNSURE, model.threshold, model.threshold, LONGEST],
    )
    return connection.execute("select count(*) from identity.review_queue").fetchall()[0][0]
