"""What customers are going to be worth: facts in, a value per customer and the model behind it out."""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.company import Company, say
from orchestration.defs.retries import passing_faults_retried
from orchestration.lifetime_value import plot
from orchestration.lifetime_value.update import update
from orchestration.warehouse import connect

FACTS = ["first_orders", "customer_days", "periods"]
WRITTEN = {
    "customers": "Who is still a customer, and what the next twelve months are worth.",
    "model": "The BG/NBD and Gamma-Gamma models in force, with their likelihoods, or why there is none.",
    "calibration": "What a model that was not shown the last half year expected of it, and what happened.",
    "months": "The model that was in force at every month's end.",
    "customer_months": "What every customer was worth at every month's end, by the model of the time.",
}


@dg.multi_asset(
    specs=[
        dg.AssetSpec(["lifetime_value", name], deps=FACTS, description=text, kinds={"python", "duckdb"})
        for name, text in WRITTEN.items()
    ],
    group_name="lifetime_value",
)
def lifetime_values(company: Company) -> Iterator[dg.MaterializeResult]:
    with passing_faults_retried(), connect(company.folder.database) as warehouse:
        report = update(warehouse, company.folder, company.settings.annual_discount)
    figures = {"status": report.status}
    for name, value in report.figures.items():
        figures[name] = value if isinstance(value, (int, float)) else str(value)
    say(f"lifetime value: {report.status}, {figures.get('parameters', 'no model')}")
    for name in ("customers", "months", "customer_months"):
        yield dg.MaterializeResult(asset_key=["lifetime_value", name])
    yield dg.MaterializeResult(asset_key=["lifetime_value", "model"], metadata=figures)
    drawn = {}
    if report.holdout:
        picture = plot.calibration_svg(report.holdout)
        drawn["plot"] = dg.MetadataValue.md(plot.as_markdown(picture, "expected and actual purchase days"))
    yield dg.MaterializeResult(asset_key=["lifetime_value", "calibration"], metadata=drawn)
