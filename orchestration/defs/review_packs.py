"""Review packs as PDF, made when a month's late answers are in: the month's, and in a quarter's turn its deep review."""

import dagster as dg

from orchestration.defs.alerting import tell_failure
from orchestration.defs.company import Company, say
from orchestration.settings import Settings


@dg.op(description="One PDF per unit with a scorecard, in packs/PERIOD: the last complete month and quarter.")
def write_review_packs(company: Company) -> None:
    from scorecard_app.exports.periods import last_complete
    from scorecard_app.packs.write import write_packs
    from scorecard_app.published import Published, resolve

    folder, language = company.folder, company.settings.language
    published = Published(resolve(folder.root), everything=True)
    month, quarter = last_complete(published, "month"), last_complete(published, "quarter")
    for period in (month, quarter if month and quarter and month.end == quarter.end else None):
        if period is not None:
            written = write_packs(published, period, (), (language,), folder.packs)
            say(f"{len(written)} review packs in {folder.packs / period.code}")


@dg.job(
    executor_def=dg.in_process_executor, hooks={tell_failure}, description="The monthly and the quarterly review packs."
)
def review_packs() -> None:
    write_review_packs()


def monthly(settings: Settings) -> dg.ScheduleDefinition:
    """On the company's review day of every month, after the nightly run, on by default."""
    return dg.ScheduleDefinition(
        name="monthly_review_packs",
        job=review_packs,
        cron_schedule=f"0 6 {settings.review_day} * *",
        execution_timezone=settings.timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="At 06:00 company time on the day that company.yml's review_day names.",
    )
