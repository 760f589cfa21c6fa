"""What a model sees of each record: `identity.comparable`, a row per record that has anything to compare."""

import duckdb

from orchestration.identity.model import Model

LISTED = {
    "phones": "phone",
    "emails": "email",
    "accounts": "account",
    "cards": "card",
    "union_ids": "union_id",
}
NAMED = ("given_name", "family_name")
COUNTED = {"given_name": 64, "family_name": 64, "city": 64, "postcode": 512, "address": 4_096}
"""A value is common from one in so many records on, and more than `ONE_PERSON`. Shares are halves, quarters, eighths …, so that a new customer moves no
weight until a share has doubled; one in sixteen is the most: where everybody lives in one city, that is no evidence against."""
MOST = 16
ONE_PERSON = 20
FEWEST = 1_024
"""Records that a smaller company is taken to have: two of five in one street is chance."""


def comparable_sql() -> str:
    """Select what `identity.comparable` holds, from `main.identity_records`, `identity_keys` and `identity_guards`.

    A guarded value says nothing about a person, nor does one that was handed on: two records bore it at different
    times. 小王 and 老王 tell a family name, 阿强 a given one; the J of Mary J is her `initial`. `tf_…` is the share of people
    who bear a name or live in a place where that is common: the larger of what the model knows of names and what the
    company's own records say. `fingerprint` changes when anything else in the row does.
    """
    lists = ", ".join(
        f"list_sort(list(identifier_value) filter (where identifier_type = '{kind}')) as {column}"
        for column, kind in LISTED.items()
    )
    return f"""
        with handed_on as (
            select identifier_type, identifier_value
            from main.identity_keys
            group by all
            having max(valid_from) >= min(valid_to)
        ),
        usable as (
            select distinct record_no, identifier_type, identifier_value
            from main.identity_keys
            anti join main.identity_guards using (identifier_type, identifier_value)
            anti join handed_on using (identifier_type, identifier_value)
        ),
        listed as (select record_no, {lists} from usable group by record_no),
        named as (
            select
                record_no, city, postcode, address,
                case
                    when not coalesce(regexp_matches(han_name, '^[小老].$'), false)
                        then regexp_replace(given_name, '(.) [a-z]$', '\\1')
                end as given_name,
                nullif(regexp_extract(given_name, '. ([a-z])$', 1), '') as initial,
                case when not coalesce(han_name like '阿_', false) then family_name end as family_name,
                case when not coalesce(regexp_matches(han_name, '^[小老阿].$'), false) then name_key end as name_key,
                case when not coalesce(regexp_matches(han_name, '^[小老阿].$'), false) then han_name end as han_name
            from main.identity_records
        ),
        {", ".join(_share(column, least) for column, least in COUNTED.items())},
        compared as (
            select
                r.record_no, r.source_system, r.source_customer_id,
                n.given_name, n.initial, coalesce(f.formal_names, [n.given_name]) as called, n.family_name, n.name_key, n.han_name, r.name_is_chinese as is_chinese, r.gender,
                strftime(r.birth_date, '%Y%m%d') as born,
                strftime(r.birth_date_alternative, '%Y%m%d') as born_otherwise,
                r.address, trim(replace(r.address, coalesce(r.house_number, ''), '')) as street,
                list_filter(r.address_tokens, lambda token: token <> coalesce(r.house_number, '')) as street_tokens, r.house_number, r.city, r.region, r.postcode,
                {", ".join(f"k.{column}" for column in LISTED)},
                {", ".join(f"greatest(s_{name}.share, c_{name}.share) as tf_{name}" for name in NAMED)},
                coalesce(s_family_name.share, c_family_name.share) is not null as family_name_is_common,
                c_city.share as tf_city, c_city.share is not null as city_is_common,
                c_postcode.share as tf_postcode, c_postcode.share is not null as postcode_is_common,
                c_address.share as tf_address
            from main.identity_records as r
            inner join named as n on r.record_no = n.record_no
            left join listed as k on r.record_no = k.record_no
            left join formal_names as f on n.given_name = f.name
            {" ".join(f"left join shares_of_{name} as s_{name} on n.{name} = s_{name}.name" for name in NAMED)}
            {" ".join(f"left join common_{column} as c_{column} on n.{column} = c_{column}.value" for column in COUNTED)}
        )
        select *, hash(*columns(* exclude (record_no))) as fingerprint
        from compared
        where coalesce(name_key, born, address, postcode, phones[1], emails[1]) is not null
        order by record_no
    """


def _share(column: str, least: int) -> str:
    """Common values of a column with their share: the power of two above it, from whole numbers and so the same everywhere."""
    others = f"(greatest((select count({column}) from named), {FEWEST}) // count(*))"
    return f"""common_{column} as (
            select {column} as value, 1.0 / greatest({MOST}, 1 << (length(bin({others})) - 1)) as share
            from named
            where {column} is not null
            group by {column}
            having {others} < {least} and count(*) > {ONE_PERSON}
        )"""


def write_comparable(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Write `identity.comparable` as `model` sees the records of today."""
    for name in NAMED:
        shares = model.frequencies.get(name, {})
        connection.execute(f"create or replace temp table shares_of_{name} (name varchar, share double)")
        connection.execute(
            f"insert into shares_of_{name} select unnest(cast(? as varchar[])), unnest(cast(? as double[]))",
            [list(shares), list(shares.values())],
        )
    connection.execute("create or replace temp table formal_names (name varchar, formal_names varchar[])")
    connection.execute(
        "insert into formal_names select unnest(cast(? as varchar[])), unnest(cast(? as varchar[][]))",
        [list(model.formal_names), [[name, *formal] for name, formal in model.formal_names.items()]],
    )
    connection.execute(f"create or replace table identity.comparable as {comparable_sql()}")
