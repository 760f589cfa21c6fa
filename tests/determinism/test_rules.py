"""Every rule refuses its bad example, wherever it hides, and passes the good one beside it."""

from pathlib import Path

import duckdb
import pytest

from tests.determinism.compiled import findings
from tests.determinism.orders import untotal_windows
from tests.determinism.python_sql import python_findings
from tests.determinism.words import refused_words

KEYS = {frozenset(("shop", "order_id"))}
PLACES = {
    "plain": "{query}",
    "in a CTE": "with bad as (\n    {query}\n)\n\nselect * from bad",
    "in a subquery": "select s.*\nfrom (\n    {query}\n) as s\nwhere 1 = 1",
    "in a union": "select 1 as x, 2 as y where false\nunion all\nselect * from (\n    {query}\n) as u",
}
REFUSED = {
    "now": "select now() as x, 1 as y",
    "today": "select today() as x, 1 as y",
    "current_date": "select current_date as x, 1 as y",
    "current_timestamp": "select 1 as x, current_timestamp as y",
    "random": "select random() as x, 1 as y",
    "uuid": "select uuid() as x, 1 as y",
    "hash": "select hash(order_id) as x, 1 as y from sales",
    "approx_quantile": "select approx_quantile(amount, 0.5) as x, 1 as y from sales",
    "any_value": "select any_value(amount) as x, 1 as y from sales",
    "first": "select first(amount order by sold_at) as x, 1 as y from sales",
    "last": "select last(amount) as x, 1 as y from sales",
    "arg_max": "select arg_max(amount, sold_at) as x, 1 as y from sales",
    "min_by": "select min_by(amount, sold_at) as x, 1 as y from sales",
    "mode": "select mode(shop) as x, 1 as y from sales",
    "list": "select list(shop) as x, 1 as y from sales",
    "string_agg": "select string_agg(shop, ', ') as x, 1 as y from sales",
    "array_agg": "select list_distinct(array_agg(shop)) as x, 1 as y from sales",
    "distinct on": "select distinct on (shop) shop as x, amount as y from sales order by shop, sold_at",
    "limit": "select shop as x, amount as y from sales limit 3",
    "using sample": "select shop as x, amount as y from sales using sample 3",
    "tablesample": "select shop as x, amount as y from sales tablesample 10%",
    "qualify": "select shop as x, amount as y from sales qualify row_number() over (order by shop, order_id) = 1",
    "asof": "select s.shop as x, r.rate as y from sales as s asof join rates as r on s.sold_at >= r.since",
    "rowid": "select rowid as x, 1 as y from sales",
    "row_number over": "select row_number() over (partition by shop order by sold_at) as x, 1 as y from sales",
    "ntile over": "select ntile(5) over (order by amount) as x, 1 as y from sales",
    "lag over": "select lag(amount) over w as x, 1 as y from sales window w as (partition by shop order by sold_at)",
    "first_value over": "select first_value(amount) over (partition by shop order by sold_at) as x, 1 as y from sales",
    "sum over": "select sum(pieces) over (order by sold_at rows between 2 preceding and current row) as x, 1 as y from sales",
    "sum": "select sum(weight) as x, 1 as y from sales",
    "avg": "select avg(cast(amount as double)) as x, 1 as y from sales",
    "stddev": "select stddev(amount) as x, 1 as y from sales",
    "corr": "select corr(amount, pieces) as x, 1 as y from sales",
}
ACCEPTED = {
    "a fixed moment": "select date '2026-01-01' as x, timestamp '2026-01-01 00:00' as y",
    "names of columns": 'select s.first, s.last, s."now", pieces as first, s.mode from (select 1 as first, 2 as last, 3 as "now", 4 as mode, 5 as pieces) as s',
    "words in text and comments": "select 'now() any_value(x) limit 3' as x -- random() of a person\nfrom sales",
    "nulls first": "select shop, rank() over (order by sold_at nulls first) as x from sales",
    "exact sums": "select sum(amount) as x, avg(pieces) as y, sum(cast(weight as decimal(18, 6))) as z, avg(amount) as a from sales",
    "order statistics": "select median(weight) as x, quantile_cont(weight, 0.9) as y, max(weight) as z from sales",
    "ordered lists": "select list(shop order by shop) as x, list_sort(list_distinct(list(shop))) as y, list_sort(array_agg(shop)) as z from sales",
    "an ordered limit": "select shop from (select shop, order_id from sales order by shop, order_id limit 3) as s",
    "a total order": "select row_number() over (partition by shop order by sold_at, order_id) as x from sales",
    "a grouped key": "with days as (select shop, sold_at, count(*) as n from sales group by shop, sold_at)\n"
    "select lead(n) over (partition by shop order by sold_at) as x from days",
    "a running count": "select count(*) over (partition by shop order by sold_at) as x from sales",
    "a reason": "select\n    -- total order: a till sells once a second\n    row_number() over (\n        partition by shop\n        order by sold_at\n    ) as x\nfrom sales",
    "a number nobody sees": "select count(*) as x from sales\n-- only compared: a till's rows\ngroup by hash(shop)",
    "a reason beside": "select any_value(shop) as x -- total order: one shop a till\nfrom sales",
    "a sum of whole floats cast": "select sum(cast(weight as decimal(9, 3))) filter (where pieces > 1) as x from sales",
}


