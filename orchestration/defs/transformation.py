"""dbt's models, seeds and tests as Dagster assets and checks, built in this process."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject, dbt_assets

from orchestration import dbt
from orchestration.defs.company import Company, say
from orchestration.defs.freshness import published_in_time
from orchestration.defs.retries import PassingFault, passing_faults_retried, text_is_passing

GROUPS = {
    "staging": "staging",
    "identity": "identity",
    "facts": "facts",
    "kpis": "kpis",
    "engines": "engines",
    "profiles": "profiles",
    "published": "scorecards",
}


class Translator(DagsterDbtTranslator):
    """Groups follow the folders of dbt_project/models."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        folders = dbt_resource_props.get("fqn", [])
        return next((GROUPS[folder] for folder in folders if folder in GROUPS), "reference")

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The YAML's description, else the comment that opens the SQL: what the table means and its grain."""
        described = dbt_resource_props.get("description")
        if described:
            return described
        lines = dbt_resource_props.get("raw_code", "").splitlines()
        opening = itertools.takewhile(lambda line: line.startswith("--"), lines)
        return " ".join(line.removeprefix("--").strip() for line in opening if "noqa" not in line)

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        """What is published carries a freshness policy."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        return (
            spec.replace_attributes(freshness_policy=published_in_time()) if spec.group_name == "scorecards" else spec
        )


def _report(
    context: dg.AssetExecutionContext, company: Company, select: list[str], exclude: Sequence[str] = ()
) -> Iterator[Any]:
    with passing_faults_retried():
        results = dbt.build(select, target=company.folder.warehouse / "dbt", exclude=exclude)
        for result in results:
            if not result.ok and text_is_passing(result.message):
                raise PassingFault(f"dbt: {result.name}: {result.message}")
    translator, manifest = Translator(), dbt.manifest()
    selected = {key.name: key for key in context.selected_asset_check_keys}
    for result in results:
        if result.status == "skipped":
            continue  # something upstream failed, which is reported and ends the step below
        if result.resource_type == "test" and result.name in selected:
            yield dg.AssetCheckResult(
                passed=result.ok,
                asset_key=selected[result.name].asset_key,
                check_name=result.name,
                description=result.message or None,
                metadata={"status": result.status, "seconds": result.seconds},
            )
        elif result.ok and result.resource_type in ("model", "seed"):
            key = translator.get_asset_key(manifest["nodes"][result.unique_id])
            yield dg.MaterializeResult(asset_key=key, metadata={"seconds": result.seconds})
    failed = [result for result in results if not result.ok and result.status != "skipped"]
    if failed:
        messages = [f"{result.name}: {result.message}" for result in failed]
        raise dg.Failure(
            description=f"dbt: {len(failed)} of {len(results)} failed\n  " + "\n  ".join(messages),
            # names alone go into an alert: a message may quote what stands in a cell
            metadata={"failed": dg.MetadataValue.json([result.name for result in failed])},
            allow_retries=False,
        )
    say(f"dbt: {len(results)} models, seeds and tests done")


def transformation_assets() -> list[dg.AssetsDefinition]:
    """The dbt project in three parts: up to the identity edges; the facts, which need to know who is whom; and what is
    read from these and from lifetime values."""
    parsed = dbt.manifest()
    upstream = ["fqn:loyalty.staging", "fqn:loyalty.identity", "resource_type:seed"]
    middle = ["+fqn:loyalty.facts"]  # with the published tables that facts are made from
    downstream = [f"fqn:loyalty.{folder}" for folder in ("kpis", "engines", "profiles", "published")]

    @dbt_assets(manifest=parsed, select=" ".join(upstream), name="staging", dagster_dbt_translator=Translator())
    def staging(context: dg.AssetExecutionContext, company: Company) -> Iterator[Any]:
        yield from _report(context, company, upstream)

    @dbt_assets(
        manifest=parsed,
        select=" ".join(middle),
        exclude=" ".join(upstream),
        name="facts",
        dagster_dbt_translator=Translator(),
    )
    def facts(context: dg.AssetExecutionContext, company: Company) -> Iterator[Any]:
        yield from _report(context, company, middle, exclude=upstream)

    @dbt_assets(
        manifest=parsed,
        select=" ".join(downstream),
        exclude=" ".join(middle),
        name="scorecards",
        dagster_dbt_translator=Translator(),
    )
    def scorecards(context: dg.AssetExecutionContext, company: Company) -> Iterator[Any]:
        yield from _report(context, company, downstream, exclude=middle)

    return [staging, facts, scorecards]
