"""What a person did in every channel, newest first, and how their cases went from hand to hand."""

from datetime import UTC, datetime
from html import escape

import streamlit as st

from scorecard_app import cards
from scorecard_app import format as fmt
from scorecard_app.profiles import Profiles
from scorecard_app.queries import Row
from scorecard_app.view import View
from scorecard_app.views.parts.headings import section

NEWEST = 60


def issues(view: View, profiles: Profiles, person: Row) -> None:
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


def timeline(view: View, profiles: Profiles, person: Row) -> None:
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


def _about(view: View, row: Row) -> str:
    """Question or subject, what came of it, and the customer's own words."""
    said = str(row.get(f"question_{view.voice.language}") or "") or _code(view, row["title"])
    parts = [said, _code(view, row["outcome"]) if row.get("outcome") else ""]
    text = escape(" · ".join(part for part in parts if part))
    return text + (f'<small class="muted"> “{escape(row["comment"])}”</small>' if row.get("comment") else "")


def _event(view: View, kind: str) -> str:
    """What an event is called; some kinds share their code with something else."""
    own = f"event_{kind}"
    return view.voice.label(own if own in view.voice.labels else kind)


def _code(view: View, code: str | None) -> str:
    """What a contact, case or answer is about; some codes mean something else elsewhere."""
    own = f"about_{code}"
    return view.voice.label(own if own in view.voice.labels else code)


def _moment(view: View, moment: datetime | None) -> str:
    """A UTC time on the company's clock."""
    return fmt.moment(moment.replace(tzinfo=UTC), view.data.about.timezone, view.voice.language) if moment else fmt.NONE