@pytest.fixture(scope="module")
def warehouse():
    with duckdb.connect() as connection:
        connection.execute(
            "create table sales (shop varchar, order_id varchar, sold_at timestamp, amount decimal(18, 4), pieces integer, weight double)"
        )
        connection.execute("create table rates (since timestamp, rate decimal(9, 6))")
        yield connection


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("words", REFUSED)
def test_a_bad_example_is_refused_wherever_it_stands(words, place, warehouse):
    sql = PLACES[place].format(query=REFUSED[words])
    connection_understands(warehouse, sql)
    found = findings(sql, KEYS, warehouse)
    assert [finding.words.removesuffix("()") for finding in found] == [words]
    assert words.split()[0] in sql.splitlines()[found[0].line - 1]
    assert found[0].remedy in found[0].at("models/x.sql:1")


@pytest.mark.parametrize("what", ACCEPTED)
def test_a_good_example_passes(what, warehouse):
    connection_understands(warehouse, ACCEPTED[what])
    assert findings(ACCEPTED[what], KEYS, warehouse) == []


def connection_understands(warehouse: duckdb.DuckDBPyConnection, sql: str) -> None:
    warehouse.execute(sql).fetchall()


def test_every_one_of_several_sums_is_judged_by_its_own_type(warehouse):
    sql = "select\n    sum(pieces) as a,\n    sum(weight) filter (where pieces > 1 or shop = 'x') as b,\n    sum(amount * weight) as c,\n    sum(distinct amount) as d\nfrom sales"
    assert [finding.line for finding in findings(sql, KEYS, warehouse)] == [3, 4]


def test_a_type_that_comes_from_another_table_is_seen(warehouse):
    warehouse.execute("create or replace view halves as select shop, pieces / 2 as half from sales")
    [found] = findings(
        "with h as (select * from halves)\nselect shop, sum(half) as x from h group by shop", KEYS, warehouse
    )
    assert (found.line, found.words) == (2, "sum()")


def test_a_partition_by_a_key_alone_orders_nothing():
    sql = "select row_number() over (partition by shop, order_id order by sold_at) as x from sales"
    assert list(untotal_windows(sql, KEYS))


def test_an_excuse_without_a_reason_excuses_nothing():
    assert list(refused_words("select any_value(shop) as x -- total order:\nfrom sales"))
    assert list(refused_words("select any_value(shop) as x -- first come\nfrom sales"))


def test_sql_in_python_is_judged_at_its_line(tmp_path: Path):
    """Docstrings and prose are no SQL; fragments are judged by their words; f-strings with what stands around the holes."""
    path = tmp_path / "room.py"
    path.write_text(
        '"""Select whatever now() says from the sales."""\n'
        "DAY = 'select any_value(day) from days'\n"
        "def count(name, run):\n"
        '    run(f"""\n'
        "        select count(*), random() as x\n"
        "        from {name}\n"
        '    """)\n'
        "    run('select day from days '\n"
        "        'order by day limit 1')\n"
        "    run('insert into t select * from days limit 1')  # total order: a single day\n"
        "    run('select row_number() over () from days')\n"
        "    return 'wait now (or first) for a random list (of any)'\n",
        encoding="utf-8",
    )
    found = [(finding.line, finding.words) for finding in python_findings(path)]
    assert sorted(found) == [(2, "any_value()"), (5, "random()"), (11, "row_number over")]
