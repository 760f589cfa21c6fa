"""The landing folder of a company with a million customers and twenty million events, the same rows every time.

Of the events 35 % are orders, 40 % visits, 8 % NPS, 8 % CSAT and 4 % CES answers and 5 % contacts, spread over 24
months, 8 channels and 40 departments in 192 Parquet files; 1 % are delivered a second time, in the next file. An event's
customer is ⌊customers · u^1.6⌋, so that few are busy and most are not. Three in five customers have a record in the web
shop beside the one in the CRM, tied to it by the card; half of their events name the one, half the other.
"""

import zlib
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb

FILES = 48  # per dataset of events; there are four
EVENT_FILES = "*/*_20*.parquet"
FIRST_DAY, DAYS = date(2024, 1, 1), 731
CHANNELS = ("store", "shop", "app", "mini_program", "call_centre", "marketplace", "social", "partner")
DEPARTMENTS = 40
_FUNCTIONS = ("STO", "ECM", "CS", "SAL", "MKT", "PRD", "LOY", "HR")
_SCORED = ("nps_relationship", "csat_t2b", "complaint_rate", "retention_rolling")

# Dataset → its share of all events, and its columns beside the customer's, over e (event number) and moment.
_EVENTS = {
    "orders": (
        0.35,
        """
        case when {channel} = 'shop' then 'shop' else 'pos' end as source_system, 'O' || lpad(e::varchar, 9, '0') as order_id,
        {customer}, {channel} as channel, {unit} as org_unit_id, moment as ordered_at,
        (5 + 300 * pow({u_amount}, 3))::decimal(18, 2) as net_amount,
        case when {u_status} < 0.96 then 'completed' when {u_status} < 0.98 then 'cancelled' else 'returned' end as status
        """,
    ),
    "loyalty_events": (
        0.40,
        "'app' as source_system, 'V' || lpad(e::varchar, 9, '0') as event_id, {customer}, 'check_in' as event_type, moment as occurred_at",
    ),
    "survey_responses": (
        0.20,
        """
        'survey' as source_system, 'R' || lpad(e::varchar, 9, '0') as response_id, {question} as question_code, {customer},
        case {question} when 'nps' then floor(11 * pow({u_score}, 0.4)) when 'csat' then 1 + floor(5 * pow({u_score}, 0.5))
            else 1 + floor(7 * pow({u_score}, 0.7)) end::tinyint as score,
        {channel} as channel, {unit} as org_unit_id, moment as responded_at
        """,
    ),
    "contacts": (
        0.05,
        """
        'desk' as source_system, 'T' || lpad(e::varchar, 9, '0') as contact_id, {customer}, {channel} as channel,
        'inbound' as direction, {unit} as org_unit_id, moment as started_at, {u_amount} < 0.8 as resolved
        """,
    ),
}


