"""After a version is served: heads of department hear of their new scorecards."""

import dagster as dg

from orchestration.defs.company import Company, say
from orchestration.notices.tell import tell_heads


@dg.asset(
    deps=["published_version"],
    group_name="publication",
    kinds={"webhook"},
    description="Who was told that a new scorecard is out; each scorecard once (company.yml: notices).",
)
def told_heads(company: Company) -> dg.MaterializeResult:
    folder = company.folder
    delivered = tell_heads(folder, (folder.published / "current").resolve(), company.settings, say)
    return dg.MaterializeResult(metadata={"delivered": delivered})
