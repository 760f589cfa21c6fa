"""The gates as data: per gate and subject, what Great Expectations is to expect of the profile, and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

BETWEEN = "ExpectColumnValuesToBeBetween"


@dataclass(frozen=True)
class Check:
    """One expectation on one measure; null measures don't apply and pass.

    `expectation` is the name of a class in great_expectations.expectations, `arguments` go to it as they are.
    """

    name: str
    measure: str
    expectation: str
    arguments: Mapping[str, Any]
    severity: Literal["block", "warn"]
    meaning: str
    remedy: str


def _none(measure: str, severity: Literal["block", "warn"], meaning: str, remedy: str) -> Check:
    """The measure counts faults: there must be none."""
    return Check(measure, measure, BETWEEN, {"min_value": 0, "max_value": 0}, severity, meaning, remedy)


OURS = "This is an error of the pipeline, not of the data: report it with this message; the last version stays served."
SOURCE = "Correct the rows at their source and deliver them again; the later delivery of a key wins."

DELIVERIES = (
    _none(
        "unbalanced",
        "block",
        "Rows were lost or counted twice: received ≠ loaded + superseded + duplicate + quarantined.",
        OURS,
    ),
    _none(
        "excess_quarantine",
        "block",
        "Too many rows of a delivery were refused for its dataset to be trusted.",
        "Deliver a corrected file at the same path, or accept the loss: "
        "loyalty quarantine --dismiss DELIVERY --reason TEXT. `loyalty quarantine` lists every line.",
    ),
    _none(
        "unreadable",
        "warn",
        "A file could not be read at all and was left out whole.",
        "Deliver it again at the same path.",
    ),
    _none(
        "not_taken",
        "warn",
        "Something in landing was passed over: no dataset has its folder's name, or it is no file that can be read.",
        "Put it into landing/<dataset>/ as a file that the run's user may read, or take it away.",
    ),
    _none(
        "conflicts",
        "warn",
        "Rows of one key differ and nothing says which is newer; one of them was taken by a fixed rule.",
        "Deliver the right row again with a later updated_at, or in a file with a later date in its name.",
    ),
    _none(
        "conflicting_targets",
        "block",
        "Two agreements about one target differ and nothing says which is newer: nobody's pay may hang on that.",
        "Deliver the right row again with a later updated_at, or in a file with a later date in its name.",
    ),
    _none(
        "waiting",
        "warn",
        "More deliveries than one run takes: the rest wait.",
        "Run again, or raise max_deliveries_per_run.",
    ),
    Check(
        "volume",
        "volume_ratio",
        BETWEEN,
        {"min_value": 0.4, "strict_min": True},
        "warn",
        "The newest delivery has at least 60 % fewer rows than usual.",
        "Ask the source whether its export was complete; deliver the missing rows if it wasn't.",
    ),
)

DATASETS = (
    _none("unstaged", "block", "The dataset has no staging table, so nothing of it is used.", OURS),
    _none("null_keys", "block", "Rows without a complete key are in use.", SOURCE),
    _none("duplicate_keys", "block", "Several rows with one key are in use, so sums count them twice.", SOURCE),
    _none("score_out_of_scale", "block", "Answers outside their question's scale are in use.", SOURCE),
    _none(
        "after_as_of",
        "block",
        "Events that lie after the time of this run are in use.",
        "Correct the clock or time zone of the source.",
    ),
    _none(
        "unbelievably_old",
        "warn",
        "Events of before 1990 are in use, as 1900-01-01 or 1970-01-01 for a time that nobody knows: they make customers old, "
        "and the company's history long.",
        SOURCE,
    ),
    _none(
        "below_minimum", "warn", "Values below the contract's minimum, such as negative amounts, are in use.", SOURCE
    ),
    _none(
        "unknown_unit",
        "warn",
        "Rows name a unit that org_units doesn't have; they count for whoever is next in line, at last the company.",
        "Deliver the unit in org_units, or correct the rows at their source.",
    ),
    _none(
        "absent",
        "warn",
        "Nothing was delivered: KPIs that rest on it say no data.",
        "Deliver it if the company has it.",
    ),
    Check(
        "freshness",
        "stale_days",
        BETWEEN,
        {"max_value": 45},
        "warn",
        "Nothing new has happened for more than 45 days.",
        "Ask whether the source still exports; numbers of the last months are incomplete if it doesn't.",
    ),
    _none(
        "drifted_columns",
        "warn",
        "A column is filled far more or far less often than in the deliveries before.",
        "Ask the source what changed in its export.",
    ),
)

KPI_VALUES = (
    _none("duplicate_keys", "block", "Two numbers for one cell.", OURS),
    _none("unknown_kpi", "block", "A number of a KPI that the catalogue doesn't have.", OURS),
    _none("value_out_of_bounds", "block", "A value that the KPI cannot take.", OURS),
    _none("outside_interval", "block", "A value outside its own interval, or an interval with one end.", OURS),
    _none("not_finite", "block", "NaN or infinity among the numbers.", OURS),
    _none("negative_n", "block", "Fewer than no sampling units.", OURS),
    _none("weak_share_out_of_bounds", "block", "A share outside 0 … 1.", OURS),
    _none("unknown_status", "block", "A status outside shown, provisional, hidden.", OURS),
    _none("below_floor", "block", "A cell of so few people is shown that they could be recognised.", OURS),
    _none("hidden_but_there", "block", "A hidden cell still carries a number.", OURS),
    _none("shown_but_empty", "block", "A cell that isn't hidden has no number.", OURS),
    _none("child_above_parent", "block", "A unit has more sampling units than the unit above it.", OURS),
    _none("part_above_whole", "block", "A month or quarter has more sampling units than the period it lies in.", OURS),
)

SCORECARDS = (
    _none("duplicate_keys", "block", "Two lines for one KPI on one scorecard.", OURS),
    _none("unknown_verdict", "block", "A verdict outside met, missed, uncertain, not_scored.", OURS),
    _none("unknown_rag", "block", "A colour outside green, amber, red, grey.", OURS),
    _none("attainment_out_of_bounds", "block", "An attainment outside 0 … 120.", OURS),
)

DEPARTMENT_SCORES = (
    _none("duplicate_keys", "block", "Two scores for one unit and period.", OURS),
    _none("unknown_rag", "block", "A colour outside green, amber, red, grey.", OURS),
    _none("score_out_of_bounds", "block", "A score outside 0 … 120.", OURS),
)

TARGETS = (
    _none(
        "weights_off",
        "block",
        "The weights of a unit's KPIs don't add up to 100, so its score would not mean what was agreed.",
        "Correct the weights (0 ends a KPI's part in the score) and deliver them with a later updated_at, or in a file "
        "with a later date in its name.",
    ),
    _none(
        "misordered",
        "block",
        "A target whose threshold, target and stretch don't follow each other in the KPI's good direction scores nonsense.",
        "Correct it and deliver it with a later updated_at, or in a file with a later date in its name.",
    ),
    _none(
        "unknown_kpi",
        "warn",
        "A target for a KPI that the catalogue doesn't have is never scored.",
        "Correct kpi_id if it is misspelt; the ids stand in the README.",
    ),
)

SUITES: Mapping[str, Mapping[str, tuple[Check, ...]]] = {
    "deliveries": {"deliveries": DELIVERIES, "datasets": DATASETS},
    "numbers": {
        "kpi_values": KPI_VALUES,
        "scorecards": SCORECARDS,
        "department_scores": DEPARTMENT_SCORES,
        "targets": TARGETS,
    },
}
