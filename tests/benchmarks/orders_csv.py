"""A large `orders` delivery without a fault, the same bytes every time."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

SEED = 20260101
BATCH = 20_000  # rows drawn at once

# How a reader that trusts the file would type its columns.
TYPES = {
    "source_system": "varchar",
    "order_id": "varchar",
    "source_customer_id": "varchar",
    "channel": "varchar",
    "org_unit_id": "varchar",
    "ordered_at": "timestamp",
    "gross_amount": "decimal(18,4)",
    "discount_amount": "decimal(18,4)",
    "net_amount": "decimal(18,4)",
    "currency": "varchar",
    "coupon_code": "varchar",
    "points_redeemed": "decimal(18,4)",
    "fulfilled_at": "timestamp",
    "status": "varchar",
    "updated_at": "timestamp",
}
_CHANNELS = ("store", "shop", "app", "call_centre")
_STATUSES = ("completed", "completed", "completed", "cancelled", "open")


def write_orders_csv(path: Path, megabytes: int) -> int:
    """Write about `megabytes` (10^6 bytes) of orders of two years, keys all different; returns the number of rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    count, schema = 0, _batch(np.random.default_rng(SEED), 0).schema
    with path.open("wb") as file, pyarrow.csv.CSVWriter(file, schema) as writer:
        while file.tell() < megabytes * 1e6:
            writer.write_table(_batch(rng, count))
            count += BATCH
    return count


def _batch(rng: np.random.Generator, start: int) -> pa.Table:
    number = np.arange(start, start + BATCH)
    ordered = np.datetime64("2024-07-01T00:00:00") + rng.integers(0, 730 * 86_400, BATCH).astype("timedelta64[s]")
    done = ordered + rng.integers(600, 5 * 86_400, BATCH).astype("timedelta64[s]")
    gross = rng.integers(500, 200_000, BATCH)
    discount = gross * rng.integers(0, 30, BATCH) // 100
    columns = {
        "source_system": np.full(BATCH, "shop"),
        "order_id": np.char.add("W", np.char.zfill(number.astype(str), 10)),
        "source_customer_id": np.char.zfill(rng.integers(0, 300_000, BATCH).astype(str), 9),
        "channel": np.array(_CHANNELS)[rng.integers(0, len(_CHANNELS), BATCH)],
        "org_unit_id": np.char.zfill(rng.integers(101, 113, BATCH).astype(str), 4),
        "ordered_at": _iso(ordered),
        "gross_amount": _money(gross),
        "discount_amount": _money(discount),
        "net_amount": _money(gross - discount),
        "currency": np.full(BATCH, "CNY"),
        "coupon_code": np.where(rng.random(BATCH) < 0.1, "WELCOME10", ""),
        "points_redeemed": rng.integers(0, 500, BATCH).astype(str),
        "fulfilled_at": _iso(done),
        "status": np.array(_STATUSES)[rng.integers(0, len(_STATUSES), BATCH)],
        "updated_at": _iso(done),
    }
    return pa.table({name: pa.array(columns[name]) for name in TYPES})


def _iso(moments: np.ndarray) -> np.ndarray:
    return np.char.add(np.datetime_as_string(moments, unit="s"), "Z")


def _money(cents: np.ndarray) -> np.ndarray:
    return np.char.add(np.char.add((cents // 100).astype(str), "."), np.char.zfill((cents % 100).astype(str), 2))
