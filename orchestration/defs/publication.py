"""The last step: what passed every gate becomes the version that everybody reads."""

import dagster as dg

from orchestration import dbt
from orchestration.defs.company import Company, say
from orchestration.defs.freshness import published_in_time
from orchestration.defs.gates import refuse_unjudged
from orchestration.defs.retries import passing_faults_retried
from orchestration.publishing.contract import published_tables
from orchestration.publishing.publish import publish
from orchestration.quality import data_docs
from orchestration.warehouse import connect


def publication_assets() -> dg.AssetsDefinition:
    """The published version, downstream of every published table."""

    @dg.asset(
        deps=[table.name for table in published_tables(dbt.manifest())],
        group_name="publication",
        kinds={"parquet"},
        freshness_policy=published_in_time(),
        description="An immutable folder of Parquet files with a manifest, checked, then switched to.",
    )
    def published_version(context: dg.AssetExecutionContext, company: Company) -> dg.MaterializeResult:
        refuse_unjudged(context)
        with passing_faults_retried(), connect(company.folder.database) as warehouse:
            version = publish(
                warehouse, company.folder, company.settings, dbt.manifest(), company.moment, context.run.run_id, say
            )
        say(f"published {version.name}")
        return dg.MaterializeResult(
            metadata={
                "version": version.name,
                "folder": dg.MetadataValue.path(str(version.path)),
                "digest": version.digest,
                "data_docs": dg.MetadataValue.path(str(company.folder.quality / data_docs.SITE / "index.html")),
                "as_of": version.as_of.isoformat(),
                "rows": sum(version.rows.values()),
            }
        )

    return published_version
