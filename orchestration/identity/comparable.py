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


def comparable_sql() -> str:
    """Select what `identity.comparable` holds, from `main.identity_records`, `identity_keys` and `identity_guards`.

    A guarded value says nothing about a person, nor does one that was handed on: two records bore it at different
    times. 小王 and 老王 tell a family name, 阿强 a given one. `tf_…` is the share of people who bear a name, from the model, so that yesterday's weights stay true when
    tomorrow's customers come. `fingerprint` changes when anything else in the row does.
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
                record_no,
                case when not coalesce(regexp_matches(han_name, '^[小老].$'), false) then given_name end as given_name,
                case when not coalesce(han_name like '阿_', false) then family_name end as family_name,
                case when not coalesce(regexp_matches(han_name, '^[小老阿].$'), false) then name_key end as name_key,
                case when not coalesce(regexp_matches(han_name, '^[小老阿].$'), false) then han_name end as han_name
            from main.identity_records
        ),
        compared as (
            select
                r.record_no, r.source_system, r.source_customer_id,
                n.given_name, n.family_name, n.name_key, n.han_name, r.name_is_chinese as is_chinese, r.gender,
                strftime(r.birth_date, '%Y%m%d') as born,
                strftime(r.birth_date_alternative, '%Y%m%d') as born_otherwise,
                r.address, trim(replace(r.address, coalesce(r.house_number, ''), '')) as street,
                list_filter(r.address_tokens, lambda token: token <> coalesce(r.house_number, '')) as street_tokens, r.house_number, r.city, r.region, r.postcode,
                {", ".join(f"k.{column}" for column in LISTED)},
                {", ".join(f"s_{name}.share as tf_{name}" for name in NAMED)}
            from main.identity_records as r
            inner join named as n on r.record_no = n.record_no
            left join listed as k on r.record_no = k.record_no
            {" ".join(f"left join shares_of_{name} as s_{name} on n.{name} = s_{name}.name" for name in NAMED)}
        )
        select *, hash(*columns(* exclude (record_no))) as fingerprint
        from compared
        where coalesce(name_key, born, address, postcode, phones[1], emails[1]) is not null
        order by record_no
    """


def write_comparable(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Write `identity.comparable` as `model` sees the records of today."""
    for name in NAMED:
        shares = model.frequencies.get(name, {})
        connection.execute(f"create or replace temp table shares_of_{name} (name varchar, share double)")
        connection.execute(
            f"insert into shares_of_{name} select unnest(cast(? as varchar[])), unnest(cast(? as double[]))",
            [list(shares), list(shares.values())],
        )
    connection.execute(f"create or replace table identity.comparable as {comparable_sql()}")
