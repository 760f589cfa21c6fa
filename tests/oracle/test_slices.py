"""What a customer is on a day, at the edges of months, years and fifths."""

from datetime import date, timedelta

import polars as pl

from . import recalculate
from .by_hand import AS_OF, cell, deliver, known, numbers, rows
from .slices import complainer, loyalty_tier, region, tenure, value_tier

ORDERS = "source_system|order_id|source_customer_id|org_unit_id|ordered_at|net_amount\n"


def asked(days: dict[str, str]) -> pl.DataFrame:
    """Whose slice is looked up on which day."""
    found = [(f"p|{who}", date.fromisoformat(day)) for who, day in days.items()]
    return pl.DataFrame(found, schema=["customer_key", "path_day"], orient="row")


def values(frame: pl.DataFrame, name: str) -> dict[str, str]:
    return {who.removeprefix("p|"): value for who, value in frame.select("customer_key", name).iter_rows()}


def test_tenure_is_told_at_the_beginning_of_the_month(tmp_path):
    june = date(2024, 6, 1)
    ages = {"a": 0, "b": 1, "c": 90, "d": 91, "e": 365, "f": 366}
    table = [f"p|{who}|{who}||{june - timedelta(days=ago)}|1" for who, ago in ages.items()]
    table += ["p|late|f||2024-06-20|1", "p|none|x||2024-06-20|0"]
    deliver(tmp_path, "orders", ORDERS + "\n".join(table))
    on = asked(dict.fromkeys("abcdefx", "2024-06-30"))
    assert values(tenure(on, known(tmp_path)), "tenure") == {
        **{"a": "new", "b": "1_90_days", "c": "1_90_days", "d": "91_365_days", "e": "91_365_days", "f": "over_1_year"},
        "x": "new",
    }


def test_value_tiers_are_those_of_the_year_before_the_quarter(tmp_path):
    # Seven bought between the 1st of April 2023 and the 31st of March 2024: the second greatest is high, the fourth middle.
    worth = {"a": 9, "b": 8, "c": 8, "d": 5, "e": 5, "f": 4.9999, "g": 1}
    table = [f"p|{who}|{who}||2024-03-31T23:59:59|{amount}" for who, amount in worth.items()]
    table += ["p|early|g||2023-03-31|99", "p|late|g||2024-04-01|99", "p|nobody|||2024-01-01|99", "p|h|h||2024-04-01|99"]
    deliver(tmp_path, "orders", ORDERS + "\n".join(table))
    on = asked(dict.fromkeys("abcdefgh", "2024-06-30"))
    assert "".join(values(value_tier(on, known(tmp_path)), "value_tier")[who][0] for who in "abcdefgh") == "hhhmmlln"
    # A day later it is a new quarter, in which g's and h's 99 count, and the 9 is the third of eight: not high, but middle.
    on = asked(dict.fromkeys("abcdefgh", "2024-07-01"))
    assert "".join(values(value_tier(on, known(tmp_path)), "value_tier")[who][0] for who in "abcdefgh") == "mmmlllhh"


def test_loyalty_tiers_are_those_before_the_month(tmp_path):
    table = [
        *(("a", "enrol", "2024-01-01", "silver"), ("a", "tier_change", "2024-05-31T23:59:59", "gold")),
        *(("b", "enrol", "2024-01-01", "silver"), ("b", "tier_change", "2024-06-01", "gold")),
        *(("c", "enrol", "2024-01-01", ""), ("d", "enrol", "2024-01-01", "gold"), ("d", "leave", "2024-02-01", "gold")),
        *(
            ("e", "leave", "2024-01-01", ""),
            ("e", "enrol", "2024-02-01", "gold"),
            ("e", "tier_change", "2024-03-01", ""),
        ),
        *(("f", "check_in", "2024-02-01", "gold"), ("g", "enrol", "2024-06-01", "gold")),
    ]
    lines = [f"p|{n:02}|{'|'.join(event)}" for n, event in enumerate(table)]
    head = "source_system|event_id|source_customer_id|event_type|occurred_at|tier_to\n"
    deliver(tmp_path, "loyalty_events", head + "\n".join(lines))
    on = asked(dict.fromkeys("abcdefg", "2024-06-30"))
    assert values(loyalty_tier(on, known(tmp_path)), "loyalty_tier") == {
        **{"a": "gold", "b": "silver", "c": "member", "d": "none", "e": "member", "f": "none", "g": "none"}
    }


