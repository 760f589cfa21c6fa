"""Who is whom: records and edges in, memberships with stable ids out."""

from collections.abc import Iterator
from dataclasses import asdict

import dagster as dg

from orchestration.defs.company import Company, say
from orchestration.defs.retries import passing_faults_retried
from orchestration.identity import accuracy, accuracy_plot, decisions, households, review, state, truth
from orchestration.identity.model import load_model
from orchestration.identity.resolve import resolve
from orchestration.identity.scored_pairs import score
from orchestration.warehouse import connect

EXACT = ["identity_records", "identity_keys", "identity_guards", "identity_clashes", "identity_edges"]
WRITTEN = {
    "memberships": "Each source record's customer: exact edges, the matching model and decisions in clusters, with ids that stay put.",
    "events": "What happened to customers: created, absorbed, split, decided about.",
    "links": "What joins the records of a customer.",
    "history": "Whose each record was when.",
}


@dg.multi_asset(
    specs=[
        dg.AssetSpec(["identity", name], deps=EXACT, description=text, kinds={"python", "duckdb"})
        for name, text in WRITTEN.items()
    ],
    group_name="identity",
)
def memberships(context: dg.AssetExecutionContext, company: Company) -> Iterator[dg.MaterializeResult]:
    with passing_faults_retried():
        previous = state.prepare(company.folder)
        with connect(company.folder.database) as warehouse:
            decisions.load(warehouse, company.folder)
            model = load_model(company.folder.models)
            compared = score(warehouse, model)
            report = resolve(
                warehouse,
                state.states_folder(company.folder),
                previous,
                as_of=company.moment,
                run=context.run.run_id,
                model=model,
            )
    say(
        f"identity: {report.records} records are {report.customers} customers; "
        f"{compared.newly_compared_pairs} pairs compared by {model.version}"
    )
    figures = {name: value for name, value in (asdict(report) | asdict(compared)).items() if isinstance(value, int)}
    yield dg.MaterializeResult(asset_key=["identity", "memberships"], metadata=figures)
    yield dg.MaterializeResult(asset_key=["identity", "events"])
    yield dg.MaterializeResult(asset_key=["identity", "links"])
    yield dg.MaterializeResult(asset_key=["identity", "history"])


@dg.asset(
    key=["identity", "households"],
    deps=[["identity", "memberships"], *EXACT],
    group_name="identity",
    kinds={"python", "duckdb"},
    description="Customers who share a telephone or an address: a layer of its own that joins nobody.",
)
def shared_households(company: Company) -> dg.MaterializeResult:
    with passing_faults_retried(), connect(company.folder.database) as warehouse:
        count = households.write(warehouse)
    return dg.MaterializeResult(metadata={"households": count})


@dg.asset(
    key=["identity", "review_queue"],
    deps=[["identity", "memberships"], *EXACT],
    group_name="identity",
    kinds={"python", "duckdb"},
    description="Pairs of records of which the model is not sure and nobody has decided, the least sure first.",
)
def review_queue(company: Company) -> dg.MaterializeResult:
    with passing_faults_retried(), connect(company.folder.database) as warehouse:
        count = review.write(warehouse, load_model(company.folder.models))
    return dg.MaterializeResult(metadata={"pairs": count})


@dg.asset(
    key=["identity", "accuracy"],
    deps=[["identity", "memberships"], *EXACT],
    group_name="identity",
    kinds={"python", "duckdb"},
    description="How far customers agree with labels and people's decisions, how large they are, which links hold them alone.",
)
def matching_accuracy(company: Company) -> dg.MaterializeResult:
    model = load_model(company.folder.models)
    with passing_faults_retried(), connect(company.folder.database) as warehouse:
        labels = truth.read(company.folder)
        figures = accuracy.report(warehouse, model)
        labelled = {} if labels is None else truth.against(warehouse, labels)
    judged = {name: value for name, value in (figures["agreement"] or {}).items() if value is not None}
    return dg.MaterializeResult(
        metadata={
            **judged,
            **{f"truth_{name}": value for name, value in labelled.items() if isinstance(value, (int, float))},
            "truth_segments": dg.JsonMetadataValue(labelled.get("segments", [])),
            "largest_cluster": max(figures["sizes"], default=0),
            "sizes": dg.JsonMetadataValue({str(size): count for size, count in figures["sizes"].items()}),
            "bridges": dg.JsonMetadataValue(figures["bridges"]),
            "segments": dg.JsonMetadataValue(figures["segments"]),
            "match_weights": dg.MarkdownMetadataValue(
                accuracy_plot.as_markdown(accuracy_plot.weights_svg(figures["weights"], model.threshold))
            ),
        }
    )
