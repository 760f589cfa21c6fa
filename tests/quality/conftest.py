"""A small clean warehouse in memory, built anew for each test, to inject faults into."""

from decimal import Decimal

import duckdb
import pytest

from orchestration.landing.contract import Column, Contract, Dataset
from orchestration.quality.gates import judge_deliveries, judge_numbers
from orchestration.settings import Settings

DATASETS = {
    "customers": (["source_system", "source_customer_id"], None, {"email": "varchar"}),
    "orders": (["source_system", "order_id"], "ordered_at", {"ordered_at": "timestamp", "net_amount": "decimal(18,4)"}),
    "survey_questions": (["question_code"], None, {"scale_min": "decimal(9,3)", "scale_max": "decimal(9,3)"}),
    "survey_responses": (
        ["source_system", "response_id", "question_code"],
        "responded_at",
        {"score": "decimal(9,3)", "responded_at": "timestamp"},
    ),
    "org_units": (["org_unit_id", "valid_from"], None, {"valid_to": "date", "parent_org_unit_id": "varchar"}),
    "targets": (
        ["org_unit_id", "kpi_id", "period_start", "agreed_at"],
        "agreed_at",
        {"threshold": "double", "target": "double", "stretch": "double", "band_low": "double", "band_high": "double"}
        | {"weight": "decimal(9,3)"},
    ),
}
KEY_TYPES = {"valid_from": "date", "period_start": "date", "agreed_at": "timestamp"}


def contract():
    def dataset(name):
        key, event_time, more = DATASETS[name]
        types = {column: KEY_TYPES.get(column, "varchar") for column in key} | more
        columns = tuple(
            Column(column, kind, "", "", minimum=Decimal(0) if column == "net_amount" else None)
            for column, kind in types.items()
        )
        return Dataset(name, "", "", tuple(key), event_time, False, columns)

    return Contract({name: dataset(name) for name in DATASETS})


