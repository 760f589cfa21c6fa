"""Deliveries become raw tables: one step loads them all, one asset per dataset."""

from collections.abc import Iterator

import dagster as dg

from orchestration import dbt
from orchestration.defs.back_fill import part_to_fill
from orchestration.defs.company import Company, say
from orchestration.defs.retries import passing_faults_retried
from orchestration.landing.contract import load_contract
from orchestration.landing.mixture import refuse_mixture
from orchestration.landing.reload import forget
from orchestration.landing.run import load_deliveries
from orchestration.warehouse import connect


def landing_assets() -> dg.AssetsDefinition:
    """The raw datasets of the landing contract."""
    contract = load_contract(dbt.ensure_manifest())
    specs = [
        dg.AssetSpec(
            key=["raw", dataset.name],
            group_name="landing",
            description=f"{dataset.description} Key: {', '.join(dataset.key)}.",
            kinds={"duckdb"},
        )
        for dataset in contract.datasets.values()
    ]
    bookkeeping = [
        dg.AssetSpec(
            key=["raw", "deliveries"],
            group_name="landing",
            description="A row per delivery: received = loaded + superseded + duplicate + quarantined.",
            kinds={"duckdb"},
        ),
        dg.AssetSpec(
            key=["raw", "set_aside"],
            group_name="landing",
            description="Rows that are not used in this run: superseded, duplicate, or refused beside all others.",
            kinds={"duckdb"},
        ),
    ]

    @dg.multi_asset(specs=[*specs, *bookkeeping], name="load_deliveries")
    def raw(context: dg.AssetExecutionContext, company: Company) -> Iterator[dg.MaterializeResult]:
        refuse_mixture(company.folder)
        part = part_to_fill(context.run.job_name, company.back_fill)
        with passing_faults_retried(), connect(company.folder.database) as warehouse:
            if part:
                forget(warehouse, company.folder, company.settings, contract, part, say)
            report = load_deliveries(
                warehouse,
                company.folder,
                company.settings,
                load_contract(dbt.MANIFEST),
                company.moment,
                say,
            )
            counts = warehouse.execute(
                """
                select
                    dataset, count(*) as deliveries, sum(received) as received, sum(loaded) as loaded,
                    sum(superseded) as superseded, sum(duplicate) as duplicate, sum(quarantined) as quarantined
                from raw.deliveries
                group by dataset
                """
            ).fetchall()
        say(
            f"landing: {report.taken} new deliveries; of {report.received} rows {report.loaded} are in use, "
            f"{report.superseded} superseded, {report.duplicate} duplicates, {report.quarantined} quarantined"
        )
        names = ("deliveries", "received", "loaded", "superseded", "duplicate", "quarantined")
        by_dataset = {row[0]: dict(zip(names, map(int, row[1:]), strict=True)) for row in counts}
        for note in report.notes:
            if not note.delivery:
                say(f"not taken: {note.detail}")
        for spec in specs:
            dataset = spec.key.path[-1]
            yield dg.MaterializeResult(asset_key=spec.key, metadata=by_dataset.get(dataset, dict.fromkeys(names, 0)))
        totals = {name: sum(counts[name] for counts in by_dataset.values()) for name in names}
        yield dg.MaterializeResult(asset_key=bookkeeping[0].key, metadata=totals)
        yield dg.MaterializeResult(asset_key=bookkeeping[1].key, metadata={"conflicts": report.conflicts})

    return raw
