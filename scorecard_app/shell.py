"""What surrounds every page: the sidebar with its choices, what kind of numbers these are, and the foot."""

from datetime import date
from html import escape
from pathlib import Path

import streamlit as st

from scorecard_app import cards
from scorecard_app import format as fmt
from scorecard_app.access import detour
from scorecard_app.access.roles import Viewer
from scorecard_app.access.sign_in import Closed, current_viewer, sign_out
from scorecard_app.cards import Row, Voice
from scorecard_app.choices import choose, keep, wanted
from scorecard_app.format import Language
from scorecard_app.gate import Scoped
from scorecard_app.published import Damaged, NothingPublished, resolve
from scorecard_app.texts import LANGUAGES, text
from scorecard_app.view import Moment

KINDS = ("month", "quarter", "year")
LOOK_AGAIN = "30s"
SCRIPT = Path(__file__).with_name("page.js").read_text(encoding="utf-8")


def pick_language(default: Language, in_sidebar: bool = True) -> Language:
    """The language switch, in the sidebar or where there is none; the choice is kept in the address as `lang`."""
    language: Language = "zh" if (wanted("lang", LANGUAGES) or default) == "zh" else "en"
    st.session_state["lang"] = language
    place = st.sidebar if in_sidebar else st.container(horizontal=True, horizontal_alignment="right")
    picked: Language | None = place.segmented_control(
        text("language", language),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key="lang",
        label_visibility="collapsed",
    )
    language = picked or language
    keep("lang", language)
    script = SCRIPT.replace("LANGUAGE", cards.tag(language))
    place.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
    return language


def pick_moment(data: Scoped, units: dict[str, Row], voice: Voice) -> Moment | None:
    """Unit and period, in the sidebar and in the address; None where the viewer has no period to see."""
    known = {kind: data.periods(kind) for kind in KINDS}
    kinds = [kind for kind in KINDS if known[kind]]
    if not units or not kinds:
        return None
    top = min(int(row["depth"]) for row in units.values())

    def unit_label(unit: str) -> str:
        return "\u2003" * (int(units[unit]["depth"]) - top) + voice.of(units[unit], "name")

    with st.sidebar:
        unit = choose("unit", list(units), next(iter(units)), unit_label, voice)
        kind = choose("period_kind", kinds, kinds[0], lambda kind: voice.say(f"kind_{kind}"), voice, segmented=True)
        periods = known[kind]

        def period_label(start: str) -> str:
            name = fmt.period(kind, date.fromisoformat(start), voice.language)
            return name if periods[date.fromisoformat(start)] else voice.say("open_period", period=name)

        newest = next((start for start, complete in periods.items() if complete), next(iter(periods)))
        starts = [start.isoformat() for start in periods]
        start = date.fromisoformat(choose("period", starts, newest.isoformat(), period_label, voice))
    return Moment(unit, kind, start, periods[start])


def explain(language: Language, title: str, body: str, icon: str, detail: str = "", command: str = "") -> None:
    """A whole page that says why there is nothing else on it, and what mends it."""
    st.html(cards.state(icon, text(title, language), body, detail, language))
    if command:
        _, middle, _ = st.columns([2, 3, 2])
        with middle:
            st.code(command, language="bash")


def door(closed: Closed) -> None:
    """Nobody is let in: why, and the way in where there is one."""
    language = pick_language("en", in_sidebar=False)
    detour.remember()
    explain(language, "closed_title", text(closed.why, language), "◎")
    if closed.may_sign_in:
        _, middle, _ = st.columns([2, 1, 2])
        with middle:
            if st.button(text("sign_in", language), type="primary", width="stretch"):
                st.login()
            if st.user.get("is_logged_in") and st.button(text("sign_out", language), width="stretch"):
                st.logout()


def account(root: Path, viewer: Viewer, voice: Voice) -> None:
    """Who is signed in, and the way out."""
    if viewer.is_local:
        return
    with st.sidebar:
        st.html(
            cards.html(
                f'<div class="muted lc-small">{escape(voice.say("signed_in_as", name=viewer.name))}</div>',
                voice.language,
            )
        )
        if st.button(voice.say("sign_out"), icon=":material/logout:", type="tertiary"):
            sign_out(root, viewer)


def announce(data: Scoped, voice: Voice, is_local: bool) -> None:
    """Say loudly what kind of numbers these are: seen without sign-in, a demo's, or newer than a moment ago."""
    about = data.about
    st.html(
        cards.html(
            f'<span class="lc-brand">{escape(about.company)} · {escape(voice.say("title"))}</span>', voice.language
        )
    )
    if is_local:
        st.html(cards.html(f'<div class="lc-demo">⌂ {escape(voice.say("local"))}</div>', voice.language))
    if about.demo:
        st.html(cards.html(f'<div class="lc-demo">⚑ {escape(voice.say("demo"))}</div>', voice.language))
    before = st.session_state.get("version")
    st.session_state["version"] = about.name
    if before not in (None, about.name):
        as_of = fmt.moment(about.as_of, about.timezone, voice.language)
        st.success(voice.say("renewed", as_of=as_of), icon=":material/update:")


@st.fragment(run_every=LOOK_AGAIN)
def watch(root: Path, version: str, viewer: Viewer, voice: Voice) -> None:
    """Look now and then, without redrawing the page, whether the session still holds and another version is served.

    A session that has ended takes what is on the screen with it.
    """
    if current_viewer(root, by_hand=False) != viewer:
        st.rerun(scope="app")
    try:
        newer = resolve(root).name != version
    except (NothingPublished, Damaged):
        newer = True
    if newer:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(voice.say("newer"))
            if st.button(voice.say("show_newer"), type="primary"):
                st.rerun(scope="app")


def foot(data: Scoped, voice: Voice, page: str) -> None:
    """Which numbers these are: their date, version, digest, and what they rest on; `page` marks what was drawn."""
    about, received = data.about, data.received()
    as_of = fmt.moment(about.as_of, about.timezone, voice.language)
    facts = [
        (voice.say("as_of"), f"{as_of} ({about.timezone})"),
        (voice.say("version"), about.name),
        (voice.say("digest"), about.digest[:12]),
    ]
    spans = "".join(f"<span>{escape(key)} <b>{escape(value)}</b></span>" for key, value in facts)
    rests = voice.say(
        "received",
        deliveries=fmt.number(received["deliveries"]),
        rows=fmt.number(received["received"]),
        refused=fmt.number(received["quarantined"]),
    )
    st.html(
        cards.html(f'<div class="lc-foot" data-page="{page}">{spans}<span>{escape(rests)}</span></div>', voice.language)
    )
