"""Who is whom: records and edges in, memberships with stable ids out."""

from dataclasses import asdict

import dagster as dg

from orchestration.defs.company import Company, say
from orchestration.defs.retries import passing_faults_retried
from orchestration.identity import decisions, state
from orchestration.identity.resolve import resolve
from orchestration.warehouse import connect


@dg.asset(
    key=["identity", "memberships"],
    deps=["identity_records", "identity_edges"],
    group_name="identity",
    kinds={"python", "duckdb"},
    description="Each source record's customer: connected components of the exact edges, with ids that stay put.",
)
def memberships(context: dg.AssetExecutionContext, company: Company) -> dg.MaterializeResult:
    with passing_faults_retried():
        previous = state.prepare(company.folder)
        with connect(company.folder.database) as warehouse:
            decisions.load(warehouse, company.folder)
            report = resolve(
                warehouse,
                state.states_folder(company.folder),
                previous,
                as_of=company.moment,
                run=context.run.run_id,
            )
    say(f"identity: {report.records} records are {report.customers} customers")
    figures = {name: value for name, value in asdict(report).items() if isinstance(value, int)}
    return dg.MaterializeResult(metadata=figures)
