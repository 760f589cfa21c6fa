"""The landing folder to the rows that count: typed, refused where the contract says so, one winner per key."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import polars as pl

from .company import Company
from .contract import CONTRACT, NOT_NEGATIVE, REFERENCES
from .files import Unreadable, deliveries, read_records
from .values import MOMENT, parse, trimmed

_PATH_TIME = re.compile(
    r"(?<!\d)(\d{4})(-?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?:T([01]\d|2[0-3]):?([0-5]\d)(?::?([0-5]\d))?)?(?!\d)"
)


@dataclass
class Landing:
    """Rows in use per dataset, how many rows were refused by reason, and the keys whose winner only a hash decided.

    `today` is the company day of the run.
    """

    used: dict[str, pl.DataFrame] = field(default_factory=dict)
    refused: dict[tuple[str, str], int] = field(default_factory=dict)
    conflicts: dict[str, pl.DataFrame] = field(default_factory=dict)
    today: date = date.max

    def refuse(self, dataset: str, reason: str, rows: int) -> None:
        if rows:
            self.refused[dataset, reason] = self.refused.get((dataset, reason), 0) + rows

    def keep(self, dataset: str, frame: pl.DataFrame, good: pl.Expr, reason: str) -> pl.DataFrame:
        kept = frame.filter(good)
        self.refuse(dataset, reason, frame.height - kept.height)
        return kept


def load(data: Path, company: Company, as_of: datetime) -> Landing:
    """Read every dataset of the contract under `<data>/landing`, in an order that lets each look up what it refers to.

    Refused rows never compete with others of their key. Adds `order_system`, `case_system`, `response_system`: the system
    of the row that a reference names (null: none, or unknown).
    """
    landing = Landing(today=company.day(as_of))
    for dataset in CONTRACT:
        frame = _typed(data / "landing" / dataset, dataset, company, landing)
        for stamp in CONTRACT[dataset].happened:
            frame = landing.keep(dataset, frame, (pl.col(stamp) <= as_of).fill_null(True), "future")
        if dataset == "orders":
            dated = pl.col("ordered_at") >= datetime(1970, 1, 2, tzinfo=as_of.tzinfo)
            frame = landing.keep(dataset, frame, dated.fill_null(True), "placeholder time")
            frame = _in_company_currency(frame, company, landing)
        if dataset == "survey_responses":
            frame = _on_scale(frame, landing)
        for column, target in REFERENCES.get(dataset, {}).items():
            frame = _resolved(dataset, frame, column, landing.used[target], landing)
        landing.used[dataset] = _winners(dataset, frame, landing)
    return landing


def path_time(paths: list[str], company: Company) -> datetime | None:
    """The latest ISO date or time in a delivery's paths, in the company's time zone."""
    found = []
    for year, _, month, day, hour, minute, second in (m for path in paths for m in _PATH_TIME.findall(path)):
        try:
            midnight = company.midnight(date(int(year), int(month), int(day)))
        except ValueError:
            continue
        found.append(midnight.replace(hour=int(hour or 0), minute=int(minute or 0), second=int(second or 0)))
    return max(found, key=lambda moment: moment.astimezone(UTC)).astimezone(UTC) if found else None


def _typed(folder: Path, dataset: str, company: Company, landing: Landing) -> pl.DataFrame:
    by_content: dict[str, list[Path]] = {}
    for path in deliveries(folder) if folder.is_dir() else []:
        by_content.setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), []).append(path)
    frames = [_empty(dataset)]
    for paths in by_content.values():
        try:
            records = read_records(paths[0].read_bytes())
        except Unreadable:
            landing.refuse(dataset, "unreadable delivery", 1)
            continue
        if not set(CONTRACT[dataset].key) <= set(records.frame.columns):
            landing.refuse(dataset, "unreadable delivery", 1)
            continue
        landing.refuse(dataset, "broken record", records.broken)
        stands_in = path_time([path.relative_to(folder).as_posix() for path in paths], company)
        values = _values(records.frame, dataset, company, landing)
        frames.append(values.with_columns(ordered=pl.coalesce("updated_at", pl.lit(stands_in, MOMENT))))
    return pl.concat(frames)


def _empty(dataset: str) -> pl.DataFrame:
    kinds: dict[str, pl.DataType | type[pl.DataType]] = {"time": MOMENT, "date": pl.Date, "bool": pl.Boolean}
    kinds |= {"integer": pl.Int64, "money": pl.Int64, "score": pl.Int64, "rate": pl.Float64}
    columns = CONTRACT[dataset].columns
    schema = {
        name: kinds.get(kind, pl.String) if isinstance(kind, str) else pl.String for name, kind in columns.items()
    }
    return pl.DataFrame(schema=schema | {"ordered": MOMENT})


def _values(text: pl.DataFrame, dataset: str, company: Company, landing: Landing) -> pl.DataFrame:
    contract = CONTRACT[dataset]
    values, bad = [], pl.Series([False]).new_from_index(0, text.height)
    for name, kind in contract.columns.items():
        given = (
            trimmed(text[name])
            if name in text.columns
            else pl.Series(name, [None], pl.String).new_from_index(0, text.height)
        )
        value = parse(given, kind, dataset, company)
        bad |= given.is_not_null() & value.is_null()
        if name in (*contract.key, *contract.required):
            bad |= value.is_null()
        if name in NOT_NEGATIVE:
            bad |= (value < 0).fill_null(False)
        values.append(value.alias(name))
    landing.refuse(dataset, "bad cell", int(bad.sum()))
    return pl.DataFrame(values).filter(~bad)


def _in_company_currency(orders: pl.DataFrame, company: Company, landing: Landing) -> pl.DataFrame:
    """Net amounts in the company's currency, at the rate in force on the order's day; without a rate the row is refused."""
    own = (pl.col("currency").str.to_uppercase() == company.currency).fill_null(True)
    orders = orders.with_columns(
        day=pl.col("ordered_at").dt.convert_time_zone(company.timezone).dt.date(),
        money=pl.col("currency").str.to_uppercase(),
        delivered_amount="net_amount",  # what a cost, which nobody converts, is a part of
    )
    rates = landing.used["exchange_rates"].select(
        pl.col("currency").str.to_uppercase().alias("money"), pl.col("valid_from").alias("day"), "rate"
    )
    rated = orders.sort("day").join_asof(rates.sort("day"), on="day", by="money", check_sortedness=False)
    rated = landing.keep("orders", rated, own | pl.col("rate").is_not_null(), "no exchange rate")
    abroad = rated.filter(~own)
    converted = [_converted(*pair) for pair in abroad.select("net_amount", "rate").iter_rows()]
    at_home = rated.filter(own)
    both = pl.concat([at_home, abroad.with_columns(net_amount=pl.Series(converted, dtype=pl.Int64))])
    return both.drop("day", "money", "rate")


def _converted(amount: int, rate: float) -> int:
    """Ten-thousandths of the company's currency, in exact decimals: the shortest text of a rate is the one delivered."""
    return int((amount * Decimal(repr(rate))).quantize(Decimal(1), ROUND_HALF_UP))


