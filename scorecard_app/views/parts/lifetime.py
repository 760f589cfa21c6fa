"""How far lifetime value can be trusted: the model's parameters, its fit, and expected against actual in a hold-out."""

from html import escape

import streamlit as st

from scorecard_app import format as fmt
from scorecard_app.charts.calibration import calibration
from scorecard_app.queries import Row
from scorecard_app.reading import lifetime
from scorecard_app.view import View
from scorecard_app.views.parts.pictures import picture
from scorecard_app.views.parts.tables import Column, figures, table, words

DIGITS = 4


def lifetime_model(view: View) -> None:
    """The section; nothing for whoever doesn't see the whole company."""
    voice, found = view.voice, lifetime.model(view.data)
    if found is None:
        return
    with st.container(border=True, key="lifetime"):
        view.show(f"<h2>{escape(voice.say('lifetime_title'))}</h2>")
        if found["parameters"] is None:
            why = voice.say("lifetime_none", why=voice.label(found["status"]))
            view.show(f'<p class="muted">{escape(why)}</p>')
            return
        note = voice.say("lifetime_note", days=fmt.number(found["holdout_days"]))
        view.show(f'<p class="muted lc-small">{escape(note)}</p>{_facts(view, found)}')
        groups = lifetime.calibration(view.data)
        if groups:
            titles = {"expected_each": voice.say("lifetime_expected"), "actual_each": voice.say("lifetime_actual")}
            described = f"{voice.say('lifetime_title')}: {voice.say('lifetime_per_customer')}"
            picture(view, calibration(groups, titles, described, voice, view.look), is_told=True)
            table(view, "lifetime-calibration", voice.say("lifetime_title"), _columns(view), groups)


def _facts(view: View, found: Row) -> str:
    voice, language = view.voice, view.voice.language

    def of(actual: str, expected: str) -> tuple[str, str]:
        if not found[expected]:
            return fmt.NONE, ""
        share = fmt.number(100 * found[actual] / found[expected], 1)
        return f"{share}%", f"{fmt.number(found[actual])} / {fmt.number(found[expected], 1)}"

    def parameters(*names: str) -> str:
        return ", ".join(fmt.number(found[name], DIGITS) if found[name] is not None else fmt.NONE for name in names)

    def likelihood(name: str) -> str:
        return voice.say("lifetime_likelihood", value=fmt.number(found[name], 2))

    cells = [
        (voice.say("lifetime_holdout"), *of("holdout_actual", "holdout_expected")),
        (voice.say("lifetime_since"), *of("actual_since_fit", "expected_since_fit")),
        (voice.say("lifetime_correlation"), fmt.number(found["repeat_margin_correlation"], 3), voice.say("lifetime_correlation_note")),
        (voice.say("lifetime_purchases"), parameters("r", "alpha", "a", "b"), likelihood("log_likelihood")),
        (voice.say("lifetime_margins"), parameters("p", "q", "gamma"), likelihood("margin_log_likelihood")),
        (voice.say("lifetime_fitted"), fmt.day(found["fitted_before"], language), voice.say("lifetime_parameters", name=found["parameters"])),
        (voice.say("lifetime_basis"), voice.label(found["basis"]), ""),
    ]  # fmt: skip
    inner = "".join(
        f"<div><span>{escape(title)}</span><b>{escape(text)}</b><small>{escape(small)}</small></div>"
        for title, text, small in cells
    )
    return f'<div class="lc-facts">{inner}</div>'


def _columns(view: View) -> list[Column]:
    say = view.voice.say
    return [
        words(say("lifetime_repeats"), lambda row: row["label"]),
        figures(say("lifetime_customers"), "customers"),
        figures(say("lifetime_expected"), "expected", 1),
        figures(say("lifetime_actual"), "actual"),
        figures(f"{say('lifetime_expected')}: {say('lifetime_per_customer')}", "expected_each", 2),
        figures(f"{say('lifetime_actual')}: {say('lifetime_per_customer')}", "actual_each", 2),
    ]