class Warehouse:
    """The tables that the gates read. Every dataset is delivered in files of 60 rows a month, all of them good."""

    def __init__(self):
        self.contract = contract()
        self.connection = duckdb.connect()
        self.sql("create schema raw; create schema config")
        self.sql("create table config.settings as select timestamp '2026-04-05 00:00:00' as as_of, 'UTC' as timezone")
        self.sql("""
            create table raw.deliveries (
                dataset varchar, delivery varchar, path varchar, first_seen timestamp, received_at timestamp,
                status varchar, received bigint, loaded bigint, superseded bigint, duplicate bigint,
                quarantined bigint, conflicts bigint, dismissed boolean, cleared boolean, reason varchar
            );
            create table raw.notes (dataset varchar, delivery varchar, path varchar, code varchar, detail varchar);
            create table raw.conflicts (
                dataset varchar, _delivery varchar, _line bigint, winner_delivery varchar, winner_line bigint
            );
            create table raw.quarantine (
                dataset varchar, delivery varchar, path varchar, line bigint, column_name varchar, reason varchar,
                raw_text varchar
            )
        """)
        for dataset in self.contract.datasets.values():
            columns = ", ".join(f"{column.name} {column.data_type}" for column in dataset.columns)
            self.sql(f"create table raw.{dataset.name} ({columns}, _delivery varchar, _line bigint)")
            self.sql(f"create view main.stg_{dataset.name} as select * from raw.{dataset.name}")
        self._deliver()
        self._numbers()

    def sql(self, statements):
        return self.connection.execute(statements)

    def deliver(self, dataset, delivery, path, rows, select):
        """A loaded file of `rows` rows; `select` gives its columns from the row number i, counted from 0."""
        self.sql(f"""
            insert into raw.deliveries
            values ('{dataset}', '{delivery}', '{path}', '2026-04-01', '2026-04-01', 'loaded', {rows}, {rows}, 0, 0, 0, 0,
                false, false, null)
        """)
        self.sql(f"insert into raw.{dataset} select {select}, '{delivery}', i + 2 from range({rows}) as t(i)")

    def deliver_orders(self, month, rows=60, delivery=None):
        name = delivery or f"o{month}"
        day = f"timestamp '2026-{month:02}-01' + to_hours(cast(i as integer))"
        self.deliver("orders", name, f"orders/2026-{month:02}-28.csv", rows, f"'pos', '{name}-' || i, {day}, 10")

    def _deliver(self):
        for month in (1, 2, 3):
            customers = f"'crm', '{month}-' || i, 'a@b.cn'"
            self.deliver("customers", f"c{month}", f"customers/crm_2026-{month:02}-28.csv", 60, customers)
        for month in (1, 2, 3):
            self.deliver_orders(month)
        self.deliver("survey_questions", "q1", "survey_questions/all.csv", 1, "'nps', 0, 10")
        answered = "timestamp '2026-03-10' + to_hours(cast(i as integer))"
        self.deliver(
            "survey_responses", "s1", "survey_responses/march.csv", 60, f"'web', 'r' || i, 'nps', i % 11, {answered}"
        )
        units = "['all', 'sto', 's1', 's2'][i + 1], date '2025-01-01', null, [null, 'all', 'sto', 'sto'][i + 1]"
        self.deliver("org_units", "u1", "org_units/units.xlsx", 4, units)
        agreed = "'sto', ['csat', 'nps'][i + 1], date '2026-01-01', timestamp '2025-12-01', "
        agreed += "20, 30, 40, null, null, [40, 60][i + 1]"
        self.deliver("targets", "t1", "targets/2026.xlsx", 2, agreed)

    def _numbers(self):
        self.sql("""
            create table kpis (kpi_id varchar, "interval" varchar, scale double, "offset" double, adds varchar,
                shown_floor bigint, matures_after_days bigint, direction varchar);
            insert into kpis values ('nps', 'adj_wald', 100, 0, 'latest', 5, 0, 'higher'),
                ('csat', 'wilson', 100, 0, 'flow', 5, 0, 'higher'),
                ('complaints', 'poisson', 1000, 0, 'flow', 5, 0, 'lower'),
                ('retention', 'wilson', 100, 0, 'as_of', 5, 180, 'higher');
            create table org_units as
            select org_unit_id, parent_org_unit_id,
                cast(case org_unit_id when 'all' then 0 when 'sto' then 1 else 2 end as bigint) as depth
            from stg_org_units;
            create table kpi_values as
            select
                k.kpi_id, u.org_unit_id, p.period_kind, p.period_start, 'all' as slice_dimension, 'all' as slice_value,
                cast(10 * (3 - u.depth) * p.length as bigint) as n, 50.0::double as numerator, 100.0::double as denominator,
                50.0::double as value, 40.0::double as ci_low, 60.0::double as ci_high, 0.1::double as weak_share,
                'shown' as status
            from kpis as k
            cross join org_units as u
            cross join (values ('month', date '2026-01-01', 1), ('month', date '2026-02-01', 1),
                ('month', date '2026-03-01', 1), ('quarter', date '2026-01-01', 3), ('year', date '2026-01-01', 3))
                as p (period_kind, period_start, length);
            create table targets_in_force as
            select p.period_kind, p.period_start, t.org_unit_id, t.kpi_id, t.weight
            from (select distinct period_kind, period_start from kpi_values where period_kind <> 'year') as p
            cross join stg_targets as t;
            create table scorecards as
            select org_unit_id, period_kind, period_start, kpi_id, 110.0::double as attainment, 'met' as verdict,
                'green' as rag
            from targets_in_force;
            create table department_scores as
            select distinct org_unit_id, period_kind, period_start, 110.0::double as score, 'green' as rag from scorecards
        """)

    def deliveries_verdict(self):
        return judge_deliveries(self.connection, Settings(), self.contract)

    def numbers_verdict(self):
        return judge_numbers(self.connection)


@pytest.fixture
def warehouse():
    made = Warehouse()
    yield made
    made.connection.close()


def failed(verdict):
    """{check: [place: figure]} of everything that did not pass."""
    return {
        outcome.name: [f"{finding.place}: {finding.figure}" for finding in outcome.findings]
        for outcome in (*verdict.blocking, *verdict.warnings)
    }


@pytest.fixture
def expect():
    """Assert that exactly this check failed, blocking or not, with a finding that reads so."""

    def check(verdict, name, *findings, blocks):
        found = failed(verdict)
        assert list(found) == [name]
        for finding in findings:
            assert finding in found[name]
        assert verdict.passed is not blocks
        text = verdict.text()
        outcome = (*verdict.blocking, *verdict.warnings)[0]
        assert ("BLOCKED" if blocks else "warning") + f"  {name}: {outcome.check.meaning}" in text
        assert f"→ {outcome.check.remedy}" in text

    return check
