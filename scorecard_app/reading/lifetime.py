"""The lifetime-value model in force, and how it did on purchases that it had not seen."""

from scorecard_app.queries import Queries, Row
from scorecard_app.reading.tables import has_table


def model(data: Queries) -> Row | None:
    """The model's one row; None where the version has none or the viewer may not see it."""
    if not has_table(data, "lifetime_value_model"):
        return None
    return next(iter(data.rows("from lifetime_value_model")), None)


def calibration(data: Queries) -> list[Row]:
    """Groups by earlier repeats: customers, purchase days expected of and made by them, in all and each."""
    if not has_table(data, "lifetime_value_calibration"):
        return []
    return [
        row
        | {
            "expected_each": row["expected"] / row["customers"],
            "actual_each": row["actual"] / row["customers"],
            "label": str(row["repeats_from"])
            if row["repeats_to"] == row["repeats_from"]
            else f"{row['repeats_from']}–{row['repeats_to']}",
        }
        for row in data.rows("from lifetime_value_calibration order by repeats_from")
        if row["customers"]
    ]
