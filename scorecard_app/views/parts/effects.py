"""What campaigns, programme rules and pilots achieved, each with its interval or with why there is none."""

import streamlit as st

from scorecard_app import format as fmt
from scorecard_app.charts import amounts
from scorecard_app.queries import Row
from scorecard_app.reading import economics
from scorecard_app.view import View
from scorecard_app.views.parts.headings import section
from scorecard_app.views.parts.pictures import picture
from scorecard_app.views.parts.tables import Column, figures, table, words


def campaigns(view: View) -> None:
    """Increments as a chart, everything else as a table."""
    if not view.data.has("campaign_effects"):
        return
    voice, rows = view.voice, economics.effects(view.data)
    if not rows:
        return
    measured = [
        {"label": voice.of(row, "name"), "value": row["increment_whole"], "low": row["increment_whole_low"], "high": row["increment_whole_high"], "word": voice.label(row["verdict"])}
        for row in rows if row["increment_whole"] is not None and row["increment_whole_low"] is not None
    ]  # fmt: skip
    with st.container(border=True, key="effects"):
        section(view, "economics_effects", "economics_effects_note")
        if measured:
            chart = amounts.effects(measured, voice.say("economics_effects"), voice, view.look)
            picture(view, chart, is_told=True)
        table(view, "campaigns", voice.say("economics_effects"), _campaign_columns(view), rows)


def _campaign_columns(view: View) -> list[Column]:
    voice = view.voice

    def money(value: float | None) -> str:
        return fmt.money(value, voice.currency, voice.language)

    def change(value: float | None) -> str:
        return fmt.NONE if value is None else ("+" if value > 0 else "") + fmt.number(value, 1) + "%"

    def span(row: Row) -> str:
        low, high = row["increment_whole_low"], row["increment_whole_high"]
        return fmt.NONE if low is None else fmt.span(money(low), money(high), voice.language)

    return [
        words(voice.say("action"), lambda row: voice.of(row, "name")),
        Column(voice.say("action_begins"), lambda row: fmt.day(row["starts_on"], voice.language), lambda row: row["starts_on"]),
        Column(voice.say("effect_increment"), lambda row: money(row["increment_whole"]), lambda row: row["increment_whole"], True),
        Column(voice.say("interval_title"), span, span, True),
        Column(voice.say("effect_cost"), lambda row: money(row["cost_amount"]), lambda row: row["cost_amount"], True),
        words(voice.say("effect_arms"), lambda row: f"{fmt.number(row['treated'])} / {fmt.number(row['held_out'])}"),
        Column(voice.say("effect_spike"), lambda row: change(row["spike"]), lambda row: row["spike"], True),
        Column(voice.say("effect_base_lift"), lambda row: change(row["base_lift"]), lambda row: row["base_lift"], True),
        words(voice.say("verdict"), lambda row: voice.label(row["verdict"] if row["status"] == "shown" else row["status"])),
    ]  # fmt: skip


def pilots(view: View) -> None:
    """Each arm's primary KPI, the difference with its interval, and the guardrails."""
    if not view.data.has("pilot_effects"):
        return
    voice, kpis, rows = view.voice, view.data.kpis(), economics.pilots(view.data)
    if not rows:
        return

    def measure(row: Row, key: str) -> str:
        kpi = kpis.get(row["primary_kpi_id"])
        return voice.measure(row[key], kpi) if kpi else fmt.number(row[key], 2)

    def difference(row: Row) -> str:
        if row["difference"] is None:
            return fmt.NONE
        ends = fmt.span(measure(row, "difference_low"), measure(row, "difference_high"), voice.language)
        return f"{measure(row, 'difference')} ({ends})"

    columns = [
        words(voice.say("action"), lambda row: voice.of(row, "name")),
        words(voice.say("pilot_arm"), lambda row: voice.label(row["arm"])),
        figures(voice.say("pilot_customers"), "customers"),
        words(voice.say("kpi"), lambda row: voice.of(kpis[row["primary_kpi_id"]], "label") if row["primary_kpi_id"] in kpis else str(row["primary_kpi_id"] or "")),
        Column(voice.say("value"), lambda row: measure(row, "value"), lambda row: row["value"], True),
        Column(voice.say("pilot_difference"), difference, lambda row: row["difference"]),
        words(voice.say("verdict"), lambda row: voice.label(row["verdict"] if row["status"] == "shown" else row["status"])),
        words(voice.say("pilot_ratio"), lambda row: voice.label(row["sample_ratio"]) if row["sample_ratio"] else fmt.NONE),
        figures(voice.say("pilot_contacts"), "contacts_per_1000", 1),
        figures(voice.say("pilot_complaints"), "complaints_per_1000", 1),
    ]  # fmt: skip
    with st.container(border=True, key="pilots"):
        section(view, "economics_pilots")
        table(view, "pilots", voice.say("economics_pilots"), columns, rows)