def _on_scale(responses: pl.DataFrame, landing: Landing) -> pl.DataFrame:
    scales = landing.used["survey_questions"].select("question_code", "scale_min", "scale_max")
    within = (pl.col("score") >= pl.col("scale_min")).fill_null(True) & (
        pl.col("score") <= pl.col("scale_max")
    ).fill_null(True)
    joined = responses.join(scales, on="question_code", how="left", maintain_order="left")
    return landing.keep("survey_responses", joined, within, "score out of scale").drop("scale_min", "scale_max")


def _resolved(dataset: str, frame: pl.DataFrame, column: str, target: pl.DataFrame, landing: Landing) -> pl.DataFrame:
    """The referred row's system: the one named, else the row's own if it has this id, else the only one that has it."""
    stem = column.removesuffix("_id")
    known = target.select(pl.col(column), pl.col("source_system").alias("its_system")).unique()
    systems = known.group_by(column).agg(pl.len().alias("systems"), pl.col("its_system").min().alias("only"))
    wanted = frame.with_columns(wanted=pl.coalesce(f"{stem}_source_system", "source_system"))
    found = wanted.join(
        known.with_columns(exact=pl.lit(True)),
        left_on=[column, "wanted"],
        right_on=[column, "its_system"],
        how="left",
        maintain_order="left",
    ).join(systems, on=column, how="left", maintain_order="left")
    guess = pl.col("exact").is_null() & pl.col(f"{stem}_source_system").is_null()
    found = landing.keep(dataset, found, ~(guess & (pl.col("systems") > 1)).fill_null(False), "ambiguous reference")
    system = pl.when(pl.col("exact")).then("wanted").when(guess).then("only")
    return found.with_columns(system.alias(f"{stem}_system")).drop("wanted", "exact", "systems", "only")


def _winners(dataset: str, frame: pl.DataFrame, landing: Landing) -> pl.DataFrame:
    """The last row of each key by order time; equal times and different rows are a conflict, reported and decided by hash."""
    key = list(CONTRACT[dataset].key)
    latest = frame.filter((pl.col("ordered") == pl.col("ordered").max().over(key)).fill_null(True))
    latest = latest.filter(pl.col("ordered").is_not_null() | pl.col("ordered").is_null().all().over(key))
    # When a row arrived is no part of what it says: the same words on the same clock are one row.
    single = latest.unique(subset=[c for c in latest.columns if c != "ordered"], maintain_order=True)
    tied = single.filter(pl.len().over(key) > 1)
    if tied.height:
        landing.conflicts[dataset] = tied.select(key).unique().sort(key)
        words = pl.concat_str(pl.all().exclude("ordered").cast(pl.String).fill_null("\0"), separator="\x1f")
        md5 = tied.select(words.alias("words"))["words"].map_elements(
            lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(), return_dtype=pl.String
        )
        decided = (
            tied.with_columns(md5=md5).sort("md5").unique(subset=key, keep="last", maintain_order=True).drop("md5")
        )
        single = pl.concat([single.filter(pl.len().over(key) == 1), decided])
    return single.filter(~pl.col("withdrawn").fill_null(False)).drop("ordered")
