"""Landing one large, clean CSV file, with every check of the contract, against DuckDB's own reader."""

from .measure import Cost, inside
from .rows import Row
from .workshop import Workshop


def rows(workshop: Workshop) -> list[Row]:
    """`load_deliveries` against `read_csv` with given types and `store_rejects`; both write into a new database."""
    data = workshop.root / "csv"
    file = data / "landing" / "orders" / "orders_2026-06-30.csv"
    workshop.say(f"writing {workshop.csv_mb} MB of orders")
    _, written = inside(["write-orders", str(file), str(workshop.csv_mb)])
    workshop.say("read_csv")
    theirs, read = inside(["read-csv", str(file), str(workshop.root / "bare.duckdb")])
    workshop.say("load_deliveries")
    ours, loaded = inside(["load-deliveries", str(data)])
    for facts in (read, loaded):
        if facts["rows"] != written["rows"]:
            raise RuntimeError(f"{written['rows']} rows were written and {facts['rows']} loaded")
    megabytes = file.stat().st_size / 1e6
    note = f"{written['rows']:,} rows, {megabytes:,.0f} MB; {_speed(ours, written['rows'], megabytes)}; "
    note += f"read_csv {_speed(theirs, written['rows'], megabytes)}; {theirs.cpu / ours.cpu:.2f} × its speed by CPU, "
    note += f"{theirs.wall / ours.wall:.2f} × by wall"
    return [Row("CSV landing", "read_csv, store_rejects", ours, theirs, note)]


def _speed(cost: Cost, count: int, megabytes: float) -> str:
    return f"{count / cost.wall:,.0f} rows/s, {megabytes / cost.wall:,.0f} MB/s"
