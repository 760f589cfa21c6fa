"""Are the deliveries fit to use? One row per delivery: the equation, what was refused, the usual volume."""

import duckdb
import pandas as pd

from orchestration.landing.reasons import reason
from orchestration.quality.profiles import EXAMPLES, Profile
from orchestration.settings import Settings

# Up to so many refused rows a delivery may have, whatever their share.
TOLERATED_ROWS = 10
LOOK_BACK = 12
# Of fewer earlier deliveries nobody can say what is usual.
FEWEST = 3
# Notes on what lies in landing and no run will take as it lies there.
PASSED_OVER = ("unknown_dataset", "link_outside", "no_file", "unreadable_file")

# Deliveries with what is decided about them, and their age (1 the newest) in the dataset and among those of the same
# source: the same path but for its digits. Order is the latest date in the path, else when the file was first seen.
DELIVERIES_IN_ORDER = """
    select
        *,
        -- total order: newest_first numbers the rows
        case when status = 'loaded' then row_number() over (partition by dataset, status order by newest_first) end as age,
        -- total order: newest_first numbers the rows
        case when status = 'loaded' then row_number() over (partition by dataset, series, status order by newest_first) end
            as age_in_series
    from (
        select
            *,
            coalesce(received, 0) as rows_received,
            coalesce(quarantined, 0) as rows_refused,
            coalesce(dismissed, false) or coalesce(cleared, false) as is_settled,
            regexp_replace(path, '[0-9]+', '#', 'g') as series,
            -- total order: a path lies in one dataset; with the delivery it names the row
            row_number() over (
                order by
                    coalesce(
                        try_strptime(
                            replace(list_max(regexp_extract_all(path, '(?:19|20)[0-9]{2}-?[01][0-9]-?[0-3][0-9]')), '-', ''),
                            '%Y%m%d'
                        ),
                        first_seen
                    ) desc,
                    first_seen desc,
                    path desc,
                    delivery
            ) as newest_first
        from raw.deliveries
    )
"""


