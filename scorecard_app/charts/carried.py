"""A chart's records as the browser wants them: an Arrow table beside the specification."""

import pyarrow as pa

from scorecard_app.queries import Row


def carried(chart: Row) -> tuple[pa.Table, Row]:
    """The records as a table, and the specification without them.

    Given plain records, Streamlit takes them through a pandas data frame, which was a third of a page's time.
    """
    records = chart["data"]["values"]
    names = dict.fromkeys(name for record in records for name in record)
    table = pa.table({name: [record.get(name) for record in records] for name in names})
    return table, {key: value for key, value in chart.items() if key != "data"}
