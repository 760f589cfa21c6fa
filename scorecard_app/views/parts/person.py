"""Who a person is: name and worth, the golden record with its sources, and why these records are one."""

from datetime import UTC, datetime
from html import escape
from zoneinfo import ZoneInfo

from scorecard_app import cards
from scorecard_app import format as fmt
from scorecard_app.profiles import Profiles, masked
from scorecard_app.queries import Row
from scorecard_app.view import View
from scorecard_app.views.parts.headings import section


def headline(view: View, person: Row, is_open: bool) -> None:
    """Name, contact, and what matters in the conversation."""
    voice = view.voice
    contact = [
        person["phone"] if is_open else masked("phone", person["phone"]),
        person["email"] if is_open else masked("email", person["email"]),
        person["city"],
    ]
    view.show(
        f"<h2>{escape(person['full_name'] or fmt.NONE)}</h2>"
        f'<p class="muted">{escape(" · ".join(one for one in contact if one))} · {escape(person["customer_id"])}</p>'
    )  # fmt: skip
    worth = voice.say("customer_never_repeated") if person["churn_risk"] is None else _share(person["churn_risk"])
    value, span = fmt.NONE, ""
    if person["value_12m"] is not None:
        value = fmt.money(float(person["value_12m"]), voice.currency, voice.language)
        ends = (fmt.money(float(person[key]), voice.currency, voice.language) for key in ("value_low", "value_high"))
        span = voice.say("customer_value_span", **dict(zip(("low", "high"), ends, strict=True)))
    cells = [
        ("customer_cases", fmt.number(person["open_cases"]), f"{voice.say('customer_complaints')} {fmt.number(person['open_complaints'])}"),
        ("customer_tier", voice.label(person["loyalty_tier"]), ""),
        ("customer_value_tier", voice.label(person["value_tier"]), ""),
        ("customer_kind", voice.label(person["loyalty_kind"]) or fmt.NONE, ""),
        ("customer_value", value, span),
        ("customer_risk", worth if person["frequency"] is not None else fmt.NONE, ""),
        ("customer_orders", fmt.number(person["frequency"]), ""),
        ("customer_spent", fmt.money(float(person["monetary"]), voice.currency, voice.language) if person["monetary"] is not None else fmt.NONE, ""),
        ("customer_nps", fmt.number(person["nps_score"]), ""),
        ("customer_consent", voice.label("yes" if person["marketing_consent"] else "no"), ""),
        ("customer_since", _day(view, person["first_seen_at"]), ""),
        ("customer_last", _day(view, person["last_seen_at"]), ""),
    ]  # fmt: skip
    inner = "".join(
        f"<div><span>{escape(voice.say(key))}</span><b>{escape(text)}</b>{f'<small>{escape(small)}</small>' if small else ''}</div>"
        for key, text, small in cells
    )
    view.show(f'<div class="lc-facts">{inner}</div>')


def _share(share: float) -> str:
    return f"{fmt.number(100 * share)}%"


def _day(view: View, moment: datetime | None) -> str:
    """A UTC time's day on the company's calendar."""
    zone = ZoneInfo(view.data.about.timezone)
    return fmt.day(moment.replace(tzinfo=UTC).astimezone(zone).date(), view.voice.language) if moment else fmt.NONE


def golden_record(view: View, profiles: Profiles, person: Row, is_open: bool) -> None:
    """Field by field: what won, from where, by which rule, over what."""
    voice = view.voice
    section(view, "customer_record", "customer_record_note")
    rows = profiles.rows(view.viewer, "customer_fields", "customer_id = $id order by field", id=person["customer_id"])

    def value(row: Row, text: str) -> str:
        return escape(text if is_open else masked(row["field"], text))

    lines = [
        [
            escape(voice.label(row["field"])),
            value(row, row["value"]),
            escape(f"{voice.label(row['source_system'])} {row['source_customer_id']}"),
            escape(voice.label(row["rule"])),
            "<br>".join(value(row, lost) for lost in row["losing_values"] or []),
        ]
        for row in rows
    ]
    heads = ("field", "field_value", "field_source", "field_rule", "field_lost")
    view.show(cards.table(voice.say("customer_record"), [(voice.say(key), False) for key in heads], lines))


def why(view: View, profiles: Profiles, person: Row) -> None:
    """The records, what links them, the household, and what happened to the identity."""
    voice, customer = view.voice, person["customer_id"]
    section(view, "customer_why")
    records = profiles.rows(
        view.viewer, "customer_identities", "customer_id = $id order by source_system, source_customer_id", id=customer
    )
    links = profiles.rows(
        view.viewer,
        "customer_links",
        "customer_id = $id order by left_source_system, left_source_customer_id, right_source_system, "
        "right_source_customer_id, kind, rule",
        id=customer,
    )
    lines = [
        [
            escape(voice.label(row["source_system"])),
            escape(row["source_customer_id"]),
            escape(voice.say("customer_weak" if row["is_weak"] else "customer_firm")),
        ]
        for row in records
    ]
    heads = ("record_system", "record", "record_certainty")
    view.show(cards.table(voice.say("customer_why"), [(voice.say(key), False) for key in heads], lines))
    if len(records) < 2:
        view.show(f'<p class="muted">{escape(voice.say("customer_one_record"))}</p>')
    elif links:
        said = "".join(f"<li>{escape(_link(view, row))}</li>" for row in links)
        view.show(f"<ul>{said}</ul>")
    view.show(
        f'<p class="muted lc-small">{escape(voice.say("customer_explain", command=f"loyalty explain {customer}"))}</p>'
    )
    if person["household_id"]:
        members = profiles.rows(
            view.viewer, "households", "household_id = $id order by customer_id", id=person["household_id"]
        )
        view.show(f"<p>⌂ {escape(voice.say('customer_household', count=str(len(members) - 1)))}</p>")


def _link(view: View, row: Row) -> str:
    """One link in words: the two records and what joins them."""
    voice = view.voice
    ends = (
        f"{voice.label(row[f'{side}_source_system'])} {row[f'{side}_source_customer_id']}" for side in ("left", "right")
    )
    pair = " ↔ ".join(ends)
    weight = (
        "" if row["match_weight"] is None else f" ({voice.say('match_weight')} {fmt.number(row['match_weight'], 1)})"
    )
    return f"{pair}: {voice.label(row['kind'])}, {voice.label(row['rule'])}{weight}"