def delivery_profile(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Profile:
    """Profile of `raw.deliveries`, and of what was passed over; the item is dataset, path and content.

    balance: received − loaded − superseded − duplicate − quarantined. quarantined_share: 0 … 1. unbalanced,
    excess_quarantine, unreadable, not_taken, waiting: 1 where it is so. conflicts, conflicting_targets: rows. volume_ratio, of each source's newest delivery: its rows
    to the median of the 3 to 12 before it (of the dataset's newest, where its source is new: to the dataset's).
    """
    frame = connection.execute(
        f"""
        with deliveries as (
            {DELIVERIES_IN_ORDER}
        ),

        of_the_source as (
            select n.dataset, n.series, median(e.rows_received) as usual_rows
            from deliveries as n
            inner join deliveries as e on n.dataset = e.dataset and n.series = e.series
            where n.age_in_series = 1 and e.age_in_series between 2 and {LOOK_BACK + 1}
            group by n.dataset, n.series
            having count(*) >= {FEWEST}
        ),

        of_the_dataset as (
            select dataset, median(rows_received) as usual_rows
            from deliveries
            where age between 2 and {LOOK_BACK + 1}
            group by dataset
            having count(*) >= {FEWEST}
        )

        select
            concat_ws(' ', d.dataset, d.path, d.delivery) as item,
            d.path as place,
            d.dataset,
            d.delivery,
            d.reason,
            d.rows_received as received,
            d.rows_refused as quarantined,
            cast(coalesce(d.conflicts, 0) as double) as conflicts,
            cast(case when d.dataset = 'targets' then coalesce(d.conflicts, 0) else 0 end as double) as conflicting_targets,
            coalesce(u.usual_rows, w.usual_rows) as usual_rows,
            cast(
                d.rows_received - coalesce(d.loaded, 0) - coalesce(d.superseded, 0) - coalesce(d.duplicate, 0)
                - d.rows_refused as double
            ) as balance,
            d.rows_refused / nullif(d.rows_received, 0) as quarantined_share,
            cast(
                d.status is distinct from 'unreadable' and not d.is_settled and d.rows_refused > {TOLERATED_ROWS}
                and d.rows_refused > ? * d.rows_received as double
            ) as excess_quarantine,
            cast(d.status is not distinct from 'unreadable' and not d.is_settled as double) as unreadable,
            cast(d.status is not distinct from 'waiting' as double) as waiting,
            d.rows_received / nullif(coalesce(u.usual_rows, w.usual_rows), 0) as volume_ratio
        from deliveries as d
        left join of_the_source as u on d.age_in_series = 1 and d.dataset = u.dataset and d.series = u.series
        left join of_the_dataset as w on d.age = 1 and d.dataset = w.dataset
        union all by name
        select path as item, path as place, dataset, cast(0 as double) as balance, cast(1 as double) as not_taken, detail
        from raw.notes
        where code in {PASSED_OVER}
        order by item
        """,
        [settings.max_quarantine_share],
    ).df()
    frame["unbalanced"] = (frame["balance"] != 0).astype("float64")
    return Profile("deliveries", frame, _evidence(connection, frame))


def _evidence(connection: duckdb.DuckDBPyConnection, frame: pd.DataFrame) -> pd.DataFrame:
    """What is behind each measure that looks bad: figures, and the lines of what was refused by reason.

    What a measure says nothing of is NaN, which is not above 0.
    """
    lines: list[tuple[str, str, str, str]] = []
    for row in frame.to_dict("records"):
        item, place = row["item"], row["place"]
        if row["unbalanced"]:
            lines.append(
                (item, "unbalanced", place, f"{row['received']:,.0f} received, {row['balance']:+,.0f} unaccounted for")
            )
        if row["unreadable"] > 0:
            lines.append((item, "unreadable", place, _said(row["reason"])))
        if row["not_taken"] > 0:
            lines.append((item, "not_taken", place, row["detail"].removeprefix(f"{place}: ")))
        if row["excess_quarantine"] > 0:
            share = f"{row['quarantined']:,.0f} of {row['received']:,.0f} rows ({row['quarantined_share']:.1%}) refused"
            lines.append((item, "excess_quarantine", place, share))
            lines.extend(_refused(connection, row))
        if row["conflicts"] > 0:
            lines.extend(_conflicts(connection, row))
        if pd.notna(row["volume_ratio"]):
            usual = f"{row['received']:,.0f} rows; {row['usual_rows']:,.0f} is usual ({row['volume_ratio'] - 1:+.0%})"
            lines.append((item, "volume_ratio", place, usual))
    return pd.DataFrame(lines, columns=["item", "measure", "place", "figure"])


def _conflicts(connection: duckdb.DuckDBPyConnection, row: dict) -> list[tuple[str, str, str, str]]:
    """The first rows of one delivery that gave way to another, with the file and line that won."""
    places = connection.execute(
        f"""
        select c._line, coalesce(min(d.path), c.winner_delivery), c.winner_line
        from raw.conflicts as c
        left join raw.deliveries as d on c.dataset = d.dataset and c.winner_delivery = d.delivery
        where c.dataset = ? and c._delivery = ?
        group by c._line, c.winner_delivery, c.winner_line
        order by c._line
        limit {EXAMPLES}
        """,
        [row["dataset"], row["delivery"]],
    ).fetchall()
    measures = ["conflicts"] + ["conflicting_targets"] * bool(row["conflicting_targets"] > 0)
    return [
        (row["item"], measure, f"{row['place']} line {line}", f"gave way to {winner} line {winner_line}")
        for measure in measures
        for line, winner, winner_line in places
    ]


def _said(code: str | None) -> str:
    known = reason(code or "unreadable")
    return f"{known.en} {known.remedy_en}"


def _refused(connection: duckdb.DuckDBPyConnection, row: dict) -> list[tuple[str, str, str, str]]:
    """The most frequent reasons of one delivery with the first lines they were met on."""
    reasons = connection.execute(
        f"""
        select reason, column_name, count(*) as cells, list_sort(list_distinct(list(line)))[:{EXAMPLES}] as first_lines
        from raw.quarantine
        where dataset = ? and delivery = ? and path = ?
        group by reason, column_name
        order by cells desc, reason, column_name
        limit {EXAMPLES}
        """,
        [row["dataset"], row["delivery"], row["place"]],
    ).fetchall()
    return [
        (
            row["item"],
            "excess_quarantine",
            f"{row['place']} line {', '.join(str(line) for line in lines if line is not None)}",
            f"{column + ': ' if column else ''}{_said(code)} ({cells:,}×)",
        )
        for code, column, cells, lines in reasons
    ]
