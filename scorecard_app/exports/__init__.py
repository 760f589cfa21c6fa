"""What a company takes into its appraisals: the scorecards of one complete period as XLSX, CSV or JSON.

Reads one published version and nothing else; its shape is described in README.md beside this file.
"""

from scorecard_app.exports.columns import languages
from scorecard_app.exports.periods import Period, UnknownPeriod
from scorecard_app.exports.report import NoScorecards, Report, UnknownUnit, collect
from scorecard_app.exports.write import FORMATS, AlreadyThere, default_path, packed, write

__all__ = [
    "FORMATS", "AlreadyThere", "NoScorecards", "Period", "Report", "UnknownPeriod", "UnknownUnit", "collect",
    "default_path", "languages", "packed", "write",
]  # fmt: skip
