"""One person on one page, for the care role: who they are and why, what they did in every channel, what they are owed."""

from datetime import UTC, datetime
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st

from scorecard_app import cards
from scorecard_app import format as fmt
from scorecard_app.profiles import CARE, NoProfiles, Profiles, conditions, mark, masked
from scorecard_app.queries import Row
from scorecard_app.view import View
from scorecard_app.views.parts.headings import section

NEWEST = 60


@st.cache_resource(max_entries=2, show_spinner=False)
def _opened(folder: str, mark: str) -> Profiles:
    """The served version's profiles as they are now; whoever asks is checked at every question."""
    return Profiles(Path(folder))


def page(view: View) -> None:
    """The whole page."""
    voice = view.voice
    view.show(
        f"<h1>{escape(voice.say('page_customer'))}</h1><p class='muted'>{escape(voice.say('customer_intro'))}</p>"
    )
    if not view.viewer.may(CARE):
        raise PermissionError("customer")
    try:
        _search(view, _opened(str(view.data.folder), mark(view.data.folder)))
    except NoProfiles as problem:
        detail = voice.say("customer_no_profiles")
        st.html(cards.state("⚿", voice.say("page_customer"), detail, str(problem), voice.language))


def _search(view: View, profiles: Profiles) -> None:
    voice = view.voice
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        wanted = st.text_input(
            voice.say("customer_search"),
            key="customer_search",
            placeholder=voice.say("customer_search_hint"),
            max_chars=120,
        )
    with right:
        is_open = st.toggle(voice.say("customer_show"), key="customer_show")
    if not wanted.strip():
        return
    found = profiles.search(view.viewer, wanted)
    if not found:
        text = "customer_none" if conditions(wanted) else "customer_too_short"
        view.show(f'<p class="muted">{escape(voice.say(text))}</p>')
        return
    person = found[0]
    if len(found) > 1:
        view.show(f"<p>{escape(voice.say('customer_found', count=str(len(found))))}</p>")
        names = {
            row["customer_id"]: f"{row['full_name'] or fmt.NONE} · {row['city'] or fmt.NONE} · {row['customer_id']}"
            for row in found
        }
        picked = st.selectbox(
            voice.say("customer_pick"), list(names), format_func=names.__getitem__, key="customer_pick"
        )
        person = next(row for row in found if row["customer_id"] == picked)
    _person(view, profiles, person, is_open)


def _person(view: View, profiles: Profiles, person: Row, is_open: bool) -> None:
    with st.container(border=True, key="person"):
        _headline(view, person, is_open)
    first, second = st.tabs([view.voice.say("customer_timeline"), view.voice.say("customer_record")])
    with first:
        _issues(view, profiles, person)
        _timeline(view, profiles, person)
    with second:
        _golden_record(view, profiles, person, is_open)
        _why(view, profiles, person)


def _headline(view: View, person: Row, is_open: bool) -> None:
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


def _moment(view: View, moment: datetime | None) -> str:
    """A UTC time on the company's clock."""
    return fmt.moment(moment.replace(tzinfo=UTC), view.data.about.timezone, view.voice.language) if moment else fmt.NONE


def _day(view: View, moment: datetime | None) -> str:
    """A UTC time's day on the company's calendar."""
    zone = ZoneInfo(view.data.about.timezone)
    return fmt.day(moment.replace(tzinfo=UTC).astimezone(zone).date(), view.voice.language) if moment else fmt.NONE


def _event(view: View, kind: str) -> str:
    """What an event is called; some kinds share their code with something else."""
    own = f"event_{kind}"
    return view.voice.label(own if own in view.voice.labels else kind)


def _code(view: View, code: str | None) -> str:
    """What a contact, case or answer is about; some codes mean something else elsewhere."""
    own = f"about_{code}"
    return view.voice.label(own if own in view.voice.labels else code)


def _about(view: View, row: Row) -> str:
    """Question or subject, what came of it, and the customer's own words."""
    said = str(row.get(f"question_{view.voice.language}") or "") or _code(view, row["title"])
    parts = [said, _code(view, row["outcome"]) if row.get("outcome") else ""]
    text = escape(" · ".join(part for part in parts if part))
    return text + (f'<small class="muted"> “{escape(row["comment"])}”</small>' if row.get("comment") else "")


def _golden_record(view: View, profiles: Profiles, person: Row, is_open: bool) -> None:
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


def _why(view: View, profiles: Profiles, person: Row) -> None:
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


def _issues(view: View, profiles: Profiles, person: Row) -> None:
    """Cases and contacts by issue, across channels, with their hand-offs."""
    voice = view.voice
    section(view, "customer_issues", "customer_issues_note")
    rows = profiles.rows(
        view.viewer,
        "case_handoffs",
        "customer_id = $id order by occurred_at desc, issue_key, step_no desc",
        id=person["customer_id"],
    )
    if not rows:
        view.show(f'<p class="muted">{escape(voice.say("customer_no_issues"))}</p>')
        return
    issues: dict[str, list[Row]] = {}
    for row in rows:
        issues.setdefault(row["issue_key"], []).insert(0, row)
    parts = []
    for steps in list(issues.values())[:8]:
        chain = "".join(
            f"<li>{'⇄ ' if step['is_handoff'] else ''}{escape(_moment(view, step['occurred_at']))} · "
            f"{escape(' · '.join(voice.label(step[key]) for key in ('event_type', 'kind', 'about', 'channel') if step[key]))}"
            f" · {escape(view.unit_name(step['org_unit_id']) if step['org_unit_id'] else '')}</li>"
            for step in steps
        )
        parts.append(f"<ol class='lc-steps'>{chain}</ol>")
    view.show("".join(parts))


def _timeline(view: View, profiles: Profiles, person: Row) -> None:
    """Every event, newest first, with a filter by kind."""
    voice = view.voice
    section(view, "customer_timeline", "customer_timeline_note")
    rows = profiles.rows(
        view.viewer,
        "customer_timeline",
        "customer_id = $id order by occurred_at desc, source_system, source_id",
        id=person["customer_id"],
    )
    kinds = list(dict.fromkeys(row["event_type"] for row in rows))
    picked = st.pills(
        voice.say("timeline_event"),
        kinds,
        format_func=lambda kind: _event(view, kind),
        key="timeline_kinds",
        selection_mode="multi",
        label_visibility="collapsed",
    )
    shown = [row for row in rows if not picked or row["event_type"] in picked]
    lines = [
        [
            escape(_moment(view, row["occurred_at"])),
            escape(_event(view, row["event_type"])),
            escape(voice.label(row["channel"])),
            _about(view, row),
            escape(fmt.money(float(row["amount"]), voice.currency, voice.language))
            if row["amount"] is not None
            else "",
            fmt.number(row.get("points")) if row.get("points") is not None else "",
            fmt.number(row["score"]) if row["score"] is not None else "",
        ]
        for row in shown[:NEWEST]
    ]
    heads = [("timeline_when", False), ("timeline_event", False), ("timeline_channel", False), ("timeline_title", False), ("timeline_amount", True), ("timeline_points", True), ("timeline_score", True)]  # fmt: skip
    more = voice.say("timeline_more", shown=str(len(lines)), all=str(len(shown)))
    view.show(
        cards.table(voice.say("customer_timeline"), [(voice.say(key), numeric) for key, numeric in heads], lines)
        + f'<p class="muted lc-small">{escape(more)}</p>'
    )
