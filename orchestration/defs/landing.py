"""Deliveries become raw tables: one step loads them all, one asset per dataset."""

from collections.abc import Iterator

import dagster as dg

from orchestration import dbt
from orchestration.defs.company import Company, say
from orchestration.landing.contract import load_contract
from orchestration.landing.load import load_deliveries
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

    @dg.multi_asset(specs=specs, name="load_deliveries")
    def raw(context: dg.AssetExecutionContext, company: Company) -> Iterator[dg.MaterializeResult]:
        with connect(company.folder.database) as warehouse:
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
        context.log.info(str(report))
        names = ("deliveries", "received", "loaded", "superseded", "duplicate", "quarantined")
        by_dataset = {row[0]: dict(zip(names, map(int, row[1:]), strict=True)) for row in counts}
        for spec in specs:
            dataset = spec.key.path[-1]
            yield dg.MaterializeResult(asset_key=spec.key, metadata=by_dataset.get(dataset, dict.fromkeys(names, 0)))

    return raw