def test_the_region_of_the_record_brought_up_to_date_last(tmp_path):
    records = [
        *(("p", "a", "north", ""), ("p", "b", "north", "2024-01-01"), ("q", "b", "south", "2024-02-01")),
        *(("p", "c", "north", "2024-01-01"), ("q", "c", "", "2024-02-01"), ("p", "d", "", "2024-01-01")),
        *(("p", "e", "north", ""), ("q", "e", "south", "2020-01-01")),
        *(("p", "f", "north", "2024-01-01"), ("q", "f", "south", "2024-01-01")),
    ]
    table = [f"{system}|{who}|card{who}|{where}|{at}" for system, who, where, at in records]
    head = "source_system|source_customer_id|loyalty_card_no|region|updated_at\n"
    deliver(tmp_path, "customers", head + "\n".join(table))
    on = asked(dict.fromkeys("abcdef", "2024-06-30"))
    assert values(region(on, known(tmp_path)), "region") == {
        **{"a": "north", "b": "south", "c": "north", "d": "unknown", "e": "south", "f": "north"}
    }


def test_a_complaint_resolved_in_the_year_before(tmp_path):
    day = date(2024, 6, 20)
    table = [
        f"p|{who}|{who}|complaint|2023-01-01|{day - timedelta(days=ago)}"
        for who, ago in zip("abcd", (0, 1, 365, 366), strict=True)
    ]
    table += ["p|e|e|request|2023-01-01|2024-06-01", "p|f|f|complaint|2023-01-01|"]
    head = "source_system|case_id|source_customer_id|kind|opened_at|resolved_at\n"
    deliver(tmp_path, "cases", head + "\n".join(table))
    on = asked(dict.fromkeys("abcdef", f"{day}"))
    assert {who for who, told in values(complainer(on, known(tmp_path)), "complainer").items() if told == "yes"} == {
        "b",
        "c",
    }


def test_slices_of_nobody_and_of_states(tmp_path):
    deliver(tmp_path, "orders", ORDERS.replace("org_unit_id", "channel") + "p|1|||2024-06-01|1\np|2|a|app|2024-06-01|1")
    nobody, somebody = rows(tmp_path, "promo_dependence").sort("sampling_unit").rows(named=True)
    told = ("channel", "tenure", "value_tier", "loyalty_tier", "region")
    assert [nobody[name] for name in told] == ["unknown"] * 5
    assert [somebody[name] for name in told] == ["app", "new", "none", "none", "unknown"]


def test_a_complaint_is_sliced_by_its_order_or_by_itself(tmp_path):
    deliver(
        tmp_path, "orders", ORDERS.replace("org_unit_id", "channel") + "p|1|a|app|2024-06-01|1\np|2|b||2024-06-01|1"
    )
    head = "source_system|case_id|customer_source_system|source_customer_id|kind|channel|order_id|opened_at\n"
    table = (
        "s|1|||complaint|phone|1|2024-06-02\ns|2|p|b|complaint|phone|2|2024-06-02\ns|3|p|b|complaint|mail||2024-06-20"
    )
    deliver(tmp_path, "cases", head + table)
    found = rows(tmp_path, "complaint_rate").filter(y=1).select("sampling_unit", "channel", "tenure").rows()
    assert sorted(found) == [("p|a", "app", "new"), ("p|b", "mail", "new"), ("p|b", "unknown", "new")]


def test_which_cells_are_sliced(tmp_path):
    deliver(
        tmp_path,
        "org_units",
        """
        org_unit_id | valid_from | valid_to   | parent_org_unit_id | kind
        co          | 2020-01-01 |            |     | company
        sto         | 2020-01-01 |            | co  | department
        s1          | 2020-01-01 |            | sto | store
        once        | 2020-01-01 | 2024-06-30 | co  | department
        once        | 2024-06-30 |            | co  | team
        """,
    )
    table = [f"p|{unit}{n}|c{n}|{unit}|2024-06-01|1" for unit in ("s1", "once") for n in range(6)]
    deliver(tmp_path, "orders", ORDERS + "\n".join(table))
    result = recalculate(tmp_path, AS_OF)
    sliced = result.kpi_values.filter(pl.col("slice_dimension") != "all")
    assert set(sliced["org_unit_id"]) == {"co", "sto"} and set(sliced["period_kind"]) == {"month", "quarter"}
    assert numbers(result, "complaint_rate", "co", "month", date(2024, 6, 1), "tenure", "new") == (6, 0, 12)
    assert cell(result, "complaint_rate", "s1", "year", date(2024, 1, 1))
