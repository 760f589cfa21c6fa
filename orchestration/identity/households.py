"""Who lives together: customers who share a telephone or an address. A layer of its own that never joins two people."""

import hashlib

import duckdb
import numpy as np
import pandas as pd

from orchestration.identity.clusters import components

# More customers at one address are an office or a hall of residence, no household.
MOST_AT_AN_ADDRESS = 10
SHOWN_DIGITS = 12

_CUSTOMERS = """
    create or replace temp table household_customers as
    select
        r.record_no,
        m.customer_id,
        m.customer_key,
        dense_rank() over (order by m.customer_key) - 1 as customer
    from main.identity_records as r
    inner join identity.memberships as m using (source_system, source_customer_id)
"""
_PHONES = """
    select distinct least(l.customer, r.customer) as l, greatest(l.customer, r.customer) as r, 'phone' as reason
    from (select * from main.identity_keys inner join household_customers using (record_no)) as l
    inner join (select * from main.identity_keys inner join household_customers using (record_no)) as r
        on l.identifier_value = r.identifier_value
        and l.identifier_type = 'phone'
        and r.identifier_type = 'phone'
        and l.customer < r.customer
        and (l.valid_from is null or r.valid_to is null or l.valid_from < r.valid_to)
        and (r.valid_from is null or l.valid_to is null or r.valid_from < l.valid_to)
    anti join main.identity_guards as g
        on g.identifier_type = 'phone' and l.identifier_value = g.identifier_value
"""

_ADDRESSES = """
    with homes as (
        select distinct h.customer, r.address, coalesce(r.city, '') as city
        from main.identity_records as r
        inner join household_customers as h using (record_no)
        where r.address is not null and r.house_number is not null
    ),

    shared as (
        select address, city, min(customer) as first_customer
        from homes
        group by address, city
        having count(*) between 2 and ?
    )

    select s.first_customer as l, h.customer as r, 'address' as reason
    from shared as s
    inner join homes as h on s.address = h.address and s.city = h.city and s.first_customer < h.customer
"""


def write(connection: duckdb.DuckDBPyConnection) -> int:
    """Write `identity.households` (household_id, customer_id, reason), a row per customer who shares with another.

    Shares carry over: with A and B at one address, and B and C on one phone, all three are one household. Its id is 'H'
    and the first digits of the SHA-256 of its smallest customer_key; `reason` is what the customer shares: phone,
    address or address+phone. Returns the number of households.
    """
    connection.execute(_CUSTOMERS)
    pairs = connection.execute(f"{_PHONES} union all ({_ADDRESSES})", [MOST_AT_AN_ADDRESS]).df()
    customers = connection.execute(
        "select distinct customer, customer_id, customer_key from household_customers order by customer"
    ).df()
    left, right = (pairs[side].to_numpy(dtype=np.int64) for side in ("l", "r"))
    heads = components(len(customers), left, right)
    shared = pd.concat([pairs[["l", "reason"]].rename(columns={"l": "customer"}),
                        pairs[["r", "reason"]].rename(columns={"r": "customer"})]).drop_duplicates()  # fmt: skip
    reasons = shared.sort_values(["customer", "reason"]).groupby("customer")["reason"].agg("+".join)
    members = customers.loc[reasons.index]
    keys = customers["customer_key"].to_numpy()[heads[reasons.index.to_numpy()]]
    households = pd.DataFrame(
        {
            "household_id": ["H" + hashlib.sha256(key.encode()).hexdigest()[:SHOWN_DIGITS] for key in keys],
            "customer_id": members["customer_id"].astype("str").to_numpy(),
            "reason": reasons.astype("str").to_numpy(),
        }
    )
    connection.register("households_now", households)
    connection.execute(
        "create or replace table identity.households (household_id varchar, customer_id varchar, reason varchar)"
    )
    connection.execute(
        "insert into identity.households select * from households_now order by household_id, customer_id"
    )
    connection.unregister("households_now")
    connection.execute("drop table household_customers")
    return int(households["household_id"].nunique())
