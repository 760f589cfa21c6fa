"""The review queue: pairs of records of which the model is not sure and nobody has decided, the least sure first."""

import duckdb

from orchestration.identity.model import DECIMALS, Model
from orchestration.identity.scoring import weights_sql

UNSURE = 5.0
"""Bits on either side of the threshold: odds between 1 : 32 and 32 : 1."""
LONGEST = 1_000
FIRST, AMONG = -1_000.0, UNSURE / 2
"""Where doubt beside the model's stands: what a card joins against the facts first, two birth dates amid the unsure pairs."""


def write(connection: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Write `identity.review_queue`, a row per pair; returns how many there are.

    First stand records that one card, account or union id joins although names and birth dates are two people's, those that
    the model doubts most before the others, and those with one telephone or e-mail whose names in characters only sound
    alike: two people, or a slip of the pen. Then scored pairs within `UNSURE` bits of the threshold, and pairs that weigh enough and yet are two customers
    because others of the groups speak against it: the closest to the threshold first, because its answer teaches most.
    Among them are those joined by name and place against their birth dates, which may be a father's and a son's. Other pairs
    that an exact identifier joins, and those that a decision settles, don't. `reason` says what the model saw.
    """
    _write_clashing(connection, model)
    _add_two_dates(connection, model)
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
        with every_pair as (
            select *, null as doubt, null as joined, abs(match_weight - {model.threshold}) as urgency
            from identity.scored_pairs anti join clashing using (left_record, right_record)
            union all by name
            select * from clashing
        ),

        open_pairs as (
            select
                p.*, l.source_system as left_source_system, l.source_customer_id as left_source_customer_id,
                r.source_system as right_source_system, r.source_customer_id as right_source_customer_id,
                ml.customer_id as left_customer_id, mr.customer_id as right_customer_id
            from every_pair as p
            anti join main.identity_edges as e
                on p.doubt is null
                and least(e.left_record, e.right_record) = p.left_record
                and greatest(e.left_record, e.right_record) = p.right_record
            inner join main.identity_records as l on p.left_record = l.record_no
            inner join main.identity_records as r on p.right_record = r.record_no
            inner join identity.memberships as ml
                on l.source_system = ml.source_system and l.source_customer_id = ml.source_customer_id
            inner join identity.memberships as mr
                on r.source_system = mr.source_system and r.source_customer_id = mr.source_customer_id
            where case
                when p.doubt is not null then (ml.customer_id = mr.customer_id) = p.joined
                else abs(p.match_weight - ?) <= ? or (p.match_weight >= ? and ml.customer_id <> mr.customer_id)
            end
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
                row_number() over (order by urgency, left_record, right_record) as place,
                *,
                concat_ws('; ', doubt, {seen} null) as reason
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
        [model.threshold, UNSURE, model.threshold, LONGEST],
    )
    connection.execute("drop table clashing")
    return connection.execute("select count(*) from identity.review_queue").fetchall()[0][0]


def _write_clashing(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """`clashing`: as scored pairs, with `doubt`, what identifiers say against names and dates; `joined`: where to doubt it."""
    connection.execute("""
        create or replace temp table clashes as
        with disputed as (
            select left_record, right_record, identifier_type, 'two people' as people, true as joined
            from main.identity_clashes
            anti join main.identity_guards using (identifier_type, identifier_value)
            union all
            select l.record_no, r.record_no, identifier_type, 'two names of one sound' as people, false as joined
            from main.identity_keys as l
            inner join main.identity_keys as r using (identifier_type, identifier_value)
            inner join identity.comparable as a on l.record_no = a.record_no
            inner join identity.comparable as b on r.record_no = b.record_no and a.name_key = b.name_key
            anti join main.identity_guards using (identifier_type, identifier_value)
            where l.record_no < r.record_no and identifier_type in ('phone', 'email')
                and translate(a.han_name, b.han_name, '') <> '' and (a.born is null or b.born is null)
        )
        select
            left_record, right_record, joined,
            'one ' || string_agg(distinct replace(identifier_type, '_', ' '), ' and '
                order by replace(identifier_type, '_', ' ')) || ', ' || people as doubt
        from disputed
        group by left_record, right_record, joined, people
    """)
    connection.execute(f"""
        create or replace temp table clashing as
        select
            w.left_record, w.right_record, round(w.weight + s.prior, {DECIMALS}) as match_weight, columns('^gamma_'),
            c.doubt, c.joined, {FIRST} + w.weight + s.prior as urgency
        from ({weights_sql(model, "clashes")}) as w
        inner join clashes as c using (left_record, right_record)
        cross join identity.scoring as s
    """)
    connection.execute("drop table clashes")


def _add_two_dates(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Into `clashing`: pairs of one name that weigh enough although their birth dates differ by more than a slip."""
    connection.execute(f"""
        insert into clashing by name
        select p.*, 'one name and place, two birth dates' as doubt, true as joined, {AMONG} as urgency
        from identity.scored_pairs as p
        inner join identity.comparable as l on p.left_record = l.record_no
        inner join identity.comparable as r on p.right_record = r.record_no and l.name_key = r.name_key
        anti join clashing as c on p.left_record = c.left_record and p.right_record = c.right_record
        where
            p.match_weight >= {model.threshold}
            and coalesce(l.born_otherwise, r.born_otherwise) is null and damerau_levenshtein(l.born, r.born) > 2
    """)