def write_landing(landing: Path, customers: int, events: int) -> int:
    """Write everything below `landing/<dataset>/`; returns the number of rows of events, second deliveries included."""
    rows = 0
    with duckdb.connect() as connection:
        for dataset, (share, _) in _EVENTS.items():
            count = round(events * share)
            for number in range(FILES):
                before, start, end = (count * max(0, place) // FILES for place in (number - 1, number, number + 1))
                named = _delivered(landing, dataset, -(-(number + 1) * DAYS // FILES))
                rows += _write_events(connection, named, dataset, (before, start, end), count, customers)
        _write_customers(connection, landing, customers)
    _write_reference(landing)
    return rows


def write_one_more_day(landing: Path, customers: int, events: int) -> int:
    """Add the day after the last, one file per dataset of events, as busy as the days before; returns its rows."""
    rows = 0
    with duckdb.connect() as connection:
        for dataset, (share, _) in _EVENTS.items():
            count = round(events * share)
            places = count - count // FILES, count, count + -(-count // DAYS)
            rows += _write_events(connection, _delivered(landing, dataset, DAYS + 1), dataset, places, count, customers)
    return rows


def _delivered(landing: Path, dataset: str, days: int) -> Path:
    """A file that holds nothing later than its name says."""
    folder = landing / dataset
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{dataset}_{FIRST_DAY + timedelta(days=days)}.parquet"


def _write_events(
    connection: duckdb.DuckDBPyConnection,
    file: Path,
    dataset: str,
    places: tuple[int, int, int],
    count: int,
    customers: int,
) -> int:
    """The events from the second of `places` to the third, and every hundredth of those from the first once more.

    `count` events fill the 24 months. Returns the number of rows.
    """
    before, start, end = places
    purposes = ("customer", "record", "channel", "unit", "question", "amount", "status", "score", "time")
    names = {f"u_{purpose}": _random(dataset, purpose) for purpose in purposes}
    names["customer"] = "customer_source_system, source_customer_id"
    names["channel"] = f"([{', '.join(map(repr, CHANNELS))}])[1 + floor({len(CHANNELS)} * {names['u_channel']})::int]"
    names["unit"] = f"'D' || lpad((1 + floor({DEPARTMENTS} * {names['u_unit']}))::int::varchar, 2, '0')"
    names["question"] = f"(['nps', 'nps', 'csat', 'csat', 'ces'])[1 + floor(5 * {names['u_question']})::int]"
    seconds = f"floor((e + {names['u_time']}) * {DAYS * 86_400} / {count})::bigint"
    [(rows,)] = connection.execute(
        f"""
        copy (
            with numbered as (
                select e, floor({customers} * pow({names["u_customer"]}, 1.6))::bigint as c,
                    timestamp '{FIRST_DAY}' + to_seconds({seconds}) as moment
                from range({before}, {end}) as r(e)
                where e >= {start} or {_random(dataset, "again")} < 0.01
            ),
            named as (
                select *, case when shops then 'shop' else 'crm' end as customer_source_system,
                    case when shops then {_shop_id("c")} else {_crm_id("c")} end as source_customer_id
                from (select *, {_has_shop("c")} and {names["u_record"]} < 0.5 as shops from numbered)
            )
            select {_EVENTS[dataset][1].format_map(names)} from named order by e
        ) to '{file}' (format parquet)
        """
    ).fetchall()
    return rows


def _random(dataset: str, purpose: str) -> str:
    """SQL: a number in [0, 1) that the event's number and the purpose decide."""
    salt = zlib.crc32(f"{dataset} {purpose}".encode())
    return f"(hash(e * {1 << 32} + {salt}) >> 11) / {1 << 53}"


def _has_shop(customer: str) -> str:
    return f"(hash({customer}) % 5 < 3)"


def _crm_id(customer: str) -> str:
    return f"lpad({customer}::varchar, 8, '0')"


def _shop_id(customer: str) -> str:
    return f"'S' || lpad((({customer} * 7919 + 17) % 100000007)::varchar, 9, '0')"


def _write_customers(connection: duckdb.DuckDBPyConnection, landing: Path, customers: int) -> None:
    (landing / "customers").mkdir(exist_ok=True)
    card = "'69' || lpad((c * 31)::varchar, 10, '0') as loyalty_card_no"
    for system, named, which in (("crm", _crm_id("c"), "true"), ("shop", _shop_id("c"), _has_shop("c"))):
        connection.execute(
            f"copy (select '{system}' as source_system, {named} as source_customer_id, {card} from range({customers}) as r(c) "
            f"where {which} order by c) to '{landing / 'customers' / system}.parquet' (format parquet)"
        )


def _write_reference(landing: Path) -> None:
    units = [("root", None, "company", None)]
    units += [(f"D{n:02}", "root", "department", _FUNCTIONS[n % len(_FUNCTIONS)]) for n in range(1, DEPARTMENTS + 1)]
    _write_csv(
        landing / "org_units" / "units.csv",
        "org_unit_id,valid_from,parent_org_unit_id,kind,function,name_en",
        [(unit, FIRST_DAY, above, kind, function, unit) for unit, above, kind, function in units],
    )
    questions = [("nps", 0, 10, "relationship"), ("csat", 1, 5, "transaction"), ("ces", 1, 7, "transaction")]
    _write_csv(
        landing / "survey_questions" / "questions.csv",
        "question_code,measures,item,occasion,scale_min,scale_max,polarity",
        [(code, code, "overall", occasion, low, high, "higher_is_better") for code, low, high, occasion in questions],
    )
    _write_csv(
        landing / "targets" / "targets.csv",
        "org_unit_id,kpi_id,period_start,agreed_at,threshold,target,stretch,weight",
        [
            (unit, kpi, FIRST_DAY, FIRST_DAY, 10, 30, 50, 25) if kpi != "complaint_rate" else
            (unit, kpi, FIRST_DAY, FIRST_DAY, 50, 30, 10, 25)
            for unit, *_ in units
            for kpi in _SCORED
        ],
    )  # fmt: skip


def _write_csv(file: Path, header: str, rows: Sequence[Sequence[object]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
    file.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
